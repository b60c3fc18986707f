/*
 * runtime/ps.c - `runlet ps`: the processes of a container, as the host sees them.
 *
 * Runtime process only; takes no lock and changes nothing.
 */
#include "runtime/ps.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "program/child.h"
#include "program/find.h"
#include "program/memfd.h"
#include "runtime/container.h"
#include "runtime/pid_namespace.h"
#include "runtime/runtime.h"
#include "sys/file.h"

/* ps reads the memory of processes, which may be held up by a file system that doesn't answer. */
#define PS_TIMEOUT_S 30

int runtime_pids(const struct runtime_context *context, const char *id, struct arena *arena, struct runtime_pids *pids,
		 struct err *err)
{
	_cleanup_container_ struct container container = CONTAINER_INIT;

	*pids = (struct runtime_pids){ NULL, 0 };
	if (container_open(context, id, &container, err) < 0 || container_refuse_half_made(&container, err) < 0)
		return -1;
	if (container.cgroup.dir_count > 0)
		return cgroup_list_pids(arena, &container.cgroup, &pids->items, &pids->count, err);
	/* One that has stopped has none. */
	if (container.pidfd < 0)
		return 0;
	if (!container.state.has_own_pid_ns)
		return err_set(err, ERR_UNSUPPORTED,
			       "container %s has neither a cgroup nor a pid namespace, which tell its processes", id);
	return pid_namespace_list(arena, (pid_t)container.state.pid, container.pidfd, &pids->items, &pids->count, err);
}

static char **make_argv(struct arena *arena, const char *path, char *const *options)
{
	char **argv;
	size_t count = 0;

	while (options[count])
		count++;
	argv = arena_alloc_array(arena, count + 3, sizeof(*argv));
	argv[0] = (char *)path;
	if (count == 0)
		argv[1] = (char *)"-ef";
	else
		memcpy(argv + 1, options, count * sizeof(*argv));
	return argv;
}

/* Runs ps with a file for its output, which may be long. */
static int run_ps(struct arena *arena, char *const *options, int output, struct err *err)
{
	const char *path = program_find(arena, "ps");
	struct child_program program = {
		.path = path,
		.envp = environ,
		.stdin_fd = -1,
		.stdout_fd = output,
		.timeout_s = PS_TIMEOUT_S,
	};
	struct child_result result;

	if (!path)
		return err_set(err, ERR_UNSUPPORTED, "ps is not in PATH; --format json does without it");
	program.argv = make_argv(arena, path, options);
	if (child_run(&program, &result, err) < 0)
		return -1;
	if (result.is_timed_out)
		return err_set(err, ERR_TIMEOUT, "%s was killed: it took more than %d s", path, PS_TIMEOUT_S);
	if (!WIFEXITED(result.wait_status))
		return err_set(err, ERR_SYSTEM, "%s was killed by signal %d", path, WTERMSIG(result.wait_status));
	if (WEXITSTATUS(result.wait_status) != 0)
		return err_set(err, ERR_UNSUPPORTED, "%s: exit status %d: %s", path, WEXITSTATUS(result.wait_status),
			       result.output);
	if (result.output[0] != '\0')
		log_warn("%s: %s", path, result.output);
	return 0;
}

static int read_back(int fd, struct buf *text, struct err *err)
{
	char piece[16384];
	ssize_t length;

	while ((length = sys_pread(fd, piece, sizeof(piece), (off_t)text->length)) > 0)
		buf_add(text, piece, (size_t)length);
	return length < 0 ? err_sys(err, (int)length, "read the output of ps") : 0;
}

int runtime_ps(const struct runtime_context *context, const char *id, char *const *options, struct buf *out,
	       struct err *err)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	_cleanup_buf_ struct buf text = BUF_INIT;
	_cleanup_fd_ int output = -1;
	struct runtime_pids pids;

	if (runtime_pids(context, id, &arena, &pids, err) < 0)
		return -1;
	output = memfd_open_empty("runlet-ps", err);
	if (output < 0)
		return -1;
	if (run_ps(&arena, options, output, err) < 0 || read_back(output, &text, err) < 0)
		return -1;
	if (ps_filter(buf_str(&text), text.length, pids.items, pids.count, out) < 0)
		return err_set(err, ERR_UNSUPPORTED,
			       "couldn't find PID field in ps output: ask ps for the column \"pid\"");
	return 0;
}
