/*
 * plan/systemd_devices.c - the device rules as DevicePolicy and DeviceAllow.
 *
 * Runs in the runtime process, pure.  systemd has a list of what is allowed and no order of rules, so it gets every
 * rule that allows something; what later rules take away again is denied by runlet's own program (v2) or writes (v1),
 * which come on top.
 */
#include "plan/devices.h"
#include "systemd_parts.h"

/* systemd 240 takes a number for the name of a group in /proc/devices, and "/dev/char/1:3" without a look at /dev. */
static const char *device_name(struct arena *arena, char type, const struct plan_device_rule *rule)
{
	const char *word = type == 'b' ? "block" : "char";

	if (rule->major == -1)
		return arena_printf(arena, "%s-*", word);
	if (rule->minor == -1)
		return arena_printf(arena, "%s-%lld", word, (long long)rule->major);
	return arena_printf(arena, "/dev/%s/%lld:%lld", word, (long long)rule->major, (long long)rule->minor);
}

static void allow_add(struct arena *arena, struct plan_unit_property *property, char type,
		      const struct plan_device_rule *rule)
{
	systemd_value_add(arena, property, device_name(arena, type, rule), 0);
	systemd_value_add(arena, property,
			  arena_printf(arena, "%s%s%s", rule->access & DEVICE_READ ? "r" : "",
				       rule->access & DEVICE_WRITE ? "w" : "", rule->access & DEVICE_MKNOD ? "m" : ""),
			  0);
}

int systemd_devices_build(struct cgroup_builder *builder, struct plan_unit_properties *properties)
{
	static const struct spec_device_rule_list no_rules = { NULL, 0 };
	const struct host *host = builder->host;
	struct plan_unit_property *property;
	struct plan_device_rules rules;
	bool default_allow;

	/* In a user namespace there are no rules (plan/cgroup_devices.c), and a user's manager can't make any. */
	if (host->euid != 0 || host->is_in_user_ns)
		return 0;
	if (plan_devices_collect(builder->arena, builder->resources != NULL ? &builder->resources->devices : &no_rules,
				 &rules, &default_allow, builder->err) < 0)
		return -1;
	systemd_add_text(builder->arena, properties, "DevicePolicy", default_allow ? "auto" : "strict");
	property = systemd_property_add(builder->arena, properties, "DeviceAllow", "a(ss)");
	for (size_t i = 0; i < rules.count && !default_allow; i++) {
		if (!rules.items[i].is_allow)
			continue;
		if (rules.items[i].type != 'b')
			allow_add(builder->arena, property, 'c', &rules.items[i]);
		if (rules.items[i].type != 'c')
			allow_add(builder->arena, property, 'b', &rules.items[i]);
	}
	return 0;
}

int systemd_update_build(struct cgroup_builder *builder)
{
	struct plan_unit *unit = arena_alloc(builder->arena, sizeof(*unit));
	struct plan_unit_properties *devices = &unit->device_properties;

	builder->plan->unit = unit;
	plan_systemd_limits(builder->arena, builder->plan, &unit->properties);
	if (builder->resources->devices.count == 0 || systemd_devices_build(builder, devices) < 0)
		return builder->resources->devices.count == 0 ? 0 : -1;
	if (devices->count == 0)
		return 0;
	/* A list of a unit that is there is added to; an empty one in front takes the old entries away. */
	devices->items = arena_grow(builder->arena, devices->items, devices->count, sizeof(*devices->items));
	devices->items[devices->count] = devices->items[devices->count - 1];
	devices->items[devices->count - 1].values = NULL;
	devices->items[devices->count - 1].value_count = 0;
	devices->count++;
	return 0;
}
