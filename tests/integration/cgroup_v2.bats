# cgroup v2 alone.  On a unified host (make check-vm) everything here is tested.  On a hybrid host the runtime sees a bare
# cgroup2 at /sys/fs/cgroup in a mount namespace of its own, and what needs a controller that v1 has there is skipped.
#
# What is compared is what the kernel reads back.

load helpers

setup() {
	[ -e "$V2_TREE/cgroup.controllers" ] || skip "no v2 tree"
	[ "$V2_TREE" = $CGROUPFS ] || [ "$RUNTIME_NAME" != crun ] || skip "crun refuses the hybrid host"
	bundle_make
	use_v2
}

teardown() {
	[ ! -e "/sys/class/infiniband/rx$$" ] || rdma link del "rx$$"
	[ ! -e "/sys/class/net/rt$$" ] || ip link del "rt$$"
	bundle_end
}

# needs CONTROLLER...
needs() {
	local controller
	for controller; do
		grep -qw "$controller" "$V2_TREE/cgroup.controllers" || skip "the v2 tree has no $controller controller"
	done
}

cgroup_dir() { sed -n "s|^0::|$V2_TREE|p" "/proc/$(init_pid)/cgroup"; }
value() { cat "$(cgroup_dir)/$1"; }
is_frozen() { grep -qx 'frozen 1' "$1/cgroup.events"; }
is_line() { grep -qxF -- "$1" "$2"; }

# reads_back RESOURCES FILE VALUE [FILE VALUE]...: a container with these resources has these values; a VALUE that
# ends with * is only the beginning.
reads_back() {
	config_set ".linux.resources = $1"
	shift
	start_sleeper
	while [ $# -gt 0 ]; do
		echo "$1: want '$2', is '$(value "$1")'"
		[[ $(value "$1") == $2 ]]
		shift 2
	done
	runtime delete --force "$ID"
}

# refused RESOURCES REGEX: an error at the place in config.json that it names.
refused() {
	config_set ".linux.resources = $1"
	fails_with "config.json:[0-9]+:[0-9]+: $2"
}

# own_cgroup NAME: a directory of this test at the tree's root, for `other` and for parents.
own_cgroup() {
	mkdir "$V2_TREE/$ID-$1"
	echo "$V2_TREE/$ID-$1"
}
# other DIRECTORY: a process that isn't the container's lives there from now on.
other() {
	sleep 1000 &
	TEST_PIDS+=($!)
	echo $! >"$1/cgroup.procs"
}
others_end() {
	kill -KILL "${TEST_PIDS[@]}"
	wait "${TEST_PIDS[@]}" 2>/dev/null || true
	TEST_PIDS=()
}
cgroups_path() { config_set '.linux.cgroupsPath = $p' --arg p "$1"; }

# --- the directory ---------------------------------------------------------------------------------------------------

@test "create, start, kill, delete" {
	start_sleeper
	[ -d "$(cgroup_dir)" ]
	value cgroup.procs | grep -qx "$(init_pid)"
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
	nothing_left
}

@test "the default path is the id, at the root" {
	start_sleeper
	[ "$(cgroup_dir)" = "$V2_TREE/$ID" ]
	runtime delete --force "$ID"
}

@test "cgroupsPath: absolute and relative ones count from the root, and parents go with the container" {
	only_runlet
	for path in "/$ID-a/$ID" "$ID-a/$ID" "/$ID-a//./$ID/" "/$ID-a/$ID-b/$ID"; do
		cgroups_path "$path"
		start_sleeper
		[[ $(cgroup_dir) == "$V2_TREE/$ID-a"*"/$ID" ]]
		runtime delete --force "$ID"
		nothing_left
	done
}

@test "cgroupsPath: .. is refused, and so is what names no cgroup" {
	only_runlet
	for path in "/../$ID" "$ID-a/../$ID" "/$ID/.."; do
		cgroups_path "$path"
		fails_with 'linux.cgroupsPath: ".." is not allowed'
	done
	cgroups_path /
	fails_with 'linux.cgroupsPath: "/" names no cgroup'
	cgroups_path "/$(printf '%0300d' 1)"
	fails_with 'linux.cgroupsPath: a name of 300 bytes'
}

@test "parents that were there stay" {
	only_runlet
	parent=$(own_cgroup parent)
	cgroups_path "/$ID-parent/$ID-sub/$ID"
	inside true
	[ -d "$parent" ]
	[ ! -e "$parent/$ID-sub" ]
	rmdir "$parent"
}

@test "the process is cloned into its cgroup and never moved" {
	only_runlet
	config_args true
	RUNTIME_WRAPPER+=(strace -f -e trace=clone3,openat,write -o "$BATS_TEST_TMPDIR/trace")
	runtime run --bundle "$BUNDLE" "$ID"
	grep clone3 trace
	grep -q 'CLONE_INTO_CGROUP\|0x200000000' trace
	! grep 'cgroup.procs", O_WRONLY\|cgroup.procs", O_RDWR' trace || false
}

@test "the first program finds itself in its cgroup, as the root of its cgroup namespace" {
	inside 'cat /proc/self/cgroup'
	grep -qx '0::/' <<<"$output"
	config_no_namespace cgroup
	inside 'cat /proc/self/cgroup'
	grep -qx "0::/$ID" <<<"$output"
}

@test "all controllers are enabled from the top down, and not below the container" {
	only_runlet
	[ "$V2_TREE" = $CGROUPFS ] || skip "most controllers are v1's"
	cgroups_path "/$ID-a/$ID-b/$ID"
	start_sleeper
	dir=$(cgroup_dir)
	all=$(cat "$V2_TREE/cgroup.controllers")
	for parent in "$V2_TREE" "$V2_TREE/$ID-a" "$V2_TREE/$ID-a/$ID-b"; do
		[ "$(cat "$parent/cgroup.subtree_control")" = "$all" ]
	done
	[ "$(cat "$dir/cgroup.controllers")" = "$all" ]
	[ -z "$(cat "$dir/cgroup.subtree_control")" ]
	runtime delete --force "$ID"
}

@test "no internal processes: a parent that holds a process can't pass on controllers, and the error names the process" {
	only_runlet
	needs hugetlb
	parent=$(own_cgroup busy)
	other "$parent"
	cgroups_path "/$ID-busy/$ID"
	config_set '.linux.resources.unified = { "hugetlb.2MB.max": "4194304" }'
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ $output =~ config.json:[0-9]+:[0-9]+:\ linux.resources.unified.*hugetlb\ controller\ can\'t\ be\ enabled ]]
	[[ $output == *"/$ID-busy/cgroup.subtree_control, as that cgroup holds processes itself, such as PID ${TEST_PIDS[0]} \"sleep\""* ]]
	[ ! -e "$parent/$ID" ]
	config_set 'del(.linux.resources.unified)'
	inside true
	others_end
	rmdir "$parent"
}

@test "a cgroup that holds processes is refused, and they and it stay" {
	only_runlet
	dir=$V2_TREE/$ID
	mkdir -p "$dir/sub"
	other "$dir/sub"
	run create
	show
	[ "$status" -ne 0 ]
	[[ $output == *"container's cgroup is not empty: 1 process(es) found in "*"/$ID"* ]]
	kill -0 "${TEST_PIDS[0]}"
	others_end
	rmdir "$dir/sub" "$dir"
}

@test "a frozen cgroup is refused, not waited for" {
	only_runlet
	dir=$V2_TREE/$ID
	mkdir "$dir"
	echo 1 >"$dir/cgroup.freeze"
	wait_for 5 is_frozen "$dir"
	run create
	show
	[ "$status" -ne 0 ]
	[[ $output == *"container's cgroup unexpectedly frozen: "*"/$ID"* ]]
	[ -d "$dir" ]
	rmdir "$dir"
}

@test "below a frozen parent: an error, not a hang" {
	only_runlet
	parent=$(own_cgroup parent)
	echo 1 >"$parent/cgroup.freeze"
	wait_for 5 is_frozen "$parent"
	cgroups_path "/$ID-parent/$ID"
	run_bundle
	show
	[ "$status" -ne 0 ]
	[ "$status" -lt 124 ]
	[[ $output == *frozen* ]]
	[ ! -e "$parent/$ID" ]
	rmdir "$parent"
}

@test "a read-only cgroup mount is named" {
	only_runlet
	bundle_works
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m sh -c
		'mount --bind "$0" /sys/fs/cgroup && mount -o remount,bind,ro /sys/fs/cgroup && exec "$@"' "$V2_TREE")
	fails_with 'mkdir .*/sys/fs/cgroup/.*: Read-only file system|read-only.*Read-only file system'
}

@test "no cgroups mounted is an error that tells the way out, and --cgroup-manager=disabled is it" {
	only_runlet
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m sh -c 'umount -l -R /sys/fs/cgroup && exec "$@"' none)
	fails_with 'no cgroup hierarchy is mounted.*--cgroup-manager=disabled'
	config_args true
	runtime --cgroup-manager=disabled run --bundle "$BUNDLE" "$ID"
	config_set '.linux.resources.pids = { limit: 5 }'
	run runtime --cgroup-manager=disabled run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *linux.resources.pids.limit* ]]
	nothing_left
}

# --- limits ----------------------------------------------------------------------------------------------------------

@test "memory: limit and reservation; -1 is max" {
	needs memory
	reads_back '{ memory: { limit: 67108864, reservation: 33554432 } }' memory.max 67108864 memory.low 33554432
	reads_back '{ memory: { limit: -1, reservation: -1 } }' memory.max max memory.low max
	reads_back '{ memory: { limit: 0 } }' memory.max max
}

@test "memory: swap is what is above the limit" {
	needs memory
	[ -e "$(dirname "$(find $V2_TREE -mindepth 2 -name memory.swap.max | head -n 1)")" ] || skip "no swap accounting"
	reads_back '{ memory: { limit: 67108864, swap: 100663296 } }' memory.max 67108864 memory.swap.max 33554432
	reads_back '{ memory: { limit: 67108864, swap: 67108864 } }' memory.swap.max 0
	reads_back '{ memory: { limit: 67108864, swap: -1 } }' memory.swap.max max
}

@test "memory: what v2 can't do, and what contradicts itself, is an error at its place" {
	only_runlet
	needs memory
	refused '{ memory: { limit: 67108864, swap: 33554432 } }' 'linux.resources.memory.swap: .*less than'
	refused '{ memory: { swap: 33554432 } }' 'linux.resources.memory.swap: needs linux.resources.memory.limit'
	refused '{ memory: { swappiness: 10 } }' 'linux.resources.memory.swappiness: cgroup v2 has no such setting'
	refused '{ memory: { disableOOMKiller: true } }' 'linux.resources.memory.disableOOMKiller: cgroup v2 has no such'
	refused '{ memory: { limit: -2 } }' 'linux.resources.memory.limit: want'
}

@test "memory: kernel limits warn" {
	only_runlet
	needs memory
	config_set '.linux.resources.memory = { limit: 67108864, kernel: 33554432 }'
	inside true
	[[ $output == *"linux.resources.memory.kernel is ignored"* ]]
}

# A program that takes memory until it is killed; dd's buffer is written to as a whole.
hog='dd if=/dev/zero of=/dev/null bs=300M count=1'

@test "memory: the limit holds, the end is by SIGKILL and run's status 137" {
	needs memory
	config_set '.linux.resources.memory = { limit: 33554432 }'
	config_args sh -c "exec $hog"
	run_bundle
	show
	[ "$status" -eq 137 ]
	nothing_left
}

@test "memory: a limit of the parent holds" {
	only_runlet
	needs memory
	parent=$(own_cgroup parent)
	echo +memory >"$V2_TREE/cgroup.subtree_control"
	echo 33554432 >"$parent/memory.max"
	cgroups_path "/$ID-parent/$ID"
	config_set '.linux.resources.memory = { limit: 1073741824 }'
	config_args sh -c "exec $hog"
	run_bundle
	show
	[ "$status" -eq 137 ]
	grep -qx 'oom_kill 1' "$parent/memory.events"
	rmdir "$parent"
}

@test "memory: runlet.memory.high and runlet.oom.group" {
	only_runlet
	needs memory
	config_set '.annotations = { "runlet.memory.high": "50331648", "runlet.oom.group": "true" }'
	reads_back '{ memory: { limit: 67108864 } }' memory.high 50331648 memory.oom.group 1
	config_set '.annotations = { "runlet.memory.high": "max", "runlet.oom.group": "false" }'
	reads_back '{}' memory.high max memory.oom.group 0
	config_set '.annotations = { "runlet.memory.high": "64M" }'
	fails_with 'annotations\["runlet.memory.high"\]: want a number of bytes'
}

@test "memory: with oom.group one process too many ends the container, without only itself" {
	only_runlet
	needs memory
	config_set '.linux.resources.memory = { limit: 33554432 }'
	config_args sh -c "$hog; echo status \$?"
	run_bundle
	show
	[ "$status" -eq 0 ]
	[[ $output == *'status 137'* ]]
	config_set '.annotations = { "runlet.oom.group": "true" }'
	run_bundle
	show
	[ "$status" -eq 137 ]
	[[ $output != *'status 137'* ]]
}

@test "memory: a limit that is too small to start with is an error, and nothing stays" {
	needs memory
	config_set '.linux.resources.memory = { limit: 4096 }'
	run_bundle
	show
	[ "$status" -ne 0 ]
	[ -n "$output" ] || [ "$status" -eq 137 ]
	nothing_left
}

@test "cpu: shares are converted to a weight" {
	only_runlet
	needs cpu
	reads_back '{ cpu: { shares: 1024 } }' cpu.weight 100
	reads_back '{ cpu: { shares: 512 } }' cpu.weight 59
	reads_back '{ cpu: { shares: 2 } }' cpu.weight 1
	reads_back '{ cpu: { shares: 262144 } }' cpu.weight 10000
	reads_back '{ cpu: { shares: 0 } }' cpu.weight 100
}

@test "cpu: quota and period" {
	needs cpu
	reads_back '{ cpu: { quota: 50000, period: 200000 } }' cpu.max '50000 200000'
	reads_back '{ cpu: { quota: 50000 } }' cpu.max '50000 100000'
	reads_back '{ cpu: { period: 50000 } }' cpu.max 'max 50000'
	reads_back '{ cpu: { quota: -1 } }' cpu.max 'max 100000'
}

@test "cpu: burst and idle" {
	only_runlet
	needs cpu
	reads_back '{ cpu: { quota: 50000, burst: 20000 } }' cpu.max '50000 100000' cpu.max.burst 20000
	reads_back '{ cpu: { idle: 1 } }' cpu.idle 1
	reads_back '{ cpu: { shares: 2048, idle: 0 } }' cpu.idle 0
}

@test "cpu: what the kernel refuses, and what v2 lacks, is an error at its place" {
	only_runlet
	needs cpu
	refused '{ cpu: { quota: 5 } }' 'linux.resources.cpu.quota: write "5 100000" to .*cpu.max: Invalid argument'
	refused '{ cpu: { period: 99000000 } }' 'linux.resources.cpu.(period|quota): .*Invalid argument'
	refused '{ cpu: { quota: 50000, burst: 60000 } }' 'linux.resources.cpu.burst: .*Invalid argument'
	refused '{ cpu: { idle: 2 } }' 'linux.resources.cpu.idle: want 0 or 1'
	refused '{ cpu: { realtimeRuntime: 1000 } }' 'linux.resources.cpu.realtimeRuntime: cgroup v2 has no such setting'
	refused '{ cpu: { realtimePeriod: 1000 } }' 'linux.resources.cpu.realtimePeriod: cgroup v2 has no such setting'
}

@test "cpuset: processors and memory nodes" {
	needs cpuset
	config_set '.linux.resources = { cpu: { cpus: "0", mems: "0" } }'
	start_sleeper
	[ "$(value cpuset.cpus)" = 0 ]
	[ "$(value cpuset.mems)" = 0 ]
	grep -q '^Cpus_allowed_list:.0$' "/proc/$(init_pid)/status"
	runtime delete --force "$ID"
}

@test "cpuset: what is no list, and a node that does not exist, are named" {
	only_runlet
	needs cpuset
	refused '{ cpu: { cpus: "first" } }' 'linux.resources.cpu.cpus: write "first" to .*cpuset.cpus: Invalid argument'
	refused '{ cpu: { cpus: "9999999" } }' 'linux.resources.cpu.cpus: '
	refused '{ cpu: { mems: "900" } }' 'linux.resources.cpu.mems: '
}

@test "pids: a limit, -1 is max, and the limit holds" {
	needs pids
	reads_back '{ pids: { limit: 7 } }' pids.max 7
	reads_back '{ pids: { limit: -1 } }' pids.max max
	config_set '.linux.resources = { pids: { limit: 5 } }'
	config_args sh -c 'for n in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait; echo end'
	run_bundle
	show
	[[ $output == *"can't fork"* ]]
}

@test "pids: 0 allows the container's first process alone" {
	only_runlet
	needs pids
	config_set '.linux.resources = { pids: { limit: 0 } }'
	config_args sh -c 'echo alone; true & wait'
	run_bundle
	show
	[[ $output == *alone* ]]
	[[ $output == *"can't fork"* ]]
	nothing_left
}

# A loop device is there in every kernel; it needs no image to be limited.
a_device() {
	local device
	for device in /sys/block/{vda,sda,nvme0n1,xvda}/dev; do
		[ ! -e "$device" ] || { cat "$device"; return; }
	done
}

@test "blockIO: a weight on io.weight's scale" {
	only_runlet
	needs io
	[ -e "$(find $V2_TREE -mindepth 2 -name io.weight | head -n 1)" ] || skip "no io.weight in this kernel"
	[ -z "$(find $V2_TREE -mindepth 2 -name io.bfq.weight | head -n 1)" ] || skip "BFQ is loaded"
	reads_back '{ blockIO: { weight: 10 } }' io.weight 'default 1*'
	reads_back '{ blockIO: { weight: 1000 } }' io.weight 'default 10000*'
	reads_back '{ blockIO: { weight: 0 } }' io.weight 'default 100*'
	refused '{ blockIO: { weight: 5 } }' 'linux.resources.blockIO.weight: want 10 to 1000'
}

@test "blockIO: a weight for a device" {
	only_runlet
	needs io
	device=$(a_device)
	[ -n "$device" ] || skip "no disk"
	[ -e "$(find $V2_TREE -mindepth 2 -name io.weight | head -n 1)" ] || skip "no io.weight in this kernel"
	config_set '.linux.resources = { blockIO: { weightDevice: [($d | split(":") | map(tonumber)
		| { major: .[0], minor: .[1], weight: 505 })] } }' --arg d "$device"
	# Only where the kernel's cost model runs, such a weight has a meaning.
	echo "$device enable=1" >"$V2_TREE/io.cost.qos"
	start_sleeper
	echo "$device enable=0" >"$V2_TREE/io.cost.qos"
	value io.weight
	is_line "$device 5000" "$(cgroup_dir)/io.weight" || is_line "$device 5001" "$(cgroup_dir)/io.weight"
	runtime delete --force "$ID"
}

@test "blockIO: BFQ's weights, where it is loaded" {
	only_runlet
	needs io
	device=$(a_device)
	disk=$(basename "$(readlink -f "/sys/dev/block/$device")")
	modprobe -q bfq 2>/dev/null || true
	grep -q bfq "/sys/block/$disk/queue/scheduler" || skip "no BFQ in this kernel"
	before=$(sed 's/.*\[\(.*\)\].*/\1/' "/sys/block/$disk/queue/scheduler")
	echo bfq >"/sys/block/$disk/queue/scheduler"
	config_set '.linux.resources = { blockIO: { weight: 700, weightDevice: [($d | split(":") | map(tonumber)
		| { major: .[0], minor: .[1], weight: 300 })] } }' --arg d "$device"
	start_sleeper
	value io.bfq.weight
	is_line 'default 700' "$(cgroup_dir)/io.bfq.weight"
	is_line "$device 300" "$(cgroup_dir)/io.bfq.weight"
	runtime delete --force "$ID"
	echo "$before" >"/sys/block/$disk/queue/scheduler"
}

@test "blockIO: throttled devices" {
	needs io
	device=$(a_device)
	[ -n "$device" ] || skip "no disk"
	config_set '($d | split(":") | map(tonumber) | { major: .[0], minor: .[1] }) as $disk | .linux.resources = { blockIO: {
		throttleReadBpsDevice: [$disk + { rate: 1048576 }], throttleWriteBpsDevice: [$disk + { rate: 2097152 }],
		throttleReadIOPSDevice: [$disk + { rate: 100 }], throttleWriteIOPSDevice: [$disk + { rate: 200 }] } }' --arg d "$device"
	start_sleeper
	[ "$(value io.max)" = "$device rbps=1048576 wbps=2097152 riops=100 wiops=200" ]
	runtime delete --force "$ID"
	config_set '.linux.resources = { blockIO: { throttleWriteIOPSDevice: [{ major: 4000, minor: 1, rate: 5 }] } }'
	fails_with 'linux.resources.blockIO.throttleWriteIOPSDevice\[0\]: write "4000:1 wiops=5" to .*/io.max'
}

@test "blockIO: without the io controller it is named; leafWeight is v1's" {
	only_runlet
	if grep -qw io "$V2_TREE/cgroup.controllers"; then
		refused '{ blockIO: { leafWeight: 100 } }' 'linux.resources.blockIO.leafWeight: cgroup v2 has no such setting'
	else
		refused '{ blockIO: { weight: 500 } }' 'linux.resources.blockIO.weight: this host has no io cgroup controller'
	fi
}

@test "hugepageLimits: pages in use and reserved ones; 0 is a limit" {
	only_runlet
	needs hugetlb
	[ -d /sys/kernel/mm/hugepages/hugepages-2048kB ] || skip "no huge pages of 2 MB"
	reads_back '{ hugepageLimits: [{ pageSize: "2MB", limit: 4194304 }] }' hugetlb.2MB.max 4194304 hugetlb.2MB.rsvd.max 4194304
	reads_back '{ hugepageLimits: [{ pageSize: "2MB", limit: 0 }] }' hugetlb.2MB.max 0 hugetlb.2MB.rsvd.max 0
	refused '{ hugepageLimits: [{ pageSize: "3MB", limit: 0 }] }' 'linux.resources.hugepageLimits\[0\]: .*hugetlb.3MB'
	refused '{ hugepageLimits: [{ pageSize: "2M", limit: 0 }] }' 'linux.resources.hugepageLimits\[0\].pageSize: want a size'
}

@test "rdma: the limits of a device, and one that does not exist is named" {
	only_runlet
	needs rdma
	refused '{ rdma: { nodevice: { hcaHandles: 3 } } }' \
		'linux.resources.rdma.nodevice: write "nodevice hca_handle=3" to .*/rdma.max: No such device'
	modprobe -q rdma_rxe 2>/dev/null && ip link add "rt$$" type dummy && ip link set "rt$$" up || skip "no software RDMA here"
	rdma link add "rx$$" type rxe netdev "rt$$" || skip "no software RDMA here"
	config_set '.linux.resources = { rdma: { ($d): { hcaHandles: 3, hcaObjects: 10000 } } }' --arg d "rx$$"
	start_sleeper
	value rdma.max
	value rdma.max | grep -q "^rx$$ hca_handle=3 hca_object=10000 *$"
	runtime delete --force "$ID"
}

@test "network classes and priorities are v1's" {
	only_runlet
	refused '{ network: { classID: 1048577 } }' 'linux.resources.network.classID: this host has no net_cls'
	refused '{ network: { priorities: [{ name: "lo", priority: 3 }] } }' 'linux.resources.network.priorities\[0\]: .*net_prio'
}

@test "a controller that is not there is named, each with its place" {
	only_runlet
	absent() { ! grep -qw "$1" "$V2_TREE/cgroup.controllers" || return 0; refused "$2" "$3: this host has no $1"; }
	absent memory '{ memory: { limit: 67108864 } }' linux.resources.memory.limit
	absent cpu '{ cpu: { shares: 512 } }' linux.resources.cpu.shares
	absent cpuset '{ cpu: { cpus: "0" } }' linux.resources.cpu.cpus
	absent pids '{ pids: { limit: 5 } }' linux.resources.pids.limit
	refused '{ unified: { "nothing.max": "5" } }' 'linux.resources.unified.*this host has no nothing controller'
}

@test "unified: any file of a controller, several lines, and the last word" {
	needs memory cpu pids io
	reads_back '{ memory: { limit: 67108864 }, pids: { limit: 10 }, unified: { "memory.min": "16777216", "cpu.weight.nice": "-5",
		"pids.max": "20", "memory.high": "max" } }' memory.min 16777216 cpu.weight.nice -5 pids.max 20 memory.high max
	device=$(a_device)
	[ -n "$device" ] || skip "no disk"
	config_set '.linux.resources = { unified: { "io.max": ($d + " rbps=1048576\n" + $d + " wiops=77\n") } }' --arg d "$device"
	start_sleeper
	[ "$(value io.max)" = "$device rbps=1048576 wbps=max riops=max wiops=77" ]
	runtime delete --force "$ID"
}

@test "unified: hugetlb's files" {
	needs hugetlb
	[ -d /sys/kernel/mm/hugepages/hugepages-2048kB ] || skip "no huge pages of 2 MB"
	reads_back '{ unified: { "hugetlb.2MB.max": "4194304", "hugetlb.2MB.rsvd.max": "2097152" } }' \
		hugetlb.2MB.max 4194304 hugetlb.2MB.rsvd.max 2097152
}

@test "unified: what is no file of a controller, and what the kernel refuses, is named" {
	only_runlet
	needs hugetlb
	for name in ../cgroup.procs hugetlb hugetlb. .max hugetlb/2MB; do
		config_set '.linux.resources.unified = { ($n): "1" }' --arg n "$name"
		fails_with "linux.resources.unified.*want a file's name"
	done
	for name in cgroup.procs cgroup.freeze cgroup.type; do
		config_set '.linux.resources.unified = { ($n): "1" }' --arg n "$name"
		fails_with "linux.resources.unified.*the files of cgroup.* are not for limits"
	done
	refused '{ unified: { "hugetlb.2MB.none": "1" } }' 'linux.resources.unified.*hugetlb.2MB.none'
	refused '{ unified: { "hugetlb.2MB.max": "many" } }' 'linux.resources.unified.*write "many" to .*: Invalid argument'
	refused '{ unified: { "hugetlb.2MB.max": "" } }' 'linux.resources.unified.*want a value'
}

# --- devices ---------------------------------------------------------------------------------------------------------

# Who may open it needs no capability to write to /dev/kmsg.
kmsg='[{ path: "/dev/mykmsg", type: "c", major: 1, minor: 11, fileMode: 438 }]'

@test "devices are allowed and denied by a BPF program, each by name" {
	config_all_caps
	config_set ".linux.devices = $kmsg"
	config_set '.linux.resources = { devices: [{ allow: false, access: "rwm" }, { allow: true, type: "c", major: 1, minor: 11, access: "w" }] }'
	inside 'true >/dev/mykmsg && mknod /tmp/loop b 7 9'
	[ "$(stat -c %t:%T "$ROOTFS/tmp/loop")" = 7:9 ]
	config_set '.linux.resources = { devices: [{ allow: false, access: "rwm" }, { allow: true, type: "c", major: 1, minor: 11, access: "r" }] }'
	inside '! true >/dev/mykmsg || exit 2; head -c1 /dev/zero >/dev/null || exit 3; ! true </tmp/loop || exit 4; echo x >/dev/null'
	[[ $output == *"can't create /dev/mykmsg: Operation not permitted"* ]]
	[[ $output == *"can't open /tmp/loop: Operation not permitted"* ]]
	rm "$ROOTFS/tmp/loop"
}

@test "devices: a later rule overrides an earlier one" {
	config_set ".linux.devices = $kmsg"
	config_set '.linux.resources = { devices: [{ allow: false, access: "rwm" }, { allow: true, access: "rwm" }] }'
	inside 'true >/dev/mykmsg'
	config_set '.linux.resources = { devices: [{ allow: true, access: "rwm" }, { allow: false, type: "c", major: 1, minor: 11, access: "rw" }] }'
	inside '! true >/dev/mykmsg'
	[[ $output == *"can't create /dev/mykmsg: Operation not permitted"* ]]
}

@test "devices: a program of the parent stays in force" {
	only_runlet
	config_all_caps
	config_set '.linux.resources = { devices: [{ allow: false, access: "rwm" }] }'
	config_args sleep 1000
	create
	config_set ".linux.devices = $kmsg"
	config_set '.linux.resources = { devices: [{ allow: true, access: "rwm" }] }'
	config_args sh -c 'true >/dev/mykmsg'
	runtime run --bundle "$BUNDLE" "$ID-free"
	cgroups_path "/$ID/$ID-inner"
	config_args sh -c '! true >/dev/mykmsg'
	runtime run --bundle "$BUNDLE" "$ID-inner" 2>&1 | grep "Operation not permitted"
	runtime delete --force "$ID"
}

# --- what the container sees -----------------------------------------------------------------------------------------

cgroup_mount='{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev"] }'

@test "a cgroup mount shows the container's cgroup as its root; ro is read-only, and rw works" {
	config_all_caps
	config_mount "$cgroup_mount"
	inside 'cat /sys/fs/cgroup/cgroup.procs; grep " /sys/fs/cgroup " /proc/self/mountinfo; mkdir /sys/fs/cgroup/mine &&
		rmdir /sys/fs/cgroup/mine'
	grep -qx 1 <<<"$output"
	grep -q '^[0-9 :]* / /sys/fs/cgroup rw,nosuid,nodev,noexec.* cgroup2 ' <<<"$output"
	config_set '.mounts[-1].options += ["ro"]'
	inside 'cat /sys/fs/cgroup/cgroup.procs; grep " /sys/fs/cgroup " /proc/self/mountinfo; ! mkdir /sys/fs/cgroup/mine 2>/dev/null'
	grep -q '^[0-9 :]* / /sys/fs/cgroup ro,' <<<"$output"
}

@test "a cgroup mount without a cgroup namespace is read-only whatever is asked for, and shows only the container's cgroup" {
	only_runlet
	config_all_caps
	config_no_namespace cgroup
	config_mount "$cgroup_mount"
	config_set '.mounts[-1].options += ["rw"]'
	inside 'cat /sys/fs/cgroup/cgroup.procs; grep " /sys/fs/cgroup " /proc/self/mountinfo; ! mkdir /sys/fs/cgroup/mine 2>/dev/null ||
		exit 2; ! echo 1 2>/dev/null >/sys/fs/cgroup/cgroup.freeze || exit 3'
	grep -qx 1 <<<"$output"
	grep -q "^[0-9 :]* /$ID /sys/fs/cgroup ro," <<<"$output"
}

owned() { find "$(cgroup_dir)" -maxdepth 1 -user "$1" -printf '%f\n' | sort; }

@test "ownership: the cgroup and the files that the kernel lets be delegated, where it is seen writable" {
	only_runlet
	world_readable
	config_mount "$cgroup_mount"
	config_set '.linux.namespaces += [{ type: "user" }] | .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }]
		| .linux.gidMappings = .linux.uidMappings'
	start_sleeper
	owned 100000
	want=$({ echo "$ID"; for file in $(cat /sys/kernel/cgroup/delegate); do [ ! -e "$(cgroup_dir)/$file" ] || echo "$file"; done; } | sort)
	[ "$(owned 100000)" = "$want" ]
	grep -qx cgroup.procs <<<"$want"
	runtime delete --force "$ID"

	inside 'mkdir /sys/fs/cgroup/mine && echo $$ >/sys/fs/cgroup/mine/cgroup.procs && cat /proc/self/cgroup; ! echo 1 2>/dev/null >/sys/fs/cgroup/cgroup.freeze'
	grep -qx '0::/mine' <<<"$output"

	config_set '.process.user = { uid: 7, gid: 7 }'
	start_sleeper
	[ "$(owned 100007)" = "$want" ]
	runtime delete --force "$ID"
}

@test "ownership: nobody's but root's where the cgroup is seen read-only, not at all, or with the host's namespace" {
	only_runlet
	bundle_works
	config_set '.process.user = { uid: 7, gid: 7 }'
	start_sleeper
	[ -z "$(owned 7)" ]
	runtime delete --force "$ID"
	config_mount "$cgroup_mount"
	config_set '.mounts[-1].options += ["ro"]'
	start_sleeper
	[ -z "$(owned 7)" ]
	runtime delete --force "$ID"
	config_set '.mounts[-1].options -= ["ro"]'
	start_sleeper
	owned 7 | grep -qx cgroup.procs
	runtime delete --force "$ID"
	config_no_namespace cgroup
	start_sleeper
	[ -z "$(owned 7)" ]
	runtime delete --force "$ID"
}

# --- the end ---------------------------------------------------------------------------------------------------------

@test "kill --all by cgroup.kill, with processes that fork" {
	config_no_namespace pid
	config_args sh -c 'for n in 1 2 3 4 5; do sh -c "while :; do sleep 0.01; done" & done; echo ready; wait'
	create
	start
	wait_for 5 grep -q ready out
	dir=$(cgroup_dir)
	runtime kill --all "$ID" KILL
	wait_for 5 is_line 'populated 0' "$dir/cgroup.events"
	wait_for 5 has_status stopped
	runtime delete "$ID"
	nothing_left
}

@test "kill --all with another signal reaches processes in sub-cgroups too" {
	only_runlet
	config_no_namespace pid
	config_args sh -c 'for n in 1 2 3; do sleep 1000 & done; wait; wait; wait; echo all over'
	create
	start
	dir=$(cgroup_dir)
	wait_for 5 eval '[ "$(wc -l <"$dir/cgroup.procs")" -ge 4 ]'
	mkdir -p "$dir/sub/deeper"
	tail -n 1 "$dir/cgroup.procs" >"$dir/sub/deeper/cgroup.procs"
	runtime kill --all "$ID" TERM
	wait_for 5 has_status stopped
	runtime delete "$ID"
	nothing_left
}

@test "a frozen container is killed and deleted" {
	start_sleeper
	dir=$(cgroup_dir)
	echo 1 >"$dir/cgroup.freeze"
	wait_for 5 is_frozen "$dir"
	runtime delete --force "$ID"
	nothing_left
	[ "$RUNTIME_NAME" != crun ] || return 0
	config_no_namespace pid
	start_sleeper
	echo 1 >"$(cgroup_dir)/cgroup.freeze"
	runtime kill --all "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
	nothing_left
}

@test "sub-cgroups of the container go with delete, with processes, threaded ones, frozen ones and deep ones" {
	only_runlet
	config_args sh -c 'sleep 1000 & sleep 1000 & wait'
	create
	start
	dir=$(cgroup_dir)
	wait_for 5 eval '[ "$(wc -l <"$dir/cgroup.procs")" -ge 3 ]'
	mkdir -p "$dir/sub/deeper" "$dir/frozen" "$dir/threads/below" "$dir/$(printf 'd/%.0s' {1..100})"
	sed -n 2p "$dir/cgroup.procs" >"$dir/sub/deeper/cgroup.procs"
	tail -n 1 "$dir/cgroup.procs" >"$dir/frozen/cgroup.procs"
	echo 1 >"$dir/frozen/cgroup.freeze"
	echo threaded >"$dir/threads/cgroup.type" || true
	runtime delete --force "$ID"
	nothing_left
}

@test "a program that has ended: the cgroup goes with delete, and with run" {
	inside true
	nothing_left
	config_args true
	create
	start
	sleep 0.3
	runtime delete "$ID"
	nothing_left
}

@test "a set-up that fails after the cgroup was made leaves none" {
	config_bind /nonexistent/source /a bind
	fails_with nonexistent
	config_set '.mounts |= .[:6]'
	config_args /does/not/exist
	fails_with 'does/not/exist'
}

# --- a user with a delegated subtree ---------------------------------------------------------------------------------

# as_user: from here on the runtime runs as uid 1000, in the cgroup $V2_TREE/$ID-user/shell that was delegated to it.
as_user() {
	local dir=$V2_TREE/$ID-user file
	mkdir "$dir" "$dir/shell"
	for file in hugetlb pids memory; do
		! grep -qw $file "$V2_TREE/cgroup.controllers" || echo +$file >"$V2_TREE/cgroup.subtree_control"
	done
	chown 1000 "$dir" "$dir/shell"
	[ -n "${1:-}" ] || for file in cgroup.procs cgroup.threads cgroup.subtree_control; do chown 1000 "$dir/$file" "$dir/shell/$file"; done
	[ -z "${1:-}" ] || chown 0 "$dir" "$dir/shell"
	chown -R 1000:1000 "$BUNDLE"
	mkdir -p "$ROOT" && chown 1000:1000 "$ROOT"
	world_readable
	[ "${V2_TREE}" = $CGROUPFS ] && mount_v2=true || mount_v2='mount -t cgroup2 none /sys/fs/cgroup'
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m sh -c
		"echo \$\$ >'$dir/shell/cgroup.procs' && $mount_v2"' && exec setpriv --reuid 1000 --regid 1000 --clear-groups "$@"' user)
	config_set '.linux.namespaces |= (map(select(.type != "network")) + [{ type: "user" }])
		| .linux.uidMappings = [{ containerID: 0, hostID: 1000, size: 1 }] | .linux.gidMappings = [{ containerID: 0, hostID: 1000, size: 1 }]
		| .mounts |= map(select(.destination != "/sys")) | .mounts |= map(if .options then .options |= map(select(. != "gid=5")) else . end)'
}

@test "rootless: the container's cgroup stands beside the user's own one, with limits" {
	only_runlet
	needs hugetlb
	as_user
	config_set '.linux.resources = { unified: { "hugetlb.2MB.max": "4194304" } }'
	start_sleeper
	[ "$(cgroup_dir)" = "$V2_TREE/$ID-user/$ID" ]
	[ "$(value hugetlb.2MB.max)" = 4194304 ]
	[ "$(stat -c %u "$(cgroup_dir)")" = 1000 ]
	runtime delete --force "$ID"
	rmdir "$V2_TREE/$ID-user/shell" "$V2_TREE/$ID-user"
	nothing_left
}

@test "rootless: without delegation a limit is an error and a container without limits runs" {
	only_runlet
	needs hugetlb
	as_user undelegated
	config_set '.linux.resources = { unified: { "hugetlb.2MB.max": "4194304" } }'
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ $output =~ config.json:[0-9]+:[0-9]+:\ linux.resources.unified.*Permission\ denied ]]
	config_set '.linux.resources = {}'
	inside 'id -u; cat /proc/self/cgroup'
	grep -qx 0 <<<"$output"
	rmdir "$V2_TREE/$ID-user/shell" "$V2_TREE/$ID-user"
	nothing_left
}
