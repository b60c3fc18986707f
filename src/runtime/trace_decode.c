/*
 * runtime/trace_decode.c - what a file of --trace says, and which of its steps cost most.
 *
 * Runtime process only; pure.  The file may come from anybody.
 */
#include "runtime/trace_file.h"

#include <stdlib.h>

#include "json/decode.h"

/* Far below what adding up would overflow; 146 years. */
#define NS_MAX (UINT64_C(1) << 62)

struct trace_args {
	char *origin;
	char *object;
	struct opt_u64 start_ns;
	struct opt_u64 length_ns;
};

static const struct json_row args_rows[] = {
	JSON_ROW_STRING(struct trace_args, "origin", origin, 0),
	JSON_ROW_STRING(struct trace_args, "object", object, 0),
	JSON_ROW_OPT_U64(struct trace_args, "start_ns", start_ns, 0, 0, NS_MAX),
	JSON_ROW_OPT_U64(struct trace_args, "length_ns", length_ns, 0, 0, NS_MAX),
};
JSON_TABLE(args_table, struct trace_args, args_rows);

enum phase { PHASE_STEP = 0, PHASE_METADATA };

static const struct name_row phase_rows[] = { { "X", PHASE_STEP }, { "M", PHASE_METADATA } };
static const struct name_table phase_words = NAME_TABLE(phase_rows);

static const struct name_row source_rows[] = {
	{ "runtime", TRACE_RUNTIME }, { "init", TRACE_INIT }, { "program", TRACE_PROGRAM },
};
static const struct name_table source_words = NAME_TABLE(source_rows);

struct trace_json {
	char *name;
	uint32_t source;
	uint32_t phase;
	uint32_t pid;
	struct trace_args args;
};

static const struct json_row event_rows[] = {
	JSON_ROW_STRING(struct trace_json, "name", name, JSON_REQUIRED | JSON_NOT_EMPTY),
	JSON_ROW_ENUM(struct trace_json, "cat", source, 0, source_words, "a category of runlet's"),
	JSON_ROW_ENUM(struct trace_json, "ph", phase, JSON_REQUIRED, phase_words, "a phase that runlet writes"),
	JSON_ROW_U32(struct trace_json, "pid", pid, JSON_REQUIRED, 0, INT32_MAX),
	JSON_ROW_OBJECT(struct trace_json, "args", args, JSON_REQUIRED, args_table),
};
JSON_TABLE(event_table, struct trace_json, event_rows);

struct trace_origin {
	char *runtime;
	uint64_t lost;
};

static const struct name_row runtime_rows[] = { { "runlet", 0 } };
static const struct name_table runtime_words = NAME_TABLE(runtime_rows);

static const struct json_row origin_rows[] = {
	JSON_ROW_WORD(struct trace_origin, "runtime", runtime, JSON_REQUIRED, runtime_words, "runlet"),
	JSON_ROW_U64(struct trace_origin, "lost", lost, 0, 0, NS_MAX),
};
JSON_TABLE(origin_table, struct trace_origin, origin_rows);

struct trace_document {
	struct { struct trace_json *items; size_t count; } events;
	struct trace_origin origin;
};

static const struct json_row document_rows[] = {
	JSON_ROW_OBJECTS(struct trace_document, "traceEvents", events, JSON_REQUIRED, event_table),
	JSON_ROW_OBJECT(struct trace_document, "otherData", origin, JSON_REQUIRED, origin_table),
};
JSON_TABLE(document_table, struct trace_document, document_rows);

static uint64_t step_end(const struct trace_step *step)
{
	return step->start_ns + step->length_ns;
}

/* By process, and there what lies around comes before what lies inside. */
static int compare_places(const void *left, const void *right)
{
	const struct trace_step *a = left, *b = right;

	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	if (a->start_ns != b->start_ns)
		return a->start_ns < b->start_ns ? -1 : 1;
	return (a->length_ns < b->length_ns) - (a->length_ns > b->length_ns);
}

static int compare_costs(const void *left, const void *right)
{
	const struct trace_step *a = left, *b = right;

	if (a->own_ns != b->own_ns)
		return a->own_ns > b->own_ns ? -1 : 1;
	if (a->start_ns != b->start_ns)
		return a->start_ns < b->start_ns ? -1 : 1;
	return 0;
}

/* Takes each step's time off the one that it lies in.  `steps` are sorted by compare_places(). */
static void find_own_times(struct arena *arena, struct trace_step *steps, size_t count)
{
	struct trace_step **around = arena_alloc_array(arena, count, sizeof(struct trace_step *));
	size_t depth = 0;

	for (size_t i = 0; i < count; i++) {
		struct trace_step *step = &steps[i];
		uint64_t inside_ns = step->length_ns;

		step->own_ns = step->length_ns;
		while (depth > 0 &&
		       (around[depth - 1]->pid != step->pid || step_end(around[depth - 1]) <= step->start_ns))
			depth--;
		if (depth > 0) {
			struct trace_step *outer = around[depth - 1];

			if (inside_ns > step_end(outer) - step->start_ns)
				inside_ns = step_end(outer) - step->start_ns;
			outer->own_ns -= inside_ns < outer->own_ns ? inside_ns : outer->own_ns;
		}
		around[depth++] = step;
	}
}

/* Drops the waits for the program, whose time is no cost of runlet's.  Returns how long they were. */
static uint64_t drop_program(struct trace_report *report)
{
	uint64_t program_ns = 0;
	size_t kept = 0;

	for (size_t i = 0; i < report->count; i++) {
		if (report->steps[i].source != TRACE_PROGRAM)
			report->steps[kept++] = report->steps[i];
		else if (report->steps[i].own_ns <= NS_MAX - program_ns)
			program_ns += report->steps[i].own_ns;
	}
	report->count = kept;
	return program_ns;
}

static void judge(struct arena *arena, struct trace_report *report)
{
	uint64_t first_ns = UINT64_MAX, last_ns = 0, program_ns;

	for (size_t i = 0; i < report->count; i++) {
		if (report->steps[i].start_ns < first_ns)
			first_ns = report->steps[i].start_ns;
		if (step_end(&report->steps[i]) > last_ns)
			last_ns = step_end(&report->steps[i]);
	}
	qsort(report->steps, report->count, sizeof(*report->steps), compare_places);
	find_own_times(arena, report->steps, report->count);
	program_ns = drop_program(report);
	report->total_ns = last_ns - first_ns > program_ns ? last_ns - first_ns - program_ns : 0;
	qsort(report->steps, report->count, sizeof(*report->steps), compare_costs);
}

static int take_step(struct arena *arena, const struct json_source *source, const struct trace_document *document,
		     size_t index, struct trace_report *report, struct err *err)
{
	const struct trace_json *event = &document->events.items[index];
	const struct trace_args *args = &event->args;
	unsigned line = 1, column = 1;

	if (event->phase == PHASE_METADATA)
		return 0;
	if (!args->start_ns.is_set || !args->length_ns.is_set) {
		const char *path = arena_printf(arena, "traceEvents[%zu].args", index);

		(void)json_locate(source->text, source->size, path, &line, &column);
		return err_set(err, ERR_CONFIG, "%s:%u:%u: %s: without start_ns and length_ns", source->name, line,
			       column, path);
	}
	report->steps[report->count++] = (struct trace_step){
		.source = (enum trace_source)event->source,
		.pid = (pid_t)event->pid,
		.name = event->name,
		.origin = args->origin ? args->origin : "",
		.object = args->object ? args->object : "",
		.start_ns = args->start_ns.value,
		.length_ns = args->length_ns.value,
	};
	return 0;
}

int trace_file_decode(struct arena *arena, const char *name, const char *text, size_t size,
		      struct trace_report *report, struct err *err)
{
	struct json_source source = { .name = name, .text = text, .size = size, .size_max = TRACE_FILE_SIZE_MAX };
	struct trace_document document = { .origin = { NULL, 0 } };

	*report = (struct trace_report){ NULL, 0, 0, 0 };
	if (json_decode(arena, &source, &document_table, &document, NULL, err) < 0)
		return -1;
	report->steps = arena_alloc_array(arena, document.events.count, sizeof(*report->steps));
	report->lost = document.origin.lost;
	for (size_t i = 0; i < document.events.count; i++) {
		if (take_step(arena, &source, &document, i, report, err) < 0)
			return -1;
	}
	if (report->count == 0)
		return err_set(err, ERR_CONFIG, "%s: no step is in it", name);
	judge(arena, report);
	return 0;
}
