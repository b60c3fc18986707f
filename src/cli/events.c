/*
 * cli/events.c - `runlet events`: prints what a container uses, and when it ran out of memory.
 *
 * Runtime process only.
 */
#include "cli/command.h"
#include "cli/duration.h"

#define INTERVAL_DEFAULT "5s"

struct events_values {
	const char *interval;
	bool stats;
};

static const struct option_row events_rows[] = {
	OPTION_ROW_TEXT(struct events_values, interval, "interval", 0, "DURATION",
	                "how often the numbers are printed, such as 500ms or 1m30s; default: " INTERVAL_DEFAULT),
	OPTION_ROW_FLAG(struct events_values, stats, "stats", 0, "print the numbers once, and nothing else"),
};

static int events_run(struct command_call *call, struct err *err)
{
	const struct events_values *events_values = call->values;
	const char *interval = events_values->interval == NULL ? INTERVAL_DEFAULT : events_values->interval;
	uint64_t interval_ns;
	if (duration_parse(interval, &interval_ns) < 0)
		return err_set(err, ERR_USAGE,
		               "events: --interval: want a duration such as 5s, 500ms or 1m30s, got \"%s\"", interval);
	if (interval_ns == 0)
		return err_set(err, ERR_USAGE, "events: --interval: duration interval must be greater than 0");
	return runtime_events(call->context, call->arguments.items[0], events_values->stats ? 0 : interval_ns,
	                      output_write, err);
}

const struct command command_events = {
	.name = "events",
	.arguments = "CONTAINER-ID",
	.help = "print what a container uses, and when it runs out of memory",
	.options = OPTION_SET(events_rows),
	.values_size = sizeof(struct events_values),
	.arguments_min = 1,
	.arguments_max = 1,
	.takes_container = true,
	.run = events_run,
};
