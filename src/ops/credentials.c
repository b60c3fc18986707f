/*
 * ops/credentials.c - OP_CREDENTIALS and OP_NO_NEW_PRIVS: the only place that changes ids and capabilities, for a
 * container's first process and for exec alike (CVE-2022-29162, CVE-2022-27650, CVE-2025-27612).
 *
 * Init process only: the raw calls change one thread, and init has but one.
 */
#include "ops/op.h"

#include <errno.h>
#include <linux/prctl.h>

#include "sys/process.h"

#define CAP_BIT(cap) (1ull << (cap))

static int drop_bounding(uint64_t keep, struct err *err)
{
	for (unsigned cap = 0; cap < 64; cap++) {
		int result, is_in_set;

		if ((keep & CAP_BIT(cap)) != 0)
			continue;
		result = sys_prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
		if (result == 0)
			continue;
		is_in_set = sys_prctl(PR_CAPBSET_READ, cap, 0, 0, 0);
		/* Beyond the last capability of this kernel. */
		if (is_in_set < 0)
			break;
		/* Without CAP_SETPCAP only what is in the set already counts. */
		if (is_in_set > 0)
			return err_sys(err, result, "drop capability %u from the bounding set", cap);
	}
	return 0;
}

static int set_ids(const struct init_context *context, const struct op_credentials *wanted, struct err *err)
{
	int result;

	/* To the kernel -1 is "leave it as it is": the program would stay root. */
	if (wanted->uid == UINT32_MAX || wanted->gid == UINT32_MAX)
		return err_set(err, ERR_BUG, "uid %u, gid %u are no ids", wanted->uid, wanted->gid);
	if (wanted->flags & CRED_SET_GROUPS) {
		result = sys_setgroups(wanted->groups.count, plan_view_numbers(context->view, wanted->groups));
		if (result < 0)
			return err_sys(err, result, "setgroups to %u additional groups", wanted->groups.count);
	}
	result = sys_setresgid(wanted->gid, wanted->gid, wanted->gid);
	if (result < 0)
		return err_sys(err, result, "setresgid %u", wanted->gid);
	result = sys_setresuid(wanted->uid, wanted->uid, wanted->uid);
	if (result < 0)
		return err_sys(err, result, "setresuid %u", wanted->uid);
	return 0;
}

static int set_capabilities(const struct op_credentials *wanted, struct err *err)
{
	uint64_t kept = wanted->flags & CRED_KEEP_SYS_ADMIN ? CAP_BIT(CAP_SYS_ADMIN) : 0;
	uint64_t effective = wanted->effective | kept;
	uint64_t permitted = wanted->permitted | kept;
	const struct __user_cap_data_struct data[2] = {
		{ (uint32_t)effective, (uint32_t)permitted, (uint32_t)wanted->inheritable },
		{ (uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), (uint32_t)(wanted->inheritable >> 32) },
	};
	int result = sys_capset(data);

	if (result < 0)
		return err_sys(err, result, "capset effective %lx, permitted %lx, inheritable %lx",
		               (unsigned long)wanted->effective, (unsigned long)wanted->permitted,
		               (unsigned long)wanted->inheritable);
	return 0;
}

static int set_ambient(uint64_t wanted, struct err *err)
{
	int result = sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);

	/* EINVAL: before Linux 4.3, where there is nothing to clear. */
	if (result < 0 && (result != -EINVAL || wanted != 0))
		return err_sys(err, result, "clear the ambient capabilities");
	for (unsigned cap = 0; cap < 64; cap++) {
		if ((wanted & CAP_BIT(cap)) == 0)
			continue;
		result = sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
		if (result < 0)
			return err_sys(err, result, "raise the ambient capability %u", cap);
	}
	return 0;
}

/*
 * The order is the kernel's: dropping from the bounding set and the ids need capabilities, so they come first;
 * setresuid clears the permitted set of a process that stops being root unless it says KEEPCAPS; ambient capabilities
 * must be permitted and inheritable before (capabilities(7)).
 */
int op_run_credentials(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const struct op_credentials *wanted = &op->u.credentials;
	/* Who stays root keeps them anyhow. */
	bool is_keeping = wanted->uid != 0;
	int result;

	if (drop_bounding(wanted->bounding, err))
		return -1;
	result = is_keeping ? sys_prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) : 0;
	if (result < 0)
		return err_sys(err, result, "prctl PR_SET_KEEPCAPS");
	if (set_ids(context, wanted, err) || set_capabilities(wanted, err) || set_ambient(wanted->ambient, err))
		return -1;
	result = is_keeping ? sys_prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) : 0;
	if (result < 0)
		return err_sys(err, result, "prctl PR_SET_KEEPCAPS");
	context->is_identity_set = true;
	if (context->cwd_op == UINT32_MAX)
		return 0;
	return op_enter_cwd(plan_view_str(context->view, context->view->ops[context->cwd_op].u.path.path), err);
}

int op_run_no_new_privs(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int result = sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);

	(void)context;
	(void)op;
	if (result < 0)
		return err_sys(err, result, "prctl PR_SET_NO_NEW_PRIVS");
	return 0;
}
