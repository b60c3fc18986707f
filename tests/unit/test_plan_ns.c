/*
 * test_plan_ns.c - every combination of none, new and joined for the eight namespaces, rootful and rootless.
 *
 * Pure: plans are built and looked at, nothing is run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <string.h>

#include "plan/ns.h"
#include "plan/plan.h"

#define COMBINATIONS 6561 /* 3 to the power of 8 */

/* How often something was done to one type of namespace, and when. */
struct seen {
	unsigned made;
	unsigned joined;
	size_t op;       /* the op that did it; ops_before for the spawn */
};

struct combination {
	struct spec spec;
	struct spec_linux config;
	struct spec_process process;
	struct spec_root root;
	struct spec_namespace namespaces[NS_KIND_COUNT];
	enum plan_ns_wish wishes[NS_KIND_COUNT];
	struct host host;
};

static struct spec_id_map id_map = { .container_id = 0, .host_id = 100000, .size = 65536 };
static char root_path[] = "/root", cwd[] = "/", program[] = "/bin/true", ns_path[] = "/proc/7/ns/x";
static char *args[] = { program, NULL };

static void combine(struct combination *c, unsigned number, uint32_t euid)
{
	*c = (struct combination){ .host = { .facts = HOST_ALL, .euid = euid, .egid = euid, .last_cap = 40 } };
	c->root.path = root_path;
	c->process.args = (struct str_list){ args, 1 };
	c->process.cwd = cwd;
	for (int kind = 0; kind < NS_KIND_COUNT; kind++, number /= NS_WISH_COUNT) {
		c->wishes[kind] = (enum plan_ns_wish)(number % NS_WISH_COUNT);
		if (c->wishes[kind] == NS_WISH_NONE)
			continue;
		struct spec_namespace *ns = &c->namespaces[c->config.namespaces.count++];
		ns->type = plan_ns_flag((enum plan_ns_kind)kind);
		ns->path = c->wishes[kind] == NS_WISH_JOIN ? ns_path : NULL;
	}
	c->config.namespaces.items = c->namespaces;
	if (c->wishes[NS_USER] == NS_WISH_NEW) {
		c->config.uid_mappings = (struct spec_id_map_list){ &id_map, 1 };
		c->config.gid_mappings = c->config.uid_mappings;
	}
	c->spec = (struct spec){ .root = &c->root, .process = &c->process, .linux = &c->config };
}

static void note_slot(const struct plan *plan, uint32_t slot, struct seen *seen)
{
	if (slot == SLOT_NONE)
		return;
	assert_true(slot < plan->slot_count);
	assert_int_equal(plan->slots[slot].source, PLAN_SLOT_NAMESPACE);
	seen[plan_ns_kind(plan->slots[slot].ns_type)].joined++;
}

static void note_made(uint32_t flags, struct seen *seen, size_t op)
{
	for (int kind = 0; kind < NS_KIND_COUNT; kind++) {
		if ((flags & plan_ns_flag((enum plan_ns_kind)kind)) == 0)
			continue;
		seen[kind].made++;
		seen[kind].op = op;
	}
}

static void note_ops(const struct plan *plan, struct seen *seen)
{
	for (size_t i = 0; i < plan->op_count; i++) {
		const struct plan_op *op = &plan->ops[i];
		if (op->kind == OP_UNSHARE)
			note_made(op->u.unshare.flags, seen, i);
		if (op->kind != OP_JOIN)
			continue;
		assert_int_equal(plan->slots[op->u.join.slot].ns_type, op->u.join.ns_type);
		note_slot(plan, op->u.join.slot, seen);
		seen[plan_ns_kind(op->u.join.ns_type)].op = i;
	}
}

static size_t find_op(const struct plan *plan, enum plan_op_kind kind)
{
	size_t i = 0;
	while (i < plan->op_count && plan->ops[i].kind != kind)
		i++;
	return i;
}

/* Every wish is fulfilled once, in one place. */
static void check_wishes(const struct combination *c, const struct plan *plan, const struct seen *seen)
{
	unsigned helped = plan->spawn.pid_slot != SLOT_NONE;

	for (int kind = 0; kind < NS_KIND_COUNT; kind++) {
		assert_int_equal(seen[kind].made, c->wishes[kind] == NS_WISH_NEW);
		assert_int_equal(seen[kind].joined, c->wishes[kind] == NS_WISH_JOIN);
	}
	assert_int_equal(helped, c->wishes[NS_PID] == NS_WISH_JOIN);
	assert_int_equal(plan->spawn.user_slot != SLOT_NONE, c->wishes[NS_USER] == NS_WISH_JOIN);
	assert_int_equal(plan->spawn.has_new_user_ns, c->wishes[NS_USER] == NS_WISH_NEW);
	assert_int_equal(plan->has_own_pid_ns, c->wishes[NS_PID] == NS_WISH_NEW);
	assert_int_equal(plan->has_mount_ns, c->wishes[NS_MOUNT] != NS_WISH_NONE);
}

/* What the kernel's rules ask of the order; see the head of src/plan/ns.c. */
static void check_order(const struct combination *c, const struct plan *plan, const struct seen *seen)
{
	bool has_joins = find_op(plan, OP_JOIN) < plan->op_count;

	/* Nothing that exists belongs to a user namespace that the clone makes, so nothing is joined after it. */
	if (c->wishes[NS_USER] == NS_WISH_NEW)
		assert_false(has_joins);
	/* Without a user namespace there is nothing to be early for. */
	if (c->wishes[NS_USER] == NS_WISH_NONE)
		assert_int_equal(plan->spawn.early_count, 0);
	/* Root joins what may belong to the parent before it enters; others have rights only inside. */
	if (c->wishes[NS_USER] == NS_WISH_JOIN)
		assert_false(c->host.euid == 0 ? has_joins : plan->spawn.early_count > 0);
	/* The mount namespace is the last that is joined: it changes what paths mean. */
	for (int kind = 0; has_joins && c->wishes[NS_MOUNT] == NS_WISH_JOIN && kind < NS_MOUNT; kind++) {
		if (c->wishes[kind] == NS_WISH_JOIN && kind != NS_PID && kind != NS_USER)
			assert_true(seen[kind].op < seen[NS_MOUNT].op);
	}
	/* A joined user namespace lets init do less than its helper. */
	assert_int_equal(plan->spawn.has_helper_time,
	                 c->wishes[NS_TIME] == NS_WISH_NEW && c->wishes[NS_USER] == NS_WISH_JOIN);
	if (c->wishes[NS_TIME] == NS_WISH_NEW && !plan->spawn.has_helper_time)
		assert_int_equal(find_op(plan, OP_TIME_OFFSETS), seen[NS_TIME].op + 1);
	if (c->wishes[NS_CGROUP] == NS_WISH_NEW) {
		const struct plan_op *before = &plan->ops[seen[NS_CGROUP].op - 1];
		assert_int_equal(before->kind, OP_SYNC);
		assert_int_equal(before->u.sync.point, SYNC_CGROUP);
	}
}

static void check_root(const struct combination *c, const struct plan *plan)
{
	const struct op_root *root = &plan->ops[find_op(plan, OP_ROOT)].u.root;
	const struct op_pivot *pivot = &plan->ops[find_op(plan, OP_PIVOT)].u.pivot;
	bool is_new = c->wishes[NS_MOUNT] == NS_WISH_NEW;

	assert_int_equal(pivot->method, is_new ? PIVOT_ROOT : PIVOT_CHROOT);
	assert_int_equal(root->flags != 0, is_new);
	assert_int_equal(find_op(plan, OP_PROPAGATION) < plan->op_count, is_new);
	assert_int_equal(root->slot != SLOT_NONE,
	                 is_new && c->wishes[NS_USER] != NS_WISH_NONE && c->host.euid == 0);
	assert_int_equal(find_op(plan, OP_LOOPBACK) < plan->op_count, c->wishes[NS_NET] == NS_WISH_NEW);
}

static void check_combination(unsigned number, uint32_t euid)
{
	_cleanup_arena_ struct arena arena = ARENA_INIT;
	struct plan_options options = { .id = "test", .bundle = "/bundle", .cgroup_manager = CGROUP_CGROUPFS };
	struct host_hierarchy unified = { 2, "", "memory", "/sys/fs/cgroup", "/", "/" };
	struct seen seen[NS_KIND_COUNT] = { 0 };
	struct combination c;
	struct plan plan;
	struct err err = ERR_INIT;

	combine(&c, number, euid);
	c.host.cgroup_mode = HOST_CGROUP_V2;
	c.host.hierarchies = &unified;
	c.host.hierarchy_count = 1;
	if (plan_build(&arena, &c.spec, &c.host, &options, &plan, &err) || plan_check(&plan, &err))
		fail_msg("combination %u as %u: %s", number, euid, err.text);
	note_made(plan.spawn.clone_flags, seen, 0);
	note_slot(&plan, plan.spawn.pid_slot, seen);
	note_slot(&plan, plan.spawn.user_slot, seen);
	for (uint32_t i = 0; i < plan.spawn.early_count; i++)
		note_slot(&plan, plan.spawn.early_slots[i], seen);
	note_made(plan.spawn.has_helper_time ? plan_ns_flag(NS_TIME) : 0, seen, 0);
	note_ops(&plan, seen);
	check_wishes(&c, &plan, seen);
	check_order(&c, &plan, seen);
	check_root(&c, &plan);
}

static void test_all_rootful(void **state)
{
	(void)state;
	for (unsigned number = 0; number < COMBINATIONS; number++)
		check_combination(number, 0);
}

static void test_all_rootless(void **state)
{
	(void)state;
	for (unsigned number = 0; number < COMBINATIONS; number++)
		check_combination(number, 1000);
}

static void test_flags_and_words(void **state)
{
	(void)state;
	for (int kind = 0; kind < NS_KIND_COUNT; kind++) {
		assert_int_equal(plan_ns_kind(plan_ns_flag((enum plan_ns_kind)kind)), kind);
		assert_non_null(plan_ns_word((enum plan_ns_kind)kind));
	}
	assert_int_equal(plan_ns_kind(CLONE_VM), NS_KIND_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags_and_words),
		cmocka_unit_test(test_all_rootful),
		cmocka_unit_test(test_all_rootless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
