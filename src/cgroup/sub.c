/*
 * cgroup/sub.c - the cgroups beneath a container's own that an exec asks for.
 *
 * Runs in the runtime process; changes nothing.  What is asked for is compared by component and never leads out of the
 * container's own directories: ".." is refused, and cgroupfs has no symlinks.
 */
#include <errno.h>
#include <string.h>

#include "base/fd.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "tree.h"

static bool has_dots(const char *path)
{
	while (*path != '\0') {
		size_t length = strcspn(path, "/");

		if (length == 2 && strncmp(path, "..", 2) == 0)
			return true;
		path += length;
		path += strspn(path, "/");
	}
	return false;
}

static int check_path(const char *text, const char *path, struct err *err)
{
	path += strspn(path, "/");
	if (has_dots(path))
		return err_set(err, ERR_USAGE, "--cgroup %s: the path leads out of the container's cgroup", text);
	return 0;
}

static int enter(struct arena *arena, struct cgroup_dir *dir, const char *path, const char *text, struct err *err)
{
	_cleanup_fd_ int fd = -1;
	size_t length;
	char *full;

	path += strspn(path, "/");
	if (*path == '\0' || strcmp(path, ".") == 0)
		return 0;
	full = arena_printf(arena, "%s/%s", dir->path, path);
	for (length = strlen(full); full[length - 1] == '/'; length--)
		full[length - 1] = '\0';
	fd = cgroup_dir_open(full);
	if (fd < 0)
		return err_sys(err, fd, "--cgroup %s: open %s", text, full);
	dir->path = full;
	return 0;
}

/* "PATH": in every hierarchy; a v2 tree beside v1 ones has no controllers, and need not have the directory. */
static int enter_all(struct arena *arena, struct cgroup *sub, const char *text, struct err *err)
{
	bool has_v1 = false;

	for (size_t i = 0; i < sub->dir_count; i++)
		has_v1 |= sub->dirs[i].version == 1;
	for (size_t i = 0; i < sub->dir_count; i++) {
		if (enter(arena, &sub->dirs[i], text, text, err) == 0)
			continue;
		if (!has_v1 || sub->dirs[i].version == 1 || err->errnum != ENOENT)
			return -1;
		*err = (struct err)ERR_INIT;
	}
	return 0;
}

/* "CONTROLLER,...:PATH": in the v1 hierarchies of these controllers. */
static int enter_some(struct arena *arena, const struct cgroup *whole, struct cgroup *sub, const char *text,
                      const char *path, struct err *err)
{
	const char *word = text;

	while (word < path) {
		size_t length = strcspn(word, ",:");
		bool is_found = false;

		for (size_t i = 0; i < sub->dir_count && length > 0; i++) {
			struct cgroup_dir *dir = &sub->dirs[i];

			if (dir->version != 1 || !words_have(dir->controllers, ',', word, length))
				continue;
			is_found = true;
			/* Given twice, as "cpu,cpuacct" are one directory. */
			if (dir->path == whole->dirs[i].path && enter(arena, dir, path, text, err) < 0)
				return -1;
		}
		if (!is_found)
			return err_set(err, ERR_USAGE, "--cgroup %s: the container has no cgroup of \"%.*s\"", text,
				       (int)length, word);
		word += length + 1;
	}
	return 0;
}

int cgroup_sub(struct arena *arena, const struct cgroup *whole, const char *const *texts, size_t count,
	       struct cgroup *sub, struct err *err)
{
	*sub = *whole;
	sub->dirs = arena_alloc_array(arena, whole->dir_count, sizeof(*sub->dirs));
	for (size_t i = 0; i < whole->dir_count; i++)
		sub->dirs[i] = whole->dirs[i];
	if (count > 0 && whole->dir_count == 0)
		return err_set(err, ERR_USAGE, "--cgroup %s: the container has no cgroup", texts[0]);
	for (size_t i = 0; i < count; i++) {
		const char *colon = strchr(texts[i], ':');
		int result = check_path(texts[i], colon ? colon + 1 : texts[i], err);

		if (result == 0 && !colon && count > 1)
			result = err_set(err, ERR_USAGE, "--cgroup %s: one of several must name its controllers",
					 texts[i]);
		if (result == 0)
			result = colon ? enter_some(arena, whole, sub, texts[i], colon + 1, err) :
					 enter_all(arena, sub, texts[i], err);
		if (result < 0)
			return -1;
	}
	return 0;
}
