# tests of kind bench: built by make check, run by make bench only
check_PROGRAMS += tests/bench/floor tests/bench/interleave tests/bench/commands
tests_bench_commands_SOURCES = tests/bench/commands.c
tests_bench_floor_SOURCES = tests/bench/floor.c
tests_bench_interleave_SOURCES = tests/bench/interleave.c
EXTRA_DIST += tests/bench/run

BENCH_ROUNDS = 100
bench: runlet$(EXEEXT) tests/bench/floor$(EXEEXT) tests/bench/interleave$(EXEEXT) tests/bench/commands$(EXEEXT)
	$(srcdir)/tests/bench/run $(abs_top_builddir)/runlet$(EXEEXT) $(abs_top_builddir)/tests/bench $(BENCH_ROUNDS)
.PHONY: bench
