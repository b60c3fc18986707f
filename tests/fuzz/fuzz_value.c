/*
 * fuzz_value.c - the small parsers and printers that everything else is made of: numbers, durations, sizes, signals,
 * CPU lists, paths, UTF-8, escapes, strings of JSON, dates, texts of errors.
 *
 * The first byte chooses.  The oracle of each is a plain model of what its header promises.
 */
#include <time.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/num.h"
#include "base/path.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/command.h"
#include "cli/duration.h"
#include "fuzz.h"
#include "json/decode.h"
#include "json/emit.h"
#include "plan/builder.h"
#include "spec/cpu_list.h"
#include "spec/image.h"

typedef unsigned __int128 wide;
#define DIGITS "0123456789"

/* --- numbers --- */

/* -1 for what isn't all digits; else the value, no further than 2^100. */
static int model_number(const char *text, size_t length, wide *value)
{
	*value = 0;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		if (*value < (wide)1 << 100)
			*value = *value * 10 + (wide)(text[i] - '0');
	}
	return length > 0 ? 0 : -1;
}

static void check_number(const char *text)
{
	static const uint64_t limits[] = { 0, 9, 64, UINT32_MAX, INT64_MAX, UINT64_MAX };
	bool is_negative = text[0] == '-';
	wide value, magnitude;
	int is_none = model_number(text, strlen(text), &value);
	uint64_t number;
	int64_t sign;
	uint32_t small;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		bool is_good = !is_none && value <= limits[i];

		FUZZ_REQUIRE((num_parse_u64(text, limits[i], &number) == 0) == is_good);
		FUZZ_REQUIRE(!is_good || number == (uint64_t)value);
	}
	FUZZ_REQUIRE((num_parse_u32(text, &small) == 0) == (!is_none && value <= UINT32_MAX));
	is_none = model_number(text + is_negative, strlen(text) - is_negative, &magnitude);
	if (num_parse_i64(text, INT64_MIN, INT64_MAX, &sign) == 0)
		FUZZ_REQUIRE(!is_none && (wide)(is_negative ? -(__int128)sign : (__int128)sign) == magnitude);
	else
		FUZZ_REQUIRE(is_none || magnitude > (wide)INT64_MAX + is_negative);
}

static const struct { const char *name; uint64_t ns; } units[] = {
	{ "ns", 1 }, { "us", 1000 }, { "\xc2\xb5s", 1000 }, { "\xce\xbcs", 1000 }, { "ms", 1000000 },
	{ "s", 1000000000 }, { "m", 60000000000 }, { "h", 3600000000000 },
};

/* One part; each is a whole number of nanoseconds, rounded down. */
static int model_part(const char **text, wide *ns)
{
	size_t digits = strspn(*text, DIGITS), point = (*text)[digits] == '.';
	const char *fraction = *text + digits + point;
	size_t fraction_digits = point ? strspn(fraction, DIGITS) : 0;
	const char *name = fraction + fraction_digits;
	size_t length = strcspn(name, "." DIGITS);
	wide whole, part, scale = 1;

	if (digits + fraction_digits == 0)
		return -1;
	(void)model_number(*text, digits, &whole);
	/* More digits than these are less than a nanosecond of an hour. */
	(void)model_number(fraction, fraction_digits < 18 ? fraction_digits : 18, &part);
	for (size_t i = 0; i < fraction_digits && i < 18; i++)
		scale *= 10;
	*text = name + length;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strlen(units[i].name) != length || memcmp(units[i].name, name, length) != 0)
			continue;
		*ns = whole > INT64_MAX ? whole : whole * units[i].ns + part * units[i].ns / scale;
		return 0;
	}
	return -1;
}

static int model_duration(const char *text, wide *sum)
{
	wide part;

	*sum = 0;
	if (strcmp(text, "0") == 0)
		return 0;
	text += *text == '+';
	if (*text == '\0')
		return -1;
	while (*text) {
		if (model_part(&text, &part) < 0)
			return -1;
		*sum += part;
		if (*sum > INT64_MAX)
			return -1;
	}
	return 0;
}

static void check_duration(const char *text)
{
	uint64_t ns = 0;
	wide expected;
	int is_none = model_duration(text, &expected);

	FUZZ_REQUIRE((duration_parse(text, &ns) < 0) == (is_none < 0));
	FUZZ_REQUIRE(is_none || ns == (uint64_t)expected);
}

static void check_size(const char *text)
{
	char digits[24];
	int64_t bytes = -1, again;

	if (size_parse(text, &bytes) < 0)
		return;
	FUZZ_REQUIRE(bytes >= 0 && text[0] >= '0' && text[0] <= '9');
	snprintf(digits, sizeof(digits), "%lld", (long long)bytes);
	FUZZ_REQUIRE(size_parse(digits, &again) == 0 && again == bytes);
	FUZZ_REQUIRE(text[strspn(text, DIGITS)] != '\0' || bytes == (int64_t)strtoull(text, NULL, 10));
}

static void check_signal(const char *text)
{
	int signal = -1, again = -1;
	struct err err = ERR_INIT;
	char name[80];
	wide number;

	if (signal_parse(text, &signal, &err) < 0) {
		FUZZ_REQUIRE(err.kind == ERR_USAGE);
		return;
	}
	FUZZ_REQUIRE(signal >= 0 && signal <= 64);
	if (model_number(text, strlen(text), &number) == 0) {
		FUZZ_REQUIRE(number == (wide)signal);
	} else if (strlen(text) < 60 && strncasecmp(text, "SIG", 3) != 0) {
		snprintf(name, sizeof(name), "SIG%s", text);
		FUZZ_REQUIRE(signal_parse(name, &again, &err) == 0 && again == signal);
	}
}

static void check_cpus(const char *text)
{
	_cleanup_buf_ struct buf list = BUF_INIT;
	struct spec_cpus cpus, again;

	if (spec_cpu_list_parse(text, &cpus) < 0)
		return;
	FUZZ_REQUIRE(cpus.size > 0 && cpus.size <= sizeof(cpus.bits) && cpus.size % 8 == 0);
	for (unsigned cpu = 0; cpu < SPEC_CPU_COUNT_MAX; cpu++) {
		if ((cpus.bits[cpu / 8] >> cpu % 8 & 1) == 0)
			continue;
		FUZZ_REQUIRE(cpu / 8 < cpus.size);
		buf_printf(&list, "%s%u", list.length > 0 ? "," : "", cpu);
	}
	FUZZ_REQUIRE(spec_cpu_list_parse(buf_str(&list), &again) == 0);
	FUZZ_REQUIRE(again.size == cpus.size && memcmp(again.bits, cpus.bits, sizeof(cpus.bits)) == 0);
}

/* --- paths and words --- */

static void model_clean(const char *path, char *clean)
{
	const char *starts[4096];
	size_t lengths[4096], count = 0;

	while (*path) {
		size_t length = strcspn(path, "/");

		if (length == 2 && memcmp(path, "..", 2) == 0)
			count -= count > 0;
		else if (length > 0 && !(length == 1 && *path == '.') && count < 4096)
			starts[count] = path, lengths[count++] = length;
		path += length + (path[length] == '/');
	}
	*clean = '\0';
	for (size_t i = 0; i < count; i++)
		clean += sprintf(clean, "/%.*s", (int)lengths[i], starts[i]);
	if (count == 0)
		strcpy(clean, "/");
}

static void check_path(const char *path)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	char *expected, *clean, *of_image;

	if (strlen(path) > 8000)
		return;
	expected = arena_alloc(&arena, strlen(path) + 2);
	model_clean(path, expected);
	clean = plan_path_clean(&arena, path);
	FUZZ_REQUIRE(strcmp(clean, expected) == 0);
	FUZZ_REQUIRE(plan_path_is_clean(path) == (strcmp(path, clean) == 0));
	FUZZ_REQUIRE(path_is_beneath(clean, clean));
	of_image = spec_image_path(&arena, path);
	FUZZ_REQUIRE(!of_image || (path[0] == '/' && strcmp(of_image, "/") != 0 && plan_path_is_clean(of_image)));
}

static void check_words(struct fuzz_input input)
{
	char *word = fuzz_cut_text(&input), *list = fuzz_cut_text(&input), *rest = list, *item;
	bool is_there = words_have(list, ',', word, strlen(word)), is_found = false;

	/* A list that ends with a separator has no empty item behind it. */
	while ((item = strsep(&rest, ",")))
		is_found |= strcmp(item, word) == 0 && (item[0] != '\0' || rest);
	FUZZ_REQUIRE(is_there == is_found);
	free(word);
	free(list);
}

/* --- texts --- */

/* The value of the character at text, and its length; 0 for none (RFC 3629, the long way round). */
static size_t model_char(const unsigned char *text, size_t size, uint32_t *code)
{
	size_t length = text[0] < 0x80 ? 1 :
			text[0] >> 5 == 6 ? 2 : text[0] >> 4 == 14 ? 3 : text[0] >> 3 == 30 ? 4 : 0;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (length == 0 || length > size)
		return 0;
	*code = length == 1 ? text[0] : text[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if (text[i] >> 6 != 2)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	return *code < least[length] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000) ? 0 : length;
}

static size_t check_utf8(const char *text, size_t size)
{
	size_t at = 0, length = 1;
	uint32_t code;

	while (at < size && length > 0) {
		length = model_char((const unsigned char *)text + at, size - at, &code);
		FUZZ_REQUIRE(utf8_char_length(text + at, size - at) == length);
		at += length;
	}
	FUZZ_REQUIRE(utf8_valid_length(text, size) == at);
	return at;
}

static void check_escape(const char *text)
{
	_cleanup_buf_ struct buf out = BUF_INIT;
	const unsigned char *bytes;
	uint32_t code;

	escape_add(&out, text, "\"\\");
	FUZZ_REQUIRE(utf8_valid_length(buf_str(&out), out.length) == out.length);
	bytes = (const unsigned char *)buf_str(&out);
	for (size_t at = 0; at < out.length;) {
		at += model_char(bytes + at, out.length - at, &code);
		FUZZ_REQUIRE(code >= 0x20 && code != 0x7f && !(code >= 0x80 && code < 0xa0));
	}
}

struct pair { char *key; };
static const struct json_row pair_rows[] = { JSON_ROW_STRING(struct pair, "key", key, JSON_REQUIRED) };
JSON_TABLE(pair_table, struct pair, pair_rows);

/* Any string becomes one of JSON; a valid one comes back. */
static void check_json_string(const char *text, struct fuzz_input input)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf json = BUF_INIT;
	struct json_emitter emitter;
	struct json_source source = { .name = "json", .size_max = SIZE_MAX };
	struct err err = ERR_INIT;
	struct pair pair = { NULL };

	json_emit_open(&emitter, &json, input.size % 2 ? JSON_PRETTY : JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "key", text);
	json_emit_object_end(&emitter);
	FUZZ_REQUIRE(json_emit_close(&emitter) == 0);
	source.text = json.data;
	source.size = json.length;
	FUZZ_REQUIRE(json_decode(&arena, &source, &pair_table, &pair, NULL, &err) == 0);
	if (utf8_valid_length(text, strlen(text)) == strlen(text))
		FUZZ_REQUIRE(strcmp(pair.key, text) == 0);
	else
		FUZZ_REQUIRE(strstr(pair.key, "\xef\xbf\xbd"));
}

static void check_date(struct fuzz_input input)
{
	uint64_t seconds = 0;
	char text[UTC_TEXT_SIZE], expected[64];
	struct tm date;
	time_t time;

	memcpy(&seconds, input.data, input.size < sizeof(seconds) ? input.size : sizeof(seconds));
	/* Four digits of a year are what RFC 3339 has. */
	time = (time_t)(seconds % 253402300800);
	FUZZ_REQUIRE(gmtime_r(&time, &date));
	strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", &date);
	utc_format_seconds(time, text);
	FUZZ_REQUIRE(strcmp(text, expected) == 0);
}

static void check_error(const char *text)
{
	struct err err = ERR_INIT;
	char line[64];

	(void)err_sys(&err, 2, "%s", text);
	for (int i = 0; i < 3; i++) {
		(void)err_prefix(&err, "%.300s", text);
		FUZZ_REQUIRE(memchr(err.text, '\0', sizeof(err.text)) && err.errnum == 2 && err.kind == ERR_SYSTEM);
	}
	if (strlen(text) >= ERR_TEXT_SIZE)
		FUZZ_REQUIRE(strlen(err.text) >= 3 && strcmp(err.text + strlen(err.text) - 3, "...") == 0);
	err_format(&err, line, sizeof(line));
	FUZZ_REQUIRE(strlen(line) < sizeof(line));
}

static void (*const checks[])(const char *text) = {
	check_number, check_duration, check_size, check_signal, check_cpus, check_path, check_escape, check_error,
};
#define CHECK_COUNT (sizeof(checks) / sizeof(checks[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { (const char *)data, size };
	unsigned choice = fuzz_byte(&input) % (CHECK_COUNT + 4);
	char *text = fuzz_text(input);

	if (choice < CHECK_COUNT)
		checks[choice](text);
	else if (choice == CHECK_COUNT)
		check_words(input);
	else if (choice == CHECK_COUNT + 1)
		(void)check_utf8(text, input.size);
	else if (choice == CHECK_COUNT + 2)
		check_json_string(text, input);
	else if (input.size > 0)
		check_date(input);
	free(text);
	return 0;
}
