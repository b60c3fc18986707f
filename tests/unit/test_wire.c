/*
 * test_wire.c - messages cross a socket whole, strange ones are refused, and the protocol's table is right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "wire/wire.h"

struct pair { int fds[2]; };

static struct pair make_pair(void)
{
	struct pair pair;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.fds), 0);
	return pair;
}

static void close_pair(struct pair *pair)
{
	close(pair->fds[0]);
	close(pair->fds[1]);
}

static void test_round_trip(void **state)
{
	struct pair pair = make_pair();
	struct wire_message out = { .header = { WIRE_ERROR, sizeof(out.body.error) } };
	struct wire_message in;
	struct err err = ERR_INIT;

	(void)state;
	out.body.error.op_index = 3;
	err_set(&out.body.error.err, ERR_HOOK, "hook %s", "/x");
	assert_int_equal(wire_send(pair.fds[0], &out, &err), 0);
	assert_int_equal(wire_receive(pair.fds[1], &in, 1000, &err), 1);
	assert_int_equal(in.header.type, WIRE_ERROR);
	assert_int_equal(in.body.error.op_index, 3);
	assert_int_equal(in.body.error.err.kind, ERR_HOOK);
	assert_string_equal(in.body.error.err.text, "hook /x");
	assert_int_equal(in.fd_count, 0);
	close_pair(&pair);
}

static void test_fds(void **state)
{
	struct pair pair = make_pair();
	struct wire_message out = { .header = { WIRE_SLOTS, sizeof(out.body.slots) } };
	struct wire_message in;
	struct err err = ERR_INIT;

	(void)state;
	out.fd_count = WIRE_FDS_MAX;
	out.body.slots.count = WIRE_FDS_MAX;
	for (uint32_t i = 0; i < WIRE_FDS_MAX; i++) {
		out.fds[i] = pair.fds[0];
		out.body.slots.slots[i] = i + 1;
	}
	assert_int_equal(wire_send(pair.fds[0], &out, &err), 0);
	assert_int_equal(wire_receive(pair.fds[1], &in, 1000, &err), 1);
	assert_int_equal(in.fd_count, WIRE_FDS_MAX);
	assert_int_equal(in.body.slots.slots[63], 64);
	for (uint32_t i = 0; i < in.fd_count; i++)
		assert_int_equal(fcntl(in.fds[i], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	wire_message_close(&in);
	assert_int_equal(in.fd_count, 0);
	close_pair(&pair);
}

/* The count and the names come from outside: neither may lead beyond what was sent. */
static void test_cgroups(void **state)
{
	struct pair pair = make_pair();
	struct wire_message out = { .header = { WIRE_CGROUP, sizeof(out.body.cgroup) } };
	struct wire_message in;
	struct err err = ERR_INIT;

	(void)state;
	memset(out.body.cgroup.names, 'x', sizeof(out.body.cgroup.names));
	out.body.cgroup.count = out.fd_count = 1;
	out.fds[0] = pair.fds[0];
	assert_int_equal(wire_send(pair.fds[0], &out, &err), 0);
	assert_int_equal(wire_receive(pair.fds[1], &in, 1000, &err), 1);
	assert_int_equal(in.fd_count, 1);
	assert_int_equal(strlen(in.body.cgroup.names[0]), WIRE_CGROUP_NAME_SIZE - 1);
	wire_message_close(&in);
	out.body.cgroup.count = 2;
	assert_int_equal(wire_send(pair.fds[0], &out, &err), 0);
	assert_int_equal(wire_receive(pair.fds[1], &in, 1000, &err), -1);
	assert_int_equal(err.kind, ERR_PROTOCOL);
	close_pair(&pair);
}

static void test_refused_to_send(void **state)
{
	struct pair pair = make_pair();
	struct wire_message out = { .header = { WIRE_GO, 4 } };
	struct err err = ERR_INIT;
	int fds[2] = { pair.fds[0], pair.fds[1] };

	(void)state;
	assert_int_equal(wire_send(pair.fds[0], &out, &err), -1);
	assert_int_equal(err.kind, ERR_BUG);
	assert_int_equal(wire_send_simple(pair.fds[0], WIRE_CONTINUE, fds, 2, &err), -1);
	assert_int_equal(wire_send_simple(pair.fds[0], WIRE_SLOTS, fds, WIRE_FDS_MAX + 1, &err), -1);
	close_pair(&pair);
	assert_int_equal(wire_send_simple(-1, WIRE_GO, NULL, 0, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text, "sendmsg WIRE_GO");
}

static void expect_garbage_refused(const void *data, size_t size)
{
	struct pair pair = make_pair();
	struct wire_message in;
	struct err err = ERR_INIT;

	assert_int_equal(write(pair.fds[0], data, size), (ssize_t)size);
	assert_int_equal(wire_receive(pair.fds[1], &in, 1000, &err), -1);
	assert_int_equal(err.kind, ERR_PROTOCOL);
	assert_int_equal(in.fd_count, 0);
	close_pair(&pair);
}

static void test_garbage(void **state)
{
	const struct wire_header unknown = { WIRE_TYPE_COUNT, 0 };
	const struct wire_header without_body = { WIRE_AT, 0 };
	const struct wire_header lying = { WIRE_GO, 8 };
	const struct wire_header body_missing = { WIRE_AT, sizeof(struct wire_at) };
	char longer[8192] = { WIRE_GO };

	(void)state;
	expect_garbage_refused("x", 1);
	expect_garbage_refused(&unknown, sizeof(unknown));
	expect_garbage_refused(&without_body, sizeof(without_body));
	expect_garbage_refused(&lying, sizeof(lying));
	expect_garbage_refused(&body_missing, sizeof(body_missing));
	expect_garbage_refused(longer, sizeof(longer));
}

/* A text that nobody terminated must not be read beyond its end. */
static void test_unterminated_text(void **state)
{
	struct pair pair = make_pair();
	struct wire_message out = { .header = { WIRE_LOG, sizeof(out.body.log) } };
	struct wire_message in;
	struct err err = ERR_INIT;

	(void)state;
	memset(out.body.log.text, 'x', sizeof(out.body.log.text));
	assert_int_equal(wire_send(pair.fds[0], &out, &err), 0);
	assert_int_equal(wire_receive(pair.fds[1], &in, 1000, &err), 1);
	assert_int_equal(strlen(in.body.log.text), sizeof(in.body.log.text) - 1);
	close_pair(&pair);
}

static void test_eof_and_timeout(void **state)
{
	struct pair pair = make_pair();
	struct wire_message in;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(wire_receive(pair.fds[1], &in, 1, &err), -1);
	assert_int_equal(err.kind, ERR_TIMEOUT);
	close(pair.fds[0]);
	assert_int_equal(wire_receive(pair.fds[1], &in, 1000, &err), 0);
	close(pair.fds[1]);
}

struct said { enum wire_side side; uint32_t type; uint32_t point; };

static enum wire_state follow(const struct said *said, size_t count)
{
	enum wire_state state = WIRE_STATE_SPAWNED;
	struct err err = ERR_INIT;

	for (size_t i = 0; i < count; i++) {
		state = wire_step(state, said[i].side, said[i].type, said[i].point, &err);
		if (state == WIRE_STATE_FAILED)
			fail_msg("step %zu: %s", i, err.text);
	}
	return state;
}

/* A peer that dies with unread messages resets the connection (unix(7)); what it said before must not be lost. */
static void test_last_words(void **state)
{
	(void)state;
	struct pair pair = make_pair();
	struct wire_message message = { .header = { WIRE_ERROR, sizeof(message.body.error) } };
	struct err err = ERR_INIT;

	err_set(&message.body.error.err, ERR_SYSTEM, "execveat the init program");
	assert_int_equal(wire_send_simple(pair.fds[0], WIRE_GO, NULL, 0, &err), 0);
	assert_int_equal(wire_send(pair.fds[1], &message, &err), 0);
	close(pair.fds[1]);
	memset(&message, 0, sizeof(message));
	assert_int_equal(wire_receive(pair.fds[0], &message, -1, &err), 1);
	assert_int_equal(message.header.type, WIRE_ERROR);
	assert_string_equal(message.body.error.err.text, "execveat the init program");
	assert_int_equal(wire_receive(pair.fds[0], &message, -1, &err), 0);
	close(pair.fds[0]);
}

static void test_steps_of_create(void **state)
{
	const struct said said[] = {
		{ WIRE_INIT, WIRE_NEED_MAP, WIRE_POINT_NONE },
		{ WIRE_RUNTIME, WIRE_MAPPED, WIRE_POINT_NONE },
		{ WIRE_RUNTIME, WIRE_SLOTS, WIRE_POINT_NONE },
		{ WIRE_RUNTIME, WIRE_SLOTS, WIRE_POINT_NONE },
		{ WIRE_RUNTIME, WIRE_TRACE, WIRE_POINT_NONE },
		{ WIRE_RUNTIME, WIRE_GO, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_AT, WIRE_POINT_CGROUP },
		{ WIRE_RUNTIME, WIRE_CGROUP, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_AT, WIRE_POINT_HOOKS },
		{ WIRE_INIT, WIRE_LOG, WIRE_POINT_NONE },
		{ WIRE_RUNTIME, WIRE_CONTINUE, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_CONSOLE, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_PATH, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_AT, WIRE_POINT_READY },
		{ WIRE_START, WIRE_TRACE, WIRE_POINT_NONE },
		{ WIRE_START, WIRE_GO, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_EXECING, WIRE_POINT_NONE },
	};

	(void)state;
	assert_int_equal(follow(said, sizeof(said) / sizeof(said[0])), WIRE_STATE_EXECING);
}

static void test_steps_of_run(void **state)
{
	const struct said said[] = {
		{ WIRE_RUNTIME, WIRE_GO, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_AT, WIRE_POINT_HOOKS },
		{ WIRE_RUNTIME, WIRE_CGROUP, WIRE_POINT_NONE },
		{ WIRE_RUNTIME, WIRE_CONTINUE, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_AT, WIRE_POINT_READY },
		{ WIRE_RUNTIME, WIRE_CONTINUE, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_EXECING, WIRE_POINT_NONE },
	};

	(void)state;
	assert_int_equal(follow(said, sizeof(said) / sizeof(said[0])), WIRE_STATE_EXECING);
}

static void test_steps_of_run_that_goes_on(void **state)
{
	const struct said said[] = {
		{ WIRE_RUNTIME, WIRE_GO, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_AT, WIRE_POINT_HOOKS },
		{ WIRE_RUNTIME, WIRE_CONTINUE, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_AT, WIRE_POINT_STARTING },
		{ WIRE_INIT, WIRE_EXECING, WIRE_POINT_NONE },
	};

	(void)state;
	assert_int_equal(follow(said, sizeof(said) / sizeof(said[0])), WIRE_STATE_EXECING);
}

static void test_steps_with_a_listener(void **state)
{
	const struct said said[] = {
		{ WIRE_RUNTIME, WIRE_GO, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_AT, WIRE_POINT_HOOKS },
		{ WIRE_RUNTIME, WIRE_CONTINUE, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_AT, WIRE_POINT_READY },
		{ WIRE_START, WIRE_GO, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_SECCOMP_FD, WIRE_POINT_NONE },
		{ WIRE_INIT, WIRE_EXECING, WIRE_POINT_NONE },
	};
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(follow(said, sizeof(said) / sizeof(said[0])), WIRE_STATE_EXECING);
	/* Not before the filter can have been loaded, and not after it is said that all is done. */
	for (enum wire_state at = 0; at < WIRE_STATE_COUNT; at++) {
		enum wire_state next = wire_step(at, WIRE_INIT, WIRE_SECCOMP_FD, WIRE_POINT_NONE, &err);

		assert_int_equal(next, at == WIRE_STATE_STARTING ? WIRE_STATE_STARTING : WIRE_STATE_FAILED);
	}
}

static void test_steps_refused(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(wire_step(WIRE_STATE_RUNNING, WIRE_INIT, WIRE_EXECING, WIRE_POINT_NONE, &err),
	                 WIRE_STATE_FAILED);
	assert_string_equal(err.text, "init said EXECING in state running; expected: AT AT CONSOLE PATH AT AT");
	assert_int_equal(wire_step(WIRE_STATE_READY, WIRE_INIT, WIRE_CONTINUE, WIRE_POINT_NONE, &err),
	                 WIRE_STATE_FAILED);
	assert_int_equal(wire_step(WIRE_STATE_RUNNING, WIRE_RUNTIME, WIRE_LOG, WIRE_POINT_NONE, &err),
	                 WIRE_STATE_FAILED);
	assert_int_equal(wire_step(WIRE_STATE_READY, WIRE_RUNTIME, WIRE_CGROUP, WIRE_POINT_NONE, &err),
	                 WIRE_STATE_FAILED);
	assert_int_equal(wire_step(WIRE_STATE_FAILED, WIRE_INIT, WIRE_LOG, WIRE_POINT_NONE, &err), WIRE_STATE_FAILED);
	assert_int_equal(wire_step(WIRE_STATE_EXECING, WIRE_RUNTIME, WIRE_GO, WIRE_POINT_NONE, &err),
	                 WIRE_STATE_FAILED);
	assert_string_equal(err.text, "the runtime said GO in state execing; expected: nothing");
	assert_int_equal(wire_step(WIRE_STATE_RUNNING, WIRE_INIT, WIRE_AT, 99, &err), WIRE_STATE_FAILED);
	assert_int_equal(wire_step(WIRE_STATE_RUNNING, WIRE_INIT, UINT32_MAX, 0, &err), WIRE_STATE_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_fds),
		cmocka_unit_test(test_cgroups),
		cmocka_unit_test(test_refused_to_send),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_unterminated_text),
		cmocka_unit_test(test_eof_and_timeout),
		cmocka_unit_test(test_last_words),
		cmocka_unit_test(test_steps_of_create),
		cmocka_unit_test(test_steps_of_run),
		cmocka_unit_test(test_steps_of_run_that_goes_on),
		cmocka_unit_test(test_steps_with_a_listener),
		cmocka_unit_test(test_steps_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
