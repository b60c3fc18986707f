# What an unprivileged user can do in this issue: plan, spec, features, help, and a clear word about the rest.

load helpers

# as_user COMMAND...: the runtime as a user that exists for this test only, with no way to read anything of root's.
setup() {
	bundle_make
	world_readable
	cp "$RUNTIME" "$BATS_TEST_TMPDIR/runtime"
	chmod 755 "$BATS_TEST_TMPDIR/runtime"
	mkdir -p "$BATS_TEST_TMPDIR/home" "$BATS_TEST_TMPDIR/run"
	chown 31234:31234 "$BATS_TEST_TMPDIR/home" "$BATS_TEST_TMPDIR/run"
	chmod 700 "$BATS_TEST_TMPDIR/run"
}
as_user() {
	env -i PATH=/usr/bin:/bin HOME="$BATS_TEST_TMPDIR/home" XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/run" \
		setpriv --reuid 31234 --regid 31234 --clear-groups --bounding-set=-all "$BATS_TEST_TMPDIR/runtime" "$@"
}

@test "plan of the default bundle, as an unprivileged user" {
	only_runlet
	run -0 as_user plan --bundle "$BUNDLE"
	show
	[ "${#lines[@]}" -ge 30 ]
	run -0 as_user plan --bundle "$BUNDLE" --format json
	jq -e . <<<"$output" >/dev/null
}

@test "plan of what spec writes, as an unprivileged user" {
	only_runlet
	mkdir "$BATS_TEST_TMPDIR/home/b"
	chown 31234 "$BATS_TEST_TMPDIR/home/b"
	mkdir "$BATS_TEST_TMPDIR/home/b/rootfs"
	run -0 as_user spec --bundle "$BATS_TEST_TMPDIR/home/b"
	run -0 as_user plan --bundle "$BATS_TEST_TMPDIR/home/b"
	rm "$BATS_TEST_TMPDIR/home/b/config.json"
	run -0 as_user spec --rootless --bundle "$BATS_TEST_TMPDIR/home/b"
	run -0 as_user plan --bundle "$BATS_TEST_TMPDIR/home/b"
	show
}

@test "plan changes nothing for the user either" {
	only_runlet
	run -0 as_user plan --bundle "$BUNDLE"
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/home" "$BATS_TEST_TMPDIR/run" | grep -v :)" ]
}

@test "plan of a bundle that the user can't read names it" {
	only_runlet
	chmod 600 "$BUNDLE/config.json"
	run as_user plan --bundle "$BUNDLE"
	show
	[ "$status" -eq 1 ]
	[[ $output == *config.json* && $output == *"ermission denied"* ]]
}

@test "list of no container, as an unprivileged user" {
	only_runlet
	run -0 as_user list
	[ "${#lines[@]}" -eq 1 ]
	run -0 as_user list --format json
	[ "$(jq length <<<"$output")" = 0 ]
}

@test "without --root the state of an unprivileged user is in XDG_RUNTIME_DIR/runlet" {
	only_runlet
	run as_user state "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"does not exist"* ]]
	mkdir -p "$BATS_TEST_TMPDIR/run/runlet/$ID-other"
	chown -R 31234 "$BATS_TEST_TMPDIR/run/runlet"
	chmod -R 700 "$BATS_TEST_TMPDIR/run/runlet"
	strace -f -o trace -e trace=file env -i PATH=/usr/bin:/bin XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/run" \
		setpriv --reuid 31234 --regid 31234 --clear-groups "$BATS_TEST_TMPDIR/runtime" list || true
	grep -q "$BATS_TEST_TMPDIR/run/runlet" trace
	! grep -q '"/run/runlet' trace || false
}

@test "without --root the root of a user namespace, unless USER is root, has its state in XDG_RUNTIME_DIR/runlet" {
	only_runlet
	mkdir -p "$BATS_TEST_TMPDIR/own"
	strace -f -o trace -e trace=file env -i PATH=/usr/bin:/bin ASAN_OPTIONS="${ASAN_OPTIONS-}" XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/own" \
		unshare --user --map-root-user "$RUNTIME" list
	grep -q "$BATS_TEST_TMPDIR/own/runlet" trace
	strace -f -o trace -e trace=file env -i PATH=/usr/bin:/bin ASAN_OPTIONS="${ASAN_OPTIONS-}" USER=root XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/own" \
		unshare --user --map-root-user "$RUNTIME" list
	run ! grep -q "$BATS_TEST_TMPDIR/own/runlet" trace
	strace -f -o trace -e trace=file env -i PATH=/usr/bin:/bin ASAN_OPTIONS="${ASAN_OPTIONS-}" XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/own" \
		"$RUNTIME" list
	run ! grep -q "$BATS_TEST_TMPDIR/own/runlet" trace
}

@test "create by an unprivileged user without a user namespace is a clear error" {
	only_runlet
	run as_user run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 1 ]
	[ -n "$output" ]
	nothing_left
}
