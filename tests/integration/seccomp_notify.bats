# SCMP_ACT_NOTIFY: the listener reaches the agent with the container process state, and nothing runs without it.

load helpers

# notify_for NAMES [MORE]: these calls ask the agent; MORE are further members of the seccomp object.
notify_for() {
	config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", listenerPath: $path, syscalls: [{ names: $names, action: "SCMP_ACT_NOTIFY" }] } + $more' \
		--arg path "$AGENT" --argjson names "$1" --argjson more "${2:-{\}}"
}
agent() {
	"$(test_program seccompagent)" "$AGENT" "$@" >"$LOG" 2>&1 &
	AGENT_PID=$!
	TEST_PIDS+=("$AGENT_PID")
	wait_for 5 test -S "$AGENT"
}
agent_stop() { kill "$AGENT_PID"; wait "$AGENT_PID" 2>/dev/null || true; rm -f "$AGENT"; }
states() { sed -n 's/^state //p' "$LOG"; }
has_states() { [ "$(states | wc -l)" -ge "$1" ]; }
has_call() { grep -q '^call ' "$LOG"; }

setup() {
	bundle_make
	AGENT=$BATS_TEST_TMPDIR/agent.sock
	LOG=$BATS_TEST_TMPDIR/agent.log
	notify_for '["mkdir", "mkdirat"]' '{ "listenerMetadata": "some \"data\"" }'
}

@test "run: the agent answers in the place of the kernel" {
	agent
	inside 'mkdir /tmp/x 2>&1; [ ! -e /tmp/x ]'
	[[ $output == *"No space left"* ]]
	has_call
}

@test "run without noNewPrivileges, as a user, in the foreground with a startContainer hook" {
	not_on runc
	agent
	printf '#!/bin/sh\nmkdir /tmp/by-hook && chmod 777 /tmp/by-hook\n' >"$ROOTFS/bin/hook"
	chmod 755 "$ROOTFS/bin/hook"
	config_set '.hooks.startContainer = [{ path: "/bin/hook" }]'
	config_set '.process.noNewPrivileges = false | .process.user = { uid: 1000, gid: 1000 }'
	inside '[ -d /tmp/by-hook ]; mkdir /tmp/x 2>&1; id -u; grep NoNewPrivs /proc/self/status'
	[[ $output == *"No space left"*1000*NoNewPrivs:?0* ]]
}

@test "create and start: the state is the spec's, and comes at start" {
	local pid
	agent
	config_set '.annotations = { a: "b" }'
	config_args sh -c 'mkdir /tmp/x; sleep 1000'
	create
	# runc loads the filter here already.
	[ "$RUNTIME_NAME" = runc ] || [ ! -s "$LOG" ]
	start
	wait_for 5 has_call
	pid=$(init_pid)
	[ "$(states | wc -l)" = 1 ]
	grep -qx 'fds 1' "$LOG"
	# "it MUST be closed after sending a seccomp state"
	[ "$RUNTIME_NAME" = runc ] || grep -qx closed "$LOG"
	states | jq -e --argjson pid "$pid" --arg id "$ID" --arg bundle "$BUNDLE" '
		.fds == ["seccompFd"] and .pid == $pid and .metadata == "some \"data\"" and (.ociVersion | type == "string") and
		.state.id == $id and .state.pid == $pid and (.state.status | IN("creating", "created")) and
		.state.annotations.a == "b" and (.state.bundle | test("bundle")) and (.state.ociVersion | type == "string")'
	stop
	runtime delete "$ID"
}

@test "exec: a listener of its own, with its own pid" {
	local pid
	agent
	start_sleeper
	wait_for 5 has_states 1
	run runtime exec "$ID" sh -c 'echo $$; mkdir /tmp/x 2>&1'
	show
	[[ $output == *"No space left"* ]]
	has_states 2
	pid=$(init_pid)
	states | tail -n 1 | jq -e --argjson pid "$pid" '.pid != $pid and .pid > 0 and .state.pid == $pid and .state.status == "running" and .metadata == "some \"data\""'
	stop
	runtime delete "$ID"
}

@test "execve may ask the agent, and every flag goes with it" {
	only_runlet
	agent
	for flag in SECCOMP_FILTER_FLAG_LOG SECCOMP_FILTER_FLAG_SPEC_ALLOW SECCOMP_FILTER_FLAG_TSYNC SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV; do
		notify_for '["execve", "mkdir"]' '{ "flags": ["'$flag'"] }'
		inside 'mkdir /tmp/x 2>&1 || true'
		[[ $output == *"No space left"* ]]
		run runtime plan --bundle "$BUNDLE"
		[[ $output == *NEW_LISTENER* ]]
		[[ $output == *$flag* ]]
	done
	grep -qx "call $([ "$(uname -m)" = x86_64 ] && echo 59 || echo 221)" "$LOG"
}

@test "Docker's default profile with mkdir for the agent; the cache keeps what asks" {
	agent
	config_set '.linux.seccomp = ($profile[0] | .syscalls |= map(.names -= ["mkdir", "mkdirat"]) | .syscalls += [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_NOTIFY" }] | .listenerPath = $path)' \
		--slurpfile profile "$TESTS_DIR/seccomp-docker.json" --arg path "$AGENT"
	[ "$(uname -m)" = x86_64 ] || config_set 'del(.linux.seccomp.architectures)'
	for try in 1 2; do
		inside 'mkdir /tmp/x 2>&1 || true'
		[[ $output == *"No space left"* ]]
	done
	# Without metadata there is none.
	states | tail -n 1 | jq -e 'has("metadata") | not'
}

@test "a state of megabytes reaches the agent whole" {
	agent
	config_set '.annotations = { large: ("x" * 1000000) }'
	inside 'mkdir /tmp/x 2>&1 || true'
	[[ $output == *"No space left"* ]]
	states | jq -e '.state.annotations.large | length == 1000000' >/dev/null
}

@test "run: no agent, nobody behind the socket, no socket: clear errors, and nothing is left" {
	only_runlet
	config_args sh -c 'touch /tmp/ran'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.seccomp.listenerPath: .*agent.sock.*No such file'
	touch "$AGENT"
	fails_with 'linux.seccomp.listenerPath: .*agent.sock is not a socket'
	rm "$AGENT"
	agent
	kill "$AGENT_PID"
	fails_with 'linux.seccomp.listenerPath: connect to the seccomp agent .*refused'
	[ ! -e "$ROOTFS/tmp/ran" ]
}

@test "create without an agent fails; start without one leaves the container created, and works when there is one" {
	only_runlet
	run runtime create --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *listenerPath*"No such file"* ]]
	nothing_left
	agent
	config_args sleep 1000
	create
	agent_stop
	run start
	show
	[ "$status" -ne 0 ]
	[[ $output == *listenerPath*"No such file"* ]]
	has_status created
	agent
	start
	has_states 1
	agent_stop
	run runtime exec "$ID" true
	show
	[ "$status" -eq 255 ]
	[[ $output == *listenerPath* ]]
	stop
	runtime delete "$ID"
}

@test "a socket of another type is refused" {
	only_runlet
	command -v python3 >/dev/null || skip "needs python3"
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind(sys.argv[1])' "$AGENT"
	fails_with 'linux.seccomp.listenerPath: connect to the seccomp agent .*(wrong type|refused)'
}

@test "an agent that closes without a word: an error, or a program whose calls fail; no hang" {
	only_runlet
	agent close
	config_args sh -c 'mkdir /tmp/x; exit 7'
	for i in 1 2 3 4 5; do
		run_bundle
		show
		[ "$status" -eq 7 ] || [[ $output == *"seccomp agent"* ]]
		[ ! -e "$ROOTFS/tmp/x" ]
		nothing_left
	done
}

@test "what can't work is refused with its place" {
	only_runlet
	agent
	notify_for '["write"]'
	fails_with 'syscalls\[0\].names\[0\]: SCMP_ACT_NOTIFY cannot be used for write'
	notify_for '["mkdir", "sendmsg"]'
	fails_with 'syscalls\[0\].action: with SCMP_ACT_NOTIFY, sendmsg must be allowed'
	notify_for '["mkdir"]' '{ "defaultAction": "SCMP_ACT_ERRNO" }'
	fails_with 'linux.seccomp.syscalls: with SCMP_ACT_NOTIFY, sendmsg must be allowed'
	notify_for '["mkdir"]' '{ "defaultAction": "SCMP_ACT_NOTIFY" }'
	fails_with 'SCMP_ACT_NOTIFY cannot be the default action'
	notify_for '["mkdir"]' '{ "listenerPath": "agent.sock" }'
	fails_with 'linux.seccomp.listenerPath: want an absolute path'
	notify_for '["mkdir"]' '{ "listenerPath": "" }'
	fails_with 'linux.seccomp.listenerPath: SCMP_ACT_NOTIFY needs it'
	has_states 1 && false
	true
}

@test "a path that no rule needs is ignored with a warning, and so is the flag that is for listeners" {
	only_runlet
	config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", listenerPath: "/no/such/agent", flags: ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"], syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_ERRNO" }] }'
	inside '! mkdir /tmp/x 2>/dev/null'
	[[ $output == *"listenerPath: no rule has SCMP_ACT_NOTIFY"* ]]
	[[ $output == *WAIT_KILLABLE_RECV* ]]
}

@test "a second listener around runlet is what the kernel refuses, in words" {
	only_runlet
	# An outer container would be the usual way to have one; here the wrapper of a wrapper is enough.
	command -v python3 >/dev/null || skip "needs python3"
	[ "$(uname -m)" = x86_64 ] || skip "the wrapper knows the numbers of x86_64"
	agent
	config_args true
	cat >"$BATS_TEST_TMPDIR/wrap.py" <<-'PY'
		import ctypes, os, struct, sys
		libc = ctypes.CDLL(None, use_errno=True)
		insns = struct.pack("HBBI", 0x06, 0, 0, 0x7fff0000)
		code = ctypes.create_string_buffer(insns, len(insns))
		class Prog(ctypes.Structure):
		    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
		prog = Prog(1, ctypes.addressof(code))
		fd = libc.syscall(317, 1, 8, ctypes.byref(prog))
		assert fd >= 0, os.strerror(ctypes.get_errno())
		os.set_inheritable(fd, False)
		if os.fork() == 0:
		    os.execvp(sys.argv[1], sys.argv[1:])
		sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
	PY
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 python3 "$BATS_TEST_TMPDIR/wrap.py")
	fails_with 'linux.seccomp: load the seccomp filter: one around runlet has a listener'
}
