# cgroups with v1 controllers: of a v1 or of a hybrid host, and the v2 tree beside them (cgroup_v2.bats has v2 alone).

load helpers

@test "the container has a cgroup of its own in every hierarchy" {
	start_sleeper
	cat "/proc/$(init_pid)/cgroup"
	for controller in memory cpu cpuset pids devices freezer; do
		has_v1 $controller
		[[ $(v1_dir $controller) == */"$ID" ]]
		grep -qx "$(init_pid)" "$(v1_dir $controller)/cgroup.procs"
	done
	while IFS=: read -r _ names path; do
		# What is mounted elsewhere only, as by an engine in its own mount namespace, is none of the runtime's.
		[ -z "$names" ] || grep -q " $CGROUPFS/.* - cgroup .*${names#name=}" /proc/self/mountinfo || continue
		[[ $path == *"$ID" ]] || [ "$RUNTIME_NAME" = crun ]
	done <"/proc/$(init_pid)/cgroup"
	runtime delete --force "$ID"
	nothing_left
}

@test "cgroupsPath: absolute is from the root of each hierarchy" {
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID-parent/$ID"
	start_sleeper
	cat "/proc/$(init_pid)/cgroup"
	for controller in memory pids; do
		has_v1 $controller
		[ "$(v1_dir $controller)" = "$CGROUPFS/$controller/$ID-parent/$ID" ]
		[ -d "$CGROUPFS/$controller/$ID-parent/$ID" ]
	done
	runtime delete --force "$ID"
	find "$CGROUPFS" -depth -type d -name "$ID-parent" -exec rmdir {} + 2>/dev/null || true
}

@test "cgroupsPath: relative" {
	config_set '.linux.cgroupsPath = $p' --arg p "$ID-parent/$ID"
	start_sleeper
	cat "/proc/$(init_pid)/cgroup"
	has_v1 pids
	[[ $(v1_dir pids) == */"$ID-parent/$ID" ]]
	runtime delete --force "$ID"
	find "$CGROUPFS" -depth -type d -name "$ID-parent" -exec rmdir {} + 2>/dev/null || true
}

@test "parents that the runtime made and that are empty go with the container" {
	only_runlet
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID-a/$ID-b/$ID"
	start_sleeper
	runtime delete --force "$ID"
	nothing_left
	inside true
	nothing_left
}

@test "parents that were there stay, and so do parents that others use" {
	only_runlet
	has_v1 pids
	mkdir "$CGROUPFS/pids/$ID-parent"
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID-parent/$ID"
	inside true
	[ -d "$CGROUPFS/pids/$ID-parent" ]
	rmdir "$CGROUPFS/pids/$ID-parent"
	nothing_left
}

@test "cgroupsPath that leaves the hierarchy by .. stays inside it" {
	config_set '.linux.cgroupsPath = $p' --arg p "/../../../$ID"
	config_args sleep 1000
	run create
	show
	[ "$status" -ne 0 ] || [ -d "$CGROUPFS/pids/$ID" ] || find $CGROUPFS -name "$ID" | grep -q .
	[ ! -e "/sys/fs/$ID" ]
	runtime delete --force "$ID"
}

@test "memory: limit, reservation, swappiness" {
	has_v1 memory
	config_set '.linux.resources.memory = { limit: 67108864, reservation: 33554432, swappiness: 10 }'
	start_sleeper
	[ "$(v1_value memory memory.limit_in_bytes)" = 67108864 ]
	[ "$(v1_value memory memory.soft_limit_in_bytes)" = 33554432 ]
	[ "$(v1_value memory memory.swappiness)" = 10 ]
	runtime delete --force "$ID"
}

@test "memory: swap is the sum, and limit -1 is unlimited" {
	has_v1 memory
	[ -e "$CGROUPFS/memory/memory.memsw.limit_in_bytes" ] || skip "no swap accounting"
	config_set '.linux.resources.memory = { limit: 67108864, swap: 134217728 }'
	start_sleeper
	[ "$(v1_value memory memory.memsw.limit_in_bytes)" = 134217728 ]
	runtime delete --force "$ID"
	config_set '.linux.resources.memory = { limit: -1 }'
	start_sleeper
	[ "$(v1_value memory memory.limit_in_bytes)" -gt 1000000000000 ]
	runtime delete --force "$ID"
}

@test "memory: disableOOMKiller" {
	has_v1 memory
	config_set '.linux.resources.memory = { limit: 67108864, disableOOMKiller: true }'
	start_sleeper
	v1_value memory memory.oom_control | grep -qx 'oom_kill_disable 1'
	runtime delete --force "$ID"
}

@test "memory: the limit holds" {
	has_v1 memory
	bundle_works
	config_set '.linux.resources.memory = { limit: 33554432 }'
	config_args sh -c 'dd if=/dev/zero of=/dev/shm/big bs=1M count=50 2>&1; echo survived'
	run_bundle
	show
	[[ $output != *survived* ]] || [[ $output == *Killed* || $output == *"No space"* ]]
}

@test "memory: a limit that is too small to start with is a clear error" {
	has_v1 memory
	config_set '.linux.resources.memory = { limit: 1 }'
	run_bundle
	show
	[ "$status" -ne 0 ]
	[ -n "$output" ] || [ "$status" -eq 137 ]
	nothing_left
}

@test "cpu: shares, quota, period" {
	has_v1 cpu
	config_set '.linux.resources.cpu = { shares: 512, quota: 50000, period: 100000 }'
	start_sleeper
	[ "$(v1_value cpu cpu.shares)" = 512 ]
	[ "$(v1_value cpu cpu.cfs_quota_us)" = 50000 ]
	[ "$(v1_value cpu cpu.cfs_period_us)" = 100000 ]
	runtime delete --force "$ID"
}

@test "cpu: burst and idle" {
	only_runlet
	has_v1 cpu
	[ -e "$CGROUPFS/cpu/cpu.cfs_burst_us" ] || skip "no burst here"
	config_set '.linux.resources.cpu = { quota: 50000, period: 100000, burst: 20000 }'
	start_sleeper
	[ "$(v1_value cpu cpu.cfs_burst_us)" = 20000 ]
	runtime delete --force "$ID"
}

@test "cpu: a quota that the kernel refuses is named" {
	has_v1 cpu
	config_set '.linux.resources.cpu = { quota: 5, period: 100000 }'
	fails_with 'quota'
}

@test "cpuset: cpus and mems, and by default those of the parent" {
	has_v1 cpuset
	config_set '.linux.resources.cpu = { cpus: "0", mems: "0" }'
	start_sleeper
	[ "$(v1_value cpuset cpuset.cpus)" = 0 ]
	[ "$(v1_value cpuset cpuset.mems)" = 0 ]
	grep -q '^Cpus_allowed_list:.0$' "/proc/$(init_pid)/status"
	runtime delete --force "$ID"
	config_set '.linux.resources.cpu = {}'
	start_sleeper
	[ "$(v1_value cpuset cpuset.cpus)" = "$(cat $CGROUPFS/cpuset/cpuset.cpus)" ]
	runtime delete --force "$ID"
}

@test "cpuset: with new parents" {
	has_v1 cpuset
	config_set '.linux.resources.cpu = { cpus: "0" } | .linux.cgroupsPath = $p' --arg p "/$ID-a/$ID-b/$ID"
	start_sleeper
	[ "$(v1_value cpuset cpuset.cpus)" = 0 ]
	runtime delete --force "$ID"
	find "$CGROUPFS" -depth -type d -name "$ID-?" -exec rmdir {} + 2>/dev/null || true
}

@test "cpuset: a processor that does not exist is a clear error" {
	has_v1 cpuset
	config_set '.linux.resources.cpu = { cpus: "4000" }'
	fails_with 'cpus'
}

@test "pids: a limit, -1 for none, and the limit holds" {
	has_v1 pids
	config_set '.linux.resources.pids = { limit: 7 }'
	start_sleeper
	[ "$(v1_value pids pids.max)" = 7 ]
	runtime delete --force "$ID"
	config_set '.linux.resources.pids = { limit: -1 }'
	start_sleeper
	[ "$(v1_value pids pids.max)" = max ]
	runtime delete --force "$ID"
	config_set '.linux.resources.pids = { limit: 5 }'
	config_args sh -c 'for n in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait; echo end'
	run_bundle
	[[ $output == *"can't fork"* ]]
}

@test "pids: a limit of 0 is a limit" {
	not_on runc crun
	has_v1 pids
	bundle_works
	config_set '.linux.resources.pids = { limit: 0 }'
	config_args sh -c 'true & wait'
	run_bundle
	show
	[ "$status" -ne 0 ] || [[ $output == *"can't fork"* ]]
	nothing_left
}

@test "devices: the list in its order; what is denied can't be opened" {
	has_v1 devices
	config_all_caps
	config_set '.linux.resources.devices = [{ allow: false, access: "rwm" },
		{ allow: true, type: "c", major: 1, minor: 5, access: "r" }, { allow: true, type: "b", access: "m" }]'
	config_args sh -c 'sleep 1000'
	start_sleeper
	v1_value devices devices.list
	v1_value devices devices.list | grep -qx 'c 1:5 r.*'
	v1_value devices devices.list | grep -qx 'b \*:\* m'
	! v1_value devices devices.list | grep -q '^a' || false
	runtime delete --force "$ID"
	# Writing to it needs no capability, so that only the cgroup can forbid it.
	config_set '.linux.devices = [{ path: "/dev/mykmsg", type: "c", major: 1, minor: 11, fileMode: 438 }]'
	inside 'mknod /dev/x b 7 0 && ! true >/dev/mykmsg && head -c1 /dev/zero >/dev/null && echo x >/dev/null'
	[[ $output == *"can't create /dev/mykmsg: Operation not permitted"* ]]
}

@test "devices: a later rule overrides an earlier one" {
	has_v1 devices
	config_set '.linux.resources.devices = [{ allow: true, access: "rwm" }]'
	start_sleeper
	v1_value devices devices.list | grep -q '^a \*:\* rwm'
	runtime delete --force "$ID"
}

@test "freezer: a frozen container is killed and deleted" {
	has_v1 freezer
	start_sleeper
	echo FROZEN >"$(v1_dir freezer)/freezer.state"
	timeout -k 2 30 "$RUNTIME" --root "$ROOT" delete --force "$ID"
	nothing_left
}

@test "blkio: weight 0 is unset" {
	config_set '.linux.resources.blockIO = { weight: 0 }'
	inside true
}

# MAJOR:MINOR of the machine's first disk.
a_disk() { awk 'NR > 2 && $4 !~ /^(loop|ram|zram|sr)/ { print $1 ":" $2; exit }' /proc/partitions; }

@test "blkio: throttled devices" {
	has_v1 blkio
	disk=$(a_disk)
	[ -n "$disk" ] || skip "no disk"
	config_set '($d | split(":") | map(tonumber) | { major: .[0], minor: .[1] }) as $disk | .linux.resources.blockIO = {
		throttleReadBpsDevice: [$disk + { rate: 1048576 }], throttleWriteBpsDevice: [$disk + { rate: 2097152 }],
		throttleReadIOPSDevice: [$disk + { rate: 100 }], throttleWriteIOPSDevice: [$disk + { rate: 200 }] }' --arg d "$disk"
	start_sleeper
	[ "$(v1_value blkio blkio.throttle.read_bps_device)" = "$disk 1048576" ]
	[ "$(v1_value blkio blkio.throttle.write_bps_device)" = "$disk 2097152" ]
	[ "$(v1_value blkio blkio.throttle.read_iops_device)" = "$disk 100" ]
	[ "$(v1_value blkio blkio.throttle.write_iops_device)" = "$disk 200" ]
	runtime delete --force "$ID"
}

@test "blkio: the weight goes into the file of the scheduler that the kernel has" {
	has_v1 blkio
	config_set '.linux.resources.blockIO = { weight: 500 }'
	start_sleeper
	for file in blkio.bfq.weight blkio.weight; do
		[ -e "$(v1_dir blkio)/$file" ] || continue
		[ "$(v1_value blkio $file)" = 500 ]
		found=$file
		break
	done
	[ -n "$found" ]
	runtime delete --force "$ID"
}

@test "blkio: a device that does not exist, a weight out of range and a file that no kernel has any more are named" {
	only_runlet
	has_v1 blkio
	config_set '.linux.resources.blockIO = { throttleReadBpsDevice: [{ major: 4000, minor: 9, rate: 1 }] }'
	fails_with 'throttleReadBpsDevice\[0\]'
	config_set '.linux.resources.blockIO = { weight: 5 }'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.resources.blockIO.weight: want 10 to 1000'
	config_set '.linux.resources.blockIO = { weightDevice: [{ major: 4000, minor: 9, weight: 100 }] }'
	fails_with 'weightDevice\[0\].weight'
	[ -e "$CGROUPFS/blkio/blkio.leaf_weight" ] || {
		config_set '.linux.resources.blockIO = { leafWeight: 100 }'
		fails_with 'linux.resources.blockIO.leafWeight.*the kernel may lack it'
	}
}

# Where hugetlb is: "DIRECTORY SUFFIX" of the container's files.
hugetlb_files() {
	local path
	if [ -d $CGROUPFS/hugetlb ]; then
		echo "$(v1_dir hugetlb) limit_in_bytes"
	else
		path=$(sed -n 's/^0:://p' "/proc/$(init_pid)/cgroup")
		echo "$V2_TREE$path max"
	fi
}
has_hugetlb() {
	[ -d $CGROUPFS/hugetlb ] || grep -qw hugetlb $V2_TREE/cgroup.controllers || skip "no hugetlb controller"
	[ -d /sys/kernel/mm/hugepages/hugepages-2048kB ] || skip "no huge pages of 2 MB"
}

@test "hugetlb: pages and reservations" {
	not_on runc crun
	has_hugetlb
	config_set '.linux.resources.hugepageLimits = [{ pageSize: "2MB", limit: 4194304 }]'
	start_sleeper
	read -r dir suffix <<<"$(hugetlb_files)"
	[ "$(cat "$dir/hugetlb.2MB.$suffix")" = 4194304 ]
	[ ! -e "$dir/hugetlb.2MB.rsvd.$suffix" ] || [ "$RUNTIME_NAME" = crun ] ||
		[ "$(cat "$dir/hugetlb.2MB.rsvd.$suffix")" = 4194304 ]
	runtime delete --force "$ID"
}

@test "hugetlb: 0 is a limit, as Kubernetes sends it" {
	not_on runc crun
	has_hugetlb
	config_set '.linux.resources.hugepageLimits = [{ pageSize: "2MB", limit: 0 }]'
	start_sleeper
	read -r dir suffix <<<"$(hugetlb_files)"
	[ "$(cat "$dir/hugetlb.2MB.$suffix")" = 0 ]
	runtime delete --force "$ID"
}

@test "hugetlb: a page size that the machine lacks, and what is no page size, are named" {
	only_runlet
	has_hugetlb
	config_set '.linux.resources.hugepageLimits = [{ pageSize: "3MB", limit: 0 }]'
	fails_with 'hugepageLimits\[0\].*hugetlb.3MB'
	config_set '.linux.resources.hugepageLimits = [{ pageSize: "../2MB", limit: 0 }]'
	fails_with 'hugepageLimits\[0\].pageSize: want a size'
}

@test "network and rdma: a controller that the host lacks is named" {
	only_runlet
	config_set '.linux.resources.network = { classID: 1048577 }'
	[ -d $CGROUPFS/net_cls ] || fails_with 'linux.resources.network.classID: this host has no net_cls'
	config_set '.linux.resources.network = { priorities: [{ name: "lo", priority: 3 }] }'
	[ -d $CGROUPFS/net_prio ] || fails_with 'linux.resources.network.priorities\[0\]: this host has no net_prio'
	config_set '.linux.resources |= (del(.network) | .rdma = { mlx5_1: { hcaHandles: 3 } })'
	[ -d $CGROUPFS/rdma ] || grep -qsw rdma "$V2_TREE/cgroup.controllers" ||
		fails_with 'linux.resources.rdma.mlx5_1: this host has no rdma'
}

@test "unified: a file of the v2 tree, also beside v1 hierarchies" {
	only_runlet
	has_hugetlb
	[ -d $CGROUPFS/hugetlb ] && skip "hugetlb is v1's here"
	config_set '.linux.resources.unified = { "hugetlb.2MB.max": "2097152" }'
	start_sleeper
	read -r dir suffix <<<"$(hugetlb_files)"
	[ "$(cat "$dir/hugetlb.2MB.max")" = 2097152 ]
	runtime delete --force "$ID"
}

@test "unified: v1's controllers, names that are no files and values that the kernel refuses are named" {
	only_runlet
	has_v1 memory
	refused() {
		config_set '.linux.resources.unified = { ($k): $v }' --arg k "$1" --arg v "$2"
		fails_with "config.json:[0-9]+:[0-9]+: linux.resources.unified.*$3"
	}
	refused memory.high 1000000 'this host has no memory controller in cgroup v2'
	refused ../cgroup.procs 0 "want a file's name"
	refused cgroup.procs 0 'not for limits'
	has_hugetlb
	[ -d $CGROUPFS/hugetlb ] && skip "hugetlb is v1's here"
	refused hugetlb.2MB.none 1 'hugetlb.2MB.none'
	refused hugetlb.2MB.max many 'Invalid argument'
}

@test "annotations: runlet.memory.high and runlet.oom.group need memory in cgroup v2, and features lists them" {
	only_runlet
	runtime features | jq -e '.potentiallyUnsafeConfigAnnotations | index("runlet.memory.high", "runlet.oom.group") != null'
	has_v1 memory
	config_set '.annotations = { "runlet.memory.high": "67108864" }'
	fails_with 'annotations\["runlet.memory.high"\]: this host has no memory controller in cgroup v2'
	config_set '.annotations = { "runlet.oom.group": "yes" }'
	fails_with 'annotations\["runlet.oom.group"\]: want true or false'
}

@test "a set-up that fails after the cgroups were made leaves none" {
	config_bind /nonexistent/source /a bind
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID"
	fails_with 'nonexistent'
	find $CGROUPFS -name "$ID" | grep -q . && return 1
	config_set '.mounts |= .[:6]'
	config_args /does/not/exist
	fails_with 'does/not/exist'
}

@test "create into a cgroup that holds processes is refused" {
	not_on runc crun
	has_v1 pids
	mkdir "$CGROUPFS/pids/$ID"
	sleep 1000 &
	other=$!
	TEST_PIDS+=($other)
	echo $other >"$CGROUPFS/pids/$ID/cgroup.procs"
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID"
	run create
	show
	[ "$status" -ne 0 ]
	[[ $output == *"$ID"* ]]
	kill -0 $other
	[ -d "$CGROUPFS/pids/$ID" ]
	kill -9 $other
	wait $other 2>/dev/null || true
	rmdir "$CGROUPFS/pids/$ID"
}

@test "create into a frozen cgroup is refused, not hung" {
	not_on crun
	has_v1 freezer
	bundle_works
	mkdir "$CGROUPFS/freezer/$ID"
	echo FROZEN >"$CGROUPFS/freezer/$ID/freezer.state"
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID"
	run timeout -k 2 30 "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID"
	show
	echo THAWED >"$CGROUPFS/freezer/$ID/freezer.state" || true
	[ "$status" -ne 0 ]
	[ "$status" -ne 124 ]
	rmdir "$CGROUPFS/freezer/$ID" 2>/dev/null || true
}

@test "below a frozen parent: an error, not a hang" {
	only_runlet
	has_v1 freezer
	bundle_works
	mkdir "$CGROUPFS/freezer/$ID-parent"
	echo FROZEN >"$CGROUPFS/freezer/$ID-parent/freezer.state"
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID-parent/$ID"
	run_bundle
	show
	echo THAWED >"$CGROUPFS/freezer/$ID-parent/freezer.state"
	[ "$status" -ne 0 ]
	[ "$status" -lt 124 ]
	[[ $output == *"a parent of the container's cgroup is frozen: "* ]]
	rmdir "$CGROUPFS/freezer/$ID-parent"
	nothing_left
}

@test "processes left in sub-cgroups, and the sub-cgroups, go with delete" {
	has_v1 pids
	config_args sh -c 'sleep 1000 & wait'
	create
	start
	dir=$(v1_dir pids)
	wait_for 5 eval "[ \$(wc -l <$dir/cgroup.procs) -ge 2 ]"
	mkdir -p "$dir/sub/deeper"
	tail -1 "$dir/cgroup.procs" >"$dir/sub/deeper/cgroup.procs"
	runtime delete --force "$ID"
	nothing_left
}

@test "a program that has ended: the cgroups go with delete though nobody looked at it meanwhile" {
	config_args true
	create
	start
	sleep 0.3
	runtime delete "$ID"
	nothing_left
}

@test "a host with very many mounts: the cgroups are found among the first, unless something lies on top" {
	only_runlet
	has_v1 memory
	mkdir many
	# with_mounts COMMAND: in a mount namespace with 2048 more mounts, and what COMMAND makes.
	with_mounts() {
		RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m sh -ec '
			mount -t tmpfs none "$1"
			for i in 1 2 3 4 5 6 7 8 9 10 11; do mkdir "$1/$i"; mount --rbind "$1" "$1/$i"; done
			eval "$2"
			shift 2
			exec "$@"' many "$BATS_TEST_TMPDIR/many" "$1")
	}
	config_set '.linux.resources.memory = { limit: 33554432 }'
	with_mounts :
	run -0 runtime plan --bundle "$BUNDLE"
	[[ $output == *" /sys/fs/cgroup/memory"* || $output == *memory.limit_in_bytes* ]]
	run -0 inside "true"
	with_mounts "mount -t tmpfs none $CGROUPFS/memory"
	fails_with 'this host has no memory cgroup controller'
	# The rest of mountinfo is read only where that can matter.
	with_mounts :
	RUNTIME_WRAPPER+=(strace -o "$BATS_TEST_TMPDIR/calls" -y -e trace=read)
	inside "true"
	[ "$(grep -c 'self/mountinfo\|/mountinfo>' calls)" -lt 10 ]
}
