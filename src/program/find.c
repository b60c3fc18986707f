/*
 * program/find.c - finds the host's helper programs.
 *
 * Runtime process only; to be called while runlet is in the host's root, before it has entered anything of a container.
 */
#include "program/find.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *program_find(struct arena *arena, const char *name)
{
	const char *search = getenv("PATH");
	const char *end;
	char *path;

	if (!search || search[0] == '\0')
		search = "/usr/sbin:/usr/bin:/sbin:/bin";
	for (;; search = end + 1) {
		end = strchrnul(search, ':');
		path = arena_printf(arena, "%.*s/%s", (int)(end - search), search, name);
		if (search[0] == '/' && access(path, X_OK) == 0)
			return path;
		if (*end == '\0')
			return NULL;
	}
}
