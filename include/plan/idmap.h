/*
 * plan/idmap.h - id maps of a new user namespace (user_namespaces(7)).
 *
 * Pure; runtime process only.
 */
#ifndef PLAN_IDMAP_H
#define PLAN_IDMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "spec/types.h"

/* True when an id of the container is mapped. */
bool plan_idmap_has(const struct spec_id_map_list *maps, uint32_t container_id);

/* The host's id for one of the container; false when it isn't mapped. */
bool plan_idmap_to_host(const struct spec_id_map_list *maps, uint32_t container_id, uint32_t *host_id);

/*
 * True when an unprivileged user may write the gid map without newgidmap(1): its own id alone.  The kernel then wants
 * setgroups(2) to be denied first, so the container can't set groups.
 */
bool plan_idmap_is_single(const struct spec_id_map_list *maps, uint32_t own_id);

#endif
