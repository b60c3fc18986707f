/*
 * test_path.c - paths beneath a hostile root: by openat2, then all of it again with openat2 answering ENOSYS.
 *
 * Runs as any user, on a directory of its own.  "out" beside the root is what must never be reached.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/path.h"

struct fixture {
	char top[64];
	int top_fd;
	int root;      /* top/root */
};

static int setup(void **state)
{
	struct fixture *fix = calloc(1, sizeof(*fix));

	strcpy(fix->top, "/tmp/test_path.XXXXXX");
	assert_non_null(mkdtemp(fix->top));
	fix->top_fd = open(fix->top, O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdirat(fix->top_fd, "out", 0755), 0);
	assert_int_equal(mkdirat(fix->top_fd, "root", 0755), 0);
	fix->root = openat(fix->top_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdirat(fix->root, "dir", 0755), 0);
	assert_int_equal(mkdirat(fix->root, "dir/sub", 0755), 0);
	assert_int_equal(close(openat(fix->root, "dir/file", O_CREAT | O_WRONLY, 0644)), 0);
	*state = fix;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fix = *state;
	char command[128];

	close(fix->root);
	close(fix->top_fd);
	snprintf(command, sizeof(command), "rm -rf %s", fix->top);
	assert_int_equal(system(command), 0);
	free(fix);
	return 0;
}

static void link_to(const struct fixture *fix, const char *target, const char *path)
{
	assert_int_equal(symlinkat(target, fix->root, path), 0);
}

static bool exists(int dirfd, const char *path)
{
	return faccessat(dirfd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* fd is open and is the same file as root/path; closes it. */
static void assert_is(const struct fixture *fix, int fd, const char *path)
{
	struct stat got;
	struct stat want;

	if (fd < 0)
		fail_msg("%s: %s", path, strerror(-fd));
	assert_int_equal(fstat(fd, &got), 0);
	assert_int_equal(fstatat(fix->root, path, &want, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(got.st_dev == want.st_dev && got.st_ino == want.st_ino);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void test_open_plain(void **state)
{
	struct fixture *fix = *state;

	assert_is(fix, path_open_in_root(fix->root, "/dir/sub", O_PATH, 0), "dir/sub");
	assert_is(fix, path_open_in_root(fix->root, "dir//./sub/", O_PATH, 0), "dir/sub");
	assert_is(fix, path_open_in_root(fix->root, "", O_PATH, 0), ".");
	assert_is(fix, path_open_in_root(fix->root, "/", O_PATH | O_DIRECTORY, 0), ".");
	assert_is(fix, path_open_in_root(fix->root, "dir/file", O_RDONLY, 0), "dir/file");
	assert_int_equal(path_open_in_root(fix->root, "dir/file/", O_PATH, 0), -ENOTDIR);
	assert_is(fix, path_open_in_root(fix->root, "dir", O_RDONLY | O_DIRECTORY, 0), "dir");
	assert_int_equal(path_open_in_root(fix->root, "dir/none", O_PATH, 0), -ENOENT);
	assert_int_equal(path_open_in_root(fix->root, "none/x", O_PATH, 0), -ENOENT);
	assert_int_equal(path_open_in_root(fix->root, "dir/file/x", O_PATH, 0), -ENOTDIR);
	assert_int_equal(path_open_in_root(fix->root, "dir/file", O_PATH | O_DIRECTORY, 0), -ENOTDIR);
	assert_int_equal(path_open_in_root(fix->root, "dir/new", O_CREAT | O_WRONLY, 0), -EINVAL);
}

static void test_open_dotdot(void **state)
{
	struct fixture *fix = *state;

	assert_is(fix, path_open_in_root(fix->root, "..", O_PATH, 0), ".");
	assert_is(fix, path_open_in_root(fix->root, "../../../out", O_PATH | O_NOFOLLOW, 0) == -ENOENT ?
	          path_open_in_root(fix->root, "/", O_PATH, 0) : -EPERM, ".");
	assert_is(fix, path_open_in_root(fix->root, "dir/sub/../file", O_PATH, 0), "dir/file");
	assert_is(fix, path_open_in_root(fix->root, "dir/sub/../../dir/./sub/..", O_PATH, 0), "dir");
	link_to(fix, "../../../../dir", "dir/up");
	assert_is(fix, path_open_in_root(fix->root, "dir/up/sub", O_PATH, 0), "dir/sub");
	link_to(fix, "..", "dir/sub/parent");
	assert_is(fix, path_open_in_root(fix->root, "dir/sub/parent/file", O_PATH, 0), "dir/file");
}

/* A symlink as each component, relative, absolute and out of the root. */
static void test_open_symlinks(void **state)
{
	struct fixture *fix = *state;
	char out[128];

	link_to(fix, "dir", "rel");
	link_to(fix, "/dir", "abs");
	link_to(fix, "rel/sub", "deep");
	link_to(fix, "/dir/file", "dir/sub/abs");
	assert_is(fix, path_open_in_root(fix->root, "dir/sub/abs", O_PATH, 0), "dir/file");
	link_to(fix, "/abs/../dir/file", "tofile");
	snprintf(out, sizeof(out), "%s/out", fix->top);
	link_to(fix, out, "escape");
	link_to(fix, "../out", "dir/escape");
	assert_is(fix, path_open_in_root(fix->root, "rel/sub", O_PATH, 0), "dir/sub");
	assert_is(fix, path_open_in_root(fix->root, "abs/sub", O_PATH, 0), "dir/sub");
	assert_is(fix, path_open_in_root(fix->root, "abs", O_PATH, 0), "dir");
	assert_is(fix, path_open_in_root(fix->root, "deep", O_PATH, 0), "dir/sub");
	assert_is(fix, path_open_in_root(fix->root, "tofile", O_RDONLY, 0), "dir/file");
	assert_is(fix, path_open_in_root(fix->root, "abs", O_PATH | O_NOFOLLOW, 0), "abs");
	assert_int_equal(path_open_in_root(fix->root, "tofile", O_RDONLY | O_NOFOLLOW, 0), -ELOOP);
	assert_int_equal(path_open_in_root(fix->root, "escape", O_PATH, 0), -ENOENT);
	assert_int_equal(path_open_in_root(fix->root, "dir/escape", O_PATH, 0), -ENOENT);
}

static void test_open_no_symlinks(void **state)
{
	struct fixture *fix = *state;

	link_to(fix, "dir", "rel");
	link_to(fix, "sub", "dir/last");
	assert_is(fix, path_open_in_root(fix->root, "dir/sub", O_PATH, RESOLVE_NO_SYMLINKS), "dir/sub");
	assert_int_equal(path_open_in_root(fix->root, "rel/sub", O_PATH, RESOLVE_NO_SYMLINKS), -ELOOP);
	assert_int_equal(path_open_in_root(fix->root, "dir/last", O_PATH, RESOLVE_NO_SYMLINKS), -ELOOP);
	assert_int_equal(path_make_dir_in_root(fix->root, "rel/new", 0755, RESOLVE_NO_SYMLINKS), -ELOOP);
	assert_int_equal(path_make_file_in_root(fix->root, "rel/new", 0644, RESOLVE_NO_SYMLINKS), -ELOOP);
	assert_false(exists(fix->root, "dir/new"));
}

static void test_open_loops(void **state)
{
	struct fixture *fix = *state;
	char name[16];
	char target[16];

	link_to(fix, "self", "self");
	link_to(fix, "b", "a");
	link_to(fix, "a", "b");
	link_to(fix, "grow/x", "grow");
	assert_int_equal(path_open_in_root(fix->root, "self", O_PATH, 0), -ELOOP);
	assert_int_equal(path_open_in_root(fix->root, "a/x", O_PATH, 0), -ELOOP);
	assert_int_equal(path_open_in_root(fix->root, "grow", O_PATH, 0), -ELOOP);
	assert_int_equal(path_make_dir_in_root(fix->root, "a/x", 0755, 0), -ELOOP);
	assert_int_equal(path_make_dir_in_root(fix->root, "grow", 0755, 0), -ELOOP);
	assert_int_equal(path_make_file_in_root(fix->root, "self", 0644, 0), -ELOOP);
	/* 40 are followed, 41 are not. */
	link_to(fix, "dir", "l0");
	for (int i = 1; i <= 40; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		snprintf(target, sizeof(target), "l%d", i - 1);
		link_to(fix, target, name);
	}
	assert_is(fix, path_open_in_root(fix->root, "l39", O_PATH, 0), "dir");
	assert_int_equal(path_open_in_root(fix->root, "l40", O_PATH, 0), -ELOOP);
}

static void test_long_names(void **state)
{
	struct fixture *fix = *state;
	char name[PATH_MAX + 64];
	char path[PATH_MAX + 64];

	memset(name, 'n', sizeof(name));
	name[255] = '\0';
	assert_is(fix, path_make_dir_in_root(fix->root, name, 0755, 0), name);
	snprintf(path, sizeof(path), "%.255s/%.255s", name, name);
	assert_is(fix, path_make_file_in_root(fix->root, path, 0644, 0), path);
	assert_is(fix, path_open_in_root(fix->root, path, O_PATH, 0), path);
	name[255] = 'n';
	name[300] = '\0';
	assert_int_equal(path_open_in_root(fix->root, name, O_PATH, 0), -ENAMETOOLONG);
	assert_int_equal(path_make_dir_in_root(fix->root, name, 0755, 0), -ENAMETOOLONG);
	assert_int_equal(path_make_file_in_root(fix->root, name, 0644, 0), -ENAMETOOLONG);
	snprintf(path, sizeof(path), "new/%.300s", name);
	assert_int_equal(path_make_dir_in_root(fix->root, path, 0755, 0), -ENAMETOOLONG);
	memset(name, '/', PATH_MAX);
	strcpy(name + PATH_MAX, "dir");
	assert_int_equal(path_open_in_root(fix->root, name, O_PATH, 0), -ENAMETOOLONG);
	assert_int_equal(path_make_dir_in_root(fix->root, name, 0755, 0), -ENAMETOOLONG);
	/* Symlinks whose texts together outgrow PATH_MAX end, in one error or another. */
	memset(path, 'p', 3000);
	for (int i = 100; i < 3000; i += 100)
		path[i] = '/';
	memcpy(path, "long/", 5);
	path[3000] = '\0';
	link_to(fix, path, "long");
	assert_true(path_make_dir_in_root(fix->root, "long", 0755, 0) < 0);
}

static void test_make_dir(void **state)
{
	struct fixture *fix = *state;
	struct stat status;

	umask(0022);
	assert_is(fix, path_make_dir_in_root(fix->root, "/a/b/c", 0755, 0), "a/b/c");
	assert_is(fix, path_make_dir_in_root(fix->root, "/a/b/c", 0700, 0), "a/b/c");
	assert_is(fix, path_make_dir_in_root(fix->root, "/a/d", 0700, 0), "a/d");
	assert_int_equal(fstatat(fix->root, "a/b", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, 0755);
	assert_int_equal(fstatat(fix->root, "a/d", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	assert_int_equal(path_make_dir_in_root(fix->root, "dir/file", 0755, 0), -ENOTDIR);
	assert_int_equal(path_make_dir_in_root(fix->root, "dir/file/x", 0755, 0), -ENOTDIR);
	assert_is(fix, path_make_dir_in_root(fix->root, "x/../y/./z", 0755, 0), "y/z");
	assert_is(fix, path_make_dir_in_root(fix->root, "../../top", 0755, 0), "top");
	assert_is(fix, path_make_dir_in_root(fix->root, "/", 0755, 0), ".");
	assert_false(exists(fix->top_fd, "top"));
}

/* What a dangling symlink points to is made inside the root. */
static void test_make_through_dangling(void **state)
{
	struct fixture *fix = *state;

	link_to(fix, "/run/lock", "dangling");
	assert_is(fix, path_make_dir_in_root(fix->root, "dangling", 0755, 0), "run/lock");
	link_to(fix, "/var/x", "dangling2");
	assert_is(fix, path_make_dir_in_root(fix->root, "dangling2/deep/er", 0755, 0), "var/x/deep/er");
	link_to(fix, "../../out/evil", "escape");
	assert_is(fix, path_make_dir_in_root(fix->root, "escape", 0755, 0), "out/evil");
	link_to(fix, "../../out/file", "escapefile");
	assert_is(fix, path_make_file_in_root(fix->root, "escapefile", 0644, 0), "out/file");
	link_to(fix, "/etc/resolv", "conf");
	assert_is(fix, path_make_file_in_root(fix->root, "conf", 0644, 0), "etc/resolv");
	assert_false(exists(fix->top_fd, "out/evil"));
	assert_false(exists(fix->top_fd, "out/file"));
}

static void test_make_file(void **state)
{
	struct fixture *fix = *state;
	struct stat status;

	umask(0022);
	assert_is(fix, path_make_file_in_root(fix->root, "/new/path/file", 0600, 0), "new/path/file");
	assert_int_equal(fstatat(fix->root, "new/path/file", &status, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(status.st_mode, S_IFREG | 0600);
	assert_is(fix, path_make_file_in_root(fix->root, "dir/file", 0600, 0), "dir/file");
	assert_int_equal(path_make_file_in_root(fix->root, "dir", 0600, 0), -EISDIR);
	assert_int_equal(path_make_file_in_root(fix->root, "", 0600, 0), -EISDIR);
	assert_int_equal(path_make_file_in_root(fix->root, "dir/file/x", 0600, 0), -ENOTDIR);
	/* A symlink to a file is that file. */
	link_to(fix, "/dir/file", "link");
	assert_is(fix, path_make_file_in_root(fix->root, "link", 0600, 0), "dir/file");
}

static void test_open_parent(void **state)
{
	struct fixture *fix = *state;
	char name[PATH_NAME_SIZE];

	link_to(fix, "/dir", "dev");
	link_to(fix, "/nowhere", "dir/last");
	assert_is(fix, path_open_parent_in_root(fix->root, "/dev/last", 0, name), "dir");
	assert_string_equal(name, "last");
	assert_is(fix, path_open_parent_in_root(fix->root, "top", 0, name), ".");
	assert_string_equal(name, "top");
	assert_is(fix, path_open_parent_in_root(fix->root, "//made/up//", 0, name), "made");
	assert_string_equal(name, "up");
	assert_int_equal(path_open_parent_in_root(fix->root, "/dev/null", RESOLVE_NO_SYMLINKS, name), -ELOOP);
	assert_int_equal(path_open_parent_in_root(fix->root, "/", 0, name), -EINVAL);
	assert_int_equal(path_open_parent_in_root(fix->root, "", 0, name), -EINVAL);
	assert_int_equal(path_open_parent_in_root(fix->root, "dir/..", 0, name), -EINVAL);
	assert_int_equal(path_open_parent_in_root(fix->root, "dir/.", 0, name), -EINVAL);
}

/* procfs magic links lead to files by the kernel's own ways, not by their text. */
static void test_magic_links(void **state)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct fixture *fix = *state;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "proc/self/fd/%d/etc", fix->root);
	fd = path_open_in_root(root, path, O_PATH, 0);
	assert_true(fd == -ELOOP || fd == -ENOENT);
	close(root);
}

struct racer {
	const struct fixture *fix;
	atomic_bool is_stopped;
};

/* Another container that shares the volume: root/swap is a directory, then a symlink out, in turns. */
static void *race(void *argument)
{
	struct racer *racer = argument;
	int root = racer->fix->root;

	while (!racer->is_stopped)
		syscall(SYS_renameat2, root, "swap", root, "swap2", 2 /* RENAME_EXCHANGE */);
	return NULL;
}

static void test_races(void **state)
{
	struct fixture *fix = *state;
	struct racer racer = { .fix = fix };
	char name[32];
	char out[128];
	pthread_t thread;

	snprintf(out, sizeof(out), "../../../../../../..%s/out", fix->top);
	assert_int_equal(mkdirat(fix->root, "swap", 0755), 0);
	link_to(fix, out, "swap2");
	assert_int_equal(pthread_create(&thread, NULL, race, &racer), 0);
	for (int i = 0; i < 2000; i++) {
		int fd;

		snprintf(name, sizeof(name), "swap/d%d/x", i);
		if (i % 2)
			fd = path_make_dir_in_root(fix->root, name, 0755, 0);
		else
			fd = path_make_file_in_root(fix->root, name, 0644, 0);
		if (fd >= 0)
			close(fd);
		fd = path_open_in_root(fix->root, "swap/../swap/../dir/file", O_RDONLY, 0);
		if (fd >= 0)
			assert_is(fix, fd, "dir/file");
	}
	racer.is_stopped = true;
	pthread_join(thread, NULL);
	/* rmdir: nothing came into it. */
	assert_int_equal(unlinkat(fix->top_fd, "out", AT_REMOVEDIR), 0);
}

/* openat2(2) answers ENOSYS from here on. */
static int forbid_openat2(void **state)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	struct open_how how = { .flags = O_PATH };

	(void)state;
	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
	assert_int_equal(syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how)), -1);
	assert_int_equal(errno, ENOSYS);
	return 0;
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_open_plain),
		CASE(test_open_dotdot),
		CASE(test_open_symlinks),
		CASE(test_open_no_symlinks),
		CASE(test_open_loops),
		CASE(test_long_names),
		CASE(test_make_dir),
		CASE(test_make_through_dangling),
		CASE(test_make_file),
		CASE(test_open_parent),
		CASE(test_magic_links),
		CASE(test_races),
	};
	int failed = cmocka_run_group_tests_name("path_openat2", tests, NULL, NULL);

	return failed + cmocka_run_group_tests_name("path_walk", tests, forbid_openat2, NULL);
}
