/*
 * plan/mount_idmap.c - mounts whose ids are mapped: the words idmap and ridmap, and uidMappings on a mount.
 *
 * Runtime process only; pure.  Such a mount is made and mapped by the runtime and reaches init as a detached tree: the
 * kernel wants CAP_SYS_ADMIN in the user namespace that owns the file system, which for the host's is the host's, and
 * takes a map only before anybody can see the mount (mount_setattr(2)).
 */
#include "plan/mount.h"

#include <string.h>
#include <linux/mount.h>

/* What sb_flags are called as parameters; fsconfig(2) has no word for iversion. */
static const struct { uint32_t flag; const char *word; } super_rows[] = {
	{ MS_RDONLY, "ro" },       { MS_SYNCHRONOUS, "sync" }, { MS_DIRSYNC, "dirsync" },
	{ MS_MANDLOCK, "mand" },   { MS_LAZYTIME, "lazytime" },
};

static bool is_same(const struct spec_id_map_list *a, const struct spec_id_map_list *b)
{
	return a->count == b->count && (a->count == 0 || memcmp(a->items, b->items, a->count * sizeof(*a->items)) == 0);
}

/* One user namespace for each different map, and none where the container's has it. */
static uint32_t find_idmap(struct plan_builder *b, const struct spec_mount *mount)
{
	const struct spec_linux *config = b->spec->linux;
	struct plan_idmap map = { .uid_maps = mount->uid_mappings, .gid_maps = mount->gid_mappings };
	struct plan *plan = b->plan;

	if (b->ns.wishes[NS_USER] == NS_WISH_NEW && is_same(&map.uid_maps, &config->uid_mappings) &&
	    is_same(&map.gid_maps, &config->gid_mappings))
		map = (struct plan_idmap){ 0 };
	for (size_t i = 0; i < plan->idmap_count; i++) {
		if (is_same(&plan->idmaps[i].uid_maps, &map.uid_maps) &&
		    is_same(&plan->idmaps[i].gid_maps, &map.gid_maps))
			return (uint32_t)i + 1;
	}
	plan->idmaps = arena_grow(b->arena, plan->idmaps, plan->idmap_count, sizeof(*plan->idmaps));
	plan->idmaps[plan->idmap_count++] = map;
	return (uint32_t)plan->idmap_count;
}

int plan_mount_idmap(struct plan_builder *b, struct mount_request *request)
{
	const struct mount_options *options = &request->options;
	const struct spec_mount *mount = request->mount;
	const char *word = options->has_ridmap ? "ridmap" : "idmap";
	bool has_maps = mount->uid_mappings.count > 0;
	bool is_cgroup = mount->type != NULL && strncmp(mount->type, "cgroup", 6) == 0;

	if (!has_maps && !options->has_idmap && !options->has_ridmap)
		return 0;
	if (!has_maps && !b->has_user_ns)
		return err_set(b->err, ERR_CONFIG, "mounts[%zu]: %s needs uidMappings and gidMappings in the mount, "
		               "or a user namespace in linux.namespaces", request->index, word);
	if (options->has_remount || options->has_copy_up || is_cgroup)
		return err_set(b->err, ERR_CONFIG, "mounts[%zu]: %s has no meaning for %s", request->index, word,
		               options->has_remount ? "remount: only a new mount takes an id map" :
		               is_cgroup ? "a cgroup file system, whose ids the kernel can't map" : "tmpcopyup");
	if (b->ns.wishes[NS_MOUNT] != NS_WISH_NEW)
		return err_set(b->err, ERR_CONFIG, "mounts[%zu]: %s needs a new mount namespace in linux.namespaces",
		               request->index, word);
	if (!b->is_privileged)
		return err_set(b->err, ERR_UNSUPPORTED, "mounts[%zu]: %s: only root may map the ids of a mount; "
		               "leave it out, and give the files to the ids that the container has outside",
		               request->index, word);
	request->idmap = find_idmap(b, mount);
	return 0;
}

int plan_build_idmapped_fs(struct plan_builder *b, const struct mount_request *request, const char *type,
                           const char *source, bool keeps_mode)
{
	const struct mount_options *options = &request->options;
	struct plan_slot slot = {
		.source = PLAN_SLOT_FS,
		.path = source,
		.fs_type = type,
		.origin = arena_printf(b->arena, "mounts[%zu]", request->index),
		.idmap = request->idmap,
	};

	if (options->super_flags & MS_I_VERSION)
		return err_set(b->err, ERR_UNSUPPORTED, "mounts[%zu]: iversion can't be combined with an id map",
		               request->index);
	for (size_t i = 0; i < sizeof(super_rows) / sizeof(super_rows[0]); i++) {
		/* As everywhere, "ro" of a tmpfs is the mount's matter. */
		bool is_mount_matter = super_rows[i].flag == MS_RDONLY && strcmp(type, "tmpfs") == 0;
		if ((options->super_flags & super_rows[i].flag) != 0 && !is_mount_matter)
			str_list_add(b->arena, &slot.options, arena_strdup(b->arena, super_rows[i].word));
	}
	for (size_t i = 0; i < options->data.count; i++)
		str_list_add(b->arena, &slot.options, options->data.items[i]);
	uint32_t number = builder_slot(b, &slot);
	struct op_mount_bind *bind = plan_mount_bind(b, request, type, request->destination);
	bind->source_slot = number;
	/* A fresh mount has nothing to clear and nothing below it. */
	bind->attr_set = (options->attr_set & ~options->rec_attr_clear) | options->rec_attr_set;
	bind->attr_clear = bind->rec_attr_set = bind->rec_attr_clear = 0;
	bind->flags &= ~(uint32_t)(MOUNT_COPY_SYMLINK | MOUNT_SRC_NOFOLLOW | MOUNT_RECURSIVE);
	bind->flags |= keeps_mode ? MOUNT_KEEP_MODE : 0;
	return 0;
}
