/*
 * sys/bpf.c - loads and attaches device programs.
 *
 * Runs in the runtime process.  It must always hand the kernel a full-size union bpf_attr.
 */
#include "sys/bpf.h"

#include <stdint.h>
#include <string.h>

#include "sys/raw.h"

static const char program_name[] = "runlet_devices";
_Static_assert(sizeof(program_name) <= BPF_OBJ_NAME_LEN, "the kernel takes no longer names");

static int bpf_call(int command, union bpf_attr *attr)
{
	return (int)sys_call3(__NR_bpf, command, (long)attr, sizeof(*attr));
}

int sys_bpf_load_device(const struct bpf_insn *insns, size_t count)
{
	static const char license[] = "Apache-2.0";
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uint64_t)(uintptr_t)insns;
	attr.insn_cnt = (uint32_t)count;
	attr.license = (uint64_t)(uintptr_t)license;
	memcpy(attr.prog_name, program_name, sizeof(program_name));
	return bpf_call(BPF_PROG_LOAD, &attr);
}

int sys_bpf_attach_device(int cgroup_fd, int program_fd, unsigned flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)cgroup_fd;
	attr.attach_bpf_fd = (uint32_t)program_fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = flags;
	return bpf_call(BPF_PROG_ATTACH, &attr);
}


int sys_bpf_detach_device(int cgroup_fd, int program_fd)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)cgroup_fd;
	attr.attach_bpf_fd = (uint32_t)program_fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	return bpf_call(BPF_PROG_DETACH, &attr);
}

/* The kernel writes to the ids. NOLINTNEXTLINE(readability-non-const-parameter) */
int sys_bpf_query_devices(int cgroup_fd, uint32_t *ids, uint32_t size, uint32_t *count)
{
	union bpf_attr attr;
	int result;

	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = (uint32_t)cgroup_fd;
	attr.query.attach_type = BPF_CGROUP_DEVICE;
	attr.query.prog_ids = (uint64_t)(uintptr_t)ids;
	attr.query.prog_cnt = size;
	result = bpf_call(BPF_PROG_QUERY, &attr);
	*count = attr.query.prog_cnt;
	return result;
}

int sys_bpf_open_program(uint32_t id)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	return bpf_call(BPF_PROG_GET_FD_BY_ID, &attr);
}

int sys_bpf_is_ours(int program_fd)
{
	struct bpf_prog_info info;
	union bpf_attr attr;
	int result;

	memset(&info, 0, sizeof(info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)program_fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uint64_t)(uintptr_t)&info;
	result = bpf_call(BPF_OBJ_GET_INFO_BY_FD, &attr);
	return result < 0 ? result : strcmp(info.name, program_name) == 0;
}
