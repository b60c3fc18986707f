/*
 * hosts.h - a machine and a command line, chosen by one byte of an input.
 */
#ifndef TESTS_FUZZ_HOSTS_H
#define TESTS_FUZZ_HOSTS_H

#include "plan/exec.h"
#include "plan/plan.h"

static struct host_hierarchy v1_rows[] = {
	{ 1, "cpu,cpuacct", "cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", "/", "/" },
	{ 1, "cpuset", "cpuset", "/sys/fs/cgroup/cpuset", "/", "/" },
	{ 1, "memory", "memory", "/sys/fs/cgroup/memory", "/", "/" },
	{ 1, "pids", "pids", "/sys/fs/cgroup/pids", "/", "/" },
	{ 1, "devices", "devices", "/sys/fs/cgroup/devices", "/", "/" },
	{ 1, "blkio", "blkio", "/sys/fs/cgroup/blkio", "/", "/" },
	{ 1, "net_cls,net_prio", "net_cls,net_prio", "/sys/fs/cgroup/net_cls,net_prio", "/", "/" },
	{ 1, "name=systemd", "name=systemd", "/sys/fs/cgroup/systemd", "/", "/" },
	{ 2, "", "hugetlb rdma", "/sys/fs/cgroup/unified", "/", "/" },
};
static struct host_hierarchy v2_rows[] = {
	{ 2, "", "cpuset cpu io memory hugetlb pids rdma misc dmem", "/sys/fs/cgroup", "/", "/user.slice" },
};

static inline void choose_host(uint8_t choice, struct host *host, struct plan_options *options)
{
	*host = (struct host){ .facts = HOST_ALL, .last_cap = 40 };
	host->euid = host->egid = (choice & 1) != 0 ? 1000 : 0;
	host->is_in_user_ns = (choice & 2) != 0;
	host->has_apparmor = host->has_selinux = (choice & 4) != 0;
	host->cgroup_mode = (choice & 8) != 0 ? HOST_CGROUP_HYBRID : HOST_CGROUP_V2;
	host->hierarchies = (choice & 8) != 0 ? v1_rows : v2_rows;
	host->hierarchy_count = (choice & 8) != 0 ? sizeof(v1_rows) / sizeof(v1_rows[0]) : 1;
	*options = (struct plan_options){ .id = "fuzz", .bundle = "/bundle" };
	options->no_pivot = (choice & 16) != 0;
	options->notify_dir = (choice & 32) != 0 ? "/run/notify-dir" : NULL;
	options->cgroup_manager = (choice & 64) == 0 ? CGROUP_CGROUPFS :
				  (choice & 16) != 0 ? CGROUP_SYSTEMD : CGROUP_DISABLED;
	host->has_systemd = true;
	host->landlock_abi = (choice & 4) != 0 ? 6 : 3;
	host->is_systemd_user = host->euid != 0;
	host->owner_uid = host->euid;
	options->listen_fds = (choice & 128) != 0 ? 2 : 0;
}

#endif
