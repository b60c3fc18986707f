/*
 * plan/print_text.c - a plan for people: what the runtime does, then one line an op under headings of its phases.
 *
 * Runtime process only; pure.  Strings come from config.json, so what a terminal would act on is escaped.
 */
#include <string.h>

#include "base/escape.h"
#include "plan/op_rows.h"
#include "plan/plan.h"
#include "plan/print_values.h"
#include "plan/systemd.h"
#include "spec/hooks.h"

/* A zero says something in these fields; elsewhere it means "not asked for" and is left out. */
static const char *const zero_fields[] = { "uid", "gid", "mask", "mode", "soft", "hard", "major", "minor", "first",
	                                   "port" };

static const char *const fixed_slots[SLOT_DYNAMIC] = {
	[SLOT_NONE] = "none",   [SLOT_ROOT] = "root", [SLOT_PROC] = "proc",
	[SLOT_START] = "start", [SLOT_NULL] = "null", [SLOT_MASK] = "mask",
};

/* A string that could be mistaken for two, or for nothing, gets quotes. */
static void print_string(struct buf *out, const char *text)
{
	if (*text != '\0' && strpbrk(text, " \"\\[]") == NULL) {
		escape_add(out, text, "");
		return;
	}
	buf_add_str(out, "\"");
	escape_add(out, text, "\"\\");
	buf_add_str(out, "\"");
}

static void print_bits(struct buf *out, const struct print_words *words, uint64_t bits)
{
	const char *separator = "";
	const char *word;
	size_t at = 0;

	while ((word = plan_print_next_bit(words, &at, &bits)) != NULL) {
		buf_printf(out, "%s%s", separator, word);
		separator = ",";
	}
	if (bits != 0)
		buf_printf(out, "%s0x%llx", separator, (unsigned long long)bits);
}

static void print_number(struct buf *out, const struct print_words *words, const char *format, uint64_t value)
{
	const char *word = words == NULL || words->is_bits ? NULL : name_from_value(words->names, (int64_t)value);

	if (words != NULL && words->is_bits)
		print_bits(out, words, value);
	else if (word != NULL)
		buf_add_str(out, word);
	else if (strcmp(format, "o") == 0)
		buf_printf(out, "0%llo", (unsigned long long)value);
	else if (strcmp(format, "x") == 0)
		buf_printf(out, "0x%llx", (unsigned long long)value);
	else if (strcmp(format, "d") == 0)
		buf_printf(out, "%lld", (long long)value);
	else
		buf_printf(out, "%llu", (unsigned long long)value);
}

static void print_list(struct buf *out, const struct plan *plan, struct plan_list list)
{
	const struct plan_str *items = (const struct plan_str *)(const void *)(plan->pool + list.offset);

	buf_add_str(out, "[");
	for (uint32_t i = 0; i < list.count; i++) {
		buf_add_str(out, i == 0 ? "" : " ");
		print_string(out, plan->pool + items[i].offset);
	}
	buf_add_str(out, "]");
}

static void print_numbers(struct buf *out, const struct plan *plan, const struct print_words *words,
                          struct plan_numbers numbers)
{
	const uint32_t *items = (const uint32_t *)(const void *)(plan->pool + numbers.offset);

	buf_add_str(out, "[");
	for (uint32_t i = 0; i < numbers.count; i++) {
		buf_add_str(out, i == 0 ? "" : " ");
		print_number(out, words, "u", items[i]);
	}
	buf_add_str(out, "]");
}

static void print_slot(struct buf *out, const struct plan *plan, uint32_t slot)
{
	if (slot < SLOT_DYNAMIC) {
		buf_add_str(out, fixed_slots[slot]);
		return;
	}
	buf_printf(out, "#%u", slot);
	if (plan->slots[slot].path != NULL) {
		buf_add_str(out, ":");
		print_string(out, plan->slots[slot].path);
	}
	if (plan->slots[slot].fs_type != NULL) {
		buf_add_str(out, "(");
		print_string(out, plan->slots[slot].fs_type);
		for (size_t i = 0; i < plan->slots[slot].options.count; i++) {
			buf_add_str(out, ",");
			print_string(out, plan->slots[slot].options.items[i]);
		}
		buf_add_str(out, ")");
	}
	if (plan->slots[slot].idmap != 0)
		buf_printf(out, " %s=%u", plan->slots[slot].is_idmap_recursive ? "ridmap" : "idmap",
		           plan->slots[slot].idmap);
}

static uint64_t field_number(const struct op_field *field, const void *at)
{
	switch ((enum op_field_type)field->type) {
	case OP_FIELD_U64:
	case OP_FIELD_HEX64:
	case OP_FIELD_I64:
		return *(const uint64_t *)at;
	case OP_FIELD_I32:
		return (uint64_t)(int64_t)*(const int32_t *)at;
	default:
		return *(const uint32_t *)at;
	}
}

/* Areas are printed when they hold something; a number when it isn't 0 or 0 means something. */
static bool is_shown(const struct op_field *field, const struct plan_op *op, const void *at)
{
	switch ((enum op_field_type)field->type) {
	case OP_FIELD_STR:
		return ((const struct plan_str *)at)->offset != 0;
	case OP_FIELD_LIST:
	case OP_FIELD_NUMBERS:
	case OP_FIELD_BYTES:
		return ((const struct plan_list *)at)->count != 0;
	default:
		break;
	}
	const struct print_words *words = plan_print_words(op->kind, field->name);
	if (field_number(field, at) != 0 || (words != NULL && !words->is_bits && op->kind != OP_OPEN_TREE))
		return true;
	for (size_t i = 0; i < sizeof(zero_fields) / sizeof(zero_fields[0]); i++) {
		if (strcmp(field->name, zero_fields[i]) == 0)
			return op->kind != OP_OPEN_TREE;
	}
	return false;
}

static const char *number_format(const struct op_field *field)
{
	switch ((enum op_field_type)field->type) {
	case OP_FIELD_OCTAL:
		return "o";
	case OP_FIELD_HEX32:
	case OP_FIELD_HEX64:
		return "x";
	case OP_FIELD_I32:
	case OP_FIELD_I64:
		return "d";
	default:
		return "u";
	}
}

static void print_field(struct buf *out, const struct plan *plan, const struct plan_op *op,
                        const struct op_field *field)
{
	const void *at = (const char *)op + field->offset;
	const struct print_words *words = plan_print_words(op->kind, field->name);

	if (!is_shown(field, op, at))
		return;
	buf_printf(out, " %s=", field->name);
	switch ((enum op_field_type)field->type) {
	case OP_FIELD_STR:
		print_string(out, plan->pool + ((const struct plan_str *)at)->offset);
		break;
	case OP_FIELD_LIST:
		print_list(out, plan, *(const struct plan_list *)at);
		break;
	case OP_FIELD_NUMBERS:
		print_numbers(out, plan, words, *(const struct plan_numbers *)at);
		break;
	case OP_FIELD_BYTES:
		buf_printf(out, "%u bytes", ((const struct plan_bytes *)at)->size);
		break;
	case OP_FIELD_SLOT:
	case OP_FIELD_SLOT_FILL:
		print_slot(out, plan, *(const uint32_t *)at);
		break;
	default:
		print_number(out, words, number_format(field), field_number(field, at));
	}
}

void plan_print_op(const struct plan *plan, const struct plan_op *op, struct buf *out)
{
	const struct op_kind_row *row = &op_kind_rows[op->kind];
	_cleanup_buf_ struct buf text = BUF_INIT;

	for (size_t i = 0; i < row->field_count; i++) {
		if (row->fields[i].type != OP_FIELD_LIST && row->fields[i].type != OP_FIELD_BYTES)
			print_field(&text, plan, op, &row->fields[i]);
	}
	/* Each field has a blank in front. */
	if (text.length > 0)
		buf_add_str(out, text.data + 1);
}

static void print_op(struct buf *out, const struct plan *plan, const struct plan_op *op)
{
	const struct op_kind_row *row = &op_kind_rows[op->kind];

	buf_printf(out, "  %s", row->name);
	for (size_t i = 0; i < row->field_count; i++)
		print_field(out, plan, op, &row->fields[i]);
	if (op->origin.offset != 0) {
		buf_add_str(out, "  <- ");
		escape_add(out, plan->pool + op->origin.offset, "");
	}
	buf_add_str(out, "\n");
}

static void print_maps(struct buf *out, const char *name, const struct spec_id_map_list *maps)
{
	for (size_t i = 0; i < maps->count; i++)
		buf_printf(out, "  %s %u %u %u\n", name, maps->items[i].container_id, maps->items[i].host_id,
		           maps->items[i].size);
}

static void print_join(struct buf *out, const struct plan *plan, uint32_t slot)
{
	if (slot == SLOT_NONE)
		return;
	buf_add_str(out, "  helper joins ");
	print_bits(out, &plan_print_clone_flags, plan->slots[slot].ns_type);
	buf_add_str(out, " ");
	print_slot(out, plan, slot);
	buf_add_str(out, "\n");
}

static void print_spawn(struct buf *out, const struct plan *plan)
{
	const struct plan_spawn *spawn = &plan->spawn;

	print_join(out, plan, spawn->pid_slot);
	for (uint32_t i = 0; i < spawn->early_count; i++)
		print_join(out, plan, spawn->early_slots[i]);
	print_join(out, plan, spawn->user_slot);
	if (spawn->has_helper_time)
		buf_printf(out, "  helper makes time monotonic %lld %u boottime %lld %u\n",
		           (long long)spawn->time_offsets.monotonic_secs, spawn->time_offsets.monotonic_nanosecs,
		           (long long)spawn->time_offsets.boottime_secs, spawn->time_offsets.boottime_nanosecs);
	if (spawn->join_flags != 0) {
		buf_add_str(out, "  helper joins ");
		print_bits(out, &plan_print_clone_flags, spawn->join_flags);
		buf_add_str(out, " of the container\n");
	}
	buf_add_str(out, "  clone ");
	print_bits(out, &plan_print_clone_flags, spawn->clone_flags);
	buf_add_str(out, spawn->clone_flags == 0 ? "nothing\n" : "\n");
	print_maps(out, "uid_map", &spawn->uid_maps);
	print_maps(out, "gid_map", &spawn->gid_maps);
}

static void print_idmaps(struct buf *out, const struct plan *plan)
{
	for (size_t i = 0; i < plan->idmap_count; i++) {
		bool is_own = plan->idmaps[i].uid_maps.count > 0;
		buf_printf(out, "  idmap %zu%s\n", i + 1, is_own ? "" : " by the container's user namespace");
		print_maps(out, "  uid_map", &plan->idmaps[i].uid_maps);
		print_maps(out, "  gid_map", &plan->idmaps[i].gid_maps);
	}
}

static void print_unit(struct buf *out, const struct plan_unit *unit)
{
	buf_printf(out, "  unit %s in %s of the %s manager\n", unit->name, unit->slice,
	           unit->is_user ? "user's" : "system's");
	for (size_t i = 0; i < unit->properties.count; i++) {
		const struct plan_unit_property *property = &unit->properties.items[i];
		_cleanup_buf_ struct buf value = BUF_INIT;

		plan_systemd_print_value(property, &value);
		buf_printf(out, "  property %s %s ", property->name, property->type);
		escape_add(out, buf_str(&value), "");
		if (property->origin[0] != '\0')
			buf_printf(out, "  <- %s", property->origin);
		buf_add_str(out, "\n");
	}
}

static void print_cgroup(struct buf *out, const struct plan *plan)
{
	const struct plan_cgroup *cgroup = &plan->cgroup;

	buf_printf(out, "  cgroup %s", name_from_value(&plan_cgroup_manager_names, cgroup->manager));
	if (cgroup->path != NULL && cgroup->manager != CGROUP_DISABLED) {
		buf_add_str(out, " ");
		print_string(out, cgroup->path);
	}
	buf_add_str(out, "\n");
	for (size_t i = 0; i < cgroup->write_count; i++) {
		const struct plan_cgroup_write *write = &cgroup->writes[i];
		buf_printf(out, "  write %s ", write->file);
		print_string(out, write->text);
		if (write->need != WRITE_REQUIRED)
			buf_printf(out, " (%s)", plan_print_need(write->need));
		if (write->origin != NULL)
			buf_printf(out, "  <- %s", write->origin);
		buf_add_str(out, "\n");
	}
	if (cgroup->unit != NULL)
		print_unit(out, cgroup->unit);
	if (cgroup->device_program != NULL)
		buf_printf(out, "  device program %zu bytes\n", cgroup->device_program_size);
	if (cgroup->subgroup != NULL)
		buf_printf(out, "  subgroup %s\n", cgroup->subgroup);
	if (cgroup->delegate != NULL)
		buf_printf(out, "  delegate %s to %u\n", cgroup->delegate, cgroup->delegate_uid);
	if (cgroup->has_owner)
		buf_printf(out, "  owner %u\n", cgroup->owner_uid);
}

static void print_hooks(struct buf *out, const struct plan *plan)
{
	for (int kind = 0; kind < HOOK_KIND_COUNT; kind++) {
		if (kind == HOOK_CREATE_CONTAINER || kind == HOOK_START_CONTAINER)
			continue;
		for (size_t i = 0; i < plan->hooks.kinds[kind].count; i++) {
			buf_printf(out, "  hook %s ", spec_hook_kind_name((enum spec_hook_kind)kind));
			print_string(out, plan->hooks.kinds[kind].items[i].path);
			buf_add_str(out, "\n");
		}
	}
}

void plan_print_text(const struct plan *plan, struct buf *out)
{
	buf_add_str(out, "runtime\n");
	for (size_t i = 0; i < plan->warnings.count; i++) {
		buf_add_str(out, "  warning ");
		escape_add(out, plan->warnings.items[i], "");
		buf_add_str(out, "\n");
	}
	print_spawn(out, plan);
	print_idmaps(out, plan);
	print_cgroup(out, plan);
	if (plan->oom_score_adj.is_set)
		buf_printf(out, "  oom_score_adj %lld\n", (long long)plan->oom_score_adj.value);
	for (size_t i = 0; i < plan->net_devices.count; i++) {
		const struct spec_net_device *device = &plan->net_devices.items[i];
		buf_add_str(out, "  net_device ");
		print_string(out, device->host_name);
		buf_add_str(out, " becomes ");
		print_string(out, device->name != NULL ? device->name : device->host_name);
		buf_add_str(out, "\n");
	}
	print_hooks(out, plan);
	for (size_t i = 0; i < plan->op_count; i++) {
		if (i == 0 || plan->ops[i].phase != plan->ops[i - 1].phase)
			buf_printf(out, "%s\n", plan_phase_names[plan->ops[i].phase]);
		print_op(out, plan, &plan->ops[i]);
	}
}
