/*
 * plan/hooks.c - the hooks that run inside the container's namespaces, and the points where init waits for the runtime.
 *
 * Runtime process only; pure.  prestart, createRuntime, poststart and poststop hooks are the runtime's own work.
 */
#include "json/decode.h"
#include "plan/builder.h"
#include "spec/annotations.h"

/* Each hook has its own: a slot serves one operation. */
static uint32_t output_slot(struct plan_builder *b, enum spec_annotation annotation)
{
	const char *path = spec_annotation_find(&b->spec->annotations, annotation);
	struct plan_slot slot = {
		.source = PLAN_SLOT_APPEND,
		.path = path,
		.origin = json_path_key(b->arena, "annotations", spec_annotation_name(annotation)),
	};

	return path == NULL ? SLOT_NONE : builder_slot(b, &slot);
}

static void build_hook(struct plan_builder *b, enum spec_hook_kind kind, size_t index, enum plan_phase phase)
{
	const struct spec_hook *hook = &b->spec->hooks.kinds[kind].items[index];
	char *argv0[] = { hook->path };
	bool has_args = hook->args.count > 0;
	struct op_hook op = {
		.hook_kind = kind,
		.timeout_s = hook->timeout_s.is_set ? hook->timeout_s.value : 0,
		.path = builder_str(b, hook->path),
		.args = builder_list(b, has_args ? hook->args.items : argv0, has_args ? hook->args.count : 1),
		.env = builder_list(b, hook->env.items, hook->env.count),
		.stdout_slot = output_slot(b, ANNOTATION_HOOKS_STDOUT),
		.stderr_slot = output_slot(b, ANNOTATION_HOOKS_STDERR),
	};
	builder_op(b, OP_HOOK, phase, "hooks.%s[%zu]", spec_hook_kind_name(kind), index)->u.hook = op;
}

static void build_hooks(struct plan_builder *b, enum spec_hook_kind kind, enum plan_phase phase)
{
	for (size_t i = 0; i < b->spec->hooks.kinds[kind].count; i++)
		build_hook(b, kind, i, phase);
}

/* These run on the host and may look at the container's cgroup, so the process has to be there before they start. */
static bool has_runtime_hooks(const struct plan_builder *b)
{
	return b->spec->hooks.kinds[HOOK_PRESTART].count > 0 || b->spec->hooks.kinds[HOOK_CREATE_RUNTIME].count > 0;
}

static bool has_hooks(const struct plan_builder *b)
{
	for (size_t kind = 0; kind < HOOK_KIND_COUNT; kind++) {
		if (b->spec->hooks.kinds[kind].count > 0)
			return true;
	}
	return false;
}

static void build_hooks_meeting(struct plan_builder *b, enum plan_phase phase)
{
	builder_op(b, OP_SYNC, phase, "%s", "")->u.sync.point = SYNC_HOOKS;
	b->plan->is_met_at_hooks = true;
}

int plan_build_hooks(struct plan_builder *b)
{
	if (has_runtime_hooks(b))
		plan_build_cgroup_entry(b);
	if (has_hooks(b))
		build_hooks_meeting(b, PHASE_HOOKS);
	build_hooks(b, HOOK_CREATE_CONTAINER, PHASE_HOOKS);
	return 0;
}

/*
 * Whether the runtime has nothing more to do once init is ready: no terminal, state, limits or pidfd to hand over, and
 * no orphans to take in.
 */
static bool may_go_on(const struct plan_builder *b)
{
	const struct spec_process *process = b->spec->process;

	return b->options->goes_on_when_ready && process != NULL && !process->terminal &&
	       b->options->notify_dir == NULL && b->spec->hooks.kinds[HOOK_START_CONTAINER].count == 0 &&
	       !(b->plan->spawn.has_new_user_ns && process->rlimits.count > 0) && b->plan->has_own_pid_ns &&
	       b->plan->cgroup.delegate == NULL &&
	       spec_annotation_find(&b->spec->annotations, ANNOTATION_PIDFD_RECEIVER) == NULL;
}

/* The runtime has something to do for init, with its cgroups or its network, and hasn't met it for that yet. */
static bool needs_meeting(const struct plan_builder *b)
{
	bool has_met = b->is_cgroup_synced && b->plan->cgroup.manager != CGROUP_DISABLED;

	return !has_met || b->spec->linux->net_devices.count > 0;
}

/*
 * Without hooks the first meeting is for the cgroups alone, and the later it is, the less init waits for the runtime,
 * which makes them meanwhile.  It has to be while init still has its privileges and before the program's limits.
 */
int plan_build_meetings(struct plan_builder *b)
{
	if (!has_hooks(b) && needs_meeting(b))
		build_hooks_meeting(b, PHASE_MASK);
	builder_op(b, OP_SYNC, PHASE_READY, "%s", "")->u.sync.point =
		may_go_on(b) ? SYNC_STARTING : SYNC_READY;
	build_hooks(b, HOOK_START_CONTAINER, PHASE_START);
	return 0;
}
