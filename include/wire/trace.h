/*
 * wire/trace.h - memory in which init notes when its operations began and ended.
 *
 * The runtime makes it, a sealed memfd that can't shrink, and sends it with WIRE_TRACE; init writes, and who made it
 * reads when the talk is over.  So a note costs no message, and what init did before it died is there, too.
 */
#ifndef WIRE_TRACE_H
#define WIRE_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "wire/wire.h"

/* Nobody's plan has as many operations, and init maps no more. */
#define TRACE_RECORDS_MAX 65536u

struct trace_record {
	uint32_t op_index;
	uint32_t kind;            /* enum plan_op_kind: `start` has no plan to find it in */
	uint64_t start_ns;        /* CLOCK_MONOTONIC */
	uint64_t end_ns;          /* 0: init couldn't tell: a filter may forbid to ask, or the op hasn't ended */
	char origin[WIRE_ORIGIN_SIZE]; /* cut short when it is long */
};

struct trace_page {
	uint32_t count;           /* of records that are written */
	uint32_t lost;            /* for which there was no room */
	struct trace_record records[];
};

static inline size_t trace_page_size(uint32_t capacity)
{
	return sizeof(struct trace_page) + capacity * sizeof(struct trace_record);
}

#endif
