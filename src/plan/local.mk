noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = \
	src/plan/image.c \
	src/plan/op_rows.c
libplan_a_SOURCES += \
	include/plan/cgroup_build.h \
	include/plan/devices.h \
	include/plan/seccomp.h \
	include/plan/systemd.h \
	src/plan/cgroup.c \
	src/plan/cgroup_block_io.c \
	src/plan/cgroup_cpu.c \
	src/plan/cgroup_devices.c \
	src/plan/cgroup_limits.c \
	src/plan/cgroup_manager.c \
	src/plan/cgroup_memory.c \
	src/plan/cgroup_misc.c \
	src/plan/cgroup_parts.h \
	src/plan/cgroup_unified.c \
	src/plan/cgroup_weight.c \
	src/plan/devices.c \
	src/plan/seccomp.c \
	src/plan/seccomp_calls.c \
	src/plan/seccomp_compiler.h \
	src/plan/seccomp_key.c \
	src/plan/seccomp_library.c \
	src/plan/seccomp_library.h \
	src/plan/seccomp_stub.c \
	src/plan/seccomp_stub.h \
	src/plan/seccomp_tree.c \
	src/plan/seccomp_tree.h \
	src/plan/systemd.c \
	src/plan/systemd_devices.c \
	src/plan/systemd_limits.c \
	src/plan/systemd_parts.h \
	src/plan/systemd_text.c
libplan_a_SOURCES += \
	include/plan/builder.h \
	include/plan/exec.h \
	include/plan/idmap.h \
	include/plan/image.h \
	include/plan/mount.h \
	include/plan/mount_options.h \
	include/plan/ns.h \
	include/plan/op.h \
	include/plan/op_rows.h \
	include/plan/plan.h \
	include/plan/print_values.h \
	src/plan/build.c \
	src/plan/builder.c \
	src/plan/capabilities.c \
	src/plan/check.c \
	src/plan/dev.c \
	src/plan/env.c \
	src/plan/exec.c \
	src/plan/flatten.c \
	src/plan/hooks.c \
	src/plan/idmap.c \
	src/plan/isolate.c \
	src/plan/landlock.c \
	src/plan/mount.c \
	src/plan/mount_cgroup.c \
	src/plan/mount_idmap.c \
	src/plan/mount_options.c \
	src/plan/ns.c \
	src/plan/path.c \
	src/plan/print_json.c \
	src/plan/print_text.c \
	src/plan/print_values.c \
	src/plan/process.c \
	src/plan/recipe.c \
	src/plan/root.c
