/*
 * ptyrun.c - a person's terminal, for tests.
 *
 * ptyrun COMMAND...: runs the command on a new terminal of 40 lines and 100 columns, copies standard input to it and
 * what it shows to standard output.  SIGUSR1 makes the terminal larger, 50 x 120.  At the
 * command's end it prints "modes same" or "modes changed", and ends with its exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

static volatile sig_atomic_t wants_resize, has_child_ended;

static void on_signal(int signal)
{
	if (signal == SIGUSR1)
		wants_resize = 1;
	else
		has_child_ended = 1;
}

static void copy(int from, int to, struct pollfd *fd)
{
	char buffer[4096];
	ssize_t length = read(from, buffer, sizeof(buffer));

	if (length <= 0 || write(to, buffer, (size_t)length) != length)
		fd->fd = -1;
}

static int run(int master, int slave, char **argv)
{
	struct pollfd fds[2] = { { .fd = master, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
	struct winsize larger = { .ws_row = 50, .ws_col = 120 };
	sigset_t blocked, usual;
	int status;
	pid_t pid;

	sigfillset(&blocked);
	sigprocmask(SIG_BLOCK, &blocked, &usual);
	pid = fork();
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &usual, NULL);
		close(master);
		if (login_tty(slave) == 0)
			execvp(argv[0], argv);
		_exit(127);
	}
	while (!has_child_ended) {
		if (ppoll(fds, 2, NULL, &usual) < 0 && wants_resize) {
			wants_resize = 0;
			ioctl(master, TIOCSWINSZ, &larger);
			continue;
		}
		if (fds[0].revents)
			copy(master, STDOUT_FILENO, &fds[0]);
		if (fds[1].revents)
			copy(STDIN_FILENO, master, &fds[1]);
		fds[0].revents = fds[1].revents = 0;
	}
	while (fds[0].fd >= 0 && poll(fds, 1, 200) > 0)
		copy(master, STDOUT_FILENO, &fds[0]);
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 40, .ws_col = 100 };
	struct termios before, after;
	int master, slave, status;

	if (argc < 2) {
		fprintf(stderr, "usage: ptyrun COMMAND...\n");
		return 2;
	}
	signal(SIGUSR1, on_signal);
	signal(SIGCHLD, on_signal);
	if (openpty(&master, &slave, NULL, NULL, &size) < 0 || tcgetattr(slave, &before) < 0) {
		fprintf(stderr, "ptyrun: %s\n", strerror(errno));
		return 1;
	}
	fcntl(master, F_SETFD, FD_CLOEXEC);
	status = run(master, slave, argv + 1);
	tcgetattr(slave, &after);
	printf("modes %s\n", before.c_lflag == after.c_lflag && before.c_iflag == after.c_iflag &&
	                     before.c_oflag == after.c_oflag ? "same" : "changed");
	return status;
}
