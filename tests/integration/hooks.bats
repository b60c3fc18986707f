# Hooks: the six kinds, at the spec's moments, with the state on standard input.

load helpers

# hook KIND SCRIPT: adds a hook that runs a script with the host's shell, as a file of the bundle.
hook() {
	local kind=$1 count
	count=$(jq ".hooks.$kind // [] | length" "$BUNDLE/config.json")
	printf '#!/bin/sh\n%s\n' "$2" >"$BUNDLE/hook-$kind-$count"
	chmod 755 "$BUNDLE/hook-$kind-$count"
	config_set '.hooks[$k] += [{ path: $p }]' --arg k "$kind" --arg p "$BUNDLE/hook-$kind-$count"
}

# The hooks that run in the container's namespaces still see the host's files (createContainer), or only the container's
# (startContainer), so each kind has its own way to leave a trace.
hook_in_container() {
	printf '#!/bin/sh\n%s\n' "$2" >"$ROOTFS/bin/hook-$1"
	chmod 755 "$ROOTFS/bin/hook-$1"
	config_set '.hooks[$k] += [{ path: $p }]' --arg k "$1" --arg p "/bin/hook-$1"
}

@test "all six kinds run once, in the spec's order" {
	not_on runc
	log=$BATS_TEST_TMPDIR/log
	for kind in prestart createRuntime createContainer poststart poststop; do
		hook $kind "echo $kind >>$log"
	done
	hook_in_container startContainer 'echo startContainer >/tmp/log'
	config_args sh -c 'cat /tmp/log; sleep 0.5'
	create
	[ "$(cat "$log")" = $'prestart\ncreateRuntime\ncreateContainer' ]
	[ ! -e "$ROOTFS/tmp/log" ]
	start
	wait_for 5 grep -q startContainer out
	wait_for 5 grep -q poststart "$log"
	wait_for 5 has_status stopped
	! grep -q poststop "$log" || false
	runtime delete "$ID"
	[ "$(cat "$log")" = $'prestart\ncreateRuntime\ncreateContainer\npoststart\npoststop' ]
}

@test "several hooks of a kind run in their order" {
	for n in 1 2 3 4; do
		hook createRuntime "echo $n >>$BATS_TEST_TMPDIR/log"
	done
	inside true
	[ "$(tr '\n' ' ' <log)" = "1 2 3 4 " ]
}

@test "each hook gets the state on standard input: id, pid, bundle, status, annotations" {
	config_set '.annotations = { "org.example.key": "value" }'
	for kind in prestart createRuntime createContainer poststart poststop; do
		hook $kind "cat >$BATS_TEST_TMPDIR/$kind"
	done
	hook_in_container startContainer 'cat >/tmp/startContainer'
	start_sleeper
	pid=$(init_pid)
	wait_for 5 test -s poststart
	stop
	runtime delete "$ID"
	cp "$ROOTFS/tmp/startContainer" startContainer
	for kind in prestart createRuntime createContainer startContainer poststart poststop; do
		echo "$kind: $(cat $kind)"
		jq -e --arg id "$ID" --arg b "$BUNDLE" '.id == $id and .bundle == $b and .annotations["org.example.key"] == "value" and (.ociVersion | startswith("1."))' $kind
	done
	[ "$(jq -r .pid createRuntime)" = "$pid" ]
	[ "$(jq -r .pid poststart)" = "$pid" ]
	[ "$(jq -r .status prestart)" = creating ]
	[ "$(jq -r .status createRuntime)" = creating ]
	[ "$(jq -r .status createContainer)" = creating ]
	[ "$(jq -r .status startContainer)" = created ]
	[ "$(jq -r .status poststart)" = running ] || [ "$RUNTIME_NAME" = runc ]
	[ "$(jq -r .status poststop)" = stopped ]
}

@test "the state on standard input ends: a hook that reads all of it gets an end of file" {
	hook createRuntime "timeout 5 cat >/dev/null || echo hung >$BATS_TEST_TMPDIR/hung"
	hook_in_container startContainer 'cat >/dev/null; cat >/dev/null; echo read >/tmp/read'
	inside 'cat /tmp/read'
	[ ! -e hung ]
}

@test "a hook that doesn't read its input does no harm, however long the state is" {
	config_set '.annotations.big = ("x" * 200000)'
	for kind in prestart createRuntime createContainer poststart poststop; do
		hook $kind "exec <&-; echo $kind >>$BATS_TEST_TMPDIR/log"
	done
	hook_in_container startContainer 'exec <&-; exit 0'
	inside 'echo ran'
	[[ $output == *ran* ]]
	[ "$(wc -l <log)" -eq 5 ]
}

@test "prestart and createRuntime run in the runtime's namespaces, createContainer in the container's" {
	for kind in prestart createRuntime createContainer; do
		hook $kind "for ns in mnt net uts pid; do readlink /proc/self/ns/\$ns; done >$BATS_TEST_TMPDIR/$kind"
	done
	config_args sleep 1000
	create
	for kind in prestart createRuntime; do
		for ns in mnt net uts; do
			grep -qxF "$(readlink /proc/self/ns/$ns)" $kind
		done
	done
	pid=$(init_pid)
	for ns in mnt net uts; do
		! grep -qxF "$(readlink /proc/self/ns/$ns)" createContainer || false
		[ $ns = mnt ] || grep -qxF "$(readlink "/proc/$pid/ns/$ns")" createContainer
	done
	runtime delete --force "$ID"
}

@test "createContainer runs before pivot_root: it sees the host's files, and can mount into the rootfs" {
	hook createContainer "mkdir -p $ROOTFS/by-hook; mount -t tmpfs none $ROOTFS/by-hook && touch $ROOTFS/by-hook/file"
	config_args sh -c 'ls /by-hook'
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ "$output" = file ]
	nothing_left
}

@test "createRuntime finds the pid's namespaces: a network device can be moved in" {
	hook createRuntime 'pid=$(jq -r .pid); nsenter --net=/proc/$pid/ns/net ip link set lo mtu 1400'
	inside 'cat /sys/class/net/lo/mtu'
	[ "$output" = 1400 ]
}

@test "startContainer runs in the container, before the program, as root of it" {
	hook_in_container startContainer 'pwd >/tmp/seen; id -u >>/tmp/seen; hostname >>/tmp/seen; cat /etc/passwd | head -1 >>/tmp/seen'
	config_set '.process.user = { uid: 1000, gid: 1000 }'
	inside 'cat /tmp/seen'
	[[ $output == *inside* ]]
	[[ $output == *root:x:0:0* ]]
}

@test "poststart runs only after the program runs, before start returns" {
	not_on runc
	hook poststart "cat /proc/\$(jq -r .pid)/comm >$BATS_TEST_TMPDIR/comm"
	start_sleeper
	[ "$(cat comm)" = sleep ]
	runtime delete --force "$ID"
}

@test "args and env of a hook are the ones given, and nothing of the caller's" {
	hook createRuntime "{ tr '\\0' '|' </proc/\$\$/cmdline; echo; env | grep -v -E '^(PWD|SHLVL|_)='; } >$BATS_TEST_TMPDIR/seen"
	config_set '.hooks.createRuntime[0] += { args: ["name", "one", "two words"], env: ["A=1", "B=x y"] }'
	SECRET_OF_THE_HOST=1 inside true
	cat seen
	grep -q 'one|two words|' seen
	grep -qx 'A=1' seen
	grep -qx 'B=x y' seen
	! grep -q SECRET seen || false
}

@test "without env a hook gets none of the caller's" {
	not_on runc crun
	hook createRuntime "env >$BATS_TEST_TMPDIR/seen"
	SECRET_OF_THE_HOST=1 inside true
	! grep -q SECRET seen || false
}

@test "a hook's working directory is the bundle for the host's hooks" {
	only_runlet
	hook createRuntime "pwd >$BATS_TEST_TMPDIR/seen"
	inside true
	[ "$(cat seen)" = "$BUNDLE" ]
}

@test "a timeout ends the hook and fails the create" {
	hook createRuntime 'exec sleep 1000'
	config_set '.hooks.createRuntime[0].timeout = 1'
	start_time=$SECONDS
	fails_with 'hook|timeout|timed out'
	[ $((SECONDS - start_time)) -lt 15 ]
}

@test "a timeout of startContainer ends it" {
	only_runlet
	hook_in_container startContainer 'exec sleep 1000'
	config_set '.hooks.startContainer[0].timeout = 1'
	start_time=$SECONDS
	fails_with 'startContainer'
	[ $((SECONDS - start_time)) -lt 15 ]
}

@test "a timeout of 0 or below is refused" {
	only_runlet
	hook createRuntime true
	config_set '.hooks.createRuntime[0].timeout = 0'
	fails_with 'hooks\.createRuntime\[0\]\.timeout'
	config_set '.hooks.createRuntime[0].timeout = -1'
	fails_with 'hooks\.createRuntime\[0\]\.timeout'
}

@test "a failing prestart, createRuntime or createContainer hook fails the create; poststop still runs; nothing stays" {
	for kind in prestart createRuntime createContainer; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		rm -f "$BUNDLE"/hook-* ran
		hook $kind 'echo the reason is here >&2; exit 3'
		config_args sh -c 'echo program ran'
		run create
		show
		[ "$status" -eq 1 ]
		[[ $output == *hook* ]]
		[[ $output != *"program ran"* ]]
		nothing_left
	done
}

@test "a hook's failure text reaches the error" {
	only_runlet
	hook createRuntime 'echo the reason is here >&2; exit 3'
	fails_with 'createRuntime.*'
	[[ $output == *"the reason is here"* ]]
}

@test "after a failing hook the later ones of its kind don't run" {
	hook createRuntime 'exit 1'
	hook createRuntime "touch $BATS_TEST_TMPDIR/second"
	fails_with 'hook'
	[ ! -e second ]
}

@test "a failing startContainer hook fails the start, and the program never runs" {
	hook_in_container startContainer 'exit 5'
	config_args sh -c 'touch /tmp/ran'
	create
	run runtime start "$ID"
	show
	[ "$status" -ne 0 ] || [ "$RUNTIME_NAME" = runc ]
	wait_for 5 has_status stopped
	[ ! -e "$ROOTFS/tmp/ran" ]
	runtime delete --force "$ID"
}

@test "a failing poststart hook stops the container and fails the start (spec 1.3)" {
	not_on runc crun
	hook poststart 'exit 1'
	hook poststop "touch $BATS_TEST_TMPDIR/poststop"
	config_args sleep 1000
	create
	run runtime start "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *poststart* ]]
	wait_for 5 has_status stopped
	runtime delete --force "$ID"
	[ -e poststop ]
}

@test "failing poststop hooks are logged, the rest still run, and delete succeeds" {
	not_on runc
	hook poststop 'exit 1'
	hook poststop "echo second >$BATS_TEST_TMPDIR/second"
	start_sleeper
	stop
	run runtime delete "$ID"
	show
	[ "$status" -eq 0 ]
	[ -e second ]
	[[ $output == *hook* || $output == *poststop* ]] || [ "$RUNTIME_NAME" = crun ]
	nothing_left
}

@test "poststop runs for a foreground run, and for delete --force" {
	hook poststop "echo stop >>$BATS_TEST_TMPDIR/log"
	inside true
	[ "$(wc -l <log)" -eq 1 ]
	start_sleeper
	runtime delete --force "$ID"
	[ "$(wc -l <log)" -eq 2 ]
}

@test "a hook that is missing, or not executable, is named" {
	config_set '.hooks.createRuntime = [{ path: "/nonexistent/hook" }]'
	fails_with '/nonexistent/hook'
	echo '#!/bin/sh' >"$BUNDLE/plain"
	config_set '.hooks.createRuntime = [{ path: $p }]' --arg p "$BUNDLE/plain"
	fails_with "$BUNDLE/plain"
}

@test "a hook with a relative path is refused" {
	only_runlet
	config_set '.hooks.createRuntime = [{ path: "hook.sh" }]'
	fails_with 'hooks\.createRuntime\[0\]\.path'
}

@test "a hook that a signal ends is a failure" {
	hook createRuntime 'kill -9 $$'
	fails_with 'hook'
}

@test "hooks inherit no fds but the standard ones" {
	not_on runc
	hook createRuntime "ls -l /proc/self/fd >$BATS_TEST_TMPDIR/fds"
	hook createContainer "ls -l /proc/self/fd >$BATS_TEST_TMPDIR/fds2"
	config_args true
	run bash -c 'exec 3>&- 4>&- 7</etc/passwd; exec "$@"' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[ "$status" -eq 0 ]
	cat fds fds2
	[ "$(grep -c -- '->' fds)" -le 4 ]
	[ "$(grep -c -- '->' fds2)" -le 4 ]
	! grep -q passwd fds fds2 || false
}

@test "Docker's prestart hook: a long chain of children of a hook doesn't hang the create" {
	hook prestart 'sleep 1000 </dev/null >/dev/null 2>&1 & echo $! >'"$BATS_TEST_TMPDIR/child"
	config_args sleep 1000
	start_time=$SECONDS
	create
	[ $((SECONDS - start_time)) -lt 10 ]
	kill "$(cat child)"
	runtime delete --force "$ID"
}
