/*
 * idmap.c - checks the id maps of a new user namespace.
 *
 * Runtime process only; pure.  The runtime writes the maps, itself or by newuidmap(1) and newgidmap(1).
 */
#include "plan/idmap.h"

#include "plan/builder.h"

/* Do [a, a + size_a) and [b, b + size_b) share an id?  64 bits: the sums can't wrap. */
static bool is_overlapping(uint64_t a, uint64_t size_a, uint64_t b, uint64_t size_b)
{
	return a < b + size_b && b < a + size_a;
}

static int check_extent(const struct spec_id_map_list *maps, size_t index, const char *name, struct err *err)
{
	const struct spec_id_map *map = &maps->items[index];

	if (map->size == 0)
		return err_set(err, ERR_CONFIG, "%s[%zu].size: must not be 0", name, index);
	/* (uid_t)-1 means "no change" to the kernel and can't be mapped. */
	if ((uint64_t)map->container_id + map->size > UINT32_MAX || (uint64_t)map->host_id + map->size > UINT32_MAX)
		return err_set(err, ERR_CONFIG, "%s[%zu]: reaches beyond id %u", name, index, UINT32_MAX - 1);
	for (size_t i = 0; i < index; i++) {
		const struct spec_id_map *other = &maps->items[i];
		if (is_overlapping(map->container_id, map->size, other->container_id, other->size))
			return err_set(err, ERR_CONFIG, "%s[%zu]: shares container ids with %s[%zu]", name, index, name, i);
		if (is_overlapping(map->host_id, map->size, other->host_id, other->size))
			return err_set(err, ERR_CONFIG, "%s[%zu]: shares host ids with %s[%zu]", name, index, name, i);
	}
	return 0;
}

int plan_idmap_check(const struct spec_id_map_list *maps, const char *name, struct err *err)
{
	if (maps->count > PLAN_IDMAP_COUNT_MAX)
		return err_set(err, ERR_CONFIG, "%s: %zu entries, the kernel takes %d", name, maps->count,
		               PLAN_IDMAP_COUNT_MAX);
	for (size_t i = 0; i < maps->count; i++) {
		if (check_extent(maps, i, name, err))
			return -1;
	}
	return 0;
}

bool plan_idmap_has(const struct spec_id_map_list *maps, uint32_t container_id)
{
	for (size_t i = 0; i < maps->count; i++) {
		const struct spec_id_map *map = &maps->items[i];
		if (container_id >= map->container_id && container_id - map->container_id < map->size)
			return true;
	}
	return false;
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
			               "process.user.additionalGids[%zu]: %u is not mapped by linux.gidMappings", i, gid);
	}
	return 0;
}

int plan_build_idmaps(struct plan_builder *b)
{
	const struct spec_linux *config = b->spec->linux;
	bool has_maps = config->uid_mappings.count > 0 || config->gid_mappings.count > 0;

	if (b->ns.wishes[NS_USER] == NS_WISH_JOIN)
		return 0; /* that namespace has its maps; engines repeat them here */
	if (b->ns.wishes[NS_USER] == NS_WISH_NONE) {
		if (!has_maps)
			return 0;
		return err_set(b->err, ERR_CONFIG, "linux.%s: id mappings need a user namespace in linux.namespaces",
		               config->uid_mappings.count > 0 ? "uidMappings" : "gidMappings");
	}
	if (plan_idmap_check(&config->uid_mappings, "linux.uidMappings", b->err) ||
	    plan_idmap_check(&config->gid_mappings, "linux.gidMappings", b->err))
		return -1;
	if (!plan_idmap_has(&config->uid_mappings, 0))
		return err_set(b->err, ERR_CONFIG, "linux.uidMappings: a new user namespace needs a map for id 0");
	if (!plan_idmap_has(&config->gid_mappings, 0))
		return err_set(b->err, ERR_CONFIG, "linux.gidMappings: a new user namespace needs a map for id 0");
	b->plan->spawn.uid_maps = config->uid_mappings;
	b->plan->spawn.gid_maps = config->gid_mappings;
	return check_user(b);
}
