/*
 * ops/program.c - OP_FIND_PROGRAM: which file args[0] means.
 *
 * Init process only, in the container's root and cwd.  Engines match on these texts to choose 126 or 127 as their exit
 * status, so they are in Go's words, lower case and complete, and carry no errno that would add others.
 */
#include "ops/op.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sys/file.h"

/* 0 when the file can be executed, -EISDIR, or another -errno. */
static int check_program(const char *path)
{
	struct stat status;
	int result = sys_fstatat(AT_FDCWD, path, &status, 0);

	if (result < 0)
		return result;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	result = sys_faccessat2(AT_FDCWD, path, X_OK, AT_EACCESS);
	/* Before Linux 5.8, or forbidden by a seccomp profile around us: the bits say enough, execve the rest. */
	if (result == -ENOSYS || result == -EPERM)
		result = (status.st_mode & 0111) != 0 ? 0 : -EACCES;
	return result;
}

/* What execve(2) or the check of a path has answered, in the words that engines look for. */
static int report(const char *name, int result, struct err *err)
{
	switch (-result) {
	case ENOENT:
		return err_set(err, ERR_EXEC_NOT_FOUND, "exec: \"%s\": stat %s: no such file or directory", name, name);
	case ENOTDIR:
		return err_set(err, ERR_EXEC_NOT_FOUND, "exec: \"%s\": stat %s: not a directory", name, name);
	case EISDIR:
		return err_set(err, ERR_EXEC_DENIED, "exec: \"%s\": is a directory: permission denied", name);
	case EACCES:
		return err_set(err, ERR_EXEC_DENIED, "exec: \"%s\": permission denied", name);
	default:
		return err_sys(err, result, "exec: \"%s\"", name);
	}
}

static bool search(struct init_context *context, const char *name, struct plan_list directories)
{
	for (uint32_t i = 0; i < directories.count; i++) {
		const char *directory = plan_view_item(context->view, directories, i);
		int length = snprintf(context->program, sizeof(context->program), "%s/%s",
		                      directory[0] ? directory : ".", name);

		if (length > 0 && (size_t)length < sizeof(context->program) && check_program(context->program) == 0)
			return true;
	}
	return false;
}

int op_run_find_program(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const char *name = plan_view_str(context->view, op->u.find_program.name);
	int result;

	if (!strchr(name, '/')) {
		if (name[0] && search(context, name, op->u.find_program.search))
			return 0;
		return err_set(err, ERR_EXEC_NOT_FOUND, "exec: \"%s\": executable file not found in $PATH", name);
	}
	if (strlen(name) >= sizeof(context->program))
		return report(name, -ENAMETOOLONG, err);
	result = check_program(name);
	if (result < 0)
		return report(name, result, err);
	memcpy(context->program, name, strlen(name) + 1);
	return 0;
}
