/*
 * test_mount_ops.c - the ops that mount: file systems, binds, remounts, copies, at targets that may be traps.
 *
 * Needs root: see mount_bench.h.
 */
#include <sys/xattr.h>

#include "mount_bench.h"

static void case_every_kind(struct bench *bench)
{
	(void)bench;
	for (size_t kind = 0; kind < OP_KIND_COUNT; kind++)
		CHECK(ops_table[kind].run);
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

/* Where no module has a say, the attribute of a tmpfs is root's to set. */
static void case_fs_label(struct bench *bench)
{
	const char label[] = "system_u:object_r:container_file_t:s0:c1,c2";
	struct plan_op op;
	char value[64];

	enter_root(bench);
	op = fs_op(bench, "tmpfs", "/labeled", NULL, NULL);
	op.u.mount_fs.label = str(bench, label);
	must(bench, op);
	CHECK(getxattr(TOP "/root/labeled", "security.selinux", value, sizeof(value)) == (ssize_t)strlen(label));
	CHECK(memcmp(value, label, strlen(label)) == 0);
	op = fs_op(bench, "proc", "/proc", NULL, NULL);
	op.u.mount_fs.label = str(bench, label);
	must_fail(bench, op, "set security.selinux of /proc to system_u:object_r:container_file_t:s0:c1,c2");
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

int main(void)
{
	static const struct bench_case cases[] = {
		{ "a function for every kind", case_every_kind },
		{ "root errors", case_root_errors },
		{ "file systems", case_fs },
		{ "file system labels", case_fs_label },
		{ "file system errors", case_fs_errors },
		{ "hostile targets", case_hostile_targets },
		{ "bind", case_bind },
		{ "recursive bind", case_bind_recursive },
		{ "remount", case_remount },
		{ "copy up", case_copy_up },
	};

	return bench_main(cases, sizeof(cases) / sizeof(cases[0]));
}
