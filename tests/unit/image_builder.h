/*
 * image_builder.h - makes a plan's image by hand, for the tests of its reader and of init.
 *
 * Fixed sizes, no checks: a test that outgrows them fails at once under the sanitizers.
 */
#ifndef TESTS_IMAGE_BUILDER_H
#define TESTS_IMAGE_BUILDER_H

#include <stdint.h>
#include <string.h>

#include "plan/image.h"

#define BUILDER_OPS_MAX 32
#define BUILDER_POOL_SIZE 8192

struct image_builder {
	struct plan_op ops[BUILDER_OPS_MAX];
	uint32_t op_count;
	_Alignas(8) char pool[BUILDER_POOL_SIZE];
	uint32_t pool_size;
	uint32_t reserved;
	uint32_t slot_count;
	_Alignas(8) unsigned char image[sizeof(struct plan_image) + BUILDER_OPS_MAX * sizeof(struct plan_op) +
	                                BUILDER_POOL_SIZE];
};

static inline void builder_init(struct image_builder *builder)
{
	memset(builder, 0, sizeof(*builder));
	builder->pool_size = 1;
	builder->slot_count = SLOT_DYNAMIC + 2;
}

static inline uint32_t builder_add(struct image_builder *builder, const void *data, uint32_t size, uint32_t alignment)
{
	uint32_t offset = (builder->pool_size + alignment - 1) / alignment * alignment;

	memcpy(builder->pool + offset, data, size);
	builder->pool_size = offset + size;
	return offset;
}

static inline struct plan_str builder_str(struct image_builder *builder, const char *text)
{
	return (struct plan_str){ text[0] ? builder_add(builder, text, (uint32_t)strlen(text) + 1, 1) : 0 };
}

/* `items` ends with NULL. */
static inline struct plan_list builder_list(struct image_builder *builder, const char *const *items)
{
	struct plan_str strings[64];
	uint32_t count = 0;

	for (; items[count]; count++)
		strings[count] = builder_str(builder, items[count]);
	if (count == 0)
		return (struct plan_list){ 0, 0 };
	return (struct plan_list){ builder_add(builder, strings, count * (uint32_t)sizeof(strings[0]), 4), count };
}

static inline struct plan_op *builder_op(struct image_builder *builder, enum plan_op_kind kind, enum plan_phase phase)
{
	struct plan_op *op = &builder->ops[builder->op_count++];

	op->kind = (uint16_t)kind;
	op->phase = (uint16_t)phase;
	return op;
}

/* Puts the parts together in builder->image and returns the size. */
static inline size_t builder_finish(struct image_builder *builder)
{
	struct plan_image header = {
		.magic = PLAN_MAGIC,
		.op_size = sizeof(struct plan_op),
		.op_count = builder->op_count,
		.slot_count = builder->slot_count,
		.pool_size = builder->pool_size + 1,
		.reserved = builder->reserved,
		.log_level = 3,
	};
	size_t ops_size = builder->op_count * sizeof(struct plan_op);

	memcpy(builder->image, &header, sizeof(header));
	memcpy(builder->image + sizeof(header), builder->ops, ops_size);
	memcpy(builder->image + sizeof(header) + ops_size, builder->pool, header.pool_size);
	return sizeof(header) + ops_size + header.pool_size;
}

#endif
