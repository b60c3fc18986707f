/*
 * cgroup/devices.c - attaches the planned device program to the container's v2 cgroup.
 *
 * Runs in the runtime process.  v1 needs none of it: its device rules are ordinary writes.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/resource.h>

#include "base/fd.h"
#include "cgroup/cgroup.h"
#include "create.h"
#include "sys/bpf.h"
#include "sys/process.h"
#include "tree.h"

/*
 * Kernels before 5.11 count programs as locked memory and refuse with EPERM when
 * the limit (64 KiB at first) is used up.
 */
static int load_unlimited(const struct bpf_insn *insns, size_t count)
{
	const struct sys_rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct sys_rlimit old;
	int fd;

	if (sys_prlimit(0, RLIMIT_MEMLOCK, &unlimited, &old) < 0)
		return -EPERM;
	fd = sys_bpf_load_device(insns, count);
	/* The container inherits this process's limits. */
	sys_prlimit(0, RLIMIT_MEMLOCK, &old, NULL);
	return fd;
}

int cgroup_devices_load(const struct plan_cgroup *plan, struct err *err)
{
	size_t count = plan->device_program_size / sizeof(struct bpf_insn);
	int program = sys_bpf_load_device(plan->device_program, count);

	if (program == -EPERM)
		program = load_unlimited(plan->device_program, count);
	if (program < 0)
		return err_sys(err, program, "linux.resources.devices: bpf BPF_PROG_LOAD of %zu instructions", count);
	return program;
}

int cgroup_apply_devices(const struct cgroup *cgroup, const struct plan_cgroup *plan, struct err *err)
{
	_cleanup_fd_ int directory = -1;
	_cleanup_fd_ int program = -1;
	int result;

	if (plan->device_program == NULL)
		return 0;
	directory = cgroup_open_clone_fd(cgroup);
	if (directory == -ENOENT)
		return err_set(err, ERR_UNSUPPORTED,
			       "linux.resources.devices: the container has no cgroup v2 to attach them to");
	if (directory < 0)
		return err_sys(err, directory, "linux.resources.devices: open the container's cgroup v2");
	program = cgroup_devices_load(plan, err);
	if (program < 0)
		return -1;
	/* Programs of the cgroups above stay in force (bpf(2): with ALLOW_MULTI all must say yes). */
	result = sys_bpf_attach_device(directory, program, BPF_F_ALLOW_MULTI);
	if (result < 0)
		return err_sys(err, result, "linux.resources.devices: bpf BPF_PROG_ATTACH");
	return 0;
}
