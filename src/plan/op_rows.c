/*
 * plan/op_rows.c - the name, the phases and the fields of every kind of op.
 *
 * Constant data, for the runtime process and for init.  What executes a kind is in ops/op_table.c.
 */
#include "plan/op_rows.h"

/* 0, or an array of negative size when the member's C type is not the one that the field's type stands for. */
#define IS_OF_TYPE(member, field, c_type) \
	__builtin_types_compatible_p(__typeof__(((struct plan_op *)0)->u.member.field), c_type)
#define CHECK_TYPE(member, field, c_type) (0 * sizeof(char[IS_OF_TYPE(member, field, c_type) * 2 - 1]))
#define FIELD(member, field, c_type, field_type) \
	/* Parentheses can't stand in a member's name. NOLINTNEXTLINE(bugprone-macro-parentheses) */ \
	.name = #field, .type = field_type, \
	.offset = offsetof(struct plan_op, u.member.field) + CHECK_TYPE(member, field, c_type)

#define STR(member, field) { FIELD(member, field, struct plan_str, OP_FIELD_STR) }
#define STR_NEEDED(member, field) { FIELD(member, field, struct plan_str, OP_FIELD_STR), .is_required = true }
#define LIST(member, field) { FIELD(member, field, struct plan_list, OP_FIELD_LIST) }
#define LIST_NEEDED(member, field) { FIELD(member, field, struct plan_list, OP_FIELD_LIST), .is_required = true }
#define NUMBERS(member, field) { FIELD(member, field, struct plan_numbers, OP_FIELD_NUMBERS) }
#define BYTES(member, field) { FIELD(member, field, struct plan_bytes, OP_FIELD_BYTES), .is_required = true }
#define SLOT(member, field) { FIELD(member, field, uint32_t, OP_FIELD_SLOT) }
#define SLOT_FILL(member, field) { FIELD(member, field, uint32_t, OP_FIELD_SLOT_FILL) }
#define U32(member, field) { FIELD(member, field, uint32_t, OP_FIELD_U32) }
#define U32_MAX(member, field, largest) { FIELD(member, field, uint32_t, OP_FIELD_U32), .max = (largest) }
#define OCTAL(member, field) { FIELD(member, field, uint32_t, OP_FIELD_OCTAL) }
#define HEX32(member, field) { FIELD(member, field, uint32_t, OP_FIELD_HEX32) }
#define I32(member, field) { FIELD(member, field, int32_t, OP_FIELD_I32) }
#define U64(member, field) { FIELD(member, field, uint64_t, OP_FIELD_U64) }
#define HEX64(member, field) { FIELD(member, field, uint64_t, OP_FIELD_HEX64) }
#define I64(member, field) { FIELD(member, field, int64_t, OP_FIELD_I64) }

static const struct op_field proc_fields[] = { U32_MAX(proc, want_sysctl, 1) };
static const struct op_field join_fields[] = {
	HEX32(join, ns_type),
	SLOT(join, slot),
};
static const struct op_field unshare_fields[] = { HEX32(unshare, flags) };
static const struct op_field time_offsets_fields[] = {
	I64(time_offsets, monotonic_secs),
	I64(time_offsets, boottime_secs),
	U32_MAX(time_offsets, monotonic_nanosecs, 999999999),
	U32_MAX(time_offsets, boottime_nanosecs, 999999999),
};
static const struct op_field name_fields[] = { STR(name, name) };
static const struct op_field sysctl_fields[] = { STR_NEEDED(sysctl, path), STR(sysctl, value) };
static const struct op_field keyring_fields[] = { STR(keyring, name), STR(keyring, label) };
static const struct op_field propagation_fields[] = { STR_NEEDED(propagation, path), HEX32(propagation, flags) };
static const struct op_field root_fields[] = { STR(root, path), SLOT(root, slot), HEX32(root, flags) };
static const struct op_field open_tree_fields[] = {
	STR_NEEDED(open_tree, path),
	SLOT_FILL(open_tree, slot),
	OCTAL(open_tree, device_type),
	U32(open_tree, major),
	U32(open_tree, minor),
};
/* Also those of OP_COPY_UP, whose struct starts with a struct op_mount_fs. */
static const struct op_field mount_fs_fields[] = {
	STR_NEEDED(mount_fs, type),
	STR(mount_fs, source),
	STR_NEEDED(mount_fs, destination),
	LIST(mount_fs, options),
	NUMBERS(mount_fs, propagation),
	STR(mount_fs, label),
	HEX32(mount_fs, flags),
	HEX32(mount_fs, sb_flags),
	HEX64(mount_fs, attr_set),
	HEX64(mount_fs, attr_clear),
	HEX64(mount_fs, rec_attr_set),
	HEX64(mount_fs, rec_attr_clear),
};
_Static_assert(offsetof(struct op_copy_up, mount) == 0 && sizeof(struct op_copy_up) == sizeof(struct op_mount_fs),
               "OP_COPY_UP borrows the fields of OP_MOUNT_FS");
static const struct op_field mount_bind_fields[] = {
	STR(mount_bind, source),
	STR_NEEDED(mount_bind, destination),
	NUMBERS(mount_bind, propagation),
	SLOT(mount_bind, source_slot),
	HEX32(mount_bind, flags),
	HEX64(mount_bind, attr_set),
	HEX64(mount_bind, attr_clear),
	HEX64(mount_bind, rec_attr_set),
	HEX64(mount_bind, rec_attr_clear),
};
static const struct op_field remount_fields[] = {
	STR_NEEDED(remount, destination),
	LIST(remount, options),
	NUMBERS(remount, propagation),
	HEX32(remount, flags),
	HEX32(remount, sb_flags),
	U32_MAX(remount, has_super, 1),
	HEX64(remount, attr_set),
	HEX64(remount, attr_clear),
	HEX64(remount, rec_attr_set),
	HEX64(remount, rec_attr_clear),
};
static const struct op_field symlink_fields[] = {
	STR_NEEDED(symlink, target),
	STR_NEEDED(symlink, path),
	HEX32(symlink, flags),
};
static const struct op_field sync_fields[] = { U32_MAX(sync, point, SYNC_POINT_COUNT - 1) };
static const struct op_field hook_fields[] = {
	U32(hook, hook_kind),
	U32(hook, timeout_s),
	STR_NEEDED(hook, path),
	LIST_NEEDED(hook, args),
	LIST(hook, env),
	SLOT(hook, stdout_slot),
	SLOT(hook, stderr_slot),
};
static const struct op_field pivot_fields[] = { U32_MAX(pivot, method, PIVOT_CHROOT) };
static const struct op_field device_fields[] = {
	STR_NEEDED(device, path),
	OCTAL(device, type),
	U32(device, major),
	U32(device, minor),
	OCTAL(device, mode),
	U32(device, uid),
	U32(device, gid),
	SLOT(device, slot),
};
static const struct op_field console_fields[] = {
	U32(console, height),
	U32(console, width),
	U32_MAX(console, bind_console, 1),
	U32(console, uid),
};
static const struct op_field stdio_fields[] = { U32(stdio, uid) };
static const struct op_field path_fields[] = { STR_NEEDED(path, path) };
static const struct op_field mask_fields[] = { STR_NEEDED(mask, path), STR(mask, option) };
static const struct op_field rlimit_fields[] = { U32(rlimit, resource), U64(rlimit, soft), U64(rlimit, hard) };
static const struct op_field scheduler_fields[] = {
	U32(scheduler, policy),
	I32(scheduler, nice),
	U32(scheduler, priority),
	HEX64(scheduler, flags),
	U64(scheduler, runtime_ns),
	U64(scheduler, deadline_ns),
	U64(scheduler, period_ns),
};
static const struct op_field io_priority_fields[] = { U32(io_priority, value) };
static const struct op_field cpu_affinity_fields[] = { BYTES(cpu_affinity, cpus) };
static const struct op_field memory_policy_fields[] = {
	U32(memory_policy, mode),
	HEX32(memory_policy, flags),
	NUMBERS(memory_policy, nodes),
};
static const struct op_field personality_fields[] = { HEX32(personality, persona) };
static const struct op_field umask_fields[] = { OCTAL(umask, mask) };
static const struct op_field home_fields[] = { U32(home, uid) };
static const struct op_field credentials_fields[] = {
	U32(credentials, uid),
	U32(credentials, gid),
	NUMBERS(credentials, groups),
	HEX32(credentials, flags),
	HEX64(credentials, bounding),
	HEX64(credentials, effective),
	HEX64(credentials, inheritable),
	HEX64(credentials, permitted),
	HEX64(credentials, ambient),
};
static const struct op_field find_program_fields[] = { STR(find_program, name), LIST(find_program, search) };
static const struct op_field landlock_fields[] = {
	HEX64(landlock, handled_fs),
	HEX64(landlock, handled_net),
	HEX64(landlock, scoped),
};
static const struct op_field landlock_path_fields[] = {
	STR_NEEDED(landlock_path, path),
	U32_MAX(landlock_path, is_known, 1),
	U64(landlock_path, device),
	U64(landlock_path, inode),
	HEX64(landlock_path, allowed),
};
static const struct op_field landlock_port_fields[] = {
	U32_MAX(landlock_port, port, UINT16_MAX),
	HEX64(landlock_port, allowed),
};
static const struct op_field label_fields[] = { STR_NEEDED(label, value), LIST_NEEDED(label, files) };
static const struct op_field close_fds_fields[] = { U32(close_fds, first) };
static const struct op_field seccomp_fields[] = { BYTES(seccomp, program), HEX32(seccomp, flags) };
static const struct op_field exec_fields[] = {
	LIST_NEEDED(exec, args),
	LIST(exec, env),
	U32_MAX(exec, set_listen_pid, 1),
	U32_MAX(exec, set_home, 1),
};

#define IN(phase) (1u << (phase))
#define FIELDS(array) .fields = (array), .field_count = sizeof(array) / sizeof((array)[0])

const struct op_kind_row op_kind_rows[OP_KIND_COUNT] = {
	[OP_PROC] = { "proc", IN(PHASE_JOIN), FIELDS(proc_fields) },
	[OP_JOIN] = { "join", IN(PHASE_JOIN), FIELDS(join_fields) },
	[OP_UNSHARE] = { "unshare", IN(PHASE_JOIN) | IN(PHASE_ISOLATE) | IN(PHASE_MOUNT),
	                 FIELDS(unshare_fields) },
	[OP_TIME_OFFSETS] = { "time_offsets", IN(PHASE_ISOLATE), FIELDS(time_offsets_fields) },
	[OP_SESSION] = { "session", IN(PHASE_ISOLATE), NULL, 0 },
	[OP_HOSTNAME] = { "hostname", IN(PHASE_ISOLATE), FIELDS(name_fields) },
	[OP_DOMAINNAME] = { "domainname", IN(PHASE_ISOLATE), FIELDS(name_fields) },
	[OP_LOOPBACK] = { "loopback", IN(PHASE_ISOLATE), NULL, 0 },
	[OP_SYSCTL] = { "sysctl", IN(PHASE_ISOLATE) | IN(PHASE_DEV) | IN(PHASE_MASK), FIELDS(sysctl_fields) },
	[OP_KEYRING] = { "keyring", IN(PHASE_ISOLATE), FIELDS(keyring_fields) },
	[OP_PROPAGATION] = { "propagation", IN(PHASE_ROOT) | IN(PHASE_PIVOT) | IN(PHASE_DEV) | IN(PHASE_MASK),
	                     FIELDS(propagation_fields) },
	[OP_ROOT] = { "root", IN(PHASE_ROOT), FIELDS(root_fields) },
	[OP_OPEN_TREE] = { "open_tree", IN(PHASE_ROOT), FIELDS(open_tree_fields) },
	[OP_MOUNT_FS] = { "mount_fs", IN(PHASE_MOUNT), FIELDS(mount_fs_fields) },
	[OP_MOUNT_BIND] = { "mount_bind", IN(PHASE_MOUNT), FIELDS(mount_bind_fields) },
	[OP_REMOUNT] = { "remount", IN(PHASE_MOUNT) | IN(PHASE_DEV) | IN(PHASE_MASK), FIELDS(remount_fields) },
	[OP_COPY_UP] = { "copy_up", IN(PHASE_MOUNT), FIELDS(mount_fs_fields) },
	[OP_SYMLINK] = { "symlink", IN(PHASE_MOUNT) | IN(PHASE_DEV), FIELDS(symlink_fields) },
	[OP_SYNC] = { "sync", IN(PHASE_ISOLATE) | IN(PHASE_ROOT) | IN(PHASE_MOUNT) | IN(PHASE_HOOKS) | IN(PHASE_MASK) |
	                      IN(PHASE_READY), FIELDS(sync_fields) },
	[OP_HOOK] = { "hook", IN(PHASE_HOOKS) | IN(PHASE_START), FIELDS(hook_fields) },
	[OP_PIVOT] = { "pivot", IN(PHASE_PIVOT), FIELDS(pivot_fields) },
	[OP_DEVICE] = { "device", IN(PHASE_DEV), FIELDS(device_fields) },
	[OP_CONSOLE] = { "console", IN(PHASE_DEV), FIELDS(console_fields) },
	[OP_STDIO] = { "stdio", IN(PHASE_DEV), FIELDS(stdio_fields) },
	[OP_MASK] = { "mask", IN(PHASE_MASK), FIELDS(mask_fields) },
	[OP_READONLY] = { "readonly", IN(PHASE_MASK), FIELDS(path_fields) },
	[OP_RLIMIT] = { "rlimit", IN(PHASE_IDENTITY), FIELDS(rlimit_fields) },
	[OP_SCHEDULER] = { "scheduler", IN(PHASE_IDENTITY), FIELDS(scheduler_fields) },
	[OP_IO_PRIORITY] = { "io_priority", IN(PHASE_IDENTITY), FIELDS(io_priority_fields) },
	[OP_CPU_AFFINITY] = { "cpu_affinity", IN(PHASE_IDENTITY), FIELDS(cpu_affinity_fields) },
	[OP_MEMORY_POLICY] = { "memory_policy", IN(PHASE_IDENTITY), FIELDS(memory_policy_fields) },
	[OP_PERSONALITY] = { "personality", IN(PHASE_IDENTITY), FIELDS(personality_fields) },
	[OP_UMASK] = { "umask", IN(PHASE_IDENTITY) | IN(PHASE_DEV) | IN(PHASE_MASK), FIELDS(umask_fields) },
	[OP_CWD_CREATE] = { "cwd_create", IN(PHASE_MOUNT) | IN(PHASE_DEV) | IN(PHASE_MASK) | IN(PHASE_IDENTITY),
	                    FIELDS(path_fields) },
	[OP_HOME] = { "home", IN(PHASE_IDENTITY), FIELDS(home_fields) },
	[OP_CREDENTIALS] = { "credentials", IN(PHASE_IDENTITY) | IN(PHASE_START) | IN(PHASE_EXEC),
	                     FIELDS(credentials_fields) },
	[OP_CWD] = { "cwd", IN(PHASE_IDENTITY), FIELDS(path_fields) },
	[OP_FIND_PROGRAM] = { "find_program", IN(PHASE_IDENTITY) | IN(PHASE_EXEC), FIELDS(find_program_fields) },
	[OP_LANDLOCK] = { "landlock", IN(PHASE_IDENTITY), FIELDS(landlock_fields) },
	[OP_LANDLOCK_PATH] = { "landlock_path", IN(PHASE_IDENTITY), FIELDS(landlock_path_fields) },
	[OP_LANDLOCK_PORT] = { "landlock_port", IN(PHASE_IDENTITY), FIELDS(landlock_port_fields) },
	[OP_LABEL] = { "label", IN(PHASE_IDENTITY) | IN(PHASE_EXEC), FIELDS(label_fields) },
	[OP_NO_NEW_PRIVS] = { "no_new_privs", IN(PHASE_IDENTITY) | IN(PHASE_EXEC), NULL, 0 },
	[OP_CLOSE_FDS] = { "close_fds", IN(PHASE_EXEC), FIELDS(close_fds_fields) },
	[OP_LANDLOCK_ENFORCE] = { "landlock_enforce", IN(PHASE_EXEC), NULL, 0 },
	[OP_SECCOMP] = { "seccomp", IN(PHASE_EXEC), FIELDS(seccomp_fields) },
	[OP_EXEC] = { "exec", IN(PHASE_EXEC), FIELDS(exec_fields) },
};

const char *const plan_phase_names[PHASE_COUNT] = {
	[PHASE_JOIN] = "join",
	[PHASE_ISOLATE] = "isolate",
	[PHASE_ROOT] = "root",
	[PHASE_MOUNT] = "mount",
	[PHASE_HOOKS] = "hooks",
	[PHASE_PIVOT] = "pivot",
	[PHASE_DEV] = "dev",
	[PHASE_MASK] = "mask",
	[PHASE_IDENTITY] = "identity",
	[PHASE_READY] = "ready",
	[PHASE_START] = "start",
	[PHASE_EXEC] = "exec",
};

const char *op_kind_name(uint32_t kind)
{
	return kind < OP_KIND_COUNT ? op_kind_rows[kind].name : "unknown";
}
