/*
 * runtime/exec.h - the parts of `runlet exec`: what is to run, and whom it joins.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_EXEC_H
#define RUNTIME_EXEC_H

#include <sys/types.h>

#include "plan/exec.h"
#include "runtime/container.h"

/*
 * What is to run: the process file, or config.json's process with other arguments; what a process file doesn't say is
 * as in config.json; and the options on top.  Errors: ERR_USAGE, ERR_CONFIG with the place in the file, ERR_SYSTEM.
 */
int exec_process_make(struct arena *arena, const struct runtime_exec_options *options, const struct plan_recipe *recipe,
                      struct spec_process *process, struct err *err);

/* A process of the container whose namespaces are entered. */
struct exec_target {
	pid_t pid;
	int pidfd;    /* owned */
	int root_fd;  /* owned; -1 when its mount namespace has the container's root */
};

#define EXEC_TARGET_INIT { .pidfd = -1, .root_fd = -1 }

/* ERR_STATE for a container that is being made, or paused. */
int exec_target_check(const struct container *container, bool should_ignore_paused, struct err *err);

/*
 * Chooses it: the container's first process, or where that is gone and others live, as it had no pid namespace of its
 * own, one of the cgroup.  Errors: ERR_STATE for a container that has stopped.
 */
int exec_target_open(struct container *container, const struct plan_recipe *recipe, struct exec_target *target,
                     struct err *err);

/*
 * To be called after its namespaces were entered and before anything is done in there.  A process without privileges
 * may make itself a user namespace, and a mount namespace with it, in which it puts what it likes in the place of every
 * program and library; those would then run with what exec gives, outside of that user namespace.  It can't come back
 * from there, so that whoever isn't there now wasn't there before.  Errors: ERR_STATE.
 */
int exec_target_check_user_ns(const struct exec_target *target, uint32_t join_flags, struct err *err);
void exec_target_close(struct exec_target *target);

#endif
