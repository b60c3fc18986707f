/*
 * scenario.c - the commands that the sweep goes through, system call by system call.
 */
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INSIDE_STATUS 7

/* The pid file is written last: with a failure there is none. */
static bool check_pid_file(struct world *world, bool has_succeeded, char *text, size_t size)
{
	char path[128];
	bool is_there;

	snprintf(path, sizeof(path), "%s/pid", world->dir);
	is_there = access(path, F_OK) == 0;
	if (is_there == has_succeeded)
		return true;
	snprintf(text, size, has_succeeded ? "no pid file" : "the pid file is left");
	return false;
}

static bool set_back(struct world *world, const char *const *args, char *text, size_t size)
{
	static struct outcome outcome;

	world_run(world, args, NULL, &outcome);
	if (outcome.wait_status == 0 && !outcome.is_late)
		return true;
	snprintf(text, size, "afterwards %s ends with wait status %x: %.500s", args[0], outcome.wait_status,
		 outcome.errors);
	return false;
}

static const char *const update_old[] = {
	"update", "--pids-limit", "100", "--memory", "200M", "--memory-swap", "300M", "--cpu-share", "300",
	"@ID@", NULL,
};

static const struct { const char *hierarchy; const char *file; const char *old; const char *new; } update_files[] = {
	{ "/pids", "pids.max", "100\n", "60\n" },
	{ "/memory", "memory.limit_in_bytes", "209715200\n", "419430400\n" },
	{ "/memory", "memory.memsw.limit_in_bytes", "314572800\n", "524288000\n" },
	{ "/cpu", "cpu.shares", "300\n", "600\n" },
};

/* All of an update counts, or nothing. */
static bool check_update(struct world *world, bool has_succeeded, char *text, size_t size)
{
	bool is_good = true;
	char is[64];

	for (size_t i = 0; i < sizeof(update_files) / sizeof(update_files[0]); i++) {
		const char *want = has_succeeded ? update_files[i].new : update_files[i].old;

		world_read_cgroup(world, update_files[i].hierarchy, update_files[i].file, is, sizeof(is));
		if (is[0] == '\0' || strcmp(is, want) == 0)
			continue;
		snprintf(text, size, "%s is %.20s and not %.20s", update_files[i].file, is, want);
		is_good = false;
	}
	if (has_succeeded && !set_back(world, update_old, text, size))
		return false;
	return is_good;
}

static const char *const resume_args[] = { "resume", "@ID@", NULL };
static const char *const pause_args[] = { "pause", "@ID@", NULL };

static bool is_frozen(const struct world *world)
{
	char text[64];

	world_read_cgroup(world, "/freezer", "freezer.state", text, sizeof(text));
	return strcmp(text, "FROZEN\n") == 0;
}

/* Paused, or as before. */
static bool check_pause(struct world *world, bool has_succeeded, char *text, size_t size)
{
	bool was_frozen = is_frozen(world);

	if (was_frozen && !set_back(world, resume_args, text, size))
		return false;
	if (was_frozen == has_succeeded)
		return true;
	snprintf(text, size, has_succeeded ? "it is not frozen" : "it stays frozen");
	return false;
}

static bool check_resume(struct world *world, bool has_succeeded, char *text, size_t size)
{
	bool was_frozen = is_frozen(world);

	/* The next one needs it frozen. */
	if (!was_frozen && !set_back(world, pause_args, text, size))
		return false;
	if (!was_frozen || !has_succeeded)
		return true;
	snprintf(text, size, "it is still frozen");
	return false;
}

#define CREATE { "create", "--bundle", "@DIR@/bundle", "@ID@" }
#define START  { "start", "@ID@" }

const struct scenario scenarios[] = {
	{
		.name = "run", .bundle = "plain", .mode = "", .command = { "run", "--bundle", "@DIR@/bundle", "@ID@" },
		.status = INSIDE_STATUS, .has_output = true,
	},
	{
		.name = "create", .bundle = "plain", .mode = "wait",
		.command = { "create", "--bundle", "@DIR@/bundle", "--pid-file", "@DIR@/pid", "@ID@" },
		.on_success = REMAINS_CONTAINER, .check = check_pid_file,
	},
	{
		.name = "start", .bundle = "plain", .mode = "wait", .before = { CREATE }, .command = START,
		.has_output = true, .on_success = REMAINS_CONTAINER, .on_failure = REMAINS_ANY,
	},
	{
		.name = "delete", .bundle = "plain", .mode = "wait", .before = { CREATE, START },
		.command = { "delete", "--force", "@ID@" }, .on_failure = REMAINS_ANY,
	},
	{
		.name = "kill", .bundle = "plain", .mode = "wait", .before = { CREATE, START },
		.command = { "kill", "@ID@", "KILL" }, .on_success = REMAINS_ANY, .on_failure = REMAINS_ANY,
	},
	{
		.name = "exec", .bundle = "plain", .mode = "wait", .before = { CREATE, START }, .is_shared = true,
		.command = { "exec", "@ID@", "/bin/inside" }, .status = INSIDE_STATUS, .has_output = true,
		.on_success = REMAINS_CONTAINER, .on_failure = REMAINS_CONTAINER,
	},
	{
		.name = "update", .bundle = "plain", .mode = "wait", .is_shared = true,
		.before = { CREATE, START,
			    { "update", "--pids-limit", "100", "--memory", "200M", "--memory-swap", "300M",
			      "--cpu-share", "300", "@ID@" } },
		.command = { "update", "--pids-limit", "60", "--memory", "400M", "--memory-swap", "500M",
			     "--cpu-share", "600", "@ID@" },
		.on_success = REMAINS_CONTAINER, .on_failure = REMAINS_CONTAINER, .check = check_update,
	},
	{
		.name = "pause", .bundle = "plain", .mode = "wait", .before = { CREATE, START }, .is_shared = true,
		.command = { "pause", "@ID@" },
		.on_success = REMAINS_CONTAINER, .on_failure = REMAINS_CONTAINER, .check = check_pause,
	},
	{
		.name = "resume", .bundle = "plain", .mode = "wait", .is_shared = true,
		.before = { CREATE, START, { "pause", "@ID@" } }, .command = { "resume", "@ID@" },
		.on_success = REMAINS_CONTAINER, .on_failure = REMAINS_CONTAINER, .check = check_resume,
	},
	{
		.name = "detach", .bundle = "plain", .mode = "wait",
		.command = { "run", "--detach", "--pid-file", "@DIR@/pid", "--bundle", "@DIR@/bundle", "@ID@" },
		.has_output = true, .on_success = REMAINS_CONTAINER, .check = check_pid_file,
	},
	{
		.name = "rich", .bundle = "rich", .mode = "", .command = { "run", "--bundle", "@DIR@/bundle", "@ID@" },
		.status = INSIDE_STATUS, .has_output = true,
	},
	{
		.name = "rich-start", .bundle = "rich", .mode = "wait", .before = { CREATE }, .command = START,
		.has_output = true, .on_success = REMAINS_CONTAINER, .on_failure = REMAINS_ANY,
	},
	{
		.name = "rich-delete", .bundle = "rich", .mode = "wait", .before = { CREATE, START },
		.command = { "delete", "--force", "@ID@" }, .on_failure = REMAINS_ANY,
	},
	{
		.name = "rich-exec", .bundle = "rich", .mode = "wait", .before = { CREATE, START }, .is_shared = true,
		.command = { "exec", "@ID@", "/bin/inside" }, .status = INSIDE_STATUS, .has_output = true,
		.on_success = REMAINS_CONTAINER, .on_failure = REMAINS_CONTAINER,
	},
	{
		.name = "userns", .bundle = "userns", .mode = "", .status = INSIDE_STATUS, .has_output = true,
		.command = { "run", "--bundle", "@DIR@/bundle", "@ID@" },
	},
	{
		.name = "userns-exec", .bundle = "userns", .mode = "wait", .before = { CREATE, START },
		.is_shared = true, .command = { "exec", "@ID@", "/bin/inside" }, .status = INSIDE_STATUS,
		.has_output = true, .on_success = REMAINS_CONTAINER, .on_failure = REMAINS_CONTAINER,
	},
	{
		.name = "terminal", .bundle = "terminal", .mode = "wait",
		.command = { "create", "--console-socket", "@DIR@/console", "--bundle", "@DIR@/bundle", "@ID@" },
		.on_success = REMAINS_CONTAINER,
	},
	{
		.name = "joined", .bundle = "joined", .mode = "", .status = INSIDE_STATUS, .has_output = true,
		.command = { "run", "--bundle", "@DIR@/bundle", "@ID@" },
	},
	{
		.name = "shared", .bundle = "shared", .mode = "", .status = INSIDE_STATUS, .has_output = true,
		.command = { "run", "--bundle", "@DIR@/bundle", "@ID@" },
	},
	{
		.name = "v2", .bundle = "v2", .mode = "", .uses_v2 = true, .status = INSIDE_STATUS, .has_output = true,
		.command = { "run", "--bundle", "@DIR@/bundle", "@ID@" },
	},
	{
		.name = "v2-delete", .bundle = "v2", .mode = "wait", .uses_v2 = true, .before = { CREATE, START },
		.command = { "delete", "--force", "@ID@" }, .on_failure = REMAINS_ANY,
	},
	{
		.name = "v2-exec", .bundle = "v2", .mode = "wait", .uses_v2 = true, .before = { CREATE, START },
		.is_shared = true, .command = { "exec", "@ID@", "/bin/inside" }, .status = INSIDE_STATUS,
		.has_output = true, .on_success = REMAINS_CONTAINER, .on_failure = REMAINS_CONTAINER,
	},
	{ .name = NULL },
};
