/*
 * plan/mount.c - config.mounts, in their order, to ops.
 *
 * Runtime process only; pure.  What only the file system can tell (is the source a file, is there a symlink) is decided
 * by the op; destinations are resolved by init beneath the root.
 */
#include "plan/mount.h"

#include <string.h>
#include <linux/mount.h>

#include "base/path.h"
#include "spec/annotations.h"

#define NOTIFY_DIR "/run/notify"

/*
 * What containers may have mounted inside /proc: files that lxcfs emulates.  Anything else there would let an image or
 * a volume pose as procfs (CVE-2019-16884).
 */
static const char *const proc_allowed[] = {
	"/proc/cpuinfo",  "/proc/diskstats", "/proc/meminfo", "/proc/stat",
	"/proc/swaps",    "/proc/uptime",    "/proc/loadavg", "/proc/slabinfo",
	"/proc/net/dev",  "/proc/sys/kernel/ns_last_pid",     "/proc/sys/crypto/fips_enabled",
};

/*
 * Kernel file systems whose superblock is shared with other mounts: "ro" is the mount's matter there, or a later
 * container that shares a namespace would find its own mount read-only.  tmpfs and devpts gain nothing from it.
 */
static const char *const mount_only_ro[] = { "proc", "sysfs", "cgroup", "cgroup2", "mqueue", "tmpfs", "devpts" };

/* Types that take no context= option: SELinux labels them by itself; mqueue's root gets an extended attribute. */
static const char *const unlabeled[] = { "proc", "sysfs", "mqueue", "cgroup", "cgroup2" };

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

#define IS_ONE_OF(word, words) is_one_of((word), (words), sizeof(words) / sizeof((words)[0]))

static bool is_bind(const struct mount_request *request)
{
	return request->options.has_bind || request->options.has_rbind ||
	       (request->mount->type != NULL && strcmp(request->mount->type, "bind") == 0);
}

static int check_destination(struct plan_builder *b, const struct mount_request *request)
{
	const char *destination = request->destination;
	const char *type = request->mount->type;

	if (strcmp(destination, "/") == 0 && !request->options.has_remount)
		return err_set(b->err, ERR_CONFIG, "mounts[%zu].destination: can't mount over the container's root",
		               request->index);
	if (!path_is_beneath(destination, "/proc") || request->options.has_remount)
		return 0;
	if (strcmp(destination, "/proc") == 0) {
		/* A bind is checked by the op: only init can see what the source is. */
		if (is_bind(request) || (type != NULL && strcmp(type, "proc") == 0))
			return 0;
		return err_set(b->err, ERR_CONFIG, "mounts[%zu].type: only proc may be mounted on /proc",
		               request->index);
	}
	if (IS_ONE_OF(destination, proc_allowed))
		return 0;
	return err_set(b->err, ERR_CONFIG, "mounts[%zu].destination: %s is inside /proc", request->index, destination);
}

/*
 * /proc, /sys and /dev must be real directories: a symlink in the image would lead the mount elsewhere
 * (CVE-2019-19921, CVE-2023-27561, CVE-2026-41579).
 */
static uint32_t target_flags(const struct mount_request *request)
{
	static const char *const fixed[] = { "/proc", "/sys", "/dev" };
	const char *type = request->mount->type;
	bool is_kernel_fs = type != NULL && (strcmp(type, "proc") == 0 || strcmp(type, "sysfs") == 0);

	if (is_kernel_fs || request->options.has_dest_nofollow || IS_ONE_OF(request->destination, fixed))
		return MOUNT_NO_SYMLINK;
	return 0;
}

static struct plan_numbers propagation_of(struct plan_builder *b, const struct mount_request *request)
{
	return builder_numbers(b, request->options.propagation, request->options.propagation_count);
}

struct op_mount_fs *plan_mount_fs(struct plan_builder *b, const struct mount_request *request, enum plan_op_kind kind,
                                  const char *type, const char *source)
{
	const struct mount_options *options = &request->options;
	struct op_mount_fs fs = {
		.type = builder_str(b, type),
		.source = builder_str(b, source),
		.destination = builder_str(b, request->destination),
		.options = builder_list(b, options->data.items, options->data.count),
		.propagation = propagation_of(b, request),
		.flags = target_flags(request),
		.sb_flags = options->super_flags,
		/* A fresh mount has nothing to clear and nothing below it: the recursive words are plain ones. */
		.attr_set = (options->attr_set & ~options->rec_attr_clear) | options->rec_attr_set,
	};
	if (IS_ONE_OF(type, mount_only_ro))
		fs.sb_flags &= ~(uint32_t)MS_RDONLY;
	struct plan_op *op = builder_op(b, kind, PHASE_MOUNT, "mounts[%zu]", request->index);
	op->u.mount_fs = fs;
	return &op->u.mount_fs;
}

struct op_mount_bind *plan_mount_bind(struct plan_builder *b, const struct mount_request *request, const char *source,
                                      const char *destination)
{
	const struct mount_options *options = &request->options;
	struct op_mount_bind bind = {
		.source = builder_str(b, source),
		.destination = builder_str(b, destination),
		.propagation = propagation_of(b, request),
		.flags = target_flags(request),
		.attr_set = options->attr_set,
		.attr_clear = options->attr_clear,
		.rec_attr_set = options->rec_attr_set,
		.rec_attr_clear = options->rec_attr_clear,
	};
	if ((bind.attr_set | bind.attr_clear | bind.rec_attr_set | bind.rec_attr_clear) != 0)
		bind.flags |= MOUNT_KEEP_LOCKED;
	if (options->has_rbind)
		bind.flags |= MOUNT_RECURSIVE;
	if (options->has_src_nofollow)
		bind.flags |= MOUNT_SRC_NOFOLLOW;
	if (options->has_copy_symlink)
		bind.flags |= MOUNT_COPY_SYMLINK;
	if (strcmp(destination, "/proc") == 0)
		bind.flags |= MOUNT_SOURCE_PROC;
	struct plan_op *op = builder_op(b, OP_MOUNT_BIND, PHASE_MOUNT, "mounts[%zu]", request->index);
	op->u.mount_bind = bind;
	return &op->u.mount_bind;
}

/* The kernel ignores such options on a bind mount without a word, so they are refused, as runc does. */
static int refuse_super(struct plan_builder *b, const struct mount_request *request)
{
	const struct mount_options *options = &request->options;
	const char *word = request->mount->options.items[options->super_index];

	return err_set(b->err, ERR_CONFIG, "mounts[%zu].options[%zu]: %s: a bind mount has no %s", request->index,
	               options->super_index, word,
	               options->is_data_first ? "file system options" : "flags of the superblock");
}

static int build_bind(struct plan_builder *b, const struct mount_request *request)
{
	const struct mount_options *options = &request->options;
	const char *source = request->mount->source;

	if (source == NULL || *source == '\0')
		return err_set(b->err, ERR_CONFIG, "mounts[%zu].source: a bind mount needs one", request->index);
	if (options->has_super)
		return refuse_super(b, request);
	if (options->has_copy_up)
		return err_set(b->err, ERR_CONFIG, "mounts[%zu].options: tmpcopyup is for tmpfs", request->index);
	if (*source != '/')
		source = arena_printf(b->arena, "%s/%s", b->options->bundle, source);
	struct plan_slot tree = {
		.source = PLAN_SLOT_TREE,
		.path = source,
		.origin = arena_printf(b->arena, "mounts[%zu].source", request->index),
		.is_recursive = options->has_rbind,
		.is_nofollow = options->has_src_nofollow,
		.idmap = request->idmap,
		.is_idmap_recursive = options->has_ridmap,
	};
	/* What is asked about the source's last component can be answered only where the path is walked. */
	bool is_tree = request->idmap != 0 ||
	               (b->uses_trees && !options->has_copy_symlink && !options->has_src_nofollow);
	uint32_t slot = is_tree ? builder_slot(b, &tree) : SLOT_NONE;
	plan_mount_bind(b, request, source, request->destination)->source_slot = slot;
	return 0;
}

static int build_remount(struct plan_builder *b, const struct mount_request *request)
{
	const struct mount_options *options = &request->options;
	struct op_remount remount = {
		.destination = builder_str(b, request->destination),
		.propagation = propagation_of(b, request),
		.flags = target_flags(request),
		.attr_set = options->attr_set,
		.attr_clear = options->attr_clear,
		.rec_attr_set = options->rec_attr_set,
		.rec_attr_clear = options->rec_attr_clear,
	};
	if (!is_bind(request)) {
		remount.has_super = 1;
		remount.sb_flags = options->super_flags;
		remount.options = builder_list(b, options->data.items, options->data.count);
	} else if (options->has_super) {
		return refuse_super(b, request);
	}
	struct plan_op *op = builder_op(b, OP_REMOUNT, PHASE_MOUNT, "mounts[%zu]", request->index);
	op->u.remount = remount;
	return 0;
}

static bool has_option(const struct str_list *data, const char *prefix)
{
	for (size_t i = 0; i < data->count; i++) {
		if (strncmp(data->items[i], prefix, strlen(prefix)) == 0)
			return true;
	}
	return false;
}

char *plan_mount_label_option(struct plan_builder *b)
{
	const char *kind = spec_annotation_find(&b->spec->annotations, ANNOTATION_MOUNT_CONTEXT_TYPE);
	const char *label = b->spec->linux->mount_label;

	if (label == NULL || *label == '\0')
		return NULL;
	return arena_printf(b->arena, "%s=%s", kind == NULL ? "context" : kind, label);
}

static void add_label(struct plan_builder *b, struct mount_request *request, const char *type)
{
	char *option = plan_mount_label_option(b);
	struct str_list *data = &request->options.data;

	if (option == NULL || IS_ONE_OF(type, unlabeled))
		return;
	data->items = arena_grow(b->arena, data->items, data->count, sizeof(*data->items));
	data->items[data->count++] = option;
}

static int build_fs(struct plan_builder *b, struct mount_request *request)
{
	const char *type = request->mount->type;
	const char *source = request->mount->source;
	bool is_tmpfs = type != NULL && strcmp(type, "tmpfs") == 0;

	if (type == NULL || *type == '\0')
		return err_set(b->err, ERR_CONFIG, "mounts[%zu].type: missing, and the options ask for no bind mount",
		               request->index);
	if (request->options.has_copy_up && !is_tmpfs)
		return err_set(b->err, ERR_CONFIG, "mounts[%zu].options: tmpcopyup is for tmpfs, not for %s",
		               request->index, type);
	for (size_t i = 0; i < request->options.data.count; i++) {
		const char *origin = arena_printf(b->arena, "mounts[%zu].options", request->index);
		if (request->idmap == 0 && plan_idmap_check_option(b, origin, request->options.data.items[i]))
			return -1;
	}
	bool keeps_mode = is_tmpfs && !has_option(&request->options.data, "mode=");
	add_label(b, request, type);
	enum plan_op_kind kind = request->options.has_copy_up ? OP_COPY_UP : OP_MOUNT_FS;
	if (source == NULL || *source == '\0')
		source = type;
	if (request->idmap != 0)
		return plan_build_idmapped_fs(b, request, type, source, keeps_mode);
	struct plan_str label = builder_str(b, b->spec->linux->mount_label);
	struct op_mount_fs *fs = plan_mount_fs(b, request, kind, type, source);
	if (keeps_mode)
		fs->flags |= MOUNT_KEEP_MODE;
	/* Takes no context=, and the label of its root is settable, as with runc. */
	if (strcmp(type, "mqueue") == 0)
		fs->label = label;
	return 0;
}

static bool is_cgroup(const struct plan_builder *b, const char *type)
{
	if (type == NULL)
		return false;
	return strcmp(type, "cgroup") == 0 || (strcmp(type, "cgroup2") == 0 && b->host->cgroup_mode == HOST_CGROUP_V2);
}

static int build_mount(struct plan_builder *b, size_t index)
{
	struct mount_request request = { .index = index, .mount = &b->spec->mounts.items[index] };
	const struct spec_mount *mount = request.mount;

	plan_mount_options_parse(b->arena, &mount->options, &request.options);
	request.destination = plan_path_clean(b->arena, mount->destination == NULL ? "" : mount->destination);
	if (check_destination(b, &request) || plan_mount_idmap(b, &request))
		return -1;
	if (request.options.has_remount)
		return build_remount(b, &request);
	if (is_bind(&request))
		return build_bind(b, &request);
	if (is_cgroup(b, mount->type))
		return plan_build_cgroup_mount(b, &request);
	return build_fs(b, &request);
}

/* The socket of sd_notify(3): its directory is bound, so that the socket may be made later. */
static void build_notify(struct plan_builder *b)
{
	if (b->options->notify_dir == NULL)
		return;
	struct plan_slot tree = { .source = PLAN_SLOT_TREE, .path = b->options->notify_dir, .origin = "" };
	struct op_mount_bind bind = {
		.source = builder_str(b, b->options->notify_dir),
		.destination = builder_str(b, NOTIFY_DIR),
		.source_slot = b->uses_trees ? builder_slot(b, &tree) : SLOT_NONE,
		.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY,
	};
	struct plan_op *op = builder_op(b, OP_MOUNT_BIND, PHASE_MOUNT, "%s", "");
	op->u.mount_bind = bind;
}

int plan_build_mounts(struct plan_builder *b)
{
	for (size_t i = 0; i < b->spec->mounts.count; i++) {
		if (build_mount(b, i))
			return -1;
	}
	build_notify(b);
	if (b->ns.wishes[NS_CGROUP] == NS_WISH_NEW)
		plan_build_cgroup_entry(b);
	return 0;
}
