/*
 * plan/cgroup.c - where the container's cgroup is and what is written into it, from linux.cgroupsPath and
 * linux.resources.
 *
 * Runs in the runtime process, pure.  It must not ask the machine anything: what controllers there are stands in struct
 * host.
 */
#include "plan/cgroup_build.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/words.h"
#include "plan/devices.h"

#define PATH_ORIGIN "linux.cgroupsPath"
#define DEVICES_ORIGIN "linux.resources.devices"
#define PERIOD_DEFAULT_US 100000

/* Everything that the builders below share. */
struct builder {
	struct arena *arena;
	const struct host *host;
	const struct spec_resources *resources;
	struct plan_cgroup *plan;
	struct err *err;
};

/* --- path --- */

static bool is_systemd_form(const char *path)
{
	const char *first = strchr(path, ':');
	const char *second = first != NULL ? strchr(first + 1, ':') : NULL;
	size_t length = first != NULL ? (size_t)(first - path) : 0;

	if (second == NULL || strchr(path, '/') != NULL)
		return false;
	return length == 0 || (length > 6 && memcmp(first - 6, ".slice", 6) == 0);
}

static int component_check(const char *name, size_t length, struct err *err)
{
	if (length == 2 && memcmp(name, "..", 2) == 0)
		return err_set(err, ERR_CONFIG, PATH_ORIGIN ": \"..\" is not allowed in a cgroup path");
	if (length > NAME_MAX)
		return err_set(err, ERR_CONFIG, PATH_ORIGIN ": a name of %zu bytes is longer than %d", length,
			       NAME_MAX);
	if (memchr(name, '\n', length) != NULL)
		return err_set(err, ERR_CONFIG, PATH_ORIGIN ": a line break is not allowed in a cgroup's name");
	return 0;
}

/* Joins the components of `from` behind `to` with single slashes; `to` has room for them. */
static int path_join(char *to, const char *from, struct err *err)
{
	size_t used = strlen(to);

	while (*from != '\0') {
		size_t length = strcspn(from, "/");

		if (component_check(from, length, err) < 0)
			return -1;
		if (length > 0 && !(length == 1 && from[0] == '.')) {
			if (used > 0)
				to[used++] = '/';
			memcpy(to + used, from, length);
			used += length;
			to[used] = '\0';
		}
		from += length + (from[length] == '/');
	}
	return 0;
}

/*
 * The parent of runlet's own cgroup, for a user on v2: only there can a user be allowed to make cgroups, and runlet's
 * own one holds processes, so that its children could get no controllers.
 */
static const char *delegated_parent(struct arena *arena, const struct host *host)
{
	const struct host_hierarchy *tree = &host->hierarchies[0];
	size_t root_length = strcmp(tree->mount_root, "/") == 0 ? 0 : strlen(tree->mount_root);
	const char *own = tree->own_path;
	const char *last;

	if (strncmp(own, tree->mount_root, root_length) != 0 || (own[root_length] != '/' && own[root_length] != '\0'))
		return "";
	own += root_length;
	last = strrchr(own, '/');
	return last != NULL ? arena_strndup(arena, own, (size_t)(last - own)) : "";
}

static int path_build(struct builder *builder, const char *given, const char *id)
{
	const struct host *host = builder->host;
	const char *name = given != NULL ? given : id;
	const char *parent = "";
	char *path;

	if (given != NULL && is_systemd_form(given))
		return err_set(builder->err, ERR_CONFIG,
			       PATH_ORIGIN ": \"%s\" is the form of the systemd cgroup manager, "
					   "which needs --systemd-cgroup",
			       given);
	if (name[0] != '/' && host->euid != 0 && host->cgroup_mode == HOST_CGROUP_V2)
		parent = delegated_parent(builder->arena, host);
	path = arena_alloc(builder->arena, strlen(parent) + strlen(name) + 2);
	if (path_join(path, parent, builder->err) < 0)
		return -1;
	size_t parent_length = strlen(path);
	if (path_join(path, name, builder->err) < 0)
		return -1;
	if (strlen(path) == parent_length)
		return err_set(builder->err, ERR_CONFIG, PATH_ORIGIN ": \"%s\" names no cgroup", name);
	if (strlen(path) >= PATH_MAX / 2)
		return err_set(builder->err, ERR_CONFIG, PATH_ORIGIN ": a path of %zu bytes is too long", strlen(path));
	builder->plan->path = path;
	builder->plan->is_path_given = given != NULL;
	return 0;
}

/* --- writes --- */

/* Which version of cgroups serves a controller on this host: 1, 2, or 0 for none. */
static uint32_t controller_version(const struct host *host, const char *controller)
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

static struct plan_cgroup_write *write_add(struct builder *builder, const char *controller, const char *file,
					   const char *origin, const char *text)
{
	struct plan_cgroup *plan = builder->plan;
	struct plan_cgroup_write *write;

	plan->writes = arena_grow(builder->arena, plan->writes, plan->write_count, sizeof(*plan->writes));
	write = &plan->writes[plan->write_count++];
	*write = (struct plan_cgroup_write){ controller, file, text, origin, false };
	return write;
}

static void warning_add(struct builder *builder, const char *text)
{
	struct plan_cgroup *plan = builder->plan;

	plan->warnings = arena_grow(builder->arena, plan->warnings, plan->warning_count, sizeof(*plan->warnings));
	plan->warnings[plan->warning_count++] = text;
}

/*
 * How one limit is asked for and written.  A converter sets *text to what is written, or leaves NULL when the value is
 * "not asked for"; it may refuse the value.  A file of NULL: that version of cgroups has no such thing.
 */
struct limit {
	const char *origin;
	const char *controller;
	const char *file_v1;
	const char *file_v2;
	int (*convert)(struct builder *builder, const struct limit *limit, uint32_t version, const char **text);
};

static int limit_refuse(struct builder *builder, const struct limit *limit, const char *why)
{
	return err_set(builder->err, ERR_CONFIG, "%s: %s", limit->origin, why);
}

/* Bytes: 0 means not asked for, -1 unlimited. */
static int convert_bytes(struct builder *builder, const struct limit *limit, uint32_t version,
			 const struct opt_i64 *value, const char **text)
{
	if (!value->is_set || value->value == 0)
		return 0;
	if (value->value < -1)
		return limit_refuse(builder, limit, "want a number of bytes, or -1 for no limit");
	if (value->value == -1)
		*text = version == 2 ? "max" : "-1";
	else
		*text = arena_printf(builder->arena, "%lld", (long long)value->value);
	return 0;
}

static int convert_u64(struct builder *builder, const struct opt_u64 *value, const char **text)
{
	if (value->is_set && value->value != 0)
		*text = arena_printf(builder->arena, "%llu", (unsigned long long)value->value);
	return 0;
}

static int convert_memory_limit(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	return convert_bytes(builder, limit, version, &builder->resources->memory->limit, text);
}

static int convert_memory_reservation(struct builder *builder, const struct limit *limit, uint32_t version,
				      const char **text)
{
	return convert_bytes(builder, limit, version, &builder->resources->memory->reservation, text);
}

/* The spec's value, and v1's file, count memory and swap together; v2's file counts swap alone. */
static int convert_memory_swap(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
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
		return limit_refuse(builder, limit,
				    "memory and swap together can't be less than linux.resources.memory.limit");
	if (version == 1 || swap <= 0)
		return convert_bytes(builder, limit, version, &memory->swap, text);
	if (bytes <= 0)
		return limit_refuse(builder, limit, "needs linux.resources.memory.limit");
	*text = arena_printf(builder->arena, "%lld", (long long)(swap - bytes));
	return 0;
}

static int convert_swappiness(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	const struct opt_u64 *value = &builder->resources->memory->swappiness;

	(void)version;
	/* -1 written as an unsigned number is how callers say "not asked for". */
	if (!value->is_set || value->value == UINT64_MAX)
		return 0;
	if (value->value > 100)
		return limit_refuse(builder, limit, "want 0 to 100");
	*text = arena_printf(builder->arena, "%llu", (unsigned long long)value->value);
	return 0;
}

static int convert_oom_killer(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	const struct opt_bool *value = &builder->resources->memory->disable_oom_killer;

	(void)limit;
	(void)version;
	if (value->is_set && value->value)
		*text = "1";
	return 0;
}

static int convert_use_hierarchy(struct builder *builder, const struct limit *limit, uint32_t version,
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

static int convert_shares(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	const struct opt_u64 *value = &builder->resources->cpu->shares;
	struct opt_u64 weight = { value->is_set, plan_cgroup_weight_from_shares(value->value) };

	(void)limit;
	return convert_u64(builder, version == 2 ? &weight : value, text);
}

static int convert_quota_value(struct builder *builder, const struct limit *limit, const char *unlimited,
			       const char **text)
{
	const struct opt_i64 *quota = &builder->resources->cpu->quota;

	if (!quota->is_set || quota->value == 0)
		return 0;
	if (quota->value < -1)
		return limit_refuse(builder, limit, "want microseconds, or -1 for no limit");
	*text = quota->value == -1 ? unlimited : arena_printf(builder->arena, "%lld", (long long)quota->value);
	return 0;
}

/* v1 has a file for each; on v2 both stand in cpu.max, written by convert_quota(). */
static int convert_period(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	(void)limit;
	return version == 1 ? convert_u64(builder, &builder->resources->cpu->period, text) : 0;
}

static int convert_quota(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
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

static int convert_burst(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	(void)limit;
	(void)version;
	return convert_u64(builder, &builder->resources->cpu->burst, text);
}

static int convert_rt_period(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	(void)limit;
	(void)version;
	return convert_u64(builder, &builder->resources->cpu->realtime_period, text);
}

static int convert_rt_runtime(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	const struct opt_i64 *value = &builder->resources->cpu->realtime_runtime;

	(void)limit;
	(void)version;
	if (value->is_set && value->value != 0)
		*text = arena_printf(builder->arena, "%lld", (long long)value->value);
	return 0;
}

static int convert_idle(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	const struct opt_i64 *value = &builder->resources->cpu->idle;

	(void)version;
	if (!value->is_set)
		return 0;
	if (value->value != 0 && value->value != 1)
		return limit_refuse(builder, limit, "want 0 or 1");
	*text = value->value == 1 ? "1" : "0";
	return 0;
}

static int convert_cpus(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	const char *value = builder->resources->cpu->cpus;

	(void)limit;
	(void)version;
	*text = value != NULL && value[0] != '\0' ? value : NULL;
	return 0;
}

static int convert_mems(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
{
	const char *value = builder->resources->cpu->mems;

	(void)limit;
	(void)version;
	*text = value != NULL && value[0] != '\0' ? value : NULL;
	return 0;
}

static int convert_pids(struct builder *builder, const struct limit *limit, uint32_t version, const char **text)
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
 * In the order of writing.  v1 refuses memory.limit above memory.memsw and a burst above the quota, and a fresh cgroup
 * has no limits, so the smaller one comes first; an idle cgroup refuses shares, so idle comes after them.
 */
static const struct limit memory_limits[] = {
	{ "linux.resources.memory.useHierarchy", "memory", NULL, NULL, convert_use_hierarchy },
	{ "linux.resources.memory.limit", "memory", "memory.limit_in_bytes", "memory.max", convert_memory_limit },
	{ "linux.resources.memory.swap", "memory", "memory.memsw.limit_in_bytes", "memory.swap.max",
	  convert_memory_swap },
	{ "linux.resources.memory.reservation", "memory", "memory.soft_limit_in_bytes", "memory.low",
	  convert_memory_reservation },
	{ "linux.resources.memory.swappiness", "memory", "memory.swappiness", NULL, convert_swappiness },
	{ "linux.resources.memory.disableOOMKiller", "memory", "memory.oom_control", NULL, convert_oom_killer },
};

static const struct limit cpu_limits[] = {
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

static const struct limit pids_limits[] = {
	{ "linux.resources.pids.limit", "pids", "pids.max", "pids.max", convert_pids },
};

static int limit_write(struct builder *builder, const struct limit *limit)
{
	uint32_t version = controller_version(builder->host, limit->controller);
	const char *file = version == 2 ? limit->file_v2 : limit->file_v1;
	const char *text = NULL;
	struct plan_cgroup_write *write;

	if (limit->convert(builder, limit, version, &text) < 0)
		return -1;
	if (text == NULL)
		return 0;
	builder->plan->has_limits = true;
	if (version == 0)
		return err_set(builder->err, ERR_UNSUPPORTED, "%s: this host has no %s cgroup controller",
			       limit->origin, limit->controller);
	if (file == NULL)
		return err_set(builder->err, ERR_UNSUPPORTED, "%s: cgroup v%u has no such setting", limit->origin,
			       version);
	write = write_add(builder, limit->controller, file, limit->origin, text);
	/* Kernels that don't account swap have no file for it, and nothing to lift. */
	write->is_optional =
		limit->convert == convert_memory_swap && (strcmp(text, "max") == 0 || strcmp(text, "-1") == 0);
	return 0;
}

static int limits_write(struct builder *builder, const struct limit *limits, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (limit_write(builder, &limits[i]) < 0)
			return -1;
	return 0;
}

#define LIMITS_WRITE(builder, table) limits_write(builder, table, sizeof(table) / sizeof((table)[0]))

static int resources_write(struct builder *builder)
{
	const struct spec_resources *resources = builder->resources;
	const struct spec_memory *memory = resources->memory;

	if (memory != NULL && LIMITS_WRITE(builder, memory_limits) < 0)
		return -1;
	if (memory != NULL && memory->kernel.is_set && memory->kernel.value > 0)
		warning_add(builder, "linux.resources.memory.kernel is ignored: kernels no longer limit it");
	if (memory != NULL && memory->kernel_tcp.is_set && memory->kernel_tcp.value > 0)
		warning_add(builder, "linux.resources.memory.kernelTCP is ignored: kernels no longer limit it");
	if (resources->cpu != NULL && LIMITS_WRITE(builder, cpu_limits) < 0)
		return -1;
	if (resources->pids != NULL && LIMITS_WRITE(builder, pids_limits) < 0)
		return -1;
	return 0;
}

/* --- devices --- */

static const char *number_text(struct arena *arena, int64_t number)
{
	return number == -1 ? "*" : arena_printf(arena, "%lld", (long long)number);
}

static const char *exception_text(struct arena *arena, const struct plan_device_rule *rule)
{
	return arena_printf(arena, "%c %s:%s %s%s%s", rule->type, number_text(arena, rule->major),
			    number_text(arena, rule->minor), rule->access & DEVICE_READ ? "r" : "",
			    rule->access & DEVICE_WRITE ? "w" : "", rule->access & DEVICE_MKNOD ? "m" : "");
}

static int devices_write_v1(struct builder *builder, const struct plan_device_rules *rules, bool default_allow,
			    bool is_optional)
{
	struct plan_device_list list;

	if (plan_devices_list(builder->arena, rules, default_allow, &list, builder->err) < 0)
		return -1;
	write_add(builder, "devices", default_allow ? "devices.allow" : "devices.deny", DEVICES_ORIGIN, "a")
		->is_optional = is_optional;
	for (size_t i = 0; i < list.count; i++) {
		const struct plan_device_rule *rule = &list.items[i];
		const char *origin = rule->is_builtin ? DEVICES_ORIGIN :
				     arena_printf(builder->arena, DEVICES_ORIGIN "[%zu]", rule->index);

		/* A parent that lacks one of the built-in devices must not keep containers from starting below it. */
		write_add(builder, "devices", default_allow ? "devices.deny" : "devices.allow", origin,
			  exception_text(builder->arena, rule))->is_optional = is_optional || rule->is_builtin;
	}
	return 0;
}

/*
 * In a user namespace nobody can make device nodes, and the kernel refuses rules and programs: as runc and crun, go
 * without.
 */
static int devices_build(struct builder *builder)
{
	static const struct spec_device_rule_list no_rules = { NULL, 0 };
	const struct host *host = builder->host;
	bool is_optional = host->euid != 0 || host->is_in_user_ns;
	struct plan_device_rules rules;
	bool default_allow;

	if (plan_devices_collect(builder->arena, builder->resources != NULL ? &builder->resources->devices : &no_rules,
				 &rules, &default_allow, builder->err) < 0)
		return -1;
	if (controller_version(host, "devices") == 1)
		return devices_write_v1(builder, &rules, default_allow, is_optional);
	if (is_optional)
		return 0;
	if (host->cgroup_mode == HOST_CGROUP_V1)
		return err_set(builder->err, ERR_UNSUPPORTED,
			       DEVICES_ORIGIN ": this host has cgroup v1 without a devices hierarchy");
	builder->plan->device_program = plan_devices_program(builder->arena, &rules, default_allow,
							     &builder->plan->device_program_size);
	return 0;
}

/* --- all of it --- */

static int manager_check(const struct builder *builder, enum plan_cgroup_manager manager)
{
	const struct host *host = builder->host;

	if (manager == CGROUP_SYSTEMD)
		return err_set(builder->err, ERR_UNSUPPORTED, "unsupported: the systemd cgroup manager");
	if (manager == CGROUP_CGROUPFS && host->cgroup_mode == HOST_CGROUP_NONE && host->euid == 0 &&
	    !host->is_in_user_ns)
		return err_set(builder->err, ERR_UNSUPPORTED, "no cgroup hierarchy is mounted below /sys/fs/cgroup; "
			       "--cgroup-manager=disabled runs containers without limits and device rules");
	return 0;
}

int plan_cgroup_build(struct arena *arena, const struct spec *spec, const struct host *host,
                      const struct plan_options *options, struct plan_cgroup *plan, struct err *err)
{
	const struct spec_linux *linux = spec->linux;
	struct builder builder = { arena, host, linux->resources, plan, err };
	const char *given = linux->cgroups_path != NULL && linux->cgroups_path[0] != '\0' ? linux->cgroups_path : NULL;

	memset(plan, 0, sizeof(*plan));
	plan->manager = options->cgroup_manager;
	if (manager_check(&builder, plan->manager) < 0)
		return -1;
	if (plan->manager == CGROUP_CGROUPFS && path_build(&builder, given, options->id) < 0)
		return -1;
	if (builder.resources != NULL && resources_write(&builder) < 0)
		return -1;
	if (plan->manager == CGROUP_DISABLED) {
		if (plan->has_limits)
			return err_set(err, ERR_UNSUPPORTED,
				       "%s: needs cgroups, which --cgroup-manager=disabled turned off",
				       plan->writes[0].origin);
		return 0;
	}
	return devices_build(&builder);
}
