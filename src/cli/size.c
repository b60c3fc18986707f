/*
 * cli/size.c - sizes with units, as people and Docker write them.
 *
 * Runtime process only.
 */
#include <string.h>

#include "base/num.h"
#include "cli/command.h"

/* Digits behind the point that count; more are checked and dropped. */
#define FRACTION_DIGITS_MAX 9

static const struct name_row unit_rows[] = {
	{ "", 0 },
	{ "b", 0 },
	{ "k", 10 }, { "kb", 10 }, { "kib", 10 },
	{ "m", 20 }, { "mb", 20 }, { "mib", 20 },
	{ "g", 30 }, { "gb", 30 }, { "gib", 30 },
	{ "t", 40 }, { "tb", 40 }, { "tib", 40 },
	{ "p", 50 }, { "pb", 50 }, { "pib", 50 },
};
static const struct name_table unit_words = NAME_TABLE(unit_rows);

static int unit_parse(const char *text, int64_t *shift)
{
	char lower[4] = "";
	size_t length = strlen(text);

	if (length >= sizeof(lower))
		return -1;
	for (size_t i = 0; i < length; i++)
		lower[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
	return name_to_value(&unit_words, lower, shift);
}

/* ".5" is half of a unit: *bytes of 1 << shift; *text moves behind the digits. */
static int fraction_parse(const char **text, int64_t shift, uint64_t *bytes)
{
	uint64_t scale = 1, value = 0;
	size_t digits = strspn(*text, "0123456789");

	if (digits == 0)
		return -1;
	for (size_t i = 0; i < digits && i < FRACTION_DIGITS_MAX; i++) {
		value = value * 10 + (uint64_t)((*text)[i] - '0');
		scale *= 10;
	}
	*bytes = (uint64_t)(((unsigned __int128)value << shift) / scale);
	*text += digits;
	return 0;
}

int size_parse(const char *text, int64_t *bytes)
{
	size_t digits = strspn(text, "0123456789");
	const char *fraction = text[digits] == '.' ? text + digits + 1 : NULL;
	const char *unit = fraction != NULL ? fraction + strspn(fraction, "0123456789") : text + digits;
	uint64_t whole, part = 0;
	int64_t shift;

	unit += unit[0] == ' ' && unit[1] != '\0';
	if (unit_parse(unit, &shift) < 0 || num_parse_u64_n(text, digits, (uint64_t)INT64_MAX >> shift, &whole) < 0)
		return -1;
	if (fraction != NULL && fraction_parse(&fraction, shift, &part) < 0)
		return -1;
	*bytes = (int64_t)((whole << shift) + part);
	return 0;
}
