/*
 * plan/cgroup_parts.h - what the builders of one struct plan_cgroup share.
 *
 * Runtime process, pure.  Each part compiles one member of linux.resources; 0, or -1 with ERR_CONFIG (a value that is
 * never right) or ERR_UNSUPPORTED (one that this host can't do), the JSON path in front.
 */
#ifndef PLAN_CGROUP_PARTS_H
#define PLAN_CGROUP_PARTS_H

#include "base/arena.h"
#include "base/err.h"
#include "host/host.h"
#include "plan/cgroup.h"
#include "spec/spec.h"

struct cgroup_builder {
	struct arena *arena;
	const struct host *host;
	const struct spec_resources *resources;  /* NULL only for the devices and annotations */
	struct plan_cgroup *plan;
	struct err *err;
	bool is_update;  /* of a cgroup in use: a word for the default is a wish too */
};

/*
 * How one limit is asked for and written.  A converter sets *text to what is written, or leaves NULL when the value is
 * "not asked for"; it may refuse the value.  A file of NULL: that version of cgroups has no such thing.
 */
struct cgroup_limit {
	const char *origin;
	const char *controller;
	const char *file_v1;
	const char *file_v2;
	int (*convert)(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
		       const char **text);
	bool may_lack_unlimited;  /* kernels without the file have nothing to lift: "max" and "-1" are optional */
};

/* Which version of cgroups serves a controller on this host: 1, 2, or 0 for none. */
uint32_t cgroup_controller_version(const struct host *host, const char *controller);

/* ERR_UNSUPPORTED: the host has no such controller. */
int cgroup_fail_no_controller(struct cgroup_builder *builder, const char *origin, const char *controller);

/* Appends a required write.  The pointer is good until the next one is added. */
struct plan_cgroup_write *cgroup_write_add(struct cgroup_builder *builder, const char *controller, const char *file,
					   const char *origin, const char *text);

void cgroup_warning_add(struct cgroup_builder *builder, const char *text);

/* ERR_CONFIG with the limit's origin. */
int cgroup_limit_refuse(struct cgroup_builder *builder, const struct cgroup_limit *limit, const char *why);

/* Bytes: 0 means not asked for, -1 unlimited. */
int cgroup_convert_bytes(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			 const struct opt_i64 *value, const char **text);

int cgroup_convert_u64(struct cgroup_builder *builder, const struct opt_u64 *value, const char **text);

int cgroup_limits_build(struct cgroup_builder *builder, const struct cgroup_limit *limits, size_t count);

#define CGROUP_LIMITS_BUILD(builder, table) cgroup_limits_build(builder, table, sizeof(table) / sizeof((table)[0]))

int cgroup_memory_build(struct cgroup_builder *builder);
int cgroup_cpu_build(struct cgroup_builder *builder);
int cgroup_pids_build(struct cgroup_builder *builder);
int cgroup_block_io_build(struct cgroup_builder *builder);
int cgroup_hugepages_build(struct cgroup_builder *builder);
int cgroup_network_build(struct cgroup_builder *builder);
int cgroup_rdma_build(struct cgroup_builder *builder);
int cgroup_unified_build(struct cgroup_builder *builder);
int cgroup_annotations_build(struct cgroup_builder *builder, const struct str_map *given);
int cgroup_devices_build(struct cgroup_builder *builder);

#endif
