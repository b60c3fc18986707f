/*
 * plan/cgroup_manager.c - the words for the managers of cgroups.
 *
 * Runtime process only; constant data.
 */
#include "plan/cgroup.h"

static const struct name_row manager_rows[] = {
	{ "cgroupfs", CGROUP_CGROUPFS },
	{ "systemd", CGROUP_SYSTEMD },
	{ "disabled", CGROUP_DISABLED },
};
const struct name_table plan_cgroup_manager_names = NAME_TABLE(manager_rows);
