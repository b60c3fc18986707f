/*
 * runtime/container.h - an existing container: its stored state, and what the kernel says of it now.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_CONTAINER_H
#define RUNTIME_CONTAINER_H

#include "base/arena.h"
#include "base/err.h"
#include "cgroup/cgroup.h"
#include "runtime/runtime.h"
#include "runtime/state.h"
#include "runtime/store.h"

struct container {
	struct arena arena;
	struct store store;
	struct store_entry entry;
	struct state state;
	struct cgroup cgroup;
	enum state_status status;  /* now */
	int pidfd;                 /* its first process while that lives, else -1 */
	bool is_half_made;         /* the runlet that was creating it is gone */
};

#define CONTAINER_INIT { .arena = ARENA_INIT, .store = STORE_INIT, .entry = STORE_ENTRY_INIT, .pidfd = -1 }

/* Opens, reads and looks.  Errors: ERR_NOT_FOUND, ERR_USAGE (the name), ERR_STATE (a broken state file). */
int container_open(const struct runtime_context *context, const char *id, struct container *container, struct err *err);

/*
 * The same for an entry that is open already.  holds_lock: the caller has the entry's lock, so whoever else was
 * creating the container is gone.
 */
int container_load(struct container *container, bool holds_lock, struct err *err);

/* Waits for the container's lock, then reads and looks again: another runlet may have changed it. */
int container_lock(struct container *container, struct err *err);

/* ERR_STATE for a half-made container, which only delete may touch. */
int container_refuse_half_made(const struct container *container, struct err *err);

int container_save(struct container *container, struct err *err);
void container_close(struct container *container);

#define _cleanup_container_ __attribute__((cleanup(container_close)))

#endif
