/*
 * test_host.c - facts about machines, from the texts that their /proc has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "host/host.h"
#include "host/parse.h"

static struct arena arena;

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct host parse(const char *mountinfo, const char *own)
{
	struct host host = { 0 };
	struct err err = ERR_INIT;

	if (host_parse_cgroups(&arena, arena_strdup(&arena, mountinfo), arena_strdup(&arena, own), &host, &err) < 0)
		fail_msg("%s (%d)", err.text, err.errnum);
	return host;
}

static void assert_row(const struct host *host, size_t index, uint32_t version, const char *controllers,
		       const char *mountpoint, const char *root, const char *own)
{
	const struct host_hierarchy *row = &host->hierarchies[index];

	assert_true(index < host->hierarchy_count);
	assert_int_equal(row->version, version);
	assert_string_equal(row->controllers, controllers);
	assert_string_equal(row->mountpoint, mountpoint);
	assert_string_equal(row->mount_root, root);
	assert_string_equal(row->own_path, own);
}

#define BEFORE \
	"22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n" \
	"23 22 0:21 / /sys rw,nosuid shared:2 - sysfs sysfs rw\n"
#define TMPFS "31 23 0:28 / /sys/fs/cgroup ro,nosuid shared:9 - tmpfs tmpfs rw,mode=755\n"

static void test_v1(void **state)
{
	struct host host = parse(BEFORE TMPFS
		"32 31 0:29 / /sys/fs/cgroup/systemd rw shared:10 - cgroup cgroup rw,xattr,name=systemd\n"
		"33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:11 - cgroup cgroup rw,cpu,cpuacct\n"
		"34 31 0:31 / /sys/fs/cgroup/cpuset rw shared:12 - cgroup cgroup rw,cpuset\n",
		"5:cpu,cpuacct:/user.slice\n4:cpuset:/\n1:name=systemd:/user.slice/a:b\n");

	(void)state;
	assert_int_equal(host.cgroup_mode, HOST_CGROUP_V1);
	assert_int_equal(host.hierarchy_count, 3);
	assert_row(&host, 0, 1, "name=systemd", "/sys/fs/cgroup/systemd", "/", "/user.slice/a:b");
	assert_row(&host, 1, 1, "cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", "/", "/user.slice");
	assert_row(&host, 2, 1, "cpuset", "/sys/fs/cgroup/cpuset", "/", "/");
	assert_string_equal(host.hierarchies[1].available, "cpu,cpuacct");
}

static void test_hybrid(void **state)
{
	struct host host = parse(BEFORE TMPFS
		"32 31 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate\n"
		"33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
		"7:memory:/a\n0::/b\n");

	(void)state;
	assert_int_equal(host.cgroup_mode, HOST_CGROUP_HYBRID);
	assert_row(&host, 0, 2, "", "/sys/fs/cgroup/unified", "/", "/b");
	assert_row(&host, 1, 1, "memory", "/sys/fs/cgroup/memory", "/", "/a");
}

static void test_v2(void **state)
{
	struct host host = parse(BEFORE "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n",
				 "0::/user.slice/user-0.slice/session-1.scope\n");

	(void)state;
	assert_int_equal(host.cgroup_mode, HOST_CGROUP_V2);
	assert_int_equal(host.hierarchy_count, 1);
	assert_row(&host, 0, 2, "", "/sys/fs/cgroup", "/", "/user.slice/user-0.slice/session-1.scope");
}

/* A container of another runtime without a cgroup namespace: a part of each tree is mounted. */
static void test_nested(void **state)
{
	struct host host = parse(BEFORE TMPFS
		"33 31 0:30 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
		"34 31 0:31 /docker/abc /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids\n",
		"8:pids:/docker/abc\n7:memory:/docker/abc\n3:rdma:/\n");

	(void)state;
	assert_int_equal(host.cgroup_mode, HOST_CGROUP_V1);
	assert_int_equal(host.hierarchy_count, 2);
	assert_row(&host, 0, 1, "memory", "/sys/fs/cgroup/memory", "/docker/abc", "/docker/abc");
}

static void test_hidden_and_repeated(void **state)
{
	/* A second mount elsewhere first, then one that is hidden by a tmpfs, then the usual one. */
	struct host host = parse(BEFORE
		"30 22 0:40 / /mnt/memory rw - cgroup cgroup rw,memory\n"
		"31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
		"32 31 0:29 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
		"33 32 0:40 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
		"34 22 0:40 / /other rw - cgroup cgroup rw,memory\n",
		"7:memory:/\n0::/\n");

	(void)state;
	assert_int_equal(host.cgroup_mode, HOST_CGROUP_V1);
	assert_int_equal(host.hierarchy_count, 1);
	assert_row(&host, 0, 1, "memory", "/sys/fs/cgroup/memory", "/", "/");
	/* The prefix of a name is not its parent. */
	host = parse(BEFORE
		"31 23 0:28 / /sys/fs/cgroup2 rw - cgroup2 cgroup2 rw\n"
		"32 31 0:29 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n", "0::/\n");
	assert_int_equal(host.cgroup_mode, HOST_CGROUP_V2);
}

static void test_none(void **state)
{
	struct host host = parse(BEFORE, "0::/\n");

	(void)state;
	assert_int_equal(host.cgroup_mode, HOST_CGROUP_NONE);
	assert_int_equal(host.hierarchy_count, 0);
}

static void test_broken(void **state)
{
	struct host host = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(host_parse_cgroups(&arena, arena_strdup(&arena, "nonsense\n"), arena_strdup(&arena, "0::/\n"),
					    &host, &err),
			 -1);
	assert_string_equal(err.text, "parse /proc/self/mountinfo");
	assert_int_equal(host_parse_cgroups(&arena, arena_strdup(&arena, BEFORE), arena_strdup(&arena, "nonsense\n"),
					    &host, &err),
			 -1);
	assert_string_equal(err.text, "parse /proc/self/cgroup");
}

static void test_user_namespace(void **state)
{
	(void)state;
	assert_false(host_parse_is_in_user_ns("         0          0 4294967295\n"));
	assert_true(host_parse_is_in_user_ns("         0       1000          1\n"));
	assert_true(host_parse_is_in_user_ns("         0          0       1000\n"));
	assert_true(host_parse_is_in_user_ns("         0     100000      65536\n         65536 0 1\n"));
	assert_true(host_parse_is_in_user_ns(""));
}

/* This machine, whatever it is: facts must be consistent, and nothing that wasn't asked for is there. */
static void test_probe(void **state)
{
	struct host host = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(host_probe(&arena, HOST_IDS, &host, &err), 0);
	assert_int_equal(host.facts, HOST_IDS);
	assert_null(host.hierarchies);
	assert_true(host.last_cap >= 36 && host.last_cap < 64);
	assert_int_equal(host_probe(&arena, HOST_ALL, &host, &err), 0);
	assert_int_equal(host.facts, HOST_ALL);
	for (size_t i = 0; i < host.hierarchy_count; i++) {
		assert_int_equal(host.hierarchies[i].mountpoint[0], '/');
		assert_int_equal(host.hierarchies[i].own_path[0], '/');
	}
}

static void test_user_name(void **state)
{
	char passwd[] = "root:x:0:0:root:/root:/bin/sh\n\nbroken\n:x:7:7::/:\na:x:1000:1:::\nb:x:1000:1:::";
	char copy[sizeof(passwd)];

	(void)state;
	memcpy(copy, passwd, sizeof(passwd));
	assert_string_equal(host_parse_user_name(&arena, copy, 1000), "a");
	memcpy(copy, passwd, sizeof(passwd));
	assert_string_equal(host_parse_user_name(&arena, copy, 0), "root");
	memcpy(copy, passwd, sizeof(passwd));
	assert_null(host_parse_user_name(&arena, copy, 7));
	assert_null(host_parse_user_name(&arena, (char[]){ "" }, 0));
}

/* By name and by number, in the order of the file; what is no range is passed over. */
static void test_subids(void **state)
{
	struct host_id_range_list list = { NULL, 0 };
	char text[] = "me:100000:65536\nmee:1:1\n# me:5:5\n1000:300000:10\nme:x:5\nme:5\nme::\nme:7:0\n"
		      "me:4294967295:1\nme:1:4294967295\nme:2:99999999999\nme:400000:1";

	(void)state;
	host_parse_subids(&arena, text, "me", 1000, &list);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.items[0].first, 100000);
	assert_int_equal(list.items[0].count, 65536);
	assert_int_equal(list.items[1].first, 300000);
	assert_int_equal(list.items[2].first, 400000);
	list.count = 0;
	host_parse_subids(&arena, (char[]){ "me:100000:65536\n1000:5:6\n" }, NULL, 1000, &list);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].count, 6);
}

static bool is_complete(const char *mountinfo, const char *own)
{
	struct host host = { .facts = 0 };
	struct err err = ERR_INIT;
	bool complete;

	assert_int_equal(host_parse_first_cgroups(&arena, arena_strdup(&arena, mountinfo), arena_strdup(&arena, own),
						  &host, &complete, &err), 0);
	return complete;
}

static void test_first_mounts(void **state)
{
	static const char memory[] = BEFORE "33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";

	(void)state;
	assert_true(is_complete(memory, "7:memory:/a\n"));
	assert_int_equal(parse(memory, "7:memory:/a\n").hierarchies[0].mount_id, 33);
	assert_false(is_complete(memory, "7:memory:/a\n0::/b\n"));
	assert_false(is_complete(memory, "7:memory:/a\n8:pids:/a\n"));
	/* Hidden by what has been read. */
	assert_false(is_complete(BEFORE "33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
				 "34 33 0:40 / /sys/fs/cgroup rw - tmpfs none rw\n", "7:memory:/a\n"));
}

static void test_owner_uid(void **state)
{
	(void)state;
	assert_int_equal(host_parse_owner_uid("         0       1000          1\n"), 1000);
	assert_int_equal(host_parse_owner_uid("1 100000 65536\n0 1000 1\n"), 1000);
	assert_int_equal(host_parse_owner_uid("5 100000 65536\n"), 0);
	assert_int_equal(host_parse_owner_uid("0 x 1\n"), 0);
	assert_int_equal(host_parse_owner_uid(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_user_name),
		cmocka_unit_test(test_subids),
		cmocka_unit_test_teardown(test_v1, tear_down),
		cmocka_unit_test_teardown(test_hybrid, tear_down),
		cmocka_unit_test_teardown(test_v2, tear_down),
		cmocka_unit_test_teardown(test_nested, tear_down),
		cmocka_unit_test_teardown(test_hidden_and_repeated, tear_down),
		cmocka_unit_test_teardown(test_first_mounts, tear_down),
		cmocka_unit_test_teardown(test_none, tear_down),
		cmocka_unit_test_teardown(test_broken, tear_down),
		cmocka_unit_test_teardown(test_user_namespace, tear_down),
		cmocka_unit_test(test_owner_uid),
		cmocka_unit_test_teardown(test_probe, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
