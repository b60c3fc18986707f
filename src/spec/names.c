/*
 * spec/names.c - the words of config.json and their numbers.  Runtime process only; data, no code.
 */
#include "spec/names.h"

#include <sched.h>
#include <linux/mount.h>
#include <sys/personality.h>
#include <sys/resource.h>

#include <linux/capability.h>

#include "base/landlock.h"
#include "base/seccomp_flags.h"
#include "spec/seccomp.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

static const struct name_row namespace_rows[] = {
	{ "mount", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },
	{ "network", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },
	{ "uts", CLONE_NEWUTS },
	{ "user", CLONE_NEWUSER },
	{ "cgroup", CLONE_NEWCGROUP },
	{ "time", CLONE_NEWTIME },
};
const struct name_table spec_namespace_names = NAME_TABLE(namespace_rows);

static const struct name_row capability_rows[] = {
	{ "CAP_CHOWN", 0 },
	{ "CAP_DAC_OVERRIDE", 1 },
	{ "CAP_DAC_READ_SEARCH", 2 },
	{ "CAP_FOWNER", 3 },
	{ "CAP_FSETID", 4 },
	{ "CAP_KILL", 5 },
	{ "CAP_SETGID", 6 },
	{ "CAP_SETUID", 7 },
	{ "CAP_SETPCAP", 8 },
	{ "CAP_LINUX_IMMUTABLE", 9 },
	{ "CAP_NET_BIND_SERVICE", 10 },
	{ "CAP_NET_BROADCAST", 11 },
	{ "CAP_NET_ADMIN", 12 },
	{ "CAP_NET_RAW", 13 },
	{ "CAP_IPC_LOCK", 14 },
	{ "CAP_IPC_OWNER", 15 },
	{ "CAP_SYS_MODULE", 16 },
	{ "CAP_SYS_RAWIO", 17 },
	{ "CAP_SYS_CHROOT", 18 },
	{ "CAP_SYS_PTRACE", 19 },
	{ "CAP_SYS_PACCT", 20 },
	{ "CAP_SYS_ADMIN", 21 },
	{ "CAP_SYS_BOOT", 22 },
	{ "CAP_SYS_NICE", 23 },
	{ "CAP_SYS_RESOURCE", 24 },
	{ "CAP_SYS_TIME", 25 },
	{ "CAP_SYS_TTY_CONFIG", 26 },
	{ "CAP_MKNOD", 27 },
	{ "CAP_LEASE", 28 },
	{ "CAP_AUDIT_WRITE", 29 },
	{ "CAP_AUDIT_CONTROL", 30 },
	{ "CAP_SETFCAP", 31 },
	{ "CAP_MAC_OVERRIDE", 32 },
	{ "CAP_MAC_ADMIN", 33 },
	{ "CAP_SYSLOG", 34 },
	{ "CAP_WAKE_ALARM", 35 },
	{ "CAP_BLOCK_SUSPEND", 36 },
	{ "CAP_AUDIT_READ", 37 },
	{ "CAP_PERFMON", 38 },
	{ "CAP_BPF", 39 },
	{ "CAP_CHECKPOINT_RESTORE", 40 },
};
_Static_assert(sizeof(capability_rows) / sizeof(capability_rows[0]) == CAP_LAST_CAP + 1, "a row for every capability");
const struct name_table spec_capability_names = NAME_TABLE(capability_rows);

/* sched.h has SCHED_OTHER but neither SCHED_ISO (reserved, never in the kernel) nor, in old libcs, SCHED_DEADLINE. */
static const struct name_row scheduler_policy_rows[] = {
	{ "SCHED_OTHER", 0 },
	{ "SCHED_FIFO", 1 },
	{ "SCHED_RR", 2 },
	{ "SCHED_BATCH", 3 },
	{ "SCHED_ISO", 4 },
	{ "SCHED_IDLE", 5 },
	{ "SCHED_DEADLINE", 6 },
};
const struct name_table spec_scheduler_policy_names = NAME_TABLE(scheduler_policy_rows);

/* linux/sched.h, which can't be included beside sched.h. */
static const struct name_row scheduler_flag_rows[] = {
	{ "SCHED_FLAG_RESET_ON_FORK", 0x01 },
	{ "SCHED_FLAG_RECLAIM", 0x02 },
	{ "SCHED_FLAG_DL_OVERRUN", 0x04 },
	{ "SCHED_FLAG_KEEP_POLICY", 0x08 },
	{ "SCHED_FLAG_KEEP_PARAMS", 0x10 },
	{ "SCHED_FLAG_UTIL_CLAMP_MIN", 0x20 },
	{ "SCHED_FLAG_UTIL_CLAMP_MAX", 0x40 },
};
const struct name_table spec_scheduler_flag_names = NAME_TABLE(scheduler_flag_rows);

static const struct name_row io_class_rows[] = {
	{ "IOPRIO_CLASS_RT", 1 },
	{ "IOPRIO_CLASS_BE", 2 },
	{ "IOPRIO_CLASS_IDLE", 3 },
};
const struct name_table spec_io_class_names = NAME_TABLE(io_class_rows);

static const struct name_row propagation_rows[] = {
	{ "private", MS_PRIVATE },
	{ "shared", MS_SHARED },
	{ "slave", MS_SLAVE },
	{ "unbindable", MS_UNBINDABLE },
	{ "rprivate", MS_PRIVATE | MS_REC },
	{ "rshared", MS_SHARED | MS_REC },
	{ "rslave", MS_SLAVE | MS_REC },
	{ "runbindable", MS_UNBINDABLE | MS_REC },
};
const struct name_table spec_propagation_names = NAME_TABLE(propagation_rows);

static const struct name_row personality_rows[] = {
	{ "LINUX", PER_LINUX },
	{ "LINUX32", PER_LINUX32 },
};
const struct name_table spec_personality_names = NAME_TABLE(personality_rows);

/* linux/mempolicy.h; older ones lack the last row. */
static const struct name_row memory_policy_rows[] = {
	{ "MPOL_DEFAULT", 0 },
	{ "MPOL_PREFERRED", 1 },
	{ "MPOL_BIND", 2 },
	{ "MPOL_INTERLEAVE", 3 },
	{ "MPOL_LOCAL", 4 },
	{ "MPOL_PREFERRED_MANY", 5 },
	{ "MPOL_WEIGHTED_INTERLEAVE", 6 },
};
const struct name_table spec_memory_policy_names = NAME_TABLE(memory_policy_rows);

static const struct name_row memory_flag_rows[] = {
	{ "MPOL_F_STATIC_NODES", 1 << 15 },
	{ "MPOL_F_RELATIVE_NODES", 1 << 14 },
	{ "MPOL_F_NUMA_BALANCING", 1 << 13 },
};
const struct name_table spec_memory_flag_names = NAME_TABLE(memory_flag_rows);

static const struct name_row device_type_rows[] = {
	{ "c", 'c' },
	{ "b", 'b' },
	{ "u", 'u' },
	{ "p", 'p' },
};
const struct name_table spec_device_type_names = NAME_TABLE(device_type_rows);

/* Engines write "" for a rule that is meant for both types. */
static const struct name_row device_rule_type_rows[] = {
	{ "a", 'a' },
	{ "b", 'b' },
	{ "c", 'c' },
	{ "", 'a' },
};
const struct name_table spec_device_rule_type_names = NAME_TABLE(device_rule_type_rows);

static const struct name_row seccomp_action_rows[] = {
	{ "SCMP_ACT_KILL", SECCOMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SECCOMP_ACT_KILL_PROCESS },
	{ "SCMP_ACT_KILL_THREAD", SECCOMP_ACT_KILL_THREAD },
	{ "SCMP_ACT_TRAP", SECCOMP_ACT_TRAP },
	{ "SCMP_ACT_ERRNO", SECCOMP_ACT_ERRNO },
	{ "SCMP_ACT_TRACE", SECCOMP_ACT_TRACE },
	{ "SCMP_ACT_ALLOW", SECCOMP_ACT_ALLOW },
	{ "SCMP_ACT_LOG", SECCOMP_ACT_LOG },
	{ "SCMP_ACT_NOTIFY", SECCOMP_ACT_NOTIFY },
};
const struct name_table spec_seccomp_action_names = NAME_TABLE(seccomp_action_rows);

static const struct name_row seccomp_op_rows[] = {
	{ "SCMP_CMP_NE", SECCOMP_OP_NE },
	{ "SCMP_CMP_LT", SECCOMP_OP_LT },
	{ "SCMP_CMP_LE", SECCOMP_OP_LE },
	{ "SCMP_CMP_EQ", SECCOMP_OP_EQ },
	{ "SCMP_CMP_GE", SECCOMP_OP_GE },
	{ "SCMP_CMP_GT", SECCOMP_OP_GT },
	{ "SCMP_CMP_MASKED_EQ", SECCOMP_OP_MASKED_EQ },
};
const struct name_table spec_seccomp_op_names = NAME_TABLE(seccomp_op_rows);

static const struct name_row seccomp_flag_rows[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
};
const struct name_table spec_seccomp_flag_names = NAME_TABLE(seccomp_flag_rows);

/* plan/seccomp.c has libseccomp's number for each; here they are words. */
static const struct name_row seccomp_arch_rows[] = {
	{ "SCMP_ARCH_X86", 0 },
	{ "SCMP_ARCH_X86_64", 1 },
	{ "SCMP_ARCH_X32", 2 },
	{ "SCMP_ARCH_ARM", 3 },
	{ "SCMP_ARCH_AARCH64", 4 },
	{ "SCMP_ARCH_LOONGARCH64", 5 },
	{ "SCMP_ARCH_M68K", 6 },
	{ "SCMP_ARCH_MIPS", 7 },
	{ "SCMP_ARCH_MIPS64", 8 },
	{ "SCMP_ARCH_MIPS64N32", 9 },
	{ "SCMP_ARCH_MIPSEL", 10 },
	{ "SCMP_ARCH_MIPSEL64", 11 },
	{ "SCMP_ARCH_MIPSEL64N32", 12 },
	{ "SCMP_ARCH_PPC", 13 },
	{ "SCMP_ARCH_PPC64", 14 },
	{ "SCMP_ARCH_PPC64LE", 15 },
	{ "SCMP_ARCH_S390", 16 },
	{ "SCMP_ARCH_S390X", 17 },
	{ "SCMP_ARCH_SH", 18 },
	{ "SCMP_ARCH_SHEB", 19 },
	{ "SCMP_ARCH_PARISC", 20 },
	{ "SCMP_ARCH_PARISC64", 21 },
	{ "SCMP_ARCH_RISCV64", 22 },
};
const struct name_table spec_seccomp_arch_names = NAME_TABLE(seccomp_arch_rows);

/* As linux/landlock.h, in lower case and without the prefix. */
static const struct name_row landlock_fs_rows[] = {
	{ "execute", LANDLOCK_FS_EXECUTE },
	{ "write_file", LANDLOCK_FS_WRITE_FILE },
	{ "read_file", LANDLOCK_FS_READ_FILE },
	{ "read_dir", LANDLOCK_FS_READ_DIR },
	{ "remove_dir", LANDLOCK_FS_REMOVE_DIR },
	{ "remove_file", LANDLOCK_FS_REMOVE_FILE },
	{ "make_char", LANDLOCK_FS_MAKE_CHAR },
	{ "make_dir", LANDLOCK_FS_MAKE_DIR },
	{ "make_reg", LANDLOCK_FS_MAKE_REG },
	{ "make_sock", LANDLOCK_FS_MAKE_SOCK },
	{ "make_fifo", LANDLOCK_FS_MAKE_FIFO },
	{ "make_block", LANDLOCK_FS_MAKE_BLOCK },
	{ "make_sym", LANDLOCK_FS_MAKE_SYM },
	{ "refer", LANDLOCK_FS_REFER },
	{ "truncate", LANDLOCK_FS_TRUNCATE },
	{ "ioctl_dev", LANDLOCK_FS_IOCTL_DEV },
};
const struct name_table spec_landlock_fs_names = NAME_TABLE(landlock_fs_rows);

static const struct name_row landlock_net_rows[] = {
	{ "bind_tcp", LANDLOCK_NET_BIND_TCP },
	{ "connect_tcp", LANDLOCK_NET_CONNECT_TCP },
};
const struct name_table spec_landlock_net_names = NAME_TABLE(landlock_net_rows);

static const struct name_row landlock_scope_rows[] = {
	{ "abstract_unix_socket", LANDLOCK_SCOPED_ABSTRACT_UNIX_SOCKET },
	{ "signal", LANDLOCK_SCOPED_SIGNAL },
};
const struct name_table spec_landlock_scope_names = NAME_TABLE(landlock_scope_rows);
