/*
 * spec/spec.c - the top level of config.json, and the three texts that can be decoded (runtime-spec, config.md).
 *
 * Runtime process only; pure.
 */
#include "spec/spec.h"

#include <string.h>

#include "check.h"
#include "tables.h"

static const struct json_row root_rows[] = {
	JSON_ROW_STRING(struct spec_root, "path", path, JSON_REQUIRED | JSON_NOT_EMPTY),
	JSON_ROW_BOOL(struct spec_root, "readonly", readonly, 0),
};
JSON_TABLE(root_table, struct spec_root, root_rows);

static const struct json_row mount_rows[] = {
	JSON_ROW_STRING(struct spec_mount, "destination", destination, JSON_REQUIRED | JSON_NOT_EMPTY),
	JSON_ROW_STRING(struct spec_mount, "source", source, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec_mount, "type", type, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRINGS(struct spec_mount, "options", options, 0),
	JSON_ROW_OBJECTS(struct spec_mount, "uidMappings", uid_mappings, 0, spec_id_map_table),
	JSON_ROW_OBJECTS(struct spec_mount, "gidMappings", gid_mappings, 0, spec_id_map_table),
};
JSON_TABLE(mount_table, struct spec_mount, mount_rows);

static const struct json_row spec_rows[] = {
	JSON_ROW_STRING(struct spec, "ociVersion", oci_version, JSON_REQUIRED),
	JSON_ROW_OBJECT_PTR(struct spec, "root", root, JSON_REQUIRED, root_table),
	JSON_ROW_OBJECTS(struct spec, "mounts", mounts, 0, mount_table),
	JSON_ROW_OBJECT_PTR(struct spec, "process", process, 0, spec_process_table),
	JSON_ROW_STRING(struct spec, "hostname", hostname, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec, "domainname", domainname, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_OBJECT(struct spec, "hooks", hooks, 0, spec_hooks_table),
	JSON_ROW_STRING_MAP(struct spec, "annotations", annotations, 0),
	JSON_ROW_OBJECT_PTR(struct spec, "linux", linux, 0, spec_linux_table),
	JSON_ROW_SKIP("solaris"),
	JSON_ROW_SKIP("windows"),
	JSON_ROW_SKIP("vm"),
	JSON_ROW_SKIP("zos"),
	JSON_ROW_SKIP("freebsd"),
};
const struct json_table spec_table = JSON_TABLE_INIT(struct spec, spec_rows);

/* Digits at the start of text; returns what is behind them, or NULL when there are none. */
static const char *skip_digits(const char *text)
{
	size_t length = strspn(text, "0123456789");

	return length ? text + length : NULL;
}

/* 1.x, 1.x.y, and either with a SemVer suffix: Docker writes 1.0.2-dev.  A new minor version only adds. */
static bool is_known_version(const char *version)
{
	const char *rest = strncmp(version, "1.", 2) == 0 ? skip_digits(version + 2) : NULL;

	if (rest && *rest == '.')
		rest = skip_digits(rest + 1);
	return rest && (*rest == '\0' || ((*rest == '-' || *rest == '+') && rest[1]));
}

static int check_spec(const struct spec_checker *checker, struct spec *spec)
{
	struct spec_checker inner = *checker;

	if (!is_known_version(spec->oci_version))
		return spec_check_fail(checker, "ociVersion", "want 1.x (%s to %s are known), got \"%.40s\"",
				       SPEC_VERSION_MIN, SPEC_VERSION_MAX, spec->oci_version);
	inner.prefix = "process.";
	if (spec->process && spec_check_process(&inner, spec->process) < 0)
		return -1;
	if (!spec->linux)
		spec->linux = arena_alloc(checker->arena, sizeof(*spec->linux));
	if (spec_expand_idmap_options(checker, spec) < 0)
		return -1;
	return spec_check_linux(checker, spec);
}

/* One text on its way into structs. */
struct decoding {
	struct json_source source;
	struct json_report report;
	struct spec_checker checker;
};

static int decoding_begin(struct decoding *decoding, const struct json_table *table, void *target)
{
	decoding->source.size_max = SPEC_CONFIG_SIZE_MAX;
	decoding->checker.source = &decoding->source;
	decoding->checker.report = &decoding->report;
	decoding->checker.prefix = "";
	return json_decode(decoding->checker.arena, &decoding->source, table, target, &decoding->report,
			   decoding->checker.err);
}

/* Rules come before what isn't supported: a config that is wrong will stay wrong. */
static int decoding_end(const struct decoding *decoding, struct spec_warnings *warnings)
{
	const struct json_report *report = &decoding->report;

	if (warnings)
		warnings->list = report->warnings;
	if (!report->unsupported)
		return 0;
	return err_set(decoding->checker.err, ERR_UNSUPPORTED, "%s:%u:%u: unsupported: %s", decoding->source.name,
		       report->line, report->column, report->unsupported);
}

int spec_decode(struct arena *arena, const char *name, const char *text, size_t size, struct spec *spec,
		struct spec_warnings *warnings, struct err *err)
{
	struct decoding decoding = {
		.source = { .name = name, .text = text, .size = size },
		.checker = { .arena = arena, .err = err },
	};

	*spec = (struct spec){ 0 };
	if (decoding_begin(&decoding, &spec_table, spec) < 0 || check_spec(&decoding.checker, spec) < 0)
		return -1;
	return decoding_end(&decoding, warnings);
}

int spec_decode_process(struct arena *arena, const char *name, const char *text, size_t size,
			struct spec_process *process, struct spec_warnings *warnings, struct err *err)
{
	struct decoding decoding = {
		.source = { .name = name, .text = text, .size = size },
		.checker = { .arena = arena, .err = err },
	};

	*process = (struct spec_process){ 0 };
	if (decoding_begin(&decoding, &spec_process_table, process) < 0 ||
	    spec_check_process(&decoding.checker, process) < 0)
		return -1;
	return decoding_end(&decoding, warnings);
}

int spec_decode_resources(struct arena *arena, const char *name, const char *text, size_t size,
			  struct spec_resources *resources, struct spec_warnings *warnings, struct err *err)
{
	struct decoding decoding = {
		.source = { .name = name, .text = text, .size = size },
		.checker = { .arena = arena, .err = err },
	};

	*resources = (struct spec_resources){ 0 };
	if (decoding_begin(&decoding, &spec_resources_table, resources) < 0 ||
	    spec_check_resources(&decoding.checker, resources) < 0)
		return -1;
	return decoding_end(&decoding, warnings);
}

int spec_locate(const char *text, size_t size, const char *path, unsigned *line, unsigned *column)
{
	return json_locate(text, size, path, line, column);
}
