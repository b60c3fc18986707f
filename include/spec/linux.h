/*
 * spec/linux.h - `linux` of config.json (runtime-spec, config-linux.md), but resources and seccomp.
 */
#ifndef SPEC_LINUX_H
#define SPEC_LINUX_H

#include "spec/resources.h"
#include "spec/seccomp.h"
#include "spec/types.h"

struct spec_namespace {
	uint32_t type;   /* a CLONE_NEW* bit */
	char *path;      /* NULL: a new one */
};
struct spec_namespace_list { struct spec_namespace *items; size_t count; };

struct spec_device {
	char type;       /* 'c', 'b', 'u' (same as c) or 'p' */
	char *path;
	int64_t major, minor;
	struct opt_u32 file_mode;
	struct opt_u32 uid;
	struct opt_u32 gid;
};
struct spec_device_list { struct spec_device *items; size_t count; };

/* linux.netDevices: the key is the host's interface. */
struct spec_net_device { char *host_name; char *name; };
struct spec_net_device_list { struct spec_net_device *items; size_t count; };

struct spec_time_offset { int64_t secs; uint32_t nanosecs; };

struct spec_intel_rdt {
	char *clos_id;
	struct str_list schemata;
	char *l3_cache_schema;
	char *mem_bw_schema;
	bool enable_monitoring;
};

struct spec_memory_policy {
	uint32_t mode;    /* MPOL_* number */
	char *nodes;
	uint32_t flags;   /* MPOL_F_* bits */
};

struct spec_personality {
	uint32_t domain;  /* PER_LINUX or PER_LINUX32 */
	struct str_list flags;
};

/* linux.landlock: not in the specification yet (docs/landlock.md).  Bits are those of base/landlock.h. */
struct spec_landlock_path { uint64_t allowed; struct str_list paths; };
struct spec_landlock_path_list { struct spec_landlock_path *items; size_t count; };
struct spec_landlock_port { uint64_t allowed; struct u32_list ports; };
struct spec_landlock_port_list { struct spec_landlock_port *items; size_t count; };
struct spec_landlock {
	uint64_t handled_fs;
	uint64_t handled_net;
	uint64_t scoped;
	struct spec_landlock_path_list paths;
	struct spec_landlock_port_list ports;
	struct opt_bool disable_best_effort;      /* absent: true */
	struct json_text text;                    /* the whole object, as it stands there */
};

struct spec_linux {
	struct spec_namespace_list namespaces;
	struct spec_id_map_list uid_mappings;
	struct spec_id_map_list gid_mappings;
	struct spec_time_offset *time_boottime;   /* NULL when absent */
	struct spec_time_offset *time_monotonic;
	struct spec_device_list devices;
	struct spec_net_device_list net_devices;
	char *cgroups_path;                       /* NULL when absent */
	struct spec_resources *resources;
	struct spec_intel_rdt *intel_rdt;
	struct spec_memory_policy *memory_policy;
	struct str_map sysctl;
	struct spec_seccomp *seccomp;
	char *rootfs_propagation;                 /* one of the eight words, checked; NULL when absent */
	struct str_list masked_paths;
	struct str_list readonly_paths;
	char *mount_label;
	struct spec_personality *personality;
	struct spec_landlock *landlock;           /* NULL when absent */
};

#endif
