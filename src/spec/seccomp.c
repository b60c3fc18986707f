/*
 * spec/seccomp.c - the rows of `linux.seccomp` (runtime-spec, config-linux.md#seccomp).
 *
 * Runtime process only; data, no code.
 */
#include "spec/names.h"
#include "spec/seccomp.h"
#include "tables.h"

static const struct json_row arg_rows[] = {
	JSON_ROW_U32(struct spec_seccomp_arg, "index", index, JSON_REQUIRED, 0, 5),
	JSON_ROW_U64(struct spec_seccomp_arg, "value", value, JSON_REQUIRED, 0, UINT64_MAX),
	JSON_ROW_U64(struct spec_seccomp_arg, "valueTwo", value_two, 0, 0, UINT64_MAX),
	JSON_ROW_ENUM(struct spec_seccomp_arg, "op", op, JSON_REQUIRED, spec_seccomp_op_names, "a comparison"),
};
JSON_TABLE(arg_table, struct spec_seccomp_arg, arg_rows);

static const struct json_row rule_rows[] = {
	JSON_ROW_STRINGS(struct spec_seccomp_rule, "names", names, JSON_REQUIRED | JSON_NOT_EMPTY),
	JSON_ROW_ENUM(struct spec_seccomp_rule, "action", action, JSON_REQUIRED, spec_seccomp_action_names,
		      "a seccomp action"),
	JSON_ROW_OPT_U32(struct spec_seccomp_rule, "errnoRet", errno_ret, 0, 0, UINT32_MAX),
	JSON_ROW_OBJECTS(struct spec_seccomp_rule, "args", args, 0, arg_table),
};
JSON_TABLE(rule_table, struct spec_seccomp_rule, rule_rows);

static const struct json_row seccomp_rows[] = {
	JSON_ROW_ENUM(struct spec_seccomp, "defaultAction", default_action, JSON_REQUIRED, spec_seccomp_action_names,
		      "a seccomp action"),
	JSON_ROW_OPT_U32(struct spec_seccomp, "defaultErrnoRet", default_errno_ret, 0, 0, UINT32_MAX),
	JSON_ROW_WORDS(struct spec_seccomp, "architectures", architectures, 0, spec_seccomp_arch_names,
		       "a seccomp architecture (SCMP_ARCH_...)"),
	JSON_ROW_FLAGS_U32_HAS(struct spec_seccomp, "flags", flags, has_flags, 0, spec_seccomp_flag_names,
			       "a seccomp flag"),
	JSON_ROW_STRING(struct spec_seccomp, "listenerPath", listener_path, JSON_EMPTY_IS_ABSENT | JSON_ABSOLUTE),
	JSON_ROW_STRING(struct spec_seccomp, "listenerMetadata", listener_metadata, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_OBJECTS(struct spec_seccomp, "syscalls", syscalls, 0, rule_table),
};
const struct json_table spec_seccomp_table = JSON_TABLE_INIT(struct spec_seccomp, seccomp_rows);
