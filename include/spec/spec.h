/*
 * spec/spec.h - config.json as plain structs, and how to get them (runtime-spec 1.3).
 *
 * Pure: no process state, no root, no files but the text that the caller read.  Runtime process only.
 */
#ifndef SPEC_SPEC_H
#define SPEC_SPEC_H

#include "base/arena.h"
#include "base/err.h"
#include "spec/hooks.h"
#include "spec/linux.h"
#include "spec/process.h"
#include "spec/types.h"

/* The newest and the oldest version of the spec that `features` claims. */
#define SPEC_VERSION_MAX "1.3.0"
#define SPEC_VERSION_MIN "1.0.0"

/* A config.json may be this large; more is refused before parsing. */
#define SPEC_CONFIG_SIZE_MAX (16u << 20)

struct spec_root { char *path; bool readonly; };

struct spec_mount {
	char *destination;
	char *source;                        /* NULL when absent */
	char *type;                          /* NULL when absent */
	struct str_list options;
	struct spec_id_map_list uid_mappings; /* idmapped mounts */
	struct spec_id_map_list gid_mappings;
};
struct spec_mount_list { struct spec_mount *items; size_t count; };

struct spec {
	char *oci_version;
	struct spec_root *root;        /* required by the prose on Linux */
	struct spec_mount_list mounts;
	struct spec_process *process;  /* may be NULL at create; start requires it */
	char *hostname;                /* NULL when absent */
	char *domainname;
	struct spec_hooks hooks;
	struct str_map annotations;
	struct spec_linux *linux;      /* never NULL after spec_decode(): an absent object is an empty one */
};

/* Something that decoded but deserves a word: an unknown capability, a skipped object of another platform. */
struct spec_warnings { struct str_list list; };

/*
 * Decodes and checks a whole config.json.
 *
 * name: how errors call the text ("config.json").  text/size: the bytes; not NUL-terminated, at most
 * SPEC_CONFIG_SIZE_MAX.
 * Errors: ERR_CONFIG "config.json:3:34: process.user.gid: want an unsigned 32-bit integer, got 4294967296";
 * ERR_UNSUPPORTED "config.json:9:5: unsupported: linux.intelRdt" for what decodes but can't be executed yet.
 * `warnings` may be NULL.  Returns 0 and fills *spec, or -1.
 */
int spec_decode(struct arena *arena, const char *name, const char *text, size_t size, struct spec *spec,
                struct spec_warnings *warnings, struct err *err);

/* Decodes a single process object (the file of `exec --process`). */
int spec_decode_process(struct arena *arena, const char *name, const char *text, size_t size,
                        struct spec_process *process, struct spec_warnings *warnings, struct err *err);

/* Decodes a single resources object (the file of `update --resources`). */
int spec_decode_resources(struct arena *arena, const char *name, const char *text, size_t size,
                          struct spec_resources *resources, struct spec_warnings *warnings, struct err *err);

/*
 * Finds where a JSON path ("mounts[3].options") stands in the text, for an error that is found after decoding.  Where
 * the path itself is absent, the nearest parent that is present counts.  Returns 0 and sets line and column (from 1),
 * or -1.
 */
int spec_locate(const char *text, size_t size, const char *path, unsigned *line, unsigned *column);

/* How the default config is changed, for `runlet spec --image-config`. */
enum spec_network { SPEC_NETWORK_DEFAULT = 0, SPEC_NETWORK_NONE, SPEC_NETWORK_HOST };
struct spec_changes {
	struct spec_process process;  /* terminal, user, args, env, cwd; and in capabilities->bounding those to add */
	const char *hostname;         /* NULL: the default's */
	bool is_root_readonly;
	struct spec_mount_list mounts; /* added after the default's; each has a destination, a type and a source */
	struct str_map annotations;
	struct opt_i64 memory_limit;
	struct opt_i64 cpu_quota;     /* of SPEC_CPU_PERIOD_US */
	enum spec_network network;    /* default: a new namespace, but the host's when rootless */
	bool has_other_ids;           /* rootless: no id maps, so that the runtime takes all ids of the caller */
};
#define SPEC_CPU_PERIOD_US 100000

/*
 * The default config that `runlet spec` writes, as JSON text in the arena: what `runc spec` describes (sh in a
 * terminal, its capabilities, mounts, masked and read-only paths).  The cgroup namespace is new when has_cgroup_ns.
 * rootless: a user namespace that maps uid/gid 0 to the given host ids, no network-group devpts option, sysfs by rbind.
 */
struct spec_default_options {
	bool rootless;
	bool has_cgroup_ns;
	uint32_t host_uid;
	uint32_t host_gid;
	const struct spec_changes *changes; /* NULL: none */
};
const char *spec_default_config(struct arena *arena, const struct spec_default_options *options);

#endif
