/*
 * seam.h - the page of memory that the sweep shares with the runlet and the init under test.
 *
 * The sweep arms one fault in it; fault_call() counts there, and notes what it struck.
 */
#ifndef FAULT_SEAM_H
#define FAULT_SEAM_H

#include <stdint.h>

/* The page is inherited under this number, which is out of the way of all that runlet opens or closes. */
#define FAULT_FD 900

/* Whose calls are counted: each program, and what it forks and hasn't executed anything else yet, by itself. */
enum fault_role {
	FAULT_RUNTIME,
	FAULT_STUB,
	FAULT_INIT,
	FAULT_INIT_CHILD,
	FAULT_ROLE_COUNT,
};

enum fault_action {
	FAULT_NONE,
	FAULT_ERRNO,  /* the call isn't made: it returns -errnum */
	FAULT_KILL,   /* the process that is about to make it dies */
	FAULT_STOP,   /* it waits until is_released; the sweep kills somebody meanwhile */
};

#define FAULT_CALLS_MAX 4096
#define FAULT_FRAMES_MAX 20
#define FAULT_OBJECT_SIZE 128

/* What was struck. */
struct fault_struck {
	uint32_t is_set;
	int32_t number;
	uint32_t frame_count;
	uint64_t frames[FAULT_FRAMES_MAX];  /* return addresses, the innermost first */
	char object[FAULT_OBJECT_SIZE];     /* the call's path or name, or "" */
};

struct fault_page {
	volatile uint32_t action;
	volatile uint32_t role;
	volatile uint32_t site;       /* the call is the turn-th (from 1) that is made by this chain of functions: */
	volatile uint32_t turn;       /* how many others come before it may differ from run to run */
	volatile int32_t errnum;
	volatile uint32_t is_released;
	volatile uint32_t turns;      /* made so far */
	volatile uint32_t counts[FAULT_ROLE_COUNT];
	uint16_t numbers[FAULT_ROLE_COUNT][FAULT_CALLS_MAX];
	uint32_t sites[FAULT_ROLE_COUNT][FAULT_CALLS_MAX];  /* one number for each chain of functions */
	struct fault_struck struck;
};

/* Beyond any system call: functions of the C library that the runtime calls by itself, and that are wrapped. */
enum fault_libc_call {
	FAULT_LIBC_FIRST = 1000,
	FAULT_LIBC_ACCESS = FAULT_LIBC_FIRST,
	FAULT_LIBC_FDOPENDIR,
	FAULT_LIBC_GETCWD,
	FAULT_LIBC_MKDIR,
	FAULT_LIBC_OPENDIR,
	FAULT_LIBC_POSIX_SPAWN,
	FAULT_LIBC_READLINK,
	FAULT_LIBC_REALPATH,
	FAULT_LIBC_END,
};

#endif
