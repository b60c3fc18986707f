noinst_LIBRARIES += libwire.a
libwire_a_SOURCES = $(wire_sources)
# Also compiled into init (src/init/local.mk).
wire_sources = \
	include/wire/helper.h \
	include/wire/trace.h \
	include/wire/wire.h \
	src/wire/steps.c \
	src/wire/wire.c
