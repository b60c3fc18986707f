/*
 * fuzz_plan.c - any bytes as a config.json: decode, plan, check, flatten, read, print.
 *
 * What decodes and plans must hold every invariant: a plan that plan_check() or the image's reader refuses is a
 * finding.
 * The first byte chooses the host and the command line, the rest is the config.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "plan/plan.h"

static struct host_hierarchy v1_rows[] = {
	{ 1, "cpu,cpuacct", "cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", "/", "/" },
	{ 1, "cpuset", "cpuset", "/sys/fs/cgroup/cpuset", "/", "/" },
	{ 1, "memory", "memory", "/sys/fs/cgroup/memory", "/", "/" },
	{ 1, "pids", "pids", "/sys/fs/cgroup/pids", "/", "/" },
	{ 1, "devices", "devices", "/sys/fs/cgroup/devices", "/", "/" },
	{ 1, "name=systemd", "name=systemd", "/sys/fs/cgroup/systemd", "/", "/" },
	{ 2, "", "", "/sys/fs/cgroup/unified", "/", "/" },
};
static struct host_hierarchy v2_rows[] = {
	{ 2, "", "cpuset cpu io memory pids", "/sys/fs/cgroup", "/", "/user.slice" },
};

static void choose(uint8_t choice, struct host *host, struct plan_options *options)
{
	*host = (struct host){ .facts = HOST_ALL, .last_cap = 40 };
	host->euid = host->egid = (choice & 1) != 0 ? 1000 : 0;
	host->is_in_user_ns = (choice & 2) != 0;
	host->has_apparmor = host->has_selinux = (choice & 4) != 0;
	host->cgroup_mode = (choice & 8) != 0 ? HOST_CGROUP_HYBRID : HOST_CGROUP_V2;
	host->hierarchies = (choice & 8) != 0 ? v1_rows : v2_rows;
	host->hierarchy_count = (choice & 8) != 0 ? sizeof(v1_rows) / sizeof(v1_rows[0]) : 1;
	*options = (struct plan_options){ .id = "fuzz", .bundle = "/bundle" };
	options->no_pivot = (choice & 16) != 0;
	options->notify_dir = (choice & 32) != 0 ? "/run/notify-dir" : NULL;
	options->cgroup_manager = (choice & 64) == 0 ? CGROUP_CGROUPFS :
				  (choice & 16) != 0 ? CGROUP_SYSTEMD : CGROUP_DISABLED;
	host->has_systemd = true;
	host->landlock_abi = (choice & 4) != 0 ? 6 : 3;
	host->is_systemd_user = host->euid != 0;
	host->owner_uid = host->euid;
	options->listen_fds = (choice & 128) != 0 ? 2 : 0;
}

static void finding(const char *what, const struct err *err)
{
	fprintf(stderr, "fuzz_plan: %s: %s\n", what, err->text);
	abort();
}

/* The bytes that init would get must be what it accepts. */
static void read_image(const struct plan *plan, const struct plan_options *options)
{
	_cleanup_buf_ struct buf image = BUF_INIT;
	struct plan_view view;
	struct err err = ERR_INIT;

	if (plan_flatten(plan, options, &image, &err))
		finding("flatten", &err);
	if (plan_view_open(image.data, image.length, &view, &err))
		finding("view", &err);
}

static void print_plan(const struct plan *plan)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	_cleanup_buf_ struct buf json = BUF_INIT;

	plan_print_text(plan, &text);
	plan_print_json(plan, &json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct plan_options options;
	struct host host;
	struct spec spec;
	struct plan plan;
	struct err err = ERR_INIT;

	if (size == 0)
		return 0;
	choose(data[0], &host, &options);
	if (spec_decode(&arena, "config.json", (const char *)data + 1, size - 1, &spec, NULL, &err) ||
	    plan_build(&arena, &spec, &host, &options, &plan, &err)) {
		if (err.kind == ERR_BUG || err.kind == ERR_NONE || err.text[0] == '\0')
			finding("refused as a bug", &err);
		return 0;
	}
	if (plan_check(&plan, &err))
		finding("check", &err);
	read_image(&plan, &options);
	print_plan(&plan);
	return 0;
}
