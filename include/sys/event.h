/*
 * sys/event.h - system calls for waiting on several things: epoll(7), timerfd, eventfd.
 *
 * Each function is one system call and returns >= 0 or -errno; errno is not touched.  Runtime process only.
 */
#ifndef SYS_EVENT_H
#define SYS_EVENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

int sys_epoll_create1(int flags);
int sys_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event);
/* EINTR is retried.  timeout_ms < 0: for ever. */
int sys_epoll_wait(int epoll_fd, struct epoll_event *events, int count, int timeout_ms);

int sys_eventfd2(unsigned value, int flags);

/* A CLOCK_MONOTONIC timer that fires each interval_ns, for the first time after one. */
int sys_timerfd_create(int flags);
int sys_timerfd_set_interval(int fd, uint64_t interval_ns);

#endif
