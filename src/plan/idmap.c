/*
 * plan/idmap.c - what the container may do with the id maps of its new user namespace.
 *
 * Runtime process only; pure.  That the maps themselves hold together is checked with the spec (spec/check_linux.c);
 * the runtime writes them, itself or by newuidmap(1) and newgidmap(1).
 */
#include "plan/idmap.h"

#include "plan/builder.h"

bool plan_idmap_to_host(const struct spec_id_map_list *maps, uint32_t container_id, uint32_t *host_id)
{
	for (size_t i = 0; i < maps->count; i++) {
		const struct spec_id_map *map = &maps->items[i];
		if (container_id >= map->container_id && container_id - map->container_id < map->size) {
			*host_id = map->host_id + (container_id - map->container_id);
			return true;
		}
	}
	return false;
}

bool plan_idmap_has(const struct spec_id_map_list *maps, uint32_t container_id)
{
	uint32_t host_id;

	return plan_idmap_to_host(maps, container_id, &host_id);
}

bool plan_idmap_is_single(const struct spec_id_map_list *maps, uint32_t own_id)
{
	return maps->count == 1 && maps->items[0].size == 1 && maps->items[0].host_id == own_id;
}

/* An unmapped id makes setresuid(2) fail with EINVAL, which says nothing; so it is said here. */
static int check_user(struct plan_builder *b)
{
	const struct spec_linux *config = b->spec->linux;
	const struct spec_process *process = b->spec->process;

	if (process == NULL)
		return 0;
	if (!plan_idmap_has(&config->uid_mappings, process->user.uid))
		return err_set(b->err, ERR_CONFIG, "process.user.uid: %u is not mapped by linux.uidMappings",
		               process->user.uid);
	if (!plan_idmap_has(&config->gid_mappings, process->user.gid))
		return err_set(b->err, ERR_CONFIG, "process.user.gid: %u is not mapped by linux.gidMappings",
		               process->user.gid);
	for (size_t i = 0; i < process->user.additional_gids.count; i++) {
		uint32_t gid = process->user.additional_gids.items[i];
		if (!plan_idmap_has(&config->gid_mappings, gid))
			return err_set(b->err, ERR_CONFIG,
			               "process.user.additionalGids[%zu]: %u is not mapped by linux.gidMappings", i,
			               gid);
	}
	return 0;
}

int plan_build_idmaps(struct plan_builder *b)
{
	const struct spec_linux *config = b->spec->linux;

	/* A joined namespace has its maps; engines repeat them here. */
	if (b->ns.wishes[NS_USER] != NS_WISH_NEW)
		return 0;
	if (!plan_idmap_has(&config->uid_mappings, 0))
		return err_set(b->err, ERR_CONFIG, "linux.uidMappings: a new user namespace needs a map for id 0");
	if (!plan_idmap_has(&config->gid_mappings, 0))
		return err_set(b->err, ERR_CONFIG, "linux.gidMappings: a new user namespace needs a map for id 0");
	b->plan->spawn.uid_maps = config->uid_mappings;
	b->plan->spawn.gid_maps = config->gid_mappings;
	return check_user(b);
}
