/*
 * spec/image.c - an OCI image's configuration as structs (image-spec, config.md).
 *
 * Runtime process only; pure.  Health checks, build triggers and the layers are no matter of config.json: their keys
 * have no row, and the decoder skips them.
 */
#include "spec/image.h"

#include <string.h>

#include "check.h"

#define SHA256_PREFIX "sha256:"
#define SHA256_DIGITS 64
/* Real images have a few; each is compared with all others. */
#define VOLUMES_MAX 1024u

/* The values are empty objects: only the keys count. */
JSON_TABLE_OF(key_table, struct spec_image_key);
static const struct json_table key_table = { .rows = NULL, .count = 0, .size = sizeof(struct spec_image_key) };

static const struct json_row process_rows[] = {
	JSON_ROW_STRING(struct spec_image_process, "User", user, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_OBJECT_MAP(struct spec_image_process, "ExposedPorts", exposed_ports, 0, key_table, name),
	JSON_ROW_STRINGS(struct spec_image_process, "Env", env, 0),
	JSON_ROW_STRINGS(struct spec_image_process, "Entrypoint", entrypoint, 0),
	JSON_ROW_STRINGS(struct spec_image_process, "Cmd", cmd, 0),
	JSON_ROW_OBJECT_MAP(struct spec_image_process, "Volumes", volumes, 0, key_table, name),
	JSON_ROW_STRING(struct spec_image_process, "WorkingDir", working_dir, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING_MAP(struct spec_image_process, "Labels", labels, 0),
	JSON_ROW_STRING(struct spec_image_process, "StopSignal", stop_signal, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec_image_process, "digest", digest, JSON_EMPTY_IS_ABSENT),
};
JSON_TABLE(process_table, struct spec_image_process, process_rows);

static const struct json_row manifest_rows[] = {
	JSON_ROW_STRING(struct spec_image_manifest, "digest", digest, JSON_EMPTY_IS_ABSENT),
};
JSON_TABLE(manifest_table, struct spec_image_manifest, manifest_rows);

static const struct json_row image_rows[] = {
	JSON_ROW_STRING(struct spec_image, "created", created, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec_image, "author", author, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec_image, "architecture", architecture, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec_image, "os", os, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec_image, "os.version", os_version, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRINGS(struct spec_image, "os.features", os_features, 0),
	JSON_ROW_STRING(struct spec_image, "variant", variant, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_OBJECT(struct spec_image, "config", config, 0, process_table),
	JSON_ROW_OBJECTS(struct spec_image, "manifests", manifests, 0, manifest_table),
};
JSON_TABLE(image_table, struct spec_image, image_rows);

static int check_env(const struct spec_checker *checker, const struct str_list *env)
{
	for (size_t i = 0; i < env->count; i++) {
		const char *equals = strchr(env->items[i], '=');

		if (!equals || equals == env->items[i])
			return spec_check_fail(checker, spec_check_path(checker, "config.Env[%zu]", i),
					       "want NAME=VALUE, got \"%.80s\"", env->items[i]);
	}
	return 0;
}

static int check_volumes(const struct spec_checker *checker, const struct spec_image_keys *volumes)
{
	if (volumes->count > VOLUMES_MAX)
		return spec_check_fail(checker, "config.Volumes", "want at most %u volumes, got %zu", VOLUMES_MAX,
				       volumes->count);
	for (size_t i = 0; i < volumes->count; i++) {
		const char *name = volumes->items[i].name;

		if (!spec_image_path(checker->arena, name))
			return spec_check_fail(checker, json_path_key(checker->arena, "config.Volumes", name),
					       "want an absolute path below /, got \"%.80s\"", name);
	}
	return 0;
}

static int check_process(const struct spec_checker *checker, const struct spec_image_process *process)
{
	struct spec_image_user ignored;

	if (process->user && spec_image_user_parse(checker->arena, process->user, &ignored, checker->err) < 0)
		return spec_check_fail(checker, "config.User",
				       "want USER or USER:GROUP, names or numbers, got \"%.80s\"", process->user);
	if (process->entrypoint.count > 0 && process->entrypoint.items[0][0] == '\0')
		return spec_check_fail(checker, "config.Entrypoint[0]", "want a program, got \"\"");
	if (process->entrypoint.count == 0 && process->cmd.count > 0 && process->cmd.items[0][0] == '\0')
		return spec_check_fail(checker, "config.Cmd[0]", "want a program, got \"\"");
	if (process->working_dir && process->working_dir[0] != '/')
		return spec_check_fail(checker, "config.WorkingDir", "want an absolute path, got \"%.80s\"",
				       process->working_dir);
	if (check_env(checker, &process->env) < 0)
		return -1;
	return check_volumes(checker, &process->volumes);
}

static int check_image(const struct spec_checker *checker, const struct spec_image *image)
{
	if (image->manifests.count > 0)
		return spec_check_fail(checker, "manifests", "an index of images, not the configuration of one: "
				       "skopeo inspect --config prints that");
	if (!image->os || !image->architecture)
		return err_set(checker->err, ERR_CONFIG, "%s:1:1: not an image configuration: \"%s\" is missing",
			       checker->source->name, image->os ? "architecture" : "os");
	return check_process(checker, &image->config);
}

/* It becomes the name of a file, so nothing but digits may stand there. */
static bool is_sha256(const char *digest)
{
	size_t prefix = strlen(SHA256_PREFIX);

	return strncmp(digest, SHA256_PREFIX, prefix) == 0 && strlen(digest) == prefix + SHA256_DIGITS &&
	       strspn(digest + prefix, "0123456789abcdef") == SHA256_DIGITS;
}

int spec_image_decode(struct arena *arena, const char *name, const char *text, size_t size, struct spec_image *image,
		      bool *manifest, struct err *err)
{
	struct json_source source = { .name = name, .text = text, .size = size, .size_max = SPEC_IMAGE_SIZE_MAX };
	struct json_report report = { .unsupported = NULL };
	struct spec_checker checker = { .arena = arena, .source = &source, .prefix = "", .report = &report,
					.err = err };

	*image = (struct spec_image){ NULL };
	if (json_decode(arena, &source, &image_table, image, &report, err) < 0)
		return -1;
	*manifest = image->config.digest != NULL;
	if (!*manifest)
		return check_image(&checker, image);
	if (!is_sha256(image->config.digest))
		return spec_check_fail(&checker, "config.digest", "want " SHA256_PREFIX " and 64 hex digits, got "
				       "\"%.80s\"", image->config.digest);
	return 0;
}
