/*
 * runtime/hooks.h - the hooks that run in the runtime's namespaces: prestart, createRuntime, poststart, poststop
 * (runtime-spec, config.md#posix-platform-hooks).
 *
 * Runtime process only.  createContainer and startContainer hooks are ops of init.
 */
#ifndef RUNTIME_HOOKS_H
#define RUNTIME_HOOKS_H

#include <stdbool.h>

#include "base/err.h"
#include "runtime/state.h"

/*
 * Runs the hooks of a kind in order.  Each gets the state with `status` on its standard input, as a sealed file: a hook
 * that doesn't read it does no harm.  The first failure ends the list: ERR_HOOK "hooks.prestart[0]: PATH: exit status
 * 1: WORDS".
 */
int hooks_run(const struct spec_hook_list *hooks, enum spec_hook_kind kind, const struct state *state, uint32_t status,
              struct err *err);

/* The poststop hooks of a stopped container: failures are warnings, and the rest still run. */
void hooks_run_poststop(const struct state *state);

/*
 * The file of run.oci.hooks.stdout or stderr, for appending; made when it is missing, readable for its owner alone.
 * O_NONBLOCK only for the opening: a fifo that nobody reads is an error.  Returns the fd, or -1: ERR_SYSTEM.
 */
int hooks_open_output(const char *path, struct err *err);

/* The state for hooks that init runs, as a sealed memfd, or -1. */
int hooks_open_state(const struct state *state, uint32_t status, struct err *err);

#endif
