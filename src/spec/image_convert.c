/*
 * spec/image_convert.c - what an image's configuration and the command line make of the default config (image-spec,
 * conversion.md; where that leaves a choice, what Docker does).
 *
 * Runtime process only; pure.  The image is written by somebody else: its labels must not reach the annotations that
 * steer a runtime.
 */
#include "spec/image.h"

#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "json/decode.h"
#include "spec/names.h"

#define PREFIX "org.opencontainers.image."
#define CPUS_MAX 8192
/* Digits behind the point that make a difference in SPEC_CPU_PERIOD_US. */
#define CPU_FRACTION_DIGITS 5
/* The kernel's shortest quota. */
#define CPU_QUOTA_MIN_US 1000

static const char default_path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* Annotations that some runtime takes for orders. */
static const char *const order_prefixes[] = {
	"runlet.", "run.oci.", "org.criu.", "org.systemd.", "krun.", "module.wasm.", "io.kubernetes.cri.",
	"io.katacontainers.",
};

static int usage(struct err *err, const char *option, const char *want, const char *got)
{
	return err_set(err, ERR_USAGE, "spec: --%s: want %s, got \"%.200s\"", option, want, got);
}

/* The emitter would put U+FFFD there, and the config would say something else than the command line. */
static int check_text(const char *option, const char *text, struct err *err)
{
	if (!text || utf8_valid_length(text, strlen(text)) == strlen(text))
		return 0;
	return err_set(err, ERR_USAGE, "spec: %s%s: not UTF-8, which JSON can't hold", option ? "--" : "arguments",
		       option ? option : "");
}

static int check_texts(const char *option, const struct spec_texts *texts, struct err *err)
{
	for (size_t i = 0; i < texts->count; i++)
		if (check_text(option, texts->items[i], err) < 0)
			return -1;
	return 0;
}

static int check_options(const struct spec_image_options *options, struct err *err)
{
	if (check_text("entrypoint", options->entrypoint, err) < 0 ||
	    check_text("workdir", options->workdir, err) < 0 || check_text("hostname", options->hostname, err) < 0 ||
	    check_text("volume", options->directory, err) < 0 || check_texts(NULL, &options->args, err) < 0 ||
	    check_texts("env", &options->env, err) < 0 || check_texts("volume", &options->volumes, err) < 0 ||
	    check_texts("tmpfs", &options->tmpfs, err) < 0)
		return -1;
	if (options->workdir && options->workdir[0] != '/')
		return usage(err, "workdir", "an absolute path", options->workdir);
	if (options->hostname && options->hostname[0] == '\0')
		return usage(err, "hostname", "a name", options->hostname);
	return 0;
}

static void add_all(struct arena *arena, struct str_list *to, char *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_list_add(arena, to, items[i]);
}

/* As docker run: arguments replace Cmd, an entrypoint replaces both. */
static int set_args(struct arena *arena, const struct spec_image *image, const struct spec_image_options *options,
		    struct str_list *args, struct err *err)
{
	const struct spec_image_process *config = &image->config;

	if (!options->entrypoint)
		add_all(arena, args, config->entrypoint.items, config->entrypoint.count);
	else if (options->entrypoint[0] != '\0')
		str_list_add(arena, args, (char *)options->entrypoint);
	if (options->args.count > 0)
		add_all(arena, args, (char *const *)options->args.items, options->args.count);
	else if (!options->entrypoint)
		add_all(arena, args, config->cmd.items, config->cmd.count);
	if (args->count == 0)
		return err_set(err, ERR_USAGE, "spec: no program to run: %s: name one after --", options->entrypoint ?
			       "--entrypoint is empty" : "the image has neither Entrypoint nor Cmd");
	if (args->items[0][0] == '\0')
		return err_set(err, ERR_USAGE, "spec: the program's name is empty");
	return 0;
}

static bool is_same_name(const char *variable, const char *other)
{
	size_t length = strcspn(other, "=");

	return strncmp(variable, other, length) == 0 && variable[length] == '=';
}

/* Sets a variable in the place of the image's. */
static void set_variable(struct arena *arena, struct str_list *env, char *variable)
{
	for (size_t i = 0; i < env->count; i++) {
		if (is_same_name(env->items[i], variable)) {
			env->items[i] = variable;
			return;
		}
	}
	str_list_add(arena, env, variable);
}

static bool has_variable(const struct str_list *env, const char *variable)
{
	for (size_t i = 0; i < env->count; i++)
		if (is_same_name(env->items[i], variable))
			return true;
	return false;
}

static int set_env(struct arena *arena, const struct spec_image *image, const struct spec_image_options *options,
		   struct str_list *env, struct err *err)
{
	add_all(arena, env, image->config.env.items, image->config.env.count);
	for (size_t i = 0; i < options->env.count; i++) {
		char *variable = (char *)options->env.items[i];
		const char *equals = strchr(variable, '=');

		if (!equals || equals == variable)
			return usage(err, "env", "NAME=VALUE", variable);
		set_variable(arena, env, variable);
	}
	if (!has_variable(env, default_path))
		str_list_add(arena, env, (char *)default_path);
	if (options->terminal && !has_variable(env, "TERM="))
		str_list_add(arena, env, (char *)"TERM=xterm");
	return 0;
}

static int set_caps(struct arena *arena, const struct spec_image_options *options, struct spec_process *process,
		    struct err *err)
{
	int64_t number;

	if (options->caps.count == 0)
		return 0;
	process->capabilities = arena_alloc(arena, sizeof(*process->capabilities));
	for (size_t i = 0; i < options->caps.count; i++) {
		if (name_to_value(&spec_capability_names, options->caps.items[i], &number) < 0)
			return usage(err, "cap", "a capability's name (CAP_...)", options->caps.items[i]);
		str_list_add(arena, &process->capabilities->bounding, (char *)options->caps.items[i]);
	}
	return 0;
}

/* "1.5" of SPEC_CPU_PERIOD_US; what is finer than a microsecond is dropped. */
static int parse_cpus(const char *text, int64_t *quota)
{
	size_t digits = strspn(text, "0123456789");
	const char *fraction = text[digits] == '.' ? text + digits + 1 : "0";
	uint64_t whole = 0, scale = SPEC_CPU_PERIOD_US;
	size_t length = strlen(fraction);

	if (text[digits] != '.' && text[digits] != '\0')
		return -1;
	if (num_parse_u64_n(text, digits, CPUS_MAX, &whole) < 0 || length == 0 ||
	    strspn(fraction, "0123456789") != length)
		return -1;
	*quota = (int64_t)(whole * SPEC_CPU_PERIOD_US);
	for (size_t i = 0; i < length && i < CPU_FRACTION_DIGITS; i++) {
		scale /= 10;
		*quota += (int64_t)(scale * (uint64_t)(fraction[i] - '0'));
	}
	return *quota < CPU_QUOTA_MIN_US ? -1 : 0;
}

static int set_limits(const struct spec_image_options *options, struct spec_changes *changes, struct err *err)
{
	if (options->memory) {
		if (options->memory_bytes <= 0)
			return usage(err, "memory", "a size such as 512m", options->memory);
		changes->memory_limit = (struct opt_i64){ true, options->memory_bytes };
	}
	if (options->cpus) {
		changes->cpu_quota.is_set = true;
		if (parse_cpus(options->cpus, &changes->cpu_quota.value) < 0)
			return usage(err, "cpus", "a number of CPUs from 0.01 to 8192 such as 1.5", options->cpus);
	}
	return 0;
}

static bool is_order(const char *name)
{
	for (size_t i = 0; i < sizeof(order_prefixes) / sizeof(order_prefixes[0]); i++)
		if (strncmp(name, order_prefixes[i], strlen(order_prefixes[i])) == 0)
			return true;
	return strcmp(name, "bundle") == 0;
}

/* The map's members are not const. NOLINTNEXTLINE(readability-non-const-parameter) */
static void add_annotation(struct arena *arena, struct str_map *annotations, char *key, char *value)
{
	annotations->items = arena_grow(arena, annotations->items, annotations->count, sizeof(*annotations->items));
	annotations->items[annotations->count++] = (struct str_pair){ key, value };
}

/* What the image says of itself, unless a label says it (conversion.md, annotation fields). */
static void add_implied(struct arena *arena, const struct str_map *labels, struct str_map *annotations,
			const char *name, char *value)
{
	if (!value || value[0] == '\0')
		return;
	for (size_t i = 0; i < labels->count; i++)
		if (strcmp(labels->items[i].key, name) == 0)
			return;
	add_annotation(arena, annotations, (char *)name, value);
}

static char *join_keys(struct arena *arena, const struct spec_image_keys *keys)
{
	_cleanup_buf_ struct buf text = BUF_INIT;

	for (size_t i = 0; i < keys->count; i++)
		buf_printf(&text, "%s%s", i == 0 ? "" : ",", keys->items[i].name);
	return arena_strdup(arena, buf_str(&text));
}

static char *join_list(struct arena *arena, const struct str_list *list)
{
	_cleanup_buf_ struct buf text = BUF_INIT;

	for (size_t i = 0; i < list->count; i++)
		buf_printf(&text, "%s%s", i == 0 ? "" : ",", list->items[i]);
	return arena_strdup(arena, buf_str(&text));
}

static void set_annotations(struct arena *arena, const struct spec_image *image, struct str_map *annotations,
			    struct spec_warnings *warnings)
{
	const struct str_map *labels = &image->config.labels;
	const struct { const char *name; char *value; } implied[] = {
		{ PREFIX "os", image->os },
		{ PREFIX "architecture", image->architecture },
		{ PREFIX "variant", image->variant },
		{ PREFIX "os.version", image->os_version },
		{ PREFIX "os.features", join_list(arena, &image->os_features) },
		{ PREFIX "author", image->author },
		{ PREFIX "created", image->created },
		{ PREFIX "stopSignal", image->config.stop_signal },
		{ PREFIX "exposedPorts", join_keys(arena, &image->config.exposed_ports) },
	};

	for (size_t i = 0; i < sizeof(implied) / sizeof(implied[0]); i++)
		add_implied(arena, labels, annotations, implied[i].name, implied[i].value);
	for (size_t i = 0; i < labels->count; i++) {
		char *key = labels->items[i].key;

		if (is_order(key))
			str_list_add(arena, &warnings->list, arena_printf(arena,
				     "%s: left out: as an annotation it would be an order to a runtime",
				     json_path_key(arena, "config.Labels", key)));
		else
			add_annotation(arena, annotations, key, labels->items[i].value);
	}
}

int spec_image_convert(struct arena *arena, const struct spec_image *image, const struct spec_image_options *options,
		       struct spec_changes *changes, struct spec_warnings *warnings, struct err *err)
{
	struct spec_process *process = &changes->process;

	*changes = (struct spec_changes){ .hostname = options->hostname, .is_root_readonly = options->read_only };
	process->terminal = options->terminal;
	process->cwd = options->workdir ? (char *)options->workdir : image->config.working_dir;
	if (!process->cwd)
		process->cwd = (char *)"/";
	set_annotations(arena, image, &changes->annotations, warnings);
	if (check_options(options, err) < 0 || set_args(arena, image, options, &process->args, err) < 0 ||
	    set_env(arena, image, options, &process->env, err) < 0 ||
	    set_caps(arena, options, process, err) < 0 || set_limits(options, changes, err) < 0)
		return -1;
	return spec_image_mounts(arena, image, options, &changes->mounts, err);
}

bool spec_image_runs_on(const char *architecture, const char *machine)
{
	/* Which of Go's architectures a machine's kernel executes; 32-bit programs mostly run too. */
	static const struct { const char *machine, *architecture; } rows[] = {
		{ "x86_64", "amd64" }, { "x86_64", "386" }, { "aarch64", "arm64" }, { "aarch64", "arm" },
		{ "riscv64", "riscv64" }, { "i686", "386" }, { "armv7l", "arm" }, { "ppc64le", "ppc64le" },
		{ "s390x", "s390x" }, { "loongarch64", "loong64" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].machine, machine) == 0 && strcmp(rows[i].architecture, architecture) == 0)
			return true;
	return false;
}
