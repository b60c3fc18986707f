# ps: a container's processes as a table and as JSON.

load helpers

start_two() {
	config_args sh -c 'sleep 1000 & sleep 1001'
	create
	start
	wait_for 5 eval '[ "$(runtime ps --format json "$ID" | jq length)" = 2 ]'
}

@test "ps prints ps -ef of the container's processes alone" {
	start_two
	run runtime ps "$ID"
	show
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == UID*PID*CMD* ]]
	[ "${#lines[@]}" -eq 3 ]
	[[ $output == *"sleep 1000"* && $output == *"sleep 1001"* ]]
	runtime delete --force "$ID"
}

@test "ps takes options of ps(1) behind the id" {
	start_two
	run runtime ps "$ID" -e -o ppid,pid,args
	show
	[ "$status" -eq 0 ]
	[[ ${lines[0]} =~ ^\ *PPID\ +PID\ +COMMAND$ ]]
	[ "${#lines[@]}" -eq 3 ]
	run runtime ps "$ID" -o comm
	show
	[ "$status" -ne 0 ]
	[[ $output == *"PID field"* ]]
	run runtime ps "$ID" --no-such-option
	show
	[ "$status" -ne 0 ]
	[[ $output == *"exit status"* ]]
	runtime delete --force "$ID"
}

@test "ps --format json: the host's pids, sorted" {
	start_two
	pids=$(runtime ps -f json "$ID")
	[ "$(jq '. == sort' <<<"$pids")" = true ]
	[ "$(jq --argjson pid "$(init_pid)" 'index($pid) != null' <<<"$pids")" = true ]
	for pid in $(jq '.[]' <<<"$pids"); do
		[ -d "/proc/$pid" ]
	done
	runtime delete --force "$ID"
}

@test "ps: --format that doesn't exist, and options of ps with json" {
	start_sleeper
	run runtime ps --format xml "$ID"
	show
	[ "$status" -ne 0 ]
	only_runlet
	run runtime ps --format json "$ID" -ef
	show
	[ "$status" -ne 0 ]
	[[ $output == *"--format table"* ]]
	runtime delete --force "$ID"
}

@test "ps sees processes in cgroups below the container's" {
	start_two
	child=$(runtime ps -f json "$ID" | jq --argjson pid "$(init_pid)" '.[] | select(. != $pid)')
	dirs=$(find $CGROUPFS -type d -name "$ID")
	for dir in $dirs; do
		# v2 with controllers enabled for children would refuse processes beside them: here there are none.
		mkdir "$dir/sub"
		[ ! -e "$dir/cpuset.cpus" ] || [ -e "$dir/cgroup.controllers" ] || cat "$dir/cpuset.cpus" >"$dir/sub/cpuset.cpus"
		[ ! -e "$dir/cpuset.mems" ] || [ -e "$dir/cgroup.controllers" ] || cat "$dir/cpuset.mems" >"$dir/sub/cpuset.mems"
		echo "$child" >"$dir/sub/cgroup.procs"
	done
	runtime ps -f json "$ID"
	[ "$(runtime ps -f json "$ID" | jq length)" = 2 ]
	runtime delete --force "$ID"
	nothing_left
}

@test "ps of a stopped container: the header alone, and an empty list; of a missing one an error" {
	start_sleeper
	stop
	run runtime ps "$ID"
	show
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[ "$(runtime ps -f json "$ID" | jq length)" = 0 ]
	runtime delete "$ID"
	run runtime ps "$ID"
	[ "$status" -ne 0 ]
	[[ $output == *"does not exist"* ]]
}

@test "ps of a paused container" {
	start_two
	runtime pause "$ID"
	[ "$(runtime ps -f json "$ID" | jq length)" = 2 ]
	runtime ps "$ID" | grep -q 'sleep 1001'
	runtime delete --force "$ID"
}

@test "ps is the host's: neither the container's nor one in the caller's directory" {
	only_runlet
	printf '#!/bin/sh\necho PID; echo hijacked >&2; exit 9\n' >"$ROOTFS/bin/ps.new"
	chmod +x "$ROOTFS/bin/ps.new"
	mv "$ROOTFS/bin/ps.new" "$ROOTFS/bin/ps"
	cp "$ROOTFS/bin/ps" ./ps
	start_sleeper
	PATH=".::$PATH" run runtime ps "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output == *"sleep 1000"* && $output != *hijacked* ]]
	# Only what the caller trusts: without a ps in PATH there is none.
	mkdir empty
	run env PATH=. "$RUNTIME" --root "$ROOT" ps "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"ps is not in PATH"* ]]
	runtime delete --force "$ID"
}

@test "ps: a long table comes whole" {
	config_args sh -c 'i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i + 1)); done; wait'
	create
	start
	wait_for 20 eval '[ "$(runtime ps --format json "$ID" | jq length)" = 201 ]'
	[ "$(runtime ps "$ID" | wc -l)" = 202 ]
	runtime delete --force "$ID"
}

@test "ps without a cgroup: the processes of the pid namespace, and of those below it" {
	only_runlet
	config_all_caps
	config_args sh -c 'sleep 1000 & unshare -pf sleep 1001'
	runtime --cgroup-manager disabled create --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1
	start
	wait_for 5 eval '[ "$(runtime ps --format json "$ID" | jq length)" = 3 ]'
	runtime ps "$ID" | grep -q 'sleep 1001'
	run runtime events --stats "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"has no cgroup"* ]]
	run runtime pause "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"no cgroup with a freezer"* ]]
	runtime delete --force "$ID"
	nothing_left
}
