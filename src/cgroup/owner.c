/*
 * cgroup/owner.c - lets a container manage what is below its own v2 cgroup.
 *
 * Runs in the runtime process, before the container's first process is there.  It must not give away a file with a
 * limit of the container itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "create.h"
#include "sys/file.h"

/* Which files those are, one a line; there since Linux 4.15. */
#define DELEGATE_LIST "/sys/kernel/cgroup/delegate"

int cgroup_owner_set(const struct plan_cgroup *plan, int dirfd, const char *path, struct err *err)
{
	char list[1024] = "cgroup.procs\ncgroup.threads\ncgroup.subtree_control\n";
	char *rest = list, *name;
	int result;

	if (!plan->has_owner)
		return 0;
	result = sys_file_read_at(AT_FDCWD, DELEGATE_LIST, list, sizeof(list), NULL);
	if (result < 0 && result != -ENOENT)
		return err_sys(err, result, "read " DELEGATE_LIST);
	result = sys_fchownat(dirfd, "", plan->owner_uid, (gid_t)-1, AT_EMPTY_PATH);
	if (result < 0)
		return err_sys(err, result, "chown %s to %u", path, plan->owner_uid);
	while ((name = strsep(&rest, "\n")) != NULL) {
		/* The list has files of controllers that may not be enabled here. */
		if (name[0] == '\0')
			continue;
		result = sys_fchownat(dirfd, name, plan->owner_uid, (gid_t)-1, AT_SYMLINK_NOFOLLOW);
		if (result < 0 && result != -ENOENT)
			return err_sys(err, result, "chown %s/%s to %u", path, name, plan->owner_uid);
	}
	return 0;
}
