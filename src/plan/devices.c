/*
 * plan/devices.c - the device rules of linux.resources.devices, worked out for cgroup v1 and compiled for v2.
 *
 * Runs in the runtime process, pure.  It must not know which of the two the host has: plan/cgroup.c chooses.
 */
#include "plan/devices.h"

#include <linux/bpf.h>
#include <string.h>

_Static_assert((int)DEVICE_MKNOD == (int)BPF_DEVCG_ACC_MKNOD && (int)DEVICE_READ == (int)BPF_DEVCG_ACC_READ &&
	       (int)DEVICE_WRITE == (int)BPF_DEVCG_ACC_WRITE, "access bits are the kernel's");

/* dev_t inside the kernel has 12 and 20 bits: no device has larger numbers (include/linux/kdev_t.h). */
#define MAJOR_MAX ((1 << 12) - 1)
#define MINOR_MAX ((1 << 20) - 1)

/*
 * What every container gets, whatever its rules say: nodes of any device may be made (using them is another matter),
 * and the devices of the spec's list of default devices, with ptys and tun, work.  Engines rely on this list of runc's.
 */
static const struct plan_device_rule builtin_rules[] = {
	{ true, true, 'c', -1, -1, DEVICE_MKNOD, 0 },
	{ true, true, 'b', -1, -1, DEVICE_MKNOD, 0 },
	{ true, true, 'c', 1, 3, DEVICE_ACCESS_ALL, 0 },    /* /dev/null */
	{ true, true, 'c', 1, 5, DEVICE_ACCESS_ALL, 0 },    /* /dev/zero */
	{ true, true, 'c', 1, 7, DEVICE_ACCESS_ALL, 0 },    /* /dev/full */
	{ true, true, 'c', 1, 8, DEVICE_ACCESS_ALL, 0 },    /* /dev/random */
	{ true, true, 'c', 1, 9, DEVICE_ACCESS_ALL, 0 },    /* /dev/urandom */
	{ true, true, 'c', 5, 0, DEVICE_ACCESS_ALL, 0 },    /* /dev/tty */
	{ true, true, 'c', 5, 2, DEVICE_ACCESS_ALL, 0 },    /* /dev/ptmx */
	{ true, true, 'c', 136, -1, DEVICE_ACCESS_ALL, 0 }, /* /dev/pts/N */
	{ true, true, 'c', 10, 200, DEVICE_ACCESS_ALL, 0 }, /* /dev/net/tun */
};
#define BUILTIN_COUNT (sizeof(builtin_rules) / sizeof(builtin_rules[0]))

static int number_take(const struct opt_i64 *from, int64_t max, const char *name, size_t index, int64_t *to,
		       struct err *err)
{
	*to = from->is_set ? from->value : -1;
	if (*to < -1 || *to > max)
		return err_set(err, ERR_CONFIG, "linux.resources.devices[%zu].%s: no device has the number %lld", index,
			       name, (long long)*to);
	return 0;
}

static int access_take(const char *text, size_t index, uint32_t *access, struct err *err)
{
	*access = 0;
	if (text == NULL || text[0] == '\0')
		*access = DEVICE_ACCESS_ALL;
	for (; text != NULL && *text != '\0'; text++) {
		switch (*text) {
		case 'm': *access |= DEVICE_MKNOD; break;
		case 'r': *access |= DEVICE_READ; break;
		case 'w': *access |= DEVICE_WRITE; break;
		default:
			return err_set(err, ERR_CONFIG,
				       "linux.resources.devices[%zu].access: want letters out of \"rwm\", got '%c'",
				       index, *text);
		}
	}
	return 0;
}

static int rule_take(const struct spec_device_rule *from, size_t index, struct plan_device_rule *to, struct err *err)
{
	to->is_allow = from->allow;
	to->is_builtin = false;
	to->type = (char)(from->type == 'u' ? 'c' : from->type);
	to->index = index;
	if (to->type == '\0')
		to->type = 'a';
	if (strchr("abc", to->type) == NULL)
		return err_set(err, ERR_CONFIG, "linux.resources.devices[%zu].type: want \"a\", \"b\" or \"c\"", index);
	if (number_take(&from->major, MAJOR_MAX, "major", index, &to->major, err) < 0 ||
	    number_take(&from->minor, MINOR_MAX, "minor", index, &to->minor, err) < 0)
		return -1;
	return access_take(from->access, index, &to->access, err);
}

static bool covers_everything(const struct plan_device_rule *rule)
{
	return rule->type == 'a' && rule->major == -1 && rule->minor == -1 && rule->access == DEVICE_ACCESS_ALL;
}

int plan_devices_collect(struct arena *arena, const struct spec_device_rule_list *list, struct plan_device_rules *rules,
                         bool *default_allow, struct err *err)
{
	rules->items = arena_alloc_array(arena, list->count + BUILTIN_COUNT, sizeof(*rules->items));
	rules->count = 0;
	*default_allow = false;
	for (size_t i = 0; i < list->count; i++) {
		struct plan_device_rule *rule = &rules->items[rules->count];

		if (rule_take(&list->items[i], i, rule, err) < 0)
			return -1;
		if (covers_everything(rule)) {
			*default_allow = rule->is_allow;
			rules->count = 0;
		} else {
			rules->count++;
		}
	}
	/* On top of "everything is allowed" without exceptions they would say nothing new. */
	if (*default_allow && rules->count == 0)
		return 0;
	memcpy(&rules->items[rules->count], builtin_rules, sizeof(builtin_rules));
	rules->count += BUILTIN_COUNT;
	return 0;
}

/* --- cgroup v1 --- */

static bool number_within(int64_t inner, int64_t outer)
{
	return outer == -1 || inner == outer;
}

static bool is_within(const struct plan_device_rule *inner, const struct plan_device_rule *outer)
{
	return inner->type == outer->type && number_within(inner->major, outer->major) &&
	       number_within(inner->minor, outer->minor);
}

static bool numbers_meet(int64_t a, int64_t b)
{
	return a == -1 || b == -1 || a == b;
}

static bool rules_meet(const struct plan_device_rule *a, const struct plan_device_rule *b)
{
	return a->type == b->type && numbers_meet(a->major, b->major) && numbers_meet(a->minor, b->minor) &&
	       (a->access & b->access) != 0;
}

/* Adds an exception; what others say already is not said again, so that each rule costs at most one write. */
static void list_add(struct plan_device_list *list, const struct plan_device_rule *rule)
{
	struct plan_device_rule added = *rule;

	for (size_t i = 0; i < list->count; i++) {
		struct plan_device_rule *item = &list->items[i];

		if (is_within(&added, item) && is_within(item, &added)) {
			/* What the config asks for must be written, even where a built-in rule says the same. */
			item->is_builtin = item->is_builtin && added.is_builtin;
			item->access |= added.access;
			return;
		}
		if (is_within(&added, item))
			added.access &= ~item->access;
	}
	if (added.access != 0) {
		added.access = rule->access;
		list->items[list->count++] = added;
	}
}

static int list_remove(struct plan_device_list *list, const struct plan_device_rule *rule, struct err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct plan_device_rule *item = &list->items[i];

		if (is_within(item, rule))
			item->access &= ~rule->access;
		else if (rules_meet(item, rule) && !rule->is_builtin)
			/* A built-in rule gives way: what the config forbids stays forbidden. */
			return err_set(err, ERR_UNSUPPORTED,
				       "linux.resources.devices[%zu]: cgroup v1 can't take a part out "
				       "of a wider rule before it",
				       rule->index);
		if (item->access != 0)
			list->items[kept++] = *item;
	}
	list->count = kept;
	return 0;
}

static int list_apply(struct plan_device_list *list, const struct plan_device_rule *rule, struct err *err)
{
	if (rule->is_allow == list->default_allow)
		return list_remove(list, rule, err);
	list_add(list, rule);
	return 0;
}

int plan_devices_list(struct arena *arena, const struct plan_device_rules *rules, bool default_allow,
                      struct plan_device_list *out, struct err *err)
{
	out->default_allow = default_allow;
	out->count = 0;
	/* A rule for both types becomes two exceptions: with 'a' the kernel ignores the numbers. */
	out->items = arena_alloc_array(arena, 2 * rules->count, sizeof(*out->items));
	for (size_t i = 0; i < rules->count; i++) {
		struct plan_device_rule rule = rules->items[i];
		bool is_both = rule.type == 'a';

		if (is_both)
			rule.type = 'b';
		if (list_apply(out, &rule, err) < 0)
			return -1;
		if (!is_both)
			continue;
		rule.type = 'c';
		if (list_apply(out, &rule, err) < 0)
			return -1;
	}
	return 0;
}

/* --- cgroup v2 --- */

/* Registers of the program; R0 is the result, R1 the context. */
enum { REG_RESULT = 0, REG_CONTEXT = 1, REG_TYPE = 2, REG_ACCESS = 3, REG_MAJOR = 4, REG_MINOR = 5, REG_SCRATCH = 6 };

#define RULE_INSNS_MAX 8  /* what emit_rule() writes at most */
#define START_INSNS 6
#define END_INSNS 2

struct program { struct bpf_insn *insns; size_t count; };

static void emit(struct program *program, uint8_t code, unsigned to, unsigned from, int16_t offset, int32_t value)
{
	struct bpf_insn *insn = &program->insns[program->count++];

	insn->code = code;
	insn->dst_reg = to & 0xf;
	insn->src_reg = from & 0xf;
	insn->off = offset;
	insn->imm = value;
}

static void emit_return(struct program *program, bool is_allowed)
{
	emit(program, BPF_ALU | BPF_MOV | BPF_K, REG_RESULT, 0, 0, is_allowed ? 1 : 0);
	emit(program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* Splits struct bpf_cgroup_dev_ctx: access_type has the type in its low half and the access bits in its high half. */
static void emit_start(struct program *program)
{
	const uint8_t load = BPF_LDX | BPF_MEM | BPF_W;

	emit(program, load, REG_TYPE, REG_CONTEXT, offsetof(struct bpf_cgroup_dev_ctx, access_type), 0);
	emit(program, BPF_ALU | BPF_MOV | BPF_X, REG_ACCESS, REG_TYPE, 0, 0);
	emit(program, BPF_ALU | BPF_AND | BPF_K, REG_TYPE, 0, 0, 0xffff);
	emit(program, BPF_ALU | BPF_RSH | BPF_K, REG_ACCESS, 0, 0, 16);
	emit(program, load, REG_MAJOR, REG_CONTEXT, offsetof(struct bpf_cgroup_dev_ctx, major), 0);
	emit(program, load, REG_MINOR, REG_CONTEXT, offsetof(struct bpf_cgroup_dev_ctx, minor), 0);
}

/*
 * REG_ACCESS holds the bits that no later rule has decided yet.  A deny rule that meets one of them ends with "no"; an
 * allow rule takes its bits away, and "yes" is when none is left.
 */
static void emit_rule(struct program *program, const struct plan_device_rule *rule)
{
	const uint8_t jump_if_other = BPF_JMP | BPF_JNE | BPF_K;
	size_t start = program->count;

	if (rule->type != 'a')
		emit(program, jump_if_other, REG_TYPE, 0, 0,
		     rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	if (rule->major != -1)
		emit(program, jump_if_other, REG_MAJOR, 0, 0, (int32_t)rule->major);
	if (rule->minor != -1)
		emit(program, jump_if_other, REG_MINOR, 0, 0, (int32_t)rule->minor);
	if (rule->is_allow) {
		emit(program, BPF_ALU | BPF_AND | BPF_K, REG_ACCESS, 0, 0,
		     (int32_t)(DEVICE_ACCESS_ALL & ~rule->access));
		emit(program, jump_if_other, REG_ACCESS, 0, 0, 0);
	} else {
		emit(program, BPF_ALU | BPF_MOV | BPF_X, REG_SCRATCH, REG_ACCESS, 0, 0);
		emit(program, BPF_ALU | BPF_AND | BPF_K, REG_SCRATCH, 0, 0, (int32_t)rule->access);
		emit(program, BPF_JMP | BPF_JEQ | BPF_K, REG_SCRATCH, 0, 0, 0);
	}
	emit_return(program, rule->is_allow);
	for (size_t i = start; i < program->count; i++) {
		uint8_t code = program->insns[i].code;

		if (code == (BPF_JMP | BPF_JNE | BPF_K) || code == (BPF_JMP | BPF_JEQ | BPF_K))
			program->insns[i].off = (int16_t)(program->count - i - 1);
	}
}

static bool has_deny(const struct plan_device_rules *rules, bool default_allow)
{
	bool found = !default_allow;

	for (size_t i = 0; i < rules->count; i++)
		found = found || !rules->items[i].is_allow;
	return found;
}

const void *plan_devices_program(struct arena *arena, const struct plan_device_rules *rules, bool default_allow,
                                 size_t *size)
{
	struct program program = { NULL, 0 };

	*size = 0;
	if (!has_deny(rules, default_allow))
		return NULL;
	program.insns = arena_alloc_array(arena, START_INSNS + rules->count * RULE_INSNS_MAX + END_INSNS,
					  sizeof(*program.insns));
	emit_start(&program);
	for (size_t i = rules->count; i > 0; i--)
		emit_rule(&program, &rules->items[i - 1]);
	emit_return(&program, default_allow);
	*size = program.count * sizeof(*program.insns);
	return program.insns;
}
