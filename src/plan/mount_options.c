/*
 * plan/mount_options.c - the words of mounts[].options.
 *
 * Runtime process only; pure.  What is no word of the table is data of the file system (fsconfig(2)).
 */
#include "plan/mount_options.h"

#include <stdlib.h>
#include <string.h>
#include <linux/mount.h>

/* Flags of the superblock that a bind mount has no place for; MS_SILENT and MS_RDONLY are harmless there. */
#define SUPER_STRICT (MS_SYNCHRONOUS | MS_DIRSYNC | MS_MANDLOCK | MS_LAZYTIME | MS_I_VERSION)

/*
 * Sorted by word for bsearch(3).  relatime is the kernel's default and has no bit; "norelatime" takes back nothing, as
 * mount(2) gives relatime to who asks for none.
 */
static const struct mount_option option_rows[] = {
	{ "async", .super_clear = MS_SYNCHRONOUS },
	{ "atime", .clear = MOUNT_ATTR_NOATIME },
	{ "bind", .special = MOUNT_WORD_BIND },
	{ "copy-symlink", .special = MOUNT_WORD_COPY_SYMLINK },
	{ "defaults" },
	{ "dest-nofollow", .special = MOUNT_WORD_DEST_NOFOLLOW },
	{ "dev", .clear = MOUNT_ATTR_NODEV },
	{ "diratime", .clear = MOUNT_ATTR_NODIRATIME },
	{ "dirsync", .super_set = MS_DIRSYNC },
	{ "exec", .clear = MOUNT_ATTR_NOEXEC },
	{ "idmap", .special = MOUNT_WORD_IDMAP },
	{ "iversion", .super_set = MS_I_VERSION },
	{ "lazytime", .super_set = MS_LAZYTIME },
	{ "loud", .super_clear = MS_SILENT },
	{ "mand", .super_set = MS_MANDLOCK },
	{ "noatime", .set = MOUNT_ATTR_NOATIME, .clear = MOUNT_ATTR__ATIME },
	{ "nodev", .set = MOUNT_ATTR_NODEV },
	{ "nodiratime", .set = MOUNT_ATTR_NODIRATIME },
	{ "noexec", .set = MOUNT_ATTR_NOEXEC },
	{ "noiversion", .super_clear = MS_I_VERSION },
	{ "nolazytime", .super_clear = MS_LAZYTIME },
	{ "nomand", .super_clear = MS_MANDLOCK },
	{ "norelatime" },
	{ "nostrictatime", .clear = MOUNT_ATTR_STRICTATIME },
	{ "nosuid", .set = MOUNT_ATTR_NOSUID },
	{ "nosymfollow", .set = MOUNT_ATTR_NOSYMFOLLOW },
	{ "private", .propagation = MS_PRIVATE },
	{ "ratime", .clear = MOUNT_ATTR_NOATIME, .is_recursive = true },
	{ "rbind", .special = MOUNT_WORD_RBIND },
	{ "rdev", .clear = MOUNT_ATTR_NODEV, .is_recursive = true },
	{ "rdiratime", .clear = MOUNT_ATTR_NODIRATIME, .is_recursive = true },
	{ "relatime", .clear = MOUNT_ATTR__ATIME },
	{ "remount", .special = MOUNT_WORD_REMOUNT },
	{ "rexec", .clear = MOUNT_ATTR_NOEXEC, .is_recursive = true },
	{ "ridmap", .special = MOUNT_WORD_RIDMAP },
	{ "rnoatime", .set = MOUNT_ATTR_NOATIME, .clear = MOUNT_ATTR__ATIME, .is_recursive = true },
	{ "rnodev", .set = MOUNT_ATTR_NODEV, .is_recursive = true },
	{ "rnodiratime", .set = MOUNT_ATTR_NODIRATIME, .is_recursive = true },
	{ "rnoexec", .set = MOUNT_ATTR_NOEXEC, .is_recursive = true },
	{ "rnorelatime", .is_recursive = true },
	{ "rnostrictatime", .clear = MOUNT_ATTR_STRICTATIME, .is_recursive = true },
	{ "rnosuid", .set = MOUNT_ATTR_NOSUID, .is_recursive = true },
	{ "rnosymfollow", .set = MOUNT_ATTR_NOSYMFOLLOW, .is_recursive = true },
	{ "ro", .set = MOUNT_ATTR_RDONLY, .super_set = MS_RDONLY },
	{ "rprivate", .propagation = MS_REC | MS_PRIVATE },
	{ "rrelatime", .clear = MOUNT_ATTR__ATIME, .is_recursive = true },
	{ "rro", .set = MOUNT_ATTR_RDONLY, .is_recursive = true },
	{ "rrw", .clear = MOUNT_ATTR_RDONLY, .is_recursive = true },
	{ "rshared", .propagation = MS_REC | MS_SHARED },
	{ "rslave", .propagation = MS_REC | MS_SLAVE },
	{ "rstrictatime", .set = MOUNT_ATTR_STRICTATIME, .clear = MOUNT_ATTR__ATIME, .is_recursive = true },
	{ "rsuid", .clear = MOUNT_ATTR_NOSUID, .is_recursive = true },
	{ "rsymfollow", .clear = MOUNT_ATTR_NOSYMFOLLOW, .is_recursive = true },
	{ "runbindable", .propagation = MS_REC | MS_UNBINDABLE },
	{ "rw", .clear = MOUNT_ATTR_RDONLY, .super_clear = MS_RDONLY },
	{ "shared", .propagation = MS_SHARED },
	{ "silent", .super_set = MS_SILENT },
	{ "slave", .propagation = MS_SLAVE },
	{ "src-nofollow", .special = MOUNT_WORD_SRC_NOFOLLOW },
	{ "strictatime", .set = MOUNT_ATTR_STRICTATIME, .clear = MOUNT_ATTR__ATIME },
	{ "suid", .clear = MOUNT_ATTR_NOSUID },
	{ "symfollow", .clear = MOUNT_ATTR_NOSYMFOLLOW },
	{ "sync", .super_set = MS_SYNCHRONOUS },
	{ "tmpcopyup", .special = MOUNT_WORD_COPY_UP },
	{ "unbindable", .propagation = MS_UNBINDABLE },
};

#define ROW_COUNT (sizeof(option_rows) / sizeof(option_rows[0]))

static int compare_word(const void *word, const void *row)
{
	return strcmp(word, ((const struct mount_option *)row)->word);
}

const struct mount_option *plan_mount_option_find(const char *word)
{
	return bsearch(word, option_rows, ROW_COUNT, sizeof(option_rows[0]), compare_word);
}

const struct mount_option *plan_mount_option_rows(size_t *count)
{
	*count = ROW_COUNT;
	return option_rows;
}

const char *const *plan_mount_option_words(struct arena *arena, size_t *count)
{
	const char **words = arena_alloc_array(arena, ROW_COUNT, sizeof(*words));

	*count = ROW_COUNT;
	for (size_t i = 0; i < ROW_COUNT; i++)
		words[i] = option_rows[i].word;
	return words;
}

/*
 * Adds one row's bits.  The atime modes are one value, not bits: mount_setattr(2) wants the whole of MOUNT_ATTR__ATIME
 * cleared by whoever changes it, and "atime" takes back noatime but not strictatime.
 */
static void apply_attr(const struct mount_option *row, uint64_t *set, uint64_t *clear)
{
	uint64_t row_clear = row->clear;
	uint64_t row_atime = row_clear & MOUNT_ATTR__ATIME;

	if (row_atime != 0 && row_atime != MOUNT_ATTR__ATIME) {
		uint64_t now = *set & MOUNT_ATTR__ATIME;
		row_clear &= ~(uint64_t)MOUNT_ATTR__ATIME;
		if (now == 0 || now == row_atime)
			row_clear |= MOUNT_ATTR__ATIME;
	}
	*set = (*set & ~row_clear) | row->set;
	*clear = ((*clear | row_clear) & ~(uint64_t)row->set) | (*clear & MOUNT_ATTR__ATIME) |
	         (row_clear & MOUNT_ATTR__ATIME);
}

static void note_super(struct mount_options *options, size_t index, bool is_data)
{
	if (!options->has_super) {
		options->super_index = index;
		options->is_data_first = is_data;
	}
	options->has_super = true;
}

static void apply_special(const struct mount_option *row, struct mount_options *options)
{
	options->has_bind |= row->special == MOUNT_WORD_BIND;
	options->has_rbind |= row->special == MOUNT_WORD_RBIND;
	options->has_remount |= row->special == MOUNT_WORD_REMOUNT;
	options->has_copy_up |= row->special == MOUNT_WORD_COPY_UP;
	options->has_copy_symlink |= row->special == MOUNT_WORD_COPY_SYMLINK;
	options->has_src_nofollow |= row->special == MOUNT_WORD_SRC_NOFOLLOW;
	options->has_dest_nofollow |= row->special == MOUNT_WORD_DEST_NOFOLLOW;
	options->has_idmap |= row->special == MOUNT_WORD_IDMAP;
	options->has_ridmap |= row->special == MOUNT_WORD_RIDMAP;
}

static void apply_row(struct arena *arena, const struct mount_option *row, size_t index, struct mount_options *options)
{
	if (row->is_recursive)
		apply_attr(row, &options->rec_attr_set, &options->rec_attr_clear);
	else
		apply_attr(row, &options->attr_set, &options->attr_clear);
	options->super_flags = (options->super_flags & ~row->super_clear) | row->super_set;
	if ((row->super_set & SUPER_STRICT) != 0)
		note_super(options, index, false);
	if (row->propagation != 0) {
		options->propagation = arena_grow(arena, options->propagation, options->propagation_count,
		                                  sizeof(*options->propagation));
		options->propagation[options->propagation_count++] = row->propagation;
	}
	apply_special(row, options);
}

static void add_option(struct arena *arena, struct str_list *data, const char *text, size_t length)
{
	char *copy = arena_strndup(arena, text, length);
	char *value = strchr(copy, '=');
	size_t end = strlen(copy);

	/* Quotes protect commas in mount(2)'s text; fsconfig(2) takes a value as it is. */
	if (value != NULL && value[1] == '"' && copy + end - 1 > value + 1 && copy[end - 1] == '"') {
		copy[end - 1] = '\0';
		memmove(value + 1, value + 2, strlen(value + 2) + 1);
	}
	data->items = arena_grow(arena, data->items, data->count, sizeof(*data->items));
	data->items[data->count++] = copy;
}

/* One word may hold several options, as mount(2)'s text does: commas separate, but in quotes or after a backslash. */
static void add_data(struct arena *arena, struct str_list *data, const char *word)
{
	const char *start = word;
	bool is_quoted = false;

	for (const char *at = word;; at++) {
		bool is_end = *at == '\0' || (*at == ',' && !is_quoted && (at == word || at[-1] != '\\'));
		if (*at == '"')
			is_quoted = !is_quoted;
		if (!is_end)
			continue;
		if (at > start)
			add_option(arena, data, start, (size_t)(at - start));
		if (*at == '\0')
			return;
		start = at + 1;
	}
}

void plan_mount_options_parse(struct arena *arena, const struct str_list *words, struct mount_options *options)
{
	*options = (struct mount_options){ 0 };
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];
		const struct mount_option *row = plan_mount_option_find(word);
		if (row != NULL) {
			apply_row(arena, row, i, options);
			continue;
		}
		if (*word == '\0')
			continue; /* engines leave empty words behind when they join lists */
		add_data(arena, &options->data, word);
		note_super(options, i, true);
	}
}
