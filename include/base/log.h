/*
 * base/log.h - what runlet says while it works.  Runtime process only; init sends WIRE_LOG messages.
 *
 * Lines go to stderr, or to the file of --log; as text, or as the JSON line that engines read:
 * {"level":"error","msg":"...","time":"2026-01-02T03:04:05Z"} with "code" added for errors.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/err.h"

enum log_level { LOG_LEVEL_ERROR = 0, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_TEXT = 0, LOG_FORMAT_JSON };

/*
 * Chooses where and how; called once by the command line.  `path` may be NULL (stderr).  The log file is appended to
 * and opened O_CLOEXEC; errors are also written to stderr when a log file is given, as runc does.
 */
int log_open(const char *path, enum log_format format, enum log_level level, struct err *err);

bool log_is_enabled(enum log_level level);

void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reports an error, once, at the top: "TEXT: strerror", with its code in JSON. */
void log_error(const struct err *err);

/* A failure that changes nothing for the caller, in the same words, as a warning. */
void log_warn_err(const struct err *err);

#define log_debug(...) do { if (log_is_enabled(LOG_LEVEL_DEBUG)) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__); } while (0)
#define log_warn(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)

#endif
