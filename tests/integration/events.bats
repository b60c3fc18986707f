# events: numbers and running out of memory; and what state says of the end.

load helpers

stats() { runtime events --stats "$ID" >stats.json && jq -r "$1" stats.json; }

# The container's directory with the files of a controller.
dir_of() {
	local dir
	dir=$(find $CGROUPFS/$1 $CGROUPFS/$1,* -type d -name "$ID" 2>/dev/null | head -n 1)
	[ -n "$dir" ] || dir=$(find $CGROUPFS -type d -name "$ID" | head -n 1)
	echo "$dir"
}
has_memory() {
	[ -d $CGROUPFS/memory ] || grep -qw memory $CGROUPFS/cgroup.controllers || skip "no memory controller"
}
# 1 MiB after the other, until the kernel says no.
eater='tail /dev/zero'

@test "events --stats: every member that runc has" {
	start_sleeper
	[ "$(stats .type)" = stats ]
	[ "$(jq -r .id stats.json)" = "$ID" ]
	[ "$(wc -l <stats.json)" = 1 ]
	[ "$(jq -c '.data | keys' stats.json)" = \
		'["blkio","cpu","cpuset","hugetlb","intel_rdt","memory","network_interfaces","pids"]' ]
	[ "$(jq '.data.cpu.usage | has("kernel") and has("user")' stats.json)" = true ]
	[ "$(jq '.data.cpu.usage.total > 0' stats.json)" = true ]
	[ "$(jq '.data.cpu | has("throttling")' stats.json)" = true ]
	[ "$(jq -c '.data.memory | [has("usage", "swap", "kernel", "kernelTCP")]' stats.json)" = '[true,true,true,true]' ]
	[ "$(jq '.data.cpuset | has("sched_relax_domain_level")' stats.json)" = true ]
	runtime delete --force "$ID"
}

@test "events --stats: what runc prints for the same container, member by member" {
	only_runlet
	command -v runc >/dev/null || skip "no runc"
	config_set '.linux.resources = { memory: { limit: 67108864 }, pids: { limit: 50 } } | .linux.seccomp = null'
	config_args sh -c 'sleep 1000 & sleep 1000'
	config_set '.ociVersion = "1.0.2"'
	runc --root "$BATS_TEST_TMPDIR/runc" run -d -b "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1 || skip "runc can't run here"
	sleep 0.2
	runc --root "$BATS_TEST_TMPDIR/runc" events --stats "$ID" >runc.json
	runc --root "$BATS_TEST_TMPDIR/runc" delete --force "$ID"
	create
	start
	sleep 0.2
	runtime events --stats "$ID" >runlet.json
	runtime delete --force "$ID"
	for file in runc runlet; do
		# How much was read and written, and how, differs from run to run.
		jq -r 'del(.data.blkio) | paths | map(tostring) | join(".")' $file.json | sort >$file.paths
	done
	# Left out when they are 0, as they are for the second container that reads the same files.
	comm -23 runc.paths runlet.paths | grep -vE '^data\.memory\.(cache|[a-zA-Z]+\.(usage|max))$' >missing || true
	cat missing
	[ ! -s missing ]
	for member in .data.pids .data.cpuset .data.memory.usage.limit .data.memory.swap.limit .data.network_interfaces; do
		echo $member
		[ "$(jq -cS $member runc.json)" = "$(jq -cS $member runlet.json)" ]
	done
}

@test "events --stats: the numbers are those of the kernel's files" {
	has_memory
	config_set '.linux.resources = { memory: { limit: 67108864 }, pids: { limit: 50 } }'
	config_args sh -c 'sleep 1000 & sleep 1000 & wait'
	create
	start
	wait_for 5 eval '[ "$(stats .data.pids.current)" = 3 ]'
	[ "$(stats .data.pids.limit)" = 50 ]
	[ "$(jq .data.memory.usage.limit stats.json)" = 67108864 ]
	[ "$(jq '.data.memory.usage.usage > 4096' stats.json)" = true ]
	key=$([ -e "$(dir_of memory)/memory.current" ] && echo anon || echo rss)
	[ "$(jq ".data.memory.raw.$key > 4096" stats.json)" = true ]
	runtime delete --force "$ID"
}

@test "events --stats: time that was throttled" {
	[ -d $CGROUPFS/cpu ] || grep -qw cpu $CGROUPFS/cgroup.controllers || skip "no cpu controller"
	config_set '.linux.resources.cpu = { quota: 2000, period: 20000 }'
	config_args sh -c 'while :; do :; done'
	create
	start
	wait_for 10 eval '[ "$(stats ".data.cpu.throttling.throttledTime // 0")" -gt 0 ]'
	[ "$(jq '.data.cpu.throttling.periods >= .data.cpu.throttling.throttledPeriods' stats.json)" = true ]
	runtime delete --force "$ID"
}

@test "events --stats: pressure, where the kernel tells it" {
	only_runlet
	start_sleeper
	dir=$(find $CGROUPFS -path "*/$ID/cpu.pressure" | head -n 1)
	[ -n "$dir" ] && cat "$dir" || skip "no pressure files"
	for member in cpu memory blkio; do
		[ "$(stats ".data.$member.psi.some.avg10 >= 0")" = true ]
		[ "$(jq ".data.$member.psi.full | has(\"avg60\") and has(\"avg300\") and has(\"total\")" stats.json)" = true ]
	done
	runtime delete --force "$ID"
}

@test "events --stats: interfaces of the container's own network namespace, and none of the host's" {
	only_runlet
	start_sleeper
	command -v nsenter ip >/dev/null
	nsenter -t "$(init_pid)" -n ip link add rt0 type veth peer name rt1 || skip "no veth here"
	nsenter -t "$(init_pid)" -n ip link set rt0 up
	nsenter -t "$(init_pid)" -n ip link set rt1 up
	[ "$(stats '[.data.network_interfaces[].Name] | sort | join(" ")')" = "rt0 rt1" ]
	[ "$(jq -c '.data.network_interfaces[0] | keys' stats.json)" = \
		'["Name","RxBytes","RxDropped","RxErrors","RxPackets","TxBytes","TxDropped","TxErrors","TxPackets"]' ]
	runtime delete --force "$ID"
	config_no_namespace network
	start_sleeper
	[ "$(stats .data.network_interfaces)" = null ]
	runtime delete --force "$ID"
}

@test "events --stats of a paused container, and of one that is created" {
	config_args sleep 1000
	create
	[ "$(stats .type)" = stats ]
	start
	runtime pause "$ID"
	[ "$(stats .data.pids.current)" = 1 ]
	runtime delete --force "$ID"
}

@test "events prints the numbers at each interval, and ends with the container" {
	start_sleeper
	runtime events --interval 200ms "$ID" >lines &
	wait_for 5 eval '[ "$(wc -l <lines)" -ge 2 ]'
	stop
	wait_for 5 has_ended $!
	wait $!
	[ "$(jq -r .type lines | sort -u)" = stats ]
	runtime delete "$ID"
}

@test "events doesn't print before the first interval is over, and sleeps until then" {
	only_runlet
	start_sleeper
	strace -f -o trace "$RUNTIME" --root "$ROOT" events --interval 10m "$ID" >lines &
	pid=$!
	wait_for 10 grep -q epoll_pwait trace
	sleep 0.5
	[ ! -s lines ]
	[ "$(grep -c epoll_pwait trace)" = 1 ]
	stop
	wait $pid
	[ ! -s lines ]
	runtime delete "$ID"
}

@test "events: bad intervals, a stopped container and a missing one" {
	start_sleeper
	for interval in 0s abc 5 -1s ''; do
		run runtime events --interval "$interval" "$ID"
		show
		[ "$status" -ne 0 ]
		[ -n "$output" ]
	done
	stop
	for options in --stats --interval=1s; do
		run runtime events $options "$ID"
		show
		[ "$status" -ne 0 ]
		[[ $output == *"is not running"* ]]
	done
	runtime delete "$ID"
	run runtime events "$ID"
	[ "$status" -ne 0 ]
	[[ $output == *"does not exist"* ]]
}

@test "running out of memory is an event" {
	has_memory
	config_set '.linux.resources.memory = { limit: 33554432 }'
	config_args sh -c "until [ -e /go ]; do sleep 0.05; done; $eater; sleep 1000"
	create
	start
	runtime events --interval 1h "$ID" >lines &
	sleep 0.5
	touch "$ROOTFS/go"
	wait_for 20 test -s lines
	[ "$(head -n 1 lines)" = "{\"type\":\"oom\",\"id\":\"$ID\"}" ]
	runtime delete --force "$ID"
	wait_for 5 has_ended $!
	wait $!
	[ "$(jq -r .type lines | sort -u)" = oom ]
}

@test "running out of memory is an event also when it is the end, and the removal of a cgroup is none" {
	has_memory
	config_set '.linux.resources.memory = { limit: 33554432 }'
	config_args sh -c "until [ -e /go ]; do sleep 0.05; done; exec $eater"
	create
	start
	runtime events --interval 1h "$ID" >lines &
	sleep 0.5
	touch "$ROOTFS/go"
	wait_for 20 has_ended $!
	cat lines
	grep -qx "{\"type\":\"oom\",\"id\":\"$ID\"}" lines
	wait_for 5 has_status stopped
	runtime delete "$ID"
	start_sleeper
	runtime events --interval 1h "$ID" >lines &
	sleep 0.3
	runtime delete --force "$ID"
	wait_for 5 has_ended $!
	[ ! -s lines ]
}

@test "run --keep: out of memory ends with 137, and state tells oomKilled" {
	only_runlet
	has_memory
	config_set '.linux.resources.memory = { limit: 33554432 }'
	config_args sh -c "exec $eater"
	run_bundle --keep
	show
	[ "$status" -eq 137 ]
	[ "$(state '[.status, .exitStatus, .exitSignal, .oomKilled] | join(" ")')" = "stopped 137 9 true" ]
	runtime delete "$ID"
	nothing_left
}

@test "state of a stopped container: exit status, signal, and no oom" {
	only_runlet
	has_memory
	config_args sh -c 'exit 3'
	run_bundle --keep
	[ "$(state '[.exitStatus, .exitSignal, .oomKilled] | join(" ")')" = "3  false" ]
	runtime delete "$ID"
	config_args sh -c 'kill -TERM $$; kill -KILL $$; sleep 5'
	config_no_namespace pid
	run_bundle --keep
	[ "$status" -eq 143 ]
	[ "$(state '[.exitStatus, .exitSignal, .oomKilled] | join(" ")')" = "143 15 false" ]
	runtime delete "$ID"
	nothing_left
}

@test "state after create and start: oomKilled as long as the cgroup is there" {
	only_runlet
	has_memory
	config_set '.linux.resources.memory = { limit: 33554432 }'
	config_args sh -c "exec $eater"
	create
	start
	wait_for 20 has_status stopped
	state
	[ "$(state .oomKilled)" = true ]
	runtime delete "$ID"
	start_sleeper
	[ "$(state 'has("oomKilled")')" = false ]
	stop
	[ "$(state .oomKilled)" = false ]
	runtime delete "$ID"
}

@test "state of a zombie: its parent hasn't asked yet, and runlet tells already" {
	only_runlet
	config_args sh -c 'exit 7'
	# The shell becomes a program that never waits for its children; it adopts init as their subreaper.
	cat >parent.py <<-'EOF'
		import ctypes, subprocess, sys, time
		ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
		for command in ("create", "start"):
		    words = [sys.argv[1], "--root", sys.argv[2], command]
		    if command == "create":
		        words += ["--bundle", sys.argv[3]]
		    subprocess.run(words + [sys.argv[4]], stdin=subprocess.DEVNULL, check=True)
		time.sleep(1000)
	EOF
	command -v python3 >/dev/null || skip "no python3"
	python3 parent.py "$RUNTIME" "$ROOT" "$BUNDLE" "$ID" >out 2>&1 &
	TEST_PIDS+=($!)
	wait_for 5 test -e "$ROOT/$ID/state.json"
	wait_for 5 has_status stopped
	[ "$(state .exitStatus)" = 7 ]
	kill -KILL $!
	runtime delete "$ID"
	nothing_left
}
