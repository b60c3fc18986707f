noinst_LIBRARIES += libruntime.a
libruntime_a_SOURCES = \
	include/runtime/bundle.h \
	include/runtime/child.h \
	include/runtime/console.h \
	include/runtime/container.h \
	include/runtime/create.h \
	include/runtime/delete.h \
	include/runtime/hooks.h \
	include/runtime/idmap.h \
	include/runtime/inherit.h \
	include/runtime/memfd.h \
	include/runtime/notify.h \
	include/runtime/process.h \
	include/runtime/runtime.h \
	include/runtime/session.h \
	include/runtime/signals.h \
	include/runtime/slots.h \
	include/runtime/spawn.h \
	include/runtime/start.h \
	include/runtime/state.h \
	include/runtime/store.h \
	include/runtime/teardown.h \
	include/runtime/tty.h \
	include/runtime/undo.h \
	src/runtime/bundle.c \
	src/runtime/child.c \
	src/runtime/console.c \
	src/runtime/container.c \
	src/runtime/create.c \
	src/runtime/delete.c \
	src/runtime/hooks.c \
	src/runtime/idmap.c \
	src/runtime/inherit.c \
	src/runtime/kill.c \
	src/runtime/list.c \
	src/runtime/memfd.c \
	src/runtime/notify.c \
	src/runtime/plan.c \
	src/runtime/process.c \
	src/runtime/run.c \
	src/runtime/session.c \
	src/runtime/signals.c \
	src/runtime/slots.c \
	src/runtime/spawn.c \
	src/runtime/start.c \
	src/runtime/state.c \
	src/runtime/store.c \
	src/runtime/teardown.c \
	src/runtime/tty.c \
	src/runtime/undo.c

libruntime_a_SOURCES += src/runtime/features.c src/runtime/init_image.S
