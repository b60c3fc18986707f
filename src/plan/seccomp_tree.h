/*
 * plan/seccomp_tree.h - a seccomp filter written as a binary tree over ranges of system call numbers.
 *
 * What most profiles say is so plain that it needs no library that thinks about the rest: for each call one action,
 * always or on conditions, and another action for all else.  Such a filter is written here some twenty times faster
 * than by libseccomp and has a fifth of the instructions, which the kernel checks at each load and runs at each system
 * call.  Pure; runtime process only.  For architectures with the low half of a 64-bit word first.
 */
#ifndef PLAN_SECCOMP_TREE_H
#define PLAN_SECCOMP_TREE_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spec/seccomp.h"

/* The kernel's limit for a filter, BPF_MAXINSNS. */
#define SECCOMP_INSNS_MAX 4096
/* More than any architecture has. */
#define SECCOMP_TREE_CALLS_MAX 1024

/* Conditions that must all hold. */
struct seccomp_clause { const struct spec_seccomp_arg *args; size_t count; };

struct seccomp_call {
	uint32_t number;        /* with the x32 bit where it is one of x32 */
	uint32_t action;        /* SECCOMP_RET_* with its data */
	/* One of them must hold; NULL: the action is taken always. */
	struct seccomp_clause *clauses;
	size_t clause_count;
};

/* Calls of one architecture; x32 is one of its own, with AUDIT_ARCH_X86_64. */
struct seccomp_tree_arch {
	uint32_t audit_arch;
	bool is_narrow;         /* arguments have 32 bits; what is above them isn't looked at */
	bool is_x32;
	struct seccomp_call *calls; /* sorted by number, each number once */
	size_t count;
};

/*
 * Writes a filter for these architectures; any other one, and x32's calls where x32 isn't among them, kill the thread
 * (as libseccomp does).  `out` has room for SECCOMP_INSNS_MAX.  Returns the number of instructions, or 0 when there is
 * too little room, or an architecture has more calls than SECCOMP_TREE_CALLS_MAX.
 */
size_t seccomp_tree_write(const struct seccomp_tree_arch *archs, size_t arch_count, uint32_t default_action,
			  struct sock_filter *out);

#endif
