/*
 * ops/strings.h - argv and envp for execve, built from lists of the plan.
 *
 * Init process only.
 */
#ifndef OPS_STRINGS_H
#define OPS_STRINGS_H

#include "base/err.h"
#include "plan/image.h"

/* Entries to add behind the list; an entry of the list that sets the same variable is left out. */
struct strings_extra {
	const char *entry;       /* "HOME=/root" */
	size_t name_length;      /* with the '=': 5 */
};

/*
 * Makes a NULL-terminated array of pointers into the plan and to the extra entries, which must live as long, in
 * anonymous memory that is not freed: an execve follows.  `extra` may be NULL when extra_count is 0.  Returns NULL on
 * failure (ERR_SYSTEM).
 */
char **strings_from_list(const struct plan_view *view, struct plan_list list, const struct strings_extra *extra,
                         size_t extra_count, struct err *err);

#endif
