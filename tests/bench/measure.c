/*
 * measure.c - measures container runtimes beside each other, one after another in each round.
 *
 *	measure CASE ROUNDS BIN WORK NAME=PROGRAM...
 *
 * BIN is where the program of floor.c is; WORK has the bundles `bundle` (runs /bin/true), `sleeper` (sleeps) and
 * `profiled` (has Docker's seccomp profile; may be missing), and directories `states` and `mounts`.  Rounds are
 * interleaved, so that what else the machine does falls on all alike.  Prints lines "CASE VARIANT NAME METRIC VALUE"
 * for tests/bench/report.  A runtime whose name begins with crun runs in a mount namespace without
 * /sys/fs/cgroup/unified, because crun refuses hybrid hosts; the host's own mounts stay as they are.  Needs root.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define ROUNDS_MAX 10000

static const struct {
	const char *name;
	void (*run)(const struct bench *bench);
} cases[] = {
	{ "run", case_run },           { "seccomp", case_seccomp }, { "life", case_life },
	{ "commands", case_commands }, { "parallel", case_parallel }, { "mounts", case_mounts },
	{ "init", case_init },         { "scale", case_scale },
	{ "trace", case_trace },
};

static void usage(void)
{
	fprintf(stderr, "usage: measure CASE ROUNDS BIN WORK NAME=PROGRAM...\ncases:");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		fprintf(stderr, " %s", cases[i].name);
	fprintf(stderr, "\n");
	exit(2);
}

static void add_contender(struct bench *bench, char *argument)
{
	char *equals = strchr(argument, '=');
	if (equals == NULL || bench->contender_count == CONTENDERS_MAX)
		usage();
	struct contender *contender = &bench->contenders[bench->contender_count++];
	*equals = '\0';
	contender->name = argument;
	contender->program = equals + 1;
	contender->hides_unified = strncmp(argument, "crun", 4) == 0;
	snprintf(contender->root, sizeof(contender->root), "%s/states/%s", bench->work, argument);
}

int main(int argc, char **argv)
{
	static struct bench bench;
	if (argc < 6 || (bench.rounds = strtoul(argv[2], NULL, 10)) == 0 || bench.rounds > ROUNDS_MAX)
		usage();
	bench.bin = argv[3];
	bench.work = argv[4];
	for (int i = 5; i < argc; i++)
		add_contender(&bench, argv[i]);
	bench.hidden_ns = bench_make_ns(true, 0, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (strcmp(cases[i].name, argv[1]) == 0) {
			cases[i].run(&bench);
			return 0;
		}
	}
	usage();
}
