/*
 * ops/landlock.c - OP_LANDLOCK, its rules, and OP_LANDLOCK_ENFORCE: what the program may do with files, TCP ports and
 * processes outside of its own sandbox (landlock(7)).
 *
 * Init process only.  The rules are made while init may still look at every path, after all mounts, and hold whatever
 * happens to the paths afterwards: the kernel ties them to files, not to names.  They are enforced last but seccomp,
 * which may forbid the call: nothing that init still does may need a file but execve itself.
 */
#include "ops/op.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"
#include "base/landlock.h"
#include "base/log.h"
#include "ops/talk.h"
#include "sys/file.h"
#include "sys/landlock.h"
#include "sys/path.h"

int op_run_landlock(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_landlock *landlock = &op->u.landlock;
	const struct sys_landlock_ruleset ruleset = {
		.handled_fs = landlock->handled_fs,
		.handled_net = landlock->handled_net,
		.scoped = landlock->scoped,
	};
	int result = sys_landlock_create(&ruleset);

	if (result < 0)
		return err_sys(err, result, "landlock_create_ruleset fs 0x%llx, net 0x%llx, scoped 0x%llx",
		               (unsigned long long)landlock->handled_fs, (unsigned long long)landlock->handled_net,
		               (unsigned long long)landlock->scoped);
	fd_close(&context->landlock_fd);
	context->landlock_fd = result;
	return 0;
}

static int need_ruleset(const struct init_context *context, struct err *err)
{
	return context->landlock_fd >= 0 ? 0 : err_set(err, ERR_BUG, "a Landlock rule without a ruleset");
}

static int open_path(int root_fd, const char *path, struct stat *status)
{
	_cleanup_fd_ int fd = path_open_in_root(root_fd, path, O_PATH, 0);
	int result = fd < 0 ? fd : sys_fstat(fd, status);

	return result < 0 ? result : fd_take(&fd);
}

static int report_open(const char *path, int result, struct err *err)
{
	/* RESOLVE_NO_MAGICLINKS: /proc/self/root would be whatever it leads to. */
	if (result == -ELOOP)
		return err_sys(err, result, "open %s: a chain of symlinks, or a link of procfs, which is not followed",
		               path);
	return err_sys(err, result, "open %s", path);
}

/*
 * A rule only allows, so that to leave it out is never less safe.  The first process's own rule is for the file that
 * was there when the container was made, and as long as that rule exists, nobody else gets its inode number.
 */
static int leave_out(const struct init_context *context, const char *path)
{
	op_log(context, LOG_LEVEL_WARNING,
	       "linux.landlock: %s is not the file any more that it was when the container was made: this process gets "
	       "no access by its rule", path);
	return 0;
}

int op_run_landlock_path(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_landlock_path *rule = &op->u.landlock_path;
	const char *path = plan_view_str(context->view, rule->path);
	int root_fd = op_slot_need(context, SLOT_ROOT, err);
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int result;

	if (root_fd < 0 || need_ruleset(context, err))
		return -1;
	fd = open_path(root_fd, path, &status);
	if (rule->is_known && (fd < 0 || status.st_dev != rule->device || status.st_ino != rule->inode))
		return leave_out(context, path);
	if (fd < 0)
		return report_open(path, fd, err);
	if (!S_ISDIR(status.st_mode) && (rule->allowed & ~LANDLOCK_FS_OF_FILES) != 0)
		return err_set(err, ERR_CONFIG, "%s is no directory, and can be allowed only execute, write_file, "
		               "read_file, truncate and ioctl_dev", path);
	result = sys_landlock_allow_path(context->landlock_fd, fd, rule->allowed);
	if (result < 0)
		return err_sys(err, result, "landlock_add_rule for %s", path);
	return rule->is_known ? 0 : talk_say_path(context, status.st_dev, status.st_ino, err);
}

int op_run_landlock_port(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_landlock_port *rule = &op->u.landlock_port;
	int result;

	if (need_ruleset(context, err))
		return -1;
	result = sys_landlock_allow_port(context->landlock_fd, rule->port, rule->allowed);
	/* A kernel without CONFIG_INET says EAFNOSUPPORT. */
	return result < 0 ? err_sys(err, result, "landlock_add_rule for TCP port %u", rule->port) : 0;
}

static uint64_t handled_fs(const struct plan_view *view)
{
	for (uint32_t i = 0; i < view->image->op_count; i++) {
		if (view->ops[i].kind == OP_LANDLOCK)
			return view->ops[i].u.landlock.handled_fs;
	}
	return 0;
}

int op_run_landlock_enforce(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int result;

	(void)op;
	if (need_ruleset(context, err))
		return -1;
	result = sys_landlock_restrict(context->landlock_fd);
	if (result == -EPERM)
		return err_sys(err, result, "landlock_restrict_self (it needs process.noNewPrivileges, or "
		               "CAP_SYS_ADMIN in the user namespace)");
	if (result == -E2BIG)
		return err_sys(err, result, "landlock_restrict_self (runlet itself is in as many Landlock sandboxes as "
		               "the kernel allows)");
	if (result < 0)
		return err_sys(err, result, "landlock_restrict_self");
	fd_close(&context->landlock_fd);
	context->landlock_fs = handled_fs(context->view);
	return 0;
}
