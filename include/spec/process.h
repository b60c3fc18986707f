/*
 * spec/process.h - `process` of config.json, and the same object as a process file of exec (runtime-spec,
 * config.md#process).
 */
#ifndef SPEC_PROCESS_H
#define SPEC_PROCESS_H

#include "spec/types.h"

struct spec_console_size { uint32_t height; uint32_t width; };

struct spec_user {
	uint32_t uid;
	uint32_t gid;
	struct opt_u32 umask;
	struct u32_list additional_gids;
};

/* The five sets as names ("CAP_CHOWN"); a name that the kernel doesn't know is a warning, not an error. */
struct spec_capabilities {
	struct str_list bounding;
	struct str_list effective;
	struct str_list inheritable;
	struct str_list permitted;
	struct str_list ambient;
};

/* `type` is the RLIMIT_* number. */
struct spec_rlimit { uint32_t type; uint64_t soft; uint64_t hard; };
struct spec_rlimit_list { struct spec_rlimit *items; size_t count; };

struct spec_scheduler {
	uint32_t policy;      /* SCHED_* number */
	struct opt_i64 nice;
	struct opt_i64 priority;
	uint64_t flags;       /* SCHED_FLAG_* bits, or'ed from the list */
	struct opt_u64 runtime_ns;
	struct opt_u64 deadline_ns;
	struct opt_u64 period_ns;
};

struct spec_io_priority {
	uint32_t class;       /* IOPRIO_CLASS_* number: 1 RT, 2 BE, 3 IDLE */
	int64_t priority;     /* 0 .. 7 */
};

struct spec_cpu_affinity { char *initial; char *final; };

struct spec_process {
	bool terminal;
	struct spec_console_size *console_size; /* NULL when absent */
	struct spec_user user;
	struct str_list args;
	struct str_list env;
	char *cwd;
	struct spec_capabilities *capabilities; /* NULL when absent: every set is empty, as runc */
	struct spec_rlimit_list rlimits;
	bool no_new_privileges;
	char *apparmor_profile;  /* NULL when absent or empty */
	struct opt_i64 oom_score_adj;
	char *selinux_label;     /* NULL when absent or empty */
	struct spec_scheduler *scheduler;
	struct spec_io_priority *io_priority;
	struct spec_cpu_affinity *exec_cpu_affinity; /* used by exec only */
	struct json_text text;   /* the whole object as it was given, for a later exec; points into that text */
};

#endif
