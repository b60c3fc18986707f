/*
 * wire/helper.h - the helper that joins namespaces (runtime/spawn.c), and what it becomes (init/born.c).
 */
#ifndef WIRE_HELPER_H
#define WIRE_HELPER_H

#include <stdint.h>
#include <sys/types.h>

/* Over a pipe to the runtime process: whom it cloned. */
struct helper_report { pid_t pid; int32_t is_in_cgroup; };

/*
 * init's arguments behind the two that it always has, where it must clone itself first: numbers in decimal.  After
 * them one for each v1 cgroup to enter: "FD CONTROLLERS", an open `tasks` file.
 */
enum helper_arg {
	HELPER_ARG_REPORT, /* fd of the pipe */
	HELPER_ARG_CGROUP, /* fd of a v2 directory to be born in, or "" */
	HELPER_ARG_FLAGS,  /* CLONE_NEW*; CLONE_PARENT comes with it */
	HELPER_ARG_COUNT
};

#endif
