noinst_LIBRARIES += libcgroup.a
libcgroup_a_SOURCES = \
	include/cgroup/cgroup.h \
	include/cgroup/oom.h \
	include/cgroup/stats.h \
	include/cgroup/systemd.h \
	src/cgroup/controllers.c \
	src/cgroup/create.c \
	src/cgroup/create.h \
	src/cgroup/delegate.c \
	src/cgroup/devices.c \
	src/cgroup/freeze.c \
	src/cgroup/freeze.h \
	src/cgroup/inner.c \
	src/cgroup/join.c \
	src/cgroup/kill.c \
	src/cgroup/limits.c \
	src/cgroup/old_value.c \
	src/cgroup/oom.c \
	src/cgroup/owner.c \
	src/cgroup/pids.c \
	src/cgroup/predict.c \
	src/cgroup/record.c \
	src/cgroup/remove.c \
	src/cgroup/stats.c \
	src/cgroup/stats_parse.c \
	src/cgroup/stats_reader.h \
	src/cgroup/stats_v1.c \
	src/cgroup/stats_v2.c \
	src/cgroup/sub.c \
	src/cgroup/tree.c \
	src/cgroup/tree.h \
	src/cgroup/update.c \
	src/cgroup/update.h \
	src/cgroup/update_devices.c

# These need $(systemd_libraries).
systemd_sources = src/cgroup/systemd.c src/cgroup/systemd_ask.c src/cgroup/systemd_ask.h
if ENABLE_SYSTEMD
libcgroup_a_SOURCES += $(systemd_sources)
EXTRA_DIST += src/cgroup/systemd_stub.c
else
libcgroup_a_SOURCES += src/cgroup/systemd_stub.c
EXTRA_DIST += $(systemd_sources)
endif
