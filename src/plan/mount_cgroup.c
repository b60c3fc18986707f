/*
 * plan/mount_cgroup.c - mounts of type cgroup: what the container sees of its cgroups.
 *
 * Runtime process only; pure.  With a cgroup namespace the kernel shows only the container's own subtree, so the real
 * file systems are mounted.  Without one they would show the host's whole tree, so the container's own directories are
 * bound instead, always read-only (CVE-2023-25809).
 */
#include "plan/mount.h"

#include <string.h>
#include <linux/mount.h>

#include "plan/idmap.h"

#define DEFAULT_ATTRS (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

static bool has_cgroup_ns(const struct plan_builder *b)
{
	return b->ns.wishes[NS_CGROUP] != NS_WISH_NONE;
}

/* The container's directory in a hierarchy of the host. */
static const char *own_directory(struct plan_builder *b, const struct host_hierarchy *hierarchy)
{
	const char *path = b->plan->cgroup.path;

	if (b->plan->cgroup.manager == CGROUP_DISABLED || path == NULL || *path == '\0')
		return hierarchy->mountpoint;
	return arena_printf(b->arena, "%s/%s", hierarchy->mountpoint, path);
}

static void bind_own(struct plan_builder *b, const struct mount_request *request,
                     const struct host_hierarchy *hierarchy, const char *destination)
{
	struct op_mount_bind *bind = plan_mount_bind(b, request, own_directory(b, hierarchy), destination);

	bind->flags |= MOUNT_KEEP_LOCKED | MOUNT_SOURCE_DIR;
	if (!b->is_privileged || b->host->is_in_user_ns)
		bind->flags |= MOUNT_OPTIONAL; /* without delegation there is no such cgroup */
	bind->attr_set |= MOUNT_ATTR_RDONLY;
	bind->attr_clear &= ~(uint64_t)MOUNT_ATTR_RDONLY;
}

/*
 * A container that sees its cgroup, and only that, writable at the usual place shall be able to use it
 * (runtime-spec, config-linux.md#cgroup-ownership): the cgroup gets the host's id of process.user.uid.
 * It can't be told for a user namespace that is joined without repeating its maps.  A user without privileges can give
 * nothing away, and owns the cgroup as the container's root already.
 */
static void plan_owner(struct plan_builder *b, const struct mount_request *request)
{
	const struct spec_linux *config = b->spec->linux;
	uint32_t uid = b->spec->process != NULL ? b->spec->process->user.uid : 0;
	uint64_t attr = request->options.attr_set | request->options.rec_attr_set;
	bool is_mapped = b->ns.wishes[NS_USER] != NS_WISH_NONE;

	if (b->ns.wishes[NS_CGROUP] != NS_WISH_NEW || (attr & MOUNT_ATTR_RDONLY) != 0 || !b->is_privileged ||
	    strcmp(request->destination, "/sys/fs/cgroup") != 0)
		return;
	if (is_mapped && !plan_idmap_to_host(&config->uid_mappings, uid, &uid))
		return;
	b->plan->cgroup.has_owner = uid != b->host->euid;
	b->plan->cgroup.owner_uid = uid;
}

static int build_v2(struct plan_builder *b, const struct mount_request *request)
{
	if (has_cgroup_ns(b)) {
		plan_owner(b, request);
		plan_mount_fs(b, request, OP_MOUNT_FS, "cgroup2", "cgroup");
		return 0;
	}
	for (size_t i = 0; i < b->host->hierarchy_count; i++) {
		if (b->host->hierarchies[i].version == 2)
			bind_own(b, request, &b->host->hierarchies[i], request->destination);
	}
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

/* "cpu,cpuacct" as two options. */
static struct plan_list controller_options(struct plan_builder *b, const char *controllers)
{
	char **items = NULL;
	size_t count = 0;

	while (*controllers != '\0') {
		size_t length = strcspn(controllers, ",");
		items = arena_grow(b->arena, items, count, sizeof(*items));
		items[count++] = arena_strndup(b->arena, controllers, length);
		controllers += length + (controllers[length] == ',');
	}
	return builder_list(b, items, count);
}

static void mount_v1(struct plan_builder *b, const struct mount_request *request,
                     const struct host_hierarchy *hierarchy, const char *destination)
{
	struct op_mount_fs fs = {
		.type = builder_str(b, "cgroup"),
		.source = builder_str(b, "cgroup"),
		.destination = builder_str(b, destination),
		.options = controller_options(b, hierarchy->controllers),
		.attr_set = DEFAULT_ATTRS | (request->options.attr_set & MOUNT_ATTR_RDONLY),
	};
	struct plan_op *op = builder_op(b, OP_MOUNT_FS, PHASE_MOUNT, "mounts[%zu]", request->index);
	op->u.mount_fs = fs;
}

/* Programs look for "cpu" where the hierarchy is mounted as "cpu,cpuacct". */
static void link_controllers(struct plan_builder *b, const struct mount_request *request,
                             const struct host_hierarchy *hierarchy)
{
	const char *base = base_name(hierarchy->mountpoint);
	const char *rest = hierarchy->controllers;

	if (strchr(rest, ',') == NULL)
		return;
	while (*rest != '\0') {
		size_t length = strcspn(rest, ",");
		const char *path = arena_printf(b->arena, "%s/%.*s", request->destination, (int)length, rest);
		struct op_symlink link = {
			.target = builder_str(b, base),
			.path = builder_str(b, path),
			.flags = SYMLINK_KEEP,
		};
		if (strlen(base) != length || strncmp(base, rest, length) != 0)
			builder_op(b, OP_SYMLINK, PHASE_MOUNT, "mounts[%zu]", request->index)->u.symlink = link;
		rest += length + (rest[length] == ',');
	}
}

/* Holds the hierarchies' directories; made read-only when they are in place. */
static void build_v1_base(struct plan_builder *b, const struct mount_request *request)
{
	char *label = plan_mount_label_option(b);
	char *options[] = { (char[]){ "mode=755" }, label };
	struct op_mount_fs fs = {
		.type = builder_str(b, "tmpfs"),
		.source = builder_str(b, "tmpfs"),
		.destination = builder_str(b, request->destination),
		.options = builder_list(b, options, label == NULL ? 1 : 2),
		.propagation = builder_numbers(b, request->options.propagation, request->options.propagation_count),
		.attr_set = (request->options.attr_set | request->options.rec_attr_set) & ~(uint64_t)MOUNT_ATTR_RDONLY,
	};
	builder_op(b, OP_MOUNT_FS, PHASE_MOUNT, "mounts[%zu]", request->index)->u.mount_fs = fs;
}

static int build_v1(struct plan_builder *b, const struct mount_request *request)
{
	bool asks_readonly = ((request->options.attr_set | request->options.rec_attr_set) & MOUNT_ATTR_RDONLY) != 0;

	build_v1_base(b, request);
	for (size_t i = 0; i < b->host->hierarchy_count; i++) {
		const struct host_hierarchy *hierarchy = &b->host->hierarchies[i];
		if (hierarchy->version != 1)
			continue;
		const char *destination =
			arena_printf(b->arena, "%s/%s", request->destination, base_name(hierarchy->mountpoint));
		if (has_cgroup_ns(b))
			mount_v1(b, request, hierarchy, destination);
		else
			bind_own(b, request, hierarchy, destination);
		link_controllers(b, request, hierarchy);
	}
	if (asks_readonly || !has_cgroup_ns(b)) {
		struct op_remount remount = {
			.destination = builder_str(b, request->destination),
			.attr_set = MOUNT_ATTR_RDONLY,
		};
		builder_op(b, OP_REMOUNT, PHASE_MOUNT, "mounts[%zu]", request->index)->u.remount = remount;
	}
	return 0;
}

int plan_build_cgroup_mount(struct plan_builder *b, const struct mount_request *request)
{
	if (request->options.data.count > 0)
		return err_set(b->err, ERR_CONFIG,
		               "mounts[%zu].options[%zu]: %s: a mount of cgroups takes no such option", request->index,
		               request->options.super_index, request->options.data.items[0]);
	if (b->host->cgroup_mode == HOST_CGROUP_NONE) {
		builder_warn(b, "mounts[%zu]: left out, this host has no cgroups mounted", request->index);
		return 0;
	}
	plan_build_cgroup_entry(b);
	if (b->host->cgroup_mode == HOST_CGROUP_V2)
		return build_v2(b, request);
	return build_v1(b, request);
}
