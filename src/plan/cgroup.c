/*
 * plan/cgroup.c - where the container's cgroup is and what is written into it, from linux.cgroupsPath and
 * linux.resources.
 *
 * Runs in the runtime process, pure.  It must not ask the machine anything: what
 * controllers there are stands in struct host.
 */
#include "plan/cgroup_build.h"

#include <limits.h>
#include <string.h>

#include "cgroup_parts.h"
#include "systemd_parts.h"

#define PATH_ORIGIN "linux.cgroupsPath"

/* --- path --- */

static bool is_systemd_form(const char *path)
{
	const char *first = strchr(path, ':');
	const char *second = first != NULL ? strchr(first + 1, ':') : NULL;
	size_t length = first != NULL ? (size_t)(first - path) : 0;

	if (second == NULL || strchr(path, '/') != NULL)
		return false;
	return length == 0 || (length > 6 && memcmp(first - 6, ".slice", 6) == 0);
}

static int component_check(const char *name, size_t length, struct err *err)
{
	if (length == 2 && memcmp(name, "..", 2) == 0)
		return err_set(err, ERR_CONFIG, PATH_ORIGIN ": \"..\" is not allowed in a cgroup path");
	if (length > NAME_MAX)
		return err_set(err, ERR_CONFIG, PATH_ORIGIN ": a name of %zu bytes is longer than %d", length,
			       NAME_MAX);
	if (memchr(name, '\n', length) != NULL)
		return err_set(err, ERR_CONFIG, PATH_ORIGIN ": a line break is not allowed in a cgroup's name");
	return 0;
}

/* Joins the components of `from` behind `to` with single slashes; `to` has room for them. */
static int path_join(char *to, const char *from, struct err *err)
{
	size_t used = strlen(to);

	while (*from != '\0') {
		size_t length = strcspn(from, "/");

		if (component_check(from, length, err) < 0)
			return -1;
		if (length > 0 && !(length == 1 && from[0] == '.')) {
			if (used > 0)
				to[used++] = '/';
			memcpy(to + used, from, length);
			used += length;
			to[used] = '\0';
		}
		from += length + (from[length] == '/');
	}
	return 0;
}

/*
 * The parent of runlet's own cgroup, for a user on v2: only there can a user be allowed to make cgroups, and runlet's
 * own one holds processes, so that its children could get no controllers.
 */
static const char *delegated_parent(struct arena *arena, const struct host *host)
{
	const struct host_hierarchy *tree = &host->hierarchies[0];
	size_t root_length = strcmp(tree->mount_root, "/") == 0 ? 0 : strlen(tree->mount_root);
	const char *own = tree->own_path;
	const char *last;

	if (strncmp(own, tree->mount_root, root_length) != 0 || (own[root_length] != '/' && own[root_length] != '\0'))
		return "";
	own += root_length;
	last = strrchr(own, '/');
	return last != NULL ? arena_strndup(arena, own, (size_t)(last - own)) : "";
}

static int path_build(struct cgroup_builder *builder, const char *given, const char *id)
{
	const struct host *host = builder->host;
	const char *name = given != NULL ? given : id;
	const char *parent = "";
	char *path;

	if (given != NULL && is_systemd_form(given))
		return err_set(builder->err, ERR_CONFIG,
			       PATH_ORIGIN ": \"%s\" is the form of the systemd cgroup manager, "
					   "which needs --systemd-cgroup",
			       given);
	if (name[0] != '/' && host->euid != 0 && host->cgroup_mode == HOST_CGROUP_V2)
		parent = delegated_parent(builder->arena, host);
	path = arena_alloc(builder->arena, strlen(parent) + strlen(name) + 2);
	if (path_join(path, parent, builder->err) < 0)
		return -1;
	size_t parent_length = strlen(path);
	if (path_join(path, name, builder->err) < 0)
		return -1;
	if (strlen(path) == parent_length)
		return err_set(builder->err, ERR_CONFIG, PATH_ORIGIN ": \"%s\" names no cgroup", name);
	if (strlen(path) >= PATH_MAX / 2)
		return err_set(builder->err, ERR_CONFIG, PATH_ORIGIN ": a path of %zu bytes is too long", strlen(path));
	builder->plan->path = path;
	return 0;
}

/* --- all of it --- */

/* In the order of writing: what says a file's content by its name comes last, so that it has the last word. */
static int (*const resource_builders[])(struct cgroup_builder *) = {
	cgroup_memory_build,
	cgroup_cpu_build,
	cgroup_pids_build,
	cgroup_block_io_build,
	cgroup_hugepages_build,
	cgroup_network_build,
	cgroup_rdma_build,
	cgroup_unified_build,
};

static int resources_build(struct cgroup_builder *builder)
{
	for (size_t i = 0; i < sizeof(resource_builders) / sizeof(resource_builders[0]); i++)
		if (resource_builders[i](builder) < 0)
			return -1;
	return 0;
}

static int manager_check(const struct cgroup_builder *builder, enum plan_cgroup_manager manager)
{
	const struct host *host = builder->host;

	if (manager == CGROUP_CGROUPFS && host->cgroup_mode == HOST_CGROUP_NONE && host->euid == 0 &&
	    !host->is_in_user_ns)
		return err_set(builder->err, ERR_UNSUPPORTED, "no cgroup hierarchy is mounted below /sys/fs/cgroup; "
			       "--cgroup-manager=disabled runs containers without limits and device rules");
	return 0;
}

int plan_cgroup_build(struct arena *arena, const struct spec *spec, const struct host *host,
                      const struct plan_options *options, struct plan_cgroup *plan, struct err *err)
{
	const struct spec_linux *linux = spec->linux;
	struct cgroup_builder builder = { arena, host, linux->resources, plan, err, false };
	const char *given = linux->cgroups_path != NULL && linux->cgroups_path[0] != '\0' ? linux->cgroups_path : NULL;

	memset(plan, 0, sizeof(*plan));
	plan->manager = options->cgroup_manager;
	if (manager_check(&builder, plan->manager) < 0)
		return -1;
	if (plan->manager == CGROUP_CGROUPFS && path_build(&builder, given, options->id) < 0)
		return -1;
	if (plan->manager == CGROUP_SYSTEMD && systemd_unit_build(&builder, given, options->id) < 0)
		return -1;
	if (cgroup_annotations_build(&builder, &spec->annotations) < 0)
		return -1;
	if (builder.resources != NULL && resources_build(&builder) < 0)
		return -1;
	if (plan->manager == CGROUP_DISABLED) {
		if (plan->has_limits)
			return err_set(err, ERR_UNSUPPORTED,
				       "%s: needs cgroups, which --cgroup-manager=disabled turned off",
				       plan->writes[0].origin);
		return 0;
	}
	if (cgroup_devices_build(&builder) < 0)
		return -1;
	return plan->unit != NULL ? systemd_properties_build(&builder, &spec->annotations, options->id) : 0;
}

int plan_cgroup_build_update(struct arena *arena, const struct spec_resources *resources, const struct host *host,
			     enum plan_cgroup_manager manager, struct plan_cgroup *plan, struct err *err)
{
	struct cgroup_builder builder = { arena, host, resources, plan, err, true };

	memset(plan, 0, sizeof(*plan));
	plan->manager = manager;
	if (resources_build(&builder) < 0 || (resources->devices.count > 0 && cgroup_devices_build(&builder) < 0))
		return -1;
	return manager == CGROUP_SYSTEMD ? systemd_update_build(&builder) : 0;
}
