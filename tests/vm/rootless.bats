# Containers of a user with a systemd manager, to which the controllers are delegated.  Runs as that user.

load ../integration/helpers

setup() {
	[ "$(id -u)" != 0 ] || skip "not for root"
	[ -d "$XDG_RUNTIME_DIR/systemd" ] || skip "no systemd user manager"
	IS_ROOTLESS=yes bundle_make
	config_set '.linux.namespaces |= (map(select(.type != "network")) + [{ type: "user" }])
		| .linux.uidMappings = [{ containerID: 0, hostID: $id, size: 1 }] | .linux.gidMappings = [{ containerID: 0, hostID: $id, size: 1 }]
		| .mounts |= map(select(.destination != "/sys") | if .options then .options -= ["gid=5"] else . end)' --argjson id "$(id -u)"
	OWN=$(sed -n 's|^0::||p' /proc/self/cgroup)
}
# The container's cgroup is the user's, below which nobody else's leftovers are.
test_cgroups() { find "$CGROUPFS/user.slice/user-$(id -u).slice" -depth -type d -name "*$ID*" 2>/dev/null; }

cgroup_dir() { sed -n "s|^0::|$CGROUPFS|p" "/proc/$(init_pid)/cgroup"; }
value() { cat "$(cgroup_dir)/$1"; }
limits='{ memory: { limit: 67108864, reservation: 33554432 }, pids: { limit: 9 }, cpu: { shares: 512, quota: 50000, cpus: "0" } }'
has_limits() {
	[ "$(value memory.max)" = 67108864 ]
	[ "$(value memory.low)" = 33554432 ]
	[ "$(value pids.max)" = 9 ]
	[ "$(value cpu.weight)" = 59 ]
	[ "$(value cpu.max)" = '50000 100000' ]
	[ "$(value "${1:-cpuset.cpus}")" = 0 ]
}

@test "cgroupfs: beside the user's own cgroup, with every delegated limit" {
	config_set ".linux.resources = $limits"
	start_sleeper
	[ "$(cgroup_dir)" = "$CGROUPFS${OWN%/*}/$ID" ]
	has_limits
	runtime delete --force "$ID"
	nothing_left
}

@test "cgroupfs: the limits hold" {
	config_set '.linux.resources = { memory: { limit: 33554432 } }'
	config_args sh -c 'exec dd if=/dev/zero of=/dev/null bs=300M count=1'
	run_bundle
	show
	[ "$status" -eq 137 ]
	nothing_left
}

@test "cgroupfs: what isn't delegated is an error at its place, and a place that isn't the user's too" {
	config_set '.linux.resources = { hugepageLimits: [{ pageSize: "2MB", limit: 4194304 }] }'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.resources.hugepageLimits\[0\]'
	config_set '.linux.resources = { pids: { limit: 9 } } | .linux.cgroupsPath = $p' --arg p "/$ID"
	fails_with 'linux.resources.pids.limit.*Permission denied'
	config_set 'del(.linux.resources)'
	inside 'id -u'
	[ "${lines[-1]}" = 0 ]
}

@test "cgroupfs: the container may manage its own cgroup" {
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev"] }'
	config_set ".linux.resources = { pids: { limit: 20 } }"
	inside 'mkdir /sys/fs/cgroup/mine && echo $$ >/sys/fs/cgroup/mine/cgroup.procs && echo +pids >/sys/fs/cgroup/cgroup.subtree_control &&
		mkdir /sys/fs/cgroup/other && cat /proc/self/cgroup && cat /sys/fs/cgroup/other/pids.max'
	[[ $output == *"0::/mine"* ]]
	[[ $output == *max* ]]
	nothing_left
}

@test "sub-ids by newuidmap, and ownership of the cgroup stays the user's" {
	config_set '.linux.uidMappings += [{ containerID: 1, hostID: 100000, size: 1000 }]
		| .linux.gidMappings += [{ containerID: 1, hostID: 100000, size: 1000 }] | .process.user = { uid: 7, gid: 7 }'
	start_sleeper
	[ "$(awk '/^Uid:/ { print $2 }' "/proc/$(init_pid)/status")" = 100006 ]
	[ "$(stat -c %u "$(cgroup_dir)")" = "$(id -u)" ]
	runtime delete --force "$ID"
	nothing_left
}

@test "pause, resume, update, events, exec and kill --all" {
	config_set ".linux.resources = $limits"
	start_sleeper
	runtime pause "$ID"
	[ "$(state .status)" = paused ]
	runtime resume "$ID"
	runtime update --pids-limit 12 --memory 50331648 "$ID"
	[ "$(value pids.max)" = 12 ]
	[ "$(value memory.max)" = 50331648 ]
	runtime events --stats "$ID" | jq -e '.data.pids.limit == 12 and .data.memory.usage.limit == 50331648'
	run runtime exec "$ID" cat /proc/self/cgroup
	show
	[ "$status" -eq 0 ]
	runtime kill --all "$ID" KILL
	wait_for 20 has_status stopped
	runtime delete "$ID"
	nothing_left
}

# --- the systemd manager ---------------------------------------------------------------------------------------------

@test "systemd: a scope of the user's manager, with the limits" {
	config_set ".linux.resources = $limits"' | .linux.cgroupsPath = "user.slice:rt:" + $id' --arg id "$ID"
	config_args sleep 1000
	runtime --systemd-cgroup create --bundle "$BUNDLE" "$ID" >out 2>&1 </dev/null || { cat out; false; }
	start
	[[ $(cgroup_dir) == "$CGROUPFS/user.slice/user-$(id -u).slice/user@$(id -u).service/user.slice/rt-$ID.scope"* ]]
	systemctl --user show "rt-$ID.scope" -p MemoryMax -p TasksMax -p ActiveState
	systemctl --user show "rt-$ID.scope" -p MemoryMax | grep -qx MemoryMax=67108864
	has_limits
	runtime delete --force "$ID"
	[ "$(systemctl --user show "rt-$ID.scope" -p ActiveState)" = ActiveState=inactive ]
	nothing_left
}

@test "systemd: update is told to systemd as well" {
	config_set ".linux.resources = $limits"' | .linux.cgroupsPath = "user.slice:rt:" + $id' --arg id "$ID"
	config_args sleep 1000
	runtime --systemd-cgroup create --bundle "$BUNDLE" "$ID" >out 2>&1 </dev/null || { cat out; false; }
	start
	runtime update --memory 50331648 "$ID"
	[ "$(value memory.max)" = 50331648 ]
	systemctl --user show "rt-$ID.scope" -p MemoryMax | grep -qx MemoryMax=50331648
	runtime delete --force "$ID"
	nothing_left
}
