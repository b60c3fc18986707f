/*
 * cgroup/update.c - changes the limits of a cgroup in use: all that were asked for, or none.
 *
 * Runs in the runtime process, under the container's lock.  It must not write anything whose old value it doesn't know.
 */
#include "update.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "base/path.h"
#include "base/trace.h"
#include "base/words.h"
#include "cgroup/systemd.h"
#include "sys/file.h"
#include "tree.h"

#define VALUE_SIZE_MAX 65536

/* One write of the plan, and the way back. */
struct step {
	const struct plan_cgroup_write *write;
	struct cgroup_leaf *leaf;
	const char *old;       /* what undoes it; NULL: nothing, as the file isn't there */
	int missed;            /* of a WRITE_IF_THERE: cgroup_limit_write() */
	bool is_done;
};

struct update {
	struct arena *arena;
	const struct host *host;
	const struct plan_cgroup *plan;
	const struct cgroup *cgroup;
	struct cgroup_leaf *leaves;
	size_t leaf_count;
	struct step *steps;
	size_t count;
	char *text;            /* VALUE_SIZE_MAX bytes for what is read */
	struct err *err;
};

/* --- where --- */

static const struct host_hierarchy *hierarchy_of(const struct host *host, const struct cgroup_dir *dir)
{
	for (size_t i = 0; i < host->hierarchy_count; i++)
		if (host->hierarchies[i].version == dir->version &&
		    strcmp(host->hierarchies[i].controllers, dir->controllers) == 0)
			return &host->hierarchies[i];
	return NULL;
}

static void leaves_find(struct update *update)
{
	update->leaves = arena_alloc_array(update->arena, update->cgroup->dir_count, sizeof(*update->leaves));
	for (size_t i = 0; i < update->cgroup->dir_count; i++) {
		const struct cgroup_dir *dir = &update->cgroup->dirs[i];
		const struct host_hierarchy *hierarchy = hierarchy_of(update->host, dir);

		if (hierarchy != NULL)
			update->leaves[update->leaf_count++] = (struct cgroup_leaf){
				.hierarchy = hierarchy, .path = dir->path, .fd = -1
			};
	}
}

static bool has_all_words(const char *list, const char *words)
{
	while (*words != '\0') {
		size_t length = strcspn(words, " ");

		if (!words_have(list, ' ', words, length))
			return false;
		words += length + (words[length] == ' ');
	}
	return true;
}

/* v2, where not all controllers are enabled from the start: those that this update writes to. */
static void controllers_enable(const struct update *update, struct cgroup_leaf *leaf)
{
	const struct host_hierarchy *tree = leaf->hierarchy;
	const char *wanted = cgroup_controllers_wanted(update->arena, update->host, tree, update->plan);
	size_t top = strlen(tree->mountpoint);
	char enabled[512];

	if (sys_file_read_at(leaf->fd, "cgroup.controllers", enabled, sizeof(enabled), NULL) < 0)
		return;
	enabled[strcspn(enabled, "\n")] = '\0';
	if (has_all_words(enabled, wanted) || !path_is_beneath(leaf->path, tree->mountpoint))
		return;
	for (size_t end = top; leaf->path[end] != '\0'; end += 1 + strcspn(leaf->path + end + 1, "/")) {
		const char *path = arena_strndup(update->arena, leaf->path, end);
		_cleanup_fd_ int fd = cgroup_dir_open(path);

		if (fd >= 0)
			cgroup_controllers_enable(update->arena, fd, path, wanted, leaf);
	}
}

static int leaf_open(const struct update *update, struct cgroup_leaf *leaf)
{
	if (leaf->fd >= 0)
		return 0;
	leaf->fd = sys_openat(AT_FDCWD, leaf->path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (leaf->fd < 0)
		return err_sys(update->err, leaf->fd, "open %s", leaf->path);
	if (leaf->hierarchy->version == 2)
		controllers_enable(update, leaf);
	return 0;
}

/* --- old values --- */

static int step_read_old(const struct update *update, struct step *step)
{
	const struct plan_cgroup_write *write = step->write;
	int result = sys_file_read_at(step->leaf->fd, write->file, update->text, VALUE_SIZE_MAX, NULL);

	/* A file that isn't there: the write tells. */
	if (result == -ENOENT)
		return 0;
	if (result < 0)
		return err_sys(update->err, result, "%s: read %s/%s, so that a failed update could be undone",
			       write->origin, step->leaf->path, write->file);
	step->old = cgroup_old_value(update->arena, write->file, write->text, update->text);
	return 0;
}

static int steps_prepare(struct update *update)
{
	const struct plan_cgroup *plan = update->plan;

	update->steps = arena_alloc_array(update->arena, plan->write_count, sizeof(*update->steps));
	for (size_t i = 0; i < plan->write_count; i++) {
		const struct plan_cgroup_write *write = &plan->writes[i];
		struct step *step = &update->steps[update->count];

		/* The rules of v1 are one value in many writes: cgroup_devices_update_v1(). */
		if (strcmp(write->controller, "devices") == 0)
			continue;
		*step = (struct step){
			.write = write,
			.leaf = cgroup_leaf_find(update->leaves, update->leaf_count, write->controller),
		};
		if (step->leaf == NULL)
			return err_set(update->err, ERR_UNSUPPORTED, "%s: the container has no %s cgroup",
				       write->origin, write->controller);
		if (leaf_open(update, step->leaf) < 0 || step_read_old(update, step) < 0)
			return -1;
		update->count++;
	}
	return 0;
}

/* --- writing --- */

/* What the kernel says of a value that doesn't fit the present one of another file. */
static bool may_fit_later(const struct err *err)
{
	return err->errnum == EINVAL || err->errnum == EBUSY;
}

static int step_do(struct step *step, struct err *err)
{
	int *missed = step->write->need == WRITE_ELSE ? &step[-1].missed : &step->missed;

	if (step->write->need != WRITE_ELSE || *missed != 0)
		if (cgroup_limit_write(step->write, step->leaf, missed, err) < 0)
			return -1;
	step->is_done = true;
	return 0;
}

/*
 * Some values are refused as long as another one is the old: memory.limit above memory.memsw, a quota below the burst,
 * shares of an idle cgroup.  Such writes are done again after the others, as long as one more of them succeeds.
 */
static int steps_do(struct update *update)
{
	bool has_progress = true, is_left = true;

	while (has_progress && is_left) {
		struct err first = ERR_INIT;

		has_progress = is_left = false;
		for (size_t i = 0; i < update->count; i++) {
			struct err failure = ERR_INIT;

			if (update->steps[i].is_done)
				continue;
			if (step_do(&update->steps[i], &failure) == 0) {
				has_progress = true;
				continue;
			}
			is_left = true;
			if (first.kind == ERR_NONE)
				first = failure;
			if (!may_fit_later(&failure)) {
				*update->err = failure;
				return -1;
			}
		}
		*update->err = first;
	}
	return is_left ? -1 : 0;
}

/* --- undoing --- */

static bool has_old_value(const struct update *update, const struct step *step)
{
	const struct plan_cgroup_write *write = step->write;

	return sys_file_read_at(step->leaf->fd, write->file, update->text, VALUE_SIZE_MAX, NULL) == 0 &&
	       strcmp(cgroup_old_value(update->arena, write->file, write->text, update->text), step->old) == 0;
}

static bool step_undo(const struct update *update, struct step *step)
{
	if (step->is_done && step->old != NULL && !has_old_value(update, step) &&
	    sys_file_write_at(step->leaf->fd, step->write->file, step->old, strlen(step->old)) < 0)
		return false;
	step->is_done = false;
	return true;
}

/* In reverse; again, as steps_do(), while it gets on.  NULL, or the step that could not be undone. */
static const struct step *steps_undo(struct update *update)
{
	const struct step *stuck = NULL;
	bool has_progress = true;

	while (has_progress) {
		has_progress = false;
		stuck = NULL;
		for (size_t i = update->count; i > 0; i--) {
			struct step *step = &update->steps[i - 1];

			if (!step->is_done)
				continue;
			if (step_undo(update, step))
				has_progress = true;
			else
				stuck = step;
		}
	}
	return stuck;
}

/* systemd writes the files of the properties that it is told, so all of them have to be looked at. */
static void unit_undo(struct update *update)
{
	struct plan_cgroup old = { .manager = CGROUP_SYSTEMD };
	struct plan_unit_properties properties = { NULL, 0 };
	struct err failure = ERR_INIT;

	if (update->plan->unit == NULL)
		return;
	old.writes = arena_alloc_array(update->arena, update->count, sizeof(*old.writes));
	for (size_t i = 0; i < update->count; i++) {
		update->steps[i].is_done = true;
		if (update->steps[i].old == NULL)
			continue;
		old.writes[old.write_count] = *update->steps[i].write;
		old.writes[old.write_count++].text = update->steps[i].old;
	}
	plan_systemd_limits(update->arena, &old, &properties);
	if (cgroup_systemd_update(update->cgroup, &properties, &failure) < 0)
		err_prefix(update->err, "systemd keeps the new limits (%s)", failure.text);
}

static int undo(struct update *update)
{
	const struct step *stuck;

	unit_undo(update);
	stuck = steps_undo(update);
	if (stuck == NULL)
		return err_prefix(update->err, "nothing was changed");
	return err_prefix(update->err, "only a part was changed, and %s/%s could not be set back to \"%s\"",
			  stuck->leaf->path, stuck->write->file, stuck->old);
}

/* --- all of it --- */

static int devices_update(const struct update *update)
{
	struct cgroup_leaf *leaf = cgroup_leaf_find(update->leaves, update->leaf_count, "devices");

	if (leaf != NULL && leaf_open(update, leaf) < 0)
		return -1;
	if (update->plan->unit != NULL &&
	    cgroup_systemd_update(update->cgroup, &update->plan->unit->device_properties, update->err) < 0)
		return -1;
	if (cgroup_devices_update_v1(update->arena, update->plan, leaf, update->err) < 0)
		return -1;
	return update->plan->replaces_devices ?
		       cgroup_devices_update_v2(update->plan, update->cgroup, update->err) : 0;
}

/* The unit first, as systemd writes files that it has properties for. */
static int limits_update(struct update *update)
{
	const struct plan_unit *unit = update->plan->unit;

	if (unit != NULL && cgroup_systemd_update(update->cgroup, &unit->properties, update->err) < 0)
		return -1;
	return steps_do(update);
}

int cgroup_update(struct arena *arena, const struct host *host, const struct plan_cgroup *plan,
		  const struct cgroup *cgroup, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("change the limits", "");
	struct update update = { .arena = arena, .host = host, .plan = plan, .cgroup = cgroup, .err = err };
	int result;

	update.text = arena_alloc(arena, VALUE_SIZE_MAX);
	leaves_find(&update);
	result = steps_prepare(&update);
	if (result == 0) {
		/* Device rules come last, since those of a v1 cgroup that allows by default can't be read back. */
		result = limits_update(&update);
		if (result == 0)
			result = devices_update(&update);
		if (result < 0)
			undo(&update);
	}
	for (size_t i = 0; i < update.leaf_count; i++)
		fd_close(&update.leaves[i].fd);
	return result;
}

int cgroup_read(const struct cgroup *cgroup, const char *controller, const char *file, char *text, size_t size)
{
	const struct cgroup_dir *chosen = NULL;
	_cleanup_fd_ int fd = -1;
	size_t length = 0;
	int result;

	for (size_t i = 0; i < cgroup->dir_count; i++) {
		const struct cgroup_dir *dir = &cgroup->dirs[i];

		if (dir->version == 1 ? words_have(dir->controllers, ',', controller, strlen(controller)) :
					chosen == NULL)
			chosen = dir;
	}
	if (chosen == NULL)
		return -ENOENT;
	fd = cgroup_dir_open(chosen->path);
	result = fd < 0 ? fd : sys_file_read_at(fd, file, text, size, &length);
	return result < 0 ? result : (int)length;
}
