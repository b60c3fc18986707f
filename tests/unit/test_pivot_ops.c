/*
 * test_pivot_ops.c - the pivot, and the ops after it: devices, links, console, standard fds, masks.
 *
 * Needs root: see mount_bench.h.
 */
#include "mount_bench.h"

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
	CHECK(!exists(TOP) && exists("/secret1"));
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
	must(bench, mask_op(bench, "/secret1", ""));
	must(bench, mask_op(bench, "/secret2", ""));
	must(bench, mask_op(bench, "/hidden", ""));
	must(bench, mask_op(bench, "/hidden2", ""));
	must(bench, mask_op(bench, "/proc/nosuch/file", ""));
	CHECK(is_device("/secret1", 1, 3) && is_device("/secret2", 1, 3));
	CHECK(!exists("/hidden/x") && flags_of("/hidden") & ST_RDONLY && flags_of("/hidden2") & ST_RDONLY);
	must(bench, path_op(bench, OP_READONLY, "/proc/sys"));
	must(bench, path_op(bench, OP_READONLY, "/proc/nosuch"));
	CHECK(flags_of("/proc/sys") & ST_RDONLY && !(flags_of("/proc") & ST_RDONLY));
	must(bench, path_op(bench, OP_READONLY, "/"));
	CHECK(flags_of("/") & ST_RDONLY && !(flags_of("/dev") & ST_RDONLY));
}

/* Any option shows that it gets there: labels need a module.  mount(2) reads them in quotes, as only a label may be. */
static void case_mask_option(struct bench *bench)
{
	struct stat status;

	enter_root(bench);
	CHECK(mkdir(TOP "/root/hidden", 0755) == 0 && mkdir(TOP "/root/proc", 0755) == 0);
	must(bench, fs_op(bench, "proc", "/proc", NULL, NULL));
	if (bench->calls == CALLS_OLD) {
		must_fail(bench, mask_op(bench, "/hidden", "mode=0701"), "mask /hidden: mount tmpfs");
		return;
	}
	must(bench, mask_op(bench, "/hidden", "mode=0701"));
	CHECK(stat(TOP "/root/hidden", &status) == 0 && (status.st_mode & 07777) == 0701);
	must(bench, mask_op(bench, "/hidden", ""));
	CHECK(mkdir(TOP "/root/other", 0755) == 0);
	op_slot_fill(bench->context, SLOT_MASK, -1);
	must_fail(bench, mask_op(bench, "/other", "nosuch=1"), "mask /other: tmpfs");
	must_fail(bench, mask_op(bench, "/other", "nosuch"), "mask /other: tmpfs");
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

int main(void)
{
	static const struct bench_case cases[] = {
		{ "pivot", case_pivot },
		{ "option of a mask", case_mask_option },
		{ "hostile /dev", case_hostile_dev },
		{ "device by bind", case_device_bind },
		{ "console", case_console },
		{ "stdio", case_stdio },
		{ "pivot by move", case_pivot_move },
		{ "chroot", case_chroot },
		{ "root from a slot", case_root_tree },
		{ "shared propagation", case_shared },
	};

	return bench_main(cases, sizeof(cases) / sizeof(cases[0]));
}
