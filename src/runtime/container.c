/*
 * runtime/container.c - an existing container: its stored state, and what the kernel says of it now.
 *
 * Runtime process only.
 */
#include "runtime/container.h"

#include <string.h>

#include "base/fd.h"
#include "base/trace.h"
#include "runtime/process.h"
#include "runtime/slots.h"
#include "spec/spec.h"

static int look(struct container *container, bool holds_lock, struct err *err)
{
	struct state *state = &container->state;
	int answer;

	container->is_half_made =
		state->status == STATUS_CREATING && (holds_lock || !store_is_locked(&container->entry));
	container->status = STATUS_CREATING;
	if (state->status == STATUS_CREATING && !container->is_half_made)
		return 0;
	container->status = STATUS_STOPPED;
	if (container->pidfd < 0)
		return 0;
	answer = cgroup_is_frozen(&container->cgroup);
	if (answer < 0)
		return err_sys(err, answer, "look whether the cgroup of %s is frozen", container->entry.id);
	container->status = STATUS_PAUSED;
	if (answer > 0)
		return 0;
	answer = state->status == STATUS_CREATED ? start_socket_is_open(&container->entry) : 0;
	if (answer < 0)
		return err_sys(err, answer, "connect to the start socket of %s", container->entry.id);
	container->status = state->status == STATUS_CREATING ? STATUS_CREATING : STATUS_RUNNING;
	if (answer > 0)
		container->status = STATUS_CREATED;
	return 0;
}

int container_load(struct container *container, bool holds_lock, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("read the state", "");
	struct state *state = &container->state;
	char *json;
	size_t length;

	if (store_read_state(&container->arena, &container->entry, &json, &length, err) < 0)
		return -1;
	container->cgroup = (struct cgroup){ 0 };
	if (!json) {
		*state = (struct state){
			.oci_version = (char *)SPEC_VERSION_MAX,
			.id = (char *)container->entry.id,
			.bundle = (char *)"",
			.rootfs = (char *)"",
			.created = (char *)"",
			.status = STATUS_CREATING,
		};
	} else if (state_decode_file(&container->arena, container->entry.path, json, length, state, err) < 0) {
		return -1;
	}
	if (state->cgroup &&
	    cgroup_from_record(&container->arena, state->cgroup, strlen(state->cgroup), &container->cgroup, err) < 0)
		return err_prefix(err, "%s/" STORE_STATE_FILE, container->entry.path);
	fd_close(&container->pidfd);
	if (process_open((pid_t)state->pid, state->pid_start_time, &container->pidfd, err) < 0)
		return -1;
	return look(container, holds_lock, err);
}

int container_open(const struct runtime_context *context, const char *id, struct container *container, struct err *err)
{
	if (store_check_id(id, err) < 0)
		return -1;
	if (store_open(&container->arena, context, false, &container->store, err) < 0)
		return -1;
	if (store_open_entry(&container->arena, &container->store, id, &container->entry, err) < 0)
		return -1;
	return container_load(container, false, err);
}

int container_lock(struct container *container, struct err *err)
{
	if (store_lock(&container->entry, err) < 0)
		return -1;
	return container_load(container, true, err);
}

int container_refuse_half_made(const struct container *container, struct err *err)
{
	if (!container->is_half_made)
		return 0;
	return err_set(err, ERR_STATE,
		       "container %s is half made: the runlet that was creating it was killed; delete it",
		       container->entry.id);
}

int container_save(struct container *container, struct err *err)
{
	_cleanup_buf_ struct buf json = BUF_INIT;

	state_emit_file(&container->state, &json);
	return store_write_state(&container->entry, json.data, json.length, err);
}

void container_close(struct container *container)
{
	fd_close(&container->pidfd);
	store_entry_close(&container->entry);
	store_close(&container->store);
	arena_free(&container->arena);
}
