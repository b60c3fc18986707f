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

/* A file larger than this is not ours: a config.json's process, and the longest filter that the kernel takes. */
#define RECIPE_SIZE_MAX (SPEC_CONFIG_SIZE_MAX + (1u << 20))

/* Writes it, once, when the container is made.  Errors: ERR_SYSTEM naming the file. */
int recipe_write(const struct store_entry *entry, const struct bundle *bundle, struct err *err);

/* Everything lives in the arena.  Errors: ERR_STATE for a container that has none, or a broken one; ERR_SYSTEM. */
int recipe_read(struct arena *arena, const struct store_entry *entry, struct plan_recipe *recipe, struct err *err);

#endif
