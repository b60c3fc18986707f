/*
 * spec/default_config.c - the config that `runlet spec` writes: what `runc spec` describes.
 *
 * Runtime process only; pure.
 */
#include "json/emit.h"
#include "spec/spec.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOUNT_OPTION_MAX 6

enum default_when { WHEN_ALWAYS = 0, WHEN_ROOTFUL, WHEN_ROOTLESS, WHEN_CGROUP_NS, WHEN_NETWORK };

static const char *const default_args[] = { "sh" };
static const char *const default_env[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"TERM=xterm",
};
static const char *const default_capabilities[] = { "CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE" };
/* Inheritable stays empty (CVE-2022-29162), and ambient with it: it can't have more (capabilities(7)). */
static const char *const default_capability_sets[] = { "bounding", "effective", "permitted" };

struct default_mount {
	const char *destination, *type, *source;
	const char *options[MOUNT_OPTION_MAX + 1];
	enum default_when when;
};

/*
 * gid 5 (tty) has no mapping in a rootless user namespace, and sysfs can't be
 * mounted without owning the network namespace.
 */
static const struct default_mount default_mounts[] = {
	{ "/proc", "proc", "proc", { NULL }, WHEN_ALWAYS },
	{ "/dev", "tmpfs", "tmpfs", { "nosuid", "strictatime", "mode=755", "size=65536k" }, WHEN_ALWAYS },
	{ "/dev/pts", "devpts", "devpts",
	  { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5" }, WHEN_ROOTFUL },
	{ "/dev/pts", "devpts", "devpts",
	  { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620" }, WHEN_ROOTLESS },
	{ "/dev/shm", "tmpfs", "shm", { "nosuid", "noexec", "nodev", "mode=1777", "size=65536k" }, WHEN_ALWAYS },
	{ "/dev/mqueue", "mqueue", "mqueue", { "nosuid", "noexec", "nodev" }, WHEN_ALWAYS },
	{ "/sys", "sysfs", "sysfs", { "nosuid", "noexec", "nodev", "ro" }, WHEN_ROOTFUL },
	{ "/sys", "none", "/sys", { "rbind", "nosuid", "noexec", "nodev", "ro" }, WHEN_ROOTLESS },
	{ "/sys/fs/cgroup", "cgroup", "cgroup", { "nosuid", "noexec", "nodev", "relatime", "ro" }, WHEN_ALWAYS },
};

static const struct { const char *type; enum default_when when; } default_namespaces[] = {
	{ "pid", WHEN_ALWAYS },
	{ "network", WHEN_NETWORK },
	{ "ipc", WHEN_ALWAYS },
	{ "uts", WHEN_ALWAYS },
	{ "mount", WHEN_ALWAYS },
	{ "cgroup", WHEN_CGROUP_NS },
	{ "user", WHEN_ROOTLESS },
};

static const char *const default_masked_paths[] = {
	"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
	"/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
};
static const char *const default_readonly_paths[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
};

static bool is_wanted(const struct spec_default_options *options, enum default_when when)
{
	bool is_network = options->changes && options->changes->network != SPEC_NETWORK_DEFAULT;

	if (when == WHEN_CGROUP_NS)
		return options->has_cgroup_ns;
	if (when == WHEN_NETWORK)
		return is_network ? options->changes->network == SPEC_NETWORK_NONE : !options->rootless;
	return when == WHEN_ALWAYS || (when == WHEN_ROOTLESS) == options->rootless;
}

static void emit_user(struct json_emitter *emitter, const struct spec_changes *changes)
{
	const struct u32_list *groups = changes ? &changes->process.user.additional_gids : NULL;

	json_emit_key_object(emitter, "user");
	json_emit_key_uint(emitter, "uid", changes ? changes->process.user.uid : 0);
	json_emit_key_uint(emitter, "gid", changes ? changes->process.user.gid : 0);
	if (groups && groups->count > 0) {
		json_emit_key_array(emitter, "additionalGids");
		for (size_t i = 0; i < groups->count; i++)
			json_emit_uint(emitter, groups->items[i]);
		json_emit_array_end(emitter);
	}
	json_emit_object_end(emitter);
}

static void emit_list(struct json_emitter *emitter, const char *key, const struct str_list *list)
{
	json_emit_key_strings(emitter, key, (const char *const *)list->items, list->count);
}

static void emit_program(struct json_emitter *emitter, const struct spec_changes *changes)
{
	if (changes) {
		emit_list(emitter, "args", &changes->process.args);
		emit_list(emitter, "env", &changes->process.env);
	} else {
		json_emit_key_strings(emitter, "args", default_args, COUNT(default_args));
		json_emit_key_strings(emitter, "env", default_env, COUNT(default_env));
	}
	json_emit_key_string(emitter, "cwd", changes ? changes->process.cwd : "/");
}

static void emit_capabilities(struct json_emitter *emitter, const struct spec_changes *changes)
{
	const struct spec_capabilities *more = changes ? changes->process.capabilities : NULL;

	json_emit_key_object(emitter, "capabilities");
	for (size_t i = 0; i < COUNT(default_capability_sets); i++) {
		json_emit_key_array(emitter, default_capability_sets[i]);
		for (size_t j = 0; j < COUNT(default_capabilities); j++)
			json_emit_string(emitter, default_capabilities[j]);
		for (size_t j = 0; more && j < more->bounding.count; j++)
			json_emit_string(emitter, more->bounding.items[j]);
		json_emit_array_end(emitter);
	}
	json_emit_object_end(emitter);
}

static void emit_process(struct json_emitter *emitter, const struct spec_changes *changes)
{
	json_emit_key_object(emitter, "process");
	json_emit_key_bool(emitter, "terminal", changes ? changes->process.terminal : true);
	emit_user(emitter, changes);
	emit_program(emitter, changes);
	emit_capabilities(emitter, changes);
	json_emit_key_array(emitter, "rlimits");
	json_emit_object_begin(emitter);
	json_emit_key_string(emitter, "type", "RLIMIT_NOFILE");
	json_emit_key_uint(emitter, "hard", 1024);
	json_emit_key_uint(emitter, "soft", 1024);
	json_emit_object_end(emitter);
	json_emit_array_end(emitter);
	json_emit_key_bool(emitter, "noNewPrivileges", true);
	json_emit_object_end(emitter);
}

static void emit_mount(struct json_emitter *emitter, const char *destination, const char *type, const char *source,
		       const char *const *options, size_t count)
{
	json_emit_object_begin(emitter);
	json_emit_key_string(emitter, "destination", destination);
	json_emit_key_string(emitter, "type", type);
	json_emit_key_string(emitter, "source", source);
	if (count)
		json_emit_key_strings(emitter, "options", options, count);
	json_emit_object_end(emitter);
}

static void emit_default_mount(struct json_emitter *emitter, const struct default_mount *mount)
{
	size_t count = 0;

	while (mount->options[count])
		count++;
	emit_mount(emitter, mount->destination, mount->type, mount->source, mount->options, count);
}

static void emit_mounts(struct json_emitter *emitter, const struct spec_default_options *options)
{
	size_t more = options->changes ? options->changes->mounts.count : 0;
	size_t i;

	json_emit_key_array(emitter, "mounts");
	for (i = 0; i < COUNT(default_mounts); i++)
		if (is_wanted(options, default_mounts[i].when))
			emit_default_mount(emitter, &default_mounts[i]);
	for (i = 0; i < more; i++) {
		const struct spec_mount *mount = &options->changes->mounts.items[i];

		emit_mount(emitter, mount->destination, mount->type, mount->source,
			   (const char *const *)mount->options.items, mount->options.count);
	}
	json_emit_array_end(emitter);
}

static void emit_id_map(struct json_emitter *emitter, const char *key, uint32_t host_id)
{
	json_emit_key_array(emitter, key);
	json_emit_object_begin(emitter);
	json_emit_key_uint(emitter, "containerID", 0);
	json_emit_key_uint(emitter, "hostID", host_id);
	json_emit_key_uint(emitter, "size", 1);
	json_emit_object_end(emitter);
	json_emit_array_end(emitter);
}

static void emit_device_rules(struct json_emitter *emitter)
{
	json_emit_key_array(emitter, "devices");
	json_emit_object_begin(emitter);
	json_emit_key_bool(emitter, "allow", false);
	json_emit_key_string(emitter, "access", "rwm");
	json_emit_object_end(emitter);
	json_emit_array_end(emitter);
}

static void emit_limits(struct json_emitter *emitter, const struct spec_changes *changes)
{
	if (changes->memory_limit.is_set) {
		json_emit_key_object(emitter, "memory");
		json_emit_key_int(emitter, "limit", changes->memory_limit.value);
		json_emit_object_end(emitter);
	}
	if (changes->cpu_quota.is_set) {
		json_emit_key_object(emitter, "cpu");
		json_emit_key_int(emitter, "quota", changes->cpu_quota.value);
		json_emit_key_uint(emitter, "period", SPEC_CPU_PERIOD_US);
		json_emit_object_end(emitter);
	}
}

static void emit_resources(struct json_emitter *emitter, const struct spec_default_options *options)
{
	const struct spec_changes *changes = options->changes;
	bool has_limits = changes && (changes->memory_limit.is_set || changes->cpu_quota.is_set);

	if (options->rootless && !has_limits)
		return;
	json_emit_key_object(emitter, "resources");
	if (!options->rootless)
		emit_device_rules(emitter);
	if (has_limits)
		emit_limits(emitter, changes);
	json_emit_object_end(emitter);
}

static void emit_linux(struct json_emitter *emitter, const struct spec_default_options *options)
{
	size_t i;

	json_emit_key_object(emitter, "linux");
	if (options->rootless && !(options->changes && options->changes->has_other_ids)) {
		emit_id_map(emitter, "uidMappings", options->host_uid);
		emit_id_map(emitter, "gidMappings", options->host_gid);
	}
	emit_resources(emitter, options);
	json_emit_key_array(emitter, "namespaces");
	for (i = 0; i < COUNT(default_namespaces); i++) {
		if (!is_wanted(options, default_namespaces[i].when))
			continue;
		json_emit_object_begin(emitter);
		json_emit_key_string(emitter, "type", default_namespaces[i].type);
		json_emit_object_end(emitter);
	}
	json_emit_array_end(emitter);
	json_emit_key_strings(emitter, "maskedPaths", default_masked_paths, COUNT(default_masked_paths));
	json_emit_key_strings(emitter, "readonlyPaths", default_readonly_paths, COUNT(default_readonly_paths));
	json_emit_object_end(emitter);
}

static void emit_annotations(struct json_emitter *emitter, const struct str_map *annotations)
{
	json_emit_key_object(emitter, "annotations");
	for (size_t i = 0; i < annotations->count; i++)
		json_emit_key_string(emitter, annotations->items[i].key, annotations->items[i].value);
	json_emit_object_end(emitter);
}

const char *spec_default_config(struct arena *arena, const struct spec_default_options *options)
{
	const struct spec_changes *changes = options->changes;
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct json_emitter emitter;

	json_emit_open(&emitter, &text, JSON_PRETTY);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "ociVersion", SPEC_VERSION_MAX);
	emit_process(&emitter, changes);
	json_emit_key_object(&emitter, "root");
	json_emit_key_string(&emitter, "path", "rootfs");
	json_emit_key_bool(&emitter, "readonly", changes ? changes->is_root_readonly : true);
	json_emit_object_end(&emitter);
	json_emit_key_string(&emitter, "hostname", changes && changes->hostname ? changes->hostname : "runlet");
	emit_mounts(&emitter, options);
	if (changes && changes->annotations.count > 0)
		emit_annotations(&emitter, &changes->annotations);
	emit_linux(&emitter, options);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
	return arena_strdup(arena, buf_str(&text));
}
