/*
 * plan/seccomp_tree.c - writes a seccomp filter as a binary tree over ranges of system call numbers.
 *
 * Runs in the runtime process, pure.  Jumps lead forward only, so that the filter is written from its end: wherever an
 * instruction jumps to is already there.
 */
#include "seccomp_tree.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string.h>

#include "seccomp_stub.h"

/* A conditional jump skips 255 instructions at most; one less leaves room for a jump that helps it. */
#define REACH_MAX 254
/* So many different actions are remembered, to be returned from one place. */
#define RETURN_COUNT 4
/* A tracer's word for "make no system call" (seccomp(2)), which is nobody's number. */
#define NUMBER_SKIP UINT32_MAX

struct tree {
	struct sock_filter *insns; /* filled from the end */
	size_t at;                 /* the first instruction there is */
	bool is_full;
	uint32_t default_action;
	struct { uint32_t action; size_t at; } returns[RETURN_COUNT];
	size_t return_count;
};

/* Numbers from `first` up to the next range's. */
struct range { uint32_t first; uint32_t action; const struct seccomp_call *call; /* NULL: always */ };

/* Puts an instruction in front of all others; returns its place. */
static size_t prepend(struct tree *tree, uint16_t code, uint32_t value, uint8_t if_true, uint8_t if_false)
{
	if (tree->at == 0) {
		tree->is_full = true;
		return 0;
	}
	tree->insns[--tree->at] = (struct sock_filter){ code, if_true, if_false, value };
	return tree->at;
}

/* A place that leads to `target` and that the next instruction can jump to. */
static size_t reach(struct tree *tree, size_t target)
{
	if (target - tree->at <= REACH_MAX)
		return target;
	return prepend(tree, BPF_JMP | BPF_JA, (uint32_t)(target - tree->at), 0, 0);
}

static size_t branch(struct tree *tree, uint16_t test, uint32_t value, size_t if_true, size_t if_false)
{
	if_true = reach(tree, if_true);
	if_false = reach(tree, if_false);
	return prepend(tree, BPF_JMP | test | BPF_K, value, (uint8_t)(if_true - tree->at),
		       (uint8_t)(if_false - tree->at));
}

static size_t load(struct tree *tree, size_t offset)
{
	return prepend(tree, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Makes `target` what comes behind the next instruction. */
static void fall_into(struct tree *tree, size_t target)
{
	if (target != tree->at)
		prepend(tree, BPF_JMP | BPF_JA, (uint32_t)(target - tree->at), 0, 0);
}

/* The nearest return of the action, or a new one. */
static size_t give(struct tree *tree, uint32_t action)
{
	size_t slot;

	for (slot = 0; slot < tree->return_count; slot++)
		if (tree->returns[slot].action == action)
			break;
	if (slot < tree->return_count && tree->returns[slot].at - tree->at < REACH_MAX)
		return tree->returns[slot].at;
	if (slot == tree->return_count && tree->return_count < RETURN_COUNT)
		tree->return_count++;
	slot = slot < RETURN_COUNT ? slot : RETURN_COUNT - 1;
	tree->returns[slot].action = action;
	return tree->returns[slot].at = prepend(tree, BPF_RET | BPF_K, action, 0, 0);
}

/* --- conditions --- */

/* Two halves of an argument: the high one decides unless it is equal. */
static size_t compare(struct tree *tree, const struct seccomp_tree_arch *arch, uint16_t test, uint32_t arg,
		      uint64_t value, size_t yes, size_t no)
{
	size_t low = offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t);
	uint32_t high_value = (uint32_t)(value >> 32);
	size_t entry;

	branch(tree, test, (uint32_t)value, yes, no);
	entry = load(tree, low);
	if (arch->is_narrow)
		return entry;
	entry = branch(tree, BPF_JEQ, high_value, entry, no);
	if (test != BPF_JEQ)
		branch(tree, BPF_JGT, high_value, yes, entry);
	return load(tree, low + sizeof(uint32_t));
}

static size_t compare_masked(struct tree *tree, const struct seccomp_tree_arch *arch,
			     const struct spec_seccomp_arg *arg, size_t yes, size_t no)
{
	size_t low = offsetof(struct seccomp_data, args) + arg->index * sizeof(uint64_t);
	size_t entry;

	branch(tree, BPF_JEQ, (uint32_t)arg->value_two, yes, no);
	prepend(tree, BPF_ALU | BPF_AND | BPF_K, (uint32_t)arg->value, 0, 0);
	entry = load(tree, low);
	if (arch->is_narrow)
		return entry;
	branch(tree, BPF_JEQ, (uint32_t)(arg->value_two >> 32), entry, no);
	prepend(tree, BPF_ALU | BPF_AND | BPF_K, (uint32_t)(arg->value >> 32), 0, 0);
	return load(tree, low + sizeof(uint32_t));
}

static size_t write_condition(struct tree *tree, const struct seccomp_tree_arch *arch,
			      const struct spec_seccomp_arg *arg, size_t yes, size_t no)
{
	static const struct { uint16_t test; bool is_negated; } tests[] = {
		[SECCOMP_OP_NE] = { BPF_JEQ, true },
		[SECCOMP_OP_LT] = { BPF_JGE, true },
		[SECCOMP_OP_LE] = { BPF_JGT, true },
		[SECCOMP_OP_EQ] = { BPF_JEQ, false },
		[SECCOMP_OP_GE] = { BPF_JGE, false },
		[SECCOMP_OP_GT] = { BPF_JGT, false },
	};

	if (arg->op == SECCOMP_OP_MASKED_EQ)
		return compare_masked(tree, arch, arg, yes, no);
	return compare(tree, arch, tests[arg->op].test, arg->index, arg->value, tests[arg->op].is_negated ? no : yes,
		       tests[arg->op].is_negated ? yes : no);
}

static size_t write_call(struct tree *tree, const struct seccomp_tree_arch *arch, const struct seccomp_call *call)
{
	size_t no = give(tree, tree->default_action);

	for (size_t i = call->clause_count; i-- > 0;) {
		const struct seccomp_clause *clause = &call->clauses[i];
		size_t yes = give(tree, call->action);

		for (size_t n = clause->count; n-- > 0;)
			yes = write_condition(tree, arch, &clause->args[n], yes, no);
		no = yes;
	}
	return no;
}

/* --- numbers --- */

static void add_range(const struct tree *tree, struct range *ranges, size_t *count, uint32_t first,
		      const struct seccomp_call *call)
{
	struct range range = { first, call ? call->action : tree->default_action,
			       call && call->clauses ? call : NULL };
	const struct range *last = *count > 0 ? &ranges[*count - 1] : NULL;

	if (last && !last->call && !range.call && last->action == range.action)
		return;
	ranges[(*count)++] = range;
}

/* Halves the ranges, so that it goes as deep as their number has bits. NOLINTNEXTLINE(misc-no-recursion) */
static size_t write_ranges(struct tree *tree, const struct seccomp_tree_arch *arch, const struct range *ranges,
			   size_t count)
{
	size_t middle = count / 2, right, left;

	if (count == 1)
		return ranges->call ? write_call(tree, arch, ranges->call) : give(tree, ranges->action);
	right = write_ranges(tree, arch, ranges + middle, count - middle);
	left = write_ranges(tree, arch, ranges, middle);
	return branch(tree, BPF_JGE, ranges[middle].first, right, left);
}

/* The number is loaded; returns where the tree begins. */
static size_t write_numbers(struct tree *tree, const struct seccomp_tree_arch *arch, struct range *ranges)
{
	size_t count = 0;

	add_range(tree, ranges, &count, 0, arch->count > 0 && arch->calls[0].number == 0 ? &arch->calls[0] : NULL);
	for (size_t i = 0; i < arch->count; i++) {
		const struct seccomp_call *call = &arch->calls[i];

		if (call->number > 0)
			add_range(tree, ranges, &count, call->number, call);
		if (i + 1 == arch->count || arch->calls[i + 1].number > call->number + 1)
			add_range(tree, ranges, &count, call->number + 1, NULL);
	}
	return write_ranges(tree, arch, ranges, count);
}

/* --- architectures --- */

static const struct seccomp_tree_arch *find_x32(const struct seccomp_tree_arch *archs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (archs[i].is_x32)
			return &archs[i];
	return NULL;
}

/* x32's calls come with x86_64's architecture and a bit in the number. */
static size_t write_x86_64(struct tree *tree, const struct seccomp_tree_arch *arch, const struct seccomp_tree_arch *x32,
			   struct range *ranges)
{
	size_t plain = write_numbers(tree, arch, ranges), other;

	if (x32)
		other = write_numbers(tree, x32, ranges);
	else
		other = branch(tree, BPF_JEQ, NUMBER_SKIP, give(tree, tree->default_action),
			       give(tree, SECCOMP_RET_KILL_THREAD));
	return branch(tree, BPF_JGE, SECCOMP_X32_BIT, other, plain);
}

size_t seccomp_tree_write(const struct seccomp_tree_arch *archs, size_t arch_count, uint32_t default_action,
			  struct sock_filter *out)
{
	/* Each call makes one range, and one behind it. */
	struct range ranges[2 * SECCOMP_TREE_CALLS_MAX + 1];
	struct tree tree = { .insns = out, .at = SECCOMP_INSNS_MAX, .default_action = default_action };
	const struct seccomp_tree_arch *x32 = find_x32(archs, arch_count);
	size_t next = give(&tree, SECCOMP_RET_KILL_THREAD);

	for (size_t i = arch_count; i-- > 0;) {
		const struct seccomp_tree_arch *arch = &archs[i];
		size_t begin;

		if (arch->is_x32)
			continue;
		if (arch->count > SECCOMP_TREE_CALLS_MAX || (x32 && x32->count > SECCOMP_TREE_CALLS_MAX))
			return 0;
		if (arch->audit_arch == AUDIT_ARCH_X86_64)
			begin = write_x86_64(&tree, arch, x32, ranges);
		else
			begin = write_numbers(&tree, arch, ranges);
		fall_into(&tree, begin);
		begin = load(&tree, offsetof(struct seccomp_data, nr));
		next = branch(&tree, BPF_JEQ, arch->audit_arch, begin, next);
	}
	load(&tree, offsetof(struct seccomp_data, arch));
	if (tree.is_full)
		return 0;
	memmove(out, out + tree.at, (SECCOMP_INSNS_MAX - tree.at) * sizeof(*out));
	return SECCOMP_INSNS_MAX - tree.at;
}
