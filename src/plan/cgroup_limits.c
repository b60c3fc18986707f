/*
 * plan/cgroup_limits.c - what the tables of limits share: which controller there is, a row becoming a write.
 *
 * Runs in the runtime process, pure.
 */
#include "cgroup_parts.h"

#include <string.h>

#include "base/words.h"

uint32_t cgroup_controller_version(const struct host *host, const char *controller)
{
	for (size_t i = 0; i < host->hierarchy_count; i++) {
		const struct host_hierarchy *row = &host->hierarchies[i];

		if (row->version == 1 && words_have(row->controllers, ',', controller, strlen(controller)))
			return 1;
		if (row->version == 2 && words_have(row->available, ' ', controller, strlen(controller)))
			return 2;
	}
	return 0;
}

int cgroup_fail_no_controller(struct cgroup_builder *builder, const char *origin, const char *controller)
{
	return err_set(builder->err, ERR_UNSUPPORTED, "%s: this host has no %s cgroup controller", origin, controller);
}

struct plan_cgroup_write *cgroup_write_add(struct cgroup_builder *builder, const char *controller, const char *file,
					   const char *origin, const char *text)
{
	struct plan_cgroup *plan = builder->plan;
	struct plan_cgroup_write *write;

	plan->writes = arena_grow(builder->arena, plan->writes, plan->write_count, sizeof(*plan->writes));
	write = &plan->writes[plan->write_count++];
	*write = (struct plan_cgroup_write){ controller, file, text, origin, WRITE_REQUIRED };
	return write;
}

void cgroup_warning_add(struct cgroup_builder *builder, const char *text)
{
	struct plan_cgroup *plan = builder->plan;

	plan->warnings = arena_grow(builder->arena, plan->warnings, plan->warning_count, sizeof(*plan->warnings));
	plan->warnings[plan->warning_count++] = text;
}

int cgroup_limit_refuse(struct cgroup_builder *builder, const struct cgroup_limit *limit, const char *why)
{
	return err_set(builder->err, ERR_CONFIG, "%s: %s", limit->origin, why);
}

int cgroup_convert_bytes(struct cgroup_builder *builder, const struct cgroup_limit *limit, uint32_t version,
			 const struct opt_i64 *value, const char **text)
{
	if (!value->is_set || value->value == 0)
		return 0;
	if (value->value < -1)
		return cgroup_limit_refuse(builder, limit, "want a number of bytes, or -1 for no limit");
	if (value->value == -1)
		*text = version == 2 ? "max" : "-1";
	else
		*text = arena_printf(builder->arena, "%lld", (long long)value->value);
	return 0;
}

int cgroup_convert_u64(struct cgroup_builder *builder, const struct opt_u64 *value, const char **text)
{
	if (value->is_set && value->value != 0)
		*text = arena_printf(builder->arena, "%llu", (unsigned long long)value->value);
	return 0;
}

static int limit_build(struct cgroup_builder *builder, const struct cgroup_limit *limit)
{
	uint32_t version = cgroup_controller_version(builder->host, limit->controller);
	const char *file = version == 2 ? limit->file_v2 : limit->file_v1;
	const char *text = NULL;
	struct plan_cgroup_write *write;

	if (limit->convert(builder, limit, version, &text) < 0)
		return -1;
	if (text == NULL)
		return 0;
	builder->plan->has_limits = true;
	if (version == 0)
		return cgroup_fail_no_controller(builder, limit->origin, limit->controller);
	if (file == NULL)
		return err_set(builder->err, ERR_UNSUPPORTED, "%s: cgroup v%u has no such setting", limit->origin,
			       version);
	write = cgroup_write_add(builder, limit->controller, file, limit->origin, text);
	if (limit->may_lack_unlimited && (strcmp(text, "max") == 0 || strcmp(text, "-1") == 0))
		write->need = WRITE_OPTIONAL;
	return 0;
}

int cgroup_limits_build(struct cgroup_builder *builder, const struct cgroup_limit *limits, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (limit_build(builder, &limits[i]) < 0)
			return -1;
	return 0;
}
