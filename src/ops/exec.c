/*
 * ops/exec.c - OP_CLOSE_FDS, OP_SECCOMP, OP_EXEC: the last steps of init.
 *
 * Init process only.  A seccomp profile may allow execve and nothing else, so everything that OP_EXEC needs is made,
 * and WIRE_EXECING is sent, before the filter is loaded; between the two there is no other system call.  Only a filter
 * with a listener, which exists when it is loaded, must allow sendmsg as well (spec/check_seccomp.c).
 */
#include "ops/op.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/landlock.h"
#include "base/num.h"
#include "base/seccomp_flags.h"
#include "ops/last_words.h"
#include "ops/retire.h"
#include "ops/strings.h"
#include "ops/talk.h"
#include "sys/file.h"
#include "sys/process.h"

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

/* Without close_range(2): every fd that /proc/self/fd lists. */
static int set_cloexec_by_proc(int proc_fd, uint32_t first)
{
	_cleanup_fd_ int dir_fd = sys_openat(proc_fd, "self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	char records[2048] __attribute__((aligned(8)));
	ssize_t length;

	if (dir_fd < 0)
		return fd_take(&dir_fd);
	while ((length = sys_getdents64(dir_fd, records, sizeof(records))) > 0) {
		for (ssize_t at = 0; at < length;) {
			const struct sys_dirent *entry = (const struct sys_dirent *)(const void *)(records + at);
			uint32_t fd;

			if (num_parse_u32(entry->name, &fd) == 0 && fd >= first)
				(void)sys_fcntl((int)fd, F_SETFD, FD_CLOEXEC);
			at += entry->length;
		}
	}
	return (int)length;
}

/*
 * exec has no procfs.  What runlet was given was made close-on-exec before init was executed; this is for what init
 * itself has opened, which has low numbers.
 */
static int set_cloexec_by_number(uint32_t first)
{
	for (uint32_t fd = first; fd < first + 1024; fd++)
		(void)sys_fcntl((int)fd, F_SETFD, FD_CLOEXEC);
	return 0;
}

int op_run_close_fds(struct init_context *context, const struct plan_op *op, struct err *err)
{
	uint32_t first = op->u.close_fds.first;
	int result;

	op_fds_flush();
	result = sys_close_range(first, ~0u, CLOSE_RANGE_CLOEXEC);

	/* ENOSYS before Linux 5.9, EINVAL for the flag before 5.11, EPERM from a seccomp profile around us. */
	if (result == -ENOSYS || result == -EINVAL || result == -EPERM) {
		int proc_fd = op_slot(context, SLOT_PROC);

		result = proc_fd < 0 ? set_cloexec_by_number(first) : set_cloexec_by_proc(proc_fd, first);
	}
	if (result < 0)
		return err_sys(err, result, "close_range from fd %u", first);
	/* The interpreter of a #! line is looked up while what is close-on-exec is still open. */
	op_slot_fill(context, SLOT_PROC, -1);
	return 0;
}

/* Makes argv and envp of OP_EXEC; the second call does nothing. */
static int make_strings(struct init_context *context, const struct op_exec *exec, struct err *err)
{
	struct strings_extra extra[2];
	size_t count = 0;

	if (context->envp)
		return 0;
	if (exec->set_listen_pid) {
		snprintf(context->listen_pid, sizeof(context->listen_pid), "LISTEN_PID=%d", sys_getpid());
		extra[count++] = (struct strings_extra){ context->listen_pid, strlen("LISTEN_PID=") };
	}
	if (exec->set_home && context->home[0])
		extra[count++] = (struct strings_extra){ context->home, strlen("HOME=") };
	context->argv = strings_from_list(context->view, exec->args, NULL, 0, err);
	if (!context->argv)
		return -1;
	context->envp = strings_from_list(context->view, exec->env, extra, count, err);
	return context->envp ? 0 : -1;
}

/* The plan's last op. */
static const struct plan_op *find_exec(const struct plan_view *view)
{
	const struct plan_op *last = &view->ops[view->image->op_count - 1];

	return last->kind == OP_EXEC ? last : NULL;
}

/* The kernel's EINVAL doesn't say which; it looks at flags before it looks at the program (seccomp(2)). */
static int report_load(uint32_t flags, int result, struct err *err)
{
	static const struct { uint32_t flag; uint32_t with; const char *name; } rows[] = {
		{ SECCOMP_FILTER_FLAG_TSYNC, 0, "SECCOMP_FILTER_FLAG_TSYNC" },
		{ SECCOMP_FILTER_FLAG_LOG, 0, "SECCOMP_FILTER_FLAG_LOG" },
		{ SECCOMP_FILTER_FLAG_SPEC_ALLOW, 0, "SECCOMP_FILTER_FLAG_SPEC_ALLOW" },
		{ SECCOMP_FILTER_FLAG_NEW_LISTENER, 0, "SCMP_ACT_NOTIFY" },
		{ SECCOMP_FILTER_FLAG_TSYNC_ESRCH, 0, "SECCOMP_FILTER_FLAG_TSYNC with SCMP_ACT_NOTIFY" },
		{ SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, SECCOMP_FILTER_FLAG_NEW_LISTENER,
		  "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" },
	};

	if (result == -EBUSY && (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0)
		return err_sys(err, result,
			       "load the seccomp filter: one around runlet has a listener, and the kernel takes one");
	for (size_t i = 0; result == -EINVAL && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((flags & rows[i].flag) != 0 && sys_seccomp_filter(rows[i].flag | rows[i].with, NULL) == -EINVAL)
			return err_set(err, ERR_UNSUPPORTED, "load the seccomp filter: this kernel has no %s",
				       rows[i].name);
	}
	return err_sys(err, result, "load the seccomp filter (flags 0x%x)", flags);
}

/* Returns the listener, if the flags ask for one. */
static int load_filter(uint32_t flags, const struct sock_fprog *program)
{
	int result = sys_seccomp_filter(flags, program);

	/* Before Linux 3.17, and only what the older call can say. */
	if (result == -ENOSYS && flags == 0)
		result = sys_prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (unsigned long)program, 0, 0);
	return result;
}

/* For a filter that may allow execve alone: how that ended is then told by memory. */
static int announce(struct init_context *context, struct err *err)
{
	_cleanup_fd_ int words_fd = last_words_open(context);

	return talk_say_execing(context, words_fd, err);
}

int op_run_seccomp(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_seccomp *seccomp = &op->u.seccomp;
	const struct plan_op *exec = find_exec(context->view);
	struct sock_fprog program = {
		.len = (unsigned short)(seccomp->program.size / sizeof(struct sock_filter)),
		.filter = (struct sock_filter *)plan_view_bytes(context->view, seccomp->program),
	};
	bool has_listener = (seccomp->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0;
	int result;

	if (!exec)
		return err_set(err, ERR_BUG, "seccomp without an exec behind it");
	if (seccomp->program.size > BPF_MAXINSNS * sizeof(struct sock_filter))
		return err_set(err, ERR_UNSUPPORTED, "seccomp program of %u bytes is too long", seccomp->program.size);
	if (make_strings(context, &exec->u.exec, err) || (!has_listener && announce(context, err)))
		return -1;
	result = load_filter(seccomp->flags, &program);
	if (result < 0)
		return report_load(seccomp->flags, result, err);
	if (!has_listener)
		return 0;
	/* It is close-on-exec, and closing it might be forbidden. */
	if (talk_say_fd(context, WIRE_SECCOMP_FD, result, err))
		return -1;
	return talk_say_execing(context, -1, err);
}

/* In the words that engines look for, as ops/program.c does. */
static int report_execve(const struct init_context *context, int result, struct err *err)
{
	const char *name = context->program;

	if (result == -EACCES && (context->landlock_fs & LANDLOCK_FS_EXECUTE) != 0)
		return err_set(err, ERR_EXEC_DENIED,
		               "exec %s: permission denied (linux.landlock handles execute: is it allowed for the "
		               "program, its interpreter and its loader?)", name);
	switch (-result) {
	case ENOENT:
		/* The file was there: what is missing is its interpreter. */
		return err_set(err, ERR_EXEC_NOT_FOUND, "exec %s: no such file or directory", name);
	case EACCES:
		return err_set(err, ERR_EXEC_DENIED, "exec %s: permission denied", name);
	case EPERM:
		return err_set(err, ERR_EXEC_DENIED, "exec %s: operation not permitted", name);
	case ENOEXEC:
		return err_set(err, ERR_EXEC_DENIED, "exec %s: exec format error", name);
	default:
		return err_sys(err, result, "exec %s", name);
	}
}

int op_run_exec(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int result;

	if (context->program[0] == '\0')
		return err_set(err, ERR_BUG, "exec without a program");
	if (make_strings(context, &op->u.exec, err) || talk_say_execing(context, -1, err))
		return -1;
	result = sys_execve(context->program, context->argv, context->envp);
	return report_execve(context, result, err);
}
