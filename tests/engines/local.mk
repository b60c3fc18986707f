# tests of kind engines: runlet under real engines, where they are installed (scripts/install-engines)
TESTS += tests/engines/docker.bats tests/engines/containerd.bats tests/engines/podman.bats tests/engines/buildah.bats
EXTRA_DIST += tests/engines/run tests/engines/engines.bash tests/engines/docker.bats tests/engines/containerd.bats \
	tests/engines/podman.bats tests/engines/buildah.bats
