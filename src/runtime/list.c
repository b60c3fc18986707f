/*
 * runtime/list.c - `runlet list` and `runlet state`.  Runtime process only; takes no lock and changes nothing.
 */
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "runtime/container.h"
#include "runtime/ending.h"
#include "runtime/runtime.h"

/* Not getpwuid(3): its modules need dlopen, which a static runlet doesn't have, and cost more than the rest. */
static const char *owner_name(struct arena *arena, uint32_t uid)
{
	const struct passwd *entry;
	const char *name = NULL;
	FILE *file = fopen("/etc/passwd", "re");

	while (file && !name && (entry = fgetpwent(file)) != NULL) {
		if (entry->pw_uid == uid)
			name = arena_strdup(arena, entry->pw_name);
	}
	if (file)
		fclose(file);
	return name ? name : arena_printf(arena, "%u", uid);
}

int runtime_state(const struct runtime_context *context, const char *id, struct buf *json, struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;

	if (container_open(context, id, &container, err) < 0 || container_refuse_half_made(&container, err) < 0)
		return -1;
	ending_find_out(&container);
	state_emit_public(&container.state, container.status, owner_name(&container.arena, container.state.owner),
			  json);
	return 0;
}

static void fill_row(struct arena *arena, const struct container *container, struct runtime_list_row *row)
{
	const struct state *state = &container->state;

	*row = (struct runtime_list_row){
		.oci_version = arena_strdup(arena, state->oci_version),
		.id = arena_strdup(arena, container->entry.id),
		.pid = container->status == STATUS_STOPPED ? 0 : (pid_t)state->pid,
		.status = state_status_name(container->is_half_made ? STATUS_CREATING : container->status),
		.bundle = arena_strdup(arena, state->bundle),
		.rootfs = arena_strdup(arena, state->rootfs),
		.created = arena_strdup(arena, state->created),
		.owner = owner_name(arena, state->owner),
		.annotation_count = state->annotations.count,
	};
	row->annotations = arena_alloc_array(arena, state->annotations.count, sizeof(*row->annotations));
	for (size_t i = 0; i < state->annotations.count; i++) {
		row->annotations[i].key = arena_strdup(arena, state->annotations.items[i].key);
		row->annotations[i].value = arena_strdup(arena, state->annotations.items[i].value);
	}
}

/* One that can't be read doesn't hide the others. */
static void add_row(struct arena *arena, const struct store *store, const char *id, struct runtime_list *list)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;
	struct err err = ERR_INIT;

	if (store_open_entry(&container.arena, store, id, &container.entry, &err) < 0 ||
	    container_load(&container, false, &err) < 0) {
		(void)err_prefix(&err, "%s", id);
		if (err.kind != ERR_NOT_FOUND)
			log_warn_err(&err);
		return;
	}
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	fill_row(arena, &container, &list->items[list->count++]);
}

int runtime_list(const struct runtime_context *context, struct arena *arena, struct runtime_list *list, struct err *err)
{
	struct store store = STORE_INIT;
	const char **ids;
	size_t count;
	int result;

	*list = (struct runtime_list){ NULL, 0 };
	result = store_open(arena, context, false, &store, err);
	if (result == 0 && store.is_missing && context->root)
		result = err_set(err, ERR_NOT_FOUND, "the state directory %s does not exist", store.path);
	if (result == 0)
		result = store_list(arena, &store, &ids, &count, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		add_row(arena, &store, ids[i], list);
	store_close(&store);
	return result;
}
