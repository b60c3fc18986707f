/*
 * runtime/undo.h - a stack of what has to be taken back when a command fails half way.
 *
 * Runtime process only.  `delete` calls the same functions that stand on the stack (runtime/teardown.h), so that a
 * failed create and a finished container leave the same nothing behind.
 */
#ifndef RUNTIME_UNDO_H
#define RUNTIME_UNDO_H

#include <stddef.h>

#define UNDO_MAX 8

struct undo_step { void (*function)(void *argument); void *argument; };

struct undo {
	struct undo_step steps[UNDO_MAX];
	size_t count;
};

/*
 * The argument must live until undo_run(), which a command that succeeds never calls.  More than UNDO_MAX steps is a
 * bug and aborts.
 */
void undo_push(struct undo *undo, void (*function)(void *argument), void *argument);

/*
 * Calls the steps, newest first, and empties the stack.  The steps log their own
 * failures: the first error is what counts.
 */
void undo_run(struct undo *undo);

#endif
