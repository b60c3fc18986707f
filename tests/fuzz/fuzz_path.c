/*
 * fuzz_path.c - paths inside a hostile root: the kernel's openat2(2) and our walk without it, on the same tree.
 *
 * The input is a list of things to make in the root, then one path a line to look up.  Oracle: both ways reach the same
 * file, or fail alike, and what is reached lies in the root; what is made by name is made in the root as well.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "fuzz.h"
#include "sys/path.h"

#define ITEMS_MAX 24
#define LOOKUPS_MAX 8

/* src/sys/path.c once more, under these names, for a kernel without openat2 (tests/fuzz/local.mk). */
int walk_open_in_root(int rootfd, const char *path, int flags, uint64_t resolve);
int walk_make_dir_in_root(int rootfd, const char *path, mode_t mode, uint64_t resolve);
int walk_make_file_in_root(int rootfd, const char *path, mode_t mode, uint64_t resolve);
int walk_openat2(int dirfd, const char *path, const struct open_how *how);

int walk_openat2(int dirfd, const char *path, const struct open_how *how)
{
	(void)dirfd;
	(void)path;
	(void)how;
	return -ENOSYS;
}

static void remove_tree(int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *item;

	while (dir && (item = readdir(dir))) {
		if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
			continue;
		if (item->d_type == DT_DIR)
			remove_tree(fd, item->d_name);
		else
			unlinkat(fd, item->d_name, 0);
	}
	if (dir)
		closedir(dir);
	unlinkat(dirfd, name, AT_REMOVEDIR);
}

/* Made by the names that the input gives, which have no ".." and nothing absolute: "d a/b", "f a", "l a/c TARGET". */
static void make_item(int root, const char *line)
{
	char path[256];
	const char *target;
	size_t length;

	if (line[0] == '\0' || line[1] != ' ')
		return;
	length = strcspn(line + 2, " ");
	if (length == 0 || length >= sizeof(path) || line[2] == '/')
		return;
	memcpy(path, line + 2, length);
	path[length] = '\0';
	for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
		struct stat status;
		char so_far[256];

		if (strncmp(part, "..", 2) == 0)
			return;
		/* Nothing is made through a symlink: it could lead out of the root. */
		memcpy(so_far, path, (size_t)(part - path));
		so_far[part - path] = '\0';
		if (part > path)
			so_far[part - path - 1] = '\0';
		if (part > path &&
		    (fstatat(root, so_far, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(status.st_mode)))
			return;
	}
	target = line + 2 + length + (line[2 + length] == ' ');
	if (line[0] == 'd')
		mkdirat(root, path, 0755);
	else if (line[0] == 'f')
		mknodat(root, path, S_IFREG | 0644, 0);
	else if (line[0] == 'l')
		(void)!symlinkat(target, root, path);
}

/* The path of what an fd stands for, which has to be in the root; relative to it. */
static void path_of(int fd, const char *root, char *path)
{
	char link[40];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, PATH_MAX - 1);
	FUZZ_REQUIRE(length > 0);
	path[length] = '\0';
	FUZZ_REQUIRE(strncmp(path, root, strlen(root)) == 0);
	memmove(path, path + strlen(root), strlen(path) - strlen(root) + 1);
	FUZZ_REQUIRE(path[0] == '\0' || path[0] == '/');
}

/* Two fds, or errors, of two roots. */
static void check_same(int first, const char *first_root, int second, const char *second_root)
{
	char first_path[PATH_MAX], second_path[PATH_MAX];

	FUZZ_REQUIRE((first < 0) == (second < 0));
	if (first < 0) {
		FUZZ_REQUIRE(first == second);
		return;
	}
	path_of(first, first_root, first_path);
	path_of(second, second_root, second_path);
	FUZZ_REQUIRE(strcmp(first_path, second_path) == 0);
	close(first);
	close(second);
}

struct roots { char paths[2][64]; int fds[2]; };

static void check_lookup(const struct roots *roots, const char *path)
{
	const uint64_t no_links = RESOLVE_NO_SYMLINKS;

	check_same(path_open_in_root(roots->fds[0], path, O_PATH, 0), roots->paths[0],
		   walk_open_in_root(roots->fds[0], path, O_PATH, 0), roots->paths[0]);
	check_same(path_open_in_root(roots->fds[0], path, O_PATH | O_NOFOLLOW, 0), roots->paths[0],
		   walk_open_in_root(roots->fds[0], path, O_PATH | O_NOFOLLOW, 0), roots->paths[0]);
	check_same(path_open_in_root(roots->fds[0], path, O_RDONLY | O_DIRECTORY, no_links), roots->paths[0],
		   walk_open_in_root(roots->fds[0], path, O_RDONLY | O_DIRECTORY, no_links), roots->paths[0]);
}

/* The two roots must stay alike, so that the next path means the same. */
static void check_making(const struct roots *roots, const char *path, bool is_file)
{
	if (is_file)
		check_same(path_make_file_in_root(roots->fds[0], path, 0644, 0), roots->paths[0],
			   walk_make_file_in_root(roots->fds[1], path, 0644, 0), roots->paths[1]);
	else
		check_same(path_make_dir_in_root(roots->fds[0], path, 0755, 0), roots->paths[0],
			   walk_make_dir_in_root(roots->fds[1], path, 0755, 0), roots->paths[1]);
}

static const char *base(void)
{
	static char path[64];

	if (!path[0]) {
		snprintf(path, sizeof(path), "%s", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		FUZZ_REQUIRE(strlen(path) < 20);
	}
	return path;
}

static void open_roots(struct roots *roots)
{
	for (int i = 0; i < 2; i++) {
		snprintf(roots->paths[i], sizeof(roots->paths[i]), "%s/fuzz-path-%d-%d", base(), getpid(), i);
		FUZZ_REQUIRE(mkdir(roots->paths[i], 0700) == 0);
		roots->fds[i] = open(roots->paths[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
		FUZZ_REQUIRE(roots->fds[i] >= 0);
	}
}

static void close_roots(struct roots *roots)
{
	for (int i = 0; i < 2; i++) {
		close(roots->fds[i]);
		remove_tree(AT_FDCWD, roots->paths[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { (const char *)data, size };
	char *items = fuzz_cut_text(&input), *rest = items, *line;
	struct roots roots;

	open_roots(&roots);
	for (unsigned i = 0; i < ITEMS_MAX && (line = strsep(&rest, "\n")); i++) {
		make_item(roots.fds[0], line);
		make_item(roots.fds[1], line);
	}
	for (unsigned i = 0; i < LOOKUPS_MAX && input.size > 0; i++) {
		uint8_t what = fuzz_byte(&input);
		char *path = fuzz_cut_text(&input);

		check_lookup(&roots, path);
		if ((what & 3) >= 2)
			check_making(&roots, path, (what & 1) != 0);
		free(path);
	}
	close_roots(&roots);
	free(items);
	return 0;
}
