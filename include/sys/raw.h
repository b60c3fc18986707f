/*
 * sys/raw.h - the system call instruction itself.
 *
 * Returns what the kernel returns: >= 0, or -errno.  errno is never touched, so the same code serves the runtime
 * process and init, which has no libc.  Only sys/ includes this; every other layer calls the functions of sys/.
 * Registers: syscall(2), "Architecture calling conventions".
 */
#ifndef SYS_RAW_H
#define SYS_RAW_H

#include <sys/syscall.h>

#if defined(__x86_64__)

static inline long sys_call6(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

static inline long sys_call6(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

#elif defined(__riscv) && __riscv_xlen == 64

static inline long sys_call6(long number, long a, long b, long c, long d, long e, long f)
{
	register long a7 __asm__("a7") = number;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;
	register long a5 __asm__("a5") = f;

	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
			 : "memory");
	return a0;
}

#else
#error "no system call stubs for this architecture"
#endif

static inline long sys_call5(long number, long a, long b, long c, long d, long e)
{
	return sys_call6(number, a, b, c, d, e, 0);
}

static inline long sys_call4(long number, long a, long b, long c, long d)
{
	return sys_call6(number, a, b, c, d, 0, 0);
}

static inline long sys_call3(long number, long a, long b, long c)
{
	return sys_call6(number, a, b, c, 0, 0, 0);
}

static inline long sys_call2(long number, long a, long b)
{
	return sys_call6(number, a, b, 0, 0, 0, 0);
}

static inline long sys_call1(long number, long a)
{
	return sys_call6(number, a, 0, 0, 0, 0, 0);
}

static inline long sys_call0(long number)
{
	return sys_call6(number, 0, 0, 0, 0, 0, 0);
}

#endif
