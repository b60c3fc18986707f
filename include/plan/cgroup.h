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

#include "base/names.h"

enum plan_cgroup_manager { CGROUP_CGROUPFS = 0, CGROUP_SYSTEMD, CGROUP_DISABLED };

/* "cgroupfs", "systemd", "disabled": for the command line, the state and the printers. */
extern const struct name_table plan_cgroup_manager_names;

/* When a write may fail: a missing controller and what the kernel refuses are errors with the origin, unless: */
enum plan_cgroup_need {
	WRITE_REQUIRED = 0,
	WRITE_OPTIONAL,   /* the kernel may refuse it */
	WRITE_IF_THERE,   /* the file isn't there, or has no use for this device (EOPNOTSUPP) */
	WRITE_ELSE        /* done only where the WRITE_IF_THERE right before it was not, and required then */
};

/* One write, in order. */
struct plan_cgroup_write {
	const char *controller;  /* "memory", "cpu", "cpuset", "pids", "devices" ... */
	const char *file;        /* "memory.max": for the mode that was planned for */
	const char *text;
	const char *origin;      /* "linux.resources.memory.limit" */
	enum plan_cgroup_need need;
};

struct plan_unit;

struct plan_cgroup {
	enum plan_cgroup_manager manager;
	struct plan_unit *unit;  /* CGROUP_SYSTEMD: what is to be started (plan/systemd.h); else NULL */
	const char *path;        /* below each hierarchy's mount; no leading '/', no "..": "mycontainer", "pod1/ctr" */
	struct plan_cgroup_write *writes;
	size_t write_count;
	/* v2 device program: an array of struct bpf_insn, or NULL (v1, or nothing to restrict). */
	const void *device_program;
	size_t device_program_size;
	bool replaces_devices;   /* update only: there are new device rules, also when they need no program */
	/*
	 * limits were asked for: rootless without a delegated cgroup must fail then.
	 * Device rules don't count, as who may not make device nodes needs no rules against using them.
	 */
	bool has_limits;
	/* v2: the container may manage its cgroup, so that one gets this owner (a uid of the host). */
	bool has_owner;
	uint32_t owner_uid;
	const char *delegate;    /* v2: name of a cgroup below, for the container to manage (run.oci.delegate-cgroup) */
	uint32_t delegate_uid;   /* who owns that one */
	const char *subgroup;    /* v2, CGROUP_SYSTEMD: name of a cgroup below the scope, for the processes; or NULL */
	const char **warnings;   /* what was ignored, said once by the runtime: "linux.resources.memory.kernel: ..." */
	size_t warning_count;
};

#endif
