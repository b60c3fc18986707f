/*
 * plan/systemd_parts.h - what the files that build a struct plan_unit share.
 *
 * Runtime process, pure.
 */
#ifndef PLAN_SYSTEMD_PARTS_H
#define PLAN_SYSTEMD_PARTS_H

#include "cgroup_parts.h"
#include "plan/plan.h"
#include "plan/systemd.h"

/* Where the unit and its cgroup are: builder->plan's unit and path.  given: linux.cgroupsPath or NULL. */
int systemd_unit_build(struct cgroup_builder *builder, const char *given, const char *id);

/* Its properties; the writes must have been planned. */
int systemd_properties_build(struct cgroup_builder *builder, const struct str_map *annotations, const char *id);

/* DevicePolicy and DeviceAllow. */
int systemd_devices_build(struct cgroup_builder *builder, struct plan_unit_properties *properties);

/* For update, after the writes have been planned: what systemd has to know of them, and of new device rules. */
int systemd_update_build(struct cgroup_builder *builder);

/* Adds a property; one of the same name is replaced. */
struct plan_unit_property *systemd_property_add(struct arena *arena, struct plan_unit_properties *properties,
						const char *name, const char *type);

/* Appends one value to the property. */
void systemd_value_add(struct arena *arena, struct plan_unit_property *property, const char *text, uint64_t number);

void systemd_add_number(struct arena *arena, struct plan_unit_properties *properties, const char *name,
			const char *type, uint64_t number);
void systemd_add_text(struct arena *arena, struct plan_unit_properties *properties, const char *name,
		      const char *text);

#endif
