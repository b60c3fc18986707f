/*
 * cli/spec.c - `runlet spec`: writes a config.json to begin with.
 *
 * Runtime process only.  It must not overwrite a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "cli/command.h"
#include "runtime/image_file.h"
#include "runtime/image_user.h"
#include "spec/spec.h"

/* Where the default config says that the root is. */
#define ROOTFS "rootfs"

struct spec_values {
	const char *bundle;
	const char *file;
	bool rootless;
	const char *image_config;
	/* What changes an image. */
	const char *entrypoint;
	const char *user;
	const char *workdir;
	const char *hostname;
	const char *memory;
	const char *cpus;
	struct option_list env;
	struct option_list volumes;
	struct option_list tmpfs;
	struct option_list caps;
	int network;
	bool read_only;
	bool terminal;
};

static const struct name_row network_rows[] = { { "none", SPEC_NETWORK_NONE }, { "host", SPEC_NETWORK_HOST } };
static const struct name_table network_words = NAME_TABLE(network_rows);

#define VALUES struct spec_values

static const struct option_row spec_rows[] = {
	OPTION_ROW_DIR(VALUES, bundle, "bundle", 'b', "DIR", "the bundle; default: the current directory"),
	OPTION_ROW_FILE(VALUES, file, "file", 'f', "FILE",
	                "what to write, relative to the bundle; default: config.json"),
	OPTION_ROW_FLAG(VALUES, rootless, "rootless", 0, "write one for a user without privileges"),
	OPTION_ROW_FILE(VALUES, image_config, "image-config", 0, "FILE",
			"write one for the image with this configuration, unpacked in rootfs; - is standard input"),
	OPTION_ROW_TEXT(VALUES, entrypoint, "entrypoint", 0, "PROGRAM",
			"in the place of the image's Entrypoint and Cmd"),
	OPTION_ROW_TEXT(VALUES, user, "user", 'u', "USER[:GROUP]",
			"names or numbers, in the place of the image's User"),
	OPTION_ROW_LIST(VALUES, env, "env", 'e', "NAME=VALUE", "set a variable; may be repeated"),
	OPTION_ROW_TEXT(VALUES, workdir, "workdir", 'w', "PATH", "in the place of the image's WorkingDir"),
	OPTION_ROW_TEXT(VALUES, hostname, "hostname", 0, "NAME", "default: runlet"),
	OPTION_ROW_LIST(VALUES, volumes, "volume", 'v', "SOURCE:DESTINATION[:OPTION,...]",
			"bind mount; options: ro, rw, rro, nosuid, nodev, noexec, rslave ...; may be repeated"),
	OPTION_ROW_LIST(VALUES, tmpfs, "tmpfs", 0, "DESTINATION[:OPTION,...]",
			"tmpfs with options such as size=64m, exec; may be repeated"),
	OPTION_ROW_TEXT(VALUES, memory, "memory", 'm', "SIZE", "memory limit, such as 512m"),
	OPTION_ROW_TEXT(VALUES, cpus, "cpus", 0, "N", "CPU time in CPUs, such as 1.5"),
	OPTION_ROW_LIST(VALUES, caps, "cap", 'c', "CAP_NAME", "add a capability to the default's; may be repeated"),
	OPTION_ROW_WORD(VALUES, network, "network", 0, "none|host", &network_words,
			"none: a new network namespace; host: the host's; default: none, but host with --rootless"),
	OPTION_ROW_FLAG(VALUES, read_only, "read-only", 0, "make the root read-only"),
	OPTION_ROW_FLAG(VALUES, terminal, "terminal", 't', "give the program a terminal"),
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

/* The first of the options that change an image, or NULL when none is given. */
static const char *image_option(const struct spec_values *values)
{
	const struct { const char *name; bool is_given; } options[] = {
		{ "entrypoint", values->entrypoint != NULL }, { "user", values->user != NULL },
		{ "env", values->env.count > 0 }, { "workdir", values->workdir != NULL },
		{ "hostname", values->hostname != NULL }, { "volume", values->volumes.count > 0 },
		{ "tmpfs", values->tmpfs.count > 0 }, { "memory", values->memory != NULL },
		{ "cpus", values->cpus != NULL }, { "cap", values->caps.count > 0 },
		{ "network", values->network != SPEC_NETWORK_DEFAULT }, { "read-only", values->read_only },
		{ "terminal", values->terminal },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (options[i].is_given)
			return options[i].name;
	return NULL;
}

static int refuse_image_options(const struct command_call *call, struct err *err)
{
	const char *option = image_option(call->values);

	if (option != NULL)
		return err_set(err, ERR_USAGE, "spec: --%s: only with --image-config", option);
	if (call->arguments.count > 0)
		return err_set(err, ERR_USAGE, "spec: a program (\"%.80s\"): only with --image-config",
			       call->arguments.items[0]);
	return 0;
}

static struct spec_texts texts_of(const struct option_list *list)
{
	return (struct spec_texts){ list->items, list->count };
}

static int convert(struct arena *arena, const struct command_call *call, const struct spec_image *image,
		   struct spec_changes *changes, struct spec_warnings *warnings, struct err *err)
{
	const struct spec_values *values = call->values;
	char directory[PATH_MAX];
	struct spec_image_options options = {
		.entrypoint = values->entrypoint,
		.workdir = values->workdir,
		.hostname = values->hostname,
		.memory = values->memory,
		.cpus = values->cpus,
		.args = { (const char *const *)call->arguments.items, call->arguments.count },
		.env = texts_of(&values->env),
		.volumes = texts_of(&values->volumes),
		.tmpfs = texts_of(&values->tmpfs),
		.caps = texts_of(&values->caps),
		.directory = getcwd(directory, sizeof(directory)),
		.terminal = values->terminal,
		.read_only = values->read_only,
	};

	if (values->memory != NULL && size_parse(values->memory, &options.memory_bytes) < 0)
		options.memory_bytes = 0;
	if (spec_image_convert(arena, image, &options, changes, warnings, err) < 0)
		return -1;
	changes->network = (enum spec_network)values->network;
	return 0;
}

static void warn_platform(const struct spec_image *image)
{
	struct utsname machine;

	if (strcmp(image->os, "linux") != 0)
		log_warn("the image is for %s, not for linux: its programs won't run", image->os);
	else if (uname(&machine) == 0 && !spec_image_runs_on(image->architecture, machine.machine))
		log_warn("the image is for %s, this machine is %s: its programs may not run", image->architecture,
			 machine.machine);
}

static int find_user(struct arena *arena, int dirfd, const struct spec_values *values, const struct image_file *file,
		     struct spec_user *user, struct err *err)
{
	const char *text = values->user != NULL ? values->user : file->image.config.user;
	bool is_guess;

	if (runtime_image_user(arena, dirfd, ROOTFS, text, user, &is_guess, err) < 0)
		return values->user != NULL ? err_prefix(err, "spec: --user") :
					      image_file_locate(file, "config.User", err);
	if (is_guess)
		log_warn("the bundle has no " ROOTFS " yet: whether user %s has groups in it isn't known",
			 text != NULL ? text : "0");
	return 0;
}

/* Where one id is mapped, root can't have root's groups; another user needs the ids that the caller was given. */
static void fit_rootless(struct spec_changes *changes)
{
	struct spec_user *user = &changes->process.user;

	changes->has_other_ids = user->uid != 0 || user->gid != 0;
	if (changes->has_other_ids || user->additional_gids.count == 0)
		return;
	log_warn("--rootless: root's additional groups are left out, as only one id is mapped");
	user->additional_gids.count = 0;
}

static int change_for_image(struct arena *arena, const struct command_call *call, int dirfd,
			    struct spec_changes *changes, struct err *err)
{
	const struct spec_values *values = call->values;
	struct spec_warnings warnings = { { NULL, 0 } };
	struct image_file file;

	if (image_file_read(arena, values->image_config, &file, err) < 0 ||
	    convert(arena, call, &file.image, changes, &warnings, err) < 0 ||
	    find_user(arena, dirfd, values, &file, &changes->process.user, err) < 0)
		return -1;
	for (size_t i = 0; i < warnings.list.count; i++)
		log_warn("%s: %s", file.name, warnings.list.items[i]);
	warn_platform(&file.image);
	if (values->rootless)
		fit_rootless(changes);
	return 0;
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
	struct spec_changes changes;
	if (spec_values->image_config == NULL) {
		if (refuse_image_options(call, err) < 0)
			return -1;
	} else {
		if (change_for_image(&arena, call, dirfd, &changes, err) < 0)
			return -1;
		options.changes = &changes;
	}
	const char *name = spec_values->file == NULL ? "config.json" : spec_values->file;
	return write_config(dirfd, name, spec_default_config(&arena, &options), err);
}

const struct command command_spec = {
	.name = "spec",
	.arguments = "[PROGRAM-OR-ARGUMENT...]",
	.help = "write a new config.json, also for an image",
	.options = OPTION_SET(spec_rows),
	.values_size = sizeof(struct spec_values),
	.arguments_max = SIZE_MAX,
	.stops_at_argument = true,
	.run = spec_run,
};
