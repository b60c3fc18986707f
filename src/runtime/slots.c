/*
 * runtime/slots.c - opens on the host what the plan's slots stand for.  Runtime process only.
 */
#include "runtime/slots.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <sys/un.h>

#include "base/fd.h"
#include "base/trace.h"
#include "runtime/hooks.h"
#include "runtime/mount_idmap.h"
#include "spec/sysctl.h"
#include "sys/file.h"
#include "sys/mount.h"
#include "sys/process.h"
#include "sys/socket.h"

#ifndef NS_GET_NSTYPE
#define NS_GET_NSTYPE _IO(NSIO, 0x3)
#endif
#ifndef OPEN_TREE_CLOEXEC
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

/* Which key of the config would change something in a namespace of this type, or NULL. */
static const char *find_change(const struct spec *spec, uint32_t ns_type)
{
	const struct str_map *sysctls = &spec->linux->sysctl;
	char path[SPEC_SYSCTL_PATH_MAX];

	if (ns_type == CLONE_NEWUTS && (spec->hostname || spec->domainname))
		return spec->hostname ? "hostname" : "domainname";
	if (ns_type == CLONE_NEWNET && spec->linux->net_devices.count > 0)
		return "linux.netDevices";
	for (size_t i = 0; i < sysctls->count; i++) {
		if (spec_sysctl_path(sysctls->items[i].key, path, sizeof(path)) == 0 &&
		    spec_sysctl_namespace(path) == ns_type)
			return "linux.sysctl";
	}
	return NULL;
}

/* That the config names a namespace doesn't make it a private one: the path may lead to the host's. */
static int check_private(const struct spec *spec, const struct plan_slot *slot, int fd, struct err *err)
{
	static const struct { uint32_t type; const char *own; } rows[] = {
		{ CLONE_NEWNET, "/proc/self/ns/net" },
		{ CLONE_NEWIPC, "/proc/self/ns/ipc" },
		{ CLONE_NEWUTS, "/proc/self/ns/uts" },
	};
	const char *key = find_change(spec, slot->ns_type);
	struct stat own, joined;

	for (size_t i = 0; key && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].type != slot->ns_type)
			continue;
		if (sys_fstatat(AT_FDCWD, rows[i].own, &own, 0) < 0 || sys_fstat(fd, &joined) < 0 ||
		    (own.st_dev == joined.st_dev && own.st_ino == joined.st_ino))
			return err_set(err, ERR_CONFIG, "%s is the namespace of the host, which %s would change",
				       slot->path, key);
	}
	return 0;
}

/* O_NONBLOCK: the path may be a fifo, and opening that must not wait. */
static int open_namespace(const struct spec *spec, const struct plan_slot *slot, struct err *err)
{
	_cleanup_fd_ int fd = sys_openat(AT_FDCWD, slot->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	int type;

	if (fd < 0)
		return err_sys(err, fd, "open %s", slot->path);
	type = sys_ioctl(fd, NS_GET_NSTYPE, NULL);
	if (type < 0)
		return err_set(err, ERR_CONFIG, "%s is not a namespace", slot->path);
	if ((uint32_t)type != slot->ns_type)
		return err_set(err, ERR_CONFIG, "%s is a namespace of another type", slot->path);
	return check_private(spec, slot, fd, err) < 0 ? -1 : fd_take(&fd);
}

static int open_tree(const struct plan_slot *slot, struct err *err)
{
	unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (slot->is_recursive ? AT_RECURSIVE : 0) |
			 (slot->is_nofollow ? AT_SYMLINK_NOFOLLOW : 0);
	int fd = sys_open_tree(AT_FDCWD, slot->path, flags);

	return fd < 0 ? err_sys(err, fd, "open_tree %s", slot->path) : fd;
}

/* Through the directory's fd: a path of 108 characters is the most that fits (unix(7)). */
static void set_start_address(const struct store_entry *entry, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/" STORE_START_SOCKET, entry->fd);
}

static int open_start_socket(const struct store_entry *entry, struct err *err)
{
	_cleanup_fd_ int fd = sys_socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	int result;

	if (fd < 0)
		return err_sys(err, fd, "socket");
	set_start_address(entry, &address);
	result = sys_bind(fd, (struct sockaddr *)&address, sizeof(address));
	if (result == 0)
		result = sys_listen(fd, 1);
	if (result < 0)
		return err_sys(err, result, "listen on %s/" STORE_START_SOCKET, entry->path);
	return fd_take(&fd);
}

int start_socket_connect(const struct store_entry *entry, struct err *err)
{
	_cleanup_fd_ int fd = sys_socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	int result;

	if (fd < 0)
		return err_sys(err, fd, "socket");
	set_start_address(entry, &address);
	result = sys_connect(fd, (struct sockaddr *)&address, sizeof(address));
	if (result == -ENOENT || result == -ECONNREFUSED)
		return err_set(err, ERR_STATE, "cannot start a container that is not waiting for it: %s", entry->id);
	if (result < 0)
		return err_sys(err, result, "connect to %s/" STORE_START_SOCKET, entry->path);
	return fd_take(&fd);
}

int start_socket_is_open(const struct store_entry *entry)
{
	_cleanup_fd_ int fd = sys_socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address;
	int result;

	if (fd < 0)
		return fd;
	set_start_address(entry, &address);
	do
		result = sys_connect(fd, (struct sockaddr *)&address, sizeof(address));
	while (result == -EINTR);
	if (result == -ECONNREFUSED || result == -ENOENT)
		return 0;
	/* EAGAIN: somebody listens, and others are before us. */
	return result == 0 || result == -EAGAIN ? 1 : result;
}

/* Trees that are to be taken from the container's mount namespace, which doesn't exist yet when slots are opened. */
static bool are_trees_inside(const struct bundle *bundle)
{
	const struct plan_spawn *shape = &bundle->plan.spawn;
	bool has_user_ns = shape->has_new_user_ns || shape->user_slot != SLOT_NONE;

	return has_user_ns && (shape->clone_flags & CLONE_NEWNS) != 0 && bundle->host.euid == 0;
}

static int open_one(const struct bundle *bundle, const struct plan_slot *slot, const struct store_entry *entry,
                    struct err *err)
{
	switch (slot->source) {
	case PLAN_SLOT_NAMESPACE:
		return open_namespace(&bundle->spec, slot, err);
	case PLAN_SLOT_TREE:
		return open_tree(slot, err);
	case PLAN_SLOT_FS:
		return mount_idmap_open_fs(slot, err);
	case PLAN_SLOT_APPEND:
		return hooks_open_output(slot->path, err);
	case PLAN_SLOT_START:
		return open_start_socket(entry, err);
	case PLAN_SLOT_OP:
		break;
	}
	return -1;
}

int slots_open(struct arena *arena, const struct bundle *bundle, const struct store_entry *entry, struct slots *slots,
               struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("open the slots", "");
	const struct plan *plan = &bundle->plan;

	slots->fds = arena_alloc_array(arena, plan->slot_count, sizeof(*slots->fds));
	slots->count = plan->slot_count;
	for (size_t i = 0; i < slots->count; i++)
		slots->fds[i] = -1;
	for (size_t i = 0; i < slots->count; i++) {
		const struct plan_slot *slot = &plan->slots[i];

		if (slot->source == PLAN_SLOT_OP || (slot->source == PLAN_SLOT_TREE && are_trees_inside(bundle)))
			continue;
		if (slot->source == PLAN_SLOT_START && !bundle->plan_options.uses_start_socket)
			continue;
		slots->fds[i] = open_one(bundle, slot, entry, err);
		if (slots->fds[i] < 0 && !(slot->is_optional && err->errnum == ENOENT))
			return bundle_locate(bundle, slot->origin, err);
	}
	return 0;
}

/* What runlet needs to go to init's mount namespace and back. */
struct journey {
	int own_ns, own_root, own_cwd;
	int ns, root;
};

static void journey_close(struct journey *journey)
{
	fd_close(&journey->own_ns);
	fd_close(&journey->own_root);
	fd_close(&journey->own_cwd);
	fd_close(&journey->ns);
	fd_close(&journey->root);
}

static int open_file(const char *path, int flags, int *fd, struct err *err)
{
	*fd = sys_openat(AT_FDCWD, path, flags | O_CLOEXEC, 0);
	return *fd < 0 ? err_sys(err, *fd, "open %s", path) : 0;
}

/* init's root is runlet's own, in the copy: that of the namespace may be another, where runlet was put by chroot(2). */
static int journey_open(struct journey *journey, pid_t pid, struct err *err)
{
	char ns[48], root[48];

	snprintf(ns, sizeof(ns), "/proc/%d/ns/mnt", pid);
	snprintf(root, sizeof(root), "/proc/%d/root", pid);
	if (open_file("/proc/self/ns/mnt", O_RDONLY, &journey->own_ns, err) < 0 ||
	    open_file("/", O_PATH | O_DIRECTORY, &journey->own_root, err) < 0 ||
	    open_file(".", O_PATH | O_DIRECTORY, &journey->own_cwd, err) < 0)
		return -1;
	return open_file(ns, O_RDONLY, &journey->ns, err) < 0 ||
	       open_file(root, O_PATH | O_DIRECTORY, &journey->root, err) < 0 ? -1 : 0;
}

static int enter(int ns, int root, int cwd, const char *whose, struct err *err)
{
	int result = sys_setns(ns, CLONE_NEWNS);

	if (result == 0)
		result = sys_fchdir(root);
	if (result == 0)
		result = sys_chroot(".");
	if (result == 0)
		result = sys_fchdir(cwd);
	return result < 0 ? err_sys(err, result, "enter %s mount namespace", whose) : 0;
}

/* The kernel won't uncover what is hidden beneath a mount for a user namespace (mount_namespaces(7)). */
static int explain_tree(const struct bundle *bundle, const struct plan_slot *slot, struct err *err)
{
	if (err->errnum == EINVAL && !slot->is_recursive)
		(void)err_sys(err, EINVAL, "open_tree %s (where mounts are beneath it, a user namespace needs rbind)",
			      slot->path);
	return bundle_locate(bundle, slot->origin, err);
}

static int open_trees(const struct bundle *bundle, struct slots *slots, struct err *err)
{
	for (size_t i = 0; i < slots->count; i++) {
		const struct plan_slot *slot = &bundle->plan.slots[i];

		if (slot->source != PLAN_SLOT_TREE)
			continue;
		slots->fds[i] = open_tree(slot, err);
		if (slots->fds[i] < 0 && !(slot->is_optional && err->errnum == ENOENT))
			return explain_tree(bundle, slot, err);
	}
	return 0;
}

int slots_open_trees(const struct bundle *bundle, pid_t pid, struct slots *slots, struct err *err)
{
	struct journey journey = { -1, -1, -1, -1, -1 };
	struct err return_err = ERR_INIT;
	int result;

	if (!are_trees_inside(bundle))
		return 0;
	_cleanup_trace_ struct trace_span span = trace_begin("open trees for the user namespace", "");
	result = journey_open(&journey, pid, err);
	if (result == 0) {
		result = enter(journey.ns, journey.root, journey.root, "the container's", err);
		if (result == 0)
			result = open_trees(bundle, slots, err);
		if (enter(journey.own_ns, journey.own_root, journey.own_cwd, "runlet's own", &return_err) < 0) {
			*err = return_err;
			result = -1;
		}
	}
	journey_close(&journey);
	return result;
}

void slots_close(struct slots *slots)
{
	for (size_t i = 0; i < slots->count; i++)
		fd_close(&slots->fds[i]);
	slots->count = 0;
}
