/*
 * ops/talk.c - init's side of the protocol.
 *
 * Init process only.
 */
#include "ops/talk.h"

#include "base/fd.h"
#include "ops/trace.h"

int talk_say(struct init_context *context, enum wire_type type, uint32_t point, struct err *err)
{
	struct wire_message message;

	context->wire_state = wire_step(context->wire_state, WIRE_INIT, type, point, err);
	if (context->wire_state == WIRE_STATE_FAILED)
		return -1;
	if (type != WIRE_AT)
		return wire_send_simple(context->socket, type, NULL, 0, err);
	message.header.type = WIRE_AT;
	message.header.length = sizeof(message.body.at);
	message.body.at.point = point;
	message.fd_count = 0;
	return wire_send(context->socket, &message, err);
}

int talk_say_fd(struct init_context *context, enum wire_type type, int fd, struct err *err)
{
	context->wire_state = wire_step(context->wire_state, WIRE_INIT, type, WIRE_POINT_NONE, err);
	if (context->wire_state == WIRE_STATE_FAILED)
		return -1;
	return wire_send_simple(context->socket, type, &fd, 1, err);
}

int talk_say_path(struct init_context *context, uint64_t device, uint64_t inode, struct err *err)
{
	struct wire_message message;

	context->wire_state = wire_step(context->wire_state, WIRE_INIT, WIRE_PATH, WIRE_POINT_NONE, err);
	if (context->wire_state == WIRE_STATE_FAILED)
		return -1;
	message.header.type = WIRE_PATH;
	message.header.length = sizeof(message.body.path);
	message.fd_count = 0;
	message.body.path = (struct wire_path){ .device = device, .inode = inode };
	return wire_send(context->socket, &message, err);
}

int talk_hear(struct init_context *context, enum wire_side side, struct wire_message *message, struct err *err)
{
	int result = wire_receive(context->socket, message, -1, err);

	if (result < 0)
		return -1;
	if (result == 0)
		return err_set(err, ERR_PROTOCOL, "the runtime went away in state %s",
		               wire_state_name(context->wire_state));
	context->wire_state = wire_step(context->wire_state, side, message->header.type, WIRE_POINT_NONE, err);
	if (context->wire_state == WIRE_STATE_FAILED) {
		wire_message_close(message);
		return -1;
	}
	return 0;
}

static int fill_slots(struct init_context *context, struct wire_message *message, struct err *err)
{
	const struct wire_slots *body = &message->body.slots;

	for (uint32_t i = 0; i < body->count; i++) {
		if (body->slots[i] == SLOT_NONE || body->slots[i] >= context->view->image->slot_count)
			return err_set(err, ERR_PROTOCOL, "init: fd for slot %u", body->slots[i]);
		op_slot_fill(context, body->slots[i], fd_take(&message->fds[i]));
	}
	return 0;
}

int talk_load_slots(struct init_context *context, struct err *err)
{
	for (;;) {
		struct wire_message message;
		int result;

		if (talk_hear(context, WIRE_RUNTIME, &message, err))
			return -1;
		if (message.header.type == WIRE_GO) {
			wire_message_close(&message);
			return 0;
		}
		result = message.header.type == WIRE_TRACE ? op_trace_open(context, &message, err) :
		                                             fill_slots(context, &message, err);
		wire_message_close(&message);
		if (result)
			return -1;
	}
}

int talk_say_execing(struct init_context *context, int words_fd, struct err *err)
{
	if (context->is_execing)
		return 0;
	if (words_fd < 0 ? talk_say(context, WIRE_EXECING, WIRE_POINT_NONE, err) :
	                   talk_say_fd(context, WIRE_EXECING, words_fd, err))
		return -1;
	context->is_execing = true;
	return 0;
}
