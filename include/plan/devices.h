/*
 * plan/devices.h - the container's device rules, as v1 writes or as a v2 program.
 *
 * Both mean the same: the config's rules in their order, where the last rule that matches a device decides, after a
 * start at "deny everything", and then the few devices that every container may use.  Pure; runtime process only.
 */
#ifndef PLAN_DEVICES_H
#define PLAN_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "spec/resources.h"

/* Bits of plan_device_rule.access: the kernel's BPF_DEVCG_ACC_* numbers. */
enum plan_device_access {
	DEVICE_MKNOD = 1u << 0,
	DEVICE_READ = 1u << 1,
	DEVICE_WRITE = 1u << 2,
	DEVICE_ACCESS_ALL = 7u
};

/* A rule with every field settled. */
struct plan_device_rule {
	bool is_allow;
	bool is_builtin;      /* one that every container gets, not from the config */
	char type;            /* 'a', 'b' or 'c' */
	int64_t major;        /* -1: all */
	int64_t minor;
	uint32_t access;      /* enum plan_device_access */
	size_t index;         /* into linux.resources.devices */
};
struct plan_device_rules { struct plan_device_rule *items; size_t count; };

/*
 * The ordered rules: the config's, then the built-in ones.  Rules before the last one that covers everything are left
 * out, and *default_allow says what that one was (false when there was none).
 * Errors: ERR_CONFIG "linux.resources.devices[2].major: ...".
 */
int plan_devices_collect(struct arena *arena, const struct spec_device_rule_list *list, struct plan_device_rules *rules,
                         bool *default_allow, struct err *err);

/* What a v1 devices hierarchy must hold: a default and the exceptions from it. */
struct plan_device_list { bool default_allow; struct plan_device_rule *items; size_t count; };

/*
 * Works out the v1 list.  The kernel removes an exception only when type and numbers are equal and says nothing when
 * they are not (security/device_cgroup.c), so the rules are applied here, and only their result is written.
 * Errors: ERR_UNSUPPORTED for what such a list can't express: a hole in a wider exception.
 */
int plan_devices_list(struct arena *arena, const struct plan_device_rules *rules, bool default_allow,
                      struct plan_device_list *out, struct err *err);

/*
 * The program for BPF_CGROUP_DEVICE: an array of struct bpf_insn in the arena, *size bytes; NULL and 0 when nothing is
 * denied. Each of mknod, read and write of a request is decided by the last rule that matches it; all must be allowed.
 */
const void *plan_devices_program(struct arena *arena, const struct plan_device_rules *rules, bool default_allow,
                                 size_t *size);

#endif
