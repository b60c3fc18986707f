/*
 * spec/resources.h - `linux.resources` of config.json, and the file of `update --resources`
 * (runtime-spec, config-linux.md#control-groups).
 */
#ifndef SPEC_RESOURCES_H
#define SPEC_RESOURCES_H

#include "spec/types.h"

struct spec_device_rule {
	bool allow;
	char type;             /* 'a', 'b' or 'c' */
	struct opt_i64 major;  /* unset or -1: all */
	struct opt_i64 minor;
	char *access;          /* letters out of "rwm"; NULL: all three */
};
struct spec_device_rule_list { struct spec_device_rule *items; size_t count; };

struct spec_memory {
	struct opt_i64 limit;
	struct opt_i64 reservation;
	struct opt_i64 swap;
	struct opt_i64 kernel;
	struct opt_i64 kernel_tcp;
	struct opt_u64 swappiness;
	struct opt_bool disable_oom_killer;
	struct opt_bool use_hierarchy;
	struct opt_bool check_before_update;
};

struct spec_cpu {
	struct opt_u64 shares;
	struct opt_i64 quota;
	struct opt_u64 burst;
	struct opt_u64 period;
	struct opt_i64 realtime_runtime;
	struct opt_u64 realtime_period;
	char *cpus;
	char *mems;
	struct opt_i64 idle;
};

struct spec_weight_device {
	int64_t major, minor;
	struct opt_u32 weight;
	struct opt_u32 leaf_weight;
};
struct spec_weight_device_list { struct spec_weight_device *items; size_t count; };

struct spec_throttle_device { int64_t major, minor; uint64_t rate; };
struct spec_throttle_device_list { struct spec_throttle_device *items; size_t count; };

struct spec_block_io {
	struct opt_u32 weight;
	struct opt_u32 leaf_weight;
	struct spec_weight_device_list weight_device;
	struct spec_throttle_device_list throttle_read_bps;
	struct spec_throttle_device_list throttle_write_bps;
	struct spec_throttle_device_list throttle_read_iops;
	struct spec_throttle_device_list throttle_write_iops;
};

struct spec_hugepage_limit { char *page_size; uint64_t limit; };
struct spec_hugepage_limit_list { struct spec_hugepage_limit *items; size_t count; };

struct spec_net_priority { char *name; uint32_t priority; };
struct spec_net_priority_list { struct spec_net_priority *items; size_t count; };

struct spec_net_class {
	struct opt_u32 class_id;
	struct spec_net_priority_list priorities;
};

struct spec_rdma {
	char *device;   /* the key in the object */
	struct opt_u32 hca_handles;
	struct opt_u32 hca_objects;
};
struct spec_rdma_list { struct spec_rdma *items; size_t count; };

struct spec_pids { struct opt_i64 limit; };

struct spec_resources {
	struct spec_device_rule_list devices;
	struct spec_memory *memory;   /* each pointer is NULL when the object is absent */
	struct spec_cpu *cpu;
	struct spec_pids *pids;
	struct spec_block_io *block_io;
	struct spec_hugepage_limit_list hugepage_limits;
	struct spec_net_class *network;
	struct spec_rdma_list rdma;
	struct str_map unified;
};

#endif
