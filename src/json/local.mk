noinst_LIBRARIES += libjson.a
libjson_a_SOURCES =
