/*
 * fuzz_wire.c - messages as either process receives them, and the table of steps.
 *
 * Oracles: what is accepted can be sent on and is received as the same; its texts have an end and its fds are open and
 * close-on-exec; no fd is lost, whether a message is accepted or not; and the table lets nobody skip a step.
 */
#include "messages.h"

static void check_texts(const struct wire_message *message)
{
	if (message->header.type == WIRE_LOG)
		FUZZ_REQUIRE(memchr(message->body.log.text, '\0', sizeof(message->body.log.text)));
	if (message->header.type == WIRE_ERROR) {
		FUZZ_REQUIRE(memchr(message->body.error.origin, '\0', sizeof(message->body.error.origin)));
		FUZZ_REQUIRE(memchr(message->body.error.err.text, '\0', ERR_TEXT_SIZE));
	}
	if (message->header.type != WIRE_CGROUP)
		return;
	for (unsigned i = 0; i < message->body.cgroup.count; i++)
		FUZZ_REQUIRE(memchr(message->body.cgroup.names[i], '\0', WIRE_CGROUP_NAME_SIZE));
}

static void check_message(const struct wire_message *message)
{
	FUZZ_REQUIRE(message->header.type < WIRE_TYPE_COUNT);
	FUZZ_REQUIRE(message->header.length == messages_body_size(message->header.type));
	FUZZ_REQUIRE(message->fd_count <= WIRE_FDS_MAX);
	for (uint32_t i = 0; i < message->fd_count; i++)
		FUZZ_REQUIRE(fcntl(message->fds[i], F_GETFD) == FD_CLOEXEC);
	if (message->header.type == WIRE_SLOTS)
		FUZZ_REQUIRE(message->body.slots.count == message->fd_count);
	if (message->header.type == WIRE_CGROUP)
		FUZZ_REQUIRE(message->body.cgroup.count == message->fd_count);
	check_texts(message);
}

/* Sent on, it arrives as it was. */
static void check_again(const int pair[2], const struct wire_message *message)
{
	struct wire_message again;
	struct err err = ERR_INIT;

	FUZZ_REQUIRE(wire_send(pair[0], message, &err) == 0);
	FUZZ_REQUIRE(wire_receive(pair[1], &again, 0, &err) == 1);
	FUZZ_REQUIRE(again.header.type == message->header.type && again.fd_count == message->fd_count);
	FUZZ_REQUIRE(memcmp(&again.body, &message->body, message->header.length) == 0);
	wire_message_close(&again);
}

/* Nobody executes who has not been told to start, and a breach names both sides of it. */
static enum wire_state check_step(enum wire_state state, enum wire_side side, const struct wire_message *message)
{
	struct err err = ERR_INIT;
	uint32_t point = message->header.type == WIRE_AT ? message->body.at.point : WIRE_POINT_NONE;
	enum wire_state next = wire_step(state, side, message->header.type, point, &err);

	FUZZ_REQUIRE(next < WIRE_STATE_COUNT);
	if (next == WIRE_STATE_EXECING)
		FUZZ_REQUIRE(state == WIRE_STATE_STARTING || state == WIRE_STATE_EXECING);
	if (state == WIRE_STATE_FAILED)
		FUZZ_REQUIRE(next == WIRE_STATE_FAILED);
	if (next == WIRE_STATE_FAILED && message->header.type != WIRE_ERROR)
		FUZZ_REQUIRE(err.kind == ERR_PROTOCOL && strstr(err.text, wire_type_name(message->header.type)));
	return next;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { (const char *)data, size };
	uint8_t sides = fuzz_byte(&input);
	enum wire_state state = WIRE_STATE_SPAWNED;
	int next_fd = messages_next_fd();
	struct wire_message message;
	int pair[2], other[2], result;

	FUZZ_REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	FUZZ_REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, other) == 0);
	messages_send(pair[0], &input);
	do {
		struct err err = ERR_INIT;

		result = wire_receive(pair[1], &message, 0, &err);
		if (result < 0)
			FUZZ_REQUIRE(err.kind == ERR_PROTOCOL && message.fd_count == 0);
		if (result <= 0)
			continue;
		check_message(&message);
		check_again(other, &message);
		state = check_step(state, sides & 1 ? WIRE_INIT : sides & 2 ? WIRE_START : WIRE_RUNTIME, &message);
		sides = (uint8_t)(sides >> 1 | sides << 7);
		wire_message_close(&message);
		FUZZ_REQUIRE(message.fd_count == 0);
	} while (result != 0);
	close(pair[0]);
	close(pair[1]);
	close(other[0]);
	close(other[1]);
	FUZZ_REQUIRE(messages_next_fd() == next_fd);
	return 0;
}
