/*
 * base/escape.h - text that a terminal can show and a log line can hold, whoever wrote it.
 *
 * Names in config.json, images and the output of hooks may have control characters, which would drive the terminal of
 * who looks at them.  Runtime process only.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buf.h"

/*
 * Appends the text with "\n" for a newline, "\u001b" for another control character, and U+FFFD for what isn't UTF-8;
 * the characters of `quoted` get a backslash.  The escapes are good for JSON and for logfmt alike.
 */
void escape_add(struct buf *buf, const char *text, const char *quoted);

#endif
