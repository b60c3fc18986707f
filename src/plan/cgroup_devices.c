/*
 * plan/cgroup_devices.c - the device rules as writes of cgroup v1 or as the program of v2.
 *
 * Runs in the runtime process, pure.
 */
#include "cgroup_parts.h"
#include "plan/devices.h"

#define DEVICES_ORIGIN "linux.resources.devices"

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

static int devices_write_v1(struct cgroup_builder *builder, const struct plan_device_rules *rules, bool default_allow,
			    enum plan_cgroup_need need)
{
	struct plan_device_list list;

	if (plan_devices_list(builder->arena, rules, default_allow, &list, builder->err) < 0)
		return -1;
	cgroup_write_add(builder, "devices", default_allow ? "devices.allow" : "devices.deny", DEVICES_ORIGIN, "a")
	    ->need = need;
	for (size_t i = 0; i < list.count; i++) {
		const struct plan_device_rule *rule = &list.items[i];
		const char *origin = rule->is_builtin
					 ? DEVICES_ORIGIN
					 : arena_printf(builder->arena, DEVICES_ORIGIN "[%zu]", rule->index);

		/* A parent that lacks one of the built-in devices must not keep containers from starting below it. */
		cgroup_write_add(builder, "devices", default_allow ? "devices.deny" : "devices.allow", origin,
				 exception_text(builder->arena, rule))
		    ->need = rule->is_builtin ? WRITE_OPTIONAL : need;
	}
	return 0;
}

/*
 * In a user namespace nobody can make device nodes, and the kernel refuses rules and
 * programs: as runc and crun, go without.
 */
int cgroup_devices_build(struct cgroup_builder *builder)
{
	static const struct spec_device_rule_list no_rules = { NULL, 0 };
	const struct host *host = builder->host;
	bool is_optional = host->euid != 0 || host->is_in_user_ns;
	struct plan_device_rules rules;
	bool default_allow;

	if (plan_devices_collect(builder->arena, builder->resources != NULL ? &builder->resources->devices : &no_rules,
				 &rules, &default_allow, builder->err) < 0)
		return -1;
	if (cgroup_controller_version(host, "devices") == 1)
		return devices_write_v1(builder, &rules, default_allow,
					is_optional ? WRITE_OPTIONAL : WRITE_REQUIRED);
	if (is_optional)
		return 0;
	if (host->cgroup_mode == HOST_CGROUP_V1)
		return err_set(builder->err, ERR_UNSUPPORTED,
			       DEVICES_ORIGIN ": this host has cgroup v1 without a devices hierarchy");
	builder->plan->replaces_devices = builder->is_update;
	builder->plan->device_program =
	    plan_devices_program(builder->arena, &rules, default_allow, &builder->plan->device_program_size);
	return 0;
}
