/*
 * spec/types.h - the small types that the config's structs are made of.
 *
 * Optional values, string lists and maps are json/types.h.
 */
#ifndef SPEC_TYPES_H
#define SPEC_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/types.h"

/* One extent of an id map (user_namespaces(7)). */
struct spec_id_map { uint32_t container_id; uint32_t host_id; uint32_t size; };
struct spec_id_map_list { struct spec_id_map *items; size_t count; };

#endif
