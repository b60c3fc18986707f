/*
 * plan/builder.h - what the parts of plan_build() share: the plan in the making, its pool, its slots.
 *
 * Used inside src/plan only (and by its unit tests); runtime process.  Pure.
 */
#ifndef PLAN_BUILDER_H
#define PLAN_BUILDER_H

#include "plan/exec.h"
#include "plan/ns.h"
#include "plan/plan.h"

struct plan_builder {
	struct arena *arena;
	const struct spec *spec;
	const struct host *host;
	const struct plan_options *options;
	const struct plan_recipe *recipe; /* exec; NULL for a container */
	struct plan *plan;
	struct err *err;

	struct plan_ns ns;
	bool is_privileged;        /* root of the user namespace that runlet runs in */
	bool has_user_ns;          /* new or joined: mapped root neither traverses host paths nor makes device nodes */
	bool uses_trees;           /* root and bind sources come as detached trees from the runtime */
	bool has_landlock;         /* OP_LANDLOCK is planned: it has to be enforced */
	bool is_cgroup_synced;     /* the process is in its cgroup: SYNC_CGROUP and the cgroup namespace are planned */

	size_t pool_capacity;
	uint32_t *strings;         /* offsets of the strings in the pool, hashed by content; 0: free */
	size_t string_count;
	size_t string_capacity;
	bool is_too_large;         /* the pool passed PLAN_IMAGE_SIZE_MAX, or the slots PLAN_SLOT_MAX */
};

void builder_open(struct plan_builder *builder);

/*
 * Sorts the ops by phase (those of one phase stay in the order in which they were added) and ends the pool.
 * Errors: ERR_UNSUPPORTED where the plan is larger than an image may be.
 */
int builder_close(struct plan_builder *builder);

/* A string in the pool; equal strings are kept once.  NULL and "" are offset 0. */
struct plan_str builder_str(struct plan_builder *builder, const char *text);
struct plan_str builder_str_n(struct plan_builder *builder, const char *text, size_t length);
struct plan_list builder_list(struct plan_builder *builder, char *const *items, size_t count);
struct plan_numbers builder_numbers(struct plan_builder *builder, const uint32_t *items, size_t count);
struct plan_bytes builder_bytes(struct plan_builder *builder, const void *data, size_t size);

/*
 * Adds an op whose origin is the printf-like text ("" for none).  The zeroed op that is returned is good until the next
 * one is added; strings are added to the pool in between.
 */
struct plan_op *builder_op(struct plan_builder *builder, enum plan_op_kind kind, enum plan_phase phase,
                           const char *origin, ...) __attribute__((format(printf, 4, 5)));

/* A new slot that the runtime fills, or an op (source PLAN_SLOT_OP).  path and origin are kept as they are. */
uint32_t builder_slot(struct plan_builder *builder, const struct plan_slot *slot);

void builder_warn(struct plan_builder *builder, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * `path` with exactly one '/' between components, without "." and with ".."
 * taken back: always absolute, "/" at least.
 */
char *plan_path_clean(struct arena *arena, const char *path);

/* True when plan_path_clean() would change nothing. */
bool plan_path_is_clean(const char *path);

/* The parts of plan_build(), in the order of their phases.  Each returns 0, or -1 with builder->err filled. */
int plan_build_namespaces(struct plan_builder *builder);   /* ns.c: joins, clone flags, time */
int plan_build_idmaps(struct plan_builder *builder);       /* idmap.c */
int plan_build_isolation(struct plan_builder *builder);    /* isolate.c: session, names, loopback, sysctl, keyring */
int plan_build_root(struct plan_builder *builder);         /* root.c: propagation, root, pivot */
int plan_build_mounts(struct plan_builder *builder);       /* mount.c */
int plan_build_hooks(struct plan_builder *builder);        /* hooks.c */
int plan_build_meetings(struct plan_builder *builder);     /* hooks.c: where init meets the runtime */
int plan_build_dev(struct plan_builder *builder);          /* dev.c */
int plan_build_paths(struct plan_builder *builder);        /* root.c: masked and read-only paths, read-only root */
int plan_build_landlock(struct plan_builder *builder);     /* landlock.c; before plan_build_process() */
int plan_build_process(struct plan_builder *builder);      /* process.c */

void plan_build_keyring(struct plan_builder *builder, const char *name);   /* isolate.c; "": one without a name */
void plan_build_streams(struct plan_builder *builder);                     /* dev.c: console or standard streams */

/* True where limits are set from outside, by prlimit(2): mapped root has no CAP_SYS_RESOURCE that counts. */
bool plan_needs_outer_rlimits(const struct plan_builder *builder);

/* SYNC_CGROUP and the new cgroup namespace, once: whoever needs the process in its cgroup calls it first. */
void plan_build_cgroup_entry(struct plan_builder *builder);

/*
 * idmap.c: refuses "uid=5" or "gid=5" of a file system in a new user namespace that doesn't have the id, which the
 * kernel calls an invalid argument.  origin: "mounts[2]".
 */
int plan_idmap_check_option(struct plan_builder *builder, const char *origin, const char *option);

/* capabilities.c: fills the five sets; what this host doesn't have is left out with a warning. */
void plan_build_capabilities(struct plan_builder *builder, const struct spec_capabilities *sets,
                             struct op_credentials *credentials);

/*
 * env.c: the program's environment.  needs_home: HOME is missing or empty, so init looks it up.  path: PATH's value
 * or NULL.
 */
struct plan_env { struct str_list list; const char *path; bool needs_home; };
int plan_build_env(struct plan_builder *builder, struct plan_env *env);

#endif
