/*
 * base/buf.h - a growing string on the heap.  Runtime process only.
 *
 * Out of memory is handled as in base/arena.h.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

struct buf {
	char *data;      /* NUL-terminated when length > 0; NULL when nothing was ever added */
	size_t length;   /* without the NUL */
	size_t capacity;
};

#define BUF_INIT { NULL, 0, 0 }

void buf_add(struct buf *buf, const void *data, size_t length);
void buf_add_str(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Never NULL: "" for an empty buffer. */
const char *buf_str(const struct buf *buf);
void buf_free(struct buf *buf);

#define _cleanup_buf_ __attribute__((cleanup(buf_free)))

#endif
