/*
 * runtime/foreground.c - a program that runlet stays with until its end.
 *
 * Runtime process only.  It must not end before the program does, whatever becomes of its own terminal.
 */
#include "runtime/foreground.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/trace.h"
#include "runtime/notify.h"
#include "runtime/signals.h"
#include "sys/file.h"
#include "sys/process.h"

/* Not the program itself: how that ended is the caller's to ask. */
static void reap_orphans(const struct foreground *foreground)
{
	siginfo_t info = { .si_pid = 0 };

	while (foreground->takes_orphans && sys_waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid != 0 && info.si_pid != foreground->pid)
		(void)sys_wait4(info.si_pid, NULL, WNOHANG, NULL);
}

static bool asks_to_stop(int signal)
{
	return signal == SIGHUP || signal == SIGINT || signal == SIGQUIT || signal == SIGTERM;
}

/* False: the program has ended, and runlet itself was asked to stop. */
static bool forward_signals(const struct foreground *foreground, bool has_ended)
{
	int signal;

	while ((signal = signals_read(foreground->signal_fd)) != 0) {
		if (signal == SIGCHLD)
			reap_orphans(foreground);
		else if (signal == SIGWINCH && foreground->tty.master >= 0)
			tty_resize(&foreground->tty);
		else if (has_ended && asks_to_stop(signal))
			return false;
		else if (signal != SIGPIPE)
			(void)sys_pidfd_send_signal(foreground->pidfd, signal);
	}
	return true;
}

void foreground_watch(struct foreground *foreground)
{
	_cleanup_trace_ struct trace_span span = trace_begin_wait("wait for the program", TRACE_PROGRAM);
	struct pollfd fds[3 + TTY_POLL_COUNT] = {
		{ .fd = foreground->pidfd, .events = POLLIN },
		{ .fd = foreground->signal_fd, .events = POLLIN },
		{ .fd = foreground->notify_fd, .events = POLLIN },
	};
	bool has_ended = false;

	while (!has_ended || !tty_is_drained(&foreground->tty)) {
		tty_fill_poll(&foreground->tty, fds + 3);
		if (sys_poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0)
			continue;
		if (fds[1].revents && !forward_signals(foreground, has_ended))
			return;
		if (fds[2].revents)
			(void)notify_relay(foreground->notify_fd, foreground->notify_socket, foreground->pid);
		tty_handle_poll(&foreground->tty, fds + 3);
		if (fds[0].revents) {
			has_ended = true;
			fds[0] = (struct pollfd){ .fd = -1 };
			tty_end_input(&foreground->tty);
		}
	}
}
