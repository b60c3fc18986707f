# tests of kind fuzz: with --enable-fuzzing each is a libFuzzer program (run it on its corpus by hand, or `make fuzz`); else
# it replays its corpus, as a test.  A new fuzzer: fuzz_NAME.c, corpus/NAME/, perhaps NAME.dict, and one block like
# fuzz_decode's.
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/decode.dict
FUZZ_SECONDS = 600
FUZZERS =

if ENABLE_FUZZING
FUZZ_LINK = -fsanitize=fuzzer
FUZZ_MAIN =
else
FUZZ_LINK =
FUZZ_MAIN = tests/fuzz/replay.c
endif

FUZZERS += tests/fuzz/fuzz_decode
tests_fuzz_fuzz_decode_SOURCES = tests/fuzz/fuzz_decode.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_decode_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_fuzz_decode_LDADD = libspec.a libjson.a libbase.a $(YAJL_LIBS)

FUZZERS += tests/fuzz/fuzz_plan
tests_fuzz_fuzz_plan_SOURCES = tests/fuzz/fuzz_plan.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_plan_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_fuzz_plan_LDADD = libplan.a libspec.a libjson.a libbase.a $(YAJL_LIBS) $(SECCOMP_LIBS)

FUZZERS += tests/fuzz/fuzz_image
tests_fuzz_fuzz_image_SOURCES = tests/fuzz/fuzz_image.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_image_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_fuzz_image_LDADD = libplan.a libbase.a

FUZZERS += tests/fuzz/fuzz_image_config
tests_fuzz_fuzz_image_config_SOURCES = tests/fuzz/fuzz_image_config.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_image_config_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_fuzz_image_config_LDADD = libspec.a libjson.a libbase.a $(YAJL_LIBS)

FUZZERS += tests/fuzz/fuzz_trace
tests_fuzz_fuzz_trace_SOURCES = tests/fuzz/fuzz_trace.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_trace_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LINK)
tests_fuzz_fuzz_trace_LDADD = libruntime.a libjson.a libbase.a $(YAJL_LIBS)

check_PROGRAMS += $(FUZZERS)
if ENABLE_FUZZING
# New inputs go to a folder of the build; add what finds something new to the corpus by hand.
fuzz: $(FUZZERS)
	@for fuzzer in $(FUZZERS); do \
		name=$${fuzzer##*/fuzz_}; $(MKDIR_P) fuzz-corpus/$$name && \
		dictionary=$(srcdir)/tests/fuzz/$$name.dict && \
		./$$fuzzer `test -f $$dictionary && echo -dict=$$dictionary` -max_total_time=$(FUZZ_SECONDS) -max_len=16384 \
			-print_final_stats=1 fuzz-corpus/$$name $(srcdir)/tests/fuzz/corpus/$$name || exit 1; \
	done
else
fuzz:
	@echo "configure with CC=clang --enable-fuzzing" >&2; exit 1
TESTS += $(FUZZERS)
endif
.PHONY: fuzz
