/*
 * plan/mount_options.h - the options of mounts[]: one table of words, and what a list of them means.
 *
 * The words are those of runtime-spec's config.md ("Linux mount options"), and
 * three of crun.  Pure; runtime process only.
 */
#ifndef PLAN_MOUNT_OPTIONS_H
#define PLAN_MOUNT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "spec/types.h"

enum mount_special {
	MOUNT_WORD_PLAIN = 0,
	MOUNT_WORD_BIND,
	MOUNT_WORD_RBIND,
	MOUNT_WORD_REMOUNT,
	MOUNT_WORD_COPY_UP,
	MOUNT_WORD_COPY_SYMLINK,
	MOUNT_WORD_SRC_NOFOLLOW,
	MOUNT_WORD_DEST_NOFOLLOW,
	MOUNT_WORD_IDMAP,
	MOUNT_WORD_RIDMAP
};

/* One row.  A word that changes atime has the whole MOUNT_ATTR__ATIME in clear, or the one value that it takes back. */
struct mount_option {
	const char *word;
	uint32_t set;            /* MOUNT_ATTR_* */
	uint32_t clear;
	bool is_recursive;       /* set and clear hold for the whole tree */
	uint32_t propagation;    /* MS_SHARED ... with MS_REC, 0: none */
	uint32_t super_set;      /* MS_* of the superblock */
	uint32_t super_clear;
	enum mount_special special;
};

/* What a list of options comes to; later words override earlier ones. */
struct mount_options {
	uint64_t attr_set, attr_clear;          /* for mount_setattr(2) */
	uint64_t rec_attr_set, rec_attr_clear;  /* with AT_RECURSIVE */
	uint32_t super_flags;                   /* MS_* */
	bool has_super;                         /* a word that sets a flag of the superblock, or data */
	size_t super_index;                     /* the first such word */
	bool is_data_first;                     /* that word is file system data */
	uint32_t *propagation;                  /* in order */
	size_t propagation_count;
	struct str_list data;                   /* file system data: what is no word of the table */
	bool has_bind, has_rbind, has_remount, has_copy_up, has_copy_symlink, has_src_nofollow, has_dest_nofollow;
	bool has_idmap, has_ridmap;
};

/* The row of a word, or NULL. */
const struct mount_option *plan_mount_option_find(const char *word);

/* Every word, sorted: for `features`.  The array is in the arena. */
const char *const *plan_mount_option_words(struct arena *arena, size_t *count);

/* The rows themselves, for tests. */
const struct mount_option *plan_mount_option_rows(size_t *count);

/* Reads a list.  What is no word of the table becomes data of the file system, so nothing is an error here. */
void plan_mount_options_parse(struct arena *arena, const struct str_list *words, struct mount_options *options);

#endif
