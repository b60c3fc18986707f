/*
 * runtime/signals.c - signals as something that can be read.  Runtime process only.
 */
#include "runtime/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/signalfd.h>

#include "base/num.h"
#include "sys/file.h"
#include "sys/proc.h"
#include "sys/process.h"

#define BIT(signal) (1ull << ((signal) - 1))

/*
 * Left out: faults of runlet itself; SIGURG, which runc doesn't pass on either; SIGKILL and SIGSTOP, which can't be
 * had.
 */
static const uint64_t set_masks[] = {
	[SIGNALS_STOPPING] = BIT(SIGHUP) | BIT(SIGINT) | BIT(SIGQUIT) | BIT(SIGTERM),
	[SIGNALS_FORWARDED] = ~(BIT(SIGKILL) | BIT(SIGSTOP) | BIT(SIGURG) | BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE) |
	                        BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGSYS) | BIT(SIGABRT)),
};

/* SIGPIPE is blocked in any case: a stdout or stderr that is gone must not end runlet amidst its work. */
static int block(enum signals_set set)
{
	uint64_t mask = set_masks[set] | BIT(SIGPIPE);

	return sys_sigprocmask(SIG_BLOCK, &mask, NULL);
}

int signals_hold(enum signals_set set, struct err *err)
{
	int result = block(set);

	return result < 0 ? err_sys(err, result, "sigprocmask") : 0;
}

/* Those that anybody can ignore. */
#define SIGNALS_ALL (~(1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1)))

uint64_t signals_ignored(void)
{
	char text[8192];
	const char *field;
	size_t length;
	uint64_t mask;

	if (sys_file_read_record_at(AT_FDCWD, "/proc/self/status", text, sizeof(text), NULL) < 0)
		return SIGNALS_ALL;
	field = proc_status_field(text, "SigIgn", &length);
	return field && num_parse_hex_n(field, length, &mask) == 0 ? mask : SIGNALS_ALL;
}

int signals_open(enum signals_set set, int fd, struct err *err)
{
	int result;

	if (signals_hold(set, err) < 0)
		return -1;
	result = sys_signalfd(fd, set_masks[set], SFD_CLOEXEC | SFD_NONBLOCK);
	return result < 0 ? err_sys(err, result, "signalfd") : result;
}

int signals_read(int fd)
{
	struct signalfd_siginfo info;

	if (sys_read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}
