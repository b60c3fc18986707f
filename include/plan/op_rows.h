/*
 * plan/op_rows.h - what each kind of op is called, when it may run and which fields it has: one row a kind.
 *
 * The printers, plan_check() and the reader of images (plan/image.c) walk these rows, so a field that has one is
 * printed and verified everywhere.  Constant data; any process.
 */
#ifndef PLAN_OP_ROWS_H
#define PLAN_OP_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/op.h"

enum op_field_type {
	OP_FIELD_STR = 0,    /* struct plan_str */
	OP_FIELD_LIST,       /* struct plan_list */
	OP_FIELD_NUMBERS,    /* struct plan_numbers */
	OP_FIELD_BYTES,      /* struct plan_bytes */
	OP_FIELD_SLOT,       /* uint32_t: a slot that the op reads */
	OP_FIELD_SLOT_FILL,  /* uint32_t: a slot that the op fills */
	OP_FIELD_U32,
	OP_FIELD_OCTAL,      /* uint32_t: permission bits */
	OP_FIELD_HEX32,      /* uint32_t: bits */
	OP_FIELD_I32,
	OP_FIELD_U64,
	OP_FIELD_HEX64,      /* uint64_t: bits */
	OP_FIELD_I64,
	OP_FIELD_TYPE_COUNT
};

struct op_field {
	const char *name;
	uint16_t type;       /* enum op_field_type */
	uint16_t offset;     /* in struct plan_op */
	bool is_required;    /* a string that is not "none", a list that is not empty */
	uint32_t max;        /* OP_FIELD_U32: the largest value, 0: any */
};

struct op_kind_row {
	const char *name;    /* "mount_fs" */
	uint32_t phases;     /* bit 1 << n: it may stand in phase n */
	const struct op_field *fields;
	size_t field_count;
};

/* Indexed by enum plan_op_kind. */
extern const struct op_kind_row op_kind_rows[OP_KIND_COUNT];

/* "join" ... "exec", indexed by enum plan_phase. */
extern const char *const plan_phase_names[PHASE_COUNT];

/* "mount_fs", or "unknown" for a kind that is out of range. */
const char *op_kind_name(uint32_t kind);

#endif
