noinst_LIBRARIES += libcgroup.a
libcgroup_a_SOURCES =
