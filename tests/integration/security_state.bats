# Beyond the classes: what other users and containers can do to runlet's own state, names and keys.
#
# CVE-2015-1331 (LXC: a predictable path in a directory of all).

load helpers
load security

@test "the state directory's sockets and files can't be reached by other users" {
	config_args sleep 1000
	create
	[ "$(stat -c %a "$ROOT")" = 700 ] || [ "$(stat -c %a "$ROOT/$ID")" = 700 ] || [ "$RUNTIME_NAME" = runc ]
	run setpriv --reuid 1000 --regid 1000 --clear-groups find "$ROOT" -type f -readable
	[ -z "$(grep -v 'ermission' <<<"$output")" ] || [ "$RUNTIME_NAME" = runc ]
	runtime delete --force "$ID"
}

@test "a state directory that is a symlink to somebody else's is not followed for a container" {
	only_runlet
	bundle_works
	mkdir -p "$ROOT" elsewhere
	ln -s "$BATS_TEST_TMPDIR/elsewhere" "$ROOT/$ID"
	config_args true
	run_bundle
	show
	[ "$status" -ne 0 ]
	[ -z "$(ls -A elsewhere)" ]
	rm "$ROOT/$ID"
}

@test "another user's entry in a state directory that all can write to is no container" {
	only_runlet
	mkdir -p "$ROOT/$ID"
	chmod 1777 "$ROOT"
	cat >"$ROOT/$ID/state.json" <<-END
		{ "ociVersion": "1.0.2", "id": "$ID", "bundle": "/tmp", "rootfs": "/none", "created": "", "status": "stopped",
		  "hasMountNs": true, "poststop": [{ "path": "/bin/sh", "args": ["sh", "-c", "touch $BATS_TEST_TMPDIR/pwned"] }] }
	END
	chown -R 1000 "$ROOT/$ID"
	for command in "delete --force" delete state start kill; do
		run runtime $command "$ID"
		show
		[ "$status" -ne 0 ]
		[[ $output == *"belongs to uid 1000"* ]]
	done
	[ ! -e pwned ]
	chown -R 0 "$ROOT/$ID"
	runtime delete "$ID"
	[ -e pwned ]
	chmod 777 "$ROOT"
	run_bundle
	[ "$status" -ne 0 ]
	[[ $output == *"all users can write"* ]]
}

@test "a session keyring that another container prepared under this one's id isn't joined" {
	not_on runc crun
	cp "$(test_program racer)" "$ROOTFS/racer"
	config_args /racer "_ses.$ID"
	timeout -k 5 60 "$RUNTIME" --root "$ROOT" run --detach --bundle "$BUNDLE" "$ID-a" </dev/null >keyring.a 2>&1
	wait_for 5 grep -q keyring keyring.a
	config_args /racer ''
	run_bundle
	show
	[ "$status" -eq 0 ]
	[[ $output == *"keyring "[1-9]* ]]
	[[ $output != *"$(grep keyring keyring.a)"* ]]
	runtime delete --force "$ID-a"
}

@test "creates and deletes of one id at once leave one container or none, and never a process without a state" {
	only_runlet
	config_args sleep 1000
	# By pid: a bare wait would also wait for the clock of bats' own timeout.
	local jobs round
	for round in $(seq 30); do
		runtime create --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>out.1 &
		jobs=$!
		runtime create --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>out.2 &
		jobs="$jobs $!"
		runtime delete --force "$ID" 2>out.3 &
		wait $jobs $! || true
		! cat out.1 out.2 out.3 | grep -v -e 'already exists' -e 'deleted while' -e 'killed by signal 9' -e '^$' || return 1
		runtime delete --force "$ID" 2>>out.3 &
		jobs=$!
		runtime delete --force "$ID"
		wait $jobs
		nothing_left
	done
}
