/*
 * golden.c - plans config files for described hosts and compares what `runlet plan` would print with a kept text.
 *
 * A case is NAME.json (a config), NAME.host (the machine and the command line; may be absent) and NAME.expected.  Pure:
 * it links no system call of runlet's.  UPDATE_GOLDEN=1 writes the expected texts anew; look at the difference before a
 * commit.
 *
 *   golden [CASE.json ...]     without arguments: all of $srcdir/tests/golden/cases
 */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/names.h"
#include "base/num.h"
#include "plan/exec.h"
#include "plan/plan.h"

#define LINE_SIZE 512

struct golden_case {
	struct host host;
	struct plan_options options;
	bool is_json;
	bool is_exec;   /* the plan of one more process like config.json's, made from the container's recipe */
};

static int read_file(const char *path, struct buf *text)
{
	char chunk[4096];
	size_t length;
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return -1;
	while ((length = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_add(text, chunk, length);
	fclose(file);
	return 0;
}

static const char *const v1_names[] = {
	"cpuset", "cpu,cpuacct", "blkio", "memory", "devices", "freezer", "net_cls,net_prio", "pids", "name=systemd",
};

static void add_hierarchy(struct arena *arena, struct host *host, uint32_t version, const char *controllers,
                          const char *mountpoint)
{
	struct host_hierarchy row = {
		.version = version,
		.controllers = version == 1 ? controllers : "",
		.available = controllers,
		.mountpoint = mountpoint,
		.mount_root = "/",
		.own_path = "/user.slice",
	};
	host->hierarchies = arena_grow(arena, host->hierarchies, host->hierarchy_count, sizeof(row));
	host->hierarchies[host->hierarchy_count++] = row;
}

static const struct name_row mode_rows[] = {
	{ "none", HOST_CGROUP_NONE },
	{ "v1", HOST_CGROUP_V1 },
	{ "hybrid", HOST_CGROUP_HYBRID },
	{ "v2", HOST_CGROUP_V2 },
};
static const struct name_table mode_names = NAME_TABLE(mode_rows);

static int set_cgroups(struct arena *arena, struct golden_case *c, const char *word)
{
	int64_t mode;

	if (name_to_value(&mode_names, word, &mode))
		return -1;
	c->host.cgroup_mode = (enum host_cgroup_mode)mode;
	c->host.hierarchy_count = 0;
	if (mode == HOST_CGROUP_V2) {
		add_hierarchy(arena, &c->host, 2, "cpuset cpu io memory hugetlb pids", "/sys/fs/cgroup");
		return 0;
	}
	for (size_t i = 0; mode != HOST_CGROUP_NONE && i < sizeof(v1_names) / sizeof(v1_names[0]); i++) {
		const char *equals = strchr(v1_names[i], '=');
		add_hierarchy(arena, &c->host, 1, v1_names[i],
		              arena_printf(arena, "/sys/fs/cgroup/%s", equals == NULL ? v1_names[i] : equals + 1));
	}
	if (mode == HOST_CGROUP_HYBRID)
		add_hierarchy(arena, &c->host, 2, "", "/sys/fs/cgroup/unified");
	return 0;
}

/* "100000:65536" */
static int add_range(struct arena *arena, struct host_id_range_list *list, char *value)
{
	struct host_id_range range;
	char *colon = strchr(value, ':');

	if (colon == NULL)
		return -1;
	*colon = '\0';
	if (num_parse_u32(value, &range.first) || num_parse_u32(colon + 1, &range.count))
		return -1;
	list->items = arena_grow(arena, list->items, list->count, sizeof(range));
	list->items[list->count++] = range;
	return 0;
}

static int set_word(struct arena *arena, struct golden_case *c, const char *key, const char *value)
{
	struct { const char *key; uint32_t *number; } numbers[] = {
		{ "euid", &c->host.euid },
		{ "egid", &c->host.egid },
		{ "last_cap", &c->host.last_cap },
		{ "listen_fds", &c->options.listen_fds },
		{ "preserve_fds", &c->options.preserve_fds },
		{ "owner_uid", &c->host.owner_uid },
		{ "landlock_abi", &c->host.landlock_abi },
	};
	struct { const char *key; bool *flag; } flags[] = {
		{ "user_ns", &c->host.is_in_user_ns },     { "setgroups_denied", &c->host.is_setgroups_denied },
		{ "apparmor", &c->host.has_apparmor },
		{ "selinux", &c->host.has_selinux },       { "no_pivot", &c->options.no_pivot },
		{ "no_new_keyring", &c->options.no_new_keyring }, { "start_socket", &c->options.uses_start_socket },
		{ "goes_on", &c->options.goes_on_when_ready },
		{ "json", &c->is_json },
		{ "exec", &c->is_exec },                   { "systemd", &c->host.has_systemd },
		{ "systemd_user", &c->host.is_systemd_user }, { "landlock_off", &c->host.is_landlock_off },
	};

	int64_t manager;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(key, numbers[i].key) == 0)
			return num_parse_u32(value, numbers[i].number);
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (strcmp(key, flags[i].key) == 0) {
			*flags[i].flag = true;
			return 0;
		}
	}
	if (strcmp(key, "cgroups") == 0)
		return set_cgroups(arena, c, value);
	if (strcmp(key, "subuid") == 0 || strcmp(key, "subgid") == 0) {
		char *copy = arena_strdup(arena, value);
		return add_range(arena, key[3] == 'u' ? &c->host.subuids : &c->host.subgids, copy);
	}
	if (strcmp(key, "notify_dir") == 0) {
		c->options.notify_dir = arena_strdup(arena, value);
		return 0;
	}
	if (strcmp(key, "manager") != 0 || name_to_value(&plan_cgroup_manager_names, value, &manager) < 0)
		return -1;
	c->options.cgroup_manager = (enum plan_cgroup_manager)manager;
	return 0;
}

/* Lines of "KEY" or "KEY VALUE"; '#' starts a comment. */
static int read_host(struct arena *arena, const char *path, struct golden_case *c)
{
	char line[LINE_SIZE];
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return errno == ENOENT ? 0 : -1;
	while (fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "#\n")] = '\0';
		char *value = line + strcspn(line, " ");
		value += *value == ' ' ? (*value = '\0', 1) : 0;
		if (*line != '\0' && set_word(arena, c, line, value) != 0) {
			fprintf(stderr, "%s: %s %s: not understood\n", path, line, value);
			fclose(file);
			return -1;
		}
	}
	fclose(file);
	return 0;
}

static void add_error(struct buf *out, const struct err *err)
{
	char text[ERR_TEXT_SIZE + 128];

	err_format(err, text, sizeof(text));
	buf_printf(out, "error (%s): %s\n", err_code(err->kind), text);
}

/* By way of the bytes that are kept with a container. */
static int plan_exec(struct arena *arena, const struct spec *spec, const struct golden_case *c, struct plan *plan,
                     struct err *err)
{
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	struct plan_recipe recipe;

	if (plan_recipe_encode(spec, plan, &bytes, err))
		return -1;
	char *kept = arena_alloc(arena, bytes.length);
	memcpy(kept, bytes.data, bytes.length);
	if (plan_recipe_decode(arena, "exec.recipe", kept, bytes.length, &recipe, err))
		return -1;
	return plan_build_exec(arena, &recipe, recipe.spec.process, &c->host, &c->options, plan, err);
}

/* What is compared: the plan, or the error that the config deserves. */
static void plan_case(struct arena *arena, const struct buf *config, const struct golden_case *c, struct buf *out)
{
	struct spec spec;
	struct plan plan;
	struct spec_warnings warnings = { 0 };
	struct err err = ERR_INIT;

	if (spec_decode(arena, "config.json", buf_str(config), config->length, &spec, &warnings, &err) ||
	    plan_build(arena, &spec, &c->host, &c->options, &plan, &err) ||
	    (c->is_exec && plan_exec(arena, &spec, c, &plan, &err))) {
		add_error(out, &err);
		return;
	}
	for (size_t i = 0; i < warnings.list.count; i++)
		buf_printf(out, "decoder: %s\n", warnings.list.items[i]);
	if (c->is_json)
		plan_print_json(&plan, out);
	else
		plan_print_text(&plan, out);
	if (plan_check(&plan, &err))
		add_error(out, &err);
}

static int compare(const char *path, const struct buf *out)
{
	_cleanup_buf_ struct buf expected = BUF_INIT;
	char command[2 * LINE_SIZE];

	if (getenv("UPDATE_GOLDEN") != NULL) {
		FILE *file = fopen(path, "we");
		if (file == NULL || fwrite(buf_str(out), 1, out->length, file) != out->length || fclose(file) != 0) {
			perror(path);
			return -1;
		}
		return 0;
	}
	if (read_file(path, &expected) == 0 && strcmp(buf_str(&expected), buf_str(out)) == 0)
		return 0;
	snprintf(command, sizeof(command), "diff -u '%s' -", path);
	FILE *diff = popen(command, "we");
	if (diff != NULL) {
		fputs(buf_str(out), diff);
		pclose(diff);
	}
	return -1;
}

static int run_case(const char *path)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf config = BUF_INIT;
	_cleanup_buf_ struct buf out = BUF_INIT;
	struct golden_case c = {
		.host = { .facts = HOST_ALL, .last_cap = 40 },
		.options = { .id = "golden", .bundle = "/bundle", .cgroup_manager = CGROUP_CGROUPFS },
	};
	int stem = (int)(strlen(path) - strlen(".json"));

	if (set_cgroups(&arena, &c, "v2") || read_host(&arena, arena_printf(&arena, "%.*s.host", stem, path), &c))
		return -1;
	if (read_file(path, &config)) {
		perror(path);
		return -1;
	}
	plan_case(&arena, &config, &c, &out);
	return compare(arena_printf(&arena, "%.*s.expected", stem, path), &out);
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	char pattern[LINE_SIZE];
	glob_t found = { 0 };
	int failed = 0;

	snprintf(pattern, sizeof(pattern), "%s/tests/golden/cases/*.json", srcdir == NULL ? "." : srcdir);
	if (argc < 2 && glob(pattern, 0, NULL, &found) != 0) {
		fprintf(stderr, "golden: no cases: %s\n", pattern);
		return 1;
	}
	size_t count = argc < 2 ? found.gl_pathc : (size_t)argc - 1;
	for (size_t i = 0; i < count; i++) {
		const char *path = argc < 2 ? found.gl_pathv[i] : argv[i + 1];
		bool is_failed = run_case(path) != 0;
		printf("%s %s\n", is_failed ? "FAIL" : "ok", path);
		failed += is_failed;
	}
	printf("%zu cases, %d failed\n", count, failed);
	globfree(&found);
	return failed != 0;
}
