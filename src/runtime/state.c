/*
 * runtime/state.c - what runlet remembers of a container, as a struct and as JSON.  Runtime process only.
 */
#include "runtime/state.h"

#include <time.h>

#include "base/names.h"
#include "base/utc.h"
#include "json/decode.h"
#include "json/emit.h"
#include "runtime/store.h"

static const struct name_row status_rows[] = {
	{ "creating", STATUS_CREATING },
	{ "created", STATUS_CREATED },
	{ "running", STATUS_RUNNING },
	{ "paused", STATUS_PAUSED },
	{ "stopped", STATUS_STOPPED },
};
_Static_assert(sizeof(status_rows) / sizeof(status_rows[0]) == STATUS_COUNT, "a word for each status");
static const struct name_table status_names = NAME_TABLE(status_rows);

static const struct json_row mount_rows[] = {
	JSON_ROW_U32(struct state_mount, "id", id, JSON_REQUIRED, 0, UINT32_MAX),
};
JSON_TABLE(mount_table, struct state_mount, mount_rows);

static const struct json_row hook_rows[] = {
	JSON_ROW_STRING(struct spec_hook, "path", path, JSON_REQUIRED | JSON_ABSOLUTE),
	JSON_ROW_STRINGS(struct spec_hook, "args", args, 0),
	JSON_ROW_STRINGS(struct spec_hook, "env", env, 0),
	JSON_ROW_OPT_U32(struct spec_hook, "timeout", timeout_s, 0, 1, UINT32_MAX),
};
JSON_TABLE(hook_table, struct spec_hook, hook_rows);

static const struct json_row state_rows[] = {
	JSON_ROW_STRING(struct state, "ociVersion", oci_version, JSON_REQUIRED),
	JSON_ROW_STRING(struct state, "id", id, JSON_REQUIRED),
	JSON_ROW_STRING(struct state, "bundle", bundle, JSON_REQUIRED),
	JSON_ROW_STRING(struct state, "config", config, 0),
	JSON_ROW_STRING(struct state, "rootfs", rootfs, JSON_REQUIRED),
	JSON_ROW_STRING(struct state, "created", created, JSON_REQUIRED),
	JSON_ROW_ENUM(struct state, "status", status, JSON_REQUIRED, status_names, "a status"),
	JSON_ROW_U32(struct state, "pid", pid, 0, 0, INT32_MAX),
	JSON_ROW_U64(struct state, "pidStartTime", pid_start_time, 0, 0, UINT64_MAX),
	JSON_ROW_U32(struct state, "owner", owner, 0, 0, UINT32_MAX),
	JSON_ROW_STRING_MAP(struct state, "annotations", annotations, 0),
	JSON_ROW_STRING(struct state, "cgroup", cgroup, 0),
	JSON_ROW_BOOL(struct state, "hasOwnPidNs", has_own_pid_ns, 0),
	JSON_ROW_BOOL(struct state, "hasMountNs", has_mount_ns, 0),
	JSON_ROW_BOOL(struct state, "hasStartHooks", has_start_hooks, 0),
	JSON_ROW_BOOL(struct state, "hasProcess", has_process, 0),
	JSON_ROW_BOOL(struct state, "checksMemory", checks_memory, 0),
	JSON_ROW_OBJECTS(struct state, "keptMounts", kept_mounts, 0, mount_table),
	JSON_ROW_OBJECTS(struct state, "poststart", poststart, 0, hook_table),
	JSON_ROW_OBJECTS(struct state, "poststop", poststop, 0, hook_table),
	JSON_ROW_OPT_U32(struct state, "exitStatus", exit_status, 0, 0, 255),
	JSON_ROW_OPT_U32(struct state, "exitSignal", exit_signal, 0, 1, 64),
	JSON_ROW_OPT_BOOL(struct state, "oomKilled", oom_killed, 0),
	JSON_ROW_STRING(struct state, "listenerPath", listener_path, 0),
	JSON_ROW_STRING(struct state, "listenerMetadata", listener_metadata, 0),
	JSON_ROW_STRING(struct state, "notifySocket", notify_socket, 0),
};
JSON_TABLE(state_table, struct state, state_rows);

const char *state_status_name(uint32_t status)
{
	const char *name = name_from_value(&status_names, status);

	return name ? name : "unknown";
}

static void emit_hooks(struct json_emitter *emitter, const char *key, const struct spec_hook_list *hooks)
{
	if (hooks->count == 0)
		return;
	json_emit_key_array(emitter, key);
	for (size_t i = 0; i < hooks->count; i++) {
		const struct spec_hook *hook = &hooks->items[i];

		json_emit_object_begin(emitter);
		json_emit_key_string(emitter, "path", hook->path);
		json_emit_key_strings(emitter, "args", (const char *const *)hook->args.items, hook->args.count);
		json_emit_key_strings(emitter, "env", (const char *const *)hook->env.items, hook->env.count);
		if (hook->timeout_s.is_set)
			json_emit_key_uint(emitter, "timeout", hook->timeout_s.value);
		json_emit_object_end(emitter);
	}
	json_emit_array_end(emitter);
}

static void emit_kept_mounts(struct json_emitter *emitter, const struct state_mount_list *mounts)
{
	if (mounts->count == 0)
		return;
	json_emit_key_array(emitter, "keptMounts");
	for (size_t i = 0; i < mounts->count; i++) {
		json_emit_object_begin(emitter);
		json_emit_key_uint(emitter, "id", mounts->items[i].id);
		json_emit_object_end(emitter);
	}
	json_emit_array_end(emitter);
}

/* The spec's "annotations" may be absent when there are none. */
static void emit_annotations(struct json_emitter *emitter, const struct str_map *annotations)
{
	if (annotations->count == 0)
		return;
	json_emit_key_object(emitter, "annotations");
	for (size_t i = 0; i < annotations->count; i++)
		json_emit_key_string(emitter, annotations->items[i].key, annotations->items[i].value);
	json_emit_object_end(emitter);
}

static void emit_ending(struct json_emitter *emitter, const struct state *state)
{
	if (state->exit_status.is_set)
		json_emit_key_uint(emitter, "exitStatus", state->exit_status.value);
	if (state->exit_signal.is_set)
		json_emit_key_uint(emitter, "exitSignal", state->exit_signal.value);
	if (state->oom_killed.is_set)
		json_emit_key_bool(emitter, "oomKilled", state->oom_killed.value);
}

void state_emit_file(const struct state *state, struct buf *json)
{
	struct json_emitter emitter;

	json_emit_open(&emitter, json, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "ociVersion", state->oci_version);
	json_emit_key_string(&emitter, "id", state->id);
	json_emit_key_string(&emitter, "bundle", state->bundle);
	if (state->config)
		json_emit_key_string(&emitter, "config", state->config);
	json_emit_key_string(&emitter, "rootfs", state->rootfs);
	json_emit_key_string(&emitter, "created", state->created);
	json_emit_key_string(&emitter, "status", state_status_name(state->status));
	json_emit_key_uint(&emitter, "pid", state->pid);
	json_emit_key_uint(&emitter, "pidStartTime", state->pid_start_time);
	json_emit_key_uint(&emitter, "owner", state->owner);
	emit_annotations(&emitter, &state->annotations);
	if (state->cgroup)
		json_emit_key_string(&emitter, "cgroup", state->cgroup);
	json_emit_key_bool(&emitter, "hasOwnPidNs", state->has_own_pid_ns);
	json_emit_key_bool(&emitter, "hasMountNs", state->has_mount_ns);
	json_emit_key_bool(&emitter, "hasStartHooks", state->has_start_hooks);
	json_emit_key_bool(&emitter, "hasProcess", state->has_process);
	if (state->checks_memory)
		json_emit_key_bool(&emitter, "checksMemory", true);
	emit_kept_mounts(&emitter, &state->kept_mounts);
	emit_hooks(&emitter, "poststart", &state->poststart);
	emit_hooks(&emitter, "poststop", &state->poststop);
	emit_ending(&emitter, state);
	if (state->listener_path)
		json_emit_key_string(&emitter, "listenerPath", state->listener_path);
	if (state->listener_metadata)
		json_emit_key_string(&emitter, "listenerMetadata", state->listener_metadata);
	if (state->notify_socket)
		json_emit_key_string(&emitter, "notifySocket", state->notify_socket);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
}

int state_decode_file(struct arena *arena, const char *name, const char *json, size_t length, struct state *state,
                      struct err *err)
{
	struct json_source source = { .name = name, .text = json, .size = length, .size_max = STORE_STATE_SIZE_MAX };

	*state = (struct state){ 0 };
	if (json_decode(arena, &source, &state_table, state, NULL, err) < 0) {
		err->kind = ERR_STATE;
		return -1;
	}
	return 0;
}

void state_emit_public(const struct state *state, uint32_t status, const char *owner, struct buf *json)
{
	struct json_emitter emitter;

	json_emit_open(&emitter, json, JSON_PRETTY);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "ociVersion", state->oci_version);
	json_emit_key_string(&emitter, "id", state->id);
	json_emit_key_uint(&emitter, "pid", status == STATUS_STOPPED ? 0 : state->pid);
	json_emit_key_string(&emitter, "status", state_status_name(status));
	json_emit_key_string(&emitter, "bundle", state->bundle);
	json_emit_key_string(&emitter, "rootfs", state->rootfs);
	json_emit_key_string(&emitter, "created", state->created);
	emit_annotations(&emitter, &state->annotations);
	json_emit_key_string(&emitter, "owner", owner);
	if (status == STATUS_STOPPED)
		emit_ending(&emitter, state);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
}

void state_emit_hook(const struct state *state, uint32_t status, struct buf *json)
{
	struct json_emitter emitter;

	json_emit_open(&emitter, json, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "ociVersion", state->oci_version);
	json_emit_key_string(&emitter, "id", state->id);
	json_emit_key_string(&emitter, "status", state_status_name(status));
	if (status != STATUS_STOPPED)
		json_emit_key_uint(&emitter, "pid", state->pid);
	json_emit_key_string(&emitter, "bundle", state->bundle);
	emit_annotations(&emitter, &state->annotations);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
}

char *state_timestamp(struct arena *arena)
{
	char text[UTC_TEXT_SIZE];
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	utc_format(now.tv_sec, now.tv_nsec, text);
	return arena_strdup(arena, text);
}
