noinst_LIBRARIES += libcgroup.a
libcgroup_a_SOURCES = \
	include/cgroup/cgroup.h \
	src/cgroup/controllers.c \
	src/cgroup/create.c \
	src/cgroup/create.h \
	src/cgroup/devices.c \
	src/cgroup/freeze.c \
	src/cgroup/freeze.h \
	src/cgroup/join.c \
	src/cgroup/kill.c \
	src/cgroup/limits.c \
	src/cgroup/pids.c \
	src/cgroup/owner.c \
	src/cgroup/predict.c \
	src/cgroup/record.c \
	src/cgroup/remove.c \
	src/cgroup/tree.c \
	src/cgroup/tree.h
