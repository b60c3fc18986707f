/*
 * sys/process.c - system calls about processes, namespaces, identity and time.
 *
 * Any process.  No errno, no allocation, no libc beyond the mem and str functions: init has nothing else.
 */
#include "sys/process.h"

#include <errno.h>
#include <linux/seccomp.h>

#include "sys/raw.h"

/* The size of the kernel's signal set, which is not that of libc's sigset_t. */
#define KERNEL_SIGSET_SIZE 8

/* struct sigaction as rt_sigaction(2) wants it: same size, restorer unused without a handler. */
struct kernel_sigaction {
	void (*handler)(int);
	unsigned long flags;
#if defined(__x86_64__) || defined(__aarch64__)
	void *restorer;
#endif
	uint64_t mask;
};

pid_t sys_clone3(struct clone_args *args, size_t size)
{
	return (pid_t)sys_call2(SYS_clone3, (long)args, (long)size);
}

pid_t sys_clone(unsigned long flags, int *pidfd)
{
	/* The pidfd goes where the parent's tid would; machines differ in the order of the last two, which are 0. */
	return (pid_t)sys_call5(SYS_clone, (long)flags, 0, (long)pidfd, 0, 0);
}

pid_t sys_fork(void)
{
	return (pid_t)sys_call5(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

int sys_execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)sys_call3(SYS_execve, (long)path, (long)argv, (long)envp);
}

int sys_execveat(int dirfd, const char *path, char *const argv[], char *const envp[], int flags)
{
	return (int)sys_call5(SYS_execveat, dirfd, (long)path, (long)argv, (long)envp, flags);
}

void sys_exit(int status)
{
	sys_call1(SYS_exit_group, status);
	/* A seccomp profile may answer with an errno; there is nothing left to do but to die. */
	sys_call1(SYS_exit, status);
	__builtin_trap();
}

pid_t sys_wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	long result;

	do
		result = sys_call4(SYS_wait4, pid, (long)status, options, (long)usage);
	while (result == -EINTR);
	return (pid_t)result;
}

int sys_waitid(int id_type, pid_t id, siginfo_t *info, int options)
{
	long result;

	do
		result = sys_call5(SYS_waitid, id_type, id, (long)info, options, 0);
	while (result == -EINTR);
	return (int)result;
}

int sys_pidfd_open(pid_t pid, unsigned flags)
{
	return (int)sys_call2(SYS_pidfd_open, pid, flags);
}

int sys_pidfd_send_signal(int pidfd, int signal)
{
	return (int)sys_call4(SYS_pidfd_send_signal, pidfd, signal, 0, 0);
}

int sys_kill(pid_t pid, int signal)
{
	return (int)sys_call2(SYS_kill, pid, signal);
}

pid_t sys_getpid(void)
{
	return (pid_t)sys_call0(SYS_getpid);
}

pid_t sys_setsid(void)
{
	return (pid_t)sys_call0(SYS_setsid);
}

int sys_sigprocmask(int how, const uint64_t *set, uint64_t *old)
{
	return (int)sys_call4(SYS_rt_sigprocmask, how, (long)set, (long)old, KERNEL_SIGSET_SIZE);
}

int sys_signal_default(int signal)
{
	struct kernel_sigaction action = { .handler = SIG_DFL };

	return (int)sys_call4(SYS_rt_sigaction, signal, (long)&action, 0, KERNEL_SIGSET_SIZE);
}

int sys_signalfd(int fd, uint64_t mask, int flags)
{
	return (int)sys_call4(SYS_signalfd4, fd, (long)&mask, KERNEL_SIGSET_SIZE, flags);
}

int sys_setns(int fd, int type)
{
	return (int)sys_call2(SYS_setns, fd, type);
}

int sys_unshare(int flags)
{
	return (int)sys_call1(SYS_unshare, flags);
}

int sys_sethostname(const char *name, size_t length)
{
	return (int)sys_call2(SYS_sethostname, (long)name, (long)length);
}

int sys_setdomainname(const char *name, size_t length)
{
	return (int)sys_call2(SYS_setdomainname, (long)name, (long)length);
}

uid_t sys_geteuid(void)
{
	return (uid_t)sys_call0(SYS_geteuid);
}

gid_t sys_getegid(void)
{
	return (gid_t)sys_call0(SYS_getegid);
}

int sys_setgroups(size_t count, const gid_t *groups)
{
	return (int)sys_call2(SYS_setgroups, (long)count, (long)groups);
}

int sys_setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return (int)sys_call3(SYS_setresuid, (long)real, (long)effective, (long)saved);
}

int sys_setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return (int)sys_call3(SYS_setresgid, (long)real, (long)effective, (long)saved);
}

int sys_capset(const struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return (int)sys_call2(SYS_capset, (long)&header, (long)data);
}

int sys_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	return (int)sys_call5(SYS_prctl, option, (long)a, (long)b, (long)c, (long)d);
}

int sys_prlimit(pid_t pid, int resource, const struct sys_rlimit *new_limit, struct sys_rlimit *old_limit)
{
	return (int)sys_call4(SYS_prlimit64, pid, resource, (long)new_limit, (long)old_limit);
}

int sys_sched_setattr(pid_t pid, const struct sys_sched_attr *attr)
{
	return (int)sys_call3(SYS_sched_setattr, pid, (long)attr, 0);
}

int sys_sched_setaffinity(pid_t pid, size_t size, const void *cpus)
{
	return (int)sys_call3(SYS_sched_setaffinity, pid, (long)size, (long)cpus);
}

int sys_set_mempolicy(int mode, const unsigned long *mask, unsigned long size)
{
	return (int)sys_call3(SYS_set_mempolicy, mode, (long)mask, (long)size);
}

int sys_ioprio_set(int which, int who, int priority)
{
	return (int)sys_call3(SYS_ioprio_set, which, who, priority);
}

int sys_personality(unsigned long persona)
{
	return (int)sys_call1(SYS_personality, (long)persona);
}

int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return (int)sys_call3(SYS_close_range, first, last, flags);
}

int sys_seccomp_filter(unsigned flags, const struct sock_fprog *program)
{
	return (int)sys_call3(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, (long)program);
}

long sys_keyctl(int operation, long a, long b, long c, long d)
{
	return sys_call5(SYS_keyctl, operation, a, b, c, d);
}

void *sys_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return (void *)sys_call6(SYS_mmap, (long)address, (long)length, protection, flags, fd, offset);
}

int sys_munmap(void *address, size_t length)
{
	return (int)sys_call2(SYS_munmap, (long)address, (long)length);
}

int sys_clock_gettime(clockid_t clock, struct timespec *time)
{
	return (int)sys_call2(SYS_clock_gettime, clock, (long)time);
}

uint64_t sys_monotonic_ns(void)
{
	struct timespec now = { 0, 0 };

	(void)sys_clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void sleep_for(struct timespec left)
{
	while (sys_call2(SYS_nanosleep, (long)&left, (long)&left) == -EINTR)
		;
}

void sys_sleep_ms(unsigned timeout_ms)
{
	sleep_for((struct timespec){ timeout_ms / 1000u, (long)(timeout_ms % 1000u) * 1000000 });
}

void sys_sleep_us(unsigned timeout_us)
{
	sleep_for((struct timespec){ timeout_us / 1000000u, (long)(timeout_us % 1000000u) * 1000 });
}
