/*
 * base/log.c - writes log lines as text or JSON.
 *
 * Runtime process only.  A line is one write(2), so that lines of two runlets in one log file don't mix.  The state
 * below is the one global of the program: passing a logger through every call would serve no caller.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/utc.h"

static struct {
	int fd; /* -1: stderr */
	enum log_format format;
	enum log_level level;
} log_state = { .fd = -1, .format = LOG_FORMAT_TEXT, .level = LOG_LEVEL_INFO };

static const char *const level_words[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};
_Static_assert(sizeof(level_words) / sizeof(level_words[0]) == LOG_LEVEL_DEBUG + 1, "every level needs its word");

int log_open(const char *path, enum log_format format, enum log_level level, struct err *err)
{
	log_state.format = format;
	log_state.level = level;
	if (path == NULL)
		return 0;
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
	if (fd < 0)
		return err_sys(err, errno, "open log file %s", path);
	if (log_state.fd >= 0)
		close(log_state.fd);
	log_state.fd = fd;
	return 0;
}

bool log_is_enabled(enum log_level level)
{
	return level <= log_state.level;
}

static void buf_add_quoted(struct buf *buf, const char *text)
{
	buf_add(buf, "\"", 1);
	escape_add(buf, text, "\"\\");
	buf_add(buf, "\"", 1);
}

/* A log that can't be written (full disk, closed pipe) must not change what the command does. */
static void line_write(int fd, const struct buf *line)
{
	ssize_t ignored = write(fd, buf_str(line), line->length);
	(void)ignored;
}

/* Messages quote config.json, images and hooks: none may drive the reader's terminal, or look like another message. */
static void write_plain(int fd, enum log_level level, const char *message)
{
	_cleanup_buf_ struct buf line = BUF_INIT;
	buf_add_str(&line, "runlet: ");
	if (level != LOG_LEVEL_ERROR)
		buf_printf(&line, "%s: ", level_words[level]);
	escape_add(&line, message, "");
	buf_add_str(&line, "\n");
	line_write(fd, &line);
}

static void log_line(enum log_level level, const char *message, const char *code)
{
	int fd = log_state.fd >= 0 ? log_state.fd : STDERR_FILENO;
	if (log_state.format == LOG_FORMAT_TEXT && log_state.fd < 0) {
		write_plain(fd, level, message);
		return;
	}
	char now[UTC_TEXT_SIZE];
	utc_format_seconds((int64_t)time(NULL), now);
	_cleanup_buf_ struct buf line = BUF_INIT;
	if (log_state.format == LOG_FORMAT_TEXT) {
		buf_printf(&line, "time=\"%s\" level=%s msg=", now, level_words[level]);
		buf_add_quoted(&line, message);
		buf_add_str(&line, "\n");
	} else {
		buf_printf(&line, "{\"level\":\"%s\",\"msg\":", level_words[level]);
		buf_add_quoted(&line, message);
		buf_printf(&line, ",\"time\":\"%s\"", now);
		if (code != NULL)
			buf_printf(&line, ",\"code\":\"%s\"", code);
		buf_add_str(&line, "}\n");
	}
	line_write(fd, &line);
}

void log_write(enum log_level level, const char *format, ...)
{
	if (!log_is_enabled(level))
		return;
	va_list args;
	va_start(args, format);
	char message[ERR_TEXT_SIZE * 2];
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	log_line(level, message, NULL);
}

void log_warn_err(const struct err *err)
{
	char message[ERR_TEXT_SIZE + 256];

	err_format(err, message, sizeof(message));
	log_warn("%s", message);
}

void log_error(const struct err *err)
{
	char message[ERR_TEXT_SIZE + 256];
	err_format(err, message, sizeof(message));
	log_line(LOG_LEVEL_ERROR, message, err_code(err->kind));
	/* Engines show what stands on stderr when they can't read the log file. */
	if (log_state.fd >= 0)
		write_plain(STDERR_FILENO, LOG_LEVEL_ERROR, message);
}
