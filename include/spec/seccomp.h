/*
 * spec/seccomp.h - `linux.seccomp` of config.json (runtime-spec, config-linux.md#seccomp).
 *
 * The words become runlet's own numbers here; plan/seccomp.c alone knows libseccomp.
 */
#ifndef SPEC_SECCOMP_H
#define SPEC_SECCOMP_H

#include "spec/types.h"

enum spec_seccomp_action {
	SECCOMP_ACT_KILL_THREAD = 0, /* also SCMP_ACT_KILL */
	SECCOMP_ACT_KILL_PROCESS,
	SECCOMP_ACT_TRAP,
	SECCOMP_ACT_ERRNO,
	SECCOMP_ACT_TRACE,
	SECCOMP_ACT_ALLOW,
	SECCOMP_ACT_LOG,
	SECCOMP_ACT_NOTIFY
};

enum spec_seccomp_op {
	SECCOMP_OP_NE = 0, SECCOMP_OP_LT, SECCOMP_OP_LE, SECCOMP_OP_EQ, SECCOMP_OP_GE, SECCOMP_OP_GT,
	SECCOMP_OP_MASKED_EQ
};

struct spec_seccomp_arg {
	uint32_t index;      /* 0 .. 5 */
	uint64_t value;
	uint64_t value_two;  /* MASKED_EQ: the datum; value is the mask, as in the spec */
	uint32_t op;         /* enum spec_seccomp_op */
};
struct spec_seccomp_arg_list { struct spec_seccomp_arg *items; size_t count; };

struct spec_seccomp_rule {
	struct str_list names;
	uint32_t action;     /* enum spec_seccomp_action */
	struct opt_u32 errno_ret;
	struct spec_seccomp_arg_list args;
};
struct spec_seccomp_rule_list { struct spec_seccomp_rule *items; size_t count; };

struct spec_seccomp {
	uint32_t default_action;
	struct opt_u32 default_errno_ret;
	struct str_list architectures;   /* "SCMP_ARCH_X86_64" ..., checked against the spec's list */
	uint32_t flags;                  /* SECCOMP_FILTER_FLAG_* bits (linux/seccomp.h) */
	bool has_flags;                  /* the key was given, even if empty */
	char *listener_path;
	char *listener_metadata;
	struct spec_seccomp_rule_list syscalls;
};

#endif
