/*
 * fuzz_image_config.c - an image's configuration, and the users and groups of its root: all of it is somebody else's.
 *
 * The input is the configuration, then after a NUL the text of /etc/passwd and after another one that of /etc/group,
 * and then texts of options in the same way.
 * What decodes and converts must make a config.json that decodes again, and none of its annotations may be an order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "spec/annotations.h"
#include "spec/image.h"

static void finding(const char *what, const struct err *err)
{
	fprintf(stderr, "fuzz_image_config: %s: %s\n", what, err->text);
	abort();
}

static struct spec_user_file cut(struct fuzz_input *input)
{
	struct fuzz_input piece = fuzz_cut(input);

	return (struct spec_user_file){ piece.data, piece.size };
}

static void find_user(struct arena *arena, const char *text, const struct spec_user_file *passwd,
		      const struct spec_user_file *group, struct spec_user *found)
{
	struct spec_image_user user;
	struct err err = ERR_INIT;

	if (spec_image_user_parse(arena, text, &user, &err) < 0 ||
	    spec_image_user_find(arena, &user, passwd, group, found, &err) < 0) {
		if (err.kind != ERR_CONFIG || err.text[0] == '\0')
			finding("refused as a bug", &err);
		*found = (struct spec_user){ .uid = 0 };
	}
	if (found->uid == UINT32_MAX || found->gid == UINT32_MAX)
		finding("an id that is none", &err);
}

static void check_config(struct arena *arena, const char *text)
{
	struct spec_warnings warnings = { { NULL, 0 } };
	struct err err = ERR_INIT;
	struct spec spec;

	if (spec_decode(arena, "config", text, strlen(text), &spec, &warnings, &err) < 0)
		finding("the config.json doesn't decode", &err);
	for (enum spec_annotation i = 0; i < ANNOTATION_COUNT; i++)
		if (spec_annotation_find(&spec.annotations, i))
			finding("an order among the annotations", &err);
}

/* Each is given where the input has it; what they point to is the arena's. */
static struct spec_image_options read_options(struct arena *arena, struct fuzz_input *input)
{
	static const char *const volumes[] = { "/host:/data:ro", "./x:/data/deep" };
	const char **texts = arena_alloc(arena, 8 * sizeof(*texts));

	if (input->size == 0)
		return (struct spec_image_options){ .volumes = { volumes, 2 }, .directory = "/here" };
	for (int i = 0; i < 8; i++) {
		struct fuzz_input piece = fuzz_cut(input);

		texts[i] = piece.size > 0 ? arena_strndup(arena, piece.data, piece.size) : NULL;
	}
	return (struct spec_image_options){
		.volumes = { &texts[0], texts[0] != NULL },
		.tmpfs = { &texts[1], texts[1] != NULL },
		.env = { &texts[2], texts[2] != NULL },
		.caps = { &texts[3], texts[3] != NULL },
		.workdir = texts[4],
		.entrypoint = texts[5],
		.cpus = texts[6],
		.hostname = texts[7],
		.directory = "/here",
	};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_image_options options;
	struct spec_default_options defaults = { .rootless = false };
	struct spec_warnings warnings = { { NULL, 0 } };
	struct fuzz_input input = { (const char *)data, size };
	struct spec_user_file config = cut(&input), passwd = cut(&input), group = cut(&input);
	struct spec_changes changes;
	struct spec_image image;
	struct err err = ERR_INIT;
	bool is_manifest = false;

	options = read_options(&arena, &input);
	if (spec_image_decode(&arena, "image", config.text, config.length, &image, &is_manifest, &err) < 0) {
		if (err.kind != ERR_CONFIG || strncmp(err.text, "image:", 6) != 0)
			finding("refused as a bug", &err);
		return 0;
	}
	if (is_manifest)
		return 0;
	if (spec_image_convert(&arena, &image, &options, &changes, &warnings, &err) < 0) {
		if (err.kind != ERR_USAGE)
			finding("refused as a bug", &err);
		return 0;
	}
	find_user(&arena, image.config.user, &passwd, &group, &changes.process.user);
	defaults.changes = &changes;
	check_config(&arena, spec_default_config(&arena, &defaults));
	return 0;
}
