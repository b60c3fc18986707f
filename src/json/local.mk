noinst_LIBRARIES += libjson.a
libjson_a_CFLAGS = $(AM_CFLAGS) $(YAJL_CFLAGS)
libjson_a_SOURCES = \
	include/json/emit.h \
	src/json/emit.c \
	src/json/utf8.c \
	src/json/utf8.h \
	src/json/yajl_memory.c \
	src/json/yajl_memory.h
