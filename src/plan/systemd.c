/*
 * plan/systemd.c - which scope in which slice the systemd cgroup manager starts for a container, and its properties.
 *
 * Runs in the runtime process, pure.  It must not let a config lead out of the manager's part of the tree.
 */
#include <limits.h>
#include <string.h>

#include "json/decode.h"
#include "systemd_parts.h"

#define PATH_ORIGIN "linux.cgroupsPath"
#define SLICE ".slice"
#define SCOPE ".scope"
#define PREFIX_DEFAULT "runlet"
/* systemd.unit(5); "@" would make a template's instance, which no scope is. */
#define UNIT_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.\\-"
#define UNIT_NAME_MAX 255

/* --- properties --- */

struct plan_unit_property *systemd_property_add(struct arena *arena, struct plan_unit_properties *properties,
						const char *name, const char *type)
{
	struct plan_unit_property *property = NULL;

	for (size_t i = 0; i < properties->count && property == NULL; i++)
		if (strcmp(properties->items[i].name, name) == 0)
			property = &properties->items[i];
	if (property == NULL) {
		properties->items =
			arena_grow(arena, properties->items, properties->count, sizeof(*properties->items));
		property = &properties->items[properties->count++];
	}
	*property = (struct plan_unit_property){ .name = name, .type = type, .origin = "" };
	return property;
}

void systemd_value_add(struct arena *arena, struct plan_unit_property *property, const char *text, uint64_t number)
{
	property->values = arena_grow(arena, property->values, property->value_count, sizeof(*property->values));
	property->values[property->value_count++] = (struct plan_unit_value){ text, number };
}

void systemd_add_number(struct arena *arena, struct plan_unit_properties *properties, const char *name,
			const char *type, uint64_t number)
{
	systemd_value_add(arena, systemd_property_add(arena, properties, name, type), NULL, number);
}

void systemd_add_text(struct arena *arena, struct plan_unit_properties *properties, const char *name, const char *text)
{
	systemd_value_add(arena, systemd_property_add(arena, properties, name, "s"), text, 0);
}

static void print_one(char type, const struct plan_unit_value *value, struct buf *out)
{
	switch (type) {
	case 's':
	case 'o':
	case 'g':
		buf_add_str(out, value->text);
		break;
	case 'b':
		buf_add_str(out, value->number != 0 ? "true" : "false");
		break;
	case 'n':
	case 'i':
	case 'x':
		buf_printf(out, "%lld", (long long)value->number);
		break;
	default:
		buf_printf(out, "%llu", (unsigned long long)value->number);
	}
}

void plan_systemd_print_value(const struct plan_unit_property *property, struct buf *out)
{
	const char *type = property->type;
	bool is_struct = strncmp(type, "a(", 2) == 0;
	const char *members = is_struct ? type + 2 : type + 1;
	size_t member_count = is_struct ? strcspn(members, ")") : 1;

	if (type[0] != 'a') {
		print_one(type[0], &property->values[0], out);
		return;
	}
	buf_add_str(out, "[");
	for (size_t i = 0; i < property->value_count; i++) {
		buf_add_str(out, i == 0 ? "" : is_struct && i % member_count == 0 ? ", " : " ");
		print_one(members[i % member_count], &property->values[i], out);
	}
	buf_add_str(out, "]");
}

/* --- names --- */

static int fail_slice(const char *slice, const char *why, struct err *err)
{
	return err_set(err, ERR_CONFIG, PATH_ORIGIN ": \"%s\" is no name of a slice: %s", slice, why);
}

int plan_systemd_slice_path(struct arena *arena, const char *slice, const char **path, struct err *err)
{
	size_t length = strlen(slice);
	size_t stem = length - strlen(SLICE);
	char *text;
	size_t used = 0;

	if (length <= strlen(SLICE) || strcmp(slice + stem, SLICE) != 0)
		return fail_slice(slice, "want NAME.slice", err);
	if (length > UNIT_NAME_MAX || slice[strspn(slice, UNIT_CHARS)] != '\0')
		return fail_slice(slice, "it is too long, or has a character that systemd does not allow", err);
	*path = "";
	if (strcmp(slice, "-" SLICE) == 0)
		return 0;
	/* The names of all that it lies in, each as long as itself at most. */
	text = arena_alloc(arena, (length + 1) * (length + 1));
	for (size_t at = 0; at < stem;) {
		size_t part = strcspn(slice + at, "-");

		if (part > stem - at)
			part = stem - at;
		if (part == 0 || (at + part < stem && at + part + 1 == stem))
			return fail_slice(slice, "a part between dashes is empty", err);
		memcpy(text + used, slice, at + part);
		memcpy(text + used + at + part, SLICE "/", sizeof(SLICE "/"));
		used += at + part + strlen(SLICE "/");
		at += part + 1;
	}
	text[used - 1] = '\0';
	*path = text;
	return 0;
}

static int unit_name_check(const char *name, struct err *err)
{
	size_t length = strlen(name);

	if (length <= strlen(SCOPE) || length > UNIT_NAME_MAX)
		return err_set(err, ERR_CONFIG, PATH_ORIGIN ": the unit's name \"%s\" has %zu bytes; want %zu to %d",
			       name, length, strlen(SCOPE) + 1, UNIT_NAME_MAX);
	if (name[strspn(name, UNIT_CHARS)] != '\0')
		return err_set(err, ERR_CONFIG, PATH_ORIGIN ": systemd does not allow '%c' in the name of a unit: %s",
			       name[strspn(name, UNIT_CHARS)], name);
	return 0;
}

/* A container's name may have a '+', for which systemd has an escape (systemd-escape(1)). */
static const char *id_escape(struct arena *arena, const char *id)
{
	char *text = arena_alloc(arena, strlen(id) * strlen("\\x2b") + 1);
	char *to = text;

	for (; *id != '\0'; id++) {
		if (*id == '+')
			to = stpcpy(to, "\\x2b");
		else
			*to++ = *id;
	}
	*to = '\0';
	return text;
}

/* runc's form, "slice:prefix:name". */
static int name_build(struct cgroup_builder *builder, const char *given, const char *id, struct plan_unit *unit)
{
	const char *slice_end = given != NULL ? strchr(given, ':') : NULL;
	const char *prefix_end = slice_end != NULL ? strchr(slice_end + 1, ':') : NULL;
	const char *prefix = PREFIX_DEFAULT;
	const char *name;

	unit->slice = unit->is_user ? "user" SLICE : "system" SLICE;
	if (given == NULL) {
		name = id_escape(builder->arena, id);
	} else {
		if (prefix_end == NULL || strchr(prefix_end + 1, ':') != NULL)
			return err_set(builder->err, ERR_CONFIG, PATH_ORIGIN ": expected cgroupsPath to be of format "
				       "\"slice:prefix:name\" for systemd cgroups, got \"%s\" instead", given);
		if (slice_end != given)
			unit->slice = arena_strndup(builder->arena, given, (size_t)(slice_end - given));
		prefix = arena_strndup(builder->arena, slice_end + 1, (size_t)(prefix_end - slice_end - 1));
		name = prefix_end + 1;
		if (name[0] == '\0')
			return err_set(builder->err, ERR_CONFIG, PATH_ORIGIN ": \"%s\" has no name behind its last ':'",
				       given);
		if (strlen(name) > strlen(SLICE) && strcmp(name + strlen(name) - strlen(SLICE), SLICE) == 0)
			return err_set(builder->err, ERR_CONFIG, PATH_ORIGIN ": \"%s\" names a slice for the "
				       "container, and no process can live in one", given);
	}
	unit->name = prefix[0] == '\0' ? arena_printf(builder->arena, "%s" SCOPE, name) :
					 arena_printf(builder->arena, "%s-%s" SCOPE, prefix, name);
	return unit_name_check(unit->name, builder->err);
}

/*
 * The cgroup of the user's manager, as systemd names it, or as it stands in front of runlet's own.  The driver asks the
 * kernel afterwards; what is said here serves mounts of type cgroup where there is no cgroup namespace.
 */
static const char *user_manager_path(struct arena *arena, const struct host *host)
{
	const char *service = arena_printf(arena, "/user@%u.service", host->owner_uid);

	for (size_t i = 0; i < host->hierarchy_count; i++) {
		const char *own = host->hierarchies[i].own_path;
		const char *found = strstr(own, service);
		size_t length = strlen(service);

		if (found != NULL && (found[length] == '/' || found[length] == '\0'))
			return arena_strndup(arena, own + 1, (size_t)(found - own) + length - 1);
	}
	return arena_printf(arena, "user.slice/user-%u.slice%s", host->owner_uid, service);
}

int systemd_unit_build(struct cgroup_builder *builder, const char *given, const char *id)
{
	const struct host *host = builder->host;
	struct plan_unit *unit = arena_alloc(builder->arena, sizeof(*unit));
	const char *slice_path, *manager_path;

	if (!host->has_systemd)
		return err_set(builder->err, ERR_UNSUPPORTED,
			       "the systemd cgroup manager needs systemd, which does not run here (there is no "
			       "/run/systemd/system); --cgroup-manager cgroupfs does without");
	if (host->cgroup_mode == HOST_CGROUP_NONE)
		return err_set(builder->err, ERR_UNSUPPORTED, "no cgroup hierarchy is mounted below /sys/fs/cgroup");
	unit->is_user = host->is_systemd_user;
	unit->owner_uid = host->owner_uid;
	if (name_build(builder, given, id, unit) < 0 ||
	    plan_systemd_slice_path(builder->arena, unit->slice, &slice_path, builder->err) < 0)
		return -1;
	manager_path = unit->is_user ? user_manager_path(builder->arena, host) : "";
	builder->plan->unit = unit;
	builder->plan->path = arena_printf(builder->arena, "%s%s%s%s%s", manager_path,
					   manager_path[0] != '\0' ? "/" : "", slice_path,
					   slice_path[0] != '\0' ? "/" : "", unit->name);
	if (strlen(builder->plan->path) >= PATH_MAX / 2)
		return err_set(builder->err, ERR_CONFIG, PATH_ORIGIN ": the cgroup's path of %zu bytes is too long",
			       strlen(builder->plan->path));
	return 0;
}

/* --- what every scope gets, and what annotations say --- */

static void base_build(struct cgroup_builder *builder, const char *id)
{
	struct arena *arena = builder->arena;
	struct plan_unit *unit = builder->plan->unit;
	struct plan_unit_properties *to = &unit->properties;
	bool is_v2 = builder->host->cgroup_mode == HOST_CGROUP_V2;

	systemd_add_text(arena, to, "Description", arena_printf(arena, "runlet container %s", id));
	systemd_add_text(arena, to, "Slice", unit->slice);
	/* systemd must leave what is below the scope to the container, and enable the controllers for it. */
	systemd_add_number(arena, to, "Delegate", "b", true);
	/* By default a scope is stopped at shutdown before its engine is asked to stop containers. */
	systemd_add_number(arena, to, "DefaultDependencies", "b", false);
	/* A scope that failed (its processes ran out of memory, say) is forgotten too, and its name is free again. */
	systemd_add_text(arena, to, "CollectMode", "inactive-or-failed");
	systemd_add_number(arena, to, "MemoryAccounting", "b", true);
	systemd_add_number(arena, to, "CPUAccounting", "b", true);
	systemd_add_number(arena, to, is_v2 ? "IOAccounting" : "BlockIOAccounting", "b", true);
	systemd_add_number(arena, to, "TasksAccounting", "b", true);
}

/* They say where the container's processes are, which runlet's record must know. */
static const char *const refused_names[] = { "PIDs", "PIDFDs", "Slice", "Delegate", "ControlGroup" };

static int annotation_build(struct cgroup_builder *builder, const struct str_pair *annotation)
{
	const char *name = annotation->key + strlen(PLAN_SYSTEMD_ANNOTATION);
	const char *origin = json_path_key(builder->arena, "annotations", annotation->key);
	struct plan_unit_property property;
	struct plan_unit_properties *properties = &builder->plan->unit->properties;

	for (size_t i = 0; i < sizeof(refused_names) / sizeof(refused_names[0]); i++)
		if (strcmp(name, refused_names[i]) == 0)
			return err_set(builder->err, ERR_CONFIG, "%s: runlet sets %s itself", origin, name);
	if (plan_systemd_parse(builder->arena, name, annotation->value, &property, builder->err) < 0)
		return err_prefix(builder->err, "%s", origin);
	property.origin = origin;
	*systemd_property_add(builder->arena, properties, property.name, property.type) = property;
	return 0;
}

int systemd_properties_build(struct cgroup_builder *builder, const struct str_map *annotations, const char *id)
{
	struct plan_unit_properties *properties = &builder->plan->unit->properties;

	base_build(builder, id);
	plan_systemd_limits(builder->arena, builder->plan, properties);
	if (systemd_devices_build(builder, properties) < 0)
		return -1;
	for (size_t i = 0; i < annotations->count; i++)
		if (strncmp(annotations->items[i].key, PLAN_SYSTEMD_ANNOTATION, strlen(PLAN_SYSTEMD_ANNOTATION)) == 0 &&
		    annotation_build(builder, &annotations->items[i]) < 0)
			return -1;
	return 0;
}
