/*
 * plan/seccomp_calls.c - a plain profile as a list of calls for each architecture, for seccomp_tree.c to write.
 *
 * Runs in the runtime process; only numbers of system calls come from libseccomp.  It must leave to libseccomp whatever
 * has a subtle side: actions that contradict each other, calls behind a multiplexer, bits that no argument has.
 * tests/unit/test_seccomp_tree.c holds both ways against each other.
 */
#include "seccomp_compiler.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "seccomp_tree.h"

/* Little-endian all: seccomp_tree.c wants the low half first. */
static const struct { uint32_t token; uint32_t audit_arch; bool is_narrow; bool is_x32; } arch_rows[] = {
	{ SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, false, false },
	{ SCMP_ARCH_X86, AUDIT_ARCH_I386, true, false },
	{ SCMP_ARCH_X32, AUDIT_ARCH_X86_64, true, true },
	{ SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, false, false },
	{ SCMP_ARCH_ARM, AUDIT_ARCH_ARM, true, false },
	{ SCMP_ARCH_RISCV64, AUDIT_ARCH_RISCV64, false, false },
};

/*
 * i386's calls that are also sub-calls of socketcall(2) and ipc(2), sorted; libseccomp has no number of their own for
 * them.
 */
struct multiplexed { const char *name; int number; const char *multiplexer; };
static const struct multiplexed multiplexed_rows[] = {
	{ "accept", -1, "socketcall" },
	{ "accept4", 364, "socketcall" },
	{ "bind", 361, "socketcall" },
	{ "connect", 362, "socketcall" },
	{ "getpeername", 368, "socketcall" },
	{ "getsockname", 367, "socketcall" },
	{ "getsockopt", 365, "socketcall" },
	{ "listen", 363, "socketcall" },
	{ "msgctl", 402, "ipc" },
	{ "msgget", 399, "ipc" },
	{ "msgrcv", 401, "ipc" },
	{ "msgsnd", 400, "ipc" },
	{ "recv", -1, "socketcall" },
	{ "recvfrom", 371, "socketcall" },
	{ "recvmmsg", 337, "socketcall" },
	{ "recvmsg", 372, "socketcall" },
	{ "semctl", 394, "ipc" },
	{ "semget", 393, "ipc" },
	{ "semop", -1, "ipc" },
	{ "semtimedop", -1, "ipc" },
	{ "send", -1, "socketcall" },
	{ "sendmmsg", 345, "socketcall" },
	{ "sendmsg", 370, "socketcall" },
	{ "sendto", 369, "socketcall" },
	{ "setsockopt", 366, "socketcall" },
	{ "shmat", 397, "ipc" },
	{ "shmctl", 396, "ipc" },
	{ "shmdt", 398, "ipc" },
	{ "shmget", 395, "ipc" },
	{ "shutdown", 373, "socketcall" },
	{ "socket", 359, "socketcall" },
	{ "socketpair", 360, "socketcall" },
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* Calls of one architecture as the rules name them. */
struct call_list { struct seccomp_call *items; size_t count; };

/* --- what is plain --- */

static bool is_plain_arg(const struct spec_seccomp_arg *arg, bool is_narrow)
{
	uint64_t bits = arg->op == SECCOMP_OP_MASKED_EQ ? arg->value | arg->value_two : arg->value;

	if (arg->op == SECCOMP_OP_MASKED_EQ && (arg->value_two & ~arg->value) != 0)
		return false;
	return !is_narrow || bits <= UINT32_MAX;
}

/* Listeners want to be asked for in the words of the kernel that runs (libseccomp checks it). */
static bool is_plain_rule(const struct spec_seccomp_rule *rule, bool is_narrow)
{
	if (rule->action == SECCOMP_ACT_NOTIFY)
		return false;
	for (size_t i = 0; i < rule->args.count; i++)
		if (!is_plain_arg(&rule->args.items[i], is_narrow))
			return false;
	return true;
}

/* The multiplexer does always what the rule says, so that the sub-call needs no word. */
static bool is_multiplexer_open(const struct seccomp_compiler *compiler, const char *multiplexer, uint32_t action)
{
	const struct spec_seccomp_rule_list *list = &compiler->seccomp->syscalls;
	bool is_open = false;

	for (size_t i = 0; i < list->count; i++) {
		const struct spec_seccomp_rule *rule = &list->items[i];
		uint32_t other;

		for (size_t n = 0; n < rule->names.count; n++) {
			if (strcmp(rule->names.items[n], multiplexer) != 0)
				continue;
			if (rule->args.count > 0 || seccomp_rule_action(compiler, i, &other) < 0 || other != action)
				return false;
			is_open = true;
		}
	}
	return is_open;
}

/* --- numbers --- */

static int compare_name(const void *name, const void *row)
{
	return strcmp(name, ((const struct multiplexed *)row)->name);
}

/* 1 with the number; 0 when the architecture has no such call; -1 when libseccomp has to look at it. */
static int find_number(const struct seccomp_compiler *compiler, uint32_t token, size_t rule_index, const char *name,
		       uint32_t action, uint32_t *number)
{
	const struct multiplexed *row = token == SCMP_ARCH_X86 ?
		bsearch(name, multiplexed_rows, ROWS(multiplexed_rows), sizeof(*row), compare_name) : NULL;
	int found = row ? row->number : compiler->library.syscall_resolve_name_arch(token, name);

	if (row && !is_multiplexer_open(compiler, row->multiplexer, action))
		return -1;
	if (!row && found == __NR_SCMP_ERROR && token == compiler->archs[0])
		seccomp_log_unknown(rule_index, name);
	*number = (uint32_t)found;
	return found >= 0;
}

static void add_call(const struct seccomp_compiler *compiler, struct call_list *list, struct seccomp_call call)
{
	list->items = arena_grow(compiler->arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = call;
}

/* One clause of all conditions, or one of each. */
static void read_clauses(const struct seccomp_compiler *compiler, const struct spec_seccomp_arg_list *args,
			 bool has_repeated, struct seccomp_call *call)
{
	if (args->count == 0)
		return;
	call->clause_count = has_repeated ? args->count : 1;
	call->clauses = arena_alloc_array(compiler->arena, call->clause_count, sizeof(*call->clauses));
	for (size_t i = 0; i < call->clause_count; i++)
		call->clauses[i] = (struct seccomp_clause){ &args->items[i], has_repeated ? 1 : args->count };
}

static int collect_rule(const struct seccomp_compiler *compiler, size_t index, uint32_t token, bool is_narrow,
			struct call_list *list)
{
	const struct spec_seccomp_rule *rule = &compiler->seccomp->syscalls.items[index];
	struct seccomp_call call = { 0 };
	bool has_repeated;

	if (seccomp_rule_action(compiler, index, &call.action) < 0 ||
	    seccomp_check_args(compiler, index, &has_repeated) < 0)
		return -1;
	if (call.action == compiler->default_action)
		return 1;
	if (!is_plain_rule(rule, is_narrow))
		return 0;
	read_clauses(compiler, &rule->args, has_repeated, &call);
	for (size_t i = 0; i < rule->names.count; i++) {
		int found = find_number(compiler, token, index, rule->names.items[i], call.action,
					&call.number);

		if (found < 0)
			return 0;
		if (found > 0)
			add_call(compiler, list, call);
	}
	return 1;
}

/* --- one entry a number --- */

static int compare_calls(const void *a, const void *b)
{
	uint32_t first = ((const struct seccomp_call *)a)->number, second = ((const struct seccomp_call *)b)->number;

	return first < second ? -1 : first > second;
}

/* Of calls with the same number; false when they contradict each other. */
static bool merge_call(const struct seccomp_compiler *compiler, struct seccomp_call *into,
		       const struct seccomp_call *call)
{
	struct seccomp_clause *clauses;

	if (into->action != call->action)
		return false;
	if (!into->clauses || !call->clauses) {
		into->clauses = NULL;
		into->clause_count = 0;
		return true;
	}
	clauses = arena_alloc_array(compiler->arena, into->clause_count + call->clause_count, sizeof(*clauses));
	memcpy(clauses, into->clauses, into->clause_count * sizeof(*clauses));
	memcpy(clauses + into->clause_count, call->clauses, call->clause_count * sizeof(*clauses));
	into->clauses = clauses;
	into->clause_count += call->clause_count;
	return true;
}

static bool merge_calls(const struct seccomp_compiler *compiler, struct call_list *list)
{
	size_t kept = 0;

	qsort(list->items, list->count, sizeof(*list->items), compare_calls);
	for (size_t i = 0; i < list->count; i++) {
		if (kept == 0 || list->items[kept - 1].number != list->items[i].number)
			list->items[kept++] = list->items[i];
		else if (!merge_call(compiler, &list->items[kept - 1], &list->items[i]))
			return false;
	}
	list->count = kept;
	return true;
}

static int collect_arch(const struct seccomp_compiler *compiler, uint32_t token, struct seccomp_tree_arch *arch)
{
	struct call_list list = { NULL, 0 };
	size_t row = 0;

	while (row < ROWS(arch_rows) && arch_rows[row].token != token)
		row++;
	if (row == ROWS(arch_rows))
		return 0;
	for (size_t i = 0; i < compiler->seccomp->syscalls.count; i++) {
		int result = collect_rule(compiler, i, token, arch_rows[row].is_narrow, &list);

		if (result <= 0)
			return result;
	}
	if (list.count > 0 && !merge_calls(compiler, &list))
		return 0;
	*arch = (struct seccomp_tree_arch){ arch_rows[row].audit_arch, arch_rows[row].is_narrow, arch_rows[row].is_x32,
					    list.items, list.count };
	return 1;
}

int seccomp_write_plain(const struct seccomp_compiler *compiler, size_t ahead, struct sock_filter **program,
			size_t *count)
{
	struct seccomp_tree_arch *archs;

	if (compiler->seccomp->default_action == SECCOMP_ACT_NOTIFY)
		return 0;
	archs = arena_alloc_array(compiler->arena, compiler->arch_count, sizeof(*archs));
	for (size_t i = 0; i < compiler->arch_count; i++) {
		int result = collect_arch(compiler, compiler->archs[i], &archs[i]);

		if (result <= 0)
			return result;
	}
	*program = arena_alloc_array(compiler->arena, ahead + SECCOMP_INSNS_MAX, sizeof(**program));
	*count = seccomp_tree_write(archs, compiler->arch_count, compiler->default_action, *program + ahead);
	return *count > 0;
}
