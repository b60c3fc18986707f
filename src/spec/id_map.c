/*
 * spec/id_map.c - looks ids up in mappings.  Runtime process only; pure.
 */
#include "spec/id_map.h"

const struct spec_id_map *spec_id_map_find(const struct spec_id_map_list *maps, uint32_t container_id)
{
	for (size_t i = 0; i < maps->count; i++) {
		const struct spec_id_map *map = &maps->items[i];

		if (container_id >= map->container_id && container_id - map->container_id < map->size)
			return map;
	}
	return NULL;
}
