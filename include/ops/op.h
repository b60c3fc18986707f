/*
 * ops/op.h - what executes an op: the context of init, and one function a kind.
 *
 * Run by the init process only, in the container's namespaces, in the order of the plan.  A function makes the system
 * calls of its op, returns 0 or -1, and names the call and its object in *err; init adds which op it was.  There is no
 * libc and no allocator: see src/init/libc.c for what exists.
 */
#ifndef OPS_OP_H
#define OPS_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "plan/image.h"
#include "plan/op.h"
#include "wire/wire.h"

#define OP_PATH_SIZE 4096

/*
 * Ops that follow each other often have the same directory: /dev of the devices, of their links and of the mounts.  It
 * is resolved once, and its fd is good for the next op unless this one may have changed where the path leads: after
 * any other op, and any mount but one onto what was made in that directory just now, it is looked up again.
 */
struct op_parent {
	int fd;                  /* -1: none */
	uint32_t op_index;       /* the last op that it served */
	uint64_t resolve;        /* how it was resolved (openat2(2)) */
	char path[OP_PATH_SIZE];
};

/* What init knows while it runs a plan; a local of init's main function. */
struct init_context {
	const struct plan_view *view;
	int socket;                    /* to the runtime; after READY of a `create` to the `start` command */
	int state_fd;                  /* the state JSON for hooks, or -1; from WIRE_CONTINUE or WIRE_GO */
	uint32_t op_index;             /* the op that is running */
	uint32_t log_level;            /* enum log_level: less important messages are not sent */
	bool is_null_attached;         /* the mount in SLOT_NULL is in use: clone it, don't move it */
	bool is_execing;               /* WIRE_EXECING was sent */
	bool is_identity_set;          /* OP_CREDENTIALS is done */
	enum wire_state wire_state;    /* where the protocol stands */
	struct op_parent parent;       /* the directory that the last op looked a name up in */
	uint32_t cwd_op;               /* the OP_CWD to try again after OP_CREDENTIALS, or UINT32_MAX */
	int landlock_fd;               /* the ruleset that OP_LANDLOCK made, or -1 */
	uint64_t landlock_fs;          /* what that handles of files; 0 before it is enforced */
	void *last_words;              /* ops/last_words.h; or NULL */
	struct trace_page *trace;      /* ops/trace.h; NULL: nobody asks for times */
	uint32_t trace_capacity;
	struct trace_record *trace_record; /* of the op that is running; or NULL */
	uint64_t trace_now_ns;         /* when the op before it ended; 0: not known */
	char **argv;                   /* of OP_EXEC, made before a seccomp filter is loaded; NULL before that */
	char **envp;
	char listen_pid[32];           /* "LISTEN_PID=1" */
	char home[OP_PATH_SIZE];       /* OP_HOME's answer as "HOME=/root", "" for none */
	char program[OP_PATH_SIZE];    /* OP_FIND_PROGRAM's answer */
	int slots[PLAN_SLOT_MAX];      /* fds, -1 when empty; read and written by the functions below */
};

/* The fd in a slot, borrowed, or -1 when it is empty or SLOT_NONE. */
int op_slot(const struct init_context *context, uint32_t slot);

/* The fd in a slot that must be filled: -1 and ERR_BUG when it is not. */
int op_slot_need(const struct init_context *context, uint32_t slot, struct err *err);

/* Puts fd, which the slot owns then; what it held before is closed.  fd -1 empties it. */
void op_slot_fill(struct init_context *context, uint32_t slot, int fd);

/* The slot's fd, owned by the caller now; the slot is empty. */
int op_slot_take(struct init_context *context, uint32_t slot);

/* Sends a WIRE_LOG message when the level is asked for.  A failure to send is no failure of the op. */
void op_log(const struct init_context *context, int level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* chdir and the check that it stays in the root (CVE-2024-21626); OP_CREDENTIALS calls it again for OP_CWD. */
int op_enter_cwd(const char *path, struct err *err);

/* One row a kind, indexed by enum plan_op_kind. */
struct op_row {
	int (*run)(struct init_context *context, const struct plan_op *op, struct err *err);
};
extern const struct op_row ops_table[OP_KIND_COUNT];

/* ops/proc.c */
int op_run_proc(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/namespace.c */
int op_run_join(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_unshare(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_time_offsets(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/isolate.c */
int op_run_session(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_hostname(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_domainname(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_loopback(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_sysctl(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_keyring(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/sync.c */
int op_run_sync(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/hook.c */
int op_run_hook(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/limits.c */
int op_run_rlimit(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_scheduler(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_io_priority(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_cpu_affinity(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_memory_policy(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_personality(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_umask(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/home.c */
int op_run_home(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/credentials.c */
int op_run_credentials(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_no_new_privs(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/cwd.c */
int op_run_cwd_create(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_cwd(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/program.c */
int op_run_find_program(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/landlock.c */
int op_run_landlock(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_landlock_path(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_landlock_port(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_landlock_enforce(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/label.c */
int op_run_label(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/exec.c */
int op_run_close_fds(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_seccomp(struct init_context *context, const struct plan_op *op, struct err *err);
int op_run_exec(struct init_context *context, const struct plan_op *op, struct err *err);

/* The mount side. */
/* ops/propagation.c */
int op_run_propagation(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/root.c */
int op_run_root(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/open_tree.c */
int op_run_open_tree(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/mount_fs.c */
int op_run_mount_fs(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/mount_bind.c */
int op_run_mount_bind(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/remount.c */
int op_run_remount(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/copy_up.c */
int op_run_copy_up(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/symlink.c */
int op_run_symlink(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/pivot.c */
int op_run_pivot(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/device.c */
int op_run_device(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/console.c */
int op_run_console(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/stdio.c */
int op_run_stdio(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/mask.c */
int op_run_mask(struct init_context *context, const struct plan_op *op, struct err *err);
/* ops/readonly.c */
int op_run_readonly(struct init_context *context, const struct plan_op *op, struct err *err);

#endif
