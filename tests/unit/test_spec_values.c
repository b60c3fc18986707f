/*
 * test_spec_values.c - every key of config.json ends up in its own member: values that differ, compared one by one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sched.h>
#include <sys/personality.h>
#include <sys/resource.h>

#include <linux/seccomp.h>

#include <cmocka.h>

#include "base/landlock.h"
#include "../../src/spec/tables.h"

#define CONFIG(PIECE) "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"r\"}," PIECE "}"
#define PROCESS(PIECE) CONFIG("\"process\":{\"args\":[\"a\"],\"cwd\":\"/\"," PIECE "}")
#define LINUX(PIECE) CONFIG("\"linux\":{" PIECE "}")
#define RESOURCES(PIECE) LINUX("\"resources\":{" PIECE "}")

#define assert_opt(opt, number) do { assert_true((opt).is_set); assert_true((opt).value == (number)); } while (0)

/* By the tables alone, so that what isn't supported yet can be looked at too. */
static const struct spec *decode(struct arena *arena, const char *text)
{
	struct json_source source = { .name = "config.json", .text = text, .size = strlen(text),
				      .size_max = SPEC_CONFIG_SIZE_MAX };
	struct spec *spec = arena_alloc(arena, sizeof(*spec));
	struct json_report report = { .unsupported = NULL };
	struct err err = ERR_INIT;

	if (json_decode(arena, &source, &spec_table, spec, &report, &err) < 0)
		fail_msg("%s", err.text);
	return spec;
}

static void test_top_level(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec *spec = decode(&arena,
		"{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"r\",\"readonly\":true},"
		"\"mounts\":[{\"destination\":\"d\",\"source\":\"s\",\"type\":\"t\",\"options\":[\"o\",\"p\"],"
		"\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],"
		"\"gidMappings\":[{\"containerID\":4,\"hostID\":5,\"size\":6}]}],"
		"\"hostname\":\"h\",\"domainname\":\"dn\",\"annotations\":{\"k\":\"v\",\"l\":\"w\"}}");
	const struct spec_mount *mount = &spec->mounts.items[0];

	(void)state;
	assert_string_equal(spec->oci_version, "1.3.0");
	assert_string_equal(spec->root->path, "r");
	assert_true(spec->root->readonly);
	assert_string_equal(mount->destination, "d");
	assert_string_equal(mount->source, "s");
	assert_string_equal(mount->type, "t");
	assert_string_equal(mount->options.items[1], "p");
	assert_int_equal(mount->uid_mappings.items[0].container_id, 1);
	assert_int_equal(mount->uid_mappings.items[0].host_id, 2);
	assert_int_equal(mount->uid_mappings.items[0].size, 3);
	assert_int_equal(mount->gid_mappings.items[0].container_id, 4);
	assert_string_equal(spec->hostname, "h");
	assert_string_equal(spec->domainname, "dn");
	assert_string_equal(spec->annotations.items[1].key, "l");
	assert_string_equal(spec->annotations.items[1].value, "w");
}

static void test_hooks(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec *spec = decode(&arena, CONFIG("\"hooks\":{\"prestart\":[{\"path\":\"/0\"}],"
		"\"createRuntime\":[{\"path\":\"/1\",\"args\":[\"a\",\"b\"],\"env\":[\"E=1\"],\"timeout\":9}],"
		"\"createContainer\":[{\"path\":\"/2\"}],\"startContainer\":[{\"path\":\"/3\"}],"
		"\"poststart\":[{\"path\":\"/4\"}],\"poststop\":[{\"path\":\"/5\"},{\"path\":\"/6\"}]}"));
	const struct spec_hook *hook = &spec->hooks.kinds[HOOK_CREATE_RUNTIME].items[0];
	char path[] = "/0";
	int i;

	(void)state;
	for (i = 0; i < HOOK_KIND_COUNT; i++, path[1]++)
		assert_string_equal(spec->hooks.kinds[i].items[0].path, path);
	assert_int_equal(spec->hooks.kinds[HOOK_POSTSTOP].count, 2);
	assert_string_equal(hook->args.items[1], "b");
	assert_string_equal(hook->env.items[0], "E=1");
	assert_opt(hook->timeout_s, 9);
	assert_false(spec->hooks.kinds[HOOK_PRESTART].items[0].timeout_s.is_set);
}

static void test_process(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_process *process = decode(&arena, CONFIG("\"process\":{\"terminal\":true,"
		"\"consoleSize\":{\"height\":1,\"width\":2},\"user\":{\"uid\":3,\"gid\":4,\"umask\":5,"
		"\"additionalGids\":[6]},"
		"\"args\":[\"a\",\"b\"],\"env\":[\"E=1\"],\"cwd\":\"/c\",\"capabilities\":{\"bounding\":[\"B\"],"
		"\"effective\":[\"E\"],\"inheritable\":[\"I\"],\"permitted\":[\"P\"],\"ambient\":[\"A\"]},"
		"\"noNewPrivileges\":true,\"apparmorProfile\":\"ap\",\"oomScoreAdj\":-7,\"selinuxLabel\":\"se\","
		"\"execCPUAffinity\":{\"initial\":\"0\",\"final\":\"1\"}}"))->process;

	(void)state;
	assert_true(process->terminal && process->no_new_privileges);
	assert_int_equal(process->console_size->height, 1);
	assert_int_equal(process->console_size->width, 2);
	assert_int_equal(process->user.uid, 3);
	assert_int_equal(process->user.gid, 4);
	assert_opt(process->user.umask, 5);
	assert_int_equal(process->user.additional_gids.items[0], 6);
	assert_string_equal(process->args.items[1], "b");
	assert_string_equal(process->env.items[0], "E=1");
	assert_string_equal(process->cwd, "/c");
	assert_string_equal(process->capabilities->bounding.items[0], "B");
	assert_string_equal(process->capabilities->effective.items[0], "E");
	assert_string_equal(process->capabilities->inheritable.items[0], "I");
	assert_string_equal(process->capabilities->permitted.items[0], "P");
	assert_string_equal(process->capabilities->ambient.items[0], "A");
	assert_string_equal(process->apparmor_profile, "ap");
	assert_opt(process->oom_score_adj, -7);
	assert_string_equal(process->selinux_label, "se");
	assert_string_equal(process->exec_cpu_affinity->initial, "0");
	assert_string_equal(process->exec_cpu_affinity->final, "1");
}

static void test_process_limits(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_process *process = decode(&arena, PROCESS(
		"\"rlimits\":[{\"type\":\"RLIMIT_NPROC\",\"soft\":1,\"hard\":18446744073709551615}],"
		"\"scheduler\":{\"policy\":\"SCHED_DEADLINE\",\"nice\":-1,\"priority\":2,"
		"\"flags\":[\"SCHED_FLAG_RECLAIM\",\"SCHED_FLAG_RESET_ON_FORK\"],\"runtime\":3,\"deadline\":4,"
		"\"period\":5},"
		"\"ioPriority\":{\"class\":\"IOPRIO_CLASS_IDLE\",\"priority\":6}"))->process;

	(void)state;
	assert_int_equal(process->rlimits.items[0].type, RLIMIT_NPROC);
	assert_int_equal(process->rlimits.items[0].soft, 1);
	assert_true(process->rlimits.items[0].hard == UINT64_MAX);
	assert_int_equal(process->scheduler->policy, 6);
	assert_opt(process->scheduler->nice, -1);
	assert_opt(process->scheduler->priority, 2);
	assert_int_equal(process->scheduler->flags, 3);
	assert_opt(process->scheduler->runtime_ns, 3);
	assert_opt(process->scheduler->deadline_ns, 4);
	assert_opt(process->scheduler->period_ns, 5);
	assert_int_equal(process->io_priority->class, 3);
	assert_int_equal(process->io_priority->priority, 6);
}

static void test_linux(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_linux *linux = decode(&arena, LINUX(
		"\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"time\",\"path\":\"/t\"}],"
		"\"uidMappings\":[{\"containerID\":1,\"hostID\":2,\"size\":3}],"
		"\"gidMappings\":[{\"containerID\":4,\"hostID\":5,\"size\":6}],\"timeOffsets\":{"
		"\"boottime\":{\"secs\":-1,\"nanosecs\":2},\"monotonic\":{\"secs\":3,\"nanosecs\":4}},"
		"\"cgroupsPath\":\"cg\",\"sysctl\":{\"net.x\":\"1\"},\"rootfsPropagation\":\"rslave\","
		"\"maskedPaths\":[\"/m\"],"
		"\"readonlyPaths\":[\"/r\"],\"mountLabel\":\"ml\",\"personality\":{\"domain\":\"LINUX32\","
		"\"flags\":[\"f\"]}"))
		->linux;

	(void)state;
	assert_int_equal(linux->namespaces.items[0].type, CLONE_NEWPID);
	assert_null(linux->namespaces.items[0].path);
	assert_string_equal(linux->namespaces.items[1].path, "/t");
	assert_int_equal(linux->uid_mappings.items[0].host_id, 2);
	assert_int_equal(linux->gid_mappings.items[0].host_id, 5);
	assert_int_equal(linux->time_boottime->secs, -1);
	assert_int_equal(linux->time_boottime->nanosecs, 2);
	assert_int_equal(linux->time_monotonic->secs, 3);
	assert_int_equal(linux->time_monotonic->nanosecs, 4);
	assert_string_equal(linux->cgroups_path, "cg");
	assert_string_equal(linux->sysctl.items[0].key, "net.x");
	assert_string_equal(linux->rootfs_propagation, "rslave");
	assert_string_equal(linux->masked_paths.items[0], "/m");
	assert_string_equal(linux->readonly_paths.items[0], "/r");
	assert_string_equal(linux->mount_label, "ml");
	assert_int_equal(linux->personality->domain, PER_LINUX32);
	assert_string_equal(linux->personality->flags.items[0], "f");
}

static void test_linux_devices(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_linux *linux = decode(&arena, LINUX(
		"\"devices\":[{\"type\":\"b\",\"path\":\"/b\",\"major\":1,\"minor\":2,\"fileMode\":3,\"uid\":4,"
		"\"gid\":5}],"
		"\"netDevices\":{\"eth0\":{\"name\":\"e\"},\"eth1\":{}},\"intelRdt\":{\"closID\":\"c\","
		"\"schemata\":[\"s\"],"
		"\"l3CacheSchema\":\"l\",\"memBwSchema\":\"MB:\",\"enableMonitoring\":true},"
		"\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"0\","
		"\"flags\":[\"MPOL_F_STATIC_NODES\"]}"))->linux;
	const struct spec_device *device = &linux->devices.items[0];

	(void)state;
	assert_int_equal(device->type, 'b');
	assert_string_equal(device->path, "/b");
	assert_int_equal(device->major, 1);
	assert_int_equal(device->minor, 2);
	assert_opt(device->file_mode, 3);
	assert_opt(device->uid, 4);
	assert_opt(device->gid, 5);
	assert_string_equal(linux->net_devices.items[0].host_name, "eth0");
	assert_string_equal(linux->net_devices.items[0].name, "e");
	assert_string_equal(linux->net_devices.items[1].host_name, "eth1");
	assert_null(linux->net_devices.items[1].name);
	assert_string_equal(linux->intel_rdt->clos_id, "c");
	assert_string_equal(linux->intel_rdt->schemata.items[0], "s");
	assert_string_equal(linux->intel_rdt->l3_cache_schema, "l");
	assert_string_equal(linux->intel_rdt->mem_bw_schema, "MB:");
	assert_true(linux->intel_rdt->enable_monitoring);
	assert_int_equal(linux->memory_policy->mode, 2);
	assert_string_equal(linux->memory_policy->nodes, "0");
	assert_int_equal(linux->memory_policy->flags, 1 << 15);
}

static void test_landlock(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_landlock *landlock = decode(&arena, LINUX(
		"\"landlock\":{\"ruleset\":{\"handledAccessFS\":[\"execute\",\"ioctl_dev\"],"
		"\"handledAccessNet\":[\"bind_tcp\",\"connect_tcp\"],\"scoped\":[\"signal\"]},\"rules\":{"
		"\"pathBeneath\":[{\"allowedAccess\":[\"execute\"],\"paths\":[\"/bin\",\"/lib\"]}],"
		"\"netPort\":[{\"allowedAccess\":[\"connect_tcp\"],\"ports\":[0,65535]}]},"
		"\"disableBestEffort\":false}"))->linux->landlock;

	(void)state;
	assert_int_equal(landlock->handled_fs, LANDLOCK_FS_EXECUTE | LANDLOCK_FS_IOCTL_DEV);
	assert_int_equal(landlock->handled_net, LANDLOCK_NET_BIND_TCP | LANDLOCK_NET_CONNECT_TCP);
	assert_int_equal(landlock->scoped, LANDLOCK_SCOPED_SIGNAL);
	assert_int_equal(landlock->paths.count, 1);
	assert_int_equal(landlock->paths.items[0].allowed, LANDLOCK_FS_EXECUTE);
	assert_string_equal(landlock->paths.items[0].paths.items[1], "/lib");
	assert_int_equal(landlock->ports.items[0].allowed, LANDLOCK_NET_CONNECT_TCP);
	assert_int_equal(landlock->ports.items[0].ports.items[1], 65535);
	assert_opt(landlock->disable_best_effort, false);
	assert_memory_equal(landlock->text.start, "{\"ruleset\"", 10);
	assert_int_equal(landlock->text.start[landlock->text.length - 1], '}');
}

static void test_resources(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_resources *resources = decode(&arena, RESOURCES(
		"\"devices\":[{\"allow\":true,\"type\":\"c\",\"major\":1,\"minor\":-1,\"access\":\"rw\"},"
		"{\"allow\":false}],"
		"\"memory\":{\"limit\":1,\"reservation\":2,\"swap\":3,\"kernel\":4,\"kernelTCP\":5,\"swappiness\":6,"
		"\"disableOOMKiller\":true,\"useHierarchy\":false,\"checkBeforeUpdate\":true},"
		"\"cpu\":{\"shares\":1,\"quota\":-2,\"burst\":3,\"period\":4,\"realtimeRuntime\":5,"
		"\"realtimePeriod\":6,"
		"\"cpus\":\"c\",\"mems\":\"m\",\"idle\":7},\"pids\":{\"limit\":0}"))->linux->resources;
	const struct spec_memory *memory = resources->memory;
	const struct spec_cpu *cpu = resources->cpu;

	(void)state;
	assert_true(resources->devices.items[0].allow);
	assert_int_equal(resources->devices.items[0].type, 'c');
	assert_opt(resources->devices.items[0].major, 1);
	assert_opt(resources->devices.items[0].minor, -1);
	assert_string_equal(resources->devices.items[0].access, "rw");
	assert_int_equal(resources->devices.items[1].type, 'a');
	assert_opt(memory->limit, 1);
	assert_opt(memory->reservation, 2);
	assert_opt(memory->swap, 3);
	assert_opt(memory->kernel, 4);
	assert_opt(memory->kernel_tcp, 5);
	assert_opt(memory->swappiness, 6);
	assert_opt(memory->disable_oom_killer, true);
	assert_opt(memory->use_hierarchy, false);
	assert_opt(memory->check_before_update, true);
	assert_opt(cpu->shares, 1);
	assert_opt(cpu->quota, -2);
	assert_opt(cpu->burst, 3);
	assert_opt(cpu->period, 4);
	assert_opt(cpu->realtime_runtime, 5);
	assert_opt(cpu->realtime_period, 6);
	assert_string_equal(cpu->cpus, "c");
	assert_string_equal(cpu->mems, "m");
	assert_opt(cpu->idle, 7);
	assert_opt(resources->pids->limit, 0);
}

static void test_resources_io(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_resources *resources = decode(&arena, RESOURCES(
		"\"blockIO\":{\"weight\":1,\"leafWeight\":2,"
		"\"weightDevice\":[{\"major\":3,\"minor\":4,\"weight\":5,\"leafWeight\":6}],"
		"\"throttleReadBpsDevice\":[{\"major\":7,\"minor\":8,\"rate\":9}],"
		"\"throttleWriteBpsDevice\":[{\"major\":0,\"minor\":0,\"rate\":10}],"
		"\"throttleReadIOPSDevice\":[{\"major\":0,\"minor\":0,\"rate\":11}],"
		"\"throttleWriteIOPSDevice\":[{\"major\":0,\"minor\":0,\"rate\":12}]},"
		"\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":13}],"
		"\"network\":{\"classID\":14,\"priorities\":[{\"name\":\"e\",\"priority\":15}]},"
		"\"rdma\":{\"mlx\":{\"hcaHandles\":16,\"hcaObjects\":17}},"
		"\"unified\":{\"k\":\"v\"}"))->linux->resources;
	const struct spec_block_io *io = resources->block_io;

	(void)state;
	assert_opt(io->weight, 1);
	assert_opt(io->leaf_weight, 2);
	assert_int_equal(io->weight_device.items[0].major, 3);
	assert_int_equal(io->weight_device.items[0].minor, 4);
	assert_opt(io->weight_device.items[0].weight, 5);
	assert_opt(io->weight_device.items[0].leaf_weight, 6);
	assert_int_equal(io->throttle_read_bps.items[0].major, 7);
	assert_int_equal(io->throttle_read_bps.items[0].minor, 8);
	assert_int_equal(io->throttle_read_bps.items[0].rate, 9);
	assert_int_equal(io->throttle_write_bps.items[0].rate, 10);
	assert_int_equal(io->throttle_read_iops.items[0].rate, 11);
	assert_int_equal(io->throttle_write_iops.items[0].rate, 12);
	assert_string_equal(resources->hugepage_limits.items[0].page_size, "2MB");
	assert_int_equal(resources->hugepage_limits.items[0].limit, 13);
	assert_opt(resources->network->class_id, 14);
	assert_string_equal(resources->network->priorities.items[0].name, "e");
	assert_int_equal(resources->network->priorities.items[0].priority, 15);
	assert_string_equal(resources->rdma.items[0].device, "mlx");
	assert_opt(resources->rdma.items[0].hca_handles, 16);
	assert_opt(resources->rdma.items[0].hca_objects, 17);
	assert_string_equal(resources->unified.items[0].value, "v");
}

static void test_seccomp(void **state)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const struct spec_seccomp *seccomp = decode(&arena, LINUX(
		"\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,"
		"\"architectures\":[\"SCMP_ARCH_X86\"],"
		"\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\",\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"],\"listenerPath\":\"/l\","
		"\"listenerMetadata\":\"m\",\"syscalls\":[{\"names\":[\"a\",\"b\"],\"action\":\"SCMP_ACT_TRACE\","
		"\"errnoRet\":1,\"args\":[{\"index\":2,\"value\":3,\"valueTwo\":4,\"op\":\"SCMP_CMP_MASKED_EQ\"}]},"
		"{\"names\":[\"c\"],\"action\":\"SCMP_ACT_KILL\"}]}"))->linux->seccomp;
	const struct spec_seccomp_rule *rule = &seccomp->syscalls.items[0];

	(void)state;
	assert_int_equal(seccomp->default_action, SECCOMP_ACT_ERRNO);
	assert_opt(seccomp->default_errno_ret, 38);
	assert_string_equal(seccomp->architectures.items[0], "SCMP_ARCH_X86");
	assert_true(seccomp->has_flags);
	assert_int_equal(seccomp->flags, SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW);
	assert_string_equal(seccomp->listener_path, "/l");
	assert_string_equal(seccomp->listener_metadata, "m");
	assert_string_equal(rule->names.items[1], "b");
	assert_int_equal(rule->action, SECCOMP_ACT_TRACE);
	assert_opt(rule->errno_ret, 1);
	assert_int_equal(rule->args.items[0].index, 2);
	assert_int_equal(rule->args.items[0].value, 3);
	assert_int_equal(rule->args.items[0].value_two, 4);
	assert_int_equal(rule->args.items[0].op, SECCOMP_OP_MASKED_EQ);
	assert_int_equal(seccomp->syscalls.items[1].action, SECCOMP_ACT_KILL_THREAD);
	assert_false(seccomp->syscalls.items[1].errno_ret.is_set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_top_level),
		cmocka_unit_test(test_hooks),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_process_limits),
		cmocka_unit_test(test_linux),
		cmocka_unit_test(test_linux_devices),
		cmocka_unit_test(test_landlock),
		cmocka_unit_test(test_resources),
		cmocka_unit_test(test_resources_io),
		cmocka_unit_test(test_seccomp),
	};

	return cmocka_run_group_tests_name("spec_values", tests, NULL, NULL);
}
