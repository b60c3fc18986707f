/*
 * inside.c - the program of the sweep's containers, and their hook: prints all that it can see of itself.
 *
 * "inside [wait]" prints what a container is made of, one thing a line: what must be the same whichever system call of
 * runlet failed on the way, unless runlet says so.  Then it ends with status 7, or waits to be killed.  "inside hook"
 * is a hook: it fails when it has inherited a file descriptor.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#define EXIT_STATUS 7

extern char **environ;

/* Numbers in brackets, and those of peer groups, differ from run to run. */
static void print_without_numbers(const char *text)
{
	for (; *text; text++) {
		putchar(*text);
		if (*text != '[' && strncmp(text, ":", 1) != 0)
			continue;
		while (text[1] >= '0' && text[1] <= '9')
			text++;
	}
}

static void print_status(void)
{
	static const char *const names[] = {
		"Uid:", "Gid:", "Groups:", "Umask:", "NoNewPrivs:", "Seccomp", "Cap", "SigBlk:", "SigIgn:", "SigCgt:",
		"Cpus_allowed_list:", "NSpid:", "THP_enabled:",
	};
	FILE *file = fopen("/proc/self/status", "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (strncmp(line, names[i], strlen(names[i])) == 0 && strcmp(names[i], "NSpid:") != 0)
				fputs(line, stdout);
		}
	}
	if (file)
		fclose(file);
}

static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void print_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, compare);
	char name[PATH_MAX], target[PATH_MAX];
	struct stat status;
	ssize_t length;

	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] == '.' || lstat(name, &status) < 0)
			continue;
		printf("file %s mode %o owner %u:%u device %u:%u", name, status.st_mode, status.st_uid, status.st_gid,
		       major(status.st_rdev), minor(status.st_rdev));
		length = readlink(name, target, sizeof(target) - 1);
		if (length >= 0) {
			target[length] = '\0';
			printf(" -> ");
			print_without_numbers(target);
		}
		putchar('\n');
	}
}

/* What the configs mask: how that is done differs among kernels, what is seen there doesn't. */
static const char *const masked[] = {
	"/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/scsi", "/sys/firmware",
};
#define MASKED_COUNT (sizeof(masked) / sizeof(masked[0]))

static int is_masked(const char *path)
{
	for (size_t i = 0; i < MASKED_COUNT; i++) {
		if (strcmp(masked[i], path) == 0)
			return 1;
	}
	return 0;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* By mount point, without the ids of mounts, anonymous devices and peer groups, and without sources. */
static void print_mounts(void)
{
	char line[4096], root[512], point[512], options[512], type[64], super[1024], *texts[128];
	FILE *file = fopen("/proc/self/mountinfo", "re");
	size_t count = 0;

	while (file && fgets(line, sizeof(line), file) && count < 128) {
		const char *dash = strstr(line, " - ");

		if (!dash || sscanf(line, "%*d %*d %*d:%*d %511s %511s %511s", root, point, options) != 3 ||
		    sscanf(dash, " - %63s %*s %1023s", type, super) != 2 || is_masked(point))
			continue;
		if (asprintf(&texts[count], "mount %s %s of %s %s %s%s", point, options, type, root, super,
			     strstr(line, "shared:") ? " shared" : "") >= 0)
			count++;
	}
	qsort(texts, count, sizeof(texts[0]), compare_texts);
	for (size_t i = 0; i < count; i++)
		puts(texts[i]);
	if (file)
		fclose(file);
}

static void print_masked(void)
{
	struct statvfs system;
	struct stat status;
	char text[16];

	for (size_t i = 0; i < MASKED_COUNT; i++) {
		int fd = open(masked[i], O_RDONLY | O_CLOEXEC);

		if (fd < 0 || fstat(fd, &status) < 0 || fstatvfs(fd, &system) < 0)
			printf("masked %s: %s\n", masked[i], strerror(errno));
		else
			printf("masked %s: mode %o device %u:%u, %zd bytes\n", masked[i], status.st_mode & S_IFMT,
			       major(status.st_rdev), minor(status.st_rdev), read(fd, text, sizeof(text)));
		if (fd >= 0)
			close(fd);
		if (S_ISDIR(status.st_mode))
			print_directory(masked[i]);
	}
}

/* The one that the directory is read by isn't counted. */
static int print_fds(int first)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;
	char target[PATH_MAX];
	int count = 0;
	ssize_t length;

	while (dir && (entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] == '.' || fd < first || fd == dirfd(dir))
			continue;
		length = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		printf("fd %d ", fd);
		print_without_numbers(target);
		putchar('\n');
		count++;
	}
	if (dir)
		closedir(dir);
	return count;
}

static void print_file(const char *path)
{
	char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (length < 0) {
		printf("%s: %s\n", path, strerror(errno));
	} else {
		text[length] = '\0';
		printf("%s: ", path);
		print_without_numbers(text);
		putchar('\n');
	}
	if (fd >= 0)
		close(fd);
}

/* Of hierarchies that the sweep's machine has for good: others may be mounted meanwhile, and change the numbers. */
static void print_cgroups(void)
{
	static const char *const known[] = { ":cpu", ":memory:", ":pids:", ":devices:", ":freezer:", ":blkio:", "0::" };
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			if (strstr(line, known[i]))
				printf("cgroup %s", strchr(line, ':'));
		}
	}
	if (file)
		fclose(file);
}

static void print_namespaces(void)
{
	static const char *const names[] = { "cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts" };
	char path[64], target[64];
	ssize_t length;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		length = readlink(path, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		/* The sweep compares it with its own, and prints "host" or "new". */
		printf("namespace %s\n", target);
	}
}

static void print_process(void)
{
	struct utsname name;
	struct rlimit limit;
	char text[PATH_MAX];

	uname(&name);
	printf("host name %s, domain %s\n", name.nodename, name.domainname);
	printf("cwd %s\n", getcwd(text, sizeof(text)) ? text : strerror(errno));
	printf("session leader %d, group leader %d, terminal %s\n", getsid(0) == getpid(), getpgrp() == getpid(),
	       ttyname(0) ? ttyname(0) : "none");
	printf("io priority %ld\n", syscall(SYS_ioprio_get, 1, 0));
	printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		getrlimit(i, &limit);
		printf("limit %d %llu %llu\n", i, (unsigned long long)limit.rlim_cur,
		       (unsigned long long)limit.rlim_max);
	}
	for (char **variable = environ; *variable; variable++)
		printf("variable %s\n", *variable);
}

static void print_network(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo" };

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		printf("loopback: %s\n", strerror(errno));
	else
		printf("loopback flags %x\n", request.ifr_flags);
	if (fd >= 0)
		close(fd);
}

static void print_keyring(void)
{
	char text[256];
	long length = syscall(SYS_keyctl, 6L, -3L, text, sizeof(text) - 1, 0L);

	if (length < 0)
		length = snprintf(text, sizeof(text), "%s", strerror(errno));
	/* Its name is that of the container, or none where the last one of that name is still there. */
	text[length] = '\0';
	text[strcspn(text, ";")] = '\0';
	printf("session keyring: %s\n", text);
}

static void print_all(void)
{
	static const char *const files[] = {
		"/proc/self/oom_score_adj", "/proc/self/personality", "/proc/self/uid_map",
		"/proc/self/gid_map", "/proc/self/setgroups", "/proc/self/timens_offsets", "/proc/self/attr/current",
		"/proc/sys/net/ipv4/ip_forward", "/proc/sys/kernel/shmmni", "/proc/kcore", "/data/file", "/copied/file",
		"/sys/fs/cgroup/pids/pids.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
		"/sys/fs/cgroup/cpu/cpu.shares", "/sys/fs/cgroup/devices/devices.list",
	};
	static const char *const directories[] = { "/", "/dev", "/data", "/mapped", "/copied" };

	/* First, as what follows opens more. */
	print_fds(0);
	print_status();
	print_process();
	print_namespaces();
	print_cgroups();
	print_mounts();
	print_masked();
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		print_file(files[i]);
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		print_directory(directories[i]);
	print_network();
	print_keyring();
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (strcmp(mode, "hook") == 0) {
		if (print_fds(3) == 0)
			return 0;
		printf("LEAK: the hook has inherited file descriptors\n");
		return 1;
	}
	print_all();
	printf("END\n");
	fflush(stdout);
	while (strcmp(mode, "wait") == 0)
		pause();
	return EXIT_STATUS;
}
