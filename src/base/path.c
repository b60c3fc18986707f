/*
 * base/path.c - comparing absolute paths as text.
 *
 * Runs in the runtime and in init.
 */
#include "base/path.h"

#include <string.h>

bool path_is_beneath(const char *path, const char *parent)
{
	size_t length = strlen(parent);

	return strncmp(path, parent, length) == 0 && (path[length] == '\0' || path[length] == '/');
}
