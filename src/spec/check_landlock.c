/*
 * spec/check_landlock.c - rules of `linux.landlock` that span fields (docs/landlock.md).
 *
 * Runtime process only; pure.  What the kernel can do is the plan's to judge.
 */
#include "check.h"
#include "spec/names.h"

/* A rule can only allow what is forbidden otherwise; the kernel calls anything else an invalid argument. */
static int check_allowed(const struct spec_checker *checker, const char *list, size_t index, uint64_t surplus,
			 const struct name_table *names, const char *handled)
{
	for (size_t i = 0; i < names->count; i++) {
		if ((surplus & (uint64_t)names->rows[i].value) != 0)
			return spec_check_fail(checker, spec_check_path(checker, "rules.%s[%zu].allowedAccess", list,
									index),
					       "%s is not in ruleset.%s, so it is not forbidden", names->rows[i].name,
					       handled);
	}
	return 0;
}

int spec_check_landlock(const struct spec_checker *checker, const struct spec_landlock *landlock)
{
	for (size_t i = 0; i < landlock->paths.count; i++) {
		if (check_allowed(checker, "pathBeneath", i, landlock->paths.items[i].allowed & ~landlock->handled_fs,
				  &spec_landlock_fs_names, "handledAccessFS") < 0)
			return -1;
	}
	for (size_t i = 0; i < landlock->ports.count; i++) {
		if (check_allowed(checker, "netPort", i, landlock->ports.items[i].allowed & ~landlock->handled_net,
				  &spec_landlock_net_names, "handledAccessNet") < 0)
			return -1;
	}
	if (landlock->handled_fs == 0 && landlock->handled_net == 0 && landlock->scoped == 0)
		return spec_check_fail(checker, spec_check_path(checker, "ruleset"),
				       "forbids nothing: want handledAccessFS, handledAccessNet or scoped");
	return 0;
}
