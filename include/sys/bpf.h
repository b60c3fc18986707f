/*
 * sys/bpf.h - the bpf(2) calls that a cgroup's device program needs.
 *
 * Each returns >= 0 or -errno.  Every call passes a whole, zeroed union bpf_attr: kernels 6.17 to 7.1 write into it
 * behind the size that was passed.
 */
#ifndef SYS_BPF_H
#define SYS_BPF_H

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

/* BPF_PROG_LOAD of a BPF_PROG_TYPE_CGROUP_DEVICE program of `count` instructions: its descriptor. */
int sys_bpf_load_device(const struct bpf_insn *insns, size_t count);

/* BPF_PROG_ATTACH to a v2 cgroup's directory; flags: BPF_F_ALLOW_MULTI. */
int sys_bpf_attach_device(int cgroup_fd, int program_fd, unsigned flags);

/* BPF_PROG_DETACH. */
int sys_bpf_detach_device(int cgroup_fd, int program_fd);

/* BPF_PROG_QUERY: the ids of the programs that are attached to the cgroup itself, *count of them; -ENOSPC: too many. */
int sys_bpf_query_devices(int cgroup_fd, uint32_t *ids, uint32_t size, uint32_t *count);

/* BPF_PROG_GET_FD_BY_ID: a descriptor. */
int sys_bpf_open_program(uint32_t id);

/* BPF_OBJ_GET_INFO_BY_FD: 1 when it is a program of sys_bpf_load_device(), by its name; 0 for any other. */
int sys_bpf_is_ours(int program_fd);

#endif
