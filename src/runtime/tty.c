/*
 * runtime/tty.c - the terminal of a foreground run.  Runtime process only.
 */
#include "runtime/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sys/file.h"

static int clear_onlcr(int master)
{
	struct termios mode;

	if (tcgetattr(master, &mode) < 0)
		return -errno;
	mode.c_oflag &= ~(tcflag_t)ONLCR;
	return tcsetattr(master, TCSANOW, &mode) < 0 ? -errno : 0;
}

void tty_resize(const struct tty *tty)
{
	struct winsize size;

	if (tty->master < 0 || ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0)
		return;
	/* 0 x 0 is "not known": process.consoleSize is better. */
	if (size.ws_row > 0 && size.ws_col > 0)
		(void)ioctl(tty->master, TIOCSWINSZ, &size);
}

int tty_open(struct tty *tty, int master, struct err *err)
{
	struct termios raw;
	int result;

	if (master < 0)
		return 0;
	tty->master = master;
	result = clear_onlcr(master);
	if (result == 0)
		result = sys_fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	if (result < 0)
		return err_sys(err, result, "set the mode of the container's terminal");
	if (tcgetattr(STDIN_FILENO, &tty->saved) < 0)
		return 0;
	tty_resize(tty);
	raw = tty->saved;
	cfmakeraw(&raw);
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) < 0)
		return err_sys(err, errno, "set the terminal to raw mode");
	tty->is_raw = true;
	return 0;
}

void tty_close(struct tty *tty)
{
	if (tty->is_raw)
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &tty->saved);
	tty->is_raw = false;
	tty->master = -1;
}

void tty_fill_poll(const struct tty *tty, struct pollfd fds[TTY_POLL_COUNT])
{
	/*
	 * Nothing more is read while the pty hasn't taken what came before: a program
	 * that doesn't read stops its typist.
	 */
	bool can_read = tty->master >= 0 && !tty->is_input_done && tty->input.length == 0;
	short events = 0;

	if (!tty->is_output_done)
		events |= POLLIN;
	if (tty->input.length > 0)
		events |= POLLOUT;
	fds[0] = (struct pollfd){ .fd = can_read ? STDIN_FILENO : -1, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = events ? tty->master : -1, .events = events };
}

static void read_input(struct tty *tty)
{
	ssize_t length = sys_read(STDIN_FILENO, tty->input.bytes, sizeof(tty->input.bytes));

	if (length > 0)
		tty->input.length = (size_t)length;
	else if (length != -EINTR && length != -EAGAIN)
		tty->is_input_done = true;
}

static void write_input(struct tty *tty)
{
	ssize_t length = sys_write(tty->master, tty->input.bytes, tty->input.length);

	if (length > 0) {
		tty->input.length -= (size_t)length;
		memmove(tty->input.bytes, tty->input.bytes + length, tty->input.length);
	} else if (length != -EINTR && length != -EAGAIN) {
		tty->input.length = 0;
		tty->is_input_done = true;
	}
}

/* False: there is nothing now.  EIO is what a master gives when nobody holds the other side. */
static bool relay_output(struct tty *tty)
{
	char bytes[4096];
	ssize_t length = sys_read(tty->master, bytes, sizeof(bytes));

	if (length > 0)
		(void)sys_write_all(STDOUT_FILENO, bytes, (size_t)length);
	else if (length != -EINTR && length != -EAGAIN)
		tty->is_output_done = true;
	return length > 0;
}

void tty_handle_poll(struct tty *tty, const struct pollfd fds[TTY_POLL_COUNT])
{
	if (fds[0].revents)
		read_input(tty);
	if (fds[1].revents & POLLOUT)
		write_input(tty);
	if (fds[1].revents & ~POLLOUT)
		(void)relay_output(tty);
}

void tty_drain(struct tty *tty)
{
	if (tty->master < 0)
		return;
	while (relay_output(tty))
		continue;
}
