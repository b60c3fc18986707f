# Namespaces: new, joined by path, inherited.

load helpers

ns_of_host() { readlink "/proc/self/ns/$1"; }

# A process that holds new namespaces: HOLDER is its pid.  Arguments are unshare's.
holder_start() {
	unshare "$@" sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	HOLDER=$!
	TEST_PIDS+=($HOLDER)
	wait_for 5 grep -q ready holder.out
}

@test "the namespaces of the list are new" {
	inside 'for ns in pid net ipc uts mnt cgroup; do readlink /proc/self/ns/$ns; done'
	for ns in pid net ipc uts mnt cgroup; do
		[[ $output != *"$(ns_of_host $ns)"* ]] || { echo "$ns is the host's"; return 1; }
	done
	[ "${#lines[@]}" -eq 6 ]
}

@test "the program is PID 1 in a new pid namespace" {
	inside 'echo $$; ls -d /proc/[0-9]*'
	[ "${lines[0]}" = 1 ]
	[ "${lines[1]}" = /proc/1 ]
}

@test "namespaces that are not listed are inherited" {
	for type in network:net ipc:ipc uts:uts pid:pid cgroup:cgroup; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_no_namespace "${type%:*}"
		[ "$type" != uts:uts ] || config_set 'del(.hostname)'
		[ "$type" != network:net ] || config_set '(.mounts[] | select(.type == "sysfs")) |= { destination: "/sys", type: "none", source: "/sys", options: ["rbind", "ro"] }'
		inside "readlink /proc/self/ns/${type#*:}"
		[ "$output" = "$(ns_of_host "${type#*:}")" ]
	done
}

@test "a namespace is joined by its path: network, ipc, uts" {
	holder_start --net --ipc --uts
	for type in network:net ipc:ipc uts:uts; do
		config_namespace_path "${type%:*}" "/proc/$HOLDER/ns/${type#*:}"
	done
	config_set 'del(.hostname)'
	inside 'for ns in net ipc uts; do readlink /proc/self/ns/$ns; done'
	for ns in net ipc uts; do
		[[ $output == *"$(readlink "/proc/$HOLDER/ns/$ns")"* ]]
	done
}

@test "a pid namespace is joined by its path: the program is its child, and kill and delete work" {
	unshare --pid --fork --kill-child sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	holder=$!
	TEST_PIDS+=($holder)
	wait_for 5 grep -q ready holder.out
	inner=$(cat "/proc/$holder/task/$holder/children")
	inner=${inner%% *}
	config_namespace_path pid "/proc/$inner/ns/pid"
	config_args sleep 1000
	create
	start
	[ "$(readlink "/proc/$(init_pid)/ns/pid")" = "$(readlink "/proc/$inner/ns/pid")" ]
	[ "$(grep ^NSpid "/proc/$(init_pid)/status" | wc -w)" -eq 3 ]
	stop
	runtime delete "$ID"
	kill -0 "$inner"
}

@test "a cgroup namespace is joined by its path" {
	not_on crun
	holder_start --cgroup
	config_namespace_path cgroup "/proc/$HOLDER/ns/cgroup"
	inside 'readlink /proc/self/ns/cgroup'
	[ "$output" = "$(readlink "/proc/$HOLDER/ns/cgroup")" ]
}

@test "a mount namespace is joined by its path" {
	only_runlet
	holder_start --mount
	config_namespace_path mount "/proc/$HOLDER/ns/mnt"
	config_set 'del(.linux.maskedPaths, .linux.readonlyPaths) | .mounts = [.mounts[0]]'
	config_args sh -c 'readlink /proc/self/ns/mnt'
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ "$output" = "$(readlink "/proc/$HOLDER/ns/mnt")" ]
	kill "$HOLDER"
	wait_for 5 has_ended "$HOLDER"
}

@test "network: lo is up in a new namespace" {
	inside 'ip addr show lo; ping -c1 -W2 127.0.0.1 >/dev/null || cat /sys/class/net/lo/flags'
	[[ $output == *LOOPBACK,UP* ]]
	[[ $output == *127.0.0.1* ]]
}

@test "uts: hostname and domainname" {
	not_on runc
	config_set '.hostname = "h.example" | .domainname = "d.example"'
	inside 'hostname; cat /proc/sys/kernel/domainname'
	[ "$output" = $'h.example\nd.example' ]
	[ "$(hostname)" != h.example ]
}

@test "uts: hostname without a uts namespace is refused" {
	config_no_namespace uts
	fails_with 'hostname|[Uu][Tt][Ss]'
}

@test "uts: domainname without a uts namespace is refused" {
	not_on runc
	config_no_namespace uts
	config_set 'del(.hostname) | .domainname = "d.example"'
	fails_with 'domainname|[Uu][Tt][Ss]'
}

@test "user: maps, and the program is root inside and nobody special outside" {
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }]
		| .linux.gidMappings = [{ containerID: 0, hostID: 200000, size: 65536 }]'
	world_readable
	config_args sh -c 'id -u; id -g; cat /proc/self/uid_map /proc/self/gid_map; exec sleep 1000'
	create
	start
	wait_for 5 grep -q 200000 out
	cat out
	pid=$(init_pid)
	[ "$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")" = 100000 ]
	[ "$(awk '/^Gid:/ { print $2 }' "/proc/$pid/status")" = 200000 ]
	[ "$(sed 's/  */ /g;s/^ //' out)" = $'0\n0\n0 100000 65536\n0 200000 65536' ]
	[ "$(readlink "/proc/$pid/ns/user")" != "$(ns_of_host user)" ]
	runtime delete --force "$ID"
}

@test "user: where the host's mounts are shared, as systemd makes them, none of the container's appears on the host" {
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }]
		| .linux.gidMappings = [{ containerID: 0, hostID: 200000, size: 65536 }]'
	config_caps CAP_SYS_ADMIN
	mkdir volume
	config_bind "$PWD/volume" /mnt rbind
	world_readable
	config_args sh -c 'mount -t tmpfs none /mnt && mount -t tmpfs none /var && wc -l </proc/self/mountinfo'
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m --propagation shared sh -c
		'"$@" && ! grep -E "/volume |rootfs/" /proc/self/mountinfo' shared)
	for propagation in rslave rprivate slave shared; do
		config_set '.linux.rootfsPropagation = $p' --arg p $propagation
		run_bundle
		show
		[ "$status" -eq 0 ]
	done
}

@test "user: several map lines, and a uid that is not 0" {
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 10 }, { containerID: 10, hostID: 300000, size: 5000 }]
		| .linux.gidMappings = .linux.uidMappings | .process.user = { uid: 1000, gid: 1001, additionalGids: [5, 1002] }'
	world_readable
	inside 'id -u; id -g; id -G; wc -l </proc/self/uid_map; grep Cap /proc/self/status'
	[ "${lines[0]} ${lines[1]}" = "1000 1001" ]
	[[ ${lines[2]} == *1002* ]]
	[ "${lines[3]}" = 2 ]
}

@test "user: without maps it is a clear error" {
	config_set '.linux.namespaces += [{ type: "user" }]'
	fails_with '[Mm]apping|map'
}

@test "user: a mapping without a user namespace is refused" {
	bundle_works
	config_set '.linux.uidMappings = [{ containerID: 0, hostID: 1000, size: 1 }] | .linux.gidMappings = .linux.uidMappings'
	run_bundle
	show
	[ "$status" -ne 0 ] || [ "$RUNTIME_NAME" = crun ] || [ "$RUNTIME_NAME" = runc ]
}

@test "user: a map in which the container's uid is missing is refused" {
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 10 }] | .linux.gidMappings = .linux.uidMappings
		| .process.user.uid = 4242'
	world_readable
	fails_with '.'
}

@test "user: joined by its path" {
	not_on runc
	world_readable
	unshare --user sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	holder=$!
	TEST_PIDS+=($holder)
	wait_for 5 grep -q ready holder.out
	echo '0 100000 65536' >"/proc/$holder/uid_map"
	echo '0 100000 65536' >"/proc/$holder/gid_map"
	config_set '.linux.namespaces += [{ type: "user", path: $p }]' --arg p "/proc/$holder/ns/user"
	inside 'readlink /proc/self/ns/user; id -u; cat /proc/self/uid_map'
	[ "${lines[0]}" = "$(readlink "/proc/$holder/ns/user")" ]
	[ "${lines[1]}" = 0 ]
}

@test "another container's user and pid namespaces are joined" {
	not_on crun runc
	world_readable
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	start_sleeper
	pid=$(init_pid)
	config_set 'del(.linux.uidMappings, .linux.gidMappings)'
	for type in user:user pid:pid network:net ipc:ipc uts:uts; do
		config_namespace_path "${type%:*}" "/proc/$pid/ns/${type#*:}"
	done
	config_set 'del(.hostname)'
	config_args sh -c 'for ns in user pid net ipc uts; do readlink /proc/self/ns/$ns; done; ls -d /proc/1; tr "\0" " " </proc/1/cmdline'
	run runtime run --bundle "$BUNDLE" "$ID-two"
	show
	[ "$status" -eq 0 ]
	for ns in user pid net ipc uts; do
		[[ $output == *"$(readlink "/proc/$pid/ns/$ns")"* ]]
	done
	[[ $output == *"sleep 1000"* ]]
	runtime delete --force "$ID"
}

@test "cgroup: the root of the namespace is the container's cgroup" {
	inside 'cat /proc/self/cgroup'
	! grep -qv ':/$' <<<"$output" || false
}

@test "time: a new namespace with offsets" {
	only_runlet
	config_set '.linux.namespaces += [{ type: "time" }]
		| .linux.timeOffsets = { monotonic: { secs: 7200, nanosecs: 5 }, boottime: { secs: 864000, nanosecs: 0 } }'
	before=$(cut -d. -f1 /proc/uptime)
	inside 'cut -d. -f1 /proc/uptime; readlink /proc/self/ns/time; cat /proc/self/timens_offsets'
	[ "${lines[0]}" -ge $((before + 864000)) ]
	[ "${lines[0]}" -le $((before + 864100)) ]
	[ "${lines[1]}" != "$(ns_of_host time)" ]
	[[ $output =~ monotonic\ +7200\ +5 ]]
}

@test "time: a new namespace without offsets" {
	only_runlet
	config_set '.linux.namespaces += [{ type: "time" }]'
	inside 'readlink /proc/self/ns/time'
	[ "$output" != "$(ns_of_host time)" ]
}

@test "time: joined by its path" {
	only_runlet
	unshare --time --boottime 5000 --fork --kill-child sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	holder=$!
	TEST_PIDS+=($holder)
	wait_for 5 grep -q ready holder.out
	child=$(cat "/proc/$holder/task/$holder/children")
	child=${child%% *}
	config_set '.linux.namespaces += [{ type: "time", path: $p }]' --arg p "/proc/$child/ns/time"
	inside 'readlink /proc/self/ns/time'
	[ "$output" = "$(readlink "/proc/$child/ns/time")" ]
}

@test "time: offsets without a time namespace are refused" {
	only_runlet
	config_set '.linux.timeOffsets = { monotonic: { secs: 1, nanosecs: 0 } }'
	fails_with 'timeOffsets'
}

@test "a path that does not exist, and one that is no namespace, are named" {
	config_namespace_path network /nonexistent/netns
	fails_with '/nonexistent/netns'
	echo no >"$BATS_TEST_TMPDIR/netns"
	config_namespace_path network "$BATS_TEST_TMPDIR/netns"
	fails_with '.'
}

@test "a namespace of another type than it says is refused" {
	holder_start --ipc
	config_namespace_path network "/proc/$HOLDER/ns/ipc"
	fails_with '.'
}

@test "a type twice, and an unknown type, are refused" {
	config_set '.linux.namespaces += [{ type: "ipc" }]'
	fails_with 'ipc|[Ii][Pp][Cc]'
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_set '.linux.namespaces += [{ type: "galaxy" }]'
	fails_with 'galaxy'
}

@test "a container without a mount namespace leaves no mount after delete" {
	only_runlet
	config_no_namespace mount
	config_set '.mounts = [.mounts[0]] | del(.linux.maskedPaths, .linux.readonlyPaths)'
	config_args sh -c 'cat /etc/passwd; readlink /proc/self/ns/mnt; exec sleep 1000'
	create
	start
	wait_for 5 grep -q mnt: out
	[ "$(tail -1 out)" = "$(ns_of_host mnt)" ]
	grep -q '^app:' out
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
	nothing_left
}

@test "a foreground run without a mount namespace leaves no mount" {
	only_runlet
	config_no_namespace mount
	config_set '.mounts = [.mounts[0]] | del(.linux.maskedPaths, .linux.readonlyPaths)'
	inside true
	nothing_left
}

@test "every combination of inherited namespaces starts" {
	for mask in 0 3 5 6 9 10 12 15 16 21 31; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		bit=1
		for type in network ipc uts pid cgroup; do
			if [ $((mask & bit)) -ne 0 ]; then
				config_no_namespace $type
				[ $type != uts ] || config_set 'del(.hostname)'
				[ $type != network ] || config_set '.mounts |= map(select(.type != "sysfs"))'
			fi
			bit=$((bit * 2))
		done
		inside 'exit 0'
	done
}
