/*
 * base/names.h - tables of word <-> number.
 *
 * The config's enumerations (signals, capabilities, rlimits, propagation ...) are rows; no module compares words by
 * hand.  Any process may use it; it allocates nothing.
 */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct name_row {
	const char *name;
	int64_t value;
};

/* A table with its length; NAME_TABLE(rows) makes one from an array. */
struct name_table {
	const struct name_row *rows;
	size_t count;
};

#define NAME_TABLE(array) { (array), sizeof(array) / sizeof((array)[0]) }

/* Finds the exact word; returns 0 and sets *value, or -1 and leaves it alone. */
int name_to_value(const struct name_table *table, const char *name, int64_t *value);

/* The first word for a value, or NULL. */
const char *name_from_value(const struct name_table *table, int64_t value);

#endif
