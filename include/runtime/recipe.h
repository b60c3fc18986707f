/*
 * runtime/recipe.h - the file in a container's state directory that exec reads in the place of config.json.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_RECIPE_H
#define RUNTIME_RECIPE_H

#include "base/arena.h"
#include "base/err.h"
#include "plan/exec.h"
#include "runtime/bundle.h"
#include "runtime/store.h"

/*
 * A file larger than this is not ours: parts of a config.json, the longest filter that the kernel takes, and what is
 * known of files, each of which has an operation.
 */
#define RECIPE_SIZE_MAX (SPEC_CONFIG_SIZE_MAX + (1u << 20) + PLAN_IMAGE_SIZE_MAX)

/* Writes it, once, when the container is made.  Errors: ERR_SYSTEM naming the file. */
int recipe_write(const struct store_entry *entry, const struct bundle *bundle, struct err *err);

/* Adds what init has told of the paths of linux.landlock: struct plan_landlock_file, in order; there may be none. */
int recipe_add_files(const struct store_entry *entry, const struct buf *files, struct err *err);

/* Everything lives in the arena.  Errors: ERR_STATE for a container that has none, or a broken one; ERR_SYSTEM. */
int recipe_read(struct arena *arena, const struct store_entry *entry, struct plan_recipe *recipe, struct err *err);

#endif
