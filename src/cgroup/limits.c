/*
 * cgroup/limits.c - writes the planned limits into the container's cgroup.
 *
 * Runs in the runtime process: before the container's first process is in the cgroup, or for `update`.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/trace.h"
#include "base/words.h"
#include "create.h"
#include "sys/file.h"

struct cgroup_leaf *cgroup_leaf_find(struct cgroup_leaf *leaves, size_t count, const char *controller)
{
	for (size_t i = 0; i < count; i++) {
		const struct host_hierarchy *hierarchy = leaves[i].hierarchy;

		if (words_have(hierarchy->available, hierarchy->version == 2 ? ' ' : ',', controller,
			       strlen(controller)))
			return &leaves[i];
	}
	return NULL;
}

/* A v2 directory lacks a controller's files when the controller isn't enabled above it. */
static int fail_not_enabled(const struct plan_cgroup_write *write, const struct cgroup_leaf *leaf, struct err *err)
{
	if (leaf->blocked_errnum == 0)
		return err_sys(err, ENOENT, "%s: write %s/%s (the kernel may lack it)", write->origin, leaf->path,
			       write->file);
	if (leaf->blocked_by[0] == '\0')
		return err_sys(err, leaf->blocked_errnum,
			       "%s: the %s controller can't be enabled in %s/cgroup.subtree_control", write->origin,
			       write->controller, leaf->blocked_path);
	return err_sys(err, leaf->blocked_errnum,
		       "%s: the %s controller can't be enabled in %s/cgroup.subtree_control, as "
		       "that cgroup holds processes itself, such as %s",
		       write->origin, write->controller, leaf->blocked_path, leaf->blocked_by);
}

/* Where the kernel's word alone would leave the reader guessing. */
static const char *hint_find(const char *file, int result)
{
	static const struct { const char *file; int errnum; const char *hint; } hints[] = {
		{ "memory.limit_in_bytes", EBUSY, " (the container uses more, and it can't be freed)" },
		{ "memory.memsw.limit_in_bytes", EBUSY, " (the container uses more, and it can't be freed)" },
		{ "memory.limit_in_bytes", EINVAL, " (is it above the limit of memory and swap together?)" },
		{ "memory.memsw.limit_in_bytes", EINVAL, " (is it below the limit of memory alone?)" },
		{ "cpu.shares", EINVAL, " (one with cpu.idle of 1 has no shares)" },
		{ "cpu.weight", EINVAL, " (one with cpu.idle of 1 has no weight)" },
		{ "cpuset.cpus", EACCES, " (the cgroup above has not all of these)" },
		{ "cpuset.mems", EACCES, " (the cgroup above has not all of these)" },
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (hints[i].errnum == -result && strcmp(hints[i].file, file) == 0)
			return hints[i].hint;
	return "";
}

static int fail_write(const struct plan_cgroup_write *write, const struct cgroup_leaf *leaf, int result,
		      struct err *err)
{
	if (result == -ENOENT)
		return fail_not_enabled(write, leaf, err);
	return err_sys(err, result, "%s: write \"%s\" to %s/%s%s", write->origin, write->text, leaf->path, write->file,
		       hint_find(write->file, result));
}

/* Kept open, as device rules are many writes to one file. */
struct limit_file { const struct cgroup_leaf *leaf; const char *name; int fd; };

/* Returns the fd, which belongs to *file, or -errno. */
static int limit_file_open(struct limit_file *file, const struct cgroup_leaf *leaf, const char *name)
{
	char path[PATH_MAX];

	if (file->fd >= 0 && file->leaf == leaf && strcmp(file->name, name) == 0)
		return file->fd;
	fd_close(&file->fd);
	file->leaf = leaf;
	file->name = name;
	if (leaf->fd >= 0)
		return file->fd = sys_openat(leaf->fd, name, O_WRONLY | O_CLOEXEC, 0);
	if (snprintf(path, sizeof(path), "%s/%s", leaf->path, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	return file->fd = sys_openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
}

static int limit_file_write(struct limit_file *file, const struct cgroup_leaf *leaf, const char *name, const char *text)
{
	int fd = limit_file_open(file, leaf, name);

	return fd < 0 ? fd : sys_file_write(fd, text, strlen(text));
}

/* As cgroup_limit_write(). */
static int write_one(const struct plan_cgroup_write *write, const struct cgroup_leaf *leaf, struct limit_file *file,
		     int *missed, struct err *err)
{
	bool is_optional = write->need == WRITE_OPTIONAL;
	int result;

	if (leaf == NULL)
		return is_optional ? 0 : err_set(err, ERR_UNSUPPORTED, "%s: this host has no %s cgroup controller",
						 write->origin, write->controller);
	if (leaf->errnum != 0)
		return is_optional ? 0 : err_sys(err, leaf->errnum, "%s: mkdir %s", write->origin, leaf->path);
	result = limit_file_write(file, leaf, write->file, write->text);
	if (write->need == WRITE_IF_THERE) {
		*missed = result == -ENOENT || result == -EOPNOTSUPP ? result : 0;
		is_optional = *missed != 0;
	}
	if (result >= 0 || (is_optional && !err_is_shortage(result)))
		return 0;
	/* The kernel has only the first of the two files: what it said about that one is the reason. */
	if (write->need == WRITE_ELSE && result == -ENOENT && *missed != -ENOENT)
		return fail_write(write - 1, leaf, *missed, err);
	return fail_write(write, leaf, result, err);
}

int cgroup_limit_write(const struct plan_cgroup_write *write, const struct cgroup_leaf *leaf, int *missed,
		       struct err *err)
{
	struct limit_file file = { .fd = -1 };
	int result = write_one(write, leaf, &file, missed, err);

	fd_close(&file.fd);
	return result;
}

int cgroup_limits_write(const struct plan_cgroup *plan, uint32_t version, struct cgroup_leaf *leaves, size_t count,
			struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("write the limits", "");
	struct limit_file file = { .fd = -1 };
	int missed = 0, result = 0;

	for (size_t i = 0; result == 0 && i < plan->write_count; i++) {
		const struct plan_cgroup_write *write = &plan->writes[i];
		const struct cgroup_leaf *leaf = cgroup_leaf_find(leaves, count, write->controller);

		if (leaf != NULL && version != 0 && leaf->hierarchy->version != version)
			continue;
		if (write->need == WRITE_ELSE && missed == 0)
			continue;
		result = write_one(write, leaf, &file, &missed, err);
	}
	fd_close(&file.fd);
	return result;
}
