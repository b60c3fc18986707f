/*
 * sweep.c - makes each system call of runlet and of its init fail, one in a run, and looks at what comes of it.
 *
 * sweep SCENARIO: first a run without a fault says which calls there are.  Then each of them fails (with a likely
 * error, with EPERM, EINTR, ENOSYS where that may be), and the process that makes it is killed, and runlet is killed
 * while init is there.  After each: an end in time; an error that says what failed, or a container that can't be told
 * from one without a fault; nothing left.  Ends with 1 when there was a finding, and with 77 without root.
 *
 * sweep SCENARIO MODE ROLE NUMBER does one of them and tells all about it.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge.h"
#include "names.h"
#include "scenario.h"
#include "world.h"

#define WORKER_COUNT 2
#define CHAIN_SIZE   512
#define TEXT_SIZE    2048

enum mode {
	MODE_LIKELY,       /* an error that this call may well return */
	MODE_REFUSED,      /* EPERM */
	MODE_INTERRUPTED,  /* EINTR */
	MODE_MISSING,      /* ENOSYS */
	MODE_KILLED,       /* who makes the call dies instead */
	MODE_DESERTED,     /* runlet dies when another process is about to make it */
	MODE_COUNT,
};

static const char *const mode_names[] = { "likely", "refused", "interrupted", "missing", "killed", "deserted" };
_Static_assert(sizeof(mode_names) / sizeof(mode_names[0]) == MODE_COUNT, "every mode needs its name");

static const char *const role_names[] = { "runtime", "stub", "init", "init-child" };
_Static_assert(sizeof(role_names) / sizeof(role_names[0]) == FAULT_ROLE_COUNT, "every role needs its name");

/* Of one worker; in memory that all share. */
struct tally {
	unsigned strikes, errors, harmless, kills, findings, missed;
};

struct sweep {
	const struct scenario *scenario;
	const char *template_dir;
	struct symbols symbols[2];           /* of runlet-fault, and of init-fault */
	struct world world;
	struct tally *tally;
	FILE *log;                           /* each strike, or NULL */
	bool is_verbose;
	bool has_container;                  /* of `before`, ready for the next run */
	char clean_output[WORLD_TEXT_SIZE];
	unsigned counts[FAULT_ROLE_COUNT];
	uint16_t numbers[FAULT_ROLE_COUNT][FAULT_CALLS_MAX];
	uint32_t sites[FAULT_ROLE_COUNT][FAULT_CALLS_MAX];
	unsigned repeat_max;                 /* faults at one place in the code, with one mode */
	struct outcome outcome;
};

static void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

/* The inode numbers of namespaces say only whether they are the sweep's own. */
static void normalize(char *text)
{
	char *line = text;

	while ((line = strstr(line, "\nnamespace "))) {
		char path[64], own[64], name[16] = "", *inode = strchr(line, '[');
		ssize_t length;

		if (!inode || sscanf(line, "\nnamespace %15[a-z]", name) != 1)
			return;
		snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
		length = readlink(path, own, sizeof(own) - 1);
		own[length > 0 ? length : 0] = '\0';
		if (strncmp(strchr(own, '[') ? strchr(own, '[') : "", inode, strcspn(inode, "\n")) == 0)
			*inode = '=';
		for (line = inode + 1; *line && *line != '\n'; line++)
			*line = '.';
	}
}

static void first_difference(const char *is, const char *was, char *text, size_t size)
{
	size_t start = 0, i = 0;

	for (; is[i] && is[i] == was[i]; i++) {
		if (is[i] == '\n')
			start = i + 1;
	}
	snprintf(text, size, "the container differs: \"%.*s\" and not \"%.*s\"", (int)strcspn(is + start, "\n"),
		 is + start, (int)strcspn(was + start, "\n"), was + start);
}

/* --- one run --- */

static void must_succeed(struct sweep *sweep, const char *const *args)
{
	world_run(&sweep->world, args, NULL, &sweep->outcome);
	if (sweep->outcome.is_late || sweep->outcome.wait_status != 0)
		fail("%s: %s fails without a fault: wait status %x: %s", sweep->scenario->name, args[0],
		     sweep->outcome.wait_status, sweep->outcome.errors);
}

static void make_container(struct sweep *sweep)
{
	if (sweep->has_container)
		return;
	for (size_t i = 0; sweep->scenario->before[i][0]; i++) {
		must_succeed(sweep, sweep->scenario->before[i]);
		/* Or what it prints would come in between. */
		if (strcmp(sweep->scenario->before[i][0], "start") == 0 &&
		    !world_wait_output(&sweep->world, &sweep->outcome))
			fail("%s: the program says nothing", sweep->scenario->name);
	}
	sweep->has_container = true;
}

/* Without a fault this always does; true: there is nothing any more. */
static bool remove_container(struct sweep *sweep, char *text, size_t size)
{
	static const char *const args[] = { "delete", "--force", "@ID@", NULL };
	static struct outcome outcome;

	sweep->has_container = false;
	world_run(&sweep->world, args, NULL, &outcome);
	if (outcome.is_late || (outcome.wait_status != 0 && !strstr(outcome.errors, "does not exist"))) {
		snprintf(text, size, "delete --force: wait status %x: %.1000s", outcome.wait_status, outcome.errors);
		return false;
	}
	return world_is_clean(&sweep->world, text, size);
}

static bool is_as_before(struct sweep *sweep, enum remains remains, char *text, size_t size)
{
	switch (remains) {
	case REMAINS_NOTHING:
		sweep->has_container = false;
		return world_is_clean(&sweep->world, text, size);
	case REMAINS_CONTAINER:
		return world_has_only(&sweep->world, 1, text, size);
	default:
		return true;
	}
}

static bool has_succeeded(const struct sweep *sweep)
{
	return !sweep->outcome.is_late && WIFEXITED(sweep->outcome.wait_status) &&
	       WEXITSTATUS(sweep->outcome.wait_status) == sweep->scenario->status;
}

static bool judge_success(struct sweep *sweep, const struct strike *strike, char *text, size_t size)
{
	const struct scenario *scenario = sweep->scenario;
	bool may_differ = false;
	const char *reason = strike ? judge_harmless(strike, &may_differ) : NULL;

	/* A program that dies by a signal in its first moment looks the same. */
	if (strike && judge_is_executing(strike))
		return true;
	if (scenario->has_output) {
		if (!world_wait_output(&sweep->world, &sweep->outcome)) {
			snprintf(text, size, "the program says nothing");
			return false;
		}
		normalize(sweep->outcome.output);
		if (!may_differ && strcmp(sweep->outcome.output, sweep->clean_output) != 0) {
			first_difference(sweep->outcome.output, sweep->clean_output, text, size);
			return false;
		}
	}
	if (strike && !reason) {
		snprintf(text, size, "no error");
		return false;
	}
	return true;
}

static bool judge_failure(const struct sweep *sweep, const struct strike *strike, char *text, size_t size)
{
	const char *complaint;

	if (judge_is_executing(strike))
		return true;
	if (!WIFEXITED(sweep->outcome.wait_status)) {
		snprintf(text, size, "killed by signal %d", WTERMSIG(sweep->outcome.wait_status));
		return false;
	}
	complaint = judge_message(strike, sweep->outcome.errors);
	if (!complaint)
		return true;
	snprintf(text, size, "%s", complaint);
	return false;
}

/* The command has ended by itself; there may have been a fault. */
static bool judge_end(struct sweep *sweep, const struct strike *strike, char *text, size_t size)
{
	const struct scenario *scenario = sweep->scenario;
	bool is_success = has_succeeded(sweep), is_good;
	enum remains remains = scenario->on_failure;

	if (sweep->outcome.is_late) {
		snprintf(text, size, "it hangs");
		return false;
	}
	if (!strike && !is_success) {
		snprintf(text, size, "it fails without a fault");
		return false;
	}
	if (strstr(sweep->outcome.errors, "LEAK")) {
		snprintf(text, size, "a hook has inherited file descriptors");
		return false;
	}
	is_good = is_success ? judge_success(sweep, strike, text, size) : judge_failure(sweep, strike, text, size);
	if (is_success)
		remains = scenario->on_success;
	if (strike && judge_remains(strike))
		remains = REMAINS_ANY;
	if (is_good)
		is_good = is_as_before(sweep, remains, text, size);
	if (scenario->check && !scenario->check(&sweep->world, is_success, is_good ? text : text + size / 2, size / 2))
		is_good = false;
	return is_good;
}

static bool needs_removal(const struct sweep *sweep, bool is_killed)
{
	return !sweep->scenario->is_shared || is_killed;
}

static bool is_killing(const struct fault *fault)
{
	return fault->action == FAULT_STOP || (fault->action == FAULT_KILL && fault->role == FAULT_RUNTIME);
}

static void tell(struct sweep *sweep, enum mode mode, const struct fault *fault, const struct strike *strike,
                 const char *finding)
{
	char line[4 * TEXT_SIZE];
	bool may_differ;
	const char *reason = has_succeeded(sweep) && strike ? judge_harmless(strike, &may_differ) : NULL;

	snprintf(line, sizeof(line), "%s %s %s %u: %s(%s) [%s] in %s: status %x: %.600s%s%s", sweep->scenario->name,
		 mode_names[mode], role_names[fault->role], fault->at, strike ? strike->call : "-",
		 strike ? strike->object : "", strerror(fault->errnum), strike ? strike->chain : "",
		 sweep->outcome.wait_status, sweep->outcome.errors, reason ? "harmless: " : "", reason ? reason : "");
	for (char *c = line; *c; c++) {
		if (*c == '\n')
			*c = ' ';
	}
	if (sweep->log)
		fprintf(sweep->log, "%s%s%s\n", line, finding ? " FINDING " : "", finding ? finding : "");
	if (finding)
		printf("FINDING: %s: %s\n", finding, line);
	if (sweep->is_verbose)
		printf("%s\n%s\n", line, sweep->outcome.output);
	fflush(stdout);
}

static void count(struct sweep *sweep, const struct fault *fault, const struct strike *strike, bool is_good)
{
	struct tally *tally = sweep->tally;

	tally->findings += !is_good;
	if (fault->at == 0)
		return;
	if (!strike) {
		tally->missed++;
		return;
	}
	tally->strikes++;
	if (fault->action != FAULT_ERRNO)
		tally->kills++;
	else if (has_succeeded(sweep))
		tally->harmless++;
	else
		tally->errors++;
}

static void run_one(struct sweep *sweep, enum mode mode, const struct fault *fault)
{
	char text[TEXT_SIZE] = "", chain[CHAIN_SIZE];
	struct fault_struck *struck = &sweep->world.page->struck;
	struct strike strike = { .fault = fault };
	bool is_struck, is_killed, is_good = true;

	make_container(sweep);
	world_run(&sweep->world, sweep->scenario->command, fault, &sweep->outcome);
	is_struck = struck->is_set;
	is_killed = is_struck && is_killing(fault);
	if (is_struck) {
		chain_print(&sweep->symbols[fault->role >= FAULT_INIT], struck, chain, sizeof(chain));
		strike.call = call_name(struck->number);
		strike.object = struck->object;
		strike.chain = chain;
	}
	if (!is_killed)
		is_good = judge_end(sweep, is_struck ? &strike : NULL, text, sizeof(text));
	count(sweep, fault, is_struck ? &strike : NULL, is_good);
	if (!is_good || sweep->log || sweep->is_verbose)
		tell(sweep, mode, fault, is_struck ? &strike : NULL, is_good ? NULL : text);
	if (!is_good || needs_removal(sweep, is_killed)) {
		if (!remove_container(sweep, text, sizeof(text))) {
			sweep->tally->findings++;
			tell(sweep, mode, fault, is_struck ? &strike : NULL, text);
			world_sweep_up(&sweep->world);
		}
	}
}

/* --- all of them --- */

static bool make_fault(const struct sweep *sweep, enum mode mode, enum fault_role role, unsigned at,
                       struct fault *fault)
{
	int number = sweep->numbers[role][at - 1];

	*fault = (struct fault){ .action = FAULT_ERRNO, .role = role, .at = at, .site = sweep->sites[role][at - 1] };
	for (unsigned i = 0; i < at; i++)
		fault->turn += sweep->sites[role][i] == fault->site;
	switch (mode) {
	case MODE_LIKELY:
		fault->errnum = call_likely_error(number);
		return !call_never_fails(number);
	case MODE_REFUSED:
		fault->errnum = EPERM;
		return !call_never_fails(number) && call_likely_error(number) != EPERM;
	case MODE_INTERRUPTED:
		fault->errnum = EINTR;
		return call_may_be_interrupted(number);
	case MODE_MISSING:
		fault->errnum = ENOSYS;
		return call_is_new(number);
	case MODE_KILLED:
		fault->action = FAULT_KILL;
		return true;
	case MODE_DESERTED:
		fault->action = FAULT_STOP;
		return role != FAULT_RUNTIME;
	default:
		return false;
	}
}

/* Which calls there are, and what the container looks like. */
static void learn(struct sweep *sweep)
{
	const struct fault none = { .at = 0 };
	char text[TEXT_SIZE] = "";

	make_container(sweep);
	world_run(&sweep->world, sweep->scenario->command, &none, &sweep->outcome);
	if (!has_succeeded(sweep))
		fail("%s: it fails without a fault: wait status %x: %s", sweep->scenario->name,
		     sweep->outcome.wait_status, sweep->outcome.errors);
	if (sweep->scenario->has_output) {
		if (!world_wait_output(&sweep->world, &sweep->outcome))
			fail("%s: the program says nothing without a fault", sweep->scenario->name);
		normalize(sweep->outcome.output);
		strcpy(sweep->clean_output, sweep->outcome.output);
	}
	/* What goes on after the end of the command is not its own. */
	memcpy(sweep->counts, (const void *)sweep->world.page->counts, sizeof(sweep->counts));
	memcpy(sweep->numbers, sweep->world.page->numbers, sizeof(sweep->numbers));
	memcpy(sweep->sites, sweep->world.page->sites, sizeof(sweep->sites));
	if (!is_as_before(sweep, sweep->scenario->on_success, text, sizeof(text)) ||
	    (sweep->scenario->check && !sweep->scenario->check(&sweep->world, true, text, sizeof(text))) ||
	    (needs_removal(sweep, false) && !remove_container(sweep, text, sizeof(text))))
		fail("%s: without a fault: %s", sweep->scenario->name, text);
}

/* A loop makes the same call at the same place again and again: its first rounds do, and its last one. */
static bool is_repeated(const struct sweep *sweep, unsigned role, unsigned at)
{
	const uint32_t *sites = sweep->sites[role];
	unsigned before = 0, after = 0;

	for (unsigned i = 0; i < sweep->counts[role] && i < FAULT_CALLS_MAX; i++) {
		before += i < at - 1 && sites[i] == sites[at - 1];
		after += i > at - 1 && sites[i] == sites[at - 1];
	}
	return before >= sweep->repeat_max && after > 0;
}

static void sweep_all(struct sweep *sweep, unsigned worker)
{
	struct fault fault;
	unsigned turn = 0;

	/* The first run makes what later ones find: mount points, caches. */
	learn(sweep);
	learn(sweep);
	for (unsigned mode = 0; mode < MODE_COUNT; mode++) {
		for (unsigned role = 0; role < FAULT_ROLE_COUNT; role++) {
			for (unsigned at = 1; at <= sweep->counts[role] && at <= FAULT_CALLS_MAX; at++) {
				if (is_repeated(sweep, role, at) ||
				    !make_fault(sweep, mode, role, at, &fault))
					continue;
				if (turn++ % WORKER_COUNT == worker)
					run_one(sweep, mode, &fault);
			}
		}
	}
}

static int find_name(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	fail("sweep: what is %s?", name);
}

static void sweep_single(struct sweep *sweep, char **args)
{
	int mode = find_name(mode_names, MODE_COUNT, args[0]);
	int role = find_name(role_names, FAULT_ROLE_COUNT, args[1]);
	unsigned at = (unsigned)atoi(args[2]);
	struct fault fault;

	learn(sweep);
	learn(sweep);
	sweep->is_verbose = true;
	if (at == 0 || at > sweep->counts[role])
		fail("sweep: %s makes %u calls", args[1], sweep->counts[role]);
	(void)make_fault(sweep, mode, role, at, &fault);
	run_one(sweep, mode, &fault);
}

static void remove_shared(struct sweep *sweep)
{
	char text[TEXT_SIZE];

	if (sweep->has_container && !remove_container(sweep, text, sizeof(text)))
		fail("%s: at the end: %s", sweep->scenario->name, text);
}

static const struct scenario *find_scenario(const char *name)
{
	for (const struct scenario *scenario = scenarios; scenario->name; scenario++) {
		if (strcmp(scenario->name, name) == 0)
			return scenario;
	}
	fail("sweep: no scenario %s", name);
}

static int work(struct sweep *sweep, const char *program_dir, unsigned worker, char **single)
{
	char runlet[512], init[512], inside[512];

	snprintf(runlet, sizeof(runlet), "%s/runlet-fault", program_dir);
	snprintf(init, sizeof(init), "%s/init-fault", program_dir);
	snprintf(inside, sizeof(inside), "%s/inside", program_dir);
	symbols_load(&sweep->symbols[0], runlet);
	symbols_load(&sweep->symbols[1], init);
	if (getenv("SWEEP_LOG"))
		sweep->log = fopen(getenv("SWEEP_LOG"), "ae");
	world_open(&sweep->world, worker, runlet, inside, sweep->scenario->uses_v2);
	world_write_config(&sweep->world, sweep->template_dir, sweep->scenario->bundle, sweep->scenario->mode);
	if (single)
		sweep_single(sweep, single);
	else
		sweep_all(sweep, worker);
	remove_shared(sweep);
	world_close(&sweep->world);
	return 0;
}

static int print_sum(const struct sweep *sweep, const struct tally *tallies)
{
	struct tally sum = { 0 };

	for (unsigned i = 0; i < WORKER_COUNT; i++) {
		sum.strikes += tallies[i].strikes;
		sum.errors += tallies[i].errors;
		sum.harmless += tallies[i].harmless;
		sum.kills += tallies[i].kills;
		sum.findings += tallies[i].findings;
		sum.missed += tallies[i].missed;
	}
	printf("%s: %u faults: %u clear errors, %u harmless, %u deaths; %u not reached; %u findings\n",
	       sweep->scenario->name, sum.strikes, sum.errors, sum.harmless, sum.kills, sum.missed, sum.findings);
	return sum.findings > 0;
}

/* The programs are beside this one; the templates where $srcdir says. */
int main(int argc, char **argv)
{
	static struct sweep sweep;
	unsigned worker_count = argc == 5 ? 1 : WORKER_COUNT;
	char program_dir[256], template_dir[300];
	struct tally *tallies;
	int failures = 0, status;

	if (geteuid() != 0)
		return 77;
	if (argc != 2 && argc != 5)
		fail("usage: sweep SCENARIO [MODE ROLE NUMBER]");
	umask(022);
	sweep.scenario = find_scenario(argv[1]);
	snprintf(program_dir, sizeof(program_dir), "%.*s", (int)(strrchr(argv[0], '/') - argv[0]), argv[0]);
	snprintf(template_dir, sizeof(template_dir), "%s/tests/fault", getenv("srcdir") ? getenv("srcdir") : ".");
	sweep.template_dir = template_dir;
	sweep.repeat_max = getenv("SWEEP_REPEATS") ? (unsigned)atoi(getenv("SWEEP_REPEATS")) : 1;
	tallies = mmap(NULL, WORKER_COUNT * sizeof(*tallies), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		       0);
	for (unsigned i = 0; i < worker_count; i++) {
		sweep.tally = &tallies[i];
		if (fork() == 0)
			exit(work(&sweep, program_dir, i, argc == 5 ? argv + 2 : NULL));
	}
	while (wait(&status) > 0)
		failures += status != 0;
	return print_sum(&sweep, tallies) || failures > 0;
}
