/*
 * ops/label.c - OP_LABEL: the security label that the next execve gives (AppArmor, SELinux).
 *
 * Init process only; the label is for the container's program, so init itself was executed before.
 */
#include "ops/op.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "ops/procfs.h"
#include "sys/file.h"

int op_run_label(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_label *label = &op->u.label;
	const char *value = plan_view_str(context->view, label->value);
	const char *file = "";
	int proc_fd = op_slot_need(context, SLOT_PROC, err);
	_cleanup_fd_ int fd = -ENOENT;
	ssize_t written;

	if (proc_fd < 0)
		return -1;
	for (uint32_t i = 0; i < label->files.count && fd == -ENOENT; i++) {
		char path[128];

		file = plan_view_item(context->view, label->files, i);
		snprintf(path, sizeof(path), "self/attr/%s", file);
		fd = procfs_open(proc_fd, path, O_WRONLY);
	}
	if (fd == -ENOENT)
		return err_set(err, ERR_UNSUPPORTED, "security label \"%s\": this kernel has no /proc/self/attr/%s",
		               value, file);
	if (fd < 0)
		return err_sys(err, fd, "open /proc/self/attr/%s", file);
	written = sys_write(fd, value, strlen(value));
	/* AppArmor's word for a profile that isn't loaded (apparmor_parser(8)). */
	if (written == -ENOENT)
		return err_sys(err, ENOENT,
		               "write security label \"%s\" to /proc/self/attr/%s: no such profile is loaded",
		               value, file);
	if (written < 0)
		return err_sys(err, (int)written, "write security label \"%s\" to /proc/self/attr/%s", value, file);
	return 0;
}
