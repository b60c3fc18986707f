/*
 * init_runner.h - starts ./runlet-init as the runtime does, with a plan made by hand, and talks to it.
 *
 * For cmocka tests, which run in the build directory.
 */
#ifndef TESTS_INIT_RUNNER_H
#define TESTS_INIT_RUNNER_H

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/memfd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "image_builder.h"
#include "sys/process.h"
#include "wire/wire.h"

#define TIMEOUT_MS 10000

/* An init process and what it said. */
struct run {
	pid_t pid;
	int socket;
	struct err error;        /* of WIRE_ERROR */
	uint32_t error_op;
	bool is_execing;
	int status;              /* of waitpid */
};

static struct image_builder builder;

/* Set: init runs without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH. */
static bool drops_dac;

static inline int make_plan_fd(bool is_sealed)
{
	size_t size = builder_finish(&builder);
	int fd = memfd_create("plan", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, builder.image, size), (ssize_t)size);
	if (is_sealed)
		assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL), 0);
	return fd;
}

/* Runs in the forked process: the fds that init gets are the only ones without close-on-exec. */
static inline void exec_init(int socket, int plan_fd)
{
	char socket_text[16], plan_text[16];
	char name[] = "runlet:[init]";
	char *argv[] = { name, socket_text, plan_text, NULL };
	char *envp[] = { NULL };
	sigset_t blocked;

	/* A failed test must not leave init waiting for ever. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);

	/* As runtime/spawn.c does: glibc's posix_spawn(3), which make uses, leaves 32 and 33 ignored. */
	for (int number = 1; number <= 64; number++)
		(void)sys_signal_default(number);
	/* What runlet leaves behind; init must undo it. */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 9);
	snprintf(socket_text, sizeof(socket_text), "%d", socket);
	snprintf(plan_text, sizeof(plan_text), "%d", plan_fd);
	if (drops_dac) {
		prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
		prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0);
	}
	fcntl(socket, F_SETFD, 0);
	fcntl(plan_fd, F_SETFD, 0);
	execve("./runlet-init", argv, envp);
	_exit(99);
}

static inline struct run start_init(bool is_sealed)
{
	struct run run = { .error = ERR_INIT };
	int plan_fd = make_plan_fd(is_sealed);
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
	run.pid = fork();
	assert_true(run.pid >= 0);
	if (run.pid == 0)
		exec_init(fds[1], plan_fd);
	close(fds[1]);
	close(plan_fd);
	run.socket = fds[0];
	return run;
}

static inline void say(struct run *run, enum wire_type type)
{
	struct err err;

	assert_int_equal(wire_send_simple(run->socket, type, NULL, 0, &err), 0);
}

static inline void send_slot(struct run *run, uint32_t slot, int fd)
{
	struct wire_message message = { .header = { WIRE_SLOTS, sizeof(message.body.slots) } };
	struct err err;

	message.fd_count = 1;
	message.fds[0] = fd;
	message.body.slots.count = 1;
	message.body.slots.slots[0] = slot;
	assert_int_equal(wire_send(run->socket, &message, &err), 0);
}

/* Answers what init says until it is silent, then collects its status. */
static inline void follow(struct run *run)
{
	struct wire_message message;
	struct err err = ERR_INIT;
	int result;

	while ((result = wire_receive(run->socket, &message, TIMEOUT_MS, &err)) == 1) {
		if (message.header.type == WIRE_AT)
			say(run, WIRE_CONTINUE);
		run->is_execing |= message.header.type == WIRE_EXECING;
		if (message.header.type == WIRE_ERROR) {
			run->error = message.body.error.err;
			run->error_op = message.body.error.op_index;
		}
		wire_message_close(&message);
	}
	if (result < 0)
		fail_msg("%s", err.text);
	assert_int_equal(waitpid(run->pid, &run->status, 0), run->pid);
	close(run->socket);
}

static inline struct run run_plan(void)
{
	struct run run = start_init(true);

	say(&run, WIRE_GO);
	follow(&run);
	return run;
}

static const char *const no_items[] = { NULL };

static inline void begin(void)
{
	builder_init(&builder);
	builder_op(&builder, OP_PROC, PHASE_JOIN);
}

/* The end of every plan: ready, then the program. */
static inline void end_with(const char *name, const char *const *args)
{
	const char *const search[] = { "/nonexistent", "/usr/bin", "/bin", NULL };
	const char *const env[] = { "PATH=/usr/bin:/bin", NULL };
	struct plan_op *op = builder_op(&builder, OP_FIND_PROGRAM, PHASE_IDENTITY);

	op->u.find_program.name = builder_str(&builder, name);
	op->u.find_program.search = builder_list(&builder, search);
	builder_op(&builder, OP_SYNC, PHASE_READY)->u.sync.point = SYNC_READY;
	builder_op(&builder, OP_CLOSE_FDS, PHASE_EXEC)->u.close_fds.first = 3;
	op = builder_op(&builder, OP_EXEC, PHASE_EXEC);
	op->u.exec.args = builder_list(&builder, args);
	op->u.exec.env = builder_list(&builder, env);
	op->u.exec.set_home = 1;
	op->u.exec.set_listen_pid = 1;
}

static inline void end_with_script(const char *script)
{
	const char *const args[] = { "sh", "-c", script, NULL };

	end_with("sh", args);
}

static inline void expect_exit(const struct run *run, int status)
{
	if (!run->is_execing || run->error.kind != ERR_NONE)
		fail_msg("op %u: %s (errno %d)", run->error_op, run->error.text, run->error.errnum);
	if (!WIFEXITED(run->status) || WEXITSTATUS(run->status) != status)
		fail_msg("status 0x%x, expected exit %d", run->status, status);
}

static inline void expect_error(const struct run *run, enum err_kind kind, const char *text)
{
	if (run->error.kind != kind || !strstr(run->error.text, text))
		fail_msg("kind %u \"%s\", expected \"%s\"", run->error.kind, run->error.text, text);
}

#endif
