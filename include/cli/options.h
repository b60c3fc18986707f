/*
 * cli/options.h - rows that describe a command's options, and the one parser that reads them.
 *
 * The same rows drive parsing, --help, shell completion and the lint that compares them with the manual.  A row names
 * the member that its value goes to; the macros compare the member's type at compile time.  Runtime process only.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/names.h"

enum option_kind {
	OPTION_FLAG = 0, /* bool: --name, or --name=true and --name=false as Go programs pass it */
	OPTION_FILE,     /* const char *: points into argv; completes to files */
	OPTION_DIR,      /* const char *: points into argv; completes to directories */
	OPTION_TEXT,     /* const char *: points into argv; nothing completes it */
	OPTION_U32,      /* uint32_t */
	OPTION_WORD,     /* int: the value of one of the words in `words` */
	OPTION_LIST,     /* struct option_list: each time the option is given adds one */
	OPTION_KIND_COUNT
};

struct option_row {
	const char *name;       /* without the dashes */
	char short_name;        /* 0: none */
	enum option_kind kind;
	const char *argument;   /* what the value is called in help: "DIR"; NULL for a flag */
	const char *help;
	size_t target;          /* offset of the member in the command's struct of values */
	const struct name_table *words; /* OPTION_WORD only */
};

/* items point into argv; options_close() frees the array. */
struct option_list { const char **items; size_t count; };

/* An offset that compiles without a warning only when the member has the type that the kind writes. */
#define OPTION_TARGET(values, member, type) \
	(offsetof(values, member) + 0 * sizeof(&((values *)0)->member == (type *)0))

#define OPTION_ROW_FLAG(values, member, long_name, letter, text) \
	{ .name = (long_name), .short_name = (letter), .kind = OPTION_FLAG, .help = (text), \
	  .target = OPTION_TARGET(values, member, bool) }
#define OPTION_ROW_FILE(values, member, long_name, letter, word, text) \
	{ .name = (long_name), .short_name = (letter), .kind = OPTION_FILE, .argument = (word), .help = (text), \
	  .target = OPTION_TARGET(values, member, const char *) }
#define OPTION_ROW_DIR(values, member, long_name, letter, word, text) \
	{ .name = (long_name), .short_name = (letter), .kind = OPTION_DIR, .argument = (word), .help = (text), \
	  .target = OPTION_TARGET(values, member, const char *) }
#define OPTION_ROW_TEXT(values, member, long_name, letter, word, text) \
	{ .name = (long_name), .short_name = (letter), .kind = OPTION_TEXT, .argument = (word), .help = (text), \
	  .target = OPTION_TARGET(values, member, const char *) }
#define OPTION_ROW_LIST(values, member, long_name, letter, word, text) \
	{ .name = (long_name), .short_name = (letter), .kind = OPTION_LIST, .argument = (word), .help = (text), \
	  .target = OPTION_TARGET(values, member, struct option_list) }
#define OPTION_ROW_U32(values, member, long_name, letter, word, text) \
	{ .name = (long_name), .short_name = (letter), .kind = OPTION_U32, .argument = (word), .help = (text), \
	  .target = OPTION_TARGET(values, member, uint32_t) }
#define OPTION_ROW_WORD(values, member, long_name, letter, word, table, text) \
	{ .name = (long_name), .short_name = (letter), .kind = OPTION_WORD, .argument = (word), .help = (text), \
	  .target = OPTION_TARGET(values, member, int), .words = (table) }

/* A command's rows.  --help and -h are understood by the parser itself (option_help). */
struct option_set {
	const struct option_row *rows;
	size_t count;
};

#define OPTION_SET(array) { (array), sizeof(array) / sizeof((array)[0]) }

/* The row of --help and -h, for whoever prints the rows. */
extern const struct option_row option_help;

/* What is left when the options are taken out.  `items` points into argv and is followed by NULL. */
struct cli_arguments {
	char **items;
	size_t count;
	bool wants_help;
};

/*
 * Parses argv (NULL-terminated, without the program's or command's name) and moves what is no option to its front.
 *
 * Understood: --name=value, --name value, -nvalue, -n value, -n=value, clustered flags (-dq), and "--", after which
 * nothing is an option.  Options may follow arguments, unless stops_at_argument: then the first argument ends them.
 * `values` is the zeroed struct that the rows' targets point into.  Errors: ERR_USAGE.
 */
int options_parse(const struct option_set *set, bool stops_at_argument, char **argv, void *values,
                  struct cli_arguments *arguments, struct err *err);

/* Frees what options_parse() has put into `values`, also after it failed. */
void options_close(const struct option_set *set, void *values);

#endif
