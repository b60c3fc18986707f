/*
 * ops/namespace.c - OP_JOIN, OP_UNSHARE, OP_TIME_OFFSETS.
 *
 * Init process only.
 */
#include "ops/op.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>

#include "base/fd.h"
#include "base/names.h"
#include "ops/procfs.h"
#include "sys/file.h"
#include "sys/process.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static const struct name_row type_rows[] = {
	{ "cgroup", CLONE_NEWCGROUP },
	{ "ipc", CLONE_NEWIPC },
	{ "mount", CLONE_NEWNS },
	{ "network", CLONE_NEWNET },
	{ "pid", CLONE_NEWPID },
	{ "time", CLONE_NEWTIME },
	{ "user", CLONE_NEWUSER },
	{ "uts", CLONE_NEWUTS },
};
static const struct name_table types = NAME_TABLE(type_rows);

static const char *type_name(uint32_t type)
{
	const char *name = name_from_value(&types, type);

	return name ? name : "unknown";
}

int op_run_join(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_join *join = &op->u.join;
	int fd = op_slot_need(context, join->slot, err);
	int result;

	if (fd < 0)
		return -1;
	result = sys_setns(fd, (int)join->ns_type);
	if (result < 0)
		return err_sys(err, result, "setns to the %s namespace", type_name(join->ns_type));
	/* A namespace's fd is a door to the host or to another container: it stays open no longer than needed. */
	op_slot_fill(context, join->slot, -1);
	return 0;
}

int op_run_unshare(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int result = sys_unshare((int)op->u.unshare.flags);

	(void)context;
	if (result < 0)
		return err_sys(err, result, "unshare %s", type_name(op->u.unshare.flags));
	return 0;
}

static int write_offsets(int proc_fd, const struct op_time_offsets *offsets, struct err *err)
{
	char text[128];
	/* One write: the file takes both clocks only together before the first process enters (time_namespaces(7)). */
	int length = snprintf(text, sizeof(text), "monotonic %ld %u\nboottime %ld %u\n", (long)offsets->monotonic_secs,
	                      offsets->monotonic_nanosecs, (long)offsets->boottime_secs,
	                      offsets->boottime_nanosecs);
	int result = procfs_write(proc_fd, "self/timens_offsets", text, (size_t)length);

	if (result < 0)
		return err_sys(err, result, "write /proc/self/timens_offsets");
	return 0;
}

int op_run_time_offsets(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int proc_fd = op_slot_need(context, SLOT_PROC, err);
	_cleanup_fd_ int ns_fd = -1;
	int result;

	if (proc_fd < 0 || write_offsets(proc_fd, &op->u.time_offsets, err))
		return -1;
	/* A magic link, so not by procfs_open(); SLOT_PROC is ours. */
	ns_fd = sys_openat(proc_fd, "self/ns/time_for_children", O_RDONLY | O_CLOEXEC, 0);
	if (ns_fd < 0)
		return err_sys(err, ns_fd, "open /proc/self/ns/time_for_children");
	result = sys_setns(ns_fd, CLONE_NEWTIME);
	if (result < 0)
		return err_sys(err, result, "setns to the new time namespace");
	return 0;
}
