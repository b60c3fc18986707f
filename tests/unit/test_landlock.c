/*
 * test_landlock.c - the operations of linux.landlock, by the init program: what is forbidden and what is allowed again,
 * hostile paths, and rules whose files were swapped.
 *
 * Needs no root: no_new_privs is enough.  Skipped on kernels without Landlock, and what is newer than theirs.
 */
#include "init_runner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/landlock.h"
#include "sys/landlock.h"

#define WRITES (LANDLOCK_FS_WRITE_FILE | LANDLOCK_FS_MAKE_REG)

static int abi;
/* The root of the plans: a directory with what the tests need. */
static char root[64];

static char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static int make_root(void **state)
{
	(void)state;
	abi = sys_landlock_abi();
	snprintf(root, sizeof(root), "/tmp/runlet-landlock-%d", getpid());
	assert_int_equal(mkdir(root, 0755), 0);
	assert_int_equal(mkdir(path_of("data"), 0755), 0);
	assert_int_equal(mkdir(path_of("other"), 0755), 0);
	close(open(path_of("file"), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	assert_int_equal(symlink("/../../../data", path_of("link")), 0);
	assert_int_equal(symlink("loop", path_of("loop")), 0);
	return 0;
}

static int remove_root(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void need_abi(int wanted)
{
	if (abi < wanted)
		skip();
}

static void begin_ruleset(uint64_t fs, uint64_t net, uint64_t scoped)
{
	struct plan_op *op;

	builder_init(&builder);
	op = builder_op(&builder, OP_LANDLOCK, PHASE_IDENTITY);
	op->u.landlock = (struct op_landlock){ fs, net, scoped };
}

static struct plan_op *allow_path(const char *path, uint64_t allowed)
{
	struct plan_op *op = builder_op(&builder, OP_LANDLOCK_PATH, PHASE_IDENTITY);

	op->u.landlock_path = (struct op_landlock_path){ .path = builder_str(&builder, path), .allowed = allowed };
	return op;
}

/* Puts the enforcement in front of the last op, which is OP_EXEC. */
static void enforce(void)
{
	struct plan_op exec = builder.ops[builder.op_count - 1];

	builder.op_count--;
	builder_op(&builder, OP_NO_NEW_PRIVS, PHASE_EXEC);
	builder_op(&builder, OP_LANDLOCK_ENFORCE, PHASE_EXEC);
	*builder_op(&builder, OP_EXEC, PHASE_EXEC) = exec;
}

/* A run whose paths start at `root`, and what init says of them. */
static struct run run_in_root(struct wire_path *said, unsigned *said_count)
{
	struct run run = start_init(true);
	int root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct wire_message message;
	struct err err = ERR_INIT;

	*said_count = 0;
	send_slot(&run, SLOT_ROOT, root_fd);
	close(root_fd);
	say(&run, WIRE_GO);
	while (wire_receive(run.socket, &message, TIMEOUT_MS, &err) == 1) {
		if (message.header.type == WIRE_AT)
			say(&run, WIRE_CONTINUE);
		if (message.header.type == WIRE_PATH && (*said_count)++ == 0)
			*said = message.body.path;
		run.is_execing |= message.header.type == WIRE_EXECING;
		if (message.header.type == WIRE_ERROR)
			run.error = message.body.error.err;
		wire_message_close(&message);
	}
	assert_int_equal(waitpid(run.pid, &run.status, 0), run.pid);
	close(run.socket);
	return run;
}

static void end_with_writes(void)
{
	char script[512];

	snprintf(script, sizeof(script), "echo >%s/data/x || exit 1; (echo >%s/other/x) 2>&- && exit 2; exit 0",
	         root, root);
	end_with_script(script);
	enforce();
}

static void test_path(void **state)
{
	static const char *const names[] = { "/data", "data", "/link", "/other/../data", "//data/." };
	struct stat status;

	(void)state;
	need_abi(1);
	assert_int_equal(stat(path_of("data"), &status), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct wire_path said = { 0 };
		unsigned said_count;
		struct run run;

		begin_ruleset(WRITES, 0, 0);
		allow_path(names[i], WRITES);
		end_with_writes();
		run = run_in_root(&said, &said_count);
		expect_exit(&run, 0);
		assert_int_equal(said_count, 1);
		assert_int_equal(said.device, status.st_dev);
		assert_int_equal(said.inode, status.st_ino);
	}
}

static void expect_path_error(const char *name, uint64_t allowed, enum err_kind kind, const char *text)
{
	struct wire_path said;
	unsigned said_count;
	struct run run;

	begin_ruleset(WRITES | LANDLOCK_FS_READ_DIR, 0, 0);
	allow_path(name, allowed);
	end_with_writes();
	run = run_in_root(&said, &said_count);
	expect_error(&run, kind, text);
	assert_false(run.is_execing);
	assert_int_equal(said_count, 0);
}

static void test_bad_paths(void **state)
{
	(void)state;
	need_abi(1);
	expect_path_error("/none", WRITES, ERR_SYSTEM, "open /none");
	expect_path_error("/file/x", WRITES, ERR_SYSTEM, "open /file/x");
	expect_path_error("/loop", WRITES, ERR_SYSTEM, "open /loop: a chain of symlinks, or a link of procfs");
	expect_path_error("/file", WRITES, ERR_CONFIG, "/file is no directory, and can be allowed only execute");
	/* What the rule allows isn't handled: the planner refuses that, and the kernel does. */
	expect_path_error("/data", LANDLOCK_FS_EXECUTE, ERR_SYSTEM, "landlock_add_rule for /data");
}

/* A magic link would lead to wherever it points, out of the root. */
static void test_magic_link(void **state)
{
	char target[64];

	(void)state;
	need_abi(1);
	/* The root is the host's here, as no test mounts a procfs. */
	snprintf(target, sizeof(target), "%s", root);
	snprintf(root, sizeof(root), "/");
	expect_path_error("/proc/self/cwd", WRITES, ERR_SYSTEM, "a link of procfs");
	expect_path_error("/proc/self/root/tmp", WRITES, ERR_SYSTEM, "a link of procfs");
	expect_path_error("/proc/self/fd/0", WRITES, ERR_SYSTEM, "a link of procfs");
	snprintf(root, sizeof(root), "%s", target);
}

/* An exec knows the file: another one at its path, or none, must not get the rule. */
static void test_known(void **state)
{
	static const struct { const char *name; uint64_t wrong; bool may_write; } rows[] = {
		{ "/data", 0, true }, { "/data", 1, false }, { "/link", 0, true }, { "/none", 0, false },
		{ "/other", 0, false }, { "/loop", 0, false },
	};
	struct stat status;

	(void)state;
	need_abi(1);
	assert_int_equal(stat(path_of("data"), &status), 0);
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t wrong_device = i % 2 == 0 ? rows[i / 2].wrong : 0, wrong_inode = i % 2 ? rows[i / 2].wrong : 0;
		struct op_landlock_path *rule;
		struct wire_path said;
		unsigned said_count;
		char script[256];
		struct run run;

		begin_ruleset(WRITES, 0, 0);
		rule = &allow_path(rows[i / 2].name, WRITES)->u.landlock_path;
		rule->is_known = 1;
		rule->device = status.st_dev + wrong_device;
		rule->inode = status.st_ino + wrong_inode;
		snprintf(script, sizeof(script), "(echo >%s/other/x) 2>&- && exit 4\n"
		         "(echo >%s/data/x) 2>&- && exit 0; exit 3", root, root);
		end_with_script(script);
		enforce();
		run = run_in_root(&said, &said_count);
		expect_exit(&run, rows[i / 2].may_write ? 0 : 3);
		assert_int_equal(said_count, 0);
	}
}

/* What the kernel refuses to execute is told with the reason that is likely. */
static void test_execute(void **state)
{
	struct wire_path said;
	unsigned said_count;
	struct run run;

	(void)state;
	need_abi(1);
	begin_ruleset(LANDLOCK_FS_EXECUTE, 0, 0);
	end_with_script("exit 0");
	enforce();
	run = run_in_root(&said, &said_count);
	expect_error(&run, ERR_EXEC_DENIED, "permission denied (linux.landlock handles execute");
}

static void test_without_no_new_privs(void **state)
{
	struct wire_path said;
	unsigned said_count;
	struct plan_op *op;
	struct run run;

	(void)state;
	need_abi(1);
	begin_ruleset(WRITES, 0, 0);
	op = builder_op(&builder, OP_CREDENTIALS, PHASE_IDENTITY);
	op->u.credentials = (struct op_credentials){ .uid = getuid(), .gid = getgid() };
	end_with_script("exit 0");
	enforce();
	/* Takes OP_NO_NEW_PRIVS out again. */
	memmove(&builder.ops[builder.op_count - 3], &builder.ops[builder.op_count - 2], 2 * sizeof(struct plan_op));
	builder.op_count--;
	run = run_in_root(&said, &said_count);
	expect_error(&run, ERR_SYSTEM, "needs process.noNewPrivileges, or CAP_SYS_ADMIN");
}

/* A signal to a process outside; init's parent is one. */
static void test_scope(void **state)
{
	struct wire_path said;
	unsigned said_count;
	struct run run;

	(void)state;
	need_abi(6);
	begin_ruleset(0, 0, LANDLOCK_SCOPED_SIGNAL);
	end_with_script("kill -0 $$ || exit 1; kill -0 $PPID 2>&- && exit 2; exit 0");
	enforce();
	run = run_in_root(&said, &said_count);
	expect_exit(&run, 0);
}

static void test_port(void **state)
{
	struct wire_path said;
	unsigned said_count;
	struct plan_op *op;
	struct run run;

	(void)state;
	need_abi(4);
	begin_ruleset(0, LANDLOCK_NET_CONNECT_TCP, 0);
	op = builder_op(&builder, OP_LANDLOCK_PORT, PHASE_IDENTITY);
	op->u.landlock_port = (struct op_landlock_port){ .port = 7, .allowed = LANDLOCK_NET_CONNECT_TCP };
	/* Nobody listens at either: one is refused by that, the other by the rules. */
	end_with_script("python3 -c 'import socket\n"
	                "def ask(port): return socket.socket().connect_ex((\"127.0.0.1\", port))\n"
	                "exit(0 if ask(7) == 111 and ask(9) == 13 else 1)'");
	enforce();
	run = run_in_root(&said, &said_count);
	if (WIFEXITED(run.status) && WEXITSTATUS(run.status) == 127)
		skip();
	expect_exit(&run, 0);
}

/* Such a plan is a bug of the planner, and init refuses it. */
static void test_no_ruleset(void **state)
{
	struct wire_path said;
	unsigned said_count;
	struct run run;

	(void)state;
	builder_init(&builder);
	end_with_script("exit 0");
	enforce();
	run = run_in_root(&said, &said_count);
	expect_error(&run, ERR_BUG, "without a ruleset");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_bad_paths),
		cmocka_unit_test(test_magic_link),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_execute),
		cmocka_unit_test(test_without_no_new_privs),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_no_ruleset),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
