/*
 * wire/wire.h - what the runtime process and the init process say to each other (ARCHITECTURE.md).
 *
 * One SOCK_SEQPACKET message is a struct wire_header and a body of a fixed size for its type; file descriptors ride
 * along by SCM_RIGHTS.  EOF is an error, never success, except after WIRE_EXECING.  No allocation: both sides use it.
 */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum wire_type {
	WIRE_NONE = 0,
	WIRE_NEED_MAP,   /* stub -> runtime: I am in the new user namespace, write my maps */
	WIRE_MAPPED,     /* runtime -> stub: done */
	WIRE_SLOTS,      /* runtime -> init: body wire_slots, that many fds; several may come before GO */
	WIRE_GO,         /* runtime -> init: run */
	WIRE_AT,         /* init -> runtime: body wire_at */
	/*
	 * runtime -> init: body wire_cgroup; write "0" to each fd and close it.  All of the answer at POINT_CGROUP; at
	 * POINT_HOOKS CONTINUE follows.
	 */
	WIRE_CGROUP,
	WIRE_CONTINUE,   /* runtime -> init: answer to AT; may carry one fd: the state JSON (sealed memfd) for hooks */
	WIRE_CONSOLE,    /* init -> runtime: one fd, the pty's master */
	WIRE_SECCOMP_FD, /* init -> runtime or start: one fd, the listener of the filter that was just loaded */
	WIRE_PATH,       /* init -> runtime: body wire_path: what a path of a Landlock rule turned out to be */
	WIRE_LOG,        /* init -> runtime: body wire_log; any time */
	WIRE_TRACE,      /* runtime or start -> init, before GO: body wire_trace, one fd: wire/trace.h */
	WIRE_ERROR,      /* init -> runtime: body wire_error; any time, the last message */
	/*
	 * init -> runtime: next is execve; EOF now means that it worked.  Where a filter is loaded before it, one fd:
	 * a struct wire_error, which init fills in where it may not send any more; its kind is ERR_NONE otherwise.
	 */
	WIRE_EXECING,
	WIRE_TYPE_COUNT
};

struct wire_header { uint32_t type; uint32_t length; /* of the body */ };

#define WIRE_FDS_MAX 64
struct wire_slots { uint32_t count; uint32_t slots[WIRE_FDS_MAX]; };
/* Files named "tasks" of v1 hierarchies; the names are for errors and may be cut short. */
#define WIRE_CGROUPS_MAX 32
#define WIRE_CGROUP_NAME_SIZE 24
struct wire_cgroup { uint32_t count; char names[WIRE_CGROUPS_MAX][WIRE_CGROUP_NAME_SIZE]; };
struct wire_at { uint32_t point; /* enum plan_sync_point, which are these numbers (ops/sync.c asserts it) */ };
enum wire_point { WIRE_POINT_CGROUP = 0, WIRE_POINT_HOOKS, WIRE_POINT_READY, WIRE_POINT_STARTING, WIRE_POINT_NONE };
/* They come in the order of the rules. */
struct wire_path { uint64_t device; uint64_t inode; /* fstat(2) */ };
struct wire_log { uint32_t level; char text[500]; };
struct wire_trace { uint32_t capacity; /* records of the memory that the fd is */ };
/*
 * op_index: the op that failed, or UINT32_MAX when it was none.  Its origin is for the start command, which has no plan
 * to find it in; "" when there is none, and cut short when it is long.
 */
#define WIRE_ORIGIN_SIZE 96
struct wire_error { uint32_t op_index; char origin[WIRE_ORIGIN_SIZE]; struct err err; };

struct wire_message {
	struct wire_header header;
	union {
		struct wire_slots slots;
		struct wire_cgroup cgroup;
		struct wire_at at;
		struct wire_path path;
		struct wire_log log;
		struct wire_trace trace;
		struct wire_error error;
	} body;
	int fds[WIRE_FDS_MAX];   /* received: owned by the receiver, O_CLOEXEC; to send: borrowed */
	uint32_t fd_count;
};

/* Who may send what, and when (the step table in wire/steps.c). */
enum wire_side { WIRE_RUNTIME = 0, WIRE_INIT, WIRE_START /* the `start` command over the start socket */ };
enum wire_state {
	WIRE_STATE_SPAWNED = 0,  /* nothing said yet */
	WIRE_STATE_MAPPING,
	WIRE_STATE_LOADING,      /* slots are being sent */
	WIRE_STATE_RUNNING,      /* init runs ops */
	WIRE_STATE_AT_CGROUP,
	WIRE_STATE_AT_HOOKS,
	WIRE_STATE_READY,
	WIRE_STATE_STARTING,
	WIRE_STATE_EXECING,
	WIRE_STATE_FAILED,
	WIRE_STATE_COUNT
};

/*
 * Sends one message.  `fd` is a connected SOCK_SEQPACKET socket; EINTR is retried, MSG_NOSIGNAL is set.
 * Returns 0 or -1 (ERR_SYSTEM "sendmsg WIRE_GO").
 */
int wire_send(int fd, const struct wire_message *message, struct err *err);

/* The common case: a message without a body or with fds only. */
int wire_send_simple(int fd, enum wire_type type, const int *fds, uint32_t fd_count, struct err *err);

/*
 * Receives one message and checks its size against its type.  timeout_ms < 0: wait for ever.
 * Returns 1 (a message), 0 (EOF) or -1 (error; ERR_TIMEOUT, ERR_PROTOCOL for a wrong size or too many fds, which are
 * closed).
 */
int wire_receive(int fd, struct wire_message *message, int timeout_ms, struct err *err);

/* Closes the fds of a received message that nobody took (set taken ones to -1). */
void wire_message_close(struct wire_message *message);

/*
 * Advances the protocol: from `state`, `side` says a message of this type (point is used with WIRE_AT).
 * Returns the next state, or WIRE_STATE_FAILED and ERR_PROTOCOL naming what was said and what was expected.  A
 * WIRE_ERROR is no breach: its next state is WIRE_STATE_FAILED, and *err is left alone, so set it to ERR_INIT before.
 */
enum wire_state wire_step(enum wire_state state, enum wire_side side, uint32_t type, uint32_t point, struct err *err);

const char *wire_type_name(uint32_t type);
const char *wire_state_name(enum wire_state state);

#endif
