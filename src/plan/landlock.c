/*
 * plan/landlock.c - linux.landlock: which of it this kernel can do, and the ops.
 *
 * Runtime process only; pure.  For a container and for each exec alike, so that no process of a container is without
 * it: who could enter without would reach what the others may not.
 */
#include "base/landlock.h"
#include "plan/builder.h"
#include "spec/names.h"

/* Rights by the version of the kernel's ABI that they came with (landlock(7)). */
struct abi_row {
	uint32_t abi;
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

static const struct abi_row abi_rows[] = {
	{ 1, .fs = LANDLOCK_FS_MAKE_SYM | (LANDLOCK_FS_MAKE_SYM - 1) },
	{ 2, .fs = LANDLOCK_FS_REFER },
	{ 3, .fs = LANDLOCK_FS_TRUNCATE },
	{ 4, .net = LANDLOCK_NET_BIND_TCP | LANDLOCK_NET_CONNECT_TCP },
	{ 5, .fs = LANDLOCK_FS_IOCTL_DEV },
	{ 6, .scoped = LANDLOCK_SCOPED_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPED_SIGNAL },
};

/* One of the three lists of the ruleset. */
struct right_list {
	const char *key;
	const struct name_table *names;
	size_t offset;              /* of its rights in struct abi_row */
};

static const struct right_list fs_list = { "handledAccessFS", &spec_landlock_fs_names, offsetof(struct abi_row, fs) };
static const struct right_list net_list = { "handledAccessNet", &spec_landlock_net_names,
	                                    offsetof(struct abi_row, net) };
static const struct right_list scope_list = { "scoped", &spec_landlock_scope_names, offsetof(struct abi_row, scoped) };

static uint64_t rights_of(const struct abi_row *row, const struct right_list *list)
{
	/* The offset is a member's. NOLINTNEXTLINE(clang-analyzer-core.uninitialized.UndefReturn) */
	return *(const uint64_t *)(const void *)((const char *)row + list->offset);
}

static uint32_t abi_of(const struct right_list *list, uint64_t right)
{
	for (size_t i = 0; i < sizeof(abi_rows) / sizeof(abi_rows[0]); i++) {
		if ((rights_of(&abi_rows[i], list) & right) != 0)
			return abi_rows[i].abi;
	}
	return UINT32_MAX;
}

static bool is_best_effort(const struct spec_landlock *landlock)
{
	return landlock->disable_best_effort.is_set && !landlock->disable_best_effort.value;
}

/* A kernel without any. */
static int fit_absence(struct plan_builder *b)
{
	const char *host = b->host->is_landlock_off ? "this kernel was booted without Landlock (lsm=landlock,...)" :
	                                              "this kernel has no Landlock (Linux 5.13)";

	if (!is_best_effort(b->spec->linux->landlock))
		return err_set(b->err, ERR_UNSUPPORTED, "linux.landlock: %s", host);
	builder_warn(b, "linux.landlock is not enforced: %s", host);
	return 0;
}

/* Takes away what the kernel lacks, where that is allowed. */
static int fit_rights(struct plan_builder *b, const struct right_list *list, uint64_t *rights)
{
	bool is_optional = is_best_effort(b->spec->linux->landlock);

	for (size_t i = 0; i < list->names->count; i++) {
		const struct name_row *row = &list->names->rows[i];
		uint64_t right = (uint64_t)row->value;
		uint32_t abi = abi_of(list, right);

		if ((*rights & right) == 0 || abi <= b->host->landlock_abi)
			continue;
		if (!is_optional)
			return err_set(b->err, ERR_UNSUPPORTED,
			               "linux.landlock.ruleset.%s: %s needs ABI %u of Landlock, this kernel has "
			               "ABI %u", list->key, row->name, abi, b->host->landlock_abi);
		builder_warn(b, "linux.landlock.ruleset.%s: %s is not enforced: it needs ABI %u of Landlock, this "
		             "kernel has ABI %u", list->key, row->name, abi, b->host->landlock_abi);
		*rights &= ~right;
	}
	return 0;
}

/* What an exec knows of the path; a container has yet to find out. */
static void set_known(const struct plan_builder *b, size_t number, struct op_landlock_path *op)
{
	if (b->recipe == NULL)
		return;
	op->is_known = 1;
	op->device = b->recipe->landlock_files[number].device;
	op->inode = b->recipe->landlock_files[number].inode;
}

static int build_paths(struct plan_builder *b, const struct spec_landlock *landlock, uint64_t handled)
{
	size_t number = 0;

	for (size_t i = 0; i < landlock->paths.count; i++) {
		const struct spec_landlock_path *rule = &landlock->paths.items[i];

		for (size_t k = 0; k < rule->paths.count && (rule->allowed & handled) != 0; k++) {
			struct op_landlock_path op = {
				.path = builder_str(b, rule->paths.items[k]),
				.allowed = rule->allowed & handled,
			};

			if (b->recipe != NULL && number >= b->recipe->landlock_file_count)
				return err_set(b->err, ERR_STATE,
				               "the container has no record of what its linux.landlock is about");
			set_known(b, number++, &op);
			builder_op(b, OP_LANDLOCK_PATH, PHASE_IDENTITY,
			           "linux.landlock.rules.pathBeneath[%zu].paths[%zu]", i, k)->u.landlock_path = op;
		}
	}
	return 0;
}

static void build_ports(struct plan_builder *b, const struct spec_landlock *landlock, uint64_t handled)
{
	for (size_t i = 0; i < landlock->ports.count; i++) {
		const struct spec_landlock_port *rule = &landlock->ports.items[i];

		for (size_t k = 0; k < rule->ports.count && (rule->allowed & handled) != 0; k++) {
			struct op_landlock_port op = {
				.port = rule->ports.items[k],
				.allowed = rule->allowed & handled,
			};
			builder_op(b, OP_LANDLOCK_PORT, PHASE_IDENTITY,
			           "linux.landlock.rules.netPort[%zu].ports[%zu]", i, k)->u.landlock_port = op;
		}
	}
}

int plan_build_landlock(struct plan_builder *b)
{
	const struct spec_landlock *landlock = b->spec->linux->landlock;

	if (landlock == NULL)
		return 0;
	if (b->host->landlock_abi == 0)
		return fit_absence(b);
	struct op_landlock op = {
		.handled_fs = landlock->handled_fs,
		.handled_net = landlock->handled_net,
		.scoped = landlock->scoped,
	};
	if (fit_rights(b, &fs_list, &op.handled_fs) || fit_rights(b, &net_list, &op.handled_net) ||
	    fit_rights(b, &scope_list, &op.scoped))
		return -1;
	if (op.handled_fs == 0 && op.handled_net == 0 && op.scoped == 0)
		return 0;
	b->has_landlock = true;
	builder_op(b, OP_LANDLOCK, PHASE_IDENTITY, "linux.landlock.ruleset")->u.landlock = op;
	if (build_paths(b, landlock, op.handled_fs))
		return -1;
	build_ports(b, landlock, op.handled_net);
	return 0;
}
