/*
 * runtime/mount_idmap.h - mounts whose ids are mapped (mount_setattr(2), MOUNT_ATTR_IDMAP).  Runtime process only.
 */
#ifndef RUNTIME_MOUNT_IDMAP_H
#define RUNTIME_MOUNT_IDMAP_H

#include <sys/types.h>

#include "base/err.h"
#include "runtime/bundle.h"
#include "runtime/slots.h"

/* Makes the detached file system of a PLAN_SLOT_FS.  Returns its fd, or -1: ERR_SYSTEM with the kernel's own words. */
int mount_idmap_open_fs(const struct plan_slot *slot, struct err *err);

/*
 * Maps the ids of the trees in the slots that ask for it.  pid: the container's process, whose user namespace has its
 * maps by now.  Errors: ERR_SYSTEM that names the mount, its file system and what to do, with the place in config.json.
 */
int mount_idmap_apply(const struct bundle *bundle, const struct slots *slots, pid_t pid, struct err *err);

#endif
