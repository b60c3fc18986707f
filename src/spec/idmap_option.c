/*
 * spec/idmap_option.c - crun's mount option "idmap=uids=0-1000-10#10-5000-1;gids=0-1000-10", which podman passes on, as
 * the uidMappings and gidMappings that it means.
 *
 * Runtime process only; pure.  Whether the mappings hold together is judged later, like that of any others.
 */
#include <string.h>

#include "base/num.h"
#include "check.h"
#include "spec/id_map.h"

/* One option on its way. */
struct idmap_option {
	const struct spec_checker *checker;
	const char *path;                              /* "mounts[3].options[0]" */
	const char *kind;                              /* "uids" or "gids" */
	const struct spec_id_map_list *container_maps; /* of the container's user namespace */
	struct spec_id_map_list *maps;                 /* what it comes to */
};

static int fail_syntax(const struct idmap_option *option, const char *text, size_t length)
{
	return spec_check_fail(option->checker, option->path,
			       "want FILE-HOST-COUNT, and more of them after #, in %s, got \"%.*s\"", option->kind,
			       (int)length, text);
}

static void add_map(const struct idmap_option *option, struct spec_id_map map)
{
	struct spec_id_map_list *maps = option->maps;

	maps->items = arena_grow(option->checker->arena, maps->items, maps->count, sizeof(*maps->items));
	maps->items[maps->count++] = map;
}

/* The second number is an id in the container, which may lie in more than one extent outside. */
static int add_relative(const struct idmap_option *option, struct spec_id_map map)
{
	while (map.size > 0) {
		const struct spec_id_map *outer = spec_id_map_find(option->container_maps, map.host_id);
		uint32_t offset, count;

		if (!outer)
			return spec_check_fail(option->checker, option->path,
					       "@ means ids of the container, and linux.%cidMappings has no %u",
					       option->kind[0], map.host_id);
		offset = map.host_id - outer->container_id;
		count = outer->size - offset < map.size ? outer->size - offset : map.size;
		add_map(option, (struct spec_id_map){ map.container_id, outer->host_id + offset, count });
		map.container_id += count;
		map.host_id += count;
		map.size -= count;
	}
	return 0;
}

/* "0-1000-10" or "@0-1000-10". */
static int parse_extent(const struct idmap_option *option, const char *text, size_t length)
{
	bool is_relative = length > 0 && *text == '@';
	const char *start = text + is_relative, *end = text + length;
	uint64_t numbers[3];

	for (size_t i = 0; i < 3; i++) {
		const char *dash = memchr(start, '-', (size_t)(end - start));
		const char *stop = i < 2 ? dash : end;

		if (!stop || num_parse_u64_n(start, (size_t)(stop - start), UINT32_MAX, &numbers[i]) < 0)
			return fail_syntax(option, text, length);
		start = stop + 1;
	}
	if (numbers[2] == 0 || numbers[0] + numbers[2] > UINT32_MAX || numbers[1] + numbers[2] > UINT32_MAX)
		return spec_check_fail(option->checker, option->path, "want a count from 1 on, and ids up to %u",
				       UINT32_MAX - 1);
	struct spec_id_map map = { (uint32_t)numbers[0], (uint32_t)numbers[1], (uint32_t)numbers[2] };
	if (is_relative)
		return add_relative(option, map);
	add_map(option, map);
	return 0;
}

static int parse_extents(const struct idmap_option *option, const char *text, size_t length)
{
	for (;;) {
		const char *hash = memchr(text, '#', length);
		size_t extent = hash ? (size_t)(hash - text) : length;

		if (parse_extent(option, text, extent) < 0)
			return -1;
		if (!hash)
			return 0;
		text += extent + 1;
		length -= extent + 1;
	}
}

/* "uids=...;gids=...", in any order. */
static int parse_kinds(const struct spec_checker *checker, const struct spec *spec, const char *path, const char *text,
		       struct spec_mount *mount)
{
	struct idmap_option options[] = {
		{ checker, path, "uids", &spec->linux->uid_mappings, &mount->uid_mappings },
		{ checker, path, "gids", &spec->linux->gid_mappings, &mount->gid_mappings },
	};

	for (;;) {
		size_t length = strcspn(text, ";");
		const struct idmap_option *option = NULL;

		for (size_t i = 0; i < 2; i++)
			if (strncmp(text, options[i].kind, 4) == 0 && text[4] == '=')
				option = &options[i];
		if (!option || option->maps->count > 0)
			return spec_check_fail(checker, path, "want uids=...;gids=..., each once, got \"%s\"", text);
		if (parse_extents(option, text + 5, length - 5) < 0)
			return -1;
		if (text[length] == '\0')
			break;
		text += length + 1;
	}
	if (mount->uid_mappings.count == 0 || mount->gid_mappings.count == 0)
		return spec_check_fail(checker, path, "want uids=...;gids=..., got only one of them");
	return 0;
}

static int expand_mount(const struct spec_checker *checker, const struct spec *spec, size_t index)
{
	struct spec_mount *mount = &spec->mounts.items[index];

	for (size_t i = 0; i < mount->options.count; i++) {
		const char *option = mount->options.items[i], *value = strchr(option, '=');
		const char *path;

		if (!value || (strncmp(option, "idmap=", 6) != 0 && strncmp(option, "ridmap=", 7) != 0))
			continue;
		path = spec_check_path(checker, "mounts[%zu].options[%zu]", index, i);
		if (mount->uid_mappings.count > 0 || mount->gid_mappings.count > 0)
			return spec_check_fail(checker, path, "the mount has mappings already");
		if (parse_kinds(checker, spec, path, value + 1, mount) < 0)
			return -1;
		mount->options.items[i] = arena_strndup(checker->arena, option, (size_t)(value - option));
	}
	return 0;
}

int spec_expand_idmap_options(const struct spec_checker *checker, const struct spec *spec)
{
	for (size_t i = 0; i < spec->mounts.count; i++)
		if (expand_mount(checker, spec, i) < 0)
			return -1;
	return 0;
}
