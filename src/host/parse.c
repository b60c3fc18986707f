/*
 * host/parse.c - which cgroup hierarchies there are, and whether this is a user namespace, from texts.
 *
 * Runs in the runtime process, pure.  It must not open files.
 */
#include "host/parse.h"

#include <string.h>

#include "base/num.h"
#include "base/path.h"
#include "base/words.h"
#include "sys/proc.h"

#define CGROUP_ROOT "/sys/fs/cgroup"

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* One column of a uid_map line; *text moves behind it. */
static bool column_is(const char **text, uint64_t want)
{
	size_t length;
	uint64_t value;

	*text = skip_blanks(*text);
	length = strcspn(*text, " \t\n");
	if (num_parse_u64_n(*text, length, UINT64_MAX, &value) < 0)
		return false;
	*text += length;
	return value == want;
}

bool host_parse_is_in_user_ns(const char *uid_map)
{
	const char *text = uid_map;

	/* Each call reads the next column. NOLINTNEXTLINE(misc-redundant-expression) */
	return !(column_is(&text, 0) && column_is(&text, 0) && column_is(&text, UINT32_MAX));
}

uint32_t host_parse_owner_uid(const char *uid_map)
{
	while (*uid_map != '\0') {
		const char *text = uid_map;
		uint64_t outside;

		if (column_is(&text, 0)) {
			text = skip_blanks(text);
			if (num_parse_u64_n(text, strcspn(text, " \t\n"), UINT32_MAX, &outside) == 0)
				return (uint32_t)outside;
		}
		uid_map += strcspn(uid_map, "\n");
		uid_map += *uid_map == '\n';
	}
	return 0;
}

/* --- own cgroups --- */

struct own_cgroup { const char *controllers; const char *path; };
struct own_list { struct own_cgroup *items; size_t count; };

static int own_list_read(struct arena *arena, char *text, struct own_list *list, struct err *err)
{
	struct proc_cgroup line;
	char *cursor = text;
	int result;

	while ((result = proc_cgroup_next(&cursor, &line)) > 0) {
		list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
		list->items[list->count].controllers = arena_strdup(arena, line.controllers);
		list->items[list->count++].path = arena_strdup(arena, line.path);
	}
	if (result < 0)
		return err_sys(err, result, "parse /proc/self/cgroup");
	return 0;
}

/*
 * The v1 hierarchy whose first controller (or name=) is among the mount's options: super options list the controllers
 * in the kernel's order among other words, "rw,cpu,cpuacct" or "rw,xattr,name=systemd".
 */
static const struct own_cgroup *own_list_find(const struct own_list *list, uint32_t version, const char *options)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct own_cgroup *own = &list->items[i];
		size_t first = strcspn(own->controllers, ",");
		bool is_v2 = own->controllers[0] == '\0';

		if (version == 2 ? is_v2 : first > 0 && words_have(options, ',', own->controllers, first))
			return own;
	}
	return NULL;
}

/* --- mounts --- */

/*
 * True when a row for the same hierarchy gives way to this mount: of two places the first wins, if it is a usual one.
 */
static bool is_better(const struct host_hierarchy *old, const char *mountpoint)
{
	return !path_is_beneath(old->mountpoint, CGROUP_ROOT) && path_is_beneath(mountpoint, CGROUP_ROOT);
}

static struct host_hierarchy *row_for(struct arena *arena, struct host *host, uint32_t version, const char *controllers,
				      const char *mountpoint)
{
	for (size_t i = 0; i < host->hierarchy_count; i++) {
		struct host_hierarchy *row = &host->hierarchies[i];

		if (row->version == version && strcmp(row->controllers, controllers) == 0)
			return is_better(row, mountpoint) ? row : NULL;
	}
	host->hierarchies = arena_grow(arena, host->hierarchies, host->hierarchy_count, sizeof(*host->hierarchies));
	return &host->hierarchies[host->hierarchy_count++];
}

/* A mount on a directory above a hierarchy, or on its own, hides it from everybody who goes by names. */
static void drop_hidden(struct host *host, const char *mountpoint)
{
	bool is_root = strcmp(mountpoint, "/") == 0;
	size_t kept = 0;

	for (size_t i = 0; i < host->hierarchy_count; i++) {
		if (!is_root && !path_is_beneath(host->hierarchies[i].mountpoint, mountpoint))
			host->hierarchies[kept++] = host->hierarchies[i];
	}
	host->hierarchy_count = kept;
}

static void mount_take(struct arena *arena, const struct proc_mount *mount, const struct own_list *own_list,
		       struct host *host)
{
	uint32_t version = strcmp(mount->fs_type, "cgroup2") == 0 ? 2 : 1;
	const struct own_cgroup *own = own_list_find(own_list, version, mount->super_options);
	struct host_hierarchy *row;

	/*
	 * Without a line in /proc/self/cgroup it is a hierarchy of another cgroup namespace's making: nothing can be
	 * joined there.
	 */
	if (own == NULL)
		return;
	row = row_for(arena, host, version, own->controllers, mount->mountpoint);
	if (row == NULL)
		return;
	row->version = version;
	row->controllers = own->controllers;
	row->available = own->controllers;
	row->mountpoint = arena_strdup(arena, mount->mountpoint);
	row->mount_root = arena_strdup(arena, mount->root);
	row->own_path = own->path;
	row->mount_id = mount->id;
}

static enum host_cgroup_mode mode_of(const struct host *host)
{
	bool has[3] = { false, false, false };

	for (size_t i = 0; i < host->hierarchy_count; i++)
		has[host->hierarchies[i].version] = true;
	if (has[1])
		return has[2] ? HOST_CGROUP_HYBRID : HOST_CGROUP_V1;
	return has[2] ? HOST_CGROUP_V2 : HOST_CGROUP_NONE;
}

int host_parse_cgroups(struct arena *arena, char *mountinfo, char *own_cgroups, struct host *host, struct err *err)
{
	bool is_complete;

	return host_parse_first_cgroups(arena, mountinfo, own_cgroups, host, &is_complete, err);
}

int host_parse_first_cgroups(struct arena *arena, char *mountinfo, char *own_cgroups, struct host *host,
			     bool *is_complete, struct err *err)
{
	struct own_list own_list = { NULL, 0 };
	struct proc_mount mount;
	char *cursor = mountinfo;
	int result;

	host->hierarchies = NULL;
	host->hierarchy_count = 0;
	if (own_list_read(arena, own_cgroups, &own_list, err) < 0)
		return -1;
	while ((result = proc_mount_next(&cursor, &mount)) > 0) {
		drop_hidden(host, mount.mountpoint);
		if (strcmp(mount.fs_type, "cgroup") == 0 || strcmp(mount.fs_type, "cgroup2") == 0)
			mount_take(arena, &mount, &own_list, host);
	}
	if (result < 0)
		return err_sys(err, result, "parse /proc/self/mountinfo");
	host->cgroup_mode = mode_of(host);
	*is_complete = host->hierarchy_count == own_list.count;
	return 0;
}

/* --- users and the ids that they were given --- */

/* Cuts the next line off, and it into at most `count` fields at colons; the rest of the fields are "". */
static bool next_fields(char **cursor, char *fields[], size_t count)
{
	char *line = strsep(cursor, "\n");

	if (line == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		char *field = strsep(&line, ":");
		fields[i] = field == NULL ? (char *)"" : field;
	}
	return true;
}

char *host_parse_user_name(struct arena *arena, char *passwd, uint32_t uid)
{
	char *fields[3];
	uint32_t number;

	while (next_fields(&passwd, fields, 3)) {
		if (*fields[0] != '\0' && num_parse_u32(fields[2], &number) == 0 && number == uid)
			return arena_strdup(arena, fields[0]);
	}
	return NULL;
}

void host_parse_subids(struct arena *arena, char *text, const char *name, uint32_t uid,
                       struct host_id_range_list *ranges)
{
	uint32_t left = UINT32_MAX - 1;
	struct host_id_range range;
	char *fields[3];
	uint32_t owner;

	while (next_fields(&text, fields, 3)) {
		bool is_own = (name != NULL && strcmp(fields[0], name) == 0) ||
			      (num_parse_u32(fields[0], &owner) == 0 && owner == uid);
		if (!is_own || num_parse_u32(fields[1], &range.first) || num_parse_u32(fields[2], &range.count))
			continue;
		if (range.count == 0 || range.count > left || range.first > UINT32_MAX - range.count)
			continue;
		left -= range.count;
		ranges->items = arena_grow(arena, ranges->items, ranges->count, sizeof(range));
		ranges->items[ranges->count++] = range;
	}
}
