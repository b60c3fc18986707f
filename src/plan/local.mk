noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = \
	src/plan/image.c \
	src/plan/op_rows.c
libplan_a_SOURCES += \
	include/plan/cgroup_build.h \
	include/plan/devices.h \
	include/plan/seccomp.h \
	src/plan/cgroup.c \
	src/plan/cgroup_weight.c \
	src/plan/devices.c \
	src/plan/seccomp.c \
	src/plan/seccomp_stub.c \
	src/plan/seccomp_stub.h
