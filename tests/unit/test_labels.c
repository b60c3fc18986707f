/*
 * test_labels.c - labels of the security modules, by the init program: what can be shown where none of them is on.
 *
 * tests/vm/apparmor.bats has more.
 */
#include "init_runner.h"

static void test_label_absent(void **state)
{
	const char *const files[] = { "nosuchlsm/exec", NULL };
	struct plan_op *op;
	struct run run;

	(void)state;
	begin();
	op = builder_op(&builder, OP_LABEL, PHASE_IDENTITY);
	op->u.label.value = builder_str(&builder, "web_t");
	op->u.label.files = builder_list(&builder, files);
	end_with_script("exit 0");
	run = run_plan();
	expect_error(&run, ERR_UNSUPPORTED,
	             "security label \"web_t\": this kernel has no /proc/self/attr/nosuchlsm/exec");
}

/* Without a security module nobody takes the label of keys, and where there is one it doesn't know this one. */
static void test_key_label(void **state)
{
	struct plan_op *op;
	struct run run;

	(void)state;
	if (access("/proc/self/attr/keycreate", W_OK) != 0)
		skip();
	begin();
	op = builder_op(&builder, OP_KEYRING, PHASE_ISOLATE);
	op->u.keyring.label = builder_str(&builder, "web_t");
	end_with_script("exit 0");
	run = run_plan();
	expect_error(&run, ERR_SYSTEM, "write security label \"web_t\" to /proc/self/attr/keycreate");
	begin();
	(void)builder_op(&builder, OP_KEYRING, PHASE_ISOLATE);
	end_with_script("exit 0");
	run = run_plan();
	expect_exit(&run, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_label_absent),
		cmocka_unit_test(test_key_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
