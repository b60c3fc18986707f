/*
 * test_image_config.c - an image's configuration: decoded, converted, and its user looked up.  Pure: no libsys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "spec/image.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define IMAGE(CONFIG) "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{" CONFIG "}}"

static int decode(struct arena *arena, const char *text, struct spec_image *image, struct err *err)
{
	bool is_manifest;

	return spec_image_decode(arena, "i", text, strlen(text), image, &is_manifest, err);
}

/* The whole way, to a config.json that decodes again. */
static const struct spec *convert(struct arena *arena, const char *text, const struct spec_image_options *options)
{
	struct spec_warnings warnings = { { NULL, 0 } };
	struct spec *spec = arena_alloc(arena, sizeof(*spec));
	struct spec_default_options defaults = { .rootless = false };
	struct spec_changes changes;
	struct spec_image image;
	struct err err = ERR_INIT;

	if (decode(arena, text, &image, &err) < 0 ||
	    spec_image_convert(arena, &image, options, &changes, &warnings, &err) < 0)
		fail_msg("%s", err.text);
	defaults.changes = &changes;
	text = spec_default_config(arena, &defaults);
	if (spec_decode(arena, "c", text, strlen(text), spec, &warnings, &err) < 0)
		fail_msg("%s", err.text);
	return spec;
}

static void check_list(const struct str_list *list, const char *const *wanted)
{
	size_t i;

	for (i = 0; i < list->count && wanted[i]; i++)
		assert_string_equal(list->items[i], wanted[i]);
	assert_int_equal(i, list->count);
	assert_null(wanted[i]);
}

#define ARGS(...) (const char *const[]){ __VA_ARGS__, NULL }

static void test_args(void **state)
{
	static const char both[] = IMAGE("\"Entrypoint\":[\"e\",\"f\"],\"Cmd\":[\"c\"]");
	static const char cmd[] = IMAGE("\"Cmd\":[\"c\",\"d\"]");
	static const char *const given[] = { "x", "y" };
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_image_options options = { .entrypoint = NULL };

	(void)state;
	check_list(&convert(&arena, both, &options)->process->args, ARGS("e", "f", "c"));
	check_list(&convert(&arena, cmd, &options)->process->args, ARGS("c", "d"));
	options.args = (struct spec_texts){ given, COUNT(given) };
	check_list(&convert(&arena, both, &options)->process->args, ARGS("e", "f", "x", "y"));
	check_list(&convert(&arena, cmd, &options)->process->args, ARGS("x", "y"));
	options.entrypoint = "p";
	check_list(&convert(&arena, both, &options)->process->args, ARGS("p", "x", "y"));
	options.entrypoint = "";
	check_list(&convert(&arena, both, &options)->process->args, ARGS("x", "y"));
	options = (struct spec_image_options){ .entrypoint = "p" };
	check_list(&convert(&arena, both, &options)->process->args, ARGS("p"));
}

static void test_env(void **state)
{
	static const char *const given[] = { "A=3", "C=4", "C=5" };
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_image_options options = { .env = { given, COUNT(given) } };

	(void)state;
	check_list(&convert(&arena, IMAGE("\"Cmd\":[\"c\"],\"Env\":[\"A=1\",\"AB=2\"]"), &options)->process->env,
		   ARGS("A=3", "AB=2", "C=5", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
	options = (struct spec_image_options){ .terminal = true };
	check_list(&convert(&arena, IMAGE("\"Cmd\":[\"c\"],\"Env\":[\"PATH=\"]"), &options)->process->env,
		   ARGS("PATH=", "TERM=xterm"));
}

static void test_defaults(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_image_options options = { .entrypoint = NULL };
	const struct spec *spec = convert(&arena, IMAGE("\"Cmd\":[\"c\"],\"User\":\"\",\"WorkingDir\":\"\","
						       "\"Volumes\":null,\"Labels\":null,\"Env\":null"), &options);

	(void)state;
	assert_string_equal(spec->process->cwd, "/");
	assert_false(spec->process->terminal || spec->root->readonly);
	assert_true(spec->process->no_new_privileges);
	assert_int_equal(spec->mounts.count, 7);
	assert_int_equal(spec->annotations.count, 2);
	assert_int_equal(spec->process->capabilities->bounding.count, 3);
	assert_null(spec->linux->resources->memory);
}

static void test_paths(void **state)
{
	static const struct { const char *path, *clean; } rows[] = {
		{ "/a", "/a" }, { "//a//b/", "/a/b" }, { "/./a/./b/.", "/a/b" }, { "/a/../b", "/b" },
		{ "/../../a", "/a" }, { "/a/b/..", "/a" }, { "/..a/b..", "/..a/b.." }, { "/...", "/..." },
		{ "", NULL }, { "a", NULL }, { "/", NULL }, { "/..", NULL }, { "/a/..", NULL }, { "./a", NULL },
	};
	_cleanup_arena_ struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *clean = spec_image_path(&arena, rows[i].path);

		if (!rows[i].clean)
			assert_null(clean);
		else
			assert_string_equal(clean, rows[i].clean);
	}
}

static void test_cpus(void **state)
{
	static const struct { const char *text; int64_t quota; } rows[] = {
		{ "1", 100000 }, { "0.5", 50000 }, { "1.25", 125000 }, { "0.01", 1000 }, { "2.000019", 200001 },
		{ "8192", 819200000 },
	};
	_cleanup_arena_ struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct spec_image_options options = { .cpus = rows[i].text };
		const struct spec *spec = convert(&arena, IMAGE("\"Cmd\":[\"c\"]"), &options);

		assert_true(spec->linux->resources->cpu->quota.value == rows[i].quota);
		assert_true(spec->linux->resources->cpu->period.value == SPEC_CPU_PERIOD_US);
	}
}

static void test_manifest(void **state)
{
	static const char digits[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	static const char *const bad[] = {
		"sha256:", "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde/",
		"sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", "sha512:00",
		"../../../etc/passwd",
	};
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_image image;
	struct err err = ERR_INIT;
	bool is_manifest = false;
	const char *text = arena_printf(&arena, "{\"config\":{\"digest\":\"sha256:%s\"}}", digits);

	(void)state;
	assert_int_equal(spec_image_decode(&arena, "i", text, strlen(text), &image, &is_manifest, &err), 0);
	assert_true(is_manifest);
	for (size_t i = 0; i < COUNT(bad); i++) {
		text = arena_printf(&arena, "{\"config\":{\"digest\":\"%s\"}}", bad[i]);
		assert_int_equal(spec_image_decode(&arena, "i", text, strlen(text), &image, &is_manifest, &err), -1);
		assert_non_null(strstr(err.text, "config.digest: want sha256: and 64 hex digits"));
	}
}

static void test_platform(void **state)
{
	(void)state;
	assert_true(spec_image_runs_on("amd64", "x86_64") && spec_image_runs_on("386", "x86_64"));
	assert_true(spec_image_runs_on("arm64", "aarch64") && spec_image_runs_on("riscv64", "riscv64"));
	assert_false(spec_image_runs_on("arm64", "x86_64") || spec_image_runs_on("amd64", "i686"));
	assert_false(spec_image_runs_on("x86_64", "x86_64"));
}

static const char passwd_text[] =
	"root:x:0:0:root:/root:/bin/sh\n"
	"# app:x:9:9:::\n"
	"short:x:3\n"
	":x:4:4:::\n"
	"plus:x:+5:5:::\n"
	"far:x:4294967296:5:::\n"
	"none:x:4294967295:5:::\n"
	"\n"
	"app:x:100:101:app:/:/bin/sh\n"
	"app:x:200:201:second:/:/bin/sh\n"
	"other:x:100:300:::\n"
	"100:x:7:7:::\n"
	"last:x:8:80";
static const char group_text[] =
	"root:x:0:root\n"
	"app:x:101:\n"
	"wheel:x:10:app,root\n"
	"again:x:10:app\n"
	"prefix:x:11:application,ap,xapp\n"
	"end:x:12:one,app\n"
	"bad:x:1x:app\n"
	"short:x:13\n"
	"none:x:4294967295:app\n"
	"own:x:101:app\n"
	"number:x:14:100\n"
	"tail:x:15:app";

struct user_case { const char *text; uint32_t uid, gid; uint32_t groups[5]; size_t count; };

static const struct user_case users[] = {
	{ NULL, 0, 0, { 10 }, 1 },
	{ "root", 0, 0, { 10 }, 1 },
	{ "app", 100, 101, { 10, 12, 15 }, 3 },
	/* a number is found by its first entry, and is never a name */
	{ "100", 100, 101, { 10, 12, 15 }, 3 },
	{ "7", 7, 7, { 14 }, 1 },
	{ "5000", 5000, 0, { 0 }, 0 },
	{ "last", 8, 80, { 0 }, 0 },
	/* with a group the root's groups don't count */
	{ "app:wheel", 100, 10, { 0 }, 0 },
	{ "app:77", 100, 77, { 0 }, 0 },
	{ "77:tail", 77, 15, { 0 }, 0 },
	{ "4294967294:4294967294", 4294967294, 4294967294, { 0 }, 0 },
	{ "0", 0, 0, { 10 }, 1 },
};

static void test_users(void **state)
{
	const struct spec_user_file passwd = { passwd_text, sizeof(passwd_text) - 1 };
	const struct spec_user_file group = { group_text, sizeof(group_text) - 1 };
	_cleanup_arena_ struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(users); i++) {
		struct spec_image_user user;
		struct spec_user found;
		struct err err = ERR_INIT;

		assert_int_equal(spec_image_user_parse(&arena, users[i].text, &user, &err), 0);
		assert_int_equal(spec_image_user_find(&arena, &user, &passwd, &group, &found, &err), 0);
		assert_int_equal(found.uid, users[i].uid);
		assert_int_equal(found.gid, users[i].gid);
		assert_int_equal(found.additional_gids.count, users[i].count);
		for (size_t j = 0; j < users[i].count; j++)
			assert_int_equal(found.additional_gids.items[j], users[i].groups[j]);
	}
}

static void test_no_users(void **state)
{
	static const char *const unknown[] = { "plus", "far", "none", "short", "#", "# app", "app:bad", "app:short",
					       "App" };
	static const char *const malformed[] = { "", ":", "a:", ":a", "a:b:c", "4294967295", "1:4294967295",
						 "99999999999999999999" };
	const struct spec_user_file passwd = { passwd_text, sizeof(passwd_text) - 1 };
	const struct spec_user_file group = { group_text, sizeof(group_text) - 1 };
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct spec_image_user user;
	struct spec_user found;
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(unknown); i++) {
		assert_int_equal(spec_image_user_parse(&arena, unknown[i], &user, &err), 0);
		assert_int_equal(spec_image_user_find(&arena, &user, &passwd, &group, &found, &err), -1);
		assert_memory_equal(err.text, "no ", 3);
	}
	for (size_t i = 0; i < COUNT(malformed); i++)
		assert_int_equal(spec_image_user_parse(&arena, malformed[i], &user, &err), -1);
}

/* A file that lists the user in ever more groups is refused before it costs anything. */
static void test_many_groups(void **state)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_user_file passwd = { passwd_text, sizeof(passwd_text) - 1 };
	struct spec_image_user user;
	struct spec_user found;
	struct err err = ERR_INIT;

	(void)state;
	for (unsigned i = 0; i < 4096; i++)
		buf_printf(&text, "g:x:%u:app\n", 1000 + i);
	assert_int_equal(spec_image_user_parse(&arena, "app", &user, &err), 0);
	struct spec_user_file group = { text.data, text.length };
	assert_int_equal(spec_image_user_find(&arena, &user, &passwd, &group, &found, &err), 0);
	assert_int_equal(found.additional_gids.count, 4096);
	buf_add_str(&text, "g:x:1:app\n");
	group = (struct spec_user_file){ text.data, text.length };
	assert_int_equal(spec_image_user_find(&arena, &user, &passwd, &group, &found, &err), -1);
	assert_string_equal(err.text, "user \"app\" is in more than 4096 groups of /etc/group");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_args), cmocka_unit_test(test_env), cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_paths), cmocka_unit_test(test_cpus), cmocka_unit_test(test_manifest),
		cmocka_unit_test(test_platform), cmocka_unit_test(test_users), cmocka_unit_test(test_no_users),
		cmocka_unit_test(test_many_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
