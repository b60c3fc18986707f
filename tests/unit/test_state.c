/*
 * test_state.c - the state as JSON: the file that runlet reads again, what `state` prints, what hooks get.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/state.h"

/* The decoder's strings are not const, as argv is not. */
#define TEXT(text) ((char[]){ text })

static char *hook_args[] = { TEXT("hook"), TEXT("x y"), NULL };
static struct spec_hook hook = {
	.path = TEXT("/bin/hook"),
	.args = { hook_args, 2 },
	.timeout_s = { true, 5 },
};
static struct str_pair annotations[] = { { TEXT("a.b"), TEXT("c \"quoted\"") } };
static struct state_mount mounts[] = { { 7 }, { 4000000000u } };

static const struct state example = {
	.oci_version = TEXT("1.3.0"),
	.id = TEXT("web"),
	.bundle = TEXT("/b"),
	.rootfs = TEXT("/b/rootfs"),
	.created = TEXT("2026-01-02T03:04:05.000000006Z"),
	.status = STATUS_CREATED,
	.pid = 4711,
	.pid_start_time = UINT64_MAX,
	.owner = 1000,
	.annotations = { annotations, 1 },
	.cgroup = TEXT("{\"dirs\":[]}"),
	.has_own_pid_ns = true,
	.kept_mounts = { mounts, 2 },
	.poststop = { &hook, 1 },
	.exit_status = { true, 137 },
	.listener_path = (char *)"/run/agent.sock",
	.listener_metadata = (char *)"a \"b\"",
	.exit_signal = { true, 9 },
	.oom_killed = { true, false },
};

static void test_file_round_trip(void **unused)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf json = BUF_INIT;
	struct state state = example, back;
	struct err err = ERR_INIT;

	(void)unused;
	state_emit_file(&state, &json);
	assert_int_equal(state_decode_file(&arena, "state.json", json.data, json.length, &back, &err), 0);
	assert_string_equal(back.oci_version, "1.3.0");
	assert_string_equal(back.id, "web");
	assert_string_equal(back.bundle, "/b");
	assert_string_equal(back.rootfs, "/b/rootfs");
	assert_string_equal(back.created, state.created);
	assert_int_equal(back.status, STATUS_CREATED);
	assert_int_equal(back.pid, 4711);
	assert_true(back.pid_start_time == UINT64_MAX);
	assert_int_equal(back.owner, 1000);
	assert_int_equal(back.annotations.count, 1);
	assert_string_equal(back.annotations.items[0].value, "c \"quoted\"");
	assert_string_equal(back.cgroup, "{\"dirs\":[]}");
	assert_true(back.has_own_pid_ns);
	assert_false(back.has_mount_ns);
	assert_int_equal(back.kept_mounts.count, 2);
	assert_int_equal(back.kept_mounts.items[1].id, 4000000000u);
	assert_int_equal(back.poststart.count, 0);
	assert_int_equal(back.poststop.count, 1);
	assert_string_equal(back.poststop.items[0].path, "/bin/hook");
	assert_string_equal(back.poststop.items[0].args.items[1], "x y");
	assert_null(back.poststop.items[0].args.items[2]);
	assert_int_equal(back.poststop.items[0].timeout_s.value, 5);
	assert_string_equal(back.listener_path, "/run/agent.sock");
	assert_string_equal(back.listener_metadata, "a \"b\"");
	assert_true(back.exit_status.is_set);
	assert_int_equal(back.exit_status.value, 137);
	assert_int_equal(back.exit_signal.value, 9);
	assert_true(back.oom_killed.is_set);
	assert_false(back.oom_killed.value);
}

static void test_broken_file(void **unused)
{
	static const char *const texts[] = { "", "{", "{}", "[]", "{\"id\":1}", "null" };
	struct err err = ERR_INIT;

	(void)unused;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		_cleanup_arena_ struct arena arena = ARENA_INIT;
		struct state state;

		assert_int_equal(state_decode_file(&arena, "state.json", texts[i], strlen(texts[i]), &state, &err), -1);
		assert_int_equal(err.kind, ERR_STATE);
		assert_non_null(strstr(err.text, "state.json"));
	}
}

/* runc's fields, in runc's order. */
static void test_public(void **unused)
{
	_cleanup_buf_ struct buf json = BUF_INIT;
	struct state state = example;

	(void)unused;
	state_emit_public(&state, STATUS_RUNNING, "root", &json);
	assert_string_equal(buf_str(&json), "{\n"
					    "\t\"ociVersion\": \"1.3.0\",\n"
					    "\t\"id\": \"web\",\n"
					    "\t\"pid\": 4711,\n"
					    "\t\"status\": \"running\",\n"
					    "\t\"bundle\": \"/b\",\n"
					    "\t\"rootfs\": \"/b/rootfs\",\n"
					    "\t\"created\": \"2026-01-02T03:04:05.000000006Z\",\n"
					    "\t\"annotations\": {\n"
					    "\t\t\"a.b\": \"c \\\"quoted\\\"\"\n"
					    "\t},\n"
					    "\t\"owner\": \"root\"\n"
					    "}\n");
}

static void test_public_stopped(void **unused)
{
	_cleanup_buf_ struct buf json = BUF_INIT;
	struct state state = example;

	(void)unused;
	state_emit_public(&state, STATUS_STOPPED, "root", &json);
	assert_non_null(strstr(buf_str(&json), "\"pid\": 0,"));
	assert_non_null(strstr(buf_str(&json), "\"exitStatus\": 137"));
	assert_non_null(strstr(buf_str(&json), "\"exitSignal\": 9"));
	assert_non_null(strstr(buf_str(&json), "\"oomKilled\": false"));
}

/* runtime-spec, runtime.md#state: pid is required in created and running only. */
static void test_hook_state(void **unused)
{
	_cleanup_buf_ struct buf json = BUF_INIT, stopped = BUF_INIT;
	struct state state = example;

	(void)unused;
	state_emit_hook(&state, STATUS_CREATING, &json);
	assert_string_equal(buf_str(&json), "{\"ociVersion\":\"1.3.0\",\"id\":\"web\","
					    "\"status\":\"creating\",\"pid\":4711,"
					    "\"bundle\":\"/b\",\"annotations\":{\"a.b\":\"c \\\"quoted\\\"\"}}");
	state_emit_hook(&state, STATUS_STOPPED, &stopped);
	assert_null(strstr(buf_str(&stopped), "pid"));
	assert_non_null(strstr(buf_str(&stopped), "\"status\":\"stopped\""));
}

static void test_timestamp(void **unused)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const char *text = state_timestamp(&arena);

	(void)unused;
	assert_int_equal(strlen(text), strlen("2026-01-02T03:04:05.000000006Z"));
	assert_int_equal(text[10], 'T');
	assert_int_equal(text[29], 'Z');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file_round_trip), cmocka_unit_test(test_broken_file),
		cmocka_unit_test(test_public),          cmocka_unit_test(test_public_stopped),
		cmocka_unit_test(test_hook_state),      cmocka_unit_test(test_timestamp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
