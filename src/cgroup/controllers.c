/*
 * cgroup/controllers.c - gives the container's v2 cgroup its controllers.
 *
 * Runs in the runtime process.  It must not disable anything: the directories above belong to others as well.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/words.h"
#include "create.h"
#include "sys/file.h"
#include "tree.h"

static bool is_written_to(const struct plan_cgroup *plan, const char *controller, size_t length)
{
	for (size_t i = 0; i < plan->write_count; i++) {
		const char *name = plan->writes[i].controller;

		if (strlen(name) == length && memcmp(name, controller, length) == 0)
			return true;
	}
	return false;
}

/* Appends one word to a list that has room. */
static void list_add(char *list, const char *sign, const char *word, size_t length)
{
	size_t used = strlen(list);

	if (used > 0)
		list[used++] = ' ';
	used += (size_t)(stpcpy(list + used, sign) - (list + used));
	memcpy(list + used, word, length);
	list[used + length] = '\0';
}

const char *cgroup_controllers_wanted(struct arena *arena, const struct host *host, const struct host_hierarchy *tree,
				      const struct plan_cgroup *plan)
{
	const char *word = tree->available;
	char *wanted = arena_alloc(arena, strlen(word) + 1);

	while (*word != '\0') {
		size_t length = strcspn(word, " ");

		if (length > 0 && (host->cgroup_mode == HOST_CGROUP_V2 || is_written_to(plan, word, length)))
			list_add(wanted, "", word, length);
		word += length + (word[length] == ' ');
	}
	return wanted;
}

static void note_blocked(struct arena *arena, const char *path, const char *process, int result,
			 struct cgroup_leaf *leaf)
{
	if (leaf->blocked_errnum != 0)
		return;
	leaf->blocked_errnum = result;
	leaf->blocked_path = path;
	leaf->blocked_by = arena_strdup(arena, process);
}

/*
 * A cgroup with processes of its own can't give controllers to its children (cgroups(7), "no internal processes").  The
 * kernel would take the threaded ones, such as pids, but that makes the children unfit for processes ("domain
 * invalid").  Only the root, which alone has no cgroup.type, is free of this.
 */
static bool has_processes(int dirfd, char *process, size_t size)
{
	cgroup_dir_first(dirfd, process, size);
	return process[0] != '\0' && sys_faccessat2(dirfd, "cgroup.type", F_OK, 0) == 0;
}

void cgroup_controllers_enable(struct arena *arena, int dirfd, const char *path, const char *wanted,
			       struct cgroup_leaf *leaf)
{
	char enabled[512] = "", process[128] = "";
	char *missing = arena_alloc(arena, 2 * strlen(wanted) + 1);
	const char *word = wanted;
	int result;

	if (wanted[0] == '\0')
		return;
	if (sys_file_read_at(dirfd, "cgroup.subtree_control", enabled, sizeof(enabled), NULL) == 0)
		enabled[strcspn(enabled, "\n")] = '\0';
	while (*word != '\0') {
		size_t length = strcspn(word, " ");

		if (!words_have(enabled, ' ', word, length))
			list_add(missing, "+", word, length);
		word += length + (word[length] == ' ');
	}
	if (missing[0] == '\0')
		return;
	if (has_processes(dirfd, process, sizeof(process))) {
		note_blocked(arena, path, process, -EBUSY, leaf);
		return;
	}
	if (sys_file_write_at(dirfd, "cgroup.subtree_control", missing, strlen(missing)) == 0)
		return;
	/* One that can't be enabled spoils the whole write, so each gets its own. */
	for (char *item = missing; *item != '\0';) {
		size_t length = strcspn(item, " ");

		result = sys_file_write_at(dirfd, "cgroup.subtree_control", item, length);
		if (result < 0)
			note_blocked(arena, path, "", result, leaf);
		item += length + (item[length] == ' ');
	}
}
