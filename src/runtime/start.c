/*
 * runtime/start.c - `runlet start`: lets a created container's init execute its program, and reports when it can't.
 *
 * Runtime process only.
 */
#include <signal.h>

#include "base/fd.h"
#include "runtime/container.h"
#include "runtime/hooks.h"
#include "runtime/notify.h"
#include "runtime/process.h"
#include "runtime/runtime.h"
#include "runtime/session.h"
#include "runtime/slots.h"
#include "runtime/start.h"
#include "runtime/teardown.h"

/* How long an init that has reported its error may take to die. */
#define DEATH_TIMEOUT_MS 2000

int start_wait_running(struct session *session, struct err *err)
{
	struct wire_message message;
	int result;

	while ((result = session_receive(session, &message, err)) == 1)
		wire_message_close(&message);
	return result;
}

static void stop(const struct state *state, int pidfd, const struct cgroup *cgroup)
{
	struct err ignored = ERR_INIT;

	if (!state->has_own_pid_ns)
		(void)cgroup_kill_all(cgroup, SIGKILL, &ignored);
	(void)teardown_process(pidfd, (pid_t)state->pid, cgroup, &ignored);
}

/* runtime-spec 1.3, lifecycle step 10: when a poststart hook fails, the container is stopped. */
int start_run_hooks(const struct state *state, int pidfd, const struct cgroup *cgroup, struct err *err)
{
	if (hooks_run(&state->poststart, HOOK_POSTSTART, state, STATUS_RUNNING, err) == 0)
		return 0;
	stop(state, pidfd, cgroup);
	return -1;
}

static int check_status(const struct container *container, struct err *err)
{
	static const char *const refusals[STATUS_COUNT] = {
		[STATUS_CREATING] = "cannot start a container that is being created",
		[STATUS_RUNNING] = "cannot start an already running container",
		[STATUS_PAUSED] = "cannot start a paused container",
		[STATUS_STOPPED] = "cannot start a container that has stopped",
	};

	if (container_refuse_half_made(container, err) < 0)
		return -1;
	if (refusals[container->status])
		return err_set(err, ERR_STATE, "%s: %s", refusals[container->status], container->entry.id);
	if (!container->state.has_process)
		return err_set(err, ERR_CONFIG, "config.json of %s has no process to start", container->entry.id);
	return 0;
}

static int say_go(struct container *container, struct session *session, struct err *err)
{
	_cleanup_fd_ int state_fd = -1;

	if (container->state.has_start_hooks) {
		state_fd = hooks_open_state(&container->state, STATUS_CREATED, err);
		if (state_fd < 0)
			return -1;
	}
	session->socket = start_socket_connect(&container->entry, err);
	if (session->socket < 0)
		return -1;
	return session_send(session, WIRE_GO, &state_fd, state_fd >= 0, err);
}

static int start(struct container *container, struct session *session, struct err *err)
{
	const char *caller_socket = notify_caller_socket();
	_cleanup_fd_ int notify = -1;

	if (container_lock(container, err) < 0 || check_status(container, err) < 0)
		return -1;
	if (!caller_socket)
		caller_socket = container->state.notify_socket;
	if (container->state.notify_socket) {
		notify = notify_listen(&container->entry, err);
		if (notify < 0)
			return -1;
	}
	session->pidfd = container->pidfd;
	session->pid = (pid_t)container->state.pid;
	/* Before init is told: as long as nobody listens, the container stays what it is. */
	if (seccomp_notify_connect(&session->notify, &container->state, STATUS_CREATED, err) < 0)
		return -1;
	if (say_go(container, session, err) < 0)
		return -1;
	if (start_wait_running(session, err) < 0) {
		/* It may run by now, and nobody would answer its system calls. */
		if (session->notify.has_failed)
			stop(&container->state, container->pidfd, &container->cgroup);
		/* An engine deletes next, as containerd does: it must find a stopped container, not a dying one. */
		(void)process_wait_end(container->pidfd, DEATH_TIMEOUT_MS);
		return bundle_locate_again(container->state.bundle, container->state.config, session->origin, err);
	}
	container->state.status = STATUS_RUNNING;
	if (container_save(container, err) < 0)
		return -1;
	if (start_run_hooks(&container->state, container->pidfd, &container->cgroup, err) < 0)
		return -1;
	store_unlock(&container->entry);
	if (notify >= 0)
		notify_wait_ready(notify, caller_socket, (pid_t)container->state.pid, container->pidfd);
	return 0;
}

int runtime_start(const struct runtime_context *context, const char *id, struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;
	struct session session = SESSION_INIT;
	int result;

	session.side = WIRE_START;
	session.state = WIRE_STATE_READY;
	result = container_open(context, id, &container, err);
	if (result == 0)
		result = start(&container, &session, err);
	session_close(&session);
	return result;
}
