/*
 * ops/trace.h - init's notes of when its operations began and ended (wire/trace.h).
 *
 * Init process only.  Without a message WIRE_TRACE they cost nothing: no clock is read.
 */
#ifndef OPS_TRACE_H
#define OPS_TRACE_H

#include "ops/op.h"

/* Notes go to the memory of this message from now on, and no more to that of an earlier one. */
int op_trace_open(struct init_context *context, const struct wire_message *message, struct err *err);

/* No more notes. */
void op_trace_close(struct init_context *context);

void op_trace_begin(struct init_context *context, const struct plan_op *op);
void op_trace_end(struct init_context *context);

#endif
