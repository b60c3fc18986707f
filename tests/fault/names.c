/*
 * names.c - tables of system calls, and the symbol tables of the programs under test.
 */
#include "names.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct symbol {
	uint64_t start;
	uint64_t end;
	const char *name;
};

#define NEVER_FAILS 1u  /* getpid */
#define MAY_WAIT    2u
#define IS_NEW      4u

struct call_row {
	int number;
	const char *name;
	int error;       /* 0: ENOMEM */
	unsigned flags;
};

#define CALL(name, error, flags) { SYS_##name, #name, error, flags }

static const struct call_row rows[] = {
	CALL(accept4, EMFILE, MAY_WAIT),
	CALL(bind, EACCES, 0),
	CALL(bpf, 0, 0),
	CALL(capset, EPERM, 0),
	CALL(chdir, EIO, 0),
	CALL(chroot, EPERM, 0),
	CALL(clock_gettime, 0, NEVER_FAILS),
	CALL(clone, EAGAIN, 0),
	CALL(clone3, EAGAIN, IS_NEW),
	CALL(close, EIO, 0),
	CALL(close_range, EMFILE, IS_NEW),
	CALL(connect, EAGAIN, MAY_WAIT),
	CALL(dup3, EBUSY, 0),
	CALL(epoll_create1, EMFILE, 0),
	CALL(epoll_ctl, 0, 0),
	CALL(epoll_pwait, EINVAL, MAY_WAIT),
	CALL(eventfd2, EMFILE, 0),
	CALL(execve, 0, 0),
	CALL(execveat, 0, 0),
	CALL(exit, 0, NEVER_FAILS),
	CALL(exit_group, 0, NEVER_FAILS),
	CALL(faccessat2, EIO, IS_NEW),
	CALL(fchdir, EIO, 0),
	CALL(fchmod, EIO, 0),
	CALL(fchmodat, EIO, 0),
	CALL(fchown, EIO, 0),
	CALL(fchownat, EIO, 0),
	CALL(fcntl, EBADF, 0),
	CALL(fgetxattr, EIO, 0),
	CALL(flistxattr, EIO, 0),
	CALL(flock, ENOLCK, MAY_WAIT),
	CALL(fsconfig, 0, IS_NEW),
	CALL(fsetxattr, ENOSPC, 0),
	CALL(fsmount, 0, IS_NEW),
	CALL(fsopen, 0, IS_NEW),
	CALL(fspick, 0, IS_NEW),
	CALL(fstat, EIO, 0),
	CALL(fstatfs, EIO, 0),
	CALL(getcwd, 0, 0),
	CALL(getdents64, EIO, 0),
	CALL(getegid, 0, NEVER_FAILS),
	CALL(geteuid, 0, NEVER_FAILS),
	CALL(getpid, 0, NEVER_FAILS),
	CALL(ioctl, EIO, 0),
	CALL(ioprio_set, EPERM, 0),
	CALL(keyctl, EDQUOT, IS_NEW),
	CALL(kill, EPERM, 0),
	CALL(listen, EADDRINUSE, 0),
	CALL(lseek, EIO, 0),
	CALL(memfd_create, EMFILE, 0),
	CALL(mkdirat, ENOSPC, 0),
	CALL(mknodat, ENOSPC, 0),
	CALL(mmap, 0, 0),
	CALL(mount, 0, 0),
	CALL(mount_setattr, 0, IS_NEW),
	CALL(move_mount, 0, IS_NEW),
	CALL(munmap, 0, 0),
	CALL(nanosleep, 0, NEVER_FAILS),
	CALL(newfstatat, EIO, 0),
	CALL(open_tree, EMFILE, IS_NEW),
	CALL(openat, EMFILE, 0),
	CALL(openat2, EMFILE, IS_NEW),
	CALL(personality, EINVAL, 0),
	CALL(pidfd_open, EMFILE, IS_NEW),
	CALL(pidfd_send_signal, EPERM, IS_NEW),
	CALL(pipe2, EMFILE, 0),
	CALL(pivot_root, EBUSY, 0),
	CALL(ppoll, 0, MAY_WAIT),
	CALL(prctl, EINVAL, 0),
	CALL(pread64, EIO, 0),
	CALL(prlimit64, EPERM, 0),
	CALL(pwrite64, ENOSPC, 0),
	CALL(read, EIO, MAY_WAIT),
	CALL(readlinkat, EIO, 0),
	CALL(recvmsg, 0, MAY_WAIT),
	CALL(renameat2, ENOSPC, 0),
	CALL(rt_sigaction, EINVAL, 0),
	CALL(rt_sigprocmask, EINVAL, 0),
	CALL(sched_setaffinity, EINVAL, 0),
	CALL(sched_setattr, EPERM, 0),
	CALL(seccomp, 0, 0),
	CALL(sendmsg, ENOBUFS, MAY_WAIT),
	CALL(set_mempolicy, 0, 0),
	CALL(setdomainname, EPERM, 0),
	CALL(setgroups, 0, 0),
	CALL(sethostname, EPERM, 0),
	CALL(setns, 0, 0),
	CALL(setresgid, EAGAIN, 0),
	CALL(setresuid, EAGAIN, 0),
	CALL(setsid, 0, 0),
	CALL(setsockopt, 0, 0),
	CALL(signalfd4, EMFILE, 0),
	CALL(socket, EMFILE, 0),
	CALL(socketpair, EMFILE, 0),
	CALL(symlinkat, ENOSPC, 0),
	CALL(timerfd_create, EMFILE, 0),
	CALL(timerfd_settime, EINVAL, 0),
	CALL(umask, 0, NEVER_FAILS),
	CALL(umount2, EBUSY, 0),
	CALL(unlinkat, EIO, 0),
	CALL(unshare, 0, 0),
	CALL(utimensat, EIO, 0),
	CALL(wait4, EINVAL, MAY_WAIT),
	CALL(waitid, EINVAL, MAY_WAIT),
	CALL(write, ENOSPC, MAY_WAIT),
	{ FAULT_LIBC_ACCESS, "access", EIO, 0 },
	{ FAULT_LIBC_FDOPENDIR, "fdopendir", 0, 0 },
	{ FAULT_LIBC_GETCWD, "getcwd", 0, 0 },
	{ FAULT_LIBC_MKDIR, "mkdir", ENOSPC, 0 },
	{ FAULT_LIBC_OPENDIR, "opendir", EMFILE, 0 },
	{ FAULT_LIBC_POSIX_SPAWN, "posix_spawn", EAGAIN, 0 },
	{ FAULT_LIBC_READLINK, "readlink", EIO, 0 },
	{ FAULT_LIBC_REALPATH, "realpath", EIO, 0 },
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* A call that is new here has likely errors like any other; its name is wanted for what is told about it. */
static const struct call_row *find_row(int number)
{
	static const struct call_row unknown = { -1, "a call that has no row in names.c", EIO, 0 };

	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].number == number)
			return &rows[i];
	}
	return &unknown;
}

const char *call_name(int number)
{
	return find_row(number)->name;
}

int call_likely_error(int number)
{
	int error = find_row(number)->error;

	return error == 0 ? ENOMEM : error;
}

bool call_never_fails(int number)
{
	return find_row(number)->flags & NEVER_FAILS;
}

bool call_may_be_interrupted(int number)
{
	return find_row(number)->flags & MAY_WAIT;
}

bool call_is_new(int number)
{
	return find_row(number)->flags & IS_NEW;
}

static const void *map_file(const char *path, size_t *size)
{
	struct stat status;
	const void *data;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status) < 0) {
		fprintf(stderr, "sweep: open %s: %s\n", path, strerror(errno));
		exit(2);
	}
	*size = (size_t)status.st_size;
	data = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	return data;
}

static int compare(const void *a, const void *b)
{
	uint64_t left = ((const struct symbol *)a)->start, right = ((const struct symbol *)b)->start;

	return left < right ? -1 : left > right;
}

void symbols_load(struct symbols *symbols, const char *path)
{
	size_t size;
	const char *file = map_file(path, &size);
	const Elf64_Ehdr *header = (const void *)file;
	const Elf64_Shdr *sections = (const void *)(file + header->e_shoff);

	*symbols = (struct symbols){ NULL, 0 };
	for (size_t i = 0; i < header->e_shnum; i++) {
		const Elf64_Sym *table = (const void *)(file + sections[i].sh_offset);
		const char *names = file + sections[sections[i].sh_link].sh_offset;
		size_t count = sections[i].sh_size / sizeof(*table);

		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		symbols->items = calloc(count, sizeof(*symbols->items));
		for (size_t k = 0; symbols->items && k < count; k++) {
			if (ELF64_ST_TYPE(table[k].st_info) != STT_FUNC)
				continue;
			symbols->items[symbols->count++] = (struct symbol){
				table[k].st_value, table[k].st_value + table[k].st_size, names + table[k].st_name,
			};
		}
	}
	if (symbols->count == 0) {
		fprintf(stderr, "sweep: %s has no symbols\n", path);
		exit(2);
	}
	qsort(symbols->items, symbols->count, sizeof(*symbols->items), compare);
}

static const char *symbol_name(const struct symbols *symbols, uint64_t address)
{
	for (size_t i = 0; i < symbols->count; i++) {
		/* A return address may lie just behind a call that never returns. */
		if (address > symbols->items[i].start && address <= symbols->items[i].end)
			return symbols->items[i].name;
	}
	return "?";
}

void chain_print(const struct symbols *symbols, const struct fault_struck *struck, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < struck->frame_count && i < FAULT_FRAMES_MAX; i++) {
		const char *name = symbol_name(symbols, struck->frames[i]);
		int added;

		if (strcmp(name, "strike") == 0 || strcmp(name, "fault_call") == 0)
			continue;
		added = snprintf(text + length, size - length, "%s%s", length > 0 ? " < " : "", name);
		if (added < 0 || length + (size_t)added >= size)
			return;
		length += (size_t)added;
	}
}
