/*
 * cli/duration.c - times as engines written in Go pass them.
 *
 * Runtime process only.
 */
#include <string.h>

#include "base/num.h"
#include "cli/duration.h"

/* As Go has it. */
#define DURATION_MAX INT64_MAX
#define FRACTION_DIGITS_MAX 18

struct unit {
	const char *name;
	uint64_t ns;
};

/* Go prints microseconds with either of two characters for the mu. */
static const struct unit units[] = {
	{ "ns", 1 }, { "us", 1000 }, { "\xc2\xb5s", 1000 }, { "\xce\xbcs", 1000 }, { "ms", 1000000 },
	{ "s", 1000000000 }, { "m", 60 * 1000000000ull }, { "h", 3600 * 1000000000ull },
};

static size_t digit_count(const char *text)
{
	return strspn(text, "0123456789");
}

static const struct unit *unit_find(const char *text, size_t length)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strlen(units[i].name) == length && memcmp(units[i].name, text, length) == 0)
			return &units[i];
	}
	return NULL;
}

/*
 * The digits behind the point, of a unit; what is less than a nanosecond is dropped.  Those behind the eighteenth are
 * less than that of every unit, even of an hour.
 */
static uint64_t fraction(const char *digits, size_t count, uint64_t unit_ns)
{
	uint64_t value = 0, scale = 1;
	for (size_t i = 0; i < count && i < FRACTION_DIGITS_MAX; i++) {
		value = value * 10 + (uint64_t)(digits[i] - '0');
		scale *= 10;
	}
	return (uint64_t)((unsigned __int128)value * unit_ns / scale);
}

/* One number with its unit, at *text, which is moved behind it. */
static int part_parse(const char **text, uint64_t *ns)
{
	size_t whole_length = digit_count(*text);
	const char *whole = *text;
	const char *part = whole + whole_length;
	size_t part_length = 0;
	if (*part == '.') {
		part++;
		part_length = digit_count(part);
	}
	if (whole_length + part_length == 0)
		return -1;
	const char *name = part + part_length;
	size_t name_length = strcspn(name, ".0123456789");
	const struct unit *unit = unit_find(name, name_length);
	uint64_t number = 0;
	if (unit == NULL)
		return -1;
	if (whole_length > 0 && num_parse_u64_n(whole, whole_length, DURATION_MAX / unit->ns, &number) < 0)
		return -1;
	*ns = number * unit->ns + fraction(part, part_length, unit->ns);
	*text = name + name_length;
	return *ns > DURATION_MAX ? -1 : 0;
}

int duration_parse(const char *text, uint64_t *ns)
{
	uint64_t sum = 0;
	if (strcmp(text, "0") == 0) {
		*ns = 0;
		return 0;
	}
	if (*text == '+')
		text++;
	if (*text == '\0')
		return -1;
	while (*text != '\0') {
		uint64_t part;
		if (part_parse(&text, &part) < 0 || part > DURATION_MAX - sum)
			return -1;
		sum += part;
	}
	*ns = sum;
	return 0;
}
