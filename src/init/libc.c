/*
 * init/libc.c - the libc functions that init's objects call; init is linked with no libc.
 *
 * Init process only.  The compiler calls memcpy, memmove, memset and memcmp by itself.
 */
/* GCC would turn the loop in memset() into a call of memset(), freestanding or not. */
#ifndef __clang__
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

/* With FORTIFY the headers make snprintf and others macros; -U on the command line comes before a packager's -D. */
#undef _FORTIFY_SOURCE

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "sys/file.h"

void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
	unsigned char *out = to;
	const unsigned char *in = from;

	while (length-- > 0)
		*out++ = *in++;
	return to;
}

void *memmove(void *to, const void *from, size_t length)
{
	unsigned char *out = to;
	const unsigned char *in = from;

	if (out <= in)
		return memcpy(to, from, length);
	while (length-- > 0)
		out[length] = in[length];
	return to;
}

void *memset(void *to, int value, size_t length)
{
	unsigned char *out = to;

	while (length-- > 0)
		*out++ = (unsigned char)value;
	return to;
}

int memcmp(const void *left, const void *right, size_t length)
{
	const unsigned char *a = left;
	const unsigned char *b = right;

	for (; length > 0; length--, a++, b++) {
		if (*a != *b)
			return *a - *b;
	}
	return 0;
}

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

int strncmp(const char *left, const char *right, size_t length)
{
	for (; length > 0; length--, left++, right++) {
		if (*left != *right || *left == '\0')
			return (unsigned char)*left - (unsigned char)*right;
	}
	return 0;
}

int strcmp(const char *left, const char *right)
{
	return strncmp(left, right, SIZE_MAX);
}

char *strchr(const char *text, int wanted)
{
	for (;; text++) {
		if (*text == (char)wanted)
			return (char *)text;
		if (*text == '\0')
			return NULL;
	}
}

char *strrchr(const char *text, int wanted)
{
	const char *found = NULL;

	for (;; text++) {
		if (*text == (char)wanted)
			found = text;
		if (*text == '\0')
			return (char *)found;
	}
}

void fd_close(int *fd)
{
	if (*fd >= 0)
		sys_close(*fd);
	*fd = -1;
}

/* Where vsnprintf() writes; what doesn't fit is only counted. */
struct output {
	char *buffer;
	size_t size;
	size_t length;
};

/* One % of a format. */
struct conversion {
	bool is_zero_padded;
	size_t width;
	bool has_precision;
	size_t precision;
	unsigned long_count;   /* 0: int, 1 and more: 64 bits, as on every architecture that runlet knows */
};

static void put(struct output *out, char letter)
{
	if (out->length + 1 < out->size)
		out->buffer[out->length] = letter;
	out->length++;
}

static void put_padding(struct output *out, char letter, size_t width, size_t used)
{
	for (; used < width; used++)
		put(out, letter);
}

static void put_string(struct output *out, const struct conversion *conversion, const char *text)
{
	size_t length = 0;

	if (!text)
		text = "(null)";
	while ((!conversion->has_precision || length < conversion->precision) && text[length])
		length++;
	put_padding(out, ' ', conversion->width, length);
	for (size_t i = 0; i < length; i++)
		put(out, text[i]);
}

static void put_number(struct output *out, const struct conversion *conversion, uint64_t value, unsigned base,
                       bool is_negative)
{
	char digits[24];
	size_t count = 0;
	size_t used;

	do {
		digits[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value > 0);
	used = count + (is_negative ? 1 : 0);
	if (!conversion->is_zero_padded)
		put_padding(out, ' ', conversion->width, used);
	if (is_negative)
		put(out, '-');
	if (conversion->is_zero_padded)
		put_padding(out, '0', conversion->width, used);
	while (count > 0)
		put(out, digits[--count]);
}

static const char *parse_digits(const char *format, size_t *value)
{
	for (*value = 0; *format >= '0' && *format <= '9'; format++)
		*value = *value * 10 + (size_t)(*format - '0');
	return format;
}

/* A va_list inside a struct can be handed on by its address on every architecture. */
struct arguments {
	va_list list;
};

static const char *parse_conversion(const char *format, struct conversion *conversion, struct arguments *arguments)
{
	memset(conversion, 0, sizeof(*conversion));
	for (; *format == '0'; format++)
		conversion->is_zero_padded = true;
	format = parse_digits(format, &conversion->width);
	if (*format == '.') {
		conversion->has_precision = true;
		format++;
		if (*format == '*') {
			int precision = va_arg(arguments->list, int);

			conversion->has_precision = precision >= 0;
			conversion->precision = precision >= 0 ? (size_t)precision : 0;
			format++;
		} else {
			format = parse_digits(format, &conversion->precision);
		}
	}
	for (; *format == 'l' || *format == 'z'; format++)
		conversion->long_count++;
	return format;
}

static void put_signed(struct output *out, const struct conversion *conversion, struct arguments *arguments)
{
	int64_t value = conversion->long_count > 0 ? va_arg(arguments->list, long) : va_arg(arguments->list, int);

	put_number(out, conversion, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, value < 0);
}

static void put_unsigned(struct output *out, const struct conversion *conversion, struct arguments *arguments,
                         unsigned base)
{
	uint64_t value = conversion->long_count > 0 ? va_arg(arguments->list, unsigned long) :
	                                              va_arg(arguments->list, unsigned);

	put_number(out, conversion, value, base, false);
}

/* An unknown letter is printed as it is: the formats are ours, and -Wformat checks them. */
static void put_conversion(struct output *out, const struct conversion *conversion, char letter,
                           struct arguments *arguments)
{
	switch (letter) {
	case 's':
		put_string(out, conversion, va_arg(arguments->list, const char *));
		break;
	case 'd':
	case 'i':
		put_signed(out, conversion, arguments);
		break;
	case 'u':
		put_unsigned(out, conversion, arguments, 10);
		break;
	case 'x':
		put_unsigned(out, conversion, arguments, 16);
		break;
	case 'o':
		put_unsigned(out, conversion, arguments, 8);
		break;
	case 'c':
		put(out, (char)va_arg(arguments->list, int));
		break;
	default:
		put(out, letter);
		break;
	}
}

int vsnprintf(char *restrict buffer, size_t size, const char *restrict format, va_list list)
{
	struct output out = { buffer, size, 0 };
	struct arguments arguments;

	va_copy(arguments.list, list);
	while (*format) {
		struct conversion conversion;

		if (*format != '%') {
			put(&out, *format++);
			continue;
		}
		format = parse_conversion(format + 1, &conversion, &arguments);
		if (*format == '\0')
			break;
		put_conversion(&out, &conversion, *format++, &arguments);
	}
	va_end(arguments.list);
	if (size > 0)
		buffer[out.length < size ? out.length : size - 1] = '\0';
	return (int)out.length;
}

int snprintf(char *restrict buffer, size_t size, const char *restrict format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(buffer, size, format, arguments);
	va_end(arguments);
	return length;
}
