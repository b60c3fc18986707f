/*
 * plan/image.c - reads a flattened plan without trusting it.
 *
 * Runs in the init process, whose bytes come from a sealed memfd, and in unit tests and the fuzzer.  Pure: no system
 * calls, no allocation, nothing outside the given bytes is read.
 */
#include "plan/image.h"

#include "plan/op_rows.h"

/* What the checks of one image need; `err` is filled by the first that fails. */
struct image_check {
	const struct plan_view *view;
	uint32_t op_index;
	const char *field;
	struct err *err;
};

static int fail(const struct image_check *check, const char *what)
{
	return err_set(check->err, ERR_BUG, "plan: op %u (%s): %s: %s", check->op_index,
	               op_kind_name(check->view->ops[check->op_index].kind), check->field, what);
}

/* `count` members of `size` bytes at `offset` of the pool, aligned to `alignment`. */
static int check_area(const struct image_check *check, uint32_t offset, uint32_t count, uint32_t size,
                      uint32_t alignment)
{
	uint32_t pool_size = check->view->image->pool_size;

	if (offset >= pool_size)
		return fail(check, "outside the pool");
	if (count == 0)
		return 0;
	if (offset % alignment != 0)
		return fail(check, "not aligned");
	if (count > (pool_size - offset) / size)
		return fail(check, "longer than the pool");
	return 0;
}

/* The pool's last byte is NUL, so a string that starts inside ends inside. */
static int check_str(const struct image_check *check, struct plan_str str)
{
	return str.offset < check->view->image->pool_size ? 0 : fail(check, "string outside the pool");
}

static int check_list(const struct image_check *check, struct plan_list list)
{
	const struct plan_str *items = (const struct plan_str *)(const void *)(check->view->pool + list.offset);

	if (check_area(check, list.offset, list.count, sizeof(struct plan_str), sizeof(uint32_t)))
		return -1;
	for (uint32_t i = 0; i < list.count; i++) {
		if (check_str(check, items[i]))
			return -1;
	}
	return 0;
}

static int check_slot(const struct image_check *check, uint32_t slot)
{
	return slot < check->view->image->slot_count ? 0 : fail(check, "no such slot");
}

static int check_u32(const struct image_check *check, const struct op_field *field, uint32_t value)
{
	return field->max == 0 || value <= field->max ? 0 : fail(check, "out of range");
}

static int check_field(const struct image_check *check, const struct op_field *field, const void *at)
{
	const struct plan_list *area = at; /* numbers and bytes have the same shape; a str is the offset alone */

	if (field->is_required && (field->type == OP_FIELD_STR ? area->offset : area->count) == 0)
		return fail(check, "missing");
	switch ((enum op_field_type)field->type) {
	case OP_FIELD_STR:
		return check_str(check, *(const struct plan_str *)at);
	case OP_FIELD_LIST:
		return check_list(check, *area);
	case OP_FIELD_NUMBERS:
		return check_area(check, area->offset, area->count, sizeof(uint32_t), sizeof(uint32_t));
	case OP_FIELD_BYTES:
		return check_area(check, area->offset, area->count, 1, sizeof(uint64_t));
	case OP_FIELD_SLOT:
	case OP_FIELD_SLOT_FILL:
		return check_slot(check, *(const uint32_t *)at);
	case OP_FIELD_U32:
		return check_u32(check, field, *(const uint32_t *)at);
	case OP_FIELD_OCTAL:
	case OP_FIELD_HEX32:
	case OP_FIELD_I32:
	case OP_FIELD_U64:
	case OP_FIELD_HEX64:
	case OP_FIELD_I64:
	case OP_FIELD_TYPE_COUNT:
		break;
	}
	return 0;
}

static int check_op(struct image_check *check, const struct plan_op *op)
{
	const struct op_kind_row *row;

	check->field = "kind";
	if (op->kind >= OP_KIND_COUNT)
		return fail(check, "unknown");
	row = &op_kind_rows[op->kind];
	check->field = "phase";
	if (op->phase >= PHASE_COUNT || (row->phases & 1u << op->phase) == 0)
		return fail(check, "not one of this kind");
	if (check->op_index > 0 && op->phase < op[-1].phase)
		return fail(check, "goes back");
	check->field = "origin";
	if (check_str(check, op->origin))
		return -1;
	for (size_t i = 0; i < row->field_count; i++) {
		check->field = row->fields[i].name;
		if (check_field(check, &row->fields[i], (const char *)op + row->fields[i].offset))
			return -1;
	}
	return 0;
}

static int check_header(const struct plan_image *image, size_t size, struct err *err)
{
	size_t rest = size - sizeof(*image);

	if (image->magic != PLAN_MAGIC)
		return err_set(err, ERR_BUG, "plan: not a plan");
	if (image->op_size != sizeof(struct plan_op))
		return err_set(err, ERR_BUG, "plan: of another build of runlet (%u bytes an op)", image->op_size);
	if (image->op_count > rest / sizeof(struct plan_op))
		return err_set(err, ERR_BUG, "plan: %u ops don't fit", image->op_count);
	if (image->pool_size == 0 || image->pool_size != rest - image->op_count * sizeof(struct plan_op))
		return err_set(err, ERR_BUG, "plan: a pool of %u bytes doesn't fit", image->pool_size);
	if (image->slot_count < SLOT_DYNAMIC || image->slot_count > PLAN_SLOT_MAX)
		return err_set(err, ERR_BUG, "plan: %u slots", image->slot_count);
	if (image->reserved != 0)
		return err_set(err, ERR_BUG, "plan: unknown flags %x", image->reserved);
	return 0;
}

int plan_view_open(const void *bytes, size_t size, struct plan_view *view, struct err *err)
{
	const struct plan_image *image = bytes;
	struct image_check check = { .view = view, .err = err };

	if (size < sizeof(*image) || size > PLAN_IMAGE_SIZE_MAX || (uintptr_t)bytes % sizeof(uint64_t) != 0)
		return err_set(err, ERR_BUG, "plan: %zu bytes at %lx", size, (unsigned long)(uintptr_t)bytes);
	if (check_header(image, size, err))
		return -1;
	view->image = image;
	view->ops = (const struct plan_op *)(image + 1);
	view->pool = (const char *)(view->ops + image->op_count);
	if (view->pool[0] != '\0' || view->pool[image->pool_size - 1] != '\0')
		return err_set(err, ERR_BUG, "plan: the pool has no NUL at its ends");
	for (check.op_index = 0; check.op_index < image->op_count; check.op_index++) {
		if (check_op(&check, &view->ops[check.op_index]))
			return -1;
	}
	return 0;
}

const char *plan_view_str(const struct plan_view *view, struct plan_str str)
{
	return view->pool + str.offset;
}

const char *plan_view_item(const struct plan_view *view, struct plan_list list, uint32_t index)
{
	const struct plan_str *items = (const struct plan_str *)(const void *)(view->pool + list.offset);

	return view->pool + items[index].offset;
}

const uint32_t *plan_view_numbers(const struct plan_view *view, struct plan_numbers numbers)
{
	return (const uint32_t *)(const void *)(view->pool + numbers.offset);
}

const void *plan_view_bytes(const struct plan_view *view, struct plan_bytes bytes)
{
	return view->pool + bytes.offset;
}
