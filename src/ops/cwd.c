/*
 * ops/cwd.c - OP_CWD_CREATE and OP_CWD: the working directory of the container's program.
 *
 * Init process only, after the pivot.
 */
#include "ops/op.h"

#include <errno.h>

#include "base/fd.h"
#include "base/log.h"
#include "sys/file.h"
#include "sys/path.h"

int op_run_cwd_create(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const char *path = plan_view_str(context->view, op->u.path.path);
	int root_fd = op_slot_need(context, SLOT_ROOT, err);
	_cleanup_fd_ int fd = -1;

	if (root_fd < 0)
		return -1;
	fd = path_make_dir_in_root(root_fd, path, 0755, 0);
	if (fd < 0 && fd != -EACCES)
		return err_sys(err, fd, "mkdir cwd %s", path);
	/* Search permission may come only with the container's user, so what is there can't be told before OP_CWD. */
	if (fd < 0)
		op_log(context, LOG_LEVEL_WARNING, "mkdir cwd %s: permission denied", path);
	return 0;
}

int op_enter_cwd(const char *path, struct err *err)
{
	char actual[OP_PATH_SIZE];
	ssize_t result = sys_chdir(path);

	if (result < 0)
		return err_sys(err, (int)result, "chdir to cwd %s", path);
	/* /proc/self/fd/7 might lead to the host; the kernel calls such a cwd "(unreachable)..." (CVE-2024-21626). */
	result = sys_getcwd(actual, sizeof(actual));
	if (result < 0)
		return err_sys(err, (int)result, "getcwd after chdir to cwd %s", path);
	if (actual[0] != '/')
		return err_set(err, ERR_CONFIG, "cwd %s is outside the container's root", path);
	return 0;
}

int op_run_cwd(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int result = op_enter_cwd(plan_view_str(context->view, op->u.path.path), err);

	/* A directory that root can't search (NFS, another user namespace) may be open to the container's user. */
	if (result != 0 && err->kind == ERR_SYSTEM && err->errnum == EACCES && !context->is_identity_set) {
		context->cwd_op = context->op_index;
		*err = (struct err)ERR_INIT;
		return 0;
	}
	return result;
}
