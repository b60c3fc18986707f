/*
 * base/names.c - looks words and numbers up in a table.
 *
 * Runs in the runtime and in init; allocates nothing.
 */
#include <string.h>

#include "base/names.h"

int name_to_value(const struct name_table *table, const char *name, int64_t *value)
{
	for (size_t i = 0; i < table->count; i++) {
		if (strcmp(table->rows[i].name, name) == 0) {
			*value = table->rows[i].value;
			return 0;
		}
	}
	return -1;
}

const char *name_from_value(const struct name_table *table, int64_t value)
{
	for (size_t i = 0; i < table->count; i++) {
		if (table->rows[i].value == value)
			return table->rows[i].name;
	}
	return NULL;
}
