/*
 * runtime/fd_socket.c - hands a file descriptor to who listens on a unix socket.  Runtime process only.
 */
#include "runtime/fd_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/fd.h"
#include "sys/file.h"
#include "sys/socket.h"

/* Who listens and never accepts would hold runlet for ever, which takes no signals at that point. */
#define CONNECT_TIMEOUT_S 5

int fd_socket_connect(const char *path, const char *what, struct err *err)
{
	_cleanup_fd_ int file = sys_openat(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0);
	_cleanup_fd_ int fd = -1;
	struct timeval timeout = { .tv_sec = CONNECT_TIMEOUT_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int result;

	if (file < 0)
		return err_sys(err, file, "open %s %s", what, path);
	fd = sys_socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(err, fd, "socket");
	/* Through the fd: the path may be longer than sun_path. */
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d", file);
	(void)sys_setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	result = sys_connect(fd, (struct sockaddr *)&address, sizeof(address));
	if (result == -EAGAIN)
		return err_set(err, ERR_TIMEOUT, "connect to %s %s: nobody has accepted for %d s", what, path,
		               CONNECT_TIMEOUT_S);
	if (result < 0)
		return err_sys(err, result, "connect to %s %s", what, path);
	return fd_take(&fd);
}

int fd_socket_send(int socket, int fd, const char *text, const char *what, struct err *err)
{
	struct iovec data = { .iov_base = (char *)text, .iov_len = strlen(text) };
	union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control;
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t sent;

	memset(&control, 0, sizeof(control));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(int));
	sent = sys_sendmsg(socket, &message, MSG_NOSIGNAL);
	return sent < 0 ? err_sys(err, (int)sent, "send %s", what) : 0;
}
