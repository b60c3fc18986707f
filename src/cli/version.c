/*
 * version.c - what `runlet --version` prints.
 *
 * Runtime process only.  The first lines are runc's, which engines take apart.
 */
#include <seccomp.h>

#include "cli/command.h"
#include "cli/commit.h"
#include "config.h"
#include "spec/spec.h"

void version_add(struct buf *out)
{
	buf_printf(out, "runlet version %s\ncommit: %s\nspec: %s\n", PACKAGE_VERSION, RUNLET_COMMIT, SPEC_VERSION_MAX);
	const struct scmp_version *seccomp = seccomp_version();
	if (seccomp != NULL)
		buf_printf(out, "libseccomp: %u.%u.%u\n", seccomp->major, seccomp->minor, seccomp->micro);
}
