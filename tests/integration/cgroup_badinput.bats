# What is wrong with limits, cgroup paths and cgroup hierarchies is said clearly, and nothing is left.

load helpers

@test "every limit out of range is named with its place in config.json" {
	only_runlet
	for controller in memory cpu cpuset pids blkio; do has_v1 $controller; done
	while IFS='|' read -r resources pattern; do
		[ -n "$resources" ] || continue
		echo "$resources"
		config_set ".linux.resources = $resources"
		fails_with "config.json:[0-9]+:[0-9]+: linux.resources.$pattern"
	done <<'END'
{ "memory": { "limit": -2 } }|memory.limit: want a number of bytes, or -1
{ "memory": { "reservation": -2 } }|memory.reservation: want a number of bytes
{ "memory": { "limit": 67108864, "swap": -2 } }|memory.swap: want a number of bytes
{ "memory": { "limit": 67108864, "swap": 1048576 } }|memory.swap: .*less than linux.resources.memory.limit
{ "memory": { "swap": -9223372036854775808 } }|memory.swap: want
{ "memory": { "swappiness": 101 } }|memory.swappiness: want 0 to 100
{ "memory": { "swappiness": -1 } }|memory.swappiness: want an unsigned
{ "memory": { "useHierarchy": false } }|memory.useHierarchy: memory is always
{ "cpu": { "shares": 1 } }|cpu.shares: want 2 to 262144
{ "cpu": { "shares": 262145 } }|cpu.shares: want 2 to 262144
{ "cpu": { "shares": -1 } }|cpu.shares: want an unsigned
{ "cpu": { "quota": -2 } }|cpu.quota: want microseconds, or -1
{ "cpu": { "quota": 999 } }|cpu.quota: write "999" to .*Invalid argument
{ "cpu": { "period": 999 } }|cpu.period: write "999" to .*Invalid argument
{ "cpu": { "period": 1000001 } }|cpu.period: write "1000001" to .*Invalid argument
{ "cpu": { "quota": 10000, "burst": 10001 } }|cpu.burst: write "10001" to .*Invalid argument
{ "cpu": { "idle": 2 } }|cpu.idle: want 0 or 1
{ "cpu": { "idle": -1 } }|cpu.idle: want 0 or 1
{ "cpu": { "realtimeRuntime": 999999999999 } }|cpu.realtimeRuntime: write "999999999999" to .*Invalid argument
{ "cpu": { "cpus": "0-" } }|cpu.cpus: write "0-" to .*Invalid argument
{ "cpu": { "cpus": "a" } }|cpu.cpus: write "a" to .*Invalid argument
{ "cpu": { "mems": "1000" } }|cpu.mems: write "1000" to
{ "pids": { "limit": 99999999999 } }|pids.limit: write "99999999999" to .*Invalid argument
{ "pids": { "limit": 1.5 } }|pids.limit: want
{ "blockIO": { "weight": 9 } }|blockIO.weight: want 10 to 1000
{ "blockIO": { "weight": 1001 } }|blockIO.weight: want 10 to 1000
{ "blockIO": { "leafWeight": 1001 } }|blockIO.leafWeight: want 10 to 1000
{ "blockIO": { "weightDevice": [{ "major": 7, "minor": 0, "weight": 1001 }] } }|blockIO.weightDevice\[0\].weight: want 10
{ "blockIO": { "throttleReadBpsDevice": [{ "major": -1, "minor": 0, "rate": 1 }] } }|blockIO.throttleReadBpsDevice\[0\].major: want
{ "blockIO": { "throttleWriteIOPSDevice": [{ "major": 4000, "minor": 0, "rate": 1 }] } }|blockIO.throttleWriteIOPSDevice\[0\]: write
{ "hugepageLimits": [{ "pageSize": "2mb", "limit": 1 }] }|hugepageLimits\[0\].pageSize: want a size
{ "hugepageLimits": [{ "pageSize": "2MB", "limit": -1 }] }|hugepageLimits\[0\].limit: want an unsigned
{ "network": { "classID": 4294967296 } }|network.classID: want an unsigned 32-bit
{ "network": { "priorities": [{ "name": "", "priority": 1 }] } }|network.priorities\[0\].name: want
{ "rdma": { "mlx5_0": { "hcaHandles": -1 } } }|rdma.mlx5_0.hcaHandles: want an unsigned 32-bit
{ "rdma": { "mlx5_0": {} } }|rdma.mlx5_0: needs hcaHandles or hcaObjects
{ "unified": { "memory.high": "" } }|unified\["memory.high"\]: want a value
{ "unified": { "../memory.high": "1" } }|unified.*want a file's name
{ "unified": { "cgroup.procs": "1" } }|unified.*not for limits
{ "devices": [{ "allow": true, "type": "c", "major": 4096, "minor": 1, "access": "r" }] }|devices\[0\].major: no device has
{ "devices": [{ "allow": true, "type": "c", "major": 1, "minor": 1048576, "access": "r" }] }|devices\[0\].minor: no device has
{ "devices": [{ "allow": true, "type": "q", "access": "r" }] }|devices\[0\].type: want
{ "devices": [{ "allow": true, "type": "c", "access": "x" }] }|devices\[0\].access: want letters
END
}

@test "cgroupsPath with .. is refused, wherever it stands" {
	only_runlet
	for path in .. "/../$ID" "$ID/.." "/a/../$ID" "../../$ID"; do
		config_set '.linux.cgroupsPath = $p' --arg p "$path"
		fails_with 'config.json:[0-9]+:[0-9]+: linux.cgroupsPath: "\.\." is not allowed'
	done
}

@test "cgroupsPath that names no cgroup, or has a name that none can have, is refused" {
	only_runlet
	config_set '.linux.cgroupsPath = "//./"'
	fails_with 'linux.cgroupsPath: "//./" names no cgroup'
	config_set '.linux.cgroupsPath = "/a\nb"'
	fails_with 'linux.cgroupsPath: a line break'
	config_set '.linux.cgroupsPath = "/" + ("x" * 256)'
	fails_with 'linux.cgroupsPath: a name of 256 bytes'
	config_set '.linux.cgroupsPath = ("/" + ("x" * 200)) * 30'
	fails_with 'linux.cgroupsPath: a path of [0-9]+ bytes is too long'
}

@test "a cgroup that holds a process is refused in every hierarchy, and stays as it is" {
	only_runlet
	sleep 1000 &
	other=$!
	TEST_PIDS+=($other)
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID"
	for controller in memory freezer unified; do
		[ -d "$CGROUPFS/$controller" ] || continue
		mkdir "$CGROUPFS/$controller/$ID"
		echo $other >"$CGROUPFS/$controller/$ID/cgroup.procs"
		config_args true
		run_bundle
		show
		[ "$status" -ne 0 ]
		[[ $output =~ "container's cgroup is not empty: 1 process".*"$CGROUPFS/$controller/$ID" ]]
		grep -qx $other "$CGROUPFS/$controller/$ID/cgroup.procs"
		echo $other >"$CGROUPFS/$controller/cgroup.procs"
		rmdir "$CGROUPFS/$controller/$ID"
		nothing_left_but "$other"
	done
	kill -9 $other
	wait $other 2>/dev/null || true
}
# A process of this test's own may have the state directory's name on no command line: only cgroups count.
nothing_left_but() { [ -z "$(test_cgroups)" ] && [ ! -e "$ROOT/$ID" ]; }

@test "a process below the cgroup counts as one in it" {
	only_runlet
	has_v1 pids
	sleep 1000 &
	other=$!
	TEST_PIDS+=($other)
	mkdir -p "$CGROUPFS/pids/$ID/below"
	echo $other >"$CGROUPFS/pids/$ID/below/cgroup.procs"
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID"
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ $output == *"container's cgroup is not empty"* ]]
	kill -9 $other
	wait $other 2>/dev/null || true
	rmdir "$CGROUPFS/pids/$ID/below" "$CGROUPFS/pids/$ID"
}

@test "a frozen cgroup is refused at once, v1 and v2" {
	only_runlet
	config_args true
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID"
	if [ -d $CGROUPFS/freezer ]; then
		mkdir "$CGROUPFS/freezer/$ID"
		echo FROZEN >"$CGROUPFS/freezer/$ID/freezer.state"
		run_bundle
		show
		[ "$status" -eq 1 ]
		[[ $output == *"container's cgroup unexpectedly frozen: $CGROUPFS/freezer/$ID"* ]]
		[ "$(cat "$CGROUPFS/freezer/$ID/freezer.state")" = FROZEN ]
		echo THAWED >"$CGROUPFS/freezer/$ID/freezer.state"
		rmdir "$CGROUPFS/freezer/$ID"
	fi
	if [ -e $CGROUPFS/unified/cgroup.controllers ]; then
		mkdir "$CGROUPFS/unified/$ID"
		echo 1 >"$CGROUPFS/unified/$ID/cgroup.freeze"
		run_bundle
		show
		[ "$status" -eq 1 ]
		[[ $output == *"container's cgroup unexpectedly frozen: $CGROUPFS/unified/$ID"* ]]
		[ "$(cat "$CGROUPFS/unified/$ID/cgroup.freeze")" = 1 ]
		rmdir "$CGROUPFS/unified/$ID"
	fi
	nothing_left
}

@test "below a frozen parent a container is refused, not hung" {
	only_runlet
	has_v1 freezer
	mkdir "$CGROUPFS/freezer/$ID-parent"
	echo FROZEN >"$CGROUPFS/freezer/$ID-parent/freezer.state"
	config_args true
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID-parent/$ID"
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	echo THAWED >"$CGROUPFS/freezer/$ID-parent/freezer.state"
	[ "$status" -eq 1 ]
	[[ $output == *"a parent of the container's cgroup is frozen: $CGROUPFS/freezer/$ID-parent/$ID"* ]]
	rmdir "$CGROUPFS/freezer/$ID-parent"
	[ -e $CGROUPFS/unified/cgroup.controllers ] || return 0
	mkdir "$CGROUPFS/unified/$ID-parent"
	echo 1 >"$CGROUPFS/unified/$ID-parent/cgroup.freeze"
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	echo 0 >"$CGROUPFS/unified/$ID-parent/cgroup.freeze"
	[ "$status" -eq 1 ]
	[[ $output == *"a parent of the container's cgroup is frozen: $CGROUPFS/unified/$ID-parent/$ID"* ]]
	rmdir "$CGROUPFS/unified/$ID-parent"
	nothing_left
}

# From here on the runtime sees one hierarchy (or, without $1, all of them) mounted read-only.
use_read_only() {
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m sh -c '
		for dir in /sys/fs/cgroup/${0#-}*; do
			! mountpoint -q "$dir" || mount -o remount,bind,ro "$dir" || exit 1
		done
		exec "$@"' "-${1:-}")
}

@test "cgroup hierarchies that are mounted read-only are named" {
	only_runlet
	has_v1 pids
	config_args true
	for name in '' pids unified; do
		[ -z "$name" ] || [ -d "$CGROUPFS/$name" ] || continue
		use_read_only $name
		run_bundle
		show
		[ "$status" -eq 1 ]
		[[ $output =~ mkdir\ $CGROUPFS/[a-z,_]*/$ID.*mounted\ read-only.*Read-only\ file\ system ]]
		RUNTIME_WRAPPER=(timeout --foreground -k 5 60)
		nothing_left
	done
}

@test "a cgroup v2 tree that is mounted read-only is named" {
	only_runlet
	[ -e $CGROUPFS/unified/cgroup.controllers ] || skip "no v2 tree to look at"
	config_args true
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m sh -c 'mount -t cgroup2 -o ro none /sys/fs/cgroup && exec "$@"' v2)
	run_bundle
	show
	[ "$status" -eq 1 ]
	[[ $output =~ mkdir\ $CGROUPFS/$ID.*mounted\ read-only ]]
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60)
	nothing_left
}

@test "an update through a read-only mount is an error, and nothing has changed" {
	only_runlet
	has_v1 pids
	config_set '.linux.resources.pids = { limit: 50 }'
	start_sleeper
	use_read_only pids
	run runtime update --pids-limit 60 --cpu-share 70 "$ID"
	show
	[ "$status" -eq 1 ]
	[[ $output =~ "nothing was changed: --pids-limit: write".*"Read-only file system" ]]
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60)
	grep -qx 50 $CGROUPFS/pids/*/pids.max $CGROUPFS/pids/pids.max 2>/dev/null || find $CGROUPFS/pids -path "*$ID*" -name pids.max -exec grep -qx 50 {} +
	[ ! -d $CGROUPFS/cpu ] || find $CGROUPFS/cpu -path "*$ID*" -name cpu.shares -exec grep -qx 1024 {} +
	runtime delete --force "$ID"
}

@test "no cgroup hierarchy at all is an error that says what to do" {
	only_runlet
	config_args true
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m sh -c 'umount -l /sys/fs/cgroup/* /sys/fs/cgroup 2>/dev/null; exec "$@"' none)
	fails_with 'no cgroup hierarchy is mounted.*--cgroup-manager=disabled'
}

@test "v2: a parent that holds processes can give no controllers to the container, and the error names one" {
	only_runlet
	grep -qw hugetlb $CGROUPFS/unified/cgroup.controllers 2>/dev/null || skip "no controller in the v2 tree"
	[ -d /sys/kernel/mm/hugepages/hugepages-2048kB ] || skip "no huge pages of 2 MB"
	mkdir "$CGROUPFS/unified/$ID-parent"
	sleep 1000 &
	other=$!
	TEST_PIDS+=($other)
	echo $other >"$CGROUPFS/unified/$ID-parent/cgroup.procs"
	config_args true
	config_set '.linux.cgroupsPath = $p | .linux.resources.hugepageLimits = [{ pageSize: "2MB", limit: 4194304 }]' \
		--arg p "/$ID-parent/$ID"
	run_bundle
	show
	[ "$status" -eq 1 ]
	[[ $output =~ 'hugepageLimits[0]: the hugetlb controller can'.*"unified/$ID-parent/cgroup.subtree_control, as that cgroup holds processes itself, such as PID $other \"sleep\"" ]]
	[ ! -e "$CGROUPFS/unified/$ID-parent/$ID" ]
	# The same from update, in a container that was made without.
	config_set 'del(.linux.resources.hugepageLimits)'
	start_sleeper
	run runtime update -r - "$ID" <<<'{"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}'
	show
	[ "$status" -eq 1 ]
	[[ $output =~ 'nothing was changed: '.*'hugepageLimits[0]: the hugetlb controller can'.*"such as PID $other" ]]
	runtime delete --force "$ID"
	kill -9 $other
	wait $other 2>/dev/null || true
	rmdir "$CGROUPFS/unified/$ID-parent"
}
