/*
 * test_trace.c - what --trace collects, the file that is made of it, and what `runlet trace` reads from that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/trace.h"
#include "runtime/trace_file.h"

#define END "],\"otherData\":{\"runtime\":\"runlet\"}}"

/* In two steps, as when a wait for the program lies between them. */
static void emit(struct trace_event *events, size_t count, struct buf *json)
{
	struct trace_list list = { events, count - 1, 7 };
	struct trace_file file;

	trace_file_begin(&file, "runlet test", 100);
	trace_file_add(&file, &list);
	list.count = count;
	trace_file_add(&file, &list);
	trace_file_finish(&file, &list, 900);
	*json = file.json;
}

static void decode(struct arena *arena, const char *text, struct trace_report *report)
{
	struct err err = ERR_INIT;

	if (trace_file_decode(arena, "t.json", text, strlen(text), report, &err) < 0)
		fail_msg("%s", err.text);
}

static void expect_step(const struct trace_step *step, const char *name, uint64_t own_ns)
{
	assert_string_equal(step->name, name);
	assert_int_equal(step->own_ns, own_ns);
}

/* What is written is what is read, each step without what lies inside it, the dearest first. */
static void test_round_trip(void **state)
{
	struct trace_event events[] = {
		{ .name = "run", .start_ns = 100, .end_ns = 800 },
		{ .name = "outer", .object = "o\"b", .start_ns = 200, .end_ns = 500 },
		{ .name = "inner", .start_ns = 250, .end_ns = 450 },
		{ .name = "innermost", .start_ns = 300, .end_ns = 310 },
		{ .source = TRACE_PROGRAM, .name = "wait", .start_ns = 600, .end_ns = 700 },
		{ .source = TRACE_INIT, .pid = 200, .name = "mount_fs", .origin = "mounts[3]", .start_ns = 210 },
	};
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf json = BUF_INIT;
	struct trace_report report;

	(void)state;
	emit(events, sizeof(events) / sizeof(events[0]), &json);
	assert_non_null(strstr(json.data, "\"ts\":0.250,\"dur\":0.200,\"pid\":100,\"tid\":100,"));
	assert_non_null(strstr(json.data, "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":100,\"tid\":100,"
	                                  "\"args\":{\"name\":\"runlet test\"}}"));
	assert_non_null(strstr(json.data, "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":200,"));
	decode(&arena, json.data, &report);
	assert_int_equal(report.lost, 7);
	assert_int_equal(report.count, 5);
	assert_int_equal(report.total_ns, 700);
	expect_step(&report.steps[0], "mount_fs", 690);
	assert_int_equal(report.steps[0].source, TRACE_INIT);
	assert_string_equal(report.steps[0].origin, "mounts[3]");
	expect_step(&report.steps[1], "run", 300);
	expect_step(&report.steps[2], "inner", 190);
	expect_step(&report.steps[3], "outer", 100);
	assert_string_equal(report.steps[3].object, "o\"b");
	expect_step(&report.steps[4], "innermost", 10);
}

/* Steps that lie across each other, which runlet doesn't write, and times at the end of their range. */
static void test_hostile_times(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct trace_report report;

	(void)state;
	decode(&arena,
	       "{\"traceEvents\":["
	       "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"args\":{\"start_ns\":0,\"length_ns\":10}},"
	       "{\"name\":\"b\",\"ph\":\"X\",\"pid\":1,\"args\":{\"start_ns\":5,\"length_ns\":10}},"
	       "{\"name\":\"c\",\"ph\":\"X\",\"pid\":1,\"args\":{\"start_ns\":5,\"length_ns\":10}},"
	       "{\"name\":\"d\",\"ph\":\"X\",\"pid\":2,\"args\":{\"start_ns\":4611686018427387904,"
	       "\"length_ns\":4611686018427387904}},"
	       "{\"name\":\"e\",\"cat\":\"program\",\"ph\":\"X\",\"pid\":3,\"args\":{\"start_ns\":0,"
	       "\"length_ns\":4611686018427387904}},"
	       "{\"name\":\"f\",\"cat\":\"program\",\"ph\":\"X\",\"pid\":4,\"args\":{\"start_ns\":0,"
	       "\"length_ns\":4611686018427387904}}" END,
	       &report);
	assert_int_equal(report.count, 4);
	expect_step(&report.steps[0], "d", UINT64_C(1) << 62);
	expect_step(&report.steps[1], "c", 10);
	expect_step(&report.steps[2], "a", 5);
	expect_step(&report.steps[3], "b", 0);
}

static void expect_refused(const char *text, const char *message)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct trace_report report;
	struct err err = ERR_INIT;

	assert_int_equal(trace_file_decode(&arena, "t.json", text, strlen(text), &report, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	if (strcmp(err.text, message) != 0)
		fail_msg("\"%s\", expected \"%s\"", err.text, message);
}

static void test_refused(void **state)
{
	(void)state;
	expect_refused("{\"traceEvents\":[" END, "t.json: no step is in it");
	expect_refused("{\"traceEvents\":[{\"name\":\"a\",\"ph\":\"M\",\"pid\":1,\"args\":{}}" END,
	               "t.json: no step is in it");
	expect_refused("{\"traceEvents\":[{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"args\":{\"start_ns\":1}}" END,
	               "t.json:1:53: traceEvents[0].args: without start_ns and length_ns");
	expect_refused("{\"traceEvents\":[{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,"
	               "\"args\":{\"start_ns\":1.5,\"length_ns\":1}}" END,
	               "t.json:1:65: traceEvents[0].args.start_ns: want an integer from 0 to 4611686018427387904, "
	               "got 1.5 (integers are written without point and exponent)");
	expect_refused("{\"traceEvents\":[{\"name\":\"a\",\"ph\":\"X\",\"pid\":2147483648,\"args\":{}}" END,
	               "t.json:1:44: traceEvents[0].pid: want an integer from 0 to 2147483647, got 2147483648");
	expect_refused("{\"traceEvents\":[{\"name\":\"a\",\"cat\":\"x\",\"ph\":\"X\",\"pid\":1,\"args\":{}}" END,
	               "t.json:1:35: traceEvents[0].cat: want a category of runlet's (runtime, init, program), "
	               "got \"x\"");
}

/* In the order of beginning; nothing at all before it is switched on; what finds no room is counted. */
static void test_collecting(void **state)
{
	struct trace_span off = trace_begin("off", "x"), outer, inner;
	struct trace_event event = { .pid = 9, .name = "elsewhere", .start_ns = 1, .end_ns = 2 };
	struct trace_list list = trace_events();
	char object[] = "object";

	(void)state;
	trace_end(&off);
	assert_int_equal(list.count, 0);
	trace_enable();
	outer = trace_begin("outer", object);
	inner = trace_begin_wait("inner", TRACE_PROGRAM);
	object[0] = '-';
	trace_name_object(inner, "named");
	trace_end(&inner);
	trace_end(&inner);
	trace_add(&event);
	list = trace_events();
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].object, "object");
	assert_int_equal(list.items[0].end_ns, 0);
	assert_string_equal(list.items[1].object, "named");
	assert_int_equal(list.items[1].source, TRACE_PROGRAM);
	assert_true(list.items[1].start_ns >= list.items[0].start_ns && list.items[1].end_ns >= list.items[1].start_ns);
	assert_int_equal(list.items[2].pid, 9);
	for (size_t i = 0; i < TRACE_EVENTS_MAX; i++)
		trace_add(&event);
	trace_add_lost(2);
	inner = trace_begin("no room", "");
	trace_end(&inner);
	trace_end(&outer);
	list = trace_events();
	assert_int_equal(list.count, TRACE_EVENTS_MAX);
	assert_int_equal(list.lost, 3 + 2 + 1);
	assert_true(list.items[0].end_ns > 0);
	assert_string_equal(list.items[TRACE_EVENTS_MAX - 1].name, "elsewhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_hostile_times),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_collecting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
