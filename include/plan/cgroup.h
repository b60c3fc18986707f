/*
 * plan/cgroup.h - what the container's cgroup is and what is written into it, as data.
 *
 * Built by plan/cgroup.c and plan/devices.c from linux.cgroupsPath and linux.resources; executed by cgroup/.
 */
#ifndef PLAN_CGROUP_H
#define PLAN_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum plan_cgroup_manager { CGROUP_CGROUPFS = 0, CGROUP_SYSTEMD, CGROUP_DISABLED };

/*
 * One write, in order.  A missing controller or a write that the kernel refuses is an error with the origin, unless
 * is_optional.
 */
struct plan_cgroup_write {
	const char *controller;  /* "memory", "cpu", "cpuset", "pids", "devices" ... */
	const char *file;        /* "memory.max": for the mode that was planned for */
	const char *text;
	const char *origin;      /* "linux.resources.memory.limit" */
	bool is_optional;
};

struct plan_cgroup {
	enum plan_cgroup_manager manager;
	const char *path;        /* below each hierarchy's mount; no leading '/', no "..": "mycontainer", "pod1/ctr" */
	struct plan_cgroup_write *writes;
	size_t write_count;
	/* v2 device program: an array of struct bpf_insn, or NULL (v1, or nothing to restrict). */
	const void *device_program;
	size_t device_program_size;
	/*
	 * memory, cpu, cpuset or pids limits were asked for: rootless without a delegated cgroup must fail then.
	 * Device rules don't count, as who may not make device nodes needs no rules against using them.
	 */
	bool has_limits;
	const char **warnings;   /* what was ignored, said once by the runtime: "linux.resources.memory.kernel: ..." */
	size_t warning_count;
};

#endif
