/*
 * ops/sync.c - OP_SYNC: tells the runtime that a point is reached and waits for its answer.
 *
 * Init process only.
 */
#include "ops/op.h"

#include <linux/close_range.h>

#include "base/fd.h"
#include "ops/retire.h"
#include "ops/talk.h"
#include "ops/trace.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/socket.h"

/* How long init pauses where a connection of `start` can't be taken for a lack of memory or descriptors. */
#define SHORTAGE_PAUSE_MS 10

#define SAME(point, wire_point) ((int)(point) == (int)(wire_point))
_Static_assert(SAME(SYNC_CGROUP, WIRE_POINT_CGROUP) && SAME(SYNC_HOOKS, WIRE_POINT_HOOKS) &&
                       SAME(SYNC_READY, WIRE_POINT_READY) && SAME(SYNC_STARTING, WIRE_POINT_STARTING) &&
                       SAME(SYNC_POINT_COUNT, WIRE_POINT_NONE),
               "plan/op.h and wire/wire.h number the points differently");

/*
 * "0" in `tasks` is the one way into a v1 cgroup for which the kernel doesn't stop all forks of the machine: a thread
 * that moves itself alone can neither exit nor exec meanwhile.  A move by anybody else, or by cgroup.procs, waits for
 * an RCU grace period, 7 to 20 ms on an idle machine.  Whether it may is judged by who opened the file: the runtime.
 */
static int enter_cgroups(struct wire_message *message, struct err *err)
{
	for (uint32_t i = 0; i < message->fd_count; i++) {
		ssize_t written = sys_write(message->fds[i], "0", 1);

		if (written < 0)
			return err_sys(err, (int)written, "enter the container's cgroup of %s: write 0 to its tasks",
			               message->body.cgroup.names[i]);
		op_fd_retire(&message->fds[i]);
	}
	op_fds_flush();
	return 0;
}

/* Keeps the state JSON that an answer may carry. */
static void take_state(struct init_context *context, struct wire_message *message)
{
	if (message->fd_count > 0) {
		fd_close(&context->state_fd);
		context->state_fd = fd_take(&message->fds[0]);
	}
	wire_message_close(message);
}

/*
 * Labels are written through procfs, and where close_range(2) is missing the list of open fds comes from there.  The
 * range that is tried here holds no fd.
 */
static bool is_proc_needed(const struct init_context *context)
{
	const struct plan_view *view = context->view;

	for (uint32_t i = context->op_index; i < view->image->op_count; i++) {
		if (view->ops[i].kind == OP_LABEL)
			return true;
	}
	return sys_close_range(~0u, ~0u, CLOSE_RANGE_CLOEXEC) < 0;
}

/* Files that a startContainer hook appends to. */
static bool is_hook_output(const struct init_context *context, uint32_t slot)
{
	const struct plan_view *view = context->view;

	for (uint32_t i = context->op_index; i < view->image->op_count; i++) {
		const struct plan_op *op = &view->ops[i];

		if (op->kind == OP_HOOK && (op->u.hook.stdout_slot == slot || op->u.hook.stderr_slot == slot))
			return true;
	}
	return false;
}

/*
 * What waits for start holds no door to the host (CVE-2016-9962): only what the last ops use stays open.  The procfs
 * is most often the host's, and a neighbour in a shared pid namespace may be allowed to look at our fds.
 */
static void close_slots(struct init_context *context)
{
	bool keeps_proc = is_proc_needed(context);

	for (uint32_t slot = SLOT_NONE + 1; slot < context->view->image->slot_count; slot++) {
		if (slot != SLOT_START && (slot != SLOT_PROC || !keeps_proc) && op_slot(context, slot) >= 0 &&
		    !is_hook_output(context, slot))
			op_fd_retire(&context->slots[slot]);
	}
}

static void refuse_start(const struct init_context *context, const struct err *err)
{
	struct wire_message message = {
		.header = { WIRE_ERROR, sizeof(message.body.error) },
		.body.error = { .op_index = UINT32_MAX, .err = *err },
	};
	struct err ignored;

	(void)wire_send(context->socket, &message, &ignored);
}

/* Hears one connection out.  1: it said GO; 0: it ended before, or said what doesn't belong here; -1: an error. */
static int hear_start(struct init_context *context, struct err *err)
{
	for (;;) {
		struct wire_message message;
		struct err problem;
		int result = wire_receive(context->socket, &message, -1, &problem);

		if (result < 0)
			refuse_start(context, &problem);
		if (result != 1)
			return 0;
		if (message.header.type == WIRE_GO) {
			context->wire_state =
				wire_step(context->wire_state, WIRE_START, WIRE_GO, WIRE_POINT_NONE, err);
			take_state(context, &message);
			return context->wire_state == WIRE_STATE_FAILED ? -1 : 1;
		}
		result = message.header.type == WIRE_TRACE ? op_trace_open(context, &message, &problem) : -1;
		wire_message_close(&message);
		if (result)
			return 0;
	}
}

/* Accepts connections until one says GO: a `start` that was killed before that leaves the container as it is. */
static int wait_for_start(struct init_context *context, struct err *err)
{
	_cleanup_fd_ int listener = op_slot_take(context, SLOT_START);

	for (;;) {
		int result;

		/* What happens from now on is told to `start`: the process that created the container is done. */
		fd_close(&context->socket);
		result = sys_accept4(listener, SOCK_CLOEXEC);
		if (result == -EINTR)
			continue;
		/* The container waits on: there is nobody whom an end could be explained to. */
		if (err_is_shortage(result)) {
			sys_sleep_ms(SHORTAGE_PAUSE_MS);
			continue;
		}
		if (result < 0)
			return err_sys(err, result, "accept on the start socket");
		context->socket = result;
		op_trace_close(context);
		result = hear_start(context, err);
		if (result)
			return result < 0 ? -1 : 0;
	}
}

int op_run_sync(struct init_context *context, const struct plan_op *op, struct err *err)
{
	bool is_starting = op->u.sync.point == SYNC_STARTING;
	bool is_ready = op->u.sync.point == SYNC_READY;
	struct wire_message message;

	if (is_ready || is_starting)
		close_slots(context);
	op_fds_flush();
	if (talk_say(context, WIRE_AT, op->u.sync.point, err))
		return -1;
	if (is_starting)
		return 0;
	if (is_ready && op_slot(context, SLOT_START) >= 0)
		return wait_for_start(context, err);
	for (;;) {
		int result = 0;

		if (talk_hear(context, WIRE_RUNTIME, &message, err))
			return -1;
		if (message.header.type == WIRE_CGROUP)
			result = enter_cgroups(&message, err);
		else
			take_state(context, &message);
		wire_message_close(&message);
		if (result || context->wire_state == WIRE_STATE_RUNNING || is_ready)
			return result;
	}
}
