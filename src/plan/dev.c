/*
 * plan/dev.c - /dev: default and configured devices, links, console, standard streams.
 *
 * Runtime process only; pure.  Everything is made after the pivot, so a symlink in the image leads nowhere outside
 * (CVE-2026-41579, CVE-2026-47766).
 */
#include <string.h>
#include <sys/stat.h>

#include "plan/builder.h"
#include "plan/mount_options.h"

#define DEFAULT_MODE 0666u
#define MODE_BITS 07777u
#define PTMX "/dev/ptmx"

struct default_device { const char *path; uint32_t major, minor; };

static const struct default_device default_devices[] = {
	{ "/dev/null", 1, 3 },   { "/dev/zero", 1, 5 },    { "/dev/full", 1, 7 },
	{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

struct dev_link { const char *path, *target; uint32_t flags; };

/* The image's own link is as good as ours; ptmx must be the container's own devpts instance. */
static const struct dev_link dev_links[] = {
	{ "/dev/fd", "/proc/self/fd", SYMLINK_KEEP },       { "/dev/stdin", "/proc/self/fd/0", SYMLINK_KEEP },
	{ "/dev/stdout", "/proc/self/fd/1", SYMLINK_KEEP }, { "/dev/stderr", "/proc/self/fd/2", SYMLINK_KEEP },
	{ "/dev/core", "/proc/kcore", SYMLINK_KEEP },       { PTMX, "pts/ptmx", 0 },
};

static bool is_bind(const struct spec_mount *mount)
{
	if (mount->type != NULL && strcmp(mount->type, "bind") == 0)
		return true;
	for (size_t i = 0; i < mount->options.count; i++) {
		const struct mount_option *row = plan_mount_option_find(mount->options.items[i]);
		if (row != NULL && (row->special == MOUNT_WORD_BIND || row->special == MOUNT_WORD_RBIND))
			return true;
	}
	return false;
}

/* Who binds a directory over /dev brings its own nodes, often the host's; these aren't ours to change. */
static bool has_bound_dev(struct plan_builder *b)
{
	for (size_t i = 0; i < b->spec->mounts.count; i++) {
		const struct spec_mount *mount = &b->spec->mounts.items[i];
		if (mount->destination != NULL && is_bind(mount) &&
		    strcmp(plan_path_clean(b->arena, mount->destination), "/dev") == 0)
			return true;
	}
	return false;
}

/* mknod(2) needs the initial user namespace; elsewhere the host's node, looked at on the host, is bound. */
static uint32_t device_slot(struct plan_builder *b, const struct op_device *device, const char *path,
                            const char *origin)
{
	if (device->type == S_IFIFO || !(b->has_user_ns || b->host->is_in_user_ns))
		return SLOT_NONE;
	struct plan_slot slot = { .source = PLAN_SLOT_OP, .origin = origin };
	struct op_open_tree tree = {
		.path = builder_str(b, path),
		.slot = builder_slot(b, &slot),
		.device_type = device->type,
		.major = device->major,
		.minor = device->minor,
	};
	builder_op(b, OP_OPEN_TREE, PHASE_ROOT, "%s", origin)->u.open_tree = tree;
	return tree.slot;
}

static void build_device(struct plan_builder *b, const struct op_device *device, const char *path, const char *origin)
{
	struct op_device full = *device;

	full.path = builder_str(b, path);
	full.slot = device_slot(b, device, path, origin);
	builder_op(b, OP_DEVICE, PHASE_DEV, "%s", origin)->u.device = full;
}

static uint32_t device_type(char letter)
{
	if (letter == 'b')
		return S_IFBLK;
	return letter == 'p' ? S_IFIFO : S_IFCHR;
}

static bool is_number(int64_t value)
{
	return value >= 0 && value <= UINT32_MAX;
}

static int build_configured(struct plan_builder *b, size_t index, const char *path)
{
	const struct spec_device *config = &b->spec->linux->devices.items[index];
	const char *origin = arena_printf(b->arena, "linux.devices[%zu]", index);
	bool is_fifo = config->type == 'p';

	if (!is_fifo && !(is_number(config->major) && is_number(config->minor)))
		return err_set(b->err, ERR_CONFIG, "%s: %lld:%lld is no device number", origin,
		               (long long)config->major, (long long)config->minor);
	if (strcmp(path, "/") == 0)
		return err_set(b->err, ERR_CONFIG, "%s.path: names the root", origin);
	struct op_device device = {
		.type = device_type(config->type),
		.major = is_fifo ? 0 : (uint32_t)config->major,
		.minor = is_fifo ? 0 : (uint32_t)config->minor,
		.mode = config->file_mode.is_set ? config->file_mode.value & MODE_BITS : DEFAULT_MODE,
		.uid = config->uid.is_set ? config->uid.value : 0,
		.gid = config->gid.is_set ? config->gid.value : 0,
	};
	build_device(b, &device, path, origin);
	return 0;
}

/* A configured device takes the place of a default one with its path; /dev/ptmx is a link whatever the config says. */
static int build_devices(struct plan_builder *b)
{
	const struct spec_device_list *list = &b->spec->linux->devices;
	const size_t default_count = sizeof(default_devices) / sizeof(default_devices[0]);
	bool is_overridden[sizeof(default_devices) / sizeof(default_devices[0])] = { false };
	const char **paths = arena_alloc_array(b->arena, list->count, sizeof(*paths));

	for (size_t i = 0; i < list->count; i++) {
		paths[i] = plan_path_clean(b->arena, list->items[i].path == NULL ? "" : list->items[i].path);
		for (size_t k = 0; k < default_count; k++)
			is_overridden[k] |= strcmp(paths[i], default_devices[k].path) == 0;
	}
	for (size_t k = 0; k < default_count; k++) {
		struct op_device device = {
			.type = S_IFCHR,
			.major = default_devices[k].major,
			.minor = default_devices[k].minor,
			.mode = DEFAULT_MODE,
		};
		if (!is_overridden[k])
			build_device(b, &device, default_devices[k].path, "");
	}
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(paths[i], PTMX) != 0 && build_configured(b, i, paths[i]))
			return -1;
	}
	return 0;
}

static void build_links(struct plan_builder *b)
{
	for (size_t i = 0; i < sizeof(dev_links) / sizeof(dev_links[0]); i++) {
		struct op_symlink link = {
			.target = builder_str(b, dev_links[i].target),
			.path = builder_str(b, dev_links[i].path),
			.flags = dev_links[i].flags,
		};
		builder_op(b, OP_SYMLINK, PHASE_DEV, "%s", "")->u.symlink = link;
	}
}

void plan_build_streams(struct plan_builder *b)
{
	const struct spec_process *process = b->spec->process;

	if (!process->terminal) {
		builder_op(b, OP_STDIO, PHASE_DEV, "%s", "")->u.stdio.uid = process->user.uid;
		return;
	}
	struct op_console console = {
		.bind_console = b->ns.wishes[NS_MOUNT] != NS_WISH_NONE,
		.uid = process->user.uid,
	};
	if (process->console_size != NULL) {
		console.height = process->console_size->height;
		console.width = process->console_size->width;
	}
	builder_op(b, OP_CONSOLE, PHASE_DEV, "process.terminal")->u.console = console;
}

int plan_build_dev(struct plan_builder *b)
{
	if (!has_bound_dev(b)) {
		if (build_devices(b))
			return -1;
		build_links(b);
	}
	if (b->spec->process != NULL)
		plan_build_streams(b);
	return 0;
}
