/*
 * mount_bench.h - runs mounting ops of init with libc, in a mount namespace of their own.
 *
 * Every case is a child process and runs three times: with all system calls, without mount_setattr(2) (Linux before
 * 5.12), and without any of the new calls (mount(2) has to do).  Needs root; says so and skips otherwise.
 */
#ifndef MOUNT_BENCH_H
#define MOUNT_BENCH_H

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

#define TOP "/tmp/mount_bench"
#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			printf("%s:%d: %s (errno %d)\n", __func__, __LINE__, #condition, errno); \
			fflush(stdout); \
			_exit(1); \
		} \
	} while (0)

/* --- building ops --- */

static inline struct plan_str str(struct bench *bench, const char *text)
{
	struct plan_str result = { *text ? bench->pool_size : 0 };

	CHECK(bench->pool_size + strlen(text) + 8 < sizeof(bench->pool));
	strcpy(bench->pool + bench->pool_size, text);
	bench->pool_size += (uint32_t)(strlen(text) + 8) & ~7u;
	return result;
}

static inline struct plan_numbers number(struct bench *bench, uint32_t value)
{
	struct plan_numbers result = { bench->pool_size, 1 };

	memcpy(bench->pool + bench->pool_size, &value, sizeof(value));
	bench->pool_size += 8;
	return result;
}

static inline struct plan_list list(struct bench *bench, const char *a, const char *b)
{
	struct plan_str items[2] = { str(bench, a ? a : ""), str(bench, b ? b : "") };
	struct plan_list result = { bench->pool_size, b ? 2 : a ? 1 : 0 };

	memcpy(bench->pool + bench->pool_size, items, sizeof(items));
	bench->pool_size += sizeof(items);
	return result;
}

static inline int run(struct bench *bench, struct plan_op op)
{
	bench->err = (struct err)ERR_INIT;
	return ops_table[op.kind].run(bench->context, &op, &bench->err);
}

/* The op has to succeed. */
static inline void must(struct bench *bench, struct plan_op op)
{
	if (run(bench, op) == 0)
		return;
	printf("op %d: %s: %s\n", op.kind, bench->err.text, strerror(bench->err.errnum));
	fflush(stdout);
	_exit(1);
}

/* The op has to fail, with these words in the text. */
static inline void must_fail(struct bench *bench, struct plan_op op, const char *words)
{
	CHECK(run(bench, op) == -1);
	if (!strstr(bench->err.text, words))
		printf("\"%s\" lacks \"%s\"\n", bench->err.text, words);
	CHECK(strstr(bench->err.text, words));
}

static inline struct plan_op fs_op(struct bench *bench, const char *type, const char *path, const char *a,
                                   const char *b)
{
	return (struct plan_op){ .kind = OP_MOUNT_FS, .u.mount_fs = {
		.type = str(bench, type), .source = str(bench, type), .destination = str(bench, path),
		.options = list(bench, a, b),
	} };
}

static inline struct plan_op bind_op(struct bench *bench, const char *source, const char *path, uint32_t flags)
{
	return (struct plan_op){ .kind = OP_MOUNT_BIND, .u.mount_bind = {
		.source = str(bench, source), .destination = str(bench, path), .flags = flags,
	} };
}

static inline struct plan_op path_op(struct bench *bench, enum plan_op_kind kind, const char *path)
{
	return (struct plan_op){ .kind = (uint16_t)kind, .u.path = { .path = str(bench, path) } };
}

/* option: "key=value" of the tmpfs that hides a directory, or "". */
static inline struct plan_op mask_op(struct bench *bench, const char *path, const char *option)
{
	return (struct plan_op){ .kind = OP_MASK, .u.mask = { str(bench, path), str(bench, option) } };
}

static inline struct plan_op device_op(struct bench *bench, const char *path, uint32_t minor)
{
	return (struct plan_op){ .kind = OP_DEVICE, .u.device = {
		.path = str(bench, path), .type = S_IFCHR, .major = 1, .minor = minor, .mode = 0666,
	} };
}

static inline struct plan_op symlink_op(struct bench *bench, const char *target, const char *path)
{
	return (struct plan_op){ .kind = OP_SYMLINK, .u.symlink = {
		.target = str(bench, target), .path = str(bench, path),
	} };
}

static inline struct plan_op root_op(struct bench *bench, uint32_t flags)
{
	return (struct plan_op){ .kind = OP_ROOT, .u.root = { .path = str(bench, TOP "/root"), .flags = flags } };
}

/* As the runtime does for a user namespace. */
static inline void open_slot(struct bench *bench, const char *path)
{
	bench->context->slots[SLOT_DYNAMIC] = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	CHECK(bench->context->slots[SLOT_DYNAMIC] >= 0);
}

static inline void pivot(struct bench *bench, uint32_t method)
{
	must(bench, (struct plan_op){ .kind = OP_PIVOT, .u.pivot = { .method = method } });
}

/* --- looking at what came of them --- */

static inline unsigned long flags_of(const char *path)
{
	struct statvfs status;

	CHECK(statvfs(path, &status) == 0);
	return status.f_flag;
}

static inline bool has_flags(const char *path, unsigned long wanted, unsigned long unwanted)
{
	return (flags_of(path) & (wanted | unwanted)) == wanted;
}

static inline bool exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

static inline void put(const char *path, const char *text)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static inline bool holds(const char *path, const char *text)
{
	char buffer[256] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is_same = fd >= 0 && read(fd, buffer, sizeof(buffer) - 1) >= 0 && strcmp(buffer, text) == 0;

	if (fd >= 0)
		close(fd);
	return is_same;
}

static inline bool is_device(const char *path, unsigned major_number, unsigned minor_number)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISCHR(status.st_mode) &&
	       status.st_rdev == makedev(major_number, minor_number);
}

static inline int count_mounts(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	int lines = 0;

	CHECK(file);
	for (int c; (c = fgetc(file)) != EOF;)
		lines += c == '\n';
	fclose(file);
	return lines;
}

static inline void enter_root(struct bench *bench)
{
	must(bench, (struct plan_op){ .kind = OP_PROPAGATION, .u.propagation = {
		.path = str(bench, "/"), .flags = MS_REC | MS_SLAVE } });
	must(bench, root_op(bench, ROOT_BIND));
}

/* --- running them --- */

static const struct plan_image no_ops;

#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif

#define DENY(number) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)

static inline void forbid(enum calls calls)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		DENY(SYS_mount_setattr), DENY(SYS_open_tree_attr),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		DENY(SYS_openat2), DENY(SYS_open_tree), DENY(SYS_move_mount), DENY(SYS_fsopen), DENY(SYS_fspick),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	if (calls == CALLS_ALL)
		return;
	/* Without the ALLOW in the middle, what follows is forbidden too. */
	if (calls == CALLS_OLD)
		code[5] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

/* One case; it runs in a child process and ends it by a failed CHECK. */
struct bench_case {
	const char *name;
	void (*run)(struct bench *bench);
};

static inline void run_case(const struct bench_case *item, enum calls calls)
{
	static struct init_context context;
	struct bench *bench = calloc(1, sizeof(*bench));

	CHECK(bench);
	bench->calls = calls;
	bench->pool_size = 8;
	bench->view.pool = bench->pool;
	/* Each op is run as the last one: what looks at those that follow finds none. */
	bench->view.image = &no_ops;
	bench->context = &context;
	context.view = &bench->view;
	context.socket = -1;
	memset(context.slots, 0xff, sizeof(context.slots));
	CHECK(unshare(CLONE_NEWNS) == 0 && sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
	/* The directory is seen by this namespace only, so tests may run side by side. */
	CHECK(sys_mount("tmp", "/tmp", "tmpfs", 0, NULL) == 0 && mkdir(TOP, 0700) == 0);
	CHECK(sys_mount("top", TOP, "tmpfs", 0, NULL) == 0);
	CHECK(mkdir(TOP "/root", 0755) == 0 && mkdir(TOP "/out", 0755) == 0);
	context.slots[SLOT_PROC] = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	forbid(calls);
	item->run(bench);
	_exit(0);
}

/* Runs every case in every kernel; the exit status of the test. */
static inline int bench_main(const struct bench_case *cases, size_t count)
{
	int failed = 0;

	if (geteuid() != 0) {
		printf("SKIP: needs root for mount namespaces\n");
		return 77;
	}
	for (int calls = 0; calls < CALLS_COUNT; calls++) {
		for (size_t i = 0; i < count; i++) {
			int status = 0;
			pid_t pid;

			fflush(stdout);
			pid = fork();
			if (pid == 0)
				run_case(&cases[i], (enum calls)calls);
			if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
				status = 1;
			printf("%s: %s, %s\n", status ? "FAILED" : "ok", cases[i].name, calls_names[calls]);
			failed += status;
		}
	}
	return failed != 0;
}

#endif
