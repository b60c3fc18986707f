/*
 * base/escape.c - text that a terminal can show and a log line can hold.  Runtime process only.
 */
#include "base/escape.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

/* U+0080 to U+009F: a terminal obeys U+009B as it does ESC and '['. */
static bool is_control(const unsigned char *text)
{
	return *text < 0x20 || *text == 0x7f || (text[0] == 0xc2 && text[1] < 0xa0);
}

void escape_add(struct buf *buf, const char *text, const char *quoted)
{
	const unsigned char *rest = (const unsigned char *)text;
	size_t left = strlen(text);

	while (left > 0) {
		size_t length = utf8_char_length((const char *)rest, left);

		if (length == 0)
			buf_add_str(buf, "\xef\xbf\xbd");
		else if (strchr(quoted, *rest) != NULL)
			buf_printf(buf, "\\%c", *rest);
		else if (*rest == '\n')
			buf_add_str(buf, "\\n");
		else if (is_control(rest))
			buf_printf(buf, "\\u%04x", length == 1 ? rest[0] : rest[1]);
		else
			buf_add(buf, rest, length);
		length += length == 0;
		rest += length;
		left -= length;
	}
}
