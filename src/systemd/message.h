/*
 * systemd/message.h - planned properties of a unit as parts of D-Bus messages.
 *
 * The systemd program only.  Each function returns a negative errno for failure, as sd-bus does.
 */
#ifndef SYSTEMD_MESSAGE_H
#define SYSTEMD_MESSAGE_H

#include <stdbool.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>

#include "plan/systemd.h"

/* a(sv): the properties, and PIDs with one process unless pid is 0.  skip_recent leaves out those that are recent. */
int systemd_append_properties(sd_bus_message *message,
			      const struct plan_unit_properties *properties, pid_t pid, bool skip_recent);

/* An array without items. */
int systemd_append_empty(sd_bus_message *message, const char *signature);

#endif
