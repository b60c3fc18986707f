/*
 * spec/hooks.c - the rows of `hooks` (runtime-spec, config.md#posix-platform-hooks).  Runtime process only.
 */
#include "spec/hooks.h"
#include "tables.h"

static const struct json_row hook_rows[] = {
	JSON_ROW_STRING(struct spec_hook, "path", path, JSON_REQUIRED | JSON_ABSOLUTE),
	JSON_ROW_STRINGS(struct spec_hook, "args", args, 0),
	JSON_ROW_STRINGS(struct spec_hook, "env", env, 0),
	JSON_ROW_OPT_U32(struct spec_hook, "timeout", timeout_s, 0, 1, INT32_MAX),
};
JSON_TABLE(hook_table, struct spec_hook, hook_rows);

static const struct json_row hooks_rows[] = {
	JSON_ROW_OBJECTS(struct spec_hooks, "prestart", kinds[HOOK_PRESTART], 0, hook_table),
	JSON_ROW_OBJECTS(struct spec_hooks, "createRuntime", kinds[HOOK_CREATE_RUNTIME], 0, hook_table),
	JSON_ROW_OBJECTS(struct spec_hooks, "createContainer", kinds[HOOK_CREATE_CONTAINER], 0, hook_table),
	JSON_ROW_OBJECTS(struct spec_hooks, "startContainer", kinds[HOOK_START_CONTAINER], 0, hook_table),
	JSON_ROW_OBJECTS(struct spec_hooks, "poststart", kinds[HOOK_POSTSTART], 0, hook_table),
	JSON_ROW_OBJECTS(struct spec_hooks, "poststop", kinds[HOOK_POSTSTOP], 0, hook_table),
};
_Static_assert(sizeof(hooks_rows) / sizeof(hooks_rows[0]) == HOOK_KIND_COUNT, "a row for every kind");
const struct json_table spec_hooks_table = JSON_TABLE_INIT(struct spec_hooks, hooks_rows);

const char *spec_hook_kind_name(enum spec_hook_kind kind)
{
	return hooks_rows[kind].key;
}
