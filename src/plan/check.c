/*
 * plan/check.c - the invariants of a plan.
 *
 * Runtime process only; pure.  A plan that breaks one is a bug of plan_build(),
 * never of the config: the fuzzer's oracle.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <linux/mount.h>

#include "plan/builder.h"
#include "plan/op_rows.h"

struct plan_checker {
	const struct plan *plan;
	struct err *err;
	size_t index;                      /* the op that is looked at */
	unsigned counts[OP_KIND_COUNT];
	unsigned syncs[SYNC_POINT_COUNT];
	uint8_t *fills;                    /* how often each slot is filled */
	uint8_t *reads;                    /* how often each slot is used */
};

static int broken(const struct plan_checker *c, const char *what)
{
	const struct plan_op *op = &c->plan->ops[c->index];
	return err_set(c->err, ERR_BUG, "plan: op %zu (%s): %s", c->index, op_kind_name(op->kind), what);
}

static const char *text_of(const struct plan_checker *c, struct plan_str str)
{
	return c->plan->pool + str.offset;
}

/* Every reference, kind and phase, by the same code that init trusts. */
static int check_image(const struct plan *plan, struct err *err)
{
	struct plan_options options = { 0 };
	struct plan_view view;
	_cleanup_buf_ struct buf image = BUF_INIT;

	if (plan_flatten(plan, &options, &image, err))
		return -1;
	return plan_view_open(image.data, image.length, &view, err);
}

/* A slot that is used must be filled by then. */
static int use_slot(struct plan_checker *c, uint32_t slot)
{
	if (slot == SLOT_NONE)
		return 0;
	if (c->fills[slot] == 0)
		return broken(c, "uses a slot that nothing has filled");
	if (c->reads[slot] < UINT8_MAX)
		c->reads[slot]++;
	return 0;
}

static int fill_slot(struct plan_checker *c, uint32_t slot)
{
	if (slot == SLOT_NONE)
		return broken(c, "fills no slot");
	if (c->fills[slot]++ > 0)
		return broken(c, "fills a slot that is filled");
	return 0;
}

/* The fixed slots that kinds use without a field. */
static uint32_t implied_slot(uint32_t kind)
{
	switch (kind) {
	case OP_MOUNT_FS:
	case OP_MOUNT_BIND:
	case OP_REMOUNT:
	case OP_COPY_UP:
	case OP_SYMLINK:
	case OP_CWD_CREATE:
	case OP_PIVOT:
	case OP_DEVICE:
	case OP_CONSOLE:
	case OP_STDIO:
	case OP_READONLY:
	case OP_HOME:
	case OP_LANDLOCK_PATH:
		return SLOT_ROOT;
	case OP_SYSCTL:
	case OP_TIME_OFFSETS:
	case OP_LABEL:
		return SLOT_PROC;
	case OP_MASK:
		return SLOT_NULL;
	default:
		return SLOT_NONE;
	}
}

static int check_slots(struct plan_checker *c, const struct plan_op *op)
{
	const struct op_kind_row *row = &op_kind_rows[op->kind];

	for (size_t i = 0; i < row->field_count; i++) {
		const void *at = (const char *)op + row->fields[i].offset;
		if (row->fields[i].type == OP_FIELD_SLOT && use_slot(c, *(const uint32_t *)at))
			return -1;
		if (row->fields[i].type == OP_FIELD_SLOT_FILL && fill_slot(c, *(const uint32_t *)at))
			return -1;
	}
	if (op->kind == OP_KEYRING && op->u.keyring.label.offset != 0 && use_slot(c, SLOT_PROC))
		return -1;
	if (op->kind == OP_ROOT && fill_slot(c, SLOT_ROOT))
		return -1;
	if (op->kind == OP_PROC && fill_slot(c, SLOT_PROC))
		return -1;
	return use_slot(c, implied_slot(op->kind));
}

/* The path that an op works on beneath the root, or NULL. */
static const char *target_of(const struct plan_checker *c, const struct plan_op *op)
{
	switch (op->kind) {
	case OP_MOUNT_FS:
	case OP_COPY_UP:
		return text_of(c, op->u.mount_fs.destination);
	case OP_MOUNT_BIND:
		return text_of(c, op->u.mount_bind.destination);
	case OP_REMOUNT:
		return text_of(c, op->u.remount.destination);
	case OP_SYMLINK:
		return text_of(c, op->u.symlink.path);
	case OP_DEVICE:
		return text_of(c, op->u.device.path);
	case OP_MASK:
	case OP_READONLY:
		return text_of(c, op->u.path.path);
	default:
		return NULL;
	}
}

/* mount_setattr(2) refuses atime bits without the whole mask cleared, when the mount isn't a fresh one. */
static int check_attrs(const struct plan_checker *c, uint64_t set, uint64_t clear)
{
	uint64_t atime_set = set & MOUNT_ATTR__ATIME;
	uint64_t atime_clear = clear & MOUNT_ATTR__ATIME;

	if ((set & clear & ~(uint64_t)MOUNT_ATTR__ATIME) != 0)
		return broken(c, "sets and clears the same attribute");
	if (atime_clear != 0 && atime_clear != MOUNT_ATTR__ATIME)
		return broken(c, "clears a part of atime");
	if (atime_set != 0 && atime_clear == 0)
		return broken(c, "sets atime without clearing it");
	if (atime_set != 0 && atime_set != MOUNT_ATTR_NOATIME && atime_set != MOUNT_ATTR_STRICTATIME)
		return broken(c, "sets two atime modes");
	return 0;
}

static int check_mount(const struct plan_checker *c, const struct plan_op *op)
{
	const struct op_mount_bind *bind = &op->u.mount_bind;
	const struct op_remount *remount = &op->u.remount;

	if (op->kind == OP_MOUNT_BIND)
		return check_attrs(c, bind->attr_set, bind->attr_clear) ||
		       check_attrs(c, bind->rec_attr_set, bind->rec_attr_clear) ? -1 : 0;
	if (op->kind == OP_REMOUNT)
		return check_attrs(c, remount->attr_set, remount->attr_clear) ||
		       check_attrs(c, remount->rec_attr_set, remount->rec_attr_clear) ? -1 : 0;
	return 0;
}

static int check_op(struct plan_checker *c)
{
	const struct plan_op *op = &c->plan->ops[c->index];
	const char *target = target_of(c, op);

	c->counts[op->kind]++;
	if (op->kind == OP_SYNC)
		c->syncs[op->u.sync.point]++;
	if (target != NULL && !plan_path_is_clean(target))
		return broken(c, "its target is not a clean absolute path");
	if (op->kind == OP_UNSHARE && (op->u.unshare.flags & CLONE_NEWCGROUP) != 0 && c->syncs[SYNC_CGROUP] == 0 &&
	    c->plan->cgroup.manager != CGROUP_DISABLED)
		return broken(c, "makes the cgroup namespace before the process is in its cgroup");
	if (op->kind == OP_FIND_PROGRAM && c->counts[OP_CREDENTIALS] == 0)
		return broken(c, "looks for the program before the credentials are the program's");
	if (op->kind == OP_CREDENTIALS && c->counts[OP_CWD] == 0)
		return broken(c, "stands before the cwd");
	if ((op->kind == OP_LANDLOCK_PATH || op->kind == OP_LANDLOCK_PORT || op->kind == OP_LANDLOCK_ENFORCE) &&
	    c->counts[OP_LANDLOCK] == 0)
		return broken(c, "stands before the Landlock ruleset");
	if (op->kind == OP_LANDLOCK && c->counts[OP_CREDENTIALS] != 0)
		return broken(c, "stands behind the credentials, with which init may not reach every path");
	/* Both want files: of the labels, and of the open fds. */
	if ((op->kind == OP_CLOSE_FDS || op->kind == OP_LABEL) && c->counts[OP_LANDLOCK_ENFORCE] != 0)
		return broken(c, "stands behind the enforcement of Landlock");
	return check_mount(c, op) || check_slots(c, op) ? -1 : 0;
}

static int check_count(const struct plan_checker *c, enum plan_op_kind kind, unsigned wanted)
{
	if (c->counts[kind] == wanted)
		return 0;
	return err_set(c->err, ERR_BUG, "plan: %u ops of kind %s, not %u", c->counts[kind], op_kind_name(kind), wanted);
}

static int check_counts(const struct plan_checker *c)
{
	static const enum plan_op_kind once[] = { OP_SESSION, OP_ROOT, OP_PROC, OP_PIVOT };
	/* exec comes into a root that is there, and may do without procfs. */
	const size_t once_count = c->plan->is_exec ? 2 : sizeof(once) / sizeof(once[0]);
	static const enum plan_op_kind once_a_process[] = {
		OP_UMASK, OP_CWD, OP_CREDENTIALS, OP_FIND_PROGRAM, OP_CLOSE_FDS, OP_EXEC,
	};

	for (size_t i = 0; i < once_count; i++) {
		if (check_count(c, once[i], 1))
			return -1;
	}
	for (size_t i = 0; i < sizeof(once_a_process) / sizeof(once_a_process[0]); i++) {
		if (check_count(c, once_a_process[i], c->plan->has_process))
			return -1;
	}
	if (c->syncs[SYNC_READY] + c->syncs[SYNC_STARTING] != 1 || c->syncs[SYNC_HOOKS] != c->plan->is_met_at_hooks ||
	    c->syncs[SYNC_CGROUP] > !c->plan->is_exec ||
	    (c->syncs[SYNC_CGROUP] == 0 && c->plan->is_met_at_hooks == c->plan->is_exec))
		return err_set(c->err, ERR_BUG, "plan: a sync point is missing or stands twice");
	if (c->counts[OP_CONSOLE] != (unsigned)c->plan->has_terminal)
		return err_set(c->err, ERR_BUG, "plan: the console and process.terminal disagree");
	return 0;
}

static int check_end(struct plan_checker *c)
{
	const struct plan *plan = c->plan;

	if (!plan->has_process)
		return 0;
	c->index = plan->op_count - 1;
	if (plan->ops[c->index].kind != OP_EXEC)
		return broken(c, "is the last op, where exec belongs");
	if (c->counts[OP_SECCOMP] > 1)
		return broken(c, "more than one seccomp filter comes before");
	if (c->counts[OP_LANDLOCK] > 1 || c->counts[OP_LANDLOCK_ENFORCE] != c->counts[OP_LANDLOCK])
		return broken(c, "a Landlock ruleset is not enforced before, or more than one");
	if (c->counts[OP_SECCOMP] == 1 && plan->ops[c->index - 1].kind != OP_SECCOMP)
		return broken(c, "something stands between it and seccomp");
	return 0;
}

static void use_spawn_slots(struct plan_checker *c)
{
	const struct plan_spawn *spawn = &c->plan->spawn;

	for (uint32_t i = 0; i < spawn->early_count; i++)
		c->reads[spawn->early_slots[i]]++;
	c->reads[spawn->pid_slot]++;
	c->reads[spawn->user_slot]++;
}

/* What the runtime opens is used by somebody, once; what ops were to fill is filled. */
static int check_slots_at_end(const struct plan_checker *c)
{
	for (size_t i = SLOT_DYNAMIC; i < c->plan->slot_count; i++) {
		if (c->fills[i] != 1)
			return err_set(c->err, ERR_BUG, "plan: slot %zu is filled %u times", i, c->fills[i]);
		if (c->reads[i] != 1)
			return err_set(c->err, ERR_BUG, "plan: slot %zu is used %u times", i, c->reads[i]);
	}
	return 0;
}

static int check_spawn(const struct plan *plan, struct err *err)
{
	const struct plan_spawn *spawn = &plan->spawn;
	const uint32_t late = CLONE_NEWCGROUP | CLONE_NEWNET | CLONE_NEWIPC | 0x80 /* CLONE_NEWTIME */;

	if ((spawn->clone_flags & late) != 0)
		return err_set(err, ERR_BUG, "plan: clone flags %x hold what is made late", spawn->clone_flags);
	if (plan->is_exec ? spawn->clone_flags != 0 : spawn->join_flags != 0)
		return err_set(err, ERR_BUG, "plan: clone flags %x, join flags %x", spawn->clone_flags,
			       spawn->join_flags);
	if (spawn->has_new_user_ns != ((spawn->clone_flags & CLONE_NEWUSER) != 0) ||
	    (spawn->has_new_user_ns && (spawn->uid_maps.count == 0 || spawn->gid_maps.count == 0)))
		return err_set(err, ERR_BUG, "plan: clone flags and id maps disagree");
	if (spawn->early_count > sizeof(spawn->early_slots) / sizeof(spawn->early_slots[0]) ||
	    (spawn->early_count > 0 && !spawn->has_new_user_ns && spawn->user_slot == SLOT_NONE))
		return err_set(err, ERR_BUG, "plan: %u early joins", spawn->early_count);
	return 0;
}

static void open_slots(struct plan_checker *c)
{
	for (size_t i = 0; i < c->plan->slot_count; i++)
		c->fills[i] = c->plan->slots[i].source != PLAN_SLOT_OP;
}

int plan_check(const struct plan *plan, struct err *err)
{
	struct plan_checker checker = {
		.plan = plan,
		.err = err,
		.fills = arena_alloc(plan->arena, plan->slot_count),
		.reads = arena_alloc(plan->arena, plan->slot_count),
	};

	if (check_image(plan, err) || check_spawn(plan, err))
		return -1;
	open_slots(&checker);
	use_spawn_slots(&checker);
	for (checker.index = 0; checker.index < plan->op_count; checker.index++) {
		if (check_op(&checker))
			return -1;
	}
	if (check_counts(&checker) || check_end(&checker))
		return -1;
	return check_slots_at_end(&checker);
}
