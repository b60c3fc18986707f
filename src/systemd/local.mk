if ENABLE_SYSTEMD
# What speaks with systemd is a program of its own, dynamic whatever runlet is, and runlet contains it.
noinst_LIBRARIES += libsystemdbus.a
libsystemdbus_a_SOURCES = \
	include/systemd/request.h \
	src/systemd/bus.c \
	src/systemd/bus.h \
	src/systemd/message.c \
	src/systemd/message.h \
	src/systemd/request.c

noinst_PROGRAMS += runlet-systemd
runlet_systemd_SOURCES = \
	src/base/arena.c \
	src/base/buf.c \
	src/base/err.c \
	src/base/err_format.c \
	src/base/escape.c \
	src/base/fd.c \
	src/base/log.c \
	src/base/memory.c \
	src/base/num.c \
	src/base/utc.c \
	src/base/utf8.c \
	src/sys/file.c \
	src/sys/process.c \
	src/systemd/bus.c \
	src/systemd/main.c \
	src/systemd/message.c \
	src/systemd/request.c
# Never with sanitizers: each container would wait for their start too.  The tests have the library above with them.
runlet_systemd_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -fno-strict-aliasing $(HARDENING_CFLAGS)
runlet_systemd_LDADD = $(SYSTEMD_LIBS)
runlet_systemd_LDFLAGS = $(HARDENING_LDFLAGS) $(PIE_LDFLAGS) -Wl,--as-needed
$(runlet_systemd_OBJECTS) runlet-systemd$(EXEEXT): override CC = $(SYSTEMD_CC)

# What src/systemd/image.S takes into runlet.
runlet-systemd.bin: runlet-systemd$(EXEEXT)
	$(AM_V_GEN)$(STRIP) -o $@ runlet-systemd$(EXEEXT)
CLEANFILES += runlet-systemd.bin
noinst_LIBRARIES += libsystemdimage.a
libsystemdimage_a_SOURCES = src/systemd/image.S
src/systemd/image.$(OBJEXT): runlet-systemd.bin
systemd_libraries = libsystemdimage.a libsystemdbus.a
endif
EXTRA_DIST += src/systemd
