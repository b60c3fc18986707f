/*
 * ops/isolate.c - session, names, loopback, sysctl and session keyring of the container.
 *
 * Init process only, in the container's namespaces and before its root is touched.
 */
#include "ops/op.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/log.h"
#include "base/num.h"
#include "ops/procfs.h"
#include "ops/retire.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/socket.h"

/* KEY_USR_SEARCH of the kernel: the user that owns the keyring may search it. */
#define KEY_USER_SEARCH 0x00080000u
/* Of the user, the group or others; the possessor always may. */
#define KEY_ANY_SEARCH 0x00080808u

int op_run_session(struct init_context *context, const struct plan_op *op, struct err *err)
{
	int result = sys_setsid();

	(void)context;
	(void)op;
	/* EPERM: already the leader of a group, as the first process of a runtime that made it one. */
	if (result < 0 && result != -EPERM)
		return err_sys(err, result, "setsid");
	return 0;
}

int op_run_hostname(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const char *name = plan_view_str(context->view, op->u.name.name);
	int result = sys_sethostname(name, strlen(name));

	if (result < 0)
		return err_sys(err, result, "sethostname %s", name);
	return 0;
}

int op_run_domainname(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const char *name = plan_view_str(context->view, op->u.name.name);
	int result = sys_setdomainname(name, strlen(name));

	if (result < 0)
		return err_sys(err, result, "setdomainname %s", name);
	return 0;
}

int op_run_loopback(struct init_context *context, const struct plan_op *op, struct err *err)
{
	_cleanup_retired_fd_ int fd = sys_socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request;
	int result;

	(void)context;
	(void)op;
	if (fd < 0)
		return err_sys(err, fd, "socket AF_INET");
	memset(&request, 0, sizeof(request));
	memcpy(request.ifr_name, "lo", 3);
	/* In a new namespace it has no other flag that could be changed (netdevice(7)). */
	request.ifr_flags = IFF_UP;
	result = sys_ioctl(fd, SIOCSIFFLAGS, &request);
	if (result < 0)
		return err_sys(err, result, "bring up the interface lo");
	return 0;
}

int op_run_sysctl(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const char *path = plan_view_str(context->view, op->u.sysctl.path);
	const char *value = plan_view_str(context->view, op->u.sysctl.value);
	int proc_fd = op_slot_need(context, SLOT_PROC, err);
	char full[512];
	int result;

	if (proc_fd < 0)
		return -1;
	result = snprintf(full, sizeof(full), "sys/%s", path);
	if (result < 0 || (size_t)result >= sizeof(full))
		return err_sys(err, ENAMETOOLONG, "write /proc/sys/%s", path);
	result = procfs_write(proc_fd, full, value, strlen(value));
	if (result < 0)
		return err_sys(err, result, "write \"%s\" to /proc/%s", value, full);
	return 0;
}

/* The fourth field of "keyring;0;0;3f130000;_ses" (keyctl(2), KEYCTL_DESCRIBE). */
static int read_permissions(long key, uint32_t *permissions)
{
	/* A name of 255 characters behind four numbers. */
	char text[512];
	long length = sys_keyctl(KEYCTL_DESCRIBE, key, (long)text, sizeof(text), 0);
	const char *field = text;
	uint64_t value;

	if (length < 0)
		return (int)length;
	if (length == 0 || (size_t)length > sizeof(text))
		return -EINVAL;
	text[length - 1] = '\0';
	for (int i = 0; i < 3; i++) {
		field = strchr(field, ';');
		if (!field)
			return -EINVAL;
		field++;
	}
	/* A name of any text follows. */
	for (length = 0; field[length] && field[length] != ';'; length++)
		;
	if (num_parse_hex_n(field, (size_t)length, &value) < 0 || value > UINT32_MAX)
		return -EINVAL;
	*permissions = (uint32_t)value;
	return 0;
}

/*
 * A new keyring can't be searched by others, so one that can was there before: a container that guessed this one's id
 * made it, to share the keys, or it is what the last container of this id leaves for a moment.  One without a name is
 * always new.
 */
static int leave_prepared(struct init_context *context, const char *name, long *key, uint32_t *permissions)
{
	if ((*permissions & KEY_ANY_SEARCH) == 0)
		return 0;
	op_log(context, LOG_LEVEL_DEBUG, "the session keyring %s was there already: an unnamed one is used", name);
	*key = sys_keyctl(KEYCTL_JOIN_SESSION_KEYRING, 0, 0, 0, 0);
	return *key < 0 ? (int)*key : read_permissions(*key, permissions);
}

static int join_keyring(struct init_context *context, const char *name, struct err *err)
{
	long key = sys_keyctl(KEYCTL_JOIN_SESSION_KEYRING, name[0] ? (long)name : 0, 0, 0, 0);
	uint32_t permissions;
	int result;

	/* A kernel without keys has none to hide, and a user's quota of keys is easily used up by many containers. */
	if (key == -ENOSYS || key == -EDQUOT) {
		op_log(context, LOG_LEVEL_WARNING, "no session keyring for the container: keyctl: errno %ld", -key);
		return 0;
	}
	if (key < 0)
		return err_sys(err, (int)key, "keyctl join the session keyring %s", name);
	result = read_permissions(key, &permissions);
	if (result == 0)
		result = leave_prepared(context, name, &key, &permissions);
	if (result == 0)
		result = (int)sys_keyctl(KEYCTL_SETPERM, key, (long)(permissions | KEY_USER_SEARCH), 0, 0);
	if (result < 0)
		return err_sys(err, result, "keyctl set permissions of the session keyring %s", name);
	return 0;
}

/* The label of the keys that this process makes; "\n" takes it back. */
static int label_keys(const struct init_context *context, const char *label, struct err *err)
{
	int proc_fd = op_slot_need(context, SLOT_PROC, err);
	int result = proc_fd < 0 ? -1 : procfs_write(proc_fd, "self/attr/keycreate", label, strlen(label));

	if (proc_fd < 0)
		return -1;
	return result < 0 ? err_sys(err, result, "write security label \"%s\" to /proc/self/attr/keycreate", label) : 0;
}

int op_run_keyring(struct init_context *context, const struct plan_op *op, struct err *err)
{
	const char *name = plan_view_str(context->view, op->u.keyring.name);
	const char *label = plan_view_str(context->view, op->u.keyring.label);

	if (!label[0])
		return join_keyring(context, name, err);
	/* Not for longer: hooks may make keys as well. */
	if (label_keys(context, label, err) || join_keyring(context, name, err))
		return -1;
	return label_keys(context, "\n", err);
}
