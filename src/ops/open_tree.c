/*
 * ops/open_tree.c - OP_OPEN_TREE: takes a mount of the host along, for binds after the host has gone.
 *
 * Init process only, before the pivot: path is the host's.
 */
#include <fcntl.h>

#include "base/fd.h"
#include "ops/attach.h"
#include "ops/device.h"
#include "ops/op.h"
#include "sys/file.h"

int op_run_open_tree(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_open_tree *want = &op->u.open_tree;
	const char *path = plan_view_str(context->view, want->path);
	_cleanup_op_tree_ struct op_tree tree = OP_TREE_INIT;
	struct stat status;
	int result = op_tree_open(AT_FDCWD, path, 0, &tree);

	if (result < 0)
		return err_sys(err, result, "open_tree %s", path);
	if (want->device_type) {
		result = sys_fstat(tree.fd, &status);
		if (result < 0)
			return err_sys(err, result, "fstat %s", path);
		/* CVE-2025-31133: what is bound in the place of /dev/null must be /dev/null. */
		if (!op_is_device(&status, want->device_type, want->major, want->minor))
			return err_set(err, ERR_UNSUPPORTED,
			               "%s of the host is not the device %u:%u", path, want->major, want->minor);
	}
	op_slot_fill(context, want->slot, fd_take(&tree.fd));
	return 0;
}
