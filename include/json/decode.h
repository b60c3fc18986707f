/*
 * json/decode.h - JSON text into plain structs, through tables of rows.
 *
 * A table describes one struct: one row a key, in the order of the struct's members.  The macros compare each member's
 * C type at compile time.  For config.json's structs, and for every other file that runlet reads as JSON (its state).
 *
 *	struct point { uint32_t x; char *name; struct str_list tags; };
 *	static const struct json_row point_rows[] = {
 *		JSON_ROW_U32(struct point, "x", x, JSON_REQUIRED, 0, UINT32_MAX),
 *		JSON_ROW_STRING(struct point, "name", name, JSON_NOT_EMPTY),
 *		JSON_ROW_STRINGS(struct point, "tags", tags, 0),
 *	};
 *	JSON_TABLE(point_table, struct point, point_rows);
 *
 *	struct json_source source = { .name = "point.json", .text = text, .size = size, .size_max = 4096 };
 *	struct point point = { 0 };
 *	if (json_decode(&arena, &source, &point_table, &point, NULL, err) < 0)
 *		return -1;
 *
 * What the decoder holds for every text: strict UTF-8; no NUL and no lone surrogate in a string; no key twice in an
 * object or map, known or not; at most JSON_DEPTH_MAX levels, JSON_COUNT_MAX members of a list or map, JSON_STRING_MAX
 * bytes of a string; integers whole and in range (1.0 and 1e3 are refused); nothing behind the document.  Unknown keys
 * are skipped with their whole value; null is the same as absent, but not as an item of a list.
 *
 * Pure; runtime process only.
 */
#ifndef JSON_DECODE_H
#define JSON_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "json/types.h"

#define JSON_DEPTH_MAX 64
#define JSON_COUNT_MAX 65536u
#define JSON_STRING_MAX (1u << 20)
/* The rows that one table may have. */
#define JSON_ROW_MAX 64

enum json_type {
	JSON_STRING = 0,
	JSON_WORD,       /* a string that is one of the names */
	JSON_BOOL,
	JSON_OPT_BOOL,
	JSON_U32,
	JSON_U64,
	JSON_I64,
	JSON_OPT_U32,
	JSON_OPT_U64,
	JSON_OPT_I64,
	JSON_ENUM,       /* a word, stored as its number: uint32_t */
	JSON_ENUM_CHAR,  /* a word, stored as its number: char */
	JSON_FLAGS_U32,  /* a list of words, stored as their numbers or'ed */
	JSON_FLAGS_U64,
	JSON_STRINGS,
	JSON_WORDS,      /* strings, each one of the names */
	JSON_U32S,
	JSON_OBJECT,     /* a struct within the struct */
	JSON_OBJECT_PTR, /* a struct of its own; the pointer stays NULL when absent */
	JSON_OBJECTS,    /* a list of structs: { T *items; size_t count } */
	JSON_STRING_MAP,
	JSON_OBJECT_MAP, /* as JSON_OBJECTS, from an object whose keys are the caller's: the key goes into a member */
	JSON_SKIP,       /* not for Linux: a warning, and the value is skipped */
	JSON_TYPE_COUNT
};

enum json_row_flag {
	JSON_REQUIRED = 1 << 0,
	JSON_NOT_EMPTY = 1 << 1,        /* a string or list that must hold something */
	JSON_ABSOLUTE = 1 << 2,         /* a string, or each string of a list, that must start with '/' */
	JSON_EMPTY_IS_ABSENT = 1 << 3,  /* "" leaves the pointer NULL (Go programs write it for absent) */
	JSON_UNSUPPORTED = 1 << 4       /* decodes, but asking for it (anything but 0, false, "", [], {}) is reported */
};

struct json_table;

struct json_row {
	const char *key;
	size_t key_length;
	enum json_type type;
	uint32_t flags;
	size_t offset;                   /* of the member */
	size_t extra_offset;             /* OBJECT_MAP: of the key in the item; FLAGS: of a bool "was given" */
	size_t item_size;                /* OBJECTS and OBJECT_MAP */
	int64_t min;                     /* of numbers */
	uint64_t max;
	const struct json_table *table;  /* of objects */
	const struct name_table *names;  /* of words */
	const char *want;                /* "a namespace type": how errors call a word; NULL for everything else */
};

struct json_table {
	const struct json_row *rows;
	size_t count;
	size_t size;          /* of the struct */
	const void *initial;  /* a struct that new items start as; NULL: zeros */
	size_t text_offset;   /* of a struct json_text that gets the object's own text, when has_text is set */
	bool has_text;
	bool is_strict;       /* unknown keys are errors: where one that is overlooked would leave a door open */
};

#define JSON_NO_MEMBER ((size_t)-1)

/* offsetof, after a check of the member's type. */
#define JSON_MEMBER(S, MEMBER, TYPE) \
	(offsetof(S, MEMBER) + 0 * sizeof(struct { \
		_Static_assert(__builtin_types_compatible_p(__typeof__(((S *)0)->MEMBER), TYPE), \
			       #MEMBER " is no " #TYPE); \
		char unused; \
	}))

/* The same for { T *items; size_t count }, where T is what TABLE is for. */
#define JSON_LIST_MEMBER(S, MEMBER, TABLE) \
	(offsetof(S, MEMBER) + 0 * sizeof(struct { \
		_Static_assert(__builtin_types_compatible_p(__typeof__(*((S *)0)->MEMBER.items), \
							    __typeof__(((struct TABLE##_of *)0)->target)), \
			       #MEMBER " is no list of " #TABLE); \
		_Static_assert(offsetof(__typeof__(((S *)0)->MEMBER), items) == offsetof(struct str_list, items) && \
			       offsetof(__typeof__(((S *)0)->MEMBER), count) == offsetof(struct str_list, count) && \
			       sizeof(((S *)0)->MEMBER) == sizeof(struct str_list), #MEMBER " has no list's layout"); \
		char unused; \
	}))

#define JSON_TARGET(TABLE) __typeof__(((struct TABLE##_of *)0)->target)

/* What the row macros below share. */
#define JSON_ROW(KEY, TYPE, FLAGS, ...) \
	{ .key = KEY, .key_length = sizeof(KEY) - 1, .type = TYPE, .flags = FLAGS, .extra_offset = JSON_NO_MEMBER, \
	  __VA_ARGS__ }

#define JSON_ROW_STRING(S, KEY, MEMBER, FLAGS) \
	JSON_ROW(KEY, JSON_STRING, FLAGS, .offset = JSON_MEMBER(S, MEMBER, char *))
#define JSON_ROW_WORD(S, KEY, MEMBER, FLAGS, NAMES, WANT) \
	JSON_ROW(KEY, JSON_WORD, FLAGS, .offset = JSON_MEMBER(S, MEMBER, char *), .names = &(NAMES), .want = WANT)
#define JSON_ROW_BOOL(S, KEY, MEMBER, FLAGS) \
	JSON_ROW(KEY, JSON_BOOL, FLAGS, .offset = JSON_MEMBER(S, MEMBER, bool))
#define JSON_ROW_OPT_BOOL(S, KEY, MEMBER, FLAGS) \
	JSON_ROW(KEY, JSON_OPT_BOOL, FLAGS, .offset = JSON_MEMBER(S, MEMBER, struct opt_bool))
#define JSON_ROW_NUMBER_(S, KEY, MEMBER, FLAGS, TYPE, CTYPE, MIN, MAX) \
	JSON_ROW(KEY, TYPE, FLAGS, .offset = JSON_MEMBER(S, MEMBER, CTYPE), .min = MIN, .max = MAX)
#define JSON_ROW_U32(S, KEY, MEMBER, FLAGS, MIN, MAX) \
	JSON_ROW_NUMBER_(S, KEY, MEMBER, FLAGS, JSON_U32, uint32_t, MIN, MAX)
#define JSON_ROW_U64(S, KEY, MEMBER, FLAGS, MIN, MAX) \
	JSON_ROW_NUMBER_(S, KEY, MEMBER, FLAGS, JSON_U64, uint64_t, MIN, MAX)
#define JSON_ROW_I64(S, KEY, MEMBER, FLAGS, MIN, MAX) \
	JSON_ROW_NUMBER_(S, KEY, MEMBER, FLAGS, JSON_I64, int64_t, MIN, MAX)
#define JSON_ROW_OPT_U32(S, KEY, MEMBER, FLAGS, MIN, MAX) \
	JSON_ROW_NUMBER_(S, KEY, MEMBER, FLAGS, JSON_OPT_U32, struct opt_u32, MIN, MAX)
#define JSON_ROW_OPT_U64(S, KEY, MEMBER, FLAGS, MIN, MAX) \
	JSON_ROW_NUMBER_(S, KEY, MEMBER, FLAGS, JSON_OPT_U64, struct opt_u64, MIN, MAX)
#define JSON_ROW_OPT_I64(S, KEY, MEMBER, FLAGS, MIN, MAX) \
	JSON_ROW_NUMBER_(S, KEY, MEMBER, FLAGS, JSON_OPT_I64, struct opt_i64, MIN, MAX)
#define JSON_ROW_ENUM(S, KEY, MEMBER, FLAGS, NAMES, WANT) \
	JSON_ROW(KEY, JSON_ENUM, FLAGS, .offset = JSON_MEMBER(S, MEMBER, uint32_t), .names = &(NAMES), .want = WANT)
#define JSON_ROW_ENUM_CHAR(S, KEY, MEMBER, FLAGS, NAMES, WANT) \
	JSON_ROW(KEY, JSON_ENUM_CHAR, FLAGS, .offset = JSON_MEMBER(S, MEMBER, char), .names = &(NAMES), .want = WANT)
#define JSON_ROW_FLAGS_U32(S, KEY, MEMBER, FLAGS, NAMES, WANT) \
	JSON_ROW(KEY, JSON_FLAGS_U32, FLAGS, .offset = JSON_MEMBER(S, MEMBER, uint32_t), .names = &(NAMES), \
		 .want = WANT)
#define JSON_ROW_FLAGS_U64(S, KEY, MEMBER, FLAGS, NAMES, WANT) \
	JSON_ROW(KEY, JSON_FLAGS_U64, FLAGS, .offset = JSON_MEMBER(S, MEMBER, uint64_t), .names = &(NAMES), \
		 .want = WANT)
/* As JSON_ROW_FLAGS_U32; HAS is a bool that becomes true when the key is given, even with an empty list. */
#define JSON_ROW_FLAGS_U32_HAS(S, KEY, MEMBER, HAS, FLAGS, NAMES, WANT) \
	{ .key = KEY, .key_length = sizeof(KEY) - 1, .type = JSON_FLAGS_U32, .flags = FLAGS, \
	  .extra_offset = JSON_MEMBER(S, HAS, bool), .offset = JSON_MEMBER(S, MEMBER, uint32_t), .names = &(NAMES), \
	  .want = WANT }
#define JSON_ROW_STRINGS(S, KEY, MEMBER, FLAGS) \
	JSON_ROW(KEY, JSON_STRINGS, FLAGS, .offset = JSON_MEMBER(S, MEMBER, struct str_list))
#define JSON_ROW_WORDS(S, KEY, MEMBER, FLAGS, NAMES, WANT) \
	JSON_ROW(KEY, JSON_WORDS, FLAGS, .offset = JSON_MEMBER(S, MEMBER, struct str_list), .names = &(NAMES), \
		 .want = WANT)
#define JSON_ROW_U32S(S, KEY, MEMBER, FLAGS, MIN, MAX) \
	JSON_ROW_NUMBER_(S, KEY, MEMBER, FLAGS, JSON_U32S, struct u32_list, MIN, MAX)
#define JSON_ROW_OBJECT(S, KEY, MEMBER, FLAGS, TABLE) \
	JSON_ROW(KEY, JSON_OBJECT, FLAGS, .offset = JSON_MEMBER(S, MEMBER, JSON_TARGET(TABLE)), .table = &(TABLE))
/* An object whose rows fill the same struct. */
#define JSON_ROW_SELF(KEY, FLAGS, TABLE) JSON_ROW(KEY, JSON_OBJECT, FLAGS, .offset = 0, .table = &(TABLE))
#define JSON_ROW_OBJECT_PTR(S, KEY, MEMBER, FLAGS, TABLE) \
	JSON_ROW(KEY, JSON_OBJECT_PTR, FLAGS, .offset = JSON_MEMBER(S, MEMBER, JSON_TARGET(TABLE) *), .table = &(TABLE))
#define JSON_ROW_OBJECTS(S, KEY, MEMBER, FLAGS, TABLE) \
	JSON_ROW(KEY, JSON_OBJECTS, FLAGS, .offset = JSON_LIST_MEMBER(S, MEMBER, TABLE), \
		 .item_size = sizeof(JSON_TARGET(TABLE)), .table = &(TABLE))
#define JSON_ROW_STRING_MAP(S, KEY, MEMBER, FLAGS) \
	JSON_ROW(KEY, JSON_STRING_MAP, FLAGS, .offset = JSON_MEMBER(S, MEMBER, struct str_map))
/* KEY_MEMBER: the item's member (char *) that gets the key. */
#define JSON_ROW_OBJECT_MAP(S, KEY, MEMBER, FLAGS, TABLE, KEY_MEMBER) \
	{ .key = KEY, .key_length = sizeof(KEY) - 1, .type = JSON_OBJECT_MAP, .flags = FLAGS, \
	  .extra_offset = JSON_MEMBER(JSON_TARGET(TABLE), KEY_MEMBER, char *), \
	  .offset = JSON_LIST_MEMBER(S, MEMBER, TABLE), .item_size = sizeof(JSON_TARGET(TABLE)), .table = &(TABLE) }
#define JSON_ROW_SKIP(KEY) JSON_ROW(KEY, JSON_SKIP, 0, .offset = 0)

/* Ties a table's name to its struct, for the checks above; where a header declares the table, it stands there. */
#define JSON_TABLE_OF(NAME, S) struct NAME##_of { S target; }
#define JSON_TABLE_INIT(S, ROWS, ...) \
	{ .rows = (ROWS), .count = sizeof(ROWS) / sizeof((ROWS)[0]) + 0 * sizeof(struct { \
		_Static_assert(sizeof(ROWS) / sizeof((ROWS)[0]) <= JSON_ROW_MAX, #ROWS " has too many rows"); \
		char unused; \
	  }), .size = sizeof(S), __VA_ARGS__ }
#define JSON_TABLE(NAME, S, ROWS) \
	JSON_TABLE_OF(NAME, S); \
	static const struct json_table NAME = JSON_TABLE_INIT(S, ROWS)
#define JSON_TABLE_STRICT(NAME, S, ROWS) \
	JSON_TABLE_OF(NAME, S); \
	static const struct json_table NAME = JSON_TABLE_INIT(S, ROWS, .is_strict = true)

/* The text and how errors call it. */
struct json_source {
	const char *name;  /* "config.json" */
	const char *text;  /* need not be NUL-terminated */
	size_t size;
	size_t size_max;
};

/* What isn't an error yet. */
struct json_report {
	struct str_list warnings;       /* "windows: skipped: not for Linux" */
	char *unsupported;              /* the path of the first JSON_UNSUPPORTED row that was asked for, or NULL */
	unsigned line, column;          /* its place */
};

/*
 * Decodes one document into *target, the struct that `table` describes.
 *
 * The caller has zeroed or initialised *target.  Errors: ERR_CONFIG "NAME:LINE:COLUMN: PATH: want X, got Y"; after one,
 * *target is half filled and must not be used.  When `report` is NULL, warnings are dropped and unsupported rows are
 * errors (ERR_UNSUPPORTED).  Lines and columns count from 1, columns in characters.  Returns 0, or -1.
 */
int json_decode(struct arena *arena, const struct json_source *source, const struct json_table *table, void *target,
		struct json_report *report, struct err *err);

/*
 * Finds where the value at `path` ("mounts[3].options", "linux.sysctl[\"net.ipv4.ip_forward\"]"; "" is the document)
 * stands in the text; where it is absent, its nearest parent that is present.  Returns 0, or -1 for text or a path
 * that can't be parsed.
 */
int json_locate(const char *text, size_t size, const char *path, unsigned *line, unsigned *column);

/* PARENT.KEY, or PARENT["KEY"] for a key that isn't a plain word: as errors show it and json_locate() reads it. */
char *json_path_key(struct arena *arena, const char *parent, const char *key);

#endif
