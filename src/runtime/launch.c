/*
 * runtime/launch.c - puts a plan into the hands of a new init.  Runtime process only.
 */
#include "runtime/launch.h"

#include <stdint.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/trace.h"
#include "cgroup/cgroup.h"
#include "program/memfd.h"
#include "sys/file.h"
#include "sys/socket.h"

/* init_image.S */
extern const char init_image_start[];
extern const char init_image_end[];

/*
 * is_unreadable is for an init that joins a user namespace.  There those who have CAP_SYS_PTRACE may look into every
 * process whose memory belongs to the namespace, dumpable or not, and execve(2) gives it to the namespace at once.  But
 * memory of a program that the namespace may execute and not read stays with the host (would_dump() in the kernel's
 * fs/exec.c), so that not even PR_SET_DUMPABLE has to be waited for (CVE-2016-9962).
 */
static int open_init(int dirfd, bool is_unreadable, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("write init to a memfd", "");
	const struct memfd_program program = {
		.name = "runlet-init",
		.image = init_image_start,
		.size = (size_t)((uintptr_t)init_image_end - (uintptr_t)init_image_start),
	};

	return memfd_open_program(&program, dirfd, is_unreadable ? 0111 : 0555, err);
}

static int open_plan(const struct bundle *bundle, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("flatten the plan", "");
	_cleanup_buf_ struct buf image = BUF_INIT;

	if (plan_flatten(&bundle->plan, &bundle->plan_options, &image, err) < 0)
		return -1;
	return memfd_open_sealed("runlet-plan", image.data, image.length, err);
}

/* What is init's alone.  In this order their numbers are mostly neighbours, which one system call closes. */
enum launch_fd { LAUNCH_SOCKET = 0, LAUNCH_INIT, LAUNCH_PLAN, LAUNCH_CGROUP, LAUNCH_FD_COUNT };

static int launch_with(const struct launch_request *request, struct session *session, int fds[LAUNCH_FD_COUNT],
		       struct spawn_result *result, struct err *err)
{
	struct spawn_request spawn = {
		.plan = &request->bundle->plan,
		.slots = request->slots,
		.target = request->target,
		.first_fd = 3 + request->inherited_fds,
	};
	bool joins_user_ns = request->target || request->bundle->plan.spawn.user_slot != SLOT_NONE;
	int pair[2];
	int failed = sys_socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);

	if (failed < 0)
		return err_sys(err, failed, "socketpair");
	session->socket = spawn.runtime_socket = pair[0];
	spawn.init_socket = fds[LAUNCH_SOCKET] = pair[1];
	spawn.init_fd = fds[LAUNCH_INIT] = open_init(request->entry_fd, joins_user_ns, err);
	if (spawn.init_fd < 0)
		return -1;
	spawn.plan_fd = fds[LAUNCH_PLAN] = open_plan(request->bundle, err);
	if (spawn.plan_fd < 0)
		return -1;
	spawn.cgroup_fd = fds[LAUNCH_CGROUP] = cgroup_open_clone_fd(request->cgroup);
	return spawn_init(&spawn, result, err);
}

int launch_init(const struct launch_request *request, struct session *session, struct spawn_result *result,
		struct err *err)
{
	int fds[LAUNCH_FD_COUNT] = { -1, -1, -1, -1 };
	int failed;

	*result = (struct spawn_result)SPAWN_RESULT_INIT;
	failed = launch_with(request, session, fds, result, err);
	/* Its end is waited for: not left to a close_range(2) that a filter around runlet answers itself. */
	fd_close(&fds[LAUNCH_SOCKET]);
	sys_close_all(fds, LAUNCH_FD_COUNT);
	return failed;
}
