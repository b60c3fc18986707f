/*
 * fuzz_talk.c - what the runtime may say, as init takes it: the slots' fds, and the answers at each meeting.
 *
 * Oracles: an fd lands in a slot of the plan or is closed, and is close-on-exec there; the state of the talk is that of
 * the table; no fd is lost.
 */
#include "messages.h"
#include "ops/talk.h"

#define SLOT_COUNT (SLOT_DYNAMIC + 3)

static int count_slots(const struct init_context *context)
{
	int count = 0;

	for (uint32_t slot = 0; slot < PLAN_SLOT_MAX; slot++) {
		int fd = op_slot(context, slot);

		FUZZ_REQUIRE(fd < 0 || (slot > SLOT_NONE && slot < SLOT_COUNT && fcntl(fd, F_GETFD) == FD_CLOEXEC));
		count += fd >= 0;
	}
	return count;
}

/* The meetings of a plan, in their order. */
static int meet(struct init_context *context)
{
	static const enum plan_sync_point points[] = { SYNC_CGROUP, SYNC_HOOKS, SYNC_READY, SYNC_STARTING };
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		struct plan_op op = { .kind = OP_SYNC, .u.sync.point = points[i] };

		/* Where the runtime doesn't start the container at once, a socket that accepts comes in this slot. */
		if (points[i] == SYNC_READY && op_slot(context, SLOT_START) >= 0)
			op_slot_fill(context, SLOT_START, -1);
		if (op_run_sync(context, &op, &err) < 0) {
			FUZZ_REQUIRE(err.kind != ERR_NONE && err.text[0] != '\0');
			return -1;
		}
		(void)count_slots(context);
	}
	FUZZ_REQUIRE(context->wire_state == WIRE_STATE_STARTING);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plan_op ops[1] = { { .kind = OP_EXEC } };
	static struct plan_image image = { .op_count = 1, .slot_count = SLOT_COUNT };
	struct plan_view view = { .image = &image, .ops = ops, .pool = "" };
	struct fuzz_input input = { (const char *)data, size };
	static struct init_context context;
	struct err err = ERR_INIT;
	int next_fd, pair[2];

	(void)messages_null_fd();
	next_fd = messages_next_fd();
	FUZZ_REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
	messages_send(pair[0], &input);
	memset(&context, 0, sizeof(context));
	memset(context.slots, 0xff, sizeof(context.slots));
	context.view = &view;
	context.socket = pair[1];
	context.state_fd = -1;
	context.wire_state = WIRE_STATE_LOADING;
	if (talk_load_slots(&context, &err) == 0) {
		FUZZ_REQUIRE(context.wire_state == WIRE_STATE_RUNNING);
		(void)count_slots(&context);
		(void)meet(&context);
	} else {
		FUZZ_REQUIRE(err.kind != ERR_NONE && err.text[0] != '\0');
	}
	for (uint32_t slot = SLOT_NONE + 1; slot < SLOT_COUNT; slot++)
		op_slot_fill(&context, slot, -1);
	fd_close(&context.state_fd);
	fd_close(&context.socket);
	close(pair[0]);
	FUZZ_REQUIRE(count_slots(&context) == 0);
	FUZZ_REQUIRE(messages_next_fd() == next_fd);
	return 0;
}
