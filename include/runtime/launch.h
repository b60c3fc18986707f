/*
 * runtime/launch.h - puts a plan into the hands of a new init: what create and exec do alike around spawn_init().
 *
 * Runtime process only.
 */
#ifndef RUNTIME_LAUNCH_H
#define RUNTIME_LAUNCH_H

#include "runtime/bundle.h"
#include "runtime/session.h"
#include "runtime/spawn.h"

struct launch_request {
	const struct bundle *bundle; /* its plan, which goes to init */
	int entry_fd;           /* the container's state directory, where memfds can't be executed */
	const int *slots;       /* as in struct spawn_request */
	const struct spawn_target *target; /* NULL: not an exec */
	const struct cgroup *cgroup; /* to be born in, as far as it is v2 */
	uint32_t inherited_fds; /* those above 2 that init keeps */
};

/*
 * Makes the pair of sockets, the sealed plan and the process.  session->socket is runlet's end then; *result says what
 * was made even on failure (spawn.h).  Errors: ERR_SYSTEM of memfd_create(2), socketpair(2), and those of spawn_init().
 */
int launch_init(const struct launch_request *request, struct session *session, struct spawn_result *result,
		struct err *err);

#endif
