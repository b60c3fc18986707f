/*
 * runtime/features.c - what this build can do, as the document of runtime-spec's features.md.
 *
 * Runtime process only.  The words come from the tables that the decoder and the planner work with, so that the
 * document can't claim what isn't built; it asks the kernel only which seccomp flags it takes.
 */
#include <errno.h>

#include "base/arena.h"
#include "base/seccomp_flags.h"
#include "cgroup/systemd.h"
#include "config.h"
#include "json/emit.h"
#include "plan/cgroup_build.h"
#include "plan/mount_options.h"
#include "plan/seccomp.h"
#include "runtime/runtime.h"
#include "spec/annotations.h"
#include "spec/hooks.h"
#include "spec/names.h"
#include "spec/seccomp.h"
#include "spec/spec.h"
#include "sys/landlock.h"
#include "sys/process.h"

static void emit_names(struct json_emitter *emitter, const char *key, const struct name_table *table,
                       bool (*is_built)(const struct name_row *))
{
	json_emit_key_array(emitter, key);
	for (size_t i = 0; i < table->count; i++) {
		if (is_built == NULL || is_built(&table->rows[i]))
			json_emit_string(emitter, table->rows[i].name);
	}
	json_emit_array_end(emitter);
}

static bool is_arch_known(const struct name_row *row)
{
	return plan_seccomp_has_arch(row->name);
}

/*
 * Flags are looked at before the program is (seccomp(2)): EFAULT for a program at NULL says that they are fine.  One is
 * for listeners only.
 */
static bool is_flag_supported(const struct name_row *row)
{
	unsigned flags = (unsigned)row->value;

	return sys_seccomp_filter(flags, NULL) == -EFAULT ||
	       sys_seccomp_filter(flags | SECCOMP_FILTER_FLAG_NEW_LISTENER, NULL) == -EFAULT;
}

static void emit_enabled(struct json_emitter *emitter, const char *key, bool is_enabled)
{
	json_emit_key_object(emitter, key);
	json_emit_key_bool(emitter, "enabled", is_enabled);
	json_emit_object_end(emitter);
}

static bool has_systemd_driver(void)
{
	struct err ignored = ERR_INIT;

	return cgroup_systemd_check(&ignored) == 0;
}

static void emit_cgroup(struct json_emitter *emitter)
{
	json_emit_key_object(emitter, "cgroup");
	json_emit_key_bool(emitter, "v1", true);
	json_emit_key_bool(emitter, "v2", true);
	json_emit_key_bool(emitter, "systemd", has_systemd_driver());
	json_emit_key_bool(emitter, "systemdUser", has_systemd_driver());
	json_emit_key_bool(emitter, "rdma", true);
	json_emit_object_end(emitter);
}

static void emit_seccomp(struct json_emitter *emitter)
{
	json_emit_key_object(emitter, "seccomp");
	json_emit_key_bool(emitter, "enabled", true);
	emit_names(emitter, "actions", &spec_seccomp_action_names, NULL);
	emit_names(emitter, "operators", &spec_seccomp_op_names, NULL);
	emit_names(emitter, "archs", &spec_seccomp_arch_names, is_arch_known);
	emit_names(emitter, "knownFlags", &spec_seccomp_flag_names, NULL);
	emit_names(emitter, "supportedFlags", &spec_seccomp_flag_names, is_flag_supported);
	json_emit_object_end(emitter);
}

/* Not in features.md: as its other objects, with the rights that can be asked for and what this kernel can do. */
static void emit_landlock(struct json_emitter *emitter)
{
	int abi = sys_landlock_abi();

	json_emit_key_object(emitter, "landlock");
	json_emit_key_bool(emitter, "enabled", true);
	emit_names(emitter, "accessFS", &spec_landlock_fs_names, NULL);
	emit_names(emitter, "accessNet", &spec_landlock_net_names, NULL);
	emit_names(emitter, "scoped", &spec_landlock_scope_names, NULL);
	json_emit_key_uint(emitter, "kernelABI", abi > 0 ? (uint64_t)abi : 0);
	json_emit_object_end(emitter);
}

static void emit_linux(struct json_emitter *emitter)
{
	json_emit_key_object(emitter, "linux");
	emit_names(emitter, "namespaces", &spec_namespace_names, NULL);
	emit_names(emitter, "capabilities", &spec_capability_names, NULL);
	emit_cgroup(emitter);
	emit_seccomp(emitter);
	emit_enabled(emitter, "apparmor", true);
	emit_enabled(emitter, "selinux", true);
	emit_enabled(emitter, "intelRdt", false);
	json_emit_key_object(emitter, "mountExtensions");
	emit_enabled(emitter, "idmap", true);
	json_emit_object_end(emitter);
	emit_enabled(emitter, "netDevices", true);
	emit_landlock(emitter);
	json_emit_object_end(emitter);
}

static void emit_annotations(struct json_emitter *emitter)
{
	char version[32];
	plan_seccomp_version(version, sizeof(version));
	json_emit_key_object(emitter, "annotations");
	json_emit_key_string(emitter, "io.github.seccomp.libseccomp.version", version);
	json_emit_key_string(emitter, "org.runlet.version", PACKAGE_VERSION);
	json_emit_object_end(emitter);
}

int runtime_features(struct buf *json, struct err *err)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct json_emitter emitter;
	size_t word_count;
	const char *const *words = plan_mount_option_words(&arena, &word_count);

	json_emit_open(&emitter, json, JSON_PRETTY);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "ociVersionMin", SPEC_VERSION_MIN);
	json_emit_key_string(&emitter, "ociVersionMax", SPEC_VERSION_MAX);
	json_emit_key_array(&emitter, "hooks");
	for (enum spec_hook_kind kind = 0; kind < HOOK_KIND_COUNT; kind++)
		json_emit_string(&emitter, spec_hook_kind_name(kind));
	json_emit_array_end(&emitter);
	json_emit_key_strings(&emitter, "mountOptions", words, word_count);
	emit_linux(&emitter);
	emit_annotations(&emitter);
	/* The spec's word for all that change what the runtime does. */
	json_emit_key_array(&emitter, "potentiallyUnsafeConfigAnnotations");
	for (size_t i = 0; plan_cgroup_annotation(i) != NULL; i++)
		json_emit_string(&emitter, plan_cgroup_annotation(i));
	for (enum spec_annotation annotation = 0; annotation < ANNOTATION_COUNT; annotation++) {
		/* Refused, so far. */
		if (annotation != ANNOTATION_CRIU_CONFIG)
			json_emit_string(&emitter, spec_annotation_name(annotation));
	}
	/* A dot at the end: everything that begins so (runtime-spec, features.md). */
	if (has_systemd_driver())
		json_emit_string(&emitter, PLAN_SYSTEMD_ANNOTATION);
	json_emit_array_end(&emitter);
	json_emit_object_end(&emitter);
	if (json_emit_close(&emitter) < 0)
		return err_set(err, ERR_BUG, "the features document is broken");
	return 0;
}
