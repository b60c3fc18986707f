/*
 * sys/path.h - paths inside a container's root, which is hostile (ARCHITECTURE.md, security rule 1).
 *
 * Any component may be a symlink to anywhere, and another container that shares a volume may swap components while we
 * work.  So a path is resolved once, with the kernel keeping it beneath the root (openat2(2), RESOLVE_IN_ROOT), and
 * only the fd that comes out is used.  Where openat2 is missing, or something has to be created, the path is walked
 * component by component, by fd and always downwards, so a race can't lead out either.
 *
 * All functions return an fd (O_CLOEXEC) or -errno.  A leading '/' makes no difference, "" is the root, ".." at the
 * root stays there.  Both the runtime process and init may call them.
 * Further errors than those of open(2): -ELOOP for a symlink that `resolve` forbids and for more than 40 symlinks,
 * -ENAMETOOLONG when the expanded path outgrows PATH_MAX, -EAGAIN when renames on the machine kept winning the race.
 */
#ifndef SYS_PATH_H
#define SYS_PATH_H

#include <linux/openat2.h>
#include <stdint.h>
#include <sys/types.h>

/* NAME_MAX of every file system, and the NUL. */
#define PATH_NAME_SIZE 256

/*
 * Opens what exists; never creates (O_CREAT is -EINVAL).  resolve: RESOLVE_NO_SYMLINKS, RESOLVE_NO_XDEV or 0, added to
 * RESOLVE_IN_ROOT|RESOLVE_NO_MAGICLINKS.  Opening a hostile device or FIFO has side effects: use O_PATH, or O_NONBLOCK.
 * RESOLVE_NO_XDEV without openat2 is -ENOSYS.
 */
int path_open_in_root(int rootfd, const char *path, int flags, uint64_t resolve);

/*
 * mkdir -p: opens the directory (O_PATH) after making what is missing with `mode`.  Symlinks are followed inside the
 * root; what a dangling one points to is made inside the root.  -ENOTDIR when something else is there.
 */
int path_make_dir_in_root(int rootfd, const char *path, mode_t mode, uint64_t resolve);

/*
 * Opens (O_PATH) what is at path if it is no directory, else makes an empty regular file there by mknodat(2), which
 * follows nothing (CVE-2024-45310); parents are made with 0755.  -EISDIR for a directory.
 */
int path_make_file_in_root(int rootfd, const char *path, mode_t mode, uint64_t resolve);

/*
 * Splits at the last component; parent, of PATH_MAX bytes, may be "" or end in '/'.  -EINVAL when the component is "",
 * "." or "..".
 */
int path_split(const char *path, char *parent, char name[PATH_NAME_SIZE]);

/*
 * Opens (O_PATH) the directory that holds the last component, made with 0755 where missing, and copies that component,
 * which is not looked at, to `name`.  -EINVAL when it is "", "." or "..".
 */
int path_open_parent_in_root(int rootfd, const char *path, uint64_t resolve, char name[PATH_NAME_SIZE]);

#endif
