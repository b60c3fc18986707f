noinst_LIBRARIES += libprogram.a
libprogram_a_SOURCES = \
	include/program/child.h \
	include/program/find.h \
	include/program/memfd.h \
	src/program/child.c \
	src/program/find.c \
	src/program/memfd.c
