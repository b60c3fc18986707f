/*
 * test_seccomp_tree.c - the filters that runlet writes by itself decide as libseccomp's do, and as they are meant.
 *
 * Both are run on every number of every architecture, with arguments around every value that the profile names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/audit.h>
#include <stdio.h>
#include <string.h>

#include "plan/seccomp.h"
#include "../../src/plan/seccomp_tree.h"
#include "seccomp_machine.h"
#include "seccomp_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define X32_BIT 0x40000000u
#define NUMBER_END 1100u
#define RANDOM_PROFILES 60
#define RANDOM_TREES 60
#define RULES_MAX 24
#define VALUES_MAX 512

static struct arena arena;

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* Every one that the plain way knows, and one that no profile names. */
static const uint32_t audit_archs[] = {
	AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM, AUDIT_ARCH_RISCV64, AUDIT_ARCH_S390X,
};

/* --- two filters --- */

struct pair {
	struct plan_seccomp plain;
	struct plan_seccomp library;
	uint64_t values[VALUES_MAX]; /* worth trying as arguments */
	size_t value_count;
};

static void compare(const struct pair *pair, const struct seccomp_data *data)
{
	uint32_t plain = seccomp_machine_run(&pair->plain, data), library = seccomp_machine_run(&pair->library, data);

	if (plain != library)
		fail_msg("arch %#x number %#x args %#llx %#llx %#llx: %#x, libseccomp says %#x", data->arch, data->nr,
			 data->args[0], data->args[1], data->args[2], plain, library);
}

static void add_value(struct pair *pair, uint64_t value)
{
	const uint64_t around[] = { value, value - 1, value + 1, value | 1ull << 32, value & UINT32_MAX, ~value };

	for (size_t i = 0; i < COUNT(around); i++) {
		size_t n = 0;

		while (n < pair->value_count && pair->values[n] != around[i])
			n++;
		if (n == pair->value_count && pair->value_count < VALUES_MAX)
			pair->values[pair->value_count++] = around[i];
	}
}

static void compare_number(const struct pair *pair, uint32_t arch, uint32_t number)
{
	struct seccomp_data data = { .nr = (int)number, .arch = arch };

	compare(pair, &data);
	for (size_t i = 0; i < pair->value_count; i++) {
		for (size_t arg = 0; arg < 6; arg++)
			data.args[arg] = pair->values[(i + arg * 7) % pair->value_count];
		compare(pair, &data);
		for (size_t arg = 0; arg < 6; arg++)
			data.args[arg] = pair->values[i];
		compare(pair, &data);
	}
}

static void compare_all(const struct pair *pair)
{
	static const uint32_t odd[] = {
		UINT32_MAX, UINT32_MAX - 1, X32_BIT - 1, X32_BIT * 2, 0xf0001, 0xf0002, 0xf0003, 0xf0005, 0x7fffffff,
	};

	for (size_t arch = 0; arch < COUNT(audit_archs); arch++) {
		for (uint32_t number = 0; number < NUMBER_END; number++) {
			compare_number(pair, audit_archs[arch], number);
			compare_number(pair, audit_archs[arch], number | X32_BIT);
		}
		for (size_t i = 0; i < COUNT(odd); i++)
			compare_number(pair, audit_archs[arch], odd[i]);
	}
}

/* False when the profile isn't plain. */
static bool build_both(const struct spec_seccomp *seccomp, struct pair *pair)
{
	struct err err = ERR_INIT;

	pair->value_count = 0;
	if (plan_seccomp_build_by(&arena, seccomp, PLAN_SECCOMP_PLAIN, &pair->plain, &err) < 0) {
		assert_int_equal(err.kind, ERR_UNSUPPORTED);
		return false;
	}
	if (plan_seccomp_build_by(&arena, seccomp, PLAN_SECCOMP_BY_LIBRARY, &pair->library, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(plan_seccomp_is_sound(pair->plain.program, pair->plain.size));
	for (size_t i = 0; i < seccomp->syscalls.count; i++)
		for (size_t n = 0; n < seccomp->syscalls.items[i].args.count; n++) {
			add_value(pair, seccomp->syscalls.items[i].args.items[n].value);
			add_value(pair, seccomp->syscalls.items[i].args.items[n].value_two);
		}
	return true;
}

/* --- profiles --- */

static char *all_archs[] = {
	(char []){ "SCMP_ARCH_X86_64" }, (char []){ "SCMP_ARCH_X86" }, (char []){ "SCMP_ARCH_X32" },
	(char []){ "SCMP_ARCH_AARCH64" }, (char []){ "SCMP_ARCH_ARM" }, (char []){ "SCMP_ARCH_RISCV64" },
};

/* The size and the shape of what Docker and podman send. */
static void test_default_profile(void **state)
{
	static struct spec_seccomp_arg families[] = { { .index = 0, .value = 40, .op = SECCOMP_OP_NE } };
	static struct spec_seccomp_arg clone[] = { { .index = 0, .value = 2114060288, .op = SECCOMP_OP_MASKED_EQ } };
	static const uint64_t personas[] = { 0, 8, 0x20000, 0x20008, 0xffffffff };
	char *names[] = {
		(char []){ "socket" }, (char []){ "clone" }, (char []){ "clone3" }, (char []){ "personality" },
	};
	struct spec_seccomp_arg persona_args[COUNT(personas)];
	struct spec_seccomp_rule rules[4 + COUNT(personas)] = {
		{ .names = { (char **)seccomp_names, SECCOMP_NAME_COUNT }, .action = SECCOMP_ACT_ALLOW },
		{ .names = { &names[0], 1 }, .action = SECCOMP_ACT_ALLOW, .args = { families, 1 } },
		{ .names = { &names[1], 1 }, .action = SECCOMP_ACT_ALLOW, .args = { clone, 1 } },
		{ .names = { &names[2], 1 }, .action = SECCOMP_ACT_ERRNO,
		  .errno_ret = { true, ENOSYS } },
	};
	struct spec_seccomp seccomp = { .default_action = SECCOMP_ACT_ERRNO, .syscalls = { rules, COUNT(rules) } };
	struct pair pair;

	(void)state;
	for (size_t i = 0; i < COUNT(personas); i++) {
		persona_args[i] = (struct spec_seccomp_arg){ .value = personas[i], .op = SECCOMP_OP_EQ };
		rules[4 + i] = (struct spec_seccomp_rule){
			.names = { &names[3], 1 }, .action = SECCOMP_ACT_ALLOW, .args = { &persona_args[i], 1 },
		};
	}
	for (size_t count = 0; count <= COUNT(all_archs); count++) {
		seccomp.architectures = (struct str_list){ all_archs, count };
		assert_true(build_both(&seccomp, &pair));
		compare_all(&pair);
		/* What the kernel checks at each load, and walks through at each call. */
		assert_true(pair.plain.size * 2 < pair.library.size);
	}
}

/* --- made-up things; the same ones at every run --- */

static uint64_t seed;

static uint32_t draw(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

static uint64_t draw_value(void)
{
	static const uint64_t values[] = { 0, 1, 8, 40, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 1ull << 32, ~0ull };

	return draw(2) ? values[draw(COUNT(values))] : draw(300);
}

static struct spec_seccomp_arg draw_arg(void)
{
	struct spec_seccomp_arg arg = { draw(6), draw_value(), 0, draw(SECCOMP_OP_MASKED_EQ + 1) };

	if (arg.op == SECCOMP_OP_MASKED_EQ)
		arg.value_two = arg.value & draw_value();
	return arg;
}

/*
 * libseccomp 2.5.4 forgets to load an argument or the number again where a system call has several clauses, or x32 is
 * there with conditions, and then decides wrongly.  So it is the judge of the rest: each name once, one condition.
 */
static void draw_profile(struct spec_seccomp *seccomp, struct spec_seccomp_rule *rules)
{
	static const uint32_t actions[] = {
		SECCOMP_ACT_ALLOW, SECCOMP_ACT_ALLOW, SECCOMP_ACT_ALLOW, SECCOMP_ACT_ERRNO, SECCOMP_ACT_TRACE,
		SECCOMP_ACT_TRAP, SECCOMP_ACT_LOG, SECCOMP_ACT_KILL_PROCESS, SECCOMP_ACT_KILL_THREAD,
	};
	bool has_conditions = draw(2);
	size_t name = 0, count = 0;

	while (count < RULES_MAX && name < SECCOMP_NAME_COUNT) {
		struct spec_seccomp_rule *rule = &rules[count++];
		size_t names = 1 + draw(draw(4) ? 3 : 60);

		names = names < SECCOMP_NAME_COUNT - name ? names : SECCOMP_NAME_COUNT - name;
		*rule = (struct spec_seccomp_rule){ .names = { (char **)seccomp_names + name, names },
						    .action = actions[draw(COUNT(actions))] };
		name += names + draw(20);
		if (rule->action == SECCOMP_ACT_ERRNO && draw(2))
			rule->errno_ret = (struct opt_u32){ true, draw(3) };
		if (!has_conditions || draw(2))
			continue;
		rule->args = (struct spec_seccomp_arg_list){ arena_alloc(&arena, sizeof(*rule->args.items)), 1 };
		rule->args.items[0] = draw_arg();
	}
	*seccomp = (struct spec_seccomp){ .default_action = actions[draw(COUNT(actions))] };
	seccomp->syscalls = (struct spec_seccomp_rule_list){ rules, count };
	name = draw(COUNT(all_archs));
	seccomp->architectures = (struct str_list){ all_archs + name, draw((uint32_t)(COUNT(all_archs) - name) + 1) };
	for (size_t i = 0; has_conditions && i < seccomp->architectures.count; i++)
		if (strcmp(seccomp->architectures.items[i], "SCMP_ARCH_X32") == 0)
			seccomp->architectures.count = i;
}

static void test_made_up_profiles(void **state)
{
	unsigned plain = 0;

	(void)state;
	for (seed = 0; plain < RANDOM_PROFILES;) {
		struct spec_seccomp_rule rules[RULES_MAX];
		struct spec_seccomp seccomp;
		struct pair pair;

		draw_profile(&seccomp, rules);
		if (build_both(&seccomp, &pair)) {
			compare_all(&pair);
			plain++;
		}
		arena_free(&arena);
	}
}

/* --- the tree alone: any number of clauses and conditions, by what they mean --- */

static bool holds(const struct spec_seccomp_arg *arg, uint64_t value)
{
	switch (arg->op) {
	case SECCOMP_OP_NE: return value != arg->value;
	case SECCOMP_OP_LT: return value < arg->value;
	case SECCOMP_OP_LE: return value <= arg->value;
	case SECCOMP_OP_EQ: return value == arg->value;
	case SECCOMP_OP_GE: return value >= arg->value;
	case SECCOMP_OP_GT: return value > arg->value;
	default: return (value & arg->value) == arg->value_two;
	}
}

static bool is_met(const struct seccomp_tree_arch *arch, const struct seccomp_clause *clause,
		   const struct seccomp_data *data)
{
	for (size_t i = 0; i < clause->count; i++) {
		uint64_t value = data->args[clause->args[i].index];

		if (!holds(&clause->args[i], arch->is_narrow ? (uint32_t)value : value))
			return false;
	}
	return true;
}

static uint32_t mean(const struct seccomp_tree_arch *archs, size_t arch_count, uint32_t default_action,
		     const struct seccomp_data *data)
{
	uint32_t number = (uint32_t)data->nr;
	bool is_x32 = data->arch == AUDIT_ARCH_X86_64 && number >= X32_BIT;

	for (size_t i = 0; i < arch_count; i++) {
		if (archs[i].audit_arch != data->arch || archs[i].is_x32 != is_x32)
			continue;
		for (size_t n = 0; n < archs[i].count; n++) {
			const struct seccomp_call *call = &archs[i].calls[n];
			size_t clause = 0;

			if (call->number != number)
				continue;
			while (clause < call->clause_count && !is_met(&archs[i], &call->clauses[clause], data))
				clause++;
			return !call->clauses || clause < call->clause_count ? call->action : default_action;
		}
		return default_action;
	}
	/* A tracer's -1 is let be where x86_64 itself is known. */
	if (is_x32 && number == UINT32_MAX)
		for (size_t i = 0; i < arch_count; i++)
			if (archs[i].audit_arch == AUDIT_ARCH_X86_64)
				return default_action;
	return SECCOMP_RET_KILL_THREAD;
}

static void draw_calls(struct seccomp_tree_arch *arch, struct pair *pair)
{
	uint32_t number = draw(3), end = draw(150);

	arch->calls = arena_alloc_array(&arena, end, sizeof(*arch->calls));
	for (arch->count = 0; arch->count < end; arch->count++) {
		struct seccomp_call *call = &arch->calls[arch->count];

		*call = (struct seccomp_call){ .number = number | (arch->is_x32 ? X32_BIT : 0),
					       .action = SECCOMP_RET_ERRNO | draw(6) };
		number += 1 + (draw(3) ? 0 : draw(6));
		if (draw(3))
			continue;
		call->clause_count = 1 + draw(3);
		call->clauses = arena_alloc_array(&arena, call->clause_count, sizeof(*call->clauses));
		for (size_t i = 0; i < call->clause_count; i++) {
			struct spec_seccomp_arg *args = arena_alloc_array(&arena, 3, sizeof(*args));

			call->clauses[i] = (struct seccomp_clause){ args, 1 + draw(3) };
			for (size_t n = 0; n < 3; n++) {
				args[n] = draw_arg();
				/* As seccomp_calls.c has it: conditions that no argument can meet are libseccomp's. */
				args[n].value &= arch->is_narrow ? UINT32_MAX : UINT64_MAX;
				args[n].value_two &= args[n].value;
				add_value(pair, args[n].value);
			}
		}
	}
}

static void check_meaning(const struct pair *pair, const struct seccomp_tree_arch *archs, size_t count)
{
	for (size_t arch = 0; arch < COUNT(audit_archs); arch++) {
		for (uint32_t i = 0; i < 2 * 700 + 1; i++) {
			struct seccomp_data data = { .arch = audit_archs[arch] };

			data.nr = (int)(i == 2 * 700 ? UINT32_MAX : i % 700 | (i < 700 ? 0 : X32_BIT));
			for (size_t value = 0; value < 12; value++) {
				for (size_t arg = 0; arg < 6; arg++)
					data.args[arg] = pair->values[draw((uint32_t)pair->value_count)];
				assert_int_equal(seccomp_machine_run(&pair->plain, &data),
						 mean(archs, count, SECCOMP_RET_ALLOW, &data));
			}
		}
	}
}

static void test_meaning(void **state)
{
	static const struct seccomp_tree_arch known[] = {
		{ .audit_arch = AUDIT_ARCH_X86_64 },
		{ .audit_arch = AUDIT_ARCH_X86_64, .is_narrow = true, .is_x32 = true },
		{ .audit_arch = AUDIT_ARCH_I386, .is_narrow = true }, { .audit_arch = AUDIT_ARCH_AARCH64 },
	};
	static struct sock_filter program[SECCOMP_INSNS_MAX];

	unsigned written = 0;

	(void)state;
	for (seed = 1; written < RANDOM_TREES;) {
		struct seccomp_tree_arch archs[COUNT(known)];
		struct pair pair = { .value_count = 0 };
		size_t count = 1 + draw(COUNT(known)), size;

		memcpy(archs, known, sizeof(archs));
		add_value(&pair, 0);
		for (size_t i = 0; i < count; i++)
			draw_calls(&archs[i], &pair);
		size = seccomp_tree_write(archs, count, SECCOMP_RET_ALLOW, program);
		if (size == 0)
			continue; /* too long for the kernel */
		written++;
		pair.plain = (struct plan_seccomp){ program, size * sizeof(*program), 0 };
		assert_true(plan_seccomp_is_sound(program, pair.plain.size));
		check_meaning(&pair, archs, count);
		arena_free(&arena);
	}
}

static void test_limits(void **state)
{
	static struct sock_filter program[SECCOMP_INSNS_MAX];
	static struct seccomp_call calls[SECCOMP_TREE_CALLS_MAX + 1];
	struct spec_seccomp_arg args[] = { { 0, 1, 0, SECCOMP_OP_EQ }, { 1, 1, 0, SECCOMP_OP_EQ } };
	struct seccomp_clause clause = { args, 2 };
	struct seccomp_tree_arch arch = { .audit_arch = AUDIT_ARCH_X86_64, .calls = calls };

	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++)
		calls[i] = (struct seccomp_call){ .number = (uint32_t)i * 2, .action = SECCOMP_RET_TRAP };
	arch.count = SECCOMP_TREE_CALLS_MAX;
	assert_true(seccomp_tree_write(&arch, 1, SECCOMP_RET_ALLOW, program) > 0);
	arch.count++;
	assert_int_equal(seccomp_tree_write(&arch, 1, SECCOMP_RET_ALLOW, program), 0);
	arch.count--;
	for (size_t i = 0; i < arch.count; i++) {
		calls[i].clauses = &clause;
		calls[i].clause_count = 1;
	}
	assert_int_equal(seccomp_tree_write(&arch, 1, SECCOMP_RET_ALLOW, program), 0);
}

/* What libseccomp has to see. */
static void test_not_plain(void **state)
{
	struct spec_seccomp_arg odd = { 0, 0xf0, 0x0f, SECCOMP_OP_MASKED_EQ };
	struct spec_seccomp_arg wide = { 0, 1ull << 32, 0, SECCOMP_OP_EQ };
	char *read_name[] = { (char []){ "read" } }, *socket_name[] = { (char []){ "socket" } };
	struct spec_seccomp_rule allow = { .names = { read_name, 1 }, .action = SECCOMP_ACT_ALLOW };
	struct spec_seccomp_rule trap = { .names = { read_name, 1 }, .action = SECCOMP_ACT_TRAP };
	struct spec_seccomp_rule deny = { .names = { read_name, 1 }, .action = SECCOMP_ACT_ERRNO };
	struct spec_seccomp_rule notify = { .names = { read_name, 1 }, .action = SECCOMP_ACT_NOTIFY };
	struct spec_seccomp_rule masked = { allow.names, SECCOMP_ACT_ALLOW, { 0 }, { &odd, 1 } };
	struct spec_seccomp_rule large = { allow.names, SECCOMP_ACT_ALLOW, { 0 }, { &wide, 1 } };
	struct spec_seccomp_rule sub = { .names = { socket_name, 1 }, .action = SECCOMP_ACT_ALLOW };
	const struct { struct spec_seccomp_rule rules[2]; bool is_plain, is_plain_on_i386; } cases[] = {
		{ { allow, allow }, true, true },
		{ { allow, trap }, false, false },
		{ { allow, deny }, true, true }, /* what happens anyway is no rule */
		{ { allow, notify }, false, false },
		{ { allow, masked }, false, false },
		{ { allow, large }, true, false },
		{ { allow, sub }, true, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases) * 2; i++) {
		struct spec_seccomp_rule rules[] = { cases[i / 2].rules[0], cases[i / 2].rules[1] };
		struct spec_seccomp seccomp = { .default_action = SECCOMP_ACT_ERRNO, .syscalls = { rules, 2 } };
		struct plan_seccomp out;
		struct err err = ERR_INIT;
		int expected = (i % 2 ? cases[i / 2].is_plain_on_i386 : cases[i / 2].is_plain) ? 0 : -1;

		seccomp.architectures = (struct str_list){ all_archs + 1, i % 2 };
		if (plan_seccomp_build_by(&arena, &seccomp, PLAN_SECCOMP_PLAIN, &out, &err) != expected)
			fail_msg("case %zu%s: %s", i / 2, i % 2 ? " on i386" : "", err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_default_profile, tear_down),
		cmocka_unit_test_teardown(test_made_up_profiles, tear_down),
		cmocka_unit_test_teardown(test_meaning, tear_down),
		cmocka_unit_test(test_limits),
		cmocka_unit_test_teardown(test_not_plain, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
