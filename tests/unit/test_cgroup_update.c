/*
 * test_cgroup_update.c - what undoes a write, from the texts that the kernel's files have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/cgroup/update.h"

static struct arena arena;

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void test_old_value(void **state)
{
	static const struct { const char *file, *text, *old, *want; } cases[] = {
		{ "memory.limit_in_bytes", "1", "9223372036854771712\n", "9223372036854771712" },
		{ "memory.oom_control", "1", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", "0" },
		{ "memory.max", "max", "4096\n", "4096" },
		{ "cpu.max", "50000 100000", "max 100000\n", "max 100000" },
		{ "cpuset.cpus", "0", "\n", "\n" },
		{ "cpuset.cpus", "0", "", "\n" },
		{ "pids.max", "5", "max\n", "max" },
		{ "hugetlb.2MB.max", "0", "max\n", "max" },
		/* The device's own line, or the word for none. */
		{ "blkio.throttle.read_bps_device", "8:0 5", "8:16 7\n8:0 100\n", "8:0 100" },
		{ "blkio.throttle.read_bps_device", "8:0 5", "18:0 7\n8:01 9\n", "8:0 0" },
		{ "blkio.throttle.write_iops_device", "8:0 5", "", "8:0 0" },
		{ "blkio.bfq.weight_device", "8:0 5", "8:16 100\n", "8:0 default" },
		{ "blkio.bfq.weight", "500", "100\n", "100" },
		{ "io.max", "8:0 rbps=5", "8:0 rbps=max wbps=9 riops=max wiops=max\n",
		  "8:0 rbps=max wbps=9 riops=max wiops=max" },
		{ "io.max", "8:0 rbps=5", "", "8:0 rbps=max wbps=max riops=max wiops=max" },
		{ "io.weight", "200", "default 100\n8:0 50\n", "default 100" },
		{ "io.weight", "8:0 200", "default 100\n8:0 50\n", "8:0 50" },
		{ "io.weight", "8:16 200", "default 100\n8:0 50\n", "8:16 default" },
		{ "io.bfq.weight", "default 7", "default 100\n", "default 100" },
		{ "io.latency", "8:0 target=5", "", "8:0 target=0" },
		{ "rdma.max", "mlx5_1 hca_handle=3",
		  "mlx5_0 hca_handle=max hca_object=max\nmlx5_1 hca_handle=2 hca_object=max\n",
		  "mlx5_1 hca_handle=2 hca_object=max" },
		{ "rdma.max", "mlx5_1 hca_handle=3", "", "mlx5_1 hca_handle=max hca_object=max" },
		{ "net_prio.ifpriomap", "lo 3", "lo 0\neth0 5\n", "lo 0" },
		{ "misc.max", "res_a 1", "res_a max\n", "res_a max" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(cgroup_old_value(&arena, cases[i].file, cases[i].text, cases[i].old),
				    cases[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_old_value, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
