/*
 * fuzz_options.c - command lines: the global options, and every command with its own, up to where the runtime begins.
 *
 * Words are separated by NULs.  The runtime's functions are stubs here, which look at what they get; only those of
 * `--regex` are real.  Oracles: every text points into the command line; each argument is a word of it, in order;
 * numbers and words are in range; a pattern of plain letters selects the ids that hold it.
 */
#include "base/log.h"
#include "cli/command.h"
#include "fuzz.h"
#include "runtime/store.h"

#define WORDS_MAX 64
/* glibc's regcomp(3) takes as much time and memory as a pattern with repeated groups asks for. */
#define PATTERN_MAX 40

static const char *const container_ids[] = { "a", "abc", "web-1", "web-2", "x_y.z" };
#define ID_COUNT (sizeof(container_ids) / sizeof(container_ids[0]))

/* The command line of this run, for the stubs. */
static struct { char *words[WORDS_MAX + 1]; size_t count; unsigned matched; } line;

/* --- what the commands hand over --- */

static void check_text(const char *text)
{
	for (size_t i = 0; text && i < line.count; i++)
		if (text >= line.words[i] && text <= line.words[i] + strlen(line.words[i]))
			return;
	FUZZ_REQUIRE(!text);
}

static void check_id(const char *id)
{
	FUZZ_REQUIRE(id != NULL);
	check_text(id);
}

static int check_create(const struct runtime_create_options *options)
{
	check_id(options->id);
	check_text(options->bundle);
	check_text(options->config);
	check_text(options->console_socket);
	check_text(options->pidfd_socket);
	check_text(options->pid_file);
	return 0;
}

static void check_list(const char *const *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_id(items[i]);
}

int runtime_create(const struct runtime_context *context, const struct runtime_create_options *options,
		   struct err *err)
{
	(void)context;
	(void)err;
	return check_create(options);
}

int runtime_run(const struct runtime_context *context, const struct runtime_create_options *options, int *exit_status,
		struct err *err)
{
	(void)context;
	(void)err;
	*exit_status = 0;
	return check_create(options);
}

int runtime_plan(const struct runtime_context *context, const struct runtime_create_options *options, bool is_json,
		 struct buf *out, struct err *err)
{
	struct runtime_create_options copy = *options;

	(void)context;
	(void)is_json;
	(void)out;
	(void)err;
	/* The default is a text of its own. */
	if (strcmp(options->id, "plan") == 0)
		copy.id = line.words[0];
	return check_create(&copy);
}

int runtime_exec(const struct runtime_context *context, const struct runtime_exec_options *options, int *exit_status,
		 struct err *err)
{
	(void)context;
	(void)err;
	*exit_status = 0;
	check_id(options->id);
	check_list((const char *const *)options->args, options->arg_count);
	check_list(options->env, options->env_count);
	check_list(options->caps, options->cap_count);
	check_list(options->gids, options->gid_count);
	check_list(options->cgroups, options->cgroup_count);
	check_text(options->process_file);
	check_text(options->cwd);
	check_text(options->user);
	check_text(options->apparmor);
	check_text(options->process_label);
	return 0;
}

int runtime_start(const struct runtime_context *context, const char *id, struct err *err)
{
	(void)context;
	(void)err;
	check_id(id);
	return 0;
}

int runtime_pause(const struct runtime_context *context, const char *id, struct err *err)
{
	return runtime_start(context, id, err);
}

int runtime_resume(const struct runtime_context *context, const char *id, struct err *err)
{
	return runtime_start(context, id, err);
}

int runtime_wait(const struct runtime_context *context, const char *id, int *exit_code, struct err *err)
{
	*exit_code = 0;
	return runtime_start(context, id, err);
}

int runtime_state(const struct runtime_context *context, const char *id, struct buf *json, struct err *err)
{
	(void)json;
	return runtime_start(context, id, err);
}

int runtime_ps(const struct runtime_context *context, const char *id, char *const *options, struct buf *out,
	       struct err *err)
{
	(void)out;
	for (; *options; options++)
		check_text(*options);
	return runtime_start(context, id, err);
}

int runtime_pids(const struct runtime_context *context, const char *id, struct arena *arena, struct runtime_pids *pids,
		 struct err *err)
{
	(void)arena;
	*pids = (struct runtime_pids){ NULL, 0 };
	/* A failure, so that the list isn't printed. */
	(void)runtime_start(context, id, err);
	return err_set(err, ERR_NOT_FOUND, "fuzz");
}

int runtime_list(const struct runtime_context *context, struct arena *arena, struct runtime_list *list,
		 struct err *err)
{
	(void)context;
	(void)arena;
	*list = (struct runtime_list){ NULL, 0 };
	return err_set(err, ERR_NOT_FOUND, "fuzz");
}

int runtime_features(struct buf *json, struct err *err)
{
	(void)json;
	(void)err;
	return 0;
}

int runtime_events(const struct runtime_context *context, const char *id, uint64_t interval_ns,
		   runtime_line_function *write_line, struct err *err)
{
	(void)write_line;
	FUZZ_REQUIRE(interval_ns <= INT64_MAX);
	return runtime_start(context, id, err);
}

static void count_match(const char *id)
{
	for (size_t i = 0; i < ID_COUNT; i++)
		if (id == container_ids[i])
			line.matched |= 1u << i;
}

int runtime_kill(const struct runtime_context *context, const char *id, const struct runtime_kill_options *options,
		 struct err *err)
{
	FUZZ_REQUIRE(options->signal >= 0 && options->signal <= 64);
	if (options->ignores_stopped) {
		count_match(id);
		return 0;
	}
	return runtime_start(context, id, err);
}

int runtime_delete(const struct runtime_context *context, const char *id, bool force, struct err *err)
{
	(void)context;
	(void)force;
	(void)err;
	count_match(id);
	return 0;
}

int runtime_update(const struct runtime_context *context, const struct runtime_update_options *options,
		   struct err *err)
{
	const struct spec_resources *resources = options->resources;
	size_t count = 0;

	check_text(options->file);
	while (options->names[count].path)
		FUZZ_REQUIRE(strncmp(options->names[count++].name, "--", 2) == 0);
	if (!options->file)
		FUZZ_REQUIRE(resources->memory || resources->cpu || resources->pids || resources->block_io);
	if (!options->file && resources->memory && resources->memory->limit.is_set)
		FUZZ_REQUIRE(resources->memory->limit.value >= -1);
	return runtime_start(context, options->id, err);
}

/* --- the store, for --regex --- */

int store_open(struct arena *arena, const struct runtime_context *context, bool should_make, struct store *store,
	       struct err *err)
{
	(void)arena;
	(void)context;
	(void)err;
	FUZZ_REQUIRE(!should_make);
	store->is_missing = false;
	return 0;
}

void store_close(struct store *store)
{
	store->fd = -1;
}

int store_list(struct arena *arena, const struct store *store, const char ***ids, size_t *count, struct err *err)
{
	(void)store;
	(void)err;
	*ids = arena_alloc(arena, sizeof(container_ids));
	memcpy(*ids, container_ids, sizeof(container_ids));
	*count = ID_COUNT;
	return 0;
}

/* --- command lines --- */

static void check_arguments(char **words, const struct cli_arguments *arguments)
{
	size_t at = 0;

	FUZZ_REQUIRE(arguments->items[arguments->count] == NULL);
	for (size_t i = 0; i < arguments->count; i++) {
		while (words[at] && words[at] != arguments->items[i])
			at++;
		FUZZ_REQUIRE(words[at++] != NULL);
	}
}

static int is_plain(const char *pattern)
{
	return pattern[strspn(pattern, "abcdefghijklmnopqrstuvwxyz0123456789-_")] == '\0';
}

/* What is in the hands of glibc alone. */
static int is_costly(const char *pattern)
{
	return strlen(pattern) > PATTERN_MAX || strpbrk(pattern, "{\\") != NULL;
}

static void check_matches(const char *pattern)
{
	for (size_t i = 0; i < ID_COUNT; i++)
		FUZZ_REQUIRE((line.matched >> i & 1) == (strstr(container_ids[i], pattern) != NULL));
}

static void check_help(const struct command *command)
{
	_cleanup_buf_ struct buf out = BUF_INIT;

	help_add_command(&out, command);
	FUZZ_REQUIRE(strncmp(buf_str(&out), "usage: ", 7) == 0);
}

static void run(const struct command *command, const struct runtime_context *context, char **words)
{
	_Alignas(16) unsigned char values[COMMAND_VALUES_SIZE] = { 0 };
	struct command_call call = { .context = context, .values = values };
	struct err err = ERR_INIT;
	char *before[WORDS_MAX + 1];
	size_t count = 0;
	int result;

	while ((before[count] = words[count]))
		count++;
	FUZZ_REQUIRE(command->values_size <= sizeof(values));
	if (options_parse(&command->options, command->stops_at_argument, words, values, &call.arguments, &err) < 0) {
		FUZZ_REQUIRE(err.kind == ERR_USAGE && err.text[0] != '\0');
	} else {
		check_arguments(before, &call.arguments);
		/* The others of these print, or write a file. */
		if (call.arguments.wants_help)
			check_help(command);
		else if (call.arguments.count >= command->arguments_min &&
			 call.arguments.count <= command->arguments_max && command != &command_spec &&
			 command != &command_help && command != &command_completion &&
			 !(call.arguments.count > 0 && is_costly(call.arguments.items[0]))) {
			result = command->run(&call, &err);
			FUZZ_REQUIRE(result == 0 || err.kind != ERR_NONE);
			if (result == 0 && line.matched && is_plain(call.arguments.items[0]))
				check_matches(call.arguments.items[0]);
		}
	}
	options_close(&command->options, values);
}

static void run_line(void)
{
	struct global_values global = { .log_level = LOG_LEVEL_INFO };
	struct runtime_context context = { .root = NULL };
	struct cli_arguments arguments;
	const struct command *command;
	struct err err = ERR_INIT;
	char *words[WORDS_MAX + 1];

	memcpy(words, line.words, sizeof(words));
	if (options_parse(&global_options, true, words, &global, &arguments, &err) < 0) {
		FUZZ_REQUIRE(err.kind == ERR_USAGE && err.text[0] != '\0');
		return;
	}
	check_text(global.root);
	check_text(global.log);
	FUZZ_REQUIRE(global.log_level >= LOG_LEVEL_ERROR && global.log_level <= LOG_LEVEL_DEBUG);
	FUZZ_REQUIRE(name_from_value(&plan_cgroup_manager_names, global.cgroup_manager) != NULL);
	check_arguments(line.words, &arguments);
	command = arguments.count > 0 ? command_find(arguments.items[0]) : NULL;
	if (command)
		run(command, &context, arguments.items + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { (const char *)data, size };

	memset(&line, 0, sizeof(line));
	while (input.size > 0 && line.count < WORDS_MAX)
		line.words[line.count++] = fuzz_cut_text(&input);
	run_line();
	for (size_t i = 0; i < line.count; i++)
		free(line.words[i]);
	return 0;
}
