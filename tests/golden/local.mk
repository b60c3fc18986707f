# tests of kind golden: plans of config files for described hosts, compared with kept texts
check_PROGRAMS += tests/golden/golden
TESTS += tests/golden/golden
tests_golden_golden_SOURCES = tests/golden/golden.c
tests_golden_golden_LDADD = libplan.a libspec.a libjson.a libbase.a $(YAJL_LIBS) $(SECCOMP_LIBS) $(fortify_library)
EXTRA_DIST += tests/golden/cases
