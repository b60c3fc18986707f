/*
 * fuzz_decode.c - the decoder and the rules, on any bytes: config.json, a process file, a resources file.
 *
 * Oracles besides the sanitizers: an error has a kind, a text that starts with the source's name, and nothing half done
 * is used; what decodes has what the spec promises; paths of errors can be located.
 */
#include <string.h>

#include "fuzz.h"
#include "spec/spec.h"

static void check_error(const struct err *err)
{
	FUZZ_REQUIRE(err->kind == ERR_CONFIG || err->kind == ERR_UNSUPPORTED);
	FUZZ_REQUIRE(strncmp(err->text, "config:", 7) == 0);
	FUZZ_REQUIRE(memchr(err->text, '\0', sizeof(err->text)) != NULL);
}

static void check_strings(const struct str_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		FUZZ_REQUIRE(list->items[i] != NULL);
	if (list->items)
		FUZZ_REQUIRE(list->items[list->count] == NULL);
}

static void check_spec(const struct spec *spec)
{
	size_t i;

	FUZZ_REQUIRE(spec->oci_version && spec->root && spec->root->path && spec->linux);
	for (i = 0; i < spec->mounts.count; i++) {
		FUZZ_REQUIRE(spec->mounts.items[i].destination && spec->mounts.items[i].destination[0]);
		check_strings(&spec->mounts.items[i].options);
	}
	for (i = 0; i < spec->annotations.count; i++)
		FUZZ_REQUIRE(spec->annotations.items[i].key[0] && spec->annotations.items[i].value);
	for (i = 0; i < spec->linux->devices.count; i++)
		FUZZ_REQUIRE(spec->linux->devices.items[i].major >= 0 && spec->linux->devices.items[i].minor >= 0);
	if (!spec->process)
		return;
	FUZZ_REQUIRE(spec->process->cwd && spec->process->cwd[0] == '/' && spec->process->args.count > 0);
	check_strings(&spec->process->args);
	check_strings(&spec->process->env);
}

/* A path that the input itself makes: its first line. */
static void locate(const char *text, size_t size)
{
	const char *end = memchr(text, '\n', size);
	char path[128] = "";
	unsigned line = 0, column = 0;

	if (end && (size_t)(end - text) < sizeof(path))
		memcpy(path, text, (size_t)(end - text));
	if (spec_locate(text, size, path, &line, &column) == 0)
		FUZZ_REQUIRE(line > 0 && column > 0);
	if (spec_locate(text, size, "mounts[1].options[0]", &line, &column) == 0)
		FUZZ_REQUIRE(line > 0 && column > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_warnings warnings = { { NULL, 0 } };
	struct spec_resources resources;
	struct spec_process process;
	struct err err = ERR_INIT;
	struct spec spec;
	const char *text = (const char *)data;

	if (spec_decode(&arena, "config", text, size, &spec, &warnings, &err) == 0)
		check_spec(&spec);
	else
		check_error(&err);
	if (spec_decode_process(&arena, "config", text, size, &process, NULL, &err) < 0)
		check_error(&err);
	if (spec_decode_resources(&arena, "config", text, size, &resources, NULL, &err) < 0)
		check_error(&err);
	if (size > 0)
		locate(text, size);
	return 0;
}
