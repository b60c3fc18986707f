/*
 * test_systemd_request.c - requests to the systemd program come through whole or not at all, and the program that
 * runlet contains runs, and hands its errors on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/cgroup/systemd_ask.h"

static struct plan_unit_value cpus[] = { { NULL, 7 }, { NULL, UINT64_MAX } };
static struct plan_unit_value text = { "a\n\"b", 0 }, empty = { "", 0 };
static struct plan_unit_property properties[] = {
	{ "AllowedCPUs", "ay", cpus, 2, "linux.resources", .is_recent = true },
	{ "Description", "s", &text, 1, "" },
	{ "After", "as", NULL, 0, "" },
	{ "Slice", "s", &empty, 1, "" },
};
static const struct systemd_request request = {
	.action = SYSTEMD_SET,
	.unit = "x.scope",
	.pid = 1234,
	.properties = { properties, 4 },
	.addresses = { { "unix:path=/nonexistent/a", true }, { "unix:path=/nonexistent/b", false } },
	.address_count = 2,
	.timeout_ms = 300,
	.is_debug = true,
};

static void assert_same_values(const struct plan_unit_property *got, const struct plan_unit_property *want)
{
	assert_int_equal(got->value_count, want->value_count);
	for (size_t i = 0; i < want->value_count; i++) {
		assert_int_equal(got->values[i].text == NULL, want->values[i].text == NULL);
		if (want->values[i].text != NULL)
			assert_string_equal(got->values[i].text, want->values[i].text);
		assert_true(got->values[i].number == want->values[i].number);
	}
}

static void test_whole(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	struct err err = ERR_INIT;
	struct systemd_request got;

	(void)state;
	systemd_request_write(&request, &bytes);
	assert_int_equal(systemd_request_read(&arena, bytes.data, bytes.length, &got, &err), 0);
	assert_int_equal(got.action, SYSTEMD_SET);
	assert_string_equal(got.unit, "x.scope");
	assert_int_equal(got.pid, 1234);
	assert_int_equal(got.timeout_ms, 300);
	assert_true(got.is_debug);
	assert_int_equal(got.address_count, 2);
	assert_string_equal(got.addresses[1].address, "unix:path=/nonexistent/b");
	assert_true(got.addresses[0].is_broker);
	assert_false(got.addresses[1].is_broker);
	assert_int_equal(got.properties.count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(got.properties.items[i].name, properties[i].name);
		assert_string_equal(got.properties.items[i].type, properties[i].type);
		assert_int_equal(got.properties.items[i].is_recent, properties[i].is_recent);
		assert_same_values(&got.properties.items[i], &properties[i]);
	}
}

static void assert_refused(const char *bytes, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct systemd_request got;
	struct err err = ERR_INIT;
	/* Exactly as long as it is, so that a sanitizer sees a read behind it. */
	char *copy = malloc(size > 0 ? size : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	assert_int_equal(systemd_request_read(&arena, copy, size, &got, &err), -1);
	assert_int_equal(err.kind, ERR_PROTOCOL);
	free(copy);
}

static void test_cut(void **state)
{
	_cleanup_buf_ struct buf bytes = BUF_INIT;

	(void)state;
	systemd_request_write(&request, &bytes);
	for (size_t length = 0; length < bytes.length; length++)
		assert_refused(bytes.data, length);
	buf_add(&bytes, "x", 2);
	assert_refused(bytes.data, bytes.length);
}

static void test_nonsense(void **state)
{
	static const char action[] = "4\0" "0\0" "1\0x\0" "0\0" "0\0" "0";
	static const char addresses[] = "0\0" "0\0" "1\0x\0" "0\0" "4\0" "a\0" "0\0" "a\0" "0\0" "a\0" "0\0" "a\0"
					"0\0" "0";
	static const char count[] = "0\0" "0\0" "1\0x\0" "0\0" "0\0" "99999999999";
	static const char values[] = "0\0" "0\0" "1\0x\0" "0\0" "0\0" "1\0n\0s\0" "0\0" "4294967296";

	(void)state;
	assert_refused(action, sizeof(action));
	assert_refused(addresses, sizeof(addresses));
	assert_refused(count, sizeof(count));
	assert_refused(values, sizeof(values));
}

/* The program runs, and what it fails at comes back as it was said there. */
static void test_program(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(systemd_ask(&request, "/tmp", &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text, "connect to systemd on unix:path=/nonexistent/b");
}

/* A library that isn't one stands for the one that is missing. */
static void test_no_library(void **state)
{
	char directory[] = "/tmp/runlet-library-XXXXXX", path[64];
	struct err err = ERR_INIT;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/libsystemd.so.0", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("no library\n", file);
	fclose(file);
	setenv("LD_LIBRARY_PATH", directory, 1);
	assert_int_equal(systemd_ask(&request, "/tmp", &err), -1);
	unsetenv("LD_LIBRARY_PATH");
	unlink(path);
	rmdir(directory);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "libsystemd.so.0"));
	assert_non_null(strstr(err.text, "install libsystemd"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),    cmocka_unit_test(test_cut),        cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_program),  cmocka_unit_test(test_no_library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
