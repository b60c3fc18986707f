/*
 * cgroup/remove.c - removes a container's cgroup from every hierarchy.
 *
 * Runs in the runtime process.  It must not remove a directory above the container's that runlet didn't make.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/fd.h"
#include "cgroup/cgroup.h"
#include "cgroup/systemd.h"
#include "sys/file.h"
#include "sys/process.h"
#include "tree.h"

#define WAIT_MAX_MS 20
#define NS_PER_MS 1000000u

static int remove_once(const char *path)
{
	_cleanup_fd_ int fd = -1;
	int result = sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);

	if (result != -EBUSY && result != -ENOTEMPTY)
		return result;
	fd = cgroup_dir_open(path);
	if (fd < 0)
		return fd;
	result = cgroup_tree_remove_below(fd);
	if (result < 0)
		return result;
	return sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

static int fail_busy(const char *path, int result, struct err *err)
{
	_cleanup_fd_ int fd = cgroup_dir_open(path);
	char process[128] = "";

	if (fd >= 0 && result == -EBUSY)
		cgroup_tree_first(fd, process, sizeof(process));
	if (process[0] == '\0')
		return err_sys(err, result, "rmdir %s", path);
	return err_sys(err, result, "rmdir %s, which still holds %s", path, process);
}

/* Dying processes leave their cgroup a little after their last sign of life, so a busy directory gets some time. */
static int remove_waiting(const char *path, uint64_t deadline_ns, struct err *err)
{
	unsigned wait_ms = 1;

	for (;;) {
		int result = remove_once(path);

		if (result == 0 || result == -ENOENT)
			return 0;
		if (result != -EBUSY || sys_monotonic_ns() >= deadline_ns)
			return fail_busy(path, result, err);
		sys_sleep_ms(wait_ms);
		wait_ms = wait_ms < WAIT_MAX_MS ? 2 * wait_ms : WAIT_MAX_MS;
	}
}

/* Others may live in them by now: then they stay, which is no error. */
static void remove_parents(const struct cgroup_dir *dir)
{
	size_t length = strlen(dir->path);
	char path[PATH_MAX];

	if (length >= sizeof(path))
		return;
	memcpy(path, dir->path, length + 1);
	for (uint32_t i = 0; i < dir->made_parents; i++) {
		char *last = strrchr(path, '/');
		int result;

		if (last == NULL || last == path)
			return;
		*last = '\0';
		result = sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
		if (result < 0 && result != -ENOENT)
			return;
	}
}

int cgroup_remove(const struct cgroup *cgroup, int timeout_ms, struct err *err)
{
	uint64_t deadline_ns = timeout_ms > 0 ? sys_monotonic_ns() + (uint64_t)timeout_ms * NS_PER_MS : 0;
	struct err first = ERR_INIT, failure = ERR_INIT;

	/* What can't be stopped, or removed, must not keep the rest. */
	if (cgroup->unit.name != NULL && cgroup_systemd_stop(cgroup, &failure) < 0)
		first = failure;
	for (size_t i = 0; i < cgroup->dir_count; i++) {
		if (remove_waiting(cgroup->dirs[i].path, deadline_ns, &failure) == 0)
			remove_parents(&cgroup->dirs[i]);
		else if (first.kind == ERR_NONE)
			first = failure;
	}
	if (first.kind == ERR_NONE)
		return 0;
	*err = first;
	return -1;
}
