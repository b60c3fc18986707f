/*
 * runtime/store.c - the state directory: which containers there are, and the files of each.
 *
 * Runtime process only.  Everything is opened relative to a directory's fd; nothing is followed or removed that runlet
 * did not make.
 */
#include "runtime/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/trace.h"
#include "host/host.h"
#include "sys/file.h"
#include "sys/process.h"

#define STATE_FILE_NEW "state.json.new"

/*
 * runc's rule, so that both tools find the same containers when they share a session.  The root of a user namespace, as
 * rootless podman makes one, is an ordinary user outside.
 */
static bool should_use_xdg(struct arena *arena, const struct runtime_context *context)
{
	const char *user = getenv("USER");
	struct host host = { .facts = 0 };
	struct err ignored;

	if (context->rootless != ROOTLESS_AUTO)
		return context->rootless == ROOTLESS_TRUE;
	if (sys_geteuid() != 0)
		return true;
	if (!getenv("XDG_RUNTIME_DIR") || (user && strcmp(user, "root") == 0))
		return false;
	return host_probe(arena, HOST_IDS, &host, &ignored) == 0 && host.is_in_user_ns;
}

static int choose_root(struct arena *arena, const struct runtime_context *context, const char **path, bool *is_xdg,
                       struct err *err)
{
	const char *xdg = getenv("XDG_RUNTIME_DIR");

	*is_xdg = false;
	if (context->root) {
		char *cwd;

		if (context->root[0] == '/') {
			*path = context->root;
			return 0;
		}
		cwd = getcwd(NULL, 0);
		if (!cwd)
			return err_sys(err, errno, "getcwd");
		*path = arena_printf(arena, "%s/%s", cwd, context->root);
		free(cwd);
		return 0;
	}
	if (!should_use_xdg(arena, context)) {
		*path = "/run/runlet";
		return 0;
	}
	if (!xdg || xdg[0] != '/')
		return err_set(err, ERR_USAGE,
			       "XDG_RUNTIME_DIR is not set, so the state has no place: set it, or give --root");
	*path = arena_printf(arena, "%s/runlet", xdg);
	*is_xdg = true;
	return 0;
}

/* mkdir -p; the parents exist nearly always, so the last component is tried first. */
static int make_dirs(struct arena *arena, const char *path)
{
	char *copy, *slash;

	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return 0;
	if (errno != ENOENT)
		return -errno;
	copy = arena_strdup(arena, path);
	for (slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : -errno;
}

static int open_root(struct arena *arena, const char *path, bool should_make, bool is_xdg)
{
	int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	int result;

	if (fd != -ENOENT || !should_make)
		return fd;
	result = make_dirs(arena, path);
	if (result < 0)
		return result;
	/*
	 * The sticky bit keeps cleaners of the XDG directory away from files that look old (XDG base directory
	 * specification).
	 */
	if (is_xdg)
		(void)chmod(path, 01700);
	return sys_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
}

/* Somebody else's states would name hooks to run, processes to kill and directories to remove. */
static int check_owner(int fd, const char *path, struct stat *status, struct err *err)
{
	int result = sys_fstat(fd, status);

	if (result < 0)
		return err_sys(err, result, "fstat %s", path);
	if (status->st_uid != sys_geteuid() && status->st_uid != 0)
		return err_set(err, ERR_STATE, "the state directory %s belongs to uid %u, who could swap what is in it",
		               path, status->st_uid);
	return 0;
}

int store_open(struct arena *arena, const struct runtime_context *context, bool should_make, struct store *store,
               struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("open the state directory", "");
	struct stat status;
	bool is_xdg;
	int fd;

	*store = (struct store)STORE_INIT;
	if (choose_root(arena, context, &store->path, &is_xdg, err) < 0)
		return -1;
	fd = open_root(arena, store->path, should_make, is_xdg);
	if (fd == -ENOENT && !should_make) {
		store->is_missing = true;
		return 0;
	}
	if (fd < 0)
		return err_sys(err, fd, "open the state directory %s", store->path);
	store->fd = fd;
	if (check_owner(fd, store->path, &status, err) < 0)
		return -1;
	if ((status.st_mode & S_IWOTH) && !(status.st_mode & S_ISVTX))
		return err_set(err, ERR_STATE, "all users can write to the state directory %s, and swap what is in it",
		               store->path);
	return 0;
}

void store_close(struct store *store)
{
	fd_close(&store->fd);
}

static bool is_id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
	       c == '-' || c == '.';
}

int store_check_id(const char *id, struct err *err)
{
	size_t length = 0;

	if (!id || id[0] == '\0')
		return err_set(err, ERR_USAGE, "container id cannot be empty");
	for (; id[length] != '\0'; length++) {
		if (!is_id_char(id[length]))
			return err_set(err, ERR_USAGE,
				       "invalid container id format: \"%.64s\": only letters, digits and _+-. are good",
				       id);
	}
	if (length > NAME_MAX)
		return err_set(err, ERR_USAGE,
			       "invalid container id format: %zu characters, at most %d are allowed: \"%.32s...\"",
			       length, NAME_MAX, id);
	if (strcmp(id, ".") == 0 || strcmp(id, "..") == 0)
		return err_set(err, ERR_USAGE, "invalid container id format: \"%s\"", id);
	return 0;
}

/* Where the directory was removed between open and flock, the lock is one on nothing. */
static int check_still_there(const struct store_entry *entry, struct err *err)
{
	struct stat status;
	int result = sys_fstat(entry->fd, &status);

	if (result < 0)
		return err_sys(err, result, "fstat %s", entry->path);
	if (status.st_nlink == 0)
		return err_set(err, ERR_NOT_FOUND, "container does not exist: %s", entry->id);
	return 0;
}

int store_claim(struct arena *arena, const struct store *store, const char *id, struct store_entry *entry,
                struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("claim the name", id);
	struct stat status;
	int result;

	*entry = (struct store_entry)STORE_ENTRY_INIT;
	if (store_check_id(id, err) < 0)
		return -1;
	entry->root_fd = store->fd;
	entry->id = id;
	entry->path = arena_printf(arena, "%s/%s", store->path, id);
	result = sys_mkdirat(store->fd, id, 0700);
	if (result == -EEXIST)
		return err_set(err, ERR_EXISTS, "container with given ID already exists: %s", id);
	if (result < 0)
		return err_sys(err, result, "mkdir %s", entry->path);
	result = sys_openat(store->fd, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (result == -ENOENT)
		return err_set(err, ERR_STATE, "container %s was deleted while it was being created", id);
	if (result < 0) {
		(void)sys_unlinkat(store->fd, id, AT_REMOVEDIR);
		return err_sys(err, result, "open %s", entry->path);
	}
	entry->fd = result;
	if (store_lock(entry, err) < 0) {
		fd_close(&entry->fd);
		if (err->kind == ERR_NOT_FOUND)
			return err_set(err, ERR_STATE, "container %s was deleted while it was being created", id);
		(void)sys_unlinkat(store->fd, id, AT_REMOVEDIR);
		return -1;
	}
	/*
	 * A delete may have removed what was made above, and another create made its own, before it was opened: then
	 * the lock came when that one was finished, and what is here is not to be touched.
	 */
	result = sys_fstatat(entry->fd, STORE_STATE_FILE, &status, AT_SYMLINK_NOFOLLOW);
	if (result == -ENOENT) {
		entry->is_new = true;
		return 0;
	}
	fd_close(&entry->fd);
	if (result == 0)
		return err_set(err, ERR_EXISTS, "container with given ID already exists: %s", id);
	/* Only what is empty goes. */
	(void)sys_unlinkat(store->fd, id, AT_REMOVEDIR);
	return err_sys(err, result, "stat %s/" STORE_STATE_FILE, entry->path);
}

int store_open_entry(struct arena *arena, const struct store *store, const char *id, struct store_entry *entry,
                     struct err *err)
{
	struct stat status;
	int fd;

	*entry = (struct store_entry)STORE_ENTRY_INIT;
	if (store_check_id(id, err) < 0)
		return -1;
	if (store->is_missing)
		return err_set(err, ERR_NOT_FOUND, "container does not exist: %s", id);
	fd = sys_openat(store->fd, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP)
		return err_set(err, ERR_NOT_FOUND, "container does not exist: %s", id);
	if (fd < 0)
		return err_sys(err, fd, "open %s/%s", store->path, id);
	entry->root_fd = store->fd;
	entry->fd = fd;
	entry->id = id;
	entry->path = arena_printf(arena, "%s/%s", store->path, id);
	return check_owner(fd, entry->path, &status, err);
}

int store_lock(const struct store_entry *entry, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("take the lock", "");
	int result;

	do
		result = sys_flock(entry->fd, LOCK_EX);
	while (result == -EINTR);
	if (result < 0)
		return err_sys(err, result, "flock %s", entry->path);
	return check_still_there(entry, err);
}

bool store_is_locked(const struct store_entry *entry)
{
	int result = sys_flock(entry->fd, LOCK_SH | LOCK_NB);

	if (result < 0)
		return result == -EWOULDBLOCK;
	(void)sys_flock(entry->fd, LOCK_UN);
	return false;
}

void store_unlock(const struct store_entry *entry)
{
	(void)sys_flock(entry->fd, LOCK_UN);
}

static int write_new_state(const struct store_entry *entry, const char *json, size_t length)
{
	_cleanup_fd_ int fd = -1;

	fd = sys_openat(entry->fd, STATE_FILE_NEW, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd < 0 ? fd : sys_write_all(fd, json, length);
}

/*
 * Where /run is a disk, a rename over a file makes ext4 write the new one out at once, and its later removal waits for
 * that; an exchange doesn't.  There is none before there are two files, and on some file systems.
 */
static int replace_state(const struct store_entry *entry)
{
	int result = entry->is_new ? -ENOENT :
	                             sys_renameat2(entry->fd, STATE_FILE_NEW, entry->fd, STORE_STATE_FILE,
	                                           RENAME_EXCHANGE);

	if (result < 0)
		return sys_renameat2(entry->fd, STATE_FILE_NEW, entry->fd, STORE_STATE_FILE, 0);
	result = sys_unlinkat(entry->fd, STATE_FILE_NEW, 0);
	return result == -ENOENT ? 0 : result;
}

int store_write_state(struct store_entry *entry, const char *json, size_t length, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("write the state", "");

	/* No fsync: /run is memory, and a container doesn't outlive the kernel that runs it. */
	int result = write_new_state(entry, json, length);

	if (result == 0)
		result = replace_state(entry);
	if (result < 0) {
		(void)sys_unlinkat(entry->fd, STATE_FILE_NEW, 0);
		return err_sys(err, result, "write %s/" STORE_STATE_FILE, entry->path);
	}
	entry->is_new = false;
	return 0;
}

int store_read_state(struct arena *arena, const struct store_entry *entry, char **json, size_t *length, struct err *err)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int result;

	*json = NULL;
	*length = 0;
	fd = sys_openat(entry->fd, STORE_STATE_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return err_sys(err, fd, "open %s/" STORE_STATE_FILE, entry->path);
	result = sys_fstat(fd, &status);
	if (result < 0)
		return err_sys(err, result, "fstat %s/" STORE_STATE_FILE, entry->path);
	if (!S_ISREG(status.st_mode) || status.st_size > (off_t)STORE_STATE_SIZE_MAX)
		return err_set(err, ERR_STATE, "%s/" STORE_STATE_FILE " is not a state file of runlet", entry->path);
	*json = arena_alloc(arena, (size_t)status.st_size + 1);
	result = sys_file_read(fd, *json, (size_t)status.st_size + 1, length);
	if (result < 0)
		return err_sys(err, result, "read %s/" STORE_STATE_FILE, entry->path);
	return 0;
}

int store_remove(const struct store_entry *entry, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("remove the state", "");
	/* Without state.json a killed delete can still be repeated: it is as if create had got no further. */
	static const struct { const char *name; int flags; } files[] = {
		{ STORE_START_SOCKET, 0 },
		{ STORE_RECIPE_FILE, 0 },
		{ STORE_STATE_FILE, 0 },
		/* Seldom there, and only looked for where the directory is not empty by now. */
		{ STORE_NOTIFY_SOCKET, 0 },
		{ STORE_NOTIFY_DIR, AT_REMOVEDIR },
		{ STATE_FILE_NEW, 0 },
	};
	const size_t usual_count = 3, count = sizeof(files) / sizeof(files[0]);
	int result = -ENOTEMPTY;

	for (size_t i = 0; i < count && result == -ENOTEMPTY; i++) {
		result = sys_unlinkat(entry->fd, files[i].name, files[i].flags);
		if (result < 0 && result != -ENOENT)
			return err_sys(err, result, "remove %s/%s", entry->path, files[i].name);
		result = -ENOTEMPTY;
		if (i + 1 == usual_count || i + 1 == count)
			result = sys_unlinkat(entry->root_fd, entry->id, AT_REMOVEDIR);
	}
	if (result < 0 && result != -ENOENT)
		return err_sys(err, result, "rmdir %s", entry->path);
	return 0;
}

void store_entry_close(struct store_entry *entry)
{
	fd_close(&entry->fd);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int store_list(struct arena *arena, const struct store *store, const char ***ids, size_t *count, struct err *err)
{
	const struct dirent *item;
	const char **names = NULL;
	struct err ignored = ERR_INIT;
	DIR *dir;
	int fd;

	*ids = NULL;
	*count = 0;
	if (store->is_missing)
		return 0;
	/* A description of its own: readdir moves the offset. */
	fd = sys_openat(store->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(err, fd, "open %s", store->path);
	dir = fdopendir(fd);
	if (!dir) {
		fd_close(&fd);
		return err_sys(err, errno, "fdopendir %s", store->path);
	}
	while ((item = readdir(dir)) != NULL) {
		if (item->d_type != DT_DIR && item->d_type != DT_UNKNOWN)
			continue;
		if (store_check_id(item->d_name, &ignored) < 0)
			continue;
		names = arena_grow(arena, names, *count, sizeof(*names));
		names[(*count)++] = arena_strdup(arena, item->d_name);
	}
	closedir(dir);
	if (names)
		qsort(names, *count, sizeof(*names), compare_names);
	*ids = names;
	return 0;
}
