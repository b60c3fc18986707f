/*
 * runtime/exec.c - `runlet exec`: one more process in a container that is there.
 *
 * Runtime process only.  No lock: an exec must get through while start or a foreground run holds it.  Nothing is
 * stored: a failure leaves nothing, and a process that was made ends with the socket that it listens to.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/rlimit_names.h"
#include "base/seccomp_flags.h"
#include "base/trace.h"
#include "runtime/console.h"
#include "runtime/exec.h"
#include "runtime/foreground.h"
#include "runtime/inherit.h"
#include "runtime/launch.h"
#include "runtime/pidfd_socket.h"
#include "runtime/process.h"
#include "runtime/recipe.h"
#include "runtime/session.h"
#include "runtime/signals.h"
#include "sys/process.h"

/* How long a process that failed may take to die; a frozen one dies when it is thawed. */
#define DEATH_TIMEOUT_MS 2000

/* How long a process that was killed may have to wait for the end of its container. */
#define STOP_TIMEOUT_MS 300

/* An exec in the making. */
struct execution {
	const struct runtime_exec_options *options;
	struct container container;
	struct exec_target target;
	struct spec_process process;
	struct bundle bundle;      /* the plan alone: there is no text to tell places in */
	struct cgroup cgroup;      /* to be entered */
	struct cgroup_tasks tasks;
	struct session session;
	pid_t pid;                 /* a child of runlet, or 0 */
	int pidfd;
	bool is_in_v2_cgroup;      /* born there */
	struct console console;    /* its master in the foreground */
	struct pidfd_sockets pidfd_sockets;
	struct foreground foreground;
};

#define EXECUTION_INIT \
	{ .container = CONTAINER_INIT, .target = EXEC_TARGET_INIT, .session = SESSION_INIT, .pidfd = -1, \
	  .console = CONSOLE_INIT, .pidfd_sockets = PIDFD_SOCKETS_INIT, .foreground = FOREGROUND_INIT }

static int open_console(struct execution *execution, struct err *err)
{
	const struct console_request request = {
		.socket_path = execution->options->console_socket,
		.is_detached = execution->options->detach,
		.has_terminal = execution->process.terminal,
		.kind = ERR_USAGE,
	};

	return console_open(&execution->console, &request, err);
}

static int compile(struct execution *execution, const struct plan_recipe *recipe, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("plan", "");
	struct arena *arena = &execution->container.arena;
	struct bundle *bundle = &execution->bundle;

	bundle->plan_options = (struct plan_options){
		.id = execution->options->id,
		.preserve_fds = execution->options->preserve_fds,
		.log_level = bundle_log_level(),
	};
	if (host_probe(arena, plan_exec_host_facts(recipe, &execution->process), &bundle->host, err) < 0)
		return -1;
	if (plan_build_exec(arena, recipe, &execution->process, &bundle->host, &bundle->plan_options, &bundle->plan,
	                    err) < 0)
		return -1;
	for (size_t i = 0; i < bundle->plan.warnings.count; i++)
		log_warn("%s", bundle->plan.warnings.items[i]);
	return plan_check(&bundle->plan, err);
}

/* The container's filter is its own here: a listener, and so a connection, of its own. */
static int find_agent(struct execution *execution, const struct plan_recipe *recipe, struct err *err)
{
	if ((recipe->seccomp.flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) == 0)
		return 0;
	return seccomp_notify_connect(&execution->session.notify, &execution->container.state, STATUS_RUNNING, err);
}

/* Everything that can fail without anything having been made. */
static int prepare(const struct runtime_context *context, struct execution *execution, struct err *err)
{
	const struct runtime_exec_options *options = execution->options;
	struct container *container = &execution->container;
	struct plan_recipe recipe;

	if (options->preserve_fds > 65536)
		return err_set(err, ERR_USAGE, "more than 65536 file descriptors can't be preserved");
	if (inherit_check(options->preserve_fds, err) < 0 || container_open(context, options->id, container, err) < 0)
		return -1;
	if (exec_target_check(container, options->ignore_paused, err) < 0 ||
	    recipe_read(&container->arena, &container->entry, &recipe, err) < 0 ||
	    exec_target_open(container, &recipe, &execution->target, err) < 0)
		return -1;
	if (exec_process_make(&container->arena, options, &recipe, &execution->process, err) < 0)
		return -1;
	if (cgroup_sub(&container->arena, &container->cgroup, options->cgroups, options->cgroup_count,
	               &execution->cgroup, err) < 0 ||
	    open_console(execution, err) < 0 || find_agent(execution, &recipe, err) < 0 ||
	    pidfd_sockets_connect(&execution->pidfd_sockets, options->pidfd_socket, NULL, err) < 0)
		return -1;
	return compile(execution, &recipe, err);
}

/* --- the process --- */

static int open_cgroups(struct execution *execution, struct err *err)
{
	if (cgroup_tasks_open(&execution->cgroup, &execution->tasks, err) == 0)
		return 0;
	/* So many that runlet moves the process itself (join_cgroups()). */
	return err->kind == ERR_UNSUPPORTED ? 0 : -1;
}

static int spawn(struct execution *execution, struct err *err)
{
	const struct spawn_target target = {
		.pid = execution->target.pid,
		.pidfd = execution->target.pidfd,
		.root_fd = execution->target.root_fd,
		.tasks = &execution->tasks,
	};
	const struct launch_request request = {
		.bundle = &execution->bundle,
		.entry_fd = execution->container.entry.fd,
		.target = &target,
		.cgroup = &execution->cgroup,
		.inherited_fds = execution->options->preserve_fds,
	};
	struct spawn_result result;
	int failed;

	if (open_cgroups(execution, err) < 0)
		return -1;
	failed = launch_init(&request, &execution->session, &result, err);
	execution->pid = result.pid > 0 ? result.pid : 0;
	execution->pidfd = result.pidfd;
	execution->is_in_v2_cgroup = result.is_in_cgroup;
	return failed;
}

static bool has_version(const struct cgroup *cgroup, uint32_t version)
{
	for (size_t i = 0; i < cgroup->dir_count; i++) {
		if (cgroup->dirs[i].version == version)
			return true;
	}
	return false;
}

/* A container that manages cgroups of its own takes new processes only where its own are, as with runc. */
static int join_v2(struct execution *execution, struct err *err)
{
	struct cgroup inner;

	if (cgroup_join_v2(&execution->cgroup, execution->pid, err) == 0)
		return 0;
	if (err->errnum != EBUSY || execution->options->cgroup_count > 0)
		return -1;
	*err = (struct err)ERR_INIT;
	if (cgroup_inner(&execution->container.arena, &execution->cgroup, execution->target.pid, &inner, err) < 0)
		return -1;
	return cgroup_join_v2(&inner, execution->pid, err);
}

/* What the process couldn't enter by itself. */
static int join_cgroups(struct execution *execution, struct err *err)
{
	bool is_missing_v1 = execution->tasks.count == 0 && has_version(&execution->cgroup, 1);

	cgroup_tasks_close(&execution->tasks);
	if (!execution->is_in_v2_cgroup && join_v2(execution, err) < 0)
		return -1;
	return is_missing_v1 ? cgroup_join(&execution->cgroup, execution->pid, true, err) : 0;
}

/* --- the talk with init --- */

/* Raising a limit takes CAP_SYS_RESOURCE outside the container's user namespace, in which init is. */
static int set_rlimits(const struct execution *execution, struct err *err)
{
	const struct spec_rlimit_list *limits = &execution->process.rlimits;
	size_t failed;

	if (!(execution->bundle.plan.spawn.join_flags & CLONE_NEWUSER) || sys_geteuid() != 0 ||
	    process_set_rlimits(execution->pid, limits, &failed, err) == 0)
		return 0;
	return err_prefix(err, "rlimit %s", name_from_value(&rlimit_names, limits->items[failed].type));
}

/* Before the program can ask for its size.  No signal may end runlet while its own terminal is a raw one. */
static int open_terminal(struct execution *execution, struct err *err)
{
	if (!execution->process.terminal || execution->console.socket >= 0)
		return 0;
	if (execution->console.master < 0)
		return err_set(err, ERR_PROTOCOL, "init made no terminal");
	if (signals_hold(SIGNALS_FORWARDED, err) < 0)
		return -1;
	return tty_open(&execution->foreground.tty, execution->console.master, err);
}

static int answer_ready(struct execution *execution, struct err *err)
{
	if (set_rlimits(execution, err) < 0 || open_terminal(execution, err) < 0)
		return -1;
	return session_send(&execution->session, WIRE_CONTINUE, NULL, 0, err);
}

static int answer(struct execution *execution, struct wire_message *message, struct err *err)
{
	if (message->header.type == WIRE_CONSOLE)
		return console_take(&execution->console, message, err);
	return execution->session.state == WIRE_STATE_READY ? answer_ready(execution, err) : 0;
}

/* Until init has executed the program. */
static int talk(struct execution *execution, struct err *err)
{
	struct session *session = &execution->session;
	struct wire_message message;
	int result;

	if (session_send(session, WIRE_GO, NULL, 0, err) < 0)
		return -1;
	while ((result = session_receive(session, &message, err)) == 1) {
		result = answer(execution, &message, err);
		wire_message_close(&message);
		if (result < 0)
			return -1;
	}
	return result;
}

static int launch(struct execution *execution, struct err *err)
{
	struct session *session = &execution->session;

	if (spawn(execution, err) < 0 ||
	    exec_target_check_user_ns(&execution->target, execution->bundle.plan.spawn.join_flags, err) < 0)
		return -1;
	session->side = WIRE_RUNTIME;
	session->bundle = &execution->bundle;
	session->pidfd = execution->pidfd;
	session->pid = execution->pid;
	session->notify.pid = (uint32_t)execution->pid;
	/*
	 * Not before: a process that enters a paused cgroup stops there, and who ends a runlet that waits for it has
	 * taken everything back by that.
	 */
	session->signal_fd = signals_open(SIGNALS_STOPPING, -1, err);
	if (session->signal_fd < 0 || join_cgroups(execution, err) < 0)
		return -1;
	if (process_set_oom_score(execution->pid, &execution->bundle.plan.oom_score_adj, err) < 0)
		return -1;
	return talk(execution, err);
}

/* --- its end --- */

static void kill_process(struct execution *execution)
{
	int status;

	if (execution->pid <= 0)
		return;
	(void)sys_pidfd_send_signal(execution->pidfd, SIGKILL);
	if (process_wait_end(execution->pidfd, DEATH_TIMEOUT_MS))
		(void)sys_wait4(execution->pid, &status, 0, NULL);
	else
		log_warn("process %d dies when the container is resumed", execution->pid);
	execution->pid = 0;
}

/*
 * A container that ends meanwhile takes the process with it, or doesn't let it in.  Its first process is gone only when
 * all others have been waited for (pid_namespaces(7)), so that runlet's own child comes first.
 */
static int explain(struct execution *execution, struct err *err)
{
	kill_process(execution);
	if (err->kind == ERR_EXEC_NOT_FOUND || err->kind == ERR_EXEC_DENIED ||
	    !process_wait_end(execution->target.pidfd, err->kind == ERR_PROTOCOL ? STOP_TIMEOUT_MS : 0))
		return -1;
	return err_set(err, ERR_STATE, "cannot exec in a stopped container: %s", execution->options->id);
}

static int watch(struct execution *execution, int *exit_status, struct err *err)
{
	struct foreground *foreground = &execution->foreground;
	int status = 0, result;
	pid_t pid;

	/* From here on signals belong to the program. */
	if (signals_open(SIGNALS_FORWARDED, execution->session.signal_fd, err) < 0)
		return -1;
	foreground->pid = execution->pid;
	foreground->pidfd = execution->pidfd;
	foreground->signal_fd = execution->session.signal_fd;
	foreground_watch(foreground);
	pid = execution->pid;
	execution->pid = 0;
	result = sys_wait4(pid, &status, 0, NULL);
	if (result < 0)
		return err_sys(err, result, "wait for process %d", pid);
	*exit_status = process_exit_code(status);
	return 0;
}

/* The program runs: from here on a failure of runlet's ends it. */
static int finish(struct execution *execution, int *exit_status, struct err *err)
{
	if (pidfd_sockets_send(&execution->pidfd_sockets, PIDFD_SOCKET_EXEC, execution->pidfd, err) < 0 ||
	    process_write_pid_file(execution->options->pid_file, execution->pid, err) < 0)
		return -1;
	return execution->options->detach ? 0 : watch(execution, exit_status, err);
}

static void execution_close(struct execution *execution)
{
	tty_close(&execution->foreground.tty);
	session_close(&execution->session);
	cgroup_tasks_close(&execution->tasks);
	exec_target_close(&execution->target);
	fd_close(&execution->pidfd);
	console_close(&execution->console);
	pidfd_sockets_close(&execution->pidfd_sockets);
	container_close(&execution->container);
}

int runtime_exec(const struct runtime_context *context, const struct runtime_exec_options *options, int *exit_status,
                 struct err *err)
{
	struct execution execution = EXECUTION_INIT;
	int result;

	execution.options = options;
	result = prepare(context, &execution, err);
	if (result == 0) {
		result = launch(&execution, err);
		if (result < 0)
			result = explain(&execution, err);
	}
	if (result == 0)
		result = finish(&execution, exit_status, err);
	if (result < 0)
		kill_process(&execution);
	execution_close(&execution);
	return result;
}
