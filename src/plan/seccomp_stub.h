/*
 * plan/seccomp_stub.h - what stands in front of a compiled filter: -ENOSYS for system calls that its author can't have
 * known.
 *
 * A program that gets EPERM from clone3 or faccessat2 believes it; with ENOSYS it falls back to the older call.  Pure.
 */
#ifndef PLAN_SECCOMP_STUB_H
#define PLAN_SECCOMP_STUB_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

/* An architecture of the filter and the highest system call number that the profile names on it. */
struct seccomp_stub_arch {
	uint32_t audit_arch;     /* AUDIT_ARCH_* */
	uint32_t last;
	uint32_t has_x32;        /* x86_64 with x32 in the filter: `last_x32` counts, with the x32 bit */
	uint32_t last_x32;
};

/*
 * Numbers of system calls are the same everywhere from this one on, and anything below was there when profiles began.
 */
#define SECCOMP_STUB_FIRST 424u
#define SECCOMP_X32_BIT 0x40000000u

/* How many instructions seccomp_stub_write() writes at most. */
#define SECCOMP_STUB_SIZE(arch_count) (1 + 8 * (size_t)(arch_count))

/* Writes the stub; what comes behind it is the filter.  Returns the number of instructions. */
size_t seccomp_stub_write(const struct seccomp_stub_arch *archs, size_t count, struct sock_filter *out);

#endif
