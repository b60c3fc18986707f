# linux.netDevices: devices of the host that move into the container; linux.memoryPolicy.

load helpers

setup() {
	bundle_make
	only_runlet
	command -v ip >/dev/null || skip "needs ip"
	# One end moves; the name is this test's own.
	DEVICE=rlt$((BASHPID % 100000))a
	PEER=rlt$((BASHPID % 100000))b
	ip link add "$DEVICE" type veth peer name "$PEER" 2>/dev/null || skip "no veth devices here"
}
teardown() {
	ip link del "$PEER" 2>/dev/null || true
	bundle_end
}
# devices JSON: linux.netDevices, with $d for the device.
devices() { config_set ".linux.netDevices = $1" --arg d "$DEVICE"; }
is_gone() { ! ip link show "$1" >/dev/null 2>&1; }

@test "a device moves with its addresses, gets its new name, and is up" {
	ip addr add 198.51.100.7/24 dev "$DEVICE"
	ip addr add 2001:db8::7/64 dev "$DEVICE" nodad
	ip link set "$DEVICE" mtu 1400 address 02:00:00:00:00:07 up
	ip link set "$PEER" up
	devices '{ ($d): { name: "inside0" } }'
	inside 'ip addr show inside0'
	[[ $output == *"inside0"*",UP"* ]]
	[[ $output == *"mtu 1400"* ]]
	[[ $output == *"02:00:00:00:00:07"* ]]
	[[ $output == *"inet 198.51.100.7/24"* ]]
	[[ $output == *"inet6 2001:db8::7/64"* ]]
	[ "$(grep -c 'inet6 fe80' <<<"$output")" -le 1 ]
}

@test "a device keeps its name where none is given; traffic passes" {
	ip addr add 198.51.100.9/24 dev "$DEVICE"
	devices '{ ($d): {} }'
	config_args sleep 1000
	create
	! ip link show "$DEVICE" 2>/dev/null || false
	ip addr add 198.51.100.10/24 dev "$PEER"
	ip link set "$PEER" up
	start
	busybox ping -c1 -W2 198.51.100.9 >/dev/null
	[ "$(cat "/proc/$(init_pid)/net/dev" | grep -c "$DEVICE")" = 1 ]
	runtime delete --force "$ID"
	wait_for 5 is_gone "$DEVICE"
}

@test "addresses that were leased aren't kept, host scope neither" {
	ip addr add 198.51.100.7/24 dev "$DEVICE" valid_lft 100 preferred_lft 100
	ip addr add 198.51.100.8/32 dev "$DEVICE" scope host
	ip addr add 198.51.100.9/25 dev "$DEVICE"
	devices '{ ($d): {} }'
	inside "ip -4 addr show $DEVICE"
	[[ $output == *198.51.100.9/25* && $output != *198.51.100.7* && $output != *198.51.100.8* ]]
}

@test "a device moves into a container with a user namespace" {
	world_readable
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	ip addr add 198.51.100.7/24 dev "$DEVICE"
	devices '{ ($d): { name: "in" } }'
	inside 'ip addr show in'
	[[ $output == *198.51.100.7/24* ]]
}

@test "a device moves into a network namespace that is joined, and hooks see it there" {
	unshare --net sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	holder=$!
	TEST_PIDS+=($holder)
	wait_for 5 grep -q ready holder.out
	config_namespace_path network "/proc/$holder/ns/net"
	devices '{ ($d): { name: "in" } }'
	config_set '.hooks.createRuntime = [{ path: "/bin/sh", args: ["sh", "-c", $s] }]' \
		--arg s "grep -c in: /proc/$holder/net/dev >$BATS_TEST_TMPDIR/seen"
	inside 'ip link show in'
	[[ $output == *" in"* ]]
	[ "$(cat seen)" = 1 ]
}

@test "forged answers from a network namespace that is joined are not listened to" {
	command -v strace >/dev/null || skip "needs strace"
	unshare --net "$(test_program nlspoof)" "${RUNTIME##*/}" >holder.out 2>&1 &
	local holder=$!
	TEST_PIDS+=($holder)
	wait_for 5 grep -q ready holder.out
	ip addr add 198.51.100.7/24 dev "$DEVICE"
	ip addr add 198.51.100.8/24 dev "$DEVICE"
	config_namespace_path network "/proc/$holder/ns/net"
	devices '{ ($d): { name: "inside0" } }'
	config_args ip -4 addr show inside0
	# There is time for a forgery between any two messages.
	run timeout -k 5 60 strace -qq -o /dev/null -e trace=sendmsg -e inject=sendmsg:delay_exit=50000 \
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output == *198.51.100.7/24*198.51.100.8/24* ]]
}

@test "a device that doesn't exist is named, and nothing stays" {
	config_set '.linux.netDevices = { "nosuchdevice": {} }'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.netDevices.nosuchdevice: find the network device: No such device'
}

@test "a name that the container has is refused, and the device stays on the host" {
	devices '{ ($d): { name: "lo" } }'
	fails_with "linux.netDevices.$DEVICE: the container's network namespace has a device lo"
	ip link show "$DEVICE" >/dev/null
}

@test "without a network namespace, in the host's, twice the same name, and names that are none are refused" {
	devices '{ ($d): { name: "in" } }'
	config_no_namespace network
	config_set '.mounts |= map(select(.type != "sysfs"))'
	fails_with "linux.netDevices.$DEVICE: needs a network namespace"
	config_set '.linux.namespaces += [{ type: "network", path: $p }]' --arg p "/proc/$$/ns/net"
	fails_with 'namespace of the host, which linux.netDevices would change'
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	devices '{ ($d): { name: "in" }, "eth9": { name: "in" } }'
	fails_with 'another device becomes in'
	for name in a/b 0123456789abcdef .. 'eth%d' 'a b'; do
		devices "{ (\$d): { name: \"$name\" } }"
		fails_with 'want names of network devices'
	done
	ip link show "$DEVICE" >/dev/null
}

@test "plan names the devices and changes nothing" {
	devices '{ ($d): { name: "in" } }'
	run -0 runtime plan --bundle "$BUNDLE"
	[[ $output == *"net_device $DEVICE becomes in"* ]]
	run -0 runtime plan --bundle "$BUNDLE" --format json
	[ "$(jq -r --arg d "$DEVICE" '.netDevices[$d]' <<<"$output")" = in ]
	ip link show "$DEVICE" >/dev/null
}

@test "memoryPolicy: the program runs with it, exec too" {
	[ -e /proc/self/numa_maps ] || skip "no NUMA in this kernel"
	config_set '.linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_F_STATIC_NODES"] }'
	start_sleeper
	grep -q 'bind=static:0' "/proc/$(init_pid)/numa_maps"
	run -0 runtime exec "$ID" cat /proc/self/numa_maps
	[[ $output == *bind=static:0* ]]
	runtime delete --force "$ID"
}

@test "memoryPolicy: nodes that the machine doesn't have, and combinations that make no sense, are refused" {
	[ -e /proc/self/numa_maps ] || skip "no NUMA in this kernel"
	config_set '.linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "900" }'
	fails_with 'linux.memoryPolicy: set_mempolicy .*nodes'
	config_set '.linux.memoryPolicy = { mode: "MPOL_BIND", nodes: "99999" }'
	fails_with 'linux.memoryPolicy.nodes'
	config_set '.linux.memoryPolicy = { mode: "MPOL_INTERLEAVE" }'
	fails_with 'MPOL_INTERLEAVE needs nodes'
	config_set '.linux.memoryPolicy = { mode: "MPOL_LOCAL", nodes: "0" }'
	fails_with 'MPOL_LOCAL takes no nodes'
}
