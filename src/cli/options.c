/*
 * cli/options.c - parses a command line by its rows.
 *
 * Runtime process only.  It must not know any command: what differs between commands is in the rows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "cli/options.h"

const struct option_row option_help = {
	.name = "help", .short_name = 'h', .kind = OPTION_FLAG, .help = "print this text",
};

/* The words that Go's flag package takes, which engines written in Go pass. */
static const struct name_row bool_rows[] = {
	{ "true", true }, { "True", true }, { "TRUE", true }, { "t", true }, { "T", true }, { "1", true },
	{ "false", false }, { "False", false }, { "FALSE", false }, { "f", false }, { "F", false }, { "0", false },
};
static const struct name_table bool_words = NAME_TABLE(bool_rows);

struct parser {
	const struct option_set *set;
	char **next;   /* the argument after the one at hand */
	void *values;
	struct cli_arguments *arguments;
};

static int set_flag(const struct option_row *row, const char *value, void *target, struct err *err)
{
	int64_t word = true;
	if (value != NULL && name_to_value(&bool_words, value, &word) < 0)
		return err_set(err, ERR_USAGE, "--%s: want true or false, got \"%s\"", row->name, value);
	*(bool *)target = word;
	return 0;
}

static int set_text(const struct option_row *row, const char *value, void *target, struct err *err)
{
	(void)row;
	(void)err;
	*(const char **)target = value;
	return 0;
}

static int set_u32(const struct option_row *row, const char *value, void *target, struct err *err)
{
	if (num_parse_u32(value, target) < 0)
		return err_set(err, ERR_USAGE, "--%s: want a number, got \"%s\"", row->name, value);
	return 0;
}

static int set_word(const struct option_row *row, const char *value, void *target, struct err *err)
{
	int64_t word;
	if (name_to_value(row->words, value, &word) < 0)
		return err_set(err, ERR_USAGE, "--%s: want %s, got \"%s\"", row->name, row->argument, value);
	*(int *)target = (int)word;
	return 0;
}

static int add_text(const struct option_row *row, const char *value, void *target, struct err *err)
{
	struct option_list *list = target;
	const char **grown = reallocarray(list->items, list->count + 1, sizeof(*list->items));
	if (grown == NULL)
		return err_sys(err, ENOMEM, "--%s", row->name);
	list->items = grown;
	list->items[list->count++] = value;
	return 0;
}

static int (*const setters[])(const struct option_row *, const char *, void *, struct err *) = {
	[OPTION_FLAG] = set_flag,
	[OPTION_FILE] = set_text,
	[OPTION_DIR] = set_text,
	[OPTION_TEXT] = set_text,
	[OPTION_U32] = set_u32,
	[OPTION_WORD] = set_word,
	[OPTION_LIST] = add_text,
};
_Static_assert(sizeof(setters) / sizeof(setters[0]) == OPTION_KIND_COUNT, "every kind needs its setter");

static const struct option_row *find_long(const struct option_set *set, const char *name, size_t length)
{
	for (size_t i = 0; i < set->count; i++) {
		if (strncmp(set->rows[i].name, name, length) == 0 && set->rows[i].name[length] == '\0')
			return &set->rows[i];
	}
	return length == strlen(option_help.name) && memcmp(option_help.name, name, length) == 0 ? &option_help : NULL;
}

static const struct option_row *find_short(const struct option_set *set, char letter)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->rows[i].short_name == letter)
			return &set->rows[i];
	}
	return letter == option_help.short_name ? &option_help : NULL;
}

/* `value` is what was attached, or NULL; an option that needs one then takes the next argument. */
static int apply(struct parser *parser, const struct option_row *row, const char *value, struct err *err)
{
	if (row == &option_help) {
		parser->arguments->wants_help = true;
		return 0;
	}
	if (row->kind != OPTION_FLAG && value == NULL) {
		if (*parser->next == NULL)
			return err_set(err, ERR_USAGE, "--%s: %s is missing", row->name, row->argument);
		value = *parser->next++;
	}
	return setters[row->kind](row, value, (char *)parser->values + row->target, err);
}

static int parse_long(struct parser *parser, const char *text, struct err *err)
{
	const char *equals = strchr(text, '=');
	size_t length = equals == NULL ? strlen(text) : (size_t)(equals - text);
	const struct option_row *row = find_long(parser->set, text, length);
	if (row == NULL)
		return err_set(err, ERR_USAGE, "unknown option --%.*s", (int)length, text);
	return apply(parser, row, equals == NULL ? NULL : equals + 1, err);
}

static int parse_cluster(struct parser *parser, const char *letters, struct err *err)
{
	for (; *letters != '\0'; letters++) {
		const struct option_row *row = find_short(parser->set, *letters);
		if (row == NULL)
			return err_set(err, ERR_USAGE, "unknown option -%c", *letters);
		const char *rest = letters + 1;
		if (*rest == '=')
			return apply(parser, row, rest + 1, err);
		if (row->kind != OPTION_FLAG)
			return apply(parser, row, *rest == '\0' ? NULL : rest, err);
		if (apply(parser, row, NULL, err) < 0)
			return -1;
	}
	return 0;
}

int options_parse(const struct option_set *set, bool stops_at_argument, char **argv, void *values,
                  struct cli_arguments *arguments, struct err *err)
{
	*arguments = (struct cli_arguments){ .items = argv };
	struct parser parser = { .set = set, .next = argv, .values = values, .arguments = arguments };
	bool is_over = false;
	while (*parser.next != NULL) {
		char *text = *parser.next++;
		int result = 0;
		if (is_over || text[0] != '-' || text[1] == '\0') {
			arguments->items[arguments->count++] = text;
			is_over = is_over || stops_at_argument;
		} else if (strcmp(text, "--") == 0) {
			is_over = true;
		} else if (text[1] == '-') {
			result = parse_long(&parser, text + 2, err);
		} else {
			result = parse_cluster(&parser, text + 1, err);
		}
		if (result < 0)
			return -1;
	}
	arguments->items[arguments->count] = NULL;
	return 0;
}

void options_close(const struct option_set *set, void *values)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->rows[i].kind != OPTION_LIST)
			continue;
		struct option_list *list = (void *)((char *)values + set->rows[i].target);
		free(list->items);
		*list = (struct option_list){ NULL, 0 };
	}
}
