/*
 * plan/print_values.h - numbers of ops as words, for print.c.
 *
 * Used inside src/plan only; runtime process.  Pure.
 */
#ifndef PLAN_PRINT_VALUES_H
#define PLAN_PRINT_VALUES_H

#include <stdbool.h>

#include "base/names.h"
#include "plan/cgroup.h"
#include "plan/op_rows.h"

/* How a field of a kind of op reads. */
struct print_words {
	const struct name_table *names;
	bool is_bits;         /* the value is a set of bits, else one of the words */
	bool is_bit_number;   /* a name's value is the number of its bit (capabilities) */
};

/* The words of a field, or NULL where the number says it best. */
const struct print_words *plan_print_words(uint32_t kind, const char *field);

/* CLONE_NEW* words and hook kinds, for what isn't an op. */
extern const struct print_words plan_print_clone_flags;

/*
 * The next word of a set of bits: takes its bits away from *bits and returns it; NULL when no known bit is left.
 * *at is the place in the table, from 0.
 */
const char *plan_print_next_bit(const struct print_words *words, size_t *at, uint64_t *bits);

/* "required", "optional", "if there" or "else". */
const char *plan_print_need(enum plan_cgroup_need need);

#endif
