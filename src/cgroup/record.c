/*
 * cgroup/record.c - the container's cgroups as JSON for the state file, and back.
 *
 * Runs in the runtime process.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/fd.h"
#include "cgroup/cgroup.h"
#include "json/decode.h"
#include "json/emit.h"
#include "sys/file.h"
#include "tree.h"

#define RECORD_SIZE_MAX (1u << 20)

/* As decoded: the decoder's strings are not const. */
struct record_dir { char *controllers; char *path; uint32_t version; uint32_t made_parents; bool is_made; };
struct record_dirs { struct record_dir *items; size_t count; };
struct record_unit { char *name; char *directory; uint64_t inode; uint32_t owner_uid; bool is_user; };
struct record { uint32_t manager; struct record_dirs dirs; struct record_unit *unit; };

static const struct json_row dir_rows[] = {
	JSON_ROW_STRING(struct record_dir, "controllers", controllers, JSON_REQUIRED),
	JSON_ROW_STRING(struct record_dir, "path", path, JSON_REQUIRED | JSON_ABSOLUTE),
	JSON_ROW_U32(struct record_dir, "version", version, JSON_REQUIRED, 1, 2),
	JSON_ROW_U32(struct record_dir, "madeParents", made_parents, 0, 0, UINT32_MAX),
	JSON_ROW_BOOL(struct record_dir, "isMade", is_made, 0),
};
JSON_TABLE(dir_table, struct record_dir, dir_rows);

static const struct json_row unit_rows[] = {
	JSON_ROW_STRING(struct record_unit, "name", name, JSON_REQUIRED),
	JSON_ROW_STRING(struct record_unit, "directory", directory, JSON_REQUIRED | JSON_ABSOLUTE),
	JSON_ROW_U64(struct record_unit, "inode", inode, JSON_REQUIRED, 0, UINT64_MAX),
	JSON_ROW_U32(struct record_unit, "ownerUid", owner_uid, JSON_REQUIRED, 0, UINT32_MAX),
	JSON_ROW_BOOL(struct record_unit, "isUser", is_user, 0),
};
JSON_TABLE(unit_table, struct record_unit, unit_rows);

static const struct json_row record_rows[] = {
	JSON_ROW_ENUM(struct record, "manager", manager, JSON_REQUIRED, plan_cgroup_manager_names, "a cgroup manager"),
	JSON_ROW_OBJECTS(struct record, "dirs", dirs, 0, dir_table),
	JSON_ROW_OBJECT_PTR(struct record, "unit", unit, 0, unit_table),
};
JSON_TABLE(record_table, struct record, record_rows);

static void emit_dir(struct json_emitter *emitter, const struct cgroup_dir *dir)
{
	json_emit_object_begin(emitter);
	json_emit_key_string(emitter, "controllers", dir->controllers);
	json_emit_key_string(emitter, "path", dir->path);
	json_emit_key_uint(emitter, "version", dir->version);
	json_emit_key_uint(emitter, "madeParents", dir->made_parents);
	json_emit_key_bool(emitter, "isMade", dir->is_made);
	json_emit_object_end(emitter);
}

static void emit_unit(struct json_emitter *emitter, const struct cgroup_unit *unit)
{
	json_emit_key_object(emitter, "unit");
	json_emit_key_string(emitter, "name", unit->name);
	json_emit_key_string(emitter, "directory", unit->directory);
	json_emit_key_uint(emitter, "inode", unit->inode);
	json_emit_key_uint(emitter, "ownerUid", unit->owner_uid);
	json_emit_key_bool(emitter, "isUser", unit->is_user);
	json_emit_object_end(emitter);
}

char *cgroup_record(struct arena *arena, const struct cgroup *cgroup)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct json_emitter emitter;

	json_emit_open(&emitter, &text, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "manager", name_from_value(&plan_cgroup_manager_names, cgroup->manager));
	json_emit_key_array(&emitter, "dirs");
	for (size_t i = 0; i < cgroup->dir_count; i++)
		emit_dir(&emitter, &cgroup->dirs[i]);
	json_emit_array_end(&emitter);
	if (cgroup->unit.name != NULL)
		emit_unit(&emitter, &cgroup->unit);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
	return arena_strdup(arena, buf_str(&text));
}

/* In v1 hierarchies that systemd doesn't manage runlet's directories may still be there, or be somebody else's now. */
static void keep_empty(struct cgroup *cgroup)
{
	size_t kept = 0;

	for (size_t i = 0; i < cgroup->dir_count; i++) {
		_cleanup_fd_ int fd = cgroup->dirs[i].is_made ? cgroup_dir_open(cgroup->dirs[i].path) : -1;

		if (fd >= 0 && cgroup_tree_count(fd) == 0)
			cgroup->dirs[kept++] = cgroup->dirs[i];
	}
	cgroup->dir_count = kept;
}

static void take_unit(const struct record_unit *unit, struct cgroup *cgroup)
{
	struct stat status;

	if (unit->inode != 0 && sys_fstatat(AT_FDCWD, unit->directory, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	    status.st_ino != unit->inode) {
		keep_empty(cgroup);
		return;
	}
	cgroup->unit = (struct cgroup_unit){ unit->name, unit->directory, unit->inode, unit->owner_uid, unit->is_user };
}

int cgroup_from_record(struct arena *arena, const char *text, size_t size, struct cgroup *cgroup, struct err *err)
{
	struct json_source source = {
		.name = "cgroup record", .text = text, .size = size, .size_max = RECORD_SIZE_MAX
	};
	struct record record = { 0 };

	memset(cgroup, 0, sizeof(*cgroup));
	if (json_decode(arena, &source, &record_table, &record, NULL, err) < 0)
		return -1;
	cgroup->manager = record.manager;
	cgroup->dir_count = record.dirs.count;
	cgroup->dirs = arena_alloc_array(arena, record.dirs.count, sizeof(*cgroup->dirs));
	for (size_t i = 0; i < record.dirs.count; i++) {
		const struct record_dir *dir = &record.dirs.items[i];

		cgroup->dirs[i] = (struct cgroup_dir){ dir->controllers, dir->path, dir->version, dir->made_parents,
						       dir->is_made };
	}
	if (record.unit != NULL)
		take_unit(record.unit, cgroup);
	return 0;
}
