/*
 * fuzz_state.c - state.json, with the record of cgroups in it, as kill, delete, exec and the others read it.
 *
 * Oracle: what decodes is written as JSON that decodes to the same, and is written the same again; what `state` prints
 * and hooks get decodes too.
 */
#include "cgroup/cgroup.h"
#include "fuzz.h"
#include "json/decode.h"
#include "runtime/state.h"

struct shown { char *id; char *status; struct str_map annotations; };
static const struct json_row shown_rows[] = {
	JSON_ROW_STRING(struct shown, "id", id, JSON_REQUIRED),
	JSON_ROW_STRING(struct shown, "status", status, JSON_REQUIRED),
	JSON_ROW_STRING_MAP(struct shown, "annotations", annotations, 0),
};
JSON_TABLE(shown_table, struct shown, shown_rows);

static void check_shown(struct arena *arena, const struct state *state, const struct buf *json)
{
	struct json_source source = { .name = "shown", .text = json->data, .size = json->length, .size_max = SIZE_MAX };
	struct shown shown = { NULL };
	struct err err = ERR_INIT;

	FUZZ_REQUIRE(json_decode(arena, &source, &shown_table, &shown, NULL, &err) == 0);
	FUZZ_REQUIRE(strcmp(shown.id, state->id) == 0);
	FUZZ_REQUIRE(shown.annotations.count == state->annotations.count);
	for (size_t i = 0; i < state->annotations.count; i++)
		FUZZ_REQUIRE(strcmp(shown.annotations.items[i].value, state->annotations.items[i].value) == 0);
}

static void check_state(struct arena *arena, const struct state *state)
{
	_cleanup_buf_ struct buf first = BUF_INIT, second = BUF_INIT, public = BUF_INIT, hook = BUF_INIT;
	struct err err = ERR_INIT;
	struct state again;

	FUZZ_REQUIRE(state->status < STATUS_COUNT && state->pid <= INT32_MAX);
	state_emit_file(state, &first);
	FUZZ_REQUIRE(state_decode_file(arena, "again", first.data, first.length, &again, &err) == 0);
	state_emit_file(&again, &second);
	FUZZ_REQUIRE(first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
	state_emit_public(state, state->status, "owner", &public);
	check_shown(arena, state, &public);
	state_emit_hook(state, state->status, &hook);
	check_shown(arena, state, &hook);
}

/* The record of a container that systemd manages asks the file system about the paths in it: not for a fuzzer. */
static void check_record(struct arena *arena, const char *text, size_t size)
{
	struct cgroup cgroup, again;
	struct err err = ERR_INIT;
	char *first;

	if (size > 0 && memmem(text, size, "inode", 5))
		return;
	if (cgroup_from_record(arena, text, size, &cgroup, &err) < 0) {
		FUZZ_REQUIRE(err.kind == ERR_CONFIG && strncmp(err.text, "cgroup record:", 14) == 0);
		return;
	}
	first = cgroup_record(arena, &cgroup);
	FUZZ_REQUIRE(cgroup_from_record(arena, first, strlen(first), &again, &err) == 0);
	FUZZ_REQUIRE(strcmp(first, cgroup_record(arena, &again)) == 0);
	for (size_t i = 0; i < cgroup.dir_count; i++) {
		FUZZ_REQUIRE(cgroup.dirs[i].version == 1 || cgroup.dirs[i].version == 2);
		FUZZ_REQUIRE(cgroup.dirs[i].path[0] == '/' && cgroup.dirs[i].controllers);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct err err = ERR_INIT;
	struct state state;

	if (state_decode_file(&arena, "state.json", (const char *)data, size, &state, &err) < 0) {
		FUZZ_REQUIRE(err.kind == ERR_STATE && strncmp(err.text, "state.json:", 11) == 0);
	} else {
		check_state(&arena, &state);
		if (state.cgroup)
			check_record(&arena, state.cgroup, strlen(state.cgroup));
	}
	check_record(&arena, (const char *)data, size);
	return 0;
}
