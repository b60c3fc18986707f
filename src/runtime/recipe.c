/*
 * runtime/recipe.c - the file in a container's state directory that exec reads in the place of config.json.
 *
 * Runtime process only.
 */
#include "runtime/recipe.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"
#include "base/trace.h"
#include "sys/file.h"

int recipe_write(const struct store_entry *entry, const struct bundle *bundle, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("write the recipe for exec", "");
	_cleanup_buf_ struct buf bytes = BUF_INIT;
	_cleanup_fd_ int fd = -1;
	int result;

	if (plan_recipe_encode(&bundle->spec, &bundle->plan, &bytes, err) < 0)
		return bundle_locate_prefix(bundle, err);
	fd = sys_openat(entry->fd, STORE_RECIPE_FILE, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	result = fd < 0 ? fd : sys_write_all(fd, bytes.data, bytes.length);
	return result < 0 ? err_sys(err, result, "write %s/" STORE_RECIPE_FILE, entry->path) : 0;
}

int recipe_add_files(const struct store_entry *entry, const struct buf *files, struct err *err)
{
	_cleanup_fd_ int fd = -1;
	int result;

	if (files->length == 0)
		return 0;
	fd = sys_openat(entry->fd, STORE_RECIPE_FILE, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0);
	result = fd < 0 ? fd : sys_write_all(fd, files->data, files->length);
	return result < 0 ? err_sys(err, result, "write %s/" STORE_RECIPE_FILE, entry->path) : 0;
}

int recipe_read(struct arena *arena, const struct store_entry *entry, struct plan_recipe *recipe, struct err *err)
{
	_cleanup_trace_ struct trace_span span = trace_begin("read the recipe for exec", "");
	_cleanup_fd_ int fd = sys_openat(entry->fd, STORE_RECIPE_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
	const char *name = arena_printf(arena, "%s/" STORE_RECIPE_FILE, entry->path);
	struct stat status;
	size_t length;
	char *bytes;
	int result;

	if (fd == -ENOENT)
		return err_set(err, ERR_STATE, "container %s was made by a runlet that kept nothing for exec (no %s)",
			       entry->id, name);
	result = fd < 0 ? fd : sys_fstat(fd, &status);
	if (result < 0)
		return err_sys(err, result, "open %s", name);
	if (!S_ISREG(status.st_mode) || status.st_size > (off_t)RECIPE_SIZE_MAX)
		return err_set(err, ERR_STATE, "%s is not a file of runlet", name);
	bytes = arena_alloc(arena, (size_t)status.st_size + 1);
	result = sys_file_read(fd, bytes, (size_t)status.st_size + 1, &length);
	if (result < 0)
		return err_sys(err, result, "read %s", name);
	return plan_recipe_decode(arena, name, bytes, length, recipe, err);
}
