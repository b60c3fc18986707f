/*
 * runtime/close_fds.c - closes descriptors by the range.
 *
 * Runs in the runtime process' children between clone and exec: system calls only.
 */
#include "runtime/close_fds.h"

#include <fcntl.h>
#include <linux/close_range.h>

#include "sys/file.h"
#include "sys/process.h"

void close_at_exec(uint32_t first_fd)
{
	if (sys_close_range(first_fd, ~0u, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	/* Before Linux 5.11; init's last op does it again for all. */
	for (int fd = (int)first_fd; fd < 1024; fd++)
		(void)sys_fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void close_between(unsigned first, unsigned last)
{
	if (first > last || sys_close_range(first, last, 0) == 0)
		return;
	for (unsigned fd = first; fd <= last && fd < 1024; fd++)
		(void)sys_close((int)fd);
}

void close_all_but(const int *kept, size_t count, unsigned first)
{
	unsigned last = ~0u;

	for (;;) {
		unsigned next = last;

		for (size_t i = 0; i < count; i++) {
			if (kept[i] >= 0 && (unsigned)kept[i] >= first && (unsigned)kept[i] < next)
				next = (unsigned)kept[i];
		}
		if (next == last)
			break;
		if (next > first)
			close_between(first, next - 1);
		first = next + 1;
	}
	close_between(first, last);
}

int keep_at_exec(const int *fds, size_t count)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++)
		result = fds[i] < 0 ? 0 : sys_fcntl(fds[i], F_SETFD, 0);
	return result;
}
