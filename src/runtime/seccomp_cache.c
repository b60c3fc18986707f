/*
 * runtime/seccomp_cache.c - compiled seccomp filters that are kept in the state directory.
 *
 * Runtime process only.  A filter is what holds a container: nothing here may hand out one that was made from another
 * profile, by another user or by another libseccomp.
 */
#include "runtime/seccomp_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/trace.h"
#include "config.h"
#include "runtime/seccomp_entry.h"
#include "sys/file.h"
#include "sys/process.h"

#define TEMPORARY_PREFIX "new."
/* What decides which libseccomp dlopen(3) finds, besides the environment. */
#define LINKER_CACHE "/etc/ld.so.cache"
/* A file that is being written is younger. */
#define TEMPORARY_AGE_MAX_S 60

static struct file_id identify(const char *path)
{
	struct stat status;

	if (path[0] == '\0' || sys_fstatat(AT_FDCWD, path, &status, 0) < 0)
		return (struct file_id){ 0 };
	return (struct file_id){
		.device = status.st_dev,
		.inode = status.st_ino,
		.size = (uint64_t)status.st_size,
		.seconds = (uint64_t)status.st_mtim.tv_sec,
		.nanoseconds = (uint64_t)status.st_mtim.tv_nsec,
	};
}

static void add_text(struct buf *key, const char *text)
{
	if (text)
		buf_add_str(key, text);
	buf_add(key, text ? "" : "\1", 1);
}

/* The profile, and what else a filter depends on and is known without libseccomp. */
static void make_key(const struct spec_seccomp *seccomp, struct buf *key)
{
	struct file_id program = identify("/proc/self/exe");
	struct utsname machine = { .release = "" };

	(void)uname(&machine);
	add_text(key, PACKAGE_VERSION);
	buf_add(key, &program, sizeof(program));
	add_text(key, machine.machine);
	add_text(key, machine.release);
	add_text(key, machine.version);
	add_text(key, getenv("LD_LIBRARY_PATH"));
	add_text(key, getenv("LD_PRELOAD"));
	plan_seccomp_key(seccomp, key);
}

/* -1 as well when it is somebody else's, who could put in what he likes. */
static int open_dir(const struct store *store, bool should_make)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;

	if (should_make)
		(void)sys_mkdirat(store->fd, SECCOMP_CACHE_DIR, 0700);
	fd = sys_openat(store->fd, SECCOMP_CACHE_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0 || sys_fstat(fd, &status) < 0)
		return -1;
	if (status.st_uid != sys_geteuid() || (status.st_mode & 077) != 0) {
		log_debug("%s/" SECCOMP_CACHE_DIR " is not used: its owner or mode is wrong", store->path);
		return -1;
	}
	return fd_take(&fd);
}

static bool is_own_file(const struct stat *status)
{
	return S_ISREG(status->st_mode) && status->st_uid == sys_geteuid() && (status->st_mode & 07777) == 0600 &&
	       status->st_nlink == 1 && status->st_size > (off_t)sizeof(struct seccomp_entry_header) &&
	       status->st_size <= (off_t)SECCOMP_ENTRY_SIZE_MAX;
}

static char *read_entry(struct arena *arena, int dirfd, const char *name, size_t *size)
{
	_cleanup_fd_ int fd = sys_openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	struct stat status;
	char *bytes;

	if (fd < 0 || sys_fstat(fd, &status) < 0 || !is_own_file(&status))
		return NULL;
	bytes = arena_alloc(arena, (size_t)status.st_size + 1);
	return sys_file_read(fd, bytes, (size_t)status.st_size + 1, size) < 0 ? NULL : bytes;
}

static bool is_same_file(const struct file_id *id, const char *path)
{
	struct file_id now = identify(path);

	return memcmp(id, &now, sizeof(now)) == 0;
}

/* NULL: not there, or not to be trusted. */
static const void *find(struct arena *arena, int dirfd, const char *name, const struct buf *key, size_t *program_size)
{
	struct seccomp_entry entry;
	size_t size;
	char *bytes = read_entry(arena, dirfd, name, &size);

	if (!bytes || !seccomp_entry_read(bytes, size, key, &entry))
		return NULL;
	if (!is_same_file(&entry.library, entry.library_path) || !is_same_file(&entry.linker_cache, LINKER_CACHE))
		return NULL;
	*program_size = entry.program_size;
	return entry.program;
}

static bool is_temporary(const char *name)
{
	return strncmp(name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) == 0;
}

/* Counts the entries; oldest: the one to go when they are too many.  What a killed runlet left half-written goes. */
static size_t survey(DIR *dir, char *oldest, size_t oldest_size)
{
	time_t oldest_time = 0, now = time(NULL);
	const struct dirent *item;
	size_t count = 0;

	rewinddir(dir);
	while ((item = readdir(dir)) != NULL) {
		struct stat status;

		if (sys_fstatat(dirfd(dir), item->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(status.st_mode))
			continue;
		if (is_temporary(item->d_name)) {
			if (status.st_mtim.tv_sec + TEMPORARY_AGE_MAX_S < now)
				(void)sys_unlinkat(dirfd(dir), item->d_name, 0);
			continue;
		}
		if (count++ > 0 && status.st_mtim.tv_sec >= oldest_time)
			continue;
		oldest_time = status.st_mtim.tv_sec;
		snprintf(oldest, oldest_size, "%s", item->d_name);
	}
	return count;
}

static void limit_count(int dir_fd)
{
	char oldest[NAME_MAX + 1];
	int fd = sys_openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		fd_close(&fd);
		return;
	}
	/* Others may be adding: no more rounds than there can reasonably be need for. */
	for (int i = 0; i < SECCOMP_CACHE_MAX; i++) {
		if (survey(dir, oldest, sizeof(oldest)) <= SECCOMP_CACHE_MAX)
			break;
		(void)sys_unlinkat(dir_fd, oldest, 0);
	}
	closedir(dir);
}

/* By rename: nobody reads half a filter. */
static int write_entry(int dirfd, const char *name, const struct buf *entry)
{
	char temporary[32];
	int result;

	snprintf(temporary, sizeof(temporary), TEMPORARY_PREFIX "%d", sys_getpid());
	_cleanup_fd_ int fd = sys_openat(dirfd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fd;
	/* Whatever the caller's umask. */
	result = sys_fchmod(fd, 0600);
	if (result == 0)
		result = sys_write_all(fd, entry->data, entry->length);
	if (result == 0)
		result = sys_renameat2(dirfd, temporary, dirfd, name, 0);
	if (result < 0)
		(void)sys_unlinkat(dirfd, temporary, 0);
	return result;
}

static void keep(int dirfd, const char *name, const struct buf *key, const struct plan_seccomp *filter)
{
	const char *library = plan_seccomp_library_path();
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	struct seccomp_entry entry = {
		.program = filter->program,
		.program_size = filter->size,
		.library_path = library,
		.library = identify(library),
		.linker_cache = identify(LINKER_CACHE),
	};
	int result;

	if (!seccomp_entry_write(&entry, key, &bytes))
		return;
	result = write_entry(dirfd, name, &bytes);
	if (result < 0)
		log_debug("the compiled seccomp filter isn't kept: %s", strerror(-result));
	else
		limit_count(dirfd);
}

static int compile(struct arena *arena, const struct spec_seccomp *seccomp, struct plan_seccomp *out, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("compile the seccomp filter", "");

	return plan_seccomp_build(arena, seccomp, out, err);
}

int seccomp_cache_get(struct arena *arena, const struct store *store, const struct spec_seccomp *seccomp,
                      struct plan_seccomp *out, struct err *err)
{
	_cleanup_buf_ struct buf key = BUF_INIT;
	_cleanup_fd_ int dir = -1;
	bool is_usable;
	char name[17];

	make_key(seccomp, &key);
	is_usable = key.length <= SECCOMP_KEY_SIZE_MAX && !log_is_enabled(LOG_LEVEL_DEBUG);
	snprintf(name, sizeof(name), "%016llx", (unsigned long long)seccomp_entry_hash(key.data, key.length));
	if (is_usable) {
		dir = open_dir(store, false);
		*out = (struct plan_seccomp){ .flags = plan_seccomp_flags(seccomp) };
		out->program = dir < 0 ? NULL : find(arena, dir, name, &key, &out->size);
		if (out->program)
			return 0;
	}
	if (compile(arena, seccomp, out, err) < 0)
		return -1;
	if (is_usable && dir < 0)
		dir = open_dir(store, true);
	if (dir >= 0)
		keep(dir, name, &key, out);
	return 0;
}
