/*
 * interleave.c - measures several container runtimes in one process tree, one after another in each round.
 *
 *	interleave ROUNDS FLOOR BUNDLE WORK NAME=PROGRAM...
 *
 * FLOOR is the program of floor.c, BUNDLE runs /bin/true, WORK is an empty directory for states.  A round gives the
 * floor and each runtime a turn of five containers, beginning with another one each time, so that what else the
 * machine does falls on all alike; the table has the medians of the turns, per container.  Memory: the peak of `run`
 * as wait4(2) reports it, and the private memory of a created container's init.  A runtime called crun runs in a mount
 * namespace without /sys/fs/cgroup/unified, because crun refuses hybrid hosts; the host's own mounts stay as they are.
 * Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONTENDERS_MAX 8
#define ROUNDS_MAX 10000
/*
 * A turn is several containers in a row.  The floor makes them in one process, so that the price of executing it does
 * not count; and as the caches that another runtime left cold are warm again after the first, it must be so for all.
 */
#define TURN_CONTAINERS 5
#define TURN_CONTAINERS_TEXT "5"

struct contender {
	const char *name;
	const char *program;
	bool hides_unified;
	bool is_broken;
	double times_ms[ROUNDS_MAX];
	long peaks_kib[ROUNDS_MAX];
	size_t count;
	long init_kib;
};

struct bench {
	size_t rounds;
	const char *bundle;
	const char *work;
	int hidden_ns;   /* a mount namespace without the unified hierarchy */
	struct contender contenders[CONTENDERS_MAX]; /* the first is the floor */
	size_t contender_count;
};

static void die(const char *what)
{
	fprintf(stderr, "interleave: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Runs a program with nothing to read and nowhere to write; returns its wait status. */
static int run_program(const struct bench *bench, const struct contender *contender, const char *const argv[],
                       struct rusage *usage)
{
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (contender->hides_unified && setns(bench->hidden_ns, CLONE_NEWNS) < 0)
			_exit(125);
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		if (getenv("BENCH_VERBOSE") == NULL)
			dup2(null, STDERR_FILENO);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	int status = -1;
	if (wait4(pid, &status, 0, usage) < 0)
		die("wait4");
	return status;
}

/* A helper leaves its mount namespace behind; what it unmounts is its own copy. */
static int make_hidden_ns(void)
{
	int ready[2];
	if (pipe2(ready, O_CLOEXEC) < 0)
		die("pipe2");
	pid_t pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		bool is_done = unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
		if (is_done)
			umount2("/sys/fs/cgroup/unified", MNT_DETACH);
		(void)!write(ready[1], is_done ? "y" : "n", 1);
		pause();
		_exit(0);
	}
	char answer = 'n', path[64];
	(void)!read(ready[0], &answer, 1);
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)pid);
	int fd = answer == 'y' ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (fd < 0)
		die("mount namespace without the unified hierarchy");
	close(ready[0]);
	close(ready[1]);
	return fd;
}

static int run_containers(const struct bench *bench, const struct contender *contender, struct rusage *usage)
{
	char root[256], id[64];
	int status = 0;
	snprintf(root, sizeof(root), "%s/%s", bench->work, contender->name);
	snprintf(id, sizeof(id), "bench-%d", (int)getpid());
	const char *const argv[] = {
		contender->program, "--root", root, "run", "--bundle", bench->bundle, id, NULL,
	};
	for (int i = 0; i < TURN_CONTAINERS && status == 0; i++)
		status = run_program(bench, contender, argv, usage);
	return status;
}

static int run_floor(const struct bench *bench, const struct contender *contender, struct rusage *usage)
{
	char rootfs[256];
	snprintf(rootfs, sizeof(rootfs), "%s/rootfs", bench->bundle);
	const char *const argv[] = { contender->program, rootfs, TURN_CONTAINERS_TEXT, NULL };
	return run_program(bench, contender, argv, usage);
}

static void run_once(struct bench *bench, size_t index, bool is_recorded)
{
	struct contender *contender = &bench->contenders[index];
	if (contender->is_broken)
		return;
	bool is_floor = index == 0;
	struct rusage usage;
	double begin = now_ms();
	int status = is_floor ? run_floor(bench, contender, &usage) : run_containers(bench, contender, &usage);
	double time_ms = (now_ms() - begin) / TURN_CONTAINERS;
	if (status != 0) {
		fprintf(stderr, "interleave: %s ended with status 0x%x\n", contender->name, (unsigned)status);
		contender->is_broken = true;
	} else if (is_recorded) {
		contender->times_ms[contender->count] = time_ms;
		contender->peaks_kib[contender->count++] = usage.ru_maxrss;
	}
}

/* Private_Clean and Private_Dirty of a process, in KiB; -1 when it is gone. */
static long read_private_kib(long pid)
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
	return sum;
}

static void measure_init(const struct bench *bench, struct contender *contender)
{
	char root[256], pid_file[256], text[32] = "";
	snprintf(root, sizeof(root), "%s/%s", bench->work, contender->name);
	snprintf(pid_file, sizeof(pid_file), "%s/pid", bench->work);
	const char *const create[] = {
		contender->program, "--root", root, "create", "--bundle", bench->bundle, "--pid-file", pid_file,
		"bench-init", NULL,
	};
	const char *const delete[] = { contender->program, "--root", root, "delete", "--force", "bench-init", NULL };
	struct rusage usage;
	contender->init_kib = -1;
	if (run_program(bench, contender, create, &usage) == 0) {
		FILE *file = fopen(pid_file, "re");
		if (file != NULL && fgets(text, sizeof(text), file) != NULL)
			contender->init_kib = read_private_kib(strtol(text, NULL, 10));
		if (file != NULL)
			fclose(file);
	}
	run_program(bench, contender, delete, &usage);
	unlink(pid_file);
}

static int compare_doubles(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static int compare_longs(const void *left, const void *right)
{
	long a = *(const long *)left, b = *(const long *)right;
	return (a > b) - (a < b);
}

static double median_time(const struct contender *contender)
{
	return contender->times_ms[contender->count / 2];
}

static long median_peak(const struct contender *contender)
{
	return contender->peaks_kib[contender->count / 2];
}

static void print_ratio(double value, double base)
{
	if (base > 0)
		printf("%9.2f", value / base);
	else
		printf("%9s", "-");
}

static void print_table(struct bench *bench)
{
	double crun_ms = 0, crun_kib = 0;
	for (size_t i = 0; i < bench->contender_count; i++) {
		struct contender *contender = &bench->contenders[i];
		qsort(contender->times_ms, contender->count, sizeof(double), compare_doubles);
		qsort(contender->peaks_kib, contender->count, sizeof(long), compare_longs);
		if (strcmp(contender->name, "crun") == 0 && !contender->is_broken) {
			crun_ms = median_time(contender);
			crun_kib = (double)median_peak(contender);
		}
	}
	double floor_ms = bench->contenders[0].is_broken ? 0 : median_time(&bench->contenders[0]);
	printf("%zu rounds, interleaved; medians; memory in KiB\n\n", bench->rounds);
	printf("%-10s%9s%9s%9s%9s%9s%11s\n", "", "ms", "/floor", "/crun", "peak", "/crun", "init, own");
	for (size_t i = 0; i < bench->contender_count; i++) {
		const struct contender *contender = &bench->contenders[i];
		if (contender->is_broken || contender->count == 0) {
			printf("%-10s   failed\n", contender->name);
			continue;
		}
		printf("%-10s%9.2f", contender->name, median_time(contender));
		print_ratio(median_time(contender), floor_ms);
		print_ratio(median_time(contender), crun_ms);
		if (i > 0) {
			printf("%9ld", median_peak(contender));
			print_ratio((double)median_peak(contender), crun_kib);
			printf("%11ld", contender->init_kib);
		}
		printf("\n");
	}
}

static void add_contender(struct bench *bench, const char *name, const char *program)
{
	if (bench->contender_count == CONTENDERS_MAX) {
		fprintf(stderr, "interleave: more than %d programs\n", CONTENDERS_MAX - 1);
		exit(2);
	}
	struct contender *contender = &bench->contenders[bench->contender_count++];
	contender->name = name;
	contender->program = program;
	contender->hides_unified = strncmp(name, "crun", 4) == 0;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	if (argc < 6 || (bench.rounds = strtoul(argv[1], NULL, 10)) == 0 || bench.rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: interleave ROUNDS FLOOR BUNDLE WORK NAME=PROGRAM...\n");
		return 2;
	}
	bench.bundle = argv[3];
	bench.work = argv[4];
	bench.hidden_ns = make_hidden_ns();
	add_contender(&bench, "floor", argv[2]);
	for (int i = 5; i < argc; i++) {
		char *equals = strchr(argv[i], '=');
		if (equals == NULL)
			return 2;
		*equals = '\0';
		add_contender(&bench, argv[i], equals + 1);
	}
	/* The first round warms caches and is not counted. */
	for (size_t round = 0; round <= bench.rounds; round++) {
		for (size_t i = 0; i < bench.contender_count; i++)
			run_once(&bench, (round + i) % bench.contender_count, round > 0);
	}
	for (size_t i = 1; i < bench.contender_count; i++) {
		if (!bench.contenders[i].is_broken)
			measure_init(&bench, &bench.contenders[i]);
	}
	print_table(&bench);
	return bench.contenders[0].is_broken || bench.contenders[1].is_broken;
}
