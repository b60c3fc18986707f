# `runlet wait`, and the pidfd that --pidfd-socket hands out.

load helpers

setup() {
	only_runlet
	bundle_make
}

# The exit status of a foreign child is known from Linux 6.15 on (PIDFD_GET_INFO).
needs_pidfd_info() {
	local major minor
	IFS=.- read -r major minor _ < <(uname -r)
	[ "$major" -gt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -ge 15 ]; } || skip "this kernel doesn't tell"
}

# Starts `wait`; its exit status is in the file `waited` when it has ended.
wait_start() {
	(
		code=0
		"${RUNTIME_WRAPPER[@]}" "$RUNTIME" --root "$ROOT" wait "$ID" 2>wait.err || code=$?
		echo "$code" >waited.new
		mv waited.new waited
	) 3>&- &
	TEST_PIDS+=($!)
}
wait_sleeps() { pgrep -f "^$RUNTIME --root $ROOT wait $ID" >/dev/null && grep -q '^State:.S' "/proc/$(pgrep -f "^$RUNTIME --root $ROOT wait $ID")/status"; }
# waited_is STATUS
waited_is() {
	wait_for 5 test -e waited
	cat wait.err
	[ "$(cat waited)" = "$1" ]
}

@test "wait: the exit status of a running container" {
	needs_pidfd_info
	config_args sh -c 'while [ ! -e /tmp/go ]; do sleep 0.05; done; exit 7'
	create
	start
	wait_start
	wait_for 5 wait_sleeps
	[ ! -e waited ]
	touch "$ROOTFS/tmp/go"
	waited_is 7
	runtime delete "$ID"
}

@test "wait: a signal's end is 128 and its number" {
	needs_pidfd_info
	start_sleeper
	wait_start
	wait_for 5 wait_sleeps
	runtime kill "$ID" KILL
	waited_is 137
	runtime delete "$ID"
}

@test "wait: a created container is waited for, through start and to its end" {
	needs_pidfd_info
	config_args sh -c 'exit 9'
	create
	wait_start
	wait_for 5 wait_sleeps
	start
	waited_is 9
	runtime delete "$ID"
}

@test "wait: a created container that is deleted was killed" {
	needs_pidfd_info
	config_args true
	create
	wait_start
	wait_for 5 wait_sleeps
	runtime delete "$ID"
	waited_is 137
}

@test "wait: a container that run holds, deleted at its end, and several waiters" {
	needs_pidfd_info
	config_args sh -c 'while [ ! -e /tmp/go ]; do sleep 0.05; done; exit 5'
	runtime run --bundle "$BUNDLE" "$ID" </dev/null 3>&- &
	TEST_PIDS+=($!)
	wait_for 5 has_status running
	for n in 1 2 3; do
		{ timeout 20 "$RUNTIME" --root "$ROOT" wait "$ID" && echo 0 >many.$n || echo $? >many.$n; } 3>&- &
		TEST_PIDS+=($!)
	done
	sleep 0.2
	touch "$ROOTFS/tmp/go"
	for n in 1 2 3; do
		wait_for 5 test -s many.$n
		[ "$(cat many.$n)" = 5 ]
	done
	wait_for 5 test ! -e "$ROOT/$ID"
}

@test "wait: what run --keep has stored is answered at once" {
	config_args sh -c 'exit 6'
	run_bundle --keep
	[ "$status" -eq 6 ]
	run runtime wait "$ID"
	show
	[ "$status" -eq 6 ]
	run runtime wait "$ID"
	[ "$status" -eq 6 ]
	[ "$(state .exitStatus)" = 6 ]
	runtime delete "$ID"
}

@test "wait: an end that nobody saw is an error, 255, and says why" {
	config_args sh -c 'exit 3'
	create
	start
	wait_for 5 has_status stopped
	wait_for 5 test ! -e "/proc/$(jq .pid "$ROOT/$ID/state.json")"
	run runtime wait "$ID"
	show
	[ "$status" -eq 255 ]
	[[ $output == *"exit status isn't known"* ]]
	runtime delete "$ID"
}

@test "wait: a zombie that its parent leaves alone is read, not waited for" {
	config_args sh -c 'exit 4'
	"$(test_program noreap)" sh -c '"$1" --root "$2" create --bundle "$3" "$4" && "$1" --root "$2" start "$4"; : >started' \
		sh "$RUNTIME" "$ROOT" "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1 3>&- &
	TEST_PIDS+=($!)
	wait_for 5 test -e started
	wait_for 5 has_status stopped
	grep -q '^State:.Z' "/proc/$(jq .pid "$ROOT/$ID/state.json")/status"
	run runtime wait "$ID"
	show
	[ "$status" -eq 4 ]
	runtime delete "$ID"
}

@test "wait: no such container, no id, a half-made one: 255" {
	run runtime wait nosuch
	show
	[ "$status" -eq 255 ]
	[[ $output == *"container does not exist"* ]]
	run runtime wait
	[ "$status" -eq 255 ]
	run runtime wait ../x
	[ "$status" -eq 255 ]
	mkdir -p "$ROOT/$ID"
	run runtime wait "$ID"
	show
	[ "$status" -eq 255 ]
	[[ $output == *"half made"* ]]
	runtime delete --force "$ID"
}

@test "wait: TERM ends it and leaves the container alone" {
	start_sleeper
	wait_start
	wait_for 5 wait_sleeps
	kill -TERM "$(pgrep -f "^$RUNTIME --root $ROOT wait $ID")"
	waited_is 143
	[ "$(state .status)" = running ]
	runtime delete --force "$ID"
}

@test "wait sleeps: no processor time" {
	start_sleeper
	wait_start
	wait_for 5 wait_sleeps
	pid=$(pgrep -f "^$RUNTIME --root $ROOT wait $ID")
	before=$(awk '{ print $14 + $15 }' "/proc/$pid/stat") switches=$(grep ctxt "/proc/$pid/status")
	sleep 0.5
	[ "$(awk '{ print $14 + $15 }' "/proc/$pid/stat")" = "$before" ]
	[ "$(grep ctxt "/proc/$pid/status")" = "$switches" ]
	runtime delete --force "$ID"
}

pidfd_receiver_start() {
	"$(test_program recvpidfd)" "$BATS_TEST_TMPDIR/pidfd.sock" "$@" >received 2>received.err 3>&- &
	TEST_PIDS+=($!)
	wait_for 5 test -S pidfd.sock
}

@test "--pidfd-socket: create sends a pidfd of the first process" {
	pidfd_receiver_start
	config_args sleep 1000
	create --pidfd-socket "$BATS_TEST_TMPDIR/pidfd.sock"
	wait_for 5 grep -q pid received
	[ "$(grep data received)" = "data standard" ]
	[ "$(grep pid received)" = "pid $(init_pid)" ]
	! grep -q ended received || false
	runtime delete --force "$ID"
	wait_for 5 grep -q ended received
}

@test "--pidfd-socket: run, by a relative path" {
	pidfd_receiver_start
	config_args sh -c 'exit 3'
	run_bundle --pidfd-socket pidfd.sock
	show
	[ "$status" -eq 3 ]
	wait_for 5 grep -q ended received
}

@test "--pidfd-socket: exec sends one of the process that it makes" {
	start_sleeper
	pidfd_receiver_start
	runtime exec --detach --pidfd-socket "$PWD/pidfd.sock" --pid-file pid "$ID" \
		sh -c 'while [ ! -e /tmp/end ]; do sleep 0.05; done' </dev/null >/dev/null 2>&1 3>&-
	wait_for 5 grep -q pid received
	[ "$(grep data received)" = "data setns" ]
	[ "$(grep pid received)" = "pid $(cat pid)" ]
	touch "$ROOTFS/tmp/end"
	wait_for 5 grep -q ended received
	run runtime exec --pidfd-socket /nonexistent/p "$ID" true
	show
	[ "$status" -eq 255 ]
	[[ $output == *"pidfd socket /nonexistent/p"* ]]
	runtime delete --force "$ID"
}

@test "--pidfd-socket: one that is missing, no socket, or closes early" {
	bundle_works
	fails_with 'pidfd socket /nonexistent/p' --pidfd-socket /nonexistent/p
	echo >plain
	fails_with 'pidfd socket plain' --pidfd-socket plain
	pidfd_receiver_start close
	# While a hook runs, who asked for the pidfd goes away.
	config_set '.hooks = { createRuntime: [{ path: "/bin/sh", args: ["sh", "-c", "sleep 0.5"] }] }'
	fails_with 'pidfd' --pidfd-socket pidfd.sock
}

@test "--pidfd-socket: one that nobody accepts at is given up" {
	pidfd_receiver_start full
	wait_for 5 grep -q full received
	fails_with 'pidfd socket pidfd.sock: nobody has accepted' --pidfd-socket pidfd.sock
}

@test "run.oci.pidfd_receiver" {
	pidfd_receiver_start
	config_set '.annotations = { "run.oci.pidfd_receiver": $path }' --arg path "$BATS_TEST_TMPDIR/pidfd.sock"
	config_args sleep 1000
	create
	wait_for 5 grep -q "pid $(init_pid)" received
	runtime delete --force "$ID"
	config_set '.annotations["run.oci.pidfd_receiver"] = "pidfd.sock"'
	fails_with 'config.json:[0-9]+:[0-9]+: annotations.*absolute path'
	config_set '.annotations["run.oci.pidfd_receiver"] = "/nonexistent/s"'
	fails_with 'run.oci.pidfd_receiver /nonexistent/s'
}
