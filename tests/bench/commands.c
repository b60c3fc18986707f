/*
 * commands.c - measures what runtimes need for commands on a running container, one after another in each round.
 *
 *	commands ROUNDS BUNDLE WORK NAME=PROGRAM...
 *
 * BUNDLE runs a program that sleeps, WORK is an empty directory for states.  Each runtime has one container.  A round
 * runs each command line once by each runtime, beginning with another one each time; the table has the medians, and how
 * the first runtime's compares to the best of the others'.  A runtime that doesn't have a command gets a dash.
 * Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONTENDERS_MAX 8
#define ROUNDS_MAX 10000
#define LINES_MAX 2
#define WORDS_MAX 6
/* Stands for the name of the runtime's own container. */
#define ID "ID"

struct task {
	const char *name;
	const char *lines[LINES_MAX][WORDS_MAX]; /* without the program and --root */
};

static const struct task tasks[] = {
	{ "exec true", { { "exec", ID, "/bin/true" } } },
	{ "pause + resume", { { "pause", ID }, { "resume", ID } } },
	{ "events --stats", { { "events", "--stats", ID } } },
	{ "update --pids-limit", { { "update", "--pids-limit", "100", ID } } },
	{ "ps --format json", { { "ps", "--format", "json", ID } } },
	{ "state", { { "state", ID } } },
	{ "list", { { "list" } } },
	/* A signal that the sleeping program, which is a PID 1, ignores. */
	{ "kill WINCH", { { "kill", ID, "WINCH" } } },
};
#define TASK_COUNT (sizeof(tasks) / sizeof(tasks[0]))

struct contender {
	const char *name;
	const char *program;
	char root[256];
	char id[64];
	bool is_broken[TASK_COUNT];
	double times_ms[TASK_COUNT][ROUNDS_MAX];
	double peaks_kib[TASK_COUNT][ROUNDS_MAX]; /* resident, of the largest process, as wait4(2) reports it */
	size_t counts[TASK_COUNT];
};

struct bench {
	size_t rounds;
	const char *bundle;
	struct contender contenders[CONTENDERS_MAX];
	size_t contender_count;
};

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Runs a command line with nothing to read and nowhere to write; true when it ended with 0. */
static bool run_line(const struct contender *contender, const char *const words[], double *peak_kib)
{
	const char *argv[WORDS_MAX + 4] = { contender->program, "--root", contender->root };
	for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++)
		argv[3 + i] = strcmp(words[i], ID) == 0 ? contender->id : words[i];
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		if (getenv("BENCH_VERBOSE") == NULL)
			dup2(null, STDERR_FILENO);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	int status = -1;
	struct rusage usage = { 0 };
	bool is_done = pid > 0 && wait4(pid, &status, 0, &usage) == pid && status == 0;
	if ((double)usage.ru_maxrss > *peak_kib)
		*peak_kib = (double)usage.ru_maxrss;
	return is_done;
}

static void run_task(struct contender *contender, size_t task, bool is_recorded)
{
	bool is_done = !contender->is_broken[task];
	double begin = now_ms(), peak_kib = 0;
	for (size_t i = 0; is_done && i < LINES_MAX && tasks[task].lines[i][0] != NULL; i++)
		is_done = run_line(contender, tasks[task].lines[i], &peak_kib);
	if (!is_done) {
		contender->is_broken[task] = true;
	} else if (is_recorded) {
		contender->times_ms[task][contender->counts[task]] = now_ms() - begin;
		contender->peaks_kib[task][contender->counts[task]++] = peak_kib;
	}
}

static int compare_doubles(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

/* 0: it doesn't have the command. */
static double median(struct contender *contender, size_t task, bool is_memory)
{
	double *values = is_memory ? contender->peaks_kib[task] : contender->times_ms[task];
	size_t count = contender->counts[task];
	if (contender->is_broken[task] || count == 0)
		return 0;
	qsort(values, count, sizeof(double), compare_doubles);
	return values[count / 2];
}

static void print_cell(double value)
{
	if (value > 0)
		printf("%9.2f", value);
	else
		printf("%9s", "-");
}

static void print_table(struct bench *bench, bool is_memory)
{
	printf("%zu rounds, interleaved; medians%s\n\n%-20s", bench->rounds,
	       is_memory ? " of the peak memory in KiB" : " in ms", "");
	for (size_t i = 0; i < bench->contender_count; i++)
		printf("%9s", bench->contenders[i].name);
	printf("%9s\n", "/best");
	for (size_t task = 0; task < TASK_COUNT; task++) {
		double own = median(&bench->contenders[0], task, is_memory), best = 0;
		printf("%-20s", tasks[task].name);
		print_cell(own);
		for (size_t i = 1; i < bench->contender_count; i++) {
			double other = median(&bench->contenders[i], task, is_memory);
			if (other > 0 && (best == 0 || other < best))
				best = other;
			print_cell(other);
		}
		print_cell(best > 0 ? own / best : 0);
		printf("\n");
	}
}

static void add_contender(struct bench *bench, const char *work, char *argument)
{
	char *equals = strchr(argument, '=');
	if (equals == NULL || bench->contender_count == CONTENDERS_MAX) {
		fprintf(stderr, "commands: \"%s\": want at most %d of NAME=PROGRAM\n", argument, CONTENDERS_MAX);
		exit(2);
	}
	struct contender *contender = &bench->contenders[bench->contender_count++];
	*equals = '\0';
	contender->name = argument;
	contender->program = equals + 1;
	snprintf(contender->root, sizeof(contender->root), "%s/%s", work, argument);
	snprintf(contender->id, sizeof(contender->id), "bench-%d-%s", (int)getpid(), argument);
}

static bool start_container(const struct bench *bench, const struct contender *contender)
{
	const char *const create[WORDS_MAX] = { "create", "--bundle", bench->bundle, ID };
	const char *const start[WORDS_MAX] = { "start", ID };
	double ignored = 0;
	if (run_line(contender, create, &ignored) && run_line(contender, start, &ignored))
		return true;
	fprintf(stderr, "commands: %s can't start a container\n", contender->name);
	return false;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	if (argc < 5 || (bench.rounds = strtoul(argv[1], NULL, 10)) == 0 || bench.rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: commands ROUNDS BUNDLE WORK NAME=PROGRAM...\n");
		return 2;
	}
	bench.bundle = argv[2];
	for (int i = 4; i < argc; i++)
		add_contender(&bench, argv[3], argv[i]);
	bool is_done = true;
	for (size_t i = 0; i < bench.contender_count; i++)
		is_done = start_container(&bench, &bench.contenders[i]) && is_done;
	/* The first round warms caches and is not counted. */
	for (size_t round = 0; is_done && round <= bench.rounds; round++) {
		for (size_t task = 0; task < TASK_COUNT; task++) {
			for (size_t i = 0; i < bench.contender_count; i++)
				run_task(&bench.contenders[(round + i) % bench.contender_count], task, round > 0);
		}
	}
	const char *const delete[WORDS_MAX] = { "delete", "--force", ID };
	double ignored = 0;
	for (size_t i = 0; i < bench.contender_count; i++)
		(void)run_line(&bench.contenders[i], delete, &ignored);
	if (is_done) {
		print_table(&bench, false);
		printf("\n");
		print_table(&bench, true);
	}
	return !is_done;
}
