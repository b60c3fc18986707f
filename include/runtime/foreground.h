/*
 * runtime/foreground.h - a program that runlet stays with until its end: a foreground run, or exec.
 *
 * Runtime process only.
 */
#ifndef RUNTIME_FOREGROUND_H
#define RUNTIME_FOREGROUND_H

#include <stdbool.h>
#include <sys/types.h>

#include "runtime/tty.h"

struct foreground {
	int pidfd;                 /* of the program; this and the other fds are borrowed */
	pid_t pid;
	int signal_fd;             /* SIGNALS_FORWARDED (runtime/signals.h) */
	int notify_fd;             /* where it says that it is ready (runtime/notify.h); -1: nowhere */
	const char *notify_socket; /* the caller's; NULL without notify_fd */
	bool takes_orphans;        /* runlet is a subreaper: what the program leaves alone is runlet's to wait for */
	struct tty tty;            /* TTY_INIT without a terminal */
};

#define FOREGROUND_INIT { .pidfd = -1, .signal_fd = -1, .notify_fd = -1, .tty = TTY_INIT }

/*
 * Copies the terminal and passes signals on, until the program has ended and all that it wrote is written.  The program
 * is not waited for: its zombie is left to the caller.
 */
void foreground_watch(struct foreground *foreground);

#endif
