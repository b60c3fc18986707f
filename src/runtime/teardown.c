/*
 * runtime/teardown.c - takes away what a container holds in the kernel.  Runtime process only.
 */
#include "runtime/teardown.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "base/path.h"
#include "base/trace.h"
#include "runtime/process.h"
#include "sys/file.h"
#include "sys/mount.h"
#include "sys/proc.h"
#include "sys/process.h"

#define MOUNTINFO_SIZE_MAX (16u << 20)

static int describe_survivor(pid_t pid, const struct cgroup *cgroup, struct err *err)
{
	char path[32], text[4096];
	const char *state = NULL;
	size_t length = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (sys_file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) == 0)
		state = proc_status_field(text, "State", &length);
	return err_set(err, ERR_TIMEOUT, "process %d did not die within %d s of SIGKILL; its state is %.*s%s", pid,
	               TEARDOWN_TIMEOUT_MS / 1000, state ? (int)length : 7, state ? state : "unknown",
		       cgroup && cgroup_is_frozen(cgroup) > 0 ? ", and its cgroup, or one above it, is frozen" : "");
}

int teardown_process(int pidfd, pid_t pid, const struct cgroup *cgroup, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("kill the process", "");
	struct err ignored = ERR_INIT;
	int result = sys_pidfd_send_signal(pidfd, SIGKILL);

	if (result == -ESRCH)
		return 0;
	/* An AppArmor profile without a rule for signals forbids this one, but not those of cgroup.kill. */
	if (result < 0 && (result != -EACCES || !cgroup || cgroup_kill_all(cgroup, SIGKILL, &ignored) < 0))
		return err_sys(err, result, "kill process %d", pid);
	/* Or where that can't be told. */
	if (cgroup && cgroup_is_frozen(cgroup) != 0)
		(void)cgroup_kill_all(cgroup, SIGKILL, &ignored);
	result = process_poll_end(pidfd, TEARDOWN_TIMEOUT_MS);
	if (result < 0)
		return err_sys(err, result, "wait for the end of process %d", pid);
	return result > 0 ? 0 : describe_survivor(pid, cgroup, err);
}

int teardown_cgroup(const struct cgroup *cgroup, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("remove the cgroups", "");
	struct err busy = ERR_INIT;

	/* Mostly nothing is left in it, and rmdir finds that out for less than a look into each directory costs. */
	if (cgroup->unit.name != NULL && cgroup_kill_all(cgroup, SIGKILL, err) < 0)
		return -1;
	if ((cgroup->dir_count == 0 && cgroup->unit.name == NULL) || cgroup_remove(cgroup, 0, &busy) == 0)
		return 0;
	if (cgroup_is_populated(cgroup) && cgroup_kill_all(cgroup, SIGKILL, err) < 0)
		return -1;
	return cgroup_remove(cgroup, TEARDOWN_TIMEOUT_MS, err);
}

static int read_mountinfo(struct arena *arena, char **text, struct err *err)
{
	size_t size = 64 << 10;
	int result;

	for (;;) {
		*text = arena_alloc(arena, size);
		result = sys_file_read_at(AT_FDCWD, "/proc/self/mountinfo", *text, size, NULL);
		if (result == 0)
			return 0;
		if (result != -EFBIG || size >= MOUNTINFO_SIZE_MAX)
			return err_sys(err, result, "read /proc/self/mountinfo");
		size *= 4;
	}
}

int teardown_list_mounts(struct arena *arena, const char *path, struct state_mount_list *mounts, struct err *err)
{
	struct proc_mount mount;
	char *text;

	*mounts = (struct state_mount_list){ NULL, 0 };
	if (read_mountinfo(arena, &text, err) < 0)
		return -1;
	while (proc_mount_next(&text, &mount) == 1) {
		if (!path_is_beneath(mount.mountpoint, path))
			continue;
		mounts->items = arena_grow(arena, mounts->items, mounts->count, sizeof(*mounts->items));
		mounts->items[mounts->count++].id = mount.id;
	}
	return 0;
}

static bool is_kept(const struct state_mount_list *kept, uint32_t id)
{
	for (size_t i = 0; i < kept->count; i++) {
		if (kept->items[i].id == id)
			return true;
	}
	return false;
}

int teardown_mounts(const char *rootfs, const struct state_mount_list *kept, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("unmount", rootfs);
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const char **paths = NULL;
	struct proc_mount mount;
	size_t count = 0;
	char *text;
	int result;

	if (read_mountinfo(&arena, &text, err) < 0)
		return -1;
	while (proc_mount_next(&text, &mount) == 1) {
		if (!path_is_beneath(mount.mountpoint, rootfs) || is_kept(kept, mount.id))
			continue;
		paths = arena_grow(&arena, paths, count, sizeof(*paths));
		paths[count++] = mount.mountpoint;
	}
	/* The newest first: mountinfo lists a mount before what is mounted on it. */
	while (count > 0) {
		result = sys_umount2(paths[--count], MNT_DETACH | UMOUNT_NOFOLLOW);
		if (result < 0 && result != -EINVAL && result != -ENOENT)
			return err_sys(err, result, "umount %s", paths[count]);
	}
	return 0;
}
