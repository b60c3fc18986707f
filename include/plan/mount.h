/*
 * plan/mount.h - what mount.c and mount_cgroup.c share about one entry of config.mounts.
 *
 * Used inside src/plan only; runtime process.  Pure.
 */
#ifndef PLAN_MOUNT_H
#define PLAN_MOUNT_H

#include "plan/builder.h"
#include "plan/mount_options.h"

struct mount_request {
	size_t index;                  /* in config.mounts */
	const struct spec_mount *mount;
	const char *destination;       /* cleaned */
	struct mount_options options;
	uint32_t idmap;                /* as in struct plan_slot */
};

/* mount.c: "context=..." of linux.mountLabel, or NULL. */
char *plan_mount_label_option(struct plan_builder *builder);

/* mount_idmap.c: fills request->idmap, or refuses a mount that asks for an id map that it can't have. */
int plan_mount_idmap(struct plan_builder *builder, struct mount_request *request);

/*
 * mount_idmap.c: a file system that the runtime makes, so that its ids can be mapped: an OP_MOUNT_BIND of its slot.
 * keeps_mode: as MOUNT_KEEP_MODE.
 */
int plan_build_idmapped_fs(struct plan_builder *builder, const struct mount_request *request, const char *type,
                           const char *source, bool keeps_mode);

/* The container's view of its cgroups at the destination (type cgroup, or cgroup2 on a v2 host). */
int plan_build_cgroup_mount(struct plan_builder *builder, const struct mount_request *request);

/* An OP_MOUNT_FS (or OP_COPY_UP, whose members are the same) with the request's options, origin "mounts[index]". */
struct op_mount_fs *plan_mount_fs(struct plan_builder *builder, const struct mount_request *request,
                                  enum plan_op_kind kind, const char *type, const char *source);

/* An OP_MOUNT_BIND of a path with the request's options and no source slot. */
struct op_mount_bind *plan_mount_bind(struct plan_builder *builder, const struct mount_request *request,
                                      const char *source, const char *destination);

#endif
