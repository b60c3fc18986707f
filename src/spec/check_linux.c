/*
 * spec/check_linux.c - rules of `linux` and the top level that span fields (runtime-spec, config-linux.md).
 *
 * Runtime process only; pure.
 */
#include <linux/mempolicy.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "spec/cpu_list.h"
#include "spec/names.h"
#include "spec/sysctl.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

#define DEVICE_NUMBER_ABSENT (-1)
#define ID_MAP_MAX 340 /* user_namespaces(7) */
#define ID_MAP_TEXT_MAX 4095 /* less than the smallest page: a map is written by one write(2) */

static const struct spec_namespace *find_namespace(const struct spec_linux *linux, uint32_t type)
{
	size_t i;

	for (i = 0; i < linux->namespaces.count; i++)
		if (linux->namespaces.items[i].type == type)
			return &linux->namespaces.items[i];
	return NULL;
}

static int check_namespaces(const struct spec_checker *checker, const struct spec_linux *linux)
{
	uint32_t seen = 0;
	size_t i;

	for (i = 0; i < linux->namespaces.count; i++) {
		uint32_t type = linux->namespaces.items[i].type;

		if (seen & type)
			return spec_check_fail(checker, spec_check_path(checker, "linux.namespaces[%zu]", i),
					       "namespace %s is given twice",
					       name_from_value(&spec_namespace_names, type));
		seen |= type;
	}
	return 0;
}

/* key: "linux.uidMappings", "mounts[3].gidMappings". */
static int check_id_map(const struct spec_checker *checker, const char *key, const struct spec_id_map_list *maps)
{
	char text[sizeof("4294967295 4294967295 4294967295\n")];
	size_t i, k, length = 0;

	if (maps->count > ID_MAP_MAX)
		return spec_check_fail(checker, key, "more than %d mappings", ID_MAP_MAX);
	for (i = 0; i < maps->count; i++) {
		const struct spec_id_map *map = &maps->items[i];

		if ((uint64_t)map->container_id + map->size > UINT32_MAX ||
		    (uint64_t)map->host_id + map->size > UINT32_MAX)
			return spec_check_fail(checker, spec_check_path(checker, "%s[%zu]", key, i),
					       "ids end at %u", UINT32_MAX - 1);
		for (k = 0; k < i; k++) {
			const struct spec_id_map *other = &maps->items[k];

			if ((map->container_id < other->container_id + other->size &&
			     other->container_id < map->container_id + map->size) ||
			    (map->host_id < other->host_id + other->size && other->host_id < map->host_id + map->size))
				return spec_check_fail(checker, spec_check_path(checker, "%s[%zu]", key, i),
						       "overlaps with %s[%zu]", key, k);
		}
		length += (size_t)snprintf(text, sizeof(text), "%u %u %u\n", map->container_id, map->host_id,
					   map->size);
	}
	if (length > ID_MAP_TEXT_MAX)
		return spec_check_fail(checker, key, "the kernel takes %d characters of mappings, these are %zu",
				       ID_MAP_TEXT_MAX, length);
	return 0;
}

static int check_user_namespace(const struct spec_checker *checker, const struct spec_linux *linux)
{
	const struct spec_namespace *user = find_namespace(linux, CLONE_NEWUSER);

	if (!user && linux->uid_mappings.count)
		return spec_check_fail(checker, "linux.uidMappings", "needs a user namespace in linux.namespaces");
	if (!user && linux->gid_mappings.count)
		return spec_check_fail(checker, "linux.gidMappings", "needs a user namespace in linux.namespaces");
	/* Without any the planner may know some: those of an unprivileged caller. */
	if (user && !user->path && (linux->uid_mappings.count > 0) != (linux->gid_mappings.count > 0))
		return spec_check_fail(checker,
				       spec_check_path(checker, "linux.namespaces[%zu]",
						       (size_t)(user - linux->namespaces.items)),
				       "a new user namespace needs linux.uidMappings and linux.gidMappings");
	if (check_id_map(checker, "linux.uidMappings", &linux->uid_mappings) < 0)
		return -1;
	return check_id_map(checker, "linux.gidMappings", &linux->gid_mappings);
}

static int check_mount_maps(const struct spec_checker *checker, const struct spec_mount *mount, size_t index)
{
	const char *uid_key = spec_check_path(checker, "mounts[%zu].uidMappings", index);
	const char *gid_key = spec_check_path(checker, "mounts[%zu].gidMappings", index);

	if ((mount->uid_mappings.count > 0) != (mount->gid_mappings.count > 0))
		return spec_check_fail(checker, mount->uid_mappings.count ? uid_key : gid_key,
				       "uidMappings and gidMappings are given together or not at all");
	if (check_id_map(checker, uid_key, &mount->uid_mappings) < 0)
		return -1;
	return check_id_map(checker, gid_key, &mount->gid_mappings);
}

static int check_mounts(const struct spec_checker *checker, const struct spec_mount_list *mounts)
{
	size_t i;

	for (i = 0; i < mounts->count; i++) {
		const struct spec_mount *mount = &mounts->items[i];

		if ((mount->uid_mappings.count || mount->gid_mappings.count) &&
		    check_mount_maps(checker, mount, i) < 0)
			return -1;
	}
	return 0;
}

/* What a namespace has to keep from the host. */
static int check_isolated(const struct spec_checker *checker, const struct spec *spec)
{
	const struct spec_linux *linux = spec->linux;
	const struct spec_namespace *time = find_namespace(linux, CLONE_NEWTIME);

	if (spec->hostname && !find_namespace(linux, CLONE_NEWUTS))
		return spec_check_fail(checker, "hostname", "unable to set hostname without a private UTS namespace");
	if (spec->domainname && !find_namespace(linux, CLONE_NEWUTS))
		return spec_check_fail(checker, "domainname",
				       "unable to set domainname without a private UTS namespace");
	/* Offsets are frozen as soon as a process is in the namespace (time_namespaces(7)). */
	if ((linux->time_boottime || linux->time_monotonic) && (!time || time->path))
		return spec_check_fail(checker, "linux.timeOffsets", "needs a new time namespace in linux.namespaces");
	return 0;
}

/* A name as the kernel takes it (dev_valid_name()), and no pattern such as eth%d. */
static bool is_device_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < IFNAMSIZ && strpbrk(name, "/:% \t\n\v\f\r") == NULL && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

static int check_net_devices(const struct spec_checker *checker, const struct spec_linux *linux)
{
	const struct spec_net_device_list *devices = &linux->net_devices;

	for (size_t i = 0; i < devices->count; i++) {
		const struct spec_net_device *device = &devices->items[i];
		const char *path = json_path_key(checker->arena, "linux.netDevices", device->host_name);
		const char *name = device->name ? device->name : device->host_name;

		if (!is_device_name(device->host_name) || !is_device_name(name))
			return spec_check_fail(checker, path, "want names of network devices, at most %d characters",
					       IFNAMSIZ - 1);
		if (!find_namespace(linux, CLONE_NEWNET))
			return spec_check_fail(checker, path, "needs a network namespace in linux.namespaces");
		for (size_t k = 0; k < i; k++) {
			const struct spec_net_device *other = &devices->items[k];

			if (strcmp(name, other->name ? other->name : other->host_name) == 0)
				return spec_check_fail(checker, path, "another device becomes %s", name);
		}
	}
	return 0;
}

static int check_sysctl(const struct spec_checker *checker, const struct spec *spec, const char *name)
{
	const char *path = json_path_key(checker->arena, "linux.sysctl", name);
	char file[SPEC_SYSCTL_PATH_MAX];
	unsigned type;

	if (spec_sysctl_path(name, file, sizeof(file)) < 0)
		return spec_check_fail(checker, path, "not the name of a sysctl");
	type = spec_sysctl_namespace(file);
	if (!type)
		return spec_check_fail(checker, path, "belongs to no namespace: it would change the host");
	if (!find_namespace(spec->linux, type))
		return spec_check_fail(checker, path, "needs a %s namespace in linux.namespaces",
				       name_from_value(&spec_namespace_names, type));
	if (strcmp(file, "kernel/hostname") == 0 && spec->hostname)
		return spec_check_fail(checker, path, "conflicts with \"hostname\"");
	if (strcmp(file, "kernel/domainname") == 0 && spec->domainname)
		return spec_check_fail(checker, path, "conflicts with \"domainname\"");
	return 0;
}

static int check_device(const struct spec_checker *checker, struct spec_device *device, size_t index)
{
	bool is_major_absent = device->major == DEVICE_NUMBER_ABSENT;

	if (device->type != 'p' && (is_major_absent || device->minor == DEVICE_NUMBER_ABSENT))
		return spec_check_fail(checker, spec_check_path(checker, "linux.devices[%zu]", index),
				       "required key \"%s\" is missing", is_major_absent ? "major" : "minor");
	if (device->major == DEVICE_NUMBER_ABSENT)
		device->major = 0;
	if (device->minor == DEVICE_NUMBER_ABSENT)
		device->minor = 0;
	return 0;
}

int spec_check_resources(const struct spec_checker *checker, const struct spec_resources *resources)
{
	size_t i;

	for (i = 0; i < resources->devices.count; i++) {
		const char *access = resources->devices.items[i].access;

		if (access && strspn(access, "rwm") != strlen(access))
			return spec_check_fail(checker, spec_check_path(checker, "devices[%zu].access", i),
					       "want letters out of \"rwm\", got \"%.20s\"", access);
	}
	return 0;
}

/* set_mempolicy(2): which modes want nodes, and which flags exclude each other. */
static int check_memory_policy(const struct spec_checker *checker, const struct spec_memory_policy *policy)
{
	const char *mode = name_from_value(&spec_memory_policy_names, policy->mode);
	bool takes_none = policy->mode == MPOL_DEFAULT || policy->mode == MPOL_LOCAL;
	bool takes_some = !takes_none && policy->mode != MPOL_PREFERRED;
	struct spec_cpus nodes;

	if (policy->nodes && spec_cpu_list_parse(policy->nodes, &nodes) < 0)
		return spec_check_fail(checker, "linux.memoryPolicy.nodes", "want a list such as 0-1,3, got \"%.40s\"",
				       policy->nodes);
	if (takes_none && (policy->nodes || policy->flags))
		return spec_check_fail(checker, "linux.memoryPolicy", "%s takes no nodes and no flags", mode);
	if (takes_some && !policy->nodes)
		return spec_check_fail(checker, "linux.memoryPolicy", "%s needs nodes", mode);
	if ((policy->flags & MPOL_F_STATIC_NODES) && (policy->flags & MPOL_F_RELATIVE_NODES))
		return spec_check_fail(checker, "linux.memoryPolicy.flags",
				       "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other");
	return 0;
}

static int check_linux_objects(const struct spec_checker *checker, const struct spec_linux *linux)
{
	struct spec_checker inner = *checker;

	if (linux->memory_policy && check_memory_policy(checker, linux->memory_policy) < 0)
		return -1;
	inner.prefix = "linux.resources.";
	if (linux->resources && spec_check_resources(&inner, linux->resources) < 0)
		return -1;
	inner.prefix = "linux.landlock.";
	if (linux->landlock && spec_check_landlock(&inner, linux->landlock) < 0)
		return -1;
	inner.prefix = "linux.seccomp.";
	return linux->seccomp ? spec_check_seccomp(&inner, linux->seccomp) : 0;
}

int spec_check_linux(const struct spec_checker *checker, const struct spec *spec)
{
	const struct spec_linux *linux = spec->linux;
	size_t i;

	if (check_namespaces(checker, linux) < 0 || check_user_namespace(checker, linux) < 0 ||
	    check_isolated(checker, spec) < 0 || check_mounts(checker, &spec->mounts) < 0 ||
	    check_net_devices(checker, linux) < 0)
		return -1;
	for (i = 0; i < linux->sysctl.count; i++)
		if (check_sysctl(checker, spec, linux->sysctl.items[i].key) < 0)
			return -1;
	for (i = 0; i < linux->devices.count; i++)
		if (check_device(checker, &linux->devices.items[i], i) < 0)
			return -1;
	return check_linux_objects(checker, linux);
}
