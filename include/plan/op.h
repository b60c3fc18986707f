/*
 * plan/op.h - the operations that a container is compiled to, as data.
 *
 * An op is a fixed-size, position-independent record: numbers, and offsets into the plan's pool of bytes.  So the
 * list in memory, the list in the sealed memfd and the list that init executes are the same bytes.  A kind is one
 * small struct here, one row in plan/op_rows.c (name, phase, fields for printing and for checking) and one row in
 * ops/op_table.c (the function that executes it).
 *
 * Written by plan/ in the runtime process, read by init.  Pure: no system calls.
 */
#ifndef PLAN_OP_H
#define PLAN_OP_H

#include <stddef.h>
#include <stdint.h>

/* Offset 0 is "none"; else a NUL-terminated string at pool + offset. */
struct plan_str { uint32_t offset; };
/* `count` struct plan_str at pool + offset, 4-aligned. */
struct plan_list { uint32_t offset; uint32_t count; };
/* `count` uint32_t at pool + offset, 4-aligned. */
struct plan_numbers { uint32_t offset; uint32_t count; };
/* `size` bytes at pool + offset, 8-aligned. */
struct plan_bytes { uint32_t offset; uint32_t size; };

/*
 * A slot is a place for a file descriptor that only run time knows.  The fixed ones come first; plan_slot rows from
 * SLOT_DYNAMIC on are opened by the runtime (struct plan_slot) or by an OP_OPEN_TREE.
 */
enum plan_fixed_slot {
	SLOT_NONE = 0,
	SLOT_ROOT,      /* the container's root directory; filled by OP_ROOT */
	SLOT_PROC,      /* a procfs that the container can't influence; filled by OP_PROC */
	SLOT_START,     /* the listening start socket; from the runtime, for create only */
	SLOT_NULL,      /* a detached mount of the host's /dev/null, fstat-checked; filled by OP_OPEN_TREE */
	SLOT_MASK,      /* the read-only tmpfs that hides directories; made by the first OP_MASK that needs it */
	SLOT_DYNAMIC    /* the first number that the planner hands out */
};
#define PLAN_SLOT_MAX 4096u

/* The order of execution.  The ops of a plan never go back to an earlier phase (plan_check()). */
enum plan_phase {
	PHASE_JOIN = 0,    /* procfs handle, namespaces of others */
	PHASE_ISOLATE,     /* own namespaces that clone couldn't make, session, names, loopback, sysctl */
	PHASE_ROOT,        /* propagation of /, the root mount, trees opened on the host */
	PHASE_MOUNT,       /* config.mounts in their order */
	PHASE_HOOKS,       /* OP_SYNC at SYNC_HOOKS (without hooks: in PHASE_MASK), then createContainer hooks */
	PHASE_PIVOT,       /* the old root goes away */
	PHASE_DEV,         /* /dev is filled, console */
	PHASE_MASK,        /* masked and read-only paths, read-only root */
	PHASE_IDENTITY,    /* limits, scheduling, cwd, credentials, program lookup */
	PHASE_READY,       /* OP_SYNC at SYNC_READY: created; waits for start */
	PHASE_START,       /* startContainer hooks */
	PHASE_EXEC,        /* labels, no_new_privs, fds, seccomp, execve */
	PHASE_COUNT
};

enum plan_op_kind {
	OP_PROC = 0,
	OP_JOIN,
	OP_UNSHARE,
	OP_TIME_OFFSETS,
	OP_SESSION,
	OP_HOSTNAME,
	OP_DOMAINNAME,
	OP_LOOPBACK,
	OP_SYSCTL,
	OP_KEYRING,
	OP_PROPAGATION,
	OP_ROOT,
	OP_OPEN_TREE,
	OP_MOUNT_FS,
	OP_MOUNT_BIND,
	OP_REMOUNT,
	OP_COPY_UP,
	OP_SYMLINK,
	OP_SYNC,
	OP_HOOK,
	OP_PIVOT,
	OP_DEVICE,
	OP_CONSOLE,
	OP_STDIO,
	OP_MASK,
	OP_READONLY,
	OP_RLIMIT,
	OP_SCHEDULER,
	OP_IO_PRIORITY,
	OP_CPU_AFFINITY,
	OP_MEMORY_POLICY,
	OP_PERSONALITY,
	OP_UMASK,
	OP_CWD_CREATE,
	OP_HOME,
	OP_CREDENTIALS,
	OP_CWD,
	OP_FIND_PROGRAM,
	OP_LANDLOCK,
	OP_LANDLOCK_PATH,
	OP_LANDLOCK_PORT,
	OP_LABEL,
	OP_NO_NEW_PRIVS,
	OP_CLOSE_FDS,
	OP_LANDLOCK_ENFORCE,
	OP_SECCOMP,
	OP_EXEC,
	OP_KIND_COUNT
};

/*
 * OP_PROC: opens procfs into SLOT_PROC: /proc of the host, checked to be the root
 * of a procfs; else a private instance.
 */
struct op_proc { uint32_t want_sysctl; /* 1: /proc/sys must be writable, so a read-only host /proc is not enough */ };

/* OP_JOIN: setns(slot, type) of what struct plan_spawn leaves to init: never a pid or user namespace. */
struct op_join { uint32_t ns_type; /* one CLONE_NEW* bit */ uint32_t slot; };

/*
 * OP_UNSHARE: unshare(flags) for what clone can't give: CLONE_NEWCGROUP (after the
 * process sits in its cgroup), CLONE_NEWTIME.
 */
struct op_unshare { uint32_t flags; };

/* OP_TIME_OFFSETS: writes /proc/self/timens_offsets, then enters the namespace (setns to time_for_children). */
struct op_time_offsets {
	int64_t monotonic_secs; int64_t boottime_secs;
	uint32_t monotonic_nanosecs; uint32_t boottime_nanosecs;
};

/* OP_SESSION: setsid(2).  It has no fields. */

/* OP_HOSTNAME, OP_DOMAINNAME. */
struct op_name { struct plan_str name; };

/* OP_LOOPBACK: brings `lo` up.  It has no fields. */

/* OP_SYSCTL: writes value to SLOT_PROC / "sys/" path.  path has slashes: "net/ipv4/ip_forward". */
struct op_sysctl { struct plan_str path; struct plan_str value; };

/*
 * OP_KEYRING: keyctl(KEYCTL_JOIN_SESSION_KEYRING, name) and search permission; EDQUOT and ENOSYS are a warning.
 * No name: a new one that has none.  label: SELinux's for the keyring, by SLOT_PROC / "self/attr/keycreate"; or none.
 */
struct op_keyring { struct plan_str name; struct plan_str label; };

/*
 * OP_PROPAGATION: mount(NULL, path, flags).  path "/" in PHASE_ROOT is the
 * runtime's root; after the pivot the container's.
 */
struct op_propagation { struct plan_str path; uint32_t flags; /* MS_SHARED|PRIVATE|SLAVE|UNBINDABLE, MS_REC */ };

enum op_root_flags {
	ROOT_BIND            = 1u << 0,  /* bind the root onto itself (own mount namespace) */
	/* make the mount that holds the root private when it is shared (pivot_root needs it) */
	ROOT_PRIVATE_PARENT  = 1u << 1,
	/* a tree from the runtime becomes private; else it is a slave of the host's */
	ROOT_PRIVATE_TREE    = 1u << 2
};
/*
 * OP_ROOT: opens the container's root into SLOT_ROOT.  slot: a detached tree from the
 * runtime (user namespaces), or SLOT_NONE.
 */
struct op_root { struct plan_str path; uint32_t slot; uint32_t flags; };

/*
 * OP_OPEN_TREE: open_tree(path, OPEN_TREE_CLONE) into a slot, before the pivot, for later binds.
 * When device_type is not 0 the source must be that device (S_IFCHR, major, minor), else the op fails.
 */
struct op_open_tree { struct plan_str path; uint32_t slot; uint32_t device_type; uint32_t major; uint32_t minor; };

enum op_mount_flags {
	MOUNT_OPTIONAL     = 1u << 0,  /* a missing source is not an error */
	/* no component of the target may be a symlink (/proc, /sys, /dev; CVE-2019-19921, 2023-27561) */
	MOUNT_NO_SYMLINK   = 1u << 1,
	MOUNT_RECURSIVE    = 1u << 2,  /* rbind */
	MOUNT_SOURCE_DIR   = 1u << 3,  /* the source is known to be a directory: init needn't ask */
	MOUNT_KEEP_LOCKED  = 1u << 4,  /* on EPERM keep the source's locked flags and retry */
	MOUNT_SRC_NOFOLLOW = 1u << 5,  /* don't follow a symlink as last component of the source */
	MOUNT_COPY_SYMLINK = 1u << 6,  /* the source is a symlink: recreate it instead of mounting */
	MOUNT_SOURCE_PROC  = 1u << 7,  /* a bind over /proc: the source must be the root of a procfs (CVE-2019-16884) */
	/* a tmpfs without mode=: it takes the mode of the directory that it covers, if that exists */
	MOUNT_KEEP_MODE    = 1u << 8
};

/*
 * OP_MOUNT_FS: a new file system at destination, made beneath SLOT_ROOT with missing components created.
 * options are fsconfig(2) parameters, "key" or "key=value"; a value may hold commas (context=...), which mount(2)'s
 * text needs quotes for.  sb_flags are the MS_* bits that belong to the superblock
 * (MS_RDONLY MS_SYNCHRONOUS MS_DIRSYNC MS_MANDLOCK MS_LAZYTIME MS_SILENT MS_I_VERSION ...), passed as fsconfig flags.
 * attr_set / attr_clear are MOUNT_ATTR_* for mount_setattr(2); rec_* the same with AT_RECURSIVE.  MOUNT_ATTR_RDONLY in
 * attr_set makes the mount read-only, not the superblock.
 * propagation: MS_SHARED|PRIVATE|SLAVE|UNBINDABLE with MS_REC, 0 for none; several may be given in order.
 */
struct op_mount_fs {
	struct plan_str type;
	struct plan_str source;
	struct plan_str destination;
	struct plan_list options;
	struct plan_numbers propagation;
	struct plan_str label;  /* the extended attribute security.selinux of the root of it, or none */
	uint32_t flags;         /* enum op_mount_flags */
	uint32_t sb_flags;
	uint64_t attr_set;
	uint64_t attr_clear;
	uint64_t rec_attr_set;
	uint64_t rec_attr_clear;
};

/* OP_MOUNT_BIND: source (a path seen before the pivot, or a detached tree in source_slot) at destination. */
struct op_mount_bind {
	struct plan_str source;
	struct plan_str destination;
	struct plan_numbers propagation;
	uint32_t source_slot;
	uint32_t flags;         /* enum op_mount_flags */
	uint64_t attr_set;
	uint64_t attr_clear;
	uint64_t rec_attr_set;
	uint64_t rec_attr_clear;
};

/*
 * OP_REMOUNT: changes attributes (and sb_flags/options when has_super is 1) of the
 * mount at destination, which must exist.
 */
struct op_remount {
	struct plan_str destination;
	struct plan_list options;
	struct plan_numbers propagation;
	uint32_t flags;
	uint32_t sb_flags;
	uint32_t has_super;
	uint64_t attr_set;
	uint64_t attr_clear;
	uint64_t rec_attr_set;
	uint64_t rec_attr_clear;
};

/* OP_COPY_UP: tmpcopyup: as OP_MOUNT_FS of a tmpfs, but first what the directory holds is copied into it. */
struct op_copy_up { struct op_mount_fs mount; };

enum op_symlink_flags { SYMLINK_KEEP = 1u << 0 /* an existing file of any kind is left alone */ };
/* OP_SYMLINK: `path` beneath SLOT_ROOT points to `target`; an existing symlink is replaced. */
struct op_symlink { struct plan_str target; struct plan_str path; uint32_t flags; };

enum plan_sync_point {
	SYNC_CGROUP = 0,  /* the process enters its cgroup (only where what follows needs it) */
	SYNC_HOOKS,       /* it does so now at the latest; the runtime has run prestart and createRuntime hooks */
	SYNC_READY,       /* created; continues with start */
	SYNC_STARTING,    /* in the place of SYNC_READY: created, and goes on at once */
	SYNC_POINT_COUNT
};
/* OP_SYNC: tells the runtime that the point is reached and, but for SYNC_STARTING, waits for its answer. */
struct op_sync { uint32_t point; };

/*
 * OP_HOOK: runs a hook in the container's namespaces; its standard input is the state that the runtime sent.  What it
 * prints goes to the slots' files, and where there are none becomes part of an error.
 */
struct op_hook {
	uint32_t hook_kind;       /* enum spec_hook_kind: CREATE_CONTAINER or START_CONTAINER */
	uint32_t timeout_s;       /* 0: none */
	struct plan_str path;
	struct plan_list args;    /* argv, at least one */
	struct plan_list env;
	uint32_t stdout_slot;     /* or SLOT_NONE */
	uint32_t stderr_slot;
};

enum op_pivot_method { PIVOT_ROOT = 0, PIVOT_MOVE, PIVOT_CHROOT };
/*
 * OP_PIVOT: SLOT_ROOT becomes "/": pivot_root and detach; MS_MOVE and chroot (--no-pivot); or chroot alone (no own
 * mount namespace).
 */
struct op_pivot { uint32_t method; };

/*
 * OP_DEVICE: a device node beneath SLOT_ROOT after the pivot.  Made by mknodat; where that is not permitted (user
 * namespace) the detached tree in `slot` is bound onto an empty file.  An existing node of the same kind is kept.
 */
struct op_device {
	struct plan_str path;
	uint32_t type;      /* S_IFCHR, S_IFBLK or S_IFIFO */
	uint32_t major;
	uint32_t minor;
	uint32_t mode;      /* permission bits; applied whatever the umask */
	uint32_t uid;
	uint32_t gid;
	uint32_t slot;      /* SLOT_NONE: mknod only */
};

/*
 * OP_CONSOLE: a pty from the container's own devpts: sends the master to the runtime, makes the peer (TIOCGPTPEER)
 * the controlling terminal and fds 0, 1, 2, and binds it at /dev/console when bind_console is 1.
 * height/width 0: leave the size alone.  uid: the owner that the peer gets.
 */
struct op_console { uint32_t height; uint32_t width; uint32_t bind_console; uint32_t uid; };

/*
 * OP_STDIO: without a terminal: opens /dev/null (char 1:3, checked) for closed standard fds, and gives stdio files
 * to uid as runc does.
 */
struct op_stdio { uint32_t uid; };

/*
 * OP_MASK: hides a path: a file by SLOT_NULL, a directory by a shared read-only tmpfs with one more option
 * ("context=..."), or none.  A missing path is fine.
 */
struct op_mask { struct plan_str path; struct plan_str option; };
struct op_path { struct plan_str path; };
/*
 * OP_READONLY: makes a path read-only by a bind of itself, keeping its other flags; "/" is the container's root.
 * Uses struct op_path.
 */

struct op_rlimit { uint32_t resource; uint64_t soft; uint64_t hard; };

/* OP_SCHEDULER: sched_setattr(2). */
struct op_scheduler {
	uint32_t policy; int32_t nice; uint32_t priority;
	uint64_t flags; uint64_t runtime_ns; uint64_t deadline_ns; uint64_t period_ns;
};

/* OP_IO_PRIORITY: ioprio_set(2) for the process: class << 13 | priority. */
struct op_io_priority { uint32_t value; };

/* OP_CPU_AFFINITY: sched_setaffinity(2) to these bytes, bit n of which is CPU n; for exec, inside the cgroup. */
struct op_cpu_affinity { struct plan_bytes cpus; };

/* OP_MEMORY_POLICY: set_mempolicy(2); mode is an MPOL_* number, flags MPOL_F_* bits, nodes the numbers of nodes. */
#define PLAN_NODE_MAX 8192u
struct op_memory_policy { uint32_t mode; uint32_t flags; struct plan_numbers nodes; };

/* OP_PERSONALITY: personality(2). */
struct op_personality { uint32_t persona; };

/* OP_UMASK: umask(2). */
struct op_umask { uint32_t mask; };

/*
 * OP_CWD_CREATE: makes the missing directories of the cwd beneath SLOT_ROOT, mode 0755.  OP_CWD: chdir, then checks
 * that the cwd is inside the root (CVE-2024-21626).  Both struct op_path.
 */

/* OP_HOME: remembers HOME for OP_EXEC when env has none: the home of uid in the container's /etc/passwd, else "/". */
struct op_home { uint32_t uid; };

enum op_credentials_flags {
	CRED_SET_GROUPS   = 1u << 0,  /* setgroups(groups), also when empty; off where the user namespace denies it */
	/*
	 * keep CAP_SYS_ADMIN permitted and effective until execve: seccomp and Landlock without no_new_privs need it,
	 * and execve recomputes the permitted set from the inheritable, bounding and ambient sets, so it never survives
	 */
	CRED_KEEP_SYS_ADMIN = 1u << 1
};
/*
 * OP_CREDENTIALS: bounding set, setgroups, setresgid, setresuid, capset, ambient set; the only function that does
 * (ARCHITECTURE.md, security rule 5).
 */
struct op_credentials {
	uint32_t uid;
	uint32_t gid;
	struct plan_numbers groups;
	uint32_t flags;
	uint64_t bounding;     /* bit n: capability n */
	uint64_t effective;
	uint64_t inheritable;
	uint64_t permitted;
	uint64_t ambient;
};

/*
 * OP_FIND_PROGRAM: resolves args[0] by the PATH of the container's env; ERR_EXEC_NOT_FOUND or ERR_EXEC_DENIED.
 * search: the directories of PATH.
 */
struct op_find_program { struct plan_str name; struct plan_list search; };

/* OP_LANDLOCK: makes a ruleset that handles (forbids) these (landlock(7)); the rules of the next ops allow again. */
struct op_landlock { uint64_t handled_fs; uint64_t handled_net; uint64_t scoped; /* bits of base/landlock.h */ };

/*
 * OP_LANDLOCK_PATH: allows something at and beneath what `path` is beneath SLOT_ROOT.  For a container's first process
 * its device and inode are told to the runtime (WIRE_PATH).  An exec knows them, and leaves the rule out where the path
 * has become another file: what the container's processes have put there must not widen what is allowed.
 */
struct op_landlock_path {
	struct plan_str path;
	uint32_t is_known;   /* 1: device and inode are what it must be */
	uint64_t device;
	uint64_t inode;
	uint64_t allowed;
};

/* OP_LANDLOCK_PORT: allows something with a TCP port. */
struct op_landlock_port { uint32_t port; uint64_t allowed; };

/* OP_LANDLOCK_ENFORCE: landlock_restrict_self(2).  It has no fields. */

/* OP_LABEL: writes value to the first of SLOT_PROC / "self/attr/<files>" that exists. */
struct op_label { struct plan_str value; struct plan_list files; /* "apparmor/exec", "exec" */ };

/* OP_NO_NEW_PRIVS: prctl(PR_SET_NO_NEW_PRIVS).  It has no fields. */

/* OP_CLOSE_FDS: everything from `first` on becomes close-on-exec.  first = 3 + the preserved ones. */
struct op_close_fds { uint32_t first; };

/* OP_SECCOMP: loads a compiled program (an array of struct sock_filter).  The last op before OP_EXEC. */
struct op_seccomp { struct plan_bytes program; uint32_t flags; /* SECCOMP_FILTER_FLAG_* */ };

/* OP_EXEC: execve of what OP_FIND_PROGRAM found. */
struct op_exec {
	struct plan_list args;
	struct plan_list env;
	uint32_t set_listen_pid;  /* 1: adds LISTEN_PID=<own pid> (sd_listen_fds(3)) */
	uint32_t set_home;        /* 1: adds HOME=<what OP_HOME found> */
};

/* One operation.  origin is the JSON path that it comes from ("mounts[3]"), or "" for what every container gets. */
struct plan_op {
	uint16_t kind;   /* enum plan_op_kind */
	uint16_t phase;  /* enum plan_phase */
	struct plan_str origin;
	union {
		struct op_proc proc;
		struct op_join join;
		struct op_unshare unshare;
		struct op_time_offsets time_offsets;
		struct op_name name;
		struct op_sysctl sysctl;
		struct op_keyring keyring;
		struct op_propagation propagation;
		struct op_root root;
		struct op_open_tree open_tree;
		struct op_mount_fs mount_fs;
		struct op_mount_bind mount_bind;
		struct op_remount remount;
		struct op_copy_up copy_up;
		struct op_symlink symlink;
		struct op_sync sync;
		struct op_hook hook;
		struct op_pivot pivot;
		struct op_device device;
		struct op_console console;
		struct op_stdio stdio;
		struct op_mask mask;
		struct op_path path;
		struct op_rlimit rlimit;
		struct op_scheduler scheduler;
		struct op_io_priority io_priority;
		struct op_cpu_affinity cpu_affinity;
		struct op_memory_policy memory_policy;
		struct op_personality personality;
		struct op_umask umask;
		struct op_home home;
		struct op_credentials credentials;
		struct op_find_program find_program;
		struct op_landlock landlock;
		struct op_landlock_path landlock_path;
		struct op_landlock_port landlock_port;
		struct op_label label;
		struct op_close_fds close_fds;
		struct op_seccomp seccomp;
		struct op_exec exec;
	} u;
};

#endif
