/*
 * ops/last_words.h - what init can still say when a filter forbids it to say anything: it writes to memory that it
 * shares with the runtime, which takes no system call.  The exec ends that.
 *
 * Init process only.
 */
#ifndef OPS_LAST_WORDS_H
#define OPS_LAST_WORDS_H

#include "ops/op.h"
#include "wire/wire.h"

/*
 * Makes the memory.  Returns the fd to send with WIRE_EXECING, owned by the caller; -1: there is none, and then the
 * exit status has to do.
 */
int last_words_open(struct init_context *context);

/* Does nothing where there is none. */
void last_words_write(const struct init_context *context, const struct wire_error *error);

#endif
