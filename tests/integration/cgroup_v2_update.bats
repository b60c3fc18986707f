# update, pause, events and exec on cgroup v2 with its controllers (make check-vm); what the kernel reads back counts.

load helpers

setup() {
	only_runlet
	[ "$V2_TREE" = $CGROUPFS ] || skip "this host's controllers are v1's"
	bundle_make
}

cgroup_dir() { sed -n "s|^0::|$V2_TREE|p" "/proc/$(init_pid)/cgroup"; }
value() { cat "$(cgroup_dir)/$1"; }
# are FILE VALUE [FILE VALUE]...
are() {
	while [ $# -gt 0 ]; do
		echo "$1: want '$2', is '$(value "$1")'"
		[ "$(value "$1")" = "$2" ]
		shift 2
	done
}
update_json() { runtime update --resources - "$ID" <<<"$1"; }
# refused REGEX JSON: an error, and the container's limits are what they were.
refused() {
	local files='memory.max memory.low memory.high pids.max cpu.max cpu.weight cpuset.cpus' before
	before=$(for file in $files; do value "$file"; done)
	run update_json "$2"
	show
	[ "$status" -ne 0 ]
	[[ $output =~ $1 ]]
	[ "$(for file in $files; do value "$file"; done)" = "$before" ]
}

@test "update: every flag" {
	start_sleeper
	runtime update --memory 64M --memory-reservation 32M --memory-swap 96M --pids-limit 30 --cpu-share 512 --cpu-quota 50000 \
		--cpu-period 200000 --cpu-burst 10000 --cpuset-cpus 0 --cpuset-mems 0 "$ID"
	are memory.max 67108864 memory.low 33554432 memory.swap.max 33554432 pids.max 30 cpu.weight 59 cpu.max '50000 200000' \
		cpu.max.burst 10000 cpuset.cpus 0 cpuset.mems 0
	# What is not named stays.
	runtime update --cpu-quota 70000 "$ID"
	are cpu.max '70000 200000' cpu.max.burst 10000 pids.max 30 memory.max 67108864
	runtime update --cpu-period 100000 "$ID"
	are cpu.max '70000 100000'
	runtime update --memory -1 --memory-swap -1 --pids-limit -1 --cpu-burst 0 --cpu-quota -1 "$ID"
	are memory.max max pids.max max cpu.max 'max 100000'
	runtime delete --force "$ID"
}

@test "update: the memory limit alone, and the swap alone, count together as they do at create" {
	config_set '.linux.resources.memory = { limit: 67108864, swap: 100663296 }'
	start_sleeper
	are memory.max 67108864 memory.swap.max 33554432
	runtime update --memory 48M --memory-swap 96M "$ID"
	are memory.max 50331648 memory.swap.max 50331648
	runtime delete --force "$ID"
}

@test "update: --resources, with unified and hugepages" {
	start_sleeper
	update_json '{ "unified": { "memory.high": "50331648", "memory.oom.group": "1" }, "pids": { "limit": 0 },
		"hugepageLimits": [{ "pageSize": "2MB", "limit": 4194304 }], "cpu": { "idle": 1 } }'
	are memory.high 50331648 memory.oom.group 1 hugetlb.2MB.max 4194304 cpu.idle 1
	[[ $(value pids.max) == [01] ]]
	runtime delete --force "$ID"
}

@test "update: all or nothing" {
	config_set '.linux.resources = { memory: { limit: 67108864 }, pids: { limit: 30 }, cpu: { shares: 512, quota: 50000 } }'
	start_sleeper
	refused 'linux.resources.cpu.cpus|cpuset.cpus' '{ "memory": { "limit": 50331648 }, "pids": { "limit": 5 }, "cpu": { "shares": 2, "cpus": "77777" } }'
	refused 'cpu.quota' '{ "memory": { "limit": 50331648 }, "cpu": { "quota": 5 } }'
	refused 'unified.*Invalid argument' '{ "pids": { "limit": 5 }, "unified": { "memory.high": "much" } }'
	refused 'swappiness: cgroup v2 has no such setting' '{ "memory": { "limit": 50331648, "swappiness": 5 } }'
	refused 'net_cls' '{ "pids": { "limit": 5 }, "network": { "classID": 7 } }'
	runtime delete --force "$ID"
}

@test "update: checkBeforeUpdate refuses a limit below what is in use" {
	config_set '.mounts |= map(if .destination == "/dev/shm" then .options = ["nosuid", "noexec", "nodev", "size=64m"] else . end)'
	config_set '.linux.resources.memory = { limit: 134217728 }'
	config_args sh -c 'dd if=/dev/zero of=/dev/shm/big bs=1M count=40 2>/dev/null; echo full; exec sleep 1000'
	create
	start
	wait_for 30 grep -q full out
	refused 'memory.limit|checkBeforeUpdate' '{ "memory": { "limit": 16777216, "checkBeforeUpdate": true } }'
	has_status running
	runtime delete --force "$ID"
}

@test "events --stats: the kernel's numbers" {
	config_set '.linux.resources = { memory: { limit: 67108864 }, pids: { limit: 30 } }'
	start_sleeper
	run runtime events --stats "$ID"
	show
	[ "$status" -eq 0 ]
	jq -e '.type == "stats" and .data.memory.usage.limit == 67108864 and .data.memory.usage.usage > 0 and .data.pids.limit == 30
		and .data.pids.current == 1 and .data.cpu.usage.total > 0 and (.data.hugetlb | has("2MB"))' <<<"$output"
	runtime delete --force "$ID"
}

@test "OOM: an event, status 137, and the state of the stopped container says why" {
	config_set '.linux.resources.memory = { limit: 33554432 }'
	config_args sh -c 'sleep 3; exec dd if=/dev/zero of=/dev/null bs=300M count=1'
	create
	runtime events "$ID" >events 2>&1 3>&- &
	watcher=$!
	start
	wait_for 60 has_status stopped
	wait $watcher
	cat events
	grep -q '"type":"oom"' events
	state .
	[ "$(state .oomKilled)" = true ]
	runtime delete "$ID"
	nothing_left
}

@test "pause and resume; exec is born in the container's cgroup and counts there" {
	config_set '.linux.resources.pids = { limit: 3 }'
	start_sleeper
	runtime pause "$ID"
	are cgroup.freeze 1
	[ "$(state .status)" = paused ]
	runtime resume "$ID"
	are cgroup.freeze 0
	run runtime exec "$ID" sh -c 'cat /proc/self/cgroup; sleep 1 & sleep 1 & sleep 1 & wait'
	show
	[[ $output == *"0::/"* ]]
	[[ $output == *"can't fork"* ]]
	runtime delete --force "$ID"
	nothing_left
}
