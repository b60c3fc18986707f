/*
 * sys/proc.h - parsers of /proc texts that the caller has read into a buffer (proc(5)).
 *
 * Pure: no system calls, no allocation.  The iterators cut the buffer into strings in place, so it must be writable and
 * NUL-terminated, and everything they return points into it.  Malformed text is -EINVAL, never a wild read.
 */
#ifndef SYS_PROC_H
#define SYS_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One line of /proc/PID/mountinfo, with the octal escapes (\040) undone. */
struct proc_mount {
	uint32_t id;
	uint32_t parent;
	const char *root;          /* the directory of the file system that is mounted */
	const char *mountpoint;
	const char *options;       /* of the mount: "rw,nosuid" */
	bool is_shared;            /* has a "shared:N" tag */
	const char *fs_type;
	const char *source;
	const char *super_options;
};

/* Reads the line at *cursor and moves *cursor behind it.  1: a line, 0: the end, -EINVAL. */
int proc_mount_next(char **cursor, struct proc_mount *mount);

/* One line of /proc/PID/cgroup: "4:cpu,cpuacct:/user.slice" (cgroups(7)). */
struct proc_cgroup {
	uint32_t hierarchy;        /* 0 for v2 */
	const char *controllers;   /* "" for v2, "name=systemd" for a named one */
	const char *path;
};

/* As proc_mount_next(). */
int proc_cgroup_next(char **cursor, struct proc_cgroup *cgroup);

/*
 * Finds "KEY:<blanks>VALUE" in /proc/PID/status or a text of the same shape; `key` without the colon.  Returns where
 * the value starts and its length up to the end of the line, or NULL.
 */
const char *proc_status_field(const char *text, const char *key, size_t *length);

/* Of /proc/PID/stat.  start_time and pid together name a process for ever (clock ticks since boot). */
struct proc_stat {
	char state;                /* 'R', 'S', 'Z' ... */
	pid_t parent;
	uint64_t start_time;
	int exit_code;             /* as waitpid(2) has it; of a zombie only; -1 before Linux 3.5 */
};

/* 0 or -EINVAL.  The command's name may hold blanks and parentheses, as in "1 (a) b) S 0 ...". */
int proc_stat_parse(const char *text, struct proc_stat *status);

#endif
