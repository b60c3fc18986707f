# linux.resources on cgroup v1, read back from the kernel's files: what cgroups.bats has no test for.

load helpers

teardown() {
	[ -z "${LOOP:-}" ] || { echo none >"/sys/block/${LOOP#/dev/}/queue/scheduler"; losetup -d "$LOOP"; }
	bundle_end || return
	[ -z "${net:-}" ] || network_controllers_free
}

# A hierarchy goes with its last mount only when none of its cgroups is left, and the kernel frees those a little later.
network_controllers_free() {
	for attempt in 1 2 3 4 5 6 7 8 9 10; do
		# Mounting one that is about to go would make a new one.
		for wait in 1 2 3 4 5; do
			grep -q '^[0-9]*:net_cls,net_prio:' /proc/self/cgroup || return 0
			sleep 0.2
		done
		unshare -m mount -t cgroup -o net_cls,net_prio none "$net"
	done
	echo "# the hierarchy of net_cls and net_prio is left" >&2
	return 1
}

@test "memory: kernel limits are ignored with a warning" {
	only_runlet
	config_set '.linux.resources.memory = { kernel: 1048576, kernelTCP: 1048576 }'
	config_args true
	run_bundle
	show
	[ "$status" -eq 0 ]
	[[ $output == *"linux.resources.memory.kernel is ignored"*"linux.resources.memory.kernelTCP is ignored"* ]]
}

@test "memory: swap of -1 is no limit beside a limited memory" {
	has_v1 memory
	[ -e "$CGROUPFS/memory/memory.memsw.limit_in_bytes" ] || skip "no swap accounting"
	config_set '.linux.resources.memory = { limit: 67108864, swap: -1 }'
	start_sleeper
	[ "$(v1_value memory memory.limit_in_bytes)" = 67108864 ]
	[ "$(v1_value memory memory.memsw.limit_in_bytes)" -gt 1000000000000 ]
	runtime delete --force "$ID"
}

@test "memory: zeros, and swappiness of -1 as some callers write it, are not asked for" {
	has_v1 memory
	config_set '.linux.resources.memory = { limit: 0, reservation: 0, swap: 0, kernel: 0, kernelTCP: 0, disableOOMKiller: false }'
	start_sleeper
	[ "$(v1_value memory memory.limit_in_bytes)" -gt 1000000000000 ]
	[ "$(v1_value memory memory.swappiness)" = "$(cat $CGROUPFS/memory/memory.swappiness)" ]
	runtime delete --force "$ID"
}

@test "memory: running out of it ends the program with 137" {
	only_runlet
	has_v1 memory
	[ -e "$CGROUPFS/memory/memory.memsw.limit_in_bytes" ] || skip "no swap accounting"
	config_set '.linux.resources.memory = { limit: 16777216, swap: 16777216 }'
	config_args sh -c 'x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done'
	run_bundle
	show
	[ "$status" -eq 137 ]
	nothing_left
}

@test "cpu: idle" {
	only_runlet
	has_v1 cpu
	[ -e "$CGROUPFS/cpu/cpu.idle" ] || skip "no idle here"
	config_set '.linux.resources.cpu = { idle: 1 }'
	start_sleeper
	[ "$(v1_value cpu cpu.idle)" = 1 ]
	runtime delete --force "$ID"
	# Shares are written before, as an idle cgroup takes none.
	config_set '.linux.resources.cpu = { shares: 512, idle: 1 }'
	start_sleeper
	[ "$(v1_value cpu cpu.idle)" = 1 ]
	runtime delete --force "$ID"
}

@test "cpu: realtime period and runtime" {
	has_v1 cpu
	[ -e "$CGROUPFS/cpu/cpu.rt_runtime_us" ] || skip "no real-time groups here"
	[ "$(cat $CGROUPFS/cpu/cpu.rt_runtime_us)" -gt 20000 ] || skip "no real-time left"
	config_set '.linux.resources.cpu = { realtimePeriod: 500000, realtimeRuntime: 1000 }'
	start_sleeper
	[ "$(v1_value cpu cpu.rt_period_us)" = 500000 ]
	[ "$(v1_value cpu cpu.rt_runtime_us)" = 1000 ]
	runtime delete --force "$ID"
}

@test "cpu: a quota of -1 is no limit" {
	has_v1 cpu
	config_set '.linux.resources.cpu = { quota: -1, period: 50000 }'
	start_sleeper
	[ "$(v1_value cpu cpu.cfs_quota_us)" = -1 ]
	[ "$(v1_value cpu cpu.cfs_period_us)" = 50000 ]
	runtime delete --force "$ID"
}

@test "pids: 0 is written as 0" {
	only_runlet
	has_v1 pids
	config_set '.linux.resources.pids = { limit: 0 }'
	start_sleeper
	[ "$(v1_value pids pids.max)" = 0 ]
	runtime delete --force "$ID"
}

# LOOP: a loop device of this test's own, with the BFQ scheduler.
use_bfq_disk() {
	truncate -s 1M "$BATS_TEST_TMPDIR/disk"
	LOOP=$(losetup --find --show "$BATS_TEST_TMPDIR/disk") || skip "no loop device"
	echo bfq >"/sys/block/${LOOP#/dev/}/queue/scheduler" || skip "no BFQ"
	disk=$(cat "/sys/block/${LOOP#/dev/}/dev")
}

@test "blkio: the weight of one device, which needs its BFQ scheduler" {
	only_runlet
	has_v1 blkio
	use_bfq_disk
	config_set '($d | split(":") | map(tonumber)) as $n | .linux.resources.blockIO = { weight: 300,
		weightDevice: [{ major: $n[0], minor: $n[1], weight: 700 }] }' --arg d "$disk"
	start_sleeper
	v1_value blkio blkio.bfq.weight_device
	v1_value blkio blkio.bfq.weight_device | grep -qx "$disk 700"
	[ "$(v1_value blkio blkio.bfq.weight)" = 300 ]
	# And by update, set back where something else fails.
	runtime update -r - "$ID" <<<'{"blockIO":{"weightDevice":[{"major":'${disk%:*}',"minor":'${disk#*:}',"weight":200}]}}'
	v1_value blkio blkio.bfq.weight_device | grep -qx "$disk 200"
	run runtime update -r - "$ID" <<<'{"blockIO":{"weightDevice":[{"major":'${disk%:*}',"minor":'${disk#*:}',"weight":900}]},
		"hugepageLimits":[{"pageSize":"7MB","limit":1}]}'
	show
	[ "$status" -ne 0 ]
	v1_value blkio blkio.bfq.weight_device | grep -qx "$disk 200"
	runtime delete --force "$ID"
	echo none >"/sys/block/${LOOP#/dev/}/queue/scheduler"
	fails_with 'weightDevice\[0\].weight: write "'"$disk"' 700" to .*/blkio.bfq.weight_device.*[Nn]ot supported'
}

@test "blkio: leafWeight, of the cgroup and of a device, is refused by a kernel without it" {
	only_runlet
	has_v1 blkio
	[ -e "$CGROUPFS/blkio/blkio.leaf_weight" ] && skip "the kernel has it"
	config_set '.linux.resources.blockIO = { weightDevice: [{ major: 7, minor: 0, leafWeight: 100 }] }'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.resources.blockIO.weightDevice\[0\].leafWeight.*the kernel may lack it'
}

# A kernel can have these controllers though the host mounted no hierarchy for them: the runtime gets one of its own.
use_network_controllers() {
	local name
	for name in net_cls net_prio; do
		has_v1_mounted $name && skip "$name is mounted here"
		grep -q "^$name	0	" /proc/cgroups || skip "no $name in the kernel"
	done
	net=$BATS_TEST_TMPDIR/net
	mkdir "$net"
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m sh -c 'mount -t cgroup -o net_cls,net_prio none "$0" && exec "$@"' "$net")
}
has_v1_mounted() { [ -d "$CGROUPFS/$1" ]; }

@test "network: class and priorities" {
	only_runlet
	use_network_controllers
	config_set '.linux.resources.network = { classID: 1048577, priorities: [{ name: "lo", priority: 3 }] }'
	start_sleeper
	[ "$("${RUNTIME_WRAPPER[@]}" cat "$net/$ID/net_cls.classid")" = 1048577 ]
	"${RUNTIME_WRAPPER[@]}" cat "$net/$ID/net_prio.ifpriomap" | grep -qx 'lo 3'
	runtime update -r - "$ID" <<<'{"network":{"classID":1048578,"priorities":[{"name":"lo","priority":5}]}}'
	[ "$("${RUNTIME_WRAPPER[@]}" cat "$net/$ID/net_cls.classid")" = 1048578 ]
	"${RUNTIME_WRAPPER[@]}" cat "$net/$ID/net_prio.ifpriomap" | grep -qx 'lo 5'
	# Set back.
	run runtime update -r - "$ID" <<<'{"network":{"classID":9,"priorities":[{"name":"lo","priority":9},{"name":"nothere0","priority":9}]}}'
	show
	[ "$status" -ne 0 ]
	[[ $output =~ 'nothing was changed: standard input:1:'[0-9]+': network.priorities[1]: write "nothere0 9"'.*'No such device' ]]
	[ "$("${RUNTIME_WRAPPER[@]}" cat "$net/$ID/net_cls.classid")" = 1048578 ]
	"${RUNTIME_WRAPPER[@]}" cat "$net/$ID/net_prio.ifpriomap" | grep -qx 'lo 5'
	runtime delete --force "$ID"
	[ ! -d "$net/$ID" ]
	config_set '.linux.resources.network = { priorities: [{ name: "nothere0", priority: 3 }] }'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.resources.network.priorities\[0\].*No such device'
	config_set '.linux.resources.network = { priorities: [{ name: "a b", priority: 3 }] }'
	fails_with 'linux.resources.network.priorities\[0\].name: "a b" is no name of a network interface'
}

# What the program sees of /dev/mine: "read" or "no", and the same for writing.
try_device() {
	config_args sh -c '(: </dev/mine) 2>/dev/null && echo read || echo no; (: >>/dev/mine) 2>/dev/null && echo write || echo no'
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ "$(tr '\n' ' ' <<<"$output")" = "$1 " ]
}

@test "devices: a device is denied and allowed by name, and the last rule decides" {
	has_v1 devices
	config_all_caps
	use_device /dev/mine
	rules() { config_set ".linux.resources.devices = [$1]"; }
	all='{ "allow": false, "access": "rwm" }'
	rules "$all"
	try_device 'no no'
	rules "$all, $(device_rule r)"
	try_device 'read no'
	rules "$all, $(device_rule rw)"
	try_device 'read write'
	# The later one wins, in both directions.
	rules "$all, $(device_rule rw), $(device_rule w | sed s/true/false/)"
	try_device 'read no'
	rules "$all, $(device_rule rw | sed s/true/false/), $(device_rule rw)"
	try_device 'read write'
	rules "$(device_rule rw), $all"
	try_device 'no no'
	# A blacklist: everything but this.
	rules "{ \"allow\": true, \"access\": \"rwm\" }, $(device_rule rw | sed s/true/false/)"
	try_device 'no no'
}

@test "devices: without rules there are the default devices and no others" {
	only_runlet
	has_v1 devices
	config_all_caps
	use_device /dev/mine
	config_set 'del(.linux.resources.devices)'
	try_device 'no no'
	inside 'for name in null zero full random urandom; do head -c1 /dev/$name >/dev/null || [ $name = null ] || exit 1; done
		echo x >/dev/null && : </dev/ptmx && mknod /dev/any b 8 0'
}
