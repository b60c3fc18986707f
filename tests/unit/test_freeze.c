/*
 * test_freeze.c - freezing a folder that stands in for a cgroup: its files never change by themselves, as those of a
 * cgroup with a process that can't be stopped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup/cgroup.h"
#include "sys/process.h"

#define TIMEOUT_MS 30

static char top[64];
static char below[80];
static struct cgroup_dir dir;
static struct cgroup cgroup = { .dirs = &dir, .dir_count = 1 };
static struct err err;

static void write_text(const char *folder, const char *file, const char *text)
{
	char path[160];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	stream = fopen(path, "w");
	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	fclose(stream);
}

static void assert_text(const char *folder, const char *file, const char *wanted)
{
	char path[160], text[64] = "";
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	stream = fopen(path, "r");
	assert_non_null(stream);
	assert_true(fread(text, 1, sizeof(text) - 1, stream) < sizeof(text) - 1);
	fclose(stream);
	assert_string_equal(text, wanted);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(top, "/tmp/runlet-freeze.XXXXXX");
	if (!mkdtemp(top))
		return -1;
	snprintf(below, sizeof(below), "%s/c", top);
	dir = (struct cgroup_dir){ .controllers = "", .path = below, .version = 2 };
	err = (struct err)ERR_INIT;
	return mkdir(below, 0700);
}

static int tear_down(void **state)
{
	static const char *const files[] = { "cgroup.freeze", "cgroup.events", "cgroup.procs", "freezer.state",
					     "freezer.self_freezing" };
	char path[160];

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", below, files[i]);
		unlink(path);
		snprintf(path, sizeof(path), "%s/%s", top, files[i]);
		unlink(path);
	}
	return rmdir(below) == 0 ? rmdir(top) : -1;
}

static void test_freeze_times_out(void **state)
{
	uint64_t start_ns = sys_monotonic_ns();

	(void)state;
	write_text(below, "cgroup.freeze", "0");
	write_text(below, "cgroup.events", "populated 1\nfrozen 0\n");
	assert_int_equal(cgroup_freeze(&cgroup, TIMEOUT_MS, &err), -1);
	assert_int_equal(err.kind, ERR_TIMEOUT);
	assert_non_null(strstr(err.text, below));
	assert_true(sys_monotonic_ns() - start_ns >= TIMEOUT_MS * 1000000ull);
	/* Those that had stopped go on. */
	assert_text(below, "cgroup.freeze", "0");
}

static void test_thaw_times_out(void **state)
{
	(void)state;
	write_text(below, "cgroup.freeze", "1");
	write_text(below, "cgroup.events", "populated 1\nfrozen 1\n");
	assert_int_equal(cgroup_thaw(&cgroup, TIMEOUT_MS, &err), -1);
	assert_int_equal(err.kind, ERR_TIMEOUT);
	assert_text(below, "cgroup.freeze", "0");
}

static void test_thaw_names_what_is_frozen_above(void **state)
{
	(void)state;
	write_text(below, "cgroup.freeze", "1");
	write_text(below, "cgroup.events", "frozen 1\n");
	write_text(top, "cgroup.freeze", "1\n");
	assert_int_equal(cgroup_thaw(&cgroup, TIMEOUT_MS, &err), -1);
	assert_int_equal(err.kind, ERR_STATE);
	assert_non_null(strstr(err.text, "above it is frozen"));

	dir = (struct cgroup_dir){ .controllers = "cpu,freezer", .path = below, .version = 1 };
	write_text(top, "freezer.self_freezing", "1\n");
	write_text(below, "freezer.state", "FROZEN");
	/* The stand-in takes what is written: a real file would go on saying FROZEN. */
	assert_int_equal(cgroup_thaw(&cgroup, TIMEOUT_MS, &err), 0);
	assert_text(below, "freezer.state", "THAWED");
}

static void test_v1_is_chosen_before_v2(void **state)
{
	struct cgroup_dir dirs[] = {
		{ .controllers = "", .path = top, .version = 2 },
		{ .controllers = "memory", .path = "/nonexistent", .version = 1 },
		{ .controllers = "cpu,freezer", .path = below, .version = 1 },
	};
	struct cgroup hybrid = { .dirs = dirs, .dir_count = 3 };

	(void)state;
	write_text(below, "freezer.state", "THAWED");
	assert_int_equal(cgroup_freeze(&hybrid, TIMEOUT_MS, &err), 0);
	assert_text(below, "freezer.state", "FROZEN");
}

static void test_never_freezes_itself(void **state)
{
	char pid[32];

	(void)state;
	snprintf(pid, sizeof(pid), "1\n%d\n", getpid());
	write_text(below, "cgroup.freeze", "0");
	write_text(below, "cgroup.events", "frozen 1\n");
	write_text(below, "cgroup.procs", pid);
	assert_int_equal(cgroup_freeze(&cgroup, TIMEOUT_MS, &err), -1);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
	assert_text(below, "cgroup.freeze", "0");
}

static void test_no_freezer(void **state)
{
	const struct cgroup none = { .dirs = NULL, .dir_count = 0 };

	(void)state;
	assert_int_equal(cgroup_freeze(&none, TIMEOUT_MS, &err), -1);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
	dir = (struct cgroup_dir){ .controllers = "freezers", .path = below, .version = 1 };
	assert_int_equal(cgroup_thaw(&cgroup, TIMEOUT_MS, &err), -1);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
	dir.version = 2;
	assert_int_equal(cgroup_freeze(&cgroup, TIMEOUT_MS, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
}

static void test_list_pids(void **state)
{
	struct arena arena = ARENA_INIT;
	pid_t *pids;
	size_t count;

	(void)state;
	write_text(below, "cgroup.procs", "30\n4\n0\n30\n5\n");
	assert_int_equal(cgroup_list_pids(&arena, &cgroup, &pids, &count, &err), 0);
	assert_int_equal(count, 3);
	assert_int_equal(pids[0], 4);
	assert_int_equal(pids[1], 5);
	assert_int_equal(pids[2], 30);
	write_text(below, "cgroup.procs", "30\nx\n");
	assert_int_equal(cgroup_list_pids(&arena, &cgroup, &pids, &count, &err), -1);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_freeze_times_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_thaw_times_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_thaw_names_what_is_frozen_above, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_v1_is_chosen_before_v2, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_never_freezes_itself, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_freezer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_list_pids, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
