/*
 * fuzz_image.c - any bytes as the image of a plan: what the reader accepts can be read completely.
 *
 * init trusts the view after plan_view_open(), so every field of every op is read here the way init reads it, and the
 * sanitizers watch.  With an odd first byte the header is made to fit, which leads the fuzzer past the first checks.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "plan/image.h"
#include "plan/op_rows.h"

/* A sum of all bytes, so that no read is optimised away. */
static volatile unsigned sum;

static void read_bytes(const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		sum += bytes[i];
}

static void read_str(const char *text)
{
	read_bytes(text, strlen(text));
}

static void read_list(const struct plan_view *view, struct plan_list list)
{
	for (uint32_t i = 0; i < list.count; i++)
		read_str(plan_view_item(view, list, i));
}

static void read_field(const struct plan_view *view, const struct op_field *field, const void *at)
{
	struct plan_numbers numbers;
	struct plan_bytes bytes;

	switch ((enum op_field_type)field->type) {
	case OP_FIELD_STR:
		read_str(plan_view_str(view, *(const struct plan_str *)at));
		break;
	case OP_FIELD_LIST:
		read_list(view, *(const struct plan_list *)at);
		break;
	case OP_FIELD_NUMBERS:
		numbers = *(const struct plan_numbers *)at;
		read_bytes(plan_view_numbers(view, numbers), numbers.count * sizeof(uint32_t));
		break;
	case OP_FIELD_BYTES:
		bytes = *(const struct plan_bytes *)at;
		read_bytes(plan_view_bytes(view, bytes), bytes.size);
		break;
	case OP_FIELD_SLOT:
	case OP_FIELD_SLOT_FILL:
		if (*(const uint32_t *)at >= view->image->slot_count)
			abort();
		break;
	default:
		break;
	}
}

static void read_view(const struct plan_view *view)
{
	for (uint32_t i = 0; i < view->image->op_count; i++) {
		const struct plan_op *op = &view->ops[i];
		const struct op_kind_row *row = &op_kind_rows[op->kind];

		read_str(plan_view_str(view, op->origin));
		for (size_t j = 0; j < row->field_count; j++)
			read_field(view, &row->fields[j], (const char *)op + row->fields[j].offset);
	}
}

/* What a flattened plan has by construction; the ops and the pool stay the fuzzer's. */
static void fit_header(unsigned char *bytes, size_t size)
{
	struct plan_image *image = (struct plan_image *)(void *)bytes;
	size_t rest = size - sizeof(*image);

	image->magic = PLAN_MAGIC;
	image->op_size = sizeof(struct plan_op);
	image->op_count %= 8;
	if (image->op_count * sizeof(struct plan_op) >= rest)
		image->op_count = 0;
	image->pool_size = (uint32_t)(rest - image->op_count * sizeof(struct plan_op));
	image->slot_count = SLOT_DYNAMIC + image->slot_count % 8;
	image->reserved = 0;
	bytes[size - image->pool_size] = '\0';
	bytes[size - 1] = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plan_view view;
	struct err err = ERR_INIT;
	unsigned char *bytes;

	if (size < 2)
		return 0;
	/* Of exactly this size, so that the sanitizer sees the first byte too many. */
	bytes = malloc(size - 1);
	if (!bytes)
		abort();
	memcpy(bytes, data + 1, size - 1);
	if ((data[0] & 1) != 0 && size - 1 > sizeof(struct plan_image) + 1)
		fit_header(bytes, size - 1);
	if (plan_view_open(bytes, size - 1, &view, &err) == 0)
		read_view(&view);
	else if (err.kind != ERR_BUG || err.text[0] == '\0')
		abort();
	free(bytes);
	return 0;
}
