/*
 * cases.c - what is measured: each case is a list of series that are run in interleaved rounds.
 */
#include "bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A turn is several containers in a row.  The floor makes them in one process, so that the price of executing it does
 * not count; and as the caches that another contender left cold are warm again after the first, it must be so for all.
 */
#define TURN_CONTAINERS 5
#define TURN_CONTAINERS_TEXT "5"

#define LINES_MAX 3
#define MANY_MOUNTS 5000
#define CROWD 1000

struct task {
	const char *name;
	const char *lines[LINES_MAX][WORDS_MAX];
};

static const struct task task_run = { "run", { { "run", "--bundle", BUNDLE, ID } } };
static const struct task task_detached = { "run -d", { { "run", "--detach", "--bundle", BUNDLE, ID } } };
static const struct task task_life = {
	"life", { { "create", "--bundle", BUNDLE, ID }, { "start", ID }, { "delete", "--force", ID } },
};
static const char *const delete_words[WORDS_MAX] = { "delete", "--force", ID };

/* On a container that runs. */
static const struct task command_tasks[] = {
	{ "exec", { { "exec", ID, "/bin/true" } } },
	{ "pause+resume", { { "pause", ID }, { "resume", ID } } },
	{ "events-stats", { { "events", "--stats", ID } } },
	{ "update-pids", { { "update", "--pids-limit", "100", ID } } },
	{ "ps-json", { { "ps", "--format", "json", ID } } },
	{ "state", { { "state", ID } } },
	{ "list", { { "list" } } },
	/* A signal that the sleeping program, which is a PID 1, ignores. */
	{ "kill-WINCH", { { "kill", ID, "WINCH" } } },
};
#define COMMAND_COUNT (sizeof(command_tasks) / sizeof(command_tasks[0]))

static char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));
static char *text(const char *format, ...)
{
	char *result;
	va_list args;
	va_start(args, format);
	if (vasprintf(&result, format, args) < 0)
		die("vasprintf");
	va_end(args);
	return result;
}

static char *bundle_of(const struct bench *bench, const char *name)
{
	return text("%s/%s", bench->work, name);
}

static bool act_task(const struct bench *bench, const struct series *series, double *peak_kib)
{
	const struct task *task = series->argument;
	(void)bench;
	for (unsigned turn = 0; turn < series->count; turn++) {
		for (size_t i = 0; i < LINES_MAX && task->lines[i][0] != NULL; i++) {
			if (!bench_line(series, task->lines[i], peak_kib))
				return false;
		}
	}
	return true;
}

static bool act_floor(const struct bench *bench, const struct series *series, double *peak_kib)
{
	char program[512], rootfs[512];
	snprintf(program, sizeof(program), "%s/floor", bench->bin);
	snprintf(rootfs, sizeof(rootfs), "%s/rootfs", series->bundle);
	const char *const argv[] = { program, rootfs, TURN_CONTAINERS_TEXT, NULL };
	double ignored = 0;
	(void)peak_kib;
	return bench_wait(bench_spawn(-1, argv), &ignored);
}

static struct series series_of(const struct bench *bench, size_t index, const char *variant, const char *bundle,
                               const struct task *task)
{
	const struct contender *contender = &bench->contenders[index];
	return (struct series){
		.variant = variant,
		.name = contender->name,
		.contender = contender,
		.ns_fd = bench_ns_of(bench, contender),
		.bundle = bundle,
		.id = text("bench-%s-%u", contender->name, (unsigned)getpid()),
		.count = 1,
		.argument = task,
		.act = act_task,
	};
}

void case_run(const struct bench *bench)
{
	const char *bundle = bundle_of(bench, "bundle");
	struct series series[CONTENDERS_MAX + 1] = { {
		.variant = "-", .name = "floor", .bundle = bundle, .count = TURN_CONTAINERS, .act = act_floor,
	} };
	for (size_t i = 0; i < bench->contender_count; i++) {
		series[i + 1] = series_of(bench, i, "-", bundle, &task_run);
		series[i + 1].count = TURN_CONTAINERS;
	}
	bench_interleave(bench, "run", series, bench->contender_count + 1, bench->rounds);
}

/* runlet's filters; what other contenders keep, they keep elsewhere. */
static void remove_filters(const struct bench *bench, const struct series *series)
{
	char path[512];
	(void)bench;
	snprintf(path, sizeof(path), "%s/.seccomp:cache", series->contender->root);
	DIR *directory = opendir(path);
	const struct dirent *entry;
	while (directory != NULL && (entry = readdir(directory)) != NULL)
		(void)unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory != NULL)
		closedir(directory);
}

void case_seccomp(const struct bench *bench)
{
	const char *plain = bundle_of(bench, "bundle"), *profiled = bundle_of(bench, "profiled");
	struct series series[2 * CONTENDERS_MAX + 1];
	size_t count = 0;
	if (access(profiled, F_OK) < 0)
		return;
	for (size_t i = 0; i < bench->contender_count; i++) {
		series[count++] = series_of(bench, i, "none", plain, &task_run);
		series[count++] = series_of(bench, i, "cached", profiled, &task_run);
	}
	series[count] = series_of(bench, 0, "first", profiled, &task_run);
	series[count++].prepare = remove_filters;
	bench_interleave(bench, "seccomp", series, count, bench->rounds);
}

void case_life(const struct bench *bench)
{
	const char *sleeper = bundle_of(bench, "sleeper");
	struct series series[CONTENDERS_MAX];
	for (size_t i = 0; i < bench->contender_count; i++)
		series[i] = series_of(bench, i, "-", sleeper, &task_life);
	bench_interleave(bench, "life", series, bench->contender_count, bench->rounds);
}

void case_commands(const struct bench *bench)
{
	const char *sleeper = bundle_of(bench, "sleeper");
	static struct series series[COMMAND_COUNT * CONTENDERS_MAX];
	struct series sleepers[CONTENDERS_MAX];
	double ignored = 0;
	for (size_t i = 0; i < bench->contender_count; i++) {
		sleepers[i] = series_of(bench, i, "-", sleeper, &task_detached);
		if (!act_task(bench, &sleepers[i], &ignored))
			fprintf(stderr, "measure: commands: %s can't start a container\n", sleepers[i].name);
	}
	for (size_t task = 0; task < COMMAND_COUNT; task++) {
		const struct task *row = &command_tasks[task];
		for (size_t i = 0; i < bench->contender_count; i++)
			series[task * bench->contender_count + i] = series_of(bench, i, row->name, sleeper, row);
	}
	bench_interleave(bench, "commands", series, COMMAND_COUNT * bench->contender_count, bench->rounds);
	for (size_t i = 0; i < bench->contender_count; i++)
		(void)bench_line(&sleepers[i], delete_words, &ignored);
}

/* `count` at once. */
static bool act_parallel(const struct bench *bench, const struct series *series, double *peak_kib)
{
	pid_t *pids = calloc(series->count, sizeof(*pids));
	bool is_done = pids != NULL;
	double ignored = 0;
	(void)bench;
	(void)peak_kib;
	for (unsigned i = 0; is_done && i < series->count; i++) {
		const char *argv[ARGV_MAX];
		struct series one = *series;
		one.id = text("%s-%u", series->id, i);
		bench_argv(&one, task_run.lines[0], argv);
		pids[i] = bench_spawn(series->ns_fd, argv);
		free((char *)one.id);
	}
	for (unsigned i = 0; pids != NULL && i < series->count; i++)
		is_done = bench_wait(pids[i], &ignored) && is_done;
	free(pids);
	return is_done;
}

static void run_parallel(const struct bench *bench, const char *variant, unsigned at_once, size_t rounds)
{
	const char *bundle = bundle_of(bench, "bundle");
	struct series series[CONTENDERS_MAX];
	for (size_t i = 0; i < bench->contender_count; i++) {
		series[i] = series_of(bench, i, variant, bundle, NULL);
		series[i].count = at_once;
		series[i].act = act_parallel;
	}
	bench_interleave(bench, "parallel", series, bench->contender_count, rounds);
}

void case_parallel(const struct bench *bench)
{
	run_parallel(bench, "64", 64, bench->rounds < 50 ? 1 : bench->rounds / 5);
	run_parallel(bench, "256", 256, bench->rounds < 50 ? 1 : bench->rounds / 10);
}

void case_mounts(const struct bench *bench)
{
	const char *bundle = bundle_of(bench, "bundle"), *directory = bundle_of(bench, "mounts");
	const int few[2] = { bench_make_ns(false, 0, directory), bench_make_ns(true, 0, directory) };
	const int many[2] = {
		bench_make_ns(false, MANY_MOUNTS, directory), bench_make_ns(true, MANY_MOUNTS, directory),
	};
	struct series series[2 * CONTENDERS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < bench->contender_count; i++) {
		bool is_hidden = bench->contenders[i].hides_unified;
		series[count] = series_of(bench, i, "few", bundle, &task_run);
		series[count++].ns_fd = few[is_hidden];
		series[count] = series_of(bench, i, "many", bundle, &task_run);
		series[count++].ns_fd = many[is_hidden];
	}
	bench_interleave(bench, "mounts", series, count, bench->rounds);
	for (size_t i = 0; i < 2; i++) {
		close(few[i]);
		close(many[i]);
	}
}

/* Private_Clean and Private_Dirty of a process, in KiB; -1 when it is gone. */
static double read_private_kib(long pid)
{
	char path[64], line[256];
	snprintf(path, sizeof(path), "/proc/%ld/smaps_rollup", pid);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return -1;
	long sum = 0, kib;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "Private_Clean: %ld", &kib) == 1 || sscanf(line, "Private_Dirty: %ld", &kib) == 1)
			sum += kib;
	}
	fclose(file);
	return (double)sum;
}

static double measure_init(const struct bench *bench, const struct series *series)
{
	char pid_file[512], line[32] = "";
	double kib = -1, ignored = 0;
	snprintf(pid_file, sizeof(pid_file), "%s/states/pid", bench->work);
	const char *const create[WORDS_MAX] = { "create", "--bundle", BUNDLE, "--pid-file", pid_file, ID };
	if (bench_line(series, create, &ignored)) {
		FILE *file = fopen(pid_file, "re");
		if (file != NULL && fgets(line, sizeof(line), file) != NULL)
			kib = read_private_kib(strtol(line, NULL, 10));
		if (file != NULL)
			fclose(file);
	}
	(void)bench_line(series, delete_words, &ignored);
	unlink(pid_file);
	return kib;
}

void case_init(const struct bench *bench)
{
	const char *bundle = bundle_of(bench, "bundle");
	for (size_t i = 0; i < bench->contender_count; i++) {
		struct series series = series_of(bench, i, "-", bundle, NULL);
		double kib[5];
		size_t count = 0;
		for (size_t round = 0; round < 5; round++) {
			kib[count] = measure_init(bench, &series);
			count += kib[count] >= 0;
		}
		if (count > 0)
			bench_print("init", "-", series.name, "kib", bench_median(kib, count));
	}
}

/* What --trace costs the first contender. */
void case_trace(const struct bench *bench)
{
	const char *bundle = bundle_of(bench, "bundle");
	struct series series[2];
	for (size_t i = 0; i < 2; i++) {
		series[i] = series_of(bench, 0, i == 0 ? "off" : "on", bundle, &task_run);
		series[i].trace = i == 0 ? NULL : bundle_of(bench, "states/trace.json");
		series[i].count = TURN_CONTAINERS;
	}
	bench_interleave(bench, "trace", series, 2, bench->rounds);
}

/* BENCH_CROWD is for trying this out. */
static unsigned crowd_size(void)
{
	const char *given = getenv("BENCH_CROWD");
	unsigned long size = given != NULL ? strtoul(given, NULL, 10) : CROWD;
	return size > 0 && size <= 100000 ? (unsigned)size : CROWD;
}

/* Starts or ends the crowd; its containers are named by their number. */
static bool change_crowd(const struct series *series, const char *const words[])
{
	double ignored = 0;
	bool is_done = true;
	for (unsigned i = 0; i < crowd_size(); i++) {
		struct series one = *series;
		one.id = text("%s-%u", series->id, i);
		is_done = bench_line(&one, words, &ignored) && is_done;
		free((char *)one.id);
	}
	return is_done;
}

/* A contender after the other, as nobody may see another one's crowd; alone it is measured before and after. */
static void measure_crowd(const struct bench *bench, size_t index)
{
	const char *bundle = bundle_of(bench, "bundle"), *sleeper = bundle_of(bench, "sleeper");
	struct series crowd = series_of(bench, index, "-", sleeper, NULL);
	struct series alone = series_of(bench, index, "alone", bundle, &task_run);
	struct series crowded = series_of(bench, index, "crowd", bundle, &task_run);
	alone.id = text("%s-guest", alone.id);
	crowded.id = alone.id;
	bench_interleave(bench, "scale", &alone, 1, bench->rounds);
	if (change_crowd(&crowd, task_detached.lines[0]))
		bench_interleave(bench, "scale", &crowded, 1, bench->rounds);
	else
		fprintf(stderr, "measure: scale: %s can't start %u containers\n", crowd.name, crowd_size());
	(void)change_crowd(&crowd, delete_words);
	alone.variant = "again";
	bench_interleave(bench, "scale", &alone, 1, bench->rounds);
}

void case_scale(const struct bench *bench)
{
	for (size_t i = 0; i < bench->contender_count; i++)
		measure_crowd(bench, i);
}
