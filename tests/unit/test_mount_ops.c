/*
 * test_mount_ops.c - the mounting ops of init, run with libc in a mount namespace of their own.
 *
 * Needs root; says so and skips otherwise.  Every case is a child process and runs three times: with all system calls,
 * without mount_setattr(2) (Linux before 5.12), and without any of the new calls (mount(2) has to do).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ops/op.h"
#include "sys/mount.h"
#include "wire/wire.h"

enum calls { CALLS_ALL = 0, CALLS_NO_SETATTR, CALLS_OLD, CALLS_COUNT };
static const char *const calls_names[CALLS_COUNT] = { "all calls", "no mount_setattr", "mount(2) only" };

/* What a case works on: "root" and "out" in a tmpfs at `top`; the ops run on `context`. */
struct bench {
	enum calls calls;
	struct init_context *context;
	struct plan_view view;
	char pool[8192];
	uint32_t pool_size;
	struct err err;
};

#define TOP "/tmp/test_mount_ops"
#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			printf("%s:%d: %s (errno %d)\n", __func__, __LINE__, #condition, errno); \
			fflush(stdout); \
			_exit(1); \
		} \
	} while (0)

/* --- building ops --- */

static struct plan_str str(struct bench *bench, const char *text)
{
	struct plan_str result = { *text ? bench->pool_size : 0 };

	CHECK(bench->pool_size + strlen(text) + 8 < sizeof(bench->pool));
	strcpy(bench->pool + bench->pool_size, text);
	bench->pool_size += (uint32_t)(strlen(text) + 8) & ~7u;
	return result;
}

static struct plan_numbers number(struct bench *bench, uint32_t value)
{
	struct plan_numbers result = { bench->pool_size, 1 };

	memcpy(bench->pool + bench->pool_size, &value, sizeof(value));
	bench->pool_size += 8;
	return result;
}

static struct plan_list list(struct bench *bench, const char *a, const char *b)
{
	struct plan_str items[2] = { str(bench, a ? a : ""), str(bench, b ? b : "") };
	struct plan_list result = { bench->pool_size, b ? 2 : a ? 1 : 0 };

	memcpy(bench->pool + bench->pool_size, items, sizeof(items));
	bench->pool_size += sizeof(items);
	return result;
}

static int run(struct bench *bench, struct plan_op op)
{
	bench->err = (struct err)ERR_INIT;
	return ops_table[op.kind].run(bench->context, &op, &bench->err);
}

/* The op has to succeed. */
static void must(struct bench *bench, struct plan_op op)
{
	if (run(bench, op) == 0)
		return;
	printf("op %d: %s: %s\n", op.kind, bench->err.text, strerror(bench->err.errnum));
	fflush(stdout);
	_exit(1);
}

/* The op has to fail, with these words in the text. */
static void must_fail(struct bench *bench, struct plan_op op, const char *words)
{
	CHECK(run(bench, op) == -1);
	if (!strstr(bench->err.text, words))
		printf("\"%s\" lacks \"%s\"\n", bench->err.text, words);
	CHECK(strstr(bench->err.text, words));
}

static struct plan_op fs_op(struct bench *bench, const char *type, const char *path, const char *a, const char *b)
{
	return (struct plan_op){ .kind = OP_MOUNT_FS, .u.mount_fs = {
		.type = str(bench, type), .source = str(bench, type), .destination = str(bench, path),
		.options = list(bench, a, b),
	} };
}

static struct plan_op bind_op(struct bench *bench, const char *source, const char *path, uint32_t flags)
{
	return (struct plan_op){ .kind = OP_MOUNT_BIND, .u.mount_bind = {
		.source = str(bench, source), .destination = str(bench, path), .flags = flags,
	} };
}

static struct plan_op path_op(struct bench *bench, enum plan_op_kind kind, const char *path)
{
	return (struct plan_op){ .kind = (uint16_t)kind, .u.path = { .path = str(bench, path) } };
}

static struct plan_op device_op(struct bench *bench, const char *path, uint32_t minor)
{
	return (struct plan_op){ .kind = OP_DEVICE, .u.device = {
		.path = str(bench, path), .type = S_IFCHR, .major = 1, .minor = minor, .mode = 0666,
	} };
}

static struct plan_op symlink_op(struct bench *bench, const char *target, const char *path)
{
	return (struct plan_op){ .kind = OP_SYMLINK, .u.symlink = {
		.target = str(bench, target), .path = str(bench, path),
	} };
}

static struct plan_op root_op(struct bench *bench, uint32_t flags)
{
	return (struct plan_op){ .kind = OP_ROOT, .u.root = { .path = str(bench, TOP "/root"), .flags = flags } };
}

/* As the runtime does for a user namespace. */
static void open_slot(struct bench *bench, const char *path)
{
	bench->context->slots[SLOT_DYNAMIC] = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	CHECK(bench->context->slots[SLOT_DYNAMIC] >= 0);
}

static void pivot(struct bench *bench, uint32_t method)
{
	must(bench, (struct plan_op){ .kind = OP_PIVOT, .u.pivot = { .method = method } });
}

/* --- looking at what came of them --- */

static unsigned long flags_of(const char *path)
{
	struct statvfs status;

	CHECK(statvfs(path, &status) == 0);
	return status.f_flag;
}

static bool has_flags(const char *path, unsigned long wanted, unsigned long unwanted)
{
	return (flags_of(path) & (wanted | unwanted)) == wanted;
}

static bool exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static bool holds(const char *path, const char *text)
{
	char buffer[256] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is_same = fd >= 0 && read(fd, buffer, sizeof(buffer) - 1) >= 0 && strcmp(buffer, text) == 0;

	if (fd >= 0)
		close(fd);
	return is_same;
}

static bool is_device(const char *path, unsigned major_number, unsigned minor_number)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISCHR(status.st_mode) &&
	       status.st_rdev == makedev(major_number, minor_number);
}

static int count_mounts(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	int lines = 0;

	CHECK(file);
	for (int c; (c = fgetc(file)) != EOF;)
		lines += c == '\n';
	fclose(file);
	return lines;
}

/* --- the cases --- */

static void enter_root(struct bench *bench)
{
	must(bench, (struct plan_op){ .kind = OP_PROPAGATION, .u.propagation = {
		.path = str(bench, "/"), .flags = MS_REC | MS_SLAVE } });
	must(bench, root_op(bench, ROOT_BIND));
}

static void case_root_errors(struct bench *bench)
{
	struct plan_op op = root_op(bench, ROOT_BIND);

	op.u.root.path = str(bench, TOP "/missing");
	must_fail(bench, op, TOP "/missing");
	put(TOP "/file", "x");
	op.u.root.path = str(bench, TOP "/file");
	must_fail(bench, op, "not a directory");
}

static void case_fs(struct bench *bench)
{
	struct plan_op op;
	struct stat status;

	enter_root(bench);
	op = fs_op(bench, "tmpfs", "/a/b", "mode=751", "size=64k");
	op.u.mount_fs.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_RDONLY | MOUNT_ATTR_STRICTATIME;
	op.u.mount_fs.propagation = number(bench, MS_PRIVATE);
	must(bench, op);
	CHECK(has_flags(TOP "/root/a/b", ST_NOSUID | ST_RDONLY, ST_RELATIME | ST_NOEXEC));
	CHECK(stat(TOP "/root/a/b", &status) == 0 && (status.st_mode & 07777) == 0751);
	must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
	CHECK(exists(TOP "/root/proc/self"));
	must(bench, fs_op(bench, "sysfs", "sys", NULL, NULL));
	must(bench, fs_op(bench, "devpts", "/dev/pts", "newinstance", "ptmxmode=0666"));
	must(bench, fs_op(bench, "mqueue", "/dev/mqueue", NULL, NULL));
	/* A tmpfs without mode= takes the mode of what it covers. */
	CHECK(mkdir(TOP "/root/sticky", 0755) == 0 && chmod(TOP "/root/sticky", 01777) == 0);
	op = fs_op(bench, "tmpfs", "/sticky", NULL, NULL);
	op.u.mount_fs.flags = MOUNT_KEEP_MODE;
	op.u.mount_fs.sb_flags = MS_RDONLY;
	must(bench, op);
	CHECK(stat(TOP "/root/sticky", &status) == 0 && (status.st_mode & 07777) == 01777);
	CHECK(open(TOP "/root/sticky/x", O_CREAT | O_WRONLY, 0644) < 0 && errno == EROFS);
}

static void case_fs_errors(struct bench *bench)
{
	enter_root(bench);
	must_fail(bench, fs_op(bench, "tmpfs", "/x", "size=zz", NULL), "mount tmpfs at /x");
	if (bench->calls != CALLS_OLD)
		CHECK(strstr(bench->err.text, "option \"size=zz\"") && strstr(bench->err.text, "Bad value for 'size'"));
	must_fail(bench, fs_op(bench, "nosuchfs", "/x", NULL, NULL), "nosuchfs");
	put(TOP "/root/file", "x");
	must_fail(bench, fs_op(bench, "tmpfs", "/file", NULL, NULL), "/file");
}

/* Symlinks at targets: nothing may appear in "out", whatever the path. */
static void case_hostile_targets(struct bench *bench)
{
	struct plan_op op;

	CHECK(symlink(TOP "/out", TOP "/root/proc") == 0);
	CHECK(symlink("../out", TOP "/root/dev") == 0);
	CHECK(symlink("../../../../../.." TOP "/out", TOP "/root/deep") == 0);
	CHECK(symlink("/../out/file", TOP "/root/tofile") == 0);
	enter_root(bench);
	op = fs_op(bench, "proc", "/proc", NULL, NULL);
	op.u.mount_fs.flags = MOUNT_NO_SYMLINK;
	must_fail(bench, op, "symlink");
	op = fs_op(bench, "tmpfs", "/dev/shm", NULL, NULL);
	op.u.mount_fs.flags = MOUNT_NO_SYMLINK;
	must_fail(bench, op, "symlink");
	op = bind_op(bench, "/etc", "/dev", MOUNT_NO_SYMLINK);
	must_fail(bench, op, "symlink");
	must(bench, fs_op(bench, "tmpfs", "/deep/er", NULL, NULL));
	put(TOP "/root" TOP "/out/er/inside", "x");
	put(TOP "/source", "from host");
	must(bench, bind_op(bench, TOP "/source", "/tofile", 0));
	CHECK(holds(TOP "/root/out/file", "from host"));
	CHECK(rmdir(TOP "/out") == 0);
}

static void case_bind(struct bench *bench)
{
	struct plan_op op;

	enter_root(bench);
	CHECK(mkdir(TOP "/source", 0755) == 0);
	put(TOP "/source/file", "content");
	op = bind_op(bench, TOP "/source", "/data/dir", 0);
	op.u.mount_bind.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOATIME;
	op.u.mount_bind.propagation = number(bench, MS_REC | MS_PRIVATE);
	must(bench, op);
	CHECK(holds(TOP "/root/data/dir/file", "content"));
	CHECK(has_flags(TOP "/root/data/dir", ST_RDONLY | ST_NOEXEC | ST_NOATIME, ST_NOSUID));
	CHECK(!(flags_of(TOP "/source") & ST_RDONLY));
	must(bench, bind_op(bench, TOP "/source/file", "/etc/file", 0));
	CHECK(holds(TOP "/root/etc/file", "content"));
	must_fail(bench, bind_op(bench, TOP "/source/none", "/etc/none", 0), TOP "/source/none");
	CHECK(bench->err.errnum == ENOENT);
	must(bench, bind_op(bench, TOP "/source/none", "/etc/none", MOUNT_OPTIONAL));
	CHECK(!exists(TOP "/root/etc/none"));
	must_fail(bench, bind_op(bench, TOP "/source/file", "/data", 0), "/data");
	must_fail(bench, bind_op(bench, TOP "/source", "/etc/file", 0), "/etc/file");
	op = bind_op(bench, TOP "/source", "/proc", MOUNT_SOURCE_PROC);
	must_fail(bench, op, "procfs");
	must(bench, bind_op(bench, "/proc", "/proc", MOUNT_SOURCE_PROC | MOUNT_RECURSIVE));
	CHECK(symlink("/somewhere", TOP "/source/link") == 0);
	must(bench, bind_op(bench, TOP "/source/link", "/etc/link", MOUNT_COPY_SYMLINK));
	CHECK(exists(TOP "/root/etc/link") && readlink(TOP "/root/etc/link", (char[32]){ 0 }, 32) == 10);
}

static void case_bind_recursive(struct bench *bench)
{
	struct plan_op op;

	enter_root(bench);
	CHECK(mkdir(TOP "/source", 0755) == 0 && mkdir(TOP "/source/sub", 0755) == 0);
	CHECK(sys_mount("sub", TOP "/source/sub", "tmpfs", 0, NULL) == 0);
	put(TOP "/source/sub/file", "x");
	must(bench, bind_op(bench, TOP "/source", "/plain", 0));
	CHECK(!exists(TOP "/root/plain/sub/file"));
	op = bind_op(bench, TOP "/source", "/rec", MOUNT_RECURSIVE);
	op.u.mount_bind.attr_set = MOUNT_ATTR_RDONLY;
	must(bench, op);
	CHECK(exists(TOP "/root/rec/sub/file"));
	CHECK(flags_of(TOP "/root/rec") & ST_RDONLY && !(flags_of(TOP "/root/rec/sub") & ST_RDONLY));
	op = bind_op(bench, TOP "/source", "/rro", MOUNT_RECURSIVE);
	op.u.mount_bind.rec_attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOATIME;
	if (bench->calls != CALLS_ALL) {
		must_fail(bench, op, "recursive");
		CHECK(bench->err.kind == ERR_UNSUPPORTED);
		return;
	}
	must(bench, op);
	CHECK(flags_of(TOP "/root/rro") & ST_RDONLY && flags_of(TOP "/root/rro/sub") & ST_RDONLY);
	/* From a slot, as the runtime hands trees over. */
	op = bind_op(bench, TOP "/source", "/slot", 0);
	op.u.mount_bind.source_slot = SLOT_DYNAMIC;
	open_slot(bench, TOP "/source");
	must(bench, op);
	CHECK(exists(TOP "/root/slot/sub") && bench->context->slots[SLOT_DYNAMIC] == -1);
	op.u.mount_bind.flags = MOUNT_OPTIONAL;
	must(bench, op);
}

static void case_remount(struct bench *bench)
{
	struct plan_op op = { .kind = OP_REMOUNT };

	enter_root(bench);
	must(bench, fs_op(bench, "tmpfs", "/m", NULL, NULL));
	op.u.remount.destination = str(bench, "/m");
	op.u.remount.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV;
	must(bench, op);
	CHECK(has_flags(TOP "/root/m", ST_RDONLY | ST_NODEV, ST_NOEXEC));
	op.u.remount.attr_set = MOUNT_ATTR_NOEXEC;
	op.u.remount.attr_clear = MOUNT_ATTR_RDONLY;
	must(bench, op);
	CHECK(has_flags(TOP "/root/m", ST_NODEV | ST_NOEXEC, ST_RDONLY));
	op.u.remount.destination = str(bench, "/none");
	must_fail(bench, op, "/none");
	op.u.remount.destination = str(bench, "/m");
	op.u.remount.has_super = 1;
	op.u.remount.options = list(bench, "size=128k", NULL);
	if (bench->calls == CALLS_OLD)
		return;
	must(bench, op);
	op.u.remount.options = list(bench, "size=zz", NULL);
	must_fail(bench, op, "size=zz");
}

static void case_copy_up(struct bench *bench)
{
	struct plan_op op = fs_op(bench, "tmpfs", "/etc", "mode=755", NULL);
	struct stat status;

	CHECK(mkdir(TOP "/root/etc", 0755) == 0 && mkdir(TOP "/root/etc/dir", 0750) == 0);
	put(TOP "/root/etc/dir/file", "deep");
	CHECK(chown(TOP "/root/etc/dir/file", 7, 8) == 0 && chmod(TOP "/root/etc/dir/file", 04711) == 0);
	CHECK(symlink(TOP "/out", TOP "/root/etc/link") == 0 && mkfifo(TOP "/root/etc/fifo", 0600) == 0);
	enter_root(bench);
	op.kind = OP_COPY_UP;
	op.u.copy_up.mount.attr_set = MOUNT_ATTR_RDONLY;
	must(bench, op);
	CHECK(holds(TOP "/root/etc/dir/file", "deep"));
	CHECK(stat(TOP "/root/etc/dir/file", &status) == 0);
	CHECK(status.st_uid == 7 && status.st_gid == 8 && (status.st_mode & 07777) == 04711);
	CHECK(stat(TOP "/root/etc/dir", &status) == 0 && (status.st_mode & 07777) == 0750);
	CHECK(lstat(TOP "/root/etc/link", &status) == 0 && S_ISLNK(status.st_mode));
	CHECK(lstat(TOP "/root/etc/fifo", &status) == 0 && S_ISFIFO(status.st_mode));
	CHECK(flags_of(TOP "/root/etc") & ST_RDONLY && !(flags_of(TOP "/root") & ST_RDONLY));
	CHECK(rmdir(TOP "/out") == 0);
}

/* The usual container: pivot, devices, links, masks, read-only paths. */
static void case_pivot(struct bench *bench)
{
	struct plan_op null = { .kind = OP_OPEN_TREE, .u.open_tree = {
		.path = str(bench, "/dev/null"), .slot = SLOT_NULL, .device_type = S_IFCHR, .major = 1, .minor = 3 } };
	struct plan_op wrong = null;
	struct stat status;

	enter_root(bench);
	wrong.u.open_tree.minor = 5;
	must_fail(bench, wrong, "/dev/null");
	must(bench, null);
	must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
	must(bench, fs_op(bench, "tmpfs", "/dev", "mode=755", NULL));
	must(bench, fs_op(bench, "sysfs", "/sys", NULL, NULL));
	put(TOP "/root/secret1", "x");
	put(TOP "/root/secret2", "x");
	CHECK(mkdir(TOP "/root/hidden", 0755) == 0 && mkdir(TOP "/root/hidden2", 0755) == 0);
	put(TOP "/root/hidden/x", "x");
	pivot(bench, PIVOT_ROOT);
	CHECK(!exists(TOP) && exists("/secret1") && bench->context->is_root_entered);
	must(bench, device_op(bench, "/dev/null", 3));
	must(bench, device_op(bench, "/dev/null", 3));
	must_fail(bench, device_op(bench, "/dev/null", 5), "something else");
	must(bench, device_op(bench, "/dev/sub/zero", 5));
	CHECK(is_device("/dev/null", 1, 3) && is_device("/dev/sub/zero", 1, 5));
	CHECK(stat("/dev/null", &status) == 0 && (status.st_mode & 07777) == 0666);
	must(bench, symlink_op(bench, "/proc/self/fd", "/dev/fd"));
	must(bench, symlink_op(bench, "/proc/self/fd/0", "/dev/fd"));
	CHECK(readlink("/dev/fd", (char[64]){ 0 }, 64) == 15);
	must_fail(bench, symlink_op(bench, "x", "/dev/null"), "/dev/null");
	must(bench, path_op(bench, OP_MASK, "/secret1"));
	must(bench, path_op(bench, OP_MASK, "/secret2"));
	must(bench, path_op(bench, OP_MASK, "/hidden"));
	must(bench, path_op(bench, OP_MASK, "/hidden2"));
	must(bench, path_op(bench, OP_MASK, "/proc/nosuch/file"));
	CHECK(is_device("/secret1", 1, 3) && is_device("/secret2", 1, 3));
	CHECK(!exists("/hidden/x") && flags_of("/hidden") & ST_RDONLY && flags_of("/hidden2") & ST_RDONLY);
	must(bench, path_op(bench, OP_READONLY, "/proc/sys"));
	must(bench, path_op(bench, OP_READONLY, "/proc/nosuch"));
	CHECK(flags_of("/proc/sys") & ST_RDONLY && !(flags_of("/proc") & ST_RDONLY));
	must(bench, path_op(bench, OP_READONLY, "/"));
	CHECK(flags_of("/") & ST_RDONLY && !(flags_of("/dev") & ST_RDONLY));
}

/* Everything in /dev of the image is a trap. */
static void case_hostile_dev(struct bench *bench)
{
	struct plan_op symlink_dev;

	CHECK(mkdir(TOP "/root/target", 0755) == 0 && symlink("/target", TOP "/root/dev") == 0);
	enter_root(bench);
	must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
	pivot(bench, PIVOT_ROOT);
	must_fail(bench, device_op(bench, "/dev/null", 3), "/dev/null");
	symlink_dev = symlink_op(bench, "/proc/self/fd", "/dev/fd");
	must_fail(bench, symlink_dev, "/dev/fd");
	CHECK(unlink("/dev") == 0 && mkdir("/dev", 0755) == 0);
	CHECK(symlink("/target/file", "/dev/null") == 0);
	must_fail(bench, device_op(bench, "/dev/null", 3), "symlink");
	CHECK(!exists("/target/file"));
}

static void case_device_bind(struct bench *bench)
{
	struct plan_op tree = { .kind = OP_OPEN_TREE, .u.open_tree = {
		.path = str(bench, "/dev/full"), .slot = SLOT_DYNAMIC } };
	struct plan_op device = device_op(bench, "/dev/full", 7);

	if (bench->calls == CALLS_OLD)
		return;
	enter_root(bench);
	must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
	must(bench, tree);
	device.u.device.slot = SLOT_DYNAMIC;
	CHECK(mkdir(TOP "/root/dev", 0755) == 0);
	/* What another runtime left to bind onto; it also keeps mknod away. */
	put(TOP "/root/dev/full", "");
	pivot(bench, PIVOT_ROOT);
	must(bench, device);
	CHECK(is_device("/dev/full", 1, 7));
}

static void case_console(struct bench *bench)
{
	struct plan_op op = { .kind = OP_CONSOLE, .u.console = {
		.height = 33, .width = 44, .bind_console = 1, .uid = 5 } };
	struct wire_message message;
	struct stat status;
	int pair[2];

	enter_root(bench);
	must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
	must(bench, fs_op(bench, "tmpfs", "/dev", "mode=755", NULL));
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0 && setsid() > 0);
	bench->context->socket = pair[0];
	must_fail(bench, op, "devpts");
	CHECK(mkdir(TOP "/root/dev/pts", 0755) == 0);
	must_fail(bench, op, "devpts");
	must(bench, fs_op(bench, "devpts", "/dev/pts", "newinstance", "ptmxmode=0666"));
	pivot(bench, PIVOT_ROOT);
	CHECK(symlink("/evil", "/dev/console") == 0);
	must_fail(bench, op, "symlink");
	CHECK(!exists("/evil") && unlink("/dev/console") == 0);
	CHECK(wire_receive(pair[1], &message, 1000, &bench->err) == 1);
	wire_message_close(&message);
	must(bench, op);
	CHECK(wire_receive(pair[1], &message, 1000, &bench->err) == 1 && message.fd_count == 1);
	CHECK(message.header.type == WIRE_CONSOLE);
	CHECK(isatty(message.fds[0]) && isatty(0) && isatty(2) && open("/dev/tty", O_RDWR) < 0);
	CHECK(fstat(0, &status) == 0 && status.st_uid == 5);
	CHECK(stat("/dev/console", &status) == 0 && S_ISCHR(status.st_mode) && major(status.st_rdev) == 136);
	CHECK(write(1, "hi", 2) == 2 && read(message.fds[0], (char[8]){ 0 }, 8) == 2);
}

static void case_stdio(struct bench *bench)
{
	struct plan_op op = { .kind = OP_STDIO, .u.stdio = { .uid = 9 } };
	struct stat status;
	int fds[2];

	enter_root(bench);
	CHECK(mkdir(TOP "/root/dev", 0755) == 0);
	put(TOP "/root/dev/null", "a file");
	must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
	pivot(bench, PIVOT_ROOT);
	CHECK(pipe(fds) == 0 && dup2(fds[1], 1) == 1 && close(0) == 0);
	must_fail(bench, op, "/dev/null");
	CHECK(lstat("/dev/null", &status) == 0 && status.st_uid == 0);
	CHECK(unlink("/dev/null") == 0);
	must(bench, device_op(bench, "/dev/null", 3));
	must(bench, op);
	/* Now that stdin is the null device, it must stay root's. */
	must(bench, op);
	CHECK(fstat(0, &status) == 0 && S_ISCHR(status.st_mode) && !(fcntl(0, F_GETFD) & FD_CLOEXEC));
	CHECK(lstat("/dev/null", &status) == 0 && status.st_uid == 0);
	CHECK(fstat(1, &status) == 0 && status.st_uid == 9);
}

static void case_pivot_move(struct bench *bench)
{
	struct stat status;
	char path[64];

	enter_root(bench);
	must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
	snprintf(path, sizeof(path), "/proc/self/fd/%d/proc", open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
	pivot(bench, PIVOT_MOVE);
	CHECK(!exists(TOP) && exists("/proc/self"));
	/* The host's /proc is a bare directory now. */
	CHECK(stat(path, &status) == 0 && status.st_ino != 1);
	must(bench, path_op(bench, OP_READONLY, "/"));
}

static void case_chroot(struct bench *bench)
{
	must(bench, root_op(bench, 0));
	CHECK(mkdir(TOP "/root/inside", 0755) == 0);
	pivot(bench, PIVOT_CHROOT);
	CHECK(exists("/inside") && !exists(TOP));
}

/* A tree from the runtime covers "/" until the pivot. */
static void case_root_tree(struct bench *bench)
{
	struct plan_op op = root_op(bench, ROOT_BIND | ROOT_PRIVATE_PARENT);

	if (bench->calls == CALLS_OLD)
		return;
	put(TOP "/root/inside", "x");
	open_slot(bench, TOP "/root");
	op.u.root.slot = SLOT_DYNAMIC;
	must(bench, op);
	must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
	must(bench, bind_op(bench, "/etc", "/etc", 0));
	pivot(bench, PIVOT_ROOT);
	CHECK(exists("/inside") && exists("/etc/passwd") && !exists(TOP));
}

/* Propagation "shared": neither the root nor what is mounted in it, nor the unmounting, may reach the host. */
static void case_shared(struct bench *bench)
{
	int before;
	int status;
	pid_t pid;

	CHECK(sys_mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) == 0);
	before = count_mounts();
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(unshare(CLONE_NEWNS) == 0);
		must(bench, (struct plan_op){ .kind = OP_PROPAGATION, .u.propagation = {
			.path = str(bench, "/"), .flags = MS_REC | MS_SHARED } });
		must(bench, root_op(bench, ROOT_BIND | ROOT_PRIVATE_PARENT));
		must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
		must(bench, fs_op(bench, "tmpfs", "/dev", NULL, NULL));
		pivot(bench, PIVOT_ROOT);
		must(bench, (struct plan_op){ .kind = OP_PROPAGATION, .u.propagation = {
			.path = str(bench, "/"), .flags = MS_SHARED } });
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	CHECK(count_mounts() == before);
}

/* --- running them --- */

#define DENY(number) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)

static void forbid(enum calls calls)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		DENY(SYS_mount_setattr),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		DENY(SYS_openat2), DENY(SYS_open_tree), DENY(SYS_move_mount), DENY(SYS_fsopen), DENY(SYS_fspick),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	if (calls == CALLS_ALL)
		return;
	/* Without the ALLOW in the middle, what follows is forbidden too. */
	if (calls == CALLS_OLD)
		code[3] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static const struct {
	const char *name;
	void (*run)(struct bench *bench);
} cases[] = {
	{ "root errors", case_root_errors },
	{ "file systems", case_fs },
	{ "file system errors", case_fs_errors },
	{ "hostile targets", case_hostile_targets },
	{ "bind", case_bind },
	{ "recursive bind", case_bind_recursive },
	{ "remount", case_remount },
	{ "copy up", case_copy_up },
	{ "pivot", case_pivot },
	{ "hostile /dev", case_hostile_dev },
	{ "device by bind", case_device_bind },
	{ "console", case_console },
	{ "stdio", case_stdio },
	{ "pivot by move", case_pivot_move },
	{ "chroot", case_chroot },
	{ "root from a slot", case_root_tree },
	{ "shared propagation", case_shared },
};
#define CASE_COUNT (sizeof(cases) / sizeof(cases[0]))

static void run_case(size_t index, enum calls calls)
{
	static struct init_context context;
	struct bench *bench = calloc(1, sizeof(*bench));

	CHECK(bench);
	bench->calls = calls;
	bench->pool_size = 8;
	bench->view.pool = bench->pool;
	bench->context = &context;
	context.view = &bench->view;
	context.socket = -1;
	memset(context.slots, 0xff, sizeof(context.slots));
	CHECK(unshare(CLONE_NEWNS) == 0 && sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	CHECK(mkdir(TOP, 0700) == 0 || errno == EEXIST);
	CHECK(sys_mount("top", TOP, "tmpfs", 0, NULL) == 0);
	CHECK(mkdir(TOP "/root", 0755) == 0 && mkdir(TOP "/out", 0755) == 0);
	context.slots[SLOT_PROC] = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	forbid(calls);
	cases[index].run(bench);
	_exit(0);
}

int main(void)
{
	int failed = 0;

	if (geteuid() != 0) {
		printf("SKIP: needs root for mount namespaces\n");
		return 77;
	}
	for (int calls = 0; calls < CALLS_COUNT; calls++) {
		for (size_t i = 0; i < CASE_COUNT; i++) {
			int status = 0;
			pid_t pid;

			fflush(stdout);
			pid = fork();
			if (pid == 0)
				run_case(i, (enum calls)calls);
			if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
				status = 1;
			printf("%s: %s, %s\n", status ? "FAILED" : "ok", cases[i].name, calls_names[calls]);
			failed += status;
		}
	}
	rmdir(TOP);
	return failed != 0;
}
