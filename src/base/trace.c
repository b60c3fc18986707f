/*
 * base/trace.c - collects the steps of a command.
 *
 * Runtime process only.  The state is a global for the log's reason: passing it through every call would serve no
 * caller, and there is one command in a process.
 */
#include "base/trace.h"

#include <time.h>

#include "base/arena.h"

static struct {
	bool is_enabled;
	struct arena arena;
	struct trace_event *events;
	size_t count;
	size_t lost;
	void (*on_wait)(void *argument);
	void *on_wait_argument;
} trace_state;

void trace_enable(void)
{
	trace_state.is_enabled = true;
}

bool trace_is_enabled(void)
{
	return trace_state.is_enabled;
}

uint64_t trace_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static const char *copy_text(const char *text)
{
	return text == NULL || text[0] == '\0' ? "" : arena_strdup(&trace_state.arena, text);
}

void trace_add(const struct trace_event *event)
{
	if (!trace_state.is_enabled)
		return;
	if (trace_state.count == TRACE_EVENTS_MAX) {
		trace_state.lost++;
		return;
	}
	trace_state.events =
		arena_grow(&trace_state.arena, trace_state.events, trace_state.count, sizeof(*trace_state.events));
	struct trace_event *copy = &trace_state.events[trace_state.count++];
	*copy = *event;
	copy->origin = copy_text(event->origin);
	copy->object = copy_text(event->object);
}

void trace_add_lost(size_t count)
{
	trace_state.lost += count;
}

static struct trace_span begin(const char *name, const char *object, enum trace_source source)
{
	size_t before = trace_state.count;

	if (!trace_state.is_enabled)
		return (struct trace_span){ 0 };
	trace_add(&(struct trace_event){
		.source = source, .name = name, .object = object, .start_ns = trace_now_ns() });
	return (struct trace_span){ trace_state.count > before ? trace_state.count : 0 };
}

struct trace_span trace_begin(const char *name, const char *object)
{
	return begin(name, object, TRACE_RUNTIME);
}

struct trace_span trace_begin_wait(const char *name, enum trace_source source)
{
	struct trace_span span = begin(name, NULL, source);

	if (trace_state.on_wait != NULL && source == TRACE_PROGRAM)
		trace_state.on_wait(trace_state.on_wait_argument);
	return span;
}

void trace_on_wait(void (*function)(void *argument), void *argument)
{
	trace_state.on_wait = function;
	trace_state.on_wait_argument = argument;
}

void trace_end(struct trace_span *span)
{
	if (span->number > 0)
		trace_state.events[span->number - 1].end_ns = trace_now_ns();
	span->number = 0;
}

void trace_name_object(struct trace_span span, const char *object)
{
	if (span.number > 0)
		trace_state.events[span.number - 1].object = copy_text(object);
}

struct trace_list trace_events(void)
{
	return (struct trace_list){ trace_state.events, trace_state.count, trace_state.lost };
}
