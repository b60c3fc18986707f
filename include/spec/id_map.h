/*
 * spec/id_map.h - looking ids up in mappings (user_namespaces(7)).
 *
 * Runtime process only; pure.
 */
#ifndef SPEC_ID_MAP_H
#define SPEC_ID_MAP_H

#include "spec/types.h"

/* The extent that has an id of the container, or NULL. */
const struct spec_id_map *spec_id_map_find(const struct spec_id_map_list *maps, uint32_t container_id);

#endif
