/*
 * test_spec_properties.c - holds the field tables against spec_properties.txt, the list of every property of the spec.
 *
 * The list stands beside this file; $srcdir is automake's.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/spec/tables.h"
#include "base/buf.h"

#define PROPERTY_MAX 512
#define DEPTH_MAX 16

struct property {
	char *name;
	char *schema;
	char *runlet;   /* what the row has to say */
	bool is_seen;
};

struct properties {
	struct property rows[PROPERTY_MAX];
	size_t count;
	size_t failed;
};

static int compare_words(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void add_words(struct buf *out, const struct name_table *names)
{
	const char *words[64];
	size_t i;

	assert_true(names->count <= 64);
	for (i = 0; i < names->count; i++)
		words[i] = names->rows[i].name;
	qsort(words, names->count, sizeof(words[0]), compare_words);
	for (i = 0; i < names->count; i++)
		buf_printf(out, "%s%s", i ? "|" : "", words[i]);
}

static const char *const type_words[JSON_TYPE_COUNT] = {
	[JSON_STRING] = "string",
	[JSON_WORD] = "words ",
	[JSON_BOOL] = "boolean",
	[JSON_OPT_BOOL] = "boolean",
	[JSON_U32] = "integer ",
	[JSON_U64] = "integer ",
	[JSON_I64] = "integer ",
	[JSON_OPT_U32] = "integer ",
	[JSON_OPT_U64] = "integer ",
	[JSON_OPT_I64] = "integer ",
	[JSON_ENUM] = "words ",
	[JSON_ENUM_CHAR] = "words ",
	[JSON_FLAGS_U32] = "list of words ",
	[JSON_FLAGS_U64] = "list of words ",
	[JSON_STRINGS] = "list of strings",
	[JSON_WORDS] = "list of words ",
	[JSON_U32S] = "list of integers ",
	[JSON_OBJECT] = "object",
	[JSON_OBJECT_PTR] = "object",
	[JSON_OBJECTS] = "list of objects",
	[JSON_STRING_MAP] = "map of strings",
	[JSON_OBJECT_MAP] = "map of objects",
	[JSON_SKIP] = "skipped",
};

static void describe(struct buf *out, const struct json_row *row)
{
	buf_add_str(out, type_words[row->type]);
	if (row->names)
		add_words(out, row->names);
	else if (row->max)
		buf_printf(out, "%" PRId64 "..%" PRIu64, row->min, row->max);
	if (row->flags & JSON_REQUIRED)
		buf_add_str(out, " required");
}

static void complain(struct properties *properties, const char *name, const char *what, const char *got)
{
	properties->failed++;
	print_message("%s: %s%s\n", name, what, got);
}

static void check_row(struct properties *properties, const char *name, const struct json_row *row)
{
	_cleanup_buf_ struct buf got = BUF_INIT;
	size_t i;

	describe(&got, row);
	for (i = 0; i < properties->count; i++) {
		struct property *property = &properties->rows[i];

		if (strcmp(property->name, name) != 0)
			continue;
		property->is_seen = true;
		if (strcmp(property->runlet, buf_str(&got)) != 0)
			complain(properties, name, property->runlet, " is not what the row says");
		return;
	}
	complain(properties, name, "a row that is no property: ", buf_str(&got));
}

static void check_table(struct properties *properties, const struct json_table *table, const char *path, int depth)
{
	size_t previous = 0, i;

	assert_true(depth < DEPTH_MAX);
	for (i = 0; i < table->count; i++) {
		const struct json_row *row = &table->rows[i];
		_cleanup_buf_ struct buf name = BUF_INIT;

		buf_printf(&name, "%s%s%s", path, path[0] ? "." : "", row->key);
		check_row(properties, buf_str(&name), row);
		if (row->type == JSON_OBJECTS)
			buf_add_str(&name, "[]");
		if (row->type == JSON_OBJECT_MAP)
			buf_add_str(&name, "{}");
		if (row->table)
			check_table(properties, row->table, buf_str(&name), depth + 1);
		/* The order of the struct; objects without a member of their own stand where they are. */
		if (row->type == JSON_SKIP || (row->type == JSON_OBJECT && row->offset == 0))
			continue;
		if (row->offset < previous)
			complain(properties, buf_str(&name), "stands not in the order of the struct", "");
		previous = row->offset;
	}
}

/* Cuts the next field off; " | " separates. */
static char *next_field(char **rest)
{
	char *field = *rest, *end = field ? strstr(field, " | ") : NULL;

	*rest = end ? end + 3 : NULL;
	if (end)
		*end = '\0';
	return field;
}

static void read_properties(struct properties *properties)
{
	const char *directory = getenv("srcdir");
	char path[4096], line[2048];
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/unit/spec_properties.txt", directory ? directory : ".");
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		struct property *property = &properties->rows[properties->count];
		char *rest = line;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		property->name = strdup(next_field(&rest));
		property->schema = strdup(next_field(&rest));
		property->runlet = strdup(rest ? next_field(&rest) : property->schema);
		assert_true(++properties->count < PROPERTY_MAX);
	}
	fclose(file);
}

static void free_properties(struct properties *properties)
{
	while (properties->count) {
		struct property *property = &properties->rows[--properties->count];

		free(property->name);
		free(property->schema);
		free(property->runlet);
	}
}

static void check_seen(struct properties *properties)
{
	size_t i;

	for (i = 0; i < properties->count; i++)
		if (!properties->rows[i].is_seen)
			complain(properties, properties->rows[i].name, "a property without a row", "");
}

static void test_every_property_has_a_row(void **state)
{
	struct properties properties = { .count = 0 };

	(void)state;
	read_properties(&properties);
	assert_true(properties.count > 200);
	check_table(&properties, &spec_table, "", 0);
	check_seen(&properties);
	assert_int_equal(properties.failed, 0);
	free_properties(&properties);
}

/* The check above can fail: on a property without a row, a row without a property, and another range. */
static void test_the_check_can_fail(void **state)
{
	struct properties properties = { .count = 0 };

	(void)state;
	read_properties(&properties);
	check_table(&properties, &spec_table, "", 0);
	properties.rows[0].is_seen = false;
	check_seen(&properties);
	assert_int_equal(properties.failed, 1);
	properties.rows[0].name[0] = '?';
	check_row(&properties, "ociVersion", &spec_table.rows[0]);
	assert_int_equal(properties.failed, 2);
	properties.rows[0].name[0] = 'o';
	properties.rows[0].runlet[0] = '?';
	check_row(&properties, "ociVersion", &spec_table.rows[0]);
	assert_int_equal(properties.failed, 3);
	free_properties(&properties);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_property_has_a_row),
		cmocka_unit_test(test_the_check_can_fail),
	};

	return cmocka_run_group_tests_name("spec_properties", tests, NULL, NULL);
}
