/*
 * program/find.h - finds the host's helper programs: newuidmap, ps.  Runtime process only.
 */
#ifndef PROGRAM_FIND_H
#define PROGRAM_FIND_H

#include "base/arena.h"

/*
 * The absolute path of a program in the caller's PATH (a usual one when that is unset), in the arena, or NULL.
 * Relative entries are passed over: they would find what lies in the caller's directory.
 */
char *program_find(struct arena *arena, const char *name);

#endif
