/*
 * plan/systemd_limits.c - planned writes to cgroup files as the properties of a systemd unit that mean the same.
 *
 * Runs in the runtime process, pure.
 */
#include <string.h>

#include "base/num.h"
#include "systemd_parts.h"

#define USEC_PER_SEC 1000000u
#define PERIOD_DEFAULT_US 100000u
/* systemd keeps CPUQuota= as whole percent of a second. */
#define QUOTA_STEP_US 10000u
/* More CPUs or memory nodes than any kernel can have. */
#define SET_BITS_MAX 16384u

/* --- one number a file --- */

struct limit_row {
	const char *file;
	const char *property;
	uint64_t min;       /* what systemd takes; other values are left to the file */
	uint64_t max;
	bool is_recent;
};

static const struct limit_row limit_rows[] = {
	{ "memory.max", "MemoryMax", 1, UINT64_MAX },
	{ "memory.high", "MemoryHigh", 1, UINT64_MAX },
	{ "memory.low", "MemoryLow", 0, UINT64_MAX },
	{ "memory.min", "MemoryMin", 0, UINT64_MAX },
	{ "memory.swap.max", "MemorySwapMax", 0, UINT64_MAX },
	{ "memory.limit_in_bytes", "MemoryLimit", 1, UINT64_MAX },
	{ "cpu.weight", "CPUWeight", 1, 10000 },
	{ "cpu.shares", "CPUShares", 2, 262144 },
	{ "io.weight", "IOWeight", 1, 10000 },
	{ "blkio.weight", "BlockIOWeight", 10, 1000 },
	{ "pids.max", "TasksMax", 1, UINT64_MAX },
};

/* A whole number, or no limit: systemd's infinity. */
static bool parse_number(const char *text, uint64_t *number)
{
	if (strcmp(text, "max") == 0 || strcmp(text, "-1") == 0) {
		*number = UINT64_MAX;
		return true;
	}
	return num_parse_u64(text, UINT64_MAX - 1, number) == 0;
}

static void add_row(struct arena *arena, const struct plan_cgroup_write *write,
		    struct plan_unit_properties *properties)
{
	struct plan_unit_property *property;
	uint64_t number;

	for (size_t i = 0; i < sizeof(limit_rows) / sizeof(limit_rows[0]); i++) {
		const struct limit_row *row = &limit_rows[i];

		if (strcmp(write->file, row->file) != 0 || !parse_number(write->text, &number) || number < row->min ||
		    number > row->max)
			continue;
		property = systemd_property_add(arena, properties, row->property, "t");
		systemd_value_add(arena, property, NULL, number);
		property->origin = write->origin;
	}
}

/* --- the CPU's time --- */

/* What v2 has in one file and v1 in two. */
struct quota {
	bool is_set;
	bool has_period;
	uint64_t quota_us;    /* UINT64_MAX: none */
	uint64_t period_us;
	const char *origin;
};

static void read_quota(struct arena *arena, const struct plan_cgroup_write *write, struct quota *quota)
{
	size_t length = strcspn(write->text, " ");
	uint64_t first, second = quota->period_us;

	if (!parse_number(arena_strndup(arena, write->text, length), &first))
		return;
	if (strcmp(write->file, "cpu.cfs_period_us") == 0) {
		quota->period_us = first;
		quota->has_period = true;
		return;
	}
	if (write->text[length] == ' ' && num_parse_u64(write->text + length + 1, USEC_PER_SEC, &second) < 0)
		return;
	quota->is_set = true;
	quota->quota_us = first;
	quota->has_period = quota->has_period || second != PERIOD_DEFAULT_US;
	quota->period_us = second;
	quota->origin = write->origin;
}

static void add_quota(struct arena *arena, const struct quota *quota, struct plan_unit_properties *properties)
{
	uint64_t per_second = UINT64_MAX;
	struct plan_unit_property *property;

	if (!quota->is_set || quota->period_us == 0 || quota->period_us > USEC_PER_SEC)
		return;
	if (quota->quota_us != UINT64_MAX) {
		if (quota->quota_us > UINT64_MAX / 2 / USEC_PER_SEC)
			return;
		per_second = quota->quota_us * USEC_PER_SEC / quota->period_us;
		per_second = (per_second + QUOTA_STEP_US - 1) / QUOTA_STEP_US * QUOTA_STEP_US;
	}
	property = systemd_property_add(arena, properties, "CPUQuotaPerSecUSec", "t");
	systemd_value_add(arena, property, NULL, per_second);
	property->origin = quota->origin;
	if (!quota->has_period)
		return;
	property = systemd_property_add(arena, properties, "CPUQuotaPeriodUSec", "t");
	systemd_value_add(arena, property, NULL, quota->period_us);
	property->origin = quota->origin;
	property->is_recent = true;
}

/* CPUWeight=idle; a weight that is asked for as well has no effect while the cgroup is idle. */
static void add_idle(struct arena *arena, const struct plan_cgroup_write *write,
		     struct plan_unit_properties *properties)
{
	struct plan_unit_property *property;

	if (strcmp(write->text, "1") != 0)
		return;
	property = systemd_property_add(arena, properties, "CPUWeight", "t");
	systemd_value_add(arena, property, NULL, 0);
	property->origin = write->origin;
	property->is_recent = true;
}

/* --- sets of CPUs and memory nodes --- */

/* "0-2,5" as a bit for each number; the highest one, or -1 for a text that is no such list. */
static long parse_set(const char *text, unsigned char *bits)
{
	long highest = -1;

	while (*text != '\0') {
		size_t length = strcspn(text, ",");
		size_t dash = strcspn(text, "-");
		uint64_t first, last;

		if (dash > length)
			dash = length;
		if (num_parse_u64_n(text, dash, SET_BITS_MAX - 1, &first) < 0)
			return -1;
		last = first;
		if (dash < length && num_parse_u64_n(text + dash + 1, length - dash - 1, SET_BITS_MAX - 1, &last) < 0)
			return -1;
		if (last < first)
			return -1;
		for (uint64_t i = first; i <= last; i++)
			bits[i / 8] |= (unsigned char)(1u << (i % 8));
		highest = (long)last > highest ? (long)last : highest;
		text += length + (text[length] == ',');
	}
	return highest;
}

static void add_set(struct arena *arena, const struct plan_cgroup_write *write, const char *name,
		    struct plan_unit_properties *properties)
{
	unsigned char bits[SET_BITS_MAX / 8] = { 0 };
	long highest = parse_set(write->text, bits);
	struct plan_unit_property *property;

	if (highest < 0)
		return;
	property = systemd_property_add(arena, properties, name, "ay");
	for (long i = 0; i <= highest / 8; i++)
		systemd_value_add(arena, property, NULL, bits[i]);
	property->origin = write->origin;
	property->is_recent = true;
}

void plan_systemd_limits(struct arena *arena, const struct plan_cgroup *plan, struct plan_unit_properties *properties)
{
	struct quota quota = { .period_us = PERIOD_DEFAULT_US };

	for (size_t i = 0; i < plan->write_count; i++) {
		const struct plan_cgroup_write *write = &plan->writes[i];

		if (strcmp(write->file, "cpu.max") == 0 || strcmp(write->file, "cpu.cfs_quota_us") == 0 ||
		    strcmp(write->file, "cpu.cfs_period_us") == 0)
			read_quota(arena, write, &quota);
		else if (strcmp(write->file, "cpu.idle") == 0)
			add_idle(arena, write, properties);
		else if (strcmp(write->file, "cpuset.cpus") == 0)
			add_set(arena, write, "AllowedCPUs", properties);
		else if (strcmp(write->file, "cpuset.mems") == 0)
			add_set(arena, write, "AllowedMemoryNodes", properties);
		else
			add_row(arena, write, properties);
	}
	add_quota(arena, &quota, properties);
}
