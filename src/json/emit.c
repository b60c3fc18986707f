/*
 * json/emit.c - writes JSON into a buf, on yajl_gen.  Runtime process only; writes no file and no socket.
 */
#include "json/emit.h"

#include <string.h>

#include <yajl/yajl_gen.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "yajl_memory.h"

/*
 * yajl escapes what JSON demands.  DEL and U+0080 to U+009F drive terminals as well, and `state` and `list` are printed
 * on those.  A character is never spread over two calls.
 */
static void emit_print(void *context, const char *text, size_t length)
{
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		bool is_c1 = byte == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0;

		if (byte != 0x7f && !is_c1)
			continue;
		buf_add(context, text + start, i - start);
		buf_printf(context, "\\u%04x", is_c1 ? (unsigned char)text[++i] : byte);
		start = i + 1;
	}
	buf_add(context, text + start, length - start);
}

static void emit_note(struct json_emitter *emitter, yajl_gen_status status)
{
	if (status != yajl_gen_status_ok)
		emitter->is_broken = true;
}

void json_emit_open(struct json_emitter *emitter, struct buf *out, enum json_style style)
{
	yajl_alloc_funcs memory = json_yajl_memory();

	*emitter = (struct json_emitter){
		.out = out,
		.generator = yajl_gen_alloc(&memory),
		.opened_at = SIZE_MAX,
		.is_pretty = style == JSON_PRETTY,
	};
	yajl_gen_config(emitter->generator, yajl_gen_print_callback, emit_print, out);
	if (emitter->is_pretty) {
		yajl_gen_config(emitter->generator, yajl_gen_beautify, 1);
		yajl_gen_config(emitter->generator, yajl_gen_indent_string, "\t");
	}
}

int json_emit_close(struct json_emitter *emitter)
{
	bool is_whole = !emitter->is_broken && emitter->depth == 0;

	if (emitter->generator)
		yajl_gen_free(emitter->generator);
	emitter->generator = NULL;
	return is_whole ? 0 : -1;
}

static void emit_begin(struct json_emitter *emitter, yajl_gen_status (*begin)(yajl_gen))
{
	emitter->depth++;
	emit_note(emitter, begin(emitter->generator));
	emitter->opened_at = emitter->out->length;
}

static void emit_end(struct json_emitter *emitter, yajl_gen_status (*end)(yajl_gen), const char *bracket)
{
	bool is_empty = emitter->out->length == emitter->opened_at;

	emitter->depth--;
	emit_note(emitter, end(emitter->generator));
	if (!emitter->is_pretty || !is_empty)
		return;
	/* yajl spreads an empty list over three lines. */
	emitter->out->length = emitter->opened_at - 1;
	buf_add_str(emitter->out, bracket);
	/* What ends next has this list in it. */
	emitter->opened_at = SIZE_MAX;
	if (emitter->depth == 0)
		buf_add_str(emitter->out, "\n");
}

void json_emit_object_begin(struct json_emitter *emitter)
{
	emit_begin(emitter, yajl_gen_map_open);
}

void json_emit_object_end(struct json_emitter *emitter)
{
	emit_end(emitter, yajl_gen_map_close, "}");
}

void json_emit_array_begin(struct json_emitter *emitter)
{
	emit_begin(emitter, yajl_gen_array_open);
}

void json_emit_array_end(struct json_emitter *emitter)
{
	emit_end(emitter, yajl_gen_array_close, "]");
}

void json_emit_key(struct json_emitter *emitter, const char *key)
{
	json_emit_string(emitter, key);
}

void json_emit_string(struct json_emitter *emitter, const char *text)
{
	if (text)
		json_emit_string_n(emitter, text, strlen(text));
	else
		json_emit_null(emitter);
}

void json_emit_string_n(struct json_emitter *emitter, const char *text, size_t length)
{
	_cleanup_buf_ struct buf clean = BUF_INIT;
	size_t valid = utf8_valid_length(text, length);

	if (valid == length) {
		emit_note(emitter, yajl_gen_string(emitter->generator, (const unsigned char *)text, length));
		return;
	}
	while (valid < length) {
		buf_add(&clean, text, valid);
		buf_add_str(&clean, "\xef\xbf\xbd");
		text += valid + 1;
		length -= valid + 1;
		valid = utf8_valid_length(text, length);
	}
	buf_add(&clean, text, length);
	emit_note(emitter, yajl_gen_string(emitter->generator, (const unsigned char *)clean.data, clean.length));
}

void json_emit_int(struct json_emitter *emitter, int64_t number)
{
	emit_note(emitter, yajl_gen_integer(emitter->generator, number));
}

void json_emit_uint(struct json_emitter *emitter, uint64_t number)
{
	_cleanup_buf_ struct buf digits = BUF_INIT;

	buf_printf(&digits, "%llu", (unsigned long long)number);
	json_emit_raw(emitter, digits.data, digits.length);
}

void json_emit_bool(struct json_emitter *emitter, bool value)
{
	emit_note(emitter, yajl_gen_bool(emitter->generator, value));
}

void json_emit_null(struct json_emitter *emitter)
{
	emit_note(emitter, yajl_gen_null(emitter->generator));
}

void json_emit_raw(struct json_emitter *emitter, const char *text, size_t length)
{
	/* yajl copies the text of a number without a look at it. */
	emit_note(emitter, yajl_gen_number(emitter->generator, text, length));
}

void json_emit_key_string(struct json_emitter *emitter, const char *key, const char *text)
{
	json_emit_key(emitter, key);
	json_emit_string(emitter, text);
}

void json_emit_key_int(struct json_emitter *emitter, const char *key, int64_t number)
{
	json_emit_key(emitter, key);
	json_emit_int(emitter, number);
}

void json_emit_key_uint(struct json_emitter *emitter, const char *key, uint64_t number)
{
	json_emit_key(emitter, key);
	json_emit_uint(emitter, number);
}

void json_emit_key_bool(struct json_emitter *emitter, const char *key, bool value)
{
	json_emit_key(emitter, key);
	json_emit_bool(emitter, value);
}

void json_emit_key_object(struct json_emitter *emitter, const char *key)
{
	json_emit_key(emitter, key);
	json_emit_object_begin(emitter);
}

void json_emit_key_array(struct json_emitter *emitter, const char *key)
{
	json_emit_key(emitter, key);
	json_emit_array_begin(emitter);
}

void json_emit_key_strings(struct json_emitter *emitter, const char *key, const char *const *texts, size_t count)
{
	size_t i;

	json_emit_key_array(emitter, key);
	for (i = 0; i < count; i++)
		json_emit_string(emitter, texts[i]);
	json_emit_array_end(emitter);
}
