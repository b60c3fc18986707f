/*
 * sys/socket.h - system calls on sockets.
 *
 * Each function is one system call and returns >= 0 or -errno; errno is not touched.  Both the runtime process and init
 * may call them.
 */
#ifndef SYS_SOCKET_H
#define SYS_SOCKET_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

int sys_socket(int domain, int type, int protocol);
int sys_socketpair(int domain, int type, int protocol, int fds[2]);
int sys_bind(int fd, const struct sockaddr *address, socklen_t length);
int sys_listen(int fd, int backlog);
int sys_connect(int fd, const struct sockaddr *address, socklen_t length);
int sys_setsockopt(int fd, int level, int option, const void *value, socklen_t length);
int sys_accept4(int fd, int flags);

/* EINTR is retried. */
ssize_t sys_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t sys_recvmsg(int fd, struct msghdr *message, int flags);

#endif
