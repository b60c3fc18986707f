/*
 * runtime/plan.c - `runlet plan`: prints what create would do.
 *
 * Runtime process only; needs no privileges and changes nothing.
 */
#include "runtime/bundle.h"
#include "runtime/runtime.h"

int runtime_plan(const struct runtime_context *context, const struct runtime_create_options *options, bool is_json,
                 struct buf *out, struct err *err)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct plan_options plan_options = { .uses_start_socket = true };
	struct bundle bundle;

	if (bundle_load(&arena, context, options, &plan_options, NULL, &bundle, err) < 0)
		return -1;
	if (is_json)
		plan_print_json(&bundle.plan, out);
	else
		plan_print_text(&bundle.plan, out);
	return 0;
}
