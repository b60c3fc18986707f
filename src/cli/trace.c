/*
 * cli/trace.c - `runlet trace`: prints the dearest steps of a file that --trace wrote, as a table or as JSON.
 *
 * Runtime process only.
 */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "cli/command.h"
#include "json/emit.h"
#include "runtime/trace_file.h"

#define STEPS_SHOWN 10
/* Longer objects are cut in the table; JSON has all of them. */
#define OBJECT_WIDTH_MAX 60

enum trace_format { TRACE_FORMAT_TABLE = 0, TRACE_FORMAT_JSON };

struct trace_values {
	int format;
};

static const struct name_row format_rows[] = { { "table", TRACE_FORMAT_TABLE }, { "json", TRACE_FORMAT_JSON } };
static const struct name_table format_words = NAME_TABLE(format_rows);

static const struct option_row trace_rows[] = {
	OPTION_ROW_WORD(struct trace_values, format, "format", 'f', "table|json", &format_words,
	                "how to print; default: table"),
};

static const char *const process_names[TRACE_SOURCE_COUNT] = {
	[TRACE_RUNTIME] = "runlet", [TRACE_INIT] = "init", [TRACE_PROGRAM] = "program",
};

/* In tenths of a percent, for the table and as a number of JSON without a fraction. */
static unsigned share_per_mille(const struct trace_report *report, const struct trace_step *step)
{
	return report->total_ns == 0 ? 0 : (unsigned)((double)step->own_ns * 1000 / (double)report->total_ns + 0.5);
}

/* A stranger's file may have control characters, which would drive the terminal. */
static void add_text(struct buf *out, const char *text, size_t width)
{
	_cleanup_buf_ struct buf escaped = BUF_INIT;
	escape_add(&escaped, text, "");
	buf_printf(out, "  %-*s", (int)width, buf_str(&escaped));
}

static size_t text_width(const char *text)
{
	_cleanup_buf_ struct buf escaped = BUF_INIT;
	escape_add(&escaped, text, "");
	return escaped.length;
}

static void add_object(struct buf *out, const char *text)
{
	_cleanup_buf_ struct buf escaped = BUF_INIT;
	escape_add(&escaped, text, "");
	bool is_cut = escaped.length > OBJECT_WIDTH_MAX;
	buf_printf(out, "  %.*s%s", OBJECT_WIDTH_MAX, buf_str(&escaped), is_cut ? "..." : "");
}

static void add_table(struct buf *out, const struct trace_report *report, size_t count)
{
	size_t step_width = strlen("STEP"), origin_width = strlen("ORIGIN");
	for (size_t i = 0; i < count; i++) {
		size_t step = text_width(report->steps[i].name), origin = text_width(report->steps[i].origin);
		step_width = step > step_width ? step : step_width;
		origin_width = origin > origin_width ? origin : origin_width;
	}
	buf_printf(out, "%9s %7s  %-7s  %-*s  %-*s  OBJECT\n", "MS", "SHARE", "PROCESS", (int)step_width, "STEP",
	           (int)origin_width, "ORIGIN");
	for (size_t i = 0; i < count; i++) {
		const struct trace_step *step = &report->steps[i];
		unsigned share = share_per_mille(report, step);
		buf_printf(out, "%9.3f %5u.%u%%  %-7s", (double)step->own_ns / 1e6, share / 10, share % 10,
		           process_names[step->source]);
		add_text(out, step->name, step_width);
		add_text(out, step->origin, origin_width);
		add_object(out, step->object);
		/* No blanks at the end of a line without an object. */
		while (out->data[out->length - 1] == ' ')
			out->length--;
		buf_add_str(out, "\n");
	}
	buf_printf(out, "%zu of %zu steps; %.3f ms from the first to the last, without the program's own time\n", count,
	           report->count, (double)report->total_ns / 1e6);
	if (report->lost > 0)
		buf_printf(out, "%llu more steps were not written\n", (unsigned long long)report->lost);
}

static void add_json(struct buf *out, const struct trace_report *report, size_t count)
{
	struct json_emitter emitter;
	json_emit_open(&emitter, out, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_uint(&emitter, "totalNs", report->total_ns);
	json_emit_key_uint(&emitter, "count", report->count);
	json_emit_key_uint(&emitter, "lost", report->lost);
	json_emit_key_array(&emitter, "steps");
	for (size_t i = 0; i < count; i++) {
		const struct trace_step *step = &report->steps[i];
		json_emit_object_begin(&emitter);
		json_emit_key_string(&emitter, "name", step->name);
		json_emit_key_string(&emitter, "process", process_names[step->source]);
		json_emit_key_string(&emitter, "origin", step->origin);
		json_emit_key_string(&emitter, "object", step->object);
		json_emit_key_uint(&emitter, "ns", step->own_ns);
		json_emit_key_uint(&emitter, "perMille", share_per_mille(report, step));
		json_emit_object_end(&emitter);
	}
	json_emit_array_end(&emitter);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
	buf_add_str(out, "\n");
}

static int trace_run(struct command_call *call, struct err *err)
{
	const struct trace_values *values = call->values;
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct trace_report report;
	if (trace_file_read(&arena, call->arguments.items[0], &report, err) < 0)
		return -1;
	size_t count = report.count < STEPS_SHOWN ? report.count : STEPS_SHOWN;
	_cleanup_buf_ struct buf out = BUF_INIT;
	if (values->format == TRACE_FORMAT_JSON)
		add_json(&out, &report, count);
	else
		add_table(&out, &report, count);
	return output_write(&out, err);
}

const struct command command_trace = {
	.name = "trace",
	.arguments = "FILE",
	.help = "print the ten dearest steps of a file that --trace wrote",
	.options = OPTION_SET(trace_rows),
	.values_size = sizeof(struct trace_values),
	.arguments_min = 1,
	.arguments_max = 1,
	.run = trace_run,
};
