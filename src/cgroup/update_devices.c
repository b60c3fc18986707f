/*
 * cgroup/update_devices.c - new device rules for a cgroup in use.
 *
 * Runs in the runtime process.  It must not allow anything on the way that neither the old nor the new rules allow.
 */
#include <errno.h>
#include <string.h>

#include "base/fd.h"
#include "plan/devices.h"
#include "sys/bpf.h"
#include "sys/file.h"
#include "update.h"

#define ORIGIN "linux.resources.devices"
#define LIST_SIZE_MAX 65536
/* The kernel attaches at most 64 programs to a cgroup (BPF_CGROUP_MAX_PROGS). */
#define PROGRAMS_MAX 64

/* --- cgroup v1 --- */

/* An exception from the default: "c 1:3", and enum plan_device_access. */
struct exception { const char *device; uint32_t access; const char *origin; bool is_optional; };

struct rules { bool default_allow; struct exception *items; size_t count; };

static struct exception *rules_add(struct arena *arena, struct rules *rules, const char *text, size_t length)
{
	struct exception *item;
	size_t end = length;

	rules->items = arena_grow(arena, rules->items, rules->count, sizeof(*rules->items));
	item = &rules->items[rules->count++];
	*item = (struct exception){ .origin = ORIGIN };
	for (; end > 0 && text[end - 1] != ' '; end--)
		item->access |= text[end - 1] == 'm' ? DEVICE_MKNOD :
				text[end - 1] == 'r' ? DEVICE_READ : DEVICE_WRITE;
	item->device = arena_strndup(arena, text, end > 0 ? end - 1 : 0);
	return item;
}

/* devices.list: a cgroup that allows by default shows only that ("a *:* rwm"), not its exceptions. */
static int rules_read(struct arena *arena, const struct cgroup_leaf *leaf, struct rules *rules, struct err *err)
{
	char *text = arena_alloc(arena, LIST_SIZE_MAX);
	int result = sys_file_read_at(leaf->fd, "devices.list", text, LIST_SIZE_MAX, NULL);

	*rules = (struct rules){ .default_allow = text[0] == 'a' };
	if (result < 0)
		return err_sys(err, result, ORIGIN ": read %s/devices.list", leaf->path);
	while (*text != '\0' && !rules->default_allow) {
		size_t length = strcspn(text, "\n");

		rules_add(arena, rules, text, length);
		text += length + (text[length] == '\n');
	}
	return 0;
}

/* plan/cgroup_devices.c writes "a" to one of the two files first, then the exceptions. */
static bool rules_take(struct arena *arena, const struct plan_cgroup *plan, struct rules *rules)
{
	bool has_default = false;

	*rules = (struct rules){ 0 };
	for (size_t i = 0; i < plan->write_count; i++) {
		const struct plan_cgroup_write *write = &plan->writes[i];
		struct exception *item;

		if (strcmp(write->controller, "devices") != 0)
			continue;
		if (!has_default) {
			rules->default_allow = strcmp(write->file, "devices.allow") == 0;
			has_default = true;
			continue;
		}
		item = rules_add(arena, rules, write->text, strlen(write->text));
		item->origin = write->origin;
		item->is_optional = write->need == WRITE_OPTIONAL;
	}
	return has_default;
}

static const struct exception *rules_find(const struct rules *rules, const char *device)
{
	for (size_t i = 0; i < rules->count; i++)
		if (strcmp(rules->items[i].device, device) == 0)
			return &rules->items[i];
	return NULL;
}

static int rule_write(const struct cgroup_leaf *leaf, bool is_allow, const struct exception *item, uint32_t access,
		      struct err *err)
{
	const char *file = is_allow ? "devices.allow" : "devices.deny";
	char text[80];
	size_t length = strlen(item->device);
	int result;

	if (access == 0 || length + 6 > sizeof(text))
		return 0;
	memcpy(text, item->device, length);
	text[length++] = ' ';
	if (access & DEVICE_READ)
		text[length++] = 'r';
	if (access & DEVICE_WRITE)
		text[length++] = 'w';
	if (access & DEVICE_MKNOD)
		text[length++] = 'm';
	text[length] = '\0';
	result = sys_file_write_at(leaf->fd, file, text, length);
	if (result < 0 && !item->is_optional)
		return err_sys(err, result, "%s: write \"%s\" to %s/%s", item->origin, text, leaf->path, file);
	return 0;
}

/* From one list of what is allowed to another: additions first. */
static int rules_change(const struct cgroup_leaf *leaf, const struct rules *from, const struct rules *to,
			struct err *err)
{
	for (size_t i = 0; i < to->count; i++) {
		const struct exception *old = rules_find(from, to->items[i].device);

		if (rule_write(leaf, true, &to->items[i], to->items[i].access & ~(old ? old->access : 0), err) < 0)
			return -1;
	}
	for (size_t i = 0; i < from->count; i++) {
		const struct exception *new = rules_find(to, from->items[i].device);

		if (rule_write(leaf, false, &from->items[i], from->items[i].access & ~(new ? new->access : 0), err) < 0)
			return -1;
	}
	return 0;
}

/* With another default, or the same one of "allow", whose exceptions the kernel doesn't tell. */
static int rules_replace(const struct cgroup_leaf *leaf, const struct rules *to, bool *has_begun, struct err *err)
{
	const char *file = to->default_allow ? "devices.allow" : "devices.deny";
	int result = sys_file_write_at(leaf->fd, file, "a", 1);

	if (result < 0)
		return err_sys(err, result, ORIGIN ": write \"a\" to %s/%s", leaf->path, file);
	*has_begun = true;
	for (size_t i = 0; i < to->count; i++)
		if (rule_write(leaf, !to->default_allow, &to->items[i], to->items[i].access, err) < 0)
			return -1;
	return 0;
}

/* Back to rules that were read from a cgroup that denies by default. */
static int rules_undo(struct arena *arena, const struct cgroup_leaf *leaf, const struct rules *old, struct err *err)
{
	struct err failure = ERR_INIT;
	struct rules now;
	bool has_begun;

	if (rules_read(arena, leaf, &now, &failure) == 0 &&
	    (now.default_allow ? rules_replace(leaf, old, &has_begun, &failure) :
				 rules_change(leaf, &now, old, &failure)) == 0)
		return -1;
	return err_prefix(err, "the device rules are half changed (%s)", failure.text);
}

int cgroup_devices_update_v1(struct arena *arena, const struct plan_cgroup *plan, const struct cgroup_leaf *leaf,
			     struct err *err)
{
	struct rules old, new;
	bool has_begun = false;
	int result;

	if (!rules_take(arena, plan, &new))
		return 0;
	if (leaf == NULL)
		return err_set(err, ERR_UNSUPPORTED, ORIGIN ": the container has no devices cgroup");
	if (rules_read(arena, leaf, &old, err) < 0)
		return -1;
	if (!old.default_allow && !new.default_allow)
		result = rules_change(leaf, &old, &new, err);
	else
		result = rules_replace(leaf, &new, &has_begun, err);
	if (result == 0)
		return 0;
	if (!old.default_allow)
		return rules_undo(arena, leaf, &old, err);
	return has_begun ? err_prefix(err, "the device rules are half changed, as the kernel doesn't tell those of a "
					   "cgroup that allows by default") : -1;
}

/* --- cgroup v2 --- */

struct programs { int fds[PROGRAMS_MAX]; uint32_t count; };

static void programs_close(struct programs *programs)
{
	for (uint32_t i = 0; i < programs->count; i++)
		fd_close(&programs->fds[i]);
}

#define _cleanup_programs_ __attribute__((cleanup(programs_close)))

/* Those that runlet attached: systemd has one of its own there. */
static int programs_open(int directory, struct programs *programs, struct err *err)
{
	uint32_t ids[PROGRAMS_MAX], count;
	int result = sys_bpf_query_devices(directory, ids, PROGRAMS_MAX, &count);

	if (result < 0)
		return err_sys(err, result, ORIGIN ": bpf BPF_PROG_QUERY");
	for (uint32_t i = 0; i < count; i++) {
		_cleanup_fd_ int fd = sys_bpf_open_program(ids[i]);

		if (fd < 0)
			return err_sys(err, fd, ORIGIN ": bpf BPF_PROG_GET_FD_BY_ID");
		result = sys_bpf_is_ours(fd);
		if (result < 0)
			return err_sys(err, result, ORIGIN ": bpf BPF_OBJ_GET_INFO_BY_FD");
		if (result > 0)
			programs->fds[programs->count++] = fd_take(&fd);
	}
	return 0;
}

int cgroup_devices_update_v2(const struct plan_cgroup *plan, const struct cgroup *cgroup, struct err *err)
{
	_cleanup_fd_ int directory = cgroup_open_clone_fd(cgroup);
	_cleanup_fd_ int program = -1;
	_cleanup_programs_ struct programs old = { .count = 0 };
	int result;

	if (directory < 0)
		return err_set(err, ERR_UNSUPPORTED, ORIGIN ": the container has no cgroup v2 to attach them to");
	if (programs_open(directory, &old, err) < 0)
		return -1;
	if (plan->device_program != NULL) {
		program = cgroup_devices_load(plan, err);
		if (program < 0)
			return -1;
		result = sys_bpf_attach_device(directory, program, BPF_F_ALLOW_MULTI);
		if (result < 0)
			return err_sys(err, result, ORIGIN ": bpf BPF_PROG_ATTACH");
	}
	/* Until the last old one is gone, only what all of them allow is allowed. */
	for (uint32_t i = 0; i < old.count; i++) {
		result = sys_bpf_detach_device(directory, old.fds[i]);
		if (result == 0)
			continue;
		for (uint32_t j = 0; j < i; j++)
			sys_bpf_attach_device(directory, old.fds[j], BPF_F_ALLOW_MULTI);
		if (program >= 0)
			sys_bpf_detach_device(directory, program);
		return err_sys(err, result, ORIGIN ": bpf BPF_PROG_DETACH");
	}
	return 0;
}
