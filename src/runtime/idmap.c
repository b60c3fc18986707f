/*
 * runtime/idmap.c - writes the id maps of a new user namespace.  Runtime process only.
 */
#include "runtime/idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/trace.h"
#include "plan/idmap.h"
#include "program/child.h"
#include "program/find.h"
#include "sys/file.h"
#include "sys/process.h"

struct idmap_kind {
	const char *file;    /* in /proc/PID */
	const char *helper;  /* what an unprivileged user writes it by (newuidmap(1)) */
};

static const struct idmap_kind uid_kind = { "uid_map", "newuidmap" };
static const struct idmap_kind gid_kind = { "gid_map", "newgidmap" };

static int write_map(pid_t pid, const struct idmap_kind *kind, const struct spec_id_map_list *maps, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	char path[48];
	int result;

	for (size_t i = 0; i < maps->count; i++) {
		const struct spec_id_map *map = &maps->items[i];

		buf_printf(&text, "%u %u %u\n", map->container_id, map->host_id, map->size);
	}
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, kind->file);
	/* The kernel takes a map in one write only. */
	result = sys_file_write_at(AT_FDCWD, path, buf_str(&text), text.length);
	if (result == -EPERM)
		return err_sys(err, result, "write %s (does the user namespace of runlet have all the hostIDs?)", path);
	return result < 0 ? err_sys(err, result, "write %s", path) : 0;
}

static int run_helper(pid_t pid, const struct idmap_kind *kind, const struct spec_id_map_list *maps, struct err *err)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	char *envp[] = { NULL };
	char **argv = arena_alloc_array(&arena, maps->count * 3 + 3, sizeof(*argv));
	struct child_program program = { .argv = argv, .envp = envp, .stdin_fd = -1, .timeout_s = 30 };
	struct child_result result;
	size_t count = 0;

	program.path = program_find(&arena, kind->helper);
	if (!program.path)
		return err_set(err, ERR_UNSUPPORTED,
			       "%s is needed to map ids that are not the caller's, and is not in PATH", kind->helper);
	argv[count++] = (char *)program.path;
	argv[count++] = arena_printf(&arena, "%d", pid);
	for (size_t i = 0; i < maps->count; i++) {
		argv[count++] = arena_printf(&arena, "%u", maps->items[i].container_id);
		argv[count++] = arena_printf(&arena, "%u", maps->items[i].host_id);
		argv[count++] = arena_printf(&arena, "%u", maps->items[i].size);
	}
	if (child_run(&program, &result, err) < 0)
		return -1;
	if (result.is_timed_out || !WIFEXITED(result.wait_status) || WEXITSTATUS(result.wait_status) != 0)
		return err_set(err, ERR_UNSUPPORTED, "%s failed: %s", program.path, result.output);
	return 0;
}

static int open_user_namespace(pid_t pid, const struct spec_id_map_list *uid_maps,
			       const struct spec_id_map_list *gid_maps, struct err *err)
{
	char path[48];
	int fd;

	if (write_map(pid, &uid_kind, uid_maps, err) < 0 || write_map(pid, &gid_kind, gid_maps, err) < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	return fd < 0 ? err_sys(err, fd, "open %s", path) : fd;
}

int idmap_open_namespace(const struct spec_id_map_list *uid_maps, const struct spec_id_map_list *gid_maps,
			 struct err *err)
{
	_cleanup_fd_ int reader = -1, writer = -1;
	int fds[2], result;
	pid_t pid;
	char end;

	result = sys_pipe2(fds, O_CLOEXEC);
	if (result < 0)
		return err_sys(err, result, "pipe2");
	/* Read by its cleanup. NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores) */
	reader = fds[0];
	writer = fds[1];
	pid = sys_clone(CLONE_NEWUSER | SIGCHLD, NULL);
	if (pid == 0) {
		/* Lives until the maps are written, or runlet is no more. */
		(void)sys_close(fds[1]);
		sys_exit(sys_read(fds[0], &end, 1) < 0);
	}
	if (pid < 0)
		return err_sys(err, pid, "clone a user namespace for an id map");
	result = open_user_namespace(pid, uid_maps, gid_maps, err);
	fd_close(&writer);
	(void)sys_wait4(pid, NULL, 0, NULL);
	return result;
}

int idmap_write(pid_t pid, const struct plan_spawn *shape, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("write the id maps", "");
	bool is_privileged = sys_geteuid() == 0;
	char path[48];
	int result;

	if (is_privileged || plan_idmap_is_single(&shape->uid_maps, sys_geteuid()))
		result = write_map(pid, &uid_kind, &shape->uid_maps, err);
	else
		result = run_helper(pid, &uid_kind, &shape->uid_maps, err);
	if (result < 0)
		return -1;
	if (!is_privileged && !plan_idmap_is_single(&shape->gid_maps, sys_getegid()))
		return run_helper(pid, &gid_kind, &shape->gid_maps, err);
	if (!is_privileged) {
		/* Else the map could take away a group that denies access (user_namespaces(7), CVE-2014-8989). */
		snprintf(path, sizeof(path), "/proc/%d/setgroups", pid);
		result = sys_file_write_at(AT_FDCWD, path, "deny", 4);
		if (result < 0 && result != -ENOENT)
			return err_sys(err, result, "write %s", path);
	}
	return write_map(pid, &gid_kind, &shape->gid_maps, err);
}
