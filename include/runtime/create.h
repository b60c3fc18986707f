/*
 * runtime/create.h - what create and run share: everything up to the point where init waits for start.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_CREATE_H
#define RUNTIME_CREATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "cgroup/cgroup.h"
#include "runtime/bundle.h"
#include "runtime/console.h"
#include "runtime/notify.h"
#include "runtime/pidfd_socket.h"
#include "runtime/runtime.h"
#include "runtime/session.h"
#include "runtime/slots.h"
#include "runtime/state.h"
#include "runtime/store.h"
#include "runtime/undo.h"

struct creation {
	const struct runtime_context *context;
	const struct runtime_create_options *options;
	bool uses_start_socket;   /* create: init waits on the start socket; run: on the pair */
	bool has_own_terminal;    /* run in the foreground: the pty's master stays with runlet */

	struct arena arena;
	struct bundle bundle;
	struct store store;
	struct store_entry entry;
	struct state state;
	struct cgroup cgroup;
	struct cgroup_tasks tasks; /* that init hasn't got yet */
	struct slots slots;
	struct session session;
	struct undo undo;
	pid_t pid;                /* init, a child of runlet; 0 before and -1 after it was waited for */
	int pidfd;
	struct console console;   /* its master where has_own_terminal */
	struct pidfd_sockets pidfd_sockets;
	uint32_t inherited_fds;   /* LISTEN_FDS and --preserve-fds */
	bool is_in_v2_cgroup;     /* born there */
	bool has_reached_hooks;   /* poststop hooks are due even if create fails */
	bool has_stored_running;  /* run: the state file says already what it says from the start on */
};

#define CREATION_INIT \
	{ .arena = ARENA_INIT, .store = STORE_INIT, .entry = STORE_ENTRY_INIT, .session = SESSION_INIT, .pidfd = -1, \
	  .console = CONSOLE_INIT, .pidfd_sockets = PIDFD_SOCKETS_INIT }

/*
 * From the command line to SYNC_READY.  The caller has set context, options and the two booleans.  On failure
 * everything has been taken back.  On success the undo stack still holds it: the caller runs it on a later failure.
 */
int creation_make(struct creation *creation, struct err *err);

/* Writes the pid file, by rename, if one was asked for. */
int creation_write_pid_file(struct creation *creation, struct err *err);

/* Stores the state with this status. */
int creation_save(struct creation *creation, enum state_status status, struct err *err);

/* Waits for init's end, which is certain, and takes its wait status.  0, or -errno. */
int creation_reap(struct creation *creation, int *wait_status);

void creation_close(struct creation *creation);

#endif
