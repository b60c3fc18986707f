/*
 * cgroup/stats_v2.c - the numbers of a v2 cgroup, in the places that v1's have (cgroup-v2.rst).
 *
 * Runs in the runtime process; changes nothing.
 */
#include "stats_reader.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NS_PER_US 1000u

static int read_pressure(struct stats_reader *reader, const char *file, struct stats_pressure *pressure)
{
	int result = stats_read(reader, file);

	if (result == 1 && stats_parse_pressure(reader->text, pressure) < 0)
		return stats_fail_parse(reader, file);
	return result < 0 ? -1 : 0;
}

static int read_cpu(struct stats_reader *reader)
{
	struct stats_cpu *cpu = &reader->stats->cpu;
	struct stats_pairs pairs;

	if (stats_read_pairs(reader, "cpu.stat", &pairs) < 0)
		return -1;
	cpu->total_ns = stats_pair_value(&pairs, "usage_usec") * NS_PER_US;
	cpu->user_ns = stats_pair_value(&pairs, "user_usec") * NS_PER_US;
	cpu->kernel_ns = stats_pair_value(&pairs, "system_usec") * NS_PER_US;
	cpu->periods = stats_pair_value(&pairs, "nr_periods");
	cpu->throttled_periods = stats_pair_value(&pairs, "nr_throttled");
	cpu->throttled_ns = stats_pair_value(&pairs, "throttled_usec") * NS_PER_US;
	return read_pressure(reader, "cpu.pressure", &cpu->pressure);
}

static int read_cpuset(struct stats_reader *reader)
{
	struct stats_cpuset *cpuset = &reader->stats->cpuset;

	if (stats_read_ranges(reader, "cpuset.cpus.effective", &cpuset->cpus) < 0)
		return -1;
	return stats_read_ranges(reader, "cpuset.mems.effective", &cpuset->mems);
}

static int read_memory(struct stats_reader *reader)
{
	static const struct stats_row rows[] = {
		STATS_ROW("memory.current", memory.usage.usage),
		STATS_ROW("memory.max", memory.usage.limit),
		STATS_ROW("memory.peak", memory.usage.max),
		STATS_ROW("memory.swap.current", memory.swap.usage),
		STATS_ROW("memory.swap.max", memory.swap.limit),
		STATS_ROW("memory.swap.peak", memory.swap.max),
	};
	struct stats_memory *memory = &reader->stats->memory;
	struct stats_pairs events;

	if (stats_read_pairs(reader, "memory.stat", &memory->raw) < 0 ||
	    stats_read_rows(reader, rows, COUNT(rows)) < 0 ||
	    stats_read_pairs(reader, "memory.events", &events) < 0)
		return -1;
	memory->cache = stats_pair_value(&memory->raw, "file");
	memory->usage.failcnt = stats_pair_value(&events, "max");
	/* v1 counts memory and swap in one, and so do those who read this. */
	memory->swap.usage += memory->usage.usage;
	if (memory->swap.limit != UINT64_MAX) {
		bool is_unlimited = memory->usage.limit > UINT64_MAX - memory->swap.limit;

		memory->swap.limit = is_unlimited ? UINT64_MAX : memory->swap.limit + memory->usage.limit;
	}
	if (stats_read_pairs(reader, "memory.swap.events", &events) < 0)
		return -1;
	memory->swap.failcnt = stats_pair_value(&events, "max");
	return read_pressure(reader, "memory.pressure", &memory->pressure);
}

static int read_io(struct stats_reader *reader)
{
	struct stats_block_io *io = &reader->stats->block_io;
	int result = stats_read(reader, "io.stat");

	if (result == 1 && stats_parse_io_v2(reader->arena, reader->text, io) < 0)
		return stats_fail_parse(reader, "io.stat");
	return result < 0 ? -1 : read_pressure(reader, "io.pressure", &io->pressure);
}

static int read_hugetlb_size(struct stats_reader *reader, struct stats_hugetlb *page)
{
	const char *file = arena_printf(reader->arena, "hugetlb.%s.rsvd.current", page->size);
	struct stats_pairs events;
	int result = stats_read(reader, file);

	if (result == 0) {
		file = arena_printf(reader->arena, "hugetlb.%s.current", page->size);
		result = stats_read(reader, file);
	}
	if (result == 1 && stats_parse_number(reader->text, &page->usage) < 0)
		return stats_fail_parse(reader, file);
	file = arena_printf(reader->arena, "hugetlb.%s.events", page->size);
	if (result < 0 || stats_read_pairs(reader, file, &events) < 0)
		return -1;
	page->failcnt = stats_pair_value(&events, "max");
	return 0;
}

static int read_hugetlb(struct stats_reader *reader)
{
	struct stats_hugetlb_list *list = &reader->stats->hugetlb;

	if (stats_list_hugetlb(reader, ".current") < 0)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		if (read_hugetlb_size(reader, &list->items[i]) < 0)
			return -1;
	}
	return 0;
}

int stats_read_v2(struct stats_reader *reader)
{
	static int (*const parts[])(struct stats_reader *) = {
		read_cpu, read_cpuset, read_memory, stats_read_pids, read_io, read_hugetlb, stats_read_rdma,
	};

	for (size_t i = 0; i < COUNT(parts); i++) {
		if (parts[i](reader) < 0)
			return -1;
	}
	return 0;
}
