/*
 * plan/print_json.c - a plan as one JSON document.
 *
 * Runtime process only; pure.  Every field of every op is there, by the rows of
 * op_rows.c; bits and enumerations are words.
 */
#include <stdio.h>

#include "json/emit.h"
#include "plan/op_rows.h"
#include "plan/plan.h"
#include "plan/print_values.h"
#include "plan/systemd.h"
#include "spec/hooks.h"

static void emit_bits(struct json_emitter *json, const struct print_words *words, uint64_t bits)
{
	const char *word;
	size_t at = 0;
	char rest[sizeof("0x") + 16];

	json_emit_array_begin(json);
	while ((word = plan_print_next_bit(words, &at, &bits)) != NULL)
		json_emit_string(json, word);
	if (bits != 0) {
		snprintf(rest, sizeof(rest), "0x%llx", (unsigned long long)bits);
		json_emit_string(json, rest);
	}
	json_emit_array_end(json);
}

static void emit_number(struct json_emitter *json, const struct print_words *words, uint64_t value)
{
	const char *word = words == NULL || words->is_bits ? NULL : name_from_value(words->names, (int64_t)value);

	if (words != NULL && words->is_bits)
		emit_bits(json, words, value);
	else if (word != NULL)
		json_emit_string(json, word);
	else
		json_emit_uint(json, value);
}

static void emit_list(struct json_emitter *json, const struct plan *plan, struct plan_list list)
{
	const struct plan_str *items = (const struct plan_str *)(const void *)(plan->pool + list.offset);

	json_emit_array_begin(json);
	for (uint32_t i = 0; i < list.count; i++)
		json_emit_string(json, plan->pool + items[i].offset);
	json_emit_array_end(json);
}

static void emit_numbers(struct json_emitter *json, const struct plan *plan, const struct print_words *words,
                         struct plan_numbers numbers)
{
	const uint32_t *items = (const uint32_t *)(const void *)(plan->pool + numbers.offset);

	json_emit_array_begin(json);
	for (uint32_t i = 0; i < numbers.count; i++)
		emit_number(json, words, items[i]);
	json_emit_array_end(json);
}

static void emit_field(struct json_emitter *json, const struct plan *plan, const struct plan_op *op,
                       const struct op_field *field)
{
	const void *at = (const char *)op + field->offset;
	const struct print_words *words = plan_print_words(op->kind, field->name);

	json_emit_key(json, field->name);
	switch ((enum op_field_type)field->type) {
	case OP_FIELD_STR:
		json_emit_string(json, plan->pool + ((const struct plan_str *)at)->offset);
		break;
	case OP_FIELD_LIST:
		emit_list(json, plan, *(const struct plan_list *)at);
		break;
	case OP_FIELD_NUMBERS:
		emit_numbers(json, plan, words, *(const struct plan_numbers *)at);
		break;
	case OP_FIELD_BYTES:
		json_emit_uint(json, ((const struct plan_bytes *)at)->size);
		break;
	case OP_FIELD_I32:
		json_emit_int(json, *(const int32_t *)at);
		break;
	case OP_FIELD_I64:
		json_emit_int(json, *(const int64_t *)at);
		break;
	case OP_FIELD_U64:
	case OP_FIELD_HEX64:
		emit_number(json, words, *(const uint64_t *)at);
		break;
	default:
		emit_number(json, words, *(const uint32_t *)at);
	}
}

static void emit_op(struct json_emitter *json, const struct plan *plan, const struct plan_op *op)
{
	const struct op_kind_row *row = &op_kind_rows[op->kind];

	json_emit_object_begin(json);
	json_emit_key_string(json, "phase", plan_phase_names[op->phase]);
	json_emit_key_string(json, "op", row->name);
	json_emit_key_string(json, "origin", plan->pool + op->origin.offset);
	for (size_t i = 0; i < row->field_count; i++)
		emit_field(json, plan, op, &row->fields[i]);
	json_emit_object_end(json);
}

static void emit_maps(struct json_emitter *json, const char *key, const struct spec_id_map_list *maps)
{
	json_emit_key_array(json, key);
	for (size_t i = 0; i < maps->count; i++) {
		json_emit_object_begin(json);
		json_emit_key_uint(json, "containerID", maps->items[i].container_id);
		json_emit_key_uint(json, "hostID", maps->items[i].host_id);
		json_emit_key_uint(json, "size", maps->items[i].size);
		json_emit_object_end(json);
	}
	json_emit_array_end(json);
}

static void emit_spawn(struct json_emitter *json, const struct plan_spawn *spawn)
{
	json_emit_key_object(json, "spawn");
	json_emit_key(json, "clone");
	emit_bits(json, &plan_print_clone_flags, spawn->clone_flags);
	json_emit_key_uint(json, "pidSlot", spawn->pid_slot);
	json_emit_key_uint(json, "userSlot", spawn->user_slot);
	json_emit_key_array(json, "earlySlots");
	for (uint32_t i = 0; i < spawn->early_count; i++)
		json_emit_uint(json, spawn->early_slots[i]);
	json_emit_array_end(json);
	if (spawn->has_helper_time) {
		json_emit_key_object(json, "timeOffsets");
		json_emit_key_int(json, "monotonicSecs", spawn->time_offsets.monotonic_secs);
		json_emit_key_uint(json, "monotonicNanosecs", spawn->time_offsets.monotonic_nanosecs);
		json_emit_key_int(json, "boottimeSecs", spawn->time_offsets.boottime_secs);
		json_emit_key_uint(json, "boottimeNanosecs", spawn->time_offsets.boottime_nanosecs);
		json_emit_object_end(json);
	}
	emit_maps(json, "uidMappings", &spawn->uid_maps);
	emit_maps(json, "gidMappings", &spawn->gid_maps);
	json_emit_object_end(json);
}

static void emit_slots(struct json_emitter *json, const struct plan *plan)
{
	static const char *const sources[] = { "op", "namespace", "tree", "fs", "append", "start" };

	json_emit_key_array(json, "slots");
	for (size_t i = SLOT_DYNAMIC; i < plan->slot_count; i++) {
		const struct plan_slot *slot = &plan->slots[i];
		json_emit_object_begin(json);
		json_emit_key_uint(json, "slot", i);
		json_emit_key_string(json, "source", sources[slot->source]);
		json_emit_key_string(json, "path", slot->path);
		json_emit_key(json, "namespace");
		emit_bits(json, &plan_print_clone_flags, slot->ns_type);
		json_emit_key_bool(json, "recursive", slot->is_recursive);
		if (slot->fs_type != NULL) {
			json_emit_key_string(json, "type", slot->fs_type);
			json_emit_key_strings(json, "options", (const char *const *)slot->options.items,
			                      slot->options.count);
		}
		if (slot->idmap != 0) {
			json_emit_key_uint(json, "idmap", slot->idmap);
			json_emit_key_bool(json, "idmapRecursive", slot->is_idmap_recursive);
		}
		json_emit_key_string(json, "origin", slot->origin);
		json_emit_object_end(json);
	}
	json_emit_array_end(json);
}

static void emit_idmaps(struct json_emitter *json, const struct plan *plan)
{
	json_emit_key_array(json, "idmaps");
	for (size_t i = 0; i < plan->idmap_count; i++) {
		json_emit_object_begin(json);
		emit_maps(json, "uidMappings", &plan->idmaps[i].uid_maps);
		emit_maps(json, "gidMappings", &plan->idmaps[i].gid_maps);
		json_emit_object_end(json);
	}
	json_emit_array_end(json);
}

static void emit_unit(struct json_emitter *json, const struct plan_unit *unit)
{
	json_emit_key_object(json, "unit");
	json_emit_key_string(json, "name", unit->name);
	json_emit_key_string(json, "slice", unit->slice);
	json_emit_key_bool(json, "isOfUser", unit->is_user);
	json_emit_key_array(json, "properties");
	for (size_t i = 0; i < unit->properties.count; i++) {
		const struct plan_unit_property *property = &unit->properties.items[i];
		_cleanup_buf_ struct buf value = BUF_INIT;

		plan_systemd_print_value(property, &value);
		json_emit_object_begin(json);
		json_emit_key_string(json, "name", property->name);
		json_emit_key_string(json, "type", property->type);
		json_emit_key_string(json, "value", buf_str(&value));
		json_emit_key_string(json, "origin", property->origin);
		json_emit_object_end(json);
	}
	json_emit_array_end(json);
	json_emit_object_end(json);
}

static void emit_cgroup(struct json_emitter *json, const struct plan_cgroup *cgroup)
{
	json_emit_key_object(json, "cgroup");
	json_emit_key_string(json, "manager", name_from_value(&plan_cgroup_manager_names, cgroup->manager));
	json_emit_key_string(json, "path", cgroup->path);
	json_emit_key_array(json, "writes");
	for (size_t i = 0; i < cgroup->write_count; i++) {
		json_emit_object_begin(json);
		json_emit_key_string(json, "controller", cgroup->writes[i].controller);
		json_emit_key_string(json, "file", cgroup->writes[i].file);
		json_emit_key_string(json, "text", cgroup->writes[i].text);
		json_emit_key_string(json, "origin", cgroup->writes[i].origin);
		json_emit_key_string(json, "need", plan_print_need(cgroup->writes[i].need));
		json_emit_object_end(json);
	}
	json_emit_array_end(json);
	json_emit_key_uint(json, "deviceProgramSize", cgroup->device_program_size);
	if (cgroup->unit != NULL)
		emit_unit(json, cgroup->unit);
	if (cgroup->subgroup != NULL)
		json_emit_key_string(json, "subgroup", cgroup->subgroup);
	if (cgroup->delegate != NULL) {
		json_emit_key_string(json, "delegate", cgroup->delegate);
		json_emit_key_uint(json, "delegateUid", cgroup->delegate_uid);
	}
	if (cgroup->has_owner)
		json_emit_key_uint(json, "ownerUid", cgroup->owner_uid);
	json_emit_object_end(json);
}

static void emit_hooks(struct json_emitter *json, const struct spec_hooks *hooks)
{
	json_emit_key_object(json, "hooks");
	for (int kind = 0; kind < HOOK_KIND_COUNT; kind++) {
		if (kind == HOOK_CREATE_CONTAINER || kind == HOOK_START_CONTAINER)
			continue;
		json_emit_key_array(json, spec_hook_kind_name((enum spec_hook_kind)kind));
		for (size_t i = 0; i < hooks->kinds[kind].count; i++)
			json_emit_string(json, hooks->kinds[kind].items[i].path);
		json_emit_array_end(json);
	}
	json_emit_object_end(json);
}

void plan_print_json(const struct plan *plan, struct buf *out)
{
	struct json_emitter json;

	json_emit_open(&json, out, JSON_PRETTY);
	json_emit_object_begin(&json);
	emit_spawn(&json, &plan->spawn);
	emit_slots(&json, plan);
	emit_idmaps(&json, plan);
	emit_cgroup(&json, &plan->cgroup);
	json_emit_key(&json, "oomScoreAdj");
	if (plan->oom_score_adj.is_set)
		json_emit_int(&json, plan->oom_score_adj.value);
	else
		json_emit_null(&json);
	json_emit_key_object(&json, "netDevices");
	for (size_t i = 0; i < plan->net_devices.count; i++) {
		const struct spec_net_device *device = &plan->net_devices.items[i];
		json_emit_key_string(&json, device->host_name,
		                     device->name != NULL ? device->name : device->host_name);
	}
	json_emit_object_end(&json);
	emit_hooks(&json, &plan->hooks);
	json_emit_key_strings(&json, "warnings", (const char *const *)plan->warnings.items, plan->warnings.count);
	json_emit_key_array(&json, "ops");
	for (size_t i = 0; i < plan->op_count; i++)
		emit_op(&json, plan, &plan->ops[i]);
	json_emit_array_end(&json);
	json_emit_object_end(&json);
	json_emit_close(&json);
}
