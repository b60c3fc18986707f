/*
 * plan/exec.c - the plan of one more process in a container that is there: no mounts and no pivot, and everything else
 * by the same functions as for the container's first process.
 *
 * Runtime process only; pure.
 */
#include "plan/exec.h"

#include <sched.h>

#include "plan/builder.h"

static bool has_label(const struct spec_process *process)
{
	return (process->apparmor_profile != NULL && *process->apparmor_profile != '\0') ||
	       (process->selinux_label != NULL && *process->selinux_label != '\0');
}

uint32_t plan_exec_host_facts(const struct plan_recipe *recipe, const struct spec_process *process)
{
	uint32_t facts = has_label(process) ? HOST_IDS | HOST_LSM : HOST_IDS;

	return recipe->spec.linux->landlock != NULL ? facts | HOST_LANDLOCK : facts;
}

/*
 * A procfs is opened only where a label is written: the container's own, checked to be one, in which "self" can mean
 * nobody else.
 */
static void build_surroundings(struct plan_builder *b)
{
	struct op_root root = { .path = builder_str(b, "/"), .slot = SLOT_NONE };

	if (has_label(b->spec->process))
		builder_op(b, OP_PROC, PHASE_JOIN, "%s", "");
	builder_op(b, OP_SESSION, PHASE_ISOLATE, "%s", "");
	/*
	 * Without a name: whose the keyring of the container's name is can't be told from here, as names are shared by
	 * all containers without a user namespace.
	 */
	if ((b->recipe->flags & RECIPE_KEYRING) != 0)
		plan_build_keyring(b, "");
	builder_op(b, OP_ROOT, PHASE_ROOT, "%s", "")->u.root = root;
	plan_build_streams(b);
}

static int build_affinity(struct plan_builder *b)
{
	const struct spec_cpu_affinity *affinity = b->spec->process->exec_cpu_affinity;
	struct spec_cpus *cpus = arena_alloc(b->arena, sizeof(*cpus));

	if (affinity != NULL && affinity->initial != NULL) {
		if (spec_cpu_list_parse(affinity->initial, cpus) < 0)
			return err_set(b->err, ERR_CONFIG, "process.execCPUAffinity.initial: \"%.40s\" is no CPU list",
			               affinity->initial);
		b->plan->spawn.initial_cpus = cpus;
	}
	if (affinity != NULL && affinity->final != NULL) {
		struct spec_cpus final;

		if (spec_cpu_list_parse(affinity->final, &final) < 0)
			return err_set(b->err, ERR_CONFIG, "process.execCPUAffinity.final: \"%.40s\" is no CPU list",
			               affinity->final);
		struct plan_bytes bytes = builder_bytes(b, final.bits, final.size);
		builder_op(b, OP_CPU_AFFINITY, PHASE_IDENTITY, "process.execCPUAffinity.final")->u.cpu_affinity.cpus =
			bytes;
	}
	return 0;
}

/* init waits for nothing but limits that only the runtime can set, and the size of a terminal. */
static void build_meeting(struct plan_builder *b)
{
	const struct spec_process *process = b->spec->process;
	bool has_to_wait = process->terminal || (plan_needs_outer_rlimits(b) && process->rlimits.count > 0);

	builder_op(b, OP_SYNC, PHASE_READY, "%s", "")->u.sync.point = has_to_wait ? SYNC_READY : SYNC_STARTING;
}

int plan_build_exec(struct arena *arena, const struct plan_recipe *recipe, const struct spec_process *process,
                    const struct host *host, const struct plan_options *options, struct plan *plan, struct err *err)
{
	struct spec spec = recipe->spec;
	struct plan_builder builder = {
		.arena = arena,
		.spec = &spec,
		.host = host,
		.options = options,
		.recipe = recipe,
		.plan = plan,
		.err = err,
		.is_privileged = host->euid == 0,
		.has_user_ns = (recipe->ns_types & CLONE_NEWUSER) != 0,
	};

	/* plan_build_process() doesn't change it. */
	spec.process = (struct spec_process *)process;
	*plan = (struct plan){ .arena = arena, .is_exec = true, .spawn.join_flags = recipe->ns_types };
	plan->spawn.fallback_uid = process->user.uid;
	plan->spawn.fallback_gid = process->user.gid;
	builder_open(&builder);
	build_surroundings(&builder);
	if (build_affinity(&builder) || plan_build_landlock(&builder) || plan_build_process(&builder))
		return -1;
	build_meeting(&builder);
	return builder_close(&builder);
}
