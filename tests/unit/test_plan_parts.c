/*
 * test_plan_parts.c - the small parts of plan_build(): id maps, paths, the pool.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "plan/builder.h"
#include "plan/idmap.h"

static void test_idmap_has(void **state)
{
	struct spec_id_map maps[] = {
		{ .container_id = 0, .host_id = 1000, .size = 1 },
		{ .container_id = 10, .host_id = 100000, .size = 20 },
		{ .container_id = UINT32_MAX - 5, .host_id = 5, .size = 5 },
	};
	struct spec_id_map_list list = { maps, 3 };

	(void)state;
	assert_true(plan_idmap_has(&list, 0));
	assert_false(plan_idmap_has(&list, 1));
	assert_false(plan_idmap_has(&list, 9));
	assert_true(plan_idmap_has(&list, 10));
	assert_true(plan_idmap_has(&list, 29));
	assert_false(plan_idmap_has(&list, 30));
	assert_true(plan_idmap_has(&list, UINT32_MAX - 1));
	assert_false(plan_idmap_has(&list, UINT32_MAX));
}

static void test_idmap_is_single(void **state)
{
	struct spec_id_map maps[] = { { 0, 1000, 1 }, { 1, 100000, 65536 } };
	struct spec_id_map_list one = { maps, 1 };
	struct spec_id_map_list two = { maps, 2 };
	struct spec_id_map_list wide = { maps + 1, 1 };

	(void)state;
	assert_true(plan_idmap_is_single(&one, 1000));
	assert_false(plan_idmap_is_single(&one, 1001));
	assert_false(plan_idmap_is_single(&two, 1000));
	assert_false(plan_idmap_is_single(&wide, 100000));
}

static void test_path_clean(void **state)
{
	static const char *const rows[][2] = {
		{ "", "/" },           { "/", "/" },           { "a", "/a" },          { "/a/", "/a" },
		{ "//a//b", "/a/b" },  { "/a/./b/.", "/a/b" }, { "/a/../b", "/b" },    { "/../../a", "/a" },
		{ "/a/b/..", "/a" },   { "/a/..", "/" },       { "..", "/" },          { "/..a/...", "/..a/..." },
		{ "a/../..//b/", "/b" },
	};
	_cleanup_arena_ struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *clean = plan_path_clean(&arena, rows[i][0]);
		assert_string_equal(clean, rows[i][1]);
		assert_true(plan_path_is_clean(clean));
		assert_int_equal(plan_path_is_clean(rows[i][0]), strcmp(rows[i][0], rows[i][1]) == 0);
	}
}

static void test_pool(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct err err = ERR_INIT;
	struct plan plan = { .arena = &arena };
	struct plan_builder b = { .arena = &arena, .plan = &plan, .err = &err };
	char *items[] = { (char[]){ "one" }, (char[]){ "" }, (char[]){ "one" } };
	uint32_t number = 7;

	(void)state;
	builder_open(&b);
	assert_int_equal(builder_str(&b, NULL).offset, 0);
	assert_int_equal(builder_str(&b, "").offset, 0);
	uint32_t one = builder_str(&b, "one").offset;
	assert_int_equal(builder_str(&b, "one").offset, one);
	assert_int_not_equal(builder_str_n(&b, "one", 2).offset, one);
	struct plan_list list = builder_list(&b, items, 3);
	assert_int_equal(list.offset % 4, 0);
	const struct plan_str *strs = (const struct plan_str *)(const void *)(plan.pool + list.offset);
	assert_int_equal(strs[0].offset, one);
	assert_int_equal(strs[1].offset, 0);
	assert_int_equal(strs[2].offset, one);
	assert_int_equal(builder_numbers(&b, &number, 1).offset % 4, 0);
	assert_int_equal(builder_bytes(&b, "abc", 3).offset % 8, 0);
	/* Far beyond the first sizes of pool and table: everything stays where it was said to be. */
	for (unsigned i = 0; i < 5000; i++) {
		char text[16];
		snprintf(text, sizeof(text), "name%u", i);
		uint32_t offset = builder_str(&b, text).offset; /* may move the pool */
		assert_string_equal(plan.pool + offset, text);
	}
	assert_int_equal(builder_str(&b, "one").offset, one);
	assert_string_equal(plan.pool + one, "one");
}

static void test_phases_are_sorted(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct err err = ERR_INIT;
	struct plan plan = { .arena = &arena };
	struct plan_builder b = { .arena = &arena, .plan = &plan, .err = &err };

	(void)state;
	builder_open(&b);
	builder_op(&b, OP_EXEC, PHASE_EXEC, "%s", "");
	builder_op(&b, OP_MASK, PHASE_MASK, "linux.maskedPaths[%d]", 0);
	builder_op(&b, OP_PROC, PHASE_JOIN, "%s", "");
	builder_op(&b, OP_READONLY, PHASE_MASK, "%s", "");
	assert_int_equal(builder_close(&b), 0);
	assert_int_equal(plan.ops[0].kind, OP_PROC);
	assert_int_equal(plan.ops[1].kind, OP_MASK);
	assert_int_equal(plan.ops[2].kind, OP_READONLY);
	assert_int_equal(plan.ops[3].kind, OP_EXEC);
	assert_string_equal(plan.pool + plan.ops[1].origin.offset, "linux.maskedPaths[0]");
	assert_int_equal(plan.pool[plan.pool_size - 1], '\0');
}

static void test_too_many_slots(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct err err = ERR_INIT;
	struct plan plan = { .arena = &arena };
	struct plan_builder b = { .arena = &arena, .plan = &plan, .err = &err };
	struct plan_slot slot = { .source = PLAN_SLOT_TREE, .path = "/x" };

	(void)state;
	builder_open(&b);
	for (unsigned i = SLOT_DYNAMIC; i < PLAN_SLOT_MAX; i++)
		assert_int_equal(builder_slot(&b, &slot), i);
	assert_int_equal(builder_slot(&b, &slot), SLOT_NONE);
	assert_int_equal(builder_close(&b), -1);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_idmap_has),       cmocka_unit_test(test_idmap_is_single),
		cmocka_unit_test(test_path_clean),
		cmocka_unit_test(test_pool),            cmocka_unit_test(test_phases_are_sorted),
		cmocka_unit_test(test_too_many_slots),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
