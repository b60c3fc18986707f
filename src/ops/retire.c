/*
 * ops/retire.c - closing many fds by few system calls.
 *
 * Init process only.
 */
#include "ops/retire.h"

#include <stdint.h>

#include "base/fd.h"
#include "sys/file.h"
#include "sys/process.h"

/* So many may gather: fewer than a low limit of open files leaves room for. */
#define RETIRED_MAX 24

/* Fds below 64, a bit each.  What is open in this process, so not a matter of any caller. */
static uint64_t retired;
static unsigned retired_count;

static uint64_t bit_of(unsigned fd)
{
	return UINT64_C(1) << fd;
}

void op_fd_retire(int *fd)
{
	/* A standard fd may get another file by dup3(2), which must not be closed then. */
	if (*fd < 3 || *fd >= 64) {
		fd_close(fd);
		return;
	}
	retired |= bit_of((unsigned)*fd);
	*fd = -1;
	if (++retired_count >= RETIRED_MAX)
		op_fds_flush();
}

/* Fds of lowest numbers first are what open(2) gives, so most of them are neighbours. */
void op_fds_flush(void)
{
	for (unsigned first = 3; first < 64 && retired >> first != 0; first++) {
		unsigned last = first;
		int result = -1;

		if (!(retired & bit_of(first)))
			continue;
		while (last + 1 < 64 && (retired & bit_of(last + 1)))
			last++;
		if (last > first)
			result = sys_close_range(first, last, 0);
		/* Before Linux 5.9. */
		for (unsigned fd = first; result < 0 && fd <= last; fd++)
			(void)sys_close((int)fd);
		first = last;
	}
	retired = 0;
	retired_count = 0;
}
