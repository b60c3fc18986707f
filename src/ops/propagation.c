/*
 * ops/propagation.c - OP_PROPAGATION: whether mounts travel between the container and the host.
 *
 * Init process only.
 */
#include "ops/op.h"
#include "sys/mount.h"

int op_run_propagation(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const char *path = plan_view_str(context->view, op->u.propagation.path);
	uint32_t flags = op->u.propagation.flags;
	int result = sys_mount(NULL, path, NULL, flags, NULL);

	return result < 0 ? err_sys(err, result, "mount %s with propagation flags 0x%x", path, flags) : 0;
}
