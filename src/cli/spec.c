/*
 * cli/spec.c - `runlet spec`: writes a config.json to begin with.
 *
 * Runtime process only.  It must not overwrite a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "cli/command.h"
#include "spec/spec.h"

struct spec_values {
	const char *bundle;
	const char *file;
	bool rootless;
};

static const struct option_row spec_rows[] = {
	OPTION_ROW_DIR(struct spec_values, bundle, "bundle", 'b', "DIR", "the bundle; default: the current directory"),
	OPTION_ROW_FILE(struct spec_values, file, "file", 'f', "FILE",
	                "what to write, relative to the bundle; default: config.json"),
	OPTION_ROW_FLAG(struct spec_values, rootless, "rootless", 0, "write one for a user without privileges"),
};

static int write_config(int dirfd, const char *name, const char *text, struct err *err)
{
	_cleanup_fd_ int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0 && errno == EEXIST)
		return err_set(err, ERR_EXISTS, "File %s exists. Remove it first", name);
	if (fd < 0)
		return err_sys(err, errno, "create %s", name);
	size_t length = strlen(text);
	ssize_t written = write(fd, text, length);
	if (written == (ssize_t)length)
		return 0;
	int errnum = written < 0 ? errno : ENOSPC;
	/* Half a config would be taken for a whole one that is broken. */
	unlinkat(dirfd, name, 0);
	return err_sys(err, errnum, "write %s", name);
}

static int spec_run(struct command_call *call, struct err *err)
{
	const struct spec_values *spec_values = call->values;
	const char *bundle = spec_values->bundle == NULL ? "." : spec_values->bundle;
	_cleanup_fd_ int dirfd = open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return err_sys(err, errno, "open bundle %s", bundle);
	struct spec_default_options options = {
		.rootless = spec_values->rootless,
		/* As in runc: with cgroup v1, programs that look for their own cgroup expect the host's view. */
		.has_cgroup_ns = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0,
		.host_uid = geteuid(),
		.host_gid = getegid(),
	};
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	const char *name = spec_values->file == NULL ? "config.json" : spec_values->file;
	return write_config(dirfd, name, spec_default_config(&arena, &options), err);
}

const struct command command_spec = {
	.name = "spec",
	.arguments = "",
	.help = "write a new config.json",
	.options = OPTION_SET(spec_rows),
	.values_size = sizeof(struct spec_values),
	.run = spec_run,
};
