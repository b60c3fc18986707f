/*
 * json/decoder.h - what the decoder's files share: decode.c (frames over yajl's callbacks), decode_value.c (one value
 * into its member), decode_error.c (where and what).  Runtime process only.
 */
#ifndef SRC_JSON_DECODER_H
#define SRC_JSON_DECODER_H

#include <stdbool.h>

#include "json/decode.h"
#include "key_set.h"

enum json_frame_kind {
	FRAME_OBJECT = 0,  /* keys are a table's rows */
	FRAME_LIST,
	FRAME_MAP,         /* keys are data */
	FRAME_SKIP_OBJECT, /* beneath an unknown key */
	FRAME_SKIP_LIST
};

/* One '{' or '[' that is open. */
struct json_frame {
	enum json_frame_kind kind;
	const struct json_table *table; /* OBJECT */
	const struct json_row *row;     /* OBJECT: of the current key, or NULL; LIST, MAP: the row that is filled */
	char *target;                   /* OBJECT: the struct; LIST, MAP: the row's member */
	uint64_t seen;                  /* OBJECT: a bit a row: the key was there ... */
	uint64_t given;                 /* ... and was not null */
	size_t count;                   /* LIST: items so far, with the current one */
	size_t start;                   /* offsets in the text: of the bracket, */
	size_t key_start, key_end;      /* and of the current key, with its quotes; 0, 0 before the first */
	char *map_key;                  /* MAP: the current key */
	struct key_set keys;            /* keys that aren't rows */
};

enum json_value_kind { VALUE_NULL = 0, VALUE_BOOL, VALUE_NUMBER, VALUE_STRING, VALUE_OBJECT, VALUE_LIST };

/* One value as it comes from yajl. */
struct json_value {
	enum json_value_kind kind;
	const char *text;    /* NUMBER, STRING: not NUL-terminated; a string has its escapes resolved */
	size_t length;
	bool boolean;
	size_t start, end;   /* the raw token in the source's text */
};

struct json_decoder {
	struct arena *arena;
	const struct json_source *source;
	const struct json_table *table;
	void *target;
	struct json_report *report;
	struct err *err;
	void *handle;               /* yajl's */
	bool is_at_end;             /* the text is used up: yajl delivers what it held back */
	bool is_failed;             /* *err is filled */
	size_t last_end;            /* where the last token ended */
	size_t depth;
	struct json_frame frames[JSON_DEPTH_MAX];
};

/* decode_value.c: stores a value that isn't null into a row's member, or into the list or map on top; 0 or -1. */
int json_store_member(struct json_decoder *decoder, struct json_frame *frame, const struct json_value *value);
int json_store_item(struct json_decoder *decoder, struct json_frame *frame, const struct json_value *value);

/* decode.c: opens a frame for the bracket that `value` is; 0 or -1. */
int json_push(struct json_decoder *decoder, const struct json_frame *frame);

/* decode_error.c: all return -1. */

/* "PATH: want X, got Y". */
int json_fail_want(struct json_decoder *decoder, const struct json_row *row, const struct json_value *value);
/* "PATH: MESSAGE" at the offset; the path goes down to the current value of the top frame, ... */
int json_fail_at(struct json_decoder *decoder, size_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* ... or ends at the top frame itself. */
int json_fail_frame(struct json_decoder *decoder, size_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The path to the current value, in the arena. */
char *json_current_path(struct json_decoder *decoder);

/* Line and column, from 1, of an offset. */
void json_position(const char *text, size_t size, size_t offset, unsigned *line, unsigned *column);

/* Notes a row that decodes but isn't supported. */
void json_note_unsupported(struct json_decoder *decoder, const struct json_value *value);

#endif
