# Class 11: characters pushed into the terminal of who started the container.
#
# CVE-2017-5226 (bubblewrap), CVE-2016-10124 (LXC).  console.bats has what a terminal is otherwise.

load helpers
load security

# on_terminal COMMAND...: runs it on a person's terminal, and then asks whether anything was typed there meanwhile.
on_terminal() {
	local line="$* </dev/tty; sleep 0.1; IFS= read -r -t 0.2 -n 1 typed </dev/tty; echo \"typed:[\$typed]\""
	run timeout -k 2 30 script -qec "bash -c '$line'" /dev/null </dev/null
	show
}

# A kernel that lets nobody push shows nothing.
can_push() {
	[ "$(cat /proc/sys/dev/tty/legacy_tiocsti 2>/dev/null || echo 1)" = 1 ] || skip "the kernel has no TIOCSTI"
}

setup() {
	bundle_make
	can_push
	command -v script >/dev/null || skip "needs script(1)"
	cp "$(test_program attack)" "$ROOTFS/attack"
	cp "$(test_program attack)" attack
	config_args /attack type
}

@test "the attack works on who runs it without a container" {
	on_terminal ./attack type
	[[ $output == *PUSHED* ]]
	[[ $output == *'typed:[Z]'* ]]
}

@test "run without a terminal, on the caller's: nothing is pushed into it (CVE-2017-5226, CVE-2016-10124)" {
	on_terminal "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[[ $output == *'fd 0: '* ]]
	[[ $output != *PUSHED* ]]
	[[ $output == *'typed:[]'* ]]
	nothing_left
}

@test "run without a terminal and with the capabilities of Docker's default: nothing is pushed" {
	config_caps CAP_CHOWN CAP_DAC_OVERRIDE CAP_FSETID CAP_FOWNER CAP_MKNOD CAP_NET_RAW CAP_SETGID CAP_SETUID CAP_SETFCAP CAP_SETPCAP \
		CAP_NET_BIND_SERVICE CAP_SYS_CHROOT CAP_KILL CAP_AUDIT_WRITE
	config_no_namespace pid
	on_terminal "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[[ $output == *'fd 0: '* ]]
	[[ $output != *PUSHED* ]]
	[[ $output == *'typed:[]'* ]]
}

@test "run with a terminal: what is pushed goes to the container's own, and not to the caller's" {
	config_set '.process.terminal = true'
	on_terminal "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[[ $output == *PUSHED* ]]
	[[ $output == *'typed:[]'* ]]
}

@test "create and start on the caller's terminal: nothing is pushed" {
	on_terminal "$RUNTIME --root $ROOT create --bundle $BUNDLE $ID; $RUNTIME --root $ROOT start $ID; sleep 0.3"
	[[ $output == *'fd 0: '* ]]
	[[ $output != *PUSHED* ]]
	[[ $output == *'typed:[]'* ]]
	runtime delete --force "$ID"
}

@test "exec without a terminal and with one, on the caller's: nothing is pushed into it (CVE-2017-5226, CVE-2016-10124)" {
	start_sleeper
	on_terminal "$RUNTIME" --root "$ROOT" exec "$ID" /attack type
	[[ $output == *'fd 0: '* ]]
	[[ $output != *PUSHED* ]]
	[[ $output == *'typed:[]'* ]]
	on_terminal "$RUNTIME" --root "$ROOT" exec --tty "$ID" /attack type
	[[ $output == *PUSHED* ]]
	[[ $output == *'typed:[]'* ]]
	runtime delete --force "$ID"
}

@test "hooks on the caller's terminal push nothing by way of the container's processes" {
	config_set '.hooks.startContainer = [{ path: "/attack", args: ["attack", "type"] }]'
	config_args true
	on_terminal "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[[ $output == *'typed:[]'* ]]
}
