/*
 * plan/systemd.h - the scope that the systemd cgroup manager starts for a container, as data.
 *
 * Pure; runtime process only.  Built by plan/systemd*.c, sent by cgroup/systemd.c.  Names and types of the properties
 * are those of org.freedesktop.systemd1(5); their meaning is in systemd.resource-control(5).
 */
#ifndef PLAN_SYSTEMD_H
#define PLAN_SYSTEMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/cgroup.h"

/* One basic value: text for the types s, o and g, else number (signed ones as two's complement). */
struct plan_unit_value { const char *text; uint64_t number; };

struct plan_unit_property {
	const char *name;
	const char *type;           /* D-Bus signature: a basic type, "aX", or "a(XY...)" */
	struct plan_unit_value *values; /* flat: of an array of structs all members, struct by struct */
	size_t value_count;
	const char *origin;         /* JSON path, or "" */
	bool is_recent;             /* not in every systemd from 240 on: a systemd that refuses it does without */
};
struct plan_unit_properties { struct plan_unit_property *items; size_t count; };

struct plan_unit {
	const char *name;           /* "runlet-web.scope" */
	const char *slice;          /* "system.slice" */
	bool is_user;               /* the user's manager makes it, not that of the system */
	uint32_t owner_uid;         /* whose manager that is */
	struct plan_unit_properties properties;  /* all but PIDs; for update: limits */
	struct plan_unit_properties device_properties; /* for update alone: new device rules */
};

/*
 * What systemd has to know of the limits in plan->writes: else it would undo them when it writes its own values, as it
 * does at `systemctl daemon-reload`.  What it has no property for, or no value, is left out: the files, which are
 * written after the scope has been started, have the last word.  For create, and for update with the new writes.
 */
void plan_systemd_limits(struct arena *arena, const struct plan_cgroup *plan, struct plan_unit_properties *properties);

/*
 * The cgroup of a slice, below the manager's: "a-b.slice" is "a.slice/a-b.slice", "-.slice" is "".  Errors: ERR_CONFIG
 * for what is no slice's name (systemd.slice(5)); nothing that passes leads out of the manager's cgroup.
 */
int plan_systemd_slice_path(struct arena *arena, const char *slice, const char **path, struct err *err);

/*
 * A value in GVariant's text format, of which annotations "org.systemd.property.NAME" may hold: strings, truth values,
 * whole numbers, all with or without a type in front ("uint64 5", "@t 5"), arrays of them and arrays of tuples of them.
 * NAMESec, a number of seconds that may have a fraction, becomes NAMEUSec.  Errors: ERR_CONFIG.
 */
int plan_systemd_parse(struct arena *arena, const char *name, const char *text, struct plan_unit_property *property,
		       struct err *err);

/* Appends the value for people: "[/dev/char/1:3 rwm] " without the quotes. */
void plan_systemd_print_value(const struct plan_unit_property *property, struct buf *out);

/* What the names of such annotations begin with, for `features` as well. */
#define PLAN_SYSTEMD_ANNOTATION "org.systemd.property."

#endif
