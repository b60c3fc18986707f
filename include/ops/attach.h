/*
 * ops/attach.h - what the mounting ops share: a tree on its way into the container.
 *
 * A tree is made detached, gets its attributes while nobody can see it, and is put onto the fd of its target.  Where
 * the kernel lacks the calls (Linux before 5.2 and 5.12, a seccomp profile), mount(2) on /proc/self/fd/N takes their
 * place and the attributes follow the mount.  Init process only.
 */
#ifndef OPS_ATTACH_H
#define OPS_ATTACH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ops/op.h"
#include "sys/path.h"

/* MOUNT_ATTR_* to change; the rec_ ones also on what is mounted beneath. */
struct op_attr {
	uint64_t set;
	uint64_t clear;
	uint64_t rec_set;
	uint64_t rec_clear;
	bool is_keeping_locked;  /* EPERM: what an outer user namespace has locked stays as it is */
};

struct op_tree {
	int fd;             /* the tree's root: a detached mount, or with is_plain only a file of the host (O_PATH) */
	bool is_plain;      /* there is no open_tree(2): mount(2) binds fd */
	bool is_recursive;
	bool has_attr;      /* the attributes are changed already: op_tree_open_as() */
};

#define OP_TREE_INIT { -1, false, false, false }

void op_tree_close(struct op_tree *tree);
#define _cleanup_op_tree_ __attribute__((cleanup(op_tree_close)))

/* Clones what is mounted at path.  flags: AT_RECURSIVE, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH.  0 or -errno. */
int op_tree_open(int dirfd, const char *path, unsigned flags, struct op_tree *tree);

/* The same for a tree that op_tree_attach() will get with `attr`: where the kernel can, they are changed at once. */
int op_tree_open_as(int dirfd, const char *path, unsigned flags, const struct op_attr *attr, struct op_tree *tree);

/*
 * Opens (O_PATH) the target of a mount beneath SLOT_ROOT, a directory or a file, and makes it when it is missing.
 * flags: MOUNT_NO_SYMLINK.  -1 and *err naming the path.
 */
int op_target_open(struct init_context *context, const char *path, bool is_dir, uint32_t flags, struct err *err);

/*
 * Opens the directory that holds the last component of a path beneath SLOT_ROOT, and copies that component to `name`.
 * Below /dev no symlink is followed: /dev of an image may be one to another directory (CVE-2026-41579).
 * The fd is borrowed: it is kept for the ops that follow.  -1 and *err: "directory of the WHAT PATH".
 */
int op_parent_open(struct init_context *context, const char *what, const char *path, char name[PATH_NAME_SIZE],
                   struct err *err);

/* Changes the attributes of the mount that `fd` is the root of; path names it in errors. */
int op_attr_apply(const struct init_context *context, int fd, const struct op_attr *attr, const char *path,
                  struct err *err);

/* Gives the mount that `fd` is the root of each propagation of the list, in order. */
int op_propagation_apply(const struct init_context *context, int fd, struct plan_numbers propagation, const char *path,
                         struct err *err);

/*
 * The mounts of a tree that the runtime cloned outside the container's mount namespace are peers of the host's where
 * those are shared, as systemd makes them: what the container mounts there would appear on the host, and pivot_root(2)
 * refuses such a root.  propagation: MS_SLAVE, or MS_PRIVATE; for the whole tree.
 */
int op_tree_cut_off(const struct init_context *context, int fd, uint32_t propagation, const char *path,
                    struct err *err);

/*
 * Puts the tree at target_fd, which is `path` beneath SLOT_ROOT, with the attributes.  tree->fd is the root of the
 * new mount after it.
 */
int op_tree_attach(const struct init_context *context, struct op_tree *tree, int target_fd, const struct op_attr *attr,
                   const char *path, struct err *err);

#endif
