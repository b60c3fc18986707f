# The commands are a library of their own, so that a test can link them without main().
noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	include/cli/command.h \
	include/cli/completion.h \
	include/cli/create_options.h \
	include/cli/duration.h \
	include/cli/options.h \
	src/cli/commands.c \
	src/cli/completion.c \
	src/cli/completion_fish.c \
	src/cli/create.c \
	src/cli/delete.c \
	src/cli/duration.c \
	src/cli/events.c \
	src/cli/exec.c \
	src/cli/features.c \
	src/cli/help.c \
	src/cli/kill.c \
	src/cli/list.c \
	src/cli/options.c \
	src/cli/pause.c \
	src/cli/plan.c \
	src/cli/ps.c \
	src/cli/resume.c \
	src/cli/run.c \
	src/cli/signals.c \
	src/cli/size.c \
	src/cli/spec.c \
	src/cli/start.c \
	src/cli/state.c \
	src/cli/trace.c \
	src/cli/update.c \
	src/cli/version.c \
	src/cli/wait.c

bin_PROGRAMS += runlet
runlet_SOURCES = src/cli/main.c
runlet_LDADD = libcli.a libruntime.a libcgroup.a $(systemd_libraries) libprogram.a libplan.a libhost.a libspec.a \
	libjson.a libwire.a libsys.a libbase.a $(YAJL_LIBS) $(SECCOMP_LIBS) $(fortify_library)
# Each library that is loaded costs every start.
runlet_LDFLAGS = $(AM_LDFLAGS) $(PACK_LDFLAGS) -Wl,--as-needed
if ENABLE_STATIC
runlet_LDFLAGS += $(STATIC_LDFLAGS)
else
runlet_LDFLAGS += $(PIE_LDFLAGS)
endif

# Which commit this is; unknown in a tarball.  Remade by every make, but touched only when it changes.
BUILT_SOURCES += include/cli/commit.h
CLEANFILES += include/cli/commit.h
include/cli/commit.h: commit-always
	@$(MKDIR_P) include/cli; \
	commit=`cd $(srcdir) && git describe --always --tags 2>/dev/null` || commit=unknown; \
	{ echo "/* Made by make: which commit this is. */"; echo "#define RUNLET_COMMIT \"$$commit\""; } > $@.new; \
	if cmp -s $@.new $@; then rm -f $@.new; else mv $@.new $@; fi
.PHONY: commit-always
commit-always:
