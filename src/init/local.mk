# The init program: static, without libc.  Its sources of the shared layers are compiled again, apart from the runtime's.
noinst_PROGRAMS += runlet-init
runlet_init_SOURCES = \
	include/init/born.h \
	include/init/init.h \
	src/base/err.c \
	src/base/names.c \
	src/base/num.c \
	src/base/path.c \
	src/base/rlimit_names.c \
	src/init/born.c \
	src/init/init.c \
	src/init/libc.c \
	src/init/start.c \
	src/plan/image.c \
	src/plan/op_rows.c \
	$(ops_sources) \
	$(sys_sources) \
	$(wire_sources)
# Automake puts the user's CFLAGS and LDFLAGS last, where a sanitizer, a stack protector, FORTIFY, LTO or PIE would ask for
# a libc or a dynamic loader that init doesn't have.  So init has flags of its own, whatever the user's are.
INIT_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -g -Os -ffreestanding -fno-strict-aliasing -fno-stack-protector -fno-pie \
	-fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections -fdata-sections -U_FORTIFY_SOURCE
INIT_LINK_FLAGS = -nostdlib -static -Wl,--gc-sections -Wl,-z,separate-code -Wl,-z,norelro \
	-Wl,-z,noexecstack -Wl,--build-id=none -Wl,-e,_start
runlet_init_CFLAGS = $(INIT_CFLAGS)
runlet_init_LINK = $(CC) $(INIT_LINK_FLAGS) -o $@
runlet_init_LDADD =
$(runlet_init_OBJECTS): override CFLAGS = $(INIT_CFLAGS)

# What src/runtime/init_image.S takes into runlet.
runlet-init.bin: runlet-init$(EXEEXT)
	$(AM_V_GEN)$(STRIP) -o $@ runlet-init$(EXEEXT)
CLEANFILES += runlet-init.bin
src/runtime/init_image.$(OBJEXT): runlet-init.bin
