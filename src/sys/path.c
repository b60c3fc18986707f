/*
 * sys/path.c - paths inside a container's root.
 *
 * Any process.  Nothing here may use a path of more than one component against a directory of the container, but by
 * openat2(2) with RESOLVE_IN_ROOT; and nothing may open "..".
 */
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/fd.h"
#include "sys/file.h"

/* As the kernel's MAXSYMLINKS. */
#define LINKS_MAX 40
/* Components looked at in one walk: ".." starts over, so a hostile chain of symlinks could keep us busy for minutes. */
#define STEPS_MAX 4096
/* EAGAIN: somewhere a rename or a mount changed while ".." was resolved. */
#define RETRIES_MAX 128

enum walk_goal {
	WALK_OPEN = 0,   /* what exists */
	WALK_MAKE_DIR,
	WALK_MAKE_FILE
};

/* A walk from the root downwards. */
struct walk {
	int rootfd;
	enum walk_goal goal;
	int flags;               /* open flags of the last component */
	mode_t mode;
	bool has_no_symlinks;
	bool wants_dir;          /* the path, or the symlink that is its last component, ends with '/' */
	unsigned links;
	unsigned steps;
	int fd;                  /* the directory that was reached, or -1 for the root */
	char done[PATH_MAX];     /* its path from the root, free of symlinks: "/a/b", or "" */
	char rest[PATH_MAX];     /* what is still to be walked */
};

/* Puts `head`, and '/' if more follows, in front of what is left after `rest`, as what is to be walked next. */
static int walk_prepend(struct walk *walk, const char *head, size_t head_length, const char *rest)
{
	size_t rest_length = strlen(rest);
	size_t slash = rest_length > 0;

	if (head_length + slash + rest_length >= sizeof(walk->rest))
		return -ENAMETOOLONG;
	memmove(walk->rest + head_length + slash, rest, rest_length + 1);
	memcpy(walk->rest, head, head_length);
	if (slash)
		walk->rest[head_length] = '/';
	return 0;
}

static void walk_to_root(struct walk *walk)
{
	fd_close(&walk->fd);
	walk->done[0] = '\0';
}

/*
 * "..": the parent is walked to anew from the root.  openat("..") would follow the directory to wherever a rename has
 * put it by now, which may be outside.
 */
static int walk_up(struct walk *walk, const char *rest)
{
	char parent[PATH_MAX];
	char *slash = strrchr(walk->done, '/');
	size_t length = slash ? (size_t)(slash - walk->done) : 0;

	memcpy(parent, walk->done, length);
	walk_to_root(walk);
	return walk_prepend(walk, parent, length, rest);
}

static int walk_follow(struct walk *walk, int link_fd, const char *rest)
{
	char target[PATH_MAX];
	ssize_t length;

	if (walk->has_no_symlinks || ++walk->links > LINKS_MAX)
		return -ELOOP;
	/* The text of a procfs magic link is only a name here, looked up inside the root: harmless. */
	length = sys_readlinkat(link_fd, "", target, sizeof(target));
	if (length < 0)
		return (int)length;
	if (length == 0)
		return -ENOENT;
	if ((size_t)length == sizeof(target))
		return -ENAMETOOLONG;
	if (target[0] == '/')
		walk_to_root(walk);
	return walk_prepend(walk, target, (size_t)length, rest);
}

static int walk_create(const struct walk *walk, int dirfd, const char *name, bool is_last)
{
	if (walk->goal == WALK_MAKE_FILE && is_last)
		return sys_mknodat(dirfd, name, S_IFREG | walk->mode, 0);
	return sys_mkdirat(dirfd, name, walk->goal == WALK_MAKE_FILE ? 0755 : walk->mode);
}

/* Opens one component without following it; makes it when that is the goal. */
static int walk_component(const struct walk *walk, int dirfd, const char *name, bool is_last)
{
	int fd = sys_openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	int result;

	for (int i = 0; fd == -ENOENT && walk->goal != WALK_OPEN && i < RETRIES_MAX; i++) {
		result = walk_create(walk, dirfd, name, is_last);
		if (result < 0 && result != -EEXIST)
			return result;
		fd = sys_openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	}
	return fd;
}

/* The last component is reached by fd; gives it the access that was asked for. */
static int walk_finish(const struct walk *walk, int dirfd, const char *name, int *fd, const struct stat *status)
{
	bool is_dir = S_ISDIR(status->st_mode);

	if (walk->goal == WALK_MAKE_FILE)
		return is_dir ? -EISDIR : fd_take(fd);
	if (!is_dir && (walk->goal == WALK_MAKE_DIR || walk->wants_dir || (walk->flags & O_DIRECTORY)))
		return -ENOTDIR;
	if (walk->flags & O_PATH)
		return fd_take(fd);
	if (is_dir)
		return sys_openat(*fd, ".", walk->flags | O_CLOEXEC, 0);
	return sys_openat(dirfd, name, walk->flags | O_NOFOLLOW | O_CLOEXEC, 0);
}

/* The path ended at a directory: "", ".", "a/..". */
static int walk_finish_dir(const struct walk *walk)
{
	if (walk->goal == WALK_MAKE_FILE)
		return -EISDIR;
	return sys_openat(walk->fd < 0 ? walk->rootfd : walk->fd, ".", walk->flags | O_CLOEXEC, 0);
}

/* Cuts the first component off *rest: copies it to name, and moves *rest to the next one or to the end. */
static int walk_cut(const char **rest, char name[PATH_NAME_SIZE])
{
	const char *start = *rest;
	size_t length = 0;

	while (*start == '/')
		start++;
	while (start[length] && start[length] != '/')
		length++;
	if (length >= PATH_NAME_SIZE)
		return -ENAMETOOLONG;
	memcpy(name, start, length);
	name[length] = '\0';
	start += length;
	while (*start == '/')
		start++;
	*rest = start;
	return 0;
}

static int walk_enter(struct walk *walk, const char *name, int *fd, const char *rest)
{
	size_t length = strlen(walk->done);
	size_t name_length = strlen(name);

	if (length + 1 + name_length >= sizeof(walk->done))
		return -ENAMETOOLONG;
	walk->done[length] = '/';
	memcpy(walk->done + length + 1, name, name_length + 1);
	fd_close(&walk->fd);
	walk->fd = fd_take(fd);
	memmove(walk->rest, rest, strlen(rest) + 1);
	return 0;
}

/* One component.  1: go on, 0: *out is the result's fd, or -errno. */
static int walk_step(struct walk *walk, int *out)
{
	_cleanup_fd_ int fd = -1;
	char name[PATH_NAME_SIZE];
	const char *rest = walk->rest;
	int dirfd = walk->fd < 0 ? walk->rootfd : walk->fd;
	struct stat status;
	int result = walk_cut(&rest, name);

	if (result < 0)
		return result;
	if (!*name) {
		*out = walk_finish_dir(walk);
		return *out < 0 ? *out : 0;
	}
	walk->wants_dir |= !*rest && rest[-1] == '/';
	if (strcmp(name, ".") == 0)
		return walk_prepend(walk, "", 0, rest) < 0 ? -ENAMETOOLONG : 1;
	if (strcmp(name, "..") == 0)
		return walk_up(walk, rest) < 0 ? -ENAMETOOLONG : 1;
	fd = walk_component(walk, dirfd, name, !*rest);
	if (fd < 0)
		return fd;
	result = sys_fstat(fd, &status);
	if (result < 0)
		return result;
	if (S_ISLNK(status.st_mode) && (*rest || walk->wants_dir || !(walk->flags & O_NOFOLLOW))) {
		result = walk_follow(walk, fd, rest);
		return result < 0 ? result : 1;
	}
	if (!*rest) {
		*out = walk_finish(walk, dirfd, name, &fd, &status);
		return *out < 0 ? *out : 0;
	}
	if (!S_ISDIR(status.st_mode))
		return -ENOTDIR;
	result = walk_enter(walk, name, &fd, rest);
	return result < 0 ? result : 1;
}

static int walk_run(struct walk *walk, const char *path)
{
	size_t length = strlen(path);
	int out = -1;
	int result = 1;

	if (length >= sizeof(walk->rest))
		return -ENAMETOOLONG;
	memcpy(walk->rest, path, length + 1);
	walk->done[0] = '\0';
	walk->fd = -1;
	while (result == 1) {
		if (++walk->steps > STEPS_MAX)
			result = -ELOOP;
		else
			result = walk_step(walk, &out);
	}
	fd_close(&walk->fd);
	return result < 0 ? result : out;
}

/* openat2, or -ENOSYS. */
static int path_open_by_kernel(int rootfd, const char *path, int flags, uint64_t resolve)
{
	/* Not state of the program but a fact about the kernel, learnt once: a failed try for every path would cost. */
	static bool is_missing;
	struct open_how how = {
		.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve,
	};
	int fd = is_missing ? -ENOSYS : -EAGAIN;

	for (int i = 0; fd == -EAGAIN && i < RETRIES_MAX; i++)
		fd = sys_openat2(rootfd, *path ? path : "/", &how);
	if (fd == -ENOSYS)
		is_missing = true;
	/* A seccomp profile that is older than openat2 answers EPERM; the walk is right in any case. */
	return fd == -EPERM ? -ENOSYS : fd;
}

int path_open_in_root(int rootfd, const char *path, int flags, uint64_t resolve)
{
	struct walk walk;
	int fd;

	if (flags & (O_CREAT | O_TMPFILE) & ~O_DIRECTORY)
		return -EINVAL;
	fd = path_open_by_kernel(rootfd, path, flags, resolve);
	/* EAGAIN: the walk needs no luck. */
	if (fd != -ENOSYS && fd != -EAGAIN)
		return fd;
	if (resolve & ~(uint64_t)RESOLVE_NO_SYMLINKS)
		return fd;
	walk = (struct walk){ .rootfd = rootfd, .flags = flags, .has_no_symlinks = resolve & RESOLVE_NO_SYMLINKS };
	return walk_run(&walk, path);
}

int path_split(const char *path, char *parent, char name[PATH_NAME_SIZE])
{
	size_t length = strlen(path);
	size_t start;

	while (length > 0 && path[length - 1] == '/')
		length--;
	start = length;
	while (start > 0 && path[start - 1] != '/')
		start--;
	if (length - start >= PATH_NAME_SIZE || start >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(name, path + start, length - start);
	name[length - start] = '\0';
	memcpy(parent, path, start);
	parent[start] = '\0';
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 ? 0 : -EINVAL;
}

/*
 * What is missing is mostly just the last component, as with /dev/pts on a fresh /dev: then a few calls do what a walk
 * needs many for.  Anything else is an error here, and walked.
 */
static int path_create_last(int rootfd, const char *path, enum walk_goal goal, mode_t mode, uint64_t resolve)
{
	_cleanup_fd_ int dirfd = -1;
	char parent[PATH_MAX];
	char name[PATH_NAME_SIZE];
	int result = path_split(path, parent, name);

	if (result < 0)
		return result;
	dirfd = path_open_in_root(rootfd, parent, O_PATH | O_DIRECTORY, resolve);
	if (dirfd < 0)
		return dirfd;
	if (goal == WALK_MAKE_DIR) {
		result = sys_mkdirat(dirfd, name, mode);
		return result < 0 ? result : sys_openat(dirfd, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC, 0);
	}
	/* Were it swapped for a symlink by now, the fd is the symlink itself and leads nowhere. */
	result = sys_mknodat(dirfd, name, S_IFREG | mode, 0);
	return result < 0 ? result : sys_openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
}

static int path_make(int rootfd, const char *path, enum walk_goal goal, mode_t mode, uint64_t resolve)
{
	struct walk walk;
	int fd = path_create_last(rootfd, path, goal, mode, resolve);

	if (fd >= 0)
		return fd;
	walk = (struct walk){
		.rootfd = rootfd, .goal = goal, .flags = O_PATH, .mode = mode,
		.has_no_symlinks = resolve & RESOLVE_NO_SYMLINKS,
	};
	return walk_run(&walk, path);
}

int path_make_dir_in_root(int rootfd, const char *path, mode_t mode, uint64_t resolve)
{
	int fd = path_open_in_root(rootfd, path, O_PATH | O_DIRECTORY, resolve);

	return fd == -ENOENT ? path_make(rootfd, path, WALK_MAKE_DIR, mode, resolve) : fd;
}

int path_make_file_in_root(int rootfd, const char *path, mode_t mode, uint64_t resolve)
{
	_cleanup_fd_ int fd = path_open_in_root(rootfd, path, O_PATH, resolve);
	struct stat status;
	int result;

	if (fd == -ENOENT)
		return path_make(rootfd, path, WALK_MAKE_FILE, mode, resolve);
	if (fd < 0)
		return fd;
	result = sys_fstat(fd, &status);
	if (result < 0)
		return result;
	return S_ISDIR(status.st_mode) ? -EISDIR : fd_take(&fd);
}

int path_open_parent_in_root(int rootfd, const char *path, uint64_t resolve, char name[PATH_NAME_SIZE])
{
	char parent[PATH_MAX];
	int result = path_split(path, parent, name);

	return result < 0 ? result : path_make_dir_in_root(rootfd, parent, 0755, resolve);
}
