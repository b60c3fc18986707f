/*
 * ops/op_table.c - op kind -> function that executes it, and the slots.
 *
 * Init process only.
 */
#include "ops/op.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "wire/wire.h"

const struct op_row ops_table[OP_KIND_COUNT] = {
	[OP_PROC] = { op_run_proc },
	[OP_JOIN] = { op_run_join },
	[OP_UNSHARE] = { op_run_unshare },
	[OP_TIME_OFFSETS] = { op_run_time_offsets },
	[OP_SESSION] = { op_run_session },
	[OP_HOSTNAME] = { op_run_hostname },
	[OP_DOMAINNAME] = { op_run_domainname },
	[OP_LOOPBACK] = { op_run_loopback },
	[OP_SYSCTL] = { op_run_sysctl },
	[OP_KEYRING] = { op_run_keyring },
	[OP_PROPAGATION] = { op_run_propagation },
	[OP_ROOT] = { op_run_root },
	[OP_OPEN_TREE] = { op_run_open_tree },
	[OP_MOUNT_FS] = { op_run_mount_fs },
	[OP_MOUNT_BIND] = { op_run_mount_bind },
	[OP_REMOUNT] = { op_run_remount },
	[OP_COPY_UP] = { op_run_copy_up },
	[OP_SYMLINK] = { op_run_symlink },
	[OP_SYNC] = { op_run_sync },
	[OP_HOOK] = { op_run_hook },
	[OP_PIVOT] = { op_run_pivot },
	[OP_DEVICE] = { op_run_device },
	[OP_CONSOLE] = { op_run_console },
	[OP_STDIO] = { op_run_stdio },
	[OP_MASK] = { op_run_mask },
	[OP_READONLY] = { op_run_readonly },
	[OP_RLIMIT] = { op_run_rlimit },
	[OP_SCHEDULER] = { op_run_scheduler },
	[OP_IO_PRIORITY] = { op_run_io_priority },
	[OP_CPU_AFFINITY] = { op_run_cpu_affinity },
	[OP_MEMORY_POLICY] = { op_run_memory_policy },
	[OP_PERSONALITY] = { op_run_personality },
	[OP_UMASK] = { op_run_umask },
	[OP_CWD_CREATE] = { op_run_cwd_create },
	[OP_HOME] = { op_run_home },
	[OP_CREDENTIALS] = { op_run_credentials },
	[OP_CWD] = { op_run_cwd },
	[OP_FIND_PROGRAM] = { op_run_find_program },
	[OP_LANDLOCK] = { op_run_landlock },
	[OP_LANDLOCK_PATH] = { op_run_landlock_path },
	[OP_LANDLOCK_PORT] = { op_run_landlock_port },
	[OP_LABEL] = { op_run_label },
	[OP_NO_NEW_PRIVS] = { op_run_no_new_privs },
	[OP_CLOSE_FDS] = { op_run_close_fds },
	[OP_LANDLOCK_ENFORCE] = { op_run_landlock_enforce },
	[OP_SECCOMP] = { op_run_seccomp },
	[OP_EXEC] = { op_run_exec },
};

int op_slot(const struct init_context *context, uint32_t slot)
{
	if (slot == SLOT_NONE || slot >= PLAN_SLOT_MAX)
		return -1;
	return context->slots[slot];
}

int op_slot_need(const struct init_context *context, uint32_t slot, struct err *err)
{
	int fd = op_slot(context, slot);

	if (fd < 0)
		return err_set(err, ERR_BUG, "slot %u is empty", slot);
	return fd;
}

void op_slot_fill(struct init_context *context, uint32_t slot, int fd)
{
	if (slot == SLOT_NONE || slot >= PLAN_SLOT_MAX) {
		fd_close(&fd);
		return;
	}
	fd_close(&context->slots[slot]);
	context->slots[slot] = fd;
}

int op_slot_take(struct init_context *context, uint32_t slot)
{
	if (slot == SLOT_NONE || slot >= PLAN_SLOT_MAX)
		return -1;
	return fd_take(&context->slots[slot]);
}

void op_log(const struct init_context *context, int level, const char *format, ...)
{
	struct wire_message message;
	struct err ignored;
	va_list arguments;

	if (context->socket < 0 || (uint32_t)level > context->log_level)
		return;
	message.header.type = WIRE_LOG;
	message.header.length = sizeof(message.body.log);
	message.fd_count = 0;
	memset(&message.body.log, 0, sizeof(message.body.log));
	message.body.log.level = (uint32_t)level;
	va_start(arguments, format);
	vsnprintf(message.body.log.text, sizeof(message.body.log.text), format, arguments);
	va_end(arguments);
	(void)wire_send(context->socket, &message, &ignored);
}
