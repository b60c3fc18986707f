/*
 * systemd/bus.h - a conversation with systemd's manager over D-Bus, each wait of which ends.
 *
 * The systemd program only.  The bus comes before the manager's own socket: on that one systemd sends every signal to
 * everybody who is connected, which with 200 containers at once takes longer than they wait.  But it is there without a
 * D-Bus daemon, and when the daemon has its 256 connections of one user.
 */
#ifndef SYSTEMD_BUS_H
#define SYSTEMD_BUS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>

#include "base/err.h"
#include "plan/systemd.h"
#include "systemd/request.h"

struct systemd_bus {
	sd_bus *bus;
	const char *address;      /* what it is connected to, for errors */
	int timeout_ms;
	bool is_broker;           /* a D-Bus daemon is between */
	/* The job that is waited for. */
	char job[128];
	char job_sender[64];      /* "" without a daemon */
	char job_result[32];      /* "" until it has ended */
};

#define SYSTEMD_BUS_INIT { .bus = NULL }

/*
 * Connects to the first address that takes the connection.  Errors: ERR_SYSTEM (no address answers), ERR_TIMEOUT.
 */
int systemd_bus_open(struct systemd_bus *bus, const struct systemd_address *addresses, size_t count, int timeout_ms,
		     struct err *err);

/*
 * StartTransientUnit with the unit's properties and the process as the first of its PIDs, then waits until the job is
 * done.  Where the name is taken, a unit of that name that failed is reset first (ResetFailedUnit); where systemd does
 * not know a property, those that are recent are left out.
 * Errors: ERR_EXISTS (the unit runs), ERR_TIMEOUT, ERR_SYSTEM (systemd refuses, or the job failed).
 */
int systemd_bus_start_unit(struct systemd_bus *bus, const struct plan_unit *unit, pid_t pid, struct err *err);

/* StopUnit, then waits until the job is done.  A unit that is gone is no error. */
int systemd_bus_stop_unit(struct systemd_bus *bus, const char *unit, struct err *err);

/* ResetFailedUnit.  What it answers doesn't matter: a unit that didn't fail needs none. */
int systemd_bus_reset_unit(struct systemd_bus *bus, const char *unit, struct err *err);

/* SetUnitProperties, until the next boot; recent properties that systemd does not know are left out. */
int systemd_bus_set_properties(struct systemd_bus *bus, const char *unit,
			       const struct plan_unit_properties *properties, struct err *err);

void systemd_bus_close(struct systemd_bus *bus);

#define _cleanup_systemd_bus_ __attribute__((cleanup(systemd_bus_close)))

#endif
