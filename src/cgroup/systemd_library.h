/*
 * cgroup/systemd_library.h - sd-bus of libsystemd, loaded when the systemd driver is asked for.
 *
 * Linked, it would cost each start 0.7 to 0.9 ms.
 */
#ifndef CGROUP_SYSTEMD_LIBRARY_H
#define CGROUP_SYSTEMD_LIBRARY_H

#include <systemd/sd-bus.h>

#include "base/err.h"

/* The functions that runlet calls, by what follows "sd_bus_" in their names. */
#define SYSTEMD_FUNCTIONS(X) \
	X(new) \
	X(set_address) \
	X(set_bus_client) \
	X(start) \
	X(is_ready) \
	X(process) \
	X(wait) \
	X(call) \
	X(send) \
	X(match_signal_async) \
	X(message_new_method_call) \
	X(message_set_expect_reply) \
	X(message_append_basic) \
	X(message_open_container) \
	X(message_close_container) \
	X(message_read_basic) \
	X(message_get_sender) \
	X(message_unref) \
	X(error_free) \
	X(close_unref)

#define SYSTEMD_MEMBER(name) __typeof__(sd_bus_##name) *name;
struct systemd_library { SYSTEMD_FUNCTIONS(SYSTEMD_MEMBER) };
#undef SYSTEMD_MEMBER

/*
 * Fills *library.  It stays loaded.  Runtime process only.  ERR_UNSUPPORTED: it is not installed, lacks a function, or
 * this runlet can't load libraries (a static one) or was built without the driver.
 */
int systemd_library_open(struct systemd_library *library, struct err *err);

#endif
