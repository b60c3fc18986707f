/*
 * fuzz_plan.c - any bytes as a config.json: decode, plan, check, flatten, read, print.
 *
 * What decodes and plans must hold every invariant: a plan that plan_check() or the image's reader refuses is a
 * finding.
 * The first byte chooses the host and the command line, the rest is the config.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "hosts.h"

static void finding(const char *what, const struct err *err)
{
	fprintf(stderr, "fuzz_plan: %s: %s\n", what, err->text);
	abort();
}

/* The bytes that init would get must be what it accepts. */
static void read_image(const struct plan *plan, const struct plan_options *options)
{
	_cleanup_buf_ struct buf image = BUF_INIT;
	struct plan_view view;
	struct err err = ERR_INIT;

	if (plan_flatten(plan, options, &image, &err))
		finding("flatten", &err);
	if (plan_view_open(image.data, image.length, &view, &err))
		finding("view", &err);
}

static void print_plan(const struct plan *plan)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	_cleanup_buf_ struct buf json = BUF_INIT;

	plan_print_text(plan, &text);
	plan_print_json(plan, &json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct plan_options options;
	struct host host;
	struct spec spec;
	struct plan plan;
	struct err err = ERR_INIT;

	if (size == 0)
		return 0;
	choose_host(data[0], &host, &options);
	if (spec_decode(&arena, "config.json", (const char *)data + 1, size - 1, &spec, NULL, &err) ||
	    plan_build(&arena, &spec, &host, &options, &plan, &err)) {
		if (err.kind == ERR_BUG || err.kind == ERR_NONE || err.text[0] == '\0')
			finding("refused as a bug", &err);
		return 0;
	}
	(void)plan_host_facts(&spec, &options);
	if (plan_check(&plan, &err))
		finding("check", &err);
	read_image(&plan, &options);
	print_plan(&plan);
	return 0;
}
