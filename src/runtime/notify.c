/*
 * runtime/notify.c - sd_notify(3) for containers.  Runtime process only.
 */
#include "runtime/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/trace.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/socket.h"

/* systemd itself gives up after 90 s (DefaultTimeoutStartSec=). */
#define READY_TIMEOUT_MS 90000

const char *notify_caller_socket(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	return path && (path[0] == '/' || path[0] == '@') && path[1] != '\0' ? path : NULL;
}

int notify_make_dir(const struct store_entry *entry, struct err *err)
{
	int result = sys_mkdirat(entry->fd, STORE_NOTIFY_DIR, 0755);

	if (result < 0 && result != -EEXIST)
		return err_sys(err, result, "mkdir %s/" STORE_NOTIFY_DIR, entry->path);
	return 0;
}

int notify_listen(const struct store_entry *entry, struct err *err)
{
	_cleanup_fd_ int fd = sys_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int result;

	if (fd < 0)
		return err_sys(err, fd, "socket");
	(void)sys_unlinkat(entry->fd, STORE_NOTIFY_SOCKET, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/" STORE_NOTIFY_SOCKET, entry->fd);
	result = sys_bind(fd, (struct sockaddr *)&address, sizeof(address));
	/* The container's user may be any; the directory is reachable from inside the container only. */
	if (result == 0)
		result = sys_fchmodat(entry->fd, STORE_NOTIFY_SOCKET, 0777);
	if (result < 0)
		return err_sys(err, result, "bind %s/" STORE_NOTIFY_SOCKET, entry->path);
	return fd_take(&fd);
}

static void send_to_caller(const char *caller_socket, const char *text, size_t length)
{
	_cleanup_fd_ int fd = sys_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t path_length = strlen(caller_socket);
	struct iovec data = { .iov_base = (char *)text, .iov_len = length };
	struct msghdr message = { .msg_name = &address, .msg_iov = &data, .msg_iovlen = 1 };

	if (fd < 0 || path_length >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, caller_socket, path_length);
	if (address.sun_path[0] == '@')
		address.sun_path[0] = '\0';
	message.msg_namelen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path_length);
	if (sys_sendmsg(fd, &message, MSG_NOSIGNAL) < 0)
		log_warn("NOTIFY_SOCKET %s can't be reached", caller_socket);
}

/* A container must not name another main process, keep fds in the manager, or switch its watchdog. */
static bool is_passed_on(const char *line)
{
	static const char *const prefixes[] = { "READY=1", "RELOADING=1", "STOPPING=1",
						"STATUS=", "ERRNO=",      "EXTEND_TIMEOUT_USEC=" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(line, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

bool notify_relay(int fd, const char *caller_socket, pid_t pid)
{
	char text[4096], out[sizeof(text) + 64];
	char *line, *rest;
	ssize_t length;
	size_t used = 0;
	bool is_ready = false;

	length = sys_read(fd, text, sizeof(text) - 1);
	if (length <= 0)
		return false;
	text[length] = '\0';
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!is_passed_on(line))
			continue;
		if (strcmp(line, "READY=1") == 0)
			is_ready = true;
		used += (size_t)snprintf(out + used, sizeof(out) - used, "%s\n", line);
	}
	if (is_ready)
		used += (size_t)snprintf(out + used, sizeof(out) - used, "MAINPID=%d\n", pid);
	if (used > 0)
		send_to_caller(caller_socket, out, used);
	return is_ready;
}

void notify_wait_ready(int fd, const char *caller_socket, pid_t pid, int pidfd)
{
	_cleanup_trace_ struct trace_span span = trace_begin_wait("wait for READY=1", TRACE_PROGRAM);
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN }, { .fd = pidfd, .events = POLLIN } };
	uint64_t deadline_ns = sys_monotonic_ns() + READY_TIMEOUT_MS * 1000000ull;
	uint64_t now;

	while ((now = sys_monotonic_ns()) < deadline_ns) {
		if (sys_poll(fds, 2, (int)((deadline_ns - now) / 1000000 + 1)) <= 0)
			continue;
		if (fds[0].revents && notify_relay(fd, caller_socket, pid))
			return;
		if (fds[1].revents)
			return;
	}
	log_warn("the container did not say READY=1 within %d s", READY_TIMEOUT_MS / 1000);
}
