/*
 * init/start.c - where the kernel enters init: hands the initial stack to init_main().
 *
 * Init process only.  The stack holds argc, then argv[] (execve(2), System V ABI); the environment is not looked at.
 */
#include "init/init.h"

#include "sys/process.h"

/* Called by the assembler below only. */
void init_start(long *stack) __attribute__((noreturn));
void init_start(long *stack)
{
	sys_exit(init_main((int)stack[0], (char **)(stack + 1)));
}

#if defined(__x86_64__)
__asm__(".section .text.start,\"ax\"\n"
	".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call init_start\n"
	".text\n");
#elif defined(__aarch64__)
__asm__(".section .text.start,\"ax\"\n"
	".globl _start\n"
	"_start:\n"
	"	mov x29, xzr\n"
	"	mov x30, xzr\n"
	"	mov x0, sp\n"
	"	and sp, x0, #-16\n"
	"	bl init_start\n"
	".text\n");
#else /* riscv64; sys/raw.h refuses every other */
__asm__(".section .text.start,\"ax\"\n"
	".globl _start\n"
	"_start:\n"
	".option push\n"
	".option norelax\n"
	"	la gp, __global_pointer$\n"
	".option pop\n"
	"	mv fp, zero\n"
	"	mv a0, sp\n"
	"	andi sp, sp, -16\n"
	"	call init_start\n"
	".text\n");
#endif
