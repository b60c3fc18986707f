/*
 * plan/seccomp_compiler.h - what the two ways to compile a profile share: seccomp.c, which asks libseccomp, and
 * seccomp_calls.c, which writes plain profiles by itself.
 *
 * Runtime process only; pure but for the loading of libseccomp.
 */
#ifndef PLAN_SECCOMP_COMPILER_H
#define PLAN_SECCOMP_COMPILER_H

#include "base/arena.h"
#include "plan/seccomp.h"
#include "seccomp_library.h"

#include <linux/filter.h>

#define SECCOMP_ORIGIN "linux.seccomp"
#define SECCOMP_ARG_COUNT 6
#define SECCOMP_CONDITIONS_MAX ((size_t)SECCOMP_ARG_COUNT * 8)

struct seccomp_compiler {
	struct arena *arena;
	const struct spec_seccomp *seccomp;
	struct seccomp_library library;
	scmp_filter_ctx context;
	uint32_t default_action;      /* libseccomp's number, with the errno in it: the kernel's too */
	uint32_t *archs;              /* SCMP_ARCH_* tokens in the filter; native first */
	size_t arch_count;
	struct err *err;
};

/* The action of syscalls[rule_index] with its number. */
int seccomp_rule_action(const struct seccomp_compiler *compiler, size_t rule_index, uint32_t *action);

/*
 * Refuses conditions that neither way can have.  *has_repeated: an argument is there more than once; any of the
 * conditions is enough then, as runc does and profiles rely on.
 */
int seccomp_check_args(const struct seccomp_compiler *compiler, size_t rule_index, bool *has_repeated);

/* Says in the debug log that a rule's call is skipped. */
void seccomp_log_unknown(size_t rule_index, const char *name);

/*
 * Compiles without libseccomp's compiler, whose numbers of system calls it takes.  Returns 1 with the program at
 * *program (in the arena, behind room for `ahead` instructions); 0 when the profile isn't plain: libseccomp has to; -1
 * when it is wrong.
 */
int seccomp_write_plain(const struct seccomp_compiler *compiler, size_t ahead, struct sock_filter **program,
			size_t *count);

#endif
