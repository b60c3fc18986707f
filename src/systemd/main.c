/*
 * systemd/main.c - the program that speaks with systemd for runlet: reads a request, does it, and ends.
 *
 * A process of its own on the host, child of the runtime process: a dynamic program, as libsystemd can't be linked
 * statically.  Standard input is the request.  Status 0: done.  1: failed, and a struct err is on standard output.
 * Anything else: this program itself could not run.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "bus.h"
#include "sys/file.h"
#include "sys/process.h"
#include "systemd/request.h"

static int read_request(struct arena *arena, struct systemd_request *request, struct err *err)
{
	struct stat status;
	size_t length;
	char *text;
	int result = sys_fstatat(STDIN_FILENO, "", &status, AT_EMPTY_PATH);

	if (result < 0)
		return err_sys(err, result, "look at the request");
	text = arena_alloc(arena, (size_t)status.st_size + 1);
	result = sys_file_read(STDIN_FILENO, text, (size_t)status.st_size + 1, &length);
	if (result < 0)
		return err_sys(err, result, "read the request");
	return systemd_request_read(arena, text, length, request, err);
}

static int perform(const struct systemd_request *request, struct err *err)
{
	_cleanup_systemd_bus_ struct systemd_bus bus = SYSTEMD_BUS_INIT;
	const struct plan_unit unit = { .name = request->unit, .properties = request->properties };

	if (systemd_bus_open(&bus, request->addresses, request->address_count, (int)request->timeout_ms, err) < 0)
		return -1;
	switch (request->action) {
	case SYSTEMD_START:
		return systemd_bus_start_unit(&bus, &unit, request->pid, err);
	case SYSTEMD_SET:
		return systemd_bus_set_properties(&bus, request->unit, &request->properties, err);
	case SYSTEMD_STOP:
		return systemd_bus_stop_unit(&bus, request->unit, err);
	case SYSTEMD_FORGET:
		if (systemd_bus_stop_unit(&bus, request->unit, err) < 0)
			return -1;
		return systemd_bus_reset_unit(&bus, request->unit, err);
	case SYSTEMD_ACTION_COUNT:
		break;
	}
	return err_set(err, ERR_BUG, "the systemd program knows no action %d", request->action);
}

static int run(struct err *err)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct systemd_request request;

	if (read_request(&arena, &request, err) < 0 ||
	    log_open(NULL, LOG_FORMAT_TEXT, request.is_debug ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR, err) < 0)
		return -1;
	return perform(&request, err);
}

int main(void)
{
	struct err err = ERR_INIT;

	/* Executed by an fd's path, it would be called "3". */
	(void)sys_prctl(PR_SET_NAME, (unsigned long)"runlet-systemd", 0, 0, 0);
	if (run(&err) == 0)
		return EXIT_SUCCESS;
	return sys_write_all(STDOUT_FILENO, &err, sizeof(err)) < 0 ? 2 : EXIT_FAILURE;
}
