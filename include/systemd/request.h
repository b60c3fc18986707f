/*
 * systemd/request.h - what runlet asks its systemd program to do, as bytes.
 *
 * That program is the only one that loads libsystemd: a static runlet can't, and who doesn't use the driver need not
 * wait for it.  It gets one request on its standard input, which ends with it.  Both sides are of one build.
 *
 * The bytes are strings, each ended by a NUL; numbers are decimal.
 */
#ifndef SYSTEMD_REQUEST_H
#define SYSTEMD_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/systemd.h"

#define SYSTEMD_ADDRESSES_MAX 3

/* One place where a manager may be reached; is_broker: a D-Bus daemon is between. */
struct systemd_address { const char *address; bool is_broker; };

enum systemd_action {
	SYSTEMD_START = 0, /* the unit, with properties and pid; waits until it is up */
	SYSTEMD_SET,       /* other properties of the unit, until the next boot */
	SYSTEMD_STOP,      /* the unit, if it is there; waits until it is down */
	SYSTEMD_FORGET,    /* the same, and where it failed while it stopped, its name is freed */
	SYSTEMD_ACTION_COUNT
};

struct systemd_request {
	enum systemd_action action;
	const char *unit;
	pid_t pid;                               /* START */
	struct plan_unit_properties properties;  /* START, SET; their origins are not sent */
	struct systemd_address addresses[SYSTEMD_ADDRESSES_MAX]; /* the first that takes the connection is used */
	size_t address_count;
	uint32_t timeout_ms;                     /* how long each wait may take */
	bool is_debug;                           /* addresses that don't answer are named on standard error */
};

void systemd_request_write(const struct systemd_request *request, struct buf *out);

/* Everything in *request is in the arena or in `text`.  ERR_PROTOCOL: no request, or bytes behind it. */
int systemd_request_read(struct arena *arena, const char *text, size_t size, struct systemd_request *request,
			 struct err *err);

#endif
