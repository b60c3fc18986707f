/*
 * runtime/bundle.h - a bundle's config.json, read, decoded and compiled to a plan.
 *
 * Runtime process only.  Needs no privileges and changes nothing: `runlet plan` ends here.
 */
#ifndef RUNTIME_BUNDLE_H
#define RUNTIME_BUNDLE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "host/host.h"
#include "plan/plan.h"
#include "runtime/runtime.h"
#include "runtime/store.h"
#include "spec/spec.h"

struct bundle {
	char *path;             /* absolute, without symlinks */
	const char *config_name; /* how errors call the config: "config.json" */
	char *text;             /* of the config, for positions in errors; NULL: there are none to tell */
	size_t size;
	char *rootfs;           /* absolute path */
	struct spec spec;
	struct host host;
	struct plan_options plan_options;
	struct plan_seccomp seccomp; /* where plan_options points to it */
	struct plan plan;
};

/*
 * Reads and compiles.  `plan_options` says what the caller alone knows (start and notify sockets, fds); the rest comes
 * from `options`.  `store`: whose cache of seccomp filters serves, or NULL.  Warnings are logged.  Everything lives in
 * the arena.
 * Errors: ERR_SYSTEM "open /b/config.json"; ERR_CONFIG and ERR_UNSUPPORTED with a position; ERR_BUG from plan_check().
 */
int bundle_load(struct arena *arena, const struct runtime_context *context,
		const struct runtime_create_options *options, const struct plan_options *plan_options,
		const struct store *store, struct bundle *bundle, struct err *err);

/* What init may say: the level of runlet's own log. */
uint32_t bundle_log_level(void);

/* Puts "config.json:LINE:COLUMN: ORIGIN: " in front of an error; origin is a JSON path, "" for none.  Returns -1. */
int bundle_locate(const struct bundle *bundle, const char *origin, struct err *err);

/*
 * The same where nothing is loaded: reads the config once more, by the paths in a container's state.  It may have been
 * changed or removed since, and serves for the line and column alone; without it the origin stands there by itself.
 * `config` is NULL for the bundle's config.json.
 */
int bundle_locate_again(const char *bundle, const char *config, const char *origin, struct err *err);

/* The absolute path of a config that was given by --config; NULL when none was. */
char *bundle_given_config(struct arena *arena, const struct runtime_create_options *options);

/* The same for an error whose text begins with its JSON path already ("mounts[3].options[1]: ..."). */
int bundle_locate_prefix(const struct bundle *bundle, struct err *err);

#endif
