/*
 * sys/landlock.c - Landlock's system calls.  Any process.
 */
#include "sys/landlock.h"

#include "sys/raw.h"

/* The same on all architectures that raw.h knows; a libc from before Linux 5.13 lacks them. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

/* linux/landlock.h: of landlock_create_ruleset(2), and the types of rules. */
#define CREATE_VERSION    (1u << 0)
#define RULE_PATH_BENEATH 1
#define RULE_NET_PORT     2

struct path_beneath {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

struct net_port {
	uint64_t allowed;
	uint64_t port;
};

int sys_landlock_abi(void)
{
	return (int)sys_call3(SYS_landlock_create_ruleset, 0, 0, CREATE_VERSION);
}

int sys_landlock_create(const struct sys_landlock_ruleset *ruleset)
{
	return (int)sys_call3(SYS_landlock_create_ruleset, (long)ruleset, sizeof(*ruleset), 0);
}

int sys_landlock_allow_path(int ruleset_fd, int path_fd, uint64_t allowed)
{
	const struct path_beneath rule = { .allowed = allowed, .parent_fd = path_fd };

	return (int)sys_call4(SYS_landlock_add_rule, ruleset_fd, RULE_PATH_BENEATH, (long)&rule, 0);
}

int sys_landlock_allow_port(int ruleset_fd, uint64_t port, uint64_t allowed)
{
	const struct net_port rule = { .allowed = allowed, .port = port };

	return (int)sys_call4(SYS_landlock_add_rule, ruleset_fd, RULE_NET_PORT, (long)&rule, 0);
}

int sys_landlock_restrict(int ruleset_fd)
{
	return (int)sys_call2(SYS_landlock_restrict_self, ruleset_fd, 0);
}
