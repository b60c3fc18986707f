/*
 * runtime/store.h - the state directory: which containers there are, and the files of each.
 *
 *     ROOT/ID/state.json   what a later runlet has to know (runtime/state.h); replaced by rename, never half-written
 *     ROOT/ID/start.sock   where a created container's init waits for `start`
 *     ROOT/ID/exec.recipe  what exec has to know (runtime/recipe.h); written once
 *     ROOT/ID/notify/      the socket that NOTIFY_SOCKET of the container leads to
 *
 * Making the directory is the atomic claim of the name.  Whoever changes a container holds flock(2) on its directory;
 * the kernel drops the lock when the holder dies, so "creating" without a lock means that its runlet was killed.
 * Runtime process only.
 */
#ifndef RUNTIME_STORE_H
#define RUNTIME_STORE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "runtime/runtime.h"

#define STORE_STATE_FILE   "state.json"
#define STORE_START_SOCKET "start.sock"
#define STORE_RECIPE_FILE  "exec.recipe"
#define STORE_NOTIFY_DIR   "notify"
#define STORE_NOTIFY_SOCKET STORE_NOTIFY_DIR "/notify.sock"

/* A state.json larger than this is not ours. */
#define STORE_STATE_SIZE_MAX (4u << 20)

struct store {
	int fd;           /* ROOT */
	const char *path; /* absolute */
	bool is_missing;  /* ROOT does not exist: fd is -1 */
};

/* The directory of one container. */
struct store_entry {
	int root_fd;      /* borrowed from the store */
	int fd;           /* ROOT/ID; holds the lock */
	const char *id;
	const char *path; /* absolute path of ROOT/ID */
	bool is_new;      /* claimed, and no state is stored yet */
};

#define STORE_INIT       { .fd = -1 }
#define STORE_ENTRY_INIT { .root_fd = -1, .fd = -1 }

/*
 * Opens the state directory: --root, or /run/runlet, or $XDG_RUNTIME_DIR/runlet when rootless.  should_make: made when
 * missing, mode 0700; else a missing one is no error but is_missing.
 * Errors: ERR_USAGE when rootless without XDG_RUNTIME_DIR; ERR_STATE when somebody else owns the directory (he could
 * swap what is in it); ERR_SYSTEM.
 */
int store_open(struct arena *arena, const struct runtime_context *context, bool should_make, struct store *store,
               struct err *err);
void store_close(struct store *store);

/* runc's rule: letters, digits, '_', '+', '-', '.'; not "." or ".."; at most NAME_MAX bytes.  Errors: ERR_USAGE. */
int store_check_id(const char *id, struct err *err);

/* Claims a name and takes its lock.  Errors: ERR_EXISTS, ERR_USAGE (the name), ERR_SYSTEM. */
int store_claim(struct arena *arena, const struct store *store, const char *id, struct store_entry *entry,
                struct err *err);

/*
 * Opens an existing container's directory, without its lock.  Errors: ERR_NOT_FOUND, ERR_USAGE, ERR_STATE for one that
 * another user made.
 */
int store_open_entry(struct arena *arena, const struct store *store, const char *id, struct store_entry *entry,
                     struct err *err);

/* Waits for the lock.  Errors: ERR_NOT_FOUND when the container was deleted meanwhile. */
int store_lock(const struct store_entry *entry, struct err *err);
/* True when another process holds the lock.  A free lock is not kept. */
bool store_is_locked(const struct store_entry *entry);
void store_unlock(const struct store_entry *entry);

/* Replaces state.json.  Errors: ERR_SYSTEM naming the file ("No space left on device"). */
int store_write_state(struct store_entry *entry, const char *json, size_t length, struct err *err);

/* Reads state.json into the arena; *json is NULL when there is none yet. */
int store_read_state(struct arena *arena, const struct store_entry *entry, char **json, size_t *length,
		     struct err *err);

/* Removes the files and the directory of a container.  Only names that runlet makes: nothing is removed recursively. */
int store_remove(const struct store_entry *entry, struct err *err);

void store_entry_close(struct store_entry *entry);

/* The names of all containers, sorted, in the arena. */
int store_list(struct arena *arena, const struct store *store, const char ***ids, size_t *count, struct err *err);

#endif
