/*
 * test_recipe.c - what is kept of a container for exec: bytes and back, broken bytes, and lists of CPUs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <string.h>

#include "plan/exec.h"

static const char config[] =
	"{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"rootfs\"},"
	" \"process\": {\"cwd\":\"/tmp\", \"args\":[\"a}\\\"{b\"],\"env\":[\"X=\\u00e4\"],\"future\":{\"key\":[1,{}]},"
	"\"user\":{\"uid\":7,\"additionalGids\":[1,2]}} ,"
	"\"linux\":{\"personality\":{\"domain\":\"LINUX32\"},"
	"\"landlock\": {\"ruleset\":{\"handledAccessFS\":[\"execute\"]},\"rules\":{\"pathBeneath\":["
	"{\"allowedAccess\":[\"execute\"],\"paths\":[\"/bin\"]}]}},"
	"\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"network\",\"path\":\"/n\"}]}}";

/* A plan of which the recipe needs these ops. */
static void encode(struct arena *arena, struct spec *spec, struct buf *bytes)
{
	static char pool[] = "\0\0\0\0\0\0\0\0filterAB";
	static struct plan_op ops[] = {
		{ .kind = OP_KEYRING },
		{ .kind = OP_PIVOT, .u.pivot.method = PIVOT_CHROOT },
		{ .kind = OP_CREDENTIALS, .u.credentials.flags = CRED_SET_GROUPS },
		{ .kind = OP_SECCOMP, .u.seccomp = { .program = { 8, 8 }, .flags = 4 } },
	};
	struct plan plan = { .ops = ops, .op_count = 4, .pool = pool, .pool_size = sizeof(pool), .has_process = true };
	struct err err = ERR_INIT;

	assert_int_equal(spec_decode(arena, "config.json", config, strlen(config), spec, NULL, &err), 0);
	assert_int_equal(plan_recipe_encode(spec, &plan, bytes, &err), 0);
}

static void test_round_trip(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	struct plan_recipe recipe;
	struct err err = ERR_INIT;
	struct spec spec;

	(void)state;
	encode(&arena, &spec, &bytes);
	assert_int_equal(plan_recipe_decode(&arena, "r", bytes.data, bytes.length, &recipe, &err), 0);
	assert_int_equal(recipe.ns_types, CLONE_NEWPID | CLONE_NEWNET);
	assert_int_equal(recipe.flags, RECIPE_KEYRING | RECIPE_CHROOT | RECIPE_SETGROUPS);
	assert_int_equal(recipe.seccomp.size, 8);
	assert_int_equal(recipe.seccomp.flags, 4);
	assert_memory_equal(recipe.seccomp.program, "filterAB", 8);
	assert_string_equal(recipe.spec.process->args.items[0], "a}\"{b");
	assert_string_equal(recipe.spec.process->env.items[0], "X=\xc3\xa4");
	assert_string_equal(recipe.spec.process->cwd, "/tmp");
	assert_int_equal(recipe.spec.process->user.uid, 7);
	assert_int_equal(recipe.spec.process->user.additional_gids.items[1], 2);
	assert_int_equal(recipe.spec.linux->personality->domain, spec.linux->personality->domain);
	assert_int_equal(recipe.landlock_file_count, 0);
	assert_string_equal(recipe.spec.linux->landlock->paths.items[0].paths.items[0], "/bin");
	/* The whole object as it stood there, with what this version doesn't know. */
	assert_memory_equal(spec.process->text.start, "{\"cwd\"", 6);
	assert_int_equal(spec.process->text.start[spec.process->text.length - 1], '}');
}

/* What init has told of the paths of linux.landlock stands behind; an exec without it must fail. */
static void test_landlock_files(void **state)
{
	const struct plan_landlock_file file = { 0x1122334455667788, 77 };
	struct plan_options options = { .id = "c" };
	struct host host = { .last_cap = 40, .landlock_abi = 1 };
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	struct plan_recipe recipe;
	struct err err = ERR_INIT;
	struct plan plan;
	struct spec spec;

	(void)state;
	encode(&arena, &spec, &bytes);
	assert_int_equal(plan_recipe_decode(&arena, "r", bytes.data, bytes.length, &recipe, &err), 0);
	assert_int_equal(plan_build_exec(&arena, &recipe, recipe.spec.process, &host, &options, &plan, &err), -1);
	assert_int_equal(err.kind, ERR_STATE);
	buf_add(&bytes, &file, sizeof(file));
	assert_int_equal(plan_recipe_decode(&arena, "r", bytes.data, bytes.length, &recipe, &err), 0);
	assert_int_equal(recipe.landlock_file_count, 1);
	assert_int_equal(recipe.landlock_files[0].device, file.device);
	assert_int_equal(recipe.landlock_files[0].inode, 77);
	assert_int_equal(plan_build_exec(&arena, &recipe, recipe.spec.process, &host, &options, &plan, &err), 0);
	assert_int_equal(plan_check(&plan, &err), 0);
	assert_int_equal(plan_recipe_decode(&arena, "r", bytes.data, bytes.length - 1, &recipe, &err), -1);
	assert_int_equal(err.kind, ERR_STATE);
}

static void test_broken(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	struct plan_recipe recipe;
	struct spec spec;

	(void)state;
	encode(&arena, &spec, &bytes);
	for (size_t size = 0; size < bytes.length; size++) {
		struct err err = ERR_INIT;

		assert_int_equal(plan_recipe_decode(&arena, "r", bytes.data, size, &recipe, &err), -1);
		assert_int_equal(err.kind, ERR_STATE);
	}
	/* Any one byte of the header: never a wild read; what it means may be another thing. */
	for (size_t i = 0; i < 32; i++) {
		struct err err = ERR_INIT;

		bytes.data[i] = (char)(bytes.data[i] ^ 0x80);
		(void)plan_recipe_decode(&arena, "r", bytes.data, bytes.length, &recipe, &err);
		bytes.data[i] = (char)(bytes.data[i] ^ 0x80);
	}
}

static void test_cpu_lists(void **state)
{
	static const char *const bad[] = { "", ",", "1,", ",1", "3-1", "1-", "-1", "1--2", "x", "1x", "8192", "0-8192",
		                         "1;2" };
	struct spec_cpus cpus;

	(void)state;
	assert_int_equal(spec_cpu_list_parse("0-3, 9,64 - 65", &cpus), 0);
	assert_int_equal(cpus.bits[0], 0x0f);
	assert_int_equal(cpus.bits[1], 0x02);
	assert_int_equal(cpus.bits[8], 0x03);
	assert_int_equal(cpus.size, 16);
	assert_int_equal(spec_cpu_list_parse("8191", &cpus), 0);
	assert_int_equal(cpus.size, SPEC_CPU_COUNT_MAX / 8);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(spec_cpu_list_parse(bad[i], &cpus), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_landlock_files),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_cpu_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
