noinst_LIBRARIES += libhost.a
libhost_a_SOURCES = \
	include/host/host.h \
	include/host/parse.h \
	src/host/host.c \
	src/host/parse.c
