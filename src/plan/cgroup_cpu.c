/*
 * plan/cgroup_cpu.c - linux.resources.cpu and linux.resources.pids.
 *
 * Runs in the runtime process, pure.
 */
#include "cgroup_parts.h"

#include "plan/cgroup_build.h"

#define PERIOD_DEFAULT_US 100000
/* Of cgroup v1 (MIN_SHARES and MAX_SHARES in kernel/sched/core.c). */
#define SHARES_MIN 2
#define SHARES_MAX 262144

static int convert_shares(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			  const char **text)
{
	const struct opt_u64 *value = &builder->resources->cpu->shares;
	struct opt_u64 weight = { value->is_set, plan_cgroup_weight_from_shares(value->value) };

	/* The kernel would quietly take the nearest one. */
	if (version == 1 && value->is_set && value->value != 0 &&
	    (value->value < SHARES_MIN || value->value > SHARES_MAX))
		return cgroup_limit_refuse(builder, limit, "want 2 to 262144");
	return cgroup_convert_u64(builder, version == 2 ? &weight : value, text);
}

static int convert_quota_value(struct cgroup_builder *builder, const struct cgroup_limit *limit, const char *unlimited,
			       const char **text)
{
	const struct opt_i64 *quota = &builder->resources->cpu->quota;

	if (!quota->is_set || quota->value == 0)
		return 0;
	if (quota->value < -1)
		return cgroup_limit_refuse(builder, limit, "want microseconds, or -1 for no limit");
	*text = quota->value == -1 ? unlimited : arena_printf(builder->arena, "%lld", (long long)quota->value);
	return 0;
}

/* v1 has a file for each; on v2 both stand in cpu.max, written by convert_quota(). */
static int convert_period(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			  const char **text)
{
	(void)limit;
	return version == 1 ? cgroup_convert_u64(builder, &builder->resources->cpu->period, text) : 0;
}

static int convert_quota(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			 const char **text)
{
	const struct opt_u64 *period = &builder->resources->cpu->period;
	bool has_period = period->is_set && period->value != 0;
	const char *quota = NULL;

	if (convert_quota_value(builder, limit, version == 2 ? "max" : "-1", &quota) < 0)
		return -1;
	if (version == 1)
		*text = quota;
	else if (quota != NULL || has_period)
		*text = arena_printf(builder->arena, "%s %llu", quota != NULL ? quota : "max",
				     has_period ? (unsigned long long)period->value : PERIOD_DEFAULT_US);
	return 0;
}

static int convert_burst(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			 const char **text)
{
	(void)limit;
	(void)version;
	return cgroup_convert_u64(builder, &builder->resources->cpu->burst, text);
}

static int convert_rt_period(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			     const char **text)
{
	(void)limit;
	(void)version;
	return cgroup_convert_u64(builder, &builder->resources->cpu->realtime_period, text);
}

static int convert_rt_runtime(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			      const char **text)
{
	const struct opt_i64 *value = &builder->resources->cpu->realtime_runtime;

	(void)limit;
	(void)version;
	if (value->is_set && value->value != 0)
		*text = arena_printf(builder->arena, "%lld", (long long)value->value);
	return 0;
}

static int convert_idle(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			const char **text)
{
	const struct opt_i64 *value = &builder->resources->cpu->idle;

	(void)version;
	if (!value->is_set)
		return 0;
	if (value->value != 0 && value->value != 1)
		return cgroup_limit_refuse(builder, limit, "want 0 or 1");
	*text = value->value == 1 ? "1" : "0";
	return 0;
}

static int convert_cpus(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			const char **text)
{
	const char *value = builder->resources->cpu->cpus;

	(void)limit;
	(void)version;
	*text = value != NULL && value[0] != '\0' ? value : NULL;
	return 0;
}

static int convert_mems(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			const char **text)
{
	const char *value = builder->resources->cpu->mems;

	(void)limit;
	(void)version;
	*text = value != NULL && value[0] != '\0' ? value : NULL;
	return 0;
}

static int convert_pids(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			const char **text)
{
	const struct opt_i64 *value = &builder->resources->pids->limit;

	(void)limit;
	if (!value->is_set)
		return 0;
	if (value->value < 0)
		*text = "max";
	else if (value->value == 0 && version == 2)
		/*
		 * The container's first process is cloned into the cgroup, which a limit of 0 would forbid; 1 means no
		 * other one.
		 */
		*text = "1";
	else
		*text = arena_printf(builder->arena, "%lld", (long long)value->value);
	return 0;
}

/*
 * In the order of writing: v1 refuses a burst above the quota; an idle cgroup refuses shares, so idle comes after them.
 */
static const struct cgroup_limit cpu_limits[] = {
	{ "linux.resources.cpu.shares", "cpu", "cpu.shares", "cpu.weight", convert_shares },
	{ "linux.resources.cpu.realtimePeriod", "cpu", "cpu.rt_period_us", NULL, convert_rt_period },
	{ "linux.resources.cpu.realtimeRuntime", "cpu", "cpu.rt_runtime_us", NULL, convert_rt_runtime },
	{ "linux.resources.cpu.period", "cpu", "cpu.cfs_period_us", "cpu.max", convert_period },
	{ "linux.resources.cpu.quota", "cpu", "cpu.cfs_quota_us", "cpu.max", convert_quota },
	{ "linux.resources.cpu.burst", "cpu", "cpu.cfs_burst_us", "cpu.max.burst", convert_burst },
	{ "linux.resources.cpu.idle", "cpu", "cpu.idle", "cpu.idle", convert_idle },
	{ "linux.resources.cpu.cpus", "cpuset", "cpuset.cpus", "cpuset.cpus", convert_cpus },
	{ "linux.resources.cpu.mems", "cpuset", "cpuset.mems", "cpuset.mems", convert_mems },
};

static const struct cgroup_limit pids_limits[] = {
	{ "linux.resources.pids.limit", "pids", "pids.max", "pids.max", convert_pids },
};

int cgroup_cpu_build(struct cgroup_builder *builder)
{
	return builder->resources->cpu != NULL ? CGROUP_LIMITS_BUILD(builder, cpu_limits) : 0;
}

int cgroup_pids_build(struct cgroup_builder *builder)
{
	return builder->resources->pids != NULL ? CGROUP_LIMITS_BUILD(builder, pids_limits) : 0;
}
