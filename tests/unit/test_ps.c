/*
 * test_ps.c - which lines of ps(1) are a container's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "runtime/ps.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const pid_t pids[] = { 5, 12, 4000 };

struct filter_case { const char *text; int result; const char *wanted; };

static const struct filter_case cases[] = {
	{ "UID PID CMD\nroot 1 init\nroot 12 sh\n", 0, "UID PID CMD\nroot 12 sh\n" },
	{ "  PID\n    5\n   12\n  120\n", 0, "  PID\n    5\n   12\n" },
	/* without a newline at the end */
	{ "PID\n4000", 0, "PID\n4000\n" },
	{ "PID\n", 0, "PID\n" },
	/* threads go with their process */
	{ "PID LWP\n5 -\n- 5\n- 6\n7 -\n- 7\n", 0, "PID LWP\n5 -\n- 5\n- 6\n" },
	/* what is no number, too long a number, or missing */
	{ "A PID\nx 5x\nx +5\nx 05000000000000000005\nx\n\nx -5\nx 5\n", 0, "A PID\nx 5\n" },
	/* another column that has the number */
	{ "PPID PID\n5 6\n6 5\n", 0, "PPID PID\n6 5\n" },
	{ "PPID COMMAND\n5 sh\n", -1, "" },
	{ "XPID PIDX\n5 5\n", -1, "" },
	{ "", -1, "" },
	{ "\n5\n", -1, "" },
};

static void test_filter(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		_cleanup_buf_ struct buf out = BUF_INIT;

		assert_int_equal(ps_filter(cases[i].text, strlen(cases[i].text), pids, COUNT(pids), &out),
				 cases[i].result);
		assert_string_equal(buf_str(&out), cases[i].wanted);
	}
}

static void test_no_pids(void **state)
{
	_cleanup_buf_ struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(ps_filter("PID\n0\n5\n", 8, NULL, 0, &out), 0);
	assert_string_equal(buf_str(&out), "PID\n");
}

/* Any bytes, from a block of just that size: the sanitizers see a read beyond it. */
static void test_any_bytes(void **state)
{
	static const char alphabet[] = "PID 15-\n\t\0x";
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		_cleanup_buf_ struct buf out = BUF_INIT;
		size_t length = (size_t)(rand_r(&seed) % 64);
		char *text = malloc(length + 1);

		for (size_t i = 0; i < length; i++)
			text[i] = alphabet[(size_t)rand_r(&seed) % (sizeof(alphabet) - 1)];
		text = realloc(text, length > 0 ? length : 1);
		(void)ps_filter(text, length, pids, COUNT(pids), &out);
		assert_true(out.length <= length + 1);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_no_pids),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
