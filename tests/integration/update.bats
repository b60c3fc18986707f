# update: other limits for a container, read back from the kernel's files (v1 here; v2 where the tree has the controller).

load helpers

update() { runtime update "$@" "$ID"; }
# update_json JSON: as engines send it.
update_json() { runtime update --resources - "$ID" <<<"$1"; }

# Every file that update can write, in one text.
all_values() {
	local file
	for file in "$(v1_dir memory)"/memory.{limit_in_bytes,memsw.limit_in_bytes,soft_limit_in_bytes,swappiness} \
		"$(v1_dir cpu)"/cpu.{shares,cfs_quota_us,cfs_period_us,cfs_burst_us,idle} "$(v1_dir cpuset)"/cpuset.{cpus,mems} \
		"$(v1_dir pids)/pids.max" "$(v1_dir devices)/devices.list" "$(v1_dir blkio)"/blkio.throttle.*_device; do
		[ ! -e "$file" ] || printf '%s %s\n' "$file" "$(tr '\n' ' ' <"$file")"
	done
	[ ! -d $CGROUPFS/memory ] || grep -h oom_kill_disable "$(v1_dir memory)/memory.oom_control"
	[ -d $CGROUPFS/memory ] || grep -H '' "$V2_TREE$(sed -n 's/^0:://p' "/proc/$(init_pid)/cgroup")"/*.{max,low,high,weight}
}

# update_fails REGEX OPTION...: the error matches, and no limit has changed.
update_fails() {
	local pattern=$1 before
	shift
	before=$(all_values)
	run runtime update "$@" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output =~ $pattern ]]
	diff <(echo "$before") <(all_values)
}
json_fails() {
	local pattern=$1 before
	before=$(all_values)
	run runtime update -r - "$ID" <<<"$2"
	show
	[ "$status" -ne 0 ]
	[[ $output =~ $pattern ]]
	diff <(echo "$before") <(all_values)
}

@test "update: memory and swap, up and down, in one call and with units" {
	has_v1 memory
	[ -e "$CGROUPFS/memory/memory.memsw.limit_in_bytes" ] || skip "no swap accounting"
	start_sleeper
	update --memory 64m --memory-swap 128m --memory-reservation 32m
	[ "$(v1_value memory memory.limit_in_bytes)" = 67108864 ]
	[ "$(v1_value memory memory.memsw.limit_in_bytes)" = 134217728 ]
	[ "$(v1_value memory memory.soft_limit_in_bytes)" = 33554432 ]
	# Up: swap has to be raised first.
	update --memory 268435456 --memory-swap=512MiB
	[ "$(v1_value memory memory.limit_in_bytes)" = 268435456 ]
	[ "$(v1_value memory memory.memsw.limit_in_bytes)" = 536870912 ]
	# Down: the limit has to be lowered first.
	update --memory-swap 96m --memory 32m
	[ "$(v1_value memory memory.limit_in_bytes)" = 33554432 ]
	[ "$(v1_value memory memory.memsw.limit_in_bytes)" = 100663296 ]
	# What was not named stays.
	[ "$(v1_value memory memory.soft_limit_in_bytes)" = 33554432 ]
	update --memory-swap -1
	[ "$(v1_value memory memory.memsw.limit_in_bytes)" -gt 1000000000000 ]
	[ "$(v1_value memory memory.limit_in_bytes)" = 33554432 ]
	update --memory 64m --memory-swap 64m
	update --memory=-1
	[ "$(v1_value memory memory.limit_in_bytes)" -gt 1000000000000 ]
	[ "$(v1_value memory memory.memsw.limit_in_bytes)" -gt 1000000000000 ]
	runtime delete --force "$ID"
}

@test "update: a memory limit above that of memory and swap names the other file" {
	only_runlet
	has_v1 memory
	[ -e "$CGROUPFS/memory/memory.memsw.limit_in_bytes" ] || skip "no swap accounting"
	config_set '.linux.resources.memory = { limit: 67108864, swap: 67108864 }'
	start_sleeper
	update_fails 'nothing was changed: --memory: write "134217728".*above the limit of memory and swap' --memory 128m
	json_fails 'standard input:1:[0-9]+: memory.swap: .*less than' '{"memory":{"limit":67108864,"swap":1}}'
	runtime delete --force "$ID"
}

@test "update: swappiness and disableOOMKiller, on and off again" {
	only_runlet
	has_v1 memory
	config_set '.linux.resources.memory = { limit: 67108864, disableOOMKiller: true }'
	start_sleeper
	update_json '{"memory":{"swappiness":10,"disableOOMKiller":false}}'
	[ "$(v1_value memory memory.swappiness)" = 10 ]
	v1_value memory memory.oom_control | grep -qx 'oom_kill_disable 0'
	update_json '{"memory":{"disableOOMKiller":true}}'
	v1_value memory memory.oom_control | grep -qx 'oom_kill_disable 1'
	[ "$(v1_value memory memory.swappiness)" = 10 ]
	json_fails 'cpu.cpus' '{"memory":{"disableOOMKiller":false,"swappiness":60},"cpu":{"cpus":"4000"}}'
	runtime delete --force "$ID"
}

@test "update: checkBeforeUpdate refuses a limit below what is in use, from the file and from config.json" {
	only_runlet
	has_v1 memory
	config_args sh -c 'head -c 20000000 /dev/zero >/dev/shm/big; echo ready; sleep 1000'
	create
	start
	wait_for 5 grep -q ready out
	json_fails 'memory.limit: 8388608 is not above the [0-9]+ bytes' '{"memory":{"limit":8388608,"checkBeforeUpdate":true}}'
	json_fails 'memory.swap: 8388609 is not above the [0-9]+ bytes' '{"memory":{"swap":8388609,"checkBeforeUpdate":true}}'
	update_json '{"memory":{"limit":67108864,"checkBeforeUpdate":true}}'
	[ "$(v1_value memory memory.limit_in_bytes)" = 67108864 ]
	runtime delete --force "$ID"
	config_set '.linux.resources.memory = { limit: 134217728, checkBeforeUpdate: true }'
	create
	start
	wait_for 5 grep -q ready out
	update_fails '--memory: 8388608 is not above' --memory 8m
	update --memory 64m
	runtime delete --force "$ID"
}

@test "update: a limit that the container's memory doesn't fit into is refused by the kernel, and all is undone" {
	only_runlet
	has_v1 memory
	start_sleeper
	update_fails 'nothing was changed: --memory: .*it can.t be freed' --cpu-share 77 --pids-limit 9 --memory 4k
	runtime delete --force "$ID"
}

@test "update: kernel memory is ignored with a warning" {
	only_runlet
	start_sleeper
	run runtime update --kernel-memory 1m --kernel-memory-tcp 1m "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output == *"memory.kernel is ignored"*"memory.kernelTCP is ignored"* ]]
	runtime delete --force "$ID"
}

@test "update: cpu shares, quota, period; what was not named stays" {
	has_v1 cpu
	start_sleeper
	update --cpu-share 512 --cpu-quota 50000 --cpu-period 200000
	[ "$(v1_value cpu cpu.shares)" = 512 ]
	[ "$(v1_value cpu cpu.cfs_quota_us)" = 50000 ]
	[ "$(v1_value cpu cpu.cfs_period_us)" = 200000 ]
	update --cpu-quota 30000
	[ "$(v1_value cpu cpu.cfs_period_us)" = 200000 ]
	update --cpu-period 100000
	[ "$(v1_value cpu cpu.cfs_quota_us)" = 30000 ]
	update --cpu-quota -1
	[ "$(v1_value cpu cpu.cfs_quota_us)" = -1 ]
	[ "$(v1_value cpu cpu.shares)" = 512 ]
	runtime delete --force "$ID"
}

@test "update: a quota below the present burst, and both in one call" {
	only_runlet
	has_v1 cpu
	[ -e "$CGROUPFS/cpu/cpu.cfs_burst_us" ] || skip "no burst here"
	start_sleeper
	update --cpu-quota 50000 --cpu-burst 40000
	[ "$(v1_value cpu cpu.cfs_burst_us)" = 40000 ]
	update_fails 'nothing was changed: --cpu-quota' --cpu-quota 10000
	# The quota is written first and refused until the burst is smaller.
	update --cpu-quota 10000 --cpu-burst 5000
	[ "$(v1_value cpu cpu.cfs_quota_us)" = 10000 ]
	[ "$(v1_value cpu cpu.cfs_burst_us)" = 5000 ]
	update_fails '--cpuset-cpus' --cpu-quota 90000 --cpu-burst 80000 --cpuset-cpus 4000
	runtime delete --force "$ID"
}

@test "update: a period that only fits the parent's quota with the new quota" {
	only_runlet
	has_v1 cpu
	mkdir "$CGROUPFS/cpu/$ID-parent"
	echo 50000 >"$CGROUPFS/cpu/$ID-parent/cpu.cfs_quota_us"
	config_set '.linux.cgroupsPath = $p | .linux.resources.cpu = { quota: 50000, period: 100000 }' --arg p "/$ID-parent/$ID"
	start_sleeper
	update_fails 'nothing was changed: --cpu-period' --cpu-period 50000
	update --cpu-period 50000 --cpu-quota 20000
	[ "$(v1_value cpu cpu.cfs_period_us)" = 50000 ]
	[ "$(v1_value cpu cpu.cfs_quota_us)" = 20000 ]
	runtime delete --force "$ID"
	rmdir "$CGROUPFS/cpu/$ID-parent"
}

@test "update: idle, and shares of an idle container" {
	only_runlet
	has_v1 cpu
	[ -e "$CGROUPFS/cpu/cpu.idle" ] || skip "no idle here"
	start_sleeper
	update --cpu-share 512 --cpu-idle 1
	[ "$(v1_value cpu cpu.idle)" = 1 ]
	update_fails 'nothing was changed: --cpu-share: .*idle' --cpu-share 300
	update --cpu-share 300 --cpu-idle 0
	[ "$(v1_value cpu cpu.idle)" = 0 ]
	[ "$(v1_value cpu cpu.shares)" = 300 ]
	# Undone: idle comes back, and the shares with it.
	update --cpu-idle 1
	update_fails '--pids-limit' --cpu-idle 0 --cpu-share 700 --pids-limit 99999999999
	update_fails 'want 0 or 1' --cpu-idle 2
	runtime delete --force "$ID"
}

@test "update: real-time" {
	has_v1 cpu
	[ -e "$CGROUPFS/cpu/cpu.rt_period_us" ] || skip "no real-time groups here"
	start_sleeper
	update --cpu-rt-period 500000
	[ "$(v1_value cpu cpu.rt_period_us)" = 500000 ]
	runtime delete --force "$ID"
}

@test "update: cpuset, also below parents that the runtime made" {
	has_v1 cpuset
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID-a/$ID"
	start_sleeper
	all=$(v1_value cpuset cpuset.cpus)
	update --cpuset-cpus 0 --cpuset-mems 0
	[ "$(v1_value cpuset cpuset.cpus)" = 0 ]
	[ "$(v1_value cpuset cpuset.mems)" = 0 ]
	grep -q '^Cpus_allowed_list:.0$' "/proc/$(init_pid)/status"
	update --cpuset-cpus "$all"
	[ "$(v1_value cpuset cpuset.cpus)" = "$all" ]
	runtime delete --force "$ID"
	find "$CGROUPFS" -depth -type d -name "$ID-a" -exec rmdir {} + 2>/dev/null || true
}

@test "update: CPUs that the parent lacks or that do not exist are named" {
	only_runlet
	has_v1 cpuset
	[ "$(nproc --all)" -ge 2 ] || skip "one CPU"
	mkdir "$CGROUPFS/cpuset/$ID-parent"
	echo 0 >"$CGROUPFS/cpuset/$ID-parent/cpuset.cpus"
	cat "$CGROUPFS/cpuset/cpuset.mems" >"$CGROUPFS/cpuset/$ID-parent/cpuset.mems"
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID-parent/$ID"
	start_sleeper
	update_fails 'nothing was changed: --cpuset-cpus: .*the cgroup above has not all' --cpuset-cpus 0-1
	update_fails '--cpuset-cpus: write "4000"' --cpuset-cpus 4000
	update_fails '--cpuset-cpus: write "x"' --cpuset-cpus x
	runtime delete --force "$ID"
	rmdir "$CGROUPFS/cpuset/$ID-parent"
}

@test "update: pids, 0 and -1" {
	has_v1 pids
	start_sleeper
	update --pids-limit 20
	[ "$(v1_value pids pids.max)" = 20 ]
	[ "$RUNTIME_NAME" != runlet ] || {
		update --pids-limit 0
		[ "$(v1_value pids pids.max)" = 0 ]
	}
	update --pids-limit -1
	[ "$(v1_value pids pids.max)" = max ]
	runtime delete --force "$ID"
}

a_disk() { awk 'NR > 2 && $4 !~ /^(loop|ram|zram|sr)/ { print $1 ":" $2; exit }' /proc/partitions; }

@test "update: throttled devices are changed one by one, set back when something fails, and lifted by 0" {
	only_runlet
	has_v1 blkio
	disk=$(a_disk)
	[ -n "$disk" ] || skip "no disk"
	start_sleeper
	throttle() { jq -nc --arg d "$disk" --argjson r "$1" '($d | split(":") | map(tonumber)) as $n | { blockIO: {
		throttleReadBpsDevice: [{ major: $n[0], minor: $n[1], rate: $r }] } }'; }
	update_json "$(throttle 1048576)"
	[ "$(v1_value blkio blkio.throttle.read_bps_device)" = "$disk 1048576" ]
	update_json "$(throttle 2097152)"
	[ "$(v1_value blkio blkio.throttle.read_bps_device)" = "$disk 2097152" ]
	json_fails 'hugepageLimits|pids' "$(throttle 5 | jq -c '.hugepageLimits = [{ pageSize: "7MB", limit: 1 }]')"
	update_json "$(throttle 0)"
	[ -z "$(v1_value blkio blkio.throttle.read_bps_device)" ]
	json_fails 'hugepageLimits' "$(throttle 5 | jq -c '.hugepageLimits = [{ pageSize: "7MB", limit: 1 }]')"
	runtime delete --force "$ID"
}

@test "update: the weight of block I/O, and one out of range" {
	only_runlet
	has_v1 blkio
	start_sleeper
	update --blkio-weight 500
	cat "$(v1_dir blkio)"/blkio.bfq.weight "$(v1_dir blkio)"/blkio.weight 2>/dev/null | grep -qx 500
	update_fails '--blkio-weight: want 10 to 1000' --blkio-weight 1001
	update_fails '--blkio-weight: want 10 to 1000' --blkio-weight 9
	runtime delete --force "$ID"
}

# Where hugetlb is: "DIRECTORY SUFFIX".
hugetlb_files() {
	if [ -d $CGROUPFS/hugetlb ]; then
		echo "$(v1_dir hugetlb) limit_in_bytes"
	else
		echo "$V2_TREE$(sed -n 's/^0:://p' "/proc/$(init_pid)/cgroup") max"
	fi
}

@test "update: huge pages, in a container that was made without a limit for them" {
	only_runlet
	[ -d $CGROUPFS/hugetlb ] || grep -qw hugetlb $V2_TREE/cgroup.controllers || skip "no hugetlb controller"
	[ -d /sys/kernel/mm/hugepages/hugepages-2048kB ] || skip "no huge pages of 2 MB"
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID-a/$ID"
	start_sleeper
	update_json '{"hugepageLimits":[{"pageSize":"2MB","limit":4194304}]}'
	read -r dir suffix <<<"$(hugetlb_files)"
	[ "$(cat "$dir/hugetlb.2MB.$suffix")" = 4194304 ]
	[ "$(cat "$dir/hugetlb.2MB.rsvd.$suffix")" = 4194304 ]
	before=$(cat "$dir"/hugetlb.2MB*."$suffix")
	json_fails 'hugepageLimits.0.: .*pids|pageSize|hugetlb.3MB' \
		'{"hugepageLimits":[{"pageSize":"2MB","limit":0},{"pageSize":"3MB","limit":0}]}'
	[ "$(cat "$dir"/hugetlb.2MB*."$suffix")" = "$before" ]
	[ -d $CGROUPFS/hugetlb ] || {
		update_json '{"unified":{"hugetlb.2MB.max":"2097152"}}'
		[ "$(cat "$dir/hugetlb.2MB.max")" = 2097152 ]
		json_fails 'unified.*not for limits' '{"unified":{"cgroup.freeze":"1"}}'
	}
	runtime delete --force "$ID"
	nothing_left
}

@test "update: network and rdma without their controllers are refused by name" {
	only_runlet
	start_sleeper
	[ -d $CGROUPFS/net_cls ] || json_fails 'network.classID: this host has no net_cls' '{"network":{"classID":1048577}}'
	[ -d $CGROUPFS/rdma ] || grep -qsw rdma "$V2_TREE/cgroup.controllers" ||
		json_fails 'rdma.mlx5_1: this host has no rdma' '{"rdma":{"mlx5_1":{"hcaHandles":3}}}'
	runtime delete --force "$ID"
}

@test "update: device rules are replaced, and stay when there are none" {
	only_runlet
	has_v1 devices
	config_set '.linux.resources.devices = [{ allow: false, access: "rwm" },
		{ allow: true, type: "c", major: 1, minor: 1, access: "rw" }, { allow: true, type: "b", major: 7, access: "r" }]'
	start_sleeper
	list=$(v1_value devices devices.list)
	update --pids-limit 30
	[ "$(v1_value devices devices.list)" = "$list" ]
	update_json '{"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":1,"minor":1,"access":"r"},
		{"allow":true,"type":"c","major":10,"minor":229,"access":"rw"}]}'
	v1_value devices devices.list
	v1_value devices devices.list | grep -qx 'c 1:1 r'
	v1_value devices devices.list | grep -qx 'c 10:229 rw'
	v1_value devices devices.list | grep -qx 'c 1:3 rwm'
	[ "$(v1_value devices devices.list | grep -c '^b 7:')" = 0 ]
	# All or nothing holds for them too.
	json_fails 'pids.limit' '{"devices":[{"allow":true,"access":"rwm"}],"pids":{"limit":99999999999}}'
	update_json '{"devices":[{"allow":true,"access":"rwm"}]}'
	[ "$(v1_value devices devices.list)" = 'a *:* rwm' ]
	update_json '{"devices":[{"allow":false,"access":"rwm"}]}'
	v1_value devices devices.list | grep -qx 'c 1:3 rwm'
	[ "$(v1_value devices devices.list | grep -c '^a')" = 0 ]
	runtime delete --force "$ID"
}

@test "update: a device rule that the cgroup above forbids changes nothing" {
	only_runlet
	has_v1 devices
	mkdir "$CGROUPFS/devices/$ID-parent"
	echo a >"$CGROUPFS/devices/$ID-parent/devices.deny"
	for rule in 'c *:* m' 'b *:* m' 'c 1:3 rwm' 'c 1:5 rwm' 'c 5:0 rwm' 'c 1:1 r' 'c 10:228 r'; do
		echo "$rule" >"$CGROUPFS/devices/$ID-parent/devices.allow"
	done
	config_set '.linux.cgroupsPath = $p | .linux.resources.devices = [{ allow: false, access: "rwm" },
		{ allow: true, type: "c", major: 1, minor: 1, access: "r" }]' --arg p "/$ID-parent/$ID"
	start_sleeper
	json_fails 'nothing was changed: .*devices\[1\]: write "c 10:229 r".*not permitted' \
		'{"devices":[{"allow":true,"type":"c","major":10,"minor":228,"access":"r"},
		{"allow":true,"type":"c","major":10,"minor":229,"access":"r"}],"cpu":{"shares":99}}'
	json_fails 'nothing was changed: .*devices: write "a"' '{"devices":[{"allow":true,"access":"rwm"}]}'
	runtime delete --force "$ID"
	rmdir "$CGROUPFS/devices/$ID-parent"
}

# The bundle's program writes into /s, again and again, whether /dev/mine can be opened; may_read is the rules for it.
watch_device() {
	use_device /dev/mine
	config_set '.linux.resources.devices = [{ allow: false, access: "rwm" }]'
	config_args sh -c 'while :; do if (: </dev/mine) 2>/dev/null; then echo open; else echo shut; fi >/s; sleep 0.05; done'
	may_read='{"devices":[{"allow":false,"access":"rwm"},'$(device_rule r)']}'
}

@test "update: a device is allowed and denied by name in the running container" {
	only_runlet
	has_v1 devices
	watch_device
	create
	start
	wait_for 5 grep -qx shut "$ROOTFS/s"
	update_json "$may_read"
	wait_for 5 grep -qx open "$ROOTFS/s"
	update_json '{"devices":[{"allow":false,"access":"rwm"}]}'
	wait_for 5 grep -qx shut "$ROOTFS/s"
	runtime delete --force "$ID"
}

@test "update: v2 device programs are replaced" {
	only_runlet
	[ -e $V2_TREE/cgroup.controllers ] || skip "no v2 tree to look at"
	use_v2
	watch_device
	create
	start
	wait_for 5 grep -qx shut "$ROOTFS/s"
	update_json "$may_read"
	wait_for 5 grep -qx open "$ROOTFS/s"
	update_json '{"devices":[{"allow":false,"access":"rwm"}]}'
	wait_for 5 grep -qx shut "$ROOTFS/s"
	# No program at all, and one again.
	update_json '{"devices":[{"allow":true,"access":"rwm"}]}'
	wait_for 5 grep -qx open "$ROOTFS/s"
	update_json '{"devices":[{"allow":false,"access":"rwm"}]}'
	wait_for 5 grep -qx shut "$ROOTFS/s"
	runtime delete --force "$ID"
}

@test "update: --resources from a file and from standard input; zeros and null are not asked for" {
	has_v1 memory
	has_v1 pids
	start_sleeper
	echo '{"memory":{"limit":67108864,"reservation":0,"swap":0},"cpu":{"shares":0,"quota":0,"period":0,"realtimeRuntime":0,
		"realtimePeriod":0,"cpus":"","mems":""},"blockIO":{"weight":0}}' >res.json
	shares=$(v1_value cpu cpu.shares)
	update --resources=res.json
	[ "$(v1_value memory memory.limit_in_bytes)" = 67108864 ]
	[ "$(v1_value cpu cpu.shares)" = "$shares" ]
	update -r - <<<'{"pids":{"limit":17},"cpu":null}'
	[ "$(v1_value pids pids.max)" = 17 ]
	[ "$(v1_value memory memory.limit_in_bytes)" = 67108864 ]
	# Options may follow the id.
	runtime update "$ID" --pids-limit 18
	[ "$(v1_value pids pids.max)" = 18 ]
	update_json '{}'
	runtime delete --force "$ID"
}

@test "update: what is wrong with the command line or the file is named, with its place" {
	only_runlet
	start_sleeper
	update_fails 'want --resources or the option of a limit'
	update_fails "can't be mixed" -r - --pids-limit 3 </dev/null
	update_fails '--memory: want a size such as 512m, or -1 for no limit, got "1x"' --memory 1x
	update_fails '--memory: want a size' --memory -2
	update_fails '--memory: want a size' --memory ''
	update_fails '--cpu-share: want a whole number that is not negative, got "-1"' --cpu-share -1
	update_fails '--cpu-quota: want microseconds, or -1' --cpu-quota -5
	update_fails '--pids-limit: want a whole number, got "many"' --pids-limit many
	update_fails '--blkio-weight: want a whole number' --blkio-weight 4294967296
	update_fails '--cpuset-cpus: want a list' --cpuset-cpus=
	update_fails 'unsupported: --l3-cache-schema: Intel RDT' --l3-cache-schema 'L3:0=f'
	update_fails 'unsupported: --mem-bw-schema: Intel RDT' --mem-bw-schema 'MB:0=50'
	update_fails 'open nothing.json: No such file' --resources nothing.json
	json_fails 'standard input:2:[0-9]+: memory.limit: want' '{"pids":{"limit":1},
		"memory":{"limit":"1m"}}'
	json_fails "standard input:2:1: pids: not valid JSON" '{"pids":{"limit":1}'
	json_fails 'standard input' ''
	json_fails 'standard input:1:[0-9]+: pids' '{"pids":{"limit":1},"pids":{"limit":2}}'
	runtime delete --force "$ID"
}

@test "update: a created and a paused container are updated, a stopped and a missing one are refused" {
	has_v1 pids
	has_v1 freezer
	config_args sleep 1000
	create
	update --pids-limit 21
	[ "$(v1_value pids pids.max)" = 21 ]
	start
	echo FROZEN >"$(v1_dir freezer)/freezer.state"
	update --pids-limit 22
	[ "$(v1_value pids pids.max)" = 22 ]
	has_status paused
	echo THAWED >"$(v1_dir freezer)/freezer.state"
	stop
	run runtime update --pids-limit 23 "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"not running"* ]]
	runtime delete "$ID"
	run runtime update --pids-limit 23 "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"does not exist"* ]]
	nothing_left
}

@test "update: a container without cgroups is refused" {
	only_runlet
	config_args sleep 1000
	runtime --cgroup-manager disabled create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	run runtime update --pids-limit 5 "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"has no cgroup"* ]]
	runtime delete --force "$ID"
}

@test "update: many at once wait for each other, and the container goes on" {
	has_v1 pids
	start_sleeper
	before=$(runtime state "$ID")
	updates=()
	for n in 101 102 103 104 105 106 107 108; do
		runtime update --pids-limit $n --cpu-share $n "$ID" &
		updates+=($!)
	done
	wait "${updates[@]}"
	limit=$(v1_value pids pids.max)
	[ "$limit" -gt 100 ]
	[ "$(v1_value cpu cpu.shares)" = "$limit" ]
	[ "$(runtime state "$ID")" = "$before" ]
	stop
	runtime delete "$ID"
	nothing_left
}
