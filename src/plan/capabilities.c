/*
 * plan/capabilities.c - capability names to bits.
 *
 * Runtime process only; pure.
 */
#include "plan/builder.h"
#include "spec/names.h"

/* The decoder has warned about names that nobody knows. */
static uint64_t mask_of(const struct str_list *names)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < names->count; i++) {
		int64_t number;
		if (name_to_value(&spec_capability_names, names->items[i], &number) == 0)
			mask |= (uint64_t)1 << number;
	}
	return mask;
}

/* Those that are newer than this kernel are left out, with one word each. */
static uint64_t drop_unknown(struct plan_builder *b, uint64_t wanted)
{
	uint64_t known = b->host->last_cap >= 63 ? UINT64_MAX : ((uint64_t)1 << (b->host->last_cap + 1)) - 1;

	for (int64_t number = 0; number < 64; number++) {
		if ((wanted & ~known & (uint64_t)1 << number) != 0)
			builder_warn(b, "process.capabilities: this kernel has no %s",
			             name_from_value(&spec_capability_names, number));
	}
	return known;
}

void plan_build_capabilities(struct plan_builder *b, const struct spec_capabilities *sets,
                             struct op_credentials *credentials)
{
	uint64_t ambient = mask_of(&sets->ambient);

	credentials->bounding = mask_of(&sets->bounding);
	credentials->effective = mask_of(&sets->effective);
	credentials->inheritable = mask_of(&sets->inheritable);
	credentials->permitted = mask_of(&sets->permitted);
	uint64_t known = drop_unknown(b, credentials->bounding | credentials->effective | credentials->inheritable |
	                                         credentials->permitted | ambient);
	credentials->bounding &= known;
	credentials->effective &= known;
	credentials->inheritable &= known;
	credentials->permitted &= known;
	/* The kernel would refuse the others (capabilities(7)); as with runc they are no reason to fail. */
	credentials->ambient = ambient & credentials->permitted & credentials->inheritable;
	if (credentials->ambient != (ambient & known))
		builder_warn(b, "process.capabilities.ambient: what is not both permitted and inheritable is left out");
}
