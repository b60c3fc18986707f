/*
 * ops/fs.h - making a new file system's mount, for the ops that need one.
 *
 * Init process only.
 */
#ifndef OPS_FS_H
#define OPS_FS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ops/op.h"

/*
 * A file system on its way: fsopen(2) to fsmount(2).  Close both fds with op_fs_close().
 */
struct op_fs {
	int context_fd;  /* fsopen's fd: the kernel's messages, and later reconfiguration */
	int mount_fd;    /* the root of the mount, detached until it is attached */
};

#define OP_FS_INIT { -1, -1 }

void op_fs_close(struct op_fs *fs);
#define _cleanup_op_fs_ __attribute__((cleanup(op_fs_close)))

/*
 * Makes the file system that `mount` describes with the mount attributes attr, detached.  target_fd is where it will
 * go. Returns 0; 1 when the kernel lacks the calls, or when the options can't be passed by them: op_fs_mount_plain()
 * does it then; or -1 with "mount TYPE at DESTINATION: ..." and what the kernel had to say.
 */
int op_fs_make(const struct init_context *context, const struct op_mount_fs *mount, int target_fd, uint64_t attr,
               struct op_fs *fs, struct err *err);

/* Whether it is known that neither the cwd nor the umask matters to what is mounted: not so with overlay, or FAT. */
bool op_fs_is_pathless(const struct init_context *context, const struct op_mount_fs *mount);

/*
 * The same by one mount(2) onto target_fd, which becomes the cwd for that: for the usual options, where nobody needs
 * the mount's fd, and nothing until the pivot depends on the cwd.  false: it was not done, and op_fs_make() does it, or
 * says why not.
 */
bool op_fs_mount_at_once(const struct init_context *context, const struct op_mount_fs *mount, int target_fd,
                         uint64_t attr);

/* The same by mount(2), attached to target_fd at once; fs->mount_fd is the root of the mount after it. */
int op_fs_mount_plain(const struct init_context *context, const struct op_mount_fs *mount, int target_fd, uint64_t attr,
                      struct op_fs *fs, struct err *err);

/* Passes the sb_flags and options to the superblock (fsconfig(2)); `what` starts error texts: "remount /x". */
int op_fs_configure(const struct init_context *context, int context_fd, uint32_t sb_flags, struct plan_list options,
                    const char *what, struct err *err);

/* Fills *err as ERR_SYSTEM with "WHAT: STEP: the kernel's last message". */
int op_fs_error(int context_fd, int errnum, const char *what, const char *step, struct err *err);

#endif
