# exec: one more program in a container: what it gets, and what is left when it fails.

load helpers

# in_container ARGUMENT...: exec with its options, the container's id, and a program.
in_container() { run runtime exec "$@" </dev/null; show; }
# The same for a program that lives on, which must not hold what bats reads from.
detached() {
	status=0
	runtime exec --detach "$@" </dev/null >detached 2>&1 || status=$?
	output=$(cat detached)
	show
}
# A container whose processes share the pid namespace with the host's, and whose child outlives it.
host_pid_config() {
	config_no_namespace pid
	config_args sh -c 'sleep 54321 & exec sleep 1000'
}
# process_file FILTER: a process file like config.json's process, changed.
process_file() { jq ".process | .args = [\"true\"] | $1" "$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/process.json"; }

@test "exec: the program runs in the container's namespaces, root and cgroups, and its exit status is passed on" {
	start_sleeper
	in_container "$ID" sh -c 'ls -l /proc/self/ns && ls / && exit 7'
	[ "$status" -eq 7 ]
	for ns in ipc mnt net pid uts cgroup; do
		[[ $output == *" $ns -> $(readlink "/proc/$(init_pid)/ns/$ns")"* ]]
	done
	[[ $output == *bin*etc*proc* ]]
	in_container "$ID" sh -c 'cat /proc/self/cgroup'
	[ -n "$output" ]
	[ -z "$(grep -v ':/$' <<<"$output")" ]
	runtime delete --force "$ID"
}

@test "exec: a program ended by a signal gives 128 and the signal's number" {
	start_sleeper
	in_container "$ID" sh -c 'kill -TERM $$'
	[ "$status" -eq 143 ]
	runtime delete --force "$ID"
}

@test "exec: options end at the container's id, and -- is not needed" {
	start_sleeper
	in_container "$ID" echo -e -- --tty
	[ "$status" -eq 0 ]
	[ "$output" = "-- --tty" ]
	runtime delete --force "$ID"
}

@test "exec: 255 and the words that engines look for when the program can't be executed" {
	start_sleeper
	in_container "$ID" no-such-program
	[ "$status" -eq 255 ]
	[[ $output == *'exec: "no-such-program": executable file not found in $PATH'* ]]
	in_container "$ID" /etc
	[ "$status" -eq 255 ]
	[[ $output == *"permission denied"* ]]
	in_container "$ID" /etc/passwd
	[ "$status" -eq 255 ]
	[[ $output == *"permission denied"* ]]
	in_container "$ID" /nowhere/program
	[ "$status" -eq 255 ]
	[[ $output == *"no such file or directory"* ]]
	runtime delete --force "$ID"
}

@test "exec: environment, user, cwd and umask are config.json's, and the options change them" {
	config_set '.process.env += ["COLOUR=red", "SHAPE=round"] | .process.cwd = "/tmp"
		| .process.user = { uid: 1000, gid: 1001, additionalGids: [5], umask: 63 }'
	start_sleeper
	in_container "$ID" sh -c 'echo $COLOUR $SHAPE $HOME; pwd; id -u; id -g; id -G; umask'
	[ "$status" -eq 0 ]
	[ "$output" = $'red round /home/app\n/tmp\n1000\n1001\n1001 5\n0077' ]
	in_container --env COLOUR=blue -e SIZE=small --cwd /root -u 0:0 -g 7 --additional-gids=8 "$ID" \
		sh -c 'echo $COLOUR $SHAPE $SIZE $HOME; pwd; id -u; id -g; id -G'
	[ "$status" -eq 0 ]
	[ "$output" = $'blue round small /root\n/root\n0\n0\n0 5 7 8' ]
	# A user without a group keeps config.json's.
	in_container --user 12 "$ID" sh -c 'id -u; id -g; echo $HOME'
	[ "$output" = $'12\n1001\n/' ]
	runtime delete --force "$ID"
}

@test "exec: users that are not numbers, not whole or too large are refused" {
	start_sleeper
	for user in 1: :1 : -1 1:-1 4294967295 1:4294967295 4294967296 99999999999999999999 1x 1:1x 0x1 root root:root ' 1' +1 1:2:3; do
		in_container --user="$user" "$ID" id
		[ "$status" -eq 255 ]
		[[ $output == *"--user"*"UID:GID"* ]]
	done
	for gid in -1 4294967295 1x group ''; do
		in_container --additional-gids="$gid" "$ID" id
		[ "$status" -eq 255 ]
		[[ $output == *"--additional-gids"* ]]
	done
	in_container --user 4294967294:4294967294 "$ID" id -u
	[ "$output" = 4294967294 ]
	runtime delete --force "$ID"
}

@test "exec: a process file, and what it leaves out comes from config.json" {
	config_set '.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 64, hard: 65 }] | .process.env += ["COLOUR=red"]
		| .process.oomScoreAdj = 500 | .process.ioPriority = { class: "IOPRIO_CLASS_IDLE" }
		| .process.scheduler = { policy: "SCHED_BATCH", nice: 5 }'
	config_caps CAP_KILL
	start_sleeper
	cat >process.json <<-'END'
		{ "cwd": "/tmp", "user": { "uid": 0, "gid": 0, "additionalGids": [9] }, "env": ["PATH=/bin", "SHAPE=round"],
		  "args": ["sh", "-c", "echo /$COLOUR/$SHAPE; pwd; id -G; ulimit -n; ulimit -Hn; cat /proc/self/oom_score_adj; ionice; grep -E 'CapEff|CapInh' /proc/self/status; cut -d' ' -f19,41 /proc/self/stat"] }
	END
	in_container --process process.json "$ID"
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = //round ]
	[ "${lines[1]}" = /tmp ]
	[ "${lines[2]}" = "0 9" ]
	[ "${lines[3]}" = 64 ]
	[ "${lines[4]}" = 65 ]
	[ "${lines[5]}" = 500 ]
	[[ ${lines[6]} == idle* ]]
	[[ $output == *$'CapInh:\t0000000000000000'* ]]
	[[ $output == *$'CapEff:\t0000000000000020'* ]]
	[[ $output == *$'\n5 3' ]]
	runtime delete --force "$ID"
}

@test "exec: options and arguments change a process file, which may be a pipe" {
	start_sleeper
	process_file '.args = ["false"] | .env += ["COLOUR=red"]'
	in_container -p process.json "$ID"
	[ "$status" -eq 1 ]
	run runtime exec -p <(cat process.json) --cwd /tmp --env COLOUR=blue -u 5:6 "$ID" sh -c 'pwd; echo $COLOUR; id -u; id -g' </dev/null
	show
	[ "$output" = $'/tmp\nblue\n5\n6' ]
	runtime delete --force "$ID"
}

@test "exec: a broken process file is an error that names the place" {
	start_sleeper
	printf '{ "cwd": "/", "args": ["true"], "user": { "uid": "root" } }' >process.json
	in_container --process process.json "$ID"
	[ "$status" -eq 255 ]
	[[ $output == *"process.json:1:"*"user.uid"* ]]
	for text in '' '{' '[]' 'null' '{ "cwd": "/" }' '{ "cwd": "/", "args": [] }' '{ "args": ["true"] }' \
		'{ "cwd": "tmp", "args": ["true"] }' '{ "cwd": "/", "args": [1] }' '{ "cwd": "/", "args": ["true"], "args": ["true"] }' \
		'{ "cwd": "/", "args": ["true"], "user": { "uid": 4294967295 } }' '{ "cwd": "/", "args": ["a\u0000b"] }' \
		'{ "cwd": "/", "args": ["true"], "env": ["NO-VALUE"] }' '{ "cwd": "/", "args": ["true"], "rlimits": [{ "type": "RLIMIT_X", "soft": 1, "hard": 1 }] }' \
		'{ "cwd": "/", "args": ["true"], "execCPUAffinity": { "initial": "3-1" } }' '{ "cwd": "/", "args": ["true"] } x'; do
		printf '%s' "$text" >process.json
		in_container --process process.json "$ID"
		[ "$status" -eq 255 ]
		[ "${#lines[@]}" -le 2 ]
	done
	in_container --process nowhere.json "$ID"
	[ "$status" -eq 255 ]
	[[ $output == *"nowhere.json"*"No such file"* ]]
	in_container --process / "$ID"
	[ "$status" -eq 255 ]
	in_container "$ID"
	[ "$status" -eq 255 ]
	[[ $output == *"program is missing"* ]]
	in_container
	[ "$status" -eq 255 ]
	runtime delete --force "$ID"
}

@test "exec: a cwd that is missing, a file, relative or outside the root is an error" {
	start_sleeper
	in_container --cwd /nowhere "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"/nowhere"*"No such file"* ]]
	in_container --cwd /etc/passwd "$ID" true
	[ "$status" -eq 255 ]
	in_container --cwd tmp "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"absolute"* ]]
	for fd in $(seq 0 40); do
		in_container --cwd "/proc/self/fd/$fd" "$ID" ls /
		[ "$status" -eq 255 ] || [[ $output == *bin* ]]
		[[ $output != *"$BUNDLE"* ]]
	done
	runtime delete --force "$ID"
}

@test "exec: the container's compiled seccomp filter holds, and libseccomp is not loaded for it" {
	config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 95 }] }'
	for flag in true false; do
		config_set ".process.noNewPrivileges = $flag"
		start_sleeper
		in_container "$ID" sh -c 'grep Seccomp: /proc/self/status; mkdir /tmp/x'
		[ "$status" -eq 1 ]
		[[ ${lines[0]} == *2 ]]
		[[ $output == *"not supported"* ]]
		# Nor can a process file leave it out.
		process_file '.args = ["grep", "Seccomp:", "/proc/self/status"] | .noNewPrivileges = false'
		in_container -p process.json "$ID"
		[[ ${lines[0]} == *2 ]]
		runtime delete --force "$ID"
	done
}

@test "exec: the filter of a container without a process holds too" {
	config_set 'del(.process) | .linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO" }] }'
	create
	in_container --env PATH=/bin "$ID" sh -c 'grep Seccomp: /proc/self/status; mkdir /tmp/x || echo refused'
	[[ ${lines[0]} == *2 ]]
	[[ $output == *refused ]]
	runtime delete --force "$ID"
}

@test "exec: limits, scheduling, labels and no_new_privs are inherited, --no-new-privs adds" {
	config_set '.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 64, hard: 65 }] | .process.noNewPrivileges = false'
	start_sleeper
	in_container "$ID" sh -c 'ulimit -n; ulimit -Hn; grep NoNewPrivs /proc/self/status'
	[ "$output" = $'64\n65\nNoNewPrivs:\t0' ]
	in_container --no-new-privs "$ID" grep NoNewPrivs /proc/self/status
	[ "$output" = $'NoNewPrivs:\t1' ]
	for option in --apparmor=profile --process-label=label; do
		in_container $option "$ID" true
		[ "$status" -eq 255 ]
		[[ $output == *"this host has no"* ]]
	done
	runtime delete --force "$ID"
}

@test "exec: capabilities are config.json's; --cap adds, and never to the inheritable set" {
	config_caps CAP_KILL
	start_sleeper
	in_container "$ID" grep ^Cap /proc/self/status
	[ "$output" = $'CapInh:\t0000000000000000\nCapPrm:\t0000000000000020\nCapEff:\t0000000000000020\nCapBnd:\t0000000000000020\nCapAmb:\t0000000000000000' ]
	in_container --cap CAP_CHOWN -c CAP_NET_RAW "$ID" grep ^Cap /proc/self/status
	[ "$output" = $'CapInh:\t0000000000000000\nCapPrm:\t0000000000002021\nCapEff:\t0000000000002021\nCapBnd:\t0000000000002021\nCapAmb:\t0000000000000000' ]
	in_container --cap CAP_CHOWN -u 1000 "$ID" grep ^Cap /proc/self/status
	[[ $output == $'CapInh:\t0000000000000000\nCapPrm:\t0000000000000000'* ]]
	in_container --cap CAP_NOTHING "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"--cap"*CAP_NOTHING* ]]
	in_container --cap chown "$ID" true
	[ "$status" -eq 255 ]
	runtime delete --force "$ID"
}

@test "exec: a container without capabilities gives none" {
	config_set 'del(.process.capabilities)'
	start_sleeper
	in_container "$ID" grep ^CapPrm /proc/self/status
	[[ $output == *0000000000000000 ]]
	in_container --cap CAP_KILL "$ID" grep ^CapPrm /proc/self/status
	[[ $output == *0000000000000020 ]]
	runtime delete --force "$ID"
}

@test "exec: execCPUAffinity, and without it all CPUs of the cgroup whatever the caller was bound to" {
	[ "$(nproc)" -gt 1 ] || skip "needs two CPUs"
	all=$(awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)
	start_sleeper
	run taskset -c 1 "$RUNTIME" --root "$ROOT" exec "$ID" grep Cpus_allowed_list /proc/self/status
	show
	[[ $output == *[[:space:]]$all ]]
	process_file '.args = ["grep", "Cpus_allowed_list", "/proc/self/status"] | .execCPUAffinity = { initial: "0", final: "1" }'
	in_container -p process.json "$ID"
	[[ $output == *[[:space:]]1 ]]
	process_file '.execCPUAffinity = { initial: "8000" }'
	in_container -p process.json "$ID"
	[ "$status" -eq 255 ]
	[[ $output == *execCPUAffinity.initial* ]]
	process_file '.execCPUAffinity = { final: "8000" }'
	in_container -p process.json "$ID"
	[ "$status" -eq 255 ]
	[[ $output == *sched_setaffinity* ]]
	runtime delete --force "$ID"
	config_set '.process.execCPUAffinity = { final: "0" }'
	start_sleeper
	in_container "$ID" grep Cpus_allowed_list /proc/self/status
	[[ $output == *[[:space:]]0 ]]
	runtime delete --force "$ID"
}

@test "exec --detach: returns at once, writes the pid file, and a failure leaves none" {
	start_sleeper
	mkdir there
	detached --pid-file there/pid "$ID" sleep 1000
	[ "$status" -eq 0 ]
	pid=$(cat there/pid)
	[ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" = "sleep 1000 " ]
	[ "$(readlink "/proc/$pid/ns/pid")" = "$(readlink "/proc/$(init_pid)/ns/pid")" ]
	[ "$(ls -A there)" = pid ]
	detached --pid-file there/none "$ID" no-such-program
	[ "$status" -eq 255 ]
	[ "$(ls -A there)" = pid ]
	in_container --pid-file nowhere/pid "$ID" sleep 54321
	[ "$status" -eq 255 ]
	[[ $output == *nowhere/pid* ]]
	[ "$(runtime ps --format json "$ID" | jq length)" -eq 2 ]
	runtime delete --force "$ID"
	has_ended "$pid"
}

@test "exec --preserve-fds: those fds and no others" {
	start_sleeper
	run runtime exec --preserve-fds 2 "$ID" sh -c 'cat <&3; echo to 4 >&4; ls /proc/self/fd' </dev/null 3< <(echo from 3) 4>four 5>five
	show
	[ "$status" -eq 0 ]
	[ "$(cat four)" = "to 4" ]
	[ "$output" = $'from 3\n0\n1\n2\n3\n4\n5' ] # 5 is that of ls itself
	run runtime exec "$ID" ls /proc/self/fd </dev/null 4>four 5>five
	show
	[ "$output" = $'0\n1\n2\n3' ]
	in_container --preserve-fds 9 "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"file descriptor"*"closed"* ]]
	runtime delete --force "$ID"
}

@test "exec --pidfd-socket: gets a pidfd of the program" {
	start_sleeper
	"$(test_program recvpidfd)" pidfd.sock >received &
	TEST_PIDS+=($!)
	wait_for 5 test -S pidfd.sock
	detached --pidfd-socket pidfd.sock --pid-file pid "$ID" sleep 1000
	[ "$status" -eq 0 ]
	wait_for 5 test -s received
	cat received
	grep -qw "$(cat pid)" received
	grep -qw setns received
	in_container --pidfd-socket nowhere.sock "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *nowhere.sock* ]]
	runtime delete --force "$ID"
}

@test "exec: a container that is stopped, missing, or being created is refused" {
	start_sleeper
	stop
	in_container "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"cannot exec in a stopped container"* ]]
	runtime delete "$ID"
	in_container "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"container does not exist"* ]]
	mkdir -p "$ROOT/$ID"
	in_container "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"half made"* ]]
	runtime delete --force "$ID"
}

@test "exec: into a created container, whose program still waits" {
	config_args sh -c 'echo started >/tmp/x; exec sleep 1000'
	create
	in_container "$ID" sh -c 'ls /tmp; id -u'
	[ "$status" -eq 0 ]
	[ "$output" = 0 ]
	[ "$(state .status)" = created ]
	start
	runtime delete --force "$ID"
}

@test "exec: a paused container is refused, with --ignore-paused the program waits for resume" {
	start_sleeper
	runtime pause "$ID"
	in_container "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"cannot exec in a paused container (use --ignore-paused to override)"* ]]
	runtime exec --ignore-paused "$ID" sh -c 'exit 5' </dev/null &
	pid=$!
	sleep 0.3
	kill -0 $pid
	runtime resume "$ID"
	code=0
	wait $pid || code=$?
	[ "$code" -eq 5 ]
	# Whoever doesn't want to wait leaves nothing.
	runtime pause "$ID"
	code=0
	timeout -s TERM 1 "$RUNTIME" --root "$ROOT" exec --ignore-paused "$ID" sleep 54321 </dev/null >out 2>&1 || code=$?
	[ "$code" -eq 124 ]
	runtime resume "$ID"
	alone() { [ "$(runtime ps --format json "$ID" | jq length)" -eq 1 ]; }
	wait_for 5 alone
	runtime delete --force "$ID"
}

@test "exec while the container stops: the program's status or a clear error, and nothing is left" {
	for round in 1 2 3 4 5 6 7 8; do
		start_sleeper
		(
			sleep "0.00$round"
			runtime kill "$ID" KILL
		) &
		in_container "$ID" true
		wait $!
		[ "$status" -eq 0 ] || [ "$status" -eq 137 ] || { [ "$status" -eq 255 ] && [[ $output == *"cannot exec in a stopped container"* ]]; }
		wait_for 5 has_status stopped
		runtime delete "$ID"
		nothing_left
	done
}

@test "exec: a hundred leave no process, file or zombie" {
	start_sleeper
	before=$(find "$ROOT" | sort)
	for round in $(seq 100); do
		runtime exec "$ID" true </dev/null || return 1
	done
	[ "$(find "$ROOT" | sort)" = "$before" ]
	[ "$(runtime ps --format json "$ID" | jq length)" -eq 1 ]
	in_container "$ID" sh -c 'ls -d /proc/[0-9]* | wc -l'
	[ "$output" -le 4 ]
	runtime delete --force "$ID"
}

@test "exec: standard input and output are the caller's, and signals go to the program" {
	start_sleeper
	[ "$(echo hello | runtime exec "$ID" cat)" = hello ]
	run --separate-stderr runtime exec "$ID" sh -c 'echo out; echo err >&2' </dev/null
	[ "$output" = out ]
	[ "$stderr" = err ]
	"$RUNTIME" --root "$ROOT" exec "$ID" sh -c 'trap "exit 9" USR1; touch /tmp/ready; while :; do sleep 0.05; done' </dev/null &
	pid=$!
	TEST_PIDS+=($pid)
	ready() { runtime exec "$ID" test -e /tmp/ready </dev/null; }
	wait_for 5 ready
	kill -USR1 $pid
	code=0
	wait $pid || code=$?
	[ "$code" -eq 9 ]
	runtime delete --force "$ID"
}

@test "exec: in the container's cgroups, also when they are at their limit of processes" {
	config_set '.linux.resources.pids.limit = 2'
	start_sleeper
	in_container "$ID" cat /proc/self/cgroup
	[ "$status" -eq 0 ]
	detached "$ID" sleep 1000
	[ "$status" -eq 0 ]
	for pid in $(runtime ps --format json "$ID" | jq '.[]'); do
		diff "/proc/$pid/cgroup" "/proc/$(init_pid)/cgroup"
	done
	runtime delete --force "$ID"
}

@test "exec --cgroup: a cgroup beneath the container's, and nothing else" {
	start_sleeper
	count=0
	for dir in $(test_cgroups); do
		mkdir "$dir/sub"
		count=$((count + 1))
		# A new cpuset has no CPUs.
		for file in cpuset.mems cpuset.cpus; do
			[ ! -e "$dir/$file" ] || cat "$dir/$file" >"$dir/sub/$file"
		done
	done
	in_container --cgroup sub "$ID" cat /proc/self/cgroup
	[ "$status" -eq 0 ]
	[ "$(grep -c ':/sub$' <<<"$output")" -eq "$count" ]
	in_container --cgroup /sub/ "$ID" true
	[ "$status" -eq 0 ]
	in_container --cgroup / "$ID" cat /proc/self/cgroup
	[ -z "$(grep -v ':/$' <<<"$output")" ]
	for path in .. ../.. sub/.. sub/../.. /.. ./../x nowhere; do
		in_container --cgroup "$path" "$ID" true
		[ "$status" -eq 255 ]
		[[ $output == *"--cgroup $path"* ]]
	done
	# A neighbour whose name starts with ours is no child (runc 1.5.2).
	in_container --cgroup "../$ID-sibling" "$ID" true
	[ "$status" -eq 255 ]
	if [ -d $CGROUPFS/pids ]; then
		in_container --cgroup pids:sub "$ID" cat /proc/self/cgroup
		[ "$(grep -c ':/sub$' <<<"$output")" -eq 1 ]
		grep -q 'pids:/sub$' <<<"$output"
		in_container --cgroup pids,memory:sub --cgroup freezer:/sub "$ID" cat /proc/self/cgroup
		[ "$(grep -c ':/sub$' <<<"$output")" -eq 3 ]
		for text in nothing:sub :sub pids,,memory:sub pids:../x; do
			in_container --cgroup "$text" "$ID" true
			[ "$status" -eq 255 ]
		done
		in_container --cgroup sub --cgroup pids:sub "$ID" true
		[ "$status" -eq 255 ]
	fi
	runtime delete --force "$ID"
}

@test "exec: on cgroup v2 alone" {
	[ -d $CGROUPFS/unified ] || [ -e $CGROUPFS/cgroup.controllers ] || skip "no v2 tree"
	use_v2
	start_sleeper
	in_container "$ID" cat /proc/self/cgroup
	[ "$status" -eq 0 ]
	grep -qx '0::/' <<<"$output"
	runtime delete --force "$ID"
}

@test "exec: on cgroup v2, where the container has moved its processes into cgroups of its own" {
	[ -d $CGROUPFS/unified ] || [ -e $CGROUPFS/cgroup.controllers ] || skip "no v2 tree"
	use_v2
	start_sleeper
	dir=$(find $CGROUPFS/unified $CGROUPFS -maxdepth 3 -type d -name "$ID*" 2>/dev/null | head -n 1)
	mkdir "$dir/inner"
	init_pid >"$dir/inner/cgroup.procs"
	controller=$(cut -d' ' -f1 "$dir/cgroup.controllers")
	if [ -n "$controller" ]; then
		echo "+$controller" >"$dir/cgroup.subtree_control"
	else
		skip "the v2 tree has no controllers here"
	fi
	in_container "$ID" cat /proc/self/cgroup
	[ "$status" -eq 0 ]
	grep -q '^0::/inner$' <<<"$output"
	runtime delete --force "$ID"
}

@test "exec: into a user namespace, with limits that are set from outside" {
	config_set '.linux.namespaces += [{ type: "user" }] | .process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 60, hard: 61 }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	world_readable
	start_sleeper
	in_container "$ID" sh -c 'id -u; id -g; ulimit -n; ulimit -Hn; cut -c -10 /proc/self/uid_map; cat /etc/passwd | wc -l; echo $HOME'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = 0 ]
	[ "${lines[2]}" = 60 ]
	[ "${lines[3]}" = 61 ]
	[ "${lines[6]}" = /root ]
	in_container -u 1000:1000 -g 5 "$ID" sh -c 'id -u; id -G'
	[ "$output" = $'1000\n1000 5' ]
	detached --pid-file pid "$ID" sleep 1000
	[ "$(awk '/^Uid:/ { print $2 }' "/proc/$(cat pid)/status")" = 100000 ]
	[ "$(readlink "/proc/$(cat pid)/ns/user")" = "$(readlink "/proc/$(init_pid)/ns/user")" ]
	in_container -u 70000 "$ID" true
	[ "$status" -eq 255 ]
	runtime delete --force "$ID"
}

@test "exec: into a container without a mount namespace, or with a joined one: its root is still its own" {
	config_set '.linux.namespaces |= map(select(.type != "mount")) | .mounts = [] | del(.linux.maskedPaths, .linux.readonlyPaths) | .root.readonly = false'
	start_sleeper
	in_container "$ID" sh -c 'ls /bin/busybox; pwd; ls / | tr "\n" " "'
	[ "$status" -eq 0 ]
	[[ $output != *rt$$* ]]
	[ "${lines[1]}" = / ]
	[[ ${lines[2]} == bin* ]]
	[[ ${lines[2]} != *boot* ]]
	in_container --cwd /tmp "$ID" pwd
	[ "$output" = /tmp ]
	runtime delete --force "$ID"
}

@test "exec: into a container made with --no-pivot" {
	config_args sleep 1000
	create --no-pivot
	start
	in_container "$ID" sh -c 'ls -d /bin/busybox; pwd'
	[ "$output" = $'/bin/busybox\n/' ]
	runtime delete --force "$ID"
}

@test "exec: into a container that joins the namespaces of another, and into that one" {
	start_sleeper
	first=$(init_pid)
	jq --arg pid "$first" 'del(.hostname) | .process.args = ["sleep", "1000"] | .linux.namespaces |= map(if .type == "mount" or .type == "cgroup" then . else
		. + { path: ("/proc/" + $pid + "/ns/" + ({ network: "net" }[.type] // .type)) } end)' "$BUNDLE/config.json" >second.json
	runtime run --detach --config second.json --bundle "$BUNDLE" "$ID-b" </dev/null >out 2>&1
	in_container "$ID-b" sh -c 'ls -l /proc/self/ns; ps | grep -c "sleep 1000"'
	[ "$status" -eq 0 ]
	for ns in ipc net pid uts; do
		[[ $output == *" $ns -> $(readlink "/proc/$first/ns/$ns")"* ]]
	done
	[ "$(state .pid "$ID-b")" != "$first" ]
	[[ $output == *" mnt -> $(readlink "/proc/$(state .pid "$ID-b")/ns/mnt")"* ]]
	in_container "$ID" true
	[ "$status" -eq 0 ]
	runtime delete --force "$ID-b"
	runtime delete --force "$ID"
}

@test "exec: where the first process is gone and others live, they are joined" {
	only_runlet
	host_pid_config
	create
	start
	wait_for 5 pgrep -xf 'sleep 54321'
	child=$(runtime ps --format json "$ID" | jq ".[] | select(. != $(init_pid))")
	mount_ns=$(readlink "/proc/$(init_pid)/ns/mnt")
	kill -KILL "$(init_pid)"
	wait_for 5 has_status stopped
	[ -n "$child" ]
	in_container "$ID" sh -c 'ls /bin/busybox; readlink /proc/$$/ns/mnt'
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "$mount_ns" ]
	kill -KILL "$child"
	wait_for 5 has_ended "$child"
	in_container "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"cannot exec in a stopped container"* ]]
	runtime delete --force "$ID"
}

@test "exec: setns by namespace files where the kernel takes no pidfd" {
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	world_readable
	for users in yes no; do
		[ $users = yes ] || cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		start_sleeper
		run strace -f -o trace -e trace=setns -e inject=setns:error=EINVAL:when=1 "$RUNTIME" --root "$ROOT" exec "$ID" ls -l /proc/self/ns </dev/null
		show
		cat trace
		[ "$status" -eq 0 ]
		[ "$(grep -c 'setns(' trace)" -gt 5 ]
		for ns in ipc mnt net pid uts cgroup user; do
			[[ $output == *" $ns -> $(readlink "/proc/$(init_pid)/ns/$ns")"* ]]
		done
		runtime delete --force "$ID"
	done
}

@test "exec: each system call that fails is a clear error and leaves nothing" {
	start_sleeper
	for call in setns clone3 execveat socketpair memfd_create openat pidfd_open; do
		for number in 1 2; do
			run strace -f -o trace -e trace=$call -e inject=$call:error=ENOMEM:when=$number "$RUNTIME" --root "$ROOT" exec "$ID" true </dev/null
			show
			! grep -q INJECTED trace || [ "$status" -eq 255 ] || [ "$call" = clone3 ] || [ "$status" -eq 0 ]
			[ "$status" -eq 0 ] || [[ $output == *"annot allocate memory"* || $output == *"ut of memory"* ]] || [ "$call" = openat ]
		done
	done
	wait_for 5 test "$(runtime ps --format json "$ID" | jq length)" -eq 1
	runtime delete --force "$ID"
}

@test "exec: a recipe that is missing, cut short or another's is an error" {
	only_runlet
	start_sleeper
	cp "$ROOT/$ID/exec.recipe" saved
	head -c 30 saved >"$ROOT/$ID/exec.recipe"
	in_container "$ID" true
	[ "$status" -eq 255 ]
	head -c 100 saved >"$ROOT/$ID/exec.recipe"
	in_container "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"exec.recipe is broken"* ]]
	rm "$ROOT/$ID/exec.recipe"
	in_container "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"kept nothing for exec"* ]]
	runtime delete --force "$ID"
}

@test "exec --tty with a console socket, as engines do it; and the rules of terminals" {
	start_sleeper
	mkfifo keys
	"$(test_program recvtty)" "$BATS_TEST_TMPDIR/console.sock" <keys >terminal 2>receiver.err &
	TEST_PIDS+=($!)
	exec 8>keys
	wait_for 5 test -S console.sock
	process_file '.terminal = true | .consoleSize = { height: 33, width: 77 }
		| .args = ["sh", "-c", "tty; stty size; for n in 0 1 2; do readlink /proc/self/fd/$n; done; read word; echo got $word; exec sleep 1000"]'
	detached --process process.json --pid-file pid --console-socket console.sock "$ID"
	[ "$status" -eq 0 ]
	echo hello >&8
	wait_for 5 grep -q 'got hello' terminal
	cat terminal
	grep -q '^33 77' terminal
	[ "$(grep -c '^/dev/pts/0' terminal)" -eq 4 ]
	in_container --detach --tty "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"cannot allocate tty if runlet will detach without setting console socket"* ]]
	in_container --console-socket console.sock "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *"cannot use console socket"* ]]
	in_container --detach --tty --console-socket nowhere.sock "$ID" true
	[ "$status" -eq 255 ]
	[[ $output == *nowhere.sock* ]]
	runtime delete --force "$ID"
}

@test "exec: a console socket that is closed early is an error, and leaves no process" {
	start_sleeper
	# Listens, and closes each connection at once.
	python3 - "$BATS_TEST_TMPDIR/early.sock" <<-'END' 3>&- &
		import socket, sys
		listener = socket.socket(socket.AF_UNIX)
		listener.bind(sys.argv[1])
		listener.listen()
		listener.accept()[0].close()
	END
	TEST_PIDS+=($!)
	wait_for 5 test -S early.sock
	detached --tty --pid-file pid --console-socket early.sock "$ID" sleep 54321
	# Who closes it only after the terminal was sent has taken it.
	if [ "$status" -ne 0 ]; then
		[ "$status" -eq 255 ]
		[[ $output == *"console socket"* ]]
		[ ! -e pid ]
		[ "$(runtime ps --format json "$ID" | jq length)" -eq 1 ]
	fi
	runtime delete --force "$ID"
}

@test "exec --tty on a person's terminal: its size, keys, and its mode afterwards" {
	start_sleeper
	mkfifo keys
	{
		code=0
		"$(test_program ptyrun)" "$RUNTIME" --root "$ROOT" exec -t "$ID" sh -c 'stty size; trap "stty size; exit 6" WINCH; tty; echo ready; while :; do sleep 0.05; done' <keys >screen 2>&1 || code=$?
		echo "$code" >ended.new
		mv ended.new ended
	} 3>&- &
	TEST_PIDS+=($!)
	exec 8>keys
	wait_for 5 grep -q ready screen
	grep -q '^40 100' screen
	grep -q '^/dev/pts/0' screen
	kill -USR1 "$(pgrep -f "ptyrun $RUNTIME --root $ROOT")"
	wait_for 5 test -e ended
	cat screen
	[ "$(cat ended)" = 6 ]
	grep -q '^50 120' screen
	grep -q 'modes same' screen
	runtime delete --force "$ID"
}
