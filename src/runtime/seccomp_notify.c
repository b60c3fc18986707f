/*
 * runtime/seccomp_notify.c - hands the listener of a seccomp filter to the agent.  Runtime process only.
 */
#include "runtime/seccomp_notify.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/buf.h"
#include "base/fd.h"
#include "json/emit.h"
#include "runtime/fd_socket.h"
#include "sys/file.h"
#include "sys/socket.h"

#define ORIGIN "linux.seccomp.listenerPath"

int seccomp_notify_check(const char *path, struct err *err)
{
	struct stat status;
	int result = sys_fstatat(AT_FDCWD, path, &status, 0);

	if (result < 0)
		return err_sys(err, result, ORIGIN ": the seccomp agent's socket %s", path);
	if (!S_ISSOCK(status.st_mode))
		return err_set(err, ERR_CONFIG, ORIGIN ": %s is not a socket", path);
	return 0;
}

int seccomp_notify_connect(struct seccomp_notify *notify, const struct state *state, uint32_t status, struct err *err)
{
	if (!state->listener_path)
		return 0;
	notify->state = state;
	notify->status = status;
	if (seccomp_notify_check(state->listener_path, err) < 0)
		return -1;
	notify->socket = fd_socket_connect(state->listener_path, "the seccomp agent", err);
	return notify->socket < 0 ? err_prefix(err, ORIGIN) : 0;
}

/* runtime-spec, config-linux.md, "The container process state": `fds` names what SCM_RIGHTS brings, in order. */
static void emit_process_state(const struct seccomp_notify *notify, struct buf *json)
{
	static const char *const fds[] = { "seccompFd" };
	const struct state *state = notify->state;
	_cleanup_buf_ struct buf container = BUF_INIT;
	struct json_emitter emitter;

	state_emit_hook(state, notify->status, &container);
	json_emit_open(&emitter, json, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "ociVersion", state->oci_version);
	json_emit_key_strings(&emitter, "fds", fds, 1);
	json_emit_key_uint(&emitter, "pid", notify->pid ? notify->pid : state->pid);
	if (state->listener_metadata)
		json_emit_key_string(&emitter, "metadata", state->listener_metadata);
	json_emit_key(&emitter, "state");
	json_emit_raw(&emitter, container.data, container.length);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
}

/* The fd goes with the first bytes; a stream may take the others in pieces. */
static int send_state(int socket, const struct buf *json, int listener)
{
	union { struct cmsghdr header; char bytes[CMSG_SPACE(sizeof(int))]; } control;
	size_t sent = 0;

	memset(&control, 0, sizeof(control));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &listener, sizeof(int));
	while (sent < json->length) {
		struct iovec data = { json->data + sent, json->length - sent };
		struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };
		ssize_t result;

		if (sent == 0) {
			message.msg_control = &control;
			message.msg_controllen = sizeof(control.bytes);
		}
		result = sys_sendmsg(socket, &message, MSG_NOSIGNAL);
		if (result < 0)
			return (int)result;
		sent += (size_t)result;
	}
	return 0;
}

int seccomp_notify_send(struct seccomp_notify *notify, int listener, struct err *err)
{
	_cleanup_buf_ struct buf json = BUF_INIT;
	int result;

	if (notify->socket < 0)
		return err_set(err, ERR_PROTOCOL, "init sent a seccomp listener that nobody asked for");
	emit_process_state(notify, &json);
	result = send_state(notify->socket, &json, listener);
	fd_close(&notify->socket);
	notify->has_failed = result < 0;
	if (result < 0)
		return err_sys(err, result, ORIGIN ": send the listener to the seccomp agent %s",
			       notify->state->listener_path);
	return 0;
}

void seccomp_notify_close(struct seccomp_notify *notify)
{
	fd_close(&notify->socket);
}
