/*
 * ops/home.c - OP_HOME: the home directory of the container's user, for a program whose environment has no HOME.
 *
 * Init process only.  /etc/passwd belongs to the container: it may be a symlink, a FIFO, a device, endless or garbage.
 * Ids are compared as numbers and never looked up as names (CVE-2016-3697).
 */
#include "ops/op.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/num.h"
#include "sys/file.h"
#include "sys/path.h"

#define PASSWD_SIZE_MAX (1 << 20)
#define LINE_SIZE 2048

/* passwd(5): name:password:UID:GID:GECOS:directory:shell */
enum { FIELD_UID = 2, FIELD_HOME = 5 };

/* Finds the start and the length of a field; false when the line has fewer. */
static bool find_field(const char *line, int index, const char **field, size_t *length)
{
	const char *end;

	for (; index > 0; index--) {
		line = strchr(line, ':');
		if (!line)
			return false;
		line++;
	}
	end = strchr(line, ':');
	*field = line;
	*length = end ? (size_t)(end - line) : strlen(line);
	return true;
}

/* True when the line is that user's and names an absolute directory that fits. */
static bool take_home(const char *line, uint32_t uid, char *home, size_t size)
{
	const char *field;
	size_t length;
	uint64_t value;
	int used;

	if (!find_field(line, FIELD_UID, &field, &length) || num_parse_u64_n(field, length, UINT32_MAX, &value) ||
	    value != uid)
		return false;
	if (!find_field(line, FIELD_HOME, &field, &length) || length == 0 || field[0] != '/')
		return false;
	used = snprintf(home, size, "HOME=%.*s", (int)length, field);
	return used > 0 && (size_t)used < size;
}

/* Reads line by line with a bounded buffer; lines that don't fit are skipped.  1, 0 when it isn't there, or -errno. */
static int search_passwd(int fd, uint32_t uid, char *home, size_t size)
{
	char line[LINE_SIZE];
	char chunk[LINE_SIZE];
	size_t length = 0;
	size_t total = 0;
	ssize_t got = 0;

	while (total < PASSWD_SIZE_MAX && (got = sys_read(fd, chunk, sizeof(chunk))) != 0) {
		if (got == -EINTR)
			continue;
		if (got < 0)
			return (int)got;
		total += (size_t)got;
		for (ssize_t i = 0; i < got; i++) {
			if (chunk[i] != '\n') {
				if (length < sizeof(line))
					line[length++] = chunk[i];
				continue;
			}
			if (length < sizeof(line)) {
				line[length] = '\0';
				if (take_home(line, uid, home, size))
					return 1;
			}
			length = 0;
		}
	}
	/* The last line may have no newline. */
	if (length >= sizeof(line))
		return 0;
	line[length] = '\0';
	return take_home(line, uid, home, size);
}

/*
 * Looked at before it is opened: opening a device may do something, and a FIFO waits for a writer.  The fd, or -errno;
 * -ENOENT for what is no file.
 */
static int open_passwd(struct init_context *context)
{
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int root_fd = op_slot(context, SLOT_ROOT);
	_cleanup_fd_ int path_fd = path_open_in_root(root_fd, "etc/passwd", O_PATH, 0);
	_cleanup_fd_ int fd = -1;
	struct stat status, opened;
	int result = path_fd < 0 ? path_fd : sys_fstat(path_fd, &status);
	char link[32];

	if (result < 0)
		return result;
	if (!S_ISREG(status.st_mode))
		return -ENOENT;
	/* Again by its fd, so that it is the same file. */
	snprintf(link, sizeof(link), "self/fd/%d", path_fd);
	if (op_slot(context, SLOT_PROC) >= 0)
		return sys_openat(op_slot(context, SLOT_PROC), link, flags, 0);
	/* exec has no procfs to trust; the container could only make it open what the container opens itself. */
	fd = path_open_in_root(root_fd, "etc/passwd", flags, 0);
	result = fd < 0 ? fd : sys_fstat(fd, &opened);
	if (result < 0)
		return result;
	return opened.st_dev == status.st_dev && opened.st_ino == status.st_ino ? fd_take(&fd) : -ENOENT;
}

int op_run_home(struct init_context *context, const struct plan_op *op, struct err *err)
{
	_cleanup_fd_ int fd = -1;
	int result;

	if (op_slot_need(context, SLOT_ROOT, err) < 0)
		return -1;
	result = fd = open_passwd(context);
	if (fd >= 0)
		result = search_passwd(fd, op->u.home.uid, context->home, sizeof(context->home));
	/* An image without the file, or with something else there, is a good image. */
	if (err_is_shortage(result))
		return err_sys(err, result, "look for the user's home in /etc/passwd");
	if (result <= 0)
		memcpy(context->home, "HOME=/", 7);
	return 0;
}
