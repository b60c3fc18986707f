/*
 * plan/builder.c - a plan in the making: pool, ops, slots, warnings.
 *
 * Runtime process only; pure.  What ends up in the pool is position-independent: offsets, no pointers.
 */
#include "plan/builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define POOL_FIRST_CAPACITY 4096u
#define STRINGS_FIRST_CAPACITY 256u
#define ORIGIN_SIZE 256

void builder_open(struct plan_builder *b)
{
	b->pool_capacity = POOL_FIRST_CAPACITY;
	b->plan->pool = arena_alloc(b->arena, b->pool_capacity);
	b->plan->pool_size = 1; /* offset 0 is "none", and reads as "" */
	b->string_capacity = STRINGS_FIRST_CAPACITY;
	b->strings = arena_alloc_array(b->arena, b->string_capacity, sizeof(*b->strings));
	for (size_t i = 0; i < SLOT_DYNAMIC; i++) {
		struct plan_slot fixed = { .source = i == SLOT_START ? PLAN_SLOT_START : PLAN_SLOT_OP };
		b->plan->slots = arena_grow(b->arena, b->plan->slots, i, sizeof(fixed));
		b->plan->slots[i] = fixed;
	}
	b->plan->slot_count = SLOT_DYNAMIC;
}

/* Makes room and returns the offset; the bytes are zero. */
static uint32_t pool_reserve(struct plan_builder *b, size_t size, size_t alignment)
{
	struct plan *plan = b->plan;
	size_t start = (plan->pool_size + alignment - 1) & ~(alignment - 1);

	if (size > PLAN_IMAGE_SIZE_MAX || start + size > PLAN_IMAGE_SIZE_MAX) {
		b->is_too_large = true;
		return 0;
	}
	if (start + size > b->pool_capacity) {
		size_t capacity = b->pool_capacity * 2;
		while (capacity < start + size)
			capacity *= 2;
		char *grown = arena_alloc(b->arena, capacity);
		memcpy(grown, plan->pool, plan->pool_size);
		plan->pool = grown;
		b->pool_capacity = capacity;
	}
	plan->pool_size = start + size;
	return (uint32_t)start;
}

/* FNV-1a: the strings come from the user's own config, nobody gains from collisions. */
static size_t hash_text(const char *text, size_t length)
{
	uint64_t hash = 14695981039346656037ull;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 1099511628211ull;
	return (size_t)(hash ^ hash >> 32);
}

/* The place in `strings` where the text is, or where it belongs. */
static uint32_t *find_string(const struct plan_builder *b, const char *text, size_t length)
{
	size_t mask = b->string_capacity - 1;
	size_t at = hash_text(text, length) & mask;

	while (b->strings[at] != 0) {
		const char *known = b->plan->pool + b->strings[at];
		if (strncmp(known, text, length) == 0 && known[length] == '\0')
			break;
		at = (at + 1) & mask;
	}
	return &b->strings[at];
}

static void grow_strings(struct plan_builder *b)
{
	const uint32_t *old = b->strings;
	size_t old_capacity = b->string_capacity;

	b->string_capacity *= 2;
	b->strings = arena_alloc_array(b->arena, b->string_capacity, sizeof(*b->strings));
	for (size_t i = 0; i < old_capacity; i++) {
		const char *text = b->plan->pool + old[i];
		if (old[i] != 0)
			*find_string(b, text, strlen(text)) = old[i];
	}
}

struct plan_str builder_str_n(struct plan_builder *b, const char *text, size_t length)
{
	if (length == 0)
		return (struct plan_str){ 0 };
	if (b->string_count * 2 >= b->string_capacity)
		grow_strings(b);
	uint32_t *place = find_string(b, text, length);
	if (*place == 0) {
		uint32_t offset = pool_reserve(b, length + 1, 1);
		if (offset == 0)
			return (struct plan_str){ 0 };
		memcpy(b->plan->pool + offset, text, length);
		*place = offset;
		b->string_count++;
	}
	return (struct plan_str){ *place };
}

struct plan_str builder_str(struct plan_builder *b, const char *text)
{
	return builder_str_n(b, text, text == NULL ? 0 : strlen(text));
}

struct plan_list builder_list(struct plan_builder *b, char *const *items, size_t count)
{
	if (count == 0)
		return (struct plan_list){ 0, 0 };
	if (count > PLAN_IMAGE_SIZE_MAX / sizeof(struct plan_str)) {
		b->is_too_large = true;
		return (struct plan_list){ 0, 0 };
	}
	uint32_t offset = pool_reserve(b, count * sizeof(struct plan_str), sizeof(uint32_t));
	if (offset == 0)
		return (struct plan_list){ 0, 0 };
	for (size_t i = 0; i < count; i++) {
		struct plan_str str = builder_str(b, items[i]); /* may move the pool */
		memcpy(b->plan->pool + offset + i * sizeof(str), &str, sizeof(str));
	}
	return (struct plan_list){ offset, (uint32_t)count };
}

struct plan_numbers builder_numbers(struct plan_builder *b, const uint32_t *items, size_t count)
{
	if (count == 0)
		return (struct plan_numbers){ 0, 0 };
	if (count > PLAN_IMAGE_SIZE_MAX / sizeof(*items)) {
		b->is_too_large = true;
		return (struct plan_numbers){ 0, 0 };
	}
	uint32_t offset = pool_reserve(b, count * sizeof(*items), sizeof(uint32_t));
	if (offset == 0)
		return (struct plan_numbers){ 0, 0 };
	memcpy(b->plan->pool + offset, items, count * sizeof(*items));
	return (struct plan_numbers){ offset, (uint32_t)count };
}

struct plan_bytes builder_bytes(struct plan_builder *b, const void *data, size_t size)
{
	if (size == 0)
		return (struct plan_bytes){ 0, 0 };
	uint32_t offset = pool_reserve(b, size, sizeof(uint64_t));
	if (offset == 0)
		return (struct plan_bytes){ 0, 0 };
	memcpy(b->plan->pool + offset, data, size);
	return (struct plan_bytes){ offset, (uint32_t)size };
}

struct plan_op *builder_op(struct plan_builder *b, enum plan_op_kind kind, enum plan_phase phase, const char *origin,
                           ...)
{
	struct plan *plan = b->plan;
	char text[ORIGIN_SIZE];
	va_list args;

	va_start(args, origin);
	vsnprintf(text, sizeof(text), origin, args);
	va_end(args);
	plan->ops = arena_grow(b->arena, plan->ops, plan->op_count, sizeof(*plan->ops));
	struct plan_op *op = &plan->ops[plan->op_count++];
	*op = (struct plan_op){ .kind = (uint16_t)kind, .phase = (uint16_t)phase };
	op->origin = builder_str(b, text);
	return op;
}

uint32_t builder_slot(struct plan_builder *b, const struct plan_slot *slot)
{
	struct plan *plan = b->plan;

	if (plan->slot_count >= PLAN_SLOT_MAX) {
		b->is_too_large = true;
		return SLOT_NONE;
	}
	plan->slots = arena_grow(b->arena, plan->slots, plan->slot_count, sizeof(*slot));
	plan->slots[plan->slot_count] = *slot;
	return (uint32_t)plan->slot_count++;
}

void builder_warn(struct plan_builder *b, const char *format, ...)
{
	struct str_list *warnings = &b->plan->warnings;
	char text[ERR_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	warnings->items = arena_grow(b->arena, warnings->items, warnings->count, sizeof(*warnings->items));
	warnings->items[warnings->count++] = arena_strdup(b->arena, text);
}

static void sort_by_phase(struct plan_builder *b)
{
	struct plan *plan = b->plan;
	size_t starts[PHASE_COUNT + 1] = { 0 };
	struct plan_op *sorted = arena_alloc_array(b->arena, plan->op_count, sizeof(*sorted));

	for (size_t i = 0; i < plan->op_count; i++)
		starts[plan->ops[i].phase + 1]++;
	for (size_t i = 1; i <= PHASE_COUNT; i++)
		starts[i] += starts[i - 1];
	for (size_t i = 0; i < plan->op_count; i++)
		sorted[starts[plan->ops[i].phase]++] = plan->ops[i];
	plan->ops = sorted;
}

int builder_close(struct plan_builder *b)
{
	size_t ops_size;

	sort_by_phase(b);
	pool_reserve(b, 1, 1); /* whatever came last, the pool ends with NUL */
	if (__builtin_mul_overflow(b->plan->op_count, sizeof(struct plan_op), &ops_size) ||
	    ops_size > PLAN_IMAGE_SIZE_MAX ||
	    ops_size + b->plan->pool_size + sizeof(struct plan_image) > PLAN_IMAGE_SIZE_MAX)
		b->is_too_large = true;
	if (b->is_too_large)
		return err_set(b->err, ERR_UNSUPPORTED,
		               "the plan is too large: at most %u bytes and %u bind mounts, namespaces and devices",
		               PLAN_IMAGE_SIZE_MAX, PLAN_SLOT_MAX - SLOT_DYNAMIC);
	return 0;
}
