# tests of kind lint: each checks the tree; selftest checks that each can fail
lint_tests = \
	tests/lint/layers \
	tests/lint/budgets \
	tests/lint/text \
	tests/lint/options \
	tests/lint/documents \
	tests/lint/cves \
	tests/lint/elf \
	tests/lint/selftest

TESTS += $(lint_tests)
dist_check_SCRIPTS += $(lint_tests)
EXTRA_DIST += tests/lint/lint.sh
# The lint of the options asks the program that was just built.
AM_TESTS_ENVIRONMENT = RUNLET='$(abs_top_builddir)/runlet$(EXEEXT)'; export RUNLET; \
	HARDENING='@enable_hardening@$(HARDENING_CPPFLAGS)'; export HARDENING;
