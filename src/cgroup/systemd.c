/*
 * cgroup/systemd.c - the container's cgroup as a scope of systemd: starts, changes and stops it.
 *
 * Runs in the runtime process.  It must not stop a unit that isn't the container's: by its name alone none can be told
 * from another that came later, so the inode of its cgroup, which the kernel never gives twice, is kept.
 */
#include "cgroup/systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/trace.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "systemd_ask.h"
#include "tree.h"

/* How long each wait for systemd may take. */
#define TIMEOUT_MS 10000

int cgroup_systemd_check(struct err *err)
{
	(void)err;
	return 0;
}

/* --- where systemd is --- */

static void address_add(struct systemd_request *request, const char *address, bool is_broker)
{
	request->addresses[request->address_count++] = (struct systemd_address){ address, is_broker };
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Adds where the manager is to what it is to do. */
static int ask_manager(struct arena *arena, struct systemd_request *request, bool is_user, uint32_t owner_uid,
		       struct err *err)
{
	const char *given = environment(is_user ? "DBUS_SESSION_BUS_ADDRESS" : "DBUS_SYSTEM_BUS_ADDRESS");
	const char *directory = is_user ? environment("XDG_RUNTIME_DIR") : "/run";

	if (directory == NULL)
		directory = arena_printf(arena, "/run/user/%u", owner_uid);
	/* A session's bus need not have the user's systemd on it, but the one in the user's directory has. */
	if (is_user)
		address_add(request, arena_printf(arena, "unix:path=%s/bus", directory), true);
	else
		address_add(request, given != NULL ? given : "unix:path=/run/dbus/system_bus_socket", true);
	address_add(request, arena_printf(arena, "unix:path=%s/systemd/private", directory), false);
	if (is_user && given != NULL)
		address_add(request, given, true);
	request->timeout_ms = TIMEOUT_MS;
	request->is_debug = log_is_enabled(LOG_LEVEL_DEBUG);
	return systemd_ask(request, directory, err);
}

/* The same for the unit of a container that is there. */
static int ask_for_unit(const struct cgroup_unit *unit, struct systemd_request *request, struct err *err)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;

	request->unit = unit->name;
	return ask_manager(&arena, request, unit->is_user, unit->owner_uid, err);
}

/* --- where the unit's cgroup is --- */

static bool ends_with_component(const char *path, const char *name)
{
	size_t length = strlen(path), name_length = strlen(name);

	return length > name_length && path[length - name_length - 1] == '/' &&
	       strcmp(path + length - name_length, name) == 0;
}

static const struct host_hierarchy *hierarchy_find(const struct host *host, const struct proc_cgroup *line)
{
	for (size_t i = 0; i < host->hierarchy_count; i++)
		if (strcmp(host->hierarchies[i].controllers, line->controllers) == 0 &&
		    (host->hierarchies[i].version == 2) == (line->controllers[0] == '\0'))
			return &host->hierarchies[i];
	return NULL;
}

/* The path below the mount, without a slash in front; NULL when it isn't mounted. */
static const char *below_mount(const struct host_hierarchy *hierarchy, const char *path)
{
	size_t length = strcmp(hierarchy->mount_root, "/") == 0 ? 0 : strlen(hierarchy->mount_root);

	return strncmp(path, hierarchy->mount_root, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

/* Where systemd has put the process; and whether that is so in a v2 tree. */
struct placement { const char *path; const char *directory; bool is_in_v2; };

/* The kernel's word for it: systemd's own tree need not begin at the root, and users' managers lie deep inside. */
static int placement_find(struct arena *arena, const struct host *host, const char *unit, pid_t pid,
			  struct placement *placement, struct err *err)
{
	char file[32], text[8192], *cursor = text;
	struct proc_cgroup line;
	int result;

	snprintf(file, sizeof(file), "/proc/%d/cgroup", pid);
	result = sys_file_read_at(AT_FDCWD, file, text, sizeof(text), NULL);
	if (result < 0)
		return err_sys(err, result, "read %s", file);
	while (proc_cgroup_next(&cursor, &line) > 0) {
		const struct host_hierarchy *hierarchy = hierarchy_find(host, &line);
		const char *path = hierarchy != NULL ? below_mount(hierarchy, line.path) : NULL;

		if (path == NULL || !ends_with_component(line.path, unit))
			continue;
		/* systemd's own v1 hierarchy and the v2 tree have every scope, the others perhaps not. */
		if (hierarchy->version == 2)
			placement->is_in_v2 = true;
		else if (strcmp(hierarchy->controllers, "name=systemd") != 0)
			continue;
		placement->path = arena_strdup(arena, path);
		placement->directory = arena_printf(arena, "%s/%s", hierarchy->mountpoint, path);
	}
	if (placement->path == NULL)
		return err_set(err, ERR_SYSTEM, "systemd started %s, but %s does not say that process %d is in it",
			       unit, file, pid);
	return 0;
}

static int record_unit(struct arena *arena, const struct plan_unit *unit, const char *directory,
		       struct cgroup *cgroup, struct err *err)
{
	struct stat status;
	int result = sys_fstatat(AT_FDCWD, directory, &status, AT_SYMLINK_NOFOLLOW);

	if (result < 0)
		return err_sys(err, result, "look at %s, the cgroup of %s", directory, unit->name);
	cgroup->unit = (struct cgroup_unit){
		.name = arena_strdup(arena, unit->name),
		.directory = directory,
		.inode = status.st_ino,
		.is_user = unit->is_user,
		.owner_uid = unit->owner_uid,
	};
	return 0;
}

int cgroup_systemd_start(struct arena *arena, const struct host *host, const struct plan_cgroup *plan, pid_t pid,
			 struct cgroup *cgroup, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("start the scope", "");
	struct plan_cgroup placed = *plan;
	struct placement placement = { .path = NULL };
	const struct plan_unit *unit = plan->unit;
	struct systemd_request start = {
		.action = SYSTEMD_START,
		.unit = unit->name,
		.pid = pid,
		.properties = unit->properties,
	};
	struct systemd_request stop = { .action = SYSTEMD_STOP, .unit = unit->name };
	struct err failure = ERR_INIT;

	if (ask_manager(arena, &start, unit->is_user, unit->owner_uid, err) < 0)
		return -1;
	/* systemd takes a process that has ended but not been waited for, and such a scope never becomes empty. */
	if (placement_find(arena, host, unit->name, pid, &placement, err) < 0 ||
	    record_unit(arena, unit, placement.directory, cgroup, err) < 0) {
		if (ask_manager(arena, &stop, unit->is_user, unit->owner_uid, &failure) < 0)
			log_warn_err(&failure);
		return -1;
	}
	placed.path = placement.path;
	if (cgroup_create(arena, host, &placed, 0, cgroup, err) < 0)
		return -1;
	if (!placement.is_in_v2 && cgroup_join_v2(cgroup, pid, err) < 0)
		return -1;
	return cgroup_subgroup(cgroup, plan, pid, err);
}

/* --- afterwards --- */

static bool is_there(const struct cgroup_unit *unit)
{
	struct stat status;

	return sys_fstatat(AT_FDCWD, unit->directory, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       status.st_ino == unit->inode;
}

int cgroup_systemd_update(const struct cgroup *cgroup, const struct plan_unit_properties *properties, struct err *err)
{
	struct systemd_request set = { .action = SYSTEMD_SET, .properties = *properties };
	const struct cgroup_unit *unit = &cgroup->unit;

	if (unit->name == NULL || properties->count == 0)
		return 0;
	if (!is_there(unit))
		return err_set(err, ERR_STATE, "the unit %s of the container is gone", unit->name);
	return ask_for_unit(unit, &set, err);
}

/*
 * A create that was killed does not know whether it has asked systemd already; its process has ended, so that a unit
 * with processes is somebody else's.
 */
static bool may_be_starting(const struct cgroup_unit *unit)
{
	_cleanup_fd_ int fd = -1;

	if (unit->inode != 0)
		return false;
	fd = cgroup_dir_open(unit->directory);
	return fd < 0 || cgroup_tree_count(fd) == 0;
}

int cgroup_systemd_stop(const struct cgroup *cgroup, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("stop the scope", "");
	/* One that failed while it stopped would keep its name, where an annotation has changed CollectMode. */
	struct systemd_request forget = { .action = SYSTEMD_FORGET };
	const struct cgroup_unit *unit = &cgroup->unit;

	if (unit->name == NULL || (!is_there(unit) && !may_be_starting(unit)))
		return 0;
	return ask_for_unit(unit, &forget, err);
}
