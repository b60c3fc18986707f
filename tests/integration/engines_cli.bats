# The command lines that engines really pass (from argv logs of Docker, containerd, podman, buildah), word by word.

load helpers

setup() {
	bundle_make
	config_args sleep 1000
	LOG=$BUNDLE/log.json
}
# The last error of a JSON log, as containerd's shim reads it.
last_error() { jq -rs 'map(select(.level == "error")) | last | .msg' "$LOG"; }
shim() { timeout -k 5 60 "$RUNTIME" --root "$ROOT" --log "$LOG" --log-format json "$@"; }
conmon() { timeout -k 5 60 "$RUNTIME" --root "$ROOT" --log-format=json --log "$LOG" "$@"; }

@test "containerd's shim: create, start, state, kill 15, kill 9, delete, delete --force" {
	shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID" </dev/null >out 2>&1
	[ "$(cat "$BUNDLE/init.pid")" = "$(init_pid)" ]
	shim start "$ID"
	[ "$(shim state "$ID" | jq -r .status)" = running ]
	shim kill "$ID" 15
	shim kill "$ID" 9
	wait_for 5 has_status stopped
	shim delete "$ID"
	shim delete --force "$ID"
	nothing_left
}

@test "containerd's shim with --debug first, and --systemd-cgroup=false" {
	timeout 60 "$RUNTIME" --debug --root "$ROOT" --log "$LOG" --log-format json create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID" </dev/null >out 2>&1
	jq -es 'length > 0 and all(has("level") and has("msg") and has("time"))' "$LOG"
	shim delete --force "$ID"
}

@test "containerd's shim: kill --all ID 9, kill --all of a stopped one" {
	config_no_namespace pid
	shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID" </dev/null >out 2>&1
	shim start "$ID"
	shim kill --all "$ID" 9
	wait_for 5 has_status stopped
	shim kill --all "$ID" 9 || true
	shim delete "$ID"
}

@test "containerd's shim: kill of a stopped container has a text that it knows" {
	not_on crun
	shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID" </dev/null >out 2>&1
	shim start "$ID"
	shim kill "$ID" 9
	wait_for 5 has_status stopped
	run shim kill "$ID" 15
	[ "$status" -ne 0 ]
	text=$(last_error)
	echo "$text"
	[[ ${text,,} == *"os: process already finished"* || ${text,,} == *"container not running"* || ${text,,} == *"no such process"* ]]
	shim delete "$ID"
	run shim kill "$ID" 15
	[ "$status" -ne 0 ]
	[[ $(last_error) == *"does not exist"* ]]
}

@test "containerd's shim: 37 is a number for kill" {
	config_args sh -c 'trap "touch /tmp/got37" 37; touch /tmp/ready; while :; do sleep 0.05; done'
	shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID" </dev/null >out 2>&1
	shim start "$ID"
	wait_for 5 test -e "$ROOTFS/tmp/ready"
	shim kill "$ID" 37
	wait_for 5 test -e "$ROOTFS/tmp/got37"
	shim delete --force "$ID"
}

@test "Docker: what is not found is 127's text, what is denied is 126's" {
	config_args no-such-program
	run shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID"
	[ "$status" -eq 1 ]
	[[ ${output,,}$(last_error) == *"executable file not found"* ]]
	[[ $(last_error) == *'exec: "no-such-program": executable file not found in $PATH'* ]] || [ "$RUNTIME_NAME" = crun ]
	config_args /etc/passwd
	run shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID"
	[ "$status" -eq 1 ]
	[[ $(last_error) == *"permission denied"* ]] || [ "$RUNTIME_NAME" = crun ]
	config_args /etc
	run shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID"
	[ "$status" -eq 1 ]
	text=$(last_error)
	[[ ${text,,} == *"permission denied"* || ${text,,} == *"is a directory"* || $RUNTIME_NAME == crun ]]
	nothing_left
}

@test "Docker: the network is a prestart hook of args and env, with the state on its input" {
	printf '#!/bin/sh\ncat >%s/state-of-hook; echo "$1 $2 $A" >%s/args-of-hook\n' "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR" >"$BUNDLE/hook"
	chmod 755 "$BUNDLE/hook"
	config_set '.hooks.prestart = [{ path: $p, args: ["libnetwork-setkey", "-exec-root=/var/run/docker", "id"], env: ["A=b"] }]' --arg p "$BUNDLE/hook"
	shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID" </dev/null >out 2>&1
	[ "$(jq -r .pid state-of-hook)" = "$(init_pid)" ]
	[ "$(cat args-of-hook)" = "-exec-root=/var/run/docker id b" ]
	shim delete --force "$ID"
}

@test "Docker's config: 1.0.2-dev, rslave, blockIO weight 0, cgroupsPath below /docker" {
	config_set '.ociVersion = "1.0.2-dev" | .linux.rootfsPropagation = "rslave" | .linux.resources.blockIO = { weight: 0 }
		| .linux.cgroupsPath = $p | .process.oomScoreAdj = 0 | .process.user.additionalGids = [0, 1, 2, 3, 4, 6, 10, 11, 20, 26, 27]' --arg p "/docker-$ID/$ID"
	shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID" </dev/null >out 2>&1 || { cat "$LOG"; return 1; }
	shim start "$ID"
	shim delete --force "$ID"
	find $CGROUPFS -depth -type d -name "docker-$ID" -exec rmdir {} + 2>/dev/null || true
}

@test "conmon: create with --log-format=json --log first, --preserve-fds, delete --force" {
	echo three >three
	config_args sh -c 'cat <&3; exec sleep 1000'
	exec 7<three
	run bash -c 'exec 3<&7 7<&-; exec "$@" </dev/null >conmon.out 2>&1' sh "$RUNTIME" --root "$ROOT" --log-format=json --log "$LOG" \
		create --bundle "$BUNDLE" --pid-file "$BUNDLE/pidfile" --preserve-fds 1 "$ID"
	exec 7<&-
	[ "$status" -eq 0 ]
	timeout 60 "$RUNTIME" --root "$ROOT" start "$ID"
	wait_for 5 grep -q three conmon.out
	timeout 60 "$RUNTIME" --root "$ROOT" kill "$ID" 9
	timeout 60 "$RUNTIME" --root "$ROOT" delete --force "$ID"
	nothing_left
}

@test "conmon: a terminal by --console-socket" {
	mkfifo keys
	"$(test_program recvtty)" "$BATS_TEST_TMPDIR/console.sock" <keys >terminal 2>&1 3>&- &
	TEST_PIDS+=($!)
	exec 8>keys
	wait_for 5 test -S console.sock
	config_set '.process.terminal = true'
	config_args sh -c 'tty; exec sleep 1000'
	conmon create --bundle "$BUNDLE" --pid-file "$BUNDLE/pidfile" --console-socket "$BATS_TEST_TMPDIR/console.sock" "$ID" </dev/null >out 2>&1
	conmon start "$ID"
	wait_for 5 grep -q /dev/ terminal
	conmon delete --force "$ID"
}

@test "podman: umask, namespaces with paths, defaultErrnoRet, --version" {
	unshare --net --uts sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 3>&- &
	holder=$!
	TEST_PIDS+=($holder)
	wait_for 5 grep -q ready holder.out
	config_namespace_path network "/proc/$holder/ns/net"
	config_namespace_path uts "/proc/$holder/ns/uts"
	config_set 'del(.hostname) | .process.user.umask = 18 | .linux.seccomp = ($profile[0] + { defaultErrnoRet: 38 })' \
		--slurpfile profile "$TESTS_DIR/seccomp-docker.json"
	[ "$(uname -m)" = x86_64 ] || config_set 'del(.linux.seccomp.architectures)'
	conmon create --bundle "$BUNDLE" --pid-file "$BUNDLE/pidfile" "$ID" </dev/null >out 2>&1 || { cat "$LOG"; return 1; }
	conmon start "$ID"
	conmon delete --force "$ID"
	"$RUNTIME" --version | head -1
}

@test "buildah: create --no-new-keyring, start, state, delete" {
	timeout 60 "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" --pid-file "$BUNDLE/pid" --no-new-keyring "$ID" </dev/null >out 2>&1
	timeout 60 "$RUNTIME" --root "$ROOT" start "$ID"
	[ "$(timeout 60 "$RUNTIME" --root "$ROOT" state "$ID" | jq -r .status)" = running ]
	timeout 60 "$RUNTIME" --root "$ROOT" kill "$ID" 9
	wait_for 5 has_status stopped
	timeout 60 "$RUNTIME" --root "$ROOT" delete "$ID"
	nothing_left
}

@test "create --no-pivot, as containerd passes it" {
	shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" --no-pivot "$ID" </dev/null >out 2>&1
	shim start "$ID"
	shim delete --force "$ID"
}

@test "create holds neither the caller's output nor its input open longer than the container" {
	# An engine reads its pipe to the end: whoever else holds it hangs the engine.
	config_args sh -c 'exec sleep 2 </dev/null >/dev/null 2>&1'
	shim create --bundle "$BUNDLE" --pid-file "$BUNDLE/init.pid" "$ID" </dev/null >out 2>&1
	run timeout 10 bash -c '"$@" 2>&1 </dev/null | cat' sh "$RUNTIME" --root "$ROOT" start "$ID"
	[ "$status" -eq 0 ]
	shim delete --force "$ID"
}

@test "the container survives the end of the process that made it, and of its group" {
	setsid bash -c '"$@" </dev/null >created 2>&1' sh "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID"
	timeout 60 "$RUNTIME" --root "$ROOT" start "$ID"
	[ "$(state .status)" = running ]
	shim delete --force "$ID"
}

@test "twenty containers at the same time" {
	for n in {1..20}; do
		(
			timeout 100 "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID-$n" </dev/null >"out-$n" 2>&1 &&
				timeout 100 "$RUNTIME" --root "$ROOT" start "$ID-$n" >>"out-$n" 2>&1 &&
				timeout 100 "$RUNTIME" --root "$ROOT" delete --force "$ID-$n" >>"out-$n" 2>&1 && touch "done-$n"
		) 3>&- &
		pids[n]=$!
	done
	wait "${pids[@]}"
	cat out-*
	[ "$(ls done-* | wc -l)" -eq 20 ]
	nothing_left
}

@test "exec as containerd's shim and conmon call it" {
	config_args sleep 1000
	shim create --bundle "$BUNDLE" --pid-file init.pid --no-pivot "$ID" </dev/null >out 2>&1
	shim start "$ID"
	jq '.process | .args = ["sh", "-c", "echo from exec; exec sleep 1000"] | .oomScoreAdj = 0 | .user.additionalGids = [0]' "$BUNDLE/config.json" >process.json
	shim exec --process process.json --detach --pid-file exec.pid "$ID" </dev/null >exec.out 2>&1
	wait_for 5 grep -q 'from exec' exec.out
	kill -0 "$(cat exec.pid)"
	conmon exec --pid-file conmon.pid --process process.json --detach "$ID" </dev/null >conmon.out 2>&1
	wait_for 5 grep -q 'from exec' conmon.out
	[ "$(shim ps --format json "$ID" | jq length)" -eq 3 ]
	# What the shim shows to its user is the last error of the log.
	jq '.args = ["no-such-program"]' process.json >missing.json
	run shim exec --process missing.json --detach --pid-file none.pid "$ID" </dev/null
	[ "$status" -eq 255 ]
	[[ $(last_error) == *'executable file not found in $PATH'* ]]
	[ ! -e none.pid ]
	shim kill "$ID" 9
	wait_for 5 has_status stopped
	run shim exec --process process.json --detach --pid-file none.pid "$ID" </dev/null
	[ "$status" -eq 255 ]
	[[ $(last_error) == *"cannot exec in a stopped container"* ]]
	shim delete "$ID"
}
