/*
 * runtime/session_trace.h - init's times for --trace, through memory that both have (wire/trace.h).
 *
 * Runtime process only.
 */
#ifndef RUNTIME_SESSION_TRACE_H
#define RUNTIME_SESSION_TRACE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "plan/plan.h"
#include "wire/wire.h"

/* Zeros: there is none. */
struct session_trace {
	struct trace_page *page;
	uint32_t capacity;
};

/*
 * Makes the memory, and the message that gives it to init; the caller sends and closes that.  `plan` is what init
 * will run, or NULL for whoever doesn't know.
 */
int session_trace_begin(struct session_trace *trace, const struct plan *plan, struct wire_message *message,
			struct err *err);

/*
 * Adds what init, whose pid this is, noted to the trace, and gives the memory back.  What has no end ends now.
 * Harmless without any.
 */
void session_trace_end(struct session_trace *trace, const struct plan *plan, pid_t pid);

#endif
