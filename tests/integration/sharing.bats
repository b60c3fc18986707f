# Containers that share namespaces, as the containers of a pod do: what joins what, and whose end ends whom.

load helpers

# The sandbox: a container whose program does nothing, with a bundle of its own.
sandbox_start() {
	SANDBOX=$ID-pause
	mkdir -p sandbox
	cp -al "$ROOTFS" sandbox/rootfs
	jq '.process.args = ["sleep", "1000"]' "$BUNDLE/config.json" >sandbox/config.json
	runtime create --bundle sandbox "$SANDBOX" </dev/null >/dev/null 2>&1
	runtime start "$SANDBOX"
	SANDBOX_PID=$(state .pid "$SANDBOX")
}
sandbox_has_stopped() { [ "$(state .status "$SANDBOX")" = stopped ]; }
# join TYPE=NAME...: the container joins these namespaces of the sandbox.
join() {
	local pair
	for pair; do
		config_namespace_path "${pair%=*}" "/proc/$SANDBOX_PID/ns/${pair#*=}"
	done
}
same_namespace() { [ "$(readlink "/proc/$1/ns/$3")" = "$(readlink "/proc/$2/ns/$3")" ]; }
# What the container has started besides its first process: "sleep 54321".
child_pid() {
	local pid
	for pid in $(pgrep -xf 'sleep 54321'); do
		! grep -qs "/$ID" "/proc/$pid/cgroup" || has_ended "$pid" || echo "$pid"
	done
}
has_child() { [ -n "$(child_pid)" ]; }
has_no_child() { [ -z "$(child_pid)" ]; }
config_with_child() { config_args sh -c 'sleep 54321 & exec sleep 1000'; }

@test "a pod: the network, ipc, uts and pid namespaces of a sandbox" {
	sandbox_start
	join network=net ipc=ipc uts=uts pid=pid
	config_set 'del(.hostname)'
	start_sleeper
	pid=$(init_pid)
	for namespace in net ipc uts pid; do
		same_namespace "$pid" "$SANDBOX_PID" $namespace
	done
	! same_namespace "$pid" "$SANDBOX_PID" mnt || false
	# In the sandbox's pid namespace it is one of several, and not the first.
	[ "$(awk '/^NSpid:/ { print NF - 1 }' "/proc/$pid/status")" -eq 2 ]
	[ "$(awk '/^NSpid:/ { print $3 }' "/proc/$pid/status")" -gt 1 ]
	runtime delete --force "$ID"
	[ "$(state .status "$SANDBOX")" = running ]
	runtime delete --force "$SANDBOX"
	nothing_left
}

@test "the end of the sandbox is the end of all in its pid namespace" {
	sandbox_start
	join pid=pid
	start_sleeper
	runtime kill "$SANDBOX" KILL
	wait_for 5 has_status stopped
	wait_for 5 sandbox_has_stopped
	runtime delete "$ID"
	runtime delete "$SANDBOX"
	nothing_left
}

@test "kill KILL without a pid namespace of its own ends all processes, and only this container's" {
	sandbox_start
	join pid=pid
	config_with_child
	create
	start
	wait_for 5 has_child
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	wait_for 5 has_no_child
	[ "$(state .status "$SANDBOX")" = running ]
	runtime delete "$ID"
	runtime delete --force "$SANDBOX"
}

@test "another signal goes to the first process only; with --all to every one" {
	not_on crun
	config_no_namespace pid
	config_args sh -c 'trap "echo first >>/tmp/got" USR1; sh -c "trap \"echo second >>/tmp/got\" USR1; echo >/tmp/ready; while :; do sleep 0.05; done" & while :; do sleep 0.05; done'
	create
	start
	wait_for 5 test -e "$ROOTFS/tmp/ready"
	runtime kill "$ID" USR1
	wait_for 5 grep -q first "$ROOTFS/tmp/got"
	sleep 0.1
	! grep -q second "$ROOTFS/tmp/got" || false
	runtime kill --all "$ID" USR1
	wait_for 5 grep -q second "$ROOTFS/tmp/got"
	runtime delete --force "$ID"
	nothing_left
}

@test "delete takes what is left when the first process has ended" {
	config_no_namespace pid
	config_args sh -c 'sleep 54321 & while [ ! -e /tmp/end ]; do sleep 0.05; done'
	create
	start
	wait_for 5 has_child
	touch "$ROOTFS/tmp/end"
	wait_for 5 has_status stopped
	has_child
	runtime delete "$ID"
	wait_for 5 has_no_child
	nothing_left
}

@test "kill KILL of a stopped container ends what its first process left; then it is not running" {
	only_runlet
	config_no_namespace pid
	config_args sh -c 'sleep 54321 & while [ ! -e /tmp/end ]; do sleep 0.05; done'
	create
	start
	wait_for 5 has_child
	touch "$ROOTFS/tmp/end"
	wait_for 5 has_status stopped
	run runtime kill "$ID" TERM
	show
	[ "$status" -eq 1 ]
	[[ $output == *"container not running"* ]]
	has_child
	runtime kill "$ID" KILL
	wait_for 5 has_no_child
	run runtime kill "$ID" KILL
	[ "$status" -eq 1 ]
	[[ $output == *"container not running"* ]]
	runtime delete "$ID"
	nothing_left
}

@test "delete --force of a container that shares its pid namespace leaves nothing" {
	sandbox_start
	join pid=pid
	config_with_child
	create
	start
	wait_for 5 has_child
	runtime delete --force "$ID"
	has_no_child
	runtime delete --force "$SANDBOX"
	nothing_left
}

@test "a foreground run in a shared pid namespace ends what its program left" {
	sandbox_start
	join pid=pid
	config_args sh -c 'sleep 54321 & exit 3'
	run_bundle
	show
	[ "$status" -eq 3 ]
	wait_for 5 has_no_child
	runtime delete --force "$SANDBOX"
	nothing_left
}

@test "a sandbox that is gone is named" {
	sandbox_start
	join network=net
	runtime delete --force "$SANDBOX"
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ $output == *"/proc/$SANDBOX_PID/ns/net"* ]]
	nothing_left
}

@test "the sandbox can go first: the namespaces live on with who joined them" {
	sandbox_start
	join network=net ipc=ipc
	start_sleeper
	runtime delete --force "$SANDBOX"
	[ "$(state .status)" = running ]
	[ "$(readlink "/proc/$(init_pid)/ns/net")" != "$(readlink /proc/self/ns/net)" ]
	runtime delete --force "$ID"
	nothing_left
}

@test "a pid that another process got is neither killed nor waited for" {
	only_runlet
	config_no_namespace pid
	start_sleeper
	pid=$(init_pid)
	stop
	wait_for 5 has_ended "$pid"
	sleep 1000 3>&- &
	other=$!
	TEST_PIDS+=($other)
	sed -i "s/\"pid\":$pid\b/\"pid\":$other/" "$ROOT/$ID/state.json"
	grep -q "\"pid\":$other" "$ROOT/$ID/state.json"
	for signal in KILL TERM 0; do
		run runtime kill "$ID" $signal
		show
		[ "$status" -eq 1 ]
		[[ $output == *"container not running"* ]]
	done
	run timeout 5 "$RUNTIME" --root "$ROOT" wait "$ID"
	show
	[ "$status" -eq 255 ]
	runtime kill --all "$ID" KILL
	runtime delete --force "$ID"
	kill -0 $other
}
