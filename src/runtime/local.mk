noinst_LIBRARIES += libruntime.a
libruntime_a_SOURCES =
