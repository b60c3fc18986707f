/*
 * cgroup/inner.c - where a container's first process really is: it may have made cgroups below its own.
 *
 * Runs in the runtime process; changes nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "cgroup/cgroup.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "tree.h"

struct search { pid_t pid; };

static int is_it(pid_t pid, void *argument)
{
	const struct search *search = argument;

	return pid == search->pid;
}

static bool has_process(const char *path, pid_t pid)
{
	_cleanup_fd_ int fd = cgroup_dir_open(path);
	struct search search = { pid };

	return fd >= 0 && cgroup_dir_pids(fd, is_it, &search) == 1;
}

/*
 * What the kernel calls the process's cgroup begins at the root of runlet's cgroup namespace, which needn't be what is
 * mounted: so the end of that path is looked for below the container's directory, the shortest first.
 */
static const char *find_below(struct arena *arena, const char *directory, const char *own, pid_t pid)
{
	for (const char *rest = own + strlen(own); rest > own; rest--) {
		const char *path;

		if (rest[-1] != '/')
			continue;
		path = arena_printf(arena, "%s/%s", directory, rest);
		if (*rest != '\0' && has_process(path, pid))
			return path;
	}
	return NULL;
}

static const char *find_v2_path(char *text)
{
	struct proc_cgroup line;

	while (proc_cgroup_next(&text, &line) == 1) {
		if (line.hierarchy == 0)
			return line.path;
	}
	return NULL;
}

int cgroup_inner(struct arena *arena, const struct cgroup *whole, pid_t pid, struct cgroup *inner, struct err *err)
{
	char name[32], text[8192];
	const char *own, *path;
	int result;

	*inner = *whole;
	inner->dirs = arena_alloc_array(arena, whole->dir_count, sizeof(*whole->dirs));
	memcpy(inner->dirs, whole->dirs, whole->dir_count * sizeof(*whole->dirs));
	snprintf(name, sizeof(name), "/proc/%d/cgroup", pid);
	result = sys_file_read_at(AT_FDCWD, name, text, sizeof(text), NULL);
	if (result < 0)
		return err_sys(err, result, "read %s", name);
	own = find_v2_path(text);
	for (size_t i = 0; own != NULL && i < inner->dir_count; i++) {
		if (inner->dirs[i].version != 2)
			continue;
		path = find_below(arena, inner->dirs[i].path, own, pid);
		if (path != NULL)
			inner->dirs[i].path = path;
	}
	return 0;
}
