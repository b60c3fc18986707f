/*
 * test_stats.c - the texts of cgroup files and /proc/PID/net/dev, good and bad, and the JSON that comes of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup/oom.h"
#include "cgroup/stats.h"
#include "runtime/stats.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;
static char folder[64];

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/runlet-stats.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	arena_free(&arena);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static void test_numbers(void **state)
{
	static const char *const bad[] = {
		"", "\n", "x", "1x", "-1", " 1", "1\n2\n", "18446744073709551616\n", "maximum",
	};
	uint64_t value = 5;

	(void)state;
	assert_int_equal(stats_parse_number("0\n", &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(stats_parse_number("18446744073709551615", &value), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(stats_parse_number("max\n", &value), 0);
	assert_true(value == UINT64_MAX);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_true(stats_parse_number(bad[i], &value) < 0);
}

static void test_pairs(void **state)
{
	static const char *const bad[] = { "a\n", "a b\n", "a 1 2\n", " 1\n", "a 1\nb", "a -1\n" };
	struct stats_pairs pairs;

	(void)state;
	assert_int_equal(stats_parse_pairs(&arena, "anon 1\nfile 20\n\nfile_x 3", &pairs), 0);
	assert_int_equal(pairs.count, 3);
	assert_int_equal(stats_pair_value(&pairs, "file"), 20);
	assert_int_equal(stats_pair_value(&pairs, "fil"), 0);
	assert_int_equal(stats_parse_pairs(&arena, "", &pairs), 0);
	assert_int_equal(pairs.count, 0);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_true(stats_parse_pairs(&arena, bad[i], &pairs) < 0);
}

static void test_lists(void **state)
{
	static const char *const bad[] = { "a", "1-", "-1", "2-1", "1--2", "0-65537", "0-65536,0-65536", "1;2" };
	struct stats_list list, system;

	(void)state;
	assert_int_equal(stats_parse_numbers(&arena, "1 20 300 \n", &list), 0);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.items[2], 300);
	assert_true(stats_parse_numbers(&arena, "1 x\n", &list) < 0);
	assert_int_equal(stats_parse_ranges(&arena, "0-2,7\n", &list), 0);
	assert_int_equal(list.count, 4);
	assert_int_equal(list.items[2], 2);
	assert_int_equal(list.items[3], 7);
	assert_int_equal(stats_parse_ranges(&arena, "\n", &list), 0);
	assert_int_equal(list.count, 0);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_true(stats_parse_ranges(&arena, bad[i], &list) < 0);
	assert_int_equal(stats_parse_usage_all(&arena, "cpu user system\n0 1 2\n1 3 4\n", &list, &system), 0);
	assert_int_equal(list.items[1], 3);
	assert_int_equal(system.items[0], 2);
	assert_true(stats_parse_usage_all(&arena, "cpu system user\n0 1 2\n", &list, &system) < 0);
	assert_true(stats_parse_usage_all(&arena, "cpu user system\n0 1\n", &list, &system) < 0);
}

static void test_block_io(void **state)
{
	static const char *const bad_v1[] = { "8:0\n", "8 Read 1\n", "8:0 Read x\n", "8:x Read 1\n", ":0 Read 1\n",
					      "4294967296:0 Read 1\n" };
	static const char *const bad_v2[] = { "x rbytes=1\n", "8:0 rbytes=x\n", "8:0 rios=\n", "8:0:1 rios=1\n" };
	struct stats_block_io io = { .cost_usage.count = 0 };
	struct stats_io_list bytes;

	(void)state;
	assert_int_equal(stats_parse_io_v1(&arena, "8:0 Read 1\n8:16 Total 2\nTotal 2\n", &bytes), 0);
	assert_int_equal(bytes.count, 2);
	assert_int_equal(bytes.items[1].minor, 16);
	assert_string_equal(bytes.items[1].op, "Total");
	assert_int_equal(stats_parse_io_v1(&arena, "8:0 77\n", &bytes), 0);
	assert_string_equal(bytes.items[0].op, "");
	assert_int_equal(bytes.items[0].value, 77);
	for (size_t i = 0; i < COUNT(bad_v1); i++)
		assert_true(stats_parse_io_v1(&arena, bad_v1[i], &bytes) < 0);
	assert_int_equal(stats_parse_io_v2(&arena,
					   "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6 cost.vrate=x\n"
					   "9:1 \n8:16 9:0 rios=8 cost.usage=7 cost.wait=0\n", &io), 0);
	assert_int_equal(io.service_bytes.count, 3);
	assert_int_equal(io.serviced.count, 4);
	assert_string_equal(io.service_bytes.items[2].op, "Discard");
	assert_int_equal(io.service_bytes.items[2].value, 5);
	assert_int_equal(io.serviced.items[3].value, 8);
	/* The numbers belong to the device before them. */
	assert_int_equal(io.serviced.items[3].major, 9);
	assert_int_equal(io.serviced.items[3].minor, 0);
	assert_int_equal(io.cost_usage.count, 1);
	assert_int_equal(io.cost_usage.items[0].value, 7);
	assert_int_equal(io.cost_wait.count, 1);
	for (size_t i = 0; i < COUNT(bad_v2); i++)
		assert_true(stats_parse_io_v2(&arena, bad_v2[i], &io) < 0);
}

static void test_pressure(void **state)
{
	static const char *const bad[] = { "some avg10\n", "some avg10=1\n", "some avg10=1.2\n", "some avg10=x.00\n",
					   "full total=-1\n", "some avg300=1.234\n" };
	struct stats_pressure pressure;

	(void)state;
	assert_int_equal(stats_parse_pressure("some avg10=12.34 avg60=0.05 avg300=100.00 total=99\n"
					      "full avg10=0.00 avg60=0.00 avg300=0.00 total=7 new=x\nirq avg10=?\n",
					      &pressure), 0);
	assert_true(pressure.is_set);
	assert_int_equal(pressure.some.avg10, 1234);
	assert_int_equal(pressure.some.avg60, 5);
	assert_int_equal(pressure.some.avg300, 10000);
	assert_int_equal(pressure.some.total_us, 99);
	assert_int_equal(pressure.full.total_us, 7);
	assert_int_equal(stats_parse_pressure("", &pressure), 0);
	assert_false(pressure.is_set);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_true(stats_parse_pressure(bad[i], &pressure) < 0);
}

static void test_rdma(void **state)
{
	struct stats_rdma_list list;

	(void)state;
	assert_int_equal(stats_parse_rdma(&arena, "mlx4_0 hca_handle=2 hca_object=max\nocrdma1 hca_handle=0\n", &list),
			 0);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].device, "mlx4_0");
	assert_int_equal(list.items[0].hca_handles, 2);
	assert_true(list.items[0].hca_objects == UINT32_MAX);
	assert_true(stats_parse_rdma(&arena, "mlx4_0 hca_handle=4294967296\n", &list) < 0);
	assert_true(stats_parse_rdma(&arena, "mlx4_0 hca_handle\n", &list) < 0);
}

#define NET_TITLES "Inter-|   Receive |  Transmit\n face |bytes packets ...\n"

static void test_network(void **state)
{
	static const char *const bad[] = {
		NET_TITLES "eth0\n", NET_TITLES ": 1 2\n", NET_TITLES "eth0: 1 2 3 4 5 6 7 8 9 10 11\n",
		NET_TITLES "eth0: 1 2 3 4 5 6 7 8 9 10 11 x\n", NET_TITLES "   :\n",
	};
	struct stats_network network;

	(void)state;
	assert_int_equal(stats_parse_network(&arena, NET_TITLES
					     "    lo:       1       1    0    0    0     0          0         0"
					     "        1       1    0    0    0     0       0          0\n"
					     "  eth0:    10 11 12 13 0 0 0 0 20 21 22 23 0 0 0 0\n"
					     "long-name-15ch:9 0 0 0 0 0 0 0 8 0 0 0 0 0 0 0", &network), 0);
	assert_int_equal(network.count, 2);
	assert_string_equal(network.items[0].name, "eth0");
	assert_int_equal(network.items[0].rx_dropped, 13);
	assert_int_equal(network.items[0].tx_bytes, 20);
	assert_int_equal(network.items[0].tx_dropped, 23);
	assert_string_equal(network.items[1].name, "long-name-15ch");
	assert_int_equal(network.items[1].rx_bytes, 9);
	assert_int_equal(stats_parse_network(&arena, "", &network), 0);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_true(stats_parse_network(&arena, bad[i], &network) < 0);
}

/* Words of all formats in any order, from a block of just the size: the sanitizers see a read beyond it. */
static void test_any_words(void **state)
{
	static const char *const words[] = {
		"8:0", " ", "\n", "Read", "Total", "rbytes=", "=", "-", ",", "0-2", "1", "99999999999999999999",
		"some", "full",
		"avg10=", ".", "00", "total=", "cpu user system\n", "eth0:", ":", "lo", "max", "hca_handle=", "x", "  ",
	};
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 30000; round++) {
		_cleanup_arena_ struct arena local = ARENA_INIT;
		char text[512] = "";
		char *exact;
		struct stats_pairs pairs;
		struct stats_list list, other;
		struct stats_block_io block = { .cost_usage.count = 0 };
		struct stats_io_list io;
		struct stats_pressure pressure;
		struct stats_rdma_list rdma;
		struct stats_network network;
		uint64_t value;

		for (int i = rand_r(&seed) % 20; i > 0; i--)
			strcat(text, words[(size_t)rand_r(&seed) % COUNT(words)]);
		exact = strdup(text);
		assert_non_null(exact);
		(void)stats_parse_number(exact, &value);
		(void)stats_parse_pairs(&local, exact, &pairs);
		(void)stats_parse_numbers(&local, exact, &list);
		(void)stats_parse_ranges(&local, exact, &list);
		(void)stats_parse_usage_all(&local, exact, &list, &other);
		(void)stats_parse_io_v1(&local, exact, &io);
		(void)stats_parse_io_v2(&local, exact, &block);
		(void)stats_parse_pressure(exact, &pressure);
		(void)stats_parse_rdma(&local, exact, &rdma);
		(void)stats_parse_network(&local, exact, &network);
		free(exact);
	}
}

static void file_write(const char *name, const char *text)
{
	char path[128];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	stream = fopen(path, "w");
	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	fclose(stream);
}

/* A v2 cgroup as the kernel's documentation has it. */
static void fill_v2(void)
{
	file_write("cpu.stat", "usage_usec 30\nuser_usec 10\nsystem_usec 20\nnr_periods 4\nnr_throttled 3\n"
		   "throttled_usec 2\n");
	file_write("cpu.pressure", "some avg10=1.50 avg60=0.00 avg300=0.00 total=9\n");
	file_write("cpuset.cpus.effective", "0-1\n");
	file_write("cpuset.mems.effective", "0\n");
	file_write("memory.current", "1000\n");
	file_write("memory.max", "max\n");
	file_write("memory.peak", "2000\n");
	file_write("memory.swap.current", "24\n");
	file_write("memory.swap.max", "5000\n");
	file_write("memory.events", "low 0\nhigh 0\nmax 6\noom 1\noom_kill 1\noom_group_kill 0\n");
	file_write("memory.stat", "anon 700\nfile 300\n");
	file_write("pids.current", "3\n");
	file_write("pids.max", "max\n");
	file_write("io.stat", "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n");
	file_write("hugetlb.2MB.current", "0\n");
	file_write("hugetlb.2MB.rsvd.current", "2097152\n");
	file_write("hugetlb.2MB.events", "max 5\n");
	file_write("rdma.current", "mlx4_0 hca_handle=2 hca_object=3\n");
	file_write("rdma.max", "mlx4_0 hca_handle=max hca_object=9\n");
}

static void test_v2_files(void **state)
{
	static const char wanted[] =
		"{\"type\":\"stats\",\"id\":\"c\",\"data\":{\"cpu\":{\"usage\":{\"total\":30000,\"kernel\":20000,"
		"\"user\":10000},\"throttling\":{\"periods\":4,\"throttledPeriods\":3,\"throttledTime\":2000},"
		"\"psi\":{\"some\":{\"avg10\":1.50,\"avg60\":0.00,\"avg300\":0.00,\"total\":9},"
		"\"full\":{\"avg10\":0.00,\"avg60\":0.00,\"avg300\":0.00,\"total\":0}}},"
		"\"cpuset\":{\"cpus\":[0,1],\"cpu_exclusive\":0,\"mems\":[0],\"mem_hardwall\":0,\"mem_exclusive\":0,"
		"\"memory_migrate\":0,\"memory_spread_page\":0,\"memory_spread_slab\":0,\"memory_pressure\":0,"
		"\"sched_load_balance\":0,\"sched_relax_domain_level\":0},"
		"\"memory\":{\"cache\":300,\"usage\":{\"limit\":18446744073709551615,\"usage\":1000,\"max\":2000,"
		"\"failcnt\":6},\"swap\":{\"limit\":18446744073709551615,\"usage\":1024,\"failcnt\":0},"
		"\"kernel\":{\"limit\":0,\"failcnt\":0},\"kernelTCP\":{\"limit\":0,\"failcnt\":0},"
		"\"raw\":{\"anon\":700,\"file\":300}},\"pids\":{\"current\":3},"
		"\"blkio\":{\"ioServiceBytesRecursive\":[{\"major\":8,\"op\":\"Read\",\"value\":4096},"
		"{\"major\":8,\"op\":\"Write\"},{\"major\":8,\"op\":\"Discard\"}],"
		"\"ioServicedRecursive\":[{\"major\":8,\"op\":\"Read\",\"value\":1},{\"major\":8,\"op\":\"Write\"},"
		"{\"major\":8,\"op\":\"Discard\"}]},"
		"\"hugetlb\":{\"2MB\":{\"usage\":2097152,\"failcnt\":5}},"
		"\"rdma\":{\"rdma_current\":[{\"device\":\"mlx4_0\",\"hca_handles\":2,\"hca_objects\":3}],"
		"\"rdma_limit\":[{\"device\":\"mlx4_0\",\"hca_handles\":4294967295,\"hca_objects\":9}]},"
		"\"intel_rdt\":{},\"network_interfaces\":[{\"Name\":\"eth0\",\"RxBytes\":1,\"RxPackets\":2,"
		"\"RxErrors\":3,\"RxDropped\":4,\"TxBytes\":5,\"TxPackets\":6,\"TxErrors\":7,\"TxDropped\":8}]}}\n";
	struct cgroup_dir dir = { .controllers = "", .path = folder, .version = 2 };
	struct cgroup cgroup = { .dirs = &dir, .dir_count = 1 };
	struct stats_interface interface = { "eth0", 1, 2, 3, 4, 5, 6, 7, 8 };
	struct stats_network network = { &interface, 1 };
	_cleanup_buf_ struct buf line = BUF_INIT;
	struct cgroup_stats stats;
	struct err err = ERR_INIT;
	bool was_killed = false;

	(void)state;
	fill_v2();
	assert_int_equal(cgroup_stats_read(&arena, &cgroup, &stats, &err), 0);
	stats_emit("c", &stats, &network, &line);
	assert_string_equal(buf_str(&line), wanted);
	assert_true(cgroup_oom_was_killed(&cgroup, &was_killed));
	assert_true(was_killed);
}

static void test_v1_files(void **state)
{
	struct cgroup_dir dir = {
		.controllers = "cpu,cpuacct,memory,pids,blkio,hugetlb", .path = folder, .version = 1,
	};
	struct cgroup cgroup = { .dirs = &dir, .dir_count = 1 };
	struct cgroup_stats stats;
	struct err err = ERR_INIT;
	bool was_killed = true;

	(void)state;
	file_write("cpuacct.usage", "40\n");
	file_write("cpuacct.usage_percpu", "15 25 \n");
	file_write("cpuacct.stat", "user 1\nsystem 2\n");
	file_write("cpu.stat", "nr_periods 1\nnr_throttled 2\nthrottled_time 3\n");
	file_write("memory.usage_in_bytes", "5\n");
	file_write("memory.limit_in_bytes", "9223372036854771712\n");
	file_write("memory.memsw.usage_in_bytes", "6\n");
	file_write("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
	file_write("pids.max", "50\n");
	/* bfq has no numbers, so that the next kind counts */
	file_write("blkio.bfq.io_service_bytes_recursive", "Total 0\n");
	file_write("blkio.throttle.io_service_bytes_recursive", "8:0 Read 1\nTotal 1\n");
	file_write("blkio.throttle.io_service_bytes", "8:0 Read 2\n");
	file_write("hugetlb.1GB.usage_in_bytes", "7\n");
	file_write("hugetlb.1GB.failcnt", "8\n");
	assert_int_equal(cgroup_stats_read(&arena, &cgroup, &stats, &err), 0);
	assert_int_equal(stats.cpu.total_ns, 40);
	assert_int_equal(stats.cpu.percpu_ns.items[1], 25);
	assert_int_equal(stats.cpu.kernel_ns, 2 * (1000000000 / sysconf(_SC_CLK_TCK)));
	assert_int_equal(stats.cpu.throttled_ns, 3);
	assert_int_equal(stats.memory.usage.limit, 9223372036854771712);
	assert_int_equal(stats.memory.swap.usage, 6);
	assert_int_equal(stats.pids.limit, 50);
	assert_int_equal(stats.block_io.service_bytes.count, 1);
	assert_int_equal(stats.block_io.service_bytes.items[0].value, 1);
	assert_int_equal(stats.hugetlb.count, 1);
	assert_string_equal(stats.hugetlb.items[0].size, "1GB");
	assert_int_equal(stats.hugetlb.items[0].usage, 7);
	assert_int_equal(stats.hugetlb.items[0].failcnt, 8);
	assert_true(cgroup_oom_was_killed(&cgroup, &was_killed));
	assert_false(was_killed);
}

static void test_unknown_form(void **state)
{
	struct cgroup_dir dir = { .controllers = "", .path = folder, .version = 2 };
	struct cgroup cgroup = { .dirs = &dir, .dir_count = 1 };
	struct cgroup_stats stats;
	struct err err = ERR_INIT;

	(void)state;
	file_write("pids.current", "many\n");
	assert_int_equal(cgroup_stats_read(&arena, &cgroup, &stats, &err), -1);
	assert_non_null(strstr(err.text, "pids.current has an unknown form"));
}

/* Nothing there at all, as when the container has just gone, is no error. */
static void test_nothing_there(void **state)
{
	struct cgroup_dir dirs[] = {
		{ .controllers = "", .path = folder, .version = 2 },
		{ .controllers = "memory,blkio,cpuset,hugetlb,pids,rdma", .path = folder, .version = 1 },
		{ .controllers = "cpu", .path = "/nonexistent", .version = 1 },
	};
	struct cgroup cgroup = { .dirs = dirs, .dir_count = 3 };
	struct stats_network network = { NULL, 0 };
	_cleanup_buf_ struct buf line = BUF_INIT;
	struct cgroup_stats stats;
	struct err err = ERR_INIT;
	bool was_killed;

	(void)state;
	assert_int_equal(cgroup_stats_read(&arena, &cgroup, &stats, &err), 0);
	stats_emit("c", &stats, &network, &line);
	assert_non_null(strstr(buf_str(&line), "\"network_interfaces\":null"));
	assert_null(strstr(buf_str(&line), "psi"));
	assert_false(cgroup_oom_was_killed(&cgroup, &was_killed));
}

/* memory.stat of a machine with more than the first buffer holds. */
static void test_long_file(void **state)
{
	struct cgroup_dir dir = { .controllers = "", .path = folder, .version = 2 };
	struct cgroup cgroup = { .dirs = &dir, .dir_count = 1 };
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct cgroup_stats stats;
	struct err err = ERR_INIT;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "key%d %d\n", i, i);
	file_write("memory.stat", buf_str(&text));
	assert_int_equal(cgroup_stats_read(&arena, &cgroup, &stats, &err), 0);
	assert_int_equal(stats.memory.raw.count, 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_block_io),
		cmocka_unit_test(test_pressure),
		cmocka_unit_test(test_rdma),
		cmocka_unit_test(test_network),
		cmocka_unit_test(test_any_words),
		cmocka_unit_test_setup_teardown(test_v2_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_v1_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unknown_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_long_file, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
