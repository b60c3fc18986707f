/*
 * test_base.c - errors, numbers, names, paths, times, arena, buffers, log.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/names.h"
#include "base/num.h"
#include "base/path.h"
#include "base/utc.h"

static void test_err_set_and_format(void **state)
{
	(void)state;
	struct err err = ERR_INIT;
	char text[64];
	assert_int_equal(err_set(&err, ERR_CONFIG, "want %d", 7), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	err_format(&err, text, sizeof(text));
	assert_string_equal(text, "want 7");
	assert_int_equal(err_sys(&err, -ENOENT, "open %s", "/x"), -1);
	assert_int_equal(err.errnum, ENOENT);
	assert_int_equal(err_prefix(&err, "mounts[%d]", 2), -1);
	err_format(&err, text, sizeof(text));
	assert_string_equal(text, "mounts[2]: open /x: No such file or directory");
	err_format(&err, text, 8);
	assert_string_equal(text, "mounts[");
}

static void test_err_long_text_is_cut(void **state)
{
	(void)state;
	char name[2 * ERR_TEXT_SIZE];
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	struct err err = ERR_INIT;
	err_set(&err, ERR_CONFIG, "%s", name);
	assert_int_equal(strlen(err.text), ERR_TEXT_SIZE - 1);
	assert_string_equal(err.text + ERR_TEXT_SIZE - 4, "...");
	err_set(&err, ERR_CONFIG, "end");
	err_prefix(&err, "%s", name);
	assert_int_equal(strlen(err.text), ERR_TEXT_SIZE - 1);
	err_set(&err, ERR_CONFIG, "%.1000s", name);
	err_prefix(&err, "create");
	assert_memory_equal(err.text, "create: aaa", 11);
	assert_string_equal(err.text + ERR_TEXT_SIZE - 4, "...");
}

static void test_err_code(void **state)
{
	(void)state;
	assert_string_equal(err_code(ERR_EXEC_NOT_FOUND), "exec-not-found");
	assert_string_equal(err_code(ERR_KIND_COUNT), "unknown");
	for (uint32_t kind = 0; kind < ERR_KIND_COUNT; kind++)
		assert_non_null(err_code(kind));
}

static void test_num_unsigned(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", " 1", "1 ", "+1", "-1", "1x", "1:0", "0x1", "4294967296",
		"99999999999999999999999", "\xd9\xa1", "1\n",
	};
	uint32_t value = 77;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(num_parse_u32(bad[i], &value), -1);
	assert_int_equal(value, 77);
	assert_int_equal(num_parse_u32("4294967295", &value), 0);
	assert_true(value == UINT32_MAX);
	assert_int_equal(num_parse_u32("007", &value), 0);
	assert_int_equal(value, 7);

	uint64_t wide = 0;
	assert_int_equal(num_parse_u64("18446744073709551615", UINT64_MAX, &wide), 0);
	assert_true(wide == UINT64_MAX);
	assert_int_equal(num_parse_u64("18446744073709551616", UINT64_MAX, &wide), -1);
	assert_int_equal(num_parse_u64("8", 7, &wide), -1);
	assert_int_equal(num_parse_u64("7", 7, &wide), 0);
	assert_int_equal(num_parse_u64_n("123:4", 3, 1000, &wide), 0);
	assert_int_equal(wide, 123);
	assert_int_equal(num_parse_u64_n("123", 0, 1000, &wide), -1);
}

static void test_num_signed(void **state)
{
	(void)state;
	int64_t value = 5;
	assert_int_equal(num_parse_i64("-9223372036854775808", INT64_MIN, INT64_MAX, &value), 0);
	assert_true(value == INT64_MIN);
	assert_int_equal(num_parse_i64("9223372036854775807", INT64_MIN, INT64_MAX, &value), 0);
	assert_true(value == INT64_MAX);
	assert_int_equal(num_parse_i64("9223372036854775808", INT64_MIN, INT64_MAX, &value), -1);
	assert_int_equal(num_parse_i64("-9223372036854775809", INT64_MIN, INT64_MAX, &value), -1);
	assert_int_equal(num_parse_i64("-", -10, 10, &value), -1);
	assert_int_equal(num_parse_i64("--1", -10, 10, &value), -1);
	assert_int_equal(num_parse_i64("-11", -10, 10, &value), -1);
	assert_int_equal(num_parse_i64("-10", -10, 10, &value), 0);
	assert_int_equal(value, -10);
}

static void test_names(void **state)
{
	(void)state;
	static const struct name_row rows[] = { { "one", 1 }, { "two", 2 }, { "deux", 2 } };
	static const struct name_table table = NAME_TABLE(rows);
	int64_t value = 9;
	assert_int_equal(name_to_value(&table, "deux", &value), 0);
	assert_int_equal(value, 2);
	assert_int_equal(name_to_value(&table, "tw", &value), -1);
	assert_int_equal(value, 2);
	assert_string_equal(name_from_value(&table, 2), "two");
	assert_null(name_from_value(&table, 3));
}

static void test_arena(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	unsigned char *small = arena_alloc(&arena, 1);
	assert_int_equal((uintptr_t)small % 16, 0);
	assert_int_equal(*small, 0);
	unsigned char *large = arena_alloc(&arena, 1 << 20);
	assert_int_equal(large[(1 << 20) - 1], 0);
	assert_non_null(arena_alloc(&arena, 0));
	assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
	assert_string_equal(arena_printf(&arena, "%s-%d", "x", 5), "x-5");

	int *numbers = NULL;
	for (int i = 0; i < 1000; i++) {
		numbers = arena_grow(&arena, numbers, (size_t)i, sizeof(*numbers));
		numbers[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	arena_free(&arena);
	assert_string_equal(arena_strdup(&arena, "usable again"), "usable again");
}

static void test_buf(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf buf = BUF_INIT;
	assert_string_equal(buf_str(&buf), "");
	for (int i = 0; i < 1000; i++)
		buf_printf(&buf, "%03d,", i);
	assert_int_equal(buf.length, 4000);
	assert_memory_equal(buf_str(&buf) + 3996, "999,", 5);
	buf_add(&buf, "\0x", 2);
	assert_int_equal(buf.length, 4002);
}

static void test_fd(void **state)
{
	(void)state;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int taken = fd_take(&fd);
	assert_int_equal(fd, -1);
	errno = EAGAIN;
	int kept = taken;
	fd_close(&taken);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(taken, -1);
	assert_int_equal(fcntl(kept, F_GETFD), -1);
	fd_close(&taken);
}

static void read_whole(const char *path, char *text, size_t size)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = read(fd, text, size - 1);
	assert_true(length >= 0);
	text[length] = '\0';
}

static void test_escape(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf out = BUF_INIT;
	escape_add(&out, "plain \xc3\xa9\n\x1b[2J\x7f\xc2\x9b\xc2\xa0\xff\"\\", "\"");
	assert_string_equal(buf_str(&out), "plain \xc3\xa9\\n\\u001b[2J\\u007f\\u009b\xc2\xa0\xef\xbf\xbd\\\"\\");
	/* A character that is cut short. */
	_cleanup_buf_ struct buf cut = BUF_INIT;
	escape_add(&cut, "\xc2", "");
	assert_string_equal(buf_str(&cut), "\xef\xbf\xbd");
}

static void test_log_json(void **state)
{
	(void)state;
	char path[] = "/tmp/test_base.XXXXXX", text[1024];
	_cleanup_fd_ int fd = mkstemp(path);
	assert_true(fd >= 0);
	struct err err = ERR_INIT;
	assert_int_equal(log_open(path, LOG_FORMAT_JSON, LOG_LEVEL_INFO, &err), 0);
	log_warn("a \"word\"\n\x01\xff\xc3\xa9");
	log_debug("not said %d", 1);
	err_sys(&err, ENOENT, "open /x");
	log_error(&err);
	read_whole(path, text, sizeof(text));
	unlink(path);
	const char *second = strchr(text, '\n') + 1;
	static const char warning[] = "{\"level\":\"warning\",\"msg\":"
	                              "\"a \\\"word\\\"\\n\\u0001\xef\xbf\xbd\xc3\xa9\",\"time\":\"20";
	static const char error[] = "{\"level\":\"error\",\"msg\":\"open /x: No such file or directory\",\"time\":\"20";
	assert_memory_equal(text, warning, sizeof(warning) - 1);
	assert_memory_equal(second, error, sizeof(error) - 1);
	assert_non_null(strstr(second, ",\"code\":\"system\"}\n"));
	assert_null(strstr(text, "not said"));
	assert_int_equal(log_open("/nonexistent/log", LOG_FORMAT_TEXT, LOG_LEVEL_INFO, &err), -1);
	assert_string_equal(err.text, "open log file /nonexistent/log");
}

static void test_path_is_beneath(void **state)
{
	(void)state;
	assert_true(path_is_beneath("/proc", "/proc"));
	assert_true(path_is_beneath("/proc/1", "/proc"));
	assert_false(path_is_beneath("/process", "/proc"));
	assert_false(path_is_beneath("/", "/proc"));
	assert_true(path_is_beneath("/", "/"));
	assert_false(path_is_beneath("/proc", "/"));
}

/* Against libc's calendar, over leap years, centuries and their borders. */
static void test_utc_format(void **state)
{
	char text[UTC_TEXT_SIZE];
	char want[UTC_TEXT_SIZE];
	struct tm utc;

	(void)state;
	for (int64_t seconds = 0; seconds < 9000000000; seconds += 86399 * 7) {
		time_t time = (time_t)seconds;

		gmtime_r(&time, &utc);
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%SZ", &utc);
		utc_format_seconds(seconds, text);
		assert_string_equal(text, want);
	}
	utc_format(951782400, 42, text);
	assert_string_equal(text, "2000-02-29T00:00:00.000000042Z");
	utc_format(4107542399, 999999999, text);
	assert_string_equal(text, "2100-02-28T23:59:59.999999999Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_err_set_and_format),
		cmocka_unit_test(test_err_long_text_is_cut),
		cmocka_unit_test(test_err_code),
		cmocka_unit_test(test_num_unsigned),
		cmocka_unit_test(test_num_signed),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_fd),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_log_json),
		cmocka_unit_test(test_path_is_beneath),
		cmocka_unit_test(test_utc_format),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
