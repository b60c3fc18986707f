/*
 * runtime/run.c - `runlet run`: create and start in one, and in the foreground wait for the end.
 *
 * Runtime process only.
 */
#include <sys/prctl.h>

#include "base/fd.h"
#include "runtime/create.h"
#include "runtime/delete.h"
#include "runtime/ending.h"
#include "runtime/foreground.h"
#include "runtime/hooks.h"
#include "runtime/notify.h"
#include "runtime/process.h"
#include "runtime/signals.h"
#include "runtime/start.h"
#include "sys/process.h"

static int say_continue(struct creation *creation, struct err *err)
{
	_cleanup_fd_ int state_fd = -1;

	if (creation->state.has_start_hooks) {
		state_fd = hooks_open_state(&creation->state, STATUS_CREATED, err);
		if (state_fd < 0)
			return -1;
	}
	return session_send(&creation->session, WIRE_CONTINUE, &state_fd, state_fd >= 0, err);
}

/* From "created" to "running". */
static int launch_program(struct creation *creation, struct foreground *foreground, struct err *err)
{
	if (creation->state.notify_socket) {
		foreground->notify_socket = creation->state.notify_socket;
		foreground->notify_fd = notify_listen(&creation->entry, err);
		if (foreground->notify_fd < 0)
			return -1;
	}
	if (creation->has_own_terminal && creation->console.master < 0)
		return err_set(err, ERR_PROTOCOL, "init made no terminal");
	if (creation_write_pid_file(creation, err) < 0)
		return -1;
	if (!creation->has_stored_running && creation_save(creation, STATUS_RUNNING, err) < 0)
		return -1;
	if (creation->has_own_terminal && signals_hold(SIGNALS_FORWARDED, err) < 0)
		return -1;
	if (tty_open(&foreground->tty, creation->console.master, err) < 0)
		return -1;
	/* In a pid namespace of its own, the container's first process is who takes in orphans. */
	foreground->takes_orphans = !creation->options->detach && !creation->options->no_subreaper &&
	                            !creation->state.has_own_pid_ns;
	if (foreground->takes_orphans)
		(void)sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (creation->session.state == WIRE_STATE_READY && say_continue(creation, err) < 0)
		return -1;
	if (start_wait_running(&creation->session, err) < 0)
		return -1;
	return start_run_hooks(&creation->state, creation->pidfd, &creation->cgroup, err);
}

static int finish(struct creation *creation, int *exit_status, struct err *err)
{
	/* First the lock, then the reaping: `wait` finds a zombie, or has to wait for what is stored here. */
	int locked = store_lock(&creation->entry, err);
	struct err ignored = ERR_INIT;
	int wait_status, reaped = creation_reap(creation, &wait_status);

	*exit_status = process_exit_code(wait_status);
	/* Somebody's delete was faster. */
	if (locked < 0)
		return err->kind == ERR_NOT_FOUND ? 0 : -1;
	if (reaped < 0) {
		(void)delete_remains(&creation->entry, &creation->state, &creation->cgroup, &ignored);
		return err_sys(err, reaped, "wait for the first process of %s", creation->options->id);
	}
	if (creation->options->keep) {
		ending_note(&creation->state, wait_status, &creation->cgroup);
		return creation_save(creation, STATUS_STOPPED, err);
	}
	return delete_remains(&creation->entry, &creation->state, &creation->cgroup, err);
}

static int run_foreground(struct creation *creation, struct foreground *foreground, int *exit_status, struct err *err)
{
	store_unlock(&creation->entry);
	foreground->pid = creation->pid;
	foreground->pidfd = creation->pidfd;
	foreground->signal_fd = creation->session.signal_fd;
	foreground_watch(foreground);
	tty_close(&foreground->tty);
	return finish(creation, exit_status, err);
}

static int run(struct creation *creation, int *exit_status, struct err *err)
{
	struct foreground foreground = FOREGROUND_INIT;
	int result = launch_program(creation, &foreground, err);

	/* From here on signals belong to the program. */
	if (result == 0 && !creation->options->detach &&
	    signals_open(SIGNALS_FORWARDED, creation->session.signal_fd, err) < 0)
		result = -1;
	if (result < 0)
		undo_run(&creation->undo);
	else if (!creation->options->detach)
		result = run_foreground(creation, &foreground, exit_status, err);
	else if (foreground.notify_fd >= 0)
		notify_wait_ready(foreground.notify_fd, creation->state.notify_socket, creation->pid, creation->pidfd);
	tty_close(&foreground.tty);
	fd_close(&foreground.notify_fd);
	return result;
}

int runtime_run(const struct runtime_context *context, const struct runtime_create_options *options, int *exit_status,
                struct err *err)
{
	struct creation creation = CREATION_INIT;
	int result;

	creation.context = context;
	creation.options = options;
	*exit_status = 0;
	result = creation_make(&creation, err);
	if (result == 0)
		result = run(&creation, exit_status, err);
	creation_close(&creation);
	return result;
}
