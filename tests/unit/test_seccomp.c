/*
 * test_seccomp.c - what compiled seccomp filters decide, by running their instructions on made-up system calls.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/seccomp_flags.h"
#include "plan/seccomp.h"
#include "seccomp_machine.h"
#include "seccomp_names.h"

#define X32_BIT 0x40000000u
/* A system call that no profile of today names. */
#define NUMBER_NEW 900

static struct arena arena;

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static uint32_t decide(const struct plan_seccomp *filter, uint32_t arch, uint32_t number, uint64_t arg0, uint64_t arg1)
{
	struct seccomp_data data = { .nr = (int)number, .arch = arch, .args = { arg0, arg1 } };

	return seccomp_machine_run(filter, &data);
}

/* --- profiles --- */

#define NAMES(...) \
	{ (char **)(const char *[]){ __VA_ARGS__, NULL }, sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *) }

static struct plan_seccomp build(const struct spec_seccomp *seccomp)
{
	struct plan_seccomp out;
	struct err err = ERR_INIT;

	if (plan_seccomp_build(&arena, seccomp, &out, &err) < 0)
		fail_msg("%s (%d)", err.text, err.errnum);
	assert_true(out.size > 0 && out.size % sizeof(struct sock_filter) == 0);
	return out;
}

static void assert_refused(const struct spec_seccomp *seccomp, uint32_t kind, const char *text)
{
	struct plan_seccomp out;
	struct err err = ERR_INIT;

	assert_int_equal(plan_seccomp_build(&arena, seccomp, &out, &err), -1);
	assert_int_equal(err.kind, kind);
	if (strstr(err.text, text) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", text, err.text);
}

static struct spec_seccomp profile(uint32_t default_action, struct spec_seccomp_rule *rules, size_t count)
{
	return (struct spec_seccomp){ .default_action = default_action, .syscalls = { rules, count } };
}

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#else
#define NATIVE AUDIT_ARCH_RISCV64
#endif

static uint32_t decide_native(const struct plan_seccomp *filter, uint32_t number)
{
	return decide(filter, NATIVE, number, 0, 0);
}

/* --- tests --- */

static void test_actions(void **state)
{
	static const struct { uint32_t action; struct opt_u32 errno_ret; uint32_t want; } cases[] = {
		{ SECCOMP_ACT_KILL_THREAD, { false, 0 }, SECCOMP_RET_KILL_THREAD },
		{ SECCOMP_ACT_KILL_PROCESS, { false, 0 }, SECCOMP_RET_KILL_PROCESS },
		{ SECCOMP_ACT_TRAP, { false, 0 }, SECCOMP_RET_TRAP },
		{ SECCOMP_ACT_ERRNO, { false, 0 }, SECCOMP_RET_ERRNO | EPERM },
		{ SECCOMP_ACT_ERRNO, { true, EXDEV }, SECCOMP_RET_ERRNO | EXDEV },
		{ SECCOMP_ACT_ERRNO, { true, 0 }, SECCOMP_RET_ERRNO },
		{ SECCOMP_ACT_TRACE, { true, 7 }, SECCOMP_RET_TRACE | 7 },
		{ SECCOMP_ACT_LOG, { false, 0 }, SECCOMP_RET_LOG },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct spec_seccomp_rule rule = { .names = NAMES("mkdirat"), .action = cases[i].action,
						  .errno_ret = cases[i].errno_ret };
		struct spec_seccomp seccomp = profile(SECCOMP_ACT_ALLOW, &rule, 1);
		struct plan_seccomp filter = build(&seccomp);

		assert_int_equal(decide_native(&filter, SYS_mkdirat), cases[i].want);
		assert_int_equal(decide_native(&filter, SYS_read), SECCOMP_RET_ALLOW);
		/* Another architecture's calls can't be told apart by number. */
		assert_int_equal(decide(&filter, AUDIT_ARCH_S390X, SYS_read, 0, 0), SECCOMP_RET_KILL_THREAD);
	}
}

static void test_default_action(void **state)
{
	struct spec_seccomp_rule rules[] = {
		{ .names = NAMES("read", "write", "exit_group", "no_such_call"), .action = SECCOMP_ACT_ALLOW },
		/* The same as the default: needs no rule, and libseccomp would refuse it. */
		{ .names = NAMES("mkdirat"), .action = SECCOMP_ACT_ERRNO, .errno_ret = { true, EACCES } },
	};
	struct spec_seccomp seccomp = profile(SECCOMP_ACT_ERRNO, rules, 2);
	struct plan_seccomp filter;

	(void)state;
	seccomp.default_errno_ret = (struct opt_u32){ true, EACCES };
	filter = build(&seccomp);
	assert_int_equal(decide_native(&filter, SYS_read), SECCOMP_RET_ALLOW);
	assert_int_equal(decide_native(&filter, SYS_exit_group), SECCOMP_RET_ALLOW);
	assert_int_equal(decide_native(&filter, SYS_mkdirat), SECCOMP_RET_ERRNO | EACCES);
	assert_int_equal(decide_native(&filter, SYS_openat), SECCOMP_RET_ERRNO | EACCES);
}

static void test_arguments(void **state)
{
	struct spec_seccomp_arg both[] = { { .index = 0, .value = 1, .op = SECCOMP_OP_EQ },
					   { .index = 1, .value = 10, .op = SECCOMP_OP_GT } };
	struct spec_seccomp_arg either[] = { { .index = 0, .value = 5, .op = SECCOMP_OP_EQ },
					     { .index = 0, .value = 0x100000007, .op = SECCOMP_OP_EQ } };
	struct spec_seccomp_arg masked[] = { { .index = 0, .value = 0x7e020000, .value_two = 0x20000,
					       .op = SECCOMP_OP_MASKED_EQ } };
	struct spec_seccomp_rule rules[] = {
		{ .names = NAMES("fchdir"), .action = SECCOMP_ACT_ALLOW, .args = { both, 2 } },
		{ .names = NAMES("personality"), .action = SECCOMP_ACT_ALLOW, .args = { either, 2 } },
		{ .names = NAMES("clone"), .action = SECCOMP_ACT_ALLOW, .args = { masked, 1 } },
	};
	struct spec_seccomp seccomp = profile(SECCOMP_ACT_ERRNO, rules, 3);
	struct plan_seccomp filter = build(&seccomp);
	const uint32_t denied = SECCOMP_RET_ERRNO | EPERM;

	(void)state;
	assert_int_equal(decide(&filter, NATIVE, SYS_fchdir, 1, 11), SECCOMP_RET_ALLOW);
	assert_int_equal(decide(&filter, NATIVE, SYS_fchdir, 1, 10), denied);
	assert_int_equal(decide(&filter, NATIVE, SYS_fchdir, 2, 11), denied);
	assert_int_equal(decide(&filter, NATIVE, SYS_personality, 5, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(decide(&filter, NATIVE, SYS_personality, 0x100000007, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(decide(&filter, NATIVE, SYS_personality, 7, 0), denied);
	assert_int_equal(decide(&filter, NATIVE, SYS_clone, 0x20011, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(decide(&filter, NATIVE, SYS_clone, 0x10000000, 0), denied);
}

static void test_new_calls_get_enosys(void **state)
{
	static const struct { uint32_t action, decided; } refusals[] = {
		{ SECCOMP_ACT_KILL_PROCESS, SECCOMP_RET_KILL_PROCESS },
		{ SECCOMP_ACT_KILL_THREAD, SECCOMP_RET_KILL_THREAD },
		{ SECCOMP_ACT_TRAP, SECCOMP_RET_TRAP },
	}, leaves[] = {
		{ SECCOMP_ACT_ALLOW, SECCOMP_RET_ALLOW },
		{ SECCOMP_ACT_LOG, SECCOMP_RET_LOG },
		{ SECCOMP_ACT_TRACE, SECCOMP_RET_TRACE | EPERM },
	};
	struct spec_seccomp_rule rule = { .names = NAMES("read", "faccessat2"), .action = SECCOMP_ACT_ALLOW };
	struct spec_seccomp seccomp = profile(SECCOMP_ACT_ERRNO, &rule, 1);
	struct plan_seccomp filter = build(&seccomp);

	(void)state;
	assert_int_equal(decide_native(&filter, 439), SECCOMP_RET_ALLOW);
	assert_int_equal(decide_native(&filter, 438), SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(decide_native(&filter, 440), SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(decide_native(&filter, NUMBER_NEW), SECCOMP_RET_ERRNO | ENOSYS);
	/* The profile's own answer stays what it is; death doesn't. */
	seccomp.default_errno_ret = (struct opt_u32){ true, ENOSYS };
	filter = build(&seccomp);
	assert_int_equal(decide_native(&filter, NUMBER_NEW), SECCOMP_RET_ERRNO | ENOSYS);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		seccomp = profile(refusals[i].action, &rule, 1);
		filter = build(&seccomp);
		assert_int_equal(decide_native(&filter, 438), refusals[i].decided);
		assert_int_equal(decide_native(&filter, 440), SECCOMP_RET_ERRNO | ENOSYS);
	}
	/* A default that lets calls through, or leaves them to a tracer, does so for new ones. */
	rule.action = SECCOMP_ACT_KILL_PROCESS;
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		seccomp = profile(leaves[i].action, &rule, 1);
		filter = build(&seccomp);
		assert_int_equal(decide_native(&filter, NUMBER_NEW), leaves[i].decided);
	}
}

static void test_architectures(void **state)
{
	struct spec_seccomp_rule rule = { .names = NAMES("read"), .action = SECCOMP_ACT_ALLOW };
	struct spec_seccomp seccomp = profile(SECCOMP_ACT_ERRNO, &rule, 1);
	struct plan_seccomp filter;

	(void)state;
#if defined(__x86_64__)
	seccomp.architectures = (struct str_list)NAMES("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
	filter = build(&seccomp);
	assert_int_equal(decide(&filter, AUDIT_ARCH_I386, 3, 0, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(decide(&filter, AUDIT_ARCH_I386, 5, 0, 0), SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(decide(&filter, AUDIT_ARCH_I386, NUMBER_NEW, 0, 0), SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(decide(&filter, AUDIT_ARCH_X86_64, X32_BIT + 0, 0, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(decide(&filter, AUDIT_ARCH_X86_64, X32_BIT + 1, 0, 0), SECCOMP_RET_ERRNO | EPERM);
	/* x32 has its own numbers from 512 on. */
	assert_int_equal(decide(&filter, AUDIT_ARCH_X86_64, X32_BIT + NUMBER_NEW, 0, 0), SECCOMP_RET_ERRNO | ENOSYS);
	seccomp.architectures = (struct str_list)NAMES("SCMP_ARCH_X86_64");
	filter = build(&seccomp);
	assert_int_equal(decide(&filter, AUDIT_ARCH_X86_64, X32_BIT + NUMBER_NEW, 0, 0), SECCOMP_RET_KILL_THREAD);
	seccomp.architectures = (struct str_list)NAMES("SCMP_ARCH_PPC");
	assert_refused(&seccomp, ERR_CONFIG, "linux.seccomp.architectures[0]: SCMP_ARCH_PPC");
#endif
	seccomp.architectures = (struct str_list)NAMES("SCMP_ARCH_OF_TOMORROW");
	filter = build(&seccomp);
	assert_int_equal(decide_native(&filter, SYS_read), SECCOMP_RET_ALLOW);
}

static void test_flags(void **state)
{
	struct spec_seccomp seccomp = profile(SECCOMP_ACT_ALLOW, NULL, 0);

	(void)state;
	assert_int_equal(build(&seccomp).flags, SECCOMP_FILTER_FLAG_SPEC_ALLOW);
	seccomp.has_flags = true;
	assert_int_equal(build(&seccomp).flags, 0);
	seccomp.flags = SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_TSYNC;
	assert_int_equal(build(&seccomp).flags, SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_TSYNC);
	/* Without a listener seccomp(2) refuses it. */
	seccomp.flags = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	assert_int_equal(build(&seccomp).flags, 0);
}

static void test_notify(void **state)
{
	struct spec_seccomp_arg arg = { .index = 0, .value = 5, .op = SECCOMP_OP_EQ };
	struct spec_seccomp_rule rules[] = {
		{ .names = NAMES("mkdir", "mkdirat"), .action = SECCOMP_ACT_NOTIFY },
		{ .names = NAMES("chdir"), .action = SECCOMP_ACT_NOTIFY, .args = { &arg, 1 } },
	};
	struct spec_seccomp seccomp = profile(SECCOMP_ACT_ALLOW, rules, 2);
	struct plan_seccomp filter = build(&seccomp);

	(void)state;
	assert_int_equal(decide_native(&filter, SYS_mkdirat), SECCOMP_RET_USER_NOTIF);
	assert_int_equal(decide_native(&filter, SYS_read), SECCOMP_RET_ALLOW);
	assert_int_equal(decide(&filter, NATIVE, SYS_chdir, 5, 0), SECCOMP_RET_USER_NOTIF);
	assert_int_equal(decide(&filter, NATIVE, SYS_chdir, 6, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(filter.flags, SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_NEW_LISTENER);
	seccomp.has_flags = true;
	seccomp.flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	assert_int_equal(build(&seccomp).flags, SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH |
	                 SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV | SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

static void test_refused(void **state)
{
	struct spec_seccomp_arg arg = { .index = 6, .op = SECCOMP_OP_EQ };
	struct spec_seccomp_rule rule = { .names = NAMES("read"), .action = SECCOMP_ACT_ERRNO, .args = { &arg, 1 } };
	struct spec_seccomp seccomp = profile(SECCOMP_ACT_ALLOW, &rule, 1);

	(void)state;
	assert_refused(&seccomp, ERR_CONFIG, "linux.seccomp.syscalls[0].args[0].index");
	arg.index = 0;
	rule.errno_ret = (struct opt_u32){ true, 4096 };
	assert_refused(&seccomp, ERR_CONFIG, "linux.seccomp.syscalls[0].errnoRet: 4096");
	rule.action = SECCOMP_ACT_ALLOW;
	rule.errno_ret.value = 1;
	assert_refused(&seccomp, ERR_CONFIG, "linux.seccomp.syscalls[0].errnoRet");
	rule.action = SECCOMP_ACT_NOTIFY;
	assert_refused(&seccomp, ERR_CONFIG, "linux.seccomp.syscalls[0].errnoRet");
	seccomp.default_errno_ret = (struct opt_u32){ true, 1 };
	assert_refused(&seccomp, ERR_CONFIG, "linux.seccomp.defaultErrnoRet");
}

static bool has_same_key(const struct spec_seccomp *one, const struct spec_seccomp *other)
{
	_cleanup_buf_ struct buf a = BUF_INIT, b = BUF_INIT;

	plan_seccomp_key(one, &a);
	plan_seccomp_key(other, &b);
	return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

/* Every member that the compiler looks at makes another key; where the bytes meet doesn't matter. */
static void test_key(void **state)
{
	struct spec_seccomp_arg arg = { .index = 1, .op = SECCOMP_OP_EQ }, other_arg;
	struct spec_seccomp_rule rule = { .names = NAMES("ab", "c"), .action = SECCOMP_ACT_ERRNO, .args = { &arg, 1 } };
	struct spec_seccomp_rule other_rule;
	struct spec_seccomp seccomp = profile(SECCOMP_ACT_ALLOW, &rule, 1), other;

	(void)state;
#define DIFFERS_BY(change) do { \
	other_arg = arg; \
	other_rule = rule; \
	other_rule.args.items = &other_arg; \
	other = profile(SECCOMP_ACT_ALLOW, &other_rule, 1); \
	assert_true(has_same_key(&seccomp, &other)); \
	change; \
	assert_false(has_same_key(&seccomp, &other)); \
} while (0)
	DIFFERS_BY(other.default_action = SECCOMP_ACT_LOG);
	DIFFERS_BY(other.default_errno_ret.is_set = true);
	DIFFERS_BY(other.architectures = (struct str_list)NAMES("SCMP_ARCH_X86"));
	DIFFERS_BY(other.has_flags = true);
	DIFFERS_BY(other.flags = SECCOMP_FILTER_FLAG_LOG);
	DIFFERS_BY(other.syscalls.count = 0);
	DIFFERS_BY(other_rule.names = (struct str_list)NAMES("a", "bc"));
	DIFFERS_BY(other_rule.names = (struct str_list)NAMES("abc"));
	DIFFERS_BY(other_rule.names = (struct str_list)NAMES("c", "ab"));
	DIFFERS_BY(other_rule.action = SECCOMP_ACT_TRACE);
	DIFFERS_BY(other_rule.errno_ret.is_set = true);
	DIFFERS_BY(other_rule.errno_ret = ((struct opt_u32){ true, 5 }));
	DIFFERS_BY(other_rule.args.count = 0);
	DIFFERS_BY(other_arg.index = 2);
	DIFFERS_BY(other_arg.op = SECCOMP_OP_NE);
	DIFFERS_BY(other_arg.value = 1ull << 40);
	DIFFERS_BY(other_arg.value_two = 1);
#undef DIFFERS_BY
	other = seccomp;
	other.listener_path = (char *)"/l";
	other.listener_metadata = (char *)"m";
	assert_true(has_same_key(&seccomp, &other));
}

static void test_sound(void **state)
{
	struct sock_filter good[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	const size_t count = sizeof(good) / sizeof(good[0]);
	static const struct { size_t index; struct sock_filter insn; } bad[] = {
		{ 0, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2) },
		{ 0, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, sizeof(struct seccomp_data)) },
		{ 0, BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0) },
		{ 0, BPF_STMT(BPF_ST, 0) },
		{ 1, BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0) },
		{ 2, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 2, 0) },
		{ 2, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 2) },
		{ 2, BPF_STMT(BPF_JMP | BPF_JA, 2) },
		{ 2, BPF_STMT(BPF_JMP | BPF_JA, 0xffffffff) },
		{ 4, BPF_STMT(BPF_RET | BPF_A, 0) },
		{ 4, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0) },
		{ 4, BPF_STMT(BPF_JMP | BPF_JA, 0) },
		{ 1, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 0) },
		{ 1, BPF_JUMP(BPF_JMP | 0x50, 0, 0, 0) },
		{ 1, BPF_JUMP(0x500 | BPF_JMP | BPF_JA, 0, 0, 0) },
	};

	(void)state;
	assert_true(plan_seccomp_is_sound(good, sizeof(good)));
	assert_false(plan_seccomp_is_sound(good, 0));
	assert_false(plan_seccomp_is_sound(good, sizeof(good) - 1));
	assert_false(plan_seccomp_is_sound(good, sizeof(good) - sizeof(good[0]) * 2));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct sock_filter insns[sizeof(good) / sizeof(good[0])];

		memcpy(insns, good, sizeof(good));
		insns[bad[i].index] = bad[i].insn;
		if (plan_seccomp_is_sound(insns, count * sizeof(insns[0])))
			fail_msg("bad[%zu] is taken for sound", i);
	}
}

/* The size and the shape of what Docker and podman send. */
static void test_default_profile(void **state)
{
	struct spec_seccomp_arg families[] = { { .index = 0, .value = 40, .op = SECCOMP_OP_NE } };
	struct spec_seccomp_arg persona[] = { { .index = 0, .value = 0xffffffff, .op = SECCOMP_OP_EQ } };
	struct spec_seccomp_arg clone[] = { { .index = 0, .value = 2114060288, .op = SECCOMP_OP_MASKED_EQ } };
	struct spec_seccomp_rule rules[] = {
		{ .names = { (char **)seccomp_names, SECCOMP_NAME_COUNT }, .action = SECCOMP_ACT_ALLOW },
		{ .names = NAMES("socket"), .action = SECCOMP_ACT_ALLOW, .args = { families, 1 } },
		{ .names = NAMES("personality"), .action = SECCOMP_ACT_ALLOW, .args = { persona, 1 } },
		{ .names = NAMES("clone"), .action = SECCOMP_ACT_ALLOW, .args = { clone, 1 } },
		{ .names = NAMES("clone3"), .action = SECCOMP_ACT_ERRNO, .errno_ret = { true, ENOSYS } },
	};
	struct spec_seccomp seccomp = profile(SECCOMP_ACT_ERRNO, rules, sizeof(rules) / sizeof(rules[0]));
	struct plan_seccomp filter;

	(void)state;
#if defined(__x86_64__)
	seccomp.architectures = (struct str_list)NAMES("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
#endif
	filter = build(&seccomp);
	assert_true(plan_seccomp_is_sound(filter.program, filter.size));
	assert_int_equal(decide_native(&filter, SYS_read), SECCOMP_RET_ALLOW);
	assert_int_equal(decide_native(&filter, SYS_execve), SECCOMP_RET_ALLOW);
	assert_int_equal(decide_native(&filter, SYS_mount), SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(decide_native(&filter, 435), SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(decide(&filter, NATIVE, SYS_socket, 2, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(decide(&filter, NATIVE, SYS_socket, 40, 0), SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(decide(&filter, NATIVE, SYS_clone, 0x11, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(decide(&filter, NATIVE, SYS_clone, 0x10000000, 0), SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(decide_native(&filter, NUMBER_NEW), SECCOMP_RET_ERRNO | ENOSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_actions, tear_down),
		cmocka_unit_test_teardown(test_default_action, tear_down),
		cmocka_unit_test_teardown(test_arguments, tear_down),
		cmocka_unit_test_teardown(test_new_calls_get_enosys, tear_down),
		cmocka_unit_test_teardown(test_architectures, tear_down),
		cmocka_unit_test_teardown(test_flags, tear_down),
		cmocka_unit_test_teardown(test_notify, tear_down),
		cmocka_unit_test_teardown(test_refused, tear_down),
		cmocka_unit_test_teardown(test_default_profile, tear_down),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
