/*
 * runtime/image_user.h - who an image's user is, by the files of its unpacked root.
 *
 * Runtime process only.  The root is the image's: /etc/passwd may be a symlink, a FIFO, a device or endless.
 */
#ifndef RUNTIME_IMAGE_USER_H
#define RUNTIME_IMAGE_USER_H

#include "base/arena.h"
#include "base/err.h"
#include "spec/process.h"

/*
 * rootfs: the name of the root, relative to dirfd.  text: "USER" or "USER:GROUP", NULL for root.  Ids and groups are
 * found as spec_image_user_find() says; a file that isn't there has no entries.  Where no name must be looked up, even
 * the root may be missing: *is_guess is true then, as the user may have a group and more groups in it.
 * Errors: ERR_CONFIG "no user \"app\" in the root's /etc/passwd", "rootfs/etc/passwd: not a regular file"; ERR_SYSTEM.
 */
int runtime_image_user(struct arena *arena, int dirfd, const char *rootfs, const char *text, struct spec_user *user,
		       bool *is_guess, struct err *err);

#endif
