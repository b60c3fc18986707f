/*
 * judge.h - whether what came of a fault will do.
 */
#ifndef FAULT_JUDGE_H
#define FAULT_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "names.h"
#include "world.h"

/* A fault that was struck, with words for it. */
struct strike {
	const struct fault *fault;
	const char *call;
	const char *object;
	const char *chain;
};

/*
 * Why it does no harm that this call fails; NULL: it should have been an error.  *may_differ: something of the
 * container is not as it is otherwise, and the reason says why that is good.
 */
const char *judge_harmless(const struct strike *strike, bool *may_differ);

/* Init dies after it has said that it will execute the program. */
bool judge_is_executing(const struct strike *strike);

/* Why the command may leave something for `delete` when it fails here; NULL: it may not. */
const char *judge_remains(const struct strike *strike);

/* NULL, or what is wrong with the message. */
const char *judge_message(const struct strike *strike, const char *errors);

#endif
