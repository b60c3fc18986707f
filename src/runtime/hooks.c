/*
 * runtime/hooks.c - the hooks that run in the runtime's namespaces.  Runtime process only.
 */
#include "runtime/hooks.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/trace.h"
#include "program/child.h"
#include "program/memfd.h"
#include "spec/annotations.h"
#include "sys/file.h"

int hooks_open_state(const struct state *state, uint32_t status, struct err *err)
{
	_cleanup_buf_ struct buf json = BUF_INIT;

	state_emit_hook(state, status, &json);
	return memfd_open_sealed("runlet-state", json.data, json.length, err);
}

int hooks_open_output(const char *path, struct err *err)
{
	int fd = sys_openat(AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);

	if (fd < 0)
		return err_sys(err, fd, "open %s for the output of hooks", path);
	(void)sys_fcntl(fd, F_SETFL, O_APPEND);
	return fd;
}

/* fds[0] is stdout, fds[1] stderr; left alone where no annotation asks for a file. */
static int open_outputs(const struct state *state, int fds[2], struct err *err)
{
	static const enum spec_annotation annotations[2] = { ANNOTATION_HOOKS_STDOUT, ANNOTATION_HOOKS_STDERR };

	for (size_t i = 0; i < 2; i++) {
		const char *path = spec_annotation_find(&state->annotations, annotations[i]);

		if (!path)
			continue;
		fds[i] = hooks_open_output(path, err);
		if (fds[i] < 0)
			return -1;
	}
	return 0;
}

/* A description of its own for each hook: what one leaves running can't move the offset of the next. */
static int reopen(int fd, struct err *err)
{
	char path[32];
	int copy;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	copy = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	return copy < 0 ? err_sys(err, copy, "open the state for a hook") : copy;
}

static int describe_failure(const struct spec_hook *hook, const struct child_result *result, struct err *err)
{
	const char *colon = result->output[0] != '\0' ? ": " : "";

	if (result->is_timed_out)
		return err_set(err, ERR_HOOK, "%s: killed after its timeout of %u s%s%s", hook->path,
			       hook->timeout_s.value, colon, result->output);
	if (WIFSIGNALED(result->wait_status))
		return err_set(err, ERR_HOOK, "%s: killed by signal %d%s%s", hook->path, WTERMSIG(result->wait_status),
			       colon, result->output);
	return err_set(err, ERR_HOOK, "%s: exit status %d%s%s", hook->path, WEXITSTATUS(result->wait_status), colon,
	               result->output);
}

static int run_one(const struct spec_hook *hook, const struct state *state, int state_fd, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("hook", hook->path);
	_cleanup_fd_ int input = reopen(state_fd, err);
	int outputs[2] = { -1, -1 };
	char *default_argv[] = { hook->path, NULL };
	char *no_env[] = { NULL };
	struct child_program program = {
		.path = hook->path,
		.argv = hook->args.count > 0 ? hook->args.items : default_argv,
		.envp = hook->env.items ? hook->env.items : no_env,
		.directory = state->bundle,
		.stdin_fd = input,
		.timeout_s = hook->timeout_s.is_set ? hook->timeout_s.value : 0,
	};
	struct child_result result;
	int failed;

	if (input < 0)
		return -1;
	/* A bundle that was removed since must not keep a poststop hook from running. */
	if (access(state->bundle, F_OK) < 0)
		program.directory = NULL;
	log_debug("hook %s", hook->path);
	failed = open_outputs(state, outputs, err);
	program.stdout_fd = outputs[0] >= 0 ? outputs[0] : 0;
	program.stderr_fd = outputs[1] >= 0 ? outputs[1] : 0;
	if (failed == 0)
		failed = child_run(&program, &result, err);
	fd_close(&outputs[0]);
	fd_close(&outputs[1]);
	if (failed < 0) {
		err->kind = ERR_HOOK;
		return -1;
	}
	if (!result.is_timed_out && WIFEXITED(result.wait_status) && WEXITSTATUS(result.wait_status) == 0)
		return 0;
	return describe_failure(hook, &result, err);
}

int hooks_run(const struct spec_hook_list *hooks, enum spec_hook_kind kind, const struct state *state, uint32_t status,
              struct err *err)
{
	_cleanup_fd_ int state_fd = -1;

	if (hooks->count == 0)
		return 0;
	state_fd = hooks_open_state(state, status, err);
	if (state_fd < 0)
		return -1;
	for (size_t i = 0; i < hooks->count; i++) {
		if (run_one(&hooks->items[i], state, state_fd, err) < 0)
			return err_prefix(err, "hooks.%s[%zu]", spec_hook_kind_name(kind), i);
	}
	return 0;
}

void hooks_run_poststop(const struct state *state)
{
	const struct spec_hook_list *hooks = &state->poststop;
	_cleanup_fd_ int state_fd = -1;
	struct err err = ERR_INIT;

	if (hooks->count == 0)
		return;
	state_fd = hooks_open_state(state, STATUS_STOPPED, &err);
	if (state_fd < 0) {
		(void)err_prefix(&err, "hooks.poststop");
		log_warn_err(&err);
		return;
	}
	for (size_t i = 0; i < hooks->count; i++) {
		if (run_one(&hooks->items[i], state, state_fd, &err) == 0)
			continue;
		(void)err_prefix(&err, "hooks.poststop[%zu]", i);
		log_warn_err(&err);
	}
}
