noinst_LIBRARIES += libspec.a
libspec_a_SOURCES = \
	include/spec/annotations.h \
	include/spec/cpu_list.h \
	include/spec/hooks.h \
	include/spec/id_map.h \
	include/spec/image.h \
	include/spec/linux.h \
	include/spec/names.h \
	include/spec/process.h \
	include/spec/resources.h \
	include/spec/seccomp.h \
	include/spec/spec.h \
	include/spec/sysctl.h \
	include/spec/types.h \
	src/spec/annotations.c \
	src/spec/check.c \
	src/spec/check.h \
	src/spec/check_linux.c \
	src/spec/check_process.c \
	src/spec/check_seccomp.c \
	src/spec/cpu_list.c \
	src/spec/default_config.c \
	src/spec/hooks.c \
	src/spec/id_map.c \
	src/spec/idmap_option.c \
	src/spec/image.c \
	src/spec/image_convert.c \
	src/spec/image_mounts.c \
	src/spec/image_user.c \
	src/spec/linux.c \
	src/spec/names.c \
	src/spec/process.c \
	src/spec/resources.c \
	src/spec/seccomp.c \
	src/spec/spec.c \
	src/spec/sysctl.c \
	src/spec/tables.h
