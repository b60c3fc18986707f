/*
 * runtime/seccomp_cache.h - compiled seccomp filters that are kept in the state directory:
 *
 *     ROOT/.seccomp:cache/HASH   one filter, with everything that it was compiled from
 *
 * Compiling a profile of an engine takes milliseconds; reading what came of it doesn't even load libseccomp.  The name
 * of the directory is no container's: ids have no ':'.  Runtime process only.
 */
#ifndef RUNTIME_SECCOMP_CACHE_H
#define RUNTIME_SECCOMP_CACHE_H

#include "base/arena.h"
#include "base/err.h"
#include "plan/seccomp.h"
#include "runtime/store.h"

#define SECCOMP_CACHE_DIR ".seccomp:cache"
/* How many filters are kept; the oldest go first. */
#define SECCOMP_CACHE_MAX 64

/*
 * The filter of a profile, from the cache or compiled, and then kept.  The hash only names the file: a filter is used
 * when the profile, the facts and libseccomp that it was made from are these, byte for byte; and when it is this
 * user's, undamaged and a filter at all.  That it can't be read or kept is no error.  With debug messages enabled it is
 * always compiled, as only that tells which system calls are skipped.
 * Errors: those of plan_seccomp_build().
 */
int seccomp_cache_get(struct arena *arena, const struct store *store, const struct spec_seccomp *seccomp,
                      struct plan_seccomp *out, struct err *err);

#endif
