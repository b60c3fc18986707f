/*
 * runtime/stats_emit.c - the numbers of `runlet events` as runc's JSON.
 *
 * Pure.  The names, and which numbers are left out when they are 0, are runc's: engines decode it by them.
 */
#include <stdio.h>

#include "json/emit.h"
#include "runtime/stats.h"

static void emit_nonzero(struct json_emitter *emitter, const char *key, uint64_t value)
{
	if (value != 0)
		json_emit_key_uint(emitter, key, value);
}

static void emit_list(struct json_emitter *emitter, const char *key, const struct stats_list *list)
{
	if (list->count == 0)
		return;
	json_emit_key_array(emitter, key);
	for (size_t i = 0; i < list->count; i++)
		json_emit_uint(emitter, list->items[i]);
	json_emit_array_end(emitter);
}

static void emit_share(struct json_emitter *emitter, const char *key, uint32_t hundredths)
{
	char text[24];
	int length = snprintf(text, sizeof(text), "%u.%02u", hundredths / 100, hundredths % 100);

	json_emit_key(emitter, key);
	json_emit_raw(emitter, text, (size_t)length);
}

static void emit_pressure_line(struct json_emitter *emitter, const char *key, const struct stats_pressure_line *line)
{
	json_emit_key_object(emitter, key);
	emit_share(emitter, "avg10", line->avg10);
	emit_share(emitter, "avg60", line->avg60);
	emit_share(emitter, "avg300", line->avg300);
	json_emit_key_uint(emitter, "total", line->total_us);
	json_emit_object_end(emitter);
}

static void emit_pressure(struct json_emitter *emitter, const struct stats_pressure *pressure)
{
	if (!pressure->is_set)
		return;
	json_emit_key_object(emitter, "psi");
	emit_pressure_line(emitter, "some", &pressure->some);
	emit_pressure_line(emitter, "full", &pressure->full);
	json_emit_object_end(emitter);
}

static void emit_cpu(struct json_emitter *emitter, const struct stats_cpu *cpu)
{
	json_emit_key_object(emitter, "cpu");
	json_emit_key_object(emitter, "usage");
	emit_nonzero(emitter, "total", cpu->total_ns);
	emit_list(emitter, "percpu", &cpu->percpu_ns);
	emit_list(emitter, "percpu_kernel", &cpu->percpu_kernel_ns);
	emit_list(emitter, "percpu_user", &cpu->percpu_user_ns);
	json_emit_key_uint(emitter, "kernel", cpu->kernel_ns);
	json_emit_key_uint(emitter, "user", cpu->user_ns);
	json_emit_object_end(emitter);
	json_emit_key_object(emitter, "throttling");
	emit_nonzero(emitter, "periods", cpu->periods);
	emit_nonzero(emitter, "throttledPeriods", cpu->throttled_periods);
	emit_nonzero(emitter, "throttledTime", cpu->throttled_ns);
	json_emit_object_end(emitter);
	emit_pressure(emitter, &cpu->pressure);
	json_emit_object_end(emitter);
}

static void emit_cpuset(struct json_emitter *emitter, const struct stats_cpuset *cpuset)
{
	json_emit_key_object(emitter, "cpuset");
	emit_list(emitter, "cpus", &cpuset->cpus);
	json_emit_key_uint(emitter, "cpu_exclusive", cpuset->cpu_exclusive);
	emit_list(emitter, "mems", &cpuset->mems);
	json_emit_key_uint(emitter, "mem_hardwall", cpuset->mem_hardwall);
	json_emit_key_uint(emitter, "mem_exclusive", cpuset->mem_exclusive);
	json_emit_key_uint(emitter, "memory_migrate", cpuset->memory_migrate);
	json_emit_key_uint(emitter, "memory_spread_page", cpuset->memory_spread_page);
	json_emit_key_uint(emitter, "memory_spread_slab", cpuset->memory_spread_slab);
	json_emit_key_uint(emitter, "memory_pressure", cpuset->memory_pressure);
	json_emit_key_uint(emitter, "sched_load_balance", cpuset->sched_load_balance);
	json_emit_key_int(emitter, "sched_relax_domain_level", cpuset->sched_relax_domain_level);
	json_emit_object_end(emitter);
}

static void emit_memory_entry(struct json_emitter *emitter, const char *key, const struct stats_memory_entry *entry)
{
	json_emit_key_object(emitter, key);
	json_emit_key_uint(emitter, "limit", entry->limit);
	emit_nonzero(emitter, "usage", entry->usage);
	emit_nonzero(emitter, "max", entry->max);
	json_emit_key_uint(emitter, "failcnt", entry->failcnt);
	json_emit_object_end(emitter);
}

static void emit_memory(struct json_emitter *emitter, const struct stats_memory *memory)
{
	json_emit_key_object(emitter, "memory");
	emit_nonzero(emitter, "cache", memory->cache);
	emit_memory_entry(emitter, "usage", &memory->usage);
	emit_memory_entry(emitter, "swap", &memory->swap);
	emit_memory_entry(emitter, "kernel", &memory->kernel);
	emit_memory_entry(emitter, "kernelTCP", &memory->kernel_tcp);
	if (memory->raw.count > 0) {
		json_emit_key_object(emitter, "raw");
		for (size_t i = 0; i < memory->raw.count; i++)
			json_emit_key_uint(emitter, memory->raw.items[i].key, memory->raw.items[i].value);
		json_emit_object_end(emitter);
	}
	emit_pressure(emitter, &memory->pressure);
	json_emit_object_end(emitter);
}

static void emit_io(struct json_emitter *emitter, const char *key, const struct stats_io_list *list)
{
	if (list->count == 0)
		return;
	json_emit_key_array(emitter, key);
	for (size_t i = 0; i < list->count; i++) {
		json_emit_object_begin(emitter);
		emit_nonzero(emitter, "major", list->items[i].major);
		emit_nonzero(emitter, "minor", list->items[i].minor);
		if (list->items[i].op[0] != '\0')
			json_emit_key_string(emitter, "op", list->items[i].op);
		emit_nonzero(emitter, "value", list->items[i].value);
		json_emit_object_end(emitter);
	}
	json_emit_array_end(emitter);
}

static void emit_block_io(struct json_emitter *emitter, const struct stats_block_io *io)
{
	json_emit_key_object(emitter, "blkio");
	emit_io(emitter, "ioServiceBytesRecursive", &io->service_bytes);
	emit_io(emitter, "ioServicedRecursive", &io->serviced);
	emit_io(emitter, "ioQueueRecursive", &io->queued);
	emit_io(emitter, "ioServiceTimeRecursive", &io->service_time);
	emit_io(emitter, "ioWaitTimeRecursive", &io->wait_time);
	emit_io(emitter, "ioMergedRecursive", &io->merged);
	emit_io(emitter, "ioTimeRecursive", &io->time);
	emit_io(emitter, "sectorsRecursive", &io->sectors);
	emit_pressure(emitter, &io->pressure);
	emit_io(emitter, "ioCostUsage", &io->cost_usage);
	emit_io(emitter, "ioCostWait", &io->cost_wait);
	emit_io(emitter, "ioCostIndebt", &io->cost_indebt);
	emit_io(emitter, "ioCostIndelay", &io->cost_indelay);
	json_emit_object_end(emitter);
}

static void emit_hugetlb(struct json_emitter *emitter, const struct stats_hugetlb_list *list)
{
	json_emit_key_object(emitter, "hugetlb");
	for (size_t i = 0; i < list->count; i++) {
		json_emit_key_object(emitter, list->items[i].size);
		emit_nonzero(emitter, "usage", list->items[i].usage);
		emit_nonzero(emitter, "max", list->items[i].max);
		json_emit_key_uint(emitter, "failcnt", list->items[i].failcnt);
		json_emit_object_end(emitter);
	}
	json_emit_object_end(emitter);
}

static void emit_rdma_list(struct json_emitter *emitter, const char *key, const struct stats_rdma_list *list)
{
	json_emit_key_array(emitter, key);
	for (size_t i = 0; i < list->count; i++) {
		json_emit_object_begin(emitter);
		json_emit_key_string(emitter, "device", list->items[i].device);
		json_emit_key_uint(emitter, "hca_handles", list->items[i].hca_handles);
		json_emit_key_uint(emitter, "hca_objects", list->items[i].hca_objects);
		json_emit_object_end(emitter);
	}
	json_emit_array_end(emitter);
}

/* runc's events have none; the words are those that its library has for them. */
static void emit_rdma(struct json_emitter *emitter, const struct cgroup_stats *stats)
{
	if (stats->rdma.current.count == 0 && stats->rdma.limit.count == 0)
		return;
	json_emit_key_object(emitter, "rdma");
	emit_rdma_list(emitter, "rdma_current", &stats->rdma.current);
	emit_rdma_list(emitter, "rdma_limit", &stats->rdma.limit);
	json_emit_object_end(emitter);
}

static void emit_network(struct json_emitter *emitter, const struct stats_network *network)
{
	json_emit_key(emitter, "network_interfaces");
	if (network->count == 0) {
		json_emit_null(emitter);
		return;
	}
	json_emit_array_begin(emitter);
	for (size_t i = 0; i < network->count; i++) {
		const struct stats_interface *interface = &network->items[i];

		json_emit_object_begin(emitter);
		json_emit_key_string(emitter, "Name", interface->name);
		json_emit_key_uint(emitter, "RxBytes", interface->rx_bytes);
		json_emit_key_uint(emitter, "RxPackets", interface->rx_packets);
		json_emit_key_uint(emitter, "RxErrors", interface->rx_errors);
		json_emit_key_uint(emitter, "RxDropped", interface->rx_dropped);
		json_emit_key_uint(emitter, "TxBytes", interface->tx_bytes);
		json_emit_key_uint(emitter, "TxPackets", interface->tx_packets);
		json_emit_key_uint(emitter, "TxErrors", interface->tx_errors);
		json_emit_key_uint(emitter, "TxDropped", interface->tx_dropped);
		json_emit_object_end(emitter);
	}
	json_emit_array_end(emitter);
}

void stats_emit(const char *id, const struct cgroup_stats *stats, const struct stats_network *network,
		struct buf *line)
{
	struct json_emitter emitter;

	json_emit_open(&emitter, line, JSON_COMPACT);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "type", "stats");
	json_emit_key_string(&emitter, "id", id);
	json_emit_key_object(&emitter, "data");
	emit_cpu(&emitter, &stats->cpu);
	emit_cpuset(&emitter, &stats->cpuset);
	emit_memory(&emitter, &stats->memory);
	json_emit_key_object(&emitter, "pids");
	emit_nonzero(&emitter, "current", stats->pids.current);
	emit_nonzero(&emitter, "limit", stats->pids.limit);
	json_emit_object_end(&emitter);
	emit_block_io(&emitter, &stats->block_io);
	emit_hugetlb(&emitter, &stats->hugetlb);
	emit_rdma(&emitter, stats);
	/* Classes of Resource Director Technology have no numbers of a container's own without a monitoring group. */
	json_emit_key_object(&emitter, "intel_rdt");
	json_emit_object_end(&emitter);
	emit_network(&emitter, network);
	json_emit_object_end(&emitter);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
	buf_add_str(line, "\n");
}
