/*
 * runtime/trace_file.c - writes the file of --trace, and reads it in.  Runtime process only.
 */
#include "runtime/trace_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "sys/file.h"

int trace_file_open(const char *path, struct err *err)
{
	int fd = sys_openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0644);

	return fd < 0 ? err_sys(err, fd, "open the trace file %s", path) : fd;
}

/* The format's unit, with a fraction; whole ones would make steps of no length. */
static void emit_micros(struct json_emitter *emitter, const char *key, uint64_t ns)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%llu.%03u", (unsigned long long)(ns / 1000), (unsigned)(ns % 1000));

	json_emit_key(emitter, key);
	json_emit_raw(emitter, text, (size_t)length);
}

static void emit_process_name(struct json_emitter *emitter, pid_t pid, const char *name)
{
	json_emit_object_begin(emitter);
	json_emit_key_string(emitter, "name", "process_name");
	json_emit_key_string(emitter, "ph", "M");
	json_emit_key_int(emitter, "pid", pid);
	json_emit_key_int(emitter, "tid", pid);
	json_emit_key_object(emitter, "args");
	json_emit_key_string(emitter, "name", name);
	json_emit_object_end(emitter);
	json_emit_object_end(emitter);
}

static void emit_event(struct json_emitter *emitter, const struct trace_event *event, pid_t pid, uint64_t now_ns)
{
	static const char *const categories[TRACE_SOURCE_COUNT] = {
		[TRACE_RUNTIME] = "runtime", [TRACE_INIT] = "init", [TRACE_PROGRAM] = "program",
	};
	uint64_t length_ns = (event->end_ns == 0 ? now_ns : event->end_ns) - event->start_ns;

	json_emit_object_begin(emitter);
	json_emit_key_string(emitter, "name", event->name);
	json_emit_key_string(emitter, "cat", categories[event->source]);
	json_emit_key_string(emitter, "ph", "X");
	emit_micros(emitter, "ts", event->start_ns);
	emit_micros(emitter, "dur", length_ns);
	json_emit_key_int(emitter, "pid", event->pid == 0 ? pid : event->pid);
	json_emit_key_int(emitter, "tid", event->pid == 0 ? pid : event->pid);
	json_emit_key_object(emitter, "args");
	if (event->origin && event->origin[0] != '\0')
		json_emit_key_string(emitter, "origin", event->origin);
	if (event->object && event->object[0] != '\0')
		json_emit_key_string(emitter, "object", event->object);
	json_emit_key_uint(emitter, "start_ns", event->start_ns);
	json_emit_key_uint(emitter, "length_ns", length_ns);
	json_emit_object_end(emitter);
	json_emit_object_end(emitter);
}

static void take_event(struct trace_file *file, struct trace_event *event, uint64_t now_ns)
{
	if (event->pid != 0 && event->pid != file->named) {
		emit_process_name(&file->emitter, event->pid, "init");
		file->named = event->pid;
	}
	emit_event(&file->emitter, event, file->pid, now_ns);
	event->is_written = true;
}

void trace_file_begin(struct trace_file *file, const char *title, pid_t pid)
{
	*file = (struct trace_file){ .json = BUF_INIT, .pid = pid };
	json_emit_open(&file->emitter, &file->json, JSON_COMPACT);
	json_emit_object_begin(&file->emitter);
	json_emit_key_array(&file->emitter, "traceEvents");
	emit_process_name(&file->emitter, pid, title);
}

void trace_file_add(struct trace_file *file, struct trace_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].end_ns != 0 && !list->items[i].is_written)
			take_event(file, &list->items[i], 0);
	}
}

void trace_file_finish(struct trace_file *file, struct trace_list *list, uint64_t now_ns)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!list->items[i].is_written)
			take_event(file, &list->items[i], now_ns);
	}
	json_emit_array_end(&file->emitter);
	json_emit_key_string(&file->emitter, "displayTimeUnit", "ns");
	json_emit_key_object(&file->emitter, "otherData");
	json_emit_key_string(&file->emitter, "runtime", "runlet");
	json_emit_key_uint(&file->emitter, "lost", list->lost);
	json_emit_object_end(&file->emitter);
	json_emit_object_end(&file->emitter);
	json_emit_close(&file->emitter);
	buf_add_str(&file->json, "\n");
}

int trace_file_write(int fd, const char *path, const struct buf *json, struct err *err)
{
	int result = sys_write_all(fd, json->data, json->length);

	return result < 0 ? err_sys(err, result, "write the trace file %s", path) : 0;
}

int trace_file_read(struct arena *arena, const char *path, struct trace_report *report, struct err *err)
{
	_cleanup_fd_ int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
	struct stat status;
	size_t size = 0;
	char *text;
	int result = fd < 0 ? fd : sys_fstat(fd, &status);

	if (result < 0)
		return err_sys(err, result, "open the trace file %s", path);
	if (!S_ISREG(status.st_mode))
		return err_set(err, ERR_CONFIG, "%s: not a regular file", path);
	if (status.st_size > (off_t)TRACE_FILE_SIZE_MAX)
		return err_set(err, ERR_CONFIG, "%s: larger than %u bytes", path, TRACE_FILE_SIZE_MAX);
	text = arena_alloc(arena, (size_t)status.st_size + 1);
	result = sys_file_read(fd, text, (size_t)status.st_size + 1, &size);
	if (result < 0)
		return err_sys(err, result, "read the trace file %s", path);
	return trace_file_decode(arena, path, text, size, report, err);
}
