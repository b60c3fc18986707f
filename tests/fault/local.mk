# tests of kind fault: runlet is killed between two steps, and the kernel says no (strace does both)
fault_tests = \
	tests/fault/kill.bats \
	tests/fault/syscalls.bats

TESTS += $(fault_tests)
EXTRA_DIST += $(fault_tests)
