/*
 * spec/names.h - the words of config.json and their numbers, one table an enumeration.
 *
 * Read by the decoder, by the plan's printer, and by `features`.  Where two words share a number the first row is the
 * one that is printed.
 */
#ifndef SPEC_NAMES_H
#define SPEC_NAMES_H

#include "base/names.h"

extern const struct name_table spec_namespace_names;        /* "pid" -> CLONE_NEWPID */
extern const struct name_table spec_capability_names;       /* "CAP_CHOWN" -> 0 ... : all 41 of Linux 6.x */
extern const struct name_table spec_scheduler_policy_names; /* "SCHED_FIFO" -> SCHED_FIFO */
extern const struct name_table spec_scheduler_flag_names;   /* "SCHED_FLAG_RESET_ON_FORK" -> its bit */
extern const struct name_table spec_io_class_names;         /* "IOPRIO_CLASS_BE" -> 2 */
extern const struct name_table spec_propagation_names;      /* "rslave" -> MS_SLAVE | MS_REC */
extern const struct name_table spec_personality_names;      /* "LINUX32" -> PER_LINUX32 */
extern const struct name_table spec_memory_policy_names;    /* "MPOL_BIND" -> MPOL_BIND */
extern const struct name_table spec_memory_flag_names;      /* "MPOL_F_STATIC_NODES" -> its bit */
extern const struct name_table spec_device_type_names;      /* "c" -> 'c', for linux.devices */
extern const struct name_table spec_device_rule_type_names; /* "a" -> 'a', for linux.resources.devices */
extern const struct name_table spec_seccomp_action_names;   /* "SCMP_ACT_ERRNO" -> enum spec_seccomp_action */
extern const struct name_table spec_seccomp_op_names;       /* "SCMP_CMP_EQ" -> enum spec_seccomp_op */
extern const struct name_table spec_seccomp_flag_names;     /* "SECCOMP_FILTER_FLAG_LOG" -> its bit */
extern const struct name_table spec_seccomp_arch_names;     /* "SCMP_ARCH_X86_64" -> its row number */
extern const struct name_table spec_landlock_fs_names;      /* "read_file" -> its bit (base/landlock.h) */
extern const struct name_table spec_landlock_net_names;     /* "bind_tcp" -> its bit */
extern const struct name_table spec_landlock_scope_names;   /* "signal" -> its bit */

#endif
