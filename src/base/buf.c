/*
 * base/buf.c - a growing string.
 *
 * Runtime process only.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

/* Room for `more` bytes and the NUL. */
static void buf_reserve(struct buf *buf, size_t more)
{
	if (more > SIZE_MAX / 4 - buf->length)
		memory_exhausted();
	size_t needed = buf->length + more + 1;
	if (needed <= buf->capacity)
		return;
	size_t capacity = buf->capacity == 0 ? 256 : buf->capacity;
	while (capacity < needed)
		capacity *= 2;
	char *data = realloc(buf->data, capacity);
	if (data == NULL)
		memory_exhausted();
	buf->data = data;
	buf->capacity = capacity;
}

void buf_add(struct buf *buf, const void *data, size_t length)
{
	buf_reserve(buf, length);
	if (length > 0)
		memcpy(buf->data + buf->length, data, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void buf_add_str(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		memory_exhausted();
	buf_reserve(buf, (size_t)length);
	va_start(args, format);
	vsnprintf(buf->data + buf->length, (size_t)length + 1, format, args);
	va_end(args);
	buf->length += (size_t)length;
}

const char *buf_str(const struct buf *buf)
{
	return buf->data == NULL ? "" : buf->data;
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf)BUF_INIT;
}
