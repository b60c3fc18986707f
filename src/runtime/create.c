/*
 * runtime/create.c - `runlet create`, and what run shares: everything up to the point where init waits for start.
 *
 * Runtime process only.  Whatever is made is put on the undo stack before or as it is made, so that a failure leaves
 * nothing; what a killed runlet leaves is found by delete through the state directory.
 */
#include "runtime/create.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "cgroup/systemd.h"
#include "runtime/hooks.h"
#include "runtime/idmap.h"
#include "runtime/mount_idmap.h"
#include "runtime/net_device.h"
#include "runtime/inherit.h"
#include "runtime/launch.h"
#include "runtime/process.h"
#include "runtime/recipe.h"
#include "runtime/signals.h"
#include "runtime/teardown.h"
#include "sys/file.h"
#include "sys/process.h"

/* How long init, of which something is gone already, may take to end. */
#define DEATH_TIMEOUT_MS 1000

/* --- what takes things back; failures are warnings, as the first error is what the user has to see --- */

static void warn(struct err *err)
{
	(void)err_prefix(err, "while cleaning up");
	log_warn_err(err);
}

static void undo_entry(void *argument)
{
	const struct creation *creation = argument;
	struct err err = ERR_INIT;

	if (store_remove(&creation->entry, &err) < 0)
		warn(&err);
}

/* runtime-spec 1.3, lifecycle: when a hook fails, the container is stopped and goes on to its poststop hooks. */
static void undo_hooks(void *argument)
{
	struct creation *creation = argument;

	if (creation->has_reached_hooks)
		hooks_run_poststop(&creation->state);
}

static void undo_mounts(void *argument)
{
	const struct creation *creation = argument;
	struct err err = ERR_INIT;

	if (teardown_mounts(creation->state.rootfs, &creation->state.kept_mounts, &err) < 0)
		warn(&err);
}

static void undo_cgroup(void *argument)
{
	const struct creation *creation = argument;
	struct err err = ERR_INIT;

	if (teardown_cgroup(&creation->cgroup, &err) < 0)
		warn(&err);
}

static void undo_process(void *argument)
{
	struct creation *creation = argument;
	struct err err = ERR_INIT;
	int ignored;

	if (creation->pid <= 0)
		return;
	if (teardown_process(creation->pidfd, creation->pid, &creation->cgroup, &err) < 0)
		warn(&err);
	else
		(void)creation_reap(creation, &ignored);
}

/* --- state --- */

int creation_save(struct creation *creation, enum state_status status, struct err *err)
{
	_cleanup_buf_ struct buf json = BUF_INIT;

	creation->state.status = status;
	creation->state.cgroup =
		creation->cgroup.dir_count > 0 ? cgroup_record(&creation->arena, &creation->cgroup) : NULL;
	state_emit_file(&creation->state, &json);
	return store_write_state(&creation->entry, json.data, json.length, err);
}

/* linux.resources.memory.checkBeforeUpdate, which is about every update to come. */
static bool checks_memory(const struct spec *spec)
{
	const struct spec_resources *resources = spec->linux->resources;

	return resources && resources->memory && resources->memory->check_before_update.value;
}

static int fill_state(struct creation *creation, struct err *err)
{
	const struct spec *spec = &creation->bundle.spec;
	const struct plan *plan = &creation->bundle.plan;
	struct state *state = &creation->state;
	char *resolved;

	*state = (struct state){
		.oci_version = spec->oci_version,
		.id = (char *)creation->options->id,
		.bundle = creation->bundle.path,
		.config = bundle_given_config(&creation->arena, creation->options),
		.rootfs = creation->bundle.rootfs,
		.created = state_timestamp(&creation->arena),
		.owner = creation->bundle.host.euid,
		.annotations = spec->annotations,
		.has_own_pid_ns = plan->has_own_pid_ns,
		.has_mount_ns = plan->has_mount_ns,
		.has_start_hooks = spec->hooks.kinds[HOOK_START_CONTAINER].count > 0,
		.has_process = plan->has_process,
		.checks_memory = checks_memory(spec),
		.poststart = spec->hooks.kinds[HOOK_POSTSTART],
		.poststop = spec->hooks.kinds[HOOK_POSTSTOP],
		.listener_path = creation->state.listener_path,
		.listener_metadata = creation->state.listener_metadata,
		.notify_socket = (char *)(creation->bundle.plan_options.notify_dir ? notify_caller_socket() : NULL),
	};
	if (plan->has_mount_ns)
		return 0;
	/* The mounts will be the host's, and mountinfo has no symlinks in its paths. */
	resolved = realpath(state->rootfs, NULL);
	if (!resolved)
		return err_sys(err, errno, "open the root %s", state->rootfs);
	state->rootfs = arena_strdup(&creation->arena, resolved);
	free(resolved);
	return teardown_list_mounts(&creation->arena, state->rootfs, &state->kept_mounts, err);
}

/* --- before there is a process --- */

static int open_console(struct creation *creation, struct err *err)
{
	const struct console_request request = {
		.socket_path = creation->options->console_socket,
		.is_detached = creation->uses_start_socket || creation->options->detach,
		.has_terminal = creation->bundle.plan.has_terminal,
		.kind = ERR_CONFIG,
	};

	creation->has_own_terminal = request.has_terminal && !request.is_detached;
	return console_open(&creation->console, &request, err);
}

/* The agent is there, or nothing is begun; run, which needs it at once, connects to it. */
static int find_agent(struct creation *creation, struct err *err)
{
	const struct spec_seccomp *seccomp = creation->bundle.spec.linux->seccomp;
	struct state *state = &creation->state;
	int result;

	if (!creation->bundle.plan.has_process || !seccomp || !plan_seccomp_notifies(seccomp))
		return 0;
	state->listener_path = seccomp->listener_path;
	state->listener_metadata = seccomp->listener_metadata;
	result = creation->uses_start_socket ?
	         seccomp_notify_check(seccomp->listener_path, err) :
	         seccomp_notify_connect(&creation->session.notify, state, STATUS_CREATED, err);
	return result < 0 ? bundle_locate_prefix(&creation->bundle, err) : 0;
}

/* Everything that can fail without anything having been made. */
static int prepare(struct creation *creation, struct err *err)
{
	const struct runtime_create_options *options = creation->options;
	struct plan_options plan_options = {
		.uses_start_socket = creation->uses_start_socket,
		.goes_on_when_ready = !creation->uses_start_socket && !options->pid_file && !options->pidfd_socket,
		.listen_fds = inherit_listen_fds(),
	};

	if (creation->context->cgroup_manager == CGROUP_SYSTEMD && cgroup_systemd_check(err) < 0)
		return -1;
	if (options->preserve_fds > 65536 || plan_options.listen_fds > 65536)
		return err_set(err, ERR_USAGE, "more than 65536 file descriptors can't be preserved");
	creation->inherited_fds = plan_options.listen_fds + options->preserve_fds;
	if (inherit_check(creation->inherited_fds, err) < 0 || store_check_id(options->id, err) < 0)
		return -1;
	creation->session.signal_fd = signals_open(SIGNALS_STOPPING, -1, err);
	if (creation->session.signal_fd < 0)
		return -1;
	if (store_open(&creation->arena, creation->context, true, &creation->store, err) < 0)
		return -1;
	if (notify_caller_socket())
		plan_options.notify_dir =
			arena_printf(&creation->arena, "%s/%s/" STORE_NOTIFY_DIR, creation->store.path, options->id);
	if (bundle_load(&creation->arena, creation->context, options, &plan_options, &creation->store,
	                &creation->bundle, err) < 0)
		return -1;
	if (!creation->uses_start_socket && !creation->bundle.plan.has_process)
		return err_set(err, ERR_CONFIG, "%s: process is missing: there is nothing to run",
			       creation->bundle.config_name);
	if (open_console(creation, err) < 0)
		return -1;
	if (pidfd_sockets_connect(&creation->pidfd_sockets, options->pidfd_socket, &creation->bundle.spec.annotations,
	                          err) < 0)
		return bundle_locate_prefix(&creation->bundle, err);
	return find_agent(creation, err);
}

static int claim(struct creation *creation, struct err *err)
{
	if (store_claim(&creation->arena, &creation->store, creation->options->id, &creation->entry, err) < 0)
		return -1;
	undo_push(&creation->undo, undo_entry, creation);
	if (fill_state(creation, err) < 0)
		return -1;
	undo_push(&creation->undo, undo_hooks, creation);
	if (!creation->state.has_mount_ns)
		undo_push(&creation->undo, undo_mounts, creation);
	undo_push(&creation->undo, undo_cgroup, creation);
	undo_push(&creation->undo, undo_process, creation);
	if (creation->bundle.plan_options.notify_dir && notify_make_dir(&creation->entry, err) < 0)
		return -1;
	return slots_open(&creation->arena, &creation->bundle, &creation->entry, &creation->slots, err);
}

/* --- the process --- */

static int spawn(struct creation *creation, struct err *err)
{
	const struct launch_request request = {
		.bundle = &creation->bundle,
		.entry_fd = creation->entry.fd,
		.slots = creation->slots.fds,
		.cgroup = &creation->cgroup,
		.inherited_fds = creation->inherited_fds,
	};
	struct spawn_result result;
	int failed = launch_init(&request, &creation->session, &result, err);

	creation->pid = result.pid > 0 ? result.pid : 0;
	creation->pidfd = result.pidfd;
	creation->is_in_v2_cgroup = result.is_in_cgroup;
	return failed;
}

static int map_ids(struct creation *creation, struct err *err)
{
	struct wire_message message;

	if (!creation->bundle.plan.spawn.has_new_user_ns)
		return 0;
	/* The step table allows nothing but WIRE_NEED_MAP here. */
	if (session_receive(&creation->session, &message, err) != 1)
		return -1;
	wire_message_close(&message);
	if (idmap_write(creation->pid, &creation->bundle.plan.spawn, err) < 0)
		return -1;
	return session_send(&creation->session, WIRE_MAPPED, NULL, 0, err);
}

static int write_oom_score(const struct creation *creation, struct err *err)
{
	if (process_set_oom_score(creation->pid, &creation->bundle.plan.oom_score_adj, err) < 0)
		return bundle_locate(&creation->bundle, "process.oomScoreAdj", err);
	return 0;
}

/* What init said before it ended is the reason that counts. */
static int take_last_words(struct creation *creation, struct err *err)
{
	struct wire_message message;

	while (session_receive(&creation->session, &message, err) == 1)
		wire_message_close(&message);
	return -1;
}

/* Where its files of /proc are gone, init is about to be. */
static int prefer_last_words(struct creation *creation, struct err *err)
{
	bool is_gone = err->errnum == ENOENT || err->errnum == ESRCH;

	return is_gone && process_wait_end(creation->pidfd, DEATH_TIMEOUT_MS) ? take_last_words(creation, err) : -1;
}

/* The process is in the v2 cgroup then, where there is one. */
static int start_unit(struct creation *creation, struct err *err)
{
	creation->is_in_v2_cgroup = true;
	if (cgroup_systemd_start(&creation->arena, &creation->bundle.host, &creation->bundle.plan.cgroup, creation->pid,
				 &creation->cgroup, err) == 0)
		return 0;
	if (process_wait_end(creation->pidfd, 0))
		return take_last_words(creation, err);
	return bundle_locate_prefix(&creation->bundle, err);
}

static int make_cgroup(struct creation *creation, uint32_t version, struct err *err)
{
	const struct plan_cgroup *plan = &creation->bundle.plan.cgroup;

	/* systemd starts its scope around a process, when there is one. */
	if (plan->manager == CGROUP_SYSTEMD)
		return version == 2 ? 0 : start_unit(creation, err);
	if (cgroup_create(&creation->arena, &creation->bundle.host, plan, version, &creation->cgroup, err) < 0)
		return bundle_locate_prefix(&creation->bundle, err);
	return 0;
}

/*
 * Being born in the v2 cgroup and entering the others by itself costs no move; where the kernel is too old for that, or
 * there are too many, runlet moves init.
 */
static int enter_cgroup(struct creation *creation, struct err *err)
{
	bool has_v2 = creation->bundle.host.cgroup_mode != HOST_CGROUP_V1;

	if (cgroup_apply_devices(&creation->cgroup, &creation->bundle.plan.cgroup, err) < 0)
		return -1;
	if (creation->is_in_v2_cgroup || !has_v2) {
		if (cgroup_tasks_open(&creation->cgroup, &creation->tasks, err) == 0)
			return 0;
		if (err->kind != ERR_UNSUPPORTED)
			return -1;
	}
	return cgroup_join(&creation->cgroup, creation->pid, creation->is_in_v2_cgroup, err);
}

/*
 * Hooks and what they start may ask for the state of the container.  And where init is about to wait for `start`, it
 * outlives a runlet that is killed now: without cgroups only the pid leads delete to it.
 */
static bool must_store_pid(const struct creation *creation)
{
	const struct spec_hook_list *kinds = creation->bundle.spec.hooks.kinds;

	return creation->uses_start_socket || kinds[HOOK_PRESTART].count > 0 || kinds[HOOK_CREATE_RUNTIME].count > 0 ||
	       kinds[HOOK_CREATE_CONTAINER].count > 0;
}

/*
 * Makes the process and lets it run.  Only the v2 cgroup must be there before (to be born in it costs no move); the
 * others are made while init mounts, on another CPU.
 */
static int launch(struct creation *creation, struct err *err)
{
	const struct plan_cgroup *plan = &creation->bundle.plan.cgroup;

	/*
	 * Stored before they are made, so that delete finds them when runlet is killed in between.  The pid need not be
	 * known yet: without runlet init ends at its first question, as nobody answers it.
	 */
	cgroup_predict(&creation->arena, &creation->bundle.host, plan, &creation->cgroup);
	if (creation_save(creation, STATUS_CREATING, err) < 0)
		return -1;
	creation->cgroup = (struct cgroup){ .manager = plan->manager };
	if (make_cgroup(creation, 2, err) < 0 || spawn(creation, err) < 0)
		return -1;
	creation->session.side = WIRE_RUNTIME;
	creation->session.bundle = &creation->bundle;
	creation->session.pidfd = creation->pidfd;
	creation->session.pid = creation->pid;
	if (map_ids(creation, err) < 0)
		return -1;
	if (slots_open_trees(&creation->bundle, creation->pid, &creation->slots, err) < 0 ||
	    mount_idmap_apply(&creation->bundle, &creation->slots, creation->pid, err) < 0)
		return prefer_last_words(creation, err);
	if (session_send_slots(&creation->session, creation->slots.fds, creation->slots.count, err) < 0)
		return -1;
	if (session_send(&creation->session, WIRE_GO, NULL, 0, err) < 0)
		return -1;
	slots_close(&creation->slots);
	creation->state.pid = (uint32_t)creation->pid;
	if (process_start_time(creation->pid, &creation->state.pid_start_time, err) < 0)
		return -1;
	if (write_oom_score(creation, err) < 0)
		return -1;
	if (make_cgroup(creation, 1, err) < 0 || enter_cgroup(creation, err) < 0)
		return -1;
	/*
	 * Where nothing can wait between created and running, what the state file will say is known now, and it is
	 * written while init works.  A `run` that is killed meanwhile leaves an init that ends at EOF.
	 */
	creation->has_stored_running = !must_store_pid(creation);
	return creation_save(creation, creation->has_stored_running ? STATUS_RUNNING : STATUS_CREATING, err);
}

/* --- answers to init --- */

static int run_hooks(struct creation *creation, enum spec_hook_kind kind, struct err *err)
{
	const struct spec_hook_list *hooks = &creation->bundle.spec.hooks.kinds[kind];

	if (hooks_run(hooks, kind, &creation->state, STATUS_CREATING, err) < 0)
		return bundle_locate_prefix(&creation->bundle, err);
	return 0;
}

/* At the first point that init stops at. */
static int send_cgroup(struct creation *creation, struct err *err)
{
	int result = session_send_cgroup(&creation->session, &creation->tasks, err);

	cgroup_tasks_close(&creation->tasks);
	return result;
}

static int answer_cgroup(struct creation *creation, struct wire_message *message, struct err *err)
{
	(void)message;
	if (send_cgroup(creation, err) < 0)
		return -1;
	if (creation->session.state == WIRE_STATE_AT_CGROUP &&
	    session_send(&creation->session, WIRE_CONTINUE, NULL, 0, err) < 0)
		return -1;
	/* Where this is the only meeting; while init works. */
	return creation->bundle.plan.is_met_at_hooks ? 0 : recipe_write(&creation->entry, &creation->bundle, err);
}

static int answer_hooks(struct creation *creation, struct wire_message *message, struct err *err)
{
	_cleanup_fd_ int state = -1;

	(void)message;
	creation->has_reached_hooks = true;
	/* With hooks that run here there was SYNC_CGROUP before. */
	if (send_cgroup(creation, err) < 0 || net_devices_move(&creation->bundle, creation->pid, err) < 0)
		return -1;
	if (run_hooks(creation, HOOK_PRESTART, err) < 0 || run_hooks(creation, HOOK_CREATE_RUNTIME, err) < 0)
		return -1;
	if (creation->bundle.spec.hooks.kinds[HOOK_CREATE_CONTAINER].count > 0) {
		state = hooks_open_state(&creation->state, STATUS_CREATING, err);
		if (state < 0)
			return -1;
	}
	if (session_send(&creation->session, WIRE_CONTINUE, &state, state >= 0, err) < 0)
		return -1;
	/* While init works. */
	return recipe_write(&creation->entry, &creation->bundle, err);
}

static int answer_console(struct creation *creation, struct wire_message *message, struct err *err)
{
	return console_take(&creation->console, message, err);
}

/* By the state that the message led to; RUNNING is what stays after WIRE_CONSOLE. */
static int (*const answers[WIRE_STATE_COUNT])(struct creation *, struct wire_message *, struct err *) = {
	[WIRE_STATE_AT_CGROUP] = answer_cgroup,
	[WIRE_STATE_AT_HOOKS] = answer_hooks,
	[WIRE_STATE_RUNNING] = answer_console,
};

static int talk_until_ready(struct creation *creation, struct err *err)
{
	struct wire_message message;
	int result;

	for (;;) {
		if (session_receive(&creation->session, &message, err) != 1)
			return -1;
		if (creation->session.state == WIRE_STATE_READY || creation->session.state == WIRE_STATE_STARTING)
			return 0;
		result = err_set(err, ERR_PROTOCOL, "init said %s, which create has no answer to",
				 wire_type_name(message.header.type));
		if (answers[creation->session.state])
			result = answers[creation->session.state](creation, &message, err);
		wire_message_close(&message);
		if (result < 0)
			return -1;
	}
}

/* Raising a limit takes CAP_SYS_RESOURCE outside the container's user namespace, which init has left. */
static int set_rlimits(const struct creation *creation, struct err *err)
{
	const struct spec_process *process = creation->bundle.spec.process;
	char origin[48];
	size_t failed;

	if (!process || !creation->bundle.plan.spawn.has_new_user_ns || sys_geteuid() != 0)
		return 0;
	if (process_set_rlimits(creation->pid, &process->rlimits, &failed, err) == 0)
		return 0;
	snprintf(origin, sizeof(origin), "process.rlimits[%zu]", failed);
	return bundle_locate(&creation->bundle, origin, err);
}

int creation_make(struct creation *creation, struct err *err)
{
	creation->state = (struct state){ 0 };
	if (prepare(creation, err) < 0)
		return -1;
	if (claim(creation, err) == 0 && launch(creation, err) == 0 && talk_until_ready(creation, err) == 0 &&
	    set_rlimits(creation, err) == 0 &&
	    recipe_add_files(&creation->entry, &creation->session.landlock_files, err) == 0 &&
	    cgroup_delegate(&creation->cgroup, &creation->bundle.plan.cgroup, creation->pid, err) == 0 &&
	    pidfd_sockets_send(&creation->pidfd_sockets, PIDFD_SOCKET_INIT, creation->pidfd, err) == 0)
		return 0;
	undo_run(&creation->undo);
	return -1;
}

int creation_reap(struct creation *creation, int *wait_status)
{
	int result = 0;

	*wait_status = 0;
	if (creation->pid > 0)
		result = sys_wait4(creation->pid, wait_status, 0, NULL);
	creation->pid = -1;
	return result < 0 ? result : 0;
}

static void undo_pid_file(void *argument)
{
	const struct creation *creation = argument;

	(void)sys_unlinkat(AT_FDCWD, creation->options->pid_file, 0);
}

int creation_write_pid_file(struct creation *creation, struct err *err)
{
	if (!creation->options->pid_file)
		return 0;
	if (process_write_pid_file(creation->options->pid_file, creation->pid, err) < 0)
		return -1;
	undo_push(&creation->undo, undo_pid_file, creation);
	return 0;
}

void creation_close(struct creation *creation)
{
	session_close(&creation->session);
	slots_close(&creation->slots);
	cgroup_tasks_close(&creation->tasks);
	fd_close(&creation->pidfd);
	console_close(&creation->console);
	pidfd_sockets_close(&creation->pidfd_sockets);
	store_entry_close(&creation->entry);
	store_close(&creation->store);
	arena_free(&creation->arena);
}

int runtime_create(const struct runtime_context *context, const struct runtime_create_options *options, struct err *err)
{
	struct creation creation = CREATION_INIT;
	int result;

	creation.context = context;
	creation.options = options;
	creation.uses_start_socket = true;
	result = creation_make(&creation, err);
	if (result == 0) {
		result = creation_write_pid_file(&creation, err);
		if (result == 0)
			result = creation_save(&creation, STATUS_CREATED, err);
		if (result < 0)
			undo_run(&creation.undo);
	}
	creation_close(&creation);
	return result;
}
