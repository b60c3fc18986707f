/*
 * cli/plan.c - `runlet plan`: prints the operations that create would run, and runs none.
 *
 * Runtime process only; needs no privileges.
 */
#include "cli/command.h"
#include "cli/create_options.h"

enum plan_format { PLAN_FORMAT_TEXT = 0, PLAN_FORMAT_JSON };

struct plan_values {
	struct runtime_create_options create;
	int format;
};

static const struct name_row format_rows[] = { { "text", PLAN_FORMAT_TEXT }, { "json", PLAN_FORMAT_JSON } };
static const struct name_table format_words = NAME_TABLE(format_rows);

static const struct option_row plan_rows[] = {
	BUNDLE_OPTION_ROWS(struct plan_values, create.),
	OPTION_ROW_WORD(struct plan_values, format, "format", 0, "text|json", &format_words,
	                "how to print; default: text"),
};

static int plan_run(struct command_call *call, struct err *err)
{
	const struct plan_values *plan_values = call->values;
	struct runtime_create_options options = plan_values->create;
	options.id = call->arguments.count > 0 ? call->arguments.items[0] : "plan";
	_cleanup_buf_ struct buf out = BUF_INIT;
	if (runtime_plan(call->context, &options, plan_values->format == PLAN_FORMAT_JSON, &out, err) < 0)
		return -1;
	return output_write(&out, err);
}

const struct command command_plan = {
	.name = "plan",
	.arguments = "[CONTAINER-ID]",
	.help = "print what create would do, without doing it",
	.options = OPTION_SET(plan_rows),
	.values_size = sizeof(struct plan_values),
	.arguments_max = 1,
	.run = plan_run,
};
