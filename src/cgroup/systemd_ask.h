/*
 * cgroup/systemd_ask.h - has a request done by the systemd program.  Runtime process only.
 */
#ifndef CGROUP_SYSTEMD_ASK_H
#define CGROUP_SYSTEMD_ASK_H

#include "base/err.h"
#include "systemd/request.h"

/*
 * Starts the program, waits for its end, and hands on its error (systemd/bus.h).  `directory` is where its file may
 * lie if the kernel executes no memfds and no tmpfs can be made.  ERR_UNSUPPORTED: the program can't run here, as there
 * is no libsystemd or not the libc that it was built for.
 */
int systemd_ask(const struct systemd_request *request, const char *directory, struct err *err);

#endif
