/*
 * runtime/session.c - the runtime's side of the talk with init.
 *
 * Runtime process only.  init is not trusted to keep to the protocol: what doesn't fit the step table is an error.
 */
#include "runtime/session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/trace.h"
#include "plan/exec.h"
#include "plan/op_rows.h"
#include "runtime/process.h"
#include "runtime/signals.h"
#include "sys/file.h"
#include "sys/process.h"

/* How long a dying init gets to become a zombie, whose status says why. */
#define DEATH_TIMEOUT_MS 5000

static const struct plan_op *find_op(const struct session *session, uint32_t index)
{
	if (!session->bundle || index >= session->bundle->plan.op_count)
		return NULL;
	return &session->bundle->plan.ops[index];
}

static const char *op_origin(const struct session *session, const struct plan_op *op)
{
	return op->origin.offset == 0 ? "" : session->bundle->plan.pool + op->origin.offset;
}

static void print_log(const struct wire_log *log)
{
	enum log_level level = log->level <= LOG_LEVEL_DEBUG ? (enum log_level)log->level : LOG_LEVEL_DEBUG;

	if (log_is_enabled(level))
		log_write(level, "%.*s", (int)strnlen(log->text, sizeof(log->text)), log->text);
}

static int take_error(struct session *session, const struct wire_error *error, struct err *err)
{
	const struct plan_op *op = find_op(session, error->op_index);

	*err = error->err;
	err->text[sizeof(err->text) - 1] = '\0';
	if (!session->bundle)
		memcpy(session->origin, error->origin, sizeof(session->origin));
	return op ? bundle_locate(session->bundle, op_origin(session, op), err) : -1;
}

static int pass_listener(struct session *session, struct wire_message *message, struct err *err)
{
	int result;

	if (message->fd_count != 1)
		return err_set(err, ERR_PROTOCOL, "WIRE_SECCOMP_FD without a file descriptor");
	result = seccomp_notify_send(&session->notify, message->fds[0], err);
	wire_message_close(message);
	return result;
}

/* Each is about an op; more would fill our memory. */
static int note_path(struct session *session, const struct wire_path *path, struct err *err)
{
	const struct plan_landlock_file file = { .device = path->device, .inode = path->inode };
	size_t count = session->bundle ? session->bundle->plan.op_count : 0;

	if (session->landlock_files.length >= count * sizeof(file))
		return err_set(err, ERR_PROTOCOL, "init told of more paths than it has operations");
	buf_add(&session->landlock_files, &file, sizeof(file));
	return 0;
}

/* init can't say any more what happened: its exit status can. */
static int describe_death(const struct session *session, struct err *err)
{
	siginfo_t info = { .si_pid = 0 };
	const char *state = wire_state_name(session->state);

	if (session->pidfd < 0 || !process_wait_end(session->pidfd, DEATH_TIMEOUT_MS) ||
	    sys_waitid(P_PIDFD, (pid_t)session->pidfd, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0)
		return err_set(err, ERR_PROTOCOL,
			       "the container's init died before its program was executed (state %s)", state);
	if (info.si_code == CLD_EXITED)
		return err_set(err, ERR_PROTOCOL,
			       "the container's init exited with status %d before its program was executed (state %s)",
			       info.si_status, state);
	return err_set(err, ERR_PROTOCOL,
		       "the container's init was killed by signal %d before its program was executed (state %s)%s",
		       info.si_status, state, info.si_status == SIGKILL ? ": out of memory?" : "");
}

static void end_trace(struct session *session)
{
	session_trace_end(&session->trace, session->bundle ? &session->bundle->plan : NULL, session->pid);
}

/* The end of the talk: the program is executed, or will never be. */
static int judge_end(struct session *session, struct err *err)
{
	struct wire_error words;
	ssize_t length;

	end_trace(session);
	if (session->state != WIRE_STATE_EXECING)
		return describe_death(session, err);
	length = session->words_fd >= 0 ? sys_pread(session->words_fd, &words, sizeof(words), 0) : 0;
	if (length < 0)
		return err_sys(err, (int)length, "read whether init could execute the program");
	if (length == sizeof(words) && words.err.kind != ERR_NONE) {
		words.origin[sizeof(words.origin) - 1] = '\0';
		return take_error(session, &words, err);
	}
	if (session->notify.socket >= 0)
		return err_set(err, ERR_PROTOCOL, "init executed the program without a seccomp listener");
	return 0;
}

/* Waits for init, or for a signal that tells runlet to give up: then what was made can still be taken back. */
static int wait_for_init(const struct session *session, struct err *err)
{
	struct pollfd fds[2] = {
		{ .fd = session->socket, .events = POLLIN },
		{ .fd = session->signal_fd, .events = POLLIN },
	};

	if (session->signal_fd < 0)
		return 0;
	(void)sys_poll(fds, 2, -1);
	if (fds[1].revents)
		return err_set(err, ERR_TIMEOUT, "interrupted by signal %d", signals_read(session->signal_fd));
	return 0;
}

/* Of EXECING, the one message that may bring them; the others' fds are the caller's. */
static int take_words(struct session *session, struct wire_message *message)
{
	if (message->header.type == WIRE_EXECING && message->fd_count == 1) {
		fd_close(&session->words_fd);
		session->words_fd = fd_take(&message->fds[0]);
	}
	return 1;
}

/* "at-hooks", "EXECING": for the trace. */
static const char *describe_message(const struct session *session, const struct wire_message *message)
{
	struct err ignored = ERR_INIT;

	if (message->header.type != WIRE_AT)
		return wire_type_name(message->header.type);
	return wire_state_name(wire_step(session->state, WIRE_INIT, WIRE_AT, message->body.at.point, &ignored));
}

/* As wire_receive(); the time that it takes is init's. */
static int receive(const struct session *session, struct wire_message *message, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("wait for init", "");
	int result;

	if (wait_for_init(session, err) < 0)
		return -1;
	result = wire_receive(session->socket, message, -1, err);
	if (trace_is_enabled())
		trace_name_object(span, result == 1 ? describe_message(session, message) : "its end");
	return result;
}

int session_receive(struct session *session, struct wire_message *message, struct err *err)
{
	enum wire_state next;
	int result;

	for (;;) {
		result = receive(session, message, err);
		if (result < 0)
			return -1;
		if (result == 0)
			return judge_end(session, err);
		next = wire_step(session->state, WIRE_INIT, message->header.type, message->body.at.point, err);
		if (message->header.type == WIRE_ERROR) {
			session->state = WIRE_STATE_FAILED;
			return take_error(session, &message->body.error, err);
		}
		if (next == WIRE_STATE_FAILED) {
			wire_message_close(message);
			return -1;
		}
		session->state = next;
		if (message->header.type == WIRE_LOG)
			print_log(&message->body.log);
		else if (message->header.type == WIRE_PATH)
			result = note_path(session, &message->body.path, err);
		else if (message->header.type == WIRE_SECCOMP_FD)
			result = pass_listener(session, message, err);
		else
			return take_words(session, message);
		if (result < 0)
			return -1;
	}
}

/* Where sending fails because init is gone, what it said before it died is the reason that counts. */
static int prefer_last_words(struct session *session, struct err *err)
{
	struct wire_message message;

	if (err->errnum == EPIPE || err->errnum == ECONNRESET) {
		while (session_receive(session, &message, err) == 1)
			wire_message_close(&message);
	}
	return -1;
}

static int send_message(struct session *session, const struct wire_message *message, struct err *err)
{
	enum wire_state next = wire_step(session->state, session->side, message->header.type, WIRE_POINT_NONE, err);

	if (next == WIRE_STATE_FAILED)
		return -1;
	session->state = next;
	return wire_send(session->socket, message, err) < 0 ? prefer_last_words(session, err) : 0;
}

static int send_trace(struct session *session, struct err *err)
{
	struct wire_message message;
	int result;

	if (session_trace_begin(&session->trace, session->bundle ? &session->bundle->plan : NULL, &message, err) < 0)
		return -1;
	result = send_message(session, &message, err);
	wire_message_close(&message);
	return result;
}

int session_send(struct session *session, enum wire_type type, const int *fds, uint32_t fd_count, struct err *err)
{
	struct wire_message message = { .header.type = type, .fd_count = fd_count };

	if (type == WIRE_GO && trace_is_enabled() && send_trace(session, err) < 0)
		return -1;
	for (uint32_t i = 0; i < fd_count; i++)
		message.fds[i] = fds[i];
	return send_message(session, &message, err);
}

static int send_slot_batch(struct session *session, struct wire_message *message, struct err *err)
{
	message->header = (struct wire_header){ WIRE_SLOTS, sizeof(message->body.slots) };
	message->body.slots.count = message->fd_count;
	if (send_message(session, message, err) < 0)
		return -1;
	message->fd_count = 0;
	return 0;
}

int session_send_slots(struct session *session, const int *slots, size_t slot_count, struct err *err)
{
	struct wire_message message = { .fd_count = 0 };

	for (size_t i = 0; i < slot_count; i++) {
		if (slots[i] < 0)
			continue;
		message.body.slots.slots[message.fd_count] = (uint32_t)i;
		message.fds[message.fd_count++] = slots[i];
		if (message.fd_count == WIRE_FDS_MAX && send_slot_batch(session, &message, err) < 0)
			return -1;
	}
	return message.fd_count > 0 ? send_slot_batch(session, &message, err) : 0;
}

_Static_assert(CGROUP_TASKS_MAX == WIRE_CGROUPS_MAX, "all that are opened fit into one message");

int session_send_cgroup(struct session *session, const struct cgroup_tasks *tasks, struct err *err)
{
	struct wire_message message = {
		.header = { WIRE_CGROUP, sizeof(message.body.cgroup) },
		.body.cgroup.count = tasks->count,
		.fd_count = tasks->count,
	};

	if (tasks->count == 0)
		return 0;
	for (uint32_t i = 0; i < tasks->count; i++) {
		message.fds[i] = tasks->fds[i];
		snprintf(message.body.cgroup.names[i], WIRE_CGROUP_NAME_SIZE, "%s", tasks->names[i]);
	}
	return send_message(session, &message, err);
}

void session_close(struct session *session)
{
	end_trace(session);
	fd_close(&session->socket);
	fd_close(&session->words_fd);
	fd_close(&session->signal_fd);
	seccomp_notify_close(&session->notify);
	buf_free(&session->landlock_files);
}
