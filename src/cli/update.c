/*
 * cli/update.c - `runlet update`: changes the limits of a container.
 *
 * Runtime process only.
 */
#include <stddef.h>

#include "base/num.h"
#include "cli/command.h"

/* The limits that have an option of their own. */
enum limit_index {
	LIMIT_BLKIO_WEIGHT = 0,
	LIMIT_CPU_BURST,
	LIMIT_CPU_IDLE,
	LIMIT_CPU_PERIOD,
	LIMIT_CPU_QUOTA,
	LIMIT_CPU_RT_PERIOD,
	LIMIT_CPU_RT_RUNTIME,
	LIMIT_CPU_SHARE,
	LIMIT_CPUSET_CPUS,
	LIMIT_CPUSET_MEMS,
	LIMIT_KERNEL_MEMORY,
	LIMIT_KERNEL_MEMORY_TCP,
	LIMIT_MEMORY,
	LIMIT_MEMORY_RESERVATION,
	LIMIT_MEMORY_SWAP,
	LIMIT_PIDS_LIMIT,
	LIMIT_COUNT
};

struct update_values {
	const char *resources;
	const char *l3_cache_schema;
	const char *mem_bw_schema;
	const char *limits[LIMIT_COUNT]; /* as given; NULL: not */
};

#define UPDATE_ROW(index, name, argument, text) \
	OPTION_ROW_TEXT(struct update_values, limits[index], name, 0, argument, text)

static const struct option_row update_rows[] = {
	OPTION_ROW_FILE(struct update_values, resources, "resources", 'r', "FILE",
			"JSON as linux.resources of config.json; - is standard input"),
	UPDATE_ROW(LIMIT_BLKIO_WEIGHT, "blkio-weight", "N", "share of block I/O, 10 to 1000"),
	UPDATE_ROW(LIMIT_CPU_PERIOD, "cpu-period", "US", "microseconds in which the quota may be used"),
	UPDATE_ROW(LIMIT_CPU_QUOTA, "cpu-quota", "US", "microseconds of CPU time in a period; -1 is no limit"),
	UPDATE_ROW(LIMIT_CPU_BURST, "cpu-burst", "US", "microseconds that may be saved for later periods"),
	UPDATE_ROW(LIMIT_CPU_SHARE, "cpu-share", "N", "share of CPU time; the default is 1024"),
	UPDATE_ROW(LIMIT_CPU_IDLE, "cpu-idle", "0|1", "1: runs only when nobody else wants the CPU"),
	UPDATE_ROW(LIMIT_CPU_RT_PERIOD, "cpu-rt-period", "US", "period for real-time scheduling (cgroup v1)"),
	UPDATE_ROW(LIMIT_CPU_RT_RUNTIME, "cpu-rt-runtime", "US", "real-time scheduling in a period (cgroup v1)"),
	UPDATE_ROW(LIMIT_CPUSET_CPUS, "cpuset-cpus", "LIST", "CPUs to run on, such as 0-2,7"),
	UPDATE_ROW(LIMIT_CPUSET_MEMS, "cpuset-mems", "LIST", "memory nodes to use"),
	UPDATE_ROW(LIMIT_KERNEL_MEMORY, "kernel-memory", "SIZE", "ignored, with a warning"),
	UPDATE_ROW(LIMIT_KERNEL_MEMORY_TCP, "kernel-memory-tcp", "SIZE", "ignored, with a warning"),
	UPDATE_ROW(LIMIT_MEMORY, "memory", "SIZE", "memory limit; -1 is no limit"),
	UPDATE_ROW(LIMIT_MEMORY_RESERVATION, "memory-reservation", "SIZE", "memory that the container shall keep"),
	UPDATE_ROW(LIMIT_MEMORY_SWAP, "memory-swap", "SIZE", "memory and swap together; -1 is no limit"),
	UPDATE_ROW(LIMIT_PIDS_LIMIT, "pids-limit", "N", "processes and threads; -1 is no limit"),
	OPTION_ROW_TEXT(struct update_values, l3_cache_schema, "l3-cache-schema", 0, "TEXT", "refused: Intel RDT"),
	OPTION_ROW_TEXT(struct update_values, mem_bw_schema, "mem-bw-schema", 0, "TEXT", "refused: Intel RDT"),
};

/* What the options are turned into. */
struct update_resources {
	struct spec_memory memory;
	struct spec_cpu cpu;
	struct spec_pids pids;
	struct spec_block_io block_io;
	struct spec_resources resources;
	bool has_memory, has_cpu, has_pids, has_block_io;
};

enum limit_kind { KIND_SIZE = 0, KIND_I64, KIND_U64, KIND_U32, KIND_LIST };

struct limit {
	const char *option;
	const char *path;       /* below linux.resources */
	enum limit_kind kind;
	size_t target;          /* in struct update_resources */
	size_t has;
};

#define LIMIT(name, at, how, object, member) \
	/* Parentheses can't stand in a member's name. NOLINTNEXTLINE(bugprone-macro-parentheses) */ \
	{ name, at, how, offsetof(struct update_resources, object.member), \
	  offsetof(struct update_resources, has_##object) }

static const struct limit limits[] = {
	[LIMIT_BLKIO_WEIGHT] = LIMIT("--blkio-weight", "blockIO.weight", KIND_U32, block_io, weight),
	[LIMIT_CPU_BURST] = LIMIT("--cpu-burst", "cpu.burst", KIND_U64, cpu, burst),
	[LIMIT_CPU_IDLE] = LIMIT("--cpu-idle", "cpu.idle", KIND_I64, cpu, idle),
	[LIMIT_CPU_PERIOD] = LIMIT("--cpu-period", "cpu.period", KIND_U64, cpu, period),
	[LIMIT_CPU_QUOTA] = LIMIT("--cpu-quota", "cpu.quota", KIND_I64, cpu, quota),
	[LIMIT_CPU_RT_PERIOD] = LIMIT("--cpu-rt-period", "cpu.realtimePeriod", KIND_U64, cpu, realtime_period),
	[LIMIT_CPU_RT_RUNTIME] = LIMIT("--cpu-rt-runtime", "cpu.realtimeRuntime", KIND_I64, cpu, realtime_runtime),
	[LIMIT_CPU_SHARE] = LIMIT("--cpu-share", "cpu.shares", KIND_U64, cpu, shares),
	[LIMIT_CPUSET_CPUS] = LIMIT("--cpuset-cpus", "cpu.cpus", KIND_LIST, cpu, cpus),
	[LIMIT_CPUSET_MEMS] = LIMIT("--cpuset-mems", "cpu.mems", KIND_LIST, cpu, mems),
	[LIMIT_KERNEL_MEMORY] = LIMIT("--kernel-memory", "memory.kernel", KIND_SIZE, memory, kernel),
	[LIMIT_KERNEL_MEMORY_TCP] = LIMIT("--kernel-memory-tcp", "memory.kernelTCP", KIND_SIZE, memory, kernel_tcp),
	[LIMIT_MEMORY] = LIMIT("--memory", "memory.limit", KIND_SIZE, memory, limit),
	[LIMIT_MEMORY_RESERVATION] = LIMIT("--memory-reservation", "memory.reservation", KIND_SIZE, memory,
					   reservation),
	[LIMIT_MEMORY_SWAP] = LIMIT("--memory-swap", "memory.swap", KIND_SIZE, memory, swap),
	[LIMIT_PIDS_LIMIT] = LIMIT("--pids-limit", "pids.limit", KIND_I64, pids, limit),
};
_Static_assert(sizeof(limits) / sizeof(limits[0]) == LIMIT_COUNT, "a row for each limit");

static int set_size(const char *text, void *target)
{
	struct opt_i64 *value = target;

	value->is_set = true;
	return num_parse_i64(text, -1, -1, &value->value) == 0 ? 0 : size_parse(text, &value->value);
}

static int set_i64(const char *text, void *target)
{
	struct opt_i64 *value = target;

	value->is_set = true;
	return num_parse_i64(text, INT64_MIN, INT64_MAX, &value->value);
}

static int set_u64(const char *text, void *target)
{
	struct opt_u64 *value = target;

	value->is_set = true;
	return num_parse_u64(text, UINT64_MAX, &value->value);
}

static int set_u32(const char *text, void *target)
{
	struct opt_u32 *value = target;

	value->is_set = true;
	return num_parse_u32(text, &value->value);
}

/* The kernel judges the list. */
static int set_list(const char *text, void *target)
{
	*(const char **)target = text;
	return text[0] != '\0' ? 0 : -1;
}

static const struct { int (*set)(const char *, void *); const char *want; } kinds[] = {
	[KIND_SIZE] = { set_size, "a size such as 512m, or -1 for no limit" },
	[KIND_I64] = { set_i64, "a whole number" },
	[KIND_U64] = { set_u64, "a whole number that is not negative" },
	[KIND_U32] = { set_u32, "a whole number that is not negative" },
	[KIND_LIST] = { set_list, "a list such as 0-2,7" },
};

/* Returns how many limits were given, or -1. */
static int limits_take(const struct update_values *values, struct update_resources *to, struct err *err)
{
	int count = 0;

	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		const struct limit *limit = &limits[i];

		if (values->limits[i] == NULL)
			continue;
		if (kinds[limit->kind].set(values->limits[i], (char *)to + limit->target) < 0)
			return err_set(err, ERR_USAGE, "update: %s: want %s, got \"%s\"", limit->option,
				       kinds[limit->kind].want, values->limits[i]);
		*(bool *)((char *)to + limit->has) = true;
		count++;
	}
	to->resources.memory = to->has_memory ? &to->memory : NULL;
	to->resources.cpu = to->has_cpu ? &to->cpu : NULL;
	to->resources.pids = to->has_pids ? &to->pids : NULL;
	to->resources.block_io = to->has_block_io ? &to->block_io : NULL;
	return count;
}

static int update_run(struct command_call *call, struct err *err)
{
	const struct update_values *values = call->values;
	struct update_resources from_options = { .has_memory = false };
	struct runtime_update_name names[LIMIT_COUNT + 1] = { { NULL, NULL } };
	struct runtime_update_options options = {
		.id = call->arguments.items[0],
		.file = values->resources,
		.resources = &from_options.resources,
		.names = names,
	};
	int count = limits_take(values, &from_options, err);

	if (count < 0)
		return -1;
	if (values->l3_cache_schema != NULL || values->mem_bw_schema != NULL)
		return err_set(err, ERR_UNSUPPORTED, "unsupported: --%s: Intel RDT",
			       values->l3_cache_schema != NULL ? "l3-cache-schema" : "mem-bw-schema");
	if (values->resources != NULL && count > 0)
		return err_set(err, ERR_USAGE, "update: --resources can't be mixed with options for single limits");
	if (values->resources == NULL && count == 0)
		return err_set(err, ERR_USAGE, "update: want --resources or the option of a limit");
	for (size_t i = 0; i < LIMIT_COUNT; i++)
		names[i] = (struct runtime_update_name){ limits[i].path, limits[i].option };
	return runtime_update(call->context, &options, err);
}

const struct command command_update = {
	.name = "update",
	.arguments = "CONTAINER-ID",
	.help = "change the limits of a container",
	.options = OPTION_SET(update_rows),
	.values_size = sizeof(struct update_values),
	.arguments_min = 1,
	.arguments_max = 1,
	.takes_container = true,
	.run = update_run,
};
