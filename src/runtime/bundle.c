/*
 * runtime/bundle.c - a bundle's config.json, read, decoded and compiled to a plan.  Runtime process only.
 */
#include "runtime/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/trace.h"
#include "runtime/seccomp_cache.h"
#include "sys/file.h"

static int resolve_bundle(struct arena *arena, const char *path, char **absolute, struct err *err)
{
	char *resolved = realpath(path ? path : ".", NULL);

	if (!resolved)
		return err_sys(err, errno, "open the bundle %s", path ? path : ".");
	*absolute = arena_strdup(arena, resolved);
	free(resolved);
	return 0;
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] != '\0' ? slash + 1 : path;
}

static int read_config(struct arena *arena, const char *path, struct bundle *bundle, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("read the config", path);
	_cleanup_fd_ int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
	struct stat status;
	int result;

	if (fd < 0)
		return err_sys(err, fd, "open %s", path);
	result = sys_fstat(fd, &status);
	if (result < 0)
		return err_sys(err, result, "fstat %s", path);
	if (!S_ISREG(status.st_mode))
		return err_set(err, ERR_CONFIG, "%s: not a regular file", path);
	if (status.st_size > (off_t)SPEC_CONFIG_SIZE_MAX)
		return err_set(err, ERR_CONFIG, "%s: larger than %u bytes", path, SPEC_CONFIG_SIZE_MAX);
	bundle->text = arena_alloc(arena, (size_t)status.st_size + 1);
	result = sys_file_read(fd, bundle->text, (size_t)status.st_size + 1, &bundle->size);
	return result < 0 ? err_sys(err, result, "read %s", path) : 0;
}

int bundle_locate(const struct bundle *bundle, const char *origin, struct err *err)
{
	unsigned line, column;

	if (!origin || origin[0] == '\0' || !bundle->text)
		return -1;
	if (spec_locate(bundle->text, bundle->size, origin, &line, &column) < 0)
		return err_prefix(err, "%s: %s", bundle->config_name, origin);
	return err_prefix(err, "%s:%u:%u: %s", bundle->config_name, line, column, origin);
}

int bundle_locate_again(const char *bundle, const char *config, const char *origin, struct err *err)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const char *path = config ? config : arena_printf(&arena, "%s/config.json", bundle);
	struct bundle again = { .config_name = last_component(path) };
	struct err ignored = ERR_INIT;

	if (origin[0] == '\0')
		return -1;
	if (read_config(&arena, path, &again, &ignored) < 0)
		return err_prefix(err, "%s", origin);
	return bundle_locate(&again, origin, err);
}

char *bundle_given_config(struct arena *arena, const struct runtime_create_options *options)
{
	char *resolved = options->config ? realpath(options->config, NULL) : NULL;
	char *copy = resolved ? arena_strdup(arena, resolved) : NULL;

	free(resolved);
	return copy;
}

int bundle_locate_prefix(const struct bundle *bundle, struct err *err)
{
	const char *end = strstr(err->text, ": ");
	char origin[256];
	unsigned line, column;

	if (!end || (size_t)(end - err->text) >= sizeof(origin))
		return -1;
	memcpy(origin, err->text, (size_t)(end - err->text));
	origin[end - err->text] = '\0';
	if (strchr(origin, ' ') || spec_locate(bundle->text, bundle->size, origin, &line, &column) < 0)
		return -1;
	return err_prefix(err, "%s:%u:%u", bundle->config_name, line, column);
}

static void log_warnings(const struct str_list *warnings)
{
	for (size_t i = 0; i < warnings->count; i++)
		log_warn("%s", warnings->items[i]);
}

static int compile_seccomp(struct arena *arena, const struct store *store, struct bundle *bundle, struct err *err)
{
	_cleanup_trace_ struct trace_span span = { 0 };

	if (!store || !bundle->spec.process || !bundle->spec.linux->seccomp)
		return 0;
	span = trace_begin("seccomp filter", "");
	if (seccomp_cache_get(arena, store, bundle->spec.linux->seccomp, &bundle->seccomp, err) < 0)
		return bundle_locate_prefix(bundle, err);
	bundle->plan_options.seccomp = &bundle->seccomp;
	return 0;
}

static int probe(struct arena *arena, struct bundle *bundle, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("probe the host", "");
	uint32_t facts = plan_host_facts(&bundle->spec, &bundle->plan_options);

	return host_probe(arena, facts | HOST_IDS, &bundle->host, err);
}

static int check(const struct bundle *bundle, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("check the plan", "");

	return plan_check(&bundle->plan, err);
}

static int build(struct arena *arena, struct bundle *bundle, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("plan", "");

	if (plan_build(arena, &bundle->spec, &bundle->host, &bundle->plan_options, &bundle->plan, err) < 0)
		return bundle_locate_prefix(bundle, err);
	return 0;
}

static int compile(struct arena *arena, const struct store *store, struct bundle *bundle, struct err *err)
{
	if (probe(arena, bundle, err) < 0 || compile_seccomp(arena, store, bundle, err) < 0 ||
	    build(arena, bundle, err) < 0)
		return -1;
	log_warnings(&bundle->plan.warnings);
	return check(bundle, err);
}

uint32_t bundle_log_level(void)
{
	uint32_t level = LOG_LEVEL_DEBUG;

	while (level > LOG_LEVEL_ERROR && !log_is_enabled((enum log_level)level))
		level--;
	return level;
}

static void set_plan_options(const struct runtime_context *context, const struct runtime_create_options *options,
                             struct bundle *bundle)
{
	struct plan_options *plan_options = &bundle->plan_options;

	plan_options->id = options->id ? options->id : "plan";
	plan_options->bundle = bundle->path;
	plan_options->no_pivot = options->no_pivot;
	plan_options->no_new_keyring = options->no_new_keyring;
	plan_options->preserve_fds = options->preserve_fds;
	plan_options->cgroup_manager = context->cgroup_manager;
	plan_options->log_level = bundle_log_level();
}

static int decode(struct arena *arena, struct bundle *bundle, struct spec_warnings *warnings, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("parse the config", bundle->config_name);

	return spec_decode(arena, bundle->config_name, bundle->text, bundle->size, &bundle->spec, warnings, err);
}

int bundle_load(struct arena *arena, const struct runtime_context *context,
		const struct runtime_create_options *options, const struct plan_options *plan_options,
		const struct store *store, struct bundle *bundle, struct err *err)
{
	struct spec_warnings warnings = { { NULL, 0 } };
	const char *config, *root;

	*bundle = (struct bundle){ .plan_options = *plan_options };
	if (resolve_bundle(arena, options->bundle, &bundle->path, err) < 0)
		return -1;
	config = options->config ? options->config : arena_printf(arena, "%s/config.json", bundle->path);
	bundle->config_name = last_component(config);
	if (read_config(arena, config, bundle, err) < 0)
		return -1;
	if (decode(arena, bundle, &warnings, err) < 0)
		return -1;
	log_warnings(&warnings.list);
	root = bundle->spec.root ? bundle->spec.root->path : "";
	bundle->rootfs = root[0] == '/' ? arena_strdup(arena, root) : arena_printf(arena, "%s/%s", bundle->path, root);
	set_plan_options(context, options, bundle);
	return compile(arena, store, bundle, err);
}
