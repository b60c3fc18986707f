/*
 * runtime/undo.c - a stack of what has to be taken back when a command fails half way.  Runtime process only.
 */
#include "runtime/undo.h"

#include <stdlib.h>

void undo_push(struct undo *undo, void (*function)(void *argument), void *argument)
{
	if (undo->count == UNDO_MAX)
		abort();
	undo->steps[undo->count++] = (struct undo_step){ function, argument };
}

void undo_run(struct undo *undo)
{
	while (undo->count > 0) {
		const struct undo_step *step = &undo->steps[--undo->count];

		step->function(step->argument);
	}
}
