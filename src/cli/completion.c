/*
 * cli/completion.c - `runlet completion bash|fish|zsh`: prints what a shell needs to complete runlet's command line.
 *
 * Runtime process only.  The text is made from the rows, so it can't lack an option.
 */
#include <string.h>

#include "cli/completion.h"

static const char script_head[] =
	"# Completion of runlet; made by `runlet completion`.\n"
	"_runlet() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= containers= i\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tcase ${COMP_WORDS[i]} in\n";

static const char script_middle[] =
	"\t\t-*|=) ;;\n"
	"\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tcase $command in\n";

static const char script_tail[] =
	"\tesac\n"
	"\tif [[ $cur != -* && -n $containers ]]; then\n"
	"\t\twords=$(runlet list --quiet 2>/dev/null)\n"
	"\tfi\n"
	"\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	"}\n"
	"complete -o default -F _runlet runlet\n";

/* "--bundle|-b", as a pattern of `case`. */
static void add_pattern(struct buf *out, const struct option_row *row)
{
	buf_printf(out, "--%s", row->name);
	if (row->short_name != 0)
		buf_printf(out, "|-%c", row->short_name);
}

void completion_add_words(struct buf *out, const struct name_table *words)
{
	for (size_t i = 0; i < words->count; i++)
		buf_printf(out, "%s%s", i == 0 ? "" : " ", words->rows[i].name);
}

/* The branch that completes the value of one option. */
static void add_value_case(struct buf *out, const struct option_row *row)
{
	if (row->kind == OPTION_FLAG)
		return;
	buf_add_str(out, "\t\t");
	add_pattern(out, row);
	buf_add_str(out, ") ");
	if (row->kind == OPTION_WORD) {
		buf_add_str(out, "COMPREPLY=($(compgen -W '");
		completion_add_words(out, row->words);
		buf_add_str(out, "' -- \"$cur\")); ");
	} else if (row->kind == OPTION_DIR || row->kind == OPTION_FILE) {
		buf_printf(out, "COMPREPLY=($(compgen %s -- \"$cur\")); ", row->kind == OPTION_DIR ? "-d" : "-f");
	}
	buf_add_str(out, "return ;;\n");
}

static void add_option_words(struct buf *out, const struct option_row *row)
{
	buf_printf(out, " --%s", row->name);
	if (row->short_name != 0)
		buf_printf(out, " -%c", row->short_name);
}

static void add_set(struct buf *out, const struct option_set *set)
{
	buf_add_str(out, "\t\tcase $prev in\n");
	for (size_t i = 0; i < set->count; i++)
		add_value_case(out, &set->rows[i]);
	buf_add_str(out, "\t\tesac\n\t\twords='");
	for (size_t i = 0; i < set->count; i++)
		add_option_words(out, &set->rows[i]);
	add_option_words(out, &option_help);
}

static void add_script(struct buf *out)
{
	buf_add_str(out, script_head);
	for (size_t i = 0; i < global_options.count; i++) {
		if (global_options.rows[i].kind == OPTION_FLAG)
			continue;
		buf_add_str(out, "\t\t");
		add_pattern(out, &global_options.rows[i]);
		buf_add_str(out, ") ((i++)) ;;\n");
	}
	buf_add_str(out, script_middle);
	buf_add_str(out, "\t'')\n");
	add_set(out, &global_options);
	for (size_t i = 0; commands[i] != NULL; i++)
		buf_printf(out, " %s", commands[i]->name);
	buf_add_str(out, "'\n\t\t;;\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		buf_printf(out, "\t%s)\n", commands[i]->name);
		add_set(out, &commands[i]->options);
		buf_printf(out, "'\n%s\t\t;;\n", commands[i]->takes_container ? "\t\tcontainers=yes\n" : "");
	}
	buf_add_str(out, script_tail);
}

static int completion_run(struct command_call *call, struct err *err)
{
	const char *shell = call->arguments.items[0];
	_cleanup_buf_ struct buf out = BUF_INIT;

	if (strcmp(shell, "fish") == 0) {
		completion_add_fish(&out);
		return output_write(&out, err);
	}
	if (strcmp(shell, "zsh") == 0)
		buf_add_str(&out, "autoload -U +X bashcompinit && bashcompinit\n");
	else if (strcmp(shell, "bash") != 0)
		return err_set(err, ERR_USAGE, "completion: want bash, fish or zsh, got \"%s\"", shell);
	add_script(&out);
	return output_write(&out, err);
}

const struct command command_completion = {
	.name = "completion",
	.arguments = "bash|fish|zsh",
	.help = "print a script that completes runlet's command line",
	.arguments_min = 1,
	.arguments_max = 1,
	.run = completion_run,
};
