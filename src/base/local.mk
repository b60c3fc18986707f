noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	include/base/arena.h \
	include/base/buf.h \
	include/base/err.h \
	include/base/escape.h \
	include/base/fd.h \
	include/base/log.h \
	include/base/memory.h \
	include/base/names.h \
	include/base/num.h \
	include/base/path.h \
	include/base/rlimit_names.h \
	include/base/landlock.h \
	include/base/seccomp_flags.h \
	include/base/trace.h \
	include/base/utc.h \
	include/base/utf8.h \
	include/base/words.h \
	src/base/arena.c \
	src/base/buf.c \
	src/base/err.c \
	src/base/err_format.c \
	src/base/escape.c \
	src/base/fd.c \
	src/base/log.c \
	src/base/memory.c \
	src/base/names.c \
	src/base/num.c \
	src/base/path.c \
	src/base/rlimit_names.c \
	src/base/trace.c \
	src/base/utc.c \
	src/base/utf8.c \
	src/base/words.c
if !HAVE_GLIBC
# Behind the libraries that call it.
noinst_LIBRARIES += libfortify.a
libfortify_a_SOURCES = src/base/fortify.c
fortify_library = libfortify.a
else
EXTRA_DIST += src/base/fortify.c
endif
