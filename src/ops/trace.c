/*
 * ops/trace.c - notes in shared memory when operations begin and end.
 *
 * Init process only.  Once WIRE_EXECING is said a filter may be loaded under which a look at the clock would kill us:
 * what begins or ends after that has no time.
 */
#include "ops/trace.h"

#include <string.h>
#include <sys/mman.h>

#include "sys/process.h"
#include "wire/trace.h"

int op_trace_open(struct init_context *context, const struct wire_message *message, struct err *err)
{
	uint32_t capacity = message->body.trace.capacity;
	void *page;

	if (message->fd_count != 1 || capacity == 0 || capacity > TRACE_RECORDS_MAX)
		return err_set(err, ERR_PROTOCOL, "init: WIRE_TRACE with %u fds for %u records", message->fd_count,
			       capacity);
	op_trace_close(context);
	page = sys_mmap(NULL, trace_page_size(capacity), PROT_READ | PROT_WRITE, MAP_SHARED, message->fds[0], 0);
	if (sys_is_error(page))
		return err_sys(err, (int)(intptr_t)page, "init: mmap the memory for --trace");
	context->trace = page;
	context->trace_capacity = capacity;
	return 0;
}

void op_trace_close(struct init_context *context)
{
	if (context->trace)
		(void)sys_munmap(context->trace, trace_page_size(context->trace_capacity));
	context->trace = NULL;
	context->trace_record = NULL;
}

static void copy_origin(struct trace_record *record, const char *origin)
{
	size_t length = strlen(origin);

	if (length >= sizeof(record->origin))
		length = sizeof(record->origin) - 1;
	memcpy(record->origin, origin, length);
	record->origin[length] = '\0';
}

void op_trace_begin(struct init_context *context, const struct plan_op *op)
{
	struct trace_page *page = context->trace;
	struct trace_record *record;

	context->trace_record = NULL;
	if (!page || context->is_execing)
		return;
	if (page->count >= context->trace_capacity) {
		page->lost++;
		return;
	}
	record = &page->records[page->count];
	record->op_index = context->op_index;
	record->kind = op->kind;
	record->end_ns = 0;
	copy_origin(record, plan_view_str(context->view, op->origin));
	/* Where the op before it has just ended, this one begins: a look at the clock is a system call. */
	record->start_ns = context->trace_now_ns != 0 ? context->trace_now_ns : sys_monotonic_ns();
	page->count++;
	context->trace_record = record;
}

void op_trace_end(struct init_context *context)
{
	context->trace_now_ns = 0;
	/* Gone when a `start` has begun meanwhile, which has memory of its own. */
	if (context->trace_record && !context->is_execing)
		context->trace_record->end_ns = context->trace_now_ns = sys_monotonic_ns();
	context->trace_record = NULL;
}
