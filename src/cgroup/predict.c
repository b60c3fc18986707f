/*
 * cgroup/predict.c - what cgroup_create() is about to make, for the state file of a container that may never be
 * finished.
 *
 * Runs in the runtime process.  Only looks.
 */
#include "cgroup/cgroup.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "plan/systemd.h"
#include "sys/file.h"

static bool is_missing(const char *path)
{
	struct stat status;

	return sys_fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) < 0;
}

/* How many of the directories between the mount point and `path` are missing too. */
static uint32_t count_missing_parents(struct arena *arena, const char *mountpoint, const char *path)
{
	char *parent = arena_strdup(arena, path);
	size_t top = strlen(mountpoint);
	uint32_t count = 0;
	char *slash;

	for (;;) {
		slash = strrchr(parent, '/');
		if (slash == NULL || (size_t)(slash - parent) <= top)
			return count;
		*slash = '\0';
		if (!is_missing(parent))
			return count;
		count++;
	}
}

/* The directory that says whether the unit is there: in the hierarchy that systemd goes by. */
static void predict_unit(struct arena *arena, const struct host *host, const struct plan_cgroup *plan,
			 struct cgroup *cgroup)
{
	const struct host_hierarchy *tree = NULL;
	const char *directory;

	for (size_t i = 0; i < host->hierarchy_count; i++)
		if (strcmp(host->hierarchies[i].controllers, "name=systemd") == 0 ||
		    (tree == NULL && host->hierarchies[i].version == 2))
			tree = &host->hierarchies[i];
	directory = tree != NULL ? arena_printf(arena, "%s/%s", tree->mountpoint, plan->path) : NULL;
	if (directory == NULL || !is_missing(directory))
		return;
	cgroup->unit = (struct cgroup_unit){
		.name = plan->unit->name,
		.directory = directory,
		.owner_uid = plan->unit->owner_uid,
		.is_user = plan->unit->is_user,
	};
}

void cgroup_predict(struct arena *arena, const struct host *host, const struct plan_cgroup *plan, struct cgroup *cgroup)
{
	memset(cgroup, 0, sizeof(*cgroup));
	cgroup->manager = plan->manager;
	if (plan->manager == CGROUP_DISABLED)
		return;
	if (plan->manager == CGROUP_SYSTEMD)
		predict_unit(arena, host, plan, cgroup);
	cgroup->dirs = arena_alloc_array(arena, host->hierarchy_count, sizeof(*cgroup->dirs));
	for (size_t i = 0; i < host->hierarchy_count; i++) {
		const struct host_hierarchy *hierarchy = &host->hierarchies[i];
		const char *path = arena_printf(arena, "%s/%s", hierarchy->mountpoint, plan->path);

		/*
		 * What is there already is not runlet's: nothing in it may be killed or removed for a container's sake.
		 */
		if (!is_missing(path))
			continue;
		cgroup->dirs[cgroup->dir_count++] = (struct cgroup_dir){
			.controllers = hierarchy->controllers,
			.path = path,
			.version = hierarchy->version,
			/* Slices are systemd's. */
			.made_parents = plan->manager == CGROUP_SYSTEMD ?
						0 : count_missing_parents(arena, hierarchy->mountpoint, path),
			.is_made = true,
		};
	}
}
