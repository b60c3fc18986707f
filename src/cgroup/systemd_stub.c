/*
 * cgroup/systemd_stub.c - stands for the systemd driver in a runlet that has none.
 *
 * Runs in the runtime process.
 */
#include "cgroup/systemd.h"

int cgroup_systemd_check(struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "the systemd cgroup manager: this runlet was built without it (configure "
		       "--disable-systemd); use --cgroup-manager cgroupfs");
}

int cgroup_systemd_start(struct arena *arena, const struct host *host, const struct plan_cgroup *plan, pid_t pid,
			 struct cgroup *cgroup, struct err *err)
{
	(void)arena;
	(void)host;
	(void)plan;
	(void)pid;
	(void)cgroup;
	return cgroup_systemd_check(err);
}

int cgroup_systemd_update(const struct cgroup *cgroup, const struct plan_unit_properties *properties,
			  struct err *err)
{
	(void)cgroup;
	(void)properties;
	return cgroup_systemd_check(err);
}

int cgroup_systemd_stop(const struct cgroup *cgroup, struct err *err)
{
	(void)cgroup;
	return cgroup_systemd_check(err);
}
