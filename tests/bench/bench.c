/*
 * bench.c - contenders, their processes, interleaved rounds and medians.
 */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void die(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	exit(1);
}

double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

void bench_argv(const struct series *series, const char *const words[], const char *argv[])
{
	size_t count = 0;
	argv[count++] = series->contender->program;
	argv[count++] = "--root";
	argv[count++] = series->contender->root;
	if (series->trace != NULL) {
		argv[count++] = "--trace";
		argv[count++] = series->trace;
	}
	for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++) {
		bool is_id = strcmp(words[i], ID) == 0, is_bundle = strcmp(words[i], BUNDLE) == 0;
		argv[count++] = is_id ? series->id : is_bundle ? series->bundle : words[i];
	}
	argv[count] = NULL;
}

pid_t bench_spawn(int ns_fd, const char *const argv[])
{
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (ns_fd >= 0 && setns(ns_fd, CLONE_NEWNS) < 0)
		_exit(125);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (getenv("BENCH_VERBOSE") == NULL)
		dup2(null, STDERR_FILENO);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

bool bench_wait(pid_t pid, double *peak_kib)
{
	struct rusage usage = { 0 };
	int status = -1;
	if (wait4(pid, &status, 0, &usage) != pid)
		return false;
	if ((double)usage.ru_maxrss > *peak_kib)
		*peak_kib = (double)usage.ru_maxrss;
	return status == 0;
}

bool bench_line(const struct series *series, const char *const words[], double *peak_kib)
{
	const char *argv[ARGV_MAX];
	bench_argv(series, words, argv);
	return bench_wait(bench_spawn(series->ns_fd, argv), peak_kib);
}

/* Runs in a child, whose namespace it becomes. */
static bool fill_ns(bool hides_unified, unsigned mounts, const char *directory)
{
	char path[256];
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	if (hides_unified)
		umount2("/sys/fs/cgroup/unified", MNT_DETACH);
	for (unsigned i = 0; i < mounts; i++) {
		snprintf(path, sizeof(path), "%s/%u", directory, i);
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return false;
		if (mount(directory, path, NULL, MS_BIND, NULL) < 0)
			return false;
	}
	return true;
}

int bench_make_ns(bool hides_unified, unsigned mounts, const char *directory)
{
	int ready[2];
	if (pipe2(ready, O_CLOEXEC) < 0)
		die("pipe2");
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		(void)!write(ready[1], fill_ns(hides_unified, mounts, directory) ? "y" : "n", 1);
		pause();
		_exit(0);
	}
	char answer = 'n', path[64];
	close(ready[1]);
	(void)!read(ready[0], &answer, 1);
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
	int fd = answer == 'y' ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (fd < 0)
		die("make a mount namespace");
	close(ready[0]);
	return fd;
}

int bench_ns_of(const struct bench *bench, const struct contender *contender)
{
	return contender->hides_unified ? bench->hidden_ns : -1;
}

static int compare_doubles(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

double bench_median(double *values, size_t count)
{
	qsort(values, count, sizeof(double), compare_doubles);
	return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

void bench_print(const char *name, const char *variant, const char *who, const char *metric, double value)
{
	printf("%s %s %s %s %.4f\n", name, variant, who, metric, value);
	fflush(stdout);
}

static void act_once(const struct bench *bench, const char *name, struct series *series, bool is_recorded)
{
	if (series->is_broken)
		return;
	if (series->prepare != NULL)
		series->prepare(bench, series);
	double begin = now_ms(), peak_kib = 0;
	bool is_done = series->act(bench, series, &peak_kib);
	double time_ms = (now_ms() - begin) / series->count;
	if (!is_done) {
		fprintf(stderr, "measure: %s %s: %s failed\n", name, series->variant, series->name);
		series->is_broken = true;
	} else if (is_recorded) {
		series->times_ms[series->recorded] = time_ms;
		series->peaks_kib[series->recorded++] = peak_kib;
	}
}

static void print_series(const char *name, struct series *series)
{
	if (!series->is_broken && series->recorded > 0) {
		bench_print(name, series->variant, series->name, "ms",
		            bench_median(series->times_ms, series->recorded));
		double peak_kib = bench_median(series->peaks_kib, series->recorded);
		if (peak_kib > 0)
			bench_print(name, series->variant, series->name, "peak_kib", peak_kib);
	}
	free(series->times_ms);
	free(series->peaks_kib);
}

void bench_interleave(const struct bench *bench, const char *name, struct series *series, size_t count, size_t rounds)
{
	for (size_t i = 0; i < count; i++) {
		series[i].recorded = 0;
		series[i].is_broken = false;
		series[i].times_ms = calloc(rounds, sizeof(double));
		series[i].peaks_kib = calloc(rounds, sizeof(double));
		if (series[i].times_ms == NULL || series[i].peaks_kib == NULL)
			die("calloc");
	}
	for (size_t round = 0; round <= rounds; round++) {
		for (size_t i = 0; i < count; i++)
			act_once(bench, name, &series[(round + i) % count], round > 0);
	}
	for (size_t i = 0; i < count; i++)
		print_series(name, &series[i]);
}
