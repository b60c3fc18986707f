/*
 * judge.c - which failures do no harm, and what an error must say.
 *
 * What is not in a table here must be an error with an origin.  Each row has its reason: read it before you add one.
 */
#include "judge.h"

#include <errno.h>
#include <string.h>

struct harmless_row {
	const char *call;      /* NULL: each */
	const char *function;  /* one of those that led to the call; NULL: each */
	int errnum;            /* 0: each */
	bool may_differ;
	const char *reason;
};

static const struct harmless_row harmless_rows[] = {
	{ "close", NULL, 0, false, "the descriptor is gone all the same, and nothing was buffered (close(2))" },
	{ NULL, NULL, EINTR, false, "tried again" },
	{ "rt_sigaction", "spawn_init", 0, false, "SIGCHLD was at its default mostly" },
	{ "rt_sigaction", "child_run", 0, false, "SIGCHLD was at its default mostly" },

	/* There is another way. */
	{ "memfd_create", "memfd_open_program", 0, false, "a file on a tmpfs that is mounted nowhere serves as well" },
	{ "openat2", "path_open_by_kernel", EPERM, false, "the path is walked component by component" },
	{ "openat2", "path_open_by_kernel", ENOSYS, false, "the path is walked component by component" },
	{ "clone3", NULL, ENOSYS, false, "clone(2)" },
	{ "clone3", NULL, EPERM, false, "clone(2)" },
	{ "clone3", "clone_stub_into", 0, false, "once more outside of the cgroup, into which it is moved then" },
	{ "openat", "cgroup_open_clone_fd", 0, false, "it is moved into the cgroup instead of being born there" },
	{ "mkdirat", "make_at_once", 0, false, "made step by step" },
	{ "renameat2", "replace_state", 0, false, "renamed instead of exchanged" },
	{ "close_range", NULL, 0, false, "one by one" },
	{ "fsopen", NULL, ENOSYS, false, "mount(2)" },
	{ "fsopen", NULL, EPERM, false, "mount(2)" },
	{ "fsconfig", NULL, ENOSYS, false, "mount(2)" },
	{ "fsconfig", NULL, EPERM, false, "mount(2)" },
	{ "fsmount", NULL, ENOSYS, false, "mount(2)" },
	{ "fsmount", NULL, EPERM, false, "mount(2)" },
	{ "open_tree", NULL, ENOSYS, false, "mount(2)" },
	{ "open_tree", NULL, EPERM, false, "mount(2)" },
	{ "move_mount", NULL, ENOSYS, false, "mount(2)" },
	{ "move_mount", NULL, EPERM, false, "mount(2)" },
	{ "mount_setattr", NULL, ENOSYS, false, "mount(2)" },
	{ "mount_setattr", NULL, EPERM, false, "mount(2)" },
	{ NULL, "target_make", 0, false, "the whole path is walked, which creates what is missing, too" },
	{ "openat2", "target_open_dir", 0, false, "the whole path is walked, which creates what is missing, too" },
	{ NULL, "op_fs_mount_at_once", 0, false, "fsopen(2) and what follows does the same by steps" },
	{ NULL, "signals_ignored", 0, false, "all signals are set to their defaults then" },
	{ NULL, "open_host", 0, false, "a private instance of procfs serves as well" },
	{ "faccessat2", "check_program", ENOSYS, false, "execve(2) decides" },
	{ "faccessat2", "check_program", EPERM, false, "execve(2) decides" },
	{ "pidfd_send_signal", "kill_early", 0, false, "killed once more with the lock" },
	{ NULL, "cgroup_is_frozen", EPERM, false, "who may not look at the freezer has not frozen it either" },
	{ "pidfd_send_signal", "is_alive", 0, false, "only ESRCH says that the process is gone" },
	{ "setns", "join_target", EPERM, false, "one namespace after the other, by its file" },
	{ NULL, "seccomp_cache_get", 0, false, "the filter is compiled without the cache" },
	{ "openat2", "procfs_open", EPERM, false, "openat(2), and a look at what was opened" },
	{ "openat2", "procfs_open", ENOSYS, false, "openat(2), and a look at what was opened" },
	{ NULL, "last_words_open", 0, false, "a failed execve is told by the exit status, too" },

	/* Hooks. */
	{ NULL, "hooks_run_poststop", 0, false, "with a warning, as the spec wants it of these hooks" },
	{ "access", "run_one", 0, false, "the hook has no directory of its own then" },
	{ "fcntl", "child_run", 0, false, "the hook's output is non-blocking then" },
	{ "fcntl", "op_run_hook", 0, false, "two that write to the hook's output at once may mix it" },
	{ "pidfd_open", NULL, EPERM, false, "waited for by its number" },
	{ "pidfd_open", NULL, ENOSYS, false, "waited for by its number" },
	{ "pidfd_open", "wait_with_timeout", 0, false, "waited for by its number" },
	{ "ppoll", "watch", 0, false, "asked again at once" },
	{ "ppoll", "wait_with_timeout", 0, false, "asked again at once" },
	{ "read", "read_output", 0, false, "of what the hook prints, a piece is missing in the error" },
	{ "read", "run_hook", 0, false, "a hook that can't be executed ends with status 127, too" },

	/* Copies into a tmpfs, and ids. */
	{ "utimensat", "copy_status", 0, false, "the copy has the time of its making" },
	{ NULL, "copy_owner", EPERM, true, "who may not give a file away keeps it" },
	{ "fchown", "copy_status", EPERM, true, "who may not give a file away keeps it" },
	{ "setgroups", "become_root", 0, false, "init asks again where groups are wanted, and there it is an error" },
	{ "setgroups", "join_target", 0, false, "init asks again where groups are wanted, and there it is an error" },
	{ NULL, "idmap_open_namespace", 0, false, "its process only holds the namespace until it is opened" },
	{ "fchown", "stdio_chown", EPERM, false, "the program's output stays as it is for who may not give it away" },
	{ "mknodat", "op_run_device", EPERM, false, "the host's device is bound there" },
	{ "readlinkat", "symlink_replace", 0, false, "what can't be read is replaced" },
	{ "setsockopt", "fd_socket_connect", 0, false, "there is no time limit then" },
	{ "waitid", "reap_orphans", 0, false, "asked again at the next signal" },
	{ NULL, "copy_xattrs", 0, false, "a tmpfs may not have them, as some file systems have none" },
	{ "prctl", "launch_program", 0, false, "without a subreaper orphans go where they went before Linux 3.4" },
	{ "prctl", "clone_hidden", 0, false, "runlet stays undumpable" },
	{ "unlinkat", "remove_once", 0, false, "tried again for a while" },

	/* A question whose answer is used only to be faster, or to tell more. */
	{ NULL, "cgroup_controllers_enable", 0, false, "the limit that needs a controller fails, and says so" },
	{ "newfstatat", "is_in_first_user_ns", 0, false, "then what only the first one may isn't tried" },
	{ "newfstatat", "cgroup_predict", 0, false, "what is foreseen counts only when runlet is killed" },
	{ "ppoll", "wait_for_init", 0, false, "the read after it waits, too" },
	{ "ppoll", "foreground_watch", 0, false, "asked again at once" },
	{ "read", "signals_read", 0, false, "read again" },
	{ "flock", "store_unlock", 0, false, "unlocked with the end of runlet" },
	{ NULL, "cgroup_is_frozen", 0, false, "asked only where all of it is to die" },
	{ "accept4", "wait_for_start", 0, false, "init waits on" },
	{ "recvmsg", "wait_for_start", 0, false, "it came from who only asked whether init waits, and it waits on" },
	{ "connect", "start_socket_is_open", EAGAIN, false, "somebody listens, with others before us" },
	{ NULL, "cgroup_tree_pids", EPERM, false, "who may not see into it is not in it" },
	{ "sched_setaffinity", "join_target", 0, false, "without execCPUAffinity the cgroup says where it may run" },
	{ "clone3", "clone_anyhow", 0, false, "once more outside of the cgroup, into which it is moved then" },
	{ "wait4", "spawn_by_helper", 0, false, "the helper has reported; it stays a zombie until runlet ends" },
	{ "keyctl", "op_run_keyring", EDQUOT, true, "with a warning: many containers use up the quota of keys" },
	{ "keyctl", "op_run_keyring", ENOSYS, true, "with a warning: a kernel without keys has none to hide" },
	{ "prctl", "drop_bounding", 0, false, "an error of both calls says that there is no such capability" },
	{ "prctl", "probe_last_cap", 0, false, "an error is the answer: the kernel has no such capability" },
	{ "prctl", "set_ambient", 0, false, "before Linux 4.3 there was nothing to clear" },
	{ NULL, "op_run_home", 0, true, "an image without a readable /etc/passwd has HOME=/" },
	{ "openat", "cgroup_limits_write", EPERM, true, "of a built-in device, which the cgroup above may lack" },
	{ "write", "cgroup_limits_write", EPERM, true, "of a built-in device, which the cgroup above may lack" },
	{ "setsid", "op_run_session", EPERM, true, "it leads a session, or a group, already" },
};
#define HARMLESS_COUNT (sizeof(harmless_rows) / sizeof(harmless_rows[0]))

static const struct { const char *function; const char *reason; } remains_rows[] = {
	{ "delete_remains", "what can't be removed stays, with the state that leads a second delete to it" },
	{ "wait_for_start", "the container was created, and has stopped" },
	{ "finish", "the container has stopped, and may not be touched without its lock" },
};
#define REMAINS_COUNT (sizeof(remains_rows) / sizeof(remains_rows[0]))

/* Messages that don't have the error's words. */
struct told_row {
	const char *call;
	const char *function;
	const char *text;
	const char *reason;
};

static const struct told_row told_otherwise[] = {
	{ "accept4", "wait_for_start", "init died", "init has nobody to tell it to: start isn't connected yet" },
	{ "accept4", "wait_for_start", "already running", "init has nobody to tell it to: start isn't connected yet" },
	{ "accept4", "wait_for_start", "not waiting", "init has nobody to tell it to: start isn't connected yet" },
	{ "accept4", "wait_for_start", "has stopped", "init has nobody to tell it to: start isn't connected yet" },
	{ "open_tree", "op_run_open_tree", "move_mount", "where there is no open_tree the device can't be moved" },
	{ "connect", "fd_socket_connect", "nobody has accepted", "what EAGAIN says when a connect has its time limit" },
	{ "ioctl", "open_namespace", "is not a namespace", "what an error of this ioctl says" },
	{ "readlinkat", "symlink_replace", "no symlink", "what an error of readlink says" },
	{ "mount_setattr", "set_idmap", "need mount_setattr", "says which Linux has it" },
	{ NULL, "cgroup_is_frozen", "not paused", "who may not look at the freezer has not frozen it either" },
};
#define TOLD_COUNT (sizeof(told_otherwise) / sizeof(told_otherwise[0]))

/* A whole word of "a < b < c". */
static bool is_in_chain(const char *chain, const char *function)
{
	size_t length = strlen(function);

	for (const char *found = chain; (found = strstr(found, function)); found += length) {
		if ((found == chain || found[-1] == ' ') && (found[length] == '\0' || found[length] == ' '))
			return true;
	}
	return false;
}

bool judge_is_executing(const struct strike *strike)
{
	return strike->fault->action == FAULT_KILL && strike->fault->role >= FAULT_INIT &&
	       (strcmp(strike->call, "execve") == 0 || is_in_chain(strike->chain, "announce") ||
	        is_in_chain(strike->chain, "load_filter"));
}

/* Who dies after it has done its part has harmed nobody. */
static const char *judge_death(const struct strike *strike)
{
	if (strcmp(strike->call, "exit_group") == 0)
		return "it was about to end";
	if (judge_is_executing(strike))
		return "it looks like a program that dies by a signal in its first moment";
	if (is_in_chain(strike->chain, "idmap_open_namespace"))
		return "the namespace is open by then";
	return is_in_chain(strike->chain, "wait_for_start") ? "the container was created: it has stopped" : NULL;
}

const char *judge_harmless(const struct strike *strike, bool *may_differ)
{
	*may_differ = false;
	if (strike->fault->action != FAULT_ERRNO)
		return judge_death(strike);
	for (size_t i = 0; i < HARMLESS_COUNT; i++) {
		const struct harmless_row *row = &harmless_rows[i];

		if ((row->call && strcmp(row->call, strike->call) != 0) ||
		    (row->errnum != 0 && row->errnum != strike->fault->errnum) ||
		    (row->function && !is_in_chain(strike->chain, row->function)))
			continue;
		*may_differ = row->may_differ;
		return row->reason;
	}
	return NULL;
}

const char *judge_remains(const struct strike *strike)
{
	if (strike->fault->action == FAULT_KILL && strike->fault->role != FAULT_RUNTIME)
		return judge_death(strike);
	for (size_t i = 0; i < REMAINS_COUNT; i++) {
		if (is_in_chain(strike->chain, remains_rows[i].function))
			return remains_rows[i].reason;
	}
	return NULL;
}

static bool is_told_otherwise(const struct strike *strike, const char *error)
{
	for (size_t i = 0; i < TOLD_COUNT; i++) {
		if ((!told_otherwise[i].call || strcmp(told_otherwise[i].call, strike->call) == 0) &&
		    is_in_chain(strike->chain, told_otherwise[i].function) && strstr(error, told_otherwise[i].text))
			return true;
	}
	return false;
}

/* The name of the call without what tells its variants apart: "mkdir" of "mkdirat", "open" of "openat2". */
static bool names_call(const char *text, const char *call)
{
	size_t length = strcspn(call, "0123456789");
	char stem[32];

	if (length > 4 && strncmp(call + length - 2, "at", 2) == 0)
		length -= 2;
	memcpy(stem, call, length);
	stem[length] = '\0';
	return strstr(text, stem) != NULL;
}

/* What messages call it instead. */
static const struct { const char *call; const char *words; } aliases[] = {
	{ "chroot", "mount namespace" },
	{ "clone", "fork" },
	{ "fchdir", "chroot" },
	{ "fchdir", "mount namespace" },
	{ "fchmod", "memfd runlet-" },
	{ "fcntl", "memfd runlet-" },
	{ "lseek", "memfd runlet-" },
	{ "newfstatat", "stat" },
	{ "pidfd_send_signal", "kill process" },
	{ "pidfd_send_signal", "send signal" },
	{ "ppoll", "wait for" },
	{ "prctl", "capabilit" },
	{ "pread64", "read" },
	{ "pwrite64", "memfd runlet-" },
	{ "prlimit64", "setrlimit" },
	{ "rt_sigprocmask", "sigprocmask" },
	{ "sendmsg", "send the" },
	{ "setns", "mount namespace" },
	{ "write", "cgroup of" },
};
#define ALIAS_COUNT (sizeof(aliases) / sizeof(aliases[0]))

static bool names_alias(const char *text, const char *call)
{
	for (size_t i = 0; i < ALIAS_COUNT; i++) {
		if (strcmp(aliases[i].call, call) == 0 && strstr(text, aliases[i].words))
			return true;
	}
	return false;
}

/* The last line that is an error of runlet itself. */
static const char *find_error(const char *errors)
{
	const char *found = NULL;

	for (const char *line = errors; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, "runlet: ", 8) == 0 && strncmp(line, "runlet: warning", 15) != 0)
			found = line + 8;
	}
	return found;
}

const char *judge_message(const struct strike *strike, const char *errors)
{
	const char *error = find_error(errors);

	if (!error)
		return "no message";
	if (strike->fault->action != FAULT_ERRNO)
		return NULL;
	if (is_told_otherwise(strike, error))
		return NULL;
	if (!strcasestr(error, strerror(strike->fault->errnum)))
		return "the message has not the error's words";
	/* An object with a path, a place in config.json, or at least the call. */
	if (!strchr(error, '/') && !strstr(error, "config.json:") && !names_call(error, strike->call) &&
	    !names_alias(error, strike->call) && !(strike->object[0] && strstr(error, strike->object)))
		return "the message has no origin";
	return NULL;
}
