/*
 * plan/image.h - the flattened plan: one read-only block of bytes, and how to read it without trusting it.
 *
 * Layout: struct plan_image, then op_count struct plan_op, then pool_size bytes of pool.  The pool starts with a NUL
 * (offset 0 is "none") and ends with one.  Pure; used by the runtime (to write), by init and by the fuzzer (to read).
 */
#ifndef PLAN_IMAGE_H
#define PLAN_IMAGE_H

#include "base/err.h"
#include "plan/op.h"

#define PLAN_MAGIC 0x31304e4c50544c52ull /* "RLTPLN01" */
#define PLAN_IMAGE_SIZE_MAX (32u << 20)

struct plan_image {
	uint64_t magic;
	uint32_t op_size;     /* sizeof(struct plan_op): a plan of another build is refused */
	uint32_t op_count;
	uint32_t slot_count;  /* slots used, SLOT_NONE included */
	uint32_t pool_size;
	uint32_t reserved;    /* 0 */
	uint32_t log_level;   /* enum log_level */
};

/* A checked view of an image; everything that the readers below return lies inside it. */
struct plan_view {
	const struct plan_image *image;
	const struct plan_op *ops;
	const char *pool;
};

/*
 * Checks an image completely, so that no later access can leave it: sizes, kinds, phases, every string, list, bytes and
 * slot reference of every op by the field rows of its kind.  `bytes` must be 8-aligned.  Any process may call it; no
 * allocation. Errors: ERR_BUG with the op's number and field.
 */
int plan_view_open(const void *bytes, size_t size, struct plan_view *view, struct err *err);

/* "" for none.  Only for views that plan_view_open() accepted, as all below. */
const char *plan_view_str(const struct plan_view *view, struct plan_str str);
const char *plan_view_item(const struct plan_view *view, struct plan_list list, uint32_t index);
const uint32_t *plan_view_numbers(const struct plan_view *view, struct plan_numbers numbers);
const void *plan_view_bytes(const struct plan_view *view, struct plan_bytes bytes);

#endif
