/*
 * sys/socket.c - system calls on sockets.
 *
 * Any process.  No errno, no allocation, no libc beyond the mem and str functions: init has nothing else.
 */
#include "sys/socket.h"

#include <errno.h>

#include "sys/raw.h"

int sys_socket(int domain, int type, int protocol)
{
	return (int)sys_call3(SYS_socket, domain, type, protocol);
}

int sys_socketpair(int domain, int type, int protocol, int fds[2])
{
	return (int)sys_call4(SYS_socketpair, domain, type, protocol, (long)fds);
}

int sys_bind(int fd, const struct sockaddr *address, socklen_t length)
{
	return (int)sys_call3(SYS_bind, fd, (long)address, (long)length);
}

int sys_listen(int fd, int backlog)
{
	return (int)sys_call2(SYS_listen, fd, backlog);
}

int sys_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	return (int)sys_call3(SYS_connect, fd, (long)address, (long)length);
}

int sys_setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
	return (int)sys_call5(SYS_setsockopt, fd, level, option, (long)value, (long)length);
}

int sys_accept4(int fd, int flags)
{
	return (int)sys_call4(SYS_accept4, fd, 0, 0, flags);
}

ssize_t sys_sendmsg(int fd, const struct msghdr *message, int flags)
{
	long result;

	do
		result = sys_call3(SYS_sendmsg, fd, (long)message, flags);
	while (result == -EINTR);
	return result;
}

ssize_t sys_recvmsg(int fd, struct msghdr *message, int flags)
{
	long result;

	do
		result = sys_call3(SYS_recvmsg, fd, (long)message, flags);
	while (result == -EINTR);
	return result;
}
