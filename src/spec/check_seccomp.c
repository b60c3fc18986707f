/*
 * spec/check_seccomp.c - rules of `linux.seccomp` that span fields (runtime-spec, config-linux.md#seccomp).
 *
 * Runtime process only; pure.  What libseccomp and the kernel can do is the plan's to judge.
 */
#include <string.h>

#include "check.h"

static bool has_errno(uint32_t action)
{
	return action == SECCOMP_ACT_ERRNO || action == SECCOMP_ACT_TRACE;
}

/* The process that asks over the listener writes its answer with write(2): it would wait for itself. */
static int check_notify_names(const struct spec_checker *checker, const struct spec_seccomp_rule *rule, size_t index)
{
	size_t i;

	for (i = 0; i < rule->names.count; i++)
		if (strcmp(rule->names.items[i], "write") == 0)
			return spec_check_fail(checker, spec_check_path(checker, "syscalls[%zu].names[%zu]", index, i),
					       "SCMP_ACT_NOTIFY cannot be used for write");
	return 0;
}

static int check_rule(const struct spec_checker *checker, const struct spec_seccomp *seccomp, size_t index)
{
	const struct spec_seccomp_rule *rule = &seccomp->syscalls.items[index];

	if (rule->errno_ret.is_set && !has_errno(rule->action))
		return spec_check_fail(checker, spec_check_path(checker, "syscalls[%zu].errnoRet", index),
				       "only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE");
	if (rule->action != SECCOMP_ACT_NOTIFY)
		return 0;
	if (check_notify_names(checker, rule, index) < 0)
		return -1;
	spec_check_unsupported(checker, spec_check_path(checker, "syscalls[%zu].action", index));
	return 0;
}

int spec_check_seccomp(const struct spec_checker *checker, const struct spec_seccomp *seccomp)
{
	bool has_notify = false;
	size_t i;

	if (seccomp->default_action == SECCOMP_ACT_NOTIFY)
		return spec_check_fail(checker, spec_check_path(checker, "defaultAction"),
				       "SCMP_ACT_NOTIFY cannot be the default action");
	if (seccomp->default_errno_ret.is_set && !has_errno(seccomp->default_action))
		return spec_check_fail(checker, spec_check_path(checker, "defaultErrnoRet"),
				       "only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE");
	for (i = 0; i < seccomp->syscalls.count; i++) {
		if (check_rule(checker, seccomp, i) < 0)
			return -1;
		has_notify |= seccomp->syscalls.items[i].action == SECCOMP_ACT_NOTIFY;
	}
	if (has_notify && !seccomp->listener_path)
		return spec_check_fail(checker, spec_check_path(checker, "listenerPath"), "SCMP_ACT_NOTIFY needs it");
	if (!has_notify && seccomp->listener_path)
		return spec_check_fail(checker, spec_check_path(checker, "listenerPath"),
				       "no rule has SCMP_ACT_NOTIFY");
	if (!seccomp->listener_path && seccomp->listener_metadata)
		return spec_check_fail(checker, spec_check_path(checker, "listenerMetadata"), "needs listenerPath");
	return 0;
}
