/*
 * cgroup/systemd.h - the container's cgroup as a scope that systemd makes.
 *
 * Runtime process only.  systemd starts the scope around a process that exists, so there is no being born in it, and
 * it makes, names and finally removes the directory; limits that it has no property for are written to the files below,
 * by the same code as for cgroupfs.  Where runlet was built without this driver, all of them fail with ERR_UNSUPPORTED.
 */
#ifndef CGROUP_SYSTEMD_H
#define CGROUP_SYSTEMD_H

#include "cgroup/cgroup.h"
#include "plan/systemd.h"

/* Whether this runlet has the driver.  Asks nobody.  ERR_UNSUPPORTED: it was left out at build time. */
int cgroup_systemd_check(struct err *err);

/*
 * Starts plan->unit with `pid` in it, makes the directories of the hierarchies that systemd leaves alone (v1), writes
 * the limits, and moves the process into a v2 tree that is not systemd's; v1 directories it still has to enter
 * (cgroup_tasks_open()).  A leftover of the same name that failed is reset.  *cgroup is what is there now, also after a
 * failure.  Errors: ERR_UNSUPPORTED (no libsystemd), ERR_TIMEOUT (which names what was waited for, 10 s each time),
 * ERR_EXISTS (the unit runs already), ERR_SYSTEM (systemd refuses), and those of cgroup_create().
 */
int cgroup_systemd_start(struct arena *arena, const struct host *host, const struct plan_cgroup *plan, pid_t pid,
			 struct cgroup *cgroup, struct err *err);

/*
 * Tells systemd of new limits of the container's unit, until the next boot (SetUnitProperties, runtime).  When it
 * returns, systemd has written its files, with values that may be rounded: write the files afterwards.  Properties
 * come from plan_systemd_limits(); none: nothing is done.
 */
int cgroup_systemd_update(const struct cgroup *cgroup, const struct plan_unit_properties *properties,
			  struct err *err);

/*
 * Stops the container's unit if its directory is still there, after its processes have been killed: systemd has
 * forgotten those that are empty.  For cgroup_remove().
 */
int cgroup_systemd_stop(const struct cgroup *cgroup, struct err *err);

#endif
