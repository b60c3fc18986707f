/*
 * test_plan_options.c - the table of mount options, and what lists of words come to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/mount.h>

#include "plan/mount_options.h"

/* runtime-spec, config.md, "Linux mount options", with rnodev of features.md. */
static const char *const spec_words[] = {
	"async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "idmap", "iversion", "lazytime",
	"loud", "mand", "noatime", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand",
	"norelatime", "nostrictatime", "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime",
	"relatime", "remount", "rexec", "ridmap", "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime",
	"rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave",
	"rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid",
	"symfollow", "sync", "tmpcopyup", "unbindable",
};

/* One list of words and what must come out. */
struct list_row {
	const char *words;   /* with blanks */
	uint64_t set, clear, rec_set, rec_clear;
	uint32_t super;
};

static const struct list_row list_rows[] = {
	{ "", 0, 0, 0, 0, 0 },
	{ "defaults", 0, 0, 0, 0, 0 },
	{ "ro", MOUNT_ATTR_RDONLY, 0, 0, 0, MS_RDONLY },
	{ "rw", 0, MOUNT_ATTR_RDONLY, 0, 0, 0 },
	{ "ro rw", 0, MOUNT_ATTR_RDONLY, 0, 0, 0 },
	{ "rw ro", MOUNT_ATTR_RDONLY, 0, 0, 0, MS_RDONLY },
	{ "rro", 0, 0, MOUNT_ATTR_RDONLY, 0, 0 },
	{ "rro rrw", 0, 0, 0, MOUNT_ATTR_RDONLY, 0 },
	{ "ro rrw", MOUNT_ATTR_RDONLY, 0, 0, MOUNT_ATTR_RDONLY, MS_RDONLY },
	{ "nosuid suid nosuid", MOUNT_ATTR_NOSUID, 0, 0, 0, 0 },
	{ "noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME, 0, 0, 0 },
	{ "noatime atime", 0, MOUNT_ATTR__ATIME, 0, 0, 0 },
	{ "atime", 0, MOUNT_ATTR__ATIME, 0, 0, 0 },
	{ "strictatime atime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME, 0, 0, 0 },
	{ "strictatime nostrictatime", 0, MOUNT_ATTR__ATIME, 0, 0, 0 },
	{ "noatime nostrictatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME, 0, 0, 0 },
	{ "noatime strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME, 0, 0, 0 },
	{ "noatime relatime", 0, MOUNT_ATTR__ATIME, 0, 0, 0 },
	{ "norelatime", 0, 0, 0, 0, 0 },
	{ "rnoatime", 0, 0, MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME, 0 },
	{ "nodiratime diratime", 0, MOUNT_ATTR_NODIRATIME, 0, 0, 0 },
	{ "sync dirsync async", 0, 0, 0, 0, MS_DIRSYNC },
	{ "lazytime mand iversion silent", 0, 0, 0, 0, MS_LAZYTIME | MS_MANDLOCK | MS_I_VERSION | MS_SILENT },
	{ "lazytime nolazytime mand nomand iversion noiversion silent loud", 0, 0, 0, 0, 0 },
	{ "nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0, 0, 0, 0 },
};

static void parse(struct arena *arena, const char *words, struct mount_options *options)
{
	struct str_list list = { 0 };

	while (*words != '\0') {
		size_t length = strcspn(words, " ");
		list.items = arena_grow(arena, list.items, list.count, sizeof(*list.items));
		list.items[list.count++] = arena_strndup(arena, words, length);
		words += length + (words[length] == ' ');
	}
	plan_mount_options_parse(arena, &list, options);
}

static void test_sorted(void **state)
{
	size_t count;
	const struct mount_option *rows = plan_mount_option_rows(&count);

	(void)state;
	for (size_t i = 1; i < count; i++)
		assert_true(strcmp(rows[i - 1].word, rows[i].word) < 0);
	for (size_t i = 0; i < count; i++)
		assert_ptr_equal(plan_mount_option_find(rows[i].word), &rows[i]);
	assert_null(plan_mount_option_find("size"));
	assert_null(plan_mount_option_find(""));
}

static void test_all_words(void **state)
{
	size_t count;

	(void)state;
	plan_mount_option_rows(&count);
	for (size_t i = 0; i < sizeof(spec_words) / sizeof(spec_words[0]); i++) {
		if (plan_mount_option_find(spec_words[i]) == NULL)
			fail_msg("no row for %s", spec_words[i]);
	}
	/* And three of crun. */
	assert_int_equal(count, sizeof(spec_words) / sizeof(spec_words[0]) + 3);
}

static void test_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(list_rows) / sizeof(list_rows[0]); i++) {
		_cleanup_arena_ struct arena arena = ARENA_INIT;
		const struct list_row *row = &list_rows[i];
		struct mount_options options;

		parse(&arena, row->words, &options);
		if (options.attr_set != row->set || options.attr_clear != row->clear ||
		    options.rec_attr_set != row->rec_set || options.rec_attr_clear != row->rec_clear ||
		    options.super_flags != row->super)
			fail_msg("%s: %llx %llx %llx %llx %x", row->words, (unsigned long long)options.attr_set,
			         (unsigned long long)options.attr_clear, (unsigned long long)options.rec_attr_set,
			         (unsigned long long)options.rec_attr_clear, options.super_flags);
	}
}

static void test_data_and_propagation(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct mount_options options;

	(void)state;
	parse(&arena, "rbind mode=755 rslave size=64k shared", &options);
	assert_true(options.has_rbind);
	assert_false(options.has_bind);
	assert_int_equal(options.data.count, 2);
	assert_string_equal(options.data.items[0], "mode=755");
	assert_string_equal(options.data.items[1], "size=64k");
	assert_true(options.has_super && options.is_data_first);
	assert_int_equal(options.super_index, 1);
	assert_int_equal(options.propagation_count, 2);
	assert_int_equal(options.propagation[0], MS_SLAVE | MS_REC);
	assert_int_equal(options.propagation[1], MS_SHARED);
}

static void test_commas(void **state)
{
	static const char *const wanted[] = {
		"size=64k", "mode=700", "context=system_u:object_r:t:s0:c1,c2", "lowerdir=/a\\,b:/c", "upperdir=/d",
		"odd=\"",
	};
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct mount_options options;

	(void)state;
	parse(&arena,
	      "size=64k,,mode=700, context=\"system_u:object_r:t:s0:c1,c2\" lowerdir=/a\\,b:/c,upperdir=/d odd=\"",
	      &options);
	assert_int_equal(options.data.count, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < options.data.count; i++)
		assert_string_equal(options.data.items[i], wanted[i]);
}

static void test_idmap_words(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct mount_options options;

	(void)state;
	parse(&arena, "rbind ridmap", &options);
	assert_true(options.has_rbind && options.has_ridmap && !options.has_idmap);
	parse(&arena, "bind idmap", &options);
	assert_true(options.has_bind && options.has_idmap && !options.has_ridmap);
	assert_int_equal(options.data.count, 0);
	assert_false(options.has_super);
}

static void test_listed_for_features(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	size_t count;
	const char *const *words = plan_mount_option_words(&arena, &count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		assert_non_null(plan_mount_option_find(words[i]));
	assert_true(count > 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_all_words),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_data_and_propagation),
		cmocka_unit_test(test_commas),
		cmocka_unit_test(test_idmap_words),
		cmocka_unit_test(test_listed_for_features),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
