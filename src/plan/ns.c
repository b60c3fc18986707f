/*
 * plan/ns.c - namespaces: none, new or joined, for eight types, to one shape of processes.
 *
 * Runtime process only; pure.  The rules behind the shape (namespaces(7), setns(2), clone(2)):
 * - joining needs CAP_SYS_ADMIN in the user namespace that owns the target, and in one's own;
 * - a process that enters a user namespace keeps no rights in the parent, so what belongs to the parent is joined
 * before;
 * - namespaces that a clone makes belong to the user namespace of the child;
 * - joining a pid namespace holds for children only, so somebody has to join and clone;
 * - the root of a cgroup namespace is the cgroup that the process sits in when the namespace is made;
 * - offsets of a time namespace can be written only while nobody is in it.
 */
#include "plan/ns.h"

#include <sched.h>

#include "plan/builder.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

struct ns_row { uint32_t flag; const char *word; };

static const struct ns_row ns_rows[NS_KIND_COUNT] = {
	[NS_USER] = { CLONE_NEWUSER, "user" },
	[NS_PID] = { CLONE_NEWPID, "pid" },
	[NS_IPC] = { CLONE_NEWIPC, "ipc" },
	[NS_UTS] = { CLONE_NEWUTS, "uts" },
	[NS_NET] = { CLONE_NEWNET, "network" },
	[NS_CGROUP] = { CLONE_NEWCGROUP, "cgroup" },
	[NS_TIME] = { CLONE_NEWTIME, "time" },
	[NS_MOUNT] = { CLONE_NEWNS, "mount" },
};

uint32_t plan_ns_flag(enum plan_ns_kind kind)
{
	return ns_rows[kind].flag;
}

const char *plan_ns_word(enum plan_ns_kind kind)
{
	return ns_rows[kind].word;
}

enum plan_ns_kind plan_ns_kind(uint32_t flag)
{
	int kind = 0;
	while (kind < NS_KIND_COUNT && ns_rows[kind].flag != flag)
		kind++;
	return (enum plan_ns_kind)kind;
}

/*
 * init of a joined user namespace can't be reached from there, and for that its files of /proc belong to the host's
 * root (runtime/launch.c): the offsets are not for it to write.
 */
static void shape_new(const struct plan_ns *ns, enum plan_ns_kind kind, struct plan_ns_shape *shape)
{
	if (kind == NS_CGROUP)
		shape->is_cgroup_late = true;
	else if (kind == NS_TIME && ns->wishes[NS_USER] == NS_WISH_JOIN)
		shape->is_time_helped = true;
	else if (kind == NS_TIME)
		shape->is_time_late = true;
	else if (kind == NS_NET || kind == NS_IPC)
		shape->unshare_flags |= ns_rows[kind].flag;
	else
		shape->clone_flags |= ns_rows[kind].flag;
}

/*
 * Before a new user namespace everything is joined early: nothing that exists can belong to a namespace that is being
 * made.  Before a joined one a privileged caller joins early too, as it has rights over both the parent's namespaces
 * and the joined one's; an unprivileged caller has rights only inside, so init joins there.
 */
static bool is_early(const struct plan_ns *ns, bool is_privileged)
{
	return ns->wishes[NS_USER] == NS_WISH_NEW || (ns->wishes[NS_USER] == NS_WISH_JOIN && is_privileged);
}

static void shape_join(const struct plan_ns *ns, enum plan_ns_kind kind, bool is_privileged,
                       struct plan_ns_shape *shape)
{
	if (kind == NS_USER)
		shape->is_user_helped = true;
	else if (kind == NS_PID)
		shape->is_pid_helped = true;
	else if (is_early(ns, is_privileged))
		shape->early[shape->early_count++] = kind;
	else
		shape->joined[shape->joined_count++] = kind;
}

void plan_ns_shape(const struct plan_ns *ns, bool is_privileged, struct plan_ns_shape *shape)
{
	*shape = (struct plan_ns_shape){ 0 };
	for (int kind = 0; kind < NS_KIND_COUNT; kind++) {
		if (ns->wishes[kind] == NS_WISH_NEW)
			shape_new(ns, (enum plan_ns_kind)kind, shape);
		else if (ns->wishes[kind] == NS_WISH_JOIN)
			shape_join(ns, (enum plan_ns_kind)kind, is_privileged, shape);
	}
}

static int read_wishes(struct plan_builder *b)
{
	const struct spec_namespace_list *list = &b->spec->linux->namespaces;

	for (size_t i = 0; i < list->count; i++) {
		enum plan_ns_kind kind = plan_ns_kind(list->items[i].type);
		if (kind == NS_KIND_COUNT)
			return err_set(b->err, ERR_BUG, "linux.namespaces[%zu].type: %x is no namespace", i,
			               list->items[i].type);
		if (b->ns.wishes[kind] != NS_WISH_NONE)
			return err_set(b->err, ERR_CONFIG, "linux.namespaces[%zu].type: %s was given before", i,
			               ns_rows[kind].word);
		b->ns.paths[kind] = list->items[i].path;
		b->ns.wishes[kind] = list->items[i].path == NULL ? NS_WISH_NEW : NS_WISH_JOIN;
		b->ns.indices[kind] = i;
	}
	return 0;
}

static uint32_t namespace_slot(struct plan_builder *b, enum plan_ns_kind kind)
{
	struct plan_slot slot = {
		.source = PLAN_SLOT_NAMESPACE,
		.path = b->ns.paths[kind],
		.origin = arena_printf(b->arena, "linux.namespaces[%zu].path", b->ns.indices[kind]),
		.ns_type = ns_rows[kind].flag,
	};
	return builder_slot(b, &slot);
}

static void build_spawn(struct plan_builder *b, const struct plan_ns_shape *shape)
{
	struct plan_spawn *spawn = &b->plan->spawn;

	spawn->clone_flags = shape->clone_flags;
	spawn->has_new_user_ns = (shape->clone_flags & CLONE_NEWUSER) != 0;
	if (shape->is_pid_helped)
		spawn->pid_slot = namespace_slot(b, NS_PID);
	if (shape->is_user_helped)
		spawn->user_slot = namespace_slot(b, NS_USER);
	for (size_t i = 0; i < shape->early_count; i++)
		spawn->early_slots[spawn->early_count++] = namespace_slot(b, shape->early[i]);
	for (size_t i = 0; i < shape->joined_count; i++) {
		enum plan_ns_kind kind = shape->joined[i];
		uint32_t slot = namespace_slot(b, kind);
		struct plan_op *op = builder_op(b, OP_JOIN, PHASE_JOIN, "linux.namespaces[%zu]", b->ns.indices[kind]);
		op->u.join.ns_type = ns_rows[kind].flag;
		op->u.join.slot = slot;
	}
}

/* Before anything is done in them. */
static void build_unshares(struct plan_builder *b, const struct plan_ns_shape *shape)
{
	for (int kind = 0; kind < NS_KIND_COUNT; kind++) {
		if ((shape->unshare_flags & ns_rows[kind].flag) == 0)
			continue;
		struct plan_op *op =
			builder_op(b, OP_UNSHARE, PHASE_ISOLATE, "linux.namespaces[%zu]", b->ns.indices[kind]);
		op->u.unshare.flags = ns_rows[kind].flag;
	}
}

static void build_time(struct plan_builder *b, const struct plan_ns_shape *shape)
{
	const struct spec_time_offset *monotonic = b->spec->linux->time_monotonic;
	const struct spec_time_offset *boottime = b->spec->linux->time_boottime;

	struct op_time_offsets offsets = { 0 };
	if (monotonic != NULL) {
		offsets.monotonic_secs = monotonic->secs;
		offsets.monotonic_nanosecs = monotonic->nanosecs;
	}
	if (boottime != NULL) {
		offsets.boottime_secs = boottime->secs;
		offsets.boottime_nanosecs = boottime->nanosecs;
	}
	b->plan->spawn.has_helper_time = shape->is_time_helped;
	if (shape->is_time_helped)
		b->plan->spawn.time_offsets = offsets;
	if (!shape->is_time_late)
		return;
	struct plan_op *op = builder_op(b, OP_UNSHARE, PHASE_ISOLATE, "linux.namespaces[%zu]", b->ns.indices[NS_TIME]);
	op->u.unshare.flags = CLONE_NEWTIME;
	op = builder_op(b, OP_TIME_OFFSETS, PHASE_ISOLATE, "%s",
	                monotonic == NULL && boottime == NULL ? "" : "linux.timeOffsets");
	op->u.time_offsets = offsets;
}

int plan_build_namespaces(struct plan_builder *b)
{
	struct plan_ns_shape shape;

	if (read_wishes(b))
		return -1;
	plan_ns_shape(&b->ns, b->is_privileged, &shape);
	b->has_user_ns = b->ns.wishes[NS_USER] != NS_WISH_NONE;
	/*
	 * An unprivileged caller can't clone trees, and its own paths are open to mapped root.  In a joined mount
	 * namespace paths mean what they mean there, as with runc.
	 */
	b->uses_trees = b->has_user_ns && b->is_privileged && b->ns.wishes[NS_MOUNT] == NS_WISH_NEW;
	b->plan->has_own_pid_ns = b->ns.wishes[NS_PID] == NS_WISH_NEW;
	b->plan->has_mount_ns = b->ns.wishes[NS_MOUNT] != NS_WISH_NONE;
	struct plan_op *op = builder_op(b, OP_PROC, PHASE_JOIN, "%s", "");
	op->u.proc.want_sysctl = b->spec->linux->sysctl.count > 0;
	build_spawn(b, &shape);
	build_unshares(b, &shape);
	build_time(b, &shape);
	return 0;
}

void plan_build_cgroup_entry(struct plan_builder *b)
{
	if (b->is_cgroup_synced)
		return;
	b->is_cgroup_synced = true;
	if (b->plan->cgroup.manager != CGROUP_DISABLED) {
		struct plan_op *op = builder_op(b, OP_SYNC, PHASE_MOUNT, "%s", "");
		op->u.sync.point = SYNC_CGROUP;
	}
	if (b->ns.wishes[NS_CGROUP] == NS_WISH_NEW) {
		struct plan_op *op =
			builder_op(b, OP_UNSHARE, PHASE_MOUNT, "linux.namespaces[%zu]", b->ns.indices[NS_CGROUP]);
		op->u.unshare.flags = CLONE_NEWCGROUP;
	}
}
