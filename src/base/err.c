/*
 * base/err.c - fills and extends the one error type.
 *
 * Runs in the runtime and in init, where only a few functions of libc exist (vsnprintf and the string functions among
 * them), so it must not allocate and must not use stdio or errno.  err_format.c holds the part that needs a libc.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static const char *const kind_codes[] = {
	[ERR_NONE] = "none",
	[ERR_SYSTEM] = "system",
	[ERR_CONFIG] = "config",
	[ERR_UNSUPPORTED] = "unsupported",
	[ERR_USAGE] = "usage",
	[ERR_NOT_FOUND] = "not-found",
	[ERR_EXISTS] = "exists",
	[ERR_STATE] = "state",
	[ERR_EXEC_NOT_FOUND] = "exec-not-found",
	[ERR_EXEC_DENIED] = "exec-denied",
	[ERR_HOOK] = "hook",
	[ERR_TIMEOUT] = "timeout",
	[ERR_PROTOCOL] = "protocol",
	[ERR_BUG] = "bug",
};
_Static_assert(sizeof(kind_codes) / sizeof(kind_codes[0]) == ERR_KIND_COUNT, "every kind needs its code");

/* A text that was cut must not look whole: the reader would search for a path that does not exist. */
static void text_mark_cut(char *text, size_t size)
{
	memcpy(text + size - 4, "...", 4);
}

static void text_fill(struct err *err, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
static void text_fill(struct err *err, const char *format, va_list args)
{
	int length = vsnprintf(err->text, sizeof(err->text), format, args);
	if (length < 0)
		err->text[0] = '\0';
	else if ((size_t)length >= sizeof(err->text))
		text_mark_cut(err->text, sizeof(err->text));
}

int (err_set)(struct err *err, enum err_kind kind, const char *format, ...)
{
	err->kind = kind;
	err->errnum = 0;
	va_list args;
	va_start(args, format);
	text_fill(err, format, args);
	va_end(args);
	return -1;
}

int (err_sys)(struct err *err, int errnum, const char *format, ...)
{
	err->kind = ERR_SYSTEM;
	err->errnum = errnum < 0 ? -errnum : errnum;
	va_list args;
	va_start(args, format);
	text_fill(err, format, args);
	va_end(args);
	return -1;
}

int (err_prefix)(struct err *err, const char *format, ...)
{
	char prefix[ERR_TEXT_SIZE];
	va_list args;
	va_start(args, format);
	int length = vsnprintf(prefix, sizeof(prefix) - 2, format, args);
	va_end(args);
	if (length <= 0)
		return -1;
	size_t prefix_length = strlen(prefix);
	memcpy(prefix + prefix_length, ": ", 2);
	prefix_length += 2;

	size_t text_length = strlen(err->text);
	size_t room = sizeof(err->text) - prefix_length - 1;
	size_t kept = text_length < room ? text_length : room;
	memmove(err->text + prefix_length, err->text, kept);
	memcpy(err->text, prefix, prefix_length);
	err->text[prefix_length + kept] = '\0';
	if (kept < text_length)
		text_mark_cut(err->text, sizeof(err->text));
	return -1;
}

const char *err_code(uint32_t kind)
{
	return kind < ERR_KIND_COUNT ? kind_codes[kind] : "unknown";
}
