/*
 * spec/resources.c - the rows of `linux.resources` (runtime-spec, config-linux.md#control-groups).
 *
 * Runtime process only; data, no code.
 */
#include "spec/names.h"
#include "spec/resources.h"
#include "tables.h"

/* -1 is the rule's word for "all". */
static const struct json_row device_rule_rows[] = {
	JSON_ROW_BOOL(struct spec_device_rule, "allow", allow, JSON_REQUIRED),
	JSON_ROW_ENUM_CHAR(struct spec_device_rule, "type", type, 0, spec_device_rule_type_names, "a device type"),
	JSON_ROW_OPT_I64(struct spec_device_rule, "major", major, 0, -1, UINT32_MAX),
	JSON_ROW_OPT_I64(struct spec_device_rule, "minor", minor, 0, -1, UINT32_MAX),
	JSON_ROW_STRING(struct spec_device_rule, "access", access, JSON_EMPTY_IS_ABSENT),
};
static const struct spec_device_rule device_rule_initial = { .type = 'a' };
JSON_TABLE_OF(device_rule_table, struct spec_device_rule);
static const struct json_table device_rule_table =
	JSON_TABLE_INIT(struct spec_device_rule, device_rule_rows, .initial = &device_rule_initial);

static const struct json_row memory_rows[] = {
	JSON_ROW_OPT_I64(struct spec_memory, "limit", limit, 0, INT64_MIN, INT64_MAX),
	JSON_ROW_OPT_I64(struct spec_memory, "reservation", reservation, 0, INT64_MIN, INT64_MAX),
	JSON_ROW_OPT_I64(struct spec_memory, "swap", swap, 0, INT64_MIN, INT64_MAX),
	JSON_ROW_OPT_I64(struct spec_memory, "kernel", kernel, 0, INT64_MIN, INT64_MAX),
	JSON_ROW_OPT_I64(struct spec_memory, "kernelTCP", kernel_tcp, 0, INT64_MIN, INT64_MAX),
	JSON_ROW_OPT_U64(struct spec_memory, "swappiness", swappiness, 0, 0, UINT64_MAX),
	JSON_ROW_OPT_BOOL(struct spec_memory, "disableOOMKiller", disable_oom_killer, 0),
	JSON_ROW_OPT_BOOL(struct spec_memory, "useHierarchy", use_hierarchy, 0),
	JSON_ROW_OPT_BOOL(struct spec_memory, "checkBeforeUpdate", check_before_update, 0),
};
JSON_TABLE(memory_table, struct spec_memory, memory_rows);

static const struct json_row cpu_rows[] = {
	JSON_ROW_OPT_U64(struct spec_cpu, "shares", shares, 0, 0, UINT64_MAX),
	JSON_ROW_OPT_I64(struct spec_cpu, "quota", quota, 0, INT64_MIN, INT64_MAX),
	JSON_ROW_OPT_U64(struct spec_cpu, "burst", burst, 0, 0, UINT64_MAX),
	JSON_ROW_OPT_U64(struct spec_cpu, "period", period, 0, 0, UINT64_MAX),
	JSON_ROW_OPT_I64(struct spec_cpu, "realtimeRuntime", realtime_runtime, 0, INT64_MIN, INT64_MAX),
	JSON_ROW_OPT_U64(struct spec_cpu, "realtimePeriod", realtime_period, 0, 0, UINT64_MAX),
	JSON_ROW_STRING(struct spec_cpu, "cpus", cpus, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec_cpu, "mems", mems, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_OPT_I64(struct spec_cpu, "idle", idle, 0, INT64_MIN, INT64_MAX),
};
JSON_TABLE(cpu_table, struct spec_cpu, cpu_rows);

static const struct json_row pids_rows[] = {
	JSON_ROW_OPT_I64(struct spec_pids, "limit", limit, JSON_REQUIRED, INT64_MIN, INT64_MAX),
};
JSON_TABLE(pids_table, struct spec_pids, pids_rows);

static const struct json_row weight_device_rows[] = {
	JSON_ROW_I64(struct spec_weight_device, "major", major, JSON_REQUIRED, 0, UINT32_MAX),
	JSON_ROW_I64(struct spec_weight_device, "minor", minor, JSON_REQUIRED, 0, UINT32_MAX),
	JSON_ROW_OPT_U32(struct spec_weight_device, "weight", weight, 0, 0, UINT16_MAX),
	JSON_ROW_OPT_U32(struct spec_weight_device, "leafWeight", leaf_weight, 0, 0, UINT16_MAX),
};
JSON_TABLE(weight_device_table, struct spec_weight_device, weight_device_rows);

static const struct json_row throttle_device_rows[] = {
	JSON_ROW_I64(struct spec_throttle_device, "major", major, JSON_REQUIRED, 0, UINT32_MAX),
	JSON_ROW_I64(struct spec_throttle_device, "minor", minor, JSON_REQUIRED, 0, UINT32_MAX),
	JSON_ROW_U64(struct spec_throttle_device, "rate", rate, 0, 0, UINT64_MAX),
};
JSON_TABLE(throttle_device_table, struct spec_throttle_device, throttle_device_rows);

/* Docker sends "weight": 0 for unset in every config; a zero never counts as asked for. */
static const struct json_row block_io_rows[] = {
	JSON_ROW_OPT_U32(struct spec_block_io, "weight", weight, 0, 0, UINT16_MAX),
	JSON_ROW_OPT_U32(struct spec_block_io, "leafWeight", leaf_weight, 0, 0, UINT16_MAX),
	JSON_ROW_OBJECTS(struct spec_block_io, "weightDevice", weight_device, 0, weight_device_table),
	JSON_ROW_OBJECTS(struct spec_block_io, "throttleReadBpsDevice", throttle_read_bps, 0,
			 throttle_device_table),
	JSON_ROW_OBJECTS(struct spec_block_io, "throttleWriteBpsDevice", throttle_write_bps, 0,
			 throttle_device_table),
	JSON_ROW_OBJECTS(struct spec_block_io, "throttleReadIOPSDevice", throttle_read_iops, 0,
			 throttle_device_table),
	JSON_ROW_OBJECTS(struct spec_block_io, "throttleWriteIOPSDevice", throttle_write_iops, 0,
			 throttle_device_table),
};
JSON_TABLE(block_io_table, struct spec_block_io, block_io_rows);

static const struct json_row hugepage_limit_rows[] = {
	JSON_ROW_STRING(struct spec_hugepage_limit, "pageSize", page_size, JSON_REQUIRED | JSON_NOT_EMPTY),
	JSON_ROW_U64(struct spec_hugepage_limit, "limit", limit, JSON_REQUIRED, 0, UINT64_MAX),
};
JSON_TABLE(hugepage_limit_table, struct spec_hugepage_limit, hugepage_limit_rows);

static const struct json_row net_priority_rows[] = {
	JSON_ROW_STRING(struct spec_net_priority, "name", name, JSON_REQUIRED | JSON_NOT_EMPTY),
	JSON_ROW_U32(struct spec_net_priority, "priority", priority, JSON_REQUIRED, 0, UINT32_MAX),
};
JSON_TABLE(net_priority_table, struct spec_net_priority, net_priority_rows);

static const struct json_row net_class_rows[] = {
	JSON_ROW_OPT_U32(struct spec_net_class, "classID", class_id, 0, 0, UINT32_MAX),
	JSON_ROW_OBJECTS(struct spec_net_class, "priorities", priorities, 0, net_priority_table),
};
JSON_TABLE(net_class_table, struct spec_net_class, net_class_rows);

static const struct json_row rdma_rows[] = {
	JSON_ROW_OPT_U32(struct spec_rdma, "hcaHandles", hca_handles, 0, 0, UINT32_MAX),
	JSON_ROW_OPT_U32(struct spec_rdma, "hcaObjects", hca_objects, 0, 0, UINT32_MAX),
};
JSON_TABLE(rdma_table, struct spec_rdma, rdma_rows);

static const struct json_row resources_rows[] = {
	JSON_ROW_OBJECTS(struct spec_resources, "devices", devices, 0, device_rule_table),
	JSON_ROW_OBJECT_PTR(struct spec_resources, "memory", memory, 0, memory_table),
	JSON_ROW_OBJECT_PTR(struct spec_resources, "cpu", cpu, 0, cpu_table),
	JSON_ROW_OBJECT_PTR(struct spec_resources, "pids", pids, 0, pids_table),
	JSON_ROW_OBJECT_PTR(struct spec_resources, "blockIO", block_io, 0, block_io_table),
	JSON_ROW_OBJECTS(struct spec_resources, "hugepageLimits", hugepage_limits, 0, hugepage_limit_table),
	JSON_ROW_OBJECT_PTR(struct spec_resources, "network", network, 0, net_class_table),
	JSON_ROW_OBJECT_MAP(struct spec_resources, "rdma", rdma, 0, rdma_table, device),
	JSON_ROW_STRING_MAP(struct spec_resources, "unified", unified, 0),
};
const struct json_table spec_resources_table = JSON_TABLE_INIT(struct spec_resources, resources_rows);
