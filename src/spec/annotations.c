/*
 * spec/annotations.c - the annotations of other runtimes that engines pass.  Runtime process only; pure.
 */
#include "spec/annotations.h"

#include <string.h>

static const char *const names[] = {
	[ANNOTATION_CRIU_CONFIG] = "org.criu.config",
	[ANNOTATION_DELEGATE_CGROUP] = "run.oci.delegate-cgroup",
	[ANNOTATION_HOOKS_STDERR] = "run.oci.hooks.stderr",
	[ANNOTATION_HOOKS_STDOUT] = "run.oci.hooks.stdout",
	[ANNOTATION_KEEP_ORIGINAL_GROUPS] = "run.oci.keep_original_groups",
	[ANNOTATION_MOUNT_CONTEXT_TYPE] = "run.oci.mount_context_type",
	[ANNOTATION_PIDFD_RECEIVER] = "run.oci.pidfd_receiver",
	[ANNOTATION_SYSTEMD_SUBGROUP] = "run.oci.systemd.subgroup",
};
_Static_assert(sizeof(names) / sizeof(names[0]) == ANNOTATION_COUNT, "a name for each annotation");

const char *spec_annotation_name(enum spec_annotation annotation)
{
	return names[annotation];
}

const char *spec_annotation_find(const struct str_map *annotations, enum spec_annotation annotation)
{
	for (size_t i = 0; i < annotations->count; i++) {
		if (strcmp(annotations->items[i].key, names[annotation]) == 0)
			return annotations->items[i].value;
	}
	return NULL;
}

bool spec_annotation_is_foreign(const char *name)
{
	if (strncmp(name, "run.oci.", 8) != 0)
		return false;
	for (size_t i = 0; i < ANNOTATION_COUNT; i++) {
		if (strcmp(name, names[i]) == 0)
			return false;
	}
	return true;
}
