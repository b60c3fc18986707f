/*
 * test_cgroup_plan.c - cgroup paths and writes that plan_cgroup_build() gives for made-up hosts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "plan/cgroup_build.h"
#include "plan/systemd.h"

static struct arena arena;

static struct host_hierarchy rows_v1[] = {
	{ 1, "cpu,cpuacct", "cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", "/", "/" },
	{ 1, "cpuset", "cpuset", "/sys/fs/cgroup/cpuset", "/", "/" },
	{ 1, "memory", "memory", "/sys/fs/cgroup/memory", "/", "/" },
	{ 1, "pids", "pids", "/sys/fs/cgroup/pids", "/", "/" },
	{ 1, "devices", "devices", "/sys/fs/cgroup/devices", "/", "/" },
	{ 1, "blkio", "blkio", "/sys/fs/cgroup/blkio", "/", "/" },
	{ 2, "", "hugetlb", "/sys/fs/cgroup/unified", "/", "/" },
};
static struct host_hierarchy rows_v2[] = {
	{ 2, "", "cpuset cpu io memory pids", "/sys/fs/cgroup", "/", "/user.slice/u.scope/x" },
};

static struct host host_v1 = { HOST_ALL, .last_cap = 40, .cgroup_mode = HOST_CGROUP_HYBRID, .hierarchies = rows_v1,
			       .hierarchy_count = 7 };
static struct host host_v2 = { HOST_ALL, .last_cap = 40, .cgroup_mode = HOST_CGROUP_V2, .hierarchies = rows_v2,
			       .hierarchy_count = 1 };
static struct host host_none = { HOST_ALL, .last_cap = 40 };

/* What one test asks for. */
static struct spec_memory memory;
static struct spec_cpu cpu;
static struct spec_pids pids;
static struct spec_block_io block_io;
static struct spec_resources resources;
static struct spec_linux linux_object;
static struct spec spec;
static struct plan_options options;
static struct plan_cgroup plan;
static struct err err;

static int set_up(void **state)
{
	(void)state;
	memset(&memory, 0, sizeof(memory));
	memset(&cpu, 0, sizeof(cpu));
	memset(&pids, 0, sizeof(pids));
	memset(&block_io, 0, sizeof(block_io));
	resources = (struct spec_resources){ .memory = &memory, .cpu = &cpu, .pids = &pids, .block_io = &block_io };
	linux_object = (struct spec_linux){ .resources = &resources };
	spec = (struct spec){ .linux = &linux_object };
	options = (struct plan_options){ .id = "web", .bundle = "/b" };
	err = (struct err)ERR_INIT;
	host_v2.euid = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The writes but those for devices: "file=text file=text". */
static const char *writes(const struct host *host)
{
	_cleanup_buf_ struct buf text = BUF_INIT;

	if (plan_cgroup_build(&arena, &spec, host, &options, &plan, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < plan.write_count; i++)
		if (strcmp(plan.writes[i].controller, "devices") != 0)
			buf_printf(&text, "%s%s=%s", text.length > 0 ? " " : "", plan.writes[i].file,
				   plan.writes[i].text);
	return arena_strdup(&arena, buf_str(&text));
}

static void assert_refused(const struct host *host, uint32_t kind, const char *text)
{
	assert_int_equal(plan_cgroup_build(&arena, &spec, host, &options, &plan, &err), -1);
	if (strncmp(err.text, text, strlen(text)) != 0)
		fail_msg("\"%s\" doesn't start with \"%s\"", err.text, text);
	assert_int_equal(err.kind, kind);
}

static const char *path_of(const struct host *host, const char *given)
{
	linux_object.cgroups_path = (char *)given;
	if (plan_cgroup_build(&arena, &spec, host, &options, &plan, &err) < 0)
		fail_msg("%s", err.text);
	return plan.path;
}

/* The same for a container that is there already. */
static const char *update_writes(const struct host *host)
{
	_cleanup_buf_ struct buf text = BUF_INIT;

	if (plan_cgroup_build_update(&arena, &resources, host, CGROUP_CGROUPFS, &plan, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < plan.write_count; i++)
		buf_printf(&text, "%s%s=%s", text.length > 0 ? " " : "", plan.writes[i].file, plan.writes[i].text);
	return arena_strdup(&arena, buf_str(&text));
}

static void test_update(void **state)
{
	static struct spec_device_rule rule = { .allow = true, .type = 'c', .major = { true, 1 },
						.minor = { true, 1 } };

	(void)state;
	assert_string_equal(update_writes(&host_v1), "");
	assert_false(plan.replaces_devices);
	assert_string_equal(update_writes(&host_v2), "");
	assert_null(plan.device_program);
	assert_false(plan.replaces_devices);
	/* "false" is what every container starts with, but not what an update finds. */
	memory = (struct spec_memory){ .disable_oom_killer = { true, false }, .limit = { true, 5 } };
	assert_string_equal(update_writes(&host_v1), "memory.limit_in_bytes=5 memory.oom_control=0");
	assert_string_equal(update_writes(&host_v2), "memory.max=5");
	assert_string_equal(writes(&host_v1), "memory.limit_in_bytes=5");
	memory = (struct spec_memory){ .limit = { false, 0 } };
	resources.devices = (struct spec_device_rule_list){ &rule, 1 };
	update_writes(&host_v2);
	assert_non_null(plan.device_program);
	assert_true(plan.replaces_devices);
	update_writes(&host_v1);
	assert_false(plan.replaces_devices);
	assert_string_equal(plan.writes[0].file, "devices.deny");
	assert_string_equal(plan.writes[0].text, "a");
	rule = (struct spec_device_rule){ .allow = true, .type = 'a' };
	update_writes(&host_v2);
	assert_null(plan.device_program);
	assert_true(plan.replaces_devices);
}

/* The same for a container in a scope of systemd's. */
static void test_update_unit(void **state)
{
	static struct spec_device_rule rule = { .allow = true, .type = 'c', .major = { true, 1 },
						.minor = { true, 1 } };
	const struct plan_unit_property *property;

	(void)state;
	pids.limit = (struct opt_i64){ true, 7 };
	resources.devices = (struct spec_device_rule_list){ &rule, 1 };
	assert_int_equal(plan_cgroup_build_update(&arena, &resources, &host_v2, CGROUP_SYSTEMD, &plan, &err), 0);
	assert_int_equal(plan.unit->properties.count, 1);
	assert_string_equal(plan.unit->properties.items[0].name, "TasksMax");
	assert_int_equal(plan.unit->properties.items[0].values[0].number, 7);
	/* The list is emptied first. */
	assert_int_equal(plan.unit->device_properties.count, 3);
	property = plan.unit->device_properties.items;
	assert_string_equal(property[0].name, "DevicePolicy");
	assert_string_equal(property[1].name, "DeviceAllow");
	assert_int_equal(property[1].value_count, 0);
	assert_string_equal(property[2].name, "DeviceAllow");
	assert_string_equal(property[2].values[0].text, "/dev/char/1:1");
	/* No rules: those that are there stay. */
	resources.devices.count = 0;
	assert_int_equal(plan_cgroup_build_update(&arena, &resources, &host_v2, CGROUP_SYSTEMD, &plan, &err), 0);
	assert_int_equal(plan.unit->device_properties.count, 0);
}

static void test_path(void **state)
{
	(void)state;
	assert_string_equal(path_of(&host_v1, NULL), "web");
	assert_string_equal(path_of(&host_v1, ""), "web");
	assert_string_equal(path_of(&host_v1, "/docker/abc"), "docker/abc");
	assert_string_equal(path_of(&host_v1, "pod/abc"), "pod/abc");
	assert_string_equal(path_of(&host_v1, "//a//b/./c/"), "a/b/c");
	assert_string_equal(path_of(&host_v1, "/a..b/..c"), "a..b/..c");
	assert_string_equal(path_of(&host_v1, "/a:b:c"), "a:b:c");
	/* A user without privileges gets a sibling of runlet's own cgroup; an absolute path stays what it is. */
	host_v2.euid = 1000;
	assert_string_equal(path_of(&host_v2, NULL), "user.slice/u.scope/web");
	assert_string_equal(path_of(&host_v2, "x/y"), "user.slice/u.scope/x/y");
	assert_string_equal(path_of(&host_v2, "/x/y"), "x/y");
}

static void test_path_refused(void **state)
{
	static const char *const paths[] = { "..", "/../x", "a/../b", "a/..", "/", "//", "./.", "a\nb" };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		linux_object.cgroups_path = (char *)paths[i];
		assert_refused(&host_v1, ERR_CONFIG, "linux.cgroupsPath: ");
	}
	linux_object.cgroups_path = memset(arena_alloc(&arena, 301), 'x', 300);
	assert_refused(&host_v1, ERR_CONFIG, "linux.cgroupsPath: a name of 300 bytes");
	linux_object.cgroups_path = (char *)"system.slice:docker:abc";
	assert_refused(&host_v1, ERR_CONFIG,
		       "linux.cgroupsPath: \"system.slice:docker:abc\" is the form of the systemd");
}

static void test_nothing_asked_for(void **state)
{
	(void)state;
	assert_string_equal(writes(&host_v1), "");
	assert_false(plan.has_limits);
	assert_string_equal(writes(&host_v2), "");
	/* Zeros mean the same for everything but pids. */
	memory = (struct spec_memory){ .limit = { true, 0 }, .swap = { true, 0 }, .reservation = { true, 0 },
				       .swappiness = { true, UINT64_MAX }, .disable_oom_killer = { true, false },
				       .use_hierarchy = { true, true }, .kernel = { true, 0 } };
	cpu = (struct spec_cpu){ .shares = { true, 0 }, .quota = { true, 0 }, .period = { true, 0 }, .cpus = (char *)"",
				 .mems = (char *)"", .realtime_runtime = { true, 0 }, .realtime_period = { true, 0 } };
	assert_string_equal(writes(&host_v1), "");
	assert_string_equal(writes(&host_v2), "");
	assert_false(plan.has_limits);
	assert_int_equal(plan.warning_count, 0);
}

static void test_memory(void **state)
{
	(void)state;
	memory = (struct spec_memory){ .limit = { true, 1000 }, .swap = { true, 3000 }, .reservation = { true, 500 } };
	assert_string_equal(writes(&host_v1), "memory.limit_in_bytes=1000 memory.memsw.limit_in_bytes=3000 "
			    "memory.soft_limit_in_bytes=500");
	assert_true(plan.has_limits);
	assert_string_equal(plan.writes[0].origin, "linux.resources.memory.limit");
	assert_string_equal(writes(&host_v2), "memory.max=1000 memory.swap.max=2000 memory.low=500");
	memory = (struct spec_memory){ .limit = { true, 1000 }, .swap = { true, 1000 } };
	assert_string_equal(writes(&host_v2), "memory.max=1000 memory.swap.max=0");
	memory = (struct spec_memory){ .limit = { true, 1000 }, .swap = { true, -1 } };
	assert_string_equal(writes(&host_v1), "memory.limit_in_bytes=1000 memory.memsw.limit_in_bytes=-1");
	assert_string_equal(writes(&host_v2), "memory.max=1000 memory.swap.max=max");
	memory = (struct spec_memory){ .limit = { true, -1 } };
	assert_string_equal(writes(&host_v2), "memory.max=max memory.swap.max=max");
	assert_int_equal(plan.writes[1].need, WRITE_OPTIONAL);
	memory = (struct spec_memory){ .swappiness = { true, 0 }, .disable_oom_killer = { true, true } };
	assert_string_equal(writes(&host_v1), "memory.swappiness=0 memory.oom_control=1");
	memory = (struct spec_memory){ .kernel = { true, 5 }, .kernel_tcp = { true, 5 } };
	assert_string_equal(writes(&host_v1), "");
	assert_int_equal(plan.warning_count, 2);
}

static void test_memory_refused(void **state)
{
	(void)state;
	memory = (struct spec_memory){ .limit = { true, 1000 }, .swap = { true, 999 } };
	assert_refused(&host_v1, ERR_CONFIG, "linux.resources.memory.swap: ");
	assert_refused(&host_v2, ERR_CONFIG, "linux.resources.memory.swap: ");
	memory = (struct spec_memory){ .swap = { true, 999 } };
	assert_refused(&host_v2, ERR_CONFIG, "linux.resources.memory.swap: needs");
	memory = (struct spec_memory){ .limit = { true, -2 } };
	assert_refused(&host_v1, ERR_CONFIG, "linux.resources.memory.limit: ");
	memory = (struct spec_memory){ .swappiness = { true, 101 } };
	assert_refused(&host_v1, ERR_CONFIG, "linux.resources.memory.swappiness: ");
	memory.swappiness.value = 60;
	assert_refused(&host_v2, ERR_UNSUPPORTED, "linux.resources.memory.swappiness: cgroup v2");
	memory = (struct spec_memory){ .disable_oom_killer = { true, true } };
	assert_refused(&host_v2, ERR_UNSUPPORTED, "linux.resources.memory.disableOOMKiller: cgroup v2");
	memory = (struct spec_memory){ .use_hierarchy = { true, false } };
	assert_refused(&host_v1, ERR_UNSUPPORTED, "linux.resources.memory.useHierarchy: ");
}

static void test_cpu(void **state)
{
	(void)state;
	cpu = (struct spec_cpu){ .shares = { true, 1024 },
				 .quota = { true, 50000 },
				 .period = { true, 100000 },
				 .burst = { true, 1000 },
				 .idle = { true, 1 },
				 .cpus = (char *)"0-1",
				 .mems = (char *)"0" };
	assert_string_equal(writes(&host_v1), "cpu.shares=1024 cpu.cfs_period_us=100000 cpu.cfs_quota_us=50000 "
			    "cpu.cfs_burst_us=1000 cpu.idle=1 cpuset.cpus=0-1 cpuset.mems=0");
	assert_string_equal(writes(&host_v2), "cpu.weight=100 cpu.max=50000 100000 cpu.max.burst=1000 cpu.idle=1 "
			    "cpuset.cpus=0-1 cpuset.mems=0");
	cpu = (struct spec_cpu){ .quota = { true, -1 } };
	assert_string_equal(writes(&host_v1), "cpu.cfs_quota_us=-1");
	assert_string_equal(writes(&host_v2), "cpu.max=max 100000");
	cpu = (struct spec_cpu){ .period = { true, 20000 } };
	assert_string_equal(writes(&host_v2), "cpu.max=max 20000");
	cpu = (struct spec_cpu){ .realtime_runtime = { true, 9 }, .realtime_period = { true, 10 } };
	assert_string_equal(writes(&host_v1), "cpu.rt_period_us=10 cpu.rt_runtime_us=9");
	assert_refused(&host_v2, ERR_UNSUPPORTED, "linux.resources.cpu.realtimePeriod: cgroup v2");
	cpu = (struct spec_cpu){ .idle = { true, 2 } };
	assert_refused(&host_v2, ERR_CONFIG, "linux.resources.cpu.idle: ");
}

static void test_shares_refused(void **state)
{
	(void)state;
	cpu = (struct spec_cpu){ .shares = { true, 1 } };
	assert_refused(&host_v1, ERR_CONFIG, "linux.resources.cpu.shares: want 2 to 262144");
	assert_string_equal(writes(&host_v2), "cpu.weight=1");
	cpu.shares.value = 262145;
	assert_refused(&host_v1, ERR_CONFIG, "linux.resources.cpu.shares: want 2 to 262144");
	assert_string_equal(writes(&host_v2), "cpu.weight=10000");
}

static void test_pids(void **state)
{
	(void)state;
	pids.limit = (struct opt_i64){ true, 7 };
	assert_string_equal(writes(&host_v1), "pids.max=7");
	pids.limit.value = -1;
	assert_string_equal(writes(&host_v2), "pids.max=max");
	pids.limit.value = 0;
	assert_string_equal(writes(&host_v1), "pids.max=0");
	assert_string_equal(writes(&host_v2), "pids.max=1");
}

static void test_block_io_weight(void **state)
{
	struct spec_weight_device device = { 8, 16, { true, 1000 }, { false, 0 } };

	(void)state;
	block_io = (struct spec_block_io){ .weight = { true, 0 }, .leaf_weight = { true, 0 } };
	assert_string_equal(writes(&host_v1), "");
	block_io = (struct spec_block_io){ .weight = { true, 10 }, .weight_device = { &device, 1 } };
	assert_string_equal(writes(&host_v1), "blkio.bfq.weight=10 blkio.weight=10 "
			    "blkio.bfq.weight_device=8:16 1000 blkio.weight_device=8:16 1000");
	assert_int_equal(plan.writes[0].need, WRITE_IF_THERE);
	assert_int_equal(plan.writes[1].need, WRITE_ELSE);
	assert_string_equal(plan.writes[2].origin, "linux.resources.blockIO.weightDevice[0].weight");
	assert_true(plan.has_limits);
	assert_string_equal(writes(&host_v2), "io.bfq.weight=10 io.weight=1 "
			    "io.bfq.weight=8:16 1000 io.weight=8:16 10000");
	device.weight = (struct opt_u32){ false, 0 };
	device.leaf_weight = (struct opt_u32){ true, 500 };
	block_io = (struct spec_block_io){ .leaf_weight = { true, 100 }, .weight_device = { &device, 1 } };
	assert_string_equal(writes(&host_v1), "blkio.leaf_weight=100 blkio.leaf_weight_device=8:16 500");
	assert_refused(&host_v2, ERR_UNSUPPORTED, "linux.resources.blockIO.leafWeight: cgroup v2");
	block_io.leaf_weight.is_set = false;
	assert_refused(&host_v2, ERR_UNSUPPORTED, "linux.resources.blockIO.weightDevice[0].leafWeight: cgroup v2");
	block_io = (struct spec_block_io){ .weight = { true, 9 } };
	assert_refused(&host_v1, ERR_CONFIG, "linux.resources.blockIO.weight: want 10 to 1000");
	block_io.weight.value = 1001;
	assert_refused(&host_v2, ERR_CONFIG, "linux.resources.blockIO.weight: want 10 to 1000");
}

static void test_block_io_throttle(void **state)
{
	struct spec_throttle_device devices[] = { { 8, 0, 1048576 }, { 8, 16, 0 }, { 8, 32, UINT64_MAX } };

	(void)state;
	block_io.throttle_read_bps = (struct spec_throttle_device_list){ devices, 2 };
	block_io.throttle_write_iops = (struct spec_throttle_device_list){ devices + 2, 1 };
	assert_string_equal(writes(&host_v1), "blkio.throttle.read_bps_device=8:0 1048576 "
			    "blkio.throttle.read_bps_device=8:16 0 "
			    "blkio.throttle.write_iops_device=8:32 4294967295");
	assert_string_equal(plan.writes[1].origin, "linux.resources.blockIO.throttleReadBpsDevice[1]");
	assert_string_equal(writes(&host_v2),
			    "io.max=8:0 rbps=1048576 io.max=8:16 rbps=max io.max=8:32 wiops=4294967295");
	block_io = (struct spec_block_io){ .throttle_write_bps = { devices, 1 }, .throttle_read_iops = { devices, 1 } };
	assert_string_equal(writes(&host_v2), "io.max=8:0 wbps=1048576 io.max=8:0 riops=1048576");
	assert_string_equal(writes(&host_v1), "blkio.throttle.write_bps_device=8:0 1048576 "
			    "blkio.throttle.read_iops_device=8:0 1048576");
	host_v1.hierarchy_count = 5;
	assert_refused(&host_v1, ERR_UNSUPPORTED,
		       "linux.resources.blockIO.throttleWriteBpsDevice[0]: this host has no blkio");
	host_v1.hierarchy_count = 7;
}

static void test_hugepages(void **state)
{
	struct spec_hugepage_limit limits[] = { { (char *)"2MB", 4194304 }, { (char *)"1GB", 0 } };

	(void)state;
	resources.hugepage_limits = (struct spec_hugepage_limit_list){ limits, 2 };
	assert_string_equal(writes(&host_v1), "hugetlb.2MB.rsvd.max=4194304 hugetlb.2MB.max=4194304 "
			    "hugetlb.1GB.rsvd.max=0 hugetlb.1GB.max=0");
	assert_int_equal(plan.writes[0].need, WRITE_IF_THERE);
	assert_int_equal(plan.writes[1].need, WRITE_REQUIRED);
	assert_true(plan.has_limits);
	rows_v1[0].controllers = "hugetlb";
	assert_string_equal(writes(&host_v1),
			    "hugetlb.2MB.rsvd.limit_in_bytes=4194304 hugetlb.2MB.limit_in_bytes=4194304 "
			    "hugetlb.1GB.rsvd.limit_in_bytes=0 hugetlb.1GB.limit_in_bytes=0");
	rows_v1[0].controllers = "cpu,cpuacct";
	assert_refused(&host_v2, ERR_UNSUPPORTED, "linux.resources.hugepageLimits[0]: this host has no hugetlb");
	limits[0].limit = 0;
	assert_string_equal(writes(&host_v2), "");
	assert_false(plan.has_limits);
	assert_int_equal(plan.warning_count, 2);
	assert_non_null(strstr(plan.warnings[1], "linux.resources.hugepageLimits[1] of 0 is ignored"));
}

static void test_hugepages_refused(void **state)
{
	static const char *const sizes[] = { "2", "MB", "02MB", "2mb", "2TB", "2MBs", "2M", "-2MB", "../2MB", "2MB/x" };
	struct spec_hugepage_limit limit = { NULL, 0 };

	(void)state;
	resources.hugepage_limits = (struct spec_hugepage_limit_list){ &limit, 1 };
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		limit.page_size = (char *)sizes[i];
		assert_refused(&host_v1, ERR_CONFIG, "linux.resources.hugepageLimits[0].pageSize: want a size");
	}
}

static void test_network(void **state)
{
	struct spec_net_priority priorities[] = { { (char *)"lo", 0 }, { (char *)"eth0", 4294967295u } };
	struct spec_net_class network = { { true, 1048577 }, { priorities, 2 } };

	(void)state;
	resources.network = &network;
	assert_refused(&host_v1, ERR_UNSUPPORTED, "linux.resources.network.classID: this host has no net_cls");
	network.class_id.value = 0;
	assert_refused(&host_v2, ERR_UNSUPPORTED, "linux.resources.network.priorities[0]: this host has no net_prio");
	network.class_id.value = 1048577;
	rows_v1[0].controllers = "net_cls,net_prio";
	assert_string_equal(writes(&host_v1), "net_cls.classid=1048577 net_prio.ifpriomap=lo 0 "
			    "net_prio.ifpriomap=eth0 4294967295");
	priorities[1].name = (char *)"eth0 1";
	assert_refused(&host_v1, ERR_CONFIG, "linux.resources.network.priorities[1].name: ");
	rows_v1[0].controllers = "cpu,cpuacct";
}

static void test_rdma(void **state)
{
	struct spec_rdma devices[] = { { (char *)"mlx5_1", { true, 3 }, { true, 10000 } },
				       { (char *)"rxe3", { false, 0 }, { true, 0 } } };

	(void)state;
	resources.rdma = (struct spec_rdma_list){ devices, 2 };
	assert_refused(&host_v1, ERR_UNSUPPORTED, "linux.resources.rdma.mlx5_1: this host has no rdma");
	rows_v2[0].available = "memory rdma";
	assert_string_equal(writes(&host_v2), "rdma.max=mlx5_1 hca_handle=3 hca_object=10000 "
			    "rdma.max=rxe3 hca_object=0");
	rows_v1[0].controllers = "rdma";
	devices[0].hca_objects.is_set = false;
	resources.rdma.count = 1;
	assert_string_equal(writes(&host_v1), "rdma.max=mlx5_1 hca_handle=3");
	devices[0].hca_handles.is_set = false;
	assert_refused(&host_v1, ERR_CONFIG, "linux.resources.rdma.mlx5_1: needs hcaHandles or hcaObjects");
	devices[0].device = (char *)"a b";
	assert_refused(&host_v1, ERR_CONFIG, "linux.resources.rdma[\"a b\"]: no name of a device");
	rows_v2[0].available = "cpuset cpu io memory pids";
	rows_v1[0].controllers = "cpu,cpuacct";
}

static void test_unified(void **state)
{
	struct str_pair files[] = { { (char *)"memory.high", (char *)"1000" },
				    { (char *)"io.max", (char *)"8:0 rbps=1\n8:16 wbps=2\n" } };

	(void)state;
	resources.unified = (struct str_map){ files, 2 };
	pids.limit = (struct opt_i64){ true, 7 };
	assert_string_equal(writes(&host_v2), "pids.max=7 memory.high=1000 io.max=8:0 rbps=1 io.max=8:16 wbps=2");
	assert_string_equal(plan.writes[1].controller, "memory");
	assert_string_equal(plan.writes[1].origin, "linux.resources.unified[\"memory.high\"]");
	assert_true(plan.has_limits);
	/* Hybrid: what is v1's is refused, what lives in the v2 tree is written. */
	assert_refused(&host_v1, ERR_UNSUPPORTED,
		       "linux.resources.unified[\"memory.high\"]: this host has no memory controller in cgroup v2");
	files[0] = (struct str_pair){ (char *)"hugetlb.2MB.max", (char *)"0" };
	resources.unified.count = 1;
	assert_string_equal(writes(&host_v1), "pids.max=7 hugetlb.2MB.max=0");
}

static void test_unified_refused(void **state)
{
	static const char *const names[] = { "memory", ".", "..", ".high", "memory.", "../memory.high", "a/memory.high",
					     "memory.high\n", "memory .high", "cgroup.procs", "cgroup.max.depth" };
	struct str_pair file = { NULL, (char *)"1" };

	(void)state;
	resources.unified = (struct str_map){ &file, 1 };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		file.key = (char *)names[i];
		assert_refused(&host_v2, ERR_CONFIG, "linux.resources.unified");
	}
	file = (struct str_pair){ (char *)"memory.high", (char *)"\n" };
	assert_refused(&host_v2, ERR_CONFIG, "linux.resources.unified[\"memory.high\"]: want a value");
}

static void test_annotations(void **state)
{
	struct str_pair given[] = { { (char *)"runlet.oom.group", (char *)"true" },
				    { (char *)"runlet.memory.high", (char *)"67108864" },
				    { (char *)"runlet.other", (char *)"x" } };

	(void)state;
	spec.annotations = (struct str_map){ given, 3 };
	assert_string_equal(writes(&host_v2), "memory.high=67108864 memory.oom.group=1");
	assert_string_equal(plan.writes[0].origin, "annotations[\"runlet.memory.high\"]");
	linux_object.resources = NULL;
	given[0].value = (char *)"false";
	given[1].value = (char *)"max";
	assert_string_equal(writes(&host_v2), "memory.high=max memory.oom.group=0");
	assert_refused(&host_v1, ERR_UNSUPPORTED, "annotations[\"runlet.memory.high\"]: this host has no memory");
	given[1].value = (char *)"64M";
	assert_refused(&host_v2, ERR_CONFIG, "annotations[\"runlet.memory.high\"]: want a number of bytes, or max");
	spec.annotations.count = 1;
	given[0].value = (char *)"1";
	assert_refused(&host_v2, ERR_CONFIG, "annotations[\"runlet.oom.group\"]: want true or false");
	assert_string_equal(plan_cgroup_annotation(0), "runlet.memory.high");
	assert_null(plan_cgroup_annotation(2));
}

/* The same curve by libm, over all that v1 takes. */
static void test_weight(void **state)
{
	(void)state;
	assert_int_equal(plan_cgroup_weight_from_shares(0), 0);
	assert_int_equal(plan_cgroup_weight_from_shares(1), 1);
	assert_int_equal(plan_cgroup_weight_from_shares(2), 1);
	assert_int_equal(plan_cgroup_weight_from_shares(1024), 100);
	assert_int_equal(plan_cgroup_weight_from_shares(262144), 10000);
	assert_int_equal(plan_cgroup_weight_from_shares(UINT64_MAX), 10000);
	for (uint64_t shares = 3; shares < 262144; shares++) {
		double l = log2((double)shares);
		double weight = ceil(pow(10, (l * l + 125 * l) / 612.0 - 7.0 / 34.0));

		if (plan_cgroup_weight_from_shares(shares) != (uint64_t)weight)
			fail_msg("%llu: %llu, not %f", (unsigned long long)shares,
				 (unsigned long long)plan_cgroup_weight_from_shares(shares), weight);
	}
}

static void test_missing_controller(void **state)
{
	(void)state;
	host_v1.hierarchy_count = 2;
	pids.limit = (struct opt_i64){ true, 7 };
	assert_refused(&host_v1, ERR_UNSUPPORTED,
		       "linux.resources.pids.limit: this host has no pids cgroup controller");
	host_v1.hierarchy_count = 7;
	assert_refused(&host_none, ERR_UNSUPPORTED, "no cgroup hierarchy is mounted");
}

static void test_managers(void **state)
{
	(void)state;
	options.cgroup_manager = CGROUP_SYSTEMD;
	assert_refused(&host_v1, ERR_UNSUPPORTED, "the systemd cgroup manager needs systemd");
	options.cgroup_manager = CGROUP_DISABLED;
	assert_string_equal(writes(&host_v1), "");
	assert_null(plan.path);
	assert_int_equal(plan.write_count, 0);
	pids.limit = (struct opt_i64){ true, 7 };
	assert_refused(&host_v1, ERR_UNSUPPORTED, "linux.resources.pids.limit: needs cgroups");
}

static void test_devices(void **state)
{
	struct spec_device_rule rule = { true, 'c', { true, 10 }, { true, 229 }, (char *)"rw" };

	(void)state;
	resources.devices = (struct spec_device_rule_list){ &rule, 1 };
	writes(&host_v1);
	assert_null(plan.device_program);
	assert_string_equal(plan.writes[0].file, "devices.deny");
	assert_string_equal(plan.writes[0].text, "a");
	assert_string_equal(plan.writes[1].file, "devices.allow");
	assert_string_equal(plan.writes[1].text, "c 10:229 rw");
	assert_string_equal(plan.writes[1].origin, "linux.resources.devices[0]");
	assert_int_equal(plan.writes[1].need, WRITE_REQUIRED);
	assert_string_equal(plan.writes[2].text, "c *:* m");
	assert_int_equal(plan.writes[2].need, WRITE_OPTIONAL);
	assert_false(plan.has_limits);
	writes(&host_v2);
	assert_non_null(plan.device_program);
	assert_int_equal(plan.write_count, 0);
	/* Everything for everybody, as privileged containers ask: no program at all. */
	rule = (struct spec_device_rule){ true, 'a', { false, 0 }, { false, 0 }, (char *)"rwm" };
	writes(&host_v2);
	assert_null(plan.device_program);
	writes(&host_v1);
	assert_int_equal(plan.write_count, 1);
	assert_string_equal(plan.writes[0].file, "devices.allow");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_path),     TEST(test_path_refused),	TEST(test_nothing_asked_for),
		TEST(test_memory),   TEST(test_memory_refused), TEST(test_cpu),
		TEST(test_pids),     TEST(test_weight),		TEST(test_missing_controller),
		TEST(test_managers), TEST(test_devices),
		TEST(test_block_io_weight), TEST(test_block_io_throttle),
		TEST(test_hugepages), TEST(test_hugepages_refused), TEST(test_network), TEST(test_rdma),
		TEST(test_unified), TEST(test_unified_refused), TEST(test_annotations),
		TEST(test_update), TEST(test_update_unit), TEST(test_shares_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
