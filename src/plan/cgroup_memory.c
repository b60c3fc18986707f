/*
 * plan/cgroup_memory.c - linux.resources.memory.
 *
 * Runs in the runtime process, pure.
 */
#include "cgroup_parts.h"

static int convert_memory_limit(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
				const char **text)
{
	return cgroup_convert_bytes(builder, limit, version, &builder->resources->memory->limit, text);
}

static int convert_memory_reservation(struct cgroup_builder *builder, const struct cgroup_limit *limit,
				      uint32_t version, const char **text)
{
	return cgroup_convert_bytes(builder, limit, version, &builder->resources->memory->reservation, text);
}

/* The spec's value, and v1's file, count memory and swap together; v2's file counts swap alone. */
static int convert_memory_swap(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			       const char **text)
{
	const struct spec_memory *memory = builder->resources->memory;
	int64_t bytes = memory->limit.is_set ? memory->limit.value : 0;
	int64_t swap = memory->swap.is_set ? memory->swap.value : 0;

	/* Who asks for unlimited memory and says nothing about swap means both, as on v1 (runc). */
	if (swap == 0 && bytes == -1) {
		*text = version == 2 ? "max" : "-1";
		return 0;
	}
	if (swap > 0 && bytes > 0 && swap < bytes)
		return cgroup_limit_refuse(builder, limit,
					   "memory and swap together can't be less than linux.resources.memory.limit");
	if (version == 1 || swap <= 0)
		return cgroup_convert_bytes(builder, limit, version, &memory->swap, text);
	if (bytes <= 0)
		return cgroup_limit_refuse(builder, limit, "needs linux.resources.memory.limit");
	*text = arena_printf(builder->arena, "%lld", (long long)(swap - bytes));
	return 0;
}

static int convert_swappiness(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			      const char **text)
{
	const struct opt_u64 *value = &builder->resources->memory->swappiness;

	(void)version;
	/* -1 written as an unsigned number is how callers say "not asked for". */
	if (!value->is_set || value->value == UINT64_MAX)
		return 0;
	if (value->value > 100)
		return cgroup_limit_refuse(builder, limit, "want 0 to 100");
	*text = arena_printf(builder->arena, "%llu", (unsigned long long)value->value);
	return 0;
}

static int convert_oom_killer(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			      const char **text)
{
	const struct opt_bool *value = &builder->resources->memory->disable_oom_killer;

	(void)limit;
	if (value->is_set && value->value)
		*text = "1";
	else if (value->is_set && builder->is_update && version == 1)
		*text = "0";
	return 0;
}

static int convert_use_hierarchy(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
				 const char **text)
{
	const struct opt_bool *value = &builder->resources->memory->use_hierarchy;

	(void)version;
	(void)text;
	/* Every kernel since 5.11 accounts hierarchically and can't do otherwise. */
	if (value->is_set && !value->value)
		return err_set(builder->err, ERR_UNSUPPORTED, "%s: memory is always accounted hierarchically",
			       limit->origin);
	return 0;
}

/*
 * In the order of writing: v1 refuses memory.limit above memory.memsw, and a fresh cgroup has no limits, so the
 * smaller one comes first.
 */
static const struct cgroup_limit memory_limits[] = {
	{ "linux.resources.memory.useHierarchy", "memory", NULL, NULL, convert_use_hierarchy },
	{ "linux.resources.memory.limit", "memory", "memory.limit_in_bytes", "memory.max", convert_memory_limit },
	{ "linux.resources.memory.swap", "memory", "memory.memsw.limit_in_bytes", "memory.swap.max",
	  convert_memory_swap, .may_lack_unlimited = true },
	{ "linux.resources.memory.reservation", "memory", "memory.soft_limit_in_bytes", "memory.low",
	  convert_memory_reservation },
	{ "linux.resources.memory.swappiness", "memory", "memory.swappiness", NULL, convert_swappiness },
	{ "linux.resources.memory.disableOOMKiller", "memory", "memory.oom_control", NULL, convert_oom_killer },
};

int cgroup_memory_build(struct cgroup_builder *builder)
{
	const struct spec_memory *memory = builder->resources->memory;

	if (memory == NULL)
		return 0;
	if (CGROUP_LIMITS_BUILD(builder, memory_limits) < 0)
		return -1;
	if (memory->kernel.is_set && memory->kernel.value > 0)
		cgroup_warning_add(builder, "linux.resources.memory.kernel is ignored: kernels no longer limit it");
	if (memory->kernel_tcp.is_set && memory->kernel_tcp.value > 0)
		cgroup_warning_add(builder, "linux.resources.memory.kernelTCP is ignored: kernels no longer limit it");
	return 0;
}
