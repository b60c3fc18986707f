/*
 * exit7.c - ends with status 7 and makes no other system call: the program that runs under a seccomp profile which
 * allows execve and exit only.  Linked without libc.
 */
void _start(void);

void _start(void)
{
#if defined(__x86_64__)
	__asm__ volatile("syscall" : : "a"(60L), "D"(7L) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long status __asm__("x0") = 7;
	register long number __asm__("x8") = 93;
	__asm__ volatile("svc 0" : : "r"(status), "r"(number) : "memory");
#elif defined(__riscv)
	register long status __asm__("a0") = 7;
	register long number __asm__("a7") = 93;
	__asm__ volatile("ecall" : : "r"(status), "r"(number) : "memory");
#else
#error "no exit system call for this machine"
#endif
	for (;;)
		;
}
