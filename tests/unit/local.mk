# tests of kind unit

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_host
TESTS += tests/unit/test_host
tests_unit_test_host_SOURCES = tests/unit/test_host.c
tests_unit_test_host_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_host_LDADD = libhost.a libsys.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_cgroup_plan
TESTS += tests/unit/test_cgroup_plan
tests_unit_test_cgroup_plan_SOURCES = tests/unit/test_cgroup_plan.c
tests_unit_test_cgroup_plan_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_cgroup_plan_LDADD = libplan.a libjson.a libbase.a $(YAJL_LIBS) -lm $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_cgroup_driver
TESTS += tests/unit/test_cgroup_driver
tests_unit_test_cgroup_driver_SOURCES = tests/unit/test_cgroup_driver.c
tests_unit_test_cgroup_driver_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_cgroup_driver_LDADD = libcgroup.a $(systemd_libraries) libprogram.a libplan.a libhost.a libjson.a libsys.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_cgroup_update
TESTS += tests/unit/test_cgroup_update
tests_unit_test_cgroup_update_SOURCES = tests/unit/test_cgroup_update.c
tests_unit_test_cgroup_update_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_cgroup_update_LDADD = libcgroup.a $(systemd_libraries) libprogram.a libplan.a libhost.a libjson.a libsys.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_stats
TESTS += tests/unit/test_stats
tests_unit_test_stats_SOURCES = tests/unit/test_stats.c
tests_unit_test_stats_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_stats_LDADD = libruntime.a libcgroup.a $(systemd_libraries) libprogram.a libjson.a libsys.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
# Folders stand in for cgroups; no privileges.
check_PROGRAMS += tests/unit/test_freeze
TESTS += tests/unit/test_freeze
tests_unit_test_freeze_SOURCES = tests/unit/test_freeze.c
tests_unit_test_freeze_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_freeze_LDADD = libcgroup.a $(systemd_libraries) libprogram.a libplan.a libhost.a libjson.a libsys.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_devices
TESTS += tests/unit/test_devices
tests_unit_test_devices_SOURCES = tests/unit/test_devices.c
tests_unit_test_devices_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_devices_LDADD = libplan.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_seccomp
TESTS += tests/unit/test_seccomp
tests_unit_test_seccomp_SOURCES = tests/unit/test_seccomp.c tests/unit/seccomp_machine.h tests/unit/seccomp_names.h
tests_unit_test_seccomp_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_seccomp_LDADD = libplan.a libbase.a $(SECCOMP_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_seccomp_tree
TESTS += tests/unit/test_seccomp_tree
tests_unit_test_seccomp_tree_SOURCES = tests/unit/test_seccomp_tree.c tests/unit/seccomp_machine.h \
	tests/unit/seccomp_names.h
tests_unit_test_seccomp_tree_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_seccomp_tree_LDADD = libplan.a libbase.a $(SECCOMP_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_base
TESTS += tests/unit/test_base
tests_unit_test_base_SOURCES = tests/unit/test_base.c
tests_unit_test_base_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_base_LDADD = libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_cli
TESTS += tests/unit/test_cli
tests_unit_test_cli_SOURCES = tests/unit/test_cli.c
tests_unit_test_cli_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_cli_LDADD = libcli.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_image
TESTS += tests/unit/test_image
tests_unit_test_image_SOURCES = tests/unit/test_image.c tests/unit/image_builder.h
tests_unit_test_image_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_image_LDADD = libplan.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_wire
TESTS += tests/unit/test_wire
tests_unit_test_wire_SOURCES = tests/unit/test_wire.c
tests_unit_test_wire_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_wire_LDADD = libwire.a libsys.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_proc
TESTS += tests/unit/test_proc
tests_unit_test_proc_SOURCES = tests/unit/test_proc.c
tests_unit_test_proc_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_proc_LDADD = libsys.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
# src/init/libc.c under other names.
check_LIBRARIES += tests/unit/libinitlibc.a
tests_unit_libinitlibc_a_SOURCES = src/init/libc.c
tests_unit_libinitlibc_a_CPPFLAGS = $(AM_CPPFLAGS) -Dmemcpy=init_memcpy -Dmemmove=init_memmove -Dmemset=init_memset \
	-Dmemcmp=init_memcmp -Dstrlen=init_strlen -Dstrcmp=init_strcmp -Dstrncmp=init_strncmp -Dstrchr=init_strchr \
	-Dstrrchr=init_strrchr -Dsnprintf=init_snprintf -Dvsnprintf=init_vsnprintf -Dfd_close=init_fd_close
tests_unit_libinitlibc_a_CFLAGS = $(AM_CFLAGS) -ffreestanding -U_FORTIFY_SOURCE
check_PROGRAMS += tests/unit/test_libc
TESTS += tests/unit/test_libc
tests_unit_test_libc_SOURCES = tests/unit/test_libc.c
tests_unit_test_libc_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_libc_LDADD = tests/unit/libinitlibc.a libsys.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
# Starts ./runlet-init.
check_PROGRAMS += tests/unit/test_init
TESTS += tests/unit/test_init
tests_unit_test_init_SOURCES = tests/unit/test_init.c tests/unit/init_runner.h tests/unit/image_builder.h
tests_unit_test_init_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_init_LDADD = libwire.a libsys.a libplan.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
# They start ./runlet-init.
check_PROGRAMS += tests/unit/test_labels
TESTS += tests/unit/test_labels
tests_unit_test_labels_SOURCES = tests/unit/test_labels.c tests/unit/init_runner.h tests/unit/image_builder.h
tests_unit_test_labels_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_labels_LDADD = libwire.a libsys.a libplan.a libbase.a $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_landlock
TESTS += tests/unit/test_landlock
tests_unit_test_landlock_SOURCES = tests/unit/test_landlock.c tests/unit/init_runner.h tests/unit/image_builder.h
tests_unit_test_landlock_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_landlock_LDADD = libwire.a libsys.a libplan.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
# Starts ./runlet-init.
check_PROGRAMS += tests/unit/test_init_trace
TESTS += tests/unit/test_init_trace
tests_unit_test_init_trace_SOURCES = tests/unit/test_init_trace.c tests/unit/init_runner.h tests/unit/image_builder.h
tests_unit_test_init_trace_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_init_trace_LDADD = libwire.a libsys.a libplan.a libbase.a $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_path
TESTS += tests/unit/test_path
tests_unit_test_path_SOURCES = tests/unit/test_path.c
tests_unit_test_path_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_path_LDADD = libsys.a libbase.a $(CMOCKA_LIBS) -lpthread
endif

if HAVE_CMOCKA
plan_tests = tests/unit/test_plan_ns tests/unit/test_plan_options tests/unit/test_plan_parts \
	tests/unit/test_recipe
plan_test_libs = libplan.a libspec.a libjson.a libbase.a $(CMOCKA_LIBS) $(YAJL_LIBS) $(SECCOMP_LIBS)
check_PROGRAMS += $(plan_tests)
TESTS += $(plan_tests)
tests_unit_test_plan_ns_SOURCES = tests/unit/test_plan_ns.c
tests_unit_test_plan_ns_LDADD = $(plan_test_libs)
tests_unit_test_plan_options_SOURCES = tests/unit/test_plan_options.c
tests_unit_test_plan_options_LDADD = $(plan_test_libs)
tests_unit_test_plan_parts_SOURCES = tests/unit/test_plan_parts.c
tests_unit_test_plan_parts_LDADD = $(plan_test_libs)
tests_unit_test_recipe_SOURCES = tests/unit/test_recipe.c
tests_unit_test_recipe_LDADD = $(plan_test_libs)
endif

if HAVE_CMOCKA
# Pure: no libsys.
check_PROGRAMS += tests/unit/test_json tests/unit/test_spec tests/unit/test_spec_properties tests/unit/test_spec_values
TESTS += tests/unit/test_json tests/unit/test_spec tests/unit/test_spec_properties tests/unit/test_spec_values
tests_unit_test_json_SOURCES = tests/unit/test_json.c
tests_unit_test_json_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_json_LDADD = libjson.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
tests_unit_test_spec_SOURCES = tests/unit/test_spec.c
tests_unit_test_spec_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS) $(CAP_CFLAGS)
tests_unit_test_spec_LDADD = libspec.a libjson.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS) $(CAP_LIBS)
tests_unit_test_spec_properties_SOURCES = tests/unit/test_spec_properties.c
tests_unit_test_spec_properties_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_spec_properties_LDADD = libspec.a libjson.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
tests_unit_test_spec_values_SOURCES = tests/unit/test_spec_values.c
tests_unit_test_spec_values_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_spec_values_LDADD = libspec.a libjson.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
EXTRA_DIST += tests/unit/spec_properties.txt
endif
# init's mounting ops, with libc under them.
check_LIBRARIES += tests/unit/libmountops.a
tests_unit_libmountops_a_SOURCES = $(ops_sources)
check_PROGRAMS += tests/unit/test_mount_ops tests/unit/test_pivot_ops
TESTS += tests/unit/test_mount_ops tests/unit/test_pivot_ops
tests_unit_test_mount_ops_SOURCES = tests/unit/test_mount_ops.c tests/unit/mount_bench.h
tests_unit_test_mount_ops_LDADD = tests/unit/libmountops.a libplan.a libwire.a libsys.a libbase.a
tests_unit_test_pivot_ops_SOURCES = tests/unit/test_pivot_ops.c tests/unit/mount_bench.h
tests_unit_test_pivot_ops_LDADD = tests/unit/libmountops.a libplan.a libwire.a libsys.a libbase.a

if HAVE_CMOCKA
# The runtime's files and texts; no privileges.
check_PROGRAMS += tests/unit/test_store tests/unit/test_state tests/unit/test_ps
TESTS += tests/unit/test_store tests/unit/test_state tests/unit/test_ps
tests_unit_test_ps_SOURCES = tests/unit/test_ps.c
tests_unit_test_ps_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ps_LDADD = libruntime.a libbase.a $(CMOCKA_LIBS)
tests_unit_test_store_SOURCES = tests/unit/test_store.c
tests_unit_test_store_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_store_LDADD = libruntime.a libhost.a libsys.a libbase.a $(CMOCKA_LIBS)
tests_unit_test_state_SOURCES = tests/unit/test_state.c
tests_unit_test_state_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_state_LDADD = libruntime.a libjson.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
# Pure: no libsys.
check_PROGRAMS += tests/unit/test_systemd_plan
TESTS += tests/unit/test_systemd_plan
tests_unit_test_systemd_plan_SOURCES = tests/unit/test_systemd_plan.c
tests_unit_test_systemd_plan_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_systemd_plan_LDADD = libplan.a libjson.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
if ENABLE_SYSTEMD
# Plays systemd's manager itself, by the same library.
check_PROGRAMS += tests/unit/test_systemd_bus
TESTS += tests/unit/test_systemd_bus
tests_unit_test_systemd_bus_SOURCES = tests/unit/test_systemd_bus.c
tests_unit_test_systemd_bus_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_systemd_bus_LDADD = libcgroup.a $(systemd_libraries) libprogram.a libplan.a libhost.a libjson.a \
	libsys.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS) $(SYSTEMD_LIBS)

check_PROGRAMS += tests/unit/test_systemd_request
TESTS += tests/unit/test_systemd_request
tests_unit_test_systemd_request_SOURCES = tests/unit/test_systemd_request.c
tests_unit_test_systemd_request_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_systemd_request_LDADD = $(tests_unit_test_systemd_bus_LDADD)
endif
endif

if HAVE_CMOCKA
# Pure: no libsys.
check_PROGRAMS += tests/unit/test_image_config
TESTS += tests/unit/test_image_config
tests_unit_test_image_config_SOURCES = tests/unit/test_image_config.c
tests_unit_test_image_config_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_image_config_LDADD = libspec.a libjson.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_trace
TESTS += tests/unit/test_trace
tests_unit_test_trace_SOURCES = tests/unit/test_trace.c
tests_unit_test_trace_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_trace_LDADD = libruntime.a libjson.a libsys.a libbase.a $(YAJL_LIBS) $(CMOCKA_LIBS)
endif
