/*
 * fuzz_recipe.c - any bytes as the recipe that exec reads from the state directory.
 *
 * With an odd first byte the header is made to fit, which leads past the first checks.  Oracles: the filter lies inside
 * the bytes; what is read can be planned, and the plan holds its invariants.
 */
#include "fuzz.h"
#include "hosts.h"

/* As in plan/recipe.c; the sizes are of the filter and of the text behind it. */
struct header { uint64_t magic; uint32_t ns_types, flags, seccomp_flags, seccomp_size, text_size, reserved; };

static void fit_header(char *bytes, size_t size)
{
	struct header header;
	size_t rest = size - sizeof(header);

	memcpy(&header, bytes, sizeof(header));
	memcpy(&header.magic, "RECIPE01", sizeof(header.magic));
	header.seccomp_size = header.seccomp_size % 8 * 8;
	if (header.seccomp_size > rest)
		header.seccomp_size = 0;
	header.text_size = (uint32_t)rest - header.seccomp_size;
	memcpy(bytes, &header, sizeof(header));
}

static void check_plan(struct arena *arena, const struct plan_recipe *recipe, uint8_t choice)
{
	struct plan_options options;
	struct host host;
	struct plan plan;
	struct err err = ERR_INIT;

	choose_host(choice, &host, &options);
	if (plan_build_exec(arena, recipe, recipe->spec.process, &host, &options, &plan, &err) < 0) {
		FUZZ_REQUIRE(err.kind != ERR_BUG && err.kind != ERR_NONE);
		return;
	}
	if (plan_check(&plan, &err) == 0)
		return;
	fprintf(stderr, "fuzz_recipe: %s\n", err.text);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct plan_recipe recipe;
	struct err err = ERR_INIT;
	char *bytes;

	if (size < 2)
		return 0;
	bytes = malloc(size - 2 + (size == 2));
	if (!bytes)
		abort();
	memcpy(bytes, data + 2, size - 2);
	if ((data[0] & 1) != 0 && size - 2 >= sizeof(struct header))
		fit_header(bytes, size - 2);
	if (plan_recipe_decode(&arena, "recipe", bytes, size - 2, &recipe, &err) < 0) {
		FUZZ_REQUIRE(err.kind == ERR_STATE && strncmp(err.text, "recipe", 6) == 0);
	} else {
		const char *program = recipe.seccomp.program;

		FUZZ_REQUIRE(program >= bytes && program + recipe.seccomp.size <= bytes + size - 2);
		if (recipe.spec.process)
			check_plan(&arena, &recipe, data[1]);
	}
	free(bytes);
	return 0;
}
