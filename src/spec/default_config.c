/*
 * spec/default_config.c - the config that `runlet spec` writes: what `runc spec` describes.
 *
 * Runtime process only; pure.
 */
#include "json/emit.h"
#include "spec/spec.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MOUNT_OPTION_MAX 6

enum default_when { WHEN_ALWAYS = 0, WHEN_ROOTFUL, WHEN_ROOTLESS, WHEN_CGROUP_NS };

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
	{ "network", WHEN_ROOTFUL },
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
	if (when == WHEN_CGROUP_NS)
		return options->has_cgroup_ns;
	return when == WHEN_ALWAYS || (when == WHEN_ROOTLESS) == options->rootless;
}

static void emit_process(struct json_emitter *emitter)
{
	size_t i;

	json_emit_key_object(emitter, "process");
	json_emit_key_bool(emitter, "terminal", true);
	json_emit_key_object(emitter, "user");
	json_emit_key_uint(emitter, "uid", 0);
	json_emit_key_uint(emitter, "gid", 0);
	json_emit_object_end(emitter);
	json_emit_key_strings(emitter, "args", default_args, COUNT(default_args));
	json_emit_key_strings(emitter, "env", default_env, COUNT(default_env));
	json_emit_key_string(emitter, "cwd", "/");
	json_emit_key_object(emitter, "capabilities");
	for (i = 0; i < COUNT(default_capability_sets); i++)
		json_emit_key_strings(emitter, default_capability_sets[i], default_capabilities,
				      COUNT(default_capabilities));
	json_emit_object_end(emitter);
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

static void emit_mount(struct json_emitter *emitter, const struct default_mount *mount)
{
	size_t count = 0;

	while (mount->options[count])
		count++;
	json_emit_object_begin(emitter);
	json_emit_key_string(emitter, "destination", mount->destination);
	json_emit_key_string(emitter, "type", mount->type);
	json_emit_key_string(emitter, "source", mount->source);
	if (count)
		json_emit_key_strings(emitter, "options", mount->options, count);
	json_emit_object_end(emitter);
}

static void emit_mounts(struct json_emitter *emitter, const struct spec_default_options *options)
{
	size_t i;

	json_emit_key_array(emitter, "mounts");
	for (i = 0; i < COUNT(default_mounts); i++)
		if (is_wanted(options, default_mounts[i].when))
			emit_mount(emitter, &default_mounts[i]);
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

static void emit_resources(struct json_emitter *emitter)
{
	json_emit_key_object(emitter, "resources");
	json_emit_key_array(emitter, "devices");
	json_emit_object_begin(emitter);
	json_emit_key_bool(emitter, "allow", false);
	json_emit_key_string(emitter, "access", "rwm");
	json_emit_object_end(emitter);
	json_emit_array_end(emitter);
	json_emit_object_end(emitter);
}

static void emit_linux(struct json_emitter *emitter, const struct spec_default_options *options)
{
	size_t i;

	json_emit_key_object(emitter, "linux");
	if (options->rootless) {
		emit_id_map(emitter, "uidMappings", options->host_uid);
		emit_id_map(emitter, "gidMappings", options->host_gid);
	} else {
		emit_resources(emitter);
	}
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

const char *spec_default_config(struct arena *arena, const struct spec_default_options *options)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct json_emitter emitter;

	json_emit_open(&emitter, &text, JSON_PRETTY);
	json_emit_object_begin(&emitter);
	json_emit_key_string(&emitter, "ociVersion", SPEC_VERSION_MAX);
	emit_process(&emitter);
	json_emit_key_object(&emitter, "root");
	json_emit_key_string(&emitter, "path", "rootfs");
	json_emit_key_bool(&emitter, "readonly", true);
	json_emit_object_end(&emitter);
	json_emit_key_string(&emitter, "hostname", "runlet");
	emit_mounts(&emitter, options);
	emit_linux(&emitter, options);
	json_emit_object_end(&emitter);
	json_emit_close(&emitter);
	return arena_strdup(arena, buf_str(&text));
}
