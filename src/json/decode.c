/*
 * json/decode.c - JSON text into structs: a stack of frames over yajl's streaming callbacks.
 *
 * Runtime process only.  yajl checks the grammar; everything else that a text may get wrong is checked here and in
 * decode_value.c.  Reads no file and keeps no state between two calls.
 */
#include "json/decode.h"

#include <string.h>

#include <yajl/yajl_parse.h>

#include "base/utf8.h"
#include "decoder.h"
#include "yajl_memory.h"

/* What a callback returns to yajl. */
enum { CALLBACK_STOP = 0, CALLBACK_GO_ON = 1 };

/* Within the document, where keys and ends are. */
static struct json_frame *decoder_top(struct json_decoder *decoder)
{
	return &decoder->frames[decoder->depth - 1];
}

/* Where the token that yajl just read begins and ends; between tokens stand only spaces, commas and colons. */
static void decoder_token(struct json_decoder *decoder, size_t *start, size_t *end)
{
	const struct json_source *source = decoder->source;
	size_t at = decoder->last_end;

	while (at < source->size && memchr(" \t\r\n,:", source->text[at], 6))
		at++;
	*start = at;
	*end = decoder->is_at_end ? source->size : yajl_get_bytes_consumed(decoder->handle);
	decoder->last_end = *end;
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return (digit | 0x20) - 'a' + 10;
}

/* The code unit of the escape \uXXXX that starts at text; the lexer has seen to the digits. */
static unsigned escape_unit(const char *text)
{
	return (unsigned)(hex_value(text[2]) << 12 | hex_value(text[3]) << 8 | hex_value(text[4]) << 4 |
			  hex_value(text[5]));
}

/* Half of a surrogate pair isn't a character; yajl makes a '?' of it and swallows what stands behind. */
static const char *find_lone_surrogate(const char *text, const char *end)
{
	unsigned unit;

	while ((text = memchr(text, '\\', (size_t)(end - text)))) {
		if (text[1] != 'u') {
			text += 2;
			continue;
		}
		unit = escape_unit(text);
		if (unit >= 0xdc00 && unit <= 0xdfff)
			return text;
		if (unit >= 0xd800 && unit <= 0xdbff) {
			if (end - text < 12 || text[6] != '\\' || text[7] != 'u' || escape_unit(text + 6) < 0xdc00 ||
			    escape_unit(text + 6) > 0xdfff)
				return text;
			text += 6;
		}
		text += 6;
	}
	return NULL;
}

/* What no string may hold, be it a key or a value, known or skipped. */
static int decoder_check_string(struct json_decoder *decoder, const char *text, size_t length, size_t start, size_t end)
{
	const char *raw = decoder->source->text;
	const char *surrogate;

	if (length > JSON_STRING_MAX)
		return json_fail_at(decoder, start, "a string of %zu bytes is longer than %u", length, JSON_STRING_MAX);
	if (length == end - start - 2)
		return 0;
	if (memchr(text, '\0', length))
		return json_fail_at(decoder, start, "a string must not contain \\u0000");
	surrogate = find_lone_surrogate(raw + start + 1, raw + end - 1);
	if (surrogate)
		return json_fail_at(decoder, (size_t)(surrogate - raw), "%.6s is only half of a character", surrogate);
	return 0;
}

int json_push(struct json_decoder *decoder, const struct json_frame *frame)
{
	if (decoder->depth == JSON_DEPTH_MAX)
		return json_fail_at(decoder, frame->start, "nested deeper than %d levels", JSON_DEPTH_MAX);
	decoder->frames[decoder->depth++] = *frame;
	return 0;
}

static int decoder_skip(struct json_decoder *decoder, const struct json_value *value)
{
	if (value->kind == VALUE_OBJECT)
		return json_push(decoder, &(struct json_frame){ .kind = FRAME_SKIP_OBJECT, .start = value->start });
	if (value->kind == VALUE_LIST)
		return json_push(decoder, &(struct json_frame){ .kind = FRAME_SKIP_LIST, .start = value->start });
	return 0;
}

static void decoder_warn_skipped(struct json_decoder *decoder)
{
	char *path;

	if (!decoder->report)
		return;
	path = json_current_path(decoder);
	str_list_add(decoder->arena, &decoder->report->warnings,
		     arena_printf(decoder->arena, "%s: skipped: not for Linux", path));
}

static int object_value(struct json_decoder *decoder, struct json_frame *frame, const struct json_value *value)
{
	if (!frame->row && frame->table->is_strict)
		return json_fail_at(decoder, frame->key_start, "unknown key");
	if (!frame->row)
		return decoder_skip(decoder, value);
	if (value->kind == VALUE_NULL)
		return 0;
	frame->given |= (uint64_t)1 << (frame->row - frame->table->rows);
	if (frame->row->type != JSON_SKIP)
		return json_store_member(decoder, frame, value);
	decoder_warn_skipped(decoder);
	return decoder_skip(decoder, value);
}

static int decoder_value(struct json_decoder *decoder, const struct json_value *value)
{
	static const struct json_row document = { .key = "", .type = JSON_OBJECT };
	struct json_frame *top;

	if (decoder->depth == 0) {
		if (value->kind != VALUE_OBJECT)
			return json_fail_want(decoder, &document, value);
		return json_push(decoder, &(struct json_frame){ .kind = FRAME_OBJECT, .start = value->start,
								.table = decoder->table, .target = decoder->target });
	}
	top = decoder_top(decoder);
	if (top->kind == FRAME_OBJECT)
		return object_value(decoder, top, value);
	if (top->kind == FRAME_LIST || top->kind == FRAME_SKIP_LIST) {
		if (++top->count > JSON_COUNT_MAX)
			return json_fail_at(decoder, value->start, "more than %u items", JSON_COUNT_MAX);
	}
	if (top->kind == FRAME_LIST || top->kind == FRAME_MAP)
		return json_store_item(decoder, top, value);
	return decoder_skip(decoder, value);
}

/* Every value callback ends here. */
static int callback_value(struct json_decoder *decoder, struct json_value *value)
{
	decoder_token(decoder, &value->start, &value->end);
	return decoder_value(decoder, value) < 0 ? CALLBACK_STOP : CALLBACK_GO_ON;
}

static int callback_null(void *context)
{
	return callback_value(context, &(struct json_value){ .kind = VALUE_NULL });
}

static int callback_boolean(void *context, int boolean)
{
	return callback_value(context, &(struct json_value){ .kind = VALUE_BOOL, .boolean = boolean });
}

static int callback_number(void *context, const char *text, size_t length)
{
	return callback_value(context, &(struct json_value){ .kind = VALUE_NUMBER, .text = text, .length = length });
}

static int callback_object(void *context)
{
	return callback_value(context, &(struct json_value){ .kind = VALUE_OBJECT });
}

static int callback_list(void *context)
{
	return callback_value(context, &(struct json_value){ .kind = VALUE_LIST });
}

static int callback_string(void *context, const unsigned char *text, size_t length)
{
	struct json_decoder *decoder = context;
	struct json_value value = { .kind = VALUE_STRING, .text = (const char *)text, .length = length };

	decoder_token(decoder, &value.start, &value.end);
	if (decoder_check_string(decoder, value.text, length, value.start, value.end) < 0)
		return CALLBACK_STOP;
	return decoder_value(decoder, &value) < 0 ? CALLBACK_STOP : CALLBACK_GO_ON;
}

static const struct json_row *table_find(const struct json_table *table, const char *key, size_t length)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		if (table->rows[i].key_length == length && memcmp(table->rows[i].key, key, length) == 0)
			return &table->rows[i];
	return NULL;
}

/* Returns whether the key is new to the frame. */
static bool frame_add_key(struct json_decoder *decoder, struct json_frame *frame, const char *key, size_t length)
{
	uint64_t bit;
	char *copy;

	frame->row = frame->kind == FRAME_OBJECT ? table_find(frame->table, key, length) : frame->row;
	if (frame->kind == FRAME_OBJECT && frame->row) {
		bit = (uint64_t)1 << (frame->row - frame->table->rows);
		if (frame->seen & bit)
			return false;
		frame->seen |= bit;
		return true;
	}
	copy = arena_strndup(decoder->arena, key, length);
	frame->map_key = copy;
	return key_set_add(&frame->keys, decoder->arena, copy, length);
}

static int decoder_key(struct json_decoder *decoder, const char *key, size_t length)
{
	struct json_frame *frame = decoder_top(decoder);

	decoder_token(decoder, &frame->key_start, &frame->key_end);
	if (decoder_check_string(decoder, key, length, frame->key_start, frame->key_end) < 0)
		return -1;
	if (frame->kind == FRAME_MAP && length == 0)
		return json_fail_at(decoder, frame->key_start, "the key must not be empty");
	if (!frame_add_key(decoder, frame, key, length))
		return json_fail_at(decoder, frame->key_start, "the key is given twice");
	if (frame->keys.count > JSON_COUNT_MAX)
		return json_fail_at(decoder, frame->key_start, "more than %u keys", JSON_COUNT_MAX);
	return 0;
}

static int callback_key(void *context, const unsigned char *text, size_t length)
{
	return decoder_key(context, (const char *)text, length) < 0 ? CALLBACK_STOP : CALLBACK_GO_ON;
}

static int frame_check_required(struct json_decoder *decoder, const struct json_frame *frame)
{
	size_t i;

	for (i = 0; frame->kind == FRAME_OBJECT && i < frame->table->count; i++)
		if ((frame->table->rows[i].flags & JSON_REQUIRED) && !(frame->given & (uint64_t)1 << i))
			return json_fail_frame(decoder, frame->start, "required key \"%s\" is missing",
					       frame->table->rows[i].key);
	return 0;
}

static int callback_object_end(void *context)
{
	struct json_decoder *decoder = context;
	const struct json_frame *frame = decoder_top(decoder);
	size_t start, end;

	decoder_token(decoder, &start, &end);
	if (frame_check_required(decoder, frame) < 0)
		return CALLBACK_STOP;
	if (frame->kind == FRAME_OBJECT && frame->table->has_text)
		*(struct json_text *)(void *)(frame->target + frame->table->text_offset) =
			(struct json_text){ decoder->source->text + frame->start, end - frame->start };
	decoder->depth--;
	return CALLBACK_GO_ON;
}

static int callback_list_end(void *context)
{
	struct json_decoder *decoder = context;
	struct json_frame *frame = decoder_top(decoder);
	size_t start, end;

	decoder_token(decoder, &start, &end);
	if (frame->kind == FRAME_LIST && (frame->row->flags & JSON_NOT_EMPTY) && frame->count == 0) {
		json_fail_frame(decoder, frame->start, "want a list of at least one item, got an empty one");
		return CALLBACK_STOP;
	}
	decoder->depth--;
	return CALLBACK_GO_ON;
}

static const yajl_callbacks decoder_callbacks = {
	.yajl_null = callback_null,
	.yajl_boolean = callback_boolean,
	.yajl_number = callback_number,
	.yajl_string = callback_string,
	.yajl_start_map = callback_object,
	.yajl_map_key = callback_key,
	.yajl_end_map = callback_object_end,
	.yajl_start_array = callback_list,
	.yajl_end_array = callback_list_end,
};

/* The start of the token that breaks the grammar: one separator and spaces may lie between it and the last one. */
static size_t decoder_bad_token(const struct json_decoder *decoder)
{
	const struct json_source *source = decoder->source;
	size_t consumed = yajl_get_bytes_consumed(decoder->handle), at = decoder->last_end;
	bool is_separator_seen = false;

	if (decoder->is_at_end)
		return source->size;
	for (; at + 1 < consumed; at++) {
		if (memchr(" \t\r\n", source->text[at], 4))
			continue;
		if (is_separator_seen || !memchr(",:", source->text[at], 2))
			break;
		is_separator_seen = true;
	}
	return at;
}

/* yajl's words for a breach of the grammar, such as "premature EOF". */
static int decoder_fail_grammar(struct json_decoder *decoder)
{
	char *message = (char *)yajl_get_error(decoder->handle, 0, NULL, 0);
	const char *text = message;
	size_t length;

	if (strncmp(text, "lexical error: ", 15) == 0)
		text += 15;
	else if (strncmp(text, "parse error: ", 13) == 0)
		text += 13;
	length = strcspn(text, "\n");
	json_fail_at(decoder, decoder_bad_token(decoder), "not valid JSON: %.*s", (int)length, text);
	yajl_free_error(decoder->handle, (unsigned char *)message);
	return -1;
}

/* What can be told of the whole text before it is parsed. */
static int decoder_check_text(struct json_decoder *decoder)
{
	const struct json_source *source = decoder->source;
	size_t valid = 0;
	const char *odd;

	if (source->size > source->size_max)
		return err_set(decoder->err, ERR_CONFIG, "%s: larger than %zu bytes", source->name, source->size_max);
	while (valid < source->size && memchr(" \t\r\n", source->text[valid], 4))
		valid++;
	if (valid == source->size)
		return err_set(decoder->err, ERR_CONFIG, "%s: the file is empty", source->name);
	if (source->size >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
		return json_fail_at(decoder, 0, "not valid JSON: starts with a byte order mark");
	valid = utf8_valid_length(source->text, source->size);
	if (valid < source->size)
		return json_fail_at(decoder, valid, "not valid UTF-8: byte 0x%02x", (unsigned char)source->text[valid]);
	/* For yajl they are white space; in a string JSON has neither (RFC 8259). */
	odd = memchr(source->text, '\v', source->size);
	if (!odd)
		odd = memchr(source->text, '\f', source->size);
	if (odd)
		return json_fail_at(decoder, (size_t)(odd - source->text), "not valid JSON: byte 0x%02x", *odd);
	return 0;
}

/* yajl takes a token that isn't finished for the end of the text: "{} \"a". */
static int decoder_check_end(struct json_decoder *decoder)
{
	const struct json_source *source = decoder->source;
	size_t at = decoder->last_end;

	while (at < source->size && memchr(" \t\r\n", source->text[at], 4))
		at++;
	return at == source->size ? 0 : json_fail_at(decoder, at, "not valid JSON: trailing garbage");
}

static int decoder_parse(struct json_decoder *decoder)
{
	const struct json_source *source = decoder->source;
	yajl_status status;

	status = yajl_parse(decoder->handle, (const unsigned char *)source->text, source->size);
	if (status == yajl_status_ok) {
		decoder->is_at_end = true;
		status = yajl_complete_parse(decoder->handle);
	}
	if (decoder->is_failed)
		return -1;
	return status == yajl_status_ok ? decoder_check_end(decoder) : decoder_fail_grammar(decoder);
}

int json_decode(struct arena *arena, const struct json_source *source, const struct json_table *table, void *target,
		struct json_report *report, struct err *err)
{
	struct json_report own_report = { 0 };
	struct json_decoder decoder = {
		.arena = arena,
		.source = source,
		.table = table,
		.target = target,
		.report = report ? report : &own_report,
		.err = err,
	};
	yajl_alloc_funcs memory = json_yajl_memory();
	int result;

	if (decoder_check_text(&decoder) < 0)
		return -1;
	decoder.handle = yajl_alloc(&decoder_callbacks, &memory, &decoder);
	/* decoder_check_text() has been stricter. */
	yajl_config(decoder.handle, yajl_dont_validate_strings, 1);
	result = decoder_parse(&decoder);
	yajl_free(decoder.handle);
	if (result == 0 && own_report.unsupported)
		return err_set(err, ERR_UNSUPPORTED, "%s:%u:%u: unsupported: %s", source->name, own_report.line,
			       own_report.column, own_report.unsupported);
	return result;
}

void str_list_add(struct arena *arena, struct str_list *list, char *text)
{
	/* arena_grow() wants to see each count once, so the NULL at the end counts as a member. */
	if (!list->items)
		list->items = arena_grow(arena, NULL, 0, sizeof(*list->items));
	list->items = arena_grow(arena, list->items, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = text;
	list->items[list->count] = NULL;
}
