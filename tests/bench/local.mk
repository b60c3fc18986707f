# tests of kind bench: built by make check, run by make bench only
check_PROGRAMS += tests/bench/floor tests/bench/measure
tests_bench_floor_SOURCES = tests/bench/floor.c
tests_bench_measure_SOURCES = tests/bench/bench.c tests/bench/bench.h tests/bench/cases.c tests/bench/measure.c
EXTRA_DIST += tests/bench/baseline tests/bench/plot tests/bench/report tests/bench/run tests/bench/selftest
TESTS += tests/bench/selftest
CLEANFILES += bench-results bench-results-scale

BENCH_ROUNDS = 100
BENCH_BUILT = runlet$(EXEEXT) tests/bench/floor$(EXEEXT) tests/bench/measure$(EXEEXT)
BENCH_RUN = $(srcdir)/tests/bench/run $(abs_top_builddir)/runlet$(EXEEXT) $(abs_top_builddir)/tests/bench
BENCH_REPORT = $(AWK) -f $(srcdir)/tests/bench/report

# What was measured stays in bench-results; the target fails when a ratio got worse by more than 15 %.
bench: $(BENCH_BUILT)
	$(BENCH_RUN) $(BENCH_ROUNDS) >bench-results.new
	mv bench-results.new bench-results
	$(BENCH_REPORT) -v baseline=$(srcdir)/tests/bench/baseline bench-results

# 1,000 containers of each runtime, one after another: minutes.
bench-scale: $(BENCH_BUILT)
	BENCH_ONLY=scale $(BENCH_RUN) $(BENCH_ROUNDS) >bench-results-scale.new
	mv bench-results-scale.new bench-results-scale
	$(BENCH_REPORT) -v baseline=$(srcdir)/tests/bench/baseline bench-results-scale

# From what the two above have measured last.
bench-baseline: bench-results
	$(BENCH_REPORT) -v write=$(srcdir)/tests/bench/baseline `ls bench-results bench-results-scale 2>/dev/null`
bench-plot: bench-results
	$(srcdir)/tests/bench/plot bench-results $(srcdir)/docs/performance.svg
# The table of docs/performance.md; say there when, where and under which load it was measured.
bench-document: bench-results
	$(BENCH_REPORT) -v markdown=1 `ls bench-results bench-results-scale 2>/dev/null` >bench-table
	$(AWK) 'NR == FNR { table = table $$0 "\n"; next } \
		/<!-- figures: end -->/ { inside = 0 } !inside { print } /<!-- figures: begin -->/ { inside = 1; printf "%s", table }' \
		bench-table $(srcdir)/docs/performance.md >bench-document.new
	mv bench-document.new $(srcdir)/docs/performance.md
	rm -f bench-table
bench-results:
	@echo "run make bench first" >&2; exit 1
.PHONY: bench bench-scale bench-baseline bench-plot bench-document
