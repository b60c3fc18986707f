/*
 * cgroup/tree.c - reads and removes trees of cgroup directories.
 *
 * Runs in the runtime process.  It must not follow names out of the directory that it was given.
 */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/num.h"
#include "base/words.h"
#include "sys/file.h"

/* What is below can be the container's making; deeper than this nobody nests who wants to be killed in order. */
#define DEPTH_MAX 200

int cgroup_dir_open(const char *path)
{
	return sys_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
}

static bool is_gone(int result)
{
	return result == -ENOENT || result == -ENODEV;
}

/* --- processes --- */

/* One line of cgroup.procs. */
static int pid_line(const char *line, size_t length, cgroup_pid_function *function, void *argument)
{
	uint64_t pid;

	if (num_parse_u64_n(line, length, INT32_MAX, &pid) < 0)
		return -EINVAL;
	return pid != 0 ? function((pid_t)pid, argument) : 0;
}

/* Hands on the whole lines of a buffer and moves the rest to its front. */
static int pid_lines(char *buffer, size_t *used, cgroup_pid_function *function, void *argument)
{
	char *line = buffer;
	char *end;

	while ((end = memchr(line, '\n', *used - (size_t)(line - buffer))) != NULL) {
		int result = pid_line(line, (size_t)(end - line), function, argument);

		if (result != 0)
			return result;
		line = end + 1;
	}
	*used -= (size_t)(line - buffer);
	memmove(buffer, line, *used);
	return 0;
}

int cgroup_dir_pids(int dirfd, cgroup_pid_function *function, void *argument)
{
	_cleanup_fd_ int fd = sys_openat(dirfd, "cgroup.procs", O_RDONLY | O_CLOEXEC, 0);
	char buffer[4096];
	size_t used = 0;

	if (fd < 0)
		return is_gone(fd) ? 0 : fd;
	for (;;) {
		ssize_t length = sys_read(fd, buffer + used, sizeof(buffer) - used);
		int result;

		/* A threaded v2 cgroup has no list of its own: its processes stand in the domain above (cgroups(7)). */
		if (length == -EOPNOTSUPP || is_gone((int)length) || length == 0)
			return 0;
		if (length < 0)
			return (int)length;
		used += (size_t)length;
		result = pid_lines(buffer, &used, function, argument);
		if (result != 0)
			return result;
	}
}

/* --- directories --- */

typedef int child_function(int dirfd, const char *name, void *argument);

/* Calls function for each child directory. */
static int each_child(int dirfd, child_function *function, void *argument)
{
	/* A descriptor of its own, as the position belongs to the open file. */
	_cleanup_fd_ int fd = sys_openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	char buffer[4096] __attribute__((aligned(8)));
	ssize_t length;

	if (fd < 0)
		return is_gone(fd) ? 0 : fd;
	while ((length = sys_getdents64(fd, buffer, sizeof(buffer))) > 0) {
		for (ssize_t at = 0; at < length;) {
			const struct sys_dirent *entry = (const struct sys_dirent *)(buffer + at);
			bool is_dots = strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0;
			int result = entry->type == DT_DIR && !is_dots ? function(dirfd, entry->name, argument) : 0;

			if (result != 0)
				return result;
			at += entry->length;
		}
	}
	return is_gone((int)length) ? 0 : (int)length;
}

struct pid_walk { cgroup_pid_function *function; void *argument; unsigned depth; };

static int pids_below(int dirfd, struct pid_walk *walk);

static int pids_of_child(int dirfd, const char *name, void *argument)
{
	struct pid_walk *walk = argument;
	_cleanup_fd_ int fd = sys_openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	int result;

	if (fd < 0)
		return is_gone(fd) ? 0 : fd;
	if (walk->depth == DEPTH_MAX)
		return -ELOOP;
	walk->depth++;
	result = pids_below(fd, walk);
	walk->depth--;
	return result;
}

static int pids_below(int dirfd, struct pid_walk *walk)
{
	int result = cgroup_dir_pids(dirfd, walk->function, walk->argument);

	return result != 0 ? result : each_child(dirfd, pids_of_child, walk);
}

int cgroup_tree_pids(int dirfd, cgroup_pid_function *function, void *argument)
{
	struct pid_walk walk = { function, argument, 0 };

	return pids_below(dirfd, &walk);
}

static int count_pid(pid_t pid, void *argument)
{
	(void)pid;
	++*(int *)argument;
	return 0;
}

int cgroup_tree_count(int dirfd)
{
	int count = 0;
	int result = cgroup_tree_pids(dirfd, count_pid, &count);

	return result < 0 ? result : count;
}

static int take_pid(pid_t pid, void *argument)
{
	*(pid_t *)argument = pid;
	return 1;
}

static void pid_describe(pid_t pid, char *text, size_t size)
{
	char path[64], name[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	if (sys_file_read_at(AT_FDCWD, path, name, sizeof(name), NULL) == 0)
		name[strcspn(name, "\n")] = '\0';
	snprintf(text, size, "PID %d \"%s\"", pid, name);
}

void cgroup_dir_first(int dirfd, char *text, size_t size)
{
	pid_t pid = 0;

	text[0] = '\0';
	if (cgroup_dir_pids(dirfd, take_pid, &pid) > 0)
		pid_describe(pid, text, size);
}

void cgroup_tree_first(int dirfd, char *text, size_t size)
{
	pid_t pid = 0;

	text[0] = '\0';
	if (cgroup_tree_pids(dirfd, take_pid, &pid) > 0)
		pid_describe(pid, text, size);
}

/* --- removing --- */

struct removal {
	int next;       /* the child to go down into, or -1 */
	bool has_child;
};

static int remove_child(int dirfd, const char *name, void *argument)
{
	struct removal *removal = argument;
	int result = sys_unlinkat(dirfd, name, AT_REMOVEDIR);

	removal->has_child = true;
	if (result == 0 || is_gone(result))
		return 0;
	if (result != -EBUSY && result != -ENOTEMPTY)
		return result;
	removal->next = sys_openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	return removal->next < 0 && !is_gone(removal->next) ? removal->next : 1;
}

int cgroup_tree_remove_below(int dirfd)
{
	_cleanup_fd_ int current = sys_openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	size_t depth = 0;

	if (current < 0)
		return is_gone(current) ? 0 : current;
	for (;;) {
		struct removal removal = { -1, false };
		int result = each_child(current, remove_child, &removal);

		if (result < 0)
			return result;
		if (removal.next >= 0) {
			depth++;
		} else if (depth == 0) {
			return 0;
		} else if (!removal.has_child) {
			/* Nothing below it kept its removal from working: it holds a process. */
			removal.next = -EBUSY;
		} else {
			removal.next = sys_openat(current, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
			depth--;
		}
		if (removal.next < 0)
			return is_gone(removal.next) ? 0 : removal.next;
		fd_close(&current);
		current = removal.next;
	}
}

/* --- state --- */

bool cgroup_has_freezer(const struct cgroup_dir *dir)
{
	return dir->version == 2 || words_have(dir->controllers, ',', "freezer", strlen("freezer"));
}

bool cgroup_events_are_frozen(const char *text)
{
	const char *field = strstr(text, "frozen ");

	return field != NULL && field[strlen("frozen ")] == '1';
}

int cgroup_dir_is_frozen(int dirfd)
{
	char text[256];
	int result = sys_file_read_at(dirfd, "freezer.state", text, sizeof(text), NULL);

	if (result == 0)
		return strncmp(text, "THAWED", 6) != 0;
	if (result != -ENOENT)
		return result;
	result = sys_file_read_at(dirfd, "cgroup.events", text, sizeof(text), NULL);
	return result < 0 ? result : cgroup_events_are_frozen(text);
}
