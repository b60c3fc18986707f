/*
 * base/utf8.c - strict UTF-8 (RFC 3629).  Runtime process only; no state.
 */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* One row a form of RFC 3629, section 4: the range of the first byte, then the narrowed range of the second. */
struct utf8_form {
	unsigned char first_min, first_max;
	unsigned char second_min, second_max;
	unsigned char length;
};

static const struct utf8_form utf8_forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t utf8_char_length(const char *text, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t i, k;

	if (bytes[0] < 0x80)
		return 1;
	for (i = 0; i < sizeof(utf8_forms) / sizeof(utf8_forms[0]); i++) {
		const struct utf8_form *form = &utf8_forms[i];

		if (bytes[0] < form->first_min || bytes[0] > form->first_max)
			continue;
		if (size < form->length || bytes[1] < form->second_min || bytes[1] > form->second_max)
			return 0;
		for (k = 2; k < form->length; k++)
			if ((bytes[k] & 0xc0) != 0x80)
				return 0;
		return form->length;
	}
	return 0;
}

size_t utf8_valid_length(const char *text, size_t size)
{
	size_t at = 0, length;
	uint64_t word;

	while (at < size) {
		/* Nearly every config is plain ASCII: eight bytes at a time. */
		while (size - at >= sizeof(word)) {
			memcpy(&word, text + at, sizeof(word));
			if (word & 0x8080808080808080u)
				break;
			at += sizeof(word);
		}
		if (at == size)
			break;
		length = utf8_char_length(text + at, size - at);
		if (!length)
			return at;
		at += length;
	}
	return at;
}
