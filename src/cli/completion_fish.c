/*
 * cli/completion_fish.c - the part of `runlet completion` that fish understands: a line for each command and option.
 *
 * Runtime process only.
 */
#include "cli/completion.h"

/* fish's own __fish_seen_subcommand_from takes the value of a global option for a command. */
static const char head[] =
	"# Completion of runlet; made by `runlet completion fish`.\n"
	"function __runlet_command\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -l skip program\n"
	"\tfor word in $words\n"
	"\t\tif set -q skip[1]\n"
	"\t\t\tset -e skip\n"
	"\t\t\tcontinue\n"
	"\t\tend\n"
	"\t\tswitch $word\n";

static const char tail[] =
	"\t\t\tcase '-*'\n"
	"\t\t\tcase '*'\n"
	"\t\t\t\tif set -q argv[1]\n"
	"\t\t\t\t\ttest $word = $argv[1]\n"
	"\t\t\t\t\treturn\n"
	"\t\t\t\tend\n"
	"\t\t\t\treturn 0\n"
	"\t\tend\n"
	"\tend\n"
	"\treturn 1\n"
	"end\n"
	"complete -c runlet -e\n"
	"complete -c runlet -f\n";

/* In single quotes fish gives a meaning to two characters. */
static void add_quoted(struct buf *out, const char *text)
{
	buf_add_str(out, "'");
	for (; *text != '\0'; text++)
		buf_printf(out, "%s%c", *text == '\'' || *text == '\\' ? "\\" : "", *text);
	buf_add_str(out, "'");
}

/* Opens a line that holds after that command, or, with NULL, before there is one. */
static void add_line(struct buf *out, const char *command)
{
	if (command)
		buf_printf(out, "complete -c runlet -n '__runlet_command %s'", command);
	else
		buf_add_str(out, "complete -c runlet -n 'not __runlet_command'");
}

static void add_option(struct buf *out, const char *command, const struct option_row *row)
{
	add_line(out, command);
	buf_printf(out, " -l %s", row->name);
	if (row->short_name != 0)
		buf_printf(out, " -s %c", row->short_name);
	if (row->kind == OPTION_WORD) {
		buf_add_str(out, " -xa '");
		completion_add_words(out, row->words);
		buf_add_str(out, "'");
	} else if (row->kind == OPTION_DIR) {
		buf_add_str(out, " -xa '(__fish_complete_directories)'");
	} else if (row->kind == OPTION_FILE) {
		buf_add_str(out, " -rF");
	} else if (row->kind != OPTION_FLAG) {
		buf_add_str(out, " -x");
	}
	buf_add_str(out, " -d ");
	add_quoted(out, row->help);
	buf_add_str(out, "\n");
}

static void add_options(struct buf *out, const char *command, const struct option_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		add_option(out, command, &set->rows[i]);
	add_option(out, command, &option_help);
}

void completion_add_fish(struct buf *out)
{
	buf_add_str(out, head);
	for (size_t i = 0; i < global_options.count; i++) {
		const struct option_row *row = &global_options.rows[i];

		if (row->kind == OPTION_FLAG)
			continue;
		buf_printf(out, "\t\t\tcase --%s", row->name);
		if (row->short_name != 0)
			buf_printf(out, " -%c", row->short_name);
		buf_add_str(out, "\n\t\t\t\tset skip value\n");
	}
	buf_add_str(out, tail);
	add_options(out, NULL, &global_options);
	for (size_t i = 0; commands[i] != NULL; i++) {
		add_line(out, NULL);
		buf_printf(out, " -a %s -d ", commands[i]->name);
		add_quoted(out, commands[i]->help);
		buf_add_str(out, "\n");
		add_options(out, commands[i]->name, &commands[i]->options);
		if (commands[i]->takes_container) {
			add_line(out, commands[i]->name);
			buf_add_str(out, " -a '(runlet list --quiet 2>/dev/null)'\n");
		}
	}
}
