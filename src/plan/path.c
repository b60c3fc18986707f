/*
 * plan/path.c - paths of the container as text.
 *
 * Runtime process only; pure.  Cleaning is for comparing and for printing; init still resolves every path beneath the
 * root, so a symlink can't make a cleaned path mean something outside.
 */
#include <string.h>

#include "plan/builder.h"

char *plan_path_clean(struct arena *arena, const char *path)
{
	char *clean = arena_alloc(arena, strlen(path) + 2);
	size_t length = 0;

	while (*path != '\0') {
		size_t part = strcspn(path, "/");
		if (part == 2 && path[0] == '.' && path[1] == '.') {
			while (length > 0 && clean[--length] != '/')
				;
		} else if (part > 0 && !(part == 1 && path[0] == '.')) {
			clean[length++] = '/';
			memcpy(clean + length, path, part);
			length += part;
		}
		path += part;
		path += *path == '/';
	}
	if (length == 0)
		clean[length++] = '/';
	clean[length] = '\0';
	return clean;
}

bool plan_path_is_clean(const char *path)
{
	if (strcmp(path, "/") == 0)
		return true;
	while (*path == '/') {
		size_t part = strcspn(++path, "/");
		if (part == 0 || (path[0] == '.' && (part == 1 || (part == 2 && path[1] == '.'))))
			return false;
		path += part;
		if (*path == '\0')
			return true;
	}
	return false;
}
