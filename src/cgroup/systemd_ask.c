/*
 * cgroup/systemd_ask.c - runs the systemd program, which runlet contains, for one request.
 *
 * Runs in the runtime process.  The program must get no fd but its request and its answer, and no way to runlet's own
 * binary.
 */
#include "systemd_ask.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "program/child.h"
#include "program/memfd.h"
#include "sys/file.h"

/* The program gives up long before: that is for one that hangs. */
#define PROGRAM_TIMEOUT_S 120
#define DRIVER "the systemd cgroup manager"

/* src/systemd/image.S */
extern const char systemd_image_start[];
extern const char systemd_image_end[];

static int open_program(const char *directory, struct err *err)
{
	_cleanup_fd_ int dirfd = sys_openat(AT_FDCWD, directory, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	const struct memfd_program program = {
		.name = "runlet-systemd",
		.image = systemd_image_start,
		.size = (size_t)((uintptr_t)systemd_image_end - (uintptr_t)systemd_image_start),
	};

	return memfd_open_program(&program, dirfd, 0500, err);
}

static int open_request(const struct systemd_request *request, struct err *err)
{
	_cleanup_buf_ struct buf bytes = BUF_INIT;

	systemd_request_write(request, &bytes);
	return memfd_open_sealed("runlet-request", bytes.data, bytes.length, err);
}

/* False: there is no whole error in it. */
static bool read_answer(int fd, struct err *err)
{
	struct err answer;

	if (sys_lseek(fd, 0, SEEK_SET) < 0 || sys_read(fd, &answer, sizeof(answer)) != (ssize_t)sizeof(answer))
		return false;
	if (answer.kind == ERR_NONE || answer.kind >= ERR_KIND_COUNT || answer.text[ERR_TEXT_SIZE - 1] != '\0')
		return false;
	*err = answer;
	return true;
}

static int judge(const struct child_result *result, int answer, struct err *err)
{
	int status = result->wait_status;

	if (result->is_timed_out)
		return err_set(err, ERR_TIMEOUT, DRIVER ": its program was killed after %d s", PROGRAM_TIMEOUT_S);
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS) {
		if (result->output[0] != '\0')
			log_debug("%s", result->output);
		return 0;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE && read_answer(answer, err))
		return -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return err_set(err, ERR_UNSUPPORTED, DRIVER ": %s; install libsystemd (Debian: libsystemd0), or use "
			       "--cgroup-manager cgroupfs", result->output);
	return err_set(err, ERR_SYSTEM, DRIVER ": its program failed (wait status %#x) %s", (unsigned)status,
		       result->output);
}

int systemd_ask(const struct systemd_request *request, const char *directory, struct err *err)
{
	_cleanup_fd_ int program_fd = open_program(directory, err), request_fd = -1, answer = -1;
	char name[] = "runlet-systemd", *argv[] = { name, NULL };
	struct child_program program = { .argv = argv, .envp = environ, .timeout_s = PROGRAM_TIMEOUT_S };
	struct child_result result;

	if (program_fd < 0)
		return -1;
	program.program_fd = program_fd;
	program.stdin_fd = request_fd = open_request(request, err);
	if (request_fd < 0)
		return -1;
	program.stdout_fd = answer = memfd_open_empty("runlet-answer", err);
	if (answer < 0)
		return -1;
	if (child_run(&program, &result, err) == 0)
		return judge(&result, answer, err);
	/* Of a program that is there, execve(2) says so where its interpreter isn't. */
	if (err->errnum == ENOENT)
		return err_set(err, ERR_UNSUPPORTED, DRIVER ": this machine lacks the dynamic loader of the libc that "
			       "runlet was built with; --cgroup-manager cgroupfs does without");
	return err_prefix(err, DRIVER);
}
