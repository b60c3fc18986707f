/*
 * ops/hook.c - OP_HOOK: runs a createContainer or startContainer hook and waits for it.
 *
 * Init process only, in the container's namespaces.  The hook's standard input is a file that holds the state, so a
 * hook that doesn't read it can harm nobody; what it prints goes to a file whose end becomes part of the error.
 */
#include "ops/op.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "ops/retire.h"
#include "ops/strings.h"
#include "sys/file.h"
#include "sys/process.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

/* init has none of its own (op_run_root()). */
#define HOOK_UMASK 0022
#define POLL_INTERVAL_MS 5
#define OUTPUT_TAIL_SIZE 512

/* What the forked process needs; made before the fork. */
struct hook_start {
	const char *path;
	char **argv;
	char **envp;
	int state_fd;    /* -1: the hook gets an empty file */
	int output_fd;   /* what isn't wanted elsewhere */
	int stdout_fd;
	int stderr_fd;
	bool has_umask;  /* process.user.umask is set, which is also the hook's then */
	int report_fd;   /* an errno value is written here when the hook can't be executed */
};

/* The kernel before 6.3 doesn't know NOEXEC_SEAL, and one with vm.memfd_noexec=2 demands it. */
static int make_memfd(const char *name)
{
	int fd = sys_memfd_create(name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);

	return fd == -EINVAL ? sys_memfd_create(name, MFD_CLOEXEC) : fd;
}

/* The forked process; never returns. */
static void hook_exec(const struct hook_start *start)
{
	int result = sys_dup3(start->state_fd, 0, 0);

	if (!start->has_umask)
		(void)sys_umask(HOOK_UMASK);
	if (result >= 0)
		result = sys_dup3(start->stdout_fd, 1, 0);
	if (result >= 0)
		result = sys_dup3(start->stderr_fd, 2, 0);
	if (result >= 0) {
		/* The fds that were passed on for the container's program are not the hook's. */
		(void)sys_close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
		result = sys_execve(start->path, start->argv, start->envp);
	}
	(void)sys_write(start->report_fd, &result, sizeof(result));
	sys_exit(127);
}

/* Waits until the process is dead; kills it when the time is over.  1: ran out of time, 0: ended by itself; -errno. */
static int wait_with_timeout(pid_t pid, uint32_t timeout_s, int *status)
{
	_cleanup_fd_ int pidfd = sys_pidfd_open(pid, 0);
	uint64_t end_ns = sys_monotonic_ns() + timeout_s * UINT64_C(1000000000);
	int result;

	while ((result = sys_wait4(pid, status, WNOHANG, NULL)) == 0) {
		struct pollfd ended = { .fd = pidfd, .events = POLLIN };
		uint64_t now_ns = timeout_s > 0 ? sys_monotonic_ns() : 0;

		if (timeout_s > 0 && now_ns >= end_ns) {
			(void)sys_kill(pid, SIGKILL);
			(void)sys_wait4(pid, status, 0, NULL);
			return 1;
		}
		/* Before Linux 5.3 there is no pidfd to wait for. */
		if (pidfd < 0)
			sys_sleep_ms(POLL_INTERVAL_MS);
		else if (timeout_s == 0)
			(void)sys_poll(&ended, 1, -1);
		else
			(void)sys_poll(&ended, 1, (end_ns - now_ns) / 1000000 < INT32_MAX ?
			                                  (int)((end_ns - now_ns) / 1000000) + 1 : INT32_MAX);
	}
	return result < 0 ? result : 0;
}

/* The last bytes of what the hook printed, without the newline at the end; "" when there are none. */
static void read_tail(int output_fd, char tail[OUTPUT_TAIL_SIZE])
{
	off_t end = sys_lseek(output_fd, 0, SEEK_END);
	off_t start = end > OUTPUT_TAIL_SIZE - 1 ? end - (OUTPUT_TAIL_SIZE - 1) : 0;
	ssize_t length = sys_pread(output_fd, tail, OUTPUT_TAIL_SIZE - 1, start);

	if (length < 0)
		length = 0;
	while (length > 0 && (tail[length - 1] == '\n' || tail[length - 1] == '\0'))
		length--;
	tail[length] = '\0';
}

static int report_end(const struct hook_start *start, int status, struct err *err)
{
	char tail[OUTPUT_TAIL_SIZE];

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	read_tail(start->output_fd, tail);
	if (WIFSIGNALED(status))
		return err_set(err, ERR_HOOK, "hook %s: killed by signal %d%s%s", start->path, WTERMSIG(status),
		               tail[0] ? ": " : "", tail);
	return err_set(err, ERR_HOOK, "hook %s: exit status %d%s%s", start->path, WEXITSTATUS(status),
	               tail[0] ? ": " : "", tail);
}

static int run_hook(struct hook_start *start, uint32_t timeout_s, struct err *err)
{
	_cleanup_fd_ int report_read_fd = -1;
	_cleanup_fd_ int report_write_fd = -1;
	int pipe_fds[2];
	int failure = 0;
	int status = 0;
	int result = sys_pipe2(pipe_fds, O_CLOEXEC);
	pid_t pid;

	if (result < 0)
		return err_sys(err, result, "hook %s: pipe", start->path);
	report_read_fd = pipe_fds[0];
	report_write_fd = pipe_fds[1];
	start->report_fd = report_write_fd;
	pid = sys_fork();
	if (pid == 0)
		hook_exec(start);
	if (pid < 0)
		return err_sys(err, pid, "hook %s: fork", start->path);
	fd_close(&report_write_fd);
	/* EOF says that the hook is executed: the other end is close-on-exec. */
	if (sys_read(report_read_fd, &failure, sizeof(failure)) == sizeof(failure)) {
		(void)sys_wait4(pid, &status, 0, NULL);
		err_sys(err, failure, "hook %s: exec", start->path);
		err->kind = ERR_HOOK;
		return -1;
	}
	result = wait_with_timeout(pid, timeout_s, &status);
	if (result < 0)
		return err_sys(err, result, "hook %s: wait for its end", start->path);
	if (result > 0)
		return err_set(err, ERR_HOOK, "hook %s: still running after %u s, killed", start->path, timeout_s);
	return report_end(start, status, err);
}

int op_run_hook(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_hook *hook = &op->u.hook;
	_cleanup_fd_ int output_fd = make_memfd("hook-output");
	_cleanup_fd_ int empty_fd = -1;
	struct hook_start start = {
		.path = plan_view_str(context->view, hook->path),
		.state_fd = context->state_fd,
		.output_fd = output_fd,
		.has_umask = context->is_identity_set,
	};

	off_t position;

	/* The hook, and what looks through init's fds meanwhile, finds no more than is needed. */
	op_fd_retire(&context->parent.fd);
	op_fds_flush();
	if (output_fd < 0)
		return err_sys(err, output_fd, "hook %s: memfd_create", start.path);
	start.stdout_fd = hook->stdout_slot == SLOT_NONE ? output_fd : op_slot_need(context, hook->stdout_slot, err);
	start.stderr_fd = hook->stderr_slot == SLOT_NONE ? output_fd : op_slot_need(context, hook->stderr_slot, err);
	if (start.stdout_fd < 0 || start.stderr_fd < 0)
		return -1;
	/* The hook's 1 and 2, and those of what it starts, share the position only with O_APPEND. */
	(void)sys_fcntl(output_fd, F_SETFL, O_APPEND);
	if (start.state_fd < 0) {
		empty_fd = make_memfd("hook-state");
		start.state_fd = empty_fd;
	}
	if (start.state_fd < 0)
		return err_sys(err, start.state_fd, "hook %s: memfd_create", start.path);
	position = sys_lseek(start.state_fd, 0, SEEK_SET);
	if (position < 0)
		return err_sys(err, (int)position, "hook %s: lseek of the state", start.path);
	start.argv = strings_from_list(context->view, hook->args, NULL, 0, err);
	start.envp = start.argv ? strings_from_list(context->view, hook->env, NULL, 0, err) : NULL;
	if (!start.envp)
		return -1;
	return run_hook(&start, hook->timeout_s, err);
}
