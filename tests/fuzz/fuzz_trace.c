/*
 * fuzz_trace.c - a file for `runlet trace`: it may come from anybody.
 *
 * What decodes has steps in the order of their costs, none dearer than it is long; what doesn't is refused as config.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "runtime/trace_file.h"

static void finding(const char *what, const struct err *err)
{
	fprintf(stderr, "fuzz_trace: %s: %s\n", what, err->text);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct trace_report report;
	struct err err = ERR_INIT;

	if (trace_file_decode(&arena, "trace", (const char *)data, size, &report, &err) < 0) {
		if (err.kind != ERR_CONFIG || strncmp(err.text, "trace:", 6) != 0)
			finding("refused as a bug", &err);
		return 0;
	}
	for (size_t i = 0; i < report.count; i++) {
		const struct trace_step *step = &report.steps[i];

		if (step->own_ns > step->length_ns || (i > 0 && step->own_ns > step[-1].own_ns))
			finding("a step that costs more than it may", &err);
		if (step->source == TRACE_PROGRAM || !step->origin || !step->object)
			finding("a step that isn't one", &err);
	}
	return 0;
}
