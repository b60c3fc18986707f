/*
 * program/child.h - runs a helper program on the host and waits for it: hooks, newuidmap.
 *
 * Runtime process only.
 */
#ifndef PROGRAM_CHILD_H
#define PROGRAM_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct child_program {
	const char *path;      /* absolute; not searched for.  NULL with program_fd */
	int program_fd;        /* > 2: executed in the place of a path; the program has it as fd 3 */
	char *const *argv;
	char *const *envp;     /* exactly the environment */
	const char *directory; /* to start in; NULL: the caller's */
	int stdin_fd;          /* -1: /dev/null */
	int stdout_fd;         /* 0: what it prints goes into the result */
	int stderr_fd;         /* 0: so do its errors */
	uint32_t timeout_s;    /* 0: none */
};

struct child_result {
	int wait_status;       /* waitpid(2) */
	bool is_timed_out;     /* it was killed, with its process group */
	char output[400];      /* the end of what it wrote to stdout and stderr, as one printable line */
};

/*
 * Starts the program in its own process group with default signals and no other fds, and waits.  What it leaves running
 * in the background doesn't hold up the caller.  Errors: ERR_SYSTEM when it can't be started.
 */
int child_run(const struct child_program *program, struct child_result *result, struct err *err);

#endif
