/*
 * bench.h - what the cases of measure.c share: contenders, their processes, rounds that are interleaved, medians.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

#define CONTENDERS_MAX 8
#define SERIES_MAX 128
#define WORDS_MAX 8
/* Of argv: the program, four words of global options, those of a line, NULL. */
#define ARGV_MAX (WORDS_MAX + 6)

/* In a command line these words stand for the container's name, and for the bundle. */
#define ID "ID"
#define BUNDLE "BUNDLE"

struct contender {
	const char *name;
	const char *program;
	char root[256];          /* of its states */
	bool hides_unified;      /* crun refuses hybrid hosts: it doesn't see /sys/fs/cgroup/unified */
};

struct bench {
	size_t rounds;
	const char *bin;         /* where the program of floor.c is */
	const char *work;        /* has bundle, sleeper, profiled (bundles), states, mounts */
	int hidden_ns;           /* a mount namespace without the unified hierarchy */
	struct contender contenders[CONTENDERS_MAX];
	size_t contender_count;
};

/* One row of figures: somebody doing something, once a round. */
struct series {
	const char *variant;     /* "-" for none */
	const char *name;        /* of the contender, or "floor" */
	const struct contender *contender;
	int ns_fd;               /* the mount namespace that it happens in, -1: the bench's own */
	const char *bundle;
	const char *id;
	const char *trace;       /* runlet only: the FILE of --trace, or NULL */
	unsigned count;          /* containers in one go; the time is divided by it */
	const void *argument;
	/* Not timed; may be NULL. */
	void (*prepare)(const struct bench *bench, const struct series *series);
	/* False: it failed, and is not tried again.  *peak_kib: of the largest process; left alone where unknown. */
	bool (*act)(const struct bench *bench, const struct series *series, double *peak_kib);
	bool is_broken;
	double *times_ms;
	double *peaks_kib;
	size_t recorded;
};

void die(const char *what) __attribute__((noreturn));
double now_ms(void);

/* argv of "PROGRAM --root ROOT WORDS..." with the words replaced; `argv` has room for ARGV_MAX. */
void bench_argv(const struct series *series, const char *const words[], const char *argv[]);

/* Starts a program with nothing to read and nowhere to write. */
pid_t bench_spawn(int ns_fd, const char *const argv[]);
/* True when it ended with 0. */
bool bench_wait(pid_t pid, double *peak_kib);
/* Both, for a command line of the series' contender. */
bool bench_line(const struct series *series, const char *const words[], double *peak_kib);

/* A copy of this mount namespace, without the unified hierarchy, and with more mounts beneath `directory`. */
int bench_make_ns(bool hides_unified, unsigned mounts, const char *directory);
/* Where this contender works, -1 for here. */
int bench_ns_of(const struct bench *bench, const struct contender *contender);

/*
 * Lets each series act once a round, beginning with another one each time; the first round warms caches and isn't
 * recorded.  Prints the medians, a line each: CASE VARIANT NAME METRIC VALUE.
 */
void bench_interleave(const struct bench *bench, const char *name, struct series *series, size_t count, size_t rounds);

double bench_median(double *values, size_t count);
void bench_print(const char *name, const char *variant, const char *who, const char *metric, double value);

/* The cases (cases.c).  Each begins with nothing and leaves nothing. */
void case_run(const struct bench *bench);
void case_seccomp(const struct bench *bench);
void case_life(const struct bench *bench);
void case_commands(const struct bench *bench);
void case_parallel(const struct bench *bench);
void case_mounts(const struct bench *bench);
void case_init(const struct bench *bench);
void case_trace(const struct bench *bench);
void case_scale(const struct bench *bench);

#endif
