/*
 * scenario.h - a command of runlet on a bundle, and what must be there when it has ended.
 */
#ifndef FAULT_SCENARIO_H
#define FAULT_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

#include "world.h"

/* What is there after the command. */
enum remains {
	REMAINS_NOTHING,
	REMAINS_CONTAINER,  /* with its one process */
	REMAINS_ANY,        /* `delete --force` must cope with it */
};

struct scenario {
	const char *name;
	const char *bundle;                /* tests/fault/NAME.json */
	const char *mode;                  /* argument of the container's program: "wait", or "" */
	const char *before[4][WORLD_ARGS_MAX];  /* commands that come first, without a fault */
	const char *command[WORLD_ARGS_MAX];
	int status;                        /* without a fault */
	bool has_output;                   /* the container's program prints, and what is compared */
	bool is_shared;                    /* the container of `before` serves for all runs */
	bool uses_v2;
	enum remains on_success;
	enum remains on_failure;
	/* Beyond that; false: `text` says what is wrong.  Runs after the command; it may set things back. */
	bool (*check)(struct world *world, bool has_succeeded, char *text, size_t size);
};

/* Ends with a row whose name is NULL. */
extern const struct scenario scenarios[];

#endif
