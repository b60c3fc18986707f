/*
 * recvtty.c - the engine's side of --console-socket, for tests.
 *
 * recvtty SOCKET: listens, receives one pty master, then copies standard input to it and what it says to standard
 * output, until the other side is closed.  It prints nothing of its own on standard output.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "recvtty: %s: %s\n", what, strerror(errno));
	return 1;
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1) < 0)
		return -1;
	return fd;
}

static int receive_fd(int connection)
{
	char name[4096];
	union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control;
	struct iovec part = { name, sizeof(name) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int fd;

	if (recvmsg(connection, &message, MSG_CMSG_CLOEXEC) < 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(int))) {
		errno = EPROTO;
		return -1;
	}
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/* Returns what was copied, 0 at the end of the input, -1 on error. */
static ssize_t copy(int from, int to)
{
	char buffer[4096];
	ssize_t length = read(from, buffer, sizeof(buffer)), done = 0, written;

	while (done < length) {
		written = write(to, buffer + done, (size_t)(length - done));
		if (written < 0)
			return -1;
		done += written;
	}
	return length;
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = { { .fd = -1, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
	int listener, connection;

	if (argc != 2) {
		fprintf(stderr, "usage: recvtty SOCKET\n");
		return 2;
	}
	listener = listen_at(argv[1]);
	if (listener < 0)
		return fail(argv[1]);
	connection = accept(listener, NULL, NULL);
	if (connection < 0)
		return fail("accept");
	fds[0].fd = receive_fd(connection);
	if (fds[0].fd < 0)
		return fail("receive");
	while (poll(fds, 2, -1) >= 0) {
		/* EIO: the last holder of the other side has closed it. */
		if (fds[0].revents && copy(fds[0].fd, STDOUT_FILENO) <= 0)
			return 0;
		if (fds[1].revents && copy(STDIN_FILENO, fds[0].fd) <= 0)
			fds[1].fd = -1;
	}
	return fail("poll");
}
