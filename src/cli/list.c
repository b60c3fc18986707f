/*
 * cli/list.c - `runlet list`: prints all containers, as a table or as JSON.
 *
 * Runtime process only.
 */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "cli/command.h"
#include "json/emit.h"

enum list_format { LIST_FORMAT_TABLE = 0, LIST_FORMAT_JSON };

struct list_values {
	bool quiet;
	int format;
};

static const struct name_row format_rows[] = { { "table", LIST_FORMAT_TABLE }, { "json", LIST_FORMAT_JSON } };
static const struct name_table format_words = NAME_TABLE(format_rows);

static const struct option_row list_rows[] = {
	OPTION_ROW_WORD(struct list_values, format, "format", 'f', "table|json", &format_words,
	                "how to print; default: table"),
	OPTION_ROW_FLAG(struct list_values, quiet, "quiet", 'q', "print the ids only"),
};

#define COLUMN_COUNT 6
#define COLUMN_GAP 3
#define COLUMN_WIDTH_MIN 12

struct table_line {
	const char *cells[COLUMN_COUNT];
	char pid[16];
};

/* A path may have control characters, which would drive the terminal. */
static const char *escaped(struct arena *arena, const char *text)
{
	_cleanup_buf_ struct buf out = BUF_INIT;
	escape_add(&out, text, "");
	return arena_strdup(arena, buf_str(&out));
}

static void line_fill(struct arena *arena, struct table_line *line, const struct runtime_list_row *row)
{
	snprintf(line->pid, sizeof(line->pid), "%d", (int)row->pid);
	const char *const cells[COLUMN_COUNT] = {
		row->id, line->pid, row->status, escaped(arena, row->bundle), row->created, escaped(arena, row->owner),
	};
	memcpy(line->cells, cells, sizeof(cells));
}

/* The widths that runc's table has: the widest cell and a gap of three, but twelve at least. */
static void add_table(struct buf *out, struct arena *arena, const struct runtime_list *list)
{
	struct table_line *lines = arena_alloc_array(arena, list->count + 1, sizeof(*lines));
	lines[0] = (struct table_line){ .cells = { "ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER" } };
	for (size_t i = 0; i < list->count; i++)
		line_fill(arena, &lines[i + 1], &list->items[i]);
	size_t widths[COLUMN_COUNT] = { 0 };
	for (size_t i = 0; i <= list->count; i++) {
		for (size_t column = 0; column < COLUMN_COUNT; column++) {
			size_t width = strlen(lines[i].cells[column]) + COLUMN_GAP;
			if (width < COLUMN_WIDTH_MIN)
				width = COLUMN_WIDTH_MIN;
			if (width > widths[column])
				widths[column] = width;
		}
	}
	for (size_t i = 0; i <= list->count; i++) {
		for (size_t column = 0; column + 1 < COLUMN_COUNT; column++)
			buf_printf(out, "%-*s", (int)widths[column], lines[i].cells[column]);
		buf_printf(out, "%s\n", lines[i].cells[COLUMN_COUNT - 1]);
	}
}

static void emit_row(struct json_emitter *emitter, const struct runtime_list_row *row)
{
	json_emit_object_begin(emitter);
	json_emit_key_string(emitter, "ociVersion", row->oci_version);
	json_emit_key_string(emitter, "id", row->id);
	json_emit_key_int(emitter, "pid", row->pid);
	json_emit_key_string(emitter, "status", row->status);
	json_emit_key_string(emitter, "bundle", row->bundle);
	json_emit_key_string(emitter, "rootfs", row->rootfs);
	json_emit_key_string(emitter, "created", row->created);
	if (row->annotation_count > 0) {
		json_emit_key_object(emitter, "annotations");
		for (size_t i = 0; i < row->annotation_count; i++)
			json_emit_key_string(emitter, row->annotations[i].key, row->annotations[i].value);
		json_emit_object_end(emitter);
	}
	json_emit_key_string(emitter, "owner", row->owner);
	json_emit_object_end(emitter);
}

static void add_json(struct buf *out, const struct runtime_list *list)
{
	struct json_emitter emitter;
	json_emit_open(&emitter, out, JSON_COMPACT);
	json_emit_array_begin(&emitter);
	for (size_t i = 0; i < list->count; i++)
		emit_row(&emitter, &list->items[i]);
	json_emit_array_end(&emitter);
	json_emit_close(&emitter);
	buf_add_str(out, "\n");
}

static int list_run(struct command_call *call, struct err *err)
{
	const struct list_values *list_values = call->values;
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct runtime_list list;
	if (runtime_list(call->context, &arena, &list, err) < 0)
		return -1;
	_cleanup_buf_ struct buf out = BUF_INIT;
	if (list_values->quiet) {
		for (size_t i = 0; i < list.count; i++)
			buf_printf(&out, "%s\n", list.items[i].id);
	} else if (list_values->format == LIST_FORMAT_JSON) {
		add_json(&out, &list);
	} else {
		add_table(&out, &arena, &list);
	}
	return output_write(&out, err);
}

const struct command command_list = {
	.name = "list",
	.arguments = "",
	.help = "print all containers",
	.options = OPTION_SET(list_rows),
	.values_size = sizeof(struct list_values),
	.run = list_run,
};
