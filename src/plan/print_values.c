/*
 * plan/print_values.c - which numbers of ops are words: flags, attributes, capabilities, enumerations.
 *
 * Runtime process only; pure.  The words are the kernel's, as manual pages have them, without their common prefix.
 */
#include "plan/print_values.h"

#include <sched.h>
#include <string.h>
#include <linux/mount.h>
#include <sys/stat.h>

#include "base/rlimit_names.h"
#include "base/seccomp_flags.h"
#include "spec/hooks.h"
#include "spec/names.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static const struct name_row clone_rows[] = {
	{ "user", CLONE_NEWUSER },   { "pid", CLONE_NEWPID },       { "ipc", CLONE_NEWIPC },   { "uts", CLONE_NEWUTS },
	{ "network", CLONE_NEWNET }, { "cgroup", CLONE_NEWCGROUP }, { "time", CLONE_NEWTIME }, { "mount", CLONE_NEWNS },
};
static const struct name_row ms_rows[] = {
	{ "ro", MS_RDONLY },           { "sync", MS_SYNCHRONOUS }, { "dirsync", MS_DIRSYNC },
	{ "mand", MS_MANDLOCK },       { "lazytime", MS_LAZYTIME }, { "silent", MS_SILENT },
	{ "iversion", MS_I_VERSION },  { "rec", MS_REC },           { "private", MS_PRIVATE },
	{ "slave", MS_SLAVE },         { "shared", MS_SHARED },     { "unbindable", MS_UNBINDABLE },
};
static const struct name_row attr_rows[] = {
	{ "ro", MOUNT_ATTR_RDONLY },           { "nosuid", MOUNT_ATTR_NOSUID }, { "nodev", MOUNT_ATTR_NODEV },
	{ "noexec", MOUNT_ATTR_NOEXEC },       { "atime", MOUNT_ATTR__ATIME },  { "noatime", MOUNT_ATTR_NOATIME },
	{ "strictatime", MOUNT_ATTR_STRICTATIME }, { "nodiratime", MOUNT_ATTR_NODIRATIME },
	{ "nosymfollow", MOUNT_ATTR_NOSYMFOLLOW },
};
static const struct name_row mount_flag_rows[] = {
	{ "optional", MOUNT_OPTIONAL },         { "no_symlink", MOUNT_NO_SYMLINK },
	{ "recursive", MOUNT_RECURSIVE },       { "source_dir", MOUNT_SOURCE_DIR },
	{ "keep_locked", MOUNT_KEEP_LOCKED },   { "src_nofollow", MOUNT_SRC_NOFOLLOW },
	{ "copy_symlink", MOUNT_COPY_SYMLINK }, { "source_proc", MOUNT_SOURCE_PROC },
	{ "keep_mode", MOUNT_KEEP_MODE },
};
static const struct name_row root_flag_rows[] = {
	{ "bind", ROOT_BIND },
	{ "private_parent", ROOT_PRIVATE_PARENT },
	{ "private_tree", ROOT_PRIVATE_TREE },
};
static const struct name_row symlink_flag_rows[] = { { "keep", SYMLINK_KEEP } };
static const struct name_row credential_flag_rows[] = {
	{ "set_groups", CRED_SET_GROUPS },
	{ "keep_sys_admin", CRED_KEEP_SYS_ADMIN },
};
static const struct name_row sync_rows[] = {
	{ "cgroup", SYNC_CGROUP },
	{ "hooks", SYNC_HOOKS },
	{ "ready", SYNC_READY },
	{ "starting", SYNC_STARTING },
};
static const struct name_row pivot_rows[] = {
	{ "pivot_root", PIVOT_ROOT },
	{ "move", PIVOT_MOVE },
	{ "chroot", PIVOT_CHROOT },
};
static const struct name_row device_type_rows[] = { { "char", S_IFCHR }, { "block", S_IFBLK }, { "fifo", S_IFIFO } };
static const struct name_row hook_rows[] = {
	{ "createContainer", HOOK_CREATE_CONTAINER },
	{ "startContainer", HOOK_START_CONTAINER },
};

/* The spec's, and what a listener adds. */
static const struct name_row seccomp_flag_rows[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_NEW_LISTENER", SECCOMP_FILTER_FLAG_NEW_LISTENER },
	{ "SECCOMP_FILTER_FLAG_TSYNC_ESRCH", SECCOMP_FILTER_FLAG_TSYNC_ESRCH },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
};

#define OWN_TABLE(name) static const struct name_table name##_names = NAME_TABLE(name##_rows)
OWN_TABLE(clone);
OWN_TABLE(ms);
OWN_TABLE(attr);
OWN_TABLE(mount_flag);
OWN_TABLE(root_flag);
OWN_TABLE(symlink_flag);
OWN_TABLE(credential_flag);
OWN_TABLE(sync);
OWN_TABLE(pivot);
OWN_TABLE(device_type);
OWN_TABLE(hook);
OWN_TABLE(seccomp_flag);

struct word_row {
	uint32_t kind;       /* ANY_KIND: every kind that has such a field */
	const char *field;
	struct print_words words;
};

#define ANY_KIND UINT32_MAX
#define BITS(table) { &(table), .is_bits = true }
#define WORD(table) { &(table) }
#define CAPABILITIES { &spec_capability_names, .is_bits = true, .is_bit_number = true }

static const struct word_row word_rows[] = {
	{ ANY_KIND, "ns_type", BITS(clone_names) },
	{ OP_UNSHARE, "flags", BITS(clone_names) },
	{ OP_PROPAGATION, "flags", BITS(ms_names) },
	{ ANY_KIND, "propagation", BITS(ms_names) },
	{ OP_ROOT, "flags", BITS(root_flag_names) },
	{ OP_MOUNT_FS, "flags", BITS(mount_flag_names) },
	{ OP_COPY_UP, "flags", BITS(mount_flag_names) },
	{ OP_MOUNT_BIND, "flags", BITS(mount_flag_names) },
	{ OP_REMOUNT, "flags", BITS(mount_flag_names) },
	{ ANY_KIND, "sb_flags", BITS(ms_names) },
	{ ANY_KIND, "attr_set", BITS(attr_names) },
	{ ANY_KIND, "attr_clear", BITS(attr_names) },
	{ ANY_KIND, "rec_attr_set", BITS(attr_names) },
	{ ANY_KIND, "rec_attr_clear", BITS(attr_names) },
	{ OP_SYMLINK, "flags", BITS(symlink_flag_names) },
	{ OP_CREDENTIALS, "flags", BITS(credential_flag_names) },
	{ OP_CREDENTIALS, "bounding", CAPABILITIES },
	{ OP_CREDENTIALS, "effective", CAPABILITIES },
	{ OP_CREDENTIALS, "inheritable", CAPABILITIES },
	{ OP_CREDENTIALS, "permitted", CAPABILITIES },
	{ OP_CREDENTIALS, "ambient", CAPABILITIES },
	{ OP_SCHEDULER, "flags", BITS(spec_scheduler_flag_names) },
	{ OP_SCHEDULER, "policy", WORD(spec_scheduler_policy_names) },
	{ OP_MEMORY_POLICY, "mode", WORD(spec_memory_policy_names) },
	{ OP_MEMORY_POLICY, "flags", BITS(spec_memory_flag_names) },
	{ OP_RLIMIT, "resource", WORD(rlimit_names) },
	{ OP_LANDLOCK, "handled_fs", BITS(spec_landlock_fs_names) },
	{ OP_LANDLOCK, "handled_net", BITS(spec_landlock_net_names) },
	{ OP_LANDLOCK, "scoped", BITS(spec_landlock_scope_names) },
	{ OP_LANDLOCK_PATH, "allowed", BITS(spec_landlock_fs_names) },
	{ OP_LANDLOCK_PORT, "allowed", BITS(spec_landlock_net_names) },
	{ OP_SYNC, "point", WORD(sync_names) },
	{ OP_PIVOT, "method", WORD(pivot_names) },
	{ OP_HOOK, "hook_kind", WORD(hook_names) },
	{ OP_DEVICE, "type", WORD(device_type_names) },
	{ OP_OPEN_TREE, "device_type", WORD(device_type_names) },
	{ OP_SECCOMP, "flags", BITS(seccomp_flag_names) },
};

const struct print_words plan_print_clone_flags = BITS(clone_names);

const struct print_words *plan_print_words(uint32_t kind, const char *field)
{
	for (size_t i = 0; i < sizeof(word_rows) / sizeof(word_rows[0]); i++) {
		const struct word_row *row = &word_rows[i];
		if ((row->kind == kind || row->kind == ANY_KIND) && strcmp(row->field, field) == 0)
			return &row->words;
	}
	return NULL;
}

const char *plan_print_next_bit(const struct print_words *words, size_t *at, uint64_t *bits)
{
	const struct name_table *names = words->names;

	for (; *at < names->count; (*at)++) {
		const struct name_row *row = &names->rows[*at];
		uint64_t bit = words->is_bit_number ? (uint64_t)1 << row->value : (uint64_t)row->value;
		if (bit != 0 && (*bits & bit) == bit) {
			*bits &= ~bit;
			(*at)++;
			return row->name;
		}
	}
	return NULL;
}

const char *plan_print_need(enum plan_cgroup_need need)
{
	static const char *const words[] = {
		[WRITE_REQUIRED] = "required",
		[WRITE_OPTIONAL] = "optional",
		[WRITE_IF_THERE] = "if there",
		[WRITE_ELSE] = "else",
	};

	return words[need];
}
