/*
 * runtime/seccomp_notify.h - hands the listener of a seccomp filter with SCMP_ACT_NOTIFY to the agent at
 * linux.seccomp.listenerPath, with the container process state (runtime-spec, config-linux.md#seccomp).
 *
 * Runtime process only.  Who has the listener answers system calls in the place of the kernel.
 */
#ifndef RUNTIME_SECCOMP_NOTIFY_H
#define RUNTIME_SECCOMP_NOTIFY_H

#include <stdbool.h>

#include "base/err.h"
#include "runtime/state.h"

struct seccomp_notify {
	int socket;                /* connected to the agent; -1: no listener is expected, or no more */
	bool has_failed;           /* the agent didn't get it: a process that may run by now must not */
	const struct state *state; /* of the container */
	uint32_t status;           /* of the container, enum state_status */
	uint32_t pid;              /* of the filtered process; 0: the container's first */
};

#define SECCOMP_NOTIFY_INIT { .socket = -1 }

/* Whether a socket is there.  Without a connection: the agent gets one for each listener (runtime-spec). */
int seccomp_notify_check(const char *path, struct err *err);

/*
 * Connects to state->listener_path; nothing where there is none.  `state` must stay.
 * Errors: ERR_SYSTEM "linux.seccomp.listenerPath: connect to the seccomp agent PATH".
 */
int seccomp_notify_connect(struct seccomp_notify *notify, const struct state *state, uint32_t status, struct err *err);

/*
 * Sends the listener, and closes the connection, as each is for one.
 * Errors: ERR_SYSTEM; ERR_PROTOCOL where none is expected.
 */
int seccomp_notify_send(struct seccomp_notify *notify, int listener, struct err *err);

void seccomp_notify_close(struct seccomp_notify *notify);

#endif
