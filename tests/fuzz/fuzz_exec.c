/*
 * fuzz_exec.c - `exec`: a container's recipe, a process file, the options, and the plan of all three.
 *
 * The input: a byte for the host, a byte for what is given, config.json, the process file, and the texts of options,
 * each after a NUL.  Oracles: a recipe is read back as it was written; the plan holds every invariant and init's reader
 * takes it; no inheritable capability comes from the options (CVE-2022-29162).
 */
#include <linux/memfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "fuzz.h"
#include "hosts.h"
#include "runtime/exec.h"

enum given {
	GIVEN_FILE = 1u << 0,
	GIVEN_USER = 1u << 1,
	GIVEN_CWD = 1u << 2,
	GIVEN_CAPS = 1u << 3,
	GIVEN_GIDS = 1u << 4,
	GIVEN_ENV = 1u << 5,
	GIVEN_ARGS = 1u << 6,
	GIVEN_TTY = 1u << 7
};

static void finding(const char *what, const struct err *err)
{
	fprintf(stderr, "fuzz_exec: %s: %s\n", what, err->text);
	abort();
}

static void check_refused(const struct err *err)
{
	if (err->kind == ERR_BUG || err->kind == ERR_NONE || err->text[0] == '\0')
		finding("refused as a bug", err);
}

static void check_list(const struct str_list *list, const struct str_list *kept)
{
	FUZZ_REQUIRE(list->count == kept->count);
	for (size_t i = 0; i < list->count; i++)
		FUZZ_REQUIRE(strcmp(list->items[i], kept->items[i]) == 0);
}

/* Texts alike; as JSON they may be written in another way. */
static void check_kept(const struct spec_process *process, const struct spec_process *kept)
{
	FUZZ_REQUIRE(process->user.uid == kept->user.uid && process->user.gid == kept->user.gid);
	FUZZ_REQUIRE(process->terminal == kept->terminal && strcmp(process->cwd, kept->cwd) == 0);
	FUZZ_REQUIRE(process->no_new_privileges == kept->no_new_privileges);
	check_list(&process->args, &kept->args);
	check_list(&process->env, &kept->env);
	FUZZ_REQUIRE(!process->capabilities == !kept->capabilities);
	if (!process->capabilities)
		return;
	check_list(&process->capabilities->bounding, &kept->capabilities->bounding);
	check_list(&process->capabilities->inheritable, &kept->capabilities->inheritable);
}

/* The container's config.json, compiled and kept; false when it is none. */
static bool make_recipe(struct arena *arena, struct fuzz_input config, const struct host *host,
			const struct plan_options *options, struct plan_recipe *recipe)
{
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	struct err err = ERR_INIT;
	struct spec spec;
	struct plan plan;
	void *aligned;

	if (spec_decode(arena, "config.json", config.data, config.size, &spec, NULL, &err) < 0 ||
	    plan_build(arena, &spec, host, options, &plan, &err) < 0 ||
	    plan_recipe_encode(&spec, &plan, &bytes, &err) < 0) {
		check_refused(&err);
		return false;
	}
	aligned = arena_alloc(arena, bytes.length);
	memcpy(aligned, bytes.data, bytes.length);
	if (plan_recipe_decode(arena, "recipe", aligned, bytes.length, recipe, &err) < 0)
		finding("the recipe can't be read", &err);
	FUZZ_REQUIRE((spec.process != NULL) == (recipe->spec.process != NULL));
	if (spec.process)
		check_kept(spec.process, recipe->spec.process);
	return true;
}

static void check_credentials(const struct plan *plan, const struct spec_process *process)
{
	bool has_inheritable = process->capabilities && process->capabilities->inheritable.count > 0;

	for (size_t i = 0; i < plan->op_count; i++) {
		const struct op_credentials *credentials = &plan->ops[i].u.credentials;

		if (plan->ops[i].kind != OP_CREDENTIALS)
			continue;
		FUZZ_REQUIRE(has_inheritable || credentials->inheritable == 0);
		FUZZ_REQUIRE((credentials->ambient & ~(credentials->permitted & credentials->inheritable)) == 0);
		FUZZ_REQUIRE(credentials->uid != UINT32_MAX && credentials->gid != UINT32_MAX);
	}
}

static void check_plan(struct arena *arena, const struct plan_recipe *recipe, const struct spec_process *process,
		       const struct host *host, const struct plan_options *options)
{
	_cleanup_buf_ struct buf image = BUF_INIT;
	struct plan_view view;
	struct err err = ERR_INIT;
	struct plan plan;

	if (plan_build_exec(arena, recipe, process, host, options, &plan, &err) < 0) {
		check_refused(&err);
		return;
	}
	if (plan_check(&plan, &err) || plan_flatten(&plan, options, &image, &err) ||
	    plan_view_open(image.data, image.length, &view, &err))
		finding("the plan", &err);
	check_credentials(&plan, process);
}

static int open_file(struct fuzz_input text, char *path, size_t size)
{
	int fd = memfd_create("process.json", MFD_CLOEXEC);

	FUZZ_REQUIRE(fd >= 0 && write(fd, text.data, text.size) == (ssize_t)text.size && lseek(fd, 0, SEEK_SET) == 0);
	snprintf(path, size, "/proc/self/fd/%d", fd);
	return fd;
}

/* What the options point to must live as long as the process. */
#define TEXT_COUNT 3

static int make_process(struct arena *arena, uint8_t given, const char *path, const struct plan_recipe *recipe,
			char *const args[2], const char *const texts[TEXT_COUNT], struct spec_process *process)
{
	struct runtime_exec_options options = {
		.id = "fuzz",
		.process_file = given & GIVEN_FILE ? path : NULL,
		.user = given & GIVEN_USER ? texts[0] : NULL,
		.cwd = given & GIVEN_CWD ? texts[1] : NULL,
		.caps = &texts[1], .cap_count = given & GIVEN_CAPS ? 2 : 0,
		.gids = &texts[1], .gid_count = given & GIVEN_GIDS ? 2 : 0,
		.env = &texts[1], .env_count = given & GIVEN_ENV ? 2 : 0,
		.args = args, .arg_count = given & GIVEN_ARGS ? 2 : 0,
		.tty = given & GIVEN_TTY,
	};
	struct err err = ERR_INIT;

	if (exec_process_make(arena, &options, recipe, process, &err) == 0)
		return 0;
	check_refused(&err);
	return -1;
}

static void run(struct arena *arena, uint8_t given, const struct plan_recipe *recipe, const struct host *host,
		const struct plan_options *options, struct fuzz_input *input)
{
	struct fuzz_input file = fuzz_cut(input);
	char *texts[TEXT_COUNT];
	struct spec_process process;
	char *args[2] = { (char *)"sh", NULL };
	char path[40];
	int fd = open_file(file, path, sizeof(path));

	for (size_t i = 0; i < TEXT_COUNT; i++)
		texts[i] = fuzz_cut_text(input);
	args[1] = texts[0];
	if (make_process(arena, given, path, recipe, args, (const char *const *)texts, &process) == 0)
		check_plan(arena, recipe, &process, host, options);
	close(fd);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		free(texts[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct fuzz_input input = { (const char *)data, size };
	uint8_t choice = fuzz_byte(&input), given = fuzz_byte(&input);
	struct fuzz_input config = fuzz_cut(&input);
	struct plan_recipe recipe;
	struct plan_options options;
	struct host host;
	struct err err = ERR_INIT;

	FUZZ_REQUIRE(log_open(NULL, LOG_FORMAT_TEXT, LOG_LEVEL_ERROR, &err) == 0);
	choose_host(choice, &host, &options);
	if (make_recipe(&arena, config, &host, &options, &recipe))
		run(&arena, given, &recipe, &host, &options, &input);
	return 0;
}
