/*
 * ops/copy_tree.h - copying what a directory holds.
 *
 * Init process only.
 */
#ifndef OPS_COPY_TREE_H
#define OPS_COPY_TREE_H

#include "base/err.h"

/*
 * Copies everything in from_fd into the directory to_fd, which is empty: files, directories, symlinks, FIFOs and
 * devices with mode, owner, times and extended attributes; the last three as far as permitted.  Sockets are left
 * out.  Symlinks are copied, never followed; at most 128 directories deep.  from_fd may be an O_PATH fd.  `path`
 * names the directory in errors.
 */
int op_copy_tree(int from_fd, int to_fd, const char *path, struct err *err);

#endif
