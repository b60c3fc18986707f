/*
 * cgroup/pids.c - lists the processes of a container's cgroup.
 *
 * Runs in the runtime process; changes nothing.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/fd.h"
#include "tree.h"

const struct cgroup_dir *cgroup_process_dir(const struct cgroup *cgroup)
{
	const struct cgroup_dir *chosen = cgroup->dir_count > 0 ? &cgroup->dirs[0] : NULL;

	for (size_t i = 0; i < cgroup->dir_count; i++) {
		if (cgroup->dirs[i].version == 2)
			return &cgroup->dirs[i];
		if (cgroup_has_freezer(&cgroup->dirs[i]))
			chosen = &cgroup->dirs[i];
	}
	return chosen;
}

struct pid_list { struct arena *arena; pid_t *items; size_t count; };

static int list_add(pid_t pid, void *argument)
{
	struct pid_list *list = argument;

	list->items = arena_grow(list->arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = pid;
	return 0;
}

static int pid_compare(const void *left, const void *right)
{
	const pid_t a = *(const pid_t *)left, b = *(const pid_t *)right;

	return (a > b) - (a < b);
}

int cgroup_list_pids(struct arena *arena, const struct cgroup *cgroup, pid_t **pids, size_t *count, struct err *err)
{
	const struct cgroup_dir *dir = cgroup_process_dir(cgroup);
	struct pid_list list = { .arena = arena };
	_cleanup_fd_ int fd = -1;
	int result;

	*pids = NULL;
	*count = 0;
	if (dir == NULL)
		return err_set(err, ERR_UNSUPPORTED, "the container has no cgroup that tells its processes");
	fd = cgroup_dir_open(dir->path);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(err, fd, "open %s", dir->path);
	result = cgroup_tree_pids(fd, list_add, &list);
	if (result < 0)
		return err_sys(err, result, "read the processes of %s", dir->path);
	if (list.count > 0)
		qsort(list.items, list.count, sizeof(*list.items), pid_compare);
	/* One that moved during the walk was met twice. */
	for (size_t i = 0; i < list.count; i++) {
		if (i == 0 || list.items[i] != list.items[i - 1])
			list.items[(*count)++] = list.items[i];
	}
	*pids = list.items;
	return 0;
}
