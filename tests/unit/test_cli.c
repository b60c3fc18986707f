/*
 * test_cli.c - the option parser and signal names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/command.h"
#include "cli/duration.h"

struct values {
	const char *bundle;
	uint32_t number;
	int word;
	bool detach;
	bool quiet;
};

static const struct name_row word_rows[] = { { "red", 1 }, { "green", 2 } };
static const struct name_table words = NAME_TABLE(word_rows);
static const struct option_row rows[] = {
	OPTION_ROW_DIR(struct values, bundle, "bundle", 'b', "DIR", "a text"),
	OPTION_ROW_U32(struct values, number, "number", 'n', "N", "a number"),
	OPTION_ROW_WORD(struct values, word, "word", 0, "red|green", &words, "a word"),
	OPTION_ROW_FLAG(struct values, detach, "detach", 'd', "a flag"),
	OPTION_ROW_FLAG(struct values, quiet, "quiet", 'q', "a flag"),
};
static const struct option_set set = OPTION_SET(rows);

#define ARGV_MAX 8

struct parsed {
	char *argv[ARGV_MAX + 1];
	struct values values;
	struct cli_arguments arguments;
	struct err err;
	int result;
};

/* `line` is cut at the spaces. */
static void parse(struct parsed *parsed, char *line, bool stops_at_argument)
{
	memset(parsed, 0, sizeof(*parsed));
	size_t count = 0;
	for (char *word = strtok(line, " "); word != NULL && count < ARGV_MAX; word = strtok(NULL, " "))
		parsed->argv[count++] = word;
	parsed->result = options_parse(&set, stops_at_argument, parsed->argv, &parsed->values, &parsed->arguments,
	                               &parsed->err);
}

static void test_forms_of_a_value(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"--bundle /b id", "--bundle=/b id", "-b /b id", "-b/b id", "-b=/b id", "id -b /b", "id --bundle=/b",
		"-dqb/b id", "-dqb /b id",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char line[64];
		struct parsed parsed;
		strcpy(line, lines[i]);
		parse(&parsed, line, false);
		assert_int_equal(parsed.result, 0);
		assert_string_equal(parsed.values.bundle, "/b");
		assert_int_equal(parsed.arguments.count, 1);
		assert_string_equal(parsed.arguments.items[0], "id");
		assert_null(parsed.arguments.items[1]);
	}
}

static void test_flags(void **state)
{
	(void)state;
	struct parsed parsed;
	char cluster[] = "-dq", given[] = "--detach=true --quiet=0", off[] = "-d --detach=false", last[] = "a b -d c";
	parse(&parsed, cluster, false);
	assert_true(parsed.values.detach && parsed.values.quiet);
	parse(&parsed, given, false);
	assert_true(parsed.values.detach && !parsed.values.quiet);
	parse(&parsed, off, false);
	assert_false(parsed.values.detach);
	parse(&parsed, last, false);
	assert_true(parsed.values.detach);
	assert_int_equal(parsed.arguments.count, 3);
	assert_string_equal(parsed.arguments.items[2], "c");
}

static void test_where_options_end(void **state)
{
	(void)state;
	struct parsed parsed;
	char dashes[] = "-d -- -q --bundle", stops[] = "-d id -q -- x", lone[] = "- -d";
	parse(&parsed, dashes, false);
	assert_true(parsed.values.detach && !parsed.values.quiet);
	assert_int_equal(parsed.arguments.count, 2);
	assert_string_equal(parsed.arguments.items[1], "--bundle");
	parse(&parsed, stops, true);
	assert_true(parsed.values.detach && !parsed.values.quiet);
	assert_int_equal(parsed.arguments.count, 4);
	assert_string_equal(parsed.arguments.items[2], "--");
	parse(&parsed, lone, false);
	assert_string_equal(parsed.arguments.items[0], "-");
	assert_true(parsed.values.detach);
}

static void test_numbers_and_words(void **state)
{
	(void)state;
	struct parsed parsed;
	char good[] = "--number=3 --word green";
	parse(&parsed, good, false);
	assert_int_equal(parsed.values.number, 3);
	assert_int_equal(parsed.values.word, 2);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct { const char *line; const char *text; } cases[] = {
		{ "--nope", "unknown option --nope" },
		{ "--bundl=/b", "unknown option --bundl" },
		{ "--", "" },
		{ "-x", "unknown option -x" },
		{ "-dx", "unknown option -x" },
		{ "--bundle", "--bundle: DIR is missing" },
		{ "-b", "--bundle: DIR is missing" },
		{ "--number=1x", "--number: want a number, got \"1x\"" },
		{ "--number=", "--number: want a number, got \"\"" },
		{ "--word=blue", "--word: want red|green, got \"blue\"" },
		{ "--detach=maybe", "--detach: want true or false, got \"maybe\"" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[64];
		struct parsed parsed;
		strcpy(line, cases[i].line);
		parse(&parsed, line, false);
		assert_string_equal(parsed.err.text, cases[i].text);
		assert_int_equal(parsed.result, cases[i].text[0] == '\0' ? 0 : -1);
	}
}

static void test_help_is_always_understood(void **state)
{
	(void)state;
	struct parsed parsed;
	char long_form[] = "id --help", short_form[] = "-dh";
	parse(&parsed, long_form, false);
	assert_true(parsed.arguments.wants_help);
	parse(&parsed, short_form, false);
	assert_true(parsed.arguments.wants_help);
}

static void test_signals(void **state)
{
	(void)state;
	static const struct { const char *text; int signal; } good[] = {
		{ "KILL", 9 }, { "SIGKILL", 9 }, { "kill", 9 }, { "sigterm", 15 }, { "9", 9 }, { "0", 0 }, { "64", 64 },
		{ "37", 37 }, { "RTMIN", 34 }, { "SIGRTMIN+3", 37 }, { "RTMIN+30", 64 }, { "RTMAX", 64 },
		{ "SIGRTMAX-1", 63 }, { "rtmax-30", 34 },
		{ "IOT", 6 }, { "CLD", 17 }, { "WINCH", 28 },
	};
	static const char *const bad[] = {
		"", "00x", "65", "-9", "9x", "KILLX", "SIG", "SIGSIGKILL", "RTMIN+31", "RTMAX-31",
		"RTMIN-1", "RTMAX+1", "RTMIN+", " 9",
	};
	struct err err = ERR_INIT;
	int signal = 0;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(signal_parse(good[i].text, &signal, &err), 0);
		assert_int_equal(signal, good[i].signal);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(signal_parse(bad[i], &signal, &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_string_equal(err.text, "unknown signal \" 9\"");
}

static void test_sizes(void **state)
{
	static const struct { const char *text; int64_t bytes; } sizes[] = {
		{ "0", 0 }, { "1000", 1000 }, { "7b", 7 }, { "100k", 102400 }, { "100 kb", 102400 },
		{ "64MiB", 67108864 },
		{ "512m", 536870912 }, { "1.5G", 1610612736 }, { "0.5k", 512 }, { "1.0000000001k", 1024 },
		{ "2T", INT64_C(2) << 40 }, { "8191P", INT64_C(8191) << 50 }, { "9223372036854775807", INT64_MAX },
	};
	static const char *const wrong[] = {
		"", "m", "-1", "+1", " 1", "1 ", "1x", "1mm", "1.m", ".5m", "1..5m", "1,5m", "1  m", "1m ", "0x10",
		"1e3", "8192P", "9223372036854775808", "99999999999999999999", "1kibb", "1:0",
	};
	int64_t bytes;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		if (size_parse(sizes[i].text, &bytes) < 0)
			fail_msg("\"%s\" is a size", sizes[i].text);
		assert_int_equal(bytes, sizes[i].bytes);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (size_parse(wrong[i], &bytes) == 0)
			fail_msg("\"%s\" is no size, got %lld", wrong[i], (long long)bytes);
}

static void test_durations(void **state)
{
	(void)state;
	static const struct { const char *text; uint64_t ns; } good[] = {
		{ "0", 0 }, { "0s", 0 }, { "5s", 5000000000 }, { "+5s", 5000000000 }, { "500ms", 500000000 },
		{ "1m30s", 90000000000 }, { "1.5h", 5400000000000 }, { ".5s", 500000000 }, { "1.s", 1000000000 },
		{ "0.1ms", 100000 }, { "1.9999ns", 1 }, { "7us", 7000 }, { "7\xc2\xb5s", 7000 }, { "7\xce\xbcs", 7000 },
		{ "1h0m0.000000001s", 3600000000001 }, { "9223372036854775807ns", INT64_MAX },
		{ "0.00000000000000000000000001s", 0 }, { "0.000000000009h", 32 }, { "0.99999999999m", 59999999999 },
	};
	static const char *const bad[] = {
		"", "+", "5", "s", ".s", "5 s", "-5s", "5x", "5sec", "s5", "1m30", "1..5s", "5s ", "0x5s",
		"9223372036854775808ns", "2562048h", "9223372036s9223372036s", "99999999999999999999s",
	};
	uint64_t ns;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(duration_parse(good[i].text, &ns), 0);
		assert_int_equal(ns, good[i].ns);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(duration_parse(bad[i], &ns), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms_of_a_value),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_where_options_end),
		cmocka_unit_test(test_numbers_and_words),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_help_is_always_understood),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_durations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
