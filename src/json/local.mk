noinst_LIBRARIES += libjson.a
libjson_a_CFLAGS = $(AM_CFLAGS) $(YAJL_CFLAGS)
libjson_a_SOURCES = \
	include/json/decode.h \
	include/json/emit.h \
	include/json/types.h \
	src/json/decode.c \
	src/json/decode_error.c \
	src/json/decode_value.c \
	src/json/decoder.h \
	src/json/emit.c \
	src/json/key_set.c \
	src/json/key_set.h \
	src/json/locate.c \
	src/json/yajl_memory.c \
	src/json/yajl_memory.h
