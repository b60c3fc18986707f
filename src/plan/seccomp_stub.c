/*
 * plan/seccomp_stub.c - writes the few instructions in front of a seccomp filter.
 *
 * Runs in the runtime process, pure.  It must not decide anything about system calls that the profile could have named.
 */
#include "seccomp_stub.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>

struct stub { struct sock_filter *insns; size_t count; };

static void emit(struct stub *stub, uint16_t code, uint32_t value, uint8_t if_true, uint8_t if_false)
{
	stub->insns[stub->count++] = (struct sock_filter){ code, if_true, if_false, value };
}

/* Returns ENOSYS above `last`; else falls through to the instruction behind. */
static void emit_limit(struct stub *stub, uint32_t last)
{
	emit(stub, BPF_JMP | BPF_JGT | BPF_K, last, 0, 1);
	emit(stub, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS, 0, 0);
}

/* A block leaves by its last instruction, whose jump is set when the end is known; an x86_64 one may have two. */
static void emit_leave(struct stub *stub)
{
	emit(stub, BPF_JMP | BPF_JA, 0, 0, 0);
}

static void emit_arch(struct stub *stub, const struct seccomp_stub_arch *arch)
{
	size_t start = stub->count;

	emit(stub, BPF_JMP | BPF_JEQ | BPF_K, arch->audit_arch, 0, 0);
	emit(stub, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
	if (arch->audit_arch == AUDIT_ARCH_X86_64)
		/*
		 * x32 calls come with the same architecture and a bit in the number;
		 * without x32 they are the filter's matter.
		 */
		emit(stub, BPF_JMP | BPF_JGE | BPF_K, SECCOMP_X32_BIT, arch->has_x32 ? 3 : 2, 0);
	emit_limit(stub, arch->last);
	emit_leave(stub);
	if (arch->audit_arch == AUDIT_ARCH_X86_64 && arch->has_x32) {
		emit_limit(stub, arch->last_x32);
		emit_leave(stub);
	}
	stub->insns[start].jf = (uint8_t)(stub->count - start - 1);
}

size_t seccomp_stub_write(const struct seccomp_stub_arch *archs, size_t count, struct sock_filter *out)
{
	struct stub stub = { out, 0 };

	emit(&stub, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
	for (size_t i = 0; i < count; i++)
		emit_arch(&stub, &archs[i]);
	for (size_t i = 0; i < stub.count; i++)
		if (out[i].code == (BPF_JMP | BPF_JA))
			out[i].k = (uint32_t)(stub.count - i - 1);
	return stub.count;
}
