/*
 * plan/seccomp_key.c - what tells one profile from another, and a whole filter from a damaged one.
 *
 * Runs in the runtime process, pure.  It must not leave anything out that plan/seccomp.c looks at.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>

#include "plan/seccomp.h"

static void add_u32(struct buf *key, uint32_t value)
{
	buf_add(key, &value, sizeof(value));
}

static void add_u64(struct buf *key, uint64_t value)
{
	buf_add(key, &value, sizeof(value));
}

/* Every text and list says its length first, so that no two profiles come to the same bytes. */
static void add_text(struct buf *key, const char *text)
{
	size_t length = strlen(text);

	add_u32(key, (uint32_t)length);
	buf_add(key, text, length);
}

static void add_texts(struct buf *key, const struct str_list *list)
{
	add_u32(key, (uint32_t)list->count);
	for (size_t i = 0; i < list->count; i++)
		add_text(key, list->items[i]);
}

static void add_errno(struct buf *key, const struct opt_u32 *number)
{
	add_u32(key, number->is_set);
	add_u32(key, number->is_set ? number->value : 0);
}

static void add_rule(struct buf *key, const struct spec_seccomp_rule *rule)
{
	add_texts(key, &rule->names);
	add_u32(key, rule->action);
	add_errno(key, &rule->errno_ret);
	add_u32(key, (uint32_t)rule->args.count);
	for (size_t i = 0; i < rule->args.count; i++) {
		add_u32(key, rule->args.items[i].index);
		add_u32(key, rule->args.items[i].op);
		add_u64(key, rule->args.items[i].value);
		add_u64(key, rule->args.items[i].value_two);
	}
}

void plan_seccomp_key(const struct spec_seccomp *seccomp, struct buf *key)
{
	add_u32(key, seccomp->default_action);
	add_errno(key, &seccomp->default_errno_ret);
	add_texts(key, &seccomp->architectures);
	add_u32(key, seccomp->has_flags);
	add_u32(key, seccomp->flags);
	add_u32(key, (uint32_t)seccomp->syscalls.count);
	for (size_t i = 0; i < seccomp->syscalls.count; i++)
		add_rule(key, &seccomp->syscalls.items[i]);
}

static bool is_jump_sound(const struct sock_filter *insn, size_t room)
{
	switch (insn->code) {
	case BPF_JMP | BPF_JA:
		return insn->k < room;
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_K:
		return insn->jt < room && insn->jf < room;
	default:
		return false;
	}
}

/* What libseccomp and the stub write: loads of 32 bits of struct seccomp_data, masks, jumps, returns of a constant. */
static bool is_insn_sound(const struct sock_filter *insn, size_t room)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		return insn->code == (BPF_LD | BPF_W | BPF_ABS) && insn->k % sizeof(uint32_t) == 0 &&
		       insn->k < sizeof(struct seccomp_data);
	case BPF_ALU:
		return insn->code == (BPF_ALU | BPF_AND | BPF_K);
	case BPF_JMP:
		return is_jump_sound(insn, room);
	default:
		return insn->code == (BPF_RET | BPF_K);
	}
}

bool plan_seccomp_is_sound(const void *program, size_t size)
{
	const struct sock_filter *insns = program;
	size_t count = size / sizeof(*insns);

	if (size % sizeof(*insns) != 0 || count == 0 || count > BPF_MAXINSNS)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!is_insn_sound(&insns[i], count - i - 1))
			return false;
	}
	return BPF_CLASS(insns[count - 1].code) == BPF_RET;
}
