/*
 * plan/root.c - the container's root: propagation, the root mount, pivot, masked and read-only paths.
 *
 * Runtime process only; pure.  The three cases:
 * - a new mount namespace: it is cut off from the host, the root is bound onto itself and becomes "/" by pivot_root;
 * - a joined one: the ops run inside it and the root is entered by chroot, as pivot_root would move the root of those
 *   who live there; its propagation is its owner's matter;
 * - none: chroot too, and nothing is bound that delete would have to find again.
 */
#include <string.h>
#include <linux/mount.h>
#include <sys/stat.h>

#include "plan/mount.h"
#include "spec/names.h"

#define DEFAULT_PROPAGATION (MS_SLAVE | MS_REC)

static int read_propagation(struct plan_builder *b, uint32_t *flags)
{
	const char *word = b->spec->linux->rootfs_propagation;
	int64_t value = DEFAULT_PROPAGATION;

	if (word != NULL && *word != '\0' && name_to_value(&spec_propagation_names, word, &value))
		return err_set(b->err, ERR_CONFIG, "linux.rootfsPropagation: %s is none of the eight words", word);
	*flags = (uint32_t)value;
	return 0;
}

/* What the copy of the host's mounts gets.  Unbindable mounts couldn't be bound, the root's own among them. */
static uint32_t outer_propagation(uint32_t flags)
{
	return (flags & MS_UNBINDABLE) != 0 ? DEFAULT_PROPAGATION : flags;
}

static void build_propagation(struct plan_builder *b, uint32_t flags, enum plan_phase phase, bool is_default)
{
	struct op_propagation propagation = { .path = builder_str(b, "/"), .flags = flags };
	struct plan_op *op =
		builder_op(b, OP_PROPAGATION, phase, "%s", is_default ? "" : "linux.rootfsPropagation");
	op->u.propagation = propagation;
}

static uint32_t root_flags(uint32_t propagation)
{
	/*
	 * pivot_root(2) refuses a root whose parent is shared; all are slaves or
	 * private when "/" was made so recursively.
	 */
	bool is_cut_off = (propagation & MS_REC) != 0 && (propagation & (MS_SLAVE | MS_PRIVATE)) != 0;
	return is_cut_off ? ROOT_BIND : ROOT_BIND | ROOT_PRIVATE_PARENT;
}

static void build_pivot(struct plan_builder *b, bool is_new_ns)
{
	struct plan_op *op = builder_op(b, OP_PIVOT, PHASE_PIVOT, "%s", "");

	op->u.pivot.method = PIVOT_CHROOT;
	if (is_new_ns)
		op->u.pivot.method = b->options->no_pivot ? PIVOT_MOVE : PIVOT_ROOT;
}

static const char *root_path(struct plan_builder *b)
{
	const char *path = b->spec->root->path;
	if (*path == '/')
		return path;
	return arena_printf(b->arena, "%s/%s", b->options->bundle, path);
}

int plan_build_root(struct plan_builder *b)
{
	bool is_new_ns = b->ns.wishes[NS_MOUNT] == NS_WISH_NEW;
	bool is_default = b->spec->linux->rootfs_propagation == NULL;
	struct op_root root = { .slot = SLOT_NONE };
	uint32_t propagation;

	if (b->spec->root == NULL || b->spec->root->path == NULL || b->spec->root->path[0] == '\0')
		return err_set(b->err, ERR_CONFIG, "root.path: missing");
	if (read_propagation(b, &propagation))
		return -1;
	if (is_new_ns) {
		/*
		 * runc's rule: without pivot_root the host's mounts stay reachable below, and private ones stay
		 * mounted there.
		 */
		if (b->options->no_pivot && (propagation & MS_PRIVATE) != 0)
			return err_set(b->err, ERR_CONFIG,
			               "linux.rootfsPropagation: private is not safe with --no-pivot");
		build_propagation(b, outer_propagation(propagation), PHASE_ROOT, is_default);
		root.flags = root_flags(outer_propagation(propagation));
	} else if (!is_default) {
		builder_warn(b, "linux.rootfsPropagation: ignored without a new mount namespace");
	}
	const char *path = root_path(b);
	struct plan_slot tree = { .source = PLAN_SLOT_TREE, .path = path, .origin = "root.path", .is_recursive = true };
	root.path = builder_str(b, path);
	if (b->uses_trees) {
		root.slot = builder_slot(b, &tree);
		root.flags |= (propagation & MS_PRIVATE) != 0 ? ROOT_PRIVATE_TREE : 0;
	}
	builder_op(b, OP_ROOT, PHASE_ROOT, "root.path")->u.root = root;
	build_pivot(b, is_new_ns);
	return 0;
}

static int build_path_list(struct plan_builder *b, const struct str_list *paths, enum plan_op_kind kind,
                           const char *name)
{
	for (size_t i = 0; i < paths->count; i++) {
		const char *path = paths->items[i];
		if (*path != '/')
			return err_set(b->err, ERR_CONFIG, "%s[%zu]: %s is not absolute", name, i, path);
		struct plan_str clean = builder_str(b, plan_path_clean(b->arena, path));
		struct plan_str option = builder_str(b, kind == OP_MASK ? plan_mount_label_option(b) : NULL);
		struct plan_op *op = builder_op(b, kind, PHASE_MASK, "%s[%zu]", name, i);
		if (kind == OP_MASK)
			op->u.mask = (struct op_mask){ .path = clean, .option = option };
		else
			op->u.path.path = clean;
	}
	return 0;
}

/* Mounting the host's own /dev/null, looked at before the image has a say (CVE-2025-31133). */
static void build_null_slot(struct plan_builder *b)
{
	struct op_open_tree tree = {
		.path = builder_str(b, "/dev/null"),
		.slot = SLOT_NULL,
		.device_type = S_IFCHR,
		.major = 1,
		.minor = 3,
	};
	builder_op(b, OP_OPEN_TREE, PHASE_ROOT, "linux.maskedPaths")->u.open_tree = tree;
}

static int check_paths(struct plan_builder *b)
{
	const struct spec_linux *config = b->spec->linux;

	if (b->ns.wishes[NS_MOUNT] != NS_WISH_NONE)
		return 0;
	if (config->masked_paths.count > 0 || config->readonly_paths.count > 0)
		return err_set(b->err, ERR_CONFIG, "linux.%s: needs a mount namespace in linux.namespaces",
		               config->masked_paths.count > 0 ? "maskedPaths" : "readonlyPaths");
	if (b->spec->root->readonly)
		return err_set(b->err, ERR_CONFIG, "root.readonly: needs a mount namespace in linux.namespaces");
	return 0;
}

int plan_build_paths(struct plan_builder *b)
{
	const struct spec_linux *config = b->spec->linux;
	uint32_t propagation;

	if (check_paths(b) || read_propagation(b, &propagation))
		return -1;
	/* Read-only first: such a bind brings along what is mounted below, which would uncover a mask made before. */
	if (build_path_list(b, &config->readonly_paths, OP_READONLY, "linux.readonlyPaths") ||
	    build_path_list(b, &config->masked_paths, OP_MASK, "linux.maskedPaths"))
		return -1;
	if (config->masked_paths.count > 0)
		build_null_slot(b);
	if (b->spec->root->readonly) {
		struct plan_str root = builder_str(b, "/");
		builder_op(b, OP_READONLY, PHASE_MASK, "root.readonly")->u.path.path = root;
	}
	/* Last: what is unbindable can't be bound onto itself to become read-only. */
	if (b->ns.wishes[NS_MOUNT] == NS_WISH_NEW && (propagation & (MS_SHARED | MS_UNBINDABLE)) != 0)
		build_propagation(b, propagation, PHASE_MASK, false);
	return 0;
}
