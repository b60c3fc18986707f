/*
 * runtime/trace_file.h - the file of --trace: Chrome's trace-event format, JSON, as Perfetto and chrome://tracing open
 * it.  Written by a command at its end, read by `runlet trace`.
 *
 * One "X" event (begin and length) for each step; "args" has its times as whole nanoseconds, too, which is what is read
 * back.  Times are CLOCK_MONOTONIC's, so that the files of several commands fit together.  Runtime process only.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (Trace Event Format)
 */
#ifndef RUNTIME_TRACE_FILE_H
#define RUNTIME_TRACE_FILE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/trace.h"
#include "json/emit.h"

#define TRACE_FILE_SIZE_MAX (64u << 20)

/* Opens, or makes, the file to write to and empties it.  Returns the fd, or -1: ERR_SYSTEM "open the trace file F". */
int trace_file_open(const char *path, struct err *err);

/* The file in the making. */
struct trace_file {
	struct buf json;
	struct json_emitter emitter;
	pid_t pid;             /* of runlet */
	pid_t named;           /* the last process that has a name */
};

/* Begins; `title` is what runlet's process is called: "runlet run". */
void trace_file_begin(struct trace_file *file, const char *title, pid_t pid);

/* Takes the steps that have ended; may be called again for those that end later. */
void trace_file_add(struct trace_file *file, struct trace_list *list);

/* Takes the rest, which ends now, and completes file->json, which the caller frees. */
void trace_file_finish(struct trace_file *file, struct trace_list *list, uint64_t now_ns);

/* Writes it; `path` is for the error, ERR_SYSTEM. */
int trace_file_write(int fd, const char *path, const struct buf *json, struct err *err);

/* A step as read back. */
struct trace_step {
	enum trace_source source;
	pid_t pid;
	const char *name;
	const char *origin;
	const char *object;
	uint64_t start_ns;
	uint64_t length_ns;
	uint64_t own_ns;       /* without the steps of the same process that lie inside it */
};

struct trace_report {
	struct trace_step *steps; /* the dearest first, by own_ns; without TRACE_PROGRAM */
	size_t count;
	uint64_t total_ns;     /* from the first start to the last end, without the time of the program */
	uint64_t lost;         /* steps that weren't written */
};

/*
 * Decodes such a file; strings live in the arena.  Pure.  Errors: ERR_CONFIG "NAME:LINE:COLUMN: ..." for everything
 * that runlet doesn't write.
 */
int trace_file_decode(struct arena *arena, const char *name, const char *text, size_t size,
		      struct trace_report *report, struct err *err);

/* Reads and decodes.  Errors: ERR_SYSTEM, ERR_CONFIG. */
int trace_file_read(struct arena *arena, const char *path, struct trace_report *report, struct err *err);

#endif
