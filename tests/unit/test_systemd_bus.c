/*
 * test_systemd_bus.c - what is said to systemd, against a manager that this test plays in a process of its own: one
 * that does its work, one that refuses, and one that falls silent at each of the points where runlet waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../src/systemd/bus.h"

#define TIMEOUT_MS 300
#define JOB "/org/freedesktop/systemd1/job/7"

enum behaviour {
	WORKS,
	SILENT,          /* takes no connection */
	NO_ANSWER,       /* takes it, and answers no call */
	NO_JOB_END,
	JOB_FAILS,
	HANGS_UP,        /* at the first call */
	EXISTS_ONCE,     /* a failed unit of the name, until it is reset */
	EXISTS,
	IS_OLD,          /* knows no AllowedCPUs */
	IS_GONE          /* StopUnit: no such unit */
};

/* What the manager does, and what it was told. */
struct shared { enum behaviour behaviour; bool is_reset; char log[8192]; };

static struct shared *shared;
static char directory[64], address[128];
static pid_t server;
static struct err err;

/* --- the manager --- */

static void say(const char *text)
{
	size_t used = strlen(shared->log);

	snprintf(shared->log + used, sizeof(shared->log) - used, "%s", text);
}

static void dump_basic(sd_bus_message *message, char type)
{
	union { uint8_t y; int b; int32_t i; uint32_t u; uint64_t t; const char *s; } value = { .t = 0 };
	char text[256] = "";

	sd_bus_message_read_basic(message, type, &value);
	if (type == 's' || type == 'o')
		snprintf(text, sizeof(text), "%s", value.s);
	else if (type == 't')
		snprintf(text, sizeof(text), "%llu", (unsigned long long)value.t);
	else if (type == 'y')
		snprintf(text, sizeof(text), "%u", value.y);
	else
		snprintf(text, sizeof(text), "%d", value.i);
	say(text);
}

/* The rest of a container as text: "[a b]" for arrays, "(a b)" for structs, "t:5" for variants. */
static void dump(sd_bus_message *message)
{
	const char *contents;
	bool is_first = true;
	char type;

	while (sd_bus_message_peek_type(message, &type, &contents) > 0) {
		say(is_first ? "" : " ");
		is_first = false;
		if (strchr("arv", type) == NULL) {
			dump_basic(message, type);
			continue;
		}
		say(type == 'a' ? "[" : type == 'r' ? "(" : contents);
		say(type == 'v' ? ":" : "");
		sd_bus_message_enter_container(message, type, contents);
		dump(message);
		sd_bus_message_exit_container(message);
		say(type == 'a' ? "]" : type == 'r' ? ")" : "");
	}
}

static void end_job(sd_bus *bus, const char *job, const char *result)
{
	sd_bus_emit_signal(bus, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "JobRemoved", "uoss",
			   7, job, "x.scope", result);
}

static int answer_start(sd_bus_message *message)
{
	sd_bus *bus = sd_bus_message_get_bus(message);

	if (shared->behaviour == EXISTS || (shared->behaviour == EXISTS_ONCE && !shared->is_reset))
		return sd_bus_reply_method_errorf(message, "org.freedesktop.systemd1.UnitExists",
						  "Unit x.scope was already loaded.");
	if (shared->behaviour == IS_OLD && strstr(strrchr(shared->log, '\n'), "AllowedCPUs") != NULL)
		return sd_bus_reply_method_errorf(message, "org.freedesktop.DBus.Error.PropertyReadOnly",
						  "Cannot set property AllowedCPUs, or unknown property.");
	if (shared->behaviour == IS_GONE)
		return sd_bus_reply_method_errorf(message, "org.freedesktop.systemd1.NoSuchUnit", "not loaded");
	sd_bus_reply_method_return(message, "o", JOB);
	end_job(bus, JOB "1", "failed");
	if (shared->behaviour != NO_JOB_END)
		end_job(bus, JOB, shared->behaviour == JOB_FAILS ? "failed" : "done");
	return 1;
}

static int on_message(sd_bus_message *message, void *argument, sd_bus_error *error)
{
	const char *member = sd_bus_message_get_member(message);

	(void)argument;
	(void)error;
	if (!sd_bus_message_is_method_call(message, NULL, NULL))
		return 0;
	if (shared->behaviour == HANGS_UP)
		_exit(0);
	say("\n");
	say(member);
	say(" ");
	dump(message);
	if (shared->behaviour == NO_ANSWER)
		return 1;
	if (strcmp(member, "ResetFailedUnit") == 0) {
		shared->is_reset = true;
		return 1;
	}
	if (strcmp(member, "SetUnitProperties") == 0 || strcmp(member, "Ping") == 0)
		return sd_bus_reply_method_return(message, NULL);
	return answer_start(message);
}

static void serve(int listener)
{
	int fd = accept(listener, NULL, NULL);
	sd_bus *bus = NULL;

	sd_bus_new(&bus);
	sd_bus_set_fd(bus, fd, fd);
	sd_bus_set_server(bus, 1, SD_ID128_MAKE(00, 11, 22, 33, 44, 55, 66, 77, 88, 99, aa, bb, cc, dd, ee, ff));
	sd_bus_add_filter(bus, NULL, on_message, NULL);
	sd_bus_start(bus);
	for (;;) {
		int result = sd_bus_process(bus, NULL);

		if (result == 0)
			result = sd_bus_wait(bus, UINT64_MAX);
		if (result < 0)
			_exit(0);
	}
}

static void manager_start(enum behaviour behaviour)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*shared = (struct shared){ .behaviour = behaviour };
	strcpy(directory, "/tmp/runlet-systemd-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(name.sun_path, sizeof(name.sun_path), "%s/bus", directory);
	snprintf(address, sizeof(address), "unix:path=%s", name.sun_path);
	assert_int_equal(bind(listener, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(listener, 8), 0);
	server = fork();
	if (server == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (behaviour == SILENT)
			pause();
		serve(listener);
	}
	close(listener);
}

static int set_up(void **state)
{
	(void)state;
	err = (struct err)ERR_INIT;
	server = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (server > 0) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
		unlink(address + strlen("unix:path="));
		rmdir(directory);
	}
	return 0;
}

/* --- runlet's side --- */

static struct plan_unit_value cpus[] = { { NULL, 7 }, { NULL, 2 } };
static struct plan_unit_value devices[] = { { "/dev/char/1:3", 0 }, { "rwm", 0 }, { "char-*", 0 }, { "m", 0 } };
static struct plan_unit_value limit = { NULL, 4096 }, slice = { "a.slice", 0 }, truth = { NULL, 1 },
			      negative = { NULL, (uint64_t)-5 };
static struct plan_unit_property properties[] = {
	{ "Slice", "s", &slice, 1, "" },
	{ "Delegate", "b", &truth, 1, "" },
	{ "MemoryMax", "t", &limit, 1, "" },
	{ "Nice", "i", &negative, 1, "" },
	{ "AllowedCPUs", "ay", cpus, 2, "", .is_recent = true },
	{ "DeviceAllow", "a(ss)", devices, 4, "" },
	{ "After", "as", NULL, 0, "" },
};
static const struct plan_unit unit = { .name = "x.scope", .slice = "a.slice", .properties = { properties, 7 } };

static int start(enum behaviour behaviour)
{
	_cleanup_systemd_bus_ struct systemd_bus bus = SYSTEMD_BUS_INIT;
	struct systemd_address where = { address, false };

	manager_start(behaviour);
	if (systemd_bus_open(&bus, &where, 1, TIMEOUT_MS, &err) < 0)
		return -1;
	return systemd_bus_start_unit(&bus, &unit, 1234, &err);
}

#define PROPERTIES_BEFORE "(Slice s:a.slice) (Delegate b:1) (MemoryMax t:4096) (Nice i:-5) "
#define PROPERTIES_AFTER \
	"(DeviceAllow a(ss):[(/dev/char/1:3 rwm) (char-* m)]) (After as:[]) (PIDs au:[1234])"
#define START_ALL \
	"\nStartTransientUnit x.scope fail [" PROPERTIES_BEFORE "(AllowedCPUs ay:[7 2]) " PROPERTIES_AFTER "] []"

static void test_start(void **state)
{
	(void)state;
	assert_int_equal(start(WORKS), 0);
	assert_string_equal(shared->log, START_ALL);
}

static void test_leftover(void **state)
{
	(void)state;
	assert_int_equal(start(EXISTS_ONCE), 0);
	assert_string_equal(shared->log, START_ALL "\nResetFailedUnit x.scope" START_ALL);
}

static void test_exists(void **state)
{
	(void)state;
	assert_int_equal(start(EXISTS), -1);
	assert_int_equal(err.kind, ERR_EXISTS);
	assert_string_equal(err.text, "systemd refuses StartTransientUnit x.scope: Unit x.scope was already loaded. "
				      "(org.freedesktop.systemd1.UnitExists)");
	assert_string_equal(shared->log, START_ALL "\nResetFailedUnit x.scope" START_ALL);
}

static void test_old(void **state)
{
	(void)state;
	assert_int_equal(start(IS_OLD), 0);
	assert_string_equal(shared->log, START_ALL "\nStartTransientUnit x.scope fail [" PROPERTIES_BEFORE
							   PROPERTIES_AFTER "] []");
}

static void test_job_fails(void **state)
{
	(void)state;
	assert_int_equal(start(JOB_FAILS), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "StartTransientUnit x.scope ended as \"failed\""));
}

static void test_hangs_up(void **state)
{
	(void)state;
	assert_int_equal(start(HANGS_UP), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "StartTransientUnit"));
}

static void wait_for_log(const char *text)
{
	for (int i = 0; i < 200 && strstr(shared->log, text) == NULL; i++)
		usleep(10000);
	assert_non_null(strstr(shared->log, text));
}

static void test_silence(void **state)
{
	static const struct { enum behaviour behaviour; const char *waited_for; } points[] = {
		{ SILENT, "waited for the connection to be accepted" },
		{ NO_ANSWER, "waited for the answer to StartTransientUnit x.scope" },
		{ NO_JOB_END, "waited for the end of its job " JOB " (StartTransientUnit x.scope)" },
	};

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		struct timespec before, after;
		double seconds;

		clock_gettime(CLOCK_MONOTONIC, &before);
		assert_int_equal(start(points[i].behaviour), -1);
		clock_gettime(CLOCK_MONOTONIC, &after);
		assert_int_equal(err.kind, ERR_TIMEOUT);
		if (strstr(err.text, points[i].waited_for) == NULL || strstr(err.text, "within 0.3 s on unix:") == NULL)
			fail_msg("%s", err.text);
		seconds = (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
		if (seconds < 0.3 || seconds > 3)
			fail_msg("%s: %f s", err.text, seconds);
		/* A unit that may still come up, and is known to be runlet's, is stopped; another one never. */
		if (points[i].behaviour == NO_JOB_END)
			wait_for_log("\nStopUnit x.scope replace");
		else
			assert_null(strstr(shared->log, "StopUnit"));
		tear_down(state);
	}
	server = 0;
}

static void test_nobody(void **state)
{
	_cleanup_systemd_bus_ struct systemd_bus bus = SYSTEMD_BUS_INIT;
	struct systemd_address nowhere[] = { { "unix:path=/nonexistent/a", false },
					     { "unix:path=/nonexistent/b", true } };

	(void)state;
	assert_int_equal(systemd_bus_open(&bus, nowhere, 2, TIMEOUT_MS, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text, "connect to systemd on unix:path=/nonexistent/b");
	nowhere[0].address = "nonsense";
	assert_int_equal(systemd_bus_open(&bus, nowhere, 1, TIMEOUT_MS, &err), -1);
	assert_int_equal(err.kind, ERR_SYSTEM);
}

static void test_second_address(void **state)
{
	_cleanup_systemd_bus_ struct systemd_bus bus = SYSTEMD_BUS_INIT;
	struct systemd_address where[] = { { "unix:path=/nonexistent/a", false }, { address, false } };
	struct plan_unit_properties changes = { properties + 2, 1 };

	(void)state;
	manager_start(WORKS);
	assert_int_equal(systemd_bus_open(&bus, where, 2, TIMEOUT_MS, &err), 0);
	assert_int_equal(systemd_bus_set_properties(&bus, "x.scope", &changes, &err), 0);
	assert_int_equal(systemd_bus_stop_unit(&bus, "x.scope", &err), 0);
	assert_string_equal(shared->log,
			    "\nSetUnitProperties x.scope 1 [(MemoryMax t:4096)]\nPing \nStopUnit x.scope replace");
}

static void test_stop_gone(void **state)
{
	_cleanup_systemd_bus_ struct systemd_bus bus = SYSTEMD_BUS_INIT;
	struct systemd_address where = { address, false };

	(void)state;
	manager_start(IS_GONE);
	assert_int_equal(systemd_bus_open(&bus, &where, 1, TIMEOUT_MS, &err), 0);
	assert_int_equal(systemd_bus_stop_unit(&bus, "x.scope", &err), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_start),    TEST(test_leftover), TEST(test_exists), TEST(test_old),
		TEST(test_job_fails), TEST(test_hangs_up), TEST(test_silence), TEST(test_nobody),
		TEST(test_second_address), TEST(test_stop_gone),
	};

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return shared == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
