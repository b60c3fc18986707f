/*
 * seccompagent.c - a seccomp agent at linux.seccomp.listenerPath, for tests.
 *
 * seccompagent SOCKET [close]: listens; prints for each connection what came as data ("state JSON"), how many fds
 * ("fds N"), and "closed" if the other side ended it, not half a second of silence.  It answers the notifications of
 * the listener: execve goes on, chdir is true though nothing is done, all others fail with ENOSPC; each is printed
 * ("call NUMBER").  It ends when it is killed.  With "close" it closes each connection without having read anything,
 * which the other end may or may not see.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define FDS_MAX 16
#define DATA_SIZE (8u << 20)

static int fail(const char *what)
{
	fprintf(stderr, "seccompagent: %s: %s\n", what, strerror(errno));
	return 1;
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 8) < 0)
		return -1;
	return fd;
}

static int count_fds(struct msghdr *message, int *last)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int count;

	if (!header || header->cmsg_type != SCM_RIGHTS)
		return 0;
	count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(last, CMSG_DATA(header), sizeof(int));
	return count;
}

/* Reads the connection to its end; returns the listener, or -1. */
static int receive(int connection)
{
	static char data[DATA_SIZE];
	union { struct cmsghdr header; char space[CMSG_SPACE(4 * sizeof(int))]; } control;
	const struct timeval patience = { .tv_usec = 500000 };
	size_t length = 0;
	ssize_t got;
	int listener = -1, count = 0;

	(void)setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (;;) {
		struct iovec part = { data + length, sizeof(data) - length - 1 };
		struct msghdr message = {
			.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control),
		};

		got = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
		if (got <= 0)
			break;
		length += (size_t)got;
		count += count_fds(&message, &listener);
	}
	data[length] = '\0';
	printf("state %s\nfds %d\n%s", data, count, got == 0 ? "closed\n" : "");
	fflush(stdout);
	return listener;
}

static void answer(int listener)
{
	struct seccomp_notif request;
	struct seccomp_notif_resp response;

	memset(&request, 0, sizeof(request));
	memset(&response, 0, sizeof(response));
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0)
		return;
	printf("call %d\n", request.data.nr);
	fflush(stdout);
	response.id = request.id;
	if (request.data.nr == SYS_execve)
		response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	else if (request.data.nr != SYS_chdir)
		response.error = -ENOSPC;
	(void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

int main(int argc, char **argv)
{
	struct pollfd fds[FDS_MAX];
	nfds_t count = 1;

	if (argc < 2) {
		fprintf(stderr, "usage: seccompagent SOCKET [close]\n");
		return 2;
	}
	fds[0] = (struct pollfd){ .fd = listen_at(argv[1]), .events = POLLIN };
	if (fds[0].fd < 0)
		return fail(argv[1]);
	while (poll(fds, count, -1) > 0) {
		if (fds[0].revents) {
			int connection = accept4(fds[0].fd, NULL, NULL, SOCK_CLOEXEC);
			int listener = argc > 2 || connection < 0 ? -1 : receive(connection);

			close(connection);
			if (listener >= 0 && count < FDS_MAX)
				fds[count++] = (struct pollfd){ .fd = listener, .events = POLLIN };
		}
		for (nfds_t i = 1; i < count; i++) {
			if (fds[i].revents & POLLIN)
				answer(fds[i].fd);
			else if (fds[i].revents)
				fds[i].fd = -1;
		}
	}
	return fail("poll");
}
