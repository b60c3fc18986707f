/*
 * fuzz_resources.c - `update --resources`: the file, the writes for cgroup v1, hybrid and v2, what systemd is told, and
 * what undoes a write.
 *
 * The input is a byte for the host and the JSON; then after a NUL what files of the kernel are said to hold.  Oracles:
 * a write goes to a limit's file of its controller and nowhere else; device rules mean the same as a program and in a
 * plain model; what undoes a write is one line.
 */
#include "cgroup/cgroup.h"
#include "fuzz.h"
#include "hosts.h"
#include "plan/cgroup_build.h"
#include "plan/devices.h"
#include "plan/systemd.h"
#include "../../src/cgroup/update.h"

/* Pressure files are for reading and for watching; cgroup.* would move processes. */
static void check_write(const struct plan_cgroup_write *write)
{
	FUZZ_REQUIRE(write->file[0] != '\0' && !strchr(write->file, '/') && strncmp(write->file, "cgroup.", 7) != 0);
	FUZZ_REQUIRE(strcmp(write->file, "tasks") != 0 && strcmp(write->file, "release_agent") != 0);
	FUZZ_REQUIRE(write->controller[0] != '\0' && write->text && write->text[0] != '\0' && write->origin);
}

static void check_properties(const struct plan_unit_properties *properties)
{
	_cleanup_buf_ struct buf out = BUF_INIT;

	for (size_t i = 0; i < properties->count; i++) {
		FUZZ_REQUIRE(properties->items[i].name[0] != '\0' && properties->items[i].type[0] != '\0');
		plan_systemd_print_value(&properties->items[i], &out);
	}
}

/* The kernel's files hold what the input says, and an undo goes back to it. */
static void check_undo(struct arena *arena, const struct plan_cgroup *plan, const char *old)
{
	struct plan_cgroup undo = *plan;
	struct plan_unit_properties properties = { NULL, 0 };

	undo.writes = arena_alloc_array(arena, plan->write_count, sizeof(*undo.writes));
	for (size_t i = 0; i < plan->write_count; i++) {
		const struct plan_cgroup_write *write = &plan->writes[i];
		const char *text = cgroup_old_value(arena, write->file, write->text, old);

		FUZZ_REQUIRE(text && text[0] != '\0' && (strcmp(text, "\n") == 0 || !strchr(text, '\n') ||
							 strchr(write->text, '\n')));
		undo.writes[i] = *write;
		undo.writes[i].text = text;
	}
	plan_systemd_limits(arena, &undo, &properties);
	check_properties(&properties);
}

/* --- devices: for each access the last rule that matches decides, and all must be allowed --- */

static bool model_allows(const struct spec_device_rule_list *list, char type, int64_t major, int64_t minor, char access)
{
	bool is_allowed = false;

	for (size_t i = 0; i < list->count; i++) {
		const struct spec_device_rule *rule = &list->items[i];
		bool is_all = rule->type == 'a' || rule->type == 0;

		if ((is_all || rule->type == type) &&
		    (!rule->major.is_set || rule->major.value == -1 || rule->major.value == major) &&
		    (!rule->minor.is_set || rule->minor.value == -1 || rule->minor.value == minor) &&
		    (!rule->access || !rule->access[0] || strchr(rule->access, access)))
			is_allowed = rule->allow;
	}
	return is_allowed;
}

/* The rules as they were settled; those that every container gets come last. */
static bool rules_allow(const struct plan_device_rules *rules, bool default_allow, char type, int64_t major,
			int64_t minor, uint32_t access, bool *is_builtin)
{
	bool is_allowed = default_allow;

	*is_builtin = false;
	for (size_t i = 0; i < rules->count; i++) {
		const struct plan_device_rule *rule = &rules->items[i];

		if ((rule->type == 'a' || rule->type == type) && (rule->major == -1 || rule->major == major) &&
		    (rule->minor == -1 || rule->minor == minor) && (rule->access & access) != 0) {
			is_allowed = rule->is_allow;
			*is_builtin = rule->is_builtin;
		}
	}
	return is_allowed;
}

static void check_devices(struct arena *arena, const struct spec_device_rule_list *list)
{
	static const struct { char word; uint32_t bit; } accesses[] = {
		{ 'm', DEVICE_MKNOD }, { 'r', DEVICE_READ }, { 'w', DEVICE_WRITE },
	};
	static const int64_t numbers[] = { 0, 1, 3, 5, 8, 10, 136, 200 };
	struct plan_device_rules rules;
	struct err err = ERR_INIT;
	bool default_allow, is_builtin;
	size_t size;

	if (plan_devices_collect(arena, list, &rules, &default_allow, &err) < 0)
		return;
	for (unsigned i = 0; i < 64 * 2 * 3; i++) {
		int64_t major = numbers[i & 7], minor = numbers[i >> 3 & 7];
		char type = i & 64 ? 'b' : 'c';
		unsigned access = i / 128;
		bool is_allowed = rules_allow(&rules, default_allow, type, major, minor, accesses[access].bit,
					      &is_builtin);

		if (!is_builtin)
			FUZZ_REQUIRE(is_allowed == model_allows(list, type, major, minor, accesses[access].word));
	}
	(void)plan_devices_program(arena, &rules, default_allow, &size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct fuzz_input input = { (const char *)data, size };
	uint8_t choice = fuzz_byte(&input);
	struct fuzz_input json = fuzz_cut(&input);
	struct spec_resources resources;
	struct plan_options options;
	struct plan_cgroup plan;
	struct host host;
	struct err err = ERR_INIT;
	char *old;

	choose_host(choice, &host, &options);
	if (spec_decode_resources(&arena, "resources", json.data, json.size, &resources, NULL, &err) < 0) {
		FUZZ_REQUIRE(strncmp(err.text, "resources:", 10) == 0);
		return 0;
	}
	check_devices(&arena, &resources.devices);
	if (plan_cgroup_build_update(&arena, &resources, &host, options.cgroup_manager, &plan, &err) < 0) {
		FUZZ_REQUIRE(err.kind == ERR_CONFIG || err.kind == ERR_UNSUPPORTED);
		FUZZ_REQUIRE(strncmp(err.text, "linux.resources", 15) == 0);
		return 0;
	}
	for (size_t i = 0; i < plan.write_count; i++)
		check_write(&plan.writes[i]);
	if (plan.unit) {
		check_properties(&plan.unit->properties);
		check_properties(&plan.unit->device_properties);
	}
	old = fuzz_cut_text(&input);
	check_undo(&arena, &plan, old);
	free(old);
	return 0;
}
