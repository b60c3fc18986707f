# Bad input: a clear error that names the object, the right exit code, and nothing left behind.

load helpers

@test "a missing config.json, and a missing bundle" {
	rm "$BUNDLE/config.json"
	fails_with 'config\.json'
	[ "$status" -eq 1 ]
	BUNDLE=$BATS_TEST_TMPDIR/nowhere
	fails_with 'nowhere'
	[ "$status" -eq 1 ]
}

@test "a bundle that is a file, a config.json that is a directory" {
	echo >"$BATS_TEST_TMPDIR/file"
	run runtime run --bundle "$BATS_TEST_TMPDIR/file" "$ID"
	[ "$status" -eq 1 ]
	rm "$BUNDLE/config.json"
	mkdir "$BUNDLE/config.json"
	fails_with 'config\.json|directory'
}

@test "broken JSON: the place is named" {
	printf '{\n\t"ociVersion": "1.0.2",\n\t"process": {,}\n}\n' >"$BUNDLE/config.json"
	fails_with '.'
	[ "$status" -eq 1 ]
	only_runlet
	[[ $output == *config.json:3:* ]]
}

@test "an empty config.json, one cut short, one of binary garbage" {
	: >"$BUNDLE/config.json"
	fails_with '.'
	head -c 500 "$TESTS_DIR/config.json" >"$BUNDLE/config.json"
	fails_with '.'
	head -c 4096 /dev/urandom >"$BUNDLE/config.json"
	fails_with '.'
	[ "$status" -eq 1 ]
}

@test "wrong types, ranges, duplicates, NUL, depth: line, column and path" {
	only_runlet
	bad() {
		echo "$1" >"$BUNDLE/config.json"
		fails_with "$2"
		[ "$status" -eq 1 ]
		[[ $output =~ config\.json:[0-9]+:[0-9]+: ]]
	}
	base='"ociVersion": "1.0.2", "root": { "path": "rootfs" }'
	bad '{ '"$base"', "process": { "user": { "uid": 0, "gid": 4294967296 }, "args": ["true"], "cwd": "/" } }' 'process\.user\.gid.*4294967296'
	bad '{ '"$base"', "process": { "user": { "uid": -1, "gid": 0 }, "args": ["true"], "cwd": "/" } }' 'process\.user\.uid.*-1'
	bad '{ '"$base"', "process": { "user": { "uid": "0", "gid": 0 }, "args": ["true"], "cwd": "/" } }' 'process\.user\.uid'
	bad '{ '"$base"', "process": { "user": { "uid": 0, "gid": 0 }, "args": "true", "cwd": "/" } }' 'process\.args'
	bad '{ '"$base"', "process": { "user": { "uid": 0, "gid": 0 }, "args": [1], "cwd": "/" } }' 'process\.args\[0\]'
	bad '{ '"$base"', "process": { "user": { "uid": 0, "gid": 0 }, "args": ["a\u0000b"], "cwd": "/" } }' 'process\.args.*(NUL|u0000)'
	bad '{ '"$base"', "hostname": "a", "hostname": "b" }' 'hostname.*(twice|duplicate)'
	bad "{ $base, \"x_unknown\": $(printf '{"a":%.0s' {1..70})1$(printf '}%.0s' {1..70}) }" 'deep|depth|nest'
}

@test "required fields: ociVersion, process.args and cwd, root.path" {
	only_runlet
	config_set 'del(.ociVersion)'
	fails_with 'ociVersion'
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_set 'del(.process.cwd)'
	fails_with 'process\.cwd|process.*cwd'
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_set 'del(.root.path)'
	fails_with 'root\.path|root.*path'
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_set '.process.args = []'
	fails_with 'process\.args|args'
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_set 'del(.mounts[0].destination)'
	fails_with 'mounts\[0\].*destination'
}

@test "process.user may be absent: root, as the peers do" {
	config_set 'del(.process.user)'
	inside 'id -u; id -g'
	[ "$output" = $'0\n0' ]
}

@test "ociVersion: 1.x is accepted, others are refused" {
	only_runlet
	for version in 1.0.0 1.0.2-dev 1.1.0 1.2.1 1.3.0 1.99.0; do
		config_set '.ociVersion = $v' --arg v $version
		inside true
	done
	for version in 2.0.0 0.9.0 one "" 10.0.0 1; do
		config_set '.ociVersion = $v' --arg v "$version"
		fails_with 'ociVersion'
	done
}

@test "unknown keys are skipped; other platforms' objects with a warning" {
	config_set '.x_unknown = { a: [1, { b: null }] } | .process.y = 1'
	inside true
	only_runlet
	config_set '.windows = { layerFolders: ["x"] } | .solaris = { milestone: "x" }'
	inside 'echo ran'
	[[ $output == *ran* ]]
	[[ $output == *windows* ]]
}

@test "what a later issue will execute is refused as unsupported, with its path" {
	only_runlet
	refused() {
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_set "$1"
		fails_with "unsupported"
		[[ $output =~ $2 ]]
	}
	refused '.linux.intelRdt = { closID: "x" }' 'linux\.intelRdt'
}

@test "null is absent" {
	not_on crun
	config_set '.hostname = null | .linux.seccomp = null | .hooks = null | .linux.maskedPaths = null'
	inside true
}

@test "a rootfs that is a file, missing, a dangling symlink" {
	mv "$ROOTFS" "$BATS_TEST_TMPDIR/away"
	fails_with 'rootfs|root'
	[ "$status" -eq 1 ]
	echo >"$ROOTFS"
	fails_with 'rootfs|root|directory'
	[ "$status" -eq 1 ]
	rm "$ROOTFS"
	ln -s /nonexistent/target "$ROOTFS"
	fails_with 'rootfs|root'
}

@test "an empty rootfs: the program is missing, and the message is the one that engines look for" {
	rm -r "$ROOTFS"
	mkdir "$ROOTFS"
	config_args sh
	fails_with 'exec: "?\\?"?sh.*executable file not found in \$PATH'
}

@test "an executable that is missing: by name, and by path" {
	config_args no-such-program
	fails_with 'executable file not found in \$PATH'
	[[ $output == *no-such-program* ]]
	[ "$status" -eq 1 ]
	config_args /no/such/program
	fails_with 'no such file or directory|No such file or directory'
	[[ $output == */no/such/program* ]]
	[ "$status" -eq 1 ]
}

@test "an executable that is missing: create fails with 1, as in runc" {
	config_args no-such-program
	run create
	show
	[ "$status" -eq 1 ]
	[[ $output == *"executable file not found in \$PATH"* ]]
	nothing_left
}

@test "an executable without x, and a directory: permission denied" {
	echo '#!/bin/sh' >"$ROOTFS/plain"
	chmod 644 "$ROOTFS/plain"
	config_args /plain
	fails_with '[Pp]ermission denied'
	[[ $output == */plain* ]]
	[ "$status" -eq 1 ]
	config_args /etc
	fails_with '[Pp]ermission denied|[Ii]s a directory'
	[[ $output == */etc* ]]
	[ "$status" -eq 1 ]
	mkdir "$ROOTFS/bin/adir"
	config_args adir
	fails_with 'not found|denied'
}

@test "an executable of a wrong format" {
	echo garbage >"$ROOTFS/garbage"
	chmod 755 "$ROOTFS/garbage"
	config_args /garbage
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ ${output,,} == *"exec format error"* ]]
	[[ $output == */garbage* ]]
	nothing_left
}

@test "a script whose interpreter is missing" {
	printf '#!/no/such/interpreter\n' >"$ROOTFS/script"
	chmod 755 "$ROOTFS/script"
	config_args /script
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ ${output,,} == *"no such file or directory"* ]]
	nothing_left
}

@test "an executable that the user may not execute" {
	printf '#!/bin/sh\n' >"$ROOTFS/mine"
	chmod 700 "$ROOTFS/mine"
	config_args /mine
	config_set '.process.user = { uid: 1000, gid: 1000 } | .process.capabilities = {}'
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ ${output,,} == *"permission denied"* ]]
	nothing_left
}

@test "a name of 300 characters" {
	name=$(printf 'n%.0s' {1..300})
	run runtime run --bundle "$BUNDLE" "$name"
	show
	[ "$status" -eq 1 ] || [ "$RUNTIME_NAME" = crun ]
	[[ $output == *[Nn]ame* || $output == *long* || $output == *"container id"* ]]
	! find $CGROUPFS -name 'nnnnnnnn*' | grep -q . || false
	nothing_left
}

@test "a name of 255 characters, where the cgroup is given" {
	only_runlet
	name=$(printf 'n%.0s' {1..255})
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID"
	run runtime run --bundle "$BUNDLE" "$name"
	show
	[ "$status" -eq 0 ] || [[ $output == *[Nn]ame* ]]
	nothing_left
}

@test "a full disk under --root" {
	not_on crun runc
	mkdir "$ROOT"
	test_mount -t tmpfs -o size=16k none "$ROOT"
	dd if=/dev/zero of="$ROOT/filler" bs=4k 2>/dev/null || true
	config_args sh -c 'echo ran'
	run_bundle
	show
	[ "$status" -eq 1 ]
	[[ $output == *"No space left"* ]]
	[[ $output == *"$ROOT"* || $output == *state* ]]
	[ "$(ls "$ROOT")" = filler ]
	find $CGROUPFS -name "*$ID*" | grep -q . && return 1
	[ -z "$(test_processes)" ]
}

@test "a disk that fills up at each step under --root" {
	not_on crun runc
	mkdir "$ROOT"
	test_mount -t tmpfs -o size=256k,nr_inodes=40 none "$ROOT"
	config_args sh -c 'echo ran'
	for inodes in 2 3 4 5 6; do
		mount -o remount,nr_inodes=$inodes "$ROOT"
		run timeout -k 2 30 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
		show
		[ "$status" -eq 0 ] || [[ $output == *"No space left"* ]]
		[ -z "$(ls "$ROOT" | grep "$ID")" ]
		find $CGROUPFS -name "*$ID*" | grep -q . && return 1
	done
	return 0
}

@test "a --root that can't be made or written" {
	echo >file
	run runtime --root "$BATS_TEST_TMPDIR/file/state" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 1 ] || [ "$RUNTIME_NAME" = crun ]
	[[ $output == */file* || $RUNTIME_NAME == crun ]]
	ROOT=$BATS_TEST_TMPDIR/file run_bundle
	[ "$status" -ne 0 ]
	mkdir "$BATS_TEST_TMPDIR/ro"
	test_mount -t tmpfs -o ro none "$BATS_TEST_TMPDIR/ro"
	ROOT=$BATS_TEST_TMPDIR/ro/state run_bundle
	show
	[ "$status" -ne 0 ]
	[[ $output == *"ead-only"* ]]
}

@test "an unwritable --log is an error, or the container runs" {
	config_args true
	run runtime --log /nonexistent/dir/log run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == */nonexistent/dir* ]]
}

@test "a config.json of 100 megabytes is refused, or read, in bounded time" {
	only_runlet
	bundle_works
	{
		printf '{ "ociVersion": "1.0.2", "annotations": { "a": "'
		head -c 100000000 /dev/zero | tr '\0' x
		printf '" } }'
	} >"$BUNDLE/config.json"
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[ "$status" -eq 1 ]
	[ "${#output}" -lt 5000 ]
	nothing_left
}

@test "a mount target that is a file where a directory is needed" {
	echo >"$ROOTFS/afile"
	config_mount '{ "destination": "/afile/below", "type": "tmpfs", "source": "tmpfs" }'
	fails_with '/afile'
}

@test "a relative hook, an empty mount destination, an empty namespace path are no crash" {
	bundle_works
	config_set '.mounts += [{ destination: "", type: "tmpfs", source: "tmpfs" }]'
	run_bundle
	show
	[ "$status" -le 1 ]
	nothing_left
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_namespace_path network ""
	run_bundle
	show
	[ "$status" -le 1 ]
	nothing_left
}

@test "a program that dies at once still gives its own status, many times over" {
	for round in 1 2 3 4 5 6 7 8 9 10; do
		config_args sh -c "exit $round"
		run_bundle
		[ "$status" -eq "$round" ]
	done
	nothing_left
}
