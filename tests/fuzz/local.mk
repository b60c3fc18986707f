# tests of kind fuzz: with --enable-fuzzing each is a libFuzzer program (`make fuzz`, CONTRIBUTING.md); else it replays its
# corpus, as a test.  A new fuzzer: fuzz_NAME.c, corpus/NAME/, perhaps NAME.dict, and one block like fuzz_decode's.
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/run $(fuzz_dictionaries)
fuzz_dictionaries = tests/fuzz/decode.dict tests/fuzz/options.dict tests/fuzz/proc.dict tests/fuzz/state.dict \
	tests/fuzz/stats.dict tests/fuzz/systemd.dict tests/fuzz/user.dict tests/fuzz/value.dict
# Seconds for each fuzzer, and how many run at a time.
FUZZ_SECONDS = 600
TIME = $(FUZZ_SECONDS)
JOBS = 1
FUZZERS =

if ENABLE_FUZZING
FUZZ_LINK = -fsanitize=fuzzer
FUZZ_MAIN =
else
FUZZ_LINK =
FUZZ_MAIN = tests/fuzz/replay.c
endif
fuzz_main_sources = tests/fuzz/fuzz.h $(FUZZ_MAIN)
fuzz_link_flags = $(AM_LDFLAGS) $(FUZZ_LINK)
fuzz_runtime_libs = libruntime.a libcgroup.a $(systemd_libraries) libprogram.a libplan.a libhost.a libspec.a \
	libjson.a libwire.a libsys.a libbase.a $(YAJL_LIBS) $(SECCOMP_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_decode
tests_fuzz_fuzz_decode_SOURCES = tests/fuzz/fuzz_decode.c $(fuzz_main_sources)
tests_fuzz_fuzz_decode_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_decode_LDADD = libspec.a libjson.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_plan
tests_fuzz_fuzz_plan_SOURCES = tests/fuzz/fuzz_plan.c tests/fuzz/hosts.h $(fuzz_main_sources)
tests_fuzz_fuzz_plan_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_plan_LDADD = libplan.a libspec.a libjson.a libbase.a $(YAJL_LIBS) $(SECCOMP_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_image
tests_fuzz_fuzz_image_SOURCES = tests/fuzz/fuzz_image.c $(fuzz_main_sources)
tests_fuzz_fuzz_image_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_image_LDADD = libplan.a libbase.a

FUZZERS += tests/fuzz/fuzz_image_config
tests_fuzz_fuzz_image_config_SOURCES = tests/fuzz/fuzz_image_config.c $(fuzz_main_sources)
tests_fuzz_fuzz_image_config_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_image_config_LDADD = libspec.a libjson.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_trace
tests_fuzz_fuzz_trace_SOURCES = tests/fuzz/fuzz_trace.c $(fuzz_main_sources)
tests_fuzz_fuzz_trace_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_trace_LDADD = libruntime.a libjson.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_exec
tests_fuzz_fuzz_exec_SOURCES = tests/fuzz/fuzz_exec.c tests/fuzz/hosts.h $(fuzz_main_sources)
tests_fuzz_fuzz_exec_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_exec_LDADD = $(fuzz_runtime_libs)

FUZZERS += tests/fuzz/fuzz_locate
tests_fuzz_fuzz_locate_SOURCES = tests/fuzz/fuzz_locate.c $(fuzz_main_sources)
tests_fuzz_fuzz_locate_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_locate_LDADD = libjson.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_netlink
tests_fuzz_fuzz_netlink_SOURCES = tests/fuzz/fuzz_netlink.c $(fuzz_main_sources)
tests_fuzz_fuzz_netlink_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_netlink_LDADD = libruntime.a libbase.a

# cli/main.c for its table of global options alone.
check_LIBRARIES += tests/fuzz/libglobaloptions.a
tests_fuzz_libglobaloptions_a_SOURCES = src/cli/main.c
tests_fuzz_libglobaloptions_a_CPPFLAGS = $(AM_CPPFLAGS) -Dmain=runlet_main
tests_fuzz_libglobaloptions_a_CFLAGS = $(AM_CFLAGS) -Wno-missing-prototypes
FUZZERS += tests/fuzz/fuzz_options
tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz_options.c $(fuzz_main_sources)
tests_fuzz_fuzz_options_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_options_LDADD = tests/fuzz/libglobaloptions.a libcli.a $(fuzz_runtime_libs)

# sys/path.c once more, as where the kernel has no openat2(2).
check_LIBRARIES += tests/fuzz/libwalk.a
tests_fuzz_libwalk_a_SOURCES = src/sys/path.c
tests_fuzz_libwalk_a_CPPFLAGS = $(AM_CPPFLAGS) -Dpath_open_in_root=walk_open_in_root \
	-Dpath_make_dir_in_root=walk_make_dir_in_root -Dpath_make_file_in_root=walk_make_file_in_root \
	-Dpath_split=walk_split -Dpath_open_parent_in_root=walk_open_parent_in_root -Dsys_openat2=walk_openat2
FUZZERS += tests/fuzz/fuzz_path
tests_fuzz_fuzz_path_SOURCES = tests/fuzz/fuzz_path.c $(fuzz_main_sources)
tests_fuzz_fuzz_path_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_path_LDADD = tests/fuzz/libwalk.a libsys.a libbase.a

FUZZERS += tests/fuzz/fuzz_proc
tests_fuzz_fuzz_proc_SOURCES = tests/fuzz/fuzz_proc.c $(fuzz_main_sources)
tests_fuzz_fuzz_proc_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_proc_LDADD = libhost.a libsys.a libbase.a

FUZZERS += tests/fuzz/fuzz_recipe
tests_fuzz_fuzz_recipe_SOURCES = tests/fuzz/fuzz_recipe.c tests/fuzz/hosts.h $(fuzz_main_sources)
tests_fuzz_fuzz_recipe_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_recipe_LDADD = libplan.a libspec.a libjson.a libbase.a $(YAJL_LIBS) $(SECCOMP_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_resources
tests_fuzz_fuzz_resources_SOURCES = tests/fuzz/fuzz_resources.c tests/fuzz/hosts.h $(fuzz_main_sources)
tests_fuzz_fuzz_resources_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_resources_LDADD = libcgroup.a libplan.a libspec.a libjson.a libsys.a libbase.a $(YAJL_LIBS) $(SECCOMP_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_seccomp_entry
tests_fuzz_fuzz_seccomp_entry_SOURCES = tests/fuzz/fuzz_seccomp_entry.c $(fuzz_main_sources)
tests_fuzz_fuzz_seccomp_entry_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_seccomp_entry_LDADD = libruntime.a libplan.a libspec.a libjson.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_session
tests_fuzz_fuzz_session_SOURCES = tests/fuzz/fuzz_session.c tests/fuzz/messages.h $(fuzz_main_sources)
tests_fuzz_fuzz_session_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_session_LDADD = $(fuzz_runtime_libs)

FUZZERS += tests/fuzz/fuzz_state
tests_fuzz_fuzz_state_SOURCES = tests/fuzz/fuzz_state.c $(fuzz_main_sources)
tests_fuzz_fuzz_state_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_state_LDADD = libruntime.a libcgroup.a libplan.a libjson.a libsys.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_stats
tests_fuzz_fuzz_stats_SOURCES = tests/fuzz/fuzz_stats.c $(fuzz_main_sources)
tests_fuzz_fuzz_stats_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_stats_LDADD = libruntime.a libcgroup.a libjson.a libsys.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_systemd
tests_fuzz_fuzz_systemd_SOURCES = tests/fuzz/fuzz_systemd.c $(fuzz_main_sources)
tests_fuzz_fuzz_systemd_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_systemd_LDADD = libplan.a libspec.a libjson.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_talk
tests_fuzz_fuzz_talk_SOURCES = tests/fuzz/fuzz_talk.c tests/fuzz/messages.h $(fuzz_main_sources)
tests_fuzz_fuzz_talk_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_talk_LDADD = tests/unit/libmountops.a libplan.a libwire.a libsys.a libbase.a

FUZZERS += tests/fuzz/fuzz_user
tests_fuzz_fuzz_user_SOURCES = tests/fuzz/fuzz_user.c $(fuzz_main_sources)
tests_fuzz_fuzz_user_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_user_LDADD = libspec.a libjson.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_value
tests_fuzz_fuzz_value_SOURCES = tests/fuzz/fuzz_value.c $(fuzz_main_sources)
tests_fuzz_fuzz_value_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_value_LDADD = libcli.a libplan.a libspec.a libjson.a libbase.a $(YAJL_LIBS) $(fortify_library)

FUZZERS += tests/fuzz/fuzz_wire
tests_fuzz_fuzz_wire_SOURCES = tests/fuzz/fuzz_wire.c tests/fuzz/messages.h $(fuzz_main_sources)
tests_fuzz_fuzz_wire_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_wire_LDADD = libwire.a libsys.a libbase.a

check_PROGRAMS += $(FUZZERS)
if ENABLE_FUZZING
# New inputs go to a folder of the build; add what finds something new to the corpus by hand.
fuzz: $(BUILT_SOURCES)
	$(MAKE) $(AM_MAKEFLAGS) $(FUZZERS)
	@echo "$(TIME) seconds each for $(words $(FUZZERS)) fuzzers, $(JOBS) at a time; logs in fuzz-logs"
	@printf '%s\n' $(FUZZERS) | xargs -n 1 -P $(JOBS) sh $(srcdir)/tests/fuzz/run $(TIME) $(srcdir)/tests/fuzz
else
fuzz:
	@echo "configure with CC=clang --enable-fuzzing" >&2; exit 1
TESTS += $(FUZZERS)
endif
.PHONY: fuzz
