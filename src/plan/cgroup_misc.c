/*
 * plan/cgroup_misc.c - linux.resources.hugepageLimits, .network and .rdma: lists that are written item by item.
 *
 * Runs in the runtime process, pure.
 */
#include <net/if.h>
#include <string.h>

#include "cgroup_parts.h"
#include "json/decode.h"

#define ORIGIN "linux.resources."

/* As in the names of the kernel's files: a number and KB, MB or GB. */
static bool is_page_size(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && text[0] != '0' && strchr("KMG", text[digits]) != NULL && text[digits] != '\0' &&
	       strcmp(text + digits + 1, "B") == 0;
}

/*
 * Both files get the limit: that of the reservations, which the spec wants where the kernel has it (5.7), and that of
 * the pages in use, which programs read to find out their limit.
 */
static void hugepages_write(struct cgroup_builder *builder, const char *origin, const struct spec_hugepage_limit *item)
{
	struct arena *arena = builder->arena;
	const char *suffix = cgroup_controller_version(builder->host, "hugetlb") == 2 ? "max" : "limit_in_bytes";
	const char *text = arena_printf(arena, "%llu", (unsigned long long)item->limit);
	const char *file = arena_printf(arena, "hugetlb.%s.rsvd.%s", item->page_size, suffix);

	builder->plan->has_limits = true;
	cgroup_write_add(builder, "hugetlb", file, origin, text)->need = WRITE_IF_THERE;
	file = arena_printf(arena, "hugetlb.%s.%s", item->page_size, suffix);
	cgroup_write_add(builder, "hugetlb", file, origin, text);
}

int cgroup_hugepages_build(struct cgroup_builder *builder)
{
	const struct spec_hugepage_limit_list *list = &builder->resources->hugepage_limits;

	for (size_t i = 0; i < list->count; i++) {
		const struct spec_hugepage_limit *item = &list->items[i];
		const char *origin = arena_printf(builder->arena, ORIGIN "hugepageLimits[%zu]", i);

		if (!is_page_size(item->page_size))
			return err_set(builder->err, ERR_CONFIG, "%s.pageSize: want a size such as 64KB, 2MB or 1GB",
				       origin);
		/*
		 * Kubernetes sends 0 for every size that a pod doesn't ask for: refused, no pod would start where the
		 * controller isn't there.
		 */
		if (cgroup_controller_version(builder->host, "hugetlb") != 0)
			hugepages_write(builder, origin, item);
		else if (item->limit == 0)
			cgroup_warning_add(builder, arena_printf(builder->arena, "%s of 0 is ignored: this host has no "
								 "hugetlb cgroup controller", origin));
		else
			return cgroup_fail_no_controller(builder, origin, "hugetlb");
	}
	return 0;
}

static int priority_write(struct cgroup_builder *builder, const char *origin, const struct spec_net_priority *item)
{
	if (strlen(item->name) >= IFNAMSIZ || strpbrk(item->name, " \t\n\v\f\r/") != NULL)
		return err_set(builder->err, ERR_CONFIG, "%s.name: \"%s\" is no name of a network interface", origin,
			       item->name);
	builder->plan->has_limits = true;
	if (cgroup_controller_version(builder->host, "net_prio") == 0)
		return cgroup_fail_no_controller(builder, origin, "net_prio");
	cgroup_write_add(builder, "net_prio", "net_prio.ifpriomap", origin,
			 arena_printf(builder->arena, "%s %u", item->name, item->priority));
	return 0;
}

/* Both controllers are v1's alone. */
int cgroup_network_build(struct cgroup_builder *builder)
{
	const struct spec_net_class *network = builder->resources->network;

	if (network == NULL)
		return 0;
	if (network->class_id.is_set && network->class_id.value != 0) {
		builder->plan->has_limits = true;
		if (cgroup_controller_version(builder->host, "net_cls") == 0)
			return cgroup_fail_no_controller(builder, ORIGIN "network.classID", "net_cls");
		cgroup_write_add(builder, "net_cls", "net_cls.classid", ORIGIN "network.classID",
				 arena_printf(builder->arena, "%u", network->class_id.value));
	}
	for (size_t i = 0; i < network->priorities.count; i++)
		if (priority_write(builder, arena_printf(builder->arena, ORIGIN "network.priorities[%zu]", i),
				   &network->priorities.items[i]) < 0)
			return -1;
	return 0;
}

static int rdma_write(struct cgroup_builder *builder, const char *origin, const struct spec_rdma *item)
{
	const char *text = item->device;

	if (item->device[0] == '\0' || strpbrk(item->device, " \t\n\v\f\r/") != NULL)
		return err_set(builder->err, ERR_CONFIG, "%s: no name of a device", origin);
	if (!item->hca_handles.is_set && !item->hca_objects.is_set)
		return err_set(builder->err, ERR_CONFIG, "%s: needs hcaHandles or hcaObjects", origin);
	builder->plan->has_limits = true;
	if (cgroup_controller_version(builder->host, "rdma") == 0)
		return cgroup_fail_no_controller(builder, origin, "rdma");
	if (item->hca_handles.is_set)
		text = arena_printf(builder->arena, "%s hca_handle=%u", text, item->hca_handles.value);
	if (item->hca_objects.is_set)
		text = arena_printf(builder->arena, "%s hca_object=%u", text, item->hca_objects.value);
	cgroup_write_add(builder, "rdma", "rdma.max", origin, text);
	return 0;
}

int cgroup_rdma_build(struct cgroup_builder *builder)
{
	const struct spec_rdma_list *list = &builder->resources->rdma;

	for (size_t i = 0; i < list->count; i++)
		if (rdma_write(builder, json_path_key(builder->arena, ORIGIN "rdma", list->items[i].device),
			       &list->items[i]) < 0)
			return -1;
	return 0;
}
