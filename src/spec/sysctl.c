/*
 * spec/sysctl.c - names of sysctls: dots, slashes, and the namespace that each belongs to.
 *
 * Runtime process only; no state.
 */
#include "spec/sysctl.h"

#include <sched.h>
#include <string.h>

/*
 * A prefix ends with '/', a name doesn't.  From kernel/ipc, net/, fs/mqueue and user: what has a namespace of its own.
 */
static const struct { const char *path; unsigned namespace; } sysctl_rows[] = {
	{ "kernel/msgmax", CLONE_NEWIPC },
	{ "kernel/msgmnb", CLONE_NEWIPC },
	{ "kernel/msgmni", CLONE_NEWIPC },
	{ "kernel/msg_next_id", CLONE_NEWIPC },
	{ "kernel/auto_msgmni", CLONE_NEWIPC },
	{ "kernel/sem", CLONE_NEWIPC },
	{ "kernel/sem_next_id", CLONE_NEWIPC },
	{ "kernel/shmall", CLONE_NEWIPC },
	{ "kernel/shmmax", CLONE_NEWIPC },
	{ "kernel/shmmni", CLONE_NEWIPC },
	{ "kernel/shm_next_id", CLONE_NEWIPC },
	{ "kernel/shm_rmid_forced", CLONE_NEWIPC },
	{ "fs/mqueue/", CLONE_NEWIPC },
	{ "net/", CLONE_NEWNET },
	{ "kernel/domainname", CLONE_NEWUTS },
	{ "kernel/hostname", CLONE_NEWUTS },
	{ "user/", CLONE_NEWUSER },
};

static int is_clean_path(const char *path)
{
	size_t length;

	for (;;) {
		length = strcspn(path, "/");
		if (length == 0 || (length == 1 && path[0] == '.') || (length == 2 && path[0] == '.' && path[1] == '.'))
			return 0;
		if (path[length] == '\0')
			return 1;
		path += length + 1;
	}
}

int spec_sysctl_path(const char *name, char *path, size_t size)
{
	size_t length = strlen(name), i;
	char separator = name[strcspn(name, "./")];

	if (length >= size)
		return -1;
	memcpy(path, name, length + 1);
	for (i = 0; separator == '.' && i < length; i++) {
		if (name[i] == '.')
			path[i] = '/';
		else if (name[i] == '/')
			path[i] = '.';
	}
	return is_clean_path(path) ? 0 : -1;
}

unsigned spec_sysctl_namespace(const char *path)
{
	size_t i, length;

	for (i = 0; i < sizeof(sysctl_rows) / sizeof(sysctl_rows[0]); i++) {
		length = strlen(sysctl_rows[i].path);
		if (sysctl_rows[i].path[length - 1] != '/')
			length++;
		if (strncmp(path, sysctl_rows[i].path, length) == 0)
			return sysctl_rows[i].namespace;
	}
	return 0;
}
