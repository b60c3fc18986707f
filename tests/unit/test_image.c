/*
 * test_image.c - the reader of plan images accepts a good one and refuses every broken one.
 *
 * Links base and plan only: the reader is pure.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image_builder.h"
#include "plan/op_rows.h"

static const char *const args[] = { "sh", "-c", "exit 7", NULL };

/* A plan with a string, a list, numbers, bytes and a slot. */
static size_t build_good(struct image_builder *builder)
{
	const uint32_t groups[] = { 5, 6 };
	const uint64_t program[] = { 6, 7 };
	struct plan_op *op;

	builder_init(builder);
	op = builder_op(builder, OP_ROOT, PHASE_ROOT);
	op->origin = builder_str(builder, "root.path");
	op->u.root.path = builder_str(builder, "/srv/rootfs");
	op->u.root.slot = SLOT_DYNAMIC;
	op = builder_op(builder, OP_CREDENTIALS, PHASE_IDENTITY);
	op->u.credentials.groups = (struct plan_numbers){ builder_add(builder, groups, sizeof(groups), 4), 2 };
	op = builder_op(builder, OP_SYNC, PHASE_READY);
	op->u.sync.point = SYNC_READY;
	op = builder_op(builder, OP_SECCOMP, PHASE_EXEC);
	op->u.seccomp.program.offset = builder_add(builder, program, sizeof(program), 8);
	op->u.seccomp.program.size = sizeof(program);
	op = builder_op(builder, OP_EXEC, PHASE_EXEC);
	op->u.exec.args = builder_list(builder, args);
	return builder_finish(builder);
}

static void test_good(void **state)
{
	static struct image_builder builder;
	size_t size = build_good(&builder);
	struct plan_view view;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(plan_view_open(builder.image, size, &view, &err), 0);
	assert_int_equal(view.image->op_count, 5);
	assert_string_equal(plan_view_str(&view, view.ops[0].u.root.path), "/srv/rootfs");
	assert_string_equal(plan_view_str(&view, view.ops[1].origin), "");
	assert_int_equal(plan_view_numbers(&view, view.ops[1].u.credentials.groups)[1], 6);
	assert_int_equal(((const uint64_t *)plan_view_bytes(&view, view.ops[3].u.seccomp.program))[1], 7);
	assert_string_equal(plan_view_item(&view, view.ops[4].u.exec.args, 2), "exit 7");
}

/* Breaks one thing in a good plan, before it is put together. */
static void expect_refused(void (*spoil)(struct image_builder *), const char *text)
{
	static struct image_builder builder;
	struct plan_view view;
	struct err err = ERR_INIT;
	size_t size;

	build_good(&builder);
	spoil(&builder);
	size = builder_finish(&builder);
	assert_int_equal(plan_view_open(builder.image, size, &view, &err), -1);
	assert_int_equal(err.kind, ERR_BUG);
	if (!strstr(err.text, text))
		fail_msg("\"%s\" is not in \"%s\"", text, err.text);
}

static void spoil_kind(struct image_builder *builder)
{
	builder->ops[1].kind = OP_KIND_COUNT;
}

static void spoil_phase(struct image_builder *builder)
{
	builder->ops[1].phase = PHASE_COUNT;
}

static void spoil_phase_of_kind(struct image_builder *builder)
{
	builder->ops[1].phase = PHASE_MOUNT;
}

static void spoil_order(struct image_builder *builder)
{
	struct plan_op first = builder->ops[0];

	builder->ops[0] = builder->ops[1];
	builder->ops[1] = first;
}

static void spoil_string(struct image_builder *builder)
{
	builder->ops[0].u.root.path.offset = builder->pool_size + 1;
}

static void spoil_origin(struct image_builder *builder)
{
	builder->ops[3].origin.offset = UINT32_MAX;
}

static void spoil_slot(struct image_builder *builder)
{
	builder->ops[0].u.root.slot = builder->slot_count;
}

static void spoil_range(struct image_builder *builder)
{
	builder->ops[2].u.sync.point = SYNC_POINT_COUNT;
}

static void spoil_numbers(struct image_builder *builder)
{
	builder->ops[1].u.credentials.groups.count = 1u << 30;
}

static void spoil_numbers_wrap(struct image_builder *builder)
{
	builder->ops[1].u.credentials.groups = (struct plan_numbers){ UINT32_MAX - 3, 2 };
}

static void spoil_alignment(struct image_builder *builder)
{
	builder->ops[3].u.seccomp.program.offset += 4;
	builder->ops[3].u.seccomp.program.size -= 4;
}

static void spoil_bytes(struct image_builder *builder)
{
	builder->ops[3].u.seccomp.program.size = BUILDER_POOL_SIZE;
}

static void spoil_item(struct image_builder *builder)
{
	const uint32_t outside = BUILDER_POOL_SIZE;

	memcpy(builder->pool + builder->ops[4].u.exec.args.offset + 4, &outside, sizeof(outside));
}

static void spoil_required_list(struct image_builder *builder)
{
	builder->ops[4].u.exec.args.count = 0;
}

static void spoil_slot_count(struct image_builder *builder)
{
	builder->slot_count = PLAN_SLOT_MAX + 1;
}

static void spoil_flags(struct image_builder *builder)
{
	builder->reserved = 1u << 31;
}

static void spoil_pool_start(struct image_builder *builder)
{
	builder->pool[0] = 'x';
}

static void test_broken_fields(void **state)
{
	(void)state;
	expect_refused(spoil_kind, "op 1 (unknown): kind");
	expect_refused(spoil_phase, "op 1 (credentials): phase");
	expect_refused(spoil_phase_of_kind, "op 1 (credentials): phase");
	expect_refused(spoil_order, "op 1 (root): phase: goes back");
	expect_refused(spoil_string, "op 0 (root): path: string outside");
	expect_refused(spoil_origin, "op 3 (seccomp): origin: string outside");
	expect_refused(spoil_slot, "op 0 (root): slot: no such slot");
	expect_refused(spoil_range, "op 2 (sync): point: out of range");
	expect_refused(spoil_numbers, "groups: longer than the pool");
	expect_refused(spoil_numbers_wrap, "groups: outside the pool");
	expect_refused(spoil_alignment, "program: not aligned");
	expect_refused(spoil_bytes, "program: longer than the pool");
	expect_refused(spoil_item, "args: string outside");
	expect_refused(spoil_required_list, "args: missing");
	expect_refused(spoil_slot_count, "slots");
	expect_refused(spoil_flags, "flags");
	expect_refused(spoil_pool_start, "NUL");
}

static void expect_header_refused(size_t offset, uint32_t value)
{
	static struct image_builder builder;
	size_t size = build_good(&builder);
	struct plan_view view;
	struct err err = ERR_INIT;

	memcpy(builder.image + offset, &value, sizeof(value));
	assert_int_equal(plan_view_open(builder.image, size, &view, &err), -1);
}

static void test_broken_header(void **state)
{
	(void)state;
	expect_header_refused(offsetof(struct plan_image, magic), 0);
	expect_header_refused(offsetof(struct plan_image, op_size), sizeof(struct plan_op) - 8);
	expect_header_refused(offsetof(struct plan_image, op_count), UINT32_MAX);
	expect_header_refused(offsetof(struct plan_image, op_count), 4);
	expect_header_refused(offsetof(struct plan_image, pool_size), 0);
	expect_header_refused(offsetof(struct plan_image, pool_size), UINT32_MAX);
	expect_header_refused(offsetof(struct plan_image, slot_count), 0);
}

/* Cut anywhere, or shifted, an image is refused and nothing outside it is read (the sanitizers watch). */
static void test_cut(void **state)
{
	static struct image_builder builder;
	size_t size = build_good(&builder);
	struct plan_view view;
	struct err err = ERR_INIT;

	(void)state;
	for (size_t cut = 0; cut < size; cut++)
		assert_int_equal(plan_view_open(builder.image, cut, &view, &err), -1);
	assert_int_equal(plan_view_open(builder.image + 4, size - 4, &view, &err), -1);
}

static void test_rows(void **state)
{
	(void)state;
	for (uint32_t kind = 0; kind < OP_KIND_COUNT; kind++) {
		assert_non_null(op_kind_rows[kind].name);
		assert_int_not_equal(op_kind_rows[kind].phases, 0);
		assert_true(op_kind_rows[kind].phases < 1u << PHASE_COUNT);
		for (size_t i = 0; i < op_kind_rows[kind].field_count; i++)
			assert_true(op_kind_rows[kind].fields[i].offset < sizeof(struct plan_op));
	}
	for (size_t phase = 0; phase < PHASE_COUNT; phase++)
		assert_non_null(plan_phase_names[phase]);
	assert_string_equal(op_kind_name(OP_KIND_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_broken_fields),
		cmocka_unit_test(test_broken_header),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
