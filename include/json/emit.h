/*
 * json/emit.h - write JSON into a buf.
 *
 * For everything that runlet says as JSON: state, list, features, events, plan, the default config, hook state.
 * Runtime process only.  Strings that aren't valid UTF-8 (a host path may be anything) get U+FFFD in place of each bad
 * byte, so that what comes out is always valid JSON.  Out of memory is handled as in base/arena.h.
 *
 *	struct buf out = BUF_INIT;
 *	struct json_emitter emitter;
 *	json_emit_open(&emitter, &out, JSON_COMPACT);
 *	json_emit_object_begin(&emitter);
 *	json_emit_key_string(&emitter, "id", id);
 *	json_emit_key(&emitter, "pids");
 *	json_emit_array_begin(&emitter);
 *	json_emit_int(&emitter, pid);
 *	json_emit_array_end(&emitter);
 *	json_emit_object_end(&emitter);
 *	json_emit_close(&emitter);
 */
#ifndef JSON_EMIT_H
#define JSON_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum json_style {
	JSON_COMPACT = 0, /* one line, no spaces, no newline at the end */
	JSON_PRETTY       /* indented by tabs, a newline at the end */
};

struct json_emitter {
	struct buf *out;
	void *generator;
	size_t opened_at; /* the length of `out` right after the last begin */
	unsigned depth;
	bool is_pretty;
	bool is_broken;   /* a call stood where the grammar forbids it, or nesting went too deep */
};

/* Begins one document that is appended to `out`.  Each open is paired with a close. */
void json_emit_open(struct json_emitter *emitter, struct buf *out, enum json_style style);

/*
 * Ends the document and frees what the emitter holds; closing twice is harmless.  Returns 0, or -1 when the calls
 * between didn't make one whole document (a bug of the caller: a value in the place of a key, an object left open).
 */
int json_emit_close(struct json_emitter *emitter);

void json_emit_object_begin(struct json_emitter *emitter);
void json_emit_object_end(struct json_emitter *emitter);
void json_emit_array_begin(struct json_emitter *emitter);
void json_emit_array_end(struct json_emitter *emitter);

void json_emit_key(struct json_emitter *emitter, const char *key);

/* NULL is written as null. */
void json_emit_string(struct json_emitter *emitter, const char *text);
void json_emit_string_n(struct json_emitter *emitter, const char *text, size_t length);
void json_emit_int(struct json_emitter *emitter, int64_t number);
void json_emit_uint(struct json_emitter *emitter, uint64_t number);
void json_emit_bool(struct json_emitter *emitter, bool value);
void json_emit_null(struct json_emitter *emitter);

/* A value that is JSON already, copied as it is: the caller vouches for it. */
void json_emit_raw(struct json_emitter *emitter, const char *text, size_t length);

/* A key and its value in one call. */
void json_emit_key_string(struct json_emitter *emitter, const char *key, const char *text);
void json_emit_key_int(struct json_emitter *emitter, const char *key, int64_t number);
void json_emit_key_uint(struct json_emitter *emitter, const char *key, uint64_t number);
void json_emit_key_bool(struct json_emitter *emitter, const char *key, bool value);
void json_emit_key_object(struct json_emitter *emitter, const char *key);
void json_emit_key_array(struct json_emitter *emitter, const char *key);

/* A key and a list of strings, which ends at count. */
void json_emit_key_strings(struct json_emitter *emitter, const char *key, const char *const *texts, size_t count);

#endif
