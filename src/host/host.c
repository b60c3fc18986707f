/*
 * host/host.c - asks the machine for the facts of host/host.h.
 *
 * Runs in the runtime process, on the path of every start: few file reads, none for facts that nobody asked for.  It
 * must not change anything, and must not decide anything: that is plan's work.
 */
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "host/parse.h"
#include "sys/file.h"
#include "sys/landlock.h"
#include "sys/process.h"

#define SMALL_FILE_SIZE 4096
/* A host with thousands of mounts has some MB of mountinfo; more than this is refused. */
#define TEXT_SIZE_MAX (64u << 20)
/* Some 200 mounts: a host with fewer has all of them in it. */
#define MOUNTINFO_SIZE_FIRST (24u << 10)

/* --- ids --- */

/*
 * Below every other bit is what a kernel of today has; asking for one past the last fails with EINVAL
 * (capabilities(7)).
 */
static int probe_last_cap(struct host *host, struct err *err)
{
	uint32_t low = 0, high = 63;

	/* That of Linux 5.9 and since. */
	if (sys_prctl(PR_CAPBSET_READ, CAP_CHECKPOINT_RESTORE, 0, 0, 0) >= 0)
		low = CAP_CHECKPOINT_RESTORE;
	if (sys_prctl(PR_CAPBSET_READ, CAP_CHECKPOINT_RESTORE + 1, 0, 0, 0) < 0)
		high = CAP_CHECKPOINT_RESTORE;
	while (low < high) {
		uint32_t middle = (low + high + 1) / 2;

		if (sys_prctl(PR_CAPBSET_READ, middle, 0, 0, 0) >= 0)
			low = middle;
		else
			high = middle - 1;
	}
	host->last_cap = low;
	if (low == 0)
		return err_set(err, ERR_SYSTEM, "prctl PR_CAPBSET_READ: the kernel knows no capabilities");
	return 0;
}

/* Where nearly everybody is.  Its inode number is fixed since Linux 3.8 (USER_NS_INIT_INO of linux/nsfs.h). */
static bool is_in_first_user_ns(void)
{
	struct stat status;

	return sys_fstatat(AT_FDCWD, "/proc/self/ns/user", &status, 0) == 0 && status.st_ino == 0xEFFFFFFDu;
}

static int probe_ids(struct host *host, struct err *err)
{
	char text[SMALL_FILE_SIZE];
	int result;

	host->euid = sys_geteuid();
	host->egid = sys_getegid();
	if (is_in_first_user_ns())
		return probe_last_cap(host, err);
	result = sys_file_read_at(AT_FDCWD, "/proc/self/uid_map", text, sizeof(text), NULL);
	if (result == -ENOENT)
		/* A kernel without user namespaces. */
		host->is_in_user_ns = false;
	else if (result == -EFBIG)
		host->is_in_user_ns = true;
	else if (result < 0)
		return err_sys(err, result, "read /proc/self/uid_map");
	else
		host->is_in_user_ns = host_parse_is_in_user_ns(text);
	host->is_setgroups_denied =
		host->is_in_user_ns &&
		sys_file_read_at(AT_FDCWD, "/proc/self/setgroups", text, sizeof(text), NULL) >= 0 &&
		strncmp(text, "deny", 4) == 0;
	return probe_last_cap(host, err);
}

/* --- cgroups --- */

/* A file on its way into memory; of a /proc file only reading it tells the size. */
struct text { int fd; char *data; size_t length; size_t size; };

#define TEXT_INIT { .fd = -1 }

static void text_close(struct text *text)
{
	fd_close(&text->fd);
	free(text->data);
}

#define _cleanup_text_ __attribute__((cleanup(text_close)))

static int text_open(struct text *text, const char *path, struct err *err)
{
	text->fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	return text->fd < 0 ? err_sys(err, text->fd, "open %s", path) : 0;
}

/* Reads on, until there are `size` bytes with the NUL (0: until the end).  1 at the end. */
static int text_read(struct text *text, const char *path, size_t size, struct err *err)
{
	for (;;) {
		ssize_t got;

		if (text->length + 1 >= text->size) {
			size_t larger = text->size > 0 ? text->size * 2 : size > 0 ? size : SMALL_FILE_SIZE;
			char *data = larger <= TEXT_SIZE_MAX ? realloc(text->data, larger) : NULL;

			if (data == NULL)
				return err_sys(err, larger <= TEXT_SIZE_MAX ? ENOMEM : EFBIG, "read %s", path);
			text->data = data;
			text->size = larger;
		}
		got = sys_read(text->fd, text->data + text->length, text->size - text->length - 1);
		if (got == -EINTR)
			continue;
		if (got < 0)
			return err_sys(err, (int)got, "read %s", path);
		text->length += (size_t)got;
		text->data[text->length] = '\0';
		if (got == 0)
			return 1;
		if (size > 0 && text->length + 1 >= size)
			return 0;
	}
}

static int text_read_whole(struct text *text, const char *path, struct err *err)
{
	return text_open(text, path, err) < 0 || text_read(text, path, 0, err) < 0 ? -1 : 0;
}

/* Which controllers the v2 tree has: a file in it. */
static int probe_available(struct arena *arena, struct host *host, struct err *err)
{
	for (size_t i = 0; i < host->hierarchy_count; i++) {
		struct host_hierarchy *row = &host->hierarchies[i];
		char text[SMALL_FILE_SIZE];
		const char *path;
		int result;

		if (row->version != 2)
			continue;
		path = arena_printf(arena, "%s/cgroup.controllers", row->mountpoint);
		result = sys_file_read_record_at(AT_FDCWD, path, text, sizeof(text), NULL);
		if (result < 0)
			return err_sys(err, result, "read %s", path);
		row->available = arena_strndup(arena, text, strcspn(text, "\n"));
	}
	return 0;
}

/* By name everybody still gets to the mounts that were found: none of those behind them lies on top. */
static bool is_visible(const struct host *host)
{
	for (size_t i = 0; i < host->hierarchy_count; i++) {
		uint64_t id;

		if (sys_mount_id(AT_FDCWD, host->hierarchies[i].mountpoint, &id) < 0 ||
		    id != host->hierarchies[i].mount_id)
			return false;
	}
	return true;
}

/*
 * A node with thousands of mounts has those of cgroups among the first, and the kernel takes a microsecond to print
 * each of the others.  1: they were enough.
 */
static int probe_first_mounts(struct arena *arena, struct host *host, const struct text *mounts, const struct text *own,
			      struct err *err)
{
	const char *end = strrchr(mounts->data, '\n');
	bool is_complete;

	if (end == NULL)
		return 0;
	if (host_parse_first_cgroups(arena, arena_strndup(arena, mounts->data, (size_t)(end - mounts->data) + 1),
				     arena_strdup(arena, own->data), host, &is_complete, err) < 0)
		return -1;
	return is_complete && is_visible(host);
}

static int find_hierarchies(struct arena *arena, struct host *host, struct text *own, struct err *err)
{
	static const char path[] = "/proc/self/mountinfo";
	_cleanup_text_ struct text mounts = TEXT_INIT;
	int result;

	if (text_open(&mounts, path, err) < 0)
		return -1;
	result = text_read(&mounts, path, MOUNTINFO_SIZE_FIRST, err);
	if (result == 0) {
		result = probe_first_mounts(arena, host, &mounts, own, err);
		if (result != 0)
			return result < 0 ? -1 : 0;
		result = text_read(&mounts, path, 0, err);
	}
	return result < 0 ? -1 : host_parse_cgroups(arena, mounts.data, own->data, host, err);
}

static int probe_cgroups(struct arena *arena, struct host *host, struct err *err)
{
	_cleanup_text_ struct text own = TEXT_INIT;

	if (text_read_whole(&own, "/proc/self/cgroup", err) < 0) {
		/* A kernel without cgroups has no such file. */
		if (err->errnum != ENOENT)
			return -1;
		*err = (struct err)ERR_INIT;
		host->cgroup_mode = HOST_CGROUP_NONE;
		return 0;
	}
	if (find_hierarchies(arena, host, &own, err) < 0)
		return -1;
	return probe_available(arena, host, err);
}

/* --- subordinate ids --- */

/* A machine without the file gives nobody ids. */
static int probe_subids(struct arena *arena, const char *path, const char *name, uint32_t uid,
			struct host_id_range_list *ranges, struct err *err)
{
	_cleanup_text_ struct text text = TEXT_INIT;

	if (text_read_whole(&text, path, err) < 0)
		return err->errnum == ENOENT ? 0 : -1;
	host_parse_subids(arena, text.data, name, uid, ranges);
	return 0;
}

static int probe_all_subids(struct arena *arena, struct host *host, struct err *err)
{
	_cleanup_text_ struct text passwd = TEXT_INIT;
	const char *name = NULL;

	/* Root maps whatever it likes and has to say what. */
	if (host->euid == 0)
		return 0;
	if (text_read_whole(&passwd, "/etc/passwd", err) == 0)
		name = host_parse_user_name(arena, passwd.data, host->euid);
	if (probe_subids(arena, "/etc/subuid", name, host->euid, &host->subuids, err) < 0)
		return -1;
	return probe_subids(arena, "/etc/subgid", name, host->euid, &host->subgids, err);
}

/* --- security modules --- */

static void probe_lsm(struct host *host)
{
	char text[SMALL_FILE_SIZE];
	struct statfs status;
	int fd;

	host->has_apparmor = sys_file_read_at(AT_FDCWD, "/sys/module/apparmor/parameters/enabled", text, sizeof(text),
					      NULL) >= 0 && text[0] == 'Y';
	/* selinuxfs is there when SELinux is on; the directory alone says only that the kernel could. */
	fd = sys_openat(AT_FDCWD, "/sys/fs/selinux", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	host->has_selinux = fd >= 0 && sys_fstatfs(fd, &status) == 0 && (uint64_t)status.f_type == HOST_SELINUX_MAGIC;
	if (fd >= 0)
		sys_close(fd);
}

static void probe_landlock(struct host *host)
{
	int result = sys_landlock_abi();

	host->landlock_abi = result > 0 ? (uint32_t)result : 0;
	host->is_landlock_off = result == -EOPNOTSUPP;
}

/* --- systemd --- */

/*
 * Root in a user namespace is some user for the systemd outside; but a systemd that runs inside as well is its own,
 * and only then is the socket of the system's manager owned by this root.
 */
static void probe_systemd(struct host *host)
{
	char text[SMALL_FILE_SIZE];
	struct stat status;

	host->has_systemd = sys_fstatat(AT_FDCWD, "/run/systemd/system", &status, AT_SYMLINK_NOFOLLOW) == 0 &&
			    S_ISDIR(status.st_mode);
	host->is_systemd_user = host->euid != 0;
	host->owner_uid = host->euid;
	if (host->euid != 0 || !host->is_in_user_ns)
		return;
	host->is_systemd_user = sys_fstatat(AT_FDCWD, "/run/systemd/private", &status, AT_SYMLINK_NOFOLLOW) < 0 ||
				status.st_uid != 0;
	if (sys_file_read_at(AT_FDCWD, "/proc/self/uid_map", text, sizeof(text), NULL) == 0)
		host->owner_uid = host_parse_owner_uid(text);
}

int host_probe(struct arena *arena, uint32_t wanted, struct host *host, struct err *err)
{
	uint32_t missing = wanted & ~host->facts;

	if ((missing & HOST_IDS) != 0 && probe_ids(host, err) < 0)
		return -1;
	if ((missing & HOST_CGROUPS) != 0 && probe_cgroups(arena, host, err) < 0)
		return -1;
	if ((missing & HOST_SUBIDS) != 0 && probe_all_subids(arena, host, err) < 0)
		return -1;
	if ((missing & HOST_LSM) != 0)
		probe_lsm(host);
	if ((missing & HOST_LANDLOCK) != 0)
		probe_landlock(host);
	if ((missing & HOST_SYSTEMD) != 0)
		probe_systemd(host);
	host->facts |= missing;
	return 0;
}
