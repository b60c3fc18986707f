/*
 * base/fortify.c - what static libraries that were built for glibc with _FORTIFY_SOURCE call, for a runlet with another
 * libc.
 *
 * Runtime process only; by the names of the Linux Standard Base.  They must check what they are there to check.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int __sprintf_chk(char *text, int flag, size_t size, const char *format, ...) __attribute__((format(printf, 4, 5)));
int __snprintf_chk(char *text, size_t length, int flag, size_t size, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
int __fprintf_chk(FILE *file, int flag, const char *format, ...) __attribute__((format(printf, 3, 4)));
void *__memcpy_chk(void *to, const void *from, size_t length, size_t size);

int __sprintf_chk(char *text, int flag, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	(void)flag;
	va_start(arguments, format);
	length = vsnprintf(text, size, format, arguments);
	va_end(arguments);
	if (length >= 0 && (size_t)length >= size)
		abort();
	return length;
}

int __snprintf_chk(char *text, size_t length, int flag, size_t size, const char *format, ...)
{
	va_list arguments;
	int result;

	(void)flag;
	if (length > size)
		abort();
	va_start(arguments, format);
	result = vsnprintf(text, length, format, arguments);
	va_end(arguments);
	return result;
}

int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
	va_list arguments;
	int length;

	(void)flag;
	va_start(arguments, format);
	length = vfprintf(file, format, arguments);
	va_end(arguments);
	return length;
}

void *__memcpy_chk(void *to, const void *from, size_t length, size_t size)
{
	if (length > size)
		abort();
	return memcpy(to, from, length);
}
