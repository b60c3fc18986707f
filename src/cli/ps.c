/*
 * cli/ps.c - `runlet ps`: prints a container's processes.
 *
 * Runtime process only.
 */
#include <stdint.h>

#include "cli/command.h"
#include "json/emit.h"

enum ps_format { PS_FORMAT_TABLE = 0, PS_FORMAT_JSON };

struct ps_values {
	int format;
};

static const struct name_row format_rows[] = { { "table", PS_FORMAT_TABLE }, { "json", PS_FORMAT_JSON } };
static const struct name_table format_words = NAME_TABLE(format_rows);

static const struct option_row ps_rows[] = {
	OPTION_ROW_WORD(struct ps_values, format, "format", 'f', "table|json", &format_words,
	                "what ps(1) says (the default), or the process ids alone"),
};

static int add_json(const struct command_call *call, struct buf *out, struct err *err)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct runtime_pids pids;
	if (call->arguments.count > 1)
		return err_set(err, ERR_USAGE, "ps: options of ps(1) go with --format table, got \"%s\"",
		               call->arguments.items[1]);
	if (runtime_pids(call->context, call->arguments.items[0], &arena, &pids, err) < 0)
		return -1;
	struct json_emitter emitter;
	json_emit_open(&emitter, out, JSON_COMPACT);
	json_emit_array_begin(&emitter);
	for (size_t i = 0; i < pids.count; i++)
		json_emit_int(&emitter, pids.items[i]);
	json_emit_array_end(&emitter);
	json_emit_close(&emitter);
	buf_add_str(out, "\n");
	return 0;
}

static int ps_run(struct command_call *call, struct err *err)
{
	const struct ps_values *ps_values = call->values;
	char **arguments = call->arguments.items;
	_cleanup_buf_ struct buf out = BUF_INIT;
	int result;
	if (ps_values->format == PS_FORMAT_JSON)
		result = add_json(call, &out, err);
	else
		result = runtime_ps(call->context, arguments[0], arguments + 1, &out, err);
	return result < 0 ? -1 : output_write(&out, err);
}

const struct command command_ps = {
	.name = "ps",
	.arguments = "CONTAINER-ID [PS-OPTIONS]",
	.help = "print the processes of a container",
	.options = OPTION_SET(ps_rows),
	.values_size = sizeof(struct ps_values),
	.arguments_min = 1,
	.arguments_max = SIZE_MAX,
	.stops_at_argument = true,
	.takes_container = true,
	.run = ps_run,
};
