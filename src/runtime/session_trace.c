/*
 * runtime/session_trace.c - init's times for --trace: gives init memory to note them in, and reads what it noted.
 *
 * Runtime process only.  What stands there is as little trusted as init's messages are.
 */
#include "runtime/session_trace.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/trace.h"
#include "plan/op_rows.h"
#include "program/memfd.h"
#include "sys/file.h"
#include "sys/process.h"
#include "wire/trace.h"

/* For `start`, which doesn't know how many operations are left. */
#define CAPACITY_WITHOUT_PLAN 512

/* The pages are touched here, so that they count as runlet's memory and not as the container's. */
static struct trace_page *map_page(int fd, size_t size, struct err *err)
{
	void *page;
	int result = sys_ftruncate(fd, (off_t)size);

	if (result == 0)
		result = sys_fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	if (result < 0) {
		err_sys(err, result, "make memory for --trace");
		return NULL;
	}
	page = sys_mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (!sys_is_error(page))
		return page;
	err_sys(err, (int)(intptr_t)page, "mmap memory for --trace");
	return NULL;
}

int session_trace_begin(struct session_trace *trace, const struct plan *plan, struct wire_message *message,
			struct err *err)
{
	uint32_t capacity = plan ? (uint32_t)plan->op_count : CAPACITY_WITHOUT_PLAN;
	_cleanup_fd_ int fd = memfd_open_empty("runlet-trace", err);

	if (fd < 0)
		return -1;
	session_trace_end(trace, NULL, 0);
	trace->capacity = capacity < TRACE_RECORDS_MAX ? capacity : TRACE_RECORDS_MAX;
	trace->page = map_page(fd, trace_page_size(trace->capacity), err);
	if (!trace->page)
		return -1;
	*message = (struct wire_message){
		.header = { WIRE_TRACE, sizeof(message->body.trace) },
		.body.trace.capacity = trace->capacity,
		.fd_count = 1,
	};
	message->fds[0] = fd_take(&fd);
	return 0;
}

static void add_record(const struct trace_record *record, const struct plan *plan, pid_t pid, uint64_t now_ns)
{
	_cleanup_buf_ struct buf object = BUF_INIT;
	char origin[WIRE_ORIGIN_SIZE];
	struct trace_event event = {
		.source = TRACE_INIT,
		.pid = pid,
		.name = op_kind_name(record->kind),
		.origin = origin,
		.start_ns = record->start_ns,
		.end_ns = record->end_ns,
	};

	memcpy(origin, record->origin, sizeof(origin));
	origin[sizeof(origin) - 1] = '\0';
	if (plan && record->op_index < plan->op_count) {
		const struct plan_op *op = &plan->ops[record->op_index];

		event.origin = plan->pool + op->origin.offset;
		plan_print_op(plan, op, &object);
	}
	event.object = buf_str(&object);
	if (event.end_ns == 0)
		event.end_ns = now_ns;
	if (event.start_ns <= event.end_ns && event.end_ns <= now_ns)
		trace_add(&event);
}

void session_trace_end(struct session_trace *trace, const struct plan *plan, pid_t pid)
{
	uint64_t now_ns;
	uint32_t count;

	if (!trace->page)
		return;
	now_ns = trace_now_ns();
	/* Once: init may still be writing, and one more must not be read than fits. */
	count = __atomic_load_n(&trace->page->count, __ATOMIC_ACQUIRE);
	if (count > trace->capacity)
		count = trace->capacity;
	for (uint32_t i = 0; i < count; i++) {
		struct trace_record record = trace->page->records[i];

		add_record(&record, plan, pid, now_ns);
	}
	trace_add_lost(trace->page->lost);
	(void)sys_munmap(trace->page, trace_page_size(trace->capacity));
	trace->page = NULL;
}
