/*
 * floor.c - what the kernel alone asks for one container: the measure that runlet's time is divided by.
 *
 *	floor ROOTFS COUNT
 *
 * Runs COUNT containers one after another, with the kernel work that `run` of the default configuration makes
 * necessary: five namespaces, a cgroup in each hierarchy, the default mounts and devices, pivot_root, masked and
 * read-only paths, fewer capabilities, and the execution of /bin/true.  It decodes, checks and records nothing, so no
 * runtime can be faster but by needing fewer system calls.  Needs root.  Not a part of runlet: it trusts ROOTFS.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define CGROUPS "/sys/fs/cgroup"
#define READONLY_FLAGS (MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define KEPT_CAPABILITIES (1u << CAP_AUDIT_WRITE | 1u << CAP_KILL | 1u << CAP_NET_BIND_SERVICE)

static const char *const hierarchies[] = {
	"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd", "unified",
};

struct mount_row {
	const char *type;
	const char *target;
	unsigned long flags;
	const char *data;
	bool makes_target;
};

static const struct mount_row mounts[] = {
	{ "proc", "proc", 0, NULL, false },
	{ "tmpfs", "dev", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k", false },
	{ "devpts", "dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5", true },
	{ "tmpfs", "dev/shm", MS_NOSUID | MS_NOEXEC | MS_NODEV, "mode=1777,size=65536k", true },
	{ "mqueue", "dev/mqueue", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL, true },
	{ "sysfs", "sys", MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RDONLY, NULL, false },
	{ "tmpfs", "sys/fs/cgroup", MS_NOSUID | MS_NOEXEC | MS_NODEV, "mode=755", false },
};

static const struct device_row { const char *path; unsigned major, minor; } devices[] = {
	{ "dev/null", 1, 3 }, { "dev/zero", 1, 5 }, { "dev/full", 1, 7 },
	{ "dev/random", 1, 8 }, { "dev/urandom", 1, 9 }, { "dev/tty", 5, 0 },
};

static const struct link_row { const char *target, *path; } links[] = {
	{ "/proc/self/fd", "dev/fd" }, { "/proc/self/fd/0", "dev/stdin" }, { "/proc/self/fd/1", "dev/stdout" },
	{ "/proc/self/fd/2", "dev/stderr" }, { "pts/ptmx", "dev/ptmx" }, { "/proc/kcore", "dev/core" },
};

static const char *const masked_paths[] = {
	"/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
	"/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
};

static const char *const readonly_paths[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
};

struct container {
	const char *rootfs;
	int go[2];
};

static void check(long result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static void make_mounts(void)
{
	for (size_t i = 0; i < COUNT_OF(mounts); i++) {
		const struct mount_row *row = &mounts[i];
		if (row->makes_target)
			check(mkdir(row->target, 0755), row->target);
		check(mount(row->type, row->target, row->type, row->flags, row->data), row->target);
	}
}

static void make_devices(void)
{
	for (size_t i = 0; i < COUNT_OF(devices); i++) {
		const struct device_row *row = &devices[i];
		check(mknod(row->path, S_IFCHR | 0666, makedev(row->major, row->minor)), row->path);
	}
	for (size_t i = 0; i < COUNT_OF(links); i++)
		check(symlink(links[i].target, links[i].path), links[i].path);
}

static void enter_root(void)
{
	check(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	check(umount2(".", MNT_DETACH), "umount of the old root");
	check(chdir("/"), "chdir /");
}

static void hide_paths(void)
{
	struct stat info;
	for (size_t i = 0; i < COUNT_OF(masked_paths); i++) {
		const char *path = masked_paths[i];
		if (lstat(path, &info) < 0)
			continue;
		if (S_ISDIR(info.st_mode))
			check(mount("tmpfs", path, "tmpfs", MS_RDONLY, NULL), path);
		else
			check(mount("/dev/null", path, NULL, MS_BIND, NULL), path);
	}
	for (size_t i = 0; i < COUNT_OF(readonly_paths); i++) {
		const char *path = readonly_paths[i];
		if (lstat(path, &info) < 0)
			continue;
		check(mount(path, path, NULL, MS_BIND | MS_REC, NULL), path);
		check(mount(NULL, path, NULL, READONLY_FLAGS, NULL), path);
	}
	check(mount(NULL, "/", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), "read-only root");
}

static void drop_privileges(void)
{
	struct rlimit files = { 1024, 1024 };
	check(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
	for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
		if (capability >= 32 || (KEPT_CAPABILITIES & 1u << capability) == 0)
			check(prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "drop a capability");
	}
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { { KEPT_CAPABILITIES, KEPT_CAPABILITIES, 0 } };
	check(syscall(SYS_capset, &header, data), "capset");
	check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

static int become_container(void *argument)
{
	const struct container *container = argument;
	char byte;
	check(read(container->go[0], &byte, 1) - 1, "wait for the cgroups");
	check(setsid(), "setsid");
	check(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "propagation");
	check(mount(container->rootfs, container->rootfs, NULL, MS_BIND | MS_REC, NULL), container->rootfs);
	check(chdir(container->rootfs), container->rootfs);
	make_mounts();
	make_devices();
	enter_root();
	hide_paths();
	check(sethostname("floor", 5), "sethostname");
	drop_privileges();
	execl("/bin/true", "true", (char *)NULL);
	check(-1, "execute /bin/true");
	return 1;
}

static void copy_cpuset_file(const char *folder, const char *file)
{
	char path[256], text[256];
	snprintf(path, sizeof(path), CGROUPS "/cpuset/%s", file);
	int from = open(path, O_RDONLY | O_CLOEXEC);
	check(from, path);
	ssize_t length = read(from, text, sizeof(text));
	check(length, path);
	close(from);
	snprintf(path, sizeof(path), "%s/%s", folder, file);
	int to = open(path, O_WRONLY | O_CLOEXEC);
	check(to, path);
	check(write(to, text, (size_t)length), path);
	close(to);
}

static void make_cgroups(pid_t pid)
{
	char folder[128], path[160], text[16];
	int length = snprintf(text, sizeof(text), "%d", (int)pid);
	for (size_t i = 0; i < COUNT_OF(hierarchies); i++) {
		snprintf(folder, sizeof(folder), CGROUPS "/%s/floor-%d", hierarchies[i], (int)getpid());
		if (mkdir(folder, 0755) < 0)
			continue;
		if (strcmp(hierarchies[i], "cpuset") == 0) {
			copy_cpuset_file(folder, "cpuset.cpus");
			copy_cpuset_file(folder, "cpuset.mems");
		}
		snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
		int fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		check(write(fd, text, (size_t)length), path);
		close(fd);
	}
}

static void remove_cgroups(void)
{
	char folder[128];
	for (size_t i = 0; i < COUNT_OF(hierarchies); i++) {
		snprintf(folder, sizeof(folder), CGROUPS "/%s/floor-%d", hierarchies[i], (int)getpid());
		rmdir(folder);
	}
}

static void run_one(const char *rootfs)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	struct container container = { .rootfs = rootfs };
	check(pipe2(container.go, O_CLOEXEC), "pipe2");
	int flags = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNS | SIGCHLD;
	pid_t pid = clone(become_container, stack + sizeof(stack), flags, &container);
	check(pid, "clone");
	make_cgroups(pid);
	check(write(container.go[1], "g", 1), "write to the container");
	int status;
	check(waitpid(pid, &status, 0), "waitpid");
	remove_cgroups();
	close(container.go[0]);
	close(container.go[1]);
	if (status != 0) {
		fprintf(stderr, "floor: the container ended with status 0x%x\n", (unsigned)status);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: floor ROOTFS COUNT\n");
		return 2;
	}
	for (long count = strtol(argv[2], NULL, 10); count > 0; count--)
		run_one(argv[1]);
	return 0;
}
