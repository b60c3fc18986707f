/*
 * cli/create_options.h - the options that create, run and plan share.
 *
 * Runtime process only.
 */
#ifndef CLI_CREATE_OPTIONS_H
#define CLI_CREATE_OPTIONS_H

#include "cli/options.h"
#include "runtime/runtime.h"

/* What says which config is meant; `values` has the members of struct runtime_create_options at `prefix`. */
#define BUNDLE_OPTION_ROWS(values, prefix) \
	OPTION_ROW_DIR(values, prefix bundle, "bundle", 'b', "DIR", "the bundle; default: the current directory"), \
	OPTION_ROW_FILE(values, prefix config, "config", 'f', "FILE", "default: config.json in the bundle"), \
	OPTION_ROW_FLAG(values, prefix no_pivot, "no-pivot", 0, "use MS_MOVE and chroot where pivot_root can't work"), \
	OPTION_ROW_FLAG(values, prefix no_new_keyring, "no-new-keyring", 0, "keep the caller's session keyring"), \
	OPTION_ROW_U32(values, prefix preserve_fds, "preserve-fds", 0, "N", \
	               "pass N file descriptors above stderr to the program")

/* What only making a container needs; the values are a struct runtime_create_options. */
#define CREATE_OPTION_ROWS \
	BUNDLE_OPTION_ROWS(struct runtime_create_options, ), \
	OPTION_ROW_FILE(struct runtime_create_options, console_socket, "console-socket", 0, "SOCKET", \
	                "unix socket that gets the terminal's file descriptor"), \
	OPTION_ROW_FILE(struct runtime_create_options, pidfd_socket, "pidfd-socket", 0, "SOCKET", \
	                "unix socket that gets a pidfd of the container's first process"), \
	OPTION_ROW_FILE(struct runtime_create_options, pid_file, "pid-file", 0, "FILE", \
	                "file that gets the process id of the container's first process")

#endif
