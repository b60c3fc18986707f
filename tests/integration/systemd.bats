# systemd.bats - the systemd cgroup manager, on a real systemd: what it is told, what the kernel then says, what is left.

load helpers
load systemd_guest

setup_file() { guests_start; }
teardown_file() { guests_end; }
setup() {
	only_runlet
	bundle_make
	UNIT=runlet-$ID.scope
	config_args sleep 1000
	config_set 'del(.linux.resources)'
}

delete() { runtime delete "$@" "$ID" && unit_is_gone; }
no_directories() { [ -z "$(test_cgroups)" ]; }

lifecycle() {
	use_guest "$1"
	create
	[ "$(unit_property ActiveState)" = active ]
	[ "$(unit_property Description)" = "runlet container $ID" ]
	[ "$(unit_property Slice)" = system.slice ]
	[ "$(unit_property Delegate)" = yes ]
	on grep -q "/system.slice/$UNIT\$" "/proc/$(init_pid)/cgroup"
	start
	has_status running
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	delete
	no_directories
}
@test "create, start, kill and delete on cgroup v1: a scope comes and goes" { lifecycle v1; }
@test "create, start, kill and delete on cgroup v2: a scope comes and goes" { lifecycle v2; }

runs_through() {
	use_guest "$1"
	config_args sh -c 'cat /proc/self/cgroup; exit 7'
	config_no_namespace cgroup
	run runtime run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 7 ]
	[[ $output == *"/system.slice/$UNIT"* ]]
	unit_is_gone
	no_directories
}
@test "run on cgroup v1: the program is in the scope, and nothing is left" { runs_through v1; }
@test "run on cgroup v2: the program is in the scope, and nothing is left" { runs_through v2; }

@test "run.oci.systemd.subgroup: the processes are below the scope, exec's too, and nothing is left" {
	use_guest v2
	config_set '.annotations["run.oci.systemd.subgroup"] = "payload"'
	create
	on grep -q "/system.slice/$UNIT/payload\$" "/proc/$(init_pid)/cgroup"
	start
	run -0 runtime exec "$ID" grep -c . /proc/self/cgroup
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	delete
	no_directories
}

@test "run.oci.systemd.subgroup: names that are none, and hosts that can't, are refused" {
	use_guest v1
	config_set '.annotations["run.oci.systemd.subgroup"] = "a/b"'
	run runtime run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 1 ]
	[[ $output == *run.oci.systemd.subgroup*"name of a directory"* ]]
	config_set '.annotations["run.oci.systemd.subgroup"] = "payload"'
	run runtime run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 1 ]
	[[ $output == *run.oci.systemd.subgroup*"cgroup v2"* ]]
	config_args true
	run -0 on "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[[ $output == *run.oci.systemd.subgroup*ignored* ]]
	no_directories
}

@test "every process is in the scope in each v1 hierarchy" {
	use_guest v1
	create
	start
	local line
	while read -r line; do
		[[ $line == *"/system.slice/$UNIT" ]] || [[ $line == *:rdma:* || $line == *:misc:* ]] || { echo "$line"; return 1; }
	done < <(on cat "/proc/$(init_pid)/cgroup" | grep -v '^0::/$')
	delete --force
}

@test "cgroupsPath names slice, prefix and unit; the slice's parents are expanded" {
	use_guest v1
	config_set '.linux.cgroupsPath = $path' --arg path "a$ID-b.slice:pre:$ID"
	UNIT=pre-$ID.scope
	create
	[ "$(unit_property ControlGroup)" = "/a$ID.slice/a$ID-b.slice/$UNIT" ]
	on grep -q "/a$ID.slice/a$ID-b.slice/$UNIT\$" "/proc/$(init_pid)/cgroup"
	delete --force
	# A slice stays until somebody stops it, also with other runtimes.
	on systemctl stop "a$ID.slice"
	wait_for 5 no_directories
}

@test "a cgroupsPath of another form, and with names that lead elsewhere, is refused" {
	use_guest v1
	local path
	for path in /pod/x a.slice:b a.slice:b:c:d ../a.slice:b:c a.slice:b:../c 'a--b.slice:b:c' 'a:b:c' 'a.slice:b:'; do
		config_set '.linux.cgroupsPath = $path' --arg path "$path"
		run runtime run --bundle "$BUNDLE" "$ID"
		show
		[ "$status" -ne 0 ]
		[[ $output == *config.json:*linux.cgroupsPath:* ]]
	done
	nothing_left
}

@test "limits on v1: the unit's properties and the kernel's files" {
	use_guest v1
	config_set '.linux.resources = { memory: { limit: 67108864 }, pids: { limit: 33 },
		cpu: { shares: 512, quota: 20000, period: 50000 } }'
	create
	[ "$(unit_property MemoryLimit)" = 67108864 ]
	[ "$(unit_property TasksMax)" = 33 ]
	[ "$(unit_property CPUShares)" = 512 ]
	[ "$(unit_property CPUQuotaPerSecUSec)" = 400ms ]
	[ "$(limit_of memory memory.limit_in_bytes)" = 67108864 ]
	[ "$(limit_of pids pids.max)" = 33 ]
	[ "$(limit_of cpu cpu.shares)" = 512 ]
	[ "$(limit_of cpu cpu.cfs_quota_us)" = 20000 ]
	[ "$(limit_of cpu cpu.cfs_period_us)" = 50000 ]
	# What was said only to the files systemd would take back.
	on systemctl daemon-reload
	[ "$(limit_of memory memory.limit_in_bytes)" = 67108864 ]
	[ "$(limit_of pids pids.max)" = 33 ]
	delete --force
}

@test "limits on v2: the unit's properties and the kernel's files" {
	use_guest v2
	on grep -qw memory /sys/fs/cgroup/cgroup.controllers || skip "the v2 tree here has no memory controller"
	config_set '.linux.resources = { memory: { limit: 67108864, reservation: 33554432 }, pids: { limit: 33 },
		cpu: { shares: 512, quota: 20000, period: 50000, cpus: "0" }, unified: { "memory.high": "50331648" } }'
	create
	[ "$(unit_property MemoryMax)" = 67108864 ]
	[ "$(unit_property MemoryHigh)" = 50331648 ]
	[ "$(unit_property TasksMax)" = 33 ]
	[ "$(unit_property AllowedCPUs)" = 0 ]
	[ "$(limit_of '' memory.max)" = 67108864 ]
	[ "$(limit_of '' memory.high)" = 50331648 ]
	[ "$(limit_of '' memory.low)" = 33554432 ]
	[ "$(limit_of '' pids.max)" = 33 ]
	[ "$(limit_of '' cpu.max)" = '20000 50000' ]
	[ "$(limit_of '' cpuset.cpus)" = 0 ]
	on systemctl daemon-reload
	[ "$(limit_of '' memory.max)" = 67108864 ]
	delete --force
}

@test "a limit that the hierarchy can't keep is an error with its place, and nothing is left" {
	use_guest v2
	! on grep -qw memory /sys/fs/cgroup/cgroup.controllers || skip "this v2 tree has a memory controller"
	config_set '.linux.resources = { memory: { limit: 67108864 } }'
	run runtime create --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *linux.resources.memory.limit:*"no memory cgroup controller"* ]]
	nothing_left
}

devices() {
	use_guest "$1"
	use_device /dev/thing
	config_all_caps
	config_set '.linux.resources.devices = [{ "allow": false, "access": "rwm" }]'
	config_args sh -c '(: </dev/thing) && echo opened; : </dev/null && echo null'
	run runtime run --bundle "$BUNDLE" "$ID"
	show
	[[ $output != *opened* ]]
	[[ $output == *null* ]]
	config_set '.linux.resources.devices += [$rule]' --argjson rule "$(device_rule r)"
	run runtime run --bundle "$BUNDLE" "$ID"
	show
	[[ $output == *opened* ]]
}
@test "a device that is denied and then allowed by name, v1" { devices v1; }
@test "a device that is denied and then allowed by name, v2" { devices v2; }

@test "a rule that systemd has no word for is held by runlet's own" {
	use_guest v1
	use_device /dev/thing
	config_all_caps
	config_set '.linux.resources.devices = [{ "allow": false, "access": "rwm" },
		{ "allow": true, "type": "c", "major": ($m | tonumber), "access": "rwm" },
		{ "allow": false, "type": "c", "major": ($m | tonumber), "access": "rwm" }]' --arg m "${DEVICE% *}"
	config_args sh -c '(: </dev/thing) && echo opened; true'
	run runtime run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output != *opened* ]]
}

@test "update on v1 tells systemd and the kernel, all or nothing" {
	use_guest v1
	create
	start
	runtime update --memory 67108864 --pids-limit 44 --cpu-quota 12345 --cpu-period 100000 "$ID"
	[ "$(unit_property MemoryLimit)" = 67108864 ]
	[ "$(unit_property TasksMax)" = 44 ]
	[ "$(unit_property CPUQuotaPerSecUSec)" = 130ms ]
	[ "$(limit_of memory memory.limit_in_bytes)" = 67108864 ]
	[ "$(limit_of pids pids.max)" = 44 ]
	[ "$(limit_of cpu cpu.cfs_quota_us)" = 12345 ]
	run runtime update --memory 33554432 --pids-limit 55 --cpuset-cpus 4000 "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *--cpuset-cpus* ]]
	[ "$(unit_property MemoryLimit)" = 67108864 ]
	[ "$(unit_property TasksMax)" = 44 ]
	[ "$(limit_of memory memory.limit_in_bytes)" = 67108864 ]
	[ "$(limit_of pids pids.max)" = 44 ]
	delete --force
}

@test "update on v2 tells systemd and the kernel" {
	use_guest v2
	on grep -qw memory /sys/fs/cgroup/cgroup.controllers || skip "the v2 tree here has no memory controller"
	create
	start
	runtime update --memory 67108864 --pids-limit 44 --cpu-quota 12345 --cpu-period 100000 "$ID"
	[ "$(unit_property MemoryMax)" = 67108864 ]
	[ "$(unit_property TasksMax)" = 44 ]
	[ "$(limit_of '' memory.max)" = 67108864 ]
	[ "$(limit_of '' pids.max)" = 44 ]
	[ "$(limit_of '' cpu.max)" = '12345 100000' ]
	delete --force
}

update_devices() {
	use_guest "$1"
	use_device /dev/thing
	config_all_caps
	config_set '.linux.resources.devices = [{ "allow": false, "access": "rwm" }]'
	config_args sh -c 'while ! (: </dev/thing) 2>/dev/null; do sleep 0.05; done; echo opened >/tmp/opened; sleep 1000'
	config_set '.root.readonly = false'
	create
	start
	sleep 0.3
	[ ! -e "$ROOTFS/tmp/opened" ]
	echo '{ "devices": ['"$(device_rule r)"'] }' >rules.json
	runtime update --resources "$BATS_TEST_TMPDIR/rules.json" "$ID"
	wait_for 5 [ -e "$ROOTFS/tmp/opened" ]
	delete --force
}
@test "update allows a device, v1" { update_devices v1; }
@test "update allows a device, v2" { update_devices v2; }

@test "annotations set properties of the unit" {
	use_guest v1
	config_set '.annotations = { "org.systemd.property.TimeoutStopUSec": "uint64 5000000",
		"org.systemd.property.KillSignal": "2", "org.systemd.property.After": "[\u0027basic.target\u0027]",
		"org.systemd.property.Description": "\u0027a b\u0027", "org.systemd.property.RuntimeMaxSec": "99.5" }'
	create
	[ "$(unit_property TimeoutStopUSec)" = 5s ]
	[ "$(unit_property KillSignal)" = 2 ]
	[[ " $(unit_property After) " == *' basic.target '* ]]
	[ "$(unit_property Description)" = 'a b' ]
	[[ $(unit_property RuntimeMaxUSec) == '1min 39.5'* ]]
	delete --force
}

@test "annotations that are no values, or that systemd refuses, are errors that name them" {
	use_guest v1
	local value
	for value in 5x "'a" '' '[1,' 'uint32 -1'; do
		config_set '.annotations = { "org.systemd.property.KillSignal": $value }' --arg value "$value"
		run runtime create --bundle "$BUNDLE" "$ID"
		show
		[ "$status" -ne 0 ]
		[[ $output == *'annotations["org.systemd.property.KillSignal"]'* ]]
	done
	config_set '.annotations = { "org.systemd.property.NoSuchThing": "true" }'
	run runtime create --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *'systemd refuses StartTransientUnit'*NoSuchThing* ]]
	config_set '.annotations = { "org.systemd.property.PIDs": "[uint32 1]" }'
	run runtime create --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *'runlet sets PIDs itself'* ]]
	unit_is_gone
	nothing_left
}

@test "a unit that runs is not taken over, and stays" {
	use_guest v1
	on systemd-run --quiet --scope --unit "$UNIT" sleep 1000 </dev/null >/dev/null 2>&1 3>&- &
	wait_for 5 eval '[ "$(unit_property ActiveState)" = active ]'
	run runtime create --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"$UNIT"* && $output == *UnitExists* ]]
	[ "$(unit_property ActiveState)" = active ]
	[ ! -e "$ROOT/$ID" ]
	on systemctl stop "$UNIT"
	wait
}

@test "a unit that failed is reset, and its name used" {
	use_guest v1
	on systemd-run --quiet --unit "$UNIT" --scope --property RuntimeMaxSec=1 sleep 1000 </dev/null >/dev/null 2>&1 3>&- || true
	wait_for 10 eval '[ "$(unit_property ActiveState)" = failed ]'
	create
	[ "$(unit_property ActiveState)" = active ]
	delete --force
}

@test "a unit of the same name that came later is left alone by delete and by kill" {
	use_guest v1
	create
	start
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	wait_for 10 unit_is_gone || on systemctl stop "$UNIT"
	on systemd-run --quiet --scope --unit "$UNIT" sleep 1000 </dev/null >/dev/null 2>&1 3>&- &
	wait_for 5 eval '[ "$(unit_property ActiveState)" = active ]'
	runtime kill --all "$ID" KILL
	runtime delete "$ID"
	[ "$(unit_property ActiveState)" = active ]
	[ ! -e "$ROOT/$ID" ]
	on systemctl stop "$UNIT"
	wait
}

@test "delete --force ends processes that outlive the first one" {
	use_guest v1
	config_no_namespace pid
	config_args sh -c 'trap "" TERM; sleep 1000 & sleep 1001 & wait'
	create
	start
	wait_for 5 eval '[ "$(on cat "$(unit_dir systemd)/cgroup.procs" | wc -l)" = 3 ]'
	delete --force
	wait_for 5 no_directories
}

@test "what init failed at is the error, also where systemd got a process that had ended" {
	use_guest v1
	config_set '.mounts = [{ destination: "/x", type: "none", source: "/nonexistent", options: ["bind"] }] + .mounts'
	run runtime run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *'mounts[0]'*/nonexistent* ]]
	wait_for 5 unit_is_gone
	nothing_left
}

@test "a config whose program does not exist leaves no unit" {
	use_guest v1
	config_args /nonexistent
	run runtime run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	wait_for 5 unit_is_gone
	nothing_left
}

@test "a systemd that does not answer: the error comes after 10 s and says what was waited for" {
	use_guest v1
	local before=$SECONDS
	mkdir silent
	"$(test_program silent)" silent/system_bus_socket 3>&- &
	TEST_PIDS+=($!)
	wait_for 5 [ -S silent/system_bus_socket ]
	run on unshare -m sh -c 'mount --bind "$1" /run/dbus && shift && exec "$@"' sh \
		"$BATS_TEST_TMPDIR/silent" timeout 60 "$RUNTIME" --systemd-cgroup --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *'systemd did not answer within 10.0 s on unix:path=/run/dbus/system_bus_socket: waited for '* ]]
	[ $((SECONDS - before)) -lt 25 ]
	nothing_left
}

@test "without a D-Bus daemon systemd is reached by its own socket, and without that there is an error" {
	use_guest v1
	config_args true
	run on unshare -m sh -c 'mount -t tmpfs none /run/dbus && exec "$@"' sh \
		timeout 60 "$RUNTIME" --systemd-cgroup --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	run on unshare -m sh -c 'mount -t tmpfs none /run/dbus && mount --bind /dev/null /run/systemd/private && exec "$@"' sh \
		timeout 60 "$RUNTIME" --systemd-cgroup --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *'connect to systemd on unix:path=/run/systemd/private: Connection refused'* ]]
	nothing_left
	unit_is_gone
}

@test "200 creates at once" {
	use_guest v1
	# All in one shell of the guest: to enter it takes longer than to make a container.
	run on sh -c '
		for index in $(seq 200); do
			"$1" --systemd-cgroup --root "$2" create --bundle "$3" "$4-$index" </dev/null >/dev/null 2>"$5/$index.err" &
		done
		wait
		cat "$5"/*.err
		"$1" --root "$2" list --quiet | wc -l
		for index in $(seq 200); do
			"$1" --root "$2" delete "$4-$index" 2>&1 &
		done
		wait' sh "$RUNTIME" "$ROOT" "$BUNDLE" "$ID" "$BATS_TEST_TMPDIR"
	show
	[ "$output" = 200 ]
	[ -z "$(on systemctl list-units --no-legend "runlet-$ID*")" ]
	nothing_left
}

in_a_container() {
	use_guest "$1"
	config_args sh -c 'while :; do sleep 0.1; done'
	create
	start
	run runtime exec "$ID" cat /proc/1/cgroup /proc/self/cgroup
	show
	[ "$status" -eq 0 ]
	runtime exec --detach "$ID" sleep 1001
	wait_for 5 eval '[ "$(on systemctl status "$UNIT" --no-pager | grep -c "sleep 1001")" = 1 ]'
	runtime pause "$ID"
	has_status paused
	runtime resume "$ID"
	has_status running
	[ "$(runtime ps --format json "$ID" | jq length)" -ge 2 ]
	runtime kill --all "$ID" KILL
	wait_for 5 has_status stopped
	delete
	no_directories
}
@test "exec, pause, resume, ps and kill --all, v1" { in_a_container v1; }
@test "exec, pause, resume, ps and kill --all, v2" { in_a_container v2; }

# as_user COMMAND...: as a user without privileges who has a systemd of his own.
as_user() { on setpriv --reuid $GUEST_UID --regid $GUEST_UID --clear-groups env XDG_RUNTIME_DIR=/run/user/$GUEST_UID "$@"; }
rootless() {
	use_guest v2
	! is_real_systemd || skip "no user of this machine is known to have a systemd of his own"
	on systemctl start "user@$GUEST_UID.service"
	world_readable
	mkdir user-state
	chown $GUEST_UID user-state
	(cd "$BUNDLE" && rm config.json && "$RUNTIME" spec --rootless)
	config_set '.process.terminal = false | .linux.uidMappings = [{ containerID: 0, hostID: $id, size: 1 }]
		| .linux.gidMappings = .linux.uidMappings' --argjson id "$1"
	shift
	config_args sh -c 'cat /proc/self/cgroup'
	config_no_namespace cgroup
	run as_user "$@" "$RUNTIME" --systemd-cgroup --root "$BATS_TEST_TMPDIR/user-state" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output == *"0::/user.slice/user-$GUEST_UID.slice/user@$GUEST_UID.service/user.slice/$UNIT"* ]]
	[ -z "$(as_user systemctl --user list-units --no-legend "$UNIT")" ]
	no_directories
}
@test "a user without privileges gets a scope of the user's systemd" { rootless $GUEST_UID; }
@test "so does the root of a user namespace" { rootless 0 unshare -Urm; }

@test "a create that is killed leaves nothing that delete does not find" {
	use_guest v1
	local delay
	for delay in 0 0.002 0.004 0.006 0.008 0.01 0.015 0.02 0.03; do
		on sh -c '"$1" --systemd-cgroup --root "$2" create --bundle "$3" "$4" </dev/null >/dev/null 2>&1 & sleep $5; kill -KILL $!' \
			sh "$RUNTIME" "$ROOT" "$BUNDLE" "$ID" $delay || true
		runtime delete --force "$ID"
		wait_for 5 unit_is_gone
		wait_for 5 no_directories
	done
	nothing_left
}

@test "without libsystemd the error says what to install, nothing is left, and cgroupfs does without" {
	use_guest v1
	local library
	library=$(on sh -c 'ls /usr/lib/*/libsystemd.so.0 | head -n 1')
	config_args true
	run on unshare -m sh -c 'mount --bind /dev/null "$1" && shift && exec "$@"' sh "$library" \
		"$RUNTIME" --systemd-cgroup --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 1 ]
	[[ $output == *'the systemd cgroup manager: '*libsystemd.so.0*'install libsystemd'* ]]
	nothing_left
	unit_is_gone
	run -0 on unshare -m sh -c 'mount --bind /dev/null "$1" && shift && exec "$@"' sh "$library" \
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
}

@test "the program that speaks with systemd: a sealed memfd that has nothing of runlet's but its request and its answer" {
	use_guest v1
	local asker
	mkdir silent
	"$(test_program silent)" silent/system_bus_socket 3>&- &
	TEST_PIDS+=($!)
	wait_for 5 [ -S silent/system_bus_socket ]
	on unshare -m sh -c 'mount --bind "$1" /run/dbus && shift && exec "$@"' sh "$BATS_TEST_TMPDIR/silent" \
		timeout 60 "$RUNTIME" --systemd-cgroup --root "$ROOT" run --bundle "$BUNDLE" "$ID" 9</etc/passwd >run.log 2>&1 3>&- &
	wait_for 5 eval 'asker=$(grep -slx runlet-systemd /proc/[0-9]*/comm)'
	asker=${asker%/comm}
	ls -l "$asker/exe" "$asker/fd"
	[[ $(readlink "$asker/exe") == */memfd:runlet-systemd* ]]
	[[ $(readlink "$asker/fd/0") == /memfd:runlet-request* ]]
	[[ $(readlink "$asker/fd/1") == /memfd:runlet-answer* ]]
	[[ $(readlink "$asker/fd/2") == pipe:* ]]
	[ "$(readlink "$asker"/fd/* | grep -vcE '^/memfd:runlet-(request|answer|systemd)|^(pipe|socket|anon_inode):')" = 0 ]
	[ "$(readlink "$asker"/fd/* | grep -c '^socket:')" -le 1 ]
	! (: >"$asker/exe") 2>/dev/null || false
	wait $! || true
	cat run.log
	grep -q 'systemd did not answer within' run.log
	nothing_left
}

@test "features says that the driver is there" {
	"$RUNTIME" features | jq -e '.linux.cgroup.systemd and .linux.cgroup.systemdUser'
	"$RUNTIME" features | jq -e '.potentiallyUnsafeConfigAnnotations | index("org.systemd.property.")'
}
