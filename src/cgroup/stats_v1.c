/*
 * cgroup/stats_v1.c - the numbers of v1 controllers (Documentation/admin-guide/cgroup-v1).
 *
 * Runs in the runtime process; changes nothing.
 */
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/words.h"
#include "stats_reader.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NS_PER_S 1000000000u

static int read_cpu(struct stats_reader *reader)
{
	struct stats_cpu *cpu = &reader->stats->cpu;
	struct stats_pairs pairs;

	if (stats_read_pairs(reader, "cpu.stat", &pairs) < 0)
		return -1;
	cpu->periods = stats_pair_value(&pairs, "nr_periods");
	cpu->throttled_periods = stats_pair_value(&pairs, "nr_throttled");
	cpu->throttled_ns = stats_pair_value(&pairs, "throttled_time");
	return 0;
}

static int read_cpuacct(struct stats_reader *reader)
{
	static const struct stats_row rows[] = { STATS_ROW("cpuacct.usage", cpu.total_ns) };
	struct stats_cpu *cpu = &reader->stats->cpu;
	long ticks_per_s = sysconf(_SC_CLK_TCK);
	struct stats_pairs pairs;
	int result;

	if (stats_read_rows(reader, rows, COUNT(rows)) < 0 ||
	    stats_read_numbers(reader, "cpuacct.usage_percpu", &cpu->percpu_ns) < 0 ||
	    stats_read_pairs(reader, "cpuacct.stat", &pairs) < 0)
		return -1;
	if (pairs.count > 0 && ticks_per_s > 0) {
		cpu->user_ns = stats_pair_value(&pairs, "user") * (NS_PER_S / (uint64_t)ticks_per_s);
		cpu->kernel_ns = stats_pair_value(&pairs, "system") * (NS_PER_S / (uint64_t)ticks_per_s);
	}
	result = stats_read(reader, "cpuacct.usage_all");
	if (result == 1 && stats_parse_usage_all(reader->arena, reader->text, &cpu->percpu_user_ns,
						 &cpu->percpu_kernel_ns) < 0)
		return stats_fail_parse(reader, "cpuacct.usage_all");
	return result < 0 ? -1 : 0;
}

static int read_cpuset(struct stats_reader *reader)
{
	static const char level_file[] = "cpuset.sched_relax_domain_level";
	static const struct stats_row rows[] = {
		STATS_ROW("cpuset.cpu_exclusive", cpuset.cpu_exclusive),
		STATS_ROW("cpuset.mem_hardwall", cpuset.mem_hardwall),
		STATS_ROW("cpuset.mem_exclusive", cpuset.mem_exclusive),
		STATS_ROW("cpuset.memory_migrate", cpuset.memory_migrate),
		STATS_ROW("cpuset.memory_spread_page", cpuset.memory_spread_page),
		STATS_ROW("cpuset.memory_spread_slab", cpuset.memory_spread_slab),
		STATS_ROW("cpuset.memory_pressure", cpuset.memory_pressure),
		STATS_ROW("cpuset.sched_load_balance", cpuset.sched_load_balance),
	};
	struct stats_cpuset *cpuset = &reader->stats->cpuset;
	int result;

	if (stats_read_ranges(reader, "cpuset.cpus", &cpuset->cpus) < 0 ||
	    stats_read_ranges(reader, "cpuset.mems", &cpuset->mems) < 0 ||
	    stats_read_rows(reader, rows, COUNT(rows)) < 0)
		return -1;
	result = stats_read(reader, level_file);
	if (result != 1)
		return result;
	reader->text[strcspn(reader->text, "\n")] = '\0';
	if (num_parse_i64(reader->text, INT32_MIN, INT32_MAX, &cpuset->sched_relax_domain_level) < 0)
		return stats_fail_parse(reader, level_file);
	return 0;
}

#define MEMORY_ROWS(prefix, member) \
	STATS_ROW("memory." prefix "limit_in_bytes", memory.member.limit), \
	STATS_ROW("memory." prefix "usage_in_bytes", memory.member.usage), \
	STATS_ROW("memory." prefix "max_usage_in_bytes", memory.member.max), \
	STATS_ROW("memory." prefix "failcnt", memory.member.failcnt)

static int read_memory(struct stats_reader *reader)
{
	static const struct stats_row rows[] = {
		MEMORY_ROWS("", usage),
		MEMORY_ROWS("memsw.", swap),
		MEMORY_ROWS("kmem.", kernel),
		MEMORY_ROWS("kmem.tcp.", kernel_tcp),
	};
	struct stats_memory *memory = &reader->stats->memory;

	if (stats_read_pairs(reader, "memory.stat", &memory->raw) < 0)
		return -1;
	memory->cache = stats_pair_value(&memory->raw, "cache");
	return stats_read_rows(reader, rows, COUNT(rows));
}

/* --- block devices: each I/O scheduler has files of its own --- */

struct io_file { const char *name; size_t target; };

#define IO_FILE(prefix, name, member) \
	{ "blkio." prefix name, offsetof(struct cgroup_stats, block_io.member) }

/* What BFQ and CFQ call alike, each below its own prefix. */
#define SCHEDULER_FILES(prefix) { \
	IO_FILE(prefix, "io_service_bytes_recursive", service_bytes), \
	IO_FILE(prefix, "io_serviced_recursive", serviced), \
	IO_FILE(prefix, "io_queued_recursive", queued), \
	IO_FILE(prefix, "io_service_time_recursive", service_time), \
	IO_FILE(prefix, "io_wait_time_recursive", wait_time), \
	IO_FILE(prefix, "io_merged_recursive", merged), \
	IO_FILE(prefix, "time_recursive", time), \
	IO_FILE(prefix, "sectors_recursive", sectors), \
}

/* A set counts when its first file has numbers. */
static const struct io_file bfq_files[] = SCHEDULER_FILES("bfq.");
static const struct io_file cfq_files[] = SCHEDULER_FILES("");
static const struct io_file throttle_files[] = {
	IO_FILE("throttle.", "io_service_bytes_recursive", service_bytes),
	IO_FILE("throttle.", "io_serviced_recursive", serviced),
};
/* Before Linux 4.13: of the cgroup itself, without what is below it. */
static const struct io_file flat_files[] = {
	IO_FILE("throttle.", "io_service_bytes", service_bytes),
	IO_FILE("throttle.", "io_serviced", serviced),
};

static const struct { const struct io_file *files; size_t count; } io_sets[] = {
	{ bfq_files, COUNT(bfq_files) },
	{ cfq_files, COUNT(cfq_files) },
	{ throttle_files, COUNT(throttle_files) },
	{ flat_files, COUNT(flat_files) },
};

static int read_io_file(struct stats_reader *reader, const struct io_file *file, struct stats_io_list *list)
{
	int result = stats_read(reader, file->name);

	if (result == 1 && stats_parse_io_v1(reader->arena, reader->text, list) < 0)
		return stats_fail_parse(reader, file->name);
	return result < 0 ? -1 : 0;
}

static int read_blkio(struct stats_reader *reader)
{
	for (size_t set = 0; set < COUNT(io_sets); set++) {
		for (size_t i = 0; i < io_sets[set].count; i++) {
			const struct io_file *file = &io_sets[set].files[i];
			struct stats_io_list *list = (void *)((char *)reader->stats + file->target);

			if (read_io_file(reader, file, list) < 0)
				return -1;
			if (i == 0 && list->count == 0)
				break;
		}
		if (reader->stats->block_io.service_bytes.count > 0)
			return 0;
	}
	return 0;
}

/* --- huge pages and RDMA --- */

/* What is reserved counts where the kernel counts it, as that is what the spec's limit is about. */
static int read_hugetlb_size(struct stats_reader *reader, struct stats_hugetlb *page)
{
	static const struct { const char *name; size_t target; } files[] = {
		{ "usage_in_bytes", offsetof(struct stats_hugetlb, usage) },
		{ "max_usage_in_bytes", offsetof(struct stats_hugetlb, max) },
		{ "failcnt", offsetof(struct stats_hugetlb, failcnt) },
	};

	for (size_t i = 0; i < COUNT(files); i++) {
		uint64_t *target = (uint64_t *)((char *)page + files[i].target);
		char *file = arena_printf(reader->arena, "hugetlb.%s.rsvd.%s", page->size, files[i].name);
		int result = stats_read(reader, file);

		if (result == 0) {
			file = arena_printf(reader->arena, "hugetlb.%s.%s", page->size, files[i].name);
			result = stats_read(reader, file);
		}
		if (result == 1 && stats_parse_number(reader->text, target) < 0)
			return stats_fail_parse(reader, file);
		if (result < 0)
			return -1;
	}
	return 0;
}

static int read_hugetlb(struct stats_reader *reader)
{
	struct stats_hugetlb_list *list = &reader->stats->hugetlb;

	/* Not both trees': v2's are replaced. */
	list->count = 0;
	if (stats_list_hugetlb(reader, ".usage_in_bytes") < 0)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		if (read_hugetlb_size(reader, &list->items[i]) < 0)
			return -1;
	}
	return 0;
}

struct v1_controller { const char *name; int (*read)(struct stats_reader *reader); };

static const struct v1_controller controllers[] = {
	{ "cpu", read_cpu },
	{ "cpuacct", read_cpuacct },
	{ "cpuset", read_cpuset },
	{ "memory", read_memory },
	{ "pids", stats_read_pids },
	{ "blkio", read_blkio },
	{ "hugetlb", read_hugetlb },
	{ "rdma", stats_read_rdma },
};

int stats_read_v1(struct stats_reader *reader, const char *names)
{
	for (size_t i = 0; i < COUNT(controllers); i++) {
		const char *name = controllers[i].name;

		if (words_have(names, ',', name, strlen(name)) && controllers[i].read(reader) < 0)
			return -1;
	}
	return 0;
}
