/*
 * spec/image_mounts.c - the mounts that an image's volumes and the options --volume and --tmpfs become.
 *
 * Runtime process only; pure: no source is looked at, create does that.  A volume that no option fills is a tmpfs that
 * starts with what the image has there: what the program writes doesn't get into the root, and goes with the container.
 */
#include "spec/image.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "spec/names.h"

static const char *const volume_options[] = { "nosuid", "nodev", "tmpcopyup" };
static const char *const tmpfs_options[] = { "nosuid", "nodev", "noexec" };
static const char *const bind_options[] = { "rbind", "rprivate" };

/* The words of --volume; besides them those of propagation. */
static const struct name_row bind_rows[] = {
	{ "ro", 0 }, { "rw", 0 }, { "rro", 0 }, { "nosuid", 0 }, { "nodev", 0 }, { "noexec", 0 }, { "nosymfollow", 0 },
};
static const struct name_table bind_words = NAME_TABLE(bind_rows);

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ADD_ALL(arena, list, words) add_words(arena, list, words, COUNT(words))

static void add_words(struct arena *arena, struct str_list *list, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_list_add(arena, list, (char *)words[i]);
}

char *spec_image_path(struct arena *arena, const char *path)
{
	char *clean = arena_alloc(arena, strlen(path) + 2);
	size_t length = 0;

	if (path[0] != '/')
		return NULL;
	while (*path != '\0') {
		size_t step = strcspn(path, "/");

		if (step == 2 && memcmp(path, "..", 2) == 0) {
			while (length > 0 && clean[--length] != '/')
				continue;
		} else if (step > 0 && !(step == 1 && path[0] == '.')) {
			clean[length++] = '/';
			memcpy(clean + length, path, step);
			length += step;
		}
		path += step + (path[step] == '/');
	}
	clean[length] = '\0';
	return length > 0 ? clean : NULL;
}

static void add_mount(struct arena *arena, struct spec_mount_list *mounts, const struct spec_mount *mount)
{
	mounts->items = arena_grow(arena, mounts->items, mounts->count, sizeof(*mounts->items));
	mounts->items[mounts->count++] = *mount;
}

static bool has_destination(const struct spec_mount_list *mounts, const char *destination)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (strcmp(mounts->items[i].destination, destination) == 0)
			return true;
	return false;
}

/* "ro,noexec" as words; each must be known where `is_bind`.  False for an unknown or empty one. */
static bool split_options(struct arena *arena, const char *text, bool is_bind, struct str_list *options)
{
	int64_t ignored;

	while (text) {
		size_t length = strcspn(text, ",");
		char *word = arena_strndup(arena, text, length);

		if (length == 0)
			return false;
		if (is_bind && name_to_value(&bind_words, word, &ignored) < 0 &&
		    name_to_value(&spec_propagation_names, word, &ignored) < 0)
			return false;
		str_list_add(arena, options, word);
		text = text[length] == ',' ? text + length + 1 : NULL;
	}
	return true;
}

/* Where an option's mount goes; NULL with *err when two go there. */
static char *take_destination(struct arena *arena, const char *option, const char *text, const char *path,
			      const struct spec_mount_list *mounts, struct err *err)
{
	char *destination = spec_image_path(arena, path);

	if (!destination)
		err_set(err, ERR_USAGE, "spec: --%s: want an absolute destination below /, got \"%.200s\"", option,
			text);
	else if (has_destination(mounts, destination))
		err_set(err, ERR_USAGE, "spec: --%s: %.200s is a destination already", option, destination);
	else
		return destination;
	return NULL;
}

/* SOURCE of --volume as an absolute path.  A mere name would be a volume of Docker's, which is no path. */
static char *take_source(struct arena *arena, const char *source, const char *directory)
{
	bool is_relative = strcmp(source, ".") == 0 || strcmp(source, "..") == 0 || strncmp(source, "./", 2) == 0 ||
			   strncmp(source, "../", 3) == 0;

	if (source[0] == '/')
		return (char *)source;
	return is_relative && directory ? arena_printf(arena, "%s/%s", directory, source) : NULL;
}

static int add_volume(struct arena *arena, const char *text, const char *directory, struct spec_mount_list *mounts,
		      struct err *err)
{
	const char *colon = strchr(text, ':');
	const char *end = colon ? strchr(colon + 1, ':') : NULL;
	struct spec_mount mount = { .type = (char *)"bind" };
	const char *path;

	if (!colon || (end && strchr(end + 1, ':')))
		return err_set(err, ERR_USAGE, "spec: --volume: want SOURCE:DESTINATION[:OPTION,...], got \"%.200s\"",
			       text);
	mount.source = take_source(arena, arena_strndup(arena, text, (size_t)(colon - text)), directory);
	if (!mount.source)
		return err_set(err, ERR_USAGE, "spec: --volume: want a source that starts with /, ./ or ../ "
			       "(volumes with a name are an engine's), got \"%.200s\"", text);
	path = end ? arena_strndup(arena, colon + 1, (size_t)(end - colon - 1)) : colon + 1;
	mount.destination = take_destination(arena, "volume", text, path, mounts, err);
	if (!mount.destination)
		return -1;
	ADD_ALL(arena, &mount.options, bind_options);
	if (!split_options(arena, end ? end + 1 : NULL, true, &mount.options))
		return err_set(err, ERR_USAGE, "spec: --volume: want ro, rw, rro, nosuid, nodev, noexec, nosymfollow "
			       "or a propagation as options, got \"%.200s\"", text);
	add_mount(arena, mounts, &mount);
	return 0;
}

static int add_tmpfs(struct arena *arena, const char *text, struct spec_mount_list *mounts, struct err *err)
{
	const char *colon = strchr(text, ':');
	struct spec_mount mount = { .type = (char *)"tmpfs", .source = (char *)"tmpfs" };
	const char *path = colon ? arena_strndup(arena, text, (size_t)(colon - text)) : text;

	mount.destination = take_destination(arena, "tmpfs", text, path, mounts, err);
	if (!mount.destination)
		return -1;
	ADD_ALL(arena, &mount.options, tmpfs_options);
	if (!split_options(arena, colon ? colon + 1 : NULL, false, &mount.options))
		return err_set(err, ERR_USAGE, "spec: --tmpfs: want DESTINATION[:OPTION,...], got \"%.200s\"", text);
	add_mount(arena, mounts, &mount);
	return 0;
}

/* The decoder has seen that they are paths; two spellings of one path are one volume. */
static void add_image_volumes(struct arena *arena, const struct spec_image_keys *volumes,
			      struct spec_mount_list *mounts)
{
	for (size_t i = 0; i < volumes->count; i++) {
		struct spec_mount mount = { .type = (char *)"tmpfs", .source = (char *)"tmpfs" };

		mount.destination = spec_image_path(arena, volumes->items[i].name);
		if (!mount.destination || has_destination(mounts, mount.destination))
			continue;
		ADD_ALL(arena, &mount.options, volume_options);
		add_mount(arena, mounts, &mount);
	}
}

struct place { size_t depth, index; };

static int compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	return a->index < b->index ? -1 : 1;
}

/* What is above comes first, whatever the order of the options: else it would hide what is below. */
static struct spec_mount_list sorted(struct arena *arena, const struct spec_mount_list *mounts)
{
	struct place *places = arena_alloc_array(arena, mounts->count, sizeof(*places));
	struct spec_mount_list list = { NULL, 0 };

	for (size_t i = 0; i < mounts->count; i++) {
		places[i].index = i;
		for (const char *c = mounts->items[i].destination; *c != '\0'; c++)
			places[i].depth += *c == '/';
	}
	qsort(places, mounts->count, sizeof(*places), compare_places);
	for (size_t i = 0; i < mounts->count; i++)
		add_mount(arena, &list, &mounts->items[places[i].index]);
	return list;
}

int spec_image_mounts(struct arena *arena, const struct spec_image *image, const struct spec_image_options *options,
		      struct spec_mount_list *mounts, struct err *err)
{
	struct spec_mount_list unsorted = { NULL, 0 };

	for (size_t i = 0; i < options->volumes.count; i++)
		if (add_volume(arena, options->volumes.items[i], options->directory, &unsorted, err) < 0)
			return -1;
	for (size_t i = 0; i < options->tmpfs.count; i++)
		if (add_tmpfs(arena, options->tmpfs.items[i], &unsorted, err) < 0)
			return -1;
	add_image_volumes(arena, &image->config.volumes, &unsorted);
	*mounts = sorted(arena, &unsorted);
	return 0;
}
