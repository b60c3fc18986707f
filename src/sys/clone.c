/*
 * sys/clone.c - clone3 onto a stack of its own, for CLONE_VM|CLONE_VFORK.
 *
 * Any process.  In assembler because between the system call and the call of the function the child has a stack
 * without a frame: nothing that a compiler would spill may be used there.
 */
#include "sys/process.h"

#include "sys/raw.h"

#if defined(__x86_64__)

static long clone3_and_call(struct clone_args *args, size_t size, int (*function)(void *), void *argument)
{
	register long r12 __asm__("r12") = (long)function;
	register long r13 __asm__("r13") = (long)argument;
	long result;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "mov %%r13, %%rdi\n\t"
			 "call *%%r12\n\t"
			 "mov %%eax, %%edi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n\t"
			 "ud2\n"
			 "1:"
			 : "=a"(result)
			 : "a"((long)SYS_clone3), "D"(args), "S"(size), "r"(r12), "r"(r13), [exit] "i"(SYS_exit_group)
			 : "rcx", "r11", "memory", "cc");
	return result;
}

#elif defined(__aarch64__)

static long clone3_and_call(struct clone_args *args, size_t size, int (*function)(void *), void *argument)
{
	register long x0 __asm__("x0") = (long)args;
	register long x1 __asm__("x1") = (long)size;
	register long x8 __asm__("x8") = SYS_clone3;
	register long x20 __asm__("x20") = (long)function;
	register long x21 __asm__("x21") = (long)argument;

	__asm__ volatile("svc 0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, xzr\n\t"
			 "mov x30, xzr\n\t"
			 "mov x0, x21\n\t"
			 "blr x20\n\t"
			 "mov x8, %[exit]\n\t"
			 "svc 0\n\t"
			 "brk 1\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x1), "r"(x8), "r"(x20), "r"(x21), [exit] "i"(SYS_exit_group)
			 : "memory", "cc");
	return x0;
}

#else /* riscv64; sys/raw.h refuses every other */

static long clone3_and_call(struct clone_args *args, size_t size, int (*function)(void *), void *argument)
{
	register long a0 __asm__("a0") = (long)args;
	register long a1 __asm__("a1") = (long)size;
	register long a7 __asm__("a7") = SYS_clone3;
	register long s2 __asm__("s2") = (long)function;
	register long s3 __asm__("s3") = (long)argument;

	__asm__ volatile("ecall\n\t"
			 "bnez a0, 1f\n\t"
			 "mv fp, zero\n\t"
			 "mv a0, s3\n\t"
			 "jalr s2\n\t"
			 "li a7, %[exit]\n\t"
			 "ecall\n\t"
			 "ebreak\n"
			 "1:"
			 : "+r"(a0)
			 : "r"(a1), "r"(a7), "r"(s2), "r"(s3), [exit] "i"(SYS_exit_group)
			 : "memory");
	return a0;
}

#endif

pid_t sys_clone3_call(struct clone_args *args, size_t size, int (*function)(void *), void *argument)
{
	return (pid_t)clone3_and_call(args, size, function, argument);
}
