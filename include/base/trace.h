/*
 * base/trace.h - when the steps of a command began and ended, for --trace.  Runtime process only.
 *
 * Off unless trace_enable() was called, and then every function here returns at once: no clock is read and nothing is
 * allocated.  What is collected is written when the command is done (runtime/trace_file.h).  A step that runs in a
 * function is a variable of its scope:
 *
 *	_cleanup_trace_ struct trace_span span = trace_begin("open the slots", "");
 *
 * Not for children that share runlet's memory (runtime/spawn.h).
 */
#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* More than these are counted only: a command may run for days, and each pattern match or event is a step. */
#define TRACE_EVENTS_MAX 16384

enum trace_source {
	TRACE_RUNTIME = 0, /* a step of runlet itself */
	TRACE_INIT,        /* an operation of init */
	TRACE_PROGRAM,     /* runlet waits for the end of the container's program */
	TRACE_SOURCE_COUNT
};

struct trace_event {
	enum trace_source source;
	pid_t pid;             /* 0: runlet */
	const char *name;      /* static */
	const char *origin;    /* where in config.json it comes from: a JSON path, "" for nowhere */
	const char *object;    /* what it was done to, "" for nothing */
	uint64_t start_ns;     /* CLOCK_MONOTONIC */
	uint64_t end_ns;       /* 0: it has not ended */
	bool is_written;       /* runtime/trace_file.c has taken it */
};

struct trace_list {
	struct trace_event *items;
	size_t count;
	size_t lost;           /* for which there was no room */
};

/* The step that is going on: its number in the list, from 1; 0: none. */
struct trace_span { size_t number; };

void trace_enable(void);
bool trace_is_enabled(void);

/* CLOCK_MONOTONIC. */
uint64_t trace_now_ns(void);

/* `name` must stay; `object` is copied and may be NULL. */
struct trace_span trace_begin(const char *name, const char *object);
struct trace_span trace_begin_wait(const char *name, enum trace_source source);

/* Once more is harmless. */
void trace_end(struct trace_span *span);

/* What the running step turned out to be about, when it wasn't known before. */
void trace_name_object(struct trace_span span, const char *object);

/* Appends what was measured elsewhere; the texts are copied, but the name. */
void trace_add(const struct trace_event *event);
void trace_add_lost(size_t count);

/* Calls this whenever a wait for the program begins: there is time for work that nobody has to wait for. */
void trace_on_wait(void (*function)(void *argument), void *argument);

/* In the order of trace_begin() and trace_add().  The list is valid until the next of these calls. */
struct trace_list trace_events(void);

/* clang counts no cleanup as a use. */
#define _cleanup_trace_ __attribute__((cleanup(trace_end), unused))

#endif
