/*
 * test_libc.c - init's own libc functions against the real ones.
 *
 * src/init/libc.c is compiled here under other names (init_memcpy ...), so that both can be called.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void *init_memcpy(void *to, const void *from, size_t length);
void *init_memmove(void *to, const void *from, size_t length);
void *init_memset(void *to, int value, size_t length);
int init_memcmp(const void *left, const void *right, size_t length);
size_t init_strlen(const char *text);
int init_strcmp(const char *left, const char *right);
int init_strncmp(const char *left, const char *right, size_t length);
char *init_strchr(const char *text, int wanted);
char *init_strrchr(const char *text, int wanted);
int init_snprintf(char *buffer, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void test_memory(void **state)
{
	char text[] = "abcdef";

	(void)state;
	init_memmove(text + 1, text, 5);
	assert_string_equal(text, "aabcde");
	init_memmove(text, text + 1, 5);
	assert_string_equal(text, "abcdee");
	init_memcpy(text, "xyz", 3);
	assert_string_equal(text, "xyzdee");
	init_memset(text, 0x141, 2);
	assert_string_equal(text, "AAzdee");
	assert_true(init_memcmp("a\0b", "a\0c", 3) < 0);
	assert_true(init_memcmp("\xff", "\x01", 1) > 0);
	assert_int_equal(init_memcmp("a\0b", "a\0c", 2), 0);
}

static void test_strings(void **state)
{
	const char *text = "/a/b";

	(void)state;
	assert_int_equal(init_strlen(""), 0);
	assert_int_equal(init_strlen(text), 4);
	assert_int_equal(init_strcmp("a", "a"), 0);
	assert_true(init_strcmp("a", "ab") < 0);
	assert_true(init_strcmp("\xff", "a") > 0);
	assert_int_equal(init_strncmp("abc", "abd", 2), 0);
	assert_int_equal(init_strncmp("a", "a", 9), 0);
	assert_ptr_equal(init_strchr(text, 'a'), text + 1);
	assert_ptr_equal(init_strchr(text, '\0'), text + 4);
	assert_null(init_strchr(text, 'z'));
	assert_ptr_equal(init_strrchr(text, '/'), text + 2);
	assert_ptr_equal(init_strrchr(text, '\0'), text + 4);
	assert_null(init_strrchr(text, 'z'));
}

/* The same text and the same length as the real one. */
#define assert_prints_as(...) \
	do { \
		char real_text[128], own_text[128]; \
		int real_length = snprintf(real_text, sizeof(real_text), __VA_ARGS__); \
		assert_int_equal(init_snprintf(own_text, sizeof(own_text), __VA_ARGS__), real_length); \
		assert_string_equal(own_text, real_text); \
	} while (0)

static void test_formats(void **state)
{
	(void)state;
	assert_prints_as("plain 100%%");
	assert_prints_as("%s|%10s|%.2s|%.*s|%8.3s", "abc", "abc", "abc", 1, "abc", "abcdef");
	assert_prints_as("%.*s|%.*s|%.s", 0, "abc", -1, "abc", "abc");
	assert_prints_as("%c%c", 'a', 'b');
	assert_prints_as("%d %i %d %d", 0, -1, INT_MAX, INT_MIN);
	assert_prints_as("%ld %ld %lld", LONG_MAX, LONG_MIN, LLONG_MIN);
	assert_prints_as("%u %u %lu %llu %zu", 0u, UINT_MAX, ULONG_MAX, ULLONG_MAX, SIZE_MAX);
	assert_prints_as("%x %lx %o %lo", 0xdeadbeefu, ULONG_MAX, 0755u, ULONG_MAX);
	assert_prints_as("%5d|%05d|%05d|%2d|%08x", 42, 42, -42, 12345, 0xabcu);
	assert_prints_as("%zd %3u", (ssize_t)-1, 7u);
}

static void test_cut(void **state)
{
	char text[4] = "xxx";

	(void)state;
	assert_int_equal(init_snprintf(text, sizeof(text), "%s", "abcdef"), 6);
	assert_string_equal(text, "abc");
	assert_int_equal(init_snprintf(text, 1, "%d", 12), 2);
	assert_string_equal(text, "");
	assert_int_equal(init_snprintf(NULL, 0, "%s-%d", "abc", 12), 6);
	assert_int_equal(init_snprintf(text, sizeof(text), "abc"), 3);
	assert_string_equal(text, "abc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
