/*
 * test_init.c - the init program itself: it is started as the runtime starts it, with plans made by hand.
 *
 * Needs no namespaces; what needs root is skipped without.  ./runlet-init is in the build directory, where tests run.
 */
#include "init_runner.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

static void test_exec(void **state)
{
	struct run run;

	(void)state;
	begin();
	end_with_script("exit 7");
	run = run_plan();
	expect_exit(&run, 7);
}

/* Signals, fds, environment and umask of the program are those of a fresh process. */
static void test_fresh_process(void **state)
{
	struct run run;

	(void)state;
	begin();
	builder_op(&builder, OP_UMASK, PHASE_IDENTITY)->u.umask.mask = 027;
	end_with_script("[ \"$LISTEN_PID\" = $$ ] || exit 1; [ \"$(umask)\" = 0027 ] || exit 2\n"
	                "while read -r key value; do case $key in\n"
	                "SigBlk:|SigIgn:) [ $value = 0000000000000000 ] || exit 3;; esac; done < /proc/self/status\n"
	                "for fd in /proc/$$/fd/*; do case ${fd##*/} in 0|1|2) ;; *) [ -e $fd ] && exit 4;; esac; done\n"
	                "exit 0");
	run = run_plan();
	expect_exit(&run, 0);
}

static void expect_program_error(const char *name, enum err_kind kind, const char *text)
{
	const char *const args[] = { "x", NULL };
	struct run run;

	begin();
	end_with(name, args);
	run = run_plan();
	expect_error(&run, kind, text);
	assert_int_equal(run.error_op, 1);
	assert_int_equal(WEXITSTATUS(run.status), kind == ERR_EXEC_NOT_FOUND ? 127 : 126);
}

static void test_program_errors(void **state)
{
	char path[] = "/tmp/runlet-test-XXXXXX";
	char text[128];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	snprintf(text, sizeof(text), "exec: \"%s\": permission denied", path);
	expect_program_error("nosuchprogram", ERR_EXEC_NOT_FOUND,
	                     "exec: \"nosuchprogram\": executable file not found in $PATH");
	expect_program_error("", ERR_EXEC_NOT_FOUND, "exec: \"\": executable file not found in $PATH");
	expect_program_error("/no/such", ERR_EXEC_NOT_FOUND,
	                     "exec: \"/no/such\": stat /no/such: no such file or directory");
	expect_program_error("/tmp", ERR_EXEC_DENIED, "exec: \"/tmp\": is a directory: permission denied");
	expect_program_error(path, ERR_EXEC_DENIED, text);
	unlink(path);
	close(fd);
}

static void test_wrong_format(void **state)
{
	char path[] = "/tmp/runlet-test-XXXXXX";
	const char *const args[] = { "x", NULL };
	int fd = mkstemp(path);
	struct run run;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "garbage", 7), 7);
	fchmod(fd, 0755);
	close(fd);
	begin();
	end_with(path, args);
	run = run_plan();
	unlink(path);
	assert_true(run.is_execing);
	expect_error(&run, ERR_EXEC_DENIED, "exec format error");
	assert_int_equal(WEXITSTATUS(run.status), 126);
}

static void test_unsealed_plan(void **state)
{
	struct run run;

	(void)state;
	begin();
	end_with_script("exit 0");
	run = start_init(false);
	follow(&run);
	expect_error(&run, ERR_BUG, "not sealed");
	assert_int_equal(run.error_op, UINT32_MAX);
	assert_int_equal(WEXITSTATUS(run.status), 1);
}

static void test_runtime_dies(void **state)
{
	struct run run;

	(void)state;
	begin();
	end_with_script("exit 0");
	run = start_init(true);
	shutdown(run.socket, SHUT_WR);
	follow(&run);
	expect_error(&run, ERR_PROTOCOL, "the runtime went away in state loading");
	assert_int_equal(WEXITSTATUS(run.status), 1);
}

static void test_unexpected_message(void **state)
{
	struct run run;

	(void)state;
	begin();
	end_with_script("exit 0");
	run = start_init(true);
	say(&run, WIRE_CONTINUE);
	follow(&run);
	expect_error(&run, ERR_PROTOCOL, "the runtime said CONTINUE in state loading; expected: TRACE SLOTS GO");
}

static void add_hook(const char *path, const char *script, uint32_t timeout_s)
{
	const char *const args[] = { "hook", "-c", script, NULL };
	const char *const env[] = { "A=b", NULL };
	struct plan_op *op = builder_op(&builder, OP_HOOK, PHASE_HOOKS);

	op->u.hook.path = builder_str(&builder, path);
	op->u.hook.args = builder_list(&builder, args);
	op->u.hook.env = builder_list(&builder, env);
	op->u.hook.timeout_s = timeout_s;
}

static struct run run_hook(const char *path, const char *script, uint32_t timeout_s)
{
	begin();
	add_hook(path, script, timeout_s);
	end_with_script("exit 0");
	return run_plan();
}

static void test_hooks(void **state)
{
	struct run run = run_hook("/bin/sh", "[ $A = b ] && [ -z \"$HOME\" ] && [ ! -e /proc/$$/fd/9 ]", 0);

	(void)state;
	expect_exit(&run, 0);
	run = run_hook("/bin/sh", "echo out; echo it broke >&2; exit 3", 5);
	expect_error(&run, ERR_HOOK, "hook /bin/sh: exit status 3: out\nit broke");
	assert_int_equal(run.error_op, 1);
	run = run_hook("/bin/sh", "kill -9 $$", 0);
	expect_error(&run, ERR_HOOK, "hook /bin/sh: killed by signal 9");
	run = run_hook("/bin/sh", "sleep 30", 1);
	expect_error(&run, ERR_HOOK, "hook /bin/sh: still running after 1 s, killed");
	run = run_hook("/no/such/hook", "", 0);
	expect_error(&run, ERR_HOOK, "hook /no/such/hook: exec");
	assert_int_equal(run.error.errnum, ENOENT);
}

/* Every hook reads the state from its start. */
static void test_hook_state(void **state)
{
	int fd = memfd_create("state", MFD_CLOEXEC);
	struct wire_message message;
	struct run run;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(write(fd, "{\"id\":1}", 8), 8);
	begin();
	builder_op(&builder, OP_SYNC, PHASE_HOOKS)->u.sync.point = SYNC_HOOKS;
	add_hook("/bin/sh", "[ \"$(cat)\" = '{\"id\":1}' ]", 0);
	add_hook("/bin/sh", "[ \"$(cat)\" = '{\"id\":1}' ]", 0);
	end_with_script("exit 0");
	run = start_init(true);
	say(&run, WIRE_GO);
	assert_int_equal(wire_receive(run.socket, &message, TIMEOUT_MS, &err), 1);
	assert_int_equal(message.header.type, WIRE_AT);
	assert_int_equal(wire_send_simple(run.socket, WIRE_CONTINUE, &fd, 1, &err), 0);
	close(fd);
	follow(&run);
	expect_exit(&run, 0);
}

static int make_root(char *path, const char *passwd)
{
	char name[128];
	int fd;

	assert_non_null(mkdtemp(path));
	snprintf(name, sizeof(name), "%s/etc", path);
	assert_int_equal(mkdir(name, 0755), 0);
	snprintf(name, sizeof(name), "%s/etc/passwd", path);
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(write(fd, passwd, strlen(passwd)), (ssize_t)strlen(passwd));
	close(fd);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void remove_root(const char *path)
{
	char name[128];

	snprintf(name, sizeof(name), "%s/etc/passwd", path);
	unlink(name);
	snprintf(name, sizeof(name), "%s/etc", path);
	rmdir(name);
	rmdir(path);
}

static void expect_home(const char *passwd, uint32_t uid, const char *home)
{
	char path[] = "/tmp/runlet-test-XXXXXX";
	char script[128];
	int fd = make_root(path, passwd);
	struct run run;

	snprintf(script, sizeof(script), "[ \"$HOME\" = '%s' ]", home);
	begin();
	builder_op(&builder, OP_HOME, PHASE_IDENTITY)->u.home.uid = uid;
	end_with_script(script);
	run = start_init(true);
	send_slot(&run, SLOT_ROOT, fd);
	say(&run, WIRE_GO);
	follow(&run);
	close(fd);
	remove_root(path);
	expect_exit(&run, 0);
}

static void test_home(void **state)
{
	static char long_line[5000];

	(void)state;
	expect_home("root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1000::/home/web:/bin/sh\n", 1000, "/home/web");
	expect_home("1000:x:7:7::/home/seven:\n", 1000, "/");
	expect_home("a:x:+7:7::/plus:\nb:x:7 :7::/blank:\nc:x:7:7::/seven", 7, "/seven");
	expect_home("a:x:7:7::relative:\n", 7, "/");
	expect_home("a:x:7\n:::\n\n", 7, "/");
	expect_home("", 0, "/");
	memset(long_line, 'x', sizeof(long_line) - 30);
	strcat(long_line, "\na:x:7:7::/after:/bin/sh\n");
	expect_home(long_line, 7, "/after");
}

static int make_start_socket(char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	assert_non_null(mkdtemp(path));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static int connect_start_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* A container waits for start on its socket; a start that dies before GO changes nothing. */
static void test_start_socket(void **state)
{
	char path[] = "/tmp/runlet-test-XXXXXX";
	char name[128];
	int listener = make_start_socket(path);
	struct wire_message message;
	struct run run;
	struct err err = ERR_INIT;

	(void)state;
	begin();
	end_with_script("exit 5");
	run = start_init(true);
	send_slot(&run, SLOT_START, listener);
	close(listener);
	say(&run, WIRE_GO);
	assert_int_equal(wire_receive(run.socket, &message, TIMEOUT_MS, &err), 1);
	assert_int_equal(message.header.type, WIRE_AT);
	assert_int_equal(message.body.at.point, SYNC_READY);
	assert_int_equal(wire_receive(run.socket, &message, TIMEOUT_MS, &err), 0);
	close(run.socket);
	close(connect_start_socket(path));
	run.socket = connect_start_socket(path);
	say(&run, WIRE_GO);
	follow(&run);
	expect_exit(&run, 5);
	snprintf(name, sizeof(name), "%s/s", path);
	unlink(name);
	rmdir(path);
}

/* Allows execve and exit_group; prctl, the first call of any runlet-init, fails; the rest kills. */
static void add_strict_filter(void)
{
	const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 2, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	struct plan_op *op = builder_op(&builder, OP_SECCOMP, PHASE_EXEC);

	op->u.seccomp.program.offset = builder_add(&builder, program, sizeof(program), 8);
	op->u.seccomp.program.size = sizeof(program);
}

/* The program is runlet-init without arguments: it exits with 1 and calls nothing but prctl and exit_group. */
static void end_with_strict_filter(bool no_new_privs)
{
	const char *const args[] = { "x", NULL };
	struct plan_op *op = builder_op(&builder, OP_FIND_PROGRAM, PHASE_IDENTITY);

	op->u.find_program.name = builder_str(&builder, "./runlet-init");
	builder_op(&builder, OP_SYNC, PHASE_READY)->u.sync.point = SYNC_READY;
	if (no_new_privs)
		builder_op(&builder, OP_NO_NEW_PRIVS, PHASE_EXEC);
	builder_op(&builder, OP_CLOSE_FDS, PHASE_EXEC)->u.close_fds.first = 3;
	add_strict_filter();
	op = builder_op(&builder, OP_EXEC, PHASE_EXEC);
	op->u.exec.args = builder_list(&builder, args);
	op->u.exec.env = builder_list(&builder, no_items);
}

static void test_strict_seccomp(void **state)
{
	struct run run;

	(void)state;
	begin();
	end_with_strict_filter(true);
	run = run_plan();
	expect_exit(&run, 1);
}

/* Without no_new_privs the filter needs CAP_SYS_ADMIN, which must be gone in the program. */
static void test_strict_seccomp_as_user(void **state)
{
	struct plan_op *op;
	struct run run;

	(void)state;
	if (geteuid() != 0)
		skip();
	begin();
	op = builder_op(&builder, OP_CREDENTIALS, PHASE_IDENTITY);
	op->u.credentials.uid = 65534;
	op->u.credentials.gid = 65534;
	op->u.credentials.flags = CRED_SET_GROUPS | CRED_KEEP_SYS_ADMIN;
	end_with_strict_filter(false);
	/* The program must be readable for that user wherever the build directory is. */
	assert_int_equal(system("cp runlet-init /tmp/runlet-test-init && chmod 755 /tmp/runlet-test-init"), 0);
	builder.ops[2].u.find_program.name = builder_str(&builder, "/tmp/runlet-test-init");
	run = run_plan();
	unlink("/tmp/runlet-test-init");
	expect_exit(&run, 1);
}

static void test_credentials(void **state)
{
	const uint32_t groups[] = { 5, 6 };
	struct plan_op *op;
	struct run run;

	(void)state;
	if (geteuid() != 0)
		skip();
	begin();
	op = builder_op(&builder, OP_CREDENTIALS, PHASE_IDENTITY);
	op->u.credentials.uid = 1234;
	op->u.credentials.gid = 1235;
	op->u.credentials.groups = (struct plan_numbers){ builder_add(&builder, groups, sizeof(groups), 4), 2 };
	op->u.credentials.flags = CRED_SET_GROUPS | CRED_KEEP_SYS_ADMIN;
	op->u.credentials.bounding = 0x421;
	op->u.credentials.permitted = 0x401;
	op->u.credentials.effective = 0x401;
	op->u.credentials.inheritable = 0x400;
	op->u.credentials.ambient = 0x400;
	end_with_script("while read -r key value; do case $key in\n"
	                "Uid:) [ \"$value\" = \"1234	1234	1234	1234\" ] || exit 1;;\n"
	                "Gid:) [ \"$value\" = \"1235	1235	1235	1235\" ] || exit 2;;\n"
	                "Groups:) [ \"$value\" = '5 6' ] || exit 3;;\n"
	                "CapInh:|CapPrm:|CapEff:|CapAmb:) [ $value = 0000000000000400 ] || exit 4;;\n"
	                "CapBnd:) [ $value = 0000000000000421 ] || exit 5;;\n"
	                "esac; done < /proc/self/status");
	run = run_plan();
	expect_exit(&run, 0);
}

static void test_cwd(void **state)
{
	struct run run;

	(void)state;
	begin();
	builder_op(&builder, OP_CWD, PHASE_IDENTITY)->u.path.path = builder_str(&builder, "/usr");
	end_with_script("[ $(pwd) = /usr ]");
	run = run_plan();
	expect_exit(&run, 0);
	begin();
	builder_op(&builder, OP_CWD, PHASE_IDENTITY)->u.path.path = builder_str(&builder, "/no/such");
	end_with_script("exit 0");
	run = run_plan();
	expect_error(&run, ERR_SYSTEM, "chdir to cwd /no/such");
	assert_int_equal(run.error.errnum, ENOENT);
}

static struct run run_as_1234(const char *cwd)
{
	struct plan_op *op;
	struct run run;

	begin();
	builder_op(&builder, OP_CWD, PHASE_IDENTITY)->u.path.path = builder_str(&builder, cwd);
	op = builder_op(&builder, OP_CREDENTIALS, PHASE_IDENTITY);
	op->u.credentials.uid = op->u.credentials.gid = 1234;
	end_with_script("[ $(pwd) != / ]");
	drops_dac = true;
	run = run_plan();
	drops_dac = false;
	return run;
}

/* A cwd that only the container's user may enter is entered after the credentials; another user's is an error. */
static void test_private_cwd(void **state)
{
	char path[] = "/tmp/runlet-test-XXXXXX";
	struct run run;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(path));
	assert_int_equal(chown(path, 1234, 1234), 0);
	run = run_as_1234(path);
	assert_int_equal(chown(path, 0, 0), 0);
	expect_exit(&run, 0);
	assert_int_equal(chown(path, 1235, 1235), 0);
	run = run_as_1234(path);
	rmdir(path);
	expect_error(&run, ERR_SYSTEM, "chdir to cwd /tmp/runlet-test-");
	assert_int_equal(run.error.errnum, EACCES);
}

/* Puts an OP_LABEL in front of the last two ops, which end_with() made. */
static void insert_label(const char *value, const char *const *files)
{
	struct plan_op *last = &builder.ops[builder.op_count - 2];
	struct plan_op label = { .kind = OP_LABEL, .phase = PHASE_EXEC };

	builder_op(&builder, OP_LABEL, PHASE_EXEC);
	memmove(last + 1, last, 2 * sizeof(*last));
	label.u.label.value = builder_str(&builder, value);
	label.u.label.files = builder_list(&builder, files);
	*last = label;
}

/*
 * A label needs procfs up to the end; the lookup of a #! line, while execve(2) runs, must not find it any more.
 * Without a security module any file of /proc/self takes the "label".
 */
static void test_procfs_is_closed(void **state)
{
	const char *const files[] = { "../comm", NULL };
	const char *const args[] = { "x", NULL };
	char path[] = "/tmp/runlet-test-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	fchmod(fd, 0755);
	close(fd);
	for (int number = 3; number < 16; number++) {
		FILE *script = fopen(path, "we");
		struct run run;

		fprintf(script, "#!/proc/self/fd/%d/self/root/bin/true\n", number);
		fclose(script);
		/* openat2(2): a rename or a mount anywhere on the machine stops a look-up that goes by "..". */
		do {
			begin();
			end_with(path, args);
			insert_label("web_t", files);
			run = run_plan();
		} while (!run.is_execing && run.error.errnum == EAGAIN);
		assert_true(run.is_execing);
		assert_int_not_equal(run.error.kind, ERR_NONE);
	}
	unlink(path);
}

/* The sysctl's path must not lead out of /proc/sys. */
static void test_sysctl_escape(void **state)
{
	struct plan_op *op;
	struct run run;

	(void)state;
	begin();
	op = builder_op(&builder, OP_SYSCTL, PHASE_ISOLATE);
	op->u.sysctl.path = builder_str(&builder, "../../tmp/runlet-none");
	op->u.sysctl.value = builder_str(&builder, "x");
	end_with_script("exit 0");
	run = run_plan();
	expect_error(&run, ERR_SYSTEM, "to /proc/sys/../../tmp/runlet-none");
	/* openat2(2): EAGAIN where a mount elsewhere on the machine raced with the "..". */
	assert_true(run.error.errnum == EXDEV || run.error.errnum == EAGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_fresh_process),
		cmocka_unit_test(test_program_errors),
		cmocka_unit_test(test_wrong_format),
		cmocka_unit_test(test_unsealed_plan),
		cmocka_unit_test(test_runtime_dies),
		cmocka_unit_test(test_unexpected_message),
		cmocka_unit_test(test_hooks),
		cmocka_unit_test(test_hook_state),
		cmocka_unit_test(test_home),
		cmocka_unit_test(test_start_socket),
		cmocka_unit_test(test_strict_seccomp),
		cmocka_unit_test(test_strict_seccomp_as_user),
		cmocka_unit_test(test_credentials),
		cmocka_unit_test(test_cwd),
		cmocka_unit_test(test_private_cwd),
		cmocka_unit_test(test_procfs_is_closed),
		cmocka_unit_test(test_sysctl_escape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
