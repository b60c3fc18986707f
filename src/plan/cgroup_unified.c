/*
 * plan/cgroup_unified.c - what goes into files of cgroup v2 by their names: linux.resources.unified, and the
 * annotations runlet.* for settings that config.json has no other word for.
 *
 * Runs in the runtime process, pure.
 */
#include <string.h>

#include "base/num.h"
#include "base/words.h"
#include "cgroup_parts.h"
#include "json/decode.h"
#include "plan/cgroup_build.h"

#define ORIGIN "linux.resources.unified"
#define FILE_NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/* True when the v2 tree has it: on a hybrid host most controllers are v1's, whose files are others. */
static bool is_in_v2(const struct host *host, const char *controller)
{
	for (size_t i = 0; i < host->hierarchy_count; i++)
		if (host->hierarchies[i].version == 2 &&
		    words_have(host->hierarchies[i].available, ' ', controller, strlen(controller)))
			return true;
	return false;
}

/* The kernel takes one line a write, and io.max or rdma.max may well be given several. */
static void lines_add(struct cgroup_builder *builder, const char *controller, const char *file, const char *origin,
		      const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		if (length > 0)
			cgroup_write_add(builder, controller, file, origin,
					 arena_strndup(builder->arena, text, length));
		text += length + (text[length] == '\n');
	}
}

static int file_write(struct cgroup_builder *builder, const char *file, const char *origin, const char *text)
{
	const char *controller = arena_strndup(builder->arena, file, strcspn(file, "."));

	builder->plan->has_limits = true;
	if (!is_in_v2(builder->host, controller))
		return err_set(builder->err, ERR_UNSUPPORTED, "%s: this host has no %s controller in cgroup v2", origin,
			       controller);
	lines_add(builder, controller, file, origin, text);
	return 0;
}

/* The files of cgroup.* are runlet's: they move, freeze and kill processes. */
static int name_check(struct cgroup_builder *builder, const char *origin, const char *name)
{
	size_t dot = strcspn(name, ".");

	if (name[strspn(name, FILE_NAME_CHARS)] != '\0' || dot == 0 || name[dot] == '\0' || name[dot + 1] == '\0')
		return err_set(builder->err, ERR_CONFIG, "%s: want a file's name such as memory.high", origin);
	if (strncmp(name, "cgroup.", 7) == 0)
		return err_set(builder->err, ERR_CONFIG, "%s: the files of cgroup.* are not for limits", origin);
	return 0;
}

int cgroup_unified_build(struct cgroup_builder *builder)
{
	const struct str_map *unified = &builder->resources->unified;

	for (size_t i = 0; i < unified->count; i++) {
		const struct str_pair *item = &unified->items[i];
		const char *origin = json_path_key(builder->arena, ORIGIN, item->key);

		if (name_check(builder, origin, item->key) < 0)
			return -1;
		if (item->value[strspn(item->value, "\n")] == '\0')
			return err_set(builder->err, ERR_CONFIG, "%s: want a value", origin);
		if (file_write(builder, item->key, origin, item->value) < 0)
			return -1;
	}
	return 0;
}

static const char *group_text(const char *value)
{
	if (strcmp(value, "true") == 0)
		return "1";
	return strcmp(value, "false") == 0 ? "0" : NULL;
}

static const char *bytes_text(const char *value)
{
	uint64_t bytes;

	return strcmp(value, "max") == 0 || num_parse_u64(value, UINT64_MAX, &bytes) == 0 ? value : NULL;
}

struct annotation {
	const char *name;
	const char *file;
	const char *(*text_of)(const char *value);  /* NULL: not a value for it */
	const char *want;
};

static const struct annotation annotations[] = {
	{ "runlet.memory.high", "memory.high", bytes_text, "a number of bytes, or max" },
	{ "runlet.oom.group", "memory.oom.group", group_text, "true or false" },
};

const char *plan_cgroup_annotation(size_t index)
{
	return index < sizeof(annotations) / sizeof(annotations[0]) ? annotations[index].name : NULL;
}

static int annotation_write(struct cgroup_builder *builder, const struct annotation *row, const char *value)
{
	const char *origin = json_path_key(builder->arena, "annotations", row->name);
	const char *text = row->text_of(value);

	if (text == NULL)
		return err_set(builder->err, ERR_CONFIG, "%s: want %s", origin, row->want);
	return file_write(builder, row->file, origin, text);
}

int cgroup_annotations_build(struct cgroup_builder *builder, const struct str_map *given)
{
	for (size_t i = 0; i < sizeof(annotations) / sizeof(annotations[0]); i++)
		for (size_t j = 0; j < given->count; j++)
			if (strcmp(given->items[j].key, annotations[i].name) == 0 &&
			    annotation_write(builder, &annotations[i], given->items[j].value) < 0)
				return -1;
	return 0;
}
