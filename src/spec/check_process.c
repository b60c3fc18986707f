/*
 * spec/check_process.c - rules of `process` that span fields (runtime-spec, config.md#process).
 *
 * Runtime process only; pure.
 */
#include <sched.h>
#include <string.h>

#include "base/rlimit_names.h"
#include "check.h"
#include "spec/cpu_list.h"
#include "spec/names.h"

#ifndef SCHED_DEADLINE
#define SCHED_DEADLINE 6
#endif

static int check_rlimits(const struct spec_checker *checker, const struct spec_rlimit_list *rlimits)
{
	uint64_t seen = 0;
	size_t i;

	for (i = 0; i < rlimits->count; i++) {
		const struct spec_rlimit *rlimit = &rlimits->items[i];

		if (seen & (uint64_t)1 << rlimit->type)
			return spec_check_fail(checker, spec_check_path(checker, "rlimits[%zu].type", i),
					       "%s is given twice", name_from_value(&rlimit_names, rlimit->type));
		seen |= (uint64_t)1 << rlimit->type;
		if (rlimit->soft > rlimit->hard)
			return spec_check_fail(checker, spec_check_path(checker, "rlimits[%zu].soft", i),
					       "the soft limit %llu is above the hard limit %llu",
					       (unsigned long long)rlimit->soft, (unsigned long long)rlimit->hard);
	}
	return 0;
}

/* The spec wants unknown names to be warned of, and each only once though it stands in several sets. */
static void check_capability_names(const struct spec_checker *checker, const struct str_list *names)
{
	int64_t number;
	size_t i;

	for (i = 0; i < names->count; i++)
		if (name_to_value(&spec_capability_names, names->items[i], &number) < 0)
			spec_check_warn(checker, arena_printf(checker->arena,
							      "%scapabilities: unknown capability \"%s\" is left out",
							      checker->prefix, names->items[i]));
}

static void check_capabilities(const struct spec_checker *checker, const struct spec_capabilities *capabilities)
{
	check_capability_names(checker, &capabilities->bounding);
	check_capability_names(checker, &capabilities->effective);
	check_capability_names(checker, &capabilities->inheritable);
	check_capability_names(checker, &capabilities->permitted);
	check_capability_names(checker, &capabilities->ambient);
}

/* sched_setattr(2): what a policy doesn't use must be 0, and the kernel's EINVAL doesn't say which field it means. */
static int check_scheduler(const struct spec_checker *checker, const struct spec_scheduler *scheduler)
{
	bool is_fixed = scheduler->policy == SCHED_FIFO || scheduler->policy == SCHED_RR;
	bool is_deadline = scheduler->policy == SCHED_DEADLINE;

	if (scheduler->nice.value < -20 || scheduler->nice.value > 19)
		return spec_check_fail(checker, spec_check_path(checker, "scheduler.nice"),
				       "want an integer from -20 to 19, got %lld", (long long)scheduler->nice.value);
	if (scheduler->priority.value && !is_fixed)
		return spec_check_fail(checker, spec_check_path(checker, "scheduler.priority"),
				       "only for SCHED_FIFO and SCHED_RR");
	if (scheduler->runtime_ns.value && !is_deadline)
		return spec_check_fail(checker, spec_check_path(checker, "scheduler.runtime"),
				       "only for SCHED_DEADLINE");
	if (scheduler->deadline_ns.value && !is_deadline)
		return spec_check_fail(checker, spec_check_path(checker, "scheduler.deadline"),
				       "only for SCHED_DEADLINE");
	if (scheduler->period_ns.value && !is_deadline)
		return spec_check_fail(checker, spec_check_path(checker, "scheduler.period"),
				       "only for SCHED_DEADLINE");
	return 0;
}

static int check_cpu_list(const struct spec_checker *checker, const char *key, const char *list)
{
	struct spec_cpus cpus;

	if (list && spec_cpu_list_parse(list, &cpus) < 0)
		return spec_check_fail(checker, spec_check_path(checker, "execCPUAffinity.%s", key),
				       "want a list of CPUs such as 0-3,7, got \"%.40s\"", list);
	return 0;
}

/* setresuid(2), setresgid(2): -1 is "leave it as it is", and what it is there is root. */
static int check_user(const struct spec_checker *checker, const struct spec_user *user)
{
	size_t i;

	if (user->uid == UINT32_MAX || user->gid == UINT32_MAX)
		return spec_check_fail(checker,
				       spec_check_path(checker, "user.%s", user->uid == UINT32_MAX ? "uid" : "gid"),
				       "ids end at %u", UINT32_MAX - 1);
	for (i = 0; i < user->additional_gids.count; i++)
		if (user->additional_gids.items[i] == UINT32_MAX)
			return spec_check_fail(checker, spec_check_path(checker, "user.additionalGids[%zu]", i),
					       "ids end at %u", UINT32_MAX - 1);
	return 0;
}

int spec_check_process(const struct spec_checker *checker, const struct spec_process *process)
{
	const struct spec_cpu_affinity *affinity = process->exec_cpu_affinity;

	if (check_user(checker, &process->user) < 0)
		return -1;
	if (check_rlimits(checker, &process->rlimits) < 0)
		return -1;
	if (process->capabilities)
		check_capabilities(checker, process->capabilities);
	if (process->scheduler && check_scheduler(checker, process->scheduler) < 0)
		return -1;
	if (affinity && (check_cpu_list(checker, "initial", affinity->initial) < 0 ||
			 check_cpu_list(checker, "final", affinity->final) < 0))
		return -1;
	return 0;
}
