/*
 * cli/signals.c - the signal that `kill` is asked for.
 *
 * Runtime process only.
 */
#include <signal.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "cli/command.h"

/* The kernel's 32 and 33 belong to the threads library, so the names count from 34 (signal(7)). */
#define REALTIME_MIN 34
#define SIGNAL_MAX 64

static const struct name_row signal_rows[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ILL", SIGILL }, { "TRAP", SIGTRAP },
	{ "ABRT", SIGABRT }, { "IOT", SIGIOT }, { "BUS", SIGBUS }, { "FPE", SIGFPE }, { "KILL", SIGKILL },
	{ "USR1", SIGUSR1 }, { "SEGV", SIGSEGV }, { "USR2", SIGUSR2 }, { "PIPE", SIGPIPE }, { "ALRM", SIGALRM },
	{ "TERM", SIGTERM }, { "STKFLT", SIGSTKFLT }, { "CHLD", SIGCHLD }, { "CLD", SIGCHLD }, { "CONT", SIGCONT },
	{ "STOP", SIGSTOP }, { "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU }, { "URG", SIGURG },
	{ "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ }, { "VTALRM", SIGVTALRM }, { "PROF", SIGPROF }, { "WINCH", SIGWINCH },
	{ "IO", SIGIO }, { "POLL", SIGPOLL }, { "PWR", SIGPWR }, { "SYS", SIGSYS }, { "UNUSED", SIGSYS },
	{ "RTMIN", REALTIME_MIN }, { "RTMAX", SIGNAL_MAX },
};

/* "RTMIN+3" and "RTMAX-1", without SIG. */
static int realtime_parse(const char *name, int *signal)
{
	uint64_t steps;
	if (strncasecmp(name, "RTMIN+", 6) == 0 && num_parse_u64(name + 6, SIGNAL_MAX - REALTIME_MIN, &steps) == 0)
		*signal = REALTIME_MIN + (int)steps;
	else if (strncasecmp(name, "RTMAX-", 6) == 0 && num_parse_u64(name + 6, SIGNAL_MAX - REALTIME_MIN, &steps) == 0)
		*signal = SIGNAL_MAX - (int)steps;
	else
		return -1;
	return 0;
}

int signal_parse(const char *text, int *signal, struct err *err)
{
	uint64_t number;
	if (num_parse_u64(text, SIGNAL_MAX, &number) == 0) {
		*signal = (int)number;
		return 0;
	}
	const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;
	for (size_t i = 0; i < sizeof(signal_rows) / sizeof(signal_rows[0]); i++) {
		if (strcasecmp(signal_rows[i].name, name) == 0) {
			*signal = (int)signal_rows[i].value;
			return 0;
		}
	}
	if (realtime_parse(name, signal) == 0)
		return 0;
	return err_set(err, ERR_USAGE, "unknown signal \"%s\"", text);
}
