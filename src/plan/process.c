/*
 * plan/process.c - config.process: limits, identity, and the program.
 *
 * Runtime process only; pure.
 */
#include <string.h>

#include "plan/builder.h"
#include "plan/idmap.h"
#include "plan/seccomp.h"
#include "spec/annotations.h"
#include "spec/cpu_list.h"

#define DEFAULT_UMASK 0022u
#define IO_PRIORITY_CLASS_SHIFT 13

bool plan_needs_outer_rlimits(const struct plan_builder *b)
{
	return b->is_privileged && (b->plan->spawn.has_new_user_ns || (b->recipe != NULL && b->has_user_ns));
}

static void build_rlimits(struct plan_builder *b, const struct spec_process *process)
{
	if (plan_needs_outer_rlimits(b))
		return;
	for (size_t i = 0; i < process->rlimits.count; i++) {
		const struct spec_rlimit *rlimit = &process->rlimits.items[i];
		struct op_rlimit op = { .resource = rlimit->type, .soft = rlimit->soft, .hard = rlimit->hard };
		builder_op(b, OP_RLIMIT, PHASE_IDENTITY, "process.rlimits[%zu]", i)->u.rlimit = op;
	}
}

static void build_scheduling(struct plan_builder *b, const struct spec_process *process)
{
	const struct spec_scheduler *scheduler = process->scheduler;

	if (scheduler != NULL) {
		struct op_scheduler op = {
			.policy = scheduler->policy,
			.nice = scheduler->nice.is_set ? (int32_t)scheduler->nice.value : 0,
			.priority = scheduler->priority.is_set ? (uint32_t)scheduler->priority.value : 0,
			.flags = scheduler->flags,
			.runtime_ns = scheduler->runtime_ns.is_set ? scheduler->runtime_ns.value : 0,
			.deadline_ns = scheduler->deadline_ns.is_set ? scheduler->deadline_ns.value : 0,
			.period_ns = scheduler->period_ns.is_set ? scheduler->period_ns.value : 0,
		};
		builder_op(b, OP_SCHEDULER, PHASE_IDENTITY, "process.scheduler")->u.scheduler = op;
	}
	if (process->io_priority != NULL) {
		uint32_t value = process->io_priority->class << IO_PRIORITY_CLASS_SHIFT |
		                 (uint32_t)process->io_priority->priority;
		builder_op(b, OP_IO_PRIORITY, PHASE_IDENTITY, "process.ioPriority")->u.io_priority.value = value;
	}
}

/* The spec check has parsed it before. */
static void build_memory_policy(struct plan_builder *b)
{
	const struct spec_memory_policy *policy = b->spec->linux->memory_policy;
	struct spec_cpus nodes = { .size = 0 };
	uint32_t *numbers = NULL;
	size_t count = 0;

	if (policy == NULL)
		return;
	if (policy->nodes != NULL)
		(void)spec_cpu_list_parse(policy->nodes, &nodes);
	for (uint32_t node = 0; node < nodes.size * 8; node++) {
		if ((nodes.bits[node / 8] >> node % 8 & 1) == 0)
			continue;
		numbers = arena_grow(b->arena, numbers, count, sizeof(*numbers));
		numbers[count++] = node;
	}
	struct op_memory_policy op = {
		.mode = policy->mode,
		.flags = policy->flags,
		.nodes = builder_numbers(b, numbers, count),
	};
	builder_op(b, OP_MEMORY_POLICY, PHASE_IDENTITY, "linux.memoryPolicy")->u.memory_policy = op;
}

static void build_surroundings(struct plan_builder *b, const struct spec_process *process)
{
	const struct spec_personality *personality = b->spec->linux->personality;
	const struct opt_u32 *mask = &process->user.umask;

	if (personality != NULL)
		builder_op(b, OP_PERSONALITY, PHASE_IDENTITY, "linux.personality")->u.personality.persona =
			personality->domain;
	builder_op(b, OP_UMASK, PHASE_IDENTITY, "%s", mask->is_set ? "process.user.umask" : "")->u.umask.mask =
		mask->is_set ? mask->value : DEFAULT_UMASK;
}

static void build_cwd(struct plan_builder *b, const struct spec_process *process)
{
	const char *cwd = process->cwd == NULL || *process->cwd == '\0' ? "/" : process->cwd;
	struct plan_str path = builder_str(b, cwd);

	/* Before the masks, while a read-only root can still be written to; the container's own process, not exec. */
	if (b->recipe == NULL && strcmp(cwd, "/") != 0)
		builder_op(b, OP_CWD_CREATE, PHASE_DEV, "process.cwd")->u.path.path = path;
	/*
	 * Before the credentials: root may pass directories that the user may not.  Where it's the other way round
	 * (NFS), OP_CREDENTIALS tries again.
	 */
	builder_op(b, OP_CWD, PHASE_IDENTITY, "process.cwd")->u.path.path = path;
}

/*
 * setgroups(2) is denied in a user namespace whose gid map its unprivileged owner wrote without newgidmap(1), and in
 * all below it.  Of one that is joined nobody knows: there the process that joined has dropped the groups where it may,
 * and no more is done where none are asked for.
 */
static int choose_groups(struct plan_builder *b, const struct spec_process *process, struct op_credentials *credentials)
{
	const struct u32_list *gids = &process->user.additional_gids;

	credentials->groups = builder_numbers(b, gids->items, gids->count);
	if (b->recipe != NULL) {
		if (gids->count > 0 || (b->recipe->flags & RECIPE_SETGROUPS) != 0)
			credentials->flags |= CRED_SET_GROUPS;
		return 0;
	}
	bool is_new = b->plan->spawn.has_new_user_ns;
	bool is_denied = b->host->is_setgroups_denied ||
	                 (is_new && !b->is_privileged &&
	                  plan_idmap_is_single(&b->plan->spawn.gid_maps, b->host->egid));
	bool is_own = is_new || (b->is_privileged && !b->has_user_ns);

	/* podman run --group-add keep-groups: the user's own groups open what nothing else of the container would. */
	if (spec_annotation_find(&b->spec->annotations, ANNOTATION_KEEP_ORIGINAL_GROUPS) != NULL)
		return 0;
	if (is_denied && gids->count > 0)
		return err_set(b->err, ERR_UNSUPPORTED,
		               "process.user.additionalGids: a rootless container with one group can't set others");
	if (!is_denied && (is_own || gids->count > 0))
		credentials->flags |= CRED_SET_GROUPS;
	return 0;
}

static bool has_seccomp(const struct plan_builder *b)
{
	return b->recipe != NULL ? b->recipe->seccomp.size > 0 : b->spec->linux->seccomp != NULL;
}

static int build_credentials(struct plan_builder *b, const struct spec_process *process)
{
	struct op_credentials credentials = { .uid = process->user.uid, .gid = process->user.gid };

	if (process->capabilities != NULL)
		plan_build_capabilities(b, process->capabilities, &credentials);
	if (choose_groups(b, process, &credentials))
		return -1;
	/* landlock_restrict_self(2) asks for the same. */
	if ((has_seccomp(b) || b->has_landlock) && !process->no_new_privileges)
		credentials.flags |= CRED_KEEP_SYS_ADMIN;
	builder_op(b, OP_CREDENTIALS, PHASE_IDENTITY, "process.user")->u.credentials = credentials;
	return 0;
}

static struct plan_list search_list(struct plan_builder *b, const char *path)
{
	char **items = NULL;
	size_t count = 0;

	while (path != NULL) {
		size_t length = strcspn(path, ":");
		items = arena_grow(b->arena, items, count, sizeof(*items));
		/* An empty directory means the current one (execvp(3)). */
		items[count++] = length == 0 ? arena_strdup(b->arena, ".") : arena_strndup(b->arena, path, length);
		path = path[length] == '\0' ? NULL : path + length + 1;
	}
	return builder_list(b, items, count);
}

static void build_program(struct plan_builder *b, const struct spec_process *process, const struct plan_env *env)
{
	struct op_find_program find = {
		.name = builder_str(b, process->args.items[0]),
		.search = search_list(b, env->path),
	};
	builder_op(b, OP_FIND_PROGRAM, PHASE_IDENTITY, "process.args[0]")->u.find_program = find;
	struct op_exec exec = {
		.args = builder_list(b, process->args.items, process->args.count),
		.env = builder_list(b, env->list.items, env->list.count),
		.set_listen_pid = b->options->listen_fds > 0,
		.set_home = env->needs_home,
	};
	builder_op(b, OP_EXEC, PHASE_EXEC, "process.args")->u.exec = exec;
}

static void build_label(struct plan_builder *b, const char *origin, const char *value, char *const *files, size_t count)
{
	struct op_label label = { .value = builder_str(b, value), .files = builder_list(b, files, count) };
	builder_op(b, OP_LABEL, PHASE_EXEC, "%s", origin)->u.label = label;
}

static int build_labels(struct plan_builder *b, const struct spec_process *process)
{
	const char *profile = process->apparmor_profile;
	const char *selinux = process->selinux_label;
	char *apparmor_files[] = { (char[]){ "apparmor/exec" }, (char[]){ "exec" } };
	char *selinux_files[] = { (char[]){ "exec" } };

	if (profile != NULL && *profile != '\0' && (b->host->has_apparmor || strcmp(profile, "unconfined") != 0)) {
		if (!b->host->has_apparmor)
			return err_set(b->err, ERR_UNSUPPORTED,
			               "process.apparmorProfile: %s: this host has no AppArmor enabled", profile);
		const char *value = arena_printf(b->arena, "exec %s", profile);
		build_label(b, "process.apparmorProfile", value, apparmor_files, 2);
	}
	if (selinux != NULL && *selinux != '\0') {
		if (!b->host->has_selinux)
			return err_set(b->err, ERR_UNSUPPORTED,
			               "process.selinuxLabel: %s: this host has no SELinux enabled", selinux);
		build_label(b, "process.selinuxLabel", selinux, selinux_files, 1);
	}
	return 0;
}

static int build_seccomp(struct plan_builder *b)
{
	const struct spec_seccomp *config = b->spec->linux->seccomp;
	struct plan_seccomp seccomp = { 0 };

	if (b->recipe != NULL)
		seccomp = b->recipe->seccomp;
	else if (b->options->seccomp != NULL)
		seccomp = *b->options->seccomp;
	else if (config != NULL && plan_seccomp_build(b->arena, config, &seccomp, b->err))
		return -1;
	if (seccomp.size == 0)
		return 0;
	struct op_seccomp op = {
		.program = builder_bytes(b, seccomp.program, seccomp.size),
		.flags = seccomp.flags,
	};
	builder_op(b, OP_SECCOMP, PHASE_EXEC, "linux.seccomp")->u.seccomp = op;
	return 0;
}

/* Labels are for the next exec; everything else that writes comes before the filter, which may forbid it. */
static int build_confinement(struct plan_builder *b, const struct spec_process *process)
{
	uint32_t kept = b->options->listen_fds + b->options->preserve_fds;

	if (build_labels(b, process))
		return -1;
	if (process->no_new_privileges)
		builder_op(b, OP_NO_NEW_PRIVS, PHASE_EXEC, "process.noNewPrivileges");
	builder_op(b, OP_CLOSE_FDS, PHASE_EXEC, "%s", "")->u.close_fds.first = 3 + kept;
	if (b->has_landlock)
		builder_op(b, OP_LANDLOCK_ENFORCE, PHASE_EXEC, "linux.landlock");
	return build_seccomp(b);
}

int plan_build_process(struct plan_builder *b)
{
	const struct spec_process *process = b->spec->process;
	struct plan_env env;

	if (process == NULL)
		return 0; /* the plan ends at READY: there is nothing to start */
	b->plan->has_process = true;
	b->plan->has_terminal = process->terminal;
	b->plan->oom_score_adj = process->oom_score_adj;
	if (plan_build_env(b, &env))
		return -1;
	build_rlimits(b, process);
	build_scheduling(b, process);
	build_memory_policy(b);
	build_surroundings(b, process);
	if (env.needs_home)
		builder_op(b, OP_HOME, PHASE_IDENTITY, "%s", "")->u.home.uid = process->user.uid;
	build_cwd(b, process);
	if (build_credentials(b, process) || build_confinement(b, process))
		return -1;
	build_program(b, process, &env);
	return 0;
}
