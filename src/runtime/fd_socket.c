/*
 * runtime/fd_socket.c - hands a file descriptor to who listens on a unix socket.  Runtime process only.
 */
#include "runtime/fd_socket.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "base/fd.h"
#include "sys/file.h"
#include "sys/socket.h"

int fd_socket_connect(const char *path, const char *what, struct err *err)
{
	_cleanup_fd_ int file = sys_openat(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0);
	_cleanup_fd_ int fd = -1;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int result;

	if (file < 0)
		return err_sys(err, file, "open %s %s", what, path);
	fd = sys_socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(err, fd, "socket");
	/* Through the fd: the path may be longer than sun_path. */
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d", file);
	result = sys_connect(fd, (struct sockaddr *)&address, sizeof(address));
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
