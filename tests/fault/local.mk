# tests of kind fault: runlet is killed between two steps, and the kernel says no (strace or the seam does both)
fault_tests = \
	tests/fault/kill.bats \
	tests/fault/sweep.bats \
	tests/fault/syscalls.bats

TESTS += $(fault_tests)
EXTRA_DIST += $(fault_tests)

# runlet and its init once more, with a seam between the layer sys and the kernel.  Nobody but the sweep needs them, so
# that they are built when that runs.  Without inlining, and with frame pointers: the sweep tells who called.
EXTRA_PROGRAMS += tests/fault/runlet-fault tests/fault/init-fault
FAULT_CPPFLAGS = -iquote $(top_srcdir)/tests/fault/seam -iquote $(top_srcdir)/tests/fault $(AM_CPPFLAGS)
FAULT_CFLAGS = -O1 -fno-inline -fno-optimize-sibling-calls -fno-omit-frame-pointer -fno-pie

tests_fault_init_fault_SOURCES = $(runlet_init_SOURCES) $(fault_seam_sources)
tests_fault_init_fault_CPPFLAGS = $(FAULT_CPPFLAGS) -DFAULT_INIT_PROGRAM
tests_fault_init_fault_CFLAGS = $(INIT_CFLAGS)
tests_fault_init_fault_LINK = $(CC) $(INIT_LINK_FLAGS) -o $@
tests_fault_init_fault_LDADD =
$(tests_fault_init_fault_OBJECTS): override CFLAGS = $(INIT_CFLAGS) $(FAULT_CFLAGS) -g0

fault_seam_sources = tests/fault/seam.c tests/fault/seam.h tests/fault/seam/sys/raw.h
tests_fault_runlet_fault_SOURCES = $(runlet_SOURCES) $(libcli_a_SOURCES) $(libruntime_a_SOURCES) \
	$(libprogram_a_SOURCES) $(libcgroup_a_SOURCES) $(libhost_a_SOURCES) $(libwire_a_SOURCES) $(libsys_a_SOURCES) \
	$(libbase_a_SOURCES) $(fault_seam_sources)
tests_fault_runlet_fault_CPPFLAGS = $(FAULT_CPPFLAGS) -DINIT_IMAGE_FILE='"tests/fault/init-fault$(EXEEXT)"'
tests_fault_runlet_fault_CFLAGS = $(AM_CFLAGS)
$(tests_fault_runlet_fault_OBJECTS): override CFLAGS += $(FAULT_CFLAGS)
# What is not compiled again makes its system calls by the layer sys all the same.
tests_fault_runlet_fault_LDADD = $(runlet_LDADD)
tests_fault_runlet_fault_LDFLAGS = $(AM_LDFLAGS) -no-pie -Wl,--wrap=sys_clone3_call,--wrap=access,--wrap=fdopendir \
	-Wl,--wrap=getcwd,--wrap=mkdir,--wrap=opendir,--wrap=posix_spawn,--wrap=readlink,--wrap=realpath
src/runtime/tests_fault_runlet_fault-init_image.$(OBJEXT): tests/fault/init-fault$(EXEEXT)
CLEANFILES += tests/fault/runlet-fault$(EXEEXT) tests/fault/init-fault$(EXEEXT)

EXTRA_PROGRAMS += tests/fault/sweep tests/fault/inside
tests_fault_sweep_SOURCES = tests/fault/sweep.c tests/fault/judge.c tests/fault/judge.h tests/fault/names.c \
	tests/fault/names.h tests/fault/scenario.c tests/fault/scenario.h tests/fault/world.c tests/fault/world.h \
	tests/fault/seam.h
tests_fault_sweep_CPPFLAGS = -iquote $(srcdir)/tests/fault $(AM_CPPFLAGS)
tests_fault_inside_SOURCES = tests/fault/inside.c
tests_fault_inside_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
tests_fault_inside_LDFLAGS = -static
tests/fault/sweep.log: tests/fault/runlet-fault$(EXEEXT) tests/fault/sweep$(EXEEXT) tests/fault/inside$(EXEEXT)
CLEANFILES += tests/fault/sweep$(EXEEXT) tests/fault/inside$(EXEEXT)
EXTRA_DIST += tests/fault/plain.json tests/fault/rich.json tests/fault/userns.json tests/fault/terminal.json \
	tests/fault/joined.json tests/fault/shared.json tests/fault/v2.json
