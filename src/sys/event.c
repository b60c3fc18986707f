/*
 * sys/event.c - system calls for waiting on several things.  Runtime process only.
 */
#include "sys/event.h"

#include <errno.h>
#include <time.h>

#include "sys/raw.h"

/* The size of the kernel's signal set, which epoll_pwait(2) wants even without a set. */
#define KERNEL_SIGSET_SIZE 8

int sys_epoll_create1(int flags)
{
	return (int)sys_call1(SYS_epoll_create1, flags);
}

int sys_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event)
{
	return (int)sys_call4(SYS_epoll_ctl, epoll_fd, operation, fd, (long)event);
}

int sys_epoll_wait(int epoll_fd, struct epoll_event *events, int count, int timeout_ms)
{
	long result;

	do
		result = sys_call6(SYS_epoll_pwait, epoll_fd, (long)events, count, timeout_ms, 0, KERNEL_SIGSET_SIZE);
	while (result == -EINTR);
	return (int)result;
}

int sys_eventfd2(unsigned value, int flags)
{
	return (int)sys_call2(SYS_eventfd2, value, flags);
}

int sys_timerfd_create(int flags)
{
	return (int)sys_call2(SYS_timerfd_create, CLOCK_MONOTONIC, flags);
}

int sys_timerfd_set_interval(int fd, uint64_t interval_ns)
{
	struct timespec interval = { (time_t)(interval_ns / 1000000000u), (long)(interval_ns % 1000000000u) };
	struct itimerspec setting = { .it_interval = interval, .it_value = interval };

	return (int)sys_call4(SYS_timerfd_settime, fd, 0, (long)&setting, 0);
}
