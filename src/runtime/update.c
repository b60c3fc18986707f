/*
 * runtime/update.c - `runlet update`: other limits for a container, all that are asked for or none.
 *
 * Runtime process only.  It keeps nothing of them: what is in force stands in the kernel's files, which a later update
 * reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/num.h"
#include "plan/cgroup_build.h"
#include "plan/systemd.h"
#include "runtime/container.h"
#include "runtime/runtime.h"
#include "spec/spec.h"
#include "sys/file.h"

#define ORIGIN "linux.resources."
#define READ_SIZE 65536
#define VALUE_SIZE 64

struct update {
	const struct runtime_update_options *options;
	struct container container;
	struct host host;
	struct spec_resources resources;
	struct spec_memory memory;       /* resources.memory, completed */
	struct spec_cpu cpu;
	const char *file_name;           /* how errors call the file; NULL without one */
	const char *text;
	size_t size;
	struct plan_cgroup plan;
};

static void update_close(struct update *update)
{
	container_close(&update->container);
}

#define _cleanup_update_ __attribute__((cleanup(update_close)))

/* --- the file --- */

static int read_all(struct arena *arena, int fd, const char *name, struct update *update, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	char *chunk = arena_alloc(arena, READ_SIZE);
	ssize_t length;

	while ((length = sys_read(fd, chunk, READ_SIZE)) != 0) {
		if (length == -EINTR)
			continue;
		if (length < 0)
			return err_sys(err, (int)length, "read %s", name);
		if (text.length + (size_t)length > SPEC_CONFIG_SIZE_MAX)
			return err_set(err, ERR_CONFIG, "%s: larger than %u bytes", name, SPEC_CONFIG_SIZE_MAX);
		buf_add(&text, chunk, (size_t)length);
	}
	update->size = text.length;
	update->text = arena_strndup(arena, buf_str(&text), text.length);
	return 0;
}

static int resources_read(struct update *update, struct err *err)
{
	struct arena *arena = &update->container.arena;
	const char *path = update->options->file;
	const char *slash = strrchr(path, '/');
	bool is_stdin = strcmp(path, "-") == 0;
	struct spec_warnings warnings = { { NULL, 0 } };
	_cleanup_fd_ int fd = -1;

	update->file_name = is_stdin ? "standard input" : slash && slash[1] != '\0' ? slash + 1 : path;
	if (!is_stdin) {
		fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
		if (fd < 0)
			return err_sys(err, fd, "open %s", path);
	}
	if (read_all(arena, is_stdin ? STDIN_FILENO : fd, is_stdin ? update->file_name : path, update, err) < 0 ||
	    spec_decode_resources(arena, update->file_name, update->text, update->size, &update->resources, &warnings,
				  err) < 0)
		return -1;
	for (size_t i = 0; i < warnings.list.count; i++)
		log_warn("%s", warnings.list.items[i]);
	return 0;
}

/* --- names for errors --- */

/* "linux.resources.memory.limit" as "--memory", or as "resources.json:3:14: memory.limit". */
static const char *origin_name(struct update *update, const char *origin)
{
	const char *path = strncmp(origin, ORIGIN, strlen(ORIGIN)) == 0 ? origin + strlen(ORIGIN) : origin;
	unsigned line, column;

	if (update->file_name != NULL) {
		if (spec_locate(update->text, update->size, path, &line, &column) < 0)
			return path;
		return arena_printf(&update->container.arena, "%s:%u:%u: %s", update->file_name, line, column, path);
	}
	for (const struct runtime_update_name *row = update->options->names; row->path != NULL; row++)
		if (strcmp(row->path, path) == 0)
			return row->name;
	return path;
}

/* The same for an error that begins with its origin. */
static int rename_error(struct update *update, struct err *err)
{
	struct arena *arena = &update->container.arena;
	const char *text = arena_strdup(arena, err->text);
	const char *end = strstr(text, ": ");

	if (end == NULL || strncmp(text, ORIGIN, strlen(ORIGIN)) != 0)
		return -1;
	snprintf(err->text, sizeof(err->text), "%s", end + 2);
	return err_prefix(err, "%s", origin_name(update, arena_strndup(arena, text, (size_t)(end - text))));
}

static void rename_writes(struct update *update)
{
	struct plan_unit *unit = update->plan.unit;

	for (size_t i = 0; unit != NULL && i < unit->properties.count; i++)
		if (unit->properties.items[i].origin != NULL)
			unit->properties.items[i].origin = origin_name(update, unit->properties.items[i].origin);
	for (size_t i = 0; i < update->plan.write_count; i++)
		update->plan.writes[i].origin = origin_name(update, update->plan.writes[i].origin);
}

/* --- what the kernel's files say now --- */

static bool read_number(const struct update *update, const char *controller, const char *file, uint64_t *value)
{
	char text[VALUE_SIZE];
	int length = cgroup_read(&update->container.cgroup, controller, file, text, sizeof(text));

	return length > 0 && num_parse_u64_n(text, strcspn(text, "\n"), UINT64_MAX, value) == 0;
}

/* v2 has no file for memory and swap together: the limit of swap alone is the difference to memory's. */
static void complete_memory(struct update *update)
{
	uint64_t limit;

	if (update->resources.memory == NULL)
		return;
	update->memory = *update->resources.memory;
	update->resources.memory = &update->memory;
	if (!update->memory.swap.is_set || update->memory.swap.value <= 0 ||
	    (update->memory.limit.is_set && update->memory.limit.value != 0))
		return;
	if (read_number(update, "memory", "memory.max", &limit) && limit <= INT64_MAX)
		update->memory.limit = (struct opt_i64){ true, (int64_t)limit };
}

/* v1 has a file for each of quota and period, but systemd has to know both. */
static void complete_cpu_v1(struct update *update)
{
	struct spec_cpu *cpu = &update->cpu;
	uint64_t value;

	if (cpu->period.value == 0 && read_number(update, "cpu", "cpu.cfs_period_us", &value))
		cpu->period = (struct opt_u64){ true, value };
	else if (cpu->quota.value == 0 && read_number(update, "cpu", "cpu.cfs_quota_us", &value))
		cpu->quota = (struct opt_i64){ true, (int64_t)value };
}

/* v2 has one file for quota and period: "max 100000". */
static void complete_cpu(struct update *update)
{
	struct spec_cpu *cpu = &update->cpu;
	char text[VALUE_SIZE], *blank;
	uint64_t quota;

	if (update->resources.cpu == NULL)
		return;
	*cpu = *update->resources.cpu;
	update->resources.cpu = cpu;
	if ((cpu->quota.value != 0) == (cpu->period.value != 0))
		return;
	if (update->container.cgroup.manager == CGROUP_SYSTEMD)
		complete_cpu_v1(update);
	if (cgroup_read(&update->container.cgroup, "cpu", "cpu.max", text, sizeof(text)) <= 0)
		return;
	blank = strchr(text, ' ');
	if (blank == NULL)
		return;
	if (cpu->period.value == 0)
		cpu->period.is_set =
			num_parse_u64_n(blank + 1, strcspn(blank + 1, "\n"), UINT64_MAX, &cpu->period.value) == 0;
	else if (num_parse_u64_n(text, (size_t)(blank - text), INT64_MAX, &quota) == 0)
		cpu->quota = (struct opt_i64){ true, (int64_t)quota };
}

static int fail_in_use(struct update *update, const char *origin, int64_t limit, uint64_t usage, struct err *err)
{
	return err_set(err, ERR_STATE,
		       "%s: %lld is not above the %llu bytes that the container uses now, and "
		       "memory.checkBeforeUpdate is on",
		       origin_name(update, origin), (long long)limit, (unsigned long long)usage);
}

/* v2 would kill processes of the container to get below a new limit; v1 refuses what it can't free. */
static int check_memory(struct update *update, struct err *err)
{
	const struct spec_memory *memory = update->resources.memory;
	uint64_t usage, swap;
	bool should_check;

	if (memory == NULL)
		return 0;
	should_check = memory->check_before_update.is_set ? memory->check_before_update.value :
							    update->container.state.checks_memory;
	if (!should_check)
		return 0;
	if ((read_number(update, "memory", "memory.usage_in_bytes", &usage) ||
	     read_number(update, "memory", "memory.current", &usage)) &&
	    memory->limit.value > 0 && (uint64_t)memory->limit.value <= usage)
		return fail_in_use(update, ORIGIN "memory.limit", memory->limit.value, usage, err);
	if (memory->swap.value <= 0)
		return 0;
	if (!read_number(update, "memory", "memory.memsw.usage_in_bytes", &usage)) {
		if (!read_number(update, "memory", "memory.swap.current", &swap) ||
		    !read_number(update, "memory", "memory.current", &usage))
			return 0;
		usage += swap;
	}
	if ((uint64_t)memory->swap.value <= usage)
		return fail_in_use(update, ORIGIN "memory.swap", memory->swap.value, usage, err);
	return 0;
}

/* --- all of it --- */

/* runc's rule: whatever isn't stopped, also created or paused. */
static int check_container(const struct container *container, struct err *err)
{
	if (container_refuse_half_made(container, err) < 0)
		return -1;
	if (container->status == STATUS_STOPPED)
		return err_set(err, ERR_STATE, "container not running: %s", container->entry.id);
	if (container->cgroup.dir_count == 0)
		return err_set(err, ERR_UNSUPPORTED, "container %s has no cgroup, so there is nothing to limit it with",
			       container->entry.id);
	return 0;
}

static int plan_build_update(struct update *update, struct err *err)
{
	struct arena *arena = &update->container.arena;

	if (host_probe(arena, HOST_IDS | HOST_CGROUPS, &update->host, err) < 0)
		return -1;
	complete_memory(update);
	complete_cpu(update);
	if (plan_cgroup_build_update(arena, &update->resources, &update->host, update->container.cgroup.manager,
				     &update->plan, err) < 0)
		return rename_error(update, err);
	for (size_t i = 0; i < update->plan.warning_count; i++)
		log_warn("%s", update->plan.warnings[i]);
	rename_writes(update);
	return 0;
}

int runtime_update(const struct runtime_context *context, const struct runtime_update_options *options,
		   struct err *err)
{
	_cleanup_update_ struct update update = { .options = options, .container = CONTAINER_INIT };
	struct container *container = &update.container;

	if (container_open(context, options->id, container, err) < 0)
		return -1;
	/* Before the lock: standard input may take its time. */
	if (options->file == NULL)
		update.resources = *options->resources;
	else if (resources_read(&update, err) < 0)
		return -1;
	if (container_lock(container, err) < 0 || check_container(container, err) < 0)
		return -1;
	if (plan_build_update(&update, err) < 0 || check_memory(&update, err) < 0)
		return -1;
	return cgroup_update(&container->arena, &update.host, &update.plan, &container->cgroup, err);
}
