/*
 * ops/fs.c - a new file system: fsopen, its options, fsmount; or mount(2).
 *
 * Init process only.  It must not resolve a path of the container: callers give the target's fd.
 */
#include "ops/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "ops/attach.h"
#include "ops/retire.h"
#include "sys/file.h"
#include "sys/mount.h"
#include "sys/path.h"

/* fsconfig(2) takes values of at most 255 bytes; overlay's lowerdir may be longer. */
#define VALUE_MAX 255
/* mount(2) reads one page of options. */
#define DATA_SIZE 4096
#define KEY_SIZE 128
#define WHAT_SIZE 320

/* What mount(2) has bits for and fsconfig(2) words.  MS_SILENT has none and only mutes the kernel's log. */
static const struct {
	uint32_t flag;
	const char *key;
} sb_flag_rows[] = {
	{ MS_RDONLY, "ro" },
	{ MS_SYNCHRONOUS, "sync" },
	{ MS_DIRSYNC, "dirsync" },
	{ MS_MANDLOCK, "mand" },
	{ MS_LAZYTIME, "lazytime" },
};
#define SB_FLAG_ROW_COUNT (sizeof(sb_flag_rows) / sizeof(sb_flag_rows[0]))

void op_fs_close(struct op_fs *fs)
{
	op_fd_retire(&fs->context_fd);
	op_fd_retire(&fs->mount_fd);
}

int op_fs_error(int context_fd, int errnum, const char *what, const char *step, struct err *err)
{
	char message[256];

	mount_read_message(context_fd, message, sizeof(message));
	if (message[0])
		return err_sys(err, errnum, "%s: %s: %s", what, step, message);
	return err_sys(err, errnum, "%s: %s", what, step);
}

static int fs_option(int context_fd, const char *option, const char *what, struct err *err)
{
	const char *equals = strchr(option, '=');
	size_t length = equals ? (size_t)(equals - option) : strlen(option);
	char key[KEY_SIZE];
	char step[KEY_SIZE + 128];
	int result;

	if (length >= sizeof(key))
		return err_set(err, ERR_CONFIG, "%s: option \"%.64s...\" is too long", what, option);
	memcpy(key, option, length);
	key[length] = '\0';
	if (equals)
		result = sys_fsconfig(context_fd, FSCONFIG_SET_STRING, key, equals + 1, 0);
	else
		result = sys_fsconfig(context_fd, FSCONFIG_SET_FLAG, key, NULL, 0);
	if (result >= 0)
		return 0;
	snprintf(step, sizeof(step), "option \"%.200s\"", option);
	return op_fs_error(context_fd, result, what, step, err);
}

int op_fs_configure(const struct init_context *context, int context_fd, uint32_t sb_flags, struct plan_list options,
                    const char *what, struct err *err)
{
	for (size_t i = 0; i < SB_FLAG_ROW_COUNT; i++)
		if ((sb_flags & sb_flag_rows[i].flag) && fs_option(context_fd, sb_flag_rows[i].key, what, err) < 0)
			return -1;
	for (uint32_t i = 0; i < options.count; i++)
		if (fs_option(context_fd, plan_view_item(context->view, options, i), what, err) < 0)
			return -1;
	return 0;
}

/* Whether only mount(2) can pass the options. */
static bool fs_needs_plain(const struct init_context *context, const struct op_mount_fs *mount)
{
	if (mount->sb_flags & MS_I_VERSION)
		return true;
	for (uint32_t i = 0; i < mount->options.count; i++) {
		const char *equals = strchr(plan_view_item(context->view, mount->options, i), '=');

		if (equals && strlen(equals + 1) > VALUE_MAX)
			return true;
	}
	return false;
}

/* MOUNT_KEEP_MODE: "mode=0755" of the directory that will be covered, as runc does for a tmpfs; "" for none. */
static int fs_mode_option(const struct op_mount_fs *mount, int target_fd, char *option, size_t size, struct err *err)
{
	struct stat status;
	int result;

	option[0] = '\0';
	if (!(mount->flags & MOUNT_KEEP_MODE))
		return 0;
	result = sys_fstat(target_fd, &status);
	if (result < 0)
		return err_sys(err, result, "fstat of a mount target");
	snprintf(option, size, "mode=%04o", status.st_mode & 07777);
	return 0;
}

static void fs_what(const struct init_context *context, const struct op_mount_fs *mount, char what[WHAT_SIZE])
{
	snprintf(what, WHAT_SIZE, "mount %.40s at %.240s", plan_view_str(context->view, mount->type),
	         plan_view_str(context->view, mount->destination));
}

/* A user namespace can mount proc and sysfs only where it sees one with nothing hidden (mount_namespaces(7)). */
static int fs_mount_error(const struct init_context *context, const struct op_mount_fs *mount, int context_fd,
                          int result, const char *what, struct err *err)
{
	const char *type = plan_view_str(context->view, mount->type);
	const char *step = "fsmount";

	/* mount_too_revealing() in the kernel, or a namespace that belongs to another user namespace. */
	if (result == -EPERM && strcmp(type, "proc") == 0)
		step = "an outer container masks parts of its own /proc (start that one unmasked, or bind /proc), or "
		       "the pid namespace isn't new";
	if (result == -EPERM && strcmp(type, "sysfs") == 0)
		step = "an outer container masks parts of its own /sys (start that one unmasked, or bind /sys), or "
		       "the network namespace isn't new";
	return op_fs_error(context_fd, result, what, step, err);
}

int op_fs_make(const struct init_context *context, const struct op_mount_fs *mount, int target_fd, uint64_t attr,
               struct op_fs *fs, struct err *err)
{
	const char *source = plan_view_str(context->view, mount->source);
	char what[WHAT_SIZE];
	char mode[16];
	int result;

	if (fs_needs_plain(context, mount))
		return 1;
	fs_what(context, mount, what);
	if (fs_mode_option(mount, target_fd, mode, sizeof(mode), err) < 0)
		return -1;
	fs->context_fd = sys_fsopen(plan_view_str(context->view, mount->type), FSOPEN_CLOEXEC);
	if (mount_is_missing(fs->context_fd))
		return 1;
	if (fs->context_fd == -ENODEV)
		return err_set(err, ERR_UNSUPPORTED, "%s: the kernel has no such file system type", what);
	if (fs->context_fd < 0)
		return err_sys(err, fs->context_fd, "%s: fsopen", what);
	result = *source ? sys_fsconfig(fs->context_fd, FSCONFIG_SET_STRING, "source", source, 0) : 0;
	if (result < 0)
		return op_fs_error(fs->context_fd, result, what, "source", err);
	if (*mode && fs_option(fs->context_fd, mode, what, err) < 0)
		return -1;
	if (op_fs_configure(context, fs->context_fd, mount->sb_flags, mount->options, what, err) < 0)
		return -1;
	result = sys_fsconfig(fs->context_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (result < 0)
		return op_fs_error(fs->context_fd, result, what, "fsconfig create", err);
	fs->mount_fd = sys_fsmount(fs->context_fd, FSMOUNT_CLOEXEC, (unsigned)attr);
	if (fs->mount_fd < 0)
		return fs_mount_error(context, mount, fs->context_fd, fs->mount_fd, what, err);
	return 0;
}

/* context=, fscontext=, defcontext=, rootcontext= */
static bool fs_is_label(const char *option, int key_length)
{
	return key_length >= 8 && strncmp(option + key_length - 8, "context=", 8) == 0;
}

/* "a,b=c" for mount(2).  A label with commas goes in quotes, as the security modules read it. */
static int fs_data(const struct init_context *context, const struct op_mount_fs *mount, const char *mode, char *data,
                   const char *what, struct err *err)
{
	size_t length = 0;

	length += (size_t)snprintf(data, DATA_SIZE, "%s", mode);
	for (uint32_t i = 0; i < mount->options.count && length < DATA_SIZE; i++) {
		const char *option = plan_view_item(context->view, mount->options, i);
		const char *equals = strchr(option, '=');
		int key_length = equals ? (int)(equals + 1 - option) : 0;
		const char *quote = fs_is_label(option, key_length) && strchr(option, ',') ? "\"" : "";

		length += (size_t)snprintf(data + length, DATA_SIZE - length, "%s%.*s%s%s%s", length ? "," : "",
		                           key_length, option, quote, option + key_length, quote);
	}
	if (length >= DATA_SIZE)
		return err_set(err, ERR_UNSUPPORTED, "%s: more than a page of options", what);
	return 0;
}

/* Not MS_RDONLY, which would be the superblock's; and MS_NOSYMFOLLOW is unknown before Linux 5.10. */
#define AT_ONCE_ATTR (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NODIRATIME | \
                      MOUNT_ATTR__ATIME)

/* An option that is the same text in a list as it is alone. */
static bool fs_is_plain_option(const char *option)
{
	for (; *option; option++)
		if (*option == ',' || *option == '"' || *option == '\'' || *option == '\\')
			return false;
	return true;
}

/* Nothing that these are mounted with is a path to look up, and what is in them hasn't its mode from the umask. */
static const char *const pathless_types[] = { "tmpfs", "proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2" };

bool op_fs_is_pathless(const struct init_context *context, const struct op_mount_fs *mount)
{
	const char *type = plan_view_str(context->view, mount->type);
	bool is_known = false;

	for (size_t i = 0; i < sizeof(pathless_types) / sizeof(pathless_types[0]); i++)
		is_known |= strcmp(type, pathless_types[i]) == 0;
	/* But for this option of proc since Linux 6.17. */
	for (uint32_t i = 0; i < mount->options.count; i++)
		is_known &= strncmp(plan_view_item(context->view, mount->options, i), "pidns=", 6) != 0;
	return is_known;
}

/*
 * Whether the cwd may be left in a directory of the container until the pivot.  There a relative path, as an overlay's
 * lowerdir may be, is one that the image chooses: by a symlink, of the whole host.  And a hook would start there.
 */
static bool is_cwd_free(const struct init_context *context)
{
	const struct plan_view *view = context->view;

	for (uint32_t i = context->op_index; i < view->image->op_count && view->ops[i].kind != OP_PIVOT; i++) {
		const struct plan_op *op = &view->ops[i];

		if (op->kind == OP_HOOK || (op->kind == OP_MOUNT_FS && !op_fs_is_pathless(context, &op->u.mount_fs)))
			return false;
	}
	return true;
}

bool op_fs_mount_at_once(const struct init_context *context, const struct op_mount_fs *mount, int target_fd,
                         uint64_t attr)
{
	const char *source = plan_view_str(context->view, mount->source);
	char data[DATA_SIZE];
	struct err ignored;

	if (mount->sb_flags || mount->propagation.count || mount->label.offset || (mount->flags & MOUNT_KEEP_MODE) ||
	    (attr & ~(uint64_t)AT_ONCE_ATTR))
		return false;
	for (uint32_t i = 0; i < mount->options.count; i++)
		if (!fs_is_plain_option(plan_view_item(context->view, mount->options, i)))
			return false;
	if (!is_cwd_free(context) || fs_data(context, mount, "", data, "", &ignored) < 0 || sys_fchdir(target_fd) < 0)
		return false;
	return sys_mount(*source ? source : NULL, ".", plan_view_str(context->view, mount->type),
	                 mount_attr_to_flags(attr), data) >= 0;
}

static int fs_reopen(const struct init_context *context, const struct op_mount_fs *mount, int target_fd,
                     const char *what, struct op_fs *fs, struct err *err)
{
	const char *path = plan_view_str(context->view, mount->destination);
	_cleanup_fd_ int fd = path_open_in_root(op_slot(context, SLOT_ROOT), path, O_PATH | O_DIRECTORY, 0);
	struct stat before;
	struct stat after;
	int result = fd;

	if (result >= 0)
		result = sys_fstat(fd, &after);
	if (result >= 0)
		result = sys_fstat(target_fd, &before);
	if (result < 0)
		return err_sys(err, result, "%s: open it", what);
	if (before.st_dev == after.st_dev && before.st_ino == after.st_ino)
		return err_set(err, ERR_SYSTEM, "%s: the target was moved meanwhile", what);
	fs->mount_fd = fd_take(&fd);
	return 0;
}

int op_fs_mount_plain(const struct init_context *context, const struct op_mount_fs *mount, int target_fd, uint64_t attr,
                      struct op_fs *fs, struct err *err)
{
	const char *source = plan_view_str(context->view, mount->source);
	const char *type = plan_view_str(context->view, mount->type);
	/* MS_RDONLY would make the superblock read-only here, which other mounts share: it follows as an attribute. */
	unsigned long flags = mount->sb_flags | mount_attr_to_flags(attr & ~(uint64_t)MOUNT_ATTR_RDONLY);
	struct op_attr late = { .set = attr & MOUNT_ATTR_RDONLY };
	int proc_fd = op_slot_need(context, SLOT_PROC, err);
	char what[WHAT_SIZE];
	char mode[16];
	char data[DATA_SIZE];
	int result;

	if (proc_fd < 0)
		return -1;
	fs_what(context, mount, what);
	if (fs_mode_option(mount, target_fd, mode, sizeof(mode), err) < 0)
		return -1;
	if (fs_data(context, mount, mode, data, what, err) < 0)
		return -1;
	result = mount_at_fd(proc_fd, *source ? source : type, -1, target_fd, type, flags, data);
	if (result < 0)
		return err_sys(err, result, "%s: mount", what);
	if (fs_reopen(context, mount, target_fd, what, fs, err) < 0)
		return -1;
	return late.set ? op_attr_apply(context, fs->mount_fd, &late, what, err) : 0;
}
