/*
 * runtime/exec_process.c - what exec is to run: a process file or config.json's process, and the options.
 *
 * Runtime process only.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/num.h"
#include "runtime/exec.h"
#include "spec/names.h"
#include "sys/file.h"

#define READ_STEP (64u << 10)

/* The file may be a pipe: engines pass /dev/fd/N, shells <(...). */
static int read_text(struct arena *arena, const char *path, char **text, size_t *size, struct err *err)
{
	_cleanup_fd_ int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	char step[READ_STEP];
	ssize_t length;

	if (fd < 0)
		return err_sys(err, fd, "open the process file %s", path);
	while ((length = sys_read(fd, step, sizeof(step))) != 0) {
		if (length == -EINTR)
			continue;
		if (length < 0)
			return err_sys(err, (int)length, "read the process file %s", path);
		buf_add(&bytes, step, (size_t)length);
		if (bytes.length > SPEC_CONFIG_SIZE_MAX)
			return err_set(err, ERR_CONFIG, "%s: larger than %u bytes", path, SPEC_CONFIG_SIZE_MAX);
	}
	*text = arena_strndup(arena, buf_str(&bytes), bytes.length);
	*size = bytes.length;
	return 0;
}

static void inherit(struct spec_process *process, const struct spec_process *model)
{
	if (!process->capabilities)
		process->capabilities = model->capabilities;
	if (process->rlimits.count == 0)
		process->rlimits = model->rlimits;
	if (!process->scheduler)
		process->scheduler = model->scheduler;
	if (!process->io_priority)
		process->io_priority = model->io_priority;
	if (!process->exec_cpu_affinity)
		process->exec_cpu_affinity = model->exec_cpu_affinity;
	if (!process->apparmor_profile)
		process->apparmor_profile = model->apparmor_profile;
	if (!process->selinux_label)
		process->selinux_label = model->selinux_label;
	if (!process->oom_score_adj.is_set)
		process->oom_score_adj = model->oom_score_adj;
	if (!process->user.umask.is_set)
		process->user.umask = model->user.umask;
}

static int read_file(struct arena *arena, const char *path, const struct spec_process *model,
                     struct spec_process *process, struct err *err)
{
	struct spec_warnings warnings = { { NULL, 0 } };
	size_t size;
	char *text;

	if (read_text(arena, path, &text, &size, err) < 0 ||
	    spec_decode_process(arena, path, text, size, process, &warnings, err) < 0)
		return -1;
	for (size_t i = 0; i < warnings.list.count; i++)
		log_warn("%s", warnings.list.items[i]);
	if (model)
		inherit(process, model);
	return 0;
}

/* config.json's process is the model, but for its arguments and its terminal. */
static void take_model(const struct spec_process *model, struct spec_process *process)
{
	*process = model ? *model : (struct spec_process){ .cwd = (char *)"/" };
	process->args = (struct str_list){ NULL, 0 };
	process->terminal = false;
}

/* Whole numbers only: "1" is not 1:0, and what isn't a number is no name either (CVE-2026-30892, CVE-2016-3697). */
static int parse_id(const char *option, const char *text, size_t length, const char *whole, uint32_t *id,
                    struct err *err)
{
	uint64_t value;

	if (num_parse_u64_n(text, length, UINT32_MAX - 1, &value) < 0)
		return err_set(err, ERR_USAGE, "--%s: want %s in numbers up to %u, got \"%.80s\"", option,
			       strcmp(option, "user") == 0 ? "UID or UID:GID" : "a GID", UINT32_MAX - 1, whole);
	*id = (uint32_t)value;
	return 0;
}

static int set_user(const struct runtime_exec_options *options, struct spec_user *user, struct err *err)
{
	const char *text = options->user;
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);

	if (colon && parse_id("user", colon + 1, strlen(colon + 1), text, &user->gid, err) < 0)
		return -1;
	return parse_id("user", text, length, text, &user->uid, err);
}

/* A list of the options' making: what the model has is left as it is. */
static void copy_list(struct arena *arena, struct str_list *list)
{
	struct str_list copy = { NULL, 0 };

	for (size_t i = 0; i < list->count; i++)
		str_list_add(arena, &copy, list->items[i]);
	*list = copy;
}

static int add_gids(struct arena *arena, const struct runtime_exec_options *options, struct u32_list *gids,
                    struct err *err)
{
	uint32_t *items = arena_alloc_array(arena, gids->count + options->gid_count, sizeof(*items));

	if (gids->count > 0)
		memcpy(items, gids->items, gids->count * sizeof(*items));
	gids->items = items;
	for (size_t i = 0; i < options->gid_count; i++) {
		const char *text = options->gids[i];

		if (parse_id("additional-gids", text, strlen(text), text, &items[gids->count++], err) < 0)
			return -1;
	}
	return 0;
}

static bool has_name(const struct str_list *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], name) == 0)
			return true;
	}
	return false;
}

/*
 * Never inheritable (CVE-2022-29162, CVE-2022-27650); and so ambient only what config.json has made inheritable, as
 * the kernel wants it.
 */
static int add_caps(struct arena *arena, const struct runtime_exec_options *options, struct spec_process *process,
                    struct err *err)
{
	struct spec_capabilities *sets = arena_alloc(arena, sizeof(*sets));
	int64_t number;

	if (process->capabilities)
		*sets = *process->capabilities;
	copy_list(arena, &sets->bounding);
	copy_list(arena, &sets->effective);
	copy_list(arena, &sets->permitted);
	copy_list(arena, &sets->ambient);
	for (size_t i = 0; i < options->cap_count; i++) {
		char *name = (char *)options->caps[i];

		if (name_to_value(&spec_capability_names, name, &number) < 0)
			return err_set(err, ERR_USAGE, "--cap: want a capability's name (CAP_...), got \"%.40s\"",
				       name);
		str_list_add(arena, &sets->bounding, name);
		str_list_add(arena, &sets->effective, name);
		str_list_add(arena, &sets->permitted, name);
		if (has_name(&sets->inheritable, name))
			str_list_add(arena, &sets->ambient, name);
	}
	process->capabilities = sets;
	return 0;
}

static int apply_lists(struct arena *arena, const struct runtime_exec_options *options, struct spec_process *process,
                       struct err *err)
{
	if (options->arg_count > 0)
		process->args = (struct str_list){ (char **)options->args, options->arg_count };
	if (options->env_count > 0) {
		copy_list(arena, &process->env);
		for (size_t i = 0; i < options->env_count; i++)
			str_list_add(arena, &process->env, (char *)options->env[i]);
	}
	if (options->gid_count > 0 && add_gids(arena, options, &process->user.additional_gids, err) < 0)
		return -1;
	return options->cap_count > 0 ? add_caps(arena, options, process, err) : 0;
}

static int apply_options(struct arena *arena, const struct runtime_exec_options *options, struct spec_process *process,
                         struct err *err)
{
	if (options->cwd) {
		if (options->cwd[0] != '/')
			return err_set(err, ERR_USAGE, "--cwd: want an absolute path, got \"%.80s\"", options->cwd);
		process->cwd = (char *)options->cwd;
	}
	if (options->user && set_user(options, &process->user, err) < 0)
		return -1;
	if (options->apparmor)
		process->apparmor_profile = (char *)options->apparmor;
	if (options->process_label)
		process->selinux_label = (char *)options->process_label;
	process->terminal |= options->tty;
	process->no_new_privileges |= options->no_new_privs;
	return apply_lists(arena, options, process, err);
}

int exec_process_make(struct arena *arena, const struct runtime_exec_options *options, const struct plan_recipe *recipe,
                      struct spec_process *process, struct err *err)
{
	const struct spec_process *model = recipe->spec.process;

	if (!options->process_file)
		take_model(model, process);
	else if (read_file(arena, options->process_file, model, process, err) < 0)
		return -1;
	if (apply_options(arena, options, process, err) < 0)
		return -1;
	if (process->args.count == 0)
		return err_set(err, ERR_USAGE, "exec: a program is missing: give one, or a process file");
	return 0;
}
