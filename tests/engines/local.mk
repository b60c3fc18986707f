# tests of kind engines: runlet under real engines, where they are installed (scripts/install-engines)
engine_tests = tests/engines/docker.bats tests/engines/containerd.bats tests/engines/cri.bats tests/engines/nerdctl.bats \
	tests/engines/podman.bats tests/engines/buildah.bats tests/engines/image.bats tests/engines/load.bats
TESTS += $(engine_tests)
EXTRA_DIST += tests/engines/run tests/engines/engines.bash $(engine_tests)
