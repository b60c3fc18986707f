/*
 * json/decode_value.c - one JSON value into the member, list or map that its row names.
 *
 * Runtime process only.  A table of { type -> member and item function } instead of branches.
 */
#include <string.h>

#include "base/num.h"
#include "decoder.h"

/* The longest number that is worth parsing: "-9223372036854775808". */
#define NUMBER_LENGTH_MAX 24

typedef int (*store_function)(struct json_decoder *decoder, const struct json_row *row, char *slot,
			      const struct json_value *value);

/* Lists and maps of any type share this layout (JSON_LIST_MEMBER checks it). */
struct list_header { void *items; size_t count; };
_Static_assert(sizeof(struct list_header) == sizeof(struct str_list) &&
	       sizeof(struct list_header) == sizeof(struct str_map) &&
	       sizeof(struct list_header) == sizeof(struct u32_list), "lists share one layout");

static void slot_write(char *slot, const void *data, size_t size)
{
	memcpy(slot, data, size);
}

static int store_string(struct json_decoder *decoder, const struct json_row *row, char *slot,
			const struct json_value *value)
{
	char *text;

	if (value->kind != VALUE_STRING)
		return json_fail_want(decoder, row, value);
	if (value->length == 0 && (row->flags & JSON_EMPTY_IS_ABSENT))
		return 0;
	if (value->length == 0 && (row->flags & JSON_NOT_EMPTY))
		return json_fail_want(decoder, row, value);
	if ((row->flags & JSON_ABSOLUTE) && (value->length == 0 || value->text[0] != '/'))
		return json_fail_want(decoder, row, value);
	text = arena_strndup(decoder->arena, value->text, value->length);
	slot_write(slot, &text, sizeof(text));
	if (value->length > 0 && (row->flags & JSON_UNSUPPORTED))
		json_note_unsupported(decoder, value);
	return 0;
}

/* Looks a word up; -1 with the error set. */
static int value_word(struct json_decoder *decoder, const struct json_row *row, const struct json_value *value,
		      int64_t *number)
{
	size_t i;

	for (i = 0; value->kind == VALUE_STRING && i < row->names->count; i++) {
		const struct name_row *name = &row->names->rows[i];

		if (strncmp(name->name, value->text, value->length) == 0 && name->name[value->length] == '\0') {
			*number = name->value;
			return 0;
		}
	}
	return json_fail_want(decoder, row, value);
}

static int store_word(struct json_decoder *decoder, const struct json_row *row, char *slot,
		      const struct json_value *value)
{
	int64_t ignored;
	char *text;

	if (value->kind == VALUE_STRING && value->length == 0 && (row->flags & JSON_EMPTY_IS_ABSENT))
		return 0;
	if (value_word(decoder, row, value, &ignored) < 0)
		return -1;
	text = arena_strndup(decoder->arena, value->text, value->length);
	slot_write(slot, &text, sizeof(text));
	return 0;
}

static int store_enum(struct json_decoder *decoder, const struct json_row *row, char *slot,
		      const struct json_value *value)
{
	uint32_t stored;
	int64_t number = 0;

	if (value_word(decoder, row, value, &number) < 0)
		return -1;
	stored = (uint32_t)number;
	slot_write(slot, &stored, sizeof(stored));
	return 0;
}

static int store_enum_char(struct json_decoder *decoder, const struct json_row *row, char *slot,
			   const struct json_value *value)
{
	int64_t number = 0;

	if (value_word(decoder, row, value, &number) < 0)
		return -1;
	*slot = (char)number;
	return 0;
}

static int value_bool(struct json_decoder *decoder, const struct json_row *row, const struct json_value *value)
{
	if (value->kind != VALUE_BOOL)
		return json_fail_want(decoder, row, value);
	if (value->boolean && (row->flags & JSON_UNSUPPORTED))
		json_note_unsupported(decoder, value);
	return 0;
}

static int store_bool(struct json_decoder *decoder, const struct json_row *row, char *slot,
		      const struct json_value *value)
{
	if (value_bool(decoder, row, value) < 0)
		return -1;
	slot_write(slot, &value->boolean, sizeof(value->boolean));
	return 0;
}

static int store_opt_bool(struct json_decoder *decoder, const struct json_row *row, char *slot,
			  const struct json_value *value)
{
	struct opt_bool stored = { true, value->boolean };

	if (value_bool(decoder, row, value) < 0)
		return -1;
	slot_write(slot, &stored, sizeof(stored));
	return 0;
}

/* The digits as a string; -1 when the value is no number, or one that is longer than any that fits. */
static int value_digits(const struct json_value *value, char digits[NUMBER_LENGTH_MAX])
{
	if (value->kind != VALUE_NUMBER || value->length >= NUMBER_LENGTH_MAX)
		return -1;
	memcpy(digits, value->text, value->length);
	digits[value->length] = '\0';
	return 0;
}

static int value_unsigned(struct json_decoder *decoder, const struct json_row *row, const struct json_value *value,
			  uint64_t *number)
{
	char digits[NUMBER_LENGTH_MAX];

	if (value_digits(value, digits) < 0 || num_parse_u64(digits, row->max, number) < 0 ||
	    *number < (uint64_t)row->min)
		return json_fail_want(decoder, row, value);
	if (*number && (row->flags & JSON_UNSUPPORTED))
		json_note_unsupported(decoder, value);
	return 0;
}

static int value_signed(struct json_decoder *decoder, const struct json_row *row, const struct json_value *value,
			int64_t *number)
{
	char digits[NUMBER_LENGTH_MAX];

	if (value_digits(value, digits) < 0 || num_parse_i64(digits, row->min, (int64_t)row->max, number) < 0)
		return json_fail_want(decoder, row, value);
	if (*number && (row->flags & JSON_UNSUPPORTED))
		json_note_unsupported(decoder, value);
	return 0;
}

static int store_u32(struct json_decoder *decoder, const struct json_row *row, char *slot,
		     const struct json_value *value)
{
	uint64_t number = 0;
	uint32_t stored;

	if (value_unsigned(decoder, row, value, &number) < 0)
		return -1;
	stored = (uint32_t)number;
	slot_write(slot, &stored, sizeof(stored));
	return 0;
}

static int store_u64(struct json_decoder *decoder, const struct json_row *row, char *slot,
		     const struct json_value *value)
{
	uint64_t number = 0;

	if (value_unsigned(decoder, row, value, &number) < 0)
		return -1;
	slot_write(slot, &number, sizeof(number));
	return 0;
}

static int store_i64(struct json_decoder *decoder, const struct json_row *row, char *slot,
		     const struct json_value *value)
{
	int64_t number = 0;

	if (value_signed(decoder, row, value, &number) < 0)
		return -1;
	slot_write(slot, &number, sizeof(number));
	return 0;
}

static int store_opt_u32(struct json_decoder *decoder, const struct json_row *row, char *slot,
			 const struct json_value *value)
{
	struct opt_u32 stored = { .is_set = true };
	uint64_t number = 0;

	if (value_unsigned(decoder, row, value, &number) < 0)
		return -1;
	stored.value = (uint32_t)number;
	slot_write(slot, &stored, sizeof(stored));
	return 0;
}

static int store_opt_u64(struct json_decoder *decoder, const struct json_row *row, char *slot,
			 const struct json_value *value)
{
	struct opt_u64 stored = { .is_set = true };

	if (value_unsigned(decoder, row, value, &stored.value) < 0)
		return -1;
	slot_write(slot, &stored, sizeof(stored));
	return 0;
}

static int store_opt_i64(struct json_decoder *decoder, const struct json_row *row, char *slot,
			 const struct json_value *value)
{
	struct opt_i64 stored = { .is_set = true };

	if (value_signed(decoder, row, value, &stored.value) < 0)
		return -1;
	slot_write(slot, &stored, sizeof(stored));
	return 0;
}

static void target_initialise(const struct json_table *table, void *target)
{
	if (table->initial)
		memcpy(target, table->initial, table->size);
}

static int open_object(struct json_decoder *decoder, const struct json_row *row, char *target,
		       const struct json_value *value)
{
	if (value->kind != VALUE_OBJECT)
		return json_fail_want(decoder, row, value);
	if (row->flags & JSON_UNSUPPORTED)
		json_note_unsupported(decoder, value);
	return json_push(decoder, &(struct json_frame){ .kind = FRAME_OBJECT, .start = value->start,
							.table = row->table, .target = target });
}

static int open_object_ptr(struct json_decoder *decoder, const struct json_row *row, char *slot,
			   const struct json_value *value)
{
	void *target = arena_alloc(decoder->arena, row->table->size);

	target_initialise(row->table, target);
	slot_write(slot, &target, sizeof(target));
	return open_object(decoder, row, target, value);
}

/* Lists and the words that are or'ed. */
static int open_list(struct json_decoder *decoder, const struct json_row *row, char *slot,
		     const struct json_value *value)
{
	struct str_list empty = { 0 };

	if (value->kind != VALUE_LIST)
		return json_fail_want(decoder, row, value);
	if (row->extra_offset != JSON_NO_MEMBER)
		slot[(ptrdiff_t)row->extra_offset - (ptrdiff_t)row->offset] = true;
	if (row->type == JSON_STRINGS || row->type == JSON_WORDS) {
		empty.items = arena_grow(decoder->arena, NULL, 0, sizeof(*empty.items));
		slot_write(slot, &empty, sizeof(empty));
	}
	return json_push(decoder, &(struct json_frame){ .kind = FRAME_LIST, .start = value->start, .row = row,
							.target = slot });
}

static int open_map(struct json_decoder *decoder, const struct json_row *row, char *slot,
		    const struct json_value *value)
{
	if (value->kind != VALUE_OBJECT)
		return json_fail_want(decoder, row, value);
	return json_push(decoder, &(struct json_frame){ .kind = FRAME_MAP, .start = value->start, .row = row,
							.target = slot });
}

static int item_string(struct json_decoder *decoder, const struct json_row *row, char *slot,
		       const struct json_value *value)
{
	struct str_list list;

	if (value->kind != VALUE_STRING || ((row->flags & JSON_ABSOLUTE) && (!value->length || value->text[0] != '/')))
		return json_fail_want(decoder, row, value);
	if (row->flags & JSON_UNSUPPORTED)
		json_note_unsupported(decoder, value);
	memcpy(&list, slot, sizeof(list));
	str_list_add(decoder->arena, &list, arena_strndup(decoder->arena, value->text, value->length));
	slot_write(slot, &list, sizeof(list));
	return 0;
}

static int item_word(struct json_decoder *decoder, const struct json_row *row, char *slot,
		     const struct json_value *value)
{
	int64_t ignored;

	if (value_word(decoder, row, value, &ignored) < 0)
		return -1;
	return item_string(decoder, row, slot, value);
}

/* A new member at the end of a list of any type, zeroed. */
static char *list_append(struct json_decoder *decoder, char *slot, size_t size)
{
	struct list_header list;
	char *item;

	memcpy(&list, slot, sizeof(list));
	list.items = arena_grow(decoder->arena, list.items, list.count, size);
	item = (char *)list.items + list.count * size;
	memset(item, 0, size);
	list.count++;
	slot_write(slot, &list, sizeof(list));
	return item;
}

static int item_u32(struct json_decoder *decoder, const struct json_row *row, char *slot,
		    const struct json_value *value)
{
	uint32_t number = 0;

	if (store_u32(decoder, row, (char *)&number, value) < 0)
		return -1;
	slot_write(list_append(decoder, slot, sizeof(number)), &number, sizeof(number));
	return 0;
}

static int item_flag_u32(struct json_decoder *decoder, const struct json_row *row, char *slot,
			 const struct json_value *value)
{
	uint32_t bits;
	int64_t bit = 0;

	if (value_word(decoder, row, value, &bit) < 0)
		return -1;
	memcpy(&bits, slot, sizeof(bits));
	bits |= (uint32_t)bit;
	slot_write(slot, &bits, sizeof(bits));
	return 0;
}

static int item_flag_u64(struct json_decoder *decoder, const struct json_row *row, char *slot,
			 const struct json_value *value)
{
	uint64_t bits;
	int64_t bit = 0;

	if (value_word(decoder, row, value, &bit) < 0)
		return -1;
	memcpy(&bits, slot, sizeof(bits));
	bits |= (uint64_t)bit;
	slot_write(slot, &bits, sizeof(bits));
	return 0;
}

static int item_object(struct json_decoder *decoder, const struct json_row *row, char *slot,
		       const struct json_value *value)
{
	char *item;

	if (value->kind != VALUE_OBJECT)
		return open_object(decoder, row, NULL, value);
	item = list_append(decoder, slot, row->item_size);
	target_initialise(row->table, item);
	return open_object(decoder, row, item, value);
}

static int item_pair(struct json_decoder *decoder, const struct json_row *row, char *slot,
		     const struct json_value *value)
{
	struct str_pair pair;

	if (value->kind != VALUE_STRING)
		return json_fail_want(decoder, row, value);
	if (row->flags & JSON_UNSUPPORTED)
		json_note_unsupported(decoder, value);
	pair.key = decoder->frames[decoder->depth - 1].map_key;
	pair.value = arena_strndup(decoder->arena, value->text, value->length);
	slot_write(list_append(decoder, slot, sizeof(pair)), &pair, sizeof(pair));
	return 0;
}

static int item_map_object(struct json_decoder *decoder, const struct json_row *row, char *slot,
			   const struct json_value *value)
{
	char *key = decoder->frames[decoder->depth - 1].map_key;

	if (item_object(decoder, row, slot, value) < 0)
		return -1;
	slot_write(decoder->frames[decoder->depth - 1].target + row->extra_offset, &key, sizeof(key));
	return 0;
}

struct type_row {
	store_function member;
	store_function item;    /* lists and maps: of each item */
};

static const struct type_row type_rows[] = {
	[JSON_STRING] = { .member = store_string },
	[JSON_WORD] = { .member = store_word },
	[JSON_BOOL] = { .member = store_bool },
	[JSON_OPT_BOOL] = { .member = store_opt_bool },
	[JSON_U32] = { .member = store_u32 },
	[JSON_U64] = { .member = store_u64 },
	[JSON_I64] = { .member = store_i64 },
	[JSON_OPT_U32] = { .member = store_opt_u32 },
	[JSON_OPT_U64] = { .member = store_opt_u64 },
	[JSON_OPT_I64] = { .member = store_opt_i64 },
	[JSON_ENUM] = { .member = store_enum },
	[JSON_ENUM_CHAR] = { .member = store_enum_char },
	[JSON_FLAGS_U32] = { .member = open_list, .item = item_flag_u32 },
	[JSON_FLAGS_U64] = { .member = open_list, .item = item_flag_u64 },
	[JSON_STRINGS] = { .member = open_list, .item = item_string },
	[JSON_WORDS] = { .member = open_list, .item = item_word },
	[JSON_U32S] = { .member = open_list, .item = item_u32 },
	[JSON_OBJECT] = { .member = open_object },
	[JSON_OBJECT_PTR] = { .member = open_object_ptr },
	[JSON_OBJECTS] = { .member = open_list, .item = item_object },
	[JSON_STRING_MAP] = { .member = open_map, .item = item_pair },
	[JSON_OBJECT_MAP] = { .member = open_map, .item = item_map_object },
	[JSON_SKIP] = { NULL, NULL },
};
_Static_assert(sizeof(type_rows) / sizeof(type_rows[0]) == JSON_TYPE_COUNT, "a row for every type");

int json_store_member(struct json_decoder *decoder, struct json_frame *frame, const struct json_value *value)
{
	return type_rows[frame->row->type].member(decoder, frame->row, frame->target + frame->row->offset, value);
}

int json_store_item(struct json_decoder *decoder, struct json_frame *frame, const struct json_value *value)
{
	/* In a map, null is the same as no such key; a list would shift. */
	if (frame->kind == FRAME_MAP && value->kind == VALUE_NULL)
		return 0;
	return type_rows[frame->row->type].item(decoder, frame->row, frame->target, value);
}
