# tests of kind integration: bats on the built runlet (and on runc, for the tests themselves: make check-runc)
TEST_EXTENSIONS = .bats
BATS_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
BATS_LOG_COMPILER = env RUNLET=$(abs_top_builddir)/runlet$(EXEEXT) TEST_BIN=$(abs_top_builddir)/tests/integration \
	$(SHELL) $(srcdir)/tests/integration/run

# exit7 runs where no system call but exit is allowed, so it has no libc and no sanitizer.
check_PROGRAMS += tests/integration/recvtty tests/integration/exit7 tests/integration/notify \
	tests/integration/racer tests/integration/silent tests/integration/nlspoof tests/integration/recvpidfd \
	tests/integration/ptyrun tests/integration/noreap \
	tests/integration/seccompagent tests/integration/trycall tests/integration/attack
tests_integration_attack_SOURCES = tests/integration/attack.c
tests_integration_attack_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
tests_integration_attack_LDFLAGS = -static
tests_integration_trycall_SOURCES = tests/integration/trycall.c
tests_integration_trycall_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
tests_integration_trycall_LDFLAGS = -static
tests_integration_seccompagent_SOURCES = tests/integration/seccompagent.c
tests_integration_notify_SOURCES = tests/integration/notify.c
tests_integration_notify_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
tests_integration_notify_LDFLAGS = -static
tests_integration_nlspoof_SOURCES = tests/integration/nlspoof.c
tests_integration_nlspoof_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
tests_integration_silent_SOURCES = tests/integration/silent.c
tests_integration_silent_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
tests_integration_racer_SOURCES = tests/integration/racer.c
tests_integration_racer_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
tests_integration_racer_LDFLAGS = -static
tests_integration_noreap_SOURCES = tests/integration/noreap.c
tests_integration_ptyrun_SOURCES = tests/integration/ptyrun.c
tests_integration_recvpidfd_SOURCES = tests/integration/recvpidfd.c
tests_integration_recvtty_SOURCES = tests/integration/recvtty.c
tests_integration_exit7_SOURCES = tests/integration/exit7.c
tests_integration_exit7_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -ffreestanding -fno-stack-protector -fno-pie
tests_integration_exit7_LDFLAGS = -static -nostdlib

integration_tests = \
	tests/integration/annotations.bats \
	tests/integration/capabilities.bats \
	tests/integration/cgroup_badinput.bats \
	tests/integration/cgroup_resources.bats \
	tests/integration/cgroup_v2.bats \
	tests/integration/cgroup_v2_update.bats \
	tests/integration/cgroups.bats \
	tests/integration/commands.bats \
	tests/integration/console.bats \
	tests/integration/devices.bats \
	tests/integration/events.bats \
	tests/integration/exec.bats \
	tests/integration/hooks.bats \
	tests/integration/idmap.bats \
	tests/integration/image.bats \
	tests/integration/landlock.bats \
	tests/integration/lifecycle.bats \
	tests/integration/mounts.bats \
	tests/integration/namespaces.bats \
	tests/integration/pause.bats \
	tests/integration/netdevices.bats \
	tests/integration/process.bats \
	tests/integration/ps.bats \
	tests/integration/rootfs.bats \
	tests/integration/trace.bats \
	tests/integration/badinput.bats \
	tests/integration/completion.bats \
	tests/integration/engines_cli.bats \
	tests/integration/regex.bats \
	tests/integration/rootless.bats \
	tests/integration/rootless_plan.bats \
	tests/integration/seccomp.bats \
	tests/integration/seccomp_cache.bats \
	tests/integration/seccomp_notify.bats \
	tests/integration/security_paths.bats \
	tests/integration/security_sources.bats \
	tests/integration/security_procfs.bats \
	tests/integration/security_fds.bats \
	tests/integration/security_selfexe.bats \
	tests/integration/security_privileges.bats \
	tests/integration/security_cgroup.bats \
	tests/integration/security_parsing.bats \
	tests/integration/security_helpers.bats \
	tests/integration/security_annotations.bats \
	tests/integration/security_tty.bats \
	tests/integration/security_state.bats \
	tests/integration/sharing.bats \
	tests/integration/spec_plan_features.bats \
	tests/integration/speedups.bats \
	tests/integration/systemd.bats \
	tests/integration/update.bats \
	tests/integration/userns.bats \
	tests/integration/wait.bats

TESTS += $(integration_tests)
EXTRA_DIST += $(integration_tests) tests/integration/run tests/integration/helpers.bash tests/integration/security.bash tests/integration/cve-list.txt \
	tests/integration/systemd_guest.bash tests/integration/seccomp-docker.json tests/integration/config.json

# The tests themselves, held against runc: what passes there is well-formed.
.PHONY: check-runc
check-runc: $(check_PROGRAMS)
	cd $(srcdir) && RUNTIME=runc TEST_BIN=$(abs_top_builddir)/tests/integration \
		$(SHELL) tests/integration/run $(integration_tests)
