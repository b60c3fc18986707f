noinst_LIBRARIES += libsys.a
libsys_a_SOURCES = $(sys_sources) src/sys/bpf.c src/sys/event.c
# Also compiled into init (src/init/local.mk).
sys_sources = \
	src/sys/clone.c \
	src/sys/file.c \
	src/sys/landlock.c \
	src/sys/mount.c \
	src/sys/path.c \
	src/sys/proc.c \
	src/sys/process.c \
	src/sys/socket.c
