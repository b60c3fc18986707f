/*
 * spec/process.c - the rows of `process` (runtime-spec, config.md#process).  Runtime process only; data, no code.
 */
#include "base/rlimit_names.h"
#include "spec/names.h"
#include "spec/process.h"
#include "tables.h"

/* struct winsize has 16 bits. */
static const struct json_row console_size_rows[] = {
	JSON_ROW_U32(struct spec_console_size, "height", height, JSON_REQUIRED, 0, UINT16_MAX),
	JSON_ROW_U32(struct spec_console_size, "width", width, JSON_REQUIRED, 0, UINT16_MAX),
};
JSON_TABLE(console_size_table, struct spec_console_size, console_size_rows);

static const struct json_row user_rows[] = {
	JSON_ROW_U32(struct spec_user, "uid", uid, 0, 0, UINT32_MAX),
	JSON_ROW_U32(struct spec_user, "gid", gid, 0, 0, UINT32_MAX),
	JSON_ROW_OPT_U32(struct spec_user, "umask", umask, 0, 0, UINT32_MAX),
	JSON_ROW_U32S(struct spec_user, "additionalGids", additional_gids, 0, 0, UINT32_MAX),
	JSON_ROW_SKIP("username"),
};
JSON_TABLE(user_table, struct spec_user, user_rows);

static const struct json_row capabilities_rows[] = {
	JSON_ROW_STRINGS(struct spec_capabilities, "bounding", bounding, 0),
	JSON_ROW_STRINGS(struct spec_capabilities, "effective", effective, 0),
	JSON_ROW_STRINGS(struct spec_capabilities, "inheritable", inheritable, 0),
	JSON_ROW_STRINGS(struct spec_capabilities, "permitted", permitted, 0),
	JSON_ROW_STRINGS(struct spec_capabilities, "ambient", ambient, 0),
};
JSON_TABLE(capabilities_table, struct spec_capabilities, capabilities_rows);

static const struct json_row rlimit_rows[] = {
	JSON_ROW_ENUM(struct spec_rlimit, "type", type, JSON_REQUIRED, rlimit_names,
		      "a resource limit's name (RLIMIT_...)"),
	JSON_ROW_U64(struct spec_rlimit, "soft", soft, JSON_REQUIRED, 0, UINT64_MAX),
	JSON_ROW_U64(struct spec_rlimit, "hard", hard, JSON_REQUIRED, 0, UINT64_MAX),
};
JSON_TABLE(rlimit_table, struct spec_rlimit, rlimit_rows);

static const struct json_row scheduler_rows[] = {
	JSON_ROW_ENUM(struct spec_scheduler, "policy", policy, JSON_REQUIRED, spec_scheduler_policy_names,
		      "a scheduling policy"),
	JSON_ROW_OPT_I64(struct spec_scheduler, "nice", nice, 0, INT32_MIN, INT32_MAX),
	JSON_ROW_OPT_I64(struct spec_scheduler, "priority", priority, 0, INT32_MIN, INT32_MAX),
	JSON_ROW_FLAGS_U64(struct spec_scheduler, "flags", flags, 0, spec_scheduler_flag_names, "a scheduling flag"),
	JSON_ROW_OPT_U64(struct spec_scheduler, "runtime", runtime_ns, 0, 0, UINT64_MAX),
	JSON_ROW_OPT_U64(struct spec_scheduler, "deadline", deadline_ns, 0, 0, UINT64_MAX),
	JSON_ROW_OPT_U64(struct spec_scheduler, "period", period_ns, 0, 0, UINT64_MAX),
};
JSON_TABLE(scheduler_table, struct spec_scheduler, scheduler_rows);

static const struct json_row io_priority_rows[] = {
	JSON_ROW_ENUM(struct spec_io_priority, "class", class, JSON_REQUIRED, spec_io_class_names,
		      "an I/O scheduling class"),
	JSON_ROW_I64(struct spec_io_priority, "priority", priority, 0, 0, 7),
};
JSON_TABLE(io_priority_table, struct spec_io_priority, io_priority_rows);

static const struct json_row cpu_affinity_rows[] = {
	JSON_ROW_STRING(struct spec_cpu_affinity, "initial", initial, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec_cpu_affinity, "final", final, JSON_EMPTY_IS_ABSENT),
};
JSON_TABLE(cpu_affinity_table, struct spec_cpu_affinity, cpu_affinity_rows);

/*
 * `user` is required by the prose, but runc, crun and what people write by hand take its absence as 0:0; refusing it
 * would break bundles that work everywhere else.
 */
static const struct json_row process_rows[] = {
	JSON_ROW_BOOL(struct spec_process, "terminal", terminal, 0),
	JSON_ROW_OBJECT_PTR(struct spec_process, "consoleSize", console_size, 0, console_size_table),
	JSON_ROW_OBJECT(struct spec_process, "user", user, 0, user_table),
	JSON_ROW_STRINGS(struct spec_process, "args", args, JSON_REQUIRED | JSON_NOT_EMPTY),
	JSON_ROW_STRINGS(struct spec_process, "env", env, 0),
	JSON_ROW_STRING(struct spec_process, "cwd", cwd, JSON_REQUIRED | JSON_ABSOLUTE),
	JSON_ROW_OBJECT_PTR(struct spec_process, "capabilities", capabilities, 0, capabilities_table),
	JSON_ROW_OBJECTS(struct spec_process, "rlimits", rlimits, 0, rlimit_table),
	JSON_ROW_BOOL(struct spec_process, "noNewPrivileges", no_new_privileges, 0),
	JSON_ROW_STRING(struct spec_process, "apparmorProfile", apparmor_profile, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_OPT_I64(struct spec_process, "oomScoreAdj", oom_score_adj, 0, -1000, 1000),
	JSON_ROW_STRING(struct spec_process, "selinuxLabel", selinux_label, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_OBJECT_PTR(struct spec_process, "scheduler", scheduler, 0, scheduler_table),
	JSON_ROW_OBJECT_PTR(struct spec_process, "ioPriority", io_priority, 0, io_priority_table),
	JSON_ROW_OBJECT_PTR(struct spec_process, "execCPUAffinity", exec_cpu_affinity, 0, cpu_affinity_table),
	JSON_ROW_SKIP("commandLine"),
};
const struct json_table spec_process_table = JSON_TABLE_INIT(struct spec_process, process_rows, .has_text = true,
							.text_offset = offsetof(struct spec_process, text));
