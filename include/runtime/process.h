/*
 * runtime/process.h - naming a process so that the name can't come to mean another one.
 *
 * A pid is reused after its process is gone; the pair (pid, start time) is not, and a pidfd never is.
 * Runtime process only.
 */
#ifndef RUNTIME_PROCESS_H
#define RUNTIME_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "json/types.h"
#include "spec/process.h"

/* Field 22 of /proc/PID/stat (proc(5)).  Errors: ERR_SYSTEM. */
int process_start_time(pid_t pid, uint64_t *start_time, struct err *err);

/*
 * Opens the process that has this pid and this start time, if it is alive (a zombie is not): *pidfd is -1 when it is
 * gone.  Errors: ERR_SYSTEM, where it can't be told whether it lives, which must not be taken for its end.
 */
int process_open(pid_t pid, uint64_t start_time, int *pidfd, struct err *err);

/* Waits until the process has ended.  timeout_ms < 0: for ever.  1 when it has, 0 when not in time, or -errno. */
int process_poll_end(int pidfd, int timeout_ms);

/* The same, where an error is nothing but "not yet". */
bool process_wait_end(int pidfd, int timeout_ms);

/*
 * How a process ended that has ended, as waitpid(2) says it, for others than its parent too: of a zombie from
 * /proc/PID/stat, of one that was waited for from the kernel's memory of it (PIDFD_GET_INFO, Linux 6.15), if the pidfd
 * was opened before.  pidfd may be -1.  False: it can't be told.
 */
bool process_exit_status(pid_t pid, uint64_t start_time, int pidfd, int *wait_status);

/*
 * /proc/PID/oom_score_adj, if a score is given.  Lowering it without privileges is no error but a debug line, as with
 * runc: images ask for it everywhere.
 */
int process_set_oom_score(pid_t pid, const struct opt_i64 *score, struct err *err);

/* prlimit(2) for each.  On an error *failed is the index. */
int process_set_rlimits(pid_t pid, const struct spec_rlimit_list *limits, size_t *failed, struct err *err);

/* Writes the pid by rename, so that who waits for the file never reads half a number.  path NULL: nothing to do. */
int process_write_pid_file(const char *path, pid_t pid, struct err *err);

/* 128 + signal, or the exit code, of a wait status (waitpid(2)). */
int process_exit_code(int wait_status);

#endif
