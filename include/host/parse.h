/*
 * host/parse.h - facts from the texts of /proc, apart from reading them.
 *
 * Pure, so that tests can be any machine.  Used by host/host.c only.
 */
#ifndef HOST_PARSE_H
#define HOST_PARSE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "host/host.h"

/* statfs(2) of selinuxfs; <linux/magic.h> calls it SELINUX_MAGIC. */
#define HOST_SELINUX_MAGIC 0xf97cff8cu

/*
 * True when /proc/self/uid_map isn't the identity over all ids, which is the initial user namespace's
 * (user_namespaces(7)).
 */
bool host_parse_is_in_user_ns(const char *uid_map);

/* Which user of the namespace outside is root in this one, from /proc/self/uid_map; 0 when none is. */
uint32_t host_parse_owner_uid(const char *uid_map);

/* The name of the first line of /etc/passwd with this uid, in the arena, or NULL.  The text is cut in place. */
char *host_parse_user_name(struct arena *arena, char *passwd, uint32_t uid);

/*
 * The ranges of /etc/subuid or /etc/subgid whose owner is the user, by name (may be NULL) or by number (subuid(5)), in
 * the order of the file; lines that are none are passed over, as newuidmap(1) does.  As many as fit into a map's ids.
 * The text is cut in place.
 */
void host_parse_subids(struct arena *arena, char *text, const char *name, uint32_t uid,
                       struct host_id_range_list *ranges);

/*
 * Fills cgroup_mode, hierarchies and hierarchy_count from /proc/self/mountinfo and /proc/self/cgroup, in the order of
 * the mounts.
 * Both texts are cut in place.  `available` of a v2 row stays "": it stands in a file of the tree.
 * Where a hierarchy is mounted more than once, the mount below /sys/fs/cgroup counts, as it is the one that everybody
 * uses.
 * Errors: ERR_SYSTEM for a text that is not what proc(5) says.
 */
int host_parse_cgroups(struct arena *arena, char *mountinfo, char *own_cgroups, struct host *host, struct err *err);

/*
 * As host_parse_cgroups() with as much of mountinfo as has been read, whole lines.  *is_complete: every line of
 * own_cgroups has found its mount, so that the rest matters only if it hides one of them.
 */
int host_parse_first_cgroups(struct arena *arena, char *mountinfo, char *own_cgroups, struct host *host,
			     bool *is_complete, struct err *err);

#endif
