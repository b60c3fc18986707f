/*
 * spec/check.c - how a rule that spans fields is reported.  Runtime process only; pure.
 */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PATH_SIZE 256

char *spec_check_path(const struct spec_checker *checker, const char *format, ...)
{
	char path[PATH_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	return arena_printf(checker->arena, "%s%s", checker->prefix, path);
}

int spec_check_fail(const struct spec_checker *checker, const char *path, const char *format, ...)
{
	char message[ERR_TEXT_SIZE];
	unsigned line = 1, column = 1;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	json_locate(checker->source->text, checker->source->size, path, &line, &column);
	return err_set(checker->err, ERR_CONFIG, "%s:%u:%u: %s: %s", checker->source->name, line, column, path,
		       message);
}

void spec_check_warn(const struct spec_checker *checker, char *text)
{
	struct str_list *warnings = &checker->report->warnings;
	size_t i;

	for (i = 0; i < warnings->count; i++)
		if (strcmp(warnings->items[i], text) == 0)
			return;
	str_list_add(checker->arena, warnings, text);
}
