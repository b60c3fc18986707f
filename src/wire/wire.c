/*
 * wire/wire.c - sends and receives one message over a SOCK_SEQPACKET socket.
 *
 * Runtime process and init.  A received message is not trusted: its size must be that of its type, its fds must fit,
 * its texts are terminated here.  No allocation.
 */
#include "wire/wire.h"

#include <errno.h>
#include <string.h>

#include "base/fd.h"
#include "sys/file.h"
#include "sys/socket.h"

struct wire_type_row {
	const char *name;
	uint32_t body_size;
	uint32_t fds_max;
};

static const struct wire_type_row type_rows[] = {
	[WIRE_NONE] = { "NONE", 0, 0 },
	[WIRE_NEED_MAP] = { "NEED_MAP", 0, 0 },
	[WIRE_MAPPED] = { "MAPPED", 0, 0 },
	[WIRE_SLOTS] = { "SLOTS", sizeof(struct wire_slots), WIRE_FDS_MAX },
	[WIRE_GO] = { "GO", 0, 1 },
	[WIRE_AT] = { "AT", sizeof(struct wire_at), 0 },
	[WIRE_CGROUP] = { "CGROUP", sizeof(struct wire_cgroup), WIRE_CGROUPS_MAX },
	[WIRE_CONTINUE] = { "CONTINUE", 0, 1 },
	[WIRE_CONSOLE] = { "CONSOLE", 0, 1 },
	[WIRE_SECCOMP_FD] = { "SECCOMP_FD", 0, 1 },
	[WIRE_PATH] = { "PATH", sizeof(struct wire_path), 0 },
	[WIRE_LOG] = { "LOG", sizeof(struct wire_log), 0 },
	[WIRE_TRACE] = { "TRACE", sizeof(struct wire_trace), 1 },
	[WIRE_ERROR] = { "ERROR", sizeof(struct wire_error), 0 },
	[WIRE_EXECING] = { "EXECING", 0, 1 },
};
_Static_assert(sizeof(type_rows) / sizeof(type_rows[0]) == WIRE_TYPE_COUNT, "every type needs its row");

/* Room for one SCM_RIGHTS record, aligned as the kernel wants it. */
union wire_control {
	struct cmsghdr header;
	char space[CMSG_SPACE(WIRE_FDS_MAX * sizeof(int))];
};

const char *wire_type_name(uint32_t type)
{
	return type < WIRE_TYPE_COUNT ? type_rows[type].name : "unknown";
}

int wire_send(int fd, const struct wire_message *message, struct err *err)
{
	struct iovec parts[] = {
		{ (void *)&message->header, sizeof(message->header) },
		{ (void *)&message->body, message->header.length },
	};
	struct msghdr header = { .msg_iov = parts, .msg_iovlen = 2 };
	union wire_control control;
	uint32_t type = message->header.type;
	ssize_t sent;

	if (type >= WIRE_TYPE_COUNT || message->header.length != type_rows[type].body_size ||
	    message->fd_count > type_rows[type].fds_max)
		return err_set(err, ERR_BUG, "message %s of %u bytes and %u fds", wire_type_name(type),
		               message->header.length, message->fd_count);
	if (message->fd_count > 0) {
		memset(&control, 0, sizeof(control));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(message->fd_count * sizeof(int));
		memcpy(CMSG_DATA(&control.header), message->fds, message->fd_count * sizeof(int));
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(message->fd_count * sizeof(int));
	}
	sent = sys_sendmsg(fd, &header, MSG_NOSIGNAL);
	if (sent < 0)
		return err_sys(err, (int)sent, "sendmsg WIRE_%s", wire_type_name(type));
	return 0;
}

int wire_send_simple(int fd, enum wire_type type, const int *fds, uint32_t fd_count, struct err *err)
{
	struct wire_message message;

	message.header.type = type;
	message.header.length = 0;
	message.fd_count = fd_count <= WIRE_FDS_MAX ? fd_count : WIRE_FDS_MAX + 1;
	if (fd_count > 0 && fd_count <= WIRE_FDS_MAX)
		memcpy(message.fds, fds, fd_count * sizeof(int));
	return wire_send(fd, &message, err);
}

/* Takes over the received fds.  There is one record at most, since that is what fits. */
static void take_fds(struct wire_message *message, const union wire_control *control, size_t length)
{
	size_t bytes;

	message->fd_count = 0;
	if (length < CMSG_LEN(0) || control->header.cmsg_level != SOL_SOCKET ||
	    control->header.cmsg_type != SCM_RIGHTS || control->header.cmsg_len > length)
		return;
	bytes = control->header.cmsg_len - CMSG_LEN(0);
	message->fd_count = (uint32_t)(bytes / sizeof(int));
	memcpy(message->fds, CMSG_DATA(&control->header), message->fd_count * sizeof(int));
}

static int check_received(struct wire_message *message, size_t length, int flags, struct err *err)
{
	uint32_t type = message->header.type;
	size_t body = length - sizeof(message->header);

	if (length < sizeof(message->header) || (flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || type >= WIRE_TYPE_COUNT)
		return err_set(err, ERR_PROTOCOL, "received %zu bytes that are no message", length);
	if (message->header.length != body || body != type_rows[type].body_size ||
	    message->fd_count > type_rows[type].fds_max)
		return err_set(err, ERR_PROTOCOL, "received %s of %zu bytes and %u fds", wire_type_name(type), body,
		               message->fd_count);
	if (type == WIRE_SLOTS && message->body.slots.count != message->fd_count)
		return err_set(err, ERR_PROTOCOL, "received %u fds for %u slots", message->fd_count,
		               message->body.slots.count);
	if (type == WIRE_CGROUP && message->body.cgroup.count != message->fd_count)
		return err_set(err, ERR_PROTOCOL, "received %u fds for %u cgroups", message->fd_count,
		               message->body.cgroup.count);
	for (uint32_t i = 0; type == WIRE_CGROUP && i < message->fd_count; i++)
		message->body.cgroup.names[i][WIRE_CGROUP_NAME_SIZE - 1] = '\0';
	if (type == WIRE_LOG)
		message->body.log.text[sizeof(message->body.log.text) - 1] = '\0';
	if (type == WIRE_ERROR) {
		message->body.error.err.text[ERR_TEXT_SIZE - 1] = '\0';
		message->body.error.origin[WIRE_ORIGIN_SIZE - 1] = '\0';
	}
	return 0;
}

static int wait_readable(int fd, int timeout_ms, struct err *err)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int result;

	if (timeout_ms < 0)
		return 0;
	result = sys_poll(&ready, 1, timeout_ms);
	if (result < 0)
		return err_sys(err, result, "poll the other process");
	if (result == 0)
		return err_set(err, ERR_TIMEOUT, "the other process said nothing for %d ms", timeout_ms);
	return 0;
}

int wire_receive(int fd, struct wire_message *message, int timeout_ms, struct err *err)
{
	struct iovec parts[] = {
		{ &message->header, sizeof(message->header) },
		{ &message->body, sizeof(message->body) },
	};
	union wire_control control;
	struct msghdr header = {
		.msg_iov = parts,
		.msg_iovlen = 2,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t got;

	message->fd_count = 0;
	if (wait_readable(fd, timeout_ms, err))
		return -1;
	got = sys_recvmsg(fd, &header, MSG_CMSG_CLOEXEC);
	/* A peer that died with unread messages resets the connection, once; its last message is still here. */
	if (got == -ECONNRESET)
		got = sys_recvmsg(fd, &header, MSG_CMSG_CLOEXEC);
	if (got == 0 || got == -ECONNRESET)
		return 0;
	if (got < 0)
		return err_sys(err, (int)got, "recvmsg from the other process");
	take_fds(message, &control, header.msg_controllen);
	if (check_received(message, (size_t)got, header.msg_flags, err)) {
		wire_message_close(message);
		return -1;
	}
	return 1;
}

void wire_message_close(struct wire_message *message)
{
	for (uint32_t i = 0; i < message->fd_count; i++)
		fd_close(&message->fds[i]);
	message->fd_count = 0;
}
