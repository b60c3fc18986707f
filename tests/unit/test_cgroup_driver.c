/*
 * test_cgroup_driver.c - real cgroups of this machine under a name of the test's own.
 *
 * Needs root and a writable cgroup hierarchy; is skipped elsewhere.  v2 is tested through the host's v2 tree, alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/words.h"
#include "cgroup/cgroup.h"
#include "plan/devices.h"

#define SKIPPED 77
#define DEPTH 300

static struct arena arena;
static struct host host;          /* this machine */
static struct host host_v1;       /* its v1 hierarchies alone */
static struct host host_v2;       /* its v2 tree alone */
static struct plan_cgroup plan;
static struct cgroup cgroup;
static struct err err;
static char name[64];

static void host_select(struct host *to, uint32_t version, enum host_cgroup_mode mode)
{
	*to = host;
	to->cgroup_mode = mode;
	to->hierarchy_count = 0;
	to->hierarchies = arena_alloc_array(&arena, host.hierarchy_count, sizeof(*to->hierarchies));
	for (size_t i = 0; i < host.hierarchy_count; i++)
		if (host.hierarchies[i].version == version)
			to->hierarchies[to->hierarchy_count++] = host.hierarchies[i];
}

static int set_up(void **state)
{
	(void)state;
	memset(&plan, 0, sizeof(plan));
	memset(&cgroup, 0, sizeof(cgroup));
	err = (struct err)ERR_INIT;
	plan.path = name;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	cgroup_kill_all(&cgroup, SIGKILL, &err);
	while (waitpid(-1, NULL, 0) > 0)
		;
	return cgroup_remove(&cgroup, 1000, &err);
}

static void assert_ok(int result)
{
	if (result < 0)
		fail_msg("%s: %s", err.text, strerror(err.errnum));
}

static int create_all(const struct host *on, struct cgroup *made)
{
	*made = (struct cgroup){ .manager = plan.manager };
	return cgroup_create(&arena, on, &plan, 0, made, &err);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* A child that sleeps until it is killed. */
static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	assert_true(pid > 0);
	return pid;
}

static int signal_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void write_text(const char *directory, const char *file, const char *text)
{
	char path[600];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static bool read_text(const char *directory, const char *file, char *text, size_t size)
{
	char path[600];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, text, size - 1);
	close(fd);
	assert_true(length >= 0);
	text[length] = '\0';
	return true;
}

static const struct cgroup_dir *freezer(void)
{
	for (size_t i = 0; i < cgroup.dir_count; i++)
		if (cgroup.dirs[i].version == 2 || strcmp(cgroup.dirs[i].controllers, "freezer") == 0)
			return &cgroup.dirs[i];
	return NULL;
}

static void test_life(void **state)
{
	struct plan_cgroup_write writes[] = { { "pids", "pids.max", "5", "linux.resources.pids.limit",
						WRITE_REQUIRED } };
	pid_t pid;

	(void)state;
	plan.writes = writes;
	for (size_t i = 0; i < host.hierarchy_count; i++)
		if (words_have(host.hierarchies[i].available, host.hierarchies[i].version == 2 ? ' ' : ',', "pids", 4))
			plan.write_count = 1;
	assert_ok(create_all(&host, &cgroup));
	assert_int_equal(cgroup.dir_count, host.hierarchy_count);
	assert_false(cgroup_is_populated(&cgroup));
	assert_false(cgroup_is_frozen(&cgroup));
	pid = sleeper();
	assert_ok(cgroup_join(&cgroup, pid, false, &err));
	assert_true(cgroup_is_populated(&cgroup));
	assert_int_equal(cgroup_remove(&cgroup, 0, &err), -1);
	assert_int_equal(err.errnum, EBUSY);
	assert_non_null(strstr(err.text, "which still holds PID"));
	assert_ok(cgroup_kill_all(&cgroup, SIGKILL, &err));
	assert_int_equal(signal_of(pid), SIGKILL);
	assert_ok(cgroup_remove(&cgroup, 1000, &err));
	for (size_t i = 0; i < cgroup.dir_count; i++)
		assert_false(exists(cgroup.dirs[i].path));
	/* Once more is fine. */
	assert_ok(cgroup_remove(&cgroup, 0, &err));
	assert_ok(cgroup_kill_all(&cgroup, SIGKILL, &err));
}

static void test_used_cgroup_is_refused(void **state)
{
	struct cgroup other;
	pid_t pid = sleeper();

	(void)state;
	assert_ok(create_all(&host, &cgroup));
	assert_ok(cgroup_join(&cgroup, pid, false, &err));
	assert_int_equal(create_all(&host, &other), -1);
	assert_int_equal(err.kind, ERR_STATE);
	assert_non_null(strstr(err.text, "container's cgroup is not empty: 1 process(es) found"));
	/* The undo of the second must not touch what belongs to the first. */
	assert_int_equal(other.dir_count, 0);
}

static void test_frozen_cgroup_is_refused(void **state)
{
	struct cgroup other;

	(void)state;
	assert_ok(create_all(&host_v1, &cgroup));
	if (freezer() == NULL)
		skip();
	write_text(freezer()->path, "freezer.state", "FROZEN");
	assert_true(cgroup_is_frozen(&cgroup));
	assert_int_equal(create_all(&host_v1, &other), -1);
	assert_non_null(strstr(err.text, "container's cgroup unexpectedly frozen"));
	assert_int_equal(other.dir_count, 0);
	write_text(freezer()->path, "freezer.state", "THAWED");
	assert_ok(create_all(&host_v1, &other));
	assert_false(other.dirs[0].is_made);
}

static void test_parents(void **state)
{
	struct cgroup second;
	char path[600];

	(void)state;
	plan.path = arena_printf(&arena, "%s/a/b", name);
	assert_ok(create_all(&host, &cgroup));
	assert_int_equal(cgroup.dirs[0].made_parents, 2);
	plan.path = arena_printf(&arena, "%s/a/c", name);
	assert_ok(create_all(&host, &second));
	assert_int_equal(second.dirs[0].made_parents, 0);
	assert_ok(cgroup_remove(&second, 0, &err));
	snprintf(path, sizeof(path), "%s/%s/a", host.hierarchies[0].mountpoint, name);
	assert_true(exists(path));
	assert_ok(cgroup_remove(&cgroup, 0, &err));
	assert_false(exists(path));
	snprintf(path, sizeof(path), "%s/%s", host.hierarchies[0].mountpoint, name);
	assert_false(exists(path));
}

/* One process in the cgroup and one in a cgroup below, with the freezer of the given host. */
static void kill_both(const struct host *on, int signal, bool is_paused)
{
	pid_t upper = sleeper(), lower = sleeper();
	char text[16], path[600];

	assert_ok(create_all(on, &cgroup));
	if (freezer() == NULL)
		skip();
	assert_ok(cgroup_join(&cgroup, upper, false, &err));
	assert_ok(cgroup_join(&cgroup, lower, false, &err));
	snprintf(path, sizeof(path), "%s/below", freezer()->path);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(text, sizeof(text), "%d", lower);
	write_text(path, "cgroup.procs", text);
	if (is_paused)
		write_text(freezer()->path, freezer()->version == 2 ? "cgroup.freeze" : "freezer.state",
			   freezer()->version == 2 ? "1" : "FROZEN");
	assert_ok(cgroup_kill_all(&cgroup, signal, &err));
	assert_int_equal(signal_of(upper), signal);
	assert_int_equal(signal_of(lower), signal);
	assert_ok(cgroup_remove(&cgroup, 1000, &err));
}

static void test_kill_v1(void **state)
{
	(void)state;
	if (host_v1.hierarchy_count == 0)
		skip();
	kill_both(&host_v1, SIGKILL, false);
	kill_both(&host_v1, SIGKILL, true);
	kill_both(&host_v1, SIGUSR1, false);
}

static void test_kill_v2(void **state)
{
	(void)state;
	if (host_v2.hierarchy_count == 0)
		skip();
	kill_both(&host_v2, SIGKILL, false);
	kill_both(&host_v2, SIGKILL, true);
	kill_both(&host_v2, SIGUSR1, false);
}

static void test_kill_hybrid_paused(void **state)
{
	pid_t pid = sleeper();

	(void)state;
	if (host.cgroup_mode != HOST_CGROUP_HYBRID)
		skip();
	assert_ok(create_all(&host, &cgroup));
	assert_ok(cgroup_join(&cgroup, pid, false, &err));
	for (size_t i = 0; i < cgroup.dir_count; i++)
		if (strcmp(cgroup.dirs[i].controllers, "freezer") == 0)
			write_text(cgroup.dirs[i].path, "freezer.state", "FROZEN");
	assert_ok(cgroup_kill_all(&cgroup, SIGKILL, &err));
	assert_int_equal(signal_of(pid), SIGKILL);
}

/* Deeper than there may be open files. */
static void test_remove_deep(void **state)
{
	int fd;

	(void)state;
	assert_ok(create_all(host_v2.hierarchy_count > 0 ? &host_v2 : &host_v1, &cgroup));
	fd = open(cgroup.dirs[0].path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (unsigned i = 0; i < DEPTH; i++) {
		int child;

		assert_int_equal(mkdirat(fd, "d", 0755), 0);
		assert_int_equal(mkdirat(fd, "e", 0755), 0);
		child = openat(fd, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = child;
	}
	close(fd);
	assert_ok(cgroup_remove(&cgroup, 0, &err));
	assert_false(exists(cgroup.dirs[0].path));
}

/* What a child in the cgroup gets when it opens a device: 0 or an errno. */
static int open_inside(const char *device)
{
	int go[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(pipe2(go, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		if (read(go[0], &byte, 1) != 1)
			_exit(EPIPE);
		_exit(open(device, O_RDWR | O_CLOEXEC) >= 0 ? 0 : errno);
	}
	assert_ok(cgroup_join(&cgroup, pid, false, &err));
	assert_int_equal(write(go[1], "x", 1), 1);
	close(go[0]);
	close(go[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_devices_v2(void **state)
{
	struct spec_device_rule_list none = { NULL, 0 };
	struct plan_device_rules rules;
	bool default_allow;

	(void)state;
	if (host_v2.hierarchy_count == 0 || !exists("/dev/kmsg"))
		skip();
	assert_ok(plan_devices_collect(&arena, &none, &rules, &default_allow, &err));
	plan.device_program = plan_devices_program(&arena, &rules, default_allow, &plan.device_program_size);
	assert_ok(create_all(&host_v2, &cgroup));
	assert_int_equal(open_inside("/dev/kmsg"), 0);
	if (cgroup_apply_devices(&cgroup, &plan, &err) < 0 && err.errnum == EPERM)
		skip();
	assert_int_equal(open_inside("/dev/kmsg"), EPERM);
	assert_int_equal(open_inside("/dev/null"), 0);
}

/* The second of two files is written only where the first isn't there. */
static void test_else(void **state)
{
	struct plan_cgroup_write writes[] = {
		{ "pids", "pids.none", "5", "a", WRITE_IF_THERE },
		{ "pids", "pids.max", "6", "b", WRITE_ELSE },
		{ "pids", "pids.max", "7", "c", WRITE_IF_THERE },
		{ "pids", "pids.none", "8", "d", WRITE_ELSE },
	};
	char text[32];
	bool is_there = false;

	(void)state;
	for (size_t i = 0; i < host.hierarchy_count; i++)
		is_there |= words_have(host.hierarchies[i].available, host.hierarchies[i].version == 2 ? ' ' : ',',
				       "pids", 4);
	if (!is_there)
		skip();
	plan.writes = writes;
	for (plan.write_count = 2; plan.write_count <= 4; plan.write_count += 2) {
		assert_ok(create_all(&host, &cgroup));
		for (size_t i = 0; i < cgroup.dir_count; i++)
			if (read_text(cgroup.dirs[i].path, "pids.max", text, sizeof(text)))
				assert_string_equal(text, plan.write_count == 2 ? "6\n" : "7\n");
		assert_ok(cgroup_remove(&cgroup, 1000, &err));
	}
	writes[1].file = "pids.no";
	plan.write_count = 2;
	assert_int_equal(create_all(&host, &cgroup), -1);
	assert_non_null(strstr(err.text, "b: write "));
	assert_ok(cgroup_remove(&cgroup, 1000, &err));
}

/* A hierarchy in which no directory can be made: sysfs stands in for one that isn't the user's. */
static void test_not_permitted(void **state)
{
	struct host_hierarchy row = { 1, "memory", "memory", "/sys", "/", "/" };
	struct plan_cgroup_write writes[] = { { "memory", "memory.limit_in_bytes", "1", "linux.resources.memory.limit",
						WRITE_REQUIRED } };
	struct host other = { HOST_ALL, .cgroup_mode = HOST_CGROUP_V1, .hierarchies = &row, .hierarchy_count = 1 };

	(void)state;
	assert_int_equal(create_all(&other, &cgroup), -1);
	assert_non_null(strstr(err.text, "mkdir /sys/"));
	other.euid = 1000;
	assert_ok(create_all(&other, &cgroup));
	assert_int_equal(cgroup.dir_count, 0);
	assert_ok(cgroup_join(&cgroup, getpid(), false, &err));
	plan.writes = writes;
	plan.write_count = 1;
	assert_int_equal(create_all(&other, &cgroup), -1);
	assert_int_equal(strncmp(err.text, "linux.resources.memory.limit: mkdir /sys/", 41), 0);
}

static void test_record(void **state)
{
	struct cgroup read;
	char *text;

	(void)state;
	assert_ok(create_all(&host, &cgroup));
	cgroup.dirs[0].made_parents = 3;
	text = cgroup_record(&arena, &cgroup);
	cgroup.dirs[0].made_parents = 0;
	assert_ok(cgroup_from_record(&arena, text, strlen(text), &read, &err));
	assert_int_equal(read.manager, cgroup.manager);
	assert_int_equal(read.dir_count, cgroup.dir_count);
	assert_int_equal(read.dirs[0].made_parents, 3);
	for (size_t i = 0; i < read.dir_count; i++) {
		assert_string_equal(read.dirs[i].path, cgroup.dirs[i].path);
		assert_string_equal(read.dirs[i].controllers, cgroup.dirs[i].controllers);
		assert_int_equal(read.dirs[i].version, cgroup.dirs[i].version);
	}
	assert_int_equal(cgroup_from_record(&arena, "{\"manager\":\"x\"}", 15, &read, &err), -1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

/* 0, or why the tests can't run here. */
static const char *missing(void)
{
	if (geteuid() != 0)
		return "needs root";
	if (host_probe(&arena, HOST_ALL, &host, &err) < 0)
		return err.text;
	if (host.hierarchy_count == 0 || host.is_in_user_ns)
		return "needs cgroups of its own";
	if (access(host.hierarchies[0].mountpoint, W_OK) != 0)
		return "needs writable cgroups";
	return NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life),
		TEST(test_used_cgroup_is_refused),
		TEST(test_frozen_cgroup_is_refused),
		TEST(test_parents),
		TEST(test_kill_v1),
		TEST(test_kill_v2),
		TEST(test_kill_hybrid_paused),
		TEST(test_remove_deep),
		TEST(test_devices_v2),
		TEST(test_else),
		TEST(test_not_permitted),
		TEST(test_record),
	};
	const char *why = missing();
	int result;

	if (why != NULL) {
		printf("skipped: %s\n", why);
		arena_free(&arena);
		return SKIPPED;
	}
	snprintf(name, sizeof(name), "runlet-test-%d", getpid());
	host_select(&host_v1, 1, HOST_CGROUP_V1);
	host_select(&host_v2, 2, HOST_CGROUP_V2);
	result = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return result;
}
