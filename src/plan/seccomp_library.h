/*
 * plan/seccomp_library.h - libseccomp, loaded when the first profile needs it.
 *
 * Linked as a shared library it would cost every start a tenth of a millisecond, also that of a container without a
 * profile.  A static runlet has it linked in.
 */
#ifndef PLAN_SECCOMP_LIBRARY_H
#define PLAN_SECCOMP_LIBRARY_H

#include <seccomp.h>

#include "base/err.h"

/* The functions that runlet calls, by what follows "seccomp_" in their names. */
#define SECCOMP_FUNCTIONS(X) \
	X(init) \
	X(release) \
	X(attr_set) \
	X(arch_native) \
	X(arch_add) \
	X(arch_resolve_name) \
	X(syscall_resolve_name) \
	X(syscall_resolve_name_arch) \
	X(rule_add_array) \
	X(export_bpf) \
	X(version)

/* Parentheses can't stand around a member. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define SECCOMP_MEMBER(name) __typeof__(seccomp_##name) *name;
struct seccomp_library { SECCOMP_FUNCTIONS(SECCOMP_MEMBER) };
#undef SECCOMP_MEMBER

/*
 * Fills *library; loading it again costs next to nothing.  It stays loaded.
 * Runtime process only.  ERR_UNSUPPORTED: it is not installed, or lacks a function.
 */
int seccomp_library_open(struct seccomp_library *library, struct err *err);

/* The file that it was loaded from; "" before that and in a static runlet. */
const char *seccomp_library_path(void);

#endif
