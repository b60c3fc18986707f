/*
 * ops/limits.c - resource limits, scheduling, personality and umask of the container's program.
 *
 * Init process only, before the credentials change: raising a limit or a priority needs capabilities.
 */
#include "ops/op.h"

#include <errno.h>

#include "base/rlimit_names.h"
#include "sys/file.h"
#include "sys/process.h"

/* IOPRIO_WHO_PROCESS of ioprio_set(2); id 0 is the caller. */
#define IO_PRIORITY_WHO_PROCESS 1

int op_run_rlimit(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_rlimit *rlimit = &op->u.rlimit;
	const struct sys_rlimit limit = { rlimit->soft, rlimit->hard };
	const char *name = name_from_value(&rlimit_names, rlimit->resource);
	int result = sys_prlimit(0, (int)rlimit->resource, &limit, NULL);

	(void)context;
	if (result < 0)
		return err_sys(err, result, "setrlimit %s to soft %lu, hard %lu", name ? name : "unknown",
		               (unsigned long)rlimit->soft, (unsigned long)rlimit->hard);
	return 0;
}

int op_run_scheduler(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_scheduler *scheduler = &op->u.scheduler;
	const struct sys_sched_attr attr = {
		.size = sizeof(attr),
		.policy = scheduler->policy,
		.flags = scheduler->flags,
		.nice = scheduler->nice,
		.priority = scheduler->priority,
		.runtime_ns = scheduler->runtime_ns,
		.deadline_ns = scheduler->deadline_ns,
		.period_ns = scheduler->period_ns,
	};
	int result = sys_sched_setattr(0, &attr);

	(void)context;
	if (result < 0)
		return err_sys(err, result, "sched_setattr policy %u", scheduler->policy);
	return 0;
}

int op_run_io_priority(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int result = sys_ioprio_set(IO_PRIORITY_WHO_PROCESS, 0, (int)op->u.io_priority.value);

	(void)context;
	if (result < 0)
		return err_sys(err, result, "ioprio_set class %u, priority %u", op->u.io_priority.value >> 13,
		               op->u.io_priority.value & 0x1fffu);
	return 0;
}

int op_run_cpu_affinity(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct plan_bytes *cpus = &op->u.cpu_affinity.cpus;
	int result = sys_sched_setaffinity(0, cpus->size, plan_view_bytes(context->view, *cpus));

	/* EINVAL: none of them is in the cpuset of the container's cgroup. */
	return result < 0 ? err_sys(err, result, "sched_setaffinity to CPUs of the container") : 0;
}

int op_run_memory_policy(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_memory_policy *policy = &op->u.memory_policy;
	const uint32_t *nodes = plan_view_numbers(context->view, policy->nodes);
	const uint32_t word_bits = 8 * sizeof(unsigned long);
	unsigned long mask[PLAN_NODE_MAX / (8 * sizeof(unsigned long))] = { 0 };
	unsigned long size = 0;
	int result;

	for (uint32_t i = 0; i < policy->nodes.count; i++) {
		if (nodes[i] >= PLAN_NODE_MAX)
			return err_set(err, ERR_BUG, "memory node %u", nodes[i]);
		mask[nodes[i] / word_bits] |= 1ul << nodes[i] % word_bits;
		if (nodes[i] >= size)
			size = nodes[i] + 1;
	}
	/* The kernel doesn't look at the last bit that it is told of (set_mempolicy(2), BUGS). */
	result = sys_set_mempolicy((int)(policy->mode | policy->flags), mask, size + 1);
	if (result == -EINVAL)
		return err_sys(err, result, "set_mempolicy (does the machine have the nodes, and the kernel this mode "
		               "with these flags?)");
	return result < 0 ? err_sys(err, result, "set_mempolicy") : 0;
}

int op_run_personality(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int result = sys_personality(op->u.personality.persona);

	(void)context;
	if (result < 0)
		return err_sys(err, result, "personality 0x%x", op->u.personality.persona);
	return 0;
}

int op_run_umask(struct init_context *context, const struct plan_op *op, struct err *err)
{
	(void)context;
	(void)err;
	(void)sys_umask((mode_t)op->u.umask.mask);
	return 0;
}
