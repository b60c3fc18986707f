/*
 * cgroup/stats.h - what the kernel counts for a container: the numbers behind `runlet events`.
 *
 * Runtime process only.
 */
#ifndef CGROUP_STATS_H
#define CGROUP_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "cgroup/cgroup.h"

struct stats_list { uint64_t *items; size_t count; };

struct stats_pair { const char *key; uint64_t value; };
struct stats_pairs { struct stats_pair *items; size_t count; };

/* One line of a pressure file (Documentation/accounting/psi.rst).  Shares of time in hundredths of a percent. */
struct stats_pressure_line { uint32_t avg10, avg60, avg300; uint64_t total_us; };
struct stats_pressure { bool is_set; struct stats_pressure_line some, full; };

struct stats_memory_entry { uint64_t limit, usage, max, failcnt; };

struct stats_io { uint32_t major, minor; const char *op; uint64_t value; };
struct stats_io_list { struct stats_io *items; size_t count; };

struct stats_hugetlb { const char *size; uint64_t usage, max, failcnt; };
struct stats_hugetlb_list { struct stats_hugetlb *items; size_t count; };

/* UINT32_MAX: no limit. */
struct stats_rdma { const char *device; uint32_t hca_handles, hca_objects; };
struct stats_rdma_list { struct stats_rdma *items; size_t count; };

struct stats_cpu {
	uint64_t total_ns, kernel_ns, user_ns;
	struct stats_list percpu_ns, percpu_kernel_ns, percpu_user_ns; /* v1 only */
	uint64_t periods, throttled_periods, throttled_ns;
	struct stats_pressure pressure;
};

/* The flags are v1's; v2 has the lists, as they are in effect. */
struct stats_cpuset {
	struct stats_list cpus, mems;
	uint64_t cpu_exclusive, mem_hardwall, mem_exclusive, memory_migrate, memory_spread_page, memory_spread_slab,
		memory_pressure, sched_load_balance;
	int64_t sched_relax_domain_level;
};

struct stats_memory {
	uint64_t cache;
	struct stats_memory_entry usage, swap, kernel, kernel_tcp; /* swap: with memory; kernel: v1 only */
	struct stats_pairs raw;   /* memory.stat */
	struct stats_pressure pressure;
};

struct stats_block_io {
	struct stats_io_list service_bytes, serviced, queued, service_time, wait_time, merged, time, sectors;
	struct stats_io_list cost_usage, cost_wait, cost_indebt, cost_indelay; /* v2's io.cost, in microseconds */
	struct stats_pressure pressure;
};

struct cgroup_stats {
	struct stats_cpu cpu;
	struct stats_cpuset cpuset;
	struct stats_memory memory;
	struct { uint64_t current, limit; } pids; /* limit 0: none */
	struct stats_block_io block_io;
	struct stats_hugetlb_list hugetlb;
	struct { struct stats_rdma_list current, limit; } rdma;
};

/*
 * Reads them all.  What a hierarchy doesn't have, or is switched off, stays zero, and so does all that a directory had
 * that is gone.  Everything lives in the arena.  Errors: ERR_SYSTEM naming the file that could not be read or parsed.
 */
int cgroup_stats_read(struct arena *arena, const struct cgroup *cgroup, struct cgroup_stats *stats, struct err *err);

/* --- the parts of it that are pure, for cgroup/stats_*.c and their test: 0, or -EINVAL for what isn't as documented */

/* A number alone in its file; "max" is UINT64_MAX. */
int stats_parse_number(const char *text, uint64_t *value);

/* The lines "KEY NUMBER" of a file such as memory.stat. */
int stats_parse_pairs(struct arena *arena, const char *text, struct stats_pairs *pairs);

/* The value of a key, or 0. */
uint64_t stats_pair_value(const struct stats_pairs *pairs, const char *key);

/* Numbers between blanks: cpuacct.usage_percpu. */
int stats_parse_numbers(struct arena *arena, const char *text, struct stats_list *list);

/* "0-2,7" (cpuset(7)), one number a member. */
int stats_parse_ranges(struct arena *arena, const char *text, struct stats_list *list);

/* cpuacct.usage_all: a line of titles, then "CPU USER SYSTEM" a line. */
int stats_parse_usage_all(struct arena *arena, const char *text, struct stats_list *user, struct stats_list *system);

/* v1: "8:0 Read 4096" or "8:0 4096" a line; the sums over all devices at the end are left out. */
int stats_parse_io_v1(struct arena *arena, const char *text, struct stats_io_list *list);

/* io.stat: "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6 ..." a line, in v1's words; adds to *io. */
int stats_parse_io_v2(struct arena *arena, const char *text, struct stats_block_io *io);

int stats_parse_pressure(const char *text, struct stats_pressure *pressure);

/* "mlx4_0 hca_handle=2 hca_object=max" a line. */
int stats_parse_rdma(struct arena *arena, const char *text, struct stats_rdma_list *list);

#endif
