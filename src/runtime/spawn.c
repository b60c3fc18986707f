/*
 * runtime/spawn.c - makes the container's init process.
 *
 * Runs in the runtime process and, between clone and exec, in its children: the stub, which becomes init, and the
 * helper, which joins namespaces for it.  Those two may call system calls and wire_*() only: the stub may share
 * runlet's memory.
 */
#include "runtime/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "base/fd.h"
#include "base/trace.h"
#include "runtime/ambient.h"
#include "runtime/close_fds.h"
#include "runtime/signals.h"
#include "sys/file.h"
#include "sys/process.h"
#include "wire/helper.h"
#include "wire/wire.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

/* The sanitizers' shadow of a stack doesn't survive two processes in one memory. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STUB_HAS_OWN_MEMORY true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define STUB_HAS_OWN_MEMORY true
#endif
#ifndef STUB_HAS_OWN_MEMORY
#define STUB_HAS_OWN_MEMORY false
#endif

#define STUB_STACK_SIZE (64u << 10)

/* Room for 32-bit numbers in decimal. */
#define FD_TEXT_SIZE 12

struct stub {
	const struct spawn_request *request;
	uint64_t ignored_signals;
	char socket_text[FD_TEXT_SIZE];
	char plan_text[FD_TEXT_SIZE];
};

/* `object` may be NULL. */
static int stub_fail(const struct stub *stub, int errnum, const char *call, const char *object)
{
	struct wire_message message = {
		.header = { WIRE_ERROR, sizeof(message.body.error) },
		.body.error.op_index = UINT32_MAX,
	};
	struct err ignored;

	err_sys(&message.body.error.err, errnum, "%s%s%s", call, object ? " " : "", object ? object : "");
	(void)wire_send(stub->request->init_socket, &message, &ignored);
	return 1;
}

static bool is_in_other_user_ns(const struct plan_spawn *shape)
{
	return shape->has_new_user_ns || shape->user_slot != SLOT_NONE || (shape->join_flags & CLONE_NEWUSER);
}

static int wait_for_maps(const struct stub *stub)
{
	int socket = stub->request->init_socket;
	struct wire_message answer = { .fd_count = 0 };
	struct err err = ERR_INIT;

	int result = wire_send_simple(socket, WIRE_NEED_MAP, NULL, 0, &err);

	if (result == 0)
		result = wire_receive(socket, &answer, -1, &err);
	if (result < 0)
		return stub_fail(stub, err.errnum, err.text, "for the id maps");
	return result == 1 && answer.header.type == WIRE_MAPPED ? 0 : 1;
}

/* setgroups may be denied there (user_namespaces(7)); init reports it where groups were asked for. */
static int become_root(const struct stub *stub)
{
	const struct plan_spawn *shape = &stub->request->plan->spawn;
	const uint32_t uid = shape->fallback_uid, gid = shape->fallback_gid;
	int result;

	if (!stub->request->plan->spawn.keeps_groups)
		(void)sys_setgroups(0, NULL);
	result = sys_setresgid(0, 0, 0);
	/* There is no such id. */
	if (result == -EINVAL)
		result = sys_setresgid(gid, gid, gid);
	if (result < 0)
		return stub_fail(stub, result, "setresgid in the user namespace (is process.user.gid mapped?)", NULL);
	result = sys_setresuid(0, 0, 0);
	if (result != -EINVAL)
		return result < 0 ? stub_fail(stub, result, "setresuid 0 in the user namespace", NULL) : 0;
	result = sys_setresuid(uid, uid, uid);
	if (result < 0)
		return stub_fail(stub, result, "setresuid in the user namespace (is process.user.uid mapped?)", NULL);
	result = ambient_raise_all();
	return result < 0 ? stub_fail(stub, result, "keep the capabilities in the user namespace", NULL) : 0;
}

/*
 * A stub that waits for its maps must see the end of runlet, and must not hold the container's lock beyond it: it gives
 * up runlet's end of the pair and all else that exec would close.
 */
static void close_others(const struct spawn_request *request)
{
	const int kept[] = { request->init_socket, request->init_fd, request->plan_fd };

	close_all_but(kept, sizeof(kept) / sizeof(kept[0]), request->first_fd);
}

/*
 * The helper of an exec clones into the container, where somebody may be allowed to look at the clone's fds before it
 * executes init: what leads to the host and isn't needed is gone by then (CVE-2016-9962).
 */
static void close_for_target(const struct spawn_request *request, int report_fd)
{
	const struct spawn_target *target = request->target;
	int kept[7 + CGROUP_TASKS_MAX] = {
		request->init_socket, request->init_fd, request->plan_fd, request->cgroup_fd,
		target->pidfd,        target->root_fd,  report_fd,
	};
	size_t count = 7;

	for (uint32_t i = 0; i < target->tasks->count; i++)
		kept[count++] = target->tasks->fds[i];
	close_all_but(kept, count, request->first_fd);
}

/*
 * "0" in `tasks` moves the thread that writes it, which is much cheaper than to be moved (ops/sync.c).  The stub and
 * not the helper does it, so that a container that is at its limit of processes can still be entered.
 */
static int enter_cgroups(const struct stub *stub, const struct cgroup_tasks *tasks)
{
	for (uint32_t i = 0; i < tasks->count; i++) {
		ssize_t written = sys_write(tasks->fds[i], "0", 1);

		if (written < 0)
			return stub_fail(stub, (int)written, "enter the container's cgroup of", tasks->names[i]);
	}
	return 0;
}

/*
 * A fresh process starts with default signals, whatever the engine that called runlet ignored: execve(2) keeps that,
 * and resets only handlers, of which runlet has none.  The mask is init's to reset.
 */
static int prepare_exec(const struct stub *stub)
{
	for (int signal = 1; signal <= 64; signal++) {
		int result = stub->ignored_signals >> (signal - 1) & 1 ? sys_signal_default(signal) : 0;
		if (result < 0)
			return stub_fail(stub, result, "rt_sigaction", "of a signal that runlet's caller ignores");
	}
	close_at_exec(stub->request->first_fd);
	return 0;
}

/* Everything between clone and exec of init. */
static int stub_main(void *argument)
{
	const struct stub *stub = argument;
	const struct spawn_request *request = stub->request;
	char name[] = "runlet:[init]";
	char *argv[] = { name, (char *)stub->socket_text, (char *)stub->plan_text, NULL };
	const int kept[] = { request->init_socket, request->plan_fd };
	char *envp[] = { NULL };
	int result;

	if (request->target && enter_cgroups(stub, request->target->tasks) != 0)
		return 1;
	if (request->plan->spawn.has_new_user_ns) {
		close_others(request);
		if (wait_for_maps(stub) != 0)
			return 1;
	}
	if (is_in_other_user_ns(&request->plan->spawn)) {
		result = become_root(stub);
		if (result != 0)
			return result;
	}
	result = prepare_exec(stub);
	if (result != 0)
		return result;
	result = keep_at_exec(kept, sizeof(kept) / sizeof(kept[0]));
	if (result < 0)
		return stub_fail(stub, result, "fcntl F_SETFD", "of what init gets");
	result = sys_execveat(request->init_fd, "", argv, envp, AT_EMPTY_PATH);
	return stub_fail(stub, result, "execveat the init program", NULL);
}

/* clone(2): a seccomp wrapper around runlet may answer ENOSYS to clone3, whose arguments it can't look into. */
static pid_t clone_stub_old(struct stub *stub, uint64_t flags, int *pidfd)
{
	uint64_t old_flags = flags | (flags & CLONE_PARENT ? 0 : SIGCHLD) | (pidfd ? CLONE_PIDFD : 0);
	pid_t pid;

	/* CLONE_NEWTIME is one of the bits that hold the exit signal here. */
	if (flags & CLONE_NEWTIME)
		return -ENOSYS;
	pid = sys_clone(old_flags, pidfd);
	if (pid == 0)
		sys_exit(stub_main(stub));
	return pid;
}

/*
 * One attempt.  A stub in a user namespace needs memory of its own: it lives on while runlet writes its maps.
 */
/* The kernel writes to *pidfd. NOLINTNEXTLINE(readability-non-const-parameter) */
static pid_t clone_stub(struct stub *stub, uint64_t flags, int cgroup_fd, int *pidfd)
{
	const struct plan_spawn *shape = &stub->request->plan->spawn;
	bool has_own_memory =
		STUB_HAS_OWN_MEMORY || is_in_other_user_ns(shape) || (shape->clone_flags & CLONE_NEWTIME);
	char stack[STUB_STACK_SIZE] __attribute__((aligned(16)));
	struct clone_args args = {
		.flags = flags | shape->clone_flags,
		.exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD,
	};
	pid_t pid;

	if (pidfd) {
		args.flags |= CLONE_PIDFD;
		args.pidfd = (uintptr_t)pidfd;
	}
	if (cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup_fd;
	}
	if (!has_own_memory) {
		args.flags |= CLONE_VM | CLONE_VFORK;
		args.stack = (uintptr_t)stack;
		args.stack_size = sizeof(stack);
		return sys_clone3_call(&args, sizeof(args), stub_main, stub);
	}
	pid = sys_clone3(&args, sizeof(args));
	if (pid == 0)
		sys_exit(stub_main(stub));
	return pid;
}

/* Being born in the cgroup is a gain, not a must: cgroup_join() follows where it was refused. */
static pid_t clone_stub_into(struct stub *stub, uint64_t flags, int *pidfd, bool *is_in_cgroup)
{
	int cgroup_fd = stub->request->cgroup_fd;
	pid_t pid;

	*is_in_cgroup = false;
	if (cgroup_fd >= 0) {
		pid = clone_stub(stub, flags, cgroup_fd, pidfd);
		if (pid > 0) {
			*is_in_cgroup = true;
			return pid;
		}
	}
	pid = clone_stub(stub, flags, -1, pidfd);
	if (pid == -ENOSYS || pid == -EPERM)
		return clone_stub_old(stub, flags | stub->request->plan->spawn.clone_flags, pidfd);
	return pid;
}

static int join(const struct stub *stub, uint32_t slot, int type)
{
	const struct spawn_request *request = stub->request;
	int result = sys_setns(request->slots[slot], type);

	return result < 0 ? stub_fail(stub, result, "setns", request->plan->slots[slot].path) : 0;
}

/*
 * Namespaces that count for children, or that the new user namespace must not own, in the plan's order.  Which user
 * namespace owns them is not known: what isn't permitted before the join of the user namespace may be so after it.
 */
static int join_all(const struct stub *stub)
{
	const struct spawn_request *request = stub->request;
	const struct plan_spawn *shape = &request->plan->spawn;
	uint32_t slots[1 + sizeof(shape->early_slots) / sizeof(shape->early_slots[0])];
	uint32_t count = 0, late = 0;
	int result;

	if (shape->pid_slot != SLOT_NONE)
		slots[count++] = shape->pid_slot;
	for (uint32_t i = 0; i < shape->early_count; i++)
		slots[count++] = shape->early_slots[i];
	for (uint32_t i = 0; i < count; i++) {
		result = sys_setns(request->slots[slots[i]], 0);
		if (result == -EPERM && shape->user_slot != SLOT_NONE)
			slots[late++] = slots[i];
		else if (result < 0)
			return stub_fail(stub, result, "setns", request->plan->slots[slots[i]].path);
	}
	/* Inside it may be denied.  A user without privileges can't, and keeps its groups as everywhere. */
	if (shape->user_slot != SLOT_NONE && !shape->keeps_groups)
		(void)sys_setgroups(0, NULL);
	if (shape->user_slot != SLOT_NONE && join(stub, shape->user_slot, CLONE_NEWUSER) != 0)
		return 1;
	for (uint32_t i = 0; i < late; i++) {
		if (join(stub, slots[i], 0) != 0)
			return 1;
	}
	return 0;
}

/* In the order in which they are joined; the mount namespace is last, as paths change their meaning with it. */
static const struct { uint32_t type; const char *file; } ns_files[] = {
	{ CLONE_NEWIPC, "ipc" },       { CLONE_NEWUTS, "uts" },   { CLONE_NEWNET, "net" }, { CLONE_NEWPID, "pid" },
	{ CLONE_NEWCGROUP, "cgroup" }, { CLONE_NEWTIME, "time" }, { CLONE_NEWNS, "mnt" },
};
#define NS_FILE_COUNT (sizeof(ns_files) / sizeof(ns_files[0]))

static int open_ns(pid_t pid, const char *file)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, file);
	return sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
}

/* The kernel refuses to join the user namespace that one is in. */
static bool is_own_user_ns(int fd)
{
	struct stat own, joined;

	return sys_fstatat(AT_FDCWD, "/proc/self/ns/user", &own, 0) == 0 && sys_fstat(fd, &joined) == 0 &&
	       own.st_dev == joined.st_dev && own.st_ino == joined.st_ino;
}

/* One after another: twice round, as some may be owned by the user namespace that is entered in between. */
static int join_files(const struct stub *stub, int *fds, int user_fd)
{
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < NS_FILE_COUNT; i++) {
			int result = fds[i] < 0 ? 0 : sys_setns(fds[i], (int)ns_files[i].type);

			if (result == -EPERM && round == 0 && user_fd >= 0)
				continue;
			if (result < 0)
				return stub_fail(stub, result, "setns of the container's namespace", ns_files[i].file);
			fd_close(&fds[i]);
		}
		int joined = round == 0 && user_fd >= 0 ? sys_setns(user_fd, CLONE_NEWUSER) : 0;

		if (joined < 0)
			return stub_fail(stub, joined, "setns of the container's namespace", "user");
	}
	return 0;
}

/* Before Linux 5.8, or where one of the namespaces is not another one. */
static int join_target_by_files(const struct stub *stub)
{
	const struct spawn_target *target = stub->request->target;
	uint32_t flags = stub->request->plan->spawn.join_flags;
	int fds[NS_FILE_COUNT], user_fd = -1, result = 0;

	if (flags & CLONE_NEWUSER)
		result = user_fd = open_ns(target->pid, "user");
	for (size_t i = 0; i < NS_FILE_COUNT; i++) {
		fds[i] = flags & ns_files[i].type ? open_ns(target->pid, ns_files[i].file) : -1;
		if (fds[i] < 0 && (flags & ns_files[i].type))
			result = fds[i];
	}
	if (result < 0)
		return stub_fail(stub, result, "open the container's namespaces", NULL);
	/* Alive now, so what was opened by its number was its own. */
	result = sys_pidfd_send_signal(target->pidfd, 0);
	if (result < 0)
		return stub_fail(stub, result, "look for the container's process", NULL);
	if (user_fd >= 0 && is_own_user_ns(user_fd))
		fd_close(&user_fd);
	result = join_files(stub, fds, user_fd);
	fd_close(&user_fd);
	return result;
}

/* setns(2) of a mount namespace leads to its root, and to the directory of that. */
static int enter_root(const struct stub *stub, int root_fd)
{
	int result = sys_fchdir(root_fd);

	if (result == 0)
		result = sys_chroot(".");
	return result < 0 ? stub_fail(stub, result, "enter the container's root", NULL) : 0;
}

static int join_target(const struct stub *stub, int report_fd)
{
	const struct spawn_target *target = stub->request->target;
	const struct plan_spawn *shape = &stub->request->plan->spawn;
	/* The cgroup says where it may run; what the caller was bound to doesn't count (sched_setaffinity(2)). */
	static const struct spec_cpus all = { { [0 ... SPEC_CPU_COUNT_MAX / 8 - 1] = 0xff }, SPEC_CPU_COUNT_MAX / 8 };
	const struct spec_cpus *cpus = shape->initial_cpus ? shape->initial_cpus : &all;
	int result = sys_sched_setaffinity(0, cpus->size, cpus->bits);

	if (result < 0 && shape->initial_cpus)
		return stub_fail(stub, result, "sched_setaffinity to process.execCPUAffinity.initial", NULL);
	close_for_target(stub->request, report_fd);
	/* Inside it may be denied. */
	if ((shape->join_flags & CLONE_NEWUSER) && !shape->keeps_groups)
		(void)sys_setgroups(0, NULL);
	if (shape->join_flags != 0) {
		result = sys_setns(target->pidfd, (int)shape->join_flags);
		if (result == -EINVAL || result == -EPERM) {
			result = join_target_by_files(stub);
			if (result != 0)
				return result;
		} else if (result < 0) {
			return stub_fail(stub, result, "setns of the container's namespaces", NULL);
		}
	}
	return target->root_fd >= 0 ? enter_root(stub, target->root_fd) : 0;
}

/* The kernel asks who opened the file: that was before the join, where our own files of /proc are still ours. */
static int make_time(const struct stub *stub, int offsets_fd)
{
	const struct op_time_offsets *offsets = &stub->request->plan->spawn.time_offsets;
	char text[128];
	int length = snprintf(text, sizeof(text), "monotonic %lld %u\nboottime %lld %u\n",
			      (long long)offsets->monotonic_secs, offsets->monotonic_nanosecs,
			      (long long)offsets->boottime_secs, offsets->boottime_nanosecs);
	int result = sys_unshare(CLONE_NEWTIME);

	if (result < 0)
		return stub_fail(stub, result, "unshare time", NULL);
	result = offsets_fd < 0 ? offsets_fd : sys_write_all(offsets_fd, text, (size_t)length);
	return result < 0 ? stub_fail(stub, result, "linux.timeOffsets: write /proc/self/timens_offsets", NULL) : 0;
}

/*
 * The helper, which isn't in the pid namespace that it has joined for its children, becomes init, and that clones
 * itself (init/born.c): there must be no process in there that executes runlet's own file (CVE-2019-5736).
 */
static int execute_cloner(const struct stub *stub, int report_fd)
{
	static const struct cgroup_tasks none;
	const struct spawn_request *request = stub->request;
	const struct cgroup_tasks *tasks = request->target ? request->target->tasks : &none;
	char texts[HELPER_ARG_COUNT + CGROUP_TASKS_MAX][64];
	char name[] = "runlet:[init]";
	char *argv[3 + HELPER_ARG_COUNT + CGROUP_TASKS_MAX + 1] = {
		name, (char *)stub->socket_text, (char *)stub->plan_text,
	};
	char *envp[] = { NULL };

	for (uint32_t i = 0; i < HELPER_ARG_COUNT + tasks->count; i++)
		argv[3 + i] = texts[i];
	if (prepare_exec(stub) != 0)
		return 1;
	snprintf(texts[HELPER_ARG_REPORT], sizeof(texts[0]), "%d", report_fd);
	texts[HELPER_ARG_CGROUP][0] = '\0';
	if (request->cgroup_fd >= 0)
		snprintf(texts[HELPER_ARG_CGROUP], sizeof(texts[0]), "%d", request->cgroup_fd);
	snprintf(texts[HELPER_ARG_FLAGS], sizeof(texts[0]), "%llu",
		 (unsigned long long)request->plan->spawn.clone_flags);
	for (uint32_t i = 0; i < tasks->count; i++)
		snprintf(texts[HELPER_ARG_COUNT + i], sizeof(texts[0]), "%d %.48s", tasks->fds[i], tasks->names[i]);
	const int kept[] = { request->init_socket, request->plan_fd, report_fd, request->cgroup_fd };
	int result = keep_at_exec(kept, sizeof(kept) / sizeof(kept[0]));

	if (result == 0)
		result = keep_at_exec(tasks->fds, tasks->count);
	if (result < 0)
		return stub_fail(stub, result, "fcntl F_SETFD", "of what init gets");
	return stub_fail(stub, sys_execveat(request->init_fd, "", argv, envp, AT_EMPTY_PATH),
			 "execveat the init program", NULL);
}

/*
 * Joins, clones and reports; a process that sits in namespaces of others must not be theirs to ptrace
 * (CVE-2016-9962).
 */
static int helper_main(struct stub *stub, int report_fd)
{
	bool has_time = stub->request->plan->spawn.has_helper_time;
	int offsets_fd = has_time ? sys_openat(AT_FDCWD, "/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC, 0) : -1;
	struct helper_report report;
	bool is_in_cgroup;
	int result;

	result = sys_prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (result < 0)
		return stub_fail(stub, result, "prctl PR_SET_DUMPABLE", NULL);
	if ((stub->request->target ? join_target(stub, report_fd) : join_all(stub)) != 0)
		return 1;
	if (has_time && make_time(stub, offsets_fd) != 0)
		return 1;
	/* Behind another user namespace runlet is out of reach, and executing there takes capabilities away. */
	if (!is_in_other_user_ns(&stub->request->plan->spawn))
		return execute_cloner(stub, report_fd);
	report.pid = clone_stub_into(stub, CLONE_PARENT, NULL, &is_in_cgroup);
	if (report.pid < 0)
		return stub_fail(stub, report.pid, "clone3 in the joined namespaces", NULL);
	report.is_in_cgroup = is_in_cgroup;
	result = sys_write_all(report_fd, &report, sizeof(report));
	return result < 0 ? stub_fail(stub, result, "write the pid in the joined namespaces", NULL) : 0;
}

static int receive_helper_error(const struct spawn_request *request, struct err *err)
{
	struct wire_message message;

	if (wire_receive(request->runtime_socket, &message, 0, err) == 1 && message.header.type == WIRE_ERROR) {
		*err = message.body.error.err;
		return -1;
	}
	return err_set(err, ERR_PROTOCOL, "the process that joins the namespaces died without a word");
}

static int spawn_by_helper(struct stub *stub, struct spawn_result *result, struct err *err)
{
	_cleanup_fd_ int reader = -1;
	struct helper_report report;
	int fds[2], failed;
	ssize_t length;
	pid_t helper;

	failed = sys_pipe2(fds, O_CLOEXEC);
	if (failed < 0)
		return err_sys(err, failed, "pipe2");
	reader = fds[0];
	helper = sys_fork();
	if (helper == 0)
		sys_exit(helper_main(stub, fds[1]));
	fd_close(&fds[1]);
	if (helper < 0)
		return err_sys(err, helper, "fork");
	do
		length = sys_read(reader, &report, sizeof(report));
	while (length == -EINTR);
	(void)sys_wait4(helper, NULL, 0, NULL);
	if (length < 0)
		return err_sys(err, (int)length, "read the report of the process that joins the namespaces");
	if (length != (ssize_t)sizeof(report))
		return receive_helper_error(stub->request, err);
	result->pid = report.pid;
	result->is_in_cgroup = report.is_in_cgroup != 0;
	/* Runlet's own child (CLONE_PARENT), not yet waited for: the pid can't be another's. */
	result->pidfd = sys_pidfd_open(report.pid, 0);
	if (result->pidfd < 0)
		return err_sys(err, result->pidfd, "pidfd_open %d", report.pid);
	return 0;
}

/* The stub lives on while its maps are written, where a container with the host's pids may see it. */
static int clone_hidden(struct stub *stub, struct spawn_result *result, struct err *err)
{
	/*
	 * The host's root has all capabilities in the user namespaces that it owns, so that the kernel would let it
	 * open the stub's /proc/PID/exe, which is runlet's own file.  Not so that of an undumpable process.  For
	 * others than root that would close uid_map, too.
	 */
	bool must_hide = is_in_other_user_ns(&stub->request->plan->spawn) && sys_geteuid() == 0;
	int was_dumpable = must_hide ? sys_prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) : 0;
	int hidden = was_dumpable == 1 ? sys_prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) : was_dumpable;

	if (hidden < 0)
		return err_sys(err, hidden, "prctl PR_SET_DUMPABLE");
	result->pid = clone_stub_into(stub, 0, &result->pidfd, &result->is_in_cgroup);
	if (was_dumpable == 1)
		(void)sys_prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	return result->pid < 0 ? err_sys(err, result->pid, "clone3") : 0;
}

int spawn_init(const struct spawn_request *request, struct spawn_result *result, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("clone and execute init", "");
	const struct plan_spawn *shape = &request->plan->spawn;
	struct stub stub = { .request = request, .ignored_signals = signals_ignored() };

	*result = (struct spawn_result)SPAWN_RESULT_INIT;
	/* A caller that ignored SIGCHLD would make the kernel throw init's exit status away (wait(2)). */
	if (stub.ignored_signals >> (SIGCHLD - 1) & 1)
		(void)sys_signal_default(SIGCHLD);
	snprintf(stub.socket_text, sizeof(stub.socket_text), "%d", request->init_socket);
	snprintf(stub.plan_text, sizeof(stub.plan_text), "%d", request->plan_fd);
	if (request->target || shape->pid_slot != SLOT_NONE || shape->user_slot != SLOT_NONE || shape->early_count > 0)
		return spawn_by_helper(&stub, result, err);
	return clone_hidden(&stub, result, err);
}
