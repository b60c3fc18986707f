/*
 * init/born.c - init clones itself into somebody else's pid namespace.
 *
 * The helper of runtime/spawn.c has joined the namespaces, which for pids counts for its children only, and has
 * executed init.  Who may ptrace in the container's pid namespace can open the executable of a process there, and write
 * to it later: so that it must be the sealed init program from the first moment, and never runlet (CVE-2019-5736).
 */
#include "init/born.h"

#include <errno.h>
#include <linux/sched.h>
#include <string.h>

#include "base/fd.h"
#include "base/num.h"
#include "sys/file.h"
#include "sys/process.h"
#include "wire/helper.h"

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif

static pid_t clone_into(uint64_t flags, int cgroup_fd)
{
	struct clone_args args = { .flags = flags | CLONE_PARENT };

	if (cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup_fd;
	}
	return sys_clone3(&args, sizeof(args));
}

/* As in runtime/spawn.c: the cgroup is a gain, not a must, and clone3 may be forbidden. */
static pid_t clone_anyhow(uint64_t flags, int cgroup_fd, bool *is_in_cgroup)
{
	pid_t pid = cgroup_fd >= 0 ? clone_into(flags, cgroup_fd) : -EBADF;

	*is_in_cgroup = pid >= 0;
	if (pid < 0)
		pid = clone_into(flags, -1);
	/* CLONE_NEWTIME is one of the bits that hold the exit signal of the old call. */
	if ((pid == -ENOSYS || pid == -EPERM) && !(flags & CLONE_NEWTIME))
		pid = sys_clone(flags | CLONE_PARENT, NULL);
	return pid;
}

/* "FD NAME": the open `tasks` file of a v1 cgroup, where "0" is who writes it. */
static int enter_cgroup(const char *text, struct err *err)
{
	const char *name = strchr(text, ' ');
	_cleanup_fd_ int fd = -1;
	uint64_t number;
	ssize_t written;

	if (!name || num_parse_u64_n(text, (size_t)(name - text), INT32_MAX, &number) < 0)
		return err_set(err, ERR_BUG, "init: no cgroup: %s", text);
	fd = (int)number;
	do
		written = sys_write(fd, "0", 1);
	while (written == -EINTR);
	if (written < 0)
		return err_sys(err, (int)written, "enter the container's cgroup of%s: write 0 to its tasks", name);
	return 0;
}

int init_be_born(char **args, int count, struct err *err)
{
	uint64_t report_number, cgroup_number, flags;
	_cleanup_fd_ int report_fd = -1, cgroup_fd = -1;
	struct helper_report report;
	bool is_in_cgroup;
	int result;

	if (count < HELPER_ARG_COUNT || num_parse_u64(args[HELPER_ARG_REPORT], INT32_MAX, &report_number) < 0 ||
	    num_parse_u64(args[HELPER_ARG_FLAGS], UINT64_MAX, &flags) < 0)
		return err_set(err, ERR_BUG, "init: %d arguments of the helper", count);
	report_fd = (int)report_number;
	if (num_parse_u64(args[HELPER_ARG_CGROUP], INT32_MAX, &cgroup_number) == 0)
		cgroup_fd = (int)cgroup_number;
	report.pid = clone_anyhow(flags, cgroup_fd, &is_in_cgroup);
	if (report.pid < 0)
		return err_sys(err, report.pid, "clone3 in the joined namespaces");
	if (report.pid > 0) {
		report.is_in_cgroup = is_in_cgroup;
		result = sys_write_all(report_fd, &report, sizeof(report));
		if (result == 0)
			sys_exit(0);
		return err_sys(err, result, "write the pid in the joined namespaces");
	}
	for (int i = HELPER_ARG_COUNT; i < count; i++) {
		if (enter_cgroup(args[i], err) < 0)
			return -1;
	}
	return 0;
}
