# runlet, or the container's init, is killed between two steps: what is left is recognised, and delete cleans it.

load ../integration/helpers

setup() {
	command -v strace >/dev/null || skip "needs strace"
	only_runlet
	bundle_make
	config_args sleep 1000
}

all_gone() { [ -z "$(leftovers)" ]; }

# Cleans up after a kill with `delete`, plain or forced, and checks that nothing is left.  $1: the options; $2: for messages.
delete_cleans() {
	local output status=0
	output=$(timeout -k 2 30 "$RUNTIME" --root "$ROOT" delete $1 "$ID" 2>&1) || status=$?
	# What had come as far as running needs force.
	if [ $status -ne 0 ] && [[ -z $1 && $output == *"not stopped: running"* ]]; then
		status=0
		output=$(timeout -k 2 30 "$RUNTIME" --root "$ROOT" delete --force "$ID" 2>&1) || status=$?
	fi
	# Killed before there was anything: there is nothing to delete either.
	if [ $status -ne 0 ] && [[ $output != *"does not exist"* ]]; then
		echo "$2: delete $1: $status: $output"
		return 1
	fi
	wait_for 5 all_gone || { echo "$2: left: $(leftovers)"; return 1; }
}

# kill_before CALL PREPARE COMMAND...: kills COMMAND of runlet (its own process, not init) when it enters CALL for the
# first time, the second time, and so on until it comes through; PREPARE makes the state to start from.
kill_before() {
	local call=$1 prepare=$2 n status failed=0 force
	shift 2
	for ((n = 1; n < 100; n++)); do
		for force in --force ''; do
			$prepare
			status=0
			timeout 30 strace -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$n" \
				"$RUNTIME" --root "$ROOT" "$@" "$ID" </dev/null >out 2>&1 || status=$?
			[ $status -eq 137 ] || break
			delete_cleans "$force" "$1 killed before $call number $n" || failed=1
		done
		[ $status -eq 137 ] || break
	done
	delete_cleans --force "$1 not killed"
	[ $status -eq 0 ] || { echo "$1: status $status without a kill: $(cat out)"; failed=1; }
	[ "$n" -gt 1 ] || echo "# $1 makes no $call"
	echo "$call: killed $((n - 1)) times"
	return $failed
}

kill_create() { kill_before "$1" true create --bundle "$BUNDLE"; }

@test "create is killed before each mkdir" {
	kill_create mkdirat
	kill_create mkdir
}
@test "create is killed before each write" { kill_create write; }
@test "create is killed before each rename" { kill_create renameat2; }
@test "create is killed before each lock, and before each file that it makes" {
	kill_create flock
	kill_create memfd_create
}
@test "create is killed around the clone" {
	kill_create socketpair
	kill_create clone3
	kill_create prctl
}
@test "create is killed before each message to and from init" {
	kill_create sendmsg
	kill_create recvmsg
	kill_create ppoll
}
@test "create is killed around the start socket" {
	kill_create socket
	kill_create bind
	kill_create listen
}
@test "create is killed before each openat of a file that it makes or writes" {
	# An openat that only reads changes nothing, so the kernel's files in /proc and the libraries are left out.
	local n count
	strace -o calls -e trace=openat "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	runtime delete --force "$ID"
	for n in $(grep -nE 'O_(WRONLY|RDWR|CREAT)' calls | cut -d: -f1); do
		timeout 30 strace -o /dev/null -e trace=openat -e inject="openat:signal=KILL:when=$n" \
			"$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1 || true
		delete_cleans --force "openat $n: $(sed -n "${n}p" calls)"
	done
}
@test "create is killed before it exits" { kill_create exit_group; }

@test "create with a pid file, a hook and a user namespace is killed before each write" {
	world_readable
	printf '#!/bin/sh\nexit 0\n' >"$BUNDLE/hook"
	chmod 755 "$BUNDLE/hook"
	config_set '.hooks = { createRuntime: [{ path: $p }], poststop: [{ path: $p }] } | .linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings' \
		--arg p "$BUNDLE/hook"
	kill_before write true create --bundle "$BUNDLE" --pid-file "$BATS_TEST_TMPDIR/pid"
	kill_before recvmsg true create --bundle "$BUNDLE" --pid-file "$BATS_TEST_TMPDIR/pid"
}

@test "a half-made container: state and list say something sensible" {
	timeout 30 strace -o /dev/null -e inject=clone3:signal=KILL:when=1 "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" \
		</dev/null >out 2>&1 || true
	run runtime list
	show
	[ "$status" -eq 0 ]
	run runtime state "$ID"
	show
	[ -n "$output" ]
	run runtime start "$ID"
	show
	[ "$status" -ne 0 ]
	[ "$status" -ne 124 ]
	# The name stays taken until somebody deletes it, or it is taken over: never a second container beside it.
	run create
	show
	runtime delete --force "$ID"
	nothing_left
}

@test "run is killed at each message: the container is there to be deleted" {
	kill_before sendmsg true run --detach --bundle "$BUNDLE"
	kill_before renameat2 true run --detach --bundle "$BUNDLE"
}

@test "start is killed at each step" {
	prepare() { runtime delete --force "$ID" >/dev/null; create; }
	for call in flock connect sendmsg recvmsg renameat2 write; do
		kill_before $call prepare start
	done
}

@test "after a killed start the container can be started again, or is running" {
	for call in connect sendmsg; do
		create
		timeout 30 strace -o /dev/null -e inject=$call:signal=KILL:when=1 "$RUNTIME" --root "$ROOT" start "$ID" >out 2>&1 || true
		[ "$(state .status)" = running ] || start
		[ "$(state .status)" = running ]
		runtime delete --force "$ID"
	done
}

@test "delete is killed at each step: a second one ends the work" {
	prepare() { runtime delete --force "$ID" >/dev/null; create; start; }
	for call in flock unlinkat write renameat2 pidfd_send_signal; do
		kill_before $call prepare delete --force
	done
}

@test "kill is killed at each step" {
	prepare() { runtime delete --force "$ID" >/dev/null; create; start; }
	for call in flock pidfd_open pidfd_send_signal; do
		for n in 1 2; do
			prepare
			strace -o /dev/null -e inject=$call:signal=KILL:when=$n "$RUNTIME" --root "$ROOT" kill "$ID" 9 >out 2>&1 || true
			delete_cleans --force "kill at $call $n"
		done
	done
}

# kill_init CALL...: init is killed when it enters each of these calls; create must say so, and leave nothing.
kill_init() {
	local call n status failed=0
	for call; do
		for n in 1 2 3; do
			status=0
			# -D: strace stays behind with init, and the status is runlet's.
			timeout 30 strace -D -f -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$n" \
				"$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1 || status=$?
			case $status in
			0) runtime delete --force "$ID" && break ;;
			1) [ -s out ] || { echo "$call $n: no message"; failed=1; } ;;
			*) echo "$call $n: status $status: $(cat out)" && failed=1 ;;
			esac
			wait_for 5 all_gone || { echo "$call $n: left: $(leftovers)"; leftovers_remove; failed=1; }
		done
	done
	return $failed
}

@test "init is killed while it makes the namespaces and mounts: create fails clearly and leaves nothing" {
	kill_init setsid sethostname fsopen fsmount move_mount open_tree mount_setattr symlinkat mknodat
}
@test "init is killed around the pivot and the identity: create fails clearly and leaves nothing" {
	kill_init pivot_root umount2 fchdir setgroups setresgid setresuid capset keyctl faccessat2
}
@test "init is killed where it waits for start: the container is stopped" {
	create
	kill -KILL "$(init_pid)"
	wait_for 5 has_status stopped
	delete_cleans '' waiting
}
@test "init is killed before it answers start: start fails clearly" {
	create
	pid=$(init_pid)
	strace -p "$pid" -o /dev/null -e inject=close_range:signal=KILL:when=1 2>attached &
	TEST_PIDS+=($!)
	wait_for 5 grep -q attached attached
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" start "$ID"
	show
	[ "$status" -eq 1 ]
	[ -n "$output" ]
	delete_cleans --force start
}

@test "v2: create is killed before each write, mkdir and around the clone" {
	[ -e $CGROUPFS/unified/cgroup.controllers ] || skip "no v2 tree to look at"
	config_set '.linux.resources.devices = [{ allow: false, access: "rwm" }]'
	inner=$RUNTIME
	printf '#!/bin/sh\nmount -t cgroup2 none /sys/fs/cgroup && exec %s "$@"\n' "$inner" >v2
	for call in mkdirat write clone3 bpf renameat2; do
		for n in 1 2 3 4 5 6; do
			status=0
			timeout 30 unshare -m sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' v2 \
				strace -o /dev/null -e trace=$call -e inject="$call:signal=KILL:when=$n" \
				"$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1 || status=$?
			timeout 30 unshare -m sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' v2 \
				"$RUNTIME" --root "$ROOT" delete --force "$ID"
			wait_for 5 all_gone || { echo "$call $n: left: $(leftovers)"; return 1; }
			[ $status -eq 137 ] || break
		done
	done
}
