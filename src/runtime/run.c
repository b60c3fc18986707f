/*
 * runtime/run.c - `runlet run`: create and start in one, and in the foreground wait for the end.
 *
 * Runtime process only.
 */
#include <poll.h>
#include <signal.h>

#include "base/fd.h"
#include "runtime/create.h"
#include "runtime/delete.h"
#include "runtime/hooks.h"
#include "runtime/notify.h"
#include "runtime/process.h"
#include "runtime/signals.h"
#include "runtime/start.h"
#include "runtime/tty.h"
#include "sys/file.h"
#include "sys/process.h"

/* What a foreground run watches. */
struct foreground {
	struct creation *creation;
	struct tty tty;
	int notify_fd;
};

static void forward_signals(const struct foreground *foreground)
{
	int signal;

	while ((signal = signals_read(foreground->creation->session.signal_fd)) != 0) {
		if (signal == SIGWINCH && foreground->tty.master >= 0)
			tty_resize(&foreground->tty);
		else if (signal != SIGPIPE)
			(void)sys_pidfd_send_signal(foreground->creation->pidfd, signal);
	}
}

static void relay_notify(struct foreground *foreground)
{
	const struct creation *creation = foreground->creation;

	(void)notify_relay(foreground->notify_fd, creation->state.notify_socket, creation->pid);
}

/* Until the program has ended. */
static void watch(struct foreground *foreground)
{
	struct creation *creation = foreground->creation;
	struct pollfd fds[3 + TTY_POLL_COUNT] = {
		{ .fd = creation->pidfd, .events = POLLIN },
		{ .fd = creation->session.signal_fd, .events = POLLIN },
		{ .fd = foreground->notify_fd, .events = POLLIN },
	};

	while (!fds[0].revents) {
		tty_fill_poll(&foreground->tty, fds + 3);
		if (sys_poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0)
			continue;
		if (fds[1].revents)
			forward_signals(foreground);
		if (fds[2].revents)
			relay_notify(foreground);
		tty_handle_poll(&foreground->tty, fds + 3);
	}
	tty_drain(&foreground->tty);
}

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
static int launch_program(struct foreground *foreground, struct err *err)
{
	struct creation *creation = foreground->creation;

	if (creation->state.notify_socket) {
		foreground->notify_fd = notify_listen(&creation->entry, err);
		if (foreground->notify_fd < 0)
			return -1;
	}
	if (creation->has_own_terminal && creation->console_master < 0)
		return err_set(err, ERR_PROTOCOL, "init made no terminal");
	if (creation_write_pid_file(creation, err) < 0)
		return -1;
	if (!creation->has_stored_running && creation_save(creation, STATUS_RUNNING, err) < 0)
		return -1;
	if (tty_open(&foreground->tty, creation->console_master, err) < 0)
		return -1;
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

	*exit_status = process_exit_code(creation_reap(creation));
	/* Somebody's delete was faster. */
	if (locked < 0)
		return err->kind == ERR_NOT_FOUND ? 0 : -1;
	if (creation->options->keep) {
		creation->state.exit_status = (struct opt_u32){ true, (uint32_t)*exit_status };
		return creation_save(creation, STATUS_STOPPED, err);
	}
	return delete_remains(&creation->entry, &creation->state, &creation->cgroup, err);
}

static int run_foreground(struct foreground *foreground, int *exit_status, struct err *err)
{
	struct creation *creation = foreground->creation;

	/* From here on signals belong to the program. */
	if (signals_open(SIGNALS_FORWARDED, creation->session.signal_fd, err) < 0)
		return -1;
	store_unlock(&creation->entry);
	watch(foreground);
	tty_close(&foreground->tty);
	return finish(creation, exit_status, err);
}

static int run(struct creation *creation, int *exit_status, struct err *err)
{
	struct foreground foreground = { .creation = creation, .tty = TTY_INIT, .notify_fd = -1 };
	int result = launch_program(&foreground, err);

	if (result < 0)
		undo_run(&creation->undo);
	else if (!creation->options->detach)
		result = run_foreground(&foreground, exit_status, err);
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
