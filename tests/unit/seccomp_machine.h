/*
 * seccomp_machine.h - runs a filter on a made-up system call: classic BPF as seccomp allows it (seccomp(2)).
 */
#ifndef SECCOMP_MACHINE_H
#define SECCOMP_MACHINE_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>

#include "plan/seccomp.h"

static uint32_t machine_jump(const struct sock_filter *insn, uint32_t a)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JA: return insn->k;
	case BPF_JEQ: return a == insn->k ? insn->jt : insn->jf;
	case BPF_JGT: return a > insn->k ? insn->jt : insn->jf;
	case BPF_JGE: return a >= insn->k ? insn->jt : insn->jf;
	case BPF_JSET: return (a & insn->k) != 0 ? insn->jt : insn->jf;
	default: fail_msg("jump %#x", insn->code); return 0;
	}
}

static uint32_t seccomp_machine_run(const struct plan_seccomp *filter, const struct seccomp_data *data)
{
	const struct sock_filter *insns = filter->program;
	size_t count = filter->size / sizeof(*insns);
	uint32_t a = 0;

	for (size_t at = 0; at < count; at++) {
		const struct sock_filter *insn = &insns[at];

		switch (BPF_CLASS(insn->code)) {
		case BPF_LD:
			assert_int_equal(insn->code, BPF_LD | BPF_W | BPF_ABS);
			assert_true(insn->k + 4 <= sizeof(*data));
			memcpy(&a, (const char *)data + insn->k, sizeof(a));
			break;
		case BPF_ALU:
			assert_int_equal(insn->code, BPF_ALU | BPF_AND | BPF_K);
			a &= insn->k;
			break;
		case BPF_JMP:
			at += machine_jump(insn, a);
			break;
		case BPF_RET:
			return insn->k;
		default:
			fail_msg("instruction %#x", insn->code);
		}
	}
	fail_msg("the filter has no end");
	return 0;
}

#endif
