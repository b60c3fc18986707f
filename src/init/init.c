/*
 * init/init.c - loads the plan, gets the slots' fds, and runs one op after another.
 *
 * The init process: the first process of the container, in its namespaces, executed from a sealed memfd inside the
 * runlet binary.  It has no libc, no allocator and no parser of config, and no fd of the host but what the plan names.
 * It is built apart from the runtime (src/init/local.mk) and never reads its environment.
 */
#include "init/init.h"

#include <fcntl.h>
#include <linux/memfd.h>
#include <linux/prctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fd.h"
#include "base/num.h"
#include "init/born.h"
#include "ops/last_words.h"
#include "ops/op.h"
#include "ops/retire.h"
#include "ops/talk.h"
#include "ops/trace.h"
#include "sys/file.h"
#include "sys/process.h"
#include "wire/wire.h"

/* The write seals matter: nobody may change the plan after it was checked. */
#define PLAN_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static int parse_fd(const char *text, int *fd, struct err *err)
{
	uint64_t value;

	if (num_parse_u64(text, INT32_MAX, &value))
		return err_set(err, ERR_BUG, "init: no fd number: %s", text);
	*fd = (int)value;
	/* They had to survive the execve that started init, and must not survive the next. */
	int result = sys_fcntl((int)value, F_SETFD, FD_CLOEXEC);
	return result < 0 ? err_sys(err, result, "init: fcntl fd %s", text) : 0;
}

static int map_plan(int fd, struct plan_view *view, struct err *err)
{
	struct stat status;
	void *bytes;
	int result = sys_fcntl(fd, F_GET_SEALS, 0);

	if (result < 0)
		return err_sys(err, result, "init: fcntl F_GET_SEALS of the plan");
	if ((result & PLAN_SEALS) != PLAN_SEALS)
		return err_set(err, ERR_BUG, "init: the plan is not sealed");
	result = sys_fstat(fd, &status);
	if (result < 0)
		return err_sys(err, result, "init: fstat plan");
	if (status.st_size <= 0 || status.st_size > PLAN_IMAGE_SIZE_MAX)
		return err_set(err, ERR_BUG, "init: a plan of %ld bytes", (long)status.st_size);
	bytes = sys_mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (sys_is_error(bytes))
		return err_sys(err, (int)(intptr_t)bytes, "init: mmap plan");
	return plan_view_open(bytes, (size_t)status.st_size, view, err);
}

/*
 * From here on paths are looked up for the program, and /proc/self/fd is among them: what served the mounts must not be
 * there, neither for the cwd and the program, nor while init waits for start (CVE-2024-21626).
 */
static void close_for_mounts(struct init_context *context)
{
	op_fd_retire(&context->parent.fd);
	op_fds_flush();
}

/* What runlet blocks to read it; the dispositions are default ones already (runtime/spawn.c). */
static int unblock_signals(struct err *err)
{
	const uint64_t no_signals = 0;
	int result = sys_sigprocmask(SIG_SETMASK, &no_signals, NULL);

	return result < 0 ? err_sys(err, result, "init: sigprocmask") : 0;
}

/* Before all else: a process of a joined container must not trace us and walk through our fds (CVE-2016-9962). */
static int hide(struct err *err)
{
	int result = sys_prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);

	return result < 0 ? err_sys(err, result, "init: prctl PR_SET_DUMPABLE") : 0;
}

static int run_ops(struct init_context *context, struct err *err)
{
	const struct plan_view *view = context->view;

	for (uint32_t i = 0; i < view->image->op_count; i++) {
		const struct plan_op *op = &view->ops[i];
		int result;

		context->op_index = i;
		if (i > 0 && op->phase >= PHASE_IDENTITY && op[-1].phase < PHASE_IDENTITY)
			close_for_mounts(context);
		op_trace_begin(context, op);
		result = ops_table[op->kind].run(context, op, err);
		op_trace_end(context);
		if (result)
			return -1;
	}
	context->op_index = UINT32_MAX;
	return err_set(err, ERR_BUG, "init: the plan ended without an exec");
}

static void send_error(const struct init_context *context, const struct err *err)
{
	struct wire_message message;
	struct err ignored;

	message.header.type = WIRE_ERROR;
	message.header.length = sizeof(message.body.error);
	message.fd_count = 0;
	message.body.error.op_index = context->op_index;
	message.body.error.err = *err;
	message.body.error.origin[0] = '\0';
	if (context->op_index != UINT32_MAX)
		snprintf(message.body.error.origin, sizeof(message.body.error.origin), "%s",
		         plan_view_str(context->view, context->view->ops[context->op_index].origin));
	last_words_write(context, &message.body.error);
	(void)wire_send(context->socket, &message, &ignored);
}

/* The status tells what happened in the way of a shell, where nothing else can. */
static int exit_status(const struct err *err)
{
	if (err->kind == ERR_EXEC_NOT_FOUND)
		return 127;
	return err->kind == ERR_EXEC_DENIED ? 126 : 1;
}

static int load_and_run(struct init_context *context, struct plan_view *view, int argc, char **argv, struct err *err)
{
	int plan_fd = -1;
	int result = hide(err);

	/* The socket first: without it nobody hears of an error. */
	if (parse_fd(argv[1], &context->socket, err) || result || parse_fd(argv[2], &plan_fd, err) ||
	    unblock_signals(err))
		return -1;
	if (argc > 3 && init_be_born(argv + 3, argc - 3, err) < 0)
		return -1;
	result = map_plan(plan_fd, view, err);
	fd_close(&plan_fd);
	if (result)
		return -1;
	context->view = view;
	context->log_level = view->image->log_level;
	if (talk_load_slots(context, err))
		return -1;
	return run_ops(context, err);
}

int init_main(int argc, char **argv)
{
	struct init_context context;
	struct plan_view view;
	struct err err = ERR_INIT;

	if (argc < 3)
		return 1;
	memset(&context, 0, sizeof(context));
	memset(context.slots, 0xff, sizeof(context.slots));
	context.socket = -1;
	context.state_fd = -1;
	context.parent.fd = -1;
	context.landlock_fd = -1;
	context.op_index = UINT32_MAX;
	context.cwd_op = UINT32_MAX;
	context.wire_state = WIRE_STATE_LOADING;
	(void)load_and_run(&context, &view, argc, argv, &err);
	send_error(&context, &err);
	return exit_status(&err);
}
