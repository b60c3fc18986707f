/*
 * capabilities.c - capability names to bits.
 *
 * Runtime process only; pure.
 */
#include "plan/builder.h"
#include "spec/names.h"

uint64_t plan_capability_mask(struct plan_builder *b, const struct str_list *names, const char *origin)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < names->count; i++) {
		int64_t number;
		/* The decoder has warned about names that nobody knows. */
		if (name_to_value(&spec_capability_names, names->items[i], &number))
			continue;
		if (number > (int64_t)b->host->last_cap)
			builder_warn(b, "%s[%zu]: this kernel has no %s", origin, i, names->items[i]);
		else
			mask |= (uint64_t)1 << number;
	}
	return mask;
}
