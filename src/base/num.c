/*
 * base/num.c - numbers from text.
 *
 * Runs in the runtime and in init.  It must not use strtoul(3): that skips blanks, takes signs, wraps negative numbers
 * and stops quietly at the first strange byte, each of which was a hole in another runtime.
 */
#include <stdbool.h>
#include <string.h>

#include "base/num.h"

int num_parse_u64_n(const char *text, size_t length, uint64_t max, uint64_t *value)
{
	if (length == 0)
		return -1;
	uint64_t sum = 0;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		uint64_t digit = (uint64_t)(text[i] - '0');
		if (digit > max || sum > (max - digit) / 10)
			return -1;
		sum = sum * 10 + digit;
	}
	*value = sum;
	return 0;
}

int num_parse_u64(const char *text, uint64_t max, uint64_t *value)
{
	return num_parse_u64_n(text, strlen(text), max, value);
}

int num_parse_u32(const char *text, uint32_t *value)
{
	uint64_t wide;
	if (num_parse_u64(text, UINT32_MAX, &wide) < 0)
		return -1;
	*value = (uint32_t)wide;
	return 0;
}

int num_parse_i64(const char *text, int64_t min, int64_t max, int64_t *value)
{
	uint64_t magnitude;
	int64_t parsed;
	if (text[0] == '-') {
		/* INT64_MIN has no positive counterpart, so the sign is applied to the unsigned number. */
		if (num_parse_u64(text + 1, (uint64_t)INT64_MAX + 1, &magnitude) < 0)
			return -1;
		parsed = (int64_t)(0 - magnitude);
	} else {
		if (num_parse_u64(text, INT64_MAX, &magnitude) < 0)
			return -1;
		parsed = (int64_t)magnitude;
	}
	if (parsed < min || parsed > max)
		return -1;
	*value = parsed;
	return 0;
}

int num_parse_hex_n(const char *text, size_t length, uint64_t *value)
{
	uint64_t sum = 0;

	if (length == 0)
		return -1;
	for (size_t i = 0; i < length; i++) {
		bool is_letter = text[i] >= 'a' && text[i] <= 'f';

		if ((!is_letter && (text[i] < '0' || text[i] > '9')) || sum >> 60 != 0)
			return -1;
		sum = sum << 4 | (uint64_t)(is_letter ? text[i] - 'a' + 10 : text[i] - '0');
	}
	*value = sum;
	return 0;
}
