/*
 * runtime/session.h - the runtime's side of the talk with init.
 *
 * Runtime process only.  Every message is checked against the step table of wire/.
 */
#ifndef RUNTIME_SESSION_H
#define RUNTIME_SESSION_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "cgroup/cgroup.h"
#include "runtime/bundle.h"
#include "runtime/seccomp_notify.h"
#include "runtime/session_trace.h"
#include "wire/wire.h"

struct session {
	int socket;                  /* owned */
	enum wire_side side;         /* WIRE_RUNTIME, or WIRE_START for the start command */
	enum wire_state state;
	const struct bundle *bundle; /* whose ops the messages are about; NULL in the start command: no plan */
	int pidfd;                   /* init, borrowed */
	pid_t pid;                   /* init */
	struct session_trace trace;
	char origin[WIRE_ORIGIN_SIZE]; /* without a bundle: where in the config what init reported comes from, or "" */
	struct seccomp_notify notify; /* who gets the seccomp listener that init makes */
	struct buf landlock_files;   /* struct plan_landlock_file, one for each path that init has told of */
	int words_fd;                /* owned: of WIRE_EXECING, or -1 */
	int signal_fd;               /* owned: a signal that arrives here ends the talk (runtime/signals.h); -1: none */
};

#define SESSION_INIT { .socket = -1, .pidfd = -1, .notify = SECCOMP_NOTIFY_INIT, .words_fd = -1, \
	  .signal_fd = -1, .landlock_files = BUF_INIT }

/* Says a message of ours; fds are borrowed.  With --trace, GO is preceded by WIRE_TRACE. */
int session_send(struct session *session, enum wire_type type, const int *fds, uint32_t fd_count, struct err *err);

/* Sends the filled slots (fds indexed by slot number, -1 for empty), as many messages as it takes. */
int session_send_slots(struct session *session, const int *slots, size_t slot_count, struct err *err);

/* Sends the files through which init enters its v1 cgroups; nothing where there are none. */
int session_send_cgroup(struct session *session, const struct cgroup_tasks *tasks, struct err *err);

/*
 * Waits for the next message that isn't a log line (those are written out) or a seccomp listener (which is
 * passed on), and advances the state.
 * Returns 1 (a message; wire_message_close() it), 0 (init executes its program: EOF after WIRE_EXECING), or -1: what
 * init reported, with the place in config.json, or how it died.
 */
int session_receive(struct session *session, struct wire_message *message, struct err *err);

void session_close(struct session *session);

#endif
