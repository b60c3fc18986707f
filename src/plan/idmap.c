/*
 * plan/idmap.c - what the container may do with the id maps of its new user namespace.
 *
 * Runtime process only; pure.  That the maps themselves hold together is checked with the spec (spec/check_linux.c);
 * the runtime writes them, itself or by newuidmap(1) and newgidmap(1).
 */
#include "plan/idmap.h"

#include <string.h>

#include "base/num.h"
#include "plan/builder.h"
#include "spec/id_map.h"

bool plan_idmap_to_host(const struct spec_id_map_list *maps, uint32_t container_id, uint32_t *host_id)
{
	const struct spec_id_map *map = spec_id_map_find(maps, container_id);

	if (map == NULL)
		return false;
	*host_id = map->host_id + (container_id - map->container_id);
	return true;
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
static int check_user(struct plan_builder *b, const struct spec_process *process)
{
	const struct plan_spawn *spawn = &b->plan->spawn;

	if (!plan_idmap_has(&spawn->uid_maps, process->user.uid))
		return err_set(b->err, ERR_CONFIG, "process.user.uid: %u is not mapped by linux.uidMappings",
		               process->user.uid);
	if (!plan_idmap_has(&spawn->gid_maps, process->user.gid))
		return err_set(b->err, ERR_CONFIG, "process.user.gid: %u is not mapped by linux.gidMappings",
		               process->user.gid);
	for (size_t i = 0; i < process->user.additional_gids.count; i++) {
		uint32_t gid = process->user.additional_gids.items[i];
		if (!plan_idmap_has(&spawn->gid_maps, gid))
			return err_set(b->err, ERR_CONFIG,
			               "process.user.additionalGids[%zu]: %u is not mapped by linux.gidMappings", i,
			               gid);
	}
	return 0;
}

/* The caller's own id becomes 0, and what else it was given follows from 1 on, in the order of the files. */
static void map_own_ids(struct plan_builder *b, uint32_t own_id, const struct host_id_range_list *ranges,
                        struct spec_id_map_list *maps)
{
	uint32_t next = 1;

	maps->items = arena_alloc_array(b->arena, ranges->count + 1, sizeof(*maps->items));
	maps->items[maps->count++] = (struct spec_id_map){ 0, own_id, 1 };
	for (size_t i = 0; i < ranges->count; i++) {
		const struct host_id_range *range = &ranges->items[i];
		maps->items[maps->count++] = (struct spec_id_map){ next, range->first, range->count };
		next += range->count;
	}
}

static int choose_maps(struct plan_builder *b)
{
	const struct spec_linux *config = b->spec->linux;
	struct plan_spawn *spawn = &b->plan->spawn;

	spawn->uid_maps = config->uid_mappings;
	spawn->gid_maps = config->gid_mappings;
	if (config->uid_mappings.count > 0)
		return 0;
	if (b->is_privileged)
		return err_set(b->err, ERR_CONFIG, "linux.namespaces[%zu]: a new user namespace needs "
		               "linux.uidMappings and linux.gidMappings", b->ns.indices[NS_USER]);
	map_own_ids(b, b->host->euid, &b->host->subuids, &spawn->uid_maps);
	map_own_ids(b, b->host->egid, &b->host->subgids, &spawn->gid_maps);
	return 0;
}

int plan_build_idmaps(struct plan_builder *b)
{
	const struct spec_process *process = b->spec->process;
	struct plan_spawn *spawn = &b->plan->spawn;

	if (!b->has_user_ns)
		return 0;
	if (process != NULL) {
		spawn->fallback_uid = process->user.uid;
		spawn->fallback_gid = process->user.gid;
	}
	/* A joined namespace has its maps; engines repeat them here. */
	if (b->ns.wishes[NS_USER] != NS_WISH_NEW)
		return 0;
	if (choose_maps(b))
		return -1;
	if (process != NULL)
		return check_user(b, process);
	spawn->fallback_uid = spawn->uid_maps.items[0].container_id;
	spawn->fallback_gid = spawn->gid_maps.items[0].container_id;
	return 0;
}

int plan_idmap_check_option(struct plan_builder *b, const char *origin, const char *option)
{
	bool is_uid = strncmp(option, "uid=", 4) == 0;
	const struct plan_spawn *spawn = &b->plan->spawn;
	uint32_t id;

	if (b->ns.wishes[NS_USER] != NS_WISH_NEW || (!is_uid && strncmp(option, "gid=", 4) != 0) ||
	    num_parse_u32(option + 4, &id) || plan_idmap_has(is_uid ? &spawn->uid_maps : &spawn->gid_maps, id))
		return 0;
	return err_set(b->err, ERR_CONFIG, "%s: %s: the id is not in linux.%cidMappings: map it, or leave the option "
	               "out", origin, option, *option);
}
