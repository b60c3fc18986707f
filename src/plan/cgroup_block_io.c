/*
 * plan/cgroup_block_io.c - linux.resources.blockIO.
 *
 * Runs in the runtime process, pure.  Which of the kernel's two I/O schedulers with weights there is (BFQ, or CFQ on v1
 * and io.cost on v2) can't be known here: both writes are planned, and the driver does the first that has its file.
 */
#include <stddef.h>

#include "cgroup_parts.h"
#include "json/decode.h"

#define ORIGIN "linux.resources.blockIO"
#define WEIGHT_MIN 10
#define WEIGHT_MAX 1000

/* blkio of v1 is called io in v2. */
static int controller_find(struct cgroup_builder *builder, const char *origin, const char **controller)
{
	builder->plan->has_limits = true;
	*controller = cgroup_controller_version(builder->host, "blkio") == 1 ? "blkio" : "io";
	if (cgroup_controller_version(builder->host, *controller) == 0)
		return cgroup_fail_no_controller(builder, origin,
						 builder->host->cgroup_mode == HOST_CGROUP_V2 ? "io" : "blkio");
	return 0;
}

static bool is_v1(const char *controller)
{
	return controller[0] == 'b';
}

/* The spec's scale, which is that of BFQ (10 to 1000), as io.weight's (1 to 10000): linear, as runc and crun do it. */
static unsigned io_weight(uint32_t weight)
{
	return 1 + (weight - WEIGHT_MIN) * 9999u / (WEIGHT_MAX - WEIGHT_MIN);
}

/* A weight of 0 is how Docker says "not asked for". */
static int weight_check(struct cgroup_builder *builder, const char *origin, const struct opt_u32 *weight)
{
	if (weight->value < WEIGHT_MIN || weight->value > WEIGHT_MAX)
		return err_set(builder->err, ERR_CONFIG, "%s: want %d to %d", origin, WEIGHT_MIN, WEIGHT_MAX);
	return 0;
}

/* `device` is "8:0 ", or "" for the cgroup's own weight. */
static int weight_build(struct cgroup_builder *builder, const char *origin, const char *device,
			const struct opt_u32 *weight)
{
	bool is_for_device = device[0] != '\0';
	const char *controller;

	if (!weight->is_set || weight->value == 0)
		return 0;
	if (weight_check(builder, origin, weight) < 0 || controller_find(builder, origin, &controller) < 0)
		return -1;
	const char *text = arena_printf(builder->arena, "%s%u", device, weight->value);
	if (is_v1(controller)) {
		cgroup_write_add(builder, controller, is_for_device ? "blkio.bfq.weight_device" : "blkio.bfq.weight",
				 origin, text)->need = WRITE_IF_THERE;
		cgroup_write_add(builder, controller, is_for_device ? "blkio.weight_device" : "blkio.weight", origin,
				 text)->need = WRITE_ELSE;
		return 0;
	}
	cgroup_write_add(builder, controller, "io.bfq.weight", origin, text)->need = WRITE_IF_THERE;
	text = arena_printf(builder->arena, "%s%u", device, io_weight(weight->value));
	cgroup_write_add(builder, controller, "io.weight", origin, text)->need = WRITE_ELSE;
	return 0;
}

/* Only the CFQ scheduler, gone since Linux 5.0, has it. */
static int leaf_weight_build(struct cgroup_builder *builder, const char *origin, const char *device,
			     const struct opt_u32 *weight)
{
	const char *controller;

	if (!weight->is_set || weight->value == 0)
		return 0;
	if (weight_check(builder, origin, weight) < 0 || controller_find(builder, origin, &controller) < 0)
		return -1;
	if (!is_v1(controller))
		return err_set(builder->err, ERR_UNSUPPORTED, "%s: cgroup v2 has no such setting", origin);
	cgroup_write_add(builder, controller, device[0] != '\0' ? "blkio.leaf_weight_device" : "blkio.leaf_weight",
			 origin, arena_printf(builder->arena, "%s%u", device, weight->value));
	return 0;
}

static const char *device_text(struct arena *arena, int64_t major, int64_t minor)
{
	return arena_printf(arena, "%lld:%lld ", (long long)major, (long long)minor);
}

static int weight_devices_build(struct cgroup_builder *builder, const struct spec_weight_device_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct spec_weight_device *item = &list->items[i];
		const char *device = device_text(builder->arena, item->major, item->minor);
		const char *origin = arena_printf(builder->arena, ORIGIN ".weightDevice[%zu]", i);

		if (weight_build(builder, json_path_key(builder->arena, origin, "weight"), device, &item->weight) < 0 ||
		    leaf_weight_build(builder, json_path_key(builder->arena, origin, "leafWeight"), device,
				      &item->leaf_weight) < 0)
			return -1;
	}
	return 0;
}

struct throttle {
	const char *origin;
	size_t offset;        /* of the list in struct spec_block_io */
	const char *file_v1;
	const char *key_v2;   /* in io.max */
	uint64_t max;         /* what the kernel counts up to; more is no limit */
};

static const struct throttle throttles[] = {
	{ ORIGIN ".throttleReadBpsDevice", offsetof(struct spec_block_io, throttle_read_bps),
	  "blkio.throttle.read_bps_device", "rbps", UINT64_MAX },
	{ ORIGIN ".throttleWriteBpsDevice", offsetof(struct spec_block_io, throttle_write_bps),
	  "blkio.throttle.write_bps_device", "wbps", UINT64_MAX },
	{ ORIGIN ".throttleReadIOPSDevice", offsetof(struct spec_block_io, throttle_read_iops),
	  "blkio.throttle.read_iops_device", "riops", UINT32_MAX },
	{ ORIGIN ".throttleWriteIOPSDevice", offsetof(struct spec_block_io, throttle_write_iops),
	  "blkio.throttle.write_iops_device", "wiops", UINT32_MAX },
};

/* A rate of 0 takes a limit away: v1 has that word too, v2 says max. */
static int throttle_write(struct cgroup_builder *builder, const struct throttle *throttle, size_t index,
			  const struct spec_throttle_device *item)
{
	const char *origin = arena_printf(builder->arena, "%s[%zu]", throttle->origin, index);
	const char *device = device_text(builder->arena, item->major, item->minor);
	unsigned long long rate = item->rate < throttle->max ? item->rate : throttle->max;
	const char *controller, *text;

	if (controller_find(builder, origin, &controller) < 0)
		return -1;
	if (is_v1(controller))
		text = arena_printf(builder->arena, "%s%llu", device, rate);
	else if (rate == 0)
		text = arena_printf(builder->arena, "%s%s=max", device, throttle->key_v2);
	else
		text = arena_printf(builder->arena, "%s%s=%llu", device, throttle->key_v2, rate);
	cgroup_write_add(builder, controller, is_v1(controller) ? throttle->file_v1 : "io.max", origin, text);
	return 0;
}

static int throttle_build(struct cgroup_builder *builder, const struct throttle *throttle)
{
	const struct spec_throttle_device_list *list =
		(const void *)((const char *)builder->resources->block_io + throttle->offset);

	for (size_t i = 0; i < list->count; i++)
		if (throttle_write(builder, throttle, i, &list->items[i]) < 0)
			return -1;
	return 0;
}

int cgroup_block_io_build(struct cgroup_builder *builder)
{
	const struct spec_block_io *block_io = builder->resources->block_io;

	if (block_io == NULL)
		return 0;
	if (weight_build(builder, ORIGIN ".weight", "", &block_io->weight) < 0 ||
	    leaf_weight_build(builder, ORIGIN ".leafWeight", "", &block_io->leaf_weight) < 0 ||
	    weight_devices_build(builder, &block_io->weight_device) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(throttles) / sizeof(throttles[0]); i++)
		if (throttle_build(builder, &throttles[i]) < 0)
			return -1;
	return 0;
}
