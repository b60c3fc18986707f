/*
 * wire/steps.c - the protocol as a table: in which state who may say what, and which state follows.
 *
 * Runtime process and init.  Pure.
 */
#include "wire/wire.h"

#include <stdbool.h>
#include <stdio.h>

struct wire_step_row {
	enum wire_state state;
	enum wire_side side;
	enum wire_type type;
	uint32_t point;      /* with WIRE_AT; else WIRE_POINT_NONE */
	enum wire_state next;
};

static const struct wire_step_row step_rows[] = {
	{ WIRE_STATE_SPAWNED, WIRE_INIT, WIRE_NEED_MAP, WIRE_POINT_NONE, WIRE_STATE_MAPPING },
	{ WIRE_STATE_MAPPING, WIRE_RUNTIME, WIRE_MAPPED, WIRE_POINT_NONE, WIRE_STATE_LOADING },
	{ WIRE_STATE_SPAWNED, WIRE_RUNTIME, WIRE_SLOTS, WIRE_POINT_NONE, WIRE_STATE_LOADING },
	{ WIRE_STATE_SPAWNED, WIRE_RUNTIME, WIRE_GO, WIRE_POINT_NONE, WIRE_STATE_RUNNING },
	{ WIRE_STATE_SPAWNED, WIRE_RUNTIME, WIRE_TRACE, WIRE_POINT_NONE, WIRE_STATE_LOADING },
	{ WIRE_STATE_LOADING, WIRE_RUNTIME, WIRE_TRACE, WIRE_POINT_NONE, WIRE_STATE_LOADING },
	{ WIRE_STATE_LOADING, WIRE_RUNTIME, WIRE_SLOTS, WIRE_POINT_NONE, WIRE_STATE_LOADING },
	{ WIRE_STATE_LOADING, WIRE_RUNTIME, WIRE_GO, WIRE_POINT_NONE, WIRE_STATE_RUNNING },
	{ WIRE_STATE_RUNNING, WIRE_INIT, WIRE_AT, WIRE_POINT_CGROUP, WIRE_STATE_AT_CGROUP },
	{ WIRE_STATE_AT_CGROUP, WIRE_RUNTIME, WIRE_CGROUP, WIRE_POINT_NONE, WIRE_STATE_RUNNING },
	{ WIRE_STATE_AT_CGROUP, WIRE_RUNTIME, WIRE_CONTINUE, WIRE_POINT_NONE, WIRE_STATE_RUNNING },
	{ WIRE_STATE_RUNNING, WIRE_INIT, WIRE_AT, WIRE_POINT_HOOKS, WIRE_STATE_AT_HOOKS },
	{ WIRE_STATE_AT_HOOKS, WIRE_RUNTIME, WIRE_CGROUP, WIRE_POINT_NONE, WIRE_STATE_AT_HOOKS },
	{ WIRE_STATE_AT_HOOKS, WIRE_RUNTIME, WIRE_CONTINUE, WIRE_POINT_NONE, WIRE_STATE_RUNNING },
	{ WIRE_STATE_RUNNING, WIRE_INIT, WIRE_CONSOLE, WIRE_POINT_NONE, WIRE_STATE_RUNNING },
	{ WIRE_STATE_RUNNING, WIRE_INIT, WIRE_PATH, WIRE_POINT_NONE, WIRE_STATE_RUNNING },
	{ WIRE_STATE_RUNNING, WIRE_INIT, WIRE_AT, WIRE_POINT_READY, WIRE_STATE_READY },
	{ WIRE_STATE_RUNNING, WIRE_INIT, WIRE_AT, WIRE_POINT_STARTING, WIRE_STATE_STARTING },
	{ WIRE_STATE_READY, WIRE_RUNTIME, WIRE_CONTINUE, WIRE_POINT_NONE, WIRE_STATE_STARTING },
	{ WIRE_STATE_READY, WIRE_START, WIRE_TRACE, WIRE_POINT_NONE, WIRE_STATE_READY },
	{ WIRE_STATE_READY, WIRE_START, WIRE_GO, WIRE_POINT_NONE, WIRE_STATE_STARTING },
	{ WIRE_STATE_STARTING, WIRE_INIT, WIRE_SECCOMP_FD, WIRE_POINT_NONE, WIRE_STATE_STARTING },
	{ WIRE_STATE_STARTING, WIRE_INIT, WIRE_EXECING, WIRE_POINT_NONE, WIRE_STATE_EXECING },
};
#define STEP_COUNT (sizeof(step_rows) / sizeof(step_rows[0]))

static const char *const state_names[] = {
	[WIRE_STATE_SPAWNED] = "spawned",
	[WIRE_STATE_MAPPING] = "mapping",
	[WIRE_STATE_LOADING] = "loading",
	[WIRE_STATE_RUNNING] = "running",
	[WIRE_STATE_AT_CGROUP] = "at-cgroup",
	[WIRE_STATE_AT_HOOKS] = "at-hooks",
	[WIRE_STATE_READY] = "ready",
	[WIRE_STATE_STARTING] = "starting",
	[WIRE_STATE_EXECING] = "execing",
	[WIRE_STATE_FAILED] = "failed",
};
_Static_assert(sizeof(state_names) / sizeof(state_names[0]) == WIRE_STATE_COUNT, "every state needs its name");

static const char *const side_names[] = {
	[WIRE_RUNTIME] = "the runtime",
	[WIRE_INIT] = "init",
	[WIRE_START] = "start",
};

const char *wire_state_name(enum wire_state state)
{
	return (unsigned)state < WIRE_STATE_COUNT ? state_names[state] : "unknown";
}

/* What init may say at any time changes nothing, or ends everything. */
static bool is_any_time(enum wire_side side, uint32_t type)
{
	return side == WIRE_INIT && (type == WIRE_LOG || type == WIRE_ERROR);
}

/* Appends " NAME" for each message that the state allows. */
static void list_expected(enum wire_state state, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < STEP_COUNT; i++) {
		int length;

		if (step_rows[i].state != state)
			continue;
		length = snprintf(text + used, size - used, " %s", wire_type_name(step_rows[i].type));
		if (length < 0 || (size_t)length >= size - used)
			return;
		used += (size_t)length;
	}
}

enum wire_state wire_step(enum wire_state state, enum wire_side side, uint32_t type, uint32_t point, struct err *err)
{
	char expected[160];

	if (state != WIRE_STATE_FAILED && is_any_time(side, type))
		return type == WIRE_ERROR ? WIRE_STATE_FAILED : state;
	for (size_t i = 0; i < STEP_COUNT; i++) {
		const struct wire_step_row *row = &step_rows[i];

		if (row->state == state && row->side == side && row->type == type &&
		    (row->type != WIRE_AT || row->point == point))
			return row->next;
	}
	list_expected(state, expected, sizeof(expected));
	err_set(err, ERR_PROTOCOL, "%s said %s in state %s; expected:%s", side_names[side], wire_type_name(type),
	        wire_state_name(state), expected[0] ? expected : " nothing");
	return WIRE_STATE_FAILED;
}
