# Compiled into init only (src/init/local.mk).
ops_sources = \
	include/ops/op.h \
	include/ops/procfs.h \
	include/ops/strings.h \
	include/ops/talk.h \
	src/ops/credentials.c \
	src/ops/cwd.c \
	src/ops/exec.c \
	src/ops/home.c \
	src/ops/hook.c \
	src/ops/isolate.c \
	src/ops/label.c \
	src/ops/limits.c \
	src/ops/namespace.c \
	src/ops/op_table.c \
	src/ops/proc.c \
	src/ops/program.c \
	src/ops/strings.c \
	src/ops/sync.c \
	src/ops/talk.c
