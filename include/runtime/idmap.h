/*
 * runtime/idmap.h - writes the id maps of a new user namespace (user_namespaces(7)).  Runtime process only.
 */
#ifndef RUNTIME_IDMAP_H
#define RUNTIME_IDMAP_H

#include <sys/types.h>

#include "base/err.h"
#include "plan/plan.h"

/*
 * Fills /proc/PID/uid_map and gid_map, from the parent namespace.  Without privileges a map that is more than one's own
 * id is written by newuidmap and newgidmap, which are looked up in the caller's PATH on the host.
 * Errors: ERR_SYSTEM naming the file; ERR_UNSUPPORTED when a helper is needed and missing; ERR_SYSTEM with its words.
 */
int idmap_write(pid_t pid, const struct plan_spawn *shape, struct err *err);

/*
 * A user namespace with these maps and nobody in it, for id maps of mounts; only for the privileged.  Returns its fd,
 * or -1: ERR_SYSTEM.
 */
int idmap_open_namespace(const struct spec_id_map_list *uid_maps, const struct spec_id_map_list *gid_maps,
			 struct err *err);

#endif
