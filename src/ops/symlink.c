/*
 * ops/symlink.c - OP_SYMLINK: a symlink in the container's root, such as /dev/fd.
 *
 * Init process only.  What is at the path is never followed: it is looked at and replaced by (directory, name).
 */
#include <errno.h>
#include <linux/limits.h>
#include <string.h>

#include "base/fd.h"
#include "ops/attach.h"
#include "ops/op.h"
#include "sys/file.h"
#include "sys/path.h"

/* Something is there: right already, to be kept, to be replaced, or in the way. */
static int symlink_replace(int dirfd, const char *name, const struct op_symlink *symlink, const char *target,
                           const char *path, struct err *err)
{
	char now[PATH_MAX];
	ssize_t length = sys_readlinkat(dirfd, name, now, sizeof(now));
	int result;

	if (length == (ssize_t)strlen(target) && memcmp(now, target, (size_t)length) == 0)
		return 0;
	if (symlink->flags & SYMLINK_KEEP)
		return 0;
	if (length < 0)
		return err_sys(err, EEXIST, "symlink %s: something that is no symlink", path);
	result = sys_unlinkat(dirfd, name, 0);
	if (result >= 0)
		result = sys_symlinkat(target, dirfd, name);
	return result < 0 ? err_sys(err, result, "symlink %s", path) : 0;
}

int op_run_symlink(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_symlink *symlink = &op->u.symlink;
	const char *path = plan_view_str(context->view, symlink->path);
	const char *target = plan_view_str(context->view, symlink->target);
	char name[PATH_NAME_SIZE];
	int dirfd = op_parent_open(context, "symlink", path, name, err);
	int result;

	if (dirfd < 0)
		return -1;
	result = sys_symlinkat(target, dirfd, name);
	if (result == -EEXIST)
		return symlink_replace(dirfd, name, symlink, target, path, err);
	return result < 0 ? err_sys(err, result, "symlink %s", path) : 0;
}
