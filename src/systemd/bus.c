/*
 * systemd/bus.c - connects to systemd, calls it, and waits for its jobs.
 *
 * Runs in the systemd program.  It must not wait without an end: sd-bus itself gives a peer that is silent 90 seconds.
 */
#include "bus.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "sys/process.h"
#include "message.h"

#define MANAGER "org.freedesktop.systemd1"
#define MANAGER_PATH "/org/freedesktop/systemd1"
#define MANAGER_INTERFACE MANAGER ".Manager"
#define NO_SUCH_UNIT MANAGER ".NoSuchUnit"
#define STOP_UNIT "StopUnit"
#define UNIT_EXISTS MANAGER ".UnitExists"
#define UNKNOWN_PROPERTY "org.freedesktop.DBus.Error.PropertyReadOnly"
#define NS_PER_MS 1000000u
#define US_PER_MS 1000u
#define RETRY_MS 10

static uint64_t deadline_ns(const struct systemd_bus *bus)
{
	return sys_monotonic_ns() + (uint64_t)bus->timeout_ms * NS_PER_MS;
}

static int fail_timeout(const struct systemd_bus *bus, const char *what, struct err *err)
{
	return err_set(err, ERR_TIMEOUT, "systemd did not answer within %d.%d s on %s: waited for %s",
		       bus->timeout_ms / 1000, bus->timeout_ms % 1000 / 100, bus->address, what);
}

/* Works on what has come in; then waits for more, until the deadline at most.  0, or a negative errno. */
static int step(struct systemd_bus *bus, uint64_t deadline)
{
	int result = sd_bus_process(bus->bus, NULL);
	uint64_t now;

	if (result != 0)
		return result < 0 ? result : 0;
	now = sys_monotonic_ns();
	if (now >= deadline)
		return -ETIMEDOUT;
	result = sd_bus_wait(bus->bus, (deadline - now) / 1000 + 1);
	return result < 0 && result != -EINTR ? result : 0;
}

/* --- connecting --- */

static int connect_once(struct systemd_bus *bus, const struct systemd_address *address)
{
	int result = sd_bus_new(&bus->bus);

	if (result >= 0)
		result = sd_bus_set_address(bus->bus, address->address);
	if (result >= 0 && address->is_broker)
		result = sd_bus_set_bus_client(bus->bus, 1);
	if (result >= 0)
		result = sd_bus_start(bus->bus);
	if (result < 0)
		bus->bus = sd_bus_close_unref(bus->bus);
	return result;
}

/* With many containers at once the listener's queue may be full for a moment, which is EAGAIN (unix(7)). */
static int connect_waiting(struct systemd_bus *bus, const struct systemd_address *address)
{
	uint64_t deadline = deadline_ns(bus);
	int result;

	while ((result = connect_once(bus, address)) == -EAGAIN && sys_monotonic_ns() < deadline)
		sys_sleep_ms(RETRY_MS);
	return result;
}

/* 0, or a negative errno. */
static int wait_ready(struct systemd_bus *bus)
{
	uint64_t deadline = deadline_ns(bus);
	int result = 0;

	while (result >= 0) {
		int is_ready = sd_bus_is_ready(bus->bus);

		if (is_ready > 0)
			return 0;
		result = is_ready < 0 ? is_ready : step(bus, deadline);
	}
	return result;
}

/* "JobRemoved(u id, o job, s unit, s result)": org.freedesktop.systemd1(5). */
static int on_job_removed(sd_bus_message *message, void *argument, sd_bus_error *error)
{
	struct systemd_bus *bus = argument;
	const char *job, *unit, *result, *sender;
	uint32_t id;

	(void)error;
	if (sd_bus_message_read_basic(message, 'u', &id) <= 0 ||
	    sd_bus_message_read_basic(message, 'o', &job) <= 0 ||
	    sd_bus_message_read_basic(message, 's', &unit) <= 0 ||
	    sd_bus_message_read_basic(message, 's', &result) <= 0)
		return 0;
	sender = sd_bus_message_get_sender(message);
	/* Anybody on a bus can send such a signal; it must be from who answered. */
	if (bus->job[0] != '\0' && strcmp(job, bus->job) == 0 &&
	    strcmp(sender != NULL ? sender : "", bus->job_sender) == 0)
		snprintf(bus->job_result, sizeof(bus->job_result), "%s", result);
	return 0;
}

static int new_call(struct systemd_bus *bus, const char *method, sd_bus_message **message, struct err *err)
{
	int result = sd_bus_message_new_method_call(bus->bus, message, MANAGER, MANAGER_PATH, MANAGER_INTERFACE,
							  method);

	return result < 0 ? err_sys(err, result, "call %s of systemd", method) : 0;
}

/* Sends without waiting for an answer. */
static int send_only(struct systemd_bus *bus, const char *method, sd_bus_message *message, struct err *err)
{
	int result = sd_bus_message_set_expect_reply(message, 0);

	if (result >= 0)
		result = sd_bus_send(bus->bus, message, NULL);
	sd_bus_message_unref(message);
	return result < 0 ? err_sys(err, result, "call %s of systemd on %s", method, bus->address) : 0;
}

/*
 * On its own socket the manager sends its signals to everybody; through a daemon it does for those who asked both.
 * Both requests are only sent: they arrive before the call that starts the job.
 */
static int listen_for_jobs(struct systemd_bus *bus, struct err *err)
{
	sd_bus_message *message;
	int result = sd_bus_match_signal_async(bus->bus, NULL, NULL, MANAGER_PATH, MANAGER_INTERFACE,
						     "JobRemoved", on_job_removed, NULL, bus);

	if (result < 0)
		return err_sys(err, result, "listen for systemd's jobs on %s", bus->address);
	if (!bus->is_broker)
		return 0;
	return new_call(bus, "Subscribe", &message, err) < 0 ? -1 : send_only(bus, "Subscribe", message, err);
}

void systemd_bus_close(struct systemd_bus *bus)
{
	/* Flushing waits for a peer that is silent; what was sent has gone out by then, unless that doesn't read. */
	if (bus->bus != NULL)
		bus->bus = sd_bus_close_unref(bus->bus);
}

int systemd_bus_open(struct systemd_bus *bus, const struct systemd_address *addresses, size_t count, int timeout_ms,
		     struct err *err)
{
	int result = -ENOENT;

	bus->timeout_ms = timeout_ms;
	for (size_t i = 0; i < count && result < 0; i++) {
		bus->address = addresses[i].address;
		bus->is_broker = addresses[i].is_broker;
		result = connect_waiting(bus, &addresses[i]);
		if (result >= 0)
			result = wait_ready(bus);
		if (result == -ETIMEDOUT)
			return fail_timeout(bus, "the connection to be accepted", err);
		if (result < 0) {
			log_debug("systemd on %s: %s", bus->address, strerror(-result));
			systemd_bus_close(bus);
		}
	}
	if (result < 0)
		return err_sys(err, result, "connect to systemd on %s", bus->address);
	return listen_for_jobs(bus, err);
}

/* --- calls --- */

/* The name of the D-Bus error that systemd refused with; "" when it gave none. */
struct refusal { char name[96]; };

static int fail_call(struct systemd_bus *bus, const char *method, const char *unit, int result,
		     const sd_bus_error *error, struct err *err)
{
	char what[320];

	if (result == -ETIMEDOUT) {
		snprintf(what, sizeof(what), "the answer to %s %s", method, unit);
		return fail_timeout(bus, what, err);
	}
	if (error->message != NULL)
		return err_set(err, ERR_SYSTEM, "systemd refuses %s %s: %s (%s)", method, unit, error->message,
			       error->name);
	return err_sys(err, result, "call %s of systemd for %s on %s", method, unit, bus->address);
}

/* *reply: may be NULL; else the caller unrefs it.  The message is unref'ed here. */
static int call(struct systemd_bus *bus, const char *method, const char *unit, sd_bus_message *message,
		sd_bus_message **reply, struct refusal *refusal, struct err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int result = sd_bus_call(bus->bus, message, (uint64_t)bus->timeout_ms * US_PER_MS, &error, reply);

	sd_bus_message_unref(message);
	refusal->name[0] = '\0';
	if (result >= 0)
		return 0;
	if (error.name != NULL)
		snprintf(refusal->name, sizeof(refusal->name), "%s", error.name);
	result = fail_call(bus, method, unit, result, &error, err);
	sd_bus_error_free(&error);
	return result;
}

/* Remembers which job the answer names. */
static int take_job(struct systemd_bus *bus, const char *method, const char *unit, sd_bus_message *reply,
		    struct err *err)
{
	const char *job = NULL, *sender = sd_bus_message_get_sender(reply);
	int result = sd_bus_message_read_basic(reply, 'o', &job);

	if (result <= 0)
		return err_sys(err, result < 0 ? result : EBADMSG, "read systemd's answer to %s %s", method, unit);
	snprintf(bus->job, sizeof(bus->job), "%s", job);
	snprintf(bus->job_sender, sizeof(bus->job_sender), "%s", sender != NULL ? sender : "");
	bus->job_result[0] = '\0';
	return 0;
}

static int wait_job(struct systemd_bus *bus, const char *method, const char *unit, struct err *err)
{
	uint64_t deadline = deadline_ns(bus);
	char what[384];
	int result = 0;

	while (bus->job_result[0] == '\0' && result >= 0)
		result = step(bus, deadline);
	snprintf(what, sizeof(what), "the end of its job %s (%s %s)", bus->job, method, unit);
	if (result == -ETIMEDOUT)
		return fail_timeout(bus, what, err);
	if (result < 0)
		return err_sys(err, result, "wait on %s for %s", bus->address, what);
	if (strcmp(bus->job_result, "done") == 0)
		return 0;
	return err_set(err, ERR_SYSTEM, "systemd: the job of %s %s ended as \"%s\"; `systemctl status %s` and the "
		       "journal tell why", method, unit, bus->job_result, unit);
}

/* Calls a method that starts a job, and waits for its end. */
static int call_job(struct systemd_bus *bus, const char *method, const char *unit, sd_bus_message *message,
		    struct refusal *refusal, struct err *err)
{
	sd_bus_message *reply = NULL;
	int result;

	if (call(bus, method, unit, message, &reply, refusal, err) < 0)
		return -1;
	result = take_job(bus, method, unit, reply, err);
	sd_bus_message_unref(reply);
	return result < 0 ? -1 : wait_job(bus, method, unit, err);
}

/* --- methods --- */

static int fail_message(sd_bus_message *message, int result, const char *method,
			const char *unit, struct err *err)
{
	sd_bus_message_unref(message);
	return err_sys(err, result, "make the message %s for %s", method, unit);
}

static bool has_recent(const struct plan_unit_properties *properties)
{
	for (size_t i = 0; i < properties->count; i++)
		if (properties->items[i].is_recent)
			return true;
	return false;
}

/* Whether another try without recent properties makes sense; it is taken then. */
static bool may_skip_recent(const struct refusal *refusal, const struct plan_unit_properties *properties,
			    const struct err *err, bool *skip_recent)
{
	if (*skip_recent || strcmp(refusal->name, UNKNOWN_PROPERTY) != 0 || !has_recent(properties))
		return false;
	log_debug("%s; once more without what only newer versions know", err->text);
	*skip_recent = true;
	return true;
}

static int new_stop(struct systemd_bus *bus, const char *unit, sd_bus_message **message, struct err *err)
{
	int result;

	if (new_call(bus, STOP_UNIT, message, err) < 0)
		return -1;
	result = sd_bus_message_append_basic(*message, 's', unit);
	if (result >= 0)
		result = sd_bus_message_append_basic(*message, 's', "replace");
	return result < 0 ? fail_message(*message, result, STOP_UNIT, unit, err) : 0;
}

int systemd_bus_stop_unit(struct systemd_bus *bus, const char *unit, struct err *err)
{
	struct refusal refusal;
	sd_bus_message *message;

	if (new_stop(bus, unit, &message, err) < 0)
		return -1;
	if (call_job(bus, STOP_UNIT, unit, message, &refusal, err) == 0 || strcmp(refusal.name, NO_SUCH_UNIT) == 0)
		return 0;
	return -1;
}

/* For a unit that was about to be started; nothing can be learned of it any more. */
static void give_up(struct systemd_bus *bus, const char *unit)
{
	struct err ignored = ERR_INIT;
	sd_bus_message *message;

	if (new_stop(bus, unit, &message, &ignored) == 0)
		(void)send_only(bus, STOP_UNIT, message, &ignored);
}

static int start_once(struct systemd_bus *bus, const struct plan_unit *unit, pid_t pid, bool skip_recent,
		      struct refusal *refusal, struct err *err)
{
	static const char method[] = "StartTransientUnit";
	sd_bus_message *message;
	int result;

	if (new_call(bus, method, &message, err) < 0)
		return -1;
	result = sd_bus_message_append_basic(message, 's', unit->name);
	if (result >= 0)
		result = sd_bus_message_append_basic(message, 's', "fail");
	if (result >= 0)
		result = systemd_append_properties(message, &unit->properties, pid, skip_recent);
	if (result >= 0)
		result = systemd_append_empty(message, "(sa(sv))");
	if (result < 0)
		return fail_message(message, result, method, unit->name, err);
	return call_job(bus, method, unit->name, message, refusal, err);
}

int systemd_bus_start_unit(struct systemd_bus *bus, const struct plan_unit *unit, pid_t pid, struct err *err)
{
	struct refusal refusal = { "" };
	bool skip_recent = false, is_reset = false;

	for (;;) {
		if (start_once(bus, unit, pid, skip_recent, &refusal, err) == 0)
			return 0;
		/* Only with a job it is known that the unit is not somebody else's. */
		if (err->kind == ERR_TIMEOUT && bus->job[0] != '\0')
			give_up(bus, unit->name);
		if (may_skip_recent(&refusal, &unit->properties, err, &skip_recent))
			continue;
		if (strcmp(refusal.name, UNIT_EXISTS) != 0)
			return -1;
		if (is_reset) {
			err->kind = ERR_EXISTS;
			return -1;
		}
		/* Of one that failed nothing is left but its name. */
		is_reset = true;
		if (systemd_bus_reset_unit(bus, unit->name, err) < 0)
			return -1;
	}
}

int systemd_bus_reset_unit(struct systemd_bus *bus, const char *unit, struct err *err)
{
	static const char method[] = "ResetFailedUnit";
	sd_bus_message *message;
	int result;

	if (new_call(bus, method, &message, err) < 0)
		return -1;
	result = sd_bus_message_append_basic(message, 's', unit);
	if (result < 0)
		return fail_message(message, result, method, unit, err);
	return send_only(bus, method, message, err);
}

static int set_once(struct systemd_bus *bus, const char *unit, const struct plan_unit_properties *properties,
		    bool skip_recent, struct refusal *refusal, struct err *err)
{
	static const char method[] = "SetUnitProperties";
	const int is_runtime = 1;
	sd_bus_message *message;
	int result;

	if (new_call(bus, method, &message, err) < 0)
		return -1;
	result = sd_bus_message_append_basic(message, 's', unit);
	if (result >= 0)
		result = sd_bus_message_append_basic(message, 'b', &is_runtime);
	if (result >= 0)
		result = systemd_append_properties(message, properties, 0, skip_recent);
	if (result < 0)
		return fail_message(message, result, method, unit, err);
	return call(bus, method, unit, message, NULL, refusal, err);
}

/*
 * systemd answers first and writes to the cgroup's files afterwards, before it looks at the next message: by the answer
 * to that all is written.
 */
static int wait_applied(struct systemd_bus *bus, const char *unit, struct err *err)
{
	static const char method[] = "Ping";
	struct refusal refusal;
	sd_bus_message *message;
	int result = sd_bus_message_new_method_call(bus->bus, &message, MANAGER, MANAGER_PATH,
							  "org.freedesktop.DBus.Peer", method);

	if (result < 0)
		return err_sys(err, result, "make the message %s for %s", method, unit);
	return call(bus, method, unit, message, NULL, &refusal, err);
}

int systemd_bus_set_properties(struct systemd_bus *bus, const char *unit,
			       const struct plan_unit_properties *properties, struct err *err)
{
	struct refusal refusal = { "" };
	bool skip_recent = false;

	while (set_once(bus, unit, properties, skip_recent, &refusal, err) < 0)
		if (!may_skip_recent(&refusal, properties, err, &skip_recent))
			return -1;
	return wait_applied(bus, unit, err);
}
