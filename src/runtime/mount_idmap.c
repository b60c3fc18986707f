/*
 * runtime/mount_idmap.c - mounts whose ids are mapped, made before the container can see them.
 *
 * Runtime process only.  It must map a tree while it is detached: the kernel takes a map for a mount that was never
 * visible, and no second one.
 */
#include "runtime/mount_idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/trace.h"
#include "runtime/idmap.h"
#include "sys/file.h"
#include "sys/mount.h"
#include "sys/proc.h"

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
/* fsconfig(2) */
#define KEY_MAX 255
#define VALUE_MAX 255

static int fs_fail(int fs_fd, int errnum, const struct plan_slot *slot, const char *step, struct err *err)
{
	char message[256];

	mount_read_message(fs_fd, message, sizeof(message));
	return err_sys(err, errnum, "%s: %s%s%s", slot->fs_type, step, *message ? ": " : "", message);
}

static int set_option(int fs_fd, const struct plan_slot *slot, const char *option, struct err *err)
{
	const char *value = strchr(option, '=');
	size_t length = value ? (size_t)(value - option) : strlen(option);
	char key[KEY_MAX + 1], step[KEY_MAX + sizeof("option \"\"")];
	int result;

	if (length > KEY_MAX || (value && strlen(value + 1) > VALUE_MAX))
		return err_set(err, ERR_CONFIG, "%s: option \"%.64s...\" is too long", slot->fs_type, option);
	snprintf(key, sizeof(key), "%.*s", (int)length, option);
	result = sys_fsconfig(fs_fd, value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG, key, value ? value + 1 : NULL, 0);
	if (result >= 0)
		return 0;
	snprintf(step, sizeof(step), "option \"%s\"", key);
	return fs_fail(fs_fd, result, slot, step, err);
}

int mount_idmap_open_fs(const struct plan_slot *slot, struct err *err)
{
	_cleanup_fd_ int fs_fd = sys_fsopen(slot->fs_type, FSOPEN_CLOEXEC);
	int result;

	if (fs_fd == -ENODEV)
		return err_set(err, ERR_UNSUPPORTED, "%s: the kernel has no such file system type", slot->fs_type);
	if (fs_fd < 0)
		return err_sys(err, fs_fd, "fsopen %s", slot->fs_type);
	result = sys_fsconfig(fs_fd, FSCONFIG_SET_STRING, "source", slot->path, 0);
	if (result < 0)
		return fs_fail(fs_fd, result, slot, "source", err);
	for (size_t i = 0; i < slot->options.count; i++)
		if (set_option(fs_fd, slot, slot->options.items[i], err) < 0)
			return -1;
	result = sys_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (result < 0)
		return fs_fail(fs_fd, result, slot, "fsconfig create", err);
	result = sys_fsmount(fs_fd, FSMOUNT_CLOEXEC, 0);
	return result < 0 ? fs_fail(fs_fd, result, slot, "fsmount", err) : result;
}

static int set_idmap(int tree_fd, int user_fd, bool is_recursive)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)user_fd };

	return sys_mount_setattr(tree_fd, "", AT_EMPTY_PATH | (is_recursive ? AT_RECURSIVE : 0), &attr);
}

/* --- what to say when the kernel says no --- */

struct culprit { char path[256]; char fs_type[64]; };

static int read_mountinfo(struct buf *text)
{
	_cleanup_fd_ int fd = sys_openat(AT_FDCWD, "/proc/self/mountinfo", O_RDONLY | O_CLOEXEC, 0);
	char chunk[4096];
	ssize_t length = fd;

	while (length >= 0) {
		length = sys_read(fd, chunk, sizeof(chunk));
		if (length == 0)
			return 0;
		buf_add(text, chunk, length > 0 ? (size_t)length : 0);
	}
	return -1;
}

/* Whether this mount alone takes the map; what can't be asked is not guilty. */
static bool takes_map(const char *path, int user_fd)
{
	_cleanup_fd_ int fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	return fd < 0 || set_idmap(fd, user_fd, false) == 0;
}

static bool is_within(const char *path, const char *parent)
{
	return strcmp(parent, "/") == 0 || path_is_beneath(path, parent);
}

/* The mount that holds the source and, for a recursive map, the first one beneath it that doesn't take the map. */
static void find_culprit(const struct plan_slot *slot, int user_fd, struct culprit *culprit)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct proc_mount mount;
	size_t best = 0;
	char *cursor;

	snprintf(culprit->path, sizeof(culprit->path), "%s", slot->path);
	snprintf(culprit->fs_type, sizeof(culprit->fs_type), "%s", slot->fs_type ? slot->fs_type : "this");
	if (slot->fs_type || read_mountinfo(&text) < 0 || *buf_str(&text) == '\0')
		return;
	cursor = text.data;
	while (proc_mount_next(&cursor, &mount) == 1) {
		bool is_holder = is_within(slot->path, mount.mountpoint) && strlen(mount.mountpoint) >= best;
		bool is_beneath = slot->is_idmap_recursive && slot->is_recursive &&
				  is_within(mount.mountpoint, slot->path);

		if (is_beneath && !takes_map(mount.mountpoint, user_fd)) {
			snprintf(culprit->path, sizeof(culprit->path), "%s", mount.mountpoint);
			snprintf(culprit->fs_type, sizeof(culprit->fs_type), "%s", mount.fs_type);
			return;
		}
		if (!is_holder)
			continue;
		best = strlen(mount.mountpoint);
		snprintf(culprit->fs_type, sizeof(culprit->fs_type), "%s", mount.fs_type);
	}
}

static int explain(int result, const struct plan_slot *slot, int user_fd, struct err *err)
{
	struct culprit culprit;

	if (result == -ENOSYS)
		return err_set(err, ERR_UNSUPPORTED, "idmapped mounts need mount_setattr(2) of Linux 5.12");
	find_culprit(slot, user_fd, &culprit);
	if (result == -EINVAL)
		return err_sys(err, result, "mount_setattr %s: this kernel can't map the ids of a %s file system; give "
			       "its files to the ids that the container has outside, and leave the id map out",
			       culprit.path, culprit.fs_type);
	if (result == -EPERM)
		return err_sys(err, result, "mount_setattr %s: its ids are mapped already, or runlet is not root in "
			       "the user namespace that mounted this %s file system", culprit.path, culprit.fs_type);
	return err_sys(err, result, "mount_setattr %s (%s), id map", culprit.path, culprit.fs_type);
}

/* --- */

/* Returns an fd that the caller owns. */
static int open_user_namespace(const struct bundle *bundle, const struct plan_idmap *map, const struct slots *slots,
			       pid_t pid, struct err *err)
{
	const struct plan_spawn *spawn = &bundle->plan.spawn;
	char path[48] = "the joined user namespace";
	int fd;

	if (map->uid_maps.count > 0)
		return idmap_open_namespace(&map->uid_maps, &map->gid_maps, err);
	if (spawn->user_slot != SLOT_NONE) {
		fd = sys_fcntl(slots->fds[spawn->user_slot], F_DUPFD_CLOEXEC, 3);
	} else {
		snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
		fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	}
	return fd < 0 ? err_sys(err, fd, "open %s", path) : fd;
}

static int apply_one(const struct bundle *bundle, uint32_t idmap, int user_fd, const struct slots *slots,
		     struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("map ids of mounts", "");

	for (size_t i = 0; i < slots->count; i++) {
		const struct plan_slot *slot = &bundle->plan.slots[i];
		int result;

		if (slot->idmap != idmap || slots->fds[i] < 0)
			continue;
		result = set_idmap(slots->fds[i], user_fd, slot->is_idmap_recursive);
		if (result == 0)
			continue;
		explain(result, slot, user_fd, err);
		return bundle_locate(bundle, slot->origin, err);
	}
	return 0;
}

int mount_idmap_apply(const struct bundle *bundle, const struct slots *slots, pid_t pid, struct err *err)
{
	for (size_t i = 0; i < bundle->plan.idmap_count; i++) {
		_cleanup_fd_ int fd = open_user_namespace(bundle, &bundle->plan.idmaps[i], slots, pid, err);

		if (fd < 0 || apply_one(bundle, (uint32_t)i + 1, fd, slots, err) < 0)
			return -1;
	}
	return 0;
}
