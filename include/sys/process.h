/*
 * sys/process.h - system calls about processes, namespaces, identity and time.
 *
 * Each function is one system call and returns >= 0 or -errno; errno is not touched.  Parameters are those of the man
 * page with the same name.  Both the runtime process and init may call them.
 */
#ifndef SYS_PROCESS_H
#define SYS_PROCESS_H

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>

/* --- making and ending processes --- */

/* clone3(2) without CLONE_VM: returns twice, as fork(2).  No atfork handlers run. */
pid_t sys_clone3(struct clone_args *args, size_t size);

/*
 * clone3(2) on a stack of its own (args->stack, args->stack_size): the child runs function(argument) and exits with
 * what it returns.  For CLONE_VM|CLONE_VFORK, where returning on the shared stack would break the parent.
 */
pid_t sys_clone3_call(struct clone_args *args, size_t size, int (*function)(void *), void *argument);

/*
 * clone(2) without CLONE_VM, for where clone3 is missing: returns twice.  flags hold the exit signal; with CLONE_PIDFD
 * *pidfd is filled.
 */
pid_t sys_clone(unsigned long flags, int *pidfd);

/* clone(SIGCHLD): fork(2) without atfork handlers. */
pid_t sys_fork(void);

int sys_execve(const char *path, char *const argv[], char *const envp[]);
int sys_execveat(int dirfd, const char *path, char *const argv[], char *const envp[], int flags);
void sys_exit(int status) __attribute__((noreturn));

/* wait4(2) with EINTR retried; `status` is what the W* macros read, `usage` may be NULL. */
pid_t sys_wait4(pid_t pid, int *status, int options, struct rusage *usage);
int sys_waitid(int id_type, pid_t id, siginfo_t *info, int options);

int sys_pidfd_open(pid_t pid, unsigned flags);
int sys_pidfd_send_signal(int pidfd, int signal);
int sys_kill(pid_t pid, int signal);
pid_t sys_getpid(void);
pid_t sys_setsid(void);

/* --- signals: masks are the kernel's 64 bits, bit n-1 for signal n --- */

int sys_sigprocmask(int how, const uint64_t *set, uint64_t *old);
/* Sets SIG_DFL.  Returns 0, or -EINVAL for SIGKILL and SIGSTOP. */
int sys_signal_default(int signal);
int sys_signalfd(int fd, uint64_t mask, int flags);

/* --- namespaces --- */

int sys_setns(int fd, int type);
int sys_unshare(int flags);
int sys_sethostname(const char *name, size_t length);
int sys_setdomainname(const char *name, size_t length);

/* --- identity and limits --- */

uid_t sys_geteuid(void);
gid_t sys_getegid(void);
/* These change the calling thread only, unlike the libc functions: for single-threaded processes. */
int sys_setgroups(size_t count, const gid_t *groups);
int sys_setresuid(uid_t real, uid_t effective, uid_t saved);
int sys_setresgid(gid_t real, gid_t effective, gid_t saved);
/* data: two elements, _LINUX_CAPABILITY_VERSION_3; for the calling thread. */
int sys_capset(const struct __user_cap_data_struct data[2]);
int sys_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
/* 64-bit limits; either pointer may be NULL. */
struct sys_rlimit { uint64_t soft; uint64_t hard; };
int sys_prlimit(pid_t pid, int resource, const struct sys_rlimit *new_limit, struct sys_rlimit *old_limit);

/* sched_setattr(2): the first version of the kernel's struct. */
struct sys_sched_attr {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns;
	uint64_t deadline_ns;
	uint64_t period_ns;
};
int sys_sched_setattr(pid_t pid, const struct sys_sched_attr *attr);
/* cpus: bit n of byte n / 8 is CPU n. */
int sys_sched_setaffinity(pid_t pid, size_t size, const void *cpus);
/* size: the bits in mask, and one more. */
int sys_set_mempolicy(int mode, const unsigned long *mask, unsigned long size);
int sys_ioprio_set(int which, int who, int priority);
int sys_personality(unsigned long persona);

int sys_close_range(unsigned first, unsigned last, unsigned flags);
/* seccomp(2), SECCOMP_SET_MODE_FILTER: 0, or the listener's fd with SECCOMP_FILTER_FLAG_NEW_LISTENER. */
int sys_seccomp_filter(unsigned flags, const struct sock_fprog *program);
long sys_keyctl(int operation, long a, long b, long c, long d);

/* --- memory and time --- */

/* The address, or a negative errno value as a pointer: test with sys_is_error(). */
void *sys_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);
int sys_munmap(void *address, size_t length);
static inline int sys_is_error(const void *pointer)
{
	return (uintptr_t)pointer > (uintptr_t)-4096;
}

int sys_clock_gettime(clockid_t clock, struct timespec *time);
/* CLOCK_MONOTONIC in nanoseconds; through the kernel, so that it works without a vDSO. */
uint64_t sys_monotonic_ns(void);
/* EINTR is retried for the time that is left. */
void sys_sleep_ms(unsigned timeout_ms);
void sys_sleep_us(unsigned timeout_us);

#endif
