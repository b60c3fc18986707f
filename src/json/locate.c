/*
 * json/locate.c - finds where a JSON path stands in a text, for errors that are found after decoding.
 *
 * Runtime process only.  A second, small walk over yajl's callbacks: only failures come here.
 */
#include <stdbool.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "base/num.h"
#include "decoder.h"
#include "yajl_memory.h"

#define PATH_STEPS_MAX JSON_DEPTH_MAX
#define KEY_SIZE_MAX 256
#define INDEX_NONE ((size_t)-1)
#define OFFSET_NONE ((size_t)-1)

enum { CALLBACK_STOP = 0, CALLBACK_GO_ON = 1 };

/* One step of the path: a key, or an index. */
struct path_step {
	char key[KEY_SIZE_MAX];
	size_t length;
	size_t index;   /* INDEX_NONE: a key */
};

struct locator {
	const char *text;
	size_t size;
	yajl_handle handle;
	struct path_step *steps;
	size_t step_count;
	size_t last_end;
	size_t depth;                  /* brackets that are open */
	size_t matched;                /* the outermost `matched` of them are on the path */
	bool is_list[PATH_STEPS_MAX + 1];  /* what those are */
	size_t index;                  /* of the next item, where the deepest of those is a list */
	bool is_next;                  /* the key before the next value is the path's */
	size_t found;                  /* the offset of the deepest value on the path; OFFSET_NONE */
};

static const char *parse_key(const char *at, struct path_step *step)
{
	bool is_quoted = at[0] == '[';

	step->index = INDEX_NONE;
	step->length = 0;
	at += is_quoted ? 2 : *at == '.';
	while (*at && (is_quoted ? *at != '"' : *at != '.' && *at != '[')) {
		if (is_quoted && *at == '\\' && at[1])
			at++;
		if (step->length == sizeof(step->key))
			return NULL;
		step->key[step->length++] = *at++;
	}
	if (!is_quoted)
		return step->length ? at : NULL;
	return at[0] == '"' && at[1] == ']' ? at + 2 : NULL;
}

static const char *parse_index(const char *at, struct path_step *step)
{
	size_t digits = strspn(at + 1, "0123456789");
	uint64_t index;

	if (at[1 + digits] != ']' || num_parse_u64_n(at + 1, digits, JSON_COUNT_MAX, &index) < 0)
		return NULL;
	step->index = index;
	return at + digits + 2;
}

static int parse_path(const char *path, struct path_step *steps, size_t *count)
{
	*count = 0;
	while (path && *path) {
		if (*count == PATH_STEPS_MAX)
			return -1;
		if (path[0] == '[' && path[1] != '"')
			path = parse_index(path, &steps[*count]);
		else
			path = parse_key(path, &steps[*count]);
		++*count;
	}
	return path ? 0 : -1;
}

static size_t locator_token(struct locator *locator)
{
	size_t start = locator->last_end;

	while (start < locator->size && memchr(" \t\r\n,:", locator->text[start], 6))
		start++;
	locator->last_end = yajl_get_bytes_consumed(locator->handle);
	return start;
}

/* Whether the value that begins, in the deepest bracket on the path, is the path's next step. */
static bool locator_is_step(struct locator *locator)
{
	bool is_step = locator->is_next;

	if (locator->is_list[locator->matched])
		is_step = locator->steps[locator->matched - 1].index == locator->index++;
	locator->is_next = false;
	return is_step;
}

static int locator_value(struct locator *locator, bool is_container, bool is_list)
{
	size_t start = locator_token(locator);
	bool is_on_path = locator->depth == 0 || (locator->depth == locator->matched && locator_is_step(locator));

	if (is_on_path) {
		locator->found = start;
		if (locator->matched == locator->step_count)
			return CALLBACK_STOP;
	}
	if (!is_container)
		return CALLBACK_GO_ON;
	locator->depth++;
	if (is_on_path) {
		locator->is_list[++locator->matched] = is_list;
		locator->index = 0;
	}
	return CALLBACK_GO_ON;
}

static int locate_null(void *context)
{
	return locator_value(context, false, false);
}

static int locate_boolean(void *context, int boolean)
{
	(void)boolean;
	return locator_value(context, false, false);
}

static int locate_number(void *context, const char *text, size_t length)
{
	(void)text;
	(void)length;
	return locator_value(context, false, false);
}

static int locate_string(void *context, const unsigned char *text, size_t length)
{
	(void)text;
	(void)length;
	return locator_value(context, false, false);
}

static int locate_object(void *context)
{
	return locator_value(context, true, false);
}

static int locate_list(void *context)
{
	return locator_value(context, true, true);
}

static int locate_key(void *context, const unsigned char *text, size_t length)
{
	struct locator *locator = context;
	const struct path_step *step;

	locator_token(locator);
	if (locator->depth != locator->matched)
		return CALLBACK_GO_ON;
	step = &locator->steps[locator->matched - 1];
	locator->is_next = step->index == INDEX_NONE && step->length == length && memcmp(step->key, text, length) == 0;
	return CALLBACK_GO_ON;
}

static int locate_end(void *context)
{
	struct locator *locator = context;

	locator_token(locator);
	/* What the path looks for isn't there; its parent has to do. */
	if (locator->depth == locator->matched)
		return CALLBACK_STOP;
	locator->depth--;
	return CALLBACK_GO_ON;
}

static const yajl_callbacks locate_callbacks = {
	.yajl_null = locate_null,
	.yajl_boolean = locate_boolean,
	.yajl_number = locate_number,
	.yajl_string = locate_string,
	.yajl_start_map = locate_object,
	.yajl_map_key = locate_key,
	.yajl_end_map = locate_end,
	.yajl_start_array = locate_list,
	.yajl_end_array = locate_end,
};

int json_locate(const char *text, size_t size, const char *path, unsigned *line, unsigned *column)
{
	struct path_step steps[PATH_STEPS_MAX];
	struct locator locator = { .text = text, .size = size, .steps = steps, .found = OFFSET_NONE };
	yajl_alloc_funcs memory = json_yajl_memory();

	if (parse_path(path, steps, &locator.step_count) < 0)
		return -1;
	locator.handle = yajl_alloc(&locate_callbacks, &memory, &locator);
	yajl_config(locator.handle, yajl_dont_validate_strings, 1);
	yajl_parse(locator.handle, (const unsigned char *)text, size);
	yajl_free(locator.handle);
	if (locator.found == OFFSET_NONE)
		return -1;
	json_position(text, size, locator.found, line, column);
	return 0;
}
