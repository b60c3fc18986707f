/*
 * names.h - words for what the seam struck: system calls, and the functions that made them.
 */
#ifndef FAULT_NAMES_H
#define FAULT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "seam.h"

/* The functions of one of the two programs, by address. */
struct symbols {
	struct symbol *items;
	size_t count;
};

/* Reads the symbol table of an ELF file that is not position-independent.  Exits on failure. */
void symbols_load(struct symbols *symbols, const char *path);

/* "read", or "" for a number that the table doesn't have. */
const char *call_name(int number);

/* A likely error of this call. */
int call_likely_error(int number);

/* The call can't fail (getpid), or returns to nobody (exit). */
bool call_never_fails(int number);

/* It may wait, and then be interrupted by a signal. */
bool call_may_be_interrupted(int number);

/* Missing before some Linux of the last years, or answered with ENOSYS by a seccomp profile. */
bool call_is_new(int number);

/* Fills `text` with the struck process' functions, the innermost first: "sys_openat < open_root < store_open". */
void chain_print(const struct symbols *symbols, const struct fault_struck *struck, char *text, size_t size);

#endif
