/*
 * test_systemd_plan.c - what the systemd cgroup manager plans: slices, units' names, properties from text and limits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "plan/cgroup_build.h"
#include "plan/systemd.h"

static struct arena arena;
static struct err err;

static struct host_hierarchy rows_v2[] = {
	{ 2, "", "cpuset cpu io memory pids", "/sys/fs/cgroup", "/",
	  "/user.slice/user-7.slice/user@7.service/a.slice" },
};
static struct host host = { HOST_ALL, .last_cap = 40, .cgroup_mode = HOST_CGROUP_V2, .hierarchies = rows_v2,
			    .hierarchy_count = 1, .has_systemd = true };
static struct spec_linux linux_object;
static struct spec spec;
static struct plan_options options;
static struct plan_cgroup plan;

static int set_up(void **state)
{
	(void)state;
	linux_object = (struct spec_linux){ .resources = NULL };
	spec = (struct spec){ .linux = &linux_object };
	options = (struct plan_options){ .id = "web", .bundle = "/b", .cgroup_manager = CGROUP_SYSTEMD };
	host.is_systemd_user = false;
	host.euid = host.owner_uid = 0;
	err = (struct err)ERR_INIT;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* --- slices and names --- */

static void test_slices(void **state)
{
	static const struct { const char *slice, *path; } good[] = {
		{ "system.slice", "system.slice" },
		{ "a-b-c.slice", "a.slice/a-b.slice/a-b-c.slice" },
		{ "-.slice", "" },
		{ "a\\x2db.slice", "a\\x2db.slice" },
		{ "kubepods-besteffort-pod1_2.slice",
		  "kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1_2.slice" },
	};
	static const char *const bad[] = {
		"", "system", ".slice", "a", "slice", "a--b.slice", "-a.slice", "a-.slice", "--.slice", "a/b.slice",
		"../x.slice", "a b.slice", "system.scope", "a.slice/", "a\n.slice", "a@b.slice",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const char *path = NULL;

		assert_int_equal(plan_systemd_slice_path(&arena, good[i].slice, &path, &err), 0);
		assert_string_equal(path, good[i].path);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *path;

		if (plan_systemd_slice_path(&arena, bad[i], &path, &err) == 0)
			fail_msg("\"%s\" was taken: %s", bad[i], path);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	char long_name[300];
	const char *path;

	memset(long_name, 'a', sizeof(long_name));
	strcpy(long_name + 250, ".slice");
	assert_int_equal(plan_systemd_slice_path(&arena, long_name, &path, &err), -1);
}

static const char *path_of(const char *given)
{
	linux_object.cgroups_path = (char *)given;
	if (plan_cgroup_build(&arena, &spec, &host, &options, &plan, &err) < 0)
		fail_msg("%s", err.text);
	return plan.path;
}

static void assert_path_refused(const char *given, const char *text)
{
	linux_object.cgroups_path = (char *)given;
	assert_int_equal(plan_cgroup_build(&arena, &spec, &host, &options, &plan, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	if (strncmp(err.text, "linux.cgroupsPath: ", 19) != 0 || strstr(err.text, text) == NULL)
		fail_msg("\"%s\" doesn't speak of \"%s\"", err.text, text);
}

static void test_units(void **state)
{
	char long_path[400] = "system.slice:p:";

	(void)state;
	assert_string_equal(path_of(NULL), "system.slice/runlet-web.scope");
	assert_string_equal(plan.unit->name, "runlet-web.scope");
	assert_string_equal(plan.unit->slice, "system.slice");
	assert_false(plan.unit->is_user);
	assert_string_equal(path_of(""), "system.slice/runlet-web.scope");
	assert_string_equal(path_of("a-b.slice:p:n"), "a.slice/a-b.slice/p-n.scope");
	assert_string_equal(path_of(":p:n"), "system.slice/p-n.scope");
	assert_string_equal(path_of("a.slice::n"), "a.slice/n.scope");
	assert_string_equal(path_of("-.slice:p:n"), "p-n.scope");
	options.id = "a+b";
	assert_string_equal(path_of(NULL), "system.slice/runlet-a\\x2bb.scope");
	assert_path_refused("/pod/x", "expected cgroupsPath to be of format \"slice:prefix:name\"");
	assert_path_refused("a.slice:b", "expected cgroupsPath to be of format");
	assert_path_refused("a.slice:b:c:d", "expected cgroupsPath to be of format");
	assert_path_refused("a.slice:p:", "no name");
	assert_path_refused("a.slice:p:x.slice", "names a slice");
	assert_path_refused("a.slice:p:../x", "does not allow '/'");
	assert_path_refused("../a.slice:p:n", "no name of a slice");
	assert_path_refused("a.slice:p p:n", "does not allow ' '");
	assert_path_refused("a.slice:p:n@1", "does not allow '@'");
	memset(long_path + strlen(long_path), 'x', 300);
	assert_path_refused(long_path, "bytes; want");
}

static void test_user(void **state)
{
	(void)state;
	host.is_systemd_user = true;
	host.euid = host.owner_uid = 7;
	assert_string_equal(path_of(NULL), "user.slice/user-7.slice/user@7.service/user.slice/runlet-web.scope");
	assert_true(plan.unit->is_user);
	/* In whose part of the tree runlet runs need not be told by systemd's names. */
	host.owner_uid = 8;
	assert_string_equal(path_of("a.slice:p:n"), "user.slice/user-8.slice/user@8.service/a.slice/p-n.scope");
	rows_v2[0].own_path = "/lxc/user.slice/user-8.slice/user@8.service";
	assert_string_equal(path_of("a.slice:p:n"), "lxc/user.slice/user-8.slice/user@8.service/a.slice/p-n.scope");
}

/* --- values from text --- */

static const char *parsed(const char *name, const char *text)
{
	struct plan_unit_property property;
	struct buf value = BUF_INIT;
	const char *result;

	if (plan_systemd_parse(&arena, name, text, &property, &err) < 0)
		fail_msg("%s: %s", text, err.text);
	plan_systemd_print_value(&property, &value);
	result = arena_printf(&arena, "%s %s %s", property.name, property.type, buf_str(&value));
	buf_free(&value);
	return result;
}

static void test_values(void **state)
{
	static const struct { const char *text, *value; } good[] = {
		{ "'abc'", "Key s abc" },
		{ " \"a'b\" ", "Key s a'b" },
		{ "'a\\'b\\n\\u00e9\\U0001f600\\\\'", "Key s a'b\n\xc3\xa9\xf0\x9f\x98\x80\\" },
		{ "''", "Key s " },
		{ "true", "Key b true" },
		{ "boolean false", "Key b false" },
		{ "5", "Key i 5" },
		{ "-5", "Key i -5" },
		{ "-2147483648", "Key i -2147483648" },
		{ "uint64 18446744073709551615", "Key t 18446744073709551615" },
		{ "@t 7", "Key t 7" },
		{ "int64 -9223372036854775808", "Key x -9223372036854775808" },
		{ "byte 255", "Key y 255" },
		{ "int16 -3", "Key n -3" },
		{ "uint16 65535", "Key q 65535" },
		{ "uint32\t1", "Key u 1" },
		{ "objectpath '/a/b'", "Key o /a/b" },
		{ "['a', 'b']", "Key as [a b]" },
		{ "@as []", "Key as []" },
		{ "@a(ss) []", "Key a(ss) []" },
		{ "[uint32 1, 2,3 ]", "Key au [1 2 3]" },
		{ "[('/dev/null', 'rw'), ('/dev/zero', 'r')]", "Key a(ss) [/dev/null rw, /dev/zero r]" },
		{ "[('/dev/sda', uint64 5)]", "Key a(st) [/dev/sda 5]" },
		{ "@a(st) [('/dev/sda', 5), ('/x', 18446744073709551615)]",
		  "Key a(st) [/dev/sda 5, /x 18446744073709551615]" },
		{ "[('a',)]", "Key a(s) [a]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_string_equal(parsed("Key", good[i].text), good[i].value);
	assert_string_equal(parsed("TimeoutStopSec", "5"), "TimeoutStopUSec t 5000000");
	assert_string_equal(parsed("TimeoutStopSec", "uint64 5"), "TimeoutStopUSec t 5000000");
	assert_string_equal(parsed("TimeoutStopSec", "1.25"), "TimeoutStopUSec t 1250000");
	assert_string_equal(parsed("TimeoutStopSec", "0.0000019"), "TimeoutStopUSec t 1");
	/* Not a number of seconds: the name has to go on before "Sec". */
	assert_string_equal(parsed("CPUQuotaPerSecUSec", "uint64 5"), "CPUQuotaPerSecUSec t 5");
}

static void assert_value_refused(const char *name, const char *text)
{
	struct plan_unit_property property;

	if (plan_systemd_parse(&arena, name, text, &property, &err) == 0)
		fail_msg("%s was taken for %s", text, name);
	assert_int_equal(err.kind, ERR_CONFIG);
}

static void test_bad_values(void **state)
{
	static const char *const bad[] = {
		"", " ", "abc", "'abc", "'a\\", "'a' 'b'", "'a\\u12'", "'\\ud800'", "'\\u0000'", "5x", "0x10", "+5",
		"- 5", "--5", "2147483648", "-2147483649", "uint32 -1", "uint32 4294967296", "byte 256",
		"uint64 'a'", "string 5", "boolean 1", "uint64", "uint64 uint32 5", "@", "@z 5", "@t5", "@", "[",
		"[]", "]", "[1,]", "[1 2]", "[1,'a']", "[uint32 1, uint64 2]", "[1, (2,)]", "[(1,2),(1,)]",
		"[(1,2),(1,2,3)]", "[()]", "[(1]", "@as [1]", "@a [1]", "@a{sv} []", "@aas []", "@a( []", "@a() []",
		"1.5", "[1.5]", "1.", ".5", "1.5.5", "(1,2)", "{}", "[[1]]", "<5>", "b'abc'", "true5",
		"[(1,2,3,4,5,6,7,8,9)]", "1e5", "nothing", "@as",
	};
	static const char *const bad_names[] = { "", "ab", "a b", "A1b", "Key-x", "Key.x", "K\xc3\xa9y" };
	static const char *const bad_seconds[] = { "'5'", "-1", "true", "[5]", "uint64 18446744073709551615", "-1.5" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_value_refused("Key", bad[i]);
	for (size_t i = 0; i < sizeof(bad_names) / sizeof(bad_names[0]); i++)
		assert_value_refused(bad_names[i], "5");
	for (size_t i = 0; i < sizeof(bad_seconds) / sizeof(bad_seconds[0]); i++)
		assert_value_refused("TimeoutStopSec", bad_seconds[i]);
}

/* --- annotations --- */

static void test_annotations(void **state)
{
	static const char *const refused[] = { "PIDs", "Slice", "Delegate", "ab", "" };
	struct str_pair pair = { (char *)"org.systemd.property.Description", (char *)"'mine'" };

	(void)state;
	spec.annotations = (struct str_map){ &pair, 1 };
	path_of(NULL);
	assert_string_equal(plan.unit->properties.items[0].name, "Description");
	assert_string_equal(plan.unit->properties.items[0].values[0].text, "mine");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		pair.key = arena_printf(&arena, "org.systemd.property.%s", refused[i]);
		assert_int_equal(plan_cgroup_build(&arena, &spec, &host, &options, &plan, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_non_null(strstr(err.text, "annotations[\"org.systemd.property."));
	}
	pair = (struct str_pair){ (char *)"org.systemd.property.KillSignal", (char *)"9x" };
	assert_int_equal(plan_cgroup_build(&arena, &spec, &host, &options, &plan, &err), -1);
	assert_non_null(strstr(err.text, "want a decimal number"));
}

/* --- limits --- */

static const char *limits(size_t count, const char *const *pairs)
{
	struct plan_unit_properties properties = { NULL, 0 };
	struct plan_cgroup cgroup = { .writes = NULL };
	struct buf text = BUF_INIT;
	const char *result;

	for (size_t i = 0; i < count; i++) {
		cgroup.writes = arena_grow(&arena, cgroup.writes, i, sizeof(*cgroup.writes));
		cgroup.writes[cgroup.write_count++] =
			(struct plan_cgroup_write){ "x", pairs[2 * i], pairs[2 * i + 1], "o" };
	}
	plan_systemd_limits(&arena, &cgroup, &properties);
	for (size_t i = 0; i < properties.count; i++) {
		buf_printf(&text, "%s%s=", i == 0 ? "" : " ", properties.items[i].name);
		plan_systemd_print_value(&properties.items[i], &text);
	}
	result = arena_strdup(&arena, buf_str(&text));
	buf_free(&text);
	return result;
}

#define LIMITS(...) \
	limits(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *) / 2, (const char *const[]){ __VA_ARGS__ })

static void test_limits(void **state)
{
	(void)state;
	assert_string_equal(LIMITS("memory.max", "4096", "memory.low", "1"), "MemoryMax=4096 MemoryLow=1");
	assert_string_equal(LIMITS("memory.max", "max"), "MemoryMax=18446744073709551615");
	assert_string_equal(LIMITS("memory.max", "1", "memory.max", "2"), "MemoryMax=2");
	assert_string_equal(LIMITS("cpu.max", "50000 100000"), "CPUQuotaPerSecUSec=500000");
	/* Whole percents, up: a limit must not be tighter than what was asked for. */
	assert_string_equal(LIMITS("cpu.max", "12345 100000"), "CPUQuotaPerSecUSec=130000");
	assert_string_equal(LIMITS("cpu.max", "5000 10000"), "CPUQuotaPerSecUSec=500000 CPUQuotaPeriodUSec=10000");
	assert_string_equal(LIMITS("cpu.max", "max 100000"), "CPUQuotaPerSecUSec=18446744073709551615");
	assert_string_equal(LIMITS("cpu.cfs_period_us", "50000", "cpu.cfs_quota_us", "50000"),
			    "CPUQuotaPerSecUSec=1000000 CPUQuotaPeriodUSec=50000");
	assert_string_equal(LIMITS("cpu.cfs_quota_us", "-1"), "CPUQuotaPerSecUSec=18446744073709551615");
	assert_string_equal(LIMITS("cpuset.cpus", "0-3,8"), "AllowedCPUs=[15 1]");
	assert_string_equal(LIMITS("cpu.weight", "59", "cpu.idle", "1"), "CPUWeight=0");
	assert_string_equal(LIMITS("cpu.idle", "0"), "");
	assert_string_equal(LIMITS("pids.max", "max"), "TasksMax=18446744073709551615");
	/* What systemd would refuse, or has no property for, is the files' alone. */
	assert_string_equal(LIMITS("pids.max", "0", "cpu.shares", "1", "cpu.weight", "10001", "memory.max", "0"), "");
	assert_string_equal(LIMITS("io.weight", "8:0 100", "io.max", "8:0 rbps=1", "rdma.max", "x hca_handle=1"), "");
	assert_string_equal(LIMITS("memory.max", "4x", "cpu.max", "5x 10", "cpu.max", "5 0", "cpu.max", "5 10x"), "");
	assert_string_equal(LIMITS("cpuset.cpus", "a", "cpuset.cpus", "3-1", "cpuset.cpus", "1-"), "");
	assert_string_equal(LIMITS("cpuset.mems", "99999"), "");
}

static void test_devices(void **state)
{
	struct spec_device_rule rules[] = {
		{ true, 'a', { false, 0 }, { false, 0 }, (char *)"rwm" },
		{ false, 'c', { true, 1 }, { true, 3 }, (char *)"rwm" },
	};
	struct spec_resources resources = { .devices = { rules, 2 } };
	const struct plan_unit_properties *properties;

	(void)state;
	linux_object.resources = &resources;
	path_of(NULL);
	properties = &plan.unit->properties;
	assert_string_equal(properties->items[properties->count - 2].values[0].text, "auto");
	assert_int_equal(properties->items[properties->count - 1].value_count, 0);
	rules[0].allow = false;
	rules[1] = (struct spec_device_rule){ true, 'b', { false, 0 }, { true, 3 }, (char *)"r" };
	path_of(NULL);
	properties = &plan.unit->properties;
	assert_string_equal(properties->items[properties->count - 2].values[0].text, "strict");
	/* systemd can't say "all with this minor": more is allowed there, and less by the program. */
	assert_string_equal(properties->items[properties->count - 1].values[0].text, "block-*");
	assert_string_equal(properties->items[properties->count - 1].values[1].text, "r");
	host.euid = 1000;
	path_of(NULL);
	properties = &plan.unit->properties;
	assert_string_equal(properties->items[properties->count - 1].name, "TasksAccounting");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_slices), TEST(test_units),       TEST(test_user),   TEST(test_values),
		TEST(test_bad_values), TEST(test_annotations), TEST(test_limits), TEST(test_devices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
