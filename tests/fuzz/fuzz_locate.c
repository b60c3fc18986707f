/*
 * fuzz_locate.c - where a JSON path stands in a text: json_locate() against a walk of the fuzzer's own.
 *
 * The input is a document, then after a NUL any path.  Oracles: what decodes is JSON to the letter (RFC 8259); the path
 * of each value, made by json_path_key(), is found where the value is; the decoder's own error points into the text.
 */
#include "fuzz.h"
#include "json/decode.h"

#define VALUES_MAX 200
#define PATH_MAX_BYTES 2000
/* Longer keys and deeper paths json_locate() doesn't look for. */
#define KEY_MAX 255
#define DEPTH_MAX 20
#define DIGITS "0123456789"

struct nothing { bool unused; };
static const struct json_row nothing_rows[] = { JSON_ROW_BOOL(struct nothing, "unused-by-anybody", unused, 0) };
JSON_TABLE(nothing_table, struct nothing, nothing_rows);

struct walker { struct arena *arena; const char *text, *at, *end; unsigned count; };

static void skip_blanks(struct walker *walker)
{
	while (walker->at < walker->end && strchr(" \t\r\n", *walker->at) && *walker->at)
		walker->at++;
}

static int take(struct walker *walker, const char *characters)
{
	if (walker->at == walker->end || *walker->at == '\0' || !strchr(characters, *walker->at))
		return 0;
	walker->at++;
	return 1;
}

static void skip_digits(struct walker *walker)
{
	FUZZ_REQUIRE(take(walker, DIGITS));
	while (take(walker, DIGITS))
		continue;
}

static void skip_number(struct walker *walker)
{
	(void)take(walker, "-");
	if (!take(walker, "0"))
		skip_digits(walker);
	if (take(walker, "."))
		skip_digits(walker);
	if (take(walker, "eE")) {
		(void)take(walker, "+-");
		skip_digits(walker);
	}
}

static void skip_string(struct walker *walker)
{
	FUZZ_REQUIRE(take(walker, "\""));
	while (!take(walker, "\"")) {
		FUZZ_REQUIRE(walker->at < walker->end && (unsigned char)*walker->at >= ' ');
		if (!take(walker, "\\")) {
			walker->at++;
		} else if (take(walker, "u")) {
			for (int i = 0; i < 4; i++)
				FUZZ_REQUIRE(take(walker, DIGITS "abcdefABCDEF"));
		} else {
			FUZZ_REQUIRE(take(walker, "\"\\/bfnrt"));
		}
	}
}

static void skip_word(struct walker *walker)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i]);

		if ((size_t)(walker->end - walker->at) < length || memcmp(walker->at, words[i], length) != 0)
			continue;
		walker->at += length;
		return;
	}
	FUZZ_REQUIRE(!"a value");
}

static void check_position(const struct walker *walker, const char *path)
{
	unsigned line = 0, column = 0, expected_line = 1, expected_column = 1;

	for (const char *at = walker->text; at < walker->at; at++) {
		expected_column += ((unsigned char)*at & 0xc0) != 0x80;
		if (*at == '\n') {
			expected_line++;
			expected_column = 1;
		}
	}
	FUZZ_REQUIRE(json_locate(walker->text, (size_t)(walker->end - walker->text), path, &line, &column) == 0);
	FUZZ_REQUIRE(line == expected_line && column == expected_column);
}

static void walk(struct walker *walker, const char *path, unsigned depth);

/* The path of a member, or NULL where json_locate() doesn't look for it. */
static const char *read_key(struct walker *walker, const char *path)
{
	const char *start = walker->at + 1;
	size_t length;

	skip_string(walker);
	length = (size_t)(walker->at - start - 1);
	skip_blanks(walker);
	FUZZ_REQUIRE(take(walker, ":"));
	if (!path || length > KEY_MAX || memchr(start, '\\', length))
		return NULL;
	return json_path_key(walker->arena, path, arena_strndup(walker->arena, start, length));
}

/* A path that isn't known (NULL) isn't checked, nor what is below it. */
static void walk_members(struct walker *walker, const char *path, unsigned depth, bool is_list)
{
	const char *inner = NULL;
	unsigned index = 0;

	walker->at++;
	skip_blanks(walker);
	if (take(walker, is_list ? "]" : "}"))
		return;
	do {
		skip_blanks(walker);
		if (is_list)
			inner = path ? arena_printf(walker->arena, "%s[%u]", path, index++) : NULL;
		else
			inner = read_key(walker, path);
		walk(walker, inner && strlen(inner) < PATH_MAX_BYTES ? inner : NULL, depth + 1);
		skip_blanks(walker);
	} while (take(walker, ","));
	FUZZ_REQUIRE(take(walker, is_list ? "]" : "}"));
}

static void walk(struct walker *walker, const char *path, unsigned depth)
{
	skip_blanks(walker);
	FUZZ_REQUIRE(walker->at < walker->end);
	if (path && depth <= DEPTH_MAX && walker->count++ < VALUES_MAX)
		check_position(walker, path);
	else
		path = NULL;
	if (*walker->at == '{' || *walker->at == '[')
		walk_members(walker, path, depth, *walker->at == '[');
	else if (*walker->at == '"')
		skip_string(walker);
	else if (*walker->at == '-' || (*walker->at >= '0' && *walker->at <= '9'))
		skip_number(walker);
	else
		skip_word(walker);
}

static void check_error(const char *text, size_t size, const struct err *err)
{
	unsigned line, column, lines = 1;

	/* All blanks. */
	if (strcmp(err->text, "json: the file is empty") == 0)
		return;
	FUZZ_REQUIRE(err->kind == ERR_CONFIG && sscanf(err->text, "json:%u:%u: ", &line, &column) == 2);
	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	FUZZ_REQUIRE(line >= 1 && line <= lines && column >= 1 && column <= size + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct fuzz_input input = { (const char *)data, size };
	struct fuzz_input document = fuzz_cut(&input);
	char *text = fuzz_text(document), *path = fuzz_cut_text(&input);
	struct walker walker = { &arena, text, text, text + document.size, 0 };
	struct json_source source = { .name = "json", .text = text, .size = document.size, .size_max = SIZE_MAX };
	struct nothing target = { false };
	struct json_report report = { .line = 0 };
	struct err err = ERR_INIT;
	unsigned line, column;

	if (json_locate(text, document.size, path, &line, &column) == 0)
		FUZZ_REQUIRE(line >= 1 && column >= 1 && column <= document.size + 1);
	if (json_decode(&arena, &source, &nothing_table, &target, &report, &err) == 0) {
		walk(&walker, "", 0);
		skip_blanks(&walker);
		FUZZ_REQUIRE(walker.at == walker.end);
	} else {
		check_error(text, document.size, &err);
	}
	free(text);
	free(path);
	return 0;
}
