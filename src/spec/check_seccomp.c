/*
 * spec/check_seccomp.c - rules of `linux.seccomp` that span fields (runtime-spec, config-linux.md#seccomp).
 *
 * Runtime process only; pure.  What libseccomp and the kernel can do is the plan's to judge.
 */
#include <string.h>

#include "base/seccomp_flags.h"
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

static bool is_permissive(uint32_t action)
{
	return action == SECCOMP_ACT_ALLOW || action == SECCOMP_ACT_LOG;
}

static bool has_name(const struct spec_seccomp_rule *rule, const char *name)
{
	size_t i;

	for (i = 0; i < rule->names.count; i++)
		if (strcmp(rule->names.items[i], name) == 0)
			return true;
	return false;
}

/* init is held by the filter already when it passes the listener on, by sendmsg(2). */
static int check_sendmsg(const struct spec_checker *checker, const struct spec_seccomp *seccomp)
{
	static const char rule_text[] = "with SCMP_ACT_NOTIFY, sendmsg must be allowed: it passes the listener on";
	bool is_allowed = is_permissive(seccomp->default_action);
	size_t i;

	for (i = 0; i < seccomp->syscalls.count; i++) {
		const struct spec_seccomp_rule *rule = &seccomp->syscalls.items[i];

		if (!has_name(rule, "sendmsg"))
			continue;
		if (!is_permissive(rule->action))
			return spec_check_fail(checker, spec_check_path(checker, "syscalls[%zu].action", i), "%s",
					       rule_text);
		is_allowed = is_allowed || rule->args.count == 0;
	}
	if (is_allowed)
		return 0;
	return spec_check_fail(checker, spec_check_path(checker, "syscalls"), "%s", rule_text);
}

/* What stands there for a listener that no rule asks.  runtime-spec: the path MUST be ignored then. */
static void warn_unused(const struct spec_checker *checker, const struct spec_seccomp *seccomp)
{
	if (seccomp->listener_path)
		spec_check_warn(checker, arena_printf(checker->arena, "%slistenerPath: no rule has SCMP_ACT_NOTIFY",
						      checker->prefix));
	if (seccomp->flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		spec_check_warn(checker, arena_printf(checker->arena,
						      "%sflags: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV does nothing "
						      "where no rule has SCMP_ACT_NOTIFY", checker->prefix));
}

static int check_rule(const struct spec_checker *checker, const struct spec_seccomp *seccomp, size_t index)
{
	const struct spec_seccomp_rule *rule = &seccomp->syscalls.items[index];

	if (rule->errno_ret.is_set && !has_errno(rule->action))
		return spec_check_fail(checker, spec_check_path(checker, "syscalls[%zu].errnoRet", index),
				       "only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE");
	return rule->action == SECCOMP_ACT_NOTIFY ? check_notify_names(checker, rule, index) : 0;
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
	if (!seccomp->listener_path && seccomp->listener_metadata)
		return spec_check_fail(checker, spec_check_path(checker, "listenerMetadata"), "needs listenerPath");
	if (has_notify)
		return check_sendmsg(checker, seccomp);
	warn_unused(checker, seccomp);
	return 0;
}
