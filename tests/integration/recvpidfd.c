/*
 * recvpidfd.c - the caller's side of --pidfd-socket, for tests.
 *
 * recvpidfd SOCKET: listens, receives one pidfd, and prints the data that came with it and the pid of its process;
 * then it waits for that process and prints "ended".  recvpidfd SOCKET close: closes the connection at once.
 * recvpidfd SOCKET full: accepts nobody, and has as many waiting as fit.
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
	fprintf(stderr, "recvpidfd: %s: %s\n", what, strerror(errno));
	return 1;
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1) < 0)
		return -1;
	return fd;
}

static int fill(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	while (connect(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), (struct sockaddr *)&address,
	               sizeof(address)) == 0)
		continue;
	puts("full");
	fflush(stdout);
	return pause();
}

static int receive_fd(int connection, char *text, size_t size)
{
	union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control;
	struct iovec part = { text, size - 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	ssize_t length = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
	int fd;

	if (length < 0)
		return -1;
	text[length] = '\0';
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(int))) {
		errno = EPROTO;
		return -1;
	}
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/* From /proc/self/fdinfo: that it is a pidfd, and whose. */
static int print_pid(int pidfd)
{
	char path[64], line[256];
	FILE *file;
	int pid = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "Pid: %d", &pid);
	if (file)
		fclose(file);
	printf("pid %d\n", pid);
	return fflush(stdout);
}

int main(int argc, char **argv)
{
	struct pollfd ended = { .fd = -1, .events = POLLIN };
	char text[256];
	int listener, connection;

	if (argc < 2) {
		fprintf(stderr, "usage: recvpidfd SOCKET [close]\n");
		return 2;
	}
	listener = listen_at(argv[1]);
	if (listener < 0)
		return fail(argv[1]);
	if (argc > 2 && strcmp(argv[2], "full") == 0)
		return fill(argv[1]);
	connection = accept(listener, NULL, NULL);
	if (connection < 0)
		return fail("accept");
	if (argc > 2)
		return 0;
	ended.fd = receive_fd(connection, text, sizeof(text));
	if (ended.fd < 0)
		return fail("receive");
	printf("data %s\n", text);
	if (print_pid(ended.fd) < 0 || poll(&ended, 1, -1) < 0)
		return fail("poll");
	puts("ended");
	return 0;
}
