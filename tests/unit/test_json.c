/*
 * test_json.c - the decoder with a table of its own, json_locate(), and the emitter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "json/decode.h"
#include "json/emit.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct inner { char *key; uint32_t number; };
struct inner_list { struct inner *items; size_t count; };

struct outer {
	char *text;
	char *word;
	char *optional;
	bool flag;
	struct opt_bool opt_flag;
	uint32_t u32;
	uint64_t u64;
	int64_t i64;
	struct opt_u32 opt_u32;
	struct opt_u64 opt_u64;
	struct opt_i64 opt_i64;
	uint32_t choice;
	char letter;
	uint32_t bits;
	bool has_bits;
	uint64_t wide_bits;
	struct str_list strings;
	struct str_list paths;
	struct str_list words;
	struct u32_list numbers;
	struct inner nested;
	struct inner *pointer;
	struct inner_list list;
	struct str_map map;
	struct inner_list keyed;
};

static const struct name_row color_rows[] = { { "red", 1 }, { "green", 2 }, { "blue", 4 } };
static const struct name_table colors = NAME_TABLE(color_rows);
static const struct name_row letter_rows[] = { { "a", 'a' }, { "b", 'b' } };
static const struct name_table letters = NAME_TABLE(letter_rows);

static const struct json_row inner_rows[] = {
	JSON_ROW_U32(struct inner, "number", number, JSON_REQUIRED, 1, 9),
};
static const struct inner inner_initial = { .number = 7 };
JSON_TABLE_OF(inner_table, struct inner);
static const struct json_table inner_table = JSON_TABLE_INIT(struct inner, inner_rows, .initial = &inner_initial);

static const struct json_row self_rows[] = {
	JSON_ROW_U64(struct outer, "u64", u64, 0, 0, UINT64_MAX),
};
JSON_TABLE(self_table, struct outer, self_rows);

static const struct json_row outer_rows[] = {
	JSON_ROW_STRING(struct outer, "text", text, JSON_NOT_EMPTY),
	JSON_ROW_WORD(struct outer, "word", word, 0, colors, "a color"),
	JSON_ROW_STRING(struct outer, "optional", optional, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_BOOL(struct outer, "flag", flag, 0),
	JSON_ROW_OPT_BOOL(struct outer, "optFlag", opt_flag, 0),
	JSON_ROW_U32(struct outer, "u32", u32, 0, 0, UINT32_MAX),
	JSON_ROW_SELF("self", 0, self_table),
	JSON_ROW_I64(struct outer, "i64", i64, 0, INT64_MIN, INT64_MAX),
	JSON_ROW_OPT_U32(struct outer, "optU32", opt_u32, 0, 0, UINT32_MAX),
	JSON_ROW_OPT_U64(struct outer, "optU64", opt_u64, 0, 0, UINT64_MAX),
	JSON_ROW_OPT_I64(struct outer, "optI64", opt_i64, 0, -20, 19),
	JSON_ROW_ENUM(struct outer, "choice", choice, 0, colors, "a color"),
	JSON_ROW_ENUM_CHAR(struct outer, "letter", letter, 0, letters, "a letter"),
	JSON_ROW_FLAGS_U32_HAS(struct outer, "bits", bits, has_bits, 0, colors, "a color"),
	JSON_ROW_FLAGS_U64(struct outer, "wideBits", wide_bits, 0, colors, "a color"),
	JSON_ROW_STRINGS(struct outer, "strings", strings, JSON_NOT_EMPTY),
	JSON_ROW_STRINGS(struct outer, "paths", paths, JSON_ABSOLUTE),
	JSON_ROW_WORDS(struct outer, "words", words, 0, colors, "a color"),
	JSON_ROW_U32S(struct outer, "numbers", numbers, 0, 0, UINT32_MAX),
	JSON_ROW_OBJECT(struct outer, "nested", nested, 0, inner_table),
	JSON_ROW_OBJECT_PTR(struct outer, "pointer", pointer, 0, inner_table),
	JSON_ROW_OBJECTS(struct outer, "list", list, 0, inner_table),
	JSON_ROW_STRING_MAP(struct outer, "map", map, 0),
	JSON_ROW_OBJECT_MAP(struct outer, "keyed", keyed, 0, inner_table, key),
	JSON_ROW_SKIP("windows"),
	JSON_ROW_STRINGS(struct outer, "later", strings, JSON_UNSUPPORTED),
};
JSON_TABLE(outer_table, struct outer, outer_rows);

static int decode_n(struct arena *arena, const char *text, size_t size, struct outer *outer,
		    struct json_report *report, struct err *err)
{
	struct json_source source = { .name = "t", .text = text, .size = size, .size_max = 4 << 20 };

	memset(outer, 0, sizeof(*outer));
	return json_decode(arena, &source, &outer_table, outer, report, err);
}

static int decode(struct arena *arena, const char *text, struct outer *outer, struct json_report *report,
		  struct err *err)
{
	return decode_n(arena, text, strlen(text), outer, report, err);
}

static void test_every_type(void **state)
{
	static const char text[] =
		"{\"text\":\"t\\u00e9\\ud83d\\ude00\\n\",\"word\":\"red\",\"optional\":\"\",\"flag\":true,\"optFlag\":"
		"false,"
		"\"u32\":4294967295,\"self\":{\"u64\":18446744073709551615},\"i64\":-9223372036854775808,\"optU32\":0,"
		"\"optU64\":1,\"optI64\":-20,\"choice\":\"blue\",\"letter\":\"b\",\"bits\":[],\"wideBits\":[\"red\","
		"\"blue\"],"
		"\"strings\":[\"a\",\"\",\"c\",\"d\",\"e\",\"f\"],\"paths\":[],\"words\":[\"green\"],\"numbers\":[1,2,"
		"3,4,5],"
		"\"nested\":{\"number\":1},\"pointer\":{\"number\":2},\"list\":[{\"number\":3},{\"number\":4}],"
		"\"map\":{\"k\":\"v\",\"a.b\":\"\",\"gone\":null},\"keyed\":{\"one\":{\"number\":5}},"
		"\"unknown\":{\"deep\":[1.5e3,{\"x\":null}]}}";
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct err err = ERR_INIT;
	struct outer outer;

	(void)state;
	assert_int_equal(decode(&arena, text, &outer, NULL, &err), 0);
	assert_string_equal(outer.text, "t\xc3\xa9\xf0\x9f\x98\x80\n");
	assert_string_equal(outer.word, "red");
	assert_null(outer.optional);
	assert_true(outer.flag);
	assert_true(outer.opt_flag.is_set && !outer.opt_flag.value);
	assert_true(outer.u32 == UINT32_MAX && outer.u64 == UINT64_MAX && outer.i64 == INT64_MIN);
	assert_true(outer.opt_u32.is_set && outer.opt_u32.value == 0);
	assert_true(outer.opt_u64.is_set && outer.opt_u64.value == 1);
	assert_true(outer.opt_i64.is_set && outer.opt_i64.value == -20);
	assert_int_equal(outer.choice, 4);
	assert_int_equal(outer.letter, 'b');
	assert_true(outer.has_bits && outer.bits == 0);
	assert_int_equal(outer.wide_bits, 5);
	assert_int_equal(outer.strings.count, 6);
	assert_string_equal(outer.strings.items[5], "f");
	assert_null(outer.strings.items[6]);
	assert_true(outer.paths.count == 0 && outer.paths.items && !outer.paths.items[0]);
	assert_string_equal(outer.words.items[0], "green");
	assert_true(outer.numbers.count == 5 && outer.numbers.items[4] == 5);
	assert_true(outer.nested.number == 1 && outer.pointer->number == 2);
	assert_true(outer.list.count == 2 && outer.list.items[1].number == 4);
	assert_int_equal(outer.map.count, 2);
	assert_string_equal(outer.map.items[1].key, "a.b");
	assert_string_equal(outer.keyed.items[0].key, "one");
	assert_int_equal(outer.keyed.items[0].number, 5);
}

static void test_absent_and_null(void **state)
{
	static const char text[] = "{\"text\":null,\"u32\":null,\"pointer\":null,\"list\":null,\"map\":null,\"bits\":"
	"null}";
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct outer outer, zeros;
	struct err err = ERR_INIT;

	(void)state;
	memset(&zeros, 0, sizeof(zeros));
	assert_int_equal(decode(&arena, text, &outer, NULL, &err), 0);
	assert_memory_equal(&outer, &zeros, sizeof(zeros));
	assert_int_equal(decode(&arena, "{}", &outer, NULL, &err), 0);
	assert_memory_equal(&outer, &zeros, sizeof(zeros));
}

struct bad_text { const char *text; const char *message; };

static const struct bad_text bad_texts[] = {
	/* Grammar. */
	{ "", "t: the file is empty" },
	{ " \n\t", "t: the file is empty" },
	{ "{", "t:1:2: not valid JSON: premature EOF" },
	{ "{} {}", "t:1:4: not valid JSON: trailing garbage" },
	{ "{}x", "t:1:3: not valid JSON: trailing garbage" },
	{ "{}\n \"x", "t:2:2: not valid JSON: trailing garbage" },
	{ "{} \"", "t:1:4: not valid JSON: trailing garbage" },
	{ "{} tru", NULL },
	{ "{} -", NULL },
	{ "{\"u32\":1,}", "t:1:10: u32: not valid JSON: invalid object key (must be a string)" },
	{ "{'u32':1}", "t:1:2: not valid JSON: invalid char in json text." },
	{ "{\"u32\":01}", NULL },
	{ "{\"u32\":+1}", NULL },
	{ "{\"text\":\"a\nb\"}", NULL },
	{ "{\"text\":\"\\x\"}", NULL },
	{ "{} // comment", NULL },
	{ "\xef\xbb\xbf{}", "t:1:1: not valid JSON: starts with a byte order mark" },
	{ "{\n\v}", "t:2:1: not valid JSON: byte 0x0b" },
	{ "{}\f", "t:1:3: not valid JSON: byte 0x0c" },
	/* UTF-8: a stray byte, an overlong NUL and '/', a surrogate, above U+10FFFF, cut off. */
	{ "{\"text\":\"\xff\"}", "t:1:10: not valid UTF-8: byte 0xff" },
	{ "{\"text\":\"\xc0\x80\"}", "t:1:10: not valid UTF-8: byte 0xc0" },
	{ "{\"text\":\"\xe0\x80\xaf\"}", "t:1:10: not valid UTF-8: byte 0xe0" },
	{ "{\"text\":\"\xed\xa0\x80\"}", "t:1:10: not valid UTF-8: byte 0xed" },
	{ "{\"text\":\"\xf4\x90\x80\x80\"}", "t:1:10: not valid UTF-8: byte 0xf4" },
	{ "{\"text\":\"\xc3", "t:1:10: not valid UTF-8: byte 0xc3" },
	/* Strings. */
	{ "{\"text\":\"a\\u0000b\"}", "t:1:9: text: a string must not contain \\u0000" },
	{ "{\"a\\u0000\":1}", "t:1:2: [\"a\\u0000\"]: a string must not contain \\u0000" },
	{ "{\"x\":{\"y\":\"\\u0000\"}}", "t:1:11: x.y: a string must not contain \\u0000" },
	{ "{\"text\":\"\\ud800\"}", "t:1:10: text: \\ud800 is only half of a character" },
	{ "{\"text\":\"a\\\\\\udc00\"}", "t:1:13: text: \\udc00 is only half of a character" },
	{ "{\"text\":\"\\ud800\\u0041\"}", "t:1:10: text: \\ud800 is only half of a character" },
	{ "{\"text\":\"\"}", "t:1:9: text: want a string that is not empty, got \"\"" },
	{ "{\"text\":1}", "t:1:9: text: want a string that is not empty, got 1" },
	{ "{\"word\":\"pink\"}", "t:1:9: word: want a color (red, green, blue), got \"pink\"" },
	{ "{\"choice\":\"re\"}", "t:1:11: choice: want a color (red, green, blue), got \"re\"" },
	{ "{\"choice\":\"redd\"}", "t:1:11: choice: want a color (red, green, blue), got \"redd\"" },
	{ "{\"choice\":1}", "t:1:11: choice: want a color (red, green, blue), got 1" },
	{ "{\"letter\":\"\"}", "t:1:11: letter: want a letter (a, b), got \"\"" },
	/* Wrong types. */
	{ "[]", "t:1:1: want an object, got a list" },
	{ "12", "t:1:1: want an object, got 12" },
	{ "null", "t:1:1: want an object, got null" },
	{ "\"x\"", "t:1:1: want an object, got \"x\"" },
	{ "{\"flag\":1}", "t:1:9: flag: want true or false, got 1" },
	{ "{\"optFlag\":\"true\"}", "t:1:12: optFlag: want true or false, got \"true\"" },
	{ "{\"nested\":[]}", "t:1:11: nested: want an object, got a list" },
	{ "{\"pointer\":3}", "t:1:12: pointer: want an object, got 3" },
	{ "{\"list\":{}}", "t:1:9: list: want a list of objects, got an object" },
	{ "{\"list\":[1]}", "t:1:10: list[0]: want an object, got 1" },
	{ "{\"list\":[null]}", "t:1:10: list[0]: want an object, got null" },
	{ "{\"strings\":\"a\"}", "t:1:12: strings: want a list of strings, got \"a\"" },
	{ "{\"strings\":[\"a\",null]}", "t:1:17: strings[1]: want a string, got null" },
	{ "{\"strings\":[\"a\",[]]}", "t:1:17: strings[1]: want a string, got a list" },
	{ "{\"strings\":[]}", "t:1:12: strings: want a list of at least one item, got an empty one" },
	{ "{\"paths\":[\"/a\",\"b\"]}", "t:1:16: paths[1]: want an absolute path, got \"b\"" },
	{ "{\"words\":[\"red\",\"x\"]}", "t:1:17: words[1]: want a color (red, green, blue), got \"x\"" },
	{ "{\"bits\":[\"x\"]}", "t:1:10: bits[0]: want a color (red, green, blue), got \"x\"" },
	{ "{\"wideBits\":[1]}", "t:1:14: wideBits[0]: want a color (red, green, blue), got 1" },
	{ "{\"numbers\":[1,-1]}", "t:1:15: numbers[1]: want an unsigned 32-bit integer, got -1" },
	{ "{\"map\":[]}", "t:1:8: map: want an object of strings, got a list" },
	{ "{\"map\":{\"a.b\":1}}", "t:1:15: map[\"a.b\"]: want a string, got 1" },
	{ "{\"map\":{\"\":\"x\"}}", "t:1:9: map[\"\"]: the key must not be empty" },
	{ "{\"keyed\":{\"x\":1}}", "t:1:15: keyed.x: want an object, got 1" },
	/* Numbers. */
	{ "{\"u32\":4294967296}", "t:1:8: u32: want an unsigned 32-bit integer, got 4294967296" },
	{ "{\"u32\":-1}", "t:1:8: u32: want an unsigned 32-bit integer, got -1" },
	{ "{\"u32\":-0}", "t:1:8: u32: want an unsigned 32-bit integer, got -0" },
	{ "{\"u32\":1.0}",
	  "t:1:8: u32: want an unsigned 32-bit integer, got 1.0 (integers are written without point and exponent)" },
	{ "{\"u32\":1e3}",
	  "t:1:8: u32: want an unsigned 32-bit integer, got 1e3 (integers are written without point and exponent)" },
	{ "{\"u32\":\"1\"}", "t:1:8: u32: want an unsigned 32-bit integer, got \"1\"" },
	{ "{\"self\":{\"u64\":18446744073709551616}}",
	  "t:1:16: self.u64: want an unsigned 64-bit integer, got 18446744073709551616" },
	{ "{\"i64\":9223372036854775808}", "t:1:8: i64: want a 64-bit integer, got 9223372036854775808" },
	{ "{\"i64\":-9223372036854775809}", "t:1:8: i64: want a 64-bit integer, got -9223372036854775809" },
	{ "{\"optI64\":20}", "t:1:11: optI64: want an integer from -20 to 19, got 20" },
	{ "{\"nested\":{\"number\":0}}", "t:1:21: nested.number: want an integer from 1 to 9, got 0" },
	{ "{\"u32\":100000000000000000000000000000000000000000000000000}",
	  "t:1:8: u32: want an unsigned 32-bit integer, got 1000000000000000000000000000000000000000..." },
	/* Keys. */
	{ "{\"u32\":1,\n \"u32\":2}", "t:2:2: u32: the key is given twice" },
	{ "{\"u32\":null,\"u32\":2}", "t:1:13: u32: the key is given twice" },
	{ "{\"u32\":1,\"\\u00753\\u0032\":2}", NULL },
	{ "{\"x\":1,\"x\":2}", "t:1:8: x: the key is given twice" },
	{ "{\"x\":[{\"y\":1},{\"y\":1,\"y\":2}]}", "t:1:22: x[1].y: the key is given twice" },
	{ "{\"map\":{\"a\":\"1\",\"a\":\"2\"}}", "t:1:17: map.a: the key is given twice" },
	{ "{\"windows\":{\"a\":1,\"a\":2}}", "t:1:19: windows.a: the key is given twice" },
	{ "{\"list\":[{\"number\":1},{}]}", "t:1:23: list[1]: required key \"number\" is missing" },
	{ "{\"list\":[{\"number\":null}]}", "t:1:10: list[0]: required key \"number\" is missing" },
	{ "{\"keyed\":{\"a b\":{}}}", "t:1:17: keyed[\"a b\"]: required key \"number\" is missing" },
	{ "{\"later\":[\"x\"]}", "t:1:10: unsupported: later" },
	/* Columns count characters, lines count newlines. */
	{ "{\"text\":\"\xc3\xa9\xc3\xa9\",\"u32\":true}", "t:1:20: u32: want an unsigned 32-bit integer, got true" },
	{ "{\r\n\t\"u32\" :\r\n\ttrue}", "t:3:2: u32: want an unsigned 32-bit integer, got true" },
};

static void test_bad_texts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad_texts); i++) {
		_cleanup_arena_ struct arena arena = ARENA_INIT;
		struct err err = ERR_INIT;
		struct outer outer;

		if (decode(&arena, bad_texts[i].text, &outer, NULL, &err) == 0)
			fail_msg("accepted: %s", bad_texts[i].text);
		if (bad_texts[i].message)
			assert_string_equal(err.text, bad_texts[i].message);
		assert_true(err.kind == ERR_CONFIG || err.kind == ERR_UNSUPPORTED);
	}
}

/* A NUL byte between the tokens, which a C string can't hold. */
static void test_nul_byte(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct err err = ERR_INIT;
	struct outer outer;

	(void)state;
	assert_int_equal(decode_n(&arena, "{\"u32\":1}\0", 10, &outer, NULL, &err), -1);
	assert_int_equal(decode_n(&arena, "{\"text\":\"a\0b\"}", 14, &outer, NULL, &err), -1);
}

static void add_repeated(struct buf *text, const char *piece, size_t count)
{
	while (count--)
		buf_add_str(text, piece);
}

static void test_depth(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf good = BUF_INIT, bad = BUF_INIT;
	struct err err = ERR_INIT;
	struct outer outer;

	(void)state;
	buf_add_str(&good, "{\"x\":");
	add_repeated(&good, "[", JSON_DEPTH_MAX - 1);
	add_repeated(&good, "]", JSON_DEPTH_MAX - 1);
	buf_add_str(&good, "}");
	assert_int_equal(decode(&arena, buf_str(&good), &outer, NULL, &err), 0);
	buf_add_str(&bad, "{\"x\":");
	add_repeated(&bad, "[", 1000000);
	assert_int_equal(decode(&arena, buf_str(&bad), &outer, NULL, &err), -1);
	assert_non_null(strstr(err.text, ": nested deeper than 64 levels"));
}

static void test_sizes(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf items = BUF_INIT, string = BUF_INIT, keys = BUF_INIT;
	struct json_source source = { .name = "t", .text = "{}", .size = 100, .size_max = 99 };
	struct err err = ERR_INIT;
	struct outer outer;
	size_t i;

	(void)state;
	buf_add_str(&items, "{\"numbers\":[1");
	add_repeated(&items, ",1", JSON_COUNT_MAX);
	buf_add_str(&items, "]}");
	assert_int_equal(decode(&arena, buf_str(&items), &outer, NULL, &err), -1);
	assert_non_null(strstr(err.text, "numbers[65536]: more than 65536 items"));
	buf_add_str(&string, "{\"text\":\"");
	add_repeated(&string, "0123456789abcdef", JSON_STRING_MAX / 16);
	buf_add_str(&string, "x\"}");
	assert_int_equal(decode(&arena, buf_str(&string), &outer, NULL, &err), -1);
	assert_non_null(strstr(err.text, "text: a string of 1048577 bytes is longer than 1048576"));
	buf_add_str(&keys, "{\"map\":{\"k\":\"\"");
	for (i = 0; i <= JSON_COUNT_MAX; i++)
		buf_printf(&keys, ",\"k%zu\":\"\"", i);
	buf_add_str(&keys, "}}");
	assert_int_equal(decode(&arena, buf_str(&keys), &outer, NULL, &err), -1);
	assert_non_null(strstr(err.text, "more than 65536 keys"));
	assert_int_equal(json_decode(&arena, &source, &outer_table, &outer, NULL, &err), -1);
	assert_string_equal(err.text, "t: larger than 99 bytes");
}

static void test_report(void **state)
{
	static const char text[] = "{\"windows\":{\"a\":[{}]},\n\"later\":[\"x\",\"y\"]}";
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct json_report report = { 0 };
	struct err err = ERR_INIT;
	struct outer outer;

	(void)state;
	assert_int_equal(decode(&arena, text, &outer, &report, &err), 0);
	assert_int_equal(report.warnings.count, 1);
	assert_string_equal(report.warnings.items[0], "windows: skipped: not for Linux");
	assert_string_equal(report.unsupported, "later");
	assert_int_equal(report.line, 2);
	assert_int_equal(report.column, 9);
}

static const struct { const char *path; int result; unsigned line, column; } locations[] = {
	{ "", 0, 1, 1 },
	{ "a", 0, 2, 6 },
	{ "a[1].b", 0, 3, 9 },
	{ "a[1]", 0, 3, 2 },
	{ "a[7].b", 0, 2, 6 },
	{ "a[1].z", 0, 3, 2 },
	{ "m[\"x.y\"]", 0, 4, 14 },
	{ "m[\"q\\\"\"]", 0, 4, 24 },
	{ "z", 0, 1, 1 },
	{ "a[x]", -1, 0, 0 },
	{ "a..b", -1, 0, 0 },
	{ "m[\"x", -1, 0, 0 },
};

static void test_locate(void **state)
{
	static const char text[] = "{\n\"a\": [ {\"b\": 1},\n {\"b\" : {\"c\":2}} ],\n\"m\": {\"x.y\": 3, \"q\\\"\": "
	"4} }";
	unsigned line, column;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(locations); i++) {
		line = column = 0;
		assert_int_equal(json_locate(text, sizeof(text) - 1, locations[i].path, &line, &column),
				 locations[i].result);
		assert_int_equal(line, locations[i].line);
		assert_int_equal(column, locations[i].column);
	}
	assert_int_equal(json_locate("", 0, "a", &line, &column), -1);
}

static void test_path_key(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;

	(void)state;
	assert_string_equal(json_path_key(&arena, "", "a"), "a");
	assert_string_equal(json_path_key(&arena, "a", "b_1-x"), "a.b_1-x");
	assert_string_equal(json_path_key(&arena, "a", "net.x"), "a[\"net.x\"]");
	assert_string_equal(json_path_key(&arena, "a", "\"\\"), "a[\"\\\"\\\\\"]");
}

static void test_emit(void **state)
{
	static const char *const texts[] = { "a", "b" };
	_cleanup_buf_ struct buf out = BUF_INIT;
	struct json_emitter emitter;

	(void)state;
	json_emit_open(&emitter, &out, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "text", "\"\\\n\x01 \xc3\xa9 \xff\xc0\x80");
	json_emit_key_string(&emitter, "null", NULL);
	json_emit_key_int(&emitter, "int", INT64_MIN);
	json_emit_key_uint(&emitter, "uint", UINT64_MAX);
	json_emit_key_bool(&emitter, "bool", true);
	json_emit_key_strings(&emitter, "list", texts, COUNT(texts));
	json_emit_key(&emitter, "raw");
	json_emit_raw(&emitter, "{\"x\":1}", 7);
	json_emit_object_end(&emitter);
	assert_int_equal(json_emit_close(&emitter), 0);
	assert_string_equal(buf_str(&out),
		"{\"text\":\"\\\"\\\\\\n\\u0001 \xc3\xa9 \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\","
					   "\"null\":null,\"int\":-9223372036854775808,\"uint\":18446744073709551615,"
					   "\"bool\":true,\"list\":[\"a\",\"b\"],\"raw\":{\"x\":1}}");
}

/* What drives a terminal and JSON allows. */
static void test_emit_control(void **state)
{
	_cleanup_buf_ struct buf out = BUF_INIT;
	struct json_emitter emitter;

	(void)state;
	json_emit_open(&emitter, &out, JSON_COMPACT);
	json_emit_string(&emitter, "\x1b\x7f\xc2\x80x\xc2\x9f\xc2\xa0\x7f");
	assert_int_equal(json_emit_close(&emitter), 0);
	assert_string_equal(buf_str(&out), "\"\\u001B\\u007f\\u0080x\\u009f\xc2\xa0\\u007f\"");
}

static void test_emit_pretty(void **state)
{
	_cleanup_buf_ struct buf out = BUF_INIT;
	struct json_emitter emitter;

	(void)state;
	json_emit_open(&emitter, &out, JSON_PRETTY);
	json_emit_object_begin(&emitter);
	json_emit_key_array(&emitter, "empty");
	json_emit_array_end(&emitter);
	json_emit_key_object(&emitter, "object");
	json_emit_key_int(&emitter, "one", 1);
	json_emit_key_object(&emitter, "last");
	json_emit_object_end(&emitter);
	json_emit_object_end(&emitter);
	json_emit_object_end(&emitter);
	assert_int_equal(json_emit_close(&emitter), 0);
	assert_string_equal(buf_str(&out),
			    "{\n\t\"empty\": [],\n\t\"object\": {\n\t\t\"one\": 1,\n\t\t\"last\": {}\n\t}\n}\n");
	buf_free(&out);
	json_emit_open(&emitter, &out, JSON_PRETTY);
	json_emit_array_begin(&emitter);
	json_emit_array_end(&emitter);
	assert_int_equal(json_emit_close(&emitter), 0);
	assert_string_equal(buf_str(&out), "[]\n");
}

static void test_emit_misuse(void **state)
{
	_cleanup_buf_ struct buf out = BUF_INIT;
	struct json_emitter emitter;

	(void)state;
	json_emit_open(&emitter, &out, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_int(&emitter, 1);
	json_emit_object_end(&emitter);
	assert_int_equal(json_emit_close(&emitter), -1);
	json_emit_open(&emitter, &out, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	assert_int_equal(json_emit_close(&emitter), -1);
	assert_int_equal(json_emit_close(&emitter), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_type),
		cmocka_unit_test(test_absent_and_null),
		cmocka_unit_test(test_bad_texts),
		cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_locate),
		cmocka_unit_test(test_path_key),
		cmocka_unit_test(test_emit),
		cmocka_unit_test(test_emit_control),
		cmocka_unit_test(test_emit_pretty),
		cmocka_unit_test(test_emit_misuse),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
