/*
 * runtime/state.h - what runlet remembers of a container, as a struct and as JSON.
 *
 * The file is runlet's own (a later runlet process reads it); what `state` and hooks get are two other documents, made
 * from the same struct.  No files, no processes: runtime/store.h and runtime/container.h have those.
 */
#ifndef RUNTIME_STATE_H
#define RUNTIME_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "json/types.h"
#include "spec/hooks.h"

/* runtime-spec, runtime.md#state; "paused" is what every runtime adds. */
enum state_status {
	STATUS_CREATING = 0,
	STATUS_CREATED,
	STATUS_RUNNING,
	STATUS_PAUSED,
	STATUS_STOPPED,
	STATUS_COUNT
};

/* A mount that was there beneath the root before the container was (containers without a mount namespace). */
struct state_mount { uint32_t id; };
struct state_mount_list { struct state_mount *items; size_t count; };

struct state {
	char *oci_version;
	char *id;
	char *bundle;                /* absolute path */
	char *config;                /* absolute path, or NULL for the bundle's config.json; for positions in errors */
	char *rootfs;                /* absolute path */
	char *created;               /* RFC 3339, UTC, nanoseconds */
	uint32_t status;             /* as last written; the truth is asked from the kernel (runtime/container.h) */
	uint32_t pid;                /* 0: not known yet */
	uint64_t pid_start_time;     /* with pid names the process for ever */
	uint32_t owner;              /* uid of who made it */
	struct str_map annotations;
	char *cgroup;                /* cgroup_record(), or NULL */
	bool has_own_pid_ns;
	bool has_mount_ns;
	bool has_start_hooks;        /* startContainer hooks want the state on their standard input */
	bool has_process;
	bool checks_memory;          /* `update` refuses a memory limit below what is in use */
	struct state_mount_list kept_mounts;
	struct spec_hook_list poststart; /* kept here, so that a bundle that is gone doesn't matter */
	struct spec_hook_list poststop;
	struct opt_u32 exit_status;  /* of a stopped one, where runlet was its parent */
	struct opt_u32 exit_signal;  /* and the signal that ended it, if one did */
	struct opt_bool oom_killed;  /* the kernel ran out of its memory and killed a process */
	char *listener_path;         /* linux.seccomp.listenerPath, where the filter asks a listener; or NULL */
	char *listener_metadata;     /* or NULL */
	char *notify_socket;         /* NOTIFY_SOCKET of the caller at create, or NULL */
};

const char *state_status_name(uint32_t status);

/* The state file: to JSON and back.  Errors of decoding: ERR_STATE naming `name`. */
void state_emit_file(const struct state *state, struct buf *json);
int state_decode_file(struct arena *arena, const char *name, const char *json, size_t length, struct state *state,
                      struct err *err);

/*
 * What `runlet state` prints: runc's fields in runc's order, and of a stopped container how it ended, as far as that is
 * known.
 */
void state_emit_public(const struct state *state, uint32_t status, const char *owner, struct buf *json);

/* What a hook gets on its standard input (runtime-spec, runtime.md#state). */
void state_emit_hook(const struct state *state, uint32_t status, struct buf *json);

/* Now, as the `created` field has it. */
char *state_timestamp(struct arena *arena);

#endif
