/*
 * base/err_format.c - an error as a line of text, with the errno's words.
 *
 * Runtime process only: strerror(3) needs a libc, which init does not have.
 */
#include <stdio.h>
#include <string.h>

#include "base/err.h"

void err_format(const struct err *err, char *buffer, size_t size)
{
	if (err->errnum == 0)
		snprintf(buffer, size, "%s", err->text);
	else
		snprintf(buffer, size, "%s: %s", err->text, strerror(err->errnum));
}
