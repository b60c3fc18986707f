# Class 9: programs of the host that are found only after something of the container decides what a path means.
#
# CVE-2026-84042 (crun), CVE-2024-0132 and CVE-2025-23267 (NVIDIA's hook).  tests/integration/rootless.bats has newuidmap.

load helpers
load security

# pwned NAME: a program of the image that leaves a mark, wherever it runs.
pwned() {
	mkdir -p "$(dirname "$1")"
	printf '#!/bin/sh\necho pwned >>%s/pwned\n' "$BATS_TEST_TMPDIR" >"$1"
	chmod 755 "$1"
}

@test "a hook of the host by a path that the image has too: the host's runs, and never the image's (CVE-2026-84042)" {
	mkdir host
	for kind in prestart createRuntime createContainer poststart poststop; do
		printf '#!/bin/sh\necho %s >>%s/ran\n' $kind "$BATS_TEST_TMPDIR" >host/$kind
		chmod 755 host/$kind
		pwned "$ROOTFS$BATS_TEST_TMPDIR/host/$kind"
		config_set '.hooks[$k] = [{ path: $p }]' --arg k $kind --arg p "$BATS_TEST_TMPDIR/host/$kind"
	done
	inside true
	[ "$(tr '\n' ' ' <ran)" = 'prestart createRuntime createContainer poststart poststop ' ]
	[ ! -e pwned ]
	[ ! -e "$ROOTFS$BATS_TEST_TMPDIR/pwned" ]
}

@test "a hook of the host that only the image has is an error that names it, and does not run" {
	only_runlet
	pwned "$ROOTFS/only/image"
	for kind in prestart createRuntime createContainer; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_set '.hooks[$k] = [{ path: "/only/image" }]' --arg k $kind
		fails_with "hooks.$kind.*/only/image"
	done
	[ ! -e pwned ]
}

@test "a hook without an absolute path is refused: no PATH decides (CVE-2026-84042)" {
	only_runlet
	bundle_works
	pwned "$ROOTFS/bin/hook"
	pwned "$BATS_TEST_TMPDIR/path/hook"
	pwned "$BUNDLE/hook"
	for path in hook ./hook bin/hook ''; do
		for kind in prestart createRuntime createContainer startContainer poststart poststop; do
			cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
			config_set '.hooks[$k] = [{ path: $p, env: ["PATH=/bin"] }]' --arg k $kind --arg p "$path"
			PATH=$BATS_TEST_TMPDIR/path:$PATH fails_with "config.json:[0-9]+:[0-9]+: hooks.$kind\[0\].path"
		done
	done
	[ ! -e pwned ]
	[ ! -e "$ROOTFS$BATS_TEST_TMPDIR/pwned" ]
}

@test "hooks in the container are the image's, and reach nothing of the host (CVE-2024-0132, CVE-2025-23267)" {
	victim_make
	cp "$(test_program attack)" "$ROOTFS/attack"
	ln -s "$VICTIM/dir" "$ROOTFS/up"
	config_set '.hooks.startContainer = [{ path: "/bin/sh", args: ["sh", "-c", $s] }]' \
		--arg s '/attack fds >/tmp/fds; ls /up/below >/tmp/up 2>&1; echo evil >/up/file; ls / >/tmp/root; true'
	chmod 1777 "$ROOTFS/tmp"
	inside 'cat /tmp/fds /tmp/up /tmp/root'
	! grep '^fd [3-9]' <<<"$output" || false
	! grep -w work <<<"$output" || false
	victim_untouched
}

@test "PATH and libraries of the container's environment decide nothing on the host" {
	only_runlet
	for name in newuidmap newgidmap sh mount modprobe; do
		pwned "$ROOTFS/bin.evil/$name"
		pwned "$BATS_TEST_TMPDIR/evil/$name"
	done
	config_set '.process.env = ["PATH=" + $p + ":/bin", "LD_PRELOAD=/evil.so", "LD_LIBRARY_PATH=" + $p, "SHELL=" + $p + "/sh"]' \
		--arg p "$BATS_TEST_TMPDIR/evil"
	config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["acct"], action: "SCMP_ACT_ERRNO" }] }'
	printf 'not a library\n' >evil/libseccomp.so.2
	inside 'echo ran'
	[[ $output == *ran* ]]
	[ ! -e pwned ]
}

@test "newuidmap of an ordinary user is found on the host before anything of the container is entered" {
	only_runlet
	for program in newuidmap setpriv; do command -v $program >/dev/null || skip "needs $program"; done
	# The search, beside what the kernel says: the image's are no candidates.
	pwned "$ROOTFS/usr/bin/newuidmap"
	pwned "$BUNDLE/newuidmap"
	cp -r "$ROOTFS" "$BUNDLE/own"
	rm -r "$ROOTFS"
	mv "$BUNDLE/own" "$ROOTFS"
	mkdir run
	cp "$RUNTIME" runlet
	chown -R 12345:12345 run "$BUNDLE"
	world_readable
	config_set '.linux.namespaces += [{ type: "user" }] | .linux.uidMappings = [{ containerID: 0, hostID: 12345, size: 1 },
		{ containerID: 1, hostID: 700000, size: 9 }] | .linux.gidMappings = .linux.uidMappings | del(.linux.resources)'
	cd "$BUNDLE"
	run setpriv --reuid 12345 --regid 12345 --clear-groups env -i PATH=.:usr/bin:rootfs/usr/bin: XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/run" \
		/usr/bin/timeout -k 2 20 "$BATS_TEST_TMPDIR/runlet" run --bundle . "$ID"
	cd "$BATS_TEST_TMPDIR"
	show
	[ "$status" -eq 1 ]
	[[ $output == *'newuidmap is needed'*'not in PATH'* ]]
	[ ! -e pwned ]
}
