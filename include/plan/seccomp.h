/*
 * plan/seccomp.h - compiles linux.seccomp to the bytes that init loads.
 *
 * Nothing outside of src/plan/seccomp*.c knows libseccomp.  Runtime process only; needs no privileges.
 */
#ifndef PLAN_SECCOMP_H
#define PLAN_SECCOMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "spec/seccomp.h"

struct plan_seccomp {
	const void *program;  /* an array of struct sock_filter, in the arena */
	size_t size;          /* bytes, a multiple of sizeof(struct sock_filter) */
	uint32_t flags;       /* SECCOMP_FILTER_FLAG_*, plan_seccomp_flags() */
};

/*
 * Compiles.  The native architecture is always in the filter; a system call that libseccomp doesn't know on an
 * architecture is skipped with a debug line.  System calls that are newer than everything the profile names get -ENOSYS
 * instead of a default action that refuses or kills, so that programs fall back to older calls (runc's rule).
 * Errors: ERR_CONFIG and ERR_UNSUPPORTED with the JSON path, "linux.seccomp.syscalls[3].args[0]: ...".
 */
int plan_seccomp_build(struct arena *arena, const struct spec_seccomp *seccomp, struct plan_seccomp *out,
		       struct err *err);

/* Plain profiles are compiled without libseccomp's compiler, twenty times faster; the tests compare both ways. */
enum plan_seccomp_way { PLAN_SECCOMP_ANY, PLAN_SECCOMP_PLAIN, PLAN_SECCOMP_BY_LIBRARY };

/* plan_seccomp_build() by one way; ERR_UNSUPPORTED when the profile isn't plain. */
int plan_seccomp_build_by(struct arena *arena, const struct spec_seccomp *seccomp, enum plan_seccomp_way way,
			  struct plan_seccomp *out, struct err *err);

/* Whether a rule asks a listener (SCMP_ACT_NOTIFY). */
bool plan_seccomp_notifies(const struct spec_seccomp *seccomp);

/*
 * The flags that init loads the filter with; no libseccomp.  Those of listeners are there where there is one, and only
 * there: seccomp(2) refuses them otherwise.
 */
uint32_t plan_seccomp_flags(const struct spec_seccomp *seccomp);

/*
 * Appends bytes that are equal for two profiles if and only if they say the same to the compiler: everything but where
 * the listener is.  What else a filter depends on is libseccomp, runlet itself and the machine.
 */
void plan_seccomp_key(const struct spec_seccomp *seccomp, struct buf *key);

/* Whether these bytes could come from plan_seccomp_build(): the kernel would take them, and no jump leads outside. */
bool plan_seccomp_is_sound(const void *program, size_t size);

/* The file that libseccomp was loaded from, once it was; "" where it is linked in. */
const char *plan_seccomp_library_path(void);

/* Whether libseccomp knows the architecture that a word of the spec ("SCMP_ARCH_X86_64") names. */
bool plan_seccomp_has_arch(const char *word);

/* Writes libseccomp's version, "2.5.4", or "missing". */
void plan_seccomp_version(char *text, size_t size);

#endif
