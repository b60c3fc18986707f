/*
 * plan/exec.h - one more process for a container that is there: what is kept of the container's own config, and the
 * plan of such a process.
 *
 * Pure; runtime process only.
 */
#ifndef PLAN_EXEC_H
#define PLAN_EXEC_H

#include "plan/plan.h"
#include "plan/seccomp.h"

enum recipe_flags {
	/* the container's root is not that of its mount namespace: it was entered by chroot(2) */
	RECIPE_CHROOT    = 1u << 0,
	RECIPE_KEYRING   = 1u << 1,  /* processes get a session keyring of their own */
	RECIPE_SETGROUPS = 1u << 2   /* setgroups(2) is allowed in the container */
};

/* Of a path of linux.landlock: which file it was when the container was made. */
struct plan_landlock_file { uint64_t device; uint64_t inode; };

/*
 * What exec needs of a container, so that it neither reads config.json nor compiles seccomp.  The bytes are a struct
 * recipe_header (plan/recipe.c), the compiled filter, a config.json of what is left, and landlock_files.
 */
struct plan_recipe {
	struct spec spec;        /* process (NULL: the container had none) and what of linux counts for each process */
	uint32_t ns_types;       /* CLONE_NEW* of the namespaces that the container doesn't share with its creator */
	uint32_t flags;          /* enum recipe_flags */
	struct plan_seccomp seccomp; /* size 0: no filter */
	/* One for each path of linux.landlock, in order; none before init has told them (recipe_add_files()). */
	const struct plan_landlock_file *landlock_files;
	size_t landlock_file_count;
};

/*
 * Appends the recipe of a container to an empty buf.  `spec` is what plan_build() compiled to `plan`; the text that it
 * was decoded from must still be there.  Errors: of seccomp, where the plan has none because there is no process.
 */
int plan_recipe_encode(const struct spec *spec, const struct plan *plan, struct buf *bytes, struct err *err);

/*
 * The way back.  `bytes` must be 8-aligned and outlive the recipe.  Errors: ERR_STATE naming `name`, also for a recipe
 * of another version of runlet.
 */
int plan_recipe_decode(struct arena *arena, const char *name, const char *bytes, size_t size,
                       struct plan_recipe *recipe, struct err *err);

/* Host facts that the plan needs: bits for host_probe(). */
uint32_t plan_exec_host_facts(const struct plan_recipe *recipe, const struct spec_process *process);

/*
 * Compiles the plan for `process`, which is complete: the caller has filled in what it inherits.  Errors as of
 * plan_build().
 */
int plan_build_exec(struct arena *arena, const struct plan_recipe *recipe, const struct spec_process *process,
                    const struct host *host, const struct plan_options *options, struct plan *plan, struct err *err);

#endif
