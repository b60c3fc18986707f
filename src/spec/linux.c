/*
 * spec/linux.c - the rows of `linux`, but resources and seccomp (runtime-spec, config-linux.md).
 *
 * Runtime process only; data, no code.  What can't be executed yet is JSON_UNSUPPORTED: taking the flag away is all
 * that its support needs in this layer.
 */
#include "spec/linux.h"
#include "spec/names.h"
#include "tables.h"

static const struct json_row namespace_rows[] = {
	JSON_ROW_ENUM(struct spec_namespace, "type", type, JSON_REQUIRED, spec_namespace_names, "a namespace type"),
	JSON_ROW_STRING(struct spec_namespace, "path", path, JSON_EMPTY_IS_ABSENT | JSON_ABSOLUTE),
};
JSON_TABLE(namespace_table, struct spec_namespace, namespace_rows);

/* An extent of size 0 maps nothing, and the kernel refuses the whole map for it. */
static const struct json_row id_map_rows[] = {
	JSON_ROW_U32(struct spec_id_map, "containerID", container_id, JSON_REQUIRED, 0, UINT32_MAX),
	JSON_ROW_U32(struct spec_id_map, "hostID", host_id, JSON_REQUIRED, 0, UINT32_MAX),
	JSON_ROW_U32(struct spec_id_map, "size", size, JSON_REQUIRED, 1, UINT32_MAX),
};
const struct json_table spec_id_map_table = JSON_TABLE_INIT(struct spec_id_map, id_map_rows);

/* clock_settime(2): less than a second. */
static const struct json_row time_offset_rows[] = {
	JSON_ROW_I64(struct spec_time_offset, "secs", secs, 0, INT64_MIN, INT64_MAX),
	JSON_ROW_U32(struct spec_time_offset, "nanosecs", nanosecs, 0, 0, 999999999),
};
JSON_TABLE(time_offset_table, struct spec_time_offset, time_offset_rows);

static const struct json_row time_offsets_rows[] = {
	JSON_ROW_OBJECT_PTR(struct spec_linux, "boottime", time_boottime, 0, time_offset_table),
	JSON_ROW_OBJECT_PTR(struct spec_linux, "monotonic", time_monotonic, 0, time_offset_table),
};
JSON_TABLE(time_offsets_table, struct spec_linux, time_offsets_rows);

/*
 * mknod(2) has 12 bits for the major and 20 for the minor number and drops the rest: a larger number would make another
 * device.  Engines copy st_mode, so more than permissions may come in fileMode.
 */
static const struct json_row device_rows[] = {
	JSON_ROW_ENUM_CHAR(struct spec_device, "type", type, JSON_REQUIRED, spec_device_type_names, "a device type"),
	JSON_ROW_STRING(struct spec_device, "path", path, JSON_REQUIRED | JSON_ABSOLUTE),
	JSON_ROW_I64(struct spec_device, "major", major, 0, 0, (1 << 12) - 1),
	JSON_ROW_I64(struct spec_device, "minor", minor, 0, 0, (1 << 20) - 1),
	JSON_ROW_OPT_U32(struct spec_device, "fileMode", file_mode, 0, 0, UINT16_MAX),
	JSON_ROW_OPT_U32(struct spec_device, "uid", uid, 0, 0, UINT32_MAX),
	JSON_ROW_OPT_U32(struct spec_device, "gid", gid, 0, 0, UINT32_MAX),
};
/* -1 is "absent" until spec_check_linux() has seen that the type needs no number. */
static const struct spec_device device_initial = { .major = -1, .minor = -1 };
JSON_TABLE_OF(device_table, struct spec_device);
static const struct json_table device_table = JSON_TABLE_INIT(struct spec_device, device_rows,
							      .initial = &device_initial);

static const struct json_row net_device_rows[] = {
	JSON_ROW_STRING(struct spec_net_device, "name", name, JSON_EMPTY_IS_ABSENT),
};
JSON_TABLE(net_device_table, struct spec_net_device, net_device_rows);

static const struct json_row intel_rdt_rows[] = {
	JSON_ROW_STRING(struct spec_intel_rdt, "closID", clos_id, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRINGS(struct spec_intel_rdt, "schemata", schemata, 0),
	JSON_ROW_STRING(struct spec_intel_rdt, "l3CacheSchema", l3_cache_schema, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_STRING(struct spec_intel_rdt, "memBwSchema", mem_bw_schema, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_BOOL(struct spec_intel_rdt, "enableMonitoring", enable_monitoring, 0),
};
JSON_TABLE(intel_rdt_table, struct spec_intel_rdt, intel_rdt_rows);

static const struct json_row memory_policy_rows[] = {
	JSON_ROW_ENUM(struct spec_memory_policy, "mode", mode, JSON_REQUIRED, spec_memory_policy_names,
		      "a memory policy"),
	JSON_ROW_STRING(struct spec_memory_policy, "nodes", nodes, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_FLAGS_U32(struct spec_memory_policy, "flags", flags, 0, spec_memory_flag_names,
			   "a memory policy flag"),
};
JSON_TABLE(memory_policy_table, struct spec_memory_policy, memory_policy_rows);

static const struct json_row personality_rows[] = {
	JSON_ROW_ENUM(struct spec_personality, "domain", domain, JSON_REQUIRED, spec_personality_names,
		      "an execution domain"),
	JSON_ROW_STRINGS(struct spec_personality, "flags", flags, JSON_UNSUPPORTED),
};
JSON_TABLE(personality_table, struct spec_personality, personality_rows);

static const struct json_row landlock_ruleset_rows[] = {
	JSON_ROW_FLAGS_U64(struct spec_landlock, "handledAccessFS", handled_fs, JSON_NOT_EMPTY, spec_landlock_fs_names,
			   "a Landlock access right for files"),
	JSON_ROW_FLAGS_U64(struct spec_landlock, "handledAccessNet", handled_net, JSON_NOT_EMPTY,
			   spec_landlock_net_names, "a Landlock access right for the network"),
	JSON_ROW_FLAGS_U64(struct spec_landlock, "scoped", scoped, JSON_NOT_EMPTY, spec_landlock_scope_names,
			   "a Landlock scope"),
};
JSON_TABLE_STRICT(landlock_ruleset_table, struct spec_landlock, landlock_ruleset_rows);

static const struct json_row landlock_path_rows[] = {
	JSON_ROW_FLAGS_U64(struct spec_landlock_path, "allowedAccess", allowed, JSON_REQUIRED | JSON_NOT_EMPTY,
			   spec_landlock_fs_names, "a Landlock access right for files"),
	JSON_ROW_STRINGS(struct spec_landlock_path, "paths", paths, JSON_REQUIRED | JSON_NOT_EMPTY | JSON_ABSOLUTE),
};
JSON_TABLE_STRICT(landlock_path_table, struct spec_landlock_path, landlock_path_rows);

static const struct json_row landlock_port_rows[] = {
	JSON_ROW_FLAGS_U64(struct spec_landlock_port, "allowedAccess", allowed, JSON_REQUIRED | JSON_NOT_EMPTY,
			   spec_landlock_net_names, "a Landlock access right for the network"),
	JSON_ROW_U32S(struct spec_landlock_port, "ports", ports, JSON_REQUIRED | JSON_NOT_EMPTY, 0, UINT16_MAX),
};
JSON_TABLE_STRICT(landlock_port_table, struct spec_landlock_port, landlock_port_rows);

static const struct json_row landlock_rules_rows[] = {
	JSON_ROW_OBJECTS(struct spec_landlock, "pathBeneath", paths, 0, landlock_path_table),
	JSON_ROW_OBJECTS(struct spec_landlock, "netPort", ports, 0, landlock_port_table),
};
JSON_TABLE_STRICT(landlock_rules_table, struct spec_landlock, landlock_rules_rows);

static const struct json_row landlock_rows[] = {
	JSON_ROW_SELF("ruleset", JSON_REQUIRED, landlock_ruleset_table),
	JSON_ROW_SELF("rules", 0, landlock_rules_table),
	JSON_ROW_OPT_BOOL(struct spec_landlock, "disableBestEffort", disable_best_effort, 0),
};
JSON_TABLE_OF(landlock_table, struct spec_landlock);
static const struct json_table landlock_table =
	JSON_TABLE_INIT(struct spec_landlock, landlock_rows, .is_strict = true, .has_text = true,
			.text_offset = offsetof(struct spec_landlock, text));

static const struct json_row linux_rows[] = {
	JSON_ROW_OBJECTS(struct spec_linux, "namespaces", namespaces, 0, namespace_table),
	JSON_ROW_OBJECTS(struct spec_linux, "uidMappings", uid_mappings, 0, spec_id_map_table),
	JSON_ROW_OBJECTS(struct spec_linux, "gidMappings", gid_mappings, 0, spec_id_map_table),
	JSON_ROW_SELF("timeOffsets", 0, time_offsets_table),
	JSON_ROW_OBJECTS(struct spec_linux, "devices", devices, 0, device_table),
	JSON_ROW_OBJECT_MAP(struct spec_linux, "netDevices", net_devices, 0, net_device_table,
			    host_name),
	JSON_ROW_STRING(struct spec_linux, "cgroupsPath", cgroups_path, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_OBJECT_PTR(struct spec_linux, "resources", resources, 0, spec_resources_table),
	JSON_ROW_OBJECT_PTR(struct spec_linux, "intelRdt", intel_rdt, JSON_UNSUPPORTED, intel_rdt_table),
	JSON_ROW_OBJECT_PTR(struct spec_linux, "memoryPolicy", memory_policy, 0, memory_policy_table),
	JSON_ROW_STRING_MAP(struct spec_linux, "sysctl", sysctl, 0),
	JSON_ROW_OBJECT_PTR(struct spec_linux, "seccomp", seccomp, 0, spec_seccomp_table),
	JSON_ROW_WORD(struct spec_linux, "rootfsPropagation", rootfs_propagation, JSON_EMPTY_IS_ABSENT,
		      spec_propagation_names, "a propagation type"),
	JSON_ROW_STRINGS(struct spec_linux, "maskedPaths", masked_paths, JSON_ABSOLUTE),
	JSON_ROW_STRINGS(struct spec_linux, "readonlyPaths", readonly_paths, JSON_ABSOLUTE),
	JSON_ROW_STRING(struct spec_linux, "mountLabel", mount_label, JSON_EMPTY_IS_ABSENT),
	JSON_ROW_OBJECT_PTR(struct spec_linux, "personality", personality, 0, personality_table),
	JSON_ROW_OBJECT_PTR(struct spec_linux, "landlock", landlock, 0, landlock_table),
};
const struct json_table spec_linux_table = JSON_TABLE_INIT(struct spec_linux, linux_rows);
