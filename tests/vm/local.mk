# tests of kind vm: cgroup v2 with every controller, systemd and AppArmor, in a virtual machine; not part of `make check`
EXTRA_DIST += tests/vm/run tests/vm/machine tests/vm/guest tests/vm/apparmor.bats tests/vm/rootless.bats tests/vm/systemd.bats

# VM_TESTS: bats files, in the place of those of the cgroups and of systemd.
.PHONY: check-vm
check-vm: runlet$(EXEEXT) $(check_PROGRAMS)
	$(SHELL) $(srcdir)/tests/vm/run $(abs_builddir)/runlet$(EXEEXT) $(abs_builddir)/tests/integration $(VM_TESTS)
