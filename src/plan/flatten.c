/*
 * plan/flatten.c - a plan as one block of bytes: header, ops, pool.
 *
 * Runtime process only.  The ops are position-independent already, so this is a concatenation.
 */
#include "plan/plan.h"

int plan_flatten(const struct plan *plan, const struct plan_options *options, struct buf *image, struct err *err)
{
	struct plan_image header = {
		.magic = PLAN_MAGIC,
		.op_size = sizeof(struct plan_op),
		.op_count = (uint32_t)plan->op_count,
		.slot_count = (uint32_t)plan->slot_count,
		.pool_size = (uint32_t)plan->pool_size,
		.log_level = options->log_level,
	};
	_Static_assert(sizeof(header) % sizeof(uint64_t) == 0 && sizeof(struct plan_op) % sizeof(uint64_t) == 0,
	               "the pool starts 8-aligned");

	if (plan->op_count > PLAN_IMAGE_SIZE_MAX / sizeof(struct plan_op) || plan->pool_size > PLAN_IMAGE_SIZE_MAX)
		return err_set(err, ERR_BUG, "plan: %zu ops and %zu bytes are more than an image holds", plan->op_count,
		               plan->pool_size);
	buf_add(image, &header, sizeof(header));
	buf_add(image, plan->ops, plan->op_count * sizeof(struct plan_op));
	buf_add(image, plan->pool, plan->pool_size);
	return 0;
}
