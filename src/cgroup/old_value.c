/*
 * cgroup/old_value.c - what undoes a write into a file of a cgroup, worked out from the file's old content.
 *
 * Runs in the runtime process, pure.
 */
#include <string.h>

#include "update.h"

/* Files with a line for each key, which is a write's first word; `none` undoes the first line of a new key. */
struct keyed_file { const char *name; const char *none; };

static const struct keyed_file keyed_files[] = {
	{ "blkio.bfq.weight_device", "default" },
	{ "blkio.leaf_weight_device", "default" },
	{ "blkio.throttle.read_bps_device", "0" },
	{ "blkio.throttle.read_iops_device", "0" },
	{ "blkio.throttle.write_bps_device", "0" },
	{ "blkio.throttle.write_iops_device", "0" },
	{ "blkio.weight_device", "default" },
	{ "dmem.low", "0" },
	{ "dmem.max", "max" },
	{ "dmem.min", "0" },
	{ "io.bfq.weight", "default" },
	{ "io.latency", "target=0" },
	{ "io.max", "rbps=max wbps=max riops=max wiops=max" },
	{ "io.weight", "default" },
	{ "misc.max", "max" },
	{ "net_prio.ifpriomap", "0" },
	{ "rdma.max", "hca_handle=max hca_object=max" },
};

static const struct keyed_file *keyed_find(const char *file)
{
	for (size_t i = 0; i < sizeof(keyed_files) / sizeof(keyed_files[0]); i++)
		if (strcmp(keyed_files[i].name, file) == 0)
			return &keyed_files[i];
	return NULL;
}

static const char *first_line(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strcspn(text, "\n"));
}

static const char *line_of_key(struct arena *arena, const char *old, const char *key, size_t length)
{
	while (*old != '\0') {
		size_t end = strcspn(old, "\n");

		if (end > length && memcmp(old, key, length) == 0 && old[length] == ' ')
			return arena_strndup(arena, old, end);
		old += end + (old[end] == '\n');
	}
	return NULL;
}

const char *cgroup_old_value(struct arena *arena, const char *file, const char *text, const char *old)
{
	const struct keyed_file *keyed = keyed_find(file);
	size_t length = strcspn(text, " ");
	const char *line, *value;

	if (keyed != NULL && text[length] == ' ') {
		line = line_of_key(arena, old, text, length);
		return line != NULL ? line : arena_printf(arena, "%.*s %s", (int)length, text, keyed->none);
	}
	line = first_line(arena, old);
	value = strchr(line, ' ');
	/* "oom_kill_disable 0", and more about the present below it. */
	if (strcmp(file, "memory.oom_control") == 0 && value != NULL && value[1] != '\0')
		return value + 1;
	/* An empty cpuset of v2; the kernel sees no write of no bytes. */
	return line[0] != '\0' ? line : "\n";
}
