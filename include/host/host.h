/*
 * host/host.h - what runlet knows about the machine, as data.
 *
 * `plan` takes this struct as an argument and asks the kernel nothing itself, so a test can plan for any host.
 * host_probe() fills only the groups of facts that are asked for.  Runtime process only.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Groups of facts, as bits for host_probe(). */
enum host_facts {
	HOST_IDS     = 1u << 0,  /* euid, egid, is_in_user_ns, is_setgroups_denied, last_cap */
	HOST_CGROUPS = 1u << 1,  /* cgroup_mode, hierarchies */
	HOST_LSM     = 1u << 2,  /* has_apparmor, has_selinux */
	HOST_SYSTEMD = 1u << 3,  /* has_systemd, is_systemd_user, owner_uid */
	HOST_SUBIDS  = 1u << 4,  /* subuids, subgids: of an unprivileged caller only */
	HOST_LANDLOCK = 1u << 5, /* landlock_abi, is_landlock_off */
	HOST_ALL     = HOST_IDS | HOST_CGROUPS | HOST_LSM | HOST_SYSTEMD | HOST_SUBIDS | HOST_LANDLOCK
};

enum host_cgroup_mode {
	HOST_CGROUP_NONE = 0,
	HOST_CGROUP_V1,       /* v1 hierarchies only */
	HOST_CGROUP_HYBRID,   /* v1 hierarchies and a v2 tree beside them */
	HOST_CGROUP_V2        /* /sys/fs/cgroup is cgroup2 */
};

/* One mounted hierarchy.  The v2 tree is a row with version 2 and an empty controllers list for its name. */
struct host_hierarchy {
	uint32_t version;        /* 1 or 2 */
	const char *controllers; /* v1: "cpu,cpuacct" or "name=systemd" as in /proc/self/cgroup; v2: "" */
	const char *available;   /* v2: cgroup.controllers of the root, "cpu memory pids"; v1: same as controllers */
	const char *mountpoint;  /* "/sys/fs/cgroup/cpu,cpuacct" */
	const char *mount_root;  /* the root field of mountinfo: "/" unless a part of the tree is mounted */
	const char *own_path;    /* runlet's own cgroup in it, from /proc/self/cgroup: "/user.slice" */
	uint32_t mount_id;       /* the id field of mountinfo */
};

/* Ids that newuidmap(1) and newgidmap(1) let a user map (subuid(5)). */
struct host_id_range { uint32_t first; uint32_t count; };
struct host_id_range_list { struct host_id_range *items; size_t count; };

struct host {
	uint32_t facts;          /* which groups are filled */

	/* HOST_IDS */
	uint32_t euid;
	uint32_t egid;
	bool is_in_user_ns;      /* runlet itself runs in a user namespace other than the initial one */
	bool is_setgroups_denied; /* in that namespace, and so in all that are made in it (user_namespaces(7)) */
	uint32_t last_cap;       /* the highest capability that the kernel has (capabilities(7)) */

	/* HOST_CGROUPS */
	enum host_cgroup_mode cgroup_mode;
	struct host_hierarchy *hierarchies;
	size_t hierarchy_count;

	/* HOST_LSM */
	bool has_apparmor;
	bool has_selinux;

	/* HOST_SYSTEMD (needs HOST_IDS) */
	bool has_systemd;        /* systemd is what booted this machine or container (sd_booted(3)) */
	bool is_systemd_user;    /* the manager to ask is that of a user, not of the system */
	uint32_t owner_uid;      /* that user, as systemd numbers users: in a user namespace who made it, not 0 */

	/* HOST_SUBIDS */
	struct host_id_range_list subuids;
	struct host_id_range_list subgids;

	/* HOST_LANDLOCK */
	uint32_t landlock_abi;   /* of the kernel's Landlock; 0: there is none */
	bool is_landlock_off;    /* the kernel has it, and was booted without it (lsm=) */
};

/*
 * Adds the wanted groups to *host; groups that are there already cost nothing.  Strings live in the arena.
 * Errors: ERR_SYSTEM naming the /proc file that could not be read or is not what proc(5) says.
 */
int host_probe(struct arena *arena, uint32_t wanted, struct host *host, struct err *err);

#endif
