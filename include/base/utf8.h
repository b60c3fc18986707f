/*
 * base/utf8.h - strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * yajl accepts all three, and an overlong NUL would pass for an empty rest of a path.  Runtime process only.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* The length in bytes (1 .. 4) of the character that text starts with, or 0 when it isn't one.  size > 0. */
size_t utf8_char_length(const char *text, size_t size);

/* How many bytes from the start are valid: `size` when all are. */
size_t utf8_valid_length(const char *text, size_t size);

#endif
