noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = \
	src/plan/image.c \
	src/plan/op_rows.c
