/*
 * json/decode_error.c - how the decoder says where and what: line, column, JSON path, wanted and found.
 *
 * Runtime process only.  Only failures come here, so nothing here has to be fast.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "decoder.h"

/* How much of a value, of a key and of a path an error quotes. */
#define GOT_LENGTH_MAX 40
#define KEY_LENGTH_MAX 60
#define PATH_LENGTH_MAX 300
/* Longer lists of words, and those that the row describes in parentheses, are not listed. */
#define WORDS_LISTED_MAX 16

void json_position(const char *text, size_t size, size_t offset, unsigned *line, unsigned *column)
{
	size_t at = 0, length;

	*line = 1;
	*column = 1;
	while (at < offset && at < size) {
		if (text[at] == '\n') {
			++*line;
			*column = 0;
		}
		++*column;
		length = utf8_char_length(text + at, size - at);
		at += length ? length : 1;
	}
}

/* At most max bytes, cut between two characters. */
static void add_cut(struct buf *out, const char *text, size_t length, size_t max)
{
	size_t cut = 0, next;

	if (length <= max) {
		buf_add(out, text, length);
		return;
	}
	while ((next = utf8_char_length(text + cut, length - cut)) && cut + next <= max)
		cut += next;
	buf_add(out, text, cut);
	buf_add_str(out, "...");
}

static bool is_plain_key(const char *key, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", key[i]))
			return false;
	return length > 0;
}

/* `raw` is a key as it stands in the text, with its quotes. */
static void add_raw_key(struct buf *path, const char *raw, size_t length)
{
	if (is_plain_key(raw + 1, length - 2)) {
		if (path->length)
			buf_add_str(path, ".");
		add_cut(path, raw + 1, length - 2, KEY_LENGTH_MAX);
		return;
	}
	buf_add_str(path, "[\"");
	add_cut(path, raw + 1, length - 2, KEY_LENGTH_MAX);
	buf_add_str(path, "\"]");
}

/* The path through the lowest `depth` frames. */
static void add_path(struct buf *path, const struct json_decoder *decoder, size_t depth)
{
	const char *text = decoder->source->text;
	size_t i;

	for (i = 0; i < depth && path->length < PATH_LENGTH_MAX; i++) {
		const struct json_frame *frame = &decoder->frames[i];
		bool is_list = frame->kind == FRAME_LIST || frame->kind == FRAME_SKIP_LIST;

		if (is_list && frame->count)
			buf_printf(path, "[%zu]", frame->count - 1);
		else if (!is_list && frame->key_end)
			add_raw_key(path, text + frame->key_start, frame->key_end - frame->key_start);
	}
	if (i < depth)
		buf_add_str(path, "...");
}

char *json_current_path(struct json_decoder *decoder)
{
	_cleanup_buf_ struct buf path = BUF_INIT;

	add_path(&path, decoder, decoder->depth);
	return arena_strdup(decoder->arena, buf_str(&path));
}

__attribute__((format(printf, 4, 0))) static int fail(struct json_decoder *decoder, size_t depth, size_t offset,
						      const char *format, va_list args)
{
	_cleanup_buf_ struct buf path = BUF_INIT;
	const struct json_source *source = decoder->source;
	unsigned line, column;
	char message[ERR_TEXT_SIZE];

	add_path(&path, decoder, depth);
	json_position(source->text, source->size, offset, &line, &column);
	vsnprintf(message, sizeof(message), format, args);
	decoder->is_failed = true;
	return err_set(decoder->err, ERR_CONFIG, "%s:%u:%u: %s%s%s", source->name, line, column, buf_str(&path),
		       path.length ? ": " : "", message);
}

int json_fail_at(struct json_decoder *decoder, size_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(decoder, decoder->depth, offset, format, args);
	va_end(args);
	return -1;
}

int json_fail_frame(struct json_decoder *decoder, size_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(decoder, decoder->depth - 1, offset, format, args);
	va_end(args);
	return -1;
}

/* The number types by their own words, where the row doesn't narrow them. */
static const struct { int64_t min; uint64_t max; const char *want; } number_words[] = {
	{ 0, UINT32_MAX, "an unsigned 32-bit integer" },
	{ 0, UINT64_MAX, "an unsigned 64-bit integer" },
	{ INT32_MIN, INT32_MAX, "a 32-bit integer" },
	{ INT64_MIN, INT64_MAX, "a 64-bit integer" },
};

static void add_want_number(struct buf *want, const struct json_row *row)
{
	size_t i;

	for (i = 0; i < sizeof(number_words) / sizeof(number_words[0]); i++)
		if (row->min == number_words[i].min && row->max == number_words[i].max) {
			buf_add_str(want, number_words[i].want);
			return;
		}
	buf_printf(want, "an integer from %" PRId64 " to %" PRIu64, row->min, row->max);
}

static void add_want_string(struct buf *want, const struct json_row *row)
{
	if (row->flags & JSON_ABSOLUTE)
		buf_add_str(want, "an absolute path");
	else if (row->type == JSON_STRING && (row->flags & JSON_NOT_EMPTY))
		buf_add_str(want, "a string that is not empty");
	else
		buf_add_str(want, "a string");
}

static void add_want_word(struct buf *want, const struct json_row *row)
{
	const char *separator = " (";
	size_t i;

	buf_add_str(want, row->want);
	if (row->names->count > WORDS_LISTED_MAX || strchr(row->want, '('))
		return;
	for (i = 0; i < row->names->count; i++) {
		if (!row->names->rows[i].name[0])
			continue;
		buf_printf(want, "%s%s", separator, row->names->rows[i].name);
		separator = ", ";
	}
	buf_add_str(want, ")");
}

static const char *const member_words[JSON_TYPE_COUNT] = {
	[JSON_BOOL] = "true or false",
	[JSON_OPT_BOOL] = "true or false",
	[JSON_FLAGS_U32] = "a list of strings",
	[JSON_FLAGS_U64] = "a list of strings",
	[JSON_STRINGS] = "a list of strings",
	[JSON_WORDS] = "a list of strings",
	[JSON_U32S] = "a list of integers",
	[JSON_OBJECT] = "an object",
	[JSON_OBJECT_PTR] = "an object",
	[JSON_OBJECTS] = "a list of objects",
	[JSON_STRING_MAP] = "an object of strings",
	[JSON_OBJECT_MAP] = "an object of objects",
};

/* What an item of a list or map is wanted to be. */
static void add_want_item(struct buf *want, const struct json_row *row)
{
	if (row->names)
		add_want_word(want, row);
	else if (row->type == JSON_U32S)
		add_want_number(want, row);
	else if (row->table)
		buf_add_str(want, "an object");
	else
		add_want_string(want, row);
}

static void add_want(struct buf *want, const struct json_row *row)
{
	if (member_words[row->type])
		buf_add_str(want, member_words[row->type]);
	else if (row->names)
		add_want_word(want, row);
	else if (row->type == JSON_STRING)
		add_want_string(want, row);
	else
		add_want_number(want, row);
}

static bool is_fraction(const char *text, size_t length)
{
	return memchr(text, '.', length) || memchr(text, 'e', length) || memchr(text, 'E', length);
}

static void add_got(struct buf *got, const struct json_decoder *decoder, const struct json_value *value)
{
	if (value->kind == VALUE_OBJECT)
		buf_add_str(got, "an object");
	else if (value->kind == VALUE_LIST)
		buf_add_str(got, "a list");
	else
		add_cut(got, decoder->source->text + value->start, value->end - value->start, GOT_LENGTH_MAX);
	if (value->kind == VALUE_NUMBER && is_fraction(value->text, value->length))
		buf_add_str(got, " (integers are written without point and exponent)");
}

int json_fail_want(struct json_decoder *decoder, const struct json_row *row, const struct json_value *value)
{
	const struct json_frame *top = decoder->depth ? &decoder->frames[decoder->depth - 1] : NULL;
	_cleanup_buf_ struct buf want = BUF_INIT;
	_cleanup_buf_ struct buf got = BUF_INIT;

	if (top && (top->kind == FRAME_LIST || top->kind == FRAME_MAP))
		add_want_item(&want, top->row);
	else
		add_want(&want, row);
	add_got(&got, decoder, value);
	return json_fail_at(decoder, value->start, "want %s, got %s", buf_str(&want), buf_str(&got));
}

void json_note_unsupported(struct json_decoder *decoder, const struct json_value *value)
{
	const struct json_source *source = decoder->source;
	const struct json_frame *top = &decoder->frames[decoder->depth - 1];
	bool is_item = top->kind == FRAME_LIST || top->kind == FRAME_MAP;
	_cleanup_buf_ struct buf path = BUF_INIT;

	if (decoder->report->unsupported)
		return;
	/* The list as a whole isn't supported, not just its first item. */
	add_path(&path, decoder, is_item ? decoder->depth - 1 : decoder->depth);
	decoder->report->unsupported = arena_strdup(decoder->arena, buf_str(&path));
	json_position(source->text, source->size, is_item ? top->start : value->start, &decoder->report->line,
		      &decoder->report->column);
}

char *json_path_key(struct arena *arena, const char *parent, const char *key)
{
	_cleanup_buf_ struct buf path = BUF_INIT;
	const char *at;

	buf_add_str(&path, parent);
	if (is_plain_key(key, strlen(key))) {
		buf_printf(&path, "%s%s", parent[0] ? "." : "", key);
		return arena_strdup(arena, buf_str(&path));
	}
	buf_add_str(&path, "[\"");
	for (at = key; *at; at++) {
		if (*at == '"' || *at == '\\')
			buf_add_str(&path, "\\");
		buf_add(&path, at, 1);
	}
	buf_add_str(&path, "\"]");
	return arena_strdup(arena, buf_str(&path));
}
