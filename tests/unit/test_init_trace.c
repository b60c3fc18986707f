/*
 * test_init_trace.c - what the init program notes of its operations for --trace.  As test_init.c.
 */
#include "init_runner.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include "wire/trace.h"

/* Sends memory for `capacity` records; returns it. */
static struct trace_page *send_trace_page(struct run *run, uint32_t capacity)
{
	struct wire_message message = { .header = { WIRE_TRACE, sizeof(message.body.trace) }, .fd_count = 1 };
	int fd = memfd_create("trace", MFD_CLOEXEC);
	struct trace_page *page;
	struct err err;

	assert_int_equal(ftruncate(fd, (off_t)trace_page_size(capacity)), 0);
	page = mmap(NULL, trace_page_size(capacity), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(page, MAP_FAILED);
	message.body.trace.capacity = capacity;
	message.fds[0] = fd;
	assert_int_equal(wire_send(run->socket, &message, &err), 0);
	close(fd);
	return page;
}

/* Each op has its kind and times in order; the exec, which never ends, has no end. */
static void test_trace(void **state)
{
	static const enum plan_op_kind kinds[] = { OP_PROC, OP_FIND_PROGRAM, OP_SYNC, OP_CLOSE_FDS, OP_EXEC };
	struct trace_page *page;
	struct run run;

	(void)state;
	begin();
	end_with_script("exit 0");
	builder.ops[1].origin = builder_str(&builder, "process.args[0]");
	run = start_init(true);
	page = send_trace_page(&run, 8);
	say(&run, WIRE_GO);
	follow(&run);
	expect_exit(&run, 0);
	assert_int_equal(page->count, 5);
	assert_int_equal(page->lost, 0);
	for (uint32_t i = 0; i < page->count; i++) {
		const struct trace_record *record = &page->records[i];

		assert_int_equal(record->op_index, i);
		assert_int_equal(record->kind, kinds[i]);
		assert_true(record->start_ns > 0 && (i == 0 || record->start_ns >= page->records[i - 1].end_ns));
		assert_true(i == 4 ? record->end_ns == 0 : record->end_ns >= record->start_ns);
	}
	assert_string_equal(page->records[1].origin, "process.args[0]");
	munmap(page, trace_page_size(8));
}

/* Notes that don't fit are counted; what doesn't hold them is refused. */
static void test_trace_capacity(void **state)
{
	struct trace_page *page;
	struct run run;

	(void)state;
	begin();
	end_with_script("exit 0");
	run = start_init(true);
	page = send_trace_page(&run, 2);
	say(&run, WIRE_GO);
	follow(&run);
	expect_exit(&run, 0);
	assert_int_equal(page->count, 2);
	assert_int_equal(page->lost, 3);
	munmap(page, trace_page_size(2));
	begin();
	end_with_script("exit 0");
	run = start_init(true);
	page = send_trace_page(&run, TRACE_RECORDS_MAX + 1);
	follow(&run);
	expect_error(&run, ERR_PROTOCOL, "WIRE_TRACE with 1 fds for 65537 records");
	munmap(page, trace_page_size(TRACE_RECORDS_MAX + 1));
}

static void add_filter_without_clock(void)
{
	const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clock_gettime, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct plan_op *op = builder_op(&builder, OP_SECCOMP, PHASE_EXEC);

	op->u.seccomp.program.offset = builder_add(&builder, program, sizeof(program), 8);
	op->u.seccomp.program.size = sizeof(program);
}

/* Behind a filter that kills for a look at the clock nothing is noted any more. */
static void test_filter(void **state)
{
	const char *const args[] = { "true", NULL };
	const struct trace_record *last;
	struct trace_page *page;
	struct plan_op *exec;
	struct run run;

	(void)state;
	begin();
	builder_op(&builder, OP_NO_NEW_PRIVS, PHASE_IDENTITY);
	end_with("true", args);
	/* The filter in front of the exec. */
	exec = &builder.ops[builder.op_count - 1];
	add_filter_without_clock();
	exec[2] = exec[0];
	exec[0] = exec[1];
	exec[1] = exec[2];
	run = start_init(true);
	page = send_trace_page(&run, 16);
	say(&run, WIRE_GO);
	follow(&run);
	expect_exit(&run, 0);
	last = &page->records[page->count - 1];
	assert_int_equal(last->kind, OP_SECCOMP);
	assert_true(last->start_ns > 0);
	assert_int_equal(last->end_ns, 0);
	munmap(page, trace_page_size(16));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trace),
		cmocka_unit_test(test_trace_capacity),
		cmocka_unit_test(test_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
