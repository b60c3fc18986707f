/*
 * cli/version.c - what `runlet --version` prints.
 *
 * Runtime process only.  The first lines are runc's, which engines take apart.
 */
#include "cli/command.h"
#include "cli/commit.h"
#include "config.h"
#include "plan/seccomp.h"
#include "spec/spec.h"

void version_add(struct buf *out)
{
	char seccomp[32];
	plan_seccomp_version(seccomp, sizeof(seccomp));
	buf_printf(out, "runlet version %s\ncommit: %s\nspec: %s\n", PACKAGE_VERSION, RUNLET_COMMIT, SPEC_VERSION_MAX);
	buf_printf(out, "libseccomp: %s\n", seccomp);
}
