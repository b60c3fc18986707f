/*
 * program/child.c - runs a helper program on the host and waits for it.
 *
 * Runtime process only.  A helper must not be able to harm runlet: it may ignore its input, write without end, leave
 * children behind that keep its output open, or never end.
 */
#include "program/child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "base/num.h"
#include "config.h"
#include "sys/file.h"
#include "sys/process.h"

/* Where the new process finds a program that has no path: posix_spawn(3) takes none by fd. */
#define PROGRAM_FD 3
#define PROGRAM_FD_PATH "/proc/self/fd/3"

/* The newest bytes of the output. */
struct tail { char bytes[sizeof(((struct child_result *)0)->output) - 1]; size_t length; };

static void tail_add(struct tail *tail, const char *data, size_t length)
{
	size_t drop;

	if (length > sizeof(tail->bytes)) {
		data += length - sizeof(tail->bytes);
		length = sizeof(tail->bytes);
	}
	drop = tail->length + length > sizeof(tail->bytes) ? tail->length + length - sizeof(tail->bytes) : 0;
	memmove(tail->bytes, tail->bytes + drop, tail->length - drop);
	tail->length -= drop;
	memcpy(tail->bytes + tail->length, data, length);
	tail->length += length;
}

/* Control characters could drive the reader's terminal, and a log line is one line. */
static void tail_print(const struct tail *tail, char *text)
{
	size_t length = tail->length;

	while (length > 0 && (unsigned char)tail->bytes[length - 1] <= ' ')
		length--;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)tail->bytes[i];

		text[i] = (char)(c < ' ' || c == 0x7f ? ' ' : c);
	}
	text[length] = '\0';
}

static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t all, none;
	int result;

	sigfillset(&all);
	sigemptyset(&none);
	result = posix_spawnattr_setflags(attributes,
					  POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (result == 0)
		result = posix_spawnattr_setsigdefault(attributes, &all);
	if (result == 0)
		result = posix_spawnattr_setsigmask(attributes, &none);
	return result;
}

#ifdef HAVE_POSIX_SPAWN_FILE_ACTIONS_ADDCLOSEFROM_NP
static int add_close_from(posix_spawn_file_actions_t *actions, int first)
{
	return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
#else
/* What is close-on-exec closes itself, as do all fds that runlet opens; this is for those that it was started with. */
static int add_close_from(posix_spawn_file_actions_t *actions, int first)
{
	DIR *fds = opendir("/proc/self/fd");
	const struct dirent *entry;
	int result = 0;

	if (fds == NULL)
		return errno;
	while (result == 0 && (entry = readdir(fds)) != NULL) {
		uint32_t fd;

		if (num_parse_u32(entry->d_name, &fd) == 0 && fd >= (uint32_t)first &&
		    (sys_fcntl((int)fd, F_GETFD, 0) & FD_CLOEXEC) == 0)
			result = posix_spawn_file_actions_addclose(actions, (int)fd);
	}
	(void)closedir(fds);
	return result;
}
#endif

static int set_actions(posix_spawn_file_actions_t *actions, const struct child_program *program, int output)
{
	int result, first_closed = PROGRAM_FD;

	if (program->stdin_fd >= 0)
		result = posix_spawn_file_actions_adddup2(actions, program->stdin_fd, 0);
	else
		result = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
	if (result == 0)
		result = posix_spawn_file_actions_adddup2(actions, program->stdout_fd > 0 ? program->stdout_fd : output,
							  1);
	if (result == 0)
		result = posix_spawn_file_actions_adddup2(actions, program->stderr_fd > 0 ? program->stderr_fd : output,
							  2);
	if (result == 0 && program->directory)
		result = posix_spawn_file_actions_addchdir_np(actions, program->directory);
	if (result == 0 && program->program_fd > 0)
		result = posix_spawn_file_actions_adddup2(actions, program->program_fd, first_closed++);
	if (result == 0)
		result = add_close_from(actions, first_closed);
	return result;
}

static int start(const struct child_program *program, int output, pid_t *pid)
{
	const char *path = program->program_fd > 0 ? PROGRAM_FD_PATH : program->path;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int result;

	result = posix_spawn_file_actions_init(&actions);
	if (result != 0)
		return result;
	result = posix_spawnattr_init(&attributes);
	if (result == 0) {
		result = set_attributes(&attributes);
		if (result == 0)
			result = set_actions(&actions, program, output);
		if (result == 0)
			/* No fd, so a path. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
			result = posix_spawn(pid, path, &actions, &attributes, program->argv, program->envp);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

/* One piece at a time, so that endless output can't put off the timeout.  False: there was nothing. */
static bool read_output(int output, struct tail *tail)
{
	char data[1024];
	ssize_t length = sys_read(output, data, sizeof(data));

	if (length > 0)
		tail_add(tail, data, (size_t)length);
	return length > 0;
}

static int ms_left(uint64_t deadline_ns)
{
	uint64_t now = sys_monotonic_ns();

	if (deadline_ns == 0)
		return -1;
	return now >= deadline_ns ? 0 : (int)((deadline_ns - now) / 1000000 + 1);
}

/* Returns true when the program ended by itself. */
static bool watch(int pidfd, int output, uint32_t timeout_s, struct tail *tail)
{
	struct pollfd fds[2] = { { .fd = pidfd, .events = POLLIN }, { .fd = output, .events = POLLIN } };
	uint64_t deadline_ns = 0;
	int left;

	/* A day and more needs no timer, and keeps milliseconds within an int. */
	if (timeout_s > 0 && timeout_s < 86400)
		deadline_ns = sys_monotonic_ns() + timeout_s * 1000000000ull;
	for (;;) {
		left = ms_left(deadline_ns);
		if (left == 0)
			return false;
		if (sys_poll(fds, 2, left) <= 0)
			continue;
		if (fds[1].revents & POLLIN)
			(void)read_output(output, tail);
		else if (fds[1].revents)
			fds[1].fd = -1;
		if (fds[0].revents)
			return true;
	}
}

int child_run(const struct child_program *program, struct child_result *result, struct err *err)
{
	_cleanup_fd_ int reader = -1;
	_cleanup_fd_ int pidfd = -1;
	const char *name = program->path ? program->path : program->argv[0];
	struct tail tail = { .length = 0 };
	int fds[2], failed;
	pid_t pid;

	*result = (struct child_result){ .wait_status = 0 };
	/* A caller that ignored SIGCHLD would make the kernel throw the exit status away (wait(2)). */
	(void)sys_signal_default(SIGCHLD);
	failed = sys_pipe2(fds, O_CLOEXEC | O_NONBLOCK);
	if (failed < 0)
		return err_sys(err, failed, "pipe2");
	reader = fds[0];
	/* Only the reader may be non-blocking: the program expects an ordinary stdout. */
	(void)sys_fcntl(fds[1], F_SETFL, 0);
	failed = start(program, fds[1], &pid);
	fd_close(&fds[1]);
	if (failed != 0)
		return err_sys(err, failed, "exec %s", name);
	/* Our own child and not yet waited for: the pid can't be another's. */
	pidfd = sys_pidfd_open(pid, 0);
	/* Nobody would end it in time. */
	if (err_is_shortage(pidfd)) {
		(void)sys_kill(-pid, SIGKILL);
		(void)sys_wait4(pid, &result->wait_status, 0, NULL);
		return err_sys(err, pidfd, "pidfd_open of %s", program->path);
	}
	result->is_timed_out = pidfd >= 0 && !watch(pidfd, reader, program->timeout_s, &tail);
	if (result->is_timed_out)
		(void)sys_kill(-pid, SIGKILL);
	failed = sys_wait4(pid, &result->wait_status, 0, NULL);
	if (failed < 0)
		return err_sys(err, failed, "wait for %s", name);
	for (int i = 0; i < 64 && read_output(reader, &tail); i++)
		continue;
	tail_print(&tail, result->output);
	return 0;
}
