/*
 * runtime/tty.c - the terminal of a foreground run or exec.  Runtime process only.
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
	bool has_tty = tty->master >= 0;
	short events = 0;

	/* One buffer each way: who doesn't read stops who writes. */
	if (!tty->is_output_done && tty->output.length == 0)
		events |= POLLIN;
	if (tty->input.length > 0)
		events |= POLLOUT;
	fds[0] = (struct pollfd){
		.fd = has_tty && !tty->is_input_done && tty->input.length == 0 ? STDIN_FILENO : -1,
		.events = POLLIN,
	};
	fds[1] = (struct pollfd){ .fd = events ? tty->master : -1, .events = events };
	fds[2] = (struct pollfd){ .fd = has_tty && tty->output.length > 0 ? STDOUT_FILENO : -1, .events = POLLOUT };
}

static void stream_drop(struct tty_stream *stream, size_t count)
{
	stream->length -= count;
	memmove(stream->bytes, stream->bytes + count, stream->length);
}

/*
 * The end of runlet's input becomes the end-of-file character where the program reads lines: it would wait for ever
 * else.  In the middle of a line one only delivers what was typed, and a second one is the end (termios(3), VEOF).
 */
static void type_end_of_file(struct tty *tty)
{
	struct termios mode;

	if (tcgetattr(tty->master, &mode) < 0 || !(mode.c_lflag & ICANON) || mode.c_cc[VEOF] == _POSIX_VDISABLE)
		return;
	if (tty->is_mid_line)
		tty->input.bytes[tty->input.length++] = (char)mode.c_cc[VEOF];
	tty->input.bytes[tty->input.length++] = (char)mode.c_cc[VEOF];
}

static void read_input(struct tty *tty)
{
	ssize_t length = sys_read(STDIN_FILENO, tty->input.bytes, sizeof(tty->input.bytes));

	if (length > 0) {
		tty->input.length = (size_t)length;
		tty->is_mid_line = tty->input.bytes[length - 1] != '\n';
	} else if (length != -EINTR && length != -EAGAIN) {
		tty->is_input_done = true;
		type_end_of_file(tty);
	}
}

static void write_input(struct tty *tty)
{
	ssize_t length = sys_write(tty->master, tty->input.bytes, tty->input.length);

	if (length > 0) {
		stream_drop(&tty->input, (size_t)length);
	} else if (length != -EINTR && length != -EAGAIN) {
		tty->input.length = 0;
		tty->is_input_done = true;
	}
}

/* EIO is what a master gives when nobody holds the other side. */
static void read_output(struct tty *tty)
{
	ssize_t length = sys_read(tty->master, tty->output.bytes, sizeof(tty->output.bytes));

	if (length > 0)
		tty->output.length = (size_t)length;
	else if (length != -EINTR && length != -EAGAIN)
		tty->is_output_done = true;
}

/* Where nobody reads any more, the program goes on all the same. */
static void write_output(struct tty *tty)
{
	ssize_t length = sys_write(STDOUT_FILENO, tty->output.bytes, tty->output.length);

	if (length >= 0)
		stream_drop(&tty->output, (size_t)length);
	else if (length != -EINTR && length != -EAGAIN)
		tty->output.length = 0;
}

void tty_handle_poll(struct tty *tty, const struct pollfd fds[TTY_POLL_COUNT])
{
	if (fds[0].revents)
		read_input(tty);
	if (fds[1].revents & POLLOUT)
		write_input(tty);
	if ((fds[1].revents & ~POLLOUT) && !tty->is_output_done && tty->output.length == 0)
		read_output(tty);
	if (fds[2].revents)
		write_output(tty);
}

void tty_end_input(struct tty *tty)
{
	tty->is_input_done = true;
	tty->input.length = 0;
}

bool tty_is_drained(struct tty *tty)
{
	if (tty->master >= 0 && tty->output.length == 0 && !tty->is_output_done)
		read_output(tty);
	return tty->master < 0 || tty->output.length == 0;
}
