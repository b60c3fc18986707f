/*
 * plan/systemd_text.c - values in GVariant's text format (GLib's "GVariant Text Format"), as annotations hold them.
 *
 * Runs in the runtime process, pure.  The text is an engine's user's: what isn't understood whole is refused.
 */
#include <string.h>

#include "base/names.h"
#include "base/num.h"
#include "plan/systemd.h"
#include "systemd_parts.h"

#define MEMBERS_MAX 8
#define VALUES_MAX 4096
#define USEC_PER_SEC 1000000u
/* Not a type of D-Bus: a number with a fraction, held as millionths. */
#define TYPE_FRACTION 'f'
#define BLANKS " \t\n\r"

struct reader {
	struct arena *arena;
	const char *at;
	struct plan_unit_property *property;
	struct err *err;
};

static int fail(struct reader *reader, const char *want)
{
	return err_set(reader->err, ERR_CONFIG, "want %s at \"%.40s\"", want, reader->at);
}

static void skip_blanks(struct reader *reader)
{
	reader->at += strspn(reader->at, BLANKS);
}

/* Takes the character if it comes next. */
static bool take(struct reader *reader, char wanted)
{
	skip_blanks(reader);
	if (*reader->at != wanted)
		return false;
	reader->at++;
	return true;
}

/* --- types --- */

static const struct name_row type_rows[] = {
	{ "boolean", 'b' }, { "byte", 'y' },   { "int16", 'n' },  { "uint16", 'q' },     { "int32", 'i' },
	{ "uint32", 'u' },  { "int64", 'x' },  { "uint64", 't' }, { "string", 's' },     { "objectpath", 'o' },
	{ "signature", 'g' },
};
static const struct name_table type_names = NAME_TABLE(type_rows);

static bool is_basic(char type)
{
	for (size_t i = 0; i < type_names.count; i++)
		if (type != '\0' && type_names.rows[i].value == type)
			return true;
	return false;
}

/* The range of a whole number's type; false for other types. */
static bool type_range(char type, int64_t *min, uint64_t *max)
{
	static const struct { char type; int64_t min; uint64_t max; } ranges[] = {
		{ 'y', 0, UINT8_MAX },         { 'n', INT16_MIN, INT16_MAX }, { 'q', 0, UINT16_MAX },
		{ 'i', INT32_MIN, INT32_MAX }, { 'u', 0, UINT32_MAX },        { 'x', INT64_MIN, INT64_MAX },
		{ 't', 0, UINT64_MAX },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (ranges[i].type != type)
			continue;
		*min = ranges[i].min;
		*max = ranges[i].max;
		return true;
	}
	return false;
}

/* --- basic values --- */

static size_t utf8_put(char *to, uint32_t code)
{
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3f));
		to[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3f));
	to[2] = (char)(0x80 | (code >> 6 & 0x3f));
	to[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* \uXXXX and \UXXXXXXXX; *at stands behind the letter. */
static int read_code(struct reader *reader, size_t digits, char **to)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t code = 0;

	for (size_t i = 0; i < digits; i++) {
		char digit = *reader->at;
		int lower = digit >= 'A' && digit <= 'F' ? digit - 'A' + 'a' : digit;
		const char *found = digit != '\0' ? strchr(hex, lower) : NULL;

		if (found == NULL)
			return fail(reader, "hexadecimal digits");
		code = code << 4 | (uint32_t)(found - hex);
		reader->at++;
	}
	if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return fail(reader, "a character that exists, before what stands");
	*to += utf8_put(*to, code);
	return 0;
}

static int read_escape(struct reader *reader, char **to)
{
	static const char letters[] = "abfnrtv", meanings[] = "\a\b\f\n\r\t\v";
	char letter = *reader->at;
	const char *found;

	if (letter == '\0')
		return fail(reader, "the end of the string");
	reader->at++;
	if (letter == 'u' || letter == 'U')
		return read_code(reader, letter == 'u' ? 4 : 8, to);
	if (letter == '\n')
		return 0;
	found = strchr(letters, letter);
	*(*to)++ = (char)(found != NULL ? meanings[found - letters] : letter);
	return 0;
}

static int read_string(struct reader *reader, char *type)
{
	char quote = *reader->at++;
	char *text = arena_alloc(reader->arena, strlen(reader->at) + 1);
	char *to = text;

	if (*type == '\0')
		*type = 's';
	if (*type != 's' && *type != 'o' && *type != 'g')
		return fail(reader, "no string, but what its type says, before");
	while (*reader->at != quote) {
		if (*reader->at == '\0')
			return fail(reader, "the end of the string");
		if (*reader->at != '\\') {
			*to++ = *reader->at++;
			continue;
		}
		reader->at++;
		if (read_escape(reader, &to) < 0)
			return -1;
	}
	reader->at++;
	*to = '\0';
	systemd_value_add(reader->arena, reader->property, text, 0);
	return 0;
}

/* "1.5" in millionths; more digits than six are cut. */
static int read_fraction(const char *text, size_t length, uint64_t *millionths)
{
	size_t whole_length = strcspn(text, ".");
	size_t digits = length - whole_length - 1;
	uint64_t whole, part = 0;

	if (digits == 0 || num_parse_u64_n(text, whole_length, UINT64_MAX / USEC_PER_SEC - 1, &whole) < 0)
		return -1;
	for (size_t i = 0; i < digits; i++)
		if (strchr("0123456789", text[whole_length + 1 + i]) == NULL)
			return -1;
	for (size_t i = 0; i < 6; i++)
		part = 10 * part + (i < digits ? (uint64_t)(text[whole_length + 1 + i] - '0') : 0);
	*millionths = whole * USEC_PER_SEC + part;
	return 0;
}

static int read_number(struct reader *reader, char *type)
{
	const char *text = reader->at;
	size_t length = strspn(text, "-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_+");
	bool is_negative = text[0] == '-';
	int64_t min;
	uint64_t max, number;

	if (memchr(text, '.', length) != NULL) {
		if (*type != '\0' || read_fraction(text, length, &number) < 0)
			return fail(reader, "a number");
		*type = TYPE_FRACTION;
	} else {
		if (*type == '\0')
			*type = 'i';
		if (!type_range(*type, &min, &max))
			return fail(reader, "no number, but what its type says,");
		if (is_negative)
			max = min < 0 ? (uint64_t)-(min + 1) + 1 : 0;
		if (length == 0 || num_parse_u64_n(text + is_negative, length - is_negative, max, &number) < 0)
			return fail(reader, "a decimal number that its type can hold");
		number = is_negative ? -number : number;
	}
	reader->at += length;
	systemd_value_add(reader->arena, reader->property, NULL, number);
	return 0;
}

static int read_truth(struct reader *reader, char *type, bool value)
{
	if (*type == '\0')
		*type = 'b';
	if (*type != 'b')
		return fail(reader, "no truth value, but what its type says,");
	reader->at += strlen(value ? "true" : "false");
	systemd_value_add(reader->arena, reader->property, NULL, value);
	return 0;
}

static size_t word_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789");
}

static bool is_word(const char *text, const char *word)
{
	return strlen(word) == word_length(text) && memcmp(text, word, strlen(word)) == 0;
}

/* "uint64 " in front of a value, or "@t ". */
static int read_type_prefix(struct reader *reader, char *type)
{
	size_t length = word_length(reader->at);
	int64_t found;

	if (*reader->at == '@') {
		found = (unsigned char)reader->at[1];
		if (!is_basic((char)found) || strchr(BLANKS, reader->at[2]) == NULL || reader->at[2] == '\0')
			return fail(reader, "@ and a basic type");
		length = 2;
	} else if (name_to_value(&type_names, arena_strndup(reader->arena, reader->at, length), &found) < 0) {
		return fail(reader, "a value");
	}
	if (*type != '\0' && *type != found)
		return fail(reader, "the same type for all");
	*type = (char)found;
	reader->at += length;
	skip_blanks(reader);
	return 0;
}

/* *type: what it has to be, or 0, and then what it is. */
static int read_basic(struct reader *reader, char *type)
{
	if (reader->property->value_count >= VALUES_MAX)
		return fail(reader, "fewer values,");
	skip_blanks(reader);
	if (*reader->at == '@' || (word_length(reader->at) > 0 && strchr("0123456789", *reader->at) == NULL &&
				   !is_word(reader->at, "true") && !is_word(reader->at, "false"))) {
		if (read_type_prefix(reader, type) < 0)
			return -1;
	}
	if (*reader->at == '\'' || *reader->at == '"')
		return read_string(reader, type);
	if (is_word(reader->at, "true") || is_word(reader->at, "false"))
		return read_truth(reader, type, *reader->at == 't');
	return *reader->at != '\0' ? read_number(reader, type) : fail(reader, "a value");
}

/* --- arrays --- */

/* What the items of an array have in common. */
struct item_type {
	bool is_known;
	bool is_struct;
	size_t member_count;
	char members[MEMBERS_MAX + 1];
};

/* "(" VALUE "," ... ")"; "(" has been taken. */
static int read_tuple(struct reader *reader, struct item_type *item)
{
	size_t count = 0;

	do {
		skip_blanks(reader);
		/* A tuple of one has a comma at its end. */
		if (count > 0 && *reader->at == ')')
			break;
		if (count == (item->is_known ? item->member_count : MEMBERS_MAX))
			return fail(reader, "fewer members,");
		if (read_basic(reader, &item->members[count++]) < 0)
			return -1;
	} while (take(reader, ','));
	if (item->is_known && count != item->member_count)
		return fail(reader, "as many members as before");
	item->member_count = count;
	return take(reader, ')') ? 0 : fail(reader, "a comma or the end of the tuple");
}

static int read_item(struct reader *reader, struct item_type *item)
{
	bool is_struct = take(reader, '(');
	int result;

	if (item->is_known && item->is_struct != is_struct)
		return fail(reader, "the same type for all");
	item->is_struct = is_struct;
	result = is_struct ? read_tuple(reader, item) : read_basic(reader, &item->members[0]);
	item->is_known = true;
	return result;
}

/* "@as ": the type of the whole array, needed where it has no items. */
static int read_array_type(struct reader *reader, struct item_type *item)
{
	const char *text = reader->at + 2;
	size_t length = 1;

	item->is_known = true;
	item->is_struct = text[0] == '(';
	if (item->is_struct)
		length = strcspn(++text, ") \t\n");
	if (length == 0 || length > MEMBERS_MAX || (item->is_struct && text[length] != ')'))
		return fail(reader, "an array of basic values or tuples");
	item->member_count = length;
	for (size_t i = 0; i < length; i++) {
		if (!is_basic(text[i]))
			return fail(reader, "an array of basic values or tuples");
		item->members[i] = text[i];
	}
	reader->at = text + length + item->is_struct;
	return 0;
}

static int read_array(struct reader *reader)
{
	struct item_type item = { .members = "" };

	if (*reader->at == '@' && read_array_type(reader, &item) < 0)
		return -1;
	if (!take(reader, '['))
		return fail(reader, "'['");
	if (!take(reader, ']')) {
		do {
			if (read_item(reader, &item) < 0)
				return -1;
		} while (take(reader, ','));
		if (!take(reader, ']'))
			return fail(reader, "a comma or the end of the array");
	}
	if (!item.is_known)
		return fail(reader, "a type such as @as before an empty array,");
	if (memchr(item.members, TYPE_FRACTION, sizeof(item.members)) != NULL)
		return fail(reader, "whole numbers");
	reader->property->type = item.is_struct ? arena_printf(reader->arena, "a(%s)", item.members) :
						  arena_printf(reader->arena, "a%s", item.members);
	return 0;
}

/* --- all of it --- */

static bool has_sec_suffix(const char *name)
{
	size_t length = strlen(name);

	return length > 3 && strcmp(name + length - 3, "Sec") == 0 && name[length - 4] >= 'a' &&
	       name[length - 4] <= 'z';
}

/* systemd's own files speak of seconds, its bus of microseconds, under another name. */
static int convert_seconds(struct reader *reader)
{
	struct plan_unit_property *property = reader->property;
	uint64_t number = property->value_count == 1 ? property->values[0].number : 0;
	char type = property->type[0];
	int64_t min;
	uint64_t max;

	if (type != TYPE_FRACTION) {
		if (!type_range(type, &min, &max) || (min < 0 && (int64_t)number < 0) ||
		    number > UINT64_MAX / USEC_PER_SEC)
			return err_set(reader->err, ERR_CONFIG, "want a number of seconds");
		number *= USEC_PER_SEC;
	}
	property->values[0].number = number;
	property->type = "t";
	property->name = arena_printf(reader->arena, "%.*sUSec", (int)(strlen(property->name) - 3), property->name);
	return 0;
}

static int name_check(const char *name, struct err *err)
{
	size_t length = strlen(name);

	if (length < 3 || strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != length)
		return err_set(err, ERR_CONFIG, "\"%s\" is no name of a property: want three letters or more, and "
			       "nothing else", name);
	return 0;
}

int plan_systemd_parse(struct arena *arena, const char *name, const char *text, struct plan_unit_property *property,
		       struct err *err)
{
	struct reader reader = { arena, text, property, err };
	char type[2] = "";
	int result;

	*property = (struct plan_unit_property){ .name = name, .type = "", .origin = "" };
	if (name_check(name, err) < 0)
		return -1;
	skip_blanks(&reader);
	if (*reader.at == '[' || strncmp(reader.at, "@a", 2) == 0) {
		result = read_array(&reader);
	} else {
		result = read_basic(&reader, &type[0]);
		property->type = arena_strdup(arena, type);
	}
	skip_blanks(&reader);
	if (result == 0 && *reader.at != '\0')
		result = fail(&reader, "nothing more");
	if (result == 0 && has_sec_suffix(name))
		result = convert_seconds(&reader);
	else if (result == 0 && property->type[0] == TYPE_FRACTION)
		result = err_set(err, ERR_CONFIG, "no property of systemd takes a number with a fraction");
	return result;
}
