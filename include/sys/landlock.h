/*
 * sys/landlock.h - Landlock's system calls (landlock(7)), with structs of our own: kernel headers may lack any of it.
 *
 * Each function is one system call and returns >= 0 or -errno.  Both the runtime process and init may call them.
 */
#ifndef SYS_LANDLOCK_H
#define SYS_LANDLOCK_H

#include <stdint.h>

/*
 * struct landlock_ruleset_attr of ABI 6.  An older kernel takes it where the members that it doesn't know are 0, and
 * says -E2BIG otherwise.
 */
struct sys_landlock_ruleset {
	uint64_t handled_fs;    /* LANDLOCK_FS_* of base/landlock.h */
	uint64_t handled_net;   /* LANDLOCK_NET_* */
	uint64_t scoped;        /* LANDLOCK_SCOPED_* */
};

/* The version of the kernel's ABI, 1 or more; -ENOSYS without Landlock, -EOPNOTSUPP where the boot left it off. */
int sys_landlock_abi(void);

/* landlock_create_ruleset(2): an fd, close-on-exec. */
int sys_landlock_create(const struct sys_landlock_ruleset *ruleset);

/* landlock_add_rule(2): what is allowed at and beneath a file or directory; path_fd may be O_PATH. */
int sys_landlock_allow_path(int ruleset_fd, int path_fd, uint64_t allowed);

/* landlock_add_rule(2): what is allowed with a TCP port. */
int sys_landlock_allow_port(int ruleset_fd, uint64_t port, uint64_t allowed);

/* landlock_restrict_self(2): needs no_new_privs, or CAP_SYS_ADMIN in the process's own user namespace. */
int sys_landlock_restrict(int ruleset_fd);

#endif
