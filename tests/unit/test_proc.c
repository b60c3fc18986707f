/*
 * test_proc.c - the parsers of /proc texts, with the texts that have surprised other runtimes.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/file.h"
#include "sys/proc.h"

static void test_mountinfo(void **state)
{
	char text[] = "22 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw,discard\n"
	              "36 22 0:31 /a\\040b /mnt/tab\\011x\\134 rw,nosuid shared:5 master:2 - tmpfs none\\040x rw\n"
	              "37 22 0:32 / /e rw unbindable - tmpfs  rw";
	char *cursor = text;
	struct proc_mount mount;

	(void)state;
	assert_int_equal(proc_mount_next(&cursor, &mount), 1);
	assert_int_equal(mount.id, 22);
	assert_int_equal(mount.parent, 1);
	assert_false(mount.is_shared);
	assert_string_equal(mount.fs_type, "ext4");
	assert_string_equal(mount.super_options, "rw,discard");
	assert_int_equal(proc_mount_next(&cursor, &mount), 1);
	assert_string_equal(mount.root, "/a b");
	assert_string_equal(mount.mountpoint, "/mnt/tab\tx\\");
	assert_string_equal(mount.options, "rw,nosuid");
	assert_string_equal(mount.source, "none x");
	assert_true(mount.is_shared);
	assert_int_equal(proc_mount_next(&cursor, &mount), 1);
	assert_string_equal(mount.source, "");
	assert_string_equal(mount.super_options, "rw");
	assert_int_equal(proc_mount_next(&cursor, &mount), 0);
}

static void expect_bad_mount(const char *line)
{
	char text[128];
	char *cursor = text;
	struct proc_mount mount;

	snprintf(text, sizeof(text), "%s", line);
	assert_int_equal(proc_mount_next(&cursor, &mount), -EINVAL);
}

static void test_bad_mountinfo(void **state)
{
	(void)state;
	expect_bad_mount("\n");
	expect_bad_mount("22");
	expect_bad_mount("22 1 254:1 / / rw");
	expect_bad_mount("22 1 254:1 / / rw shared:1");
	expect_bad_mount("22 1 254:1 / / rw - ext4 x");
	expect_bad_mount("x 1 254:1 / / rw - ext4 x rw");
}

static void test_own_mountinfo(void **state)
{
	static char text[1 << 20];
	char *cursor = text;
	struct proc_mount mount;
	int result;

	(void)state;
	assert_int_equal(sys_file_read_at(-1, "/proc/self/mountinfo", text, sizeof(text), NULL), 0);
	while ((result = proc_mount_next(&cursor, &mount)) == 1)
		assert_int_equal(mount.mountpoint[0], '/');
	assert_int_equal(result, 0);
}

static void test_cgroup(void **state)
{
	char text[] = "4:cpu,cpuacct:/a:b\n1:name=systemd:/\n0::/user.slice\n";
	char broken[] = "0::\n";
	char *cursor = text;
	struct proc_cgroup cgroup;

	(void)state;
	assert_int_equal(proc_cgroup_next(&cursor, &cgroup), 1);
	assert_int_equal(cgroup.hierarchy, 4);
	assert_string_equal(cgroup.controllers, "cpu,cpuacct");
	assert_string_equal(cgroup.path, "/a:b");
	assert_int_equal(proc_cgroup_next(&cursor, &cgroup), 1);
	assert_string_equal(cgroup.controllers, "name=systemd");
	assert_int_equal(proc_cgroup_next(&cursor, &cgroup), 1);
	assert_int_equal(cgroup.hierarchy, 0);
	assert_string_equal(cgroup.controllers, "");
	assert_string_equal(cgroup.path, "/user.slice");
	assert_int_equal(proc_cgroup_next(&cursor, &cgroup), 0);
	cursor = broken;
	assert_int_equal(proc_cgroup_next(&cursor, &cgroup), -EINVAL);
}

static void test_status(void **state)
{
	const char *text = "Name:\tinit\nNSpid:\t12\t1\nGroups:\t \nLast:\tx";
	size_t length;

	(void)state;
	assert_memory_equal(proc_status_field(text, "NSpid", &length), "12\t1", 4);
	assert_int_equal(length, 4);
	assert_non_null(proc_status_field(text, "Groups", &length));
	assert_int_equal(length, 0);
	assert_non_null(proc_status_field(text, "Last", &length));
	assert_int_equal(length, 1);
	assert_null(proc_status_field(text, "pid", &length));
	assert_null(proc_status_field("", "pid", &length));
}

static void test_stat(void **state)
{
	struct proc_stat status;
	char text[1024];

	(void)state;
	assert_int_equal(proc_stat_parse("7 (a) R 1 (b) S 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24",
	                                 &status), 0);
	assert_int_equal(status.state, 'S');
	assert_int_equal(status.parent, 3);
	assert_int_equal(status.start_time, 21);
	assert_int_equal(status.exit_code, -1);
	assert_int_equal(proc_stat_parse("7 (a) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 "
	                                 "26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 1792\n",
	                                 &status), 0);
	assert_int_equal(status.exit_code, 1792);
	assert_int_equal(proc_stat_parse("7 (a) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 "
	                                 "26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 x\n",
	                                 &status), 0);
	assert_int_equal(status.exit_code, -1);
	assert_int_equal(proc_stat_parse("7 (a", &status), -EINVAL);
	assert_int_equal(proc_stat_parse("7 (a)", &status), -EINVAL);
	assert_int_equal(proc_stat_parse("7 (a) S 3 4 5", &status), -EINVAL);
	assert_int_equal(proc_stat_parse("", &status), -EINVAL);
	assert_int_equal(sys_file_read_at(-1, "/proc/self/stat", text, sizeof(text), NULL), 0);
	assert_int_equal(proc_stat_parse(text, &status), 0);
	assert_int_equal(status.parent, getppid());
}

static void test_file_limits(void **state)
{
	char text[4];

	(void)state;
	assert_int_equal(sys_file_read_at(-1, "/proc/self/stat", text, sizeof(text), NULL), -EFBIG);
	assert_int_equal(sys_file_read_at(-1, "/proc/self/none", text, sizeof(text), NULL), -ENOENT);
	assert_int_equal(sys_file_write_at(-1, "/proc/self/none", "x", 1), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mountinfo),
		cmocka_unit_test(test_bad_mountinfo),
		cmocka_unit_test(test_own_mountinfo),
		cmocka_unit_test(test_cgroup),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_stat),
		cmocka_unit_test(test_file_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
