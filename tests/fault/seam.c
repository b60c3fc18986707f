/*
 * seam.c - stands between the layer sys and the kernel, counts the system calls and lets one of them fail.
 *
 * Linked into tests/fault/runlet-fault and, without libc, into its init; never into the product.  Without the sweep's
 * page (FAULT_FD) it does nothing.  It must make no call of its own once the page is there: a seccomp filter may be
 * loaded.
 */
#include "seam.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>

#include "sys/process.h"
#include "sys/raw.h"

/* Of the linker: where the program's text ends. */
extern const char etext[];

#ifdef FAULT_INIT_PROGRAM
static enum fault_role own_role = FAULT_INIT;
#define CHILD_ROLE FAULT_INIT_CHILD
#else
static enum fault_role own_role = FAULT_RUNTIME;
#define CHILD_ROLE FAULT_STUB
#endif

static struct fault_page *page;
static int has_looked;

static void find_page(void)
{
	long address;

	has_looked = 1;
	address = made_call6(SYS_mmap, 0, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, FAULT_FD, 0);
	if (address < 0 && address > -4096)
		return;
	page = (struct fault_page *)address;
#ifdef FAULT_INIT_PROGRAM
	made_call1(SYS_close, FAULT_FD);
#else
	made_call3(SYS_fcntl, FAULT_FD, F_SETFD, FD_CLOEXEC);
#endif
}

/* Which argument is a text that tells what the call is about; 0 for none. */
static int object_argument(long number)
{
	switch (number) {
	case SYS_memfd_create:
	case SYS_chdir:
	case SYS_chroot:
	case SYS_symlinkat:
	case SYS_umount2:
	case SYS_pivot_root:
	case SYS_fsopen:
	case SYS_execve:
		return 1;
	case SYS_openat:
	case SYS_openat2:
	case SYS_newfstatat:
	case SYS_faccessat2:
	case SYS_mkdirat:
	case SYS_mknodat:
	case SYS_renameat2:
	case SYS_unlinkat:
	case SYS_fchmodat:
	case SYS_fchownat:
	case SYS_readlinkat:
	case SYS_utimensat:
	case SYS_open_tree:
	case SYS_mount_setattr:
	case SYS_mount:
	case SYS_fgetxattr:
		return 2;
	case SYS_fsconfig:
		return 3;
	case SYS_move_mount:
		return 4;
	default:
		return 0;
	}
}

static void note_object(struct fault_struck *struck, const char *object)
{
	size_t i = 0;

	for (; object && i < sizeof(struck->object) - 1 && object[i]; i++)
		struck->object[i] = object[i];
	struck->object[i] = '\0';
}

/* Compiled with frame pointers: each frame holds that of its caller, and where it returns to. */
static uint32_t walk_frames(uint64_t frames[FAULT_FRAMES_MAX])
{
	const uintptr_t *frame = __builtin_frame_address(0);
	uint32_t count = 0;

	while (count < FAULT_FRAMES_MAX && frame) {
		const uintptr_t *caller = (const uintptr_t *)frame[0];

		if (frame[1] == 0 || frame[1] >= (uintptr_t)etext)
			break;
		frames[count++] = frame[1];
		if (caller <= frame || (uintptr_t)caller - (uintptr_t)frame > (4u << 20) || (uintptr_t)caller % 8 != 0)
			break;
		frame = caller;
	}
	return count;
}

static uint32_t site_of(const uint64_t *frames, uint32_t count)
{
	uint32_t site = 2166136261u;

	for (uint32_t i = 0; i < count; i++)
		site = (site ^ (uint32_t)frames[i]) * 16777619u;
	return site;
}

/* The first process of a pid namespace takes no SIGKILL from inside, but a fault of its own does kill it. */
static void die(void) __attribute__((noreturn));
static void die(void)
{
	made_call2(SYS_kill, made_call0(SYS_getpid), SIGKILL);
	__builtin_trap();
}

static void stop(void)
{
	struct timespec pause = { 0, 200000 };

	while (page->action == FAULT_STOP && !page->is_released)
		made_call2(SYS_nanosleep, (long)&pause, 0);
}

/* 0: make the call.  Else what it is to return. */
static long strike(long number, const char *object)
{
	struct fault_struck *struck;
	uint64_t frames[FAULT_FRAMES_MAX];
	uint32_t count, frame_count, site;

	if (!has_looked)
		find_page();
	if (!page)
		return 0;
	count = ++page->counts[own_role];
	frame_count = walk_frames(frames);
	site = site_of(frames, frame_count);
	if (count <= FAULT_CALLS_MAX) {
		page->numbers[own_role][count - 1] = (uint16_t)number;
		page->sites[own_role][count - 1] = site;
	}
	if (page->action == FAULT_NONE || page->role != own_role || page->site != site ||
	    ++page->turns != page->turn)
		return 0;
	struck = &page->struck;
	struck->number = (int32_t)number;
	note_object(struck, object);
	struck->frame_count = frame_count;
	for (uint32_t i = 0; i < frame_count; i++)
		struck->frames[i] = frames[i];
	struck->is_set = 1;
	if (page->action == FAULT_KILL)
		die();
	if (page->action == FAULT_ERRNO)
		return -page->errnum;
	stop();
	return 0;
}

/* The sweep's page must survive runlet's closing of all that it doesn't know. */
static long close_range_around(long first, long last, long flags)
{
	long result = 0;

	if (!page || first > FAULT_FD || last < FAULT_FD)
		return made_call3(SYS_close_range, first, last, flags);
	if (first < FAULT_FD)
		result = made_call3(SYS_close_range, first, FAULT_FD - 1, flags);
	if (result == 0 && last > FAULT_FD)
		result = made_call3(SYS_close_range, FAULT_FD + 1, last, flags);
	return result;
}

/* init inherits the page, and nothing else does. */
static long execute_init(long a, long b, long c, long d, long e)
{
	long result;

	made_call3(SYS_fcntl, FAULT_FD, F_SETFD, 0);
	result = made_call5(SYS_execveat, a, b, c, d, e);
	made_call3(SYS_fcntl, FAULT_FD, F_SETFD, FD_CLOEXEC);
	return result;
}

long fault_call(long number, long a, long b, long c, long d, long e, long f)
{
	const long arguments[] = { 0, a, b, c, d };
	long result = strike(number, (const char *)arguments[object_argument(number)]);

	if (result != 0) {
		/* The kernel has closed it all the same (close(2)). */
		if (number == SYS_close)
			made_call1(SYS_close, a);
		return result;
	}
	if (page && number == SYS_close_range)
		return close_range_around(a, b, c);
	if (page && (number == SYS_close || number == SYS_fcntl) && a == FAULT_FD)
		return 0;
	if (page && number == SYS_execveat)
		return execute_init(a, b, c, d, e);
	result = made_call6(number, a, b, c, d, e, f);
	if (result == 0 && (number == SYS_clone || number == SYS_clone3))
		own_role = CHILD_ROLE;
	return result;
}

#ifndef FAULT_INIT_PROGRAM

#include <dirent.h>
#include <spawn.h>
#include <unistd.h>

/* The clone that shares runlet's memory is made in assembler (sys/clone.c); the linker puts this in its place. */
pid_t __real_sys_clone3_call(struct clone_args *args, size_t size, int (*function)(void *), void *argument);
pid_t __wrap_sys_clone3_call(struct clone_args *args, size_t size, int (*function)(void *), void *argument);

struct stub_call {
	int (*function)(void *);
	void *argument;
};

static int be_stub(void *argument)
{
	const struct stub_call *call = argument;

	own_role = FAULT_STUB;
	return call->function(call->argument);
}

pid_t __wrap_sys_clone3_call(struct clone_args *args, size_t size, int (*function)(void *), void *argument)
{
	struct stub_call call = { function, argument };
	enum fault_role role = own_role;
	long result = strike(SYS_clone3, NULL);

	if (result == 0)
		result = __real_sys_clone3_call(args, size, be_stub, &call);
	/* The stub wrote to the same memory. */
	own_role = role;
	return (pid_t)result;
}

/* What runlet takes from the C library itself: wrapped by the linker, too.  False: it fails, and errno says how. */
static int may_call(enum fault_libc_call call, const char *object)
{
	long result = strike(call, object);

	if (result == 0)
		return 1;
	errno = (int)-result;
	return 0;
}

#define WRAP(call, type, name, failure, object, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		return may_call(call, object) ? __real_##name arguments : failure; \
	}

WRAP(FAULT_LIBC_ACCESS, int, access, -1, path, (const char *path, int mode), (path, mode))
WRAP(FAULT_LIBC_FDOPENDIR, DIR *, fdopendir, NULL, NULL, (int fd), (fd))
WRAP(FAULT_LIBC_GETCWD, char *, getcwd, NULL, NULL, (char *buffer, size_t size), (buffer, size))
WRAP(FAULT_LIBC_MKDIR, int, mkdir, -1, path, (const char *path, mode_t mode), (path, mode))
WRAP(FAULT_LIBC_OPENDIR, DIR *, opendir, NULL, path, (const char *path), (path))
WRAP(FAULT_LIBC_POSIX_SPAWN, int, posix_spawn, errno, path,
     (pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
      char *const argv[], char *const envp[]), (pid, path, actions, attributes, argv, envp))
WRAP(FAULT_LIBC_READLINK, ssize_t, readlink, -1, path, (const char *path, char *buffer, size_t size),
     (path, buffer, size))
WRAP(FAULT_LIBC_REALPATH, char *, realpath, NULL, path, (const char *path, char *buffer), (path, buffer))

#endif
