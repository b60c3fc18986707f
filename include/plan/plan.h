/*
 * plan/plan.h - compile a spec and facts about the host into a list of operations.
 *
 * Pure: no system calls, no root (the linker proves it in tests/unit).  Runtime process only.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "host/host.h"
#include "plan/cgroup.h"
#include "plan/image.h"
#include "plan/op.h"
#include "plan/seccomp.h"
#include "spec/cpu_list.h"
#include "spec/spec.h"

/* What the command line and the environment add to config.json. */
struct plan_options {
	const char *id;               /* the container's name */
	const char *bundle;           /* absolute path */
	bool no_pivot;
	bool no_new_keyring;
	uint32_t preserve_fds;        /* fds 3 .. 3+n-1 go to the program */
	uint32_t listen_fds;          /* LISTEN_FDS of the caller's environment; added in front of preserve_fds */
	const char *notify_dir;       /* host directory with the notify socket to bind at /run/notify, or NULL */
	bool uses_start_socket;       /* create: SYNC_READY waits on SLOT_START; run: on the pair */
	bool goes_on_when_ready;      /* run: SYNC_STARTING instead, where the plan has nothing to wait for either */
	enum plan_cgroup_manager cgroup_manager;
	const struct plan_seccomp *seccomp; /* linux.seccomp, compiled before; NULL: plan_build() compiles it */
	uint32_t log_level;
};

enum plan_slot_source {
	PLAN_SLOT_OP = 0,      /* filled by an op */
	PLAN_SLOT_NAMESPACE,   /* runtime opens `path` and checks it to be a namespace of type `ns_type` */
	PLAN_SLOT_TREE,        /* runtime opens a detached recursive or plain clone of `path` (open_tree) */
	PLAN_SLOT_FS,          /* runtime makes a detached file system of `fs_type` from `path` (fsopen) */
	PLAN_SLOT_APPEND,      /* runtime opens the file `path` for appending, and makes it when it is missing */
	PLAN_SLOT_START        /* runtime makes the listening start socket */
};

/*
 * An id map for mounts (mount_setattr(2), MOUNT_ATTR_IDMAP), as the maps of a user namespace.  Without maps the
 * container's user namespace serves.
 */
struct plan_idmap {
	struct spec_id_map_list uid_maps;
	struct spec_id_map_list gid_maps;
};

/* What the runtime has to put into a slot before GO; indexed like the slots. */
struct plan_slot {
	enum plan_slot_source source;
	const char *path;
	const char *origin;      /* JSON path, for errors */
	uint32_t ns_type;
	bool is_recursive;       /* PLAN_SLOT_TREE */
	bool is_optional;
	bool is_nofollow;        /* PLAN_SLOT_TREE: a symlink at the end of `path` is not followed */
	const char *fs_type;     /* PLAN_SLOT_FS */
	struct str_list options; /* PLAN_SLOT_FS: fsconfig(2) parameters, "key" or "key=value" */
	uint32_t idmap;          /* the runtime maps ids by plan->idmaps[idmap - 1]; 0: not */
	bool is_idmap_recursive; /* also those of the mounts beneath */
};

/*
 * The shape of the processes, which runtime/spawn.h makes.  Where pid_slot, user_slot or early_slots are set, a helper
 * process (which shares no memory) joins and then clones with clone_flags; else the runtime clones itself.  The
 * helper's order: pid_slot, early_slots, user_slot, clone.  With user_slot set, a join before it that fails with EPERM
 * is tried once more after it: an unprivileged caller may own the namespaces only through that user namespace.  Each
 * join happens once.  OP_JOIN ops, which init runs after the clone, hold what remains.
 */
struct plan_spawn {
	uint32_t clone_flags;       /* CLONE_NEW* that the clone makes */
	uint32_t pid_slot;          /* the pid namespace that a helper joins before it clones, or SLOT_NONE */
	uint32_t user_slot;         /* the user namespace that a helper joins before it clones, or SLOT_NONE */
	/*
	 * Namespaces that must be joined before a new user namespace is entered (they belong to its parent): slots,
	 * in order.
	 */
	uint32_t early_slots[8];
	uint32_t early_count;
	/* clone_flags has CLONE_NEWUSER: maps are written, then setresuid(0) before init is executed */
	bool has_new_user_ns;
	/* exec: the CLONE_NEW* of the container's namespaces; a helper enters all of them at once, by a pidfd */
	uint32_t join_flags;
	/* exec: the CPUs to run on until the cgroup is entered; NULL: all */
	const struct spec_cpus *initial_cpus;
	struct spec_id_map_list uid_maps;
	struct spec_id_map_list gid_maps;
	bool keeps_groups;          /* run.oci.keep_original_groups */
	/* whom init becomes in a user namespace that has no id 0 */
	uint32_t fallback_uid;
	uint32_t fallback_gid;
	/* the helper makes the time namespace, behind user_slot: init may not write to its own files of /proc there */
	bool has_helper_time;
	struct op_time_offsets time_offsets;
};

struct plan {
	struct plan_op *ops;
	size_t op_count;
	char *pool;
	size_t pool_size;
	struct plan_slot *slots;
	size_t slot_count;          /* SLOT_DYNAMIC at least */
	struct plan_idmap *idmaps;
	size_t idmap_count;

	/* What the runtime does itself. */
	struct plan_spawn spawn;
	struct plan_cgroup cgroup;
	struct opt_i64 oom_score_adj;   /* written by the runtime to /proc/PID/oom_score_adj */
	bool has_terminal;
	bool has_own_pid_ns;            /* new: killing PID 1 ends the container */
	/* new or joined; without one the mounts are the host's, and delete must unmount them */
	bool has_mount_ns;
	bool has_process;
	bool is_met_at_hooks;           /* init stops at SYNC_HOOKS; else it has stopped at SYNC_CGROUP */
	bool is_exec;                   /* of plan_build_exec() */
	struct spec_net_device_list net_devices; /* as in the spec, for printing */
	struct spec_hooks hooks;        /* as in the spec, for printing; createContainer and startContainer are ops */
	struct str_list warnings;       /* said once by the runtime */
	struct arena *arena;
};

/* Which groups of host facts plan_build() needs for this spec: bits for host_probe(). */
uint32_t plan_host_facts(const struct spec *spec, const struct plan_options *options);

/*
 * Compiles.  `spec` must have been decoded by spec_decode(); strings are copied to the pool or the arena.
 * Errors: ERR_CONFIG "mounts[3].options[1]: ..." (rules that need the host), ERR_UNSUPPORTED.
 */
int plan_build(struct arena *arena, const struct spec *spec, const struct host *host,
               const struct plan_options *options, struct plan *plan, struct err *err);

/* Holds the invariants: phases, slots, paths (plan/check.c).  A failure is ERR_BUG: a bug in plan_build(). */
int plan_check(const struct plan *plan, struct err *err);

/* Appends the image (plan/image.h) to an empty buf. */
int plan_flatten(const struct plan *plan, const struct plan_options *options, struct buf *image, struct err *err);

/* Appends what `runlet plan` prints: one line an op for people, or one JSON document. */
void plan_print_text(const struct plan *plan, struct buf *out);
void plan_print_json(const struct plan *plan, struct buf *out);

/* Appends what tells an op from others of its kind, "path=/proc/bus": its fields but lists, which may hold secrets. */
void plan_print_op(const struct plan *plan, const struct plan_op *op, struct buf *out);

#endif
