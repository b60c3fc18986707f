# seccomp: the whole OCI object (NOTIFY: seccomp_notify.bats), with and without noNewPrivileges.

load helpers

seccomp() { config_set '.linux.seccomp = $profile' --argjson profile "$1"; }
strict_profile='{ "defaultAction": "SCMP_ACT_KILL_PROCESS", "syscalls": [{ "names": ["execve", "exit", "exit_group"], "action": "SCMP_ACT_ALLOW" }] }'

@test "Docker's default profile loads, with and without noNewPrivileges" {
	config_set '.linux.seccomp = $profile[0]' --slurpfile profile "$TESTS_DIR/seccomp-docker.json"
	[ "$(uname -m)" = x86_64 ] || config_set 'del(.linux.seccomp.architectures)'
	for flag in true false; do
		config_set ".process.noNewPrivileges = $flag"
		inside 'grep Seccomp: /proc/self/status; id -u; ls / | wc -l; ! mount -t tmpfs none /tmp 2>/dev/null; ! unshare -m true 2>/dev/null'
		[[ ${lines[0]} == *2 ]]
	done
}

@test "Docker's default profile with every other clause of a default container: user, groups, capabilities, hooks" {
	config_set '.linux.seccomp = $profile[0]' --slurpfile profile "$TESTS_DIR/seccomp-docker.json"
	[ "$(uname -m)" = x86_64 ] || config_set 'del(.linux.seccomp.architectures)'
	config_set '.process.noNewPrivileges = false | .process.user = { uid: 1000, gid: 1000, additionalGids: [5] }'
	inside 'id -u; id -G; grep -E "^(CapEff|Seccomp:|NoNewPrivs)" /proc/self/status'
	[ "${lines[0]}" = 1000 ]
	[[ $output == *$'NoNewPrivs:\t0'* ]]
}

@test "a profile that allows only execve and exit, with noNewPrivileges" {
	not_on runc
	cp "$(test_program exit7)" "$ROOTFS/bin/exit7"
	seccomp "$strict_profile"
	config_args /bin/exit7
	run_bundle
	show
	[ "$status" -eq 7 ]
	nothing_left
}

@test "a profile that allows only execve and exit, without noNewPrivileges" {
	not_on runc crun
	cp "$(test_program exit7)" "$ROOTFS/bin/exit7"
	seccomp "$strict_profile"
	config_set '.process.noNewPrivileges = false'
	config_args /bin/exit7
	run_bundle
	show
	[ "$status" -eq 7 ]
	nothing_left
}

@test "the strict profile with create, start, a user and no capabilities" {
	only_runlet
	cp "$(test_program exit7)" "$ROOTFS/bin/exit7"
	seccomp "$strict_profile"
	config_set '.process.user = { uid: 1000, gid: 1000, additionalGids: [7] } | .process.capabilities = {}'
	config_args /bin/exit7
	for flag in true false; do
		config_set ".process.noNewPrivileges = $flag"
		create
		start
		wait_for 5 has_status stopped
		runtime delete "$ID"
	done
	nothing_left
}

# init is dead at the first system call after the failed execve: it writes the reason to memory.
@test "a program that can't be executed under a profile that lets init say nothing: the reason is told all the same" {
	only_runlet
	bundle_works
	printf 'garbage\n' >"$ROOTFS/bin/bad"
	printf '#!/no/such/interpreter\n' >"$ROOTFS/bin/script"
	chmod +x "$ROOTFS/bin/bad" "$ROOTFS/bin/script"
	for default in SCMP_ACT_KILL_PROCESS SCMP_ACT_KILL_THREAD SCMP_ACT_TRAP SCMP_ACT_ERRNO; do
		seccomp "${strict_profile/SCMP_ACT_KILL_PROCESS/$default}"
		config_args /bin/bad
		fails_with 'config.json:[0-9]+:[0-9]+: process.args: exec /bin/bad: exec format error'
		config_args /bin/script
		fails_with 'exec /bin/script: no such file or directory'
	done
	create
	run start
	show
	[ "$status" -ne 0 ]
	[[ $output == *"exec /bin/script: no such file or directory"* ]]
	wait_for 5 has_status stopped
	runtime delete "$ID"
}

@test "the same for exec" {
	only_runlet
	cp "$(test_program exit7)" "$ROOTFS/bin/exit7"
	printf 'garbage\n' >"$ROOTFS/bin/bad"
	chmod +x "$ROOTFS/bin/bad"
	seccomp "${strict_profile/\"exit\"/\"exit\", \"nanosleep\", \"clock_nanosleep\", \"brk\", \"getuid\", \"prctl\", \"arch_prctl\", \"set_tid_address\", \"set_robust_list\", \"rseq\", \"prlimit64\", \"readlinkat\", \"readlink\", \"getrandom\", \"mprotect\", \"setuid\"}"
	start_sleeper
	wait_for 5 has_status running
	run runtime exec "$ID" /bin/exit7
	[ "$status" -eq 7 ]
	run runtime exec "$ID" /bin/bad
	show
	[ "$status" -eq 255 ] || [ "$status" -eq 126 ]
	[[ $output == *"exec /bin/bad: exec format error"* ]]
	stop
	runtime delete "$ID"
}

@test "ERRNO with a number, by rule and by default" {
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28 }] }'
	inside 'mkdir /tmp/x 2>&1 || true'
	[[ $output == *"No space left"* ]]
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO" }] }'
	inside 'mkdir /tmp/x 2>&1 || true'
	[[ $output == *"not permitted"* ]]
}

# The number 999 belongs to no system call that any profile could name; 438 (pidfd_getfd) is within, and not allowed.
@test "a system call newer than the profile is ENOSYS, so that programs fall back; an older one is refused as the profile says" {
	only_runlet
	cp "$(test_program trycall)" "$ROOTFS/bin/trycall"
	config_set '.linux.seccomp = $profile[0] | .linux.seccomp.syscalls |= map(.names -= ["pidfd_getfd"] | select(.names != []))' \
		--slurpfile profile "$TESTS_DIR/seccomp-docker.json"
	[ "$(uname -m)" = x86_64 ] || config_set 'del(.linux.seccomp.architectures)'
	inside 'trycall 999; trycall 438'
	[ "${lines[0]}" = "Function not implemented" ]
	[ "${lines[1]}" = "Operation not permitted" ]
	# The same where the default kills, which is no answer to a question either.
	config_set '.linux.seccomp.defaultAction = "SCMP_ACT_KILL_PROCESS" | del(.linux.seccomp.defaultErrnoRet)'
	inside 'trycall 999; trycall 438; echo "status $?"'
	[ "${lines[0]}" = "Function not implemented" ]
	[ "${lines[${#lines[@]} - 1]}" = "status 159" ]
	# What lets everything through has no opinion.
	seccomp '{ "defaultAction": "SCMP_ACT_LOG", "syscalls": [{ "names": ["reboot"], "action": "SCMP_ACT_KILL_PROCESS" }] }'
	inside 'trycall 438'
	[ "${lines[0]}" = "Invalid argument" ]
}

@test "errnoRet 0 makes the call succeed without doing it" {
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0 }] }'
	inside 'mkdir /tmp/x; [ ! -e /tmp/x ]'
}

@test "KILL, KILL_PROCESS, KILL_THREAD and TRAP" {
	for action in KILL KILL_PROCESS KILL_THREAD TRAP; do
		seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_'$action'" }] }'
		config_args sh -c 'mkdir /tmp/x; echo "status $?"'
		run_bundle
		show
		[[ $output == *"status 159"* ]]
	done
}

@test "LOG and TRACE" {
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_LOG" }] }'
	inside 'mkdir /tmp/x && [ -d /tmp/x ]'
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_TRACE" }] }'
	inside 'mkdir /tmp/y 2>&1 || true'
	[[ $output == *"not implemented"* || $output == *"not permitted"* ]]
}

@test "argument comparisons: every operator" {
	# chmod's mode is argument 1 of chmod, 2 of fchmodat.
	try() {
		seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
			{ "names": ["chmod"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28, "args": [{ "index": 1, "value": '$2', "valueTwo": '${3:-0}', "op": "SCMP_CMP_'$1'" }] },
			{ "names": ["fchmodat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28, "args": [{ "index": 2, "value": '$2', "valueTwo": '${3:-0}', "op": "SCMP_CMP_'$1'" }] }] }'
		inside 'touch /tmp/f; for m in 0400 0500 0600; do chmod $m /tmp/f 2>/dev/null && printf 1 || printf 0; done'
		echo "$1: $output"
	}
	try EQ 320
	[ "$output" = 101 ]
	try NE 320
	[ "$output" = 010 ]
	try LT 320
	[ "$output" = 011 ]
	try LE 320
	[ "$output" = 001 ]
	try GE 320
	[ "$output" = 100 ]
	try GT 320
	[ "$output" = 110 ]
	try MASKED_EQ 64 64
	[ "$output" = 101 ]
}

@test "two arguments of one call must both match; the same index twice means either" {
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		{ "names": ["chmod"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28, "args": [{ "index": 1, "value": 256, "op": "SCMP_CMP_EQ" }, { "index": 1, "value": 384, "op": "SCMP_CMP_EQ" }] },
		{ "names": ["fchmodat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28, "args": [{ "index": 2, "value": 256, "op": "SCMP_CMP_EQ" }, { "index": 2, "value": 384, "op": "SCMP_CMP_EQ" }] }] }'
	inside 'touch /tmp/f; for m in 0400 0500 0600; do chmod $m /tmp/f 2>/dev/null && printf 1 || printf 0; done'
	[ "$output" = 010 ]
}

@test "flags: LOG, SPEC_ALLOW, TSYNC; an unknown one is refused" {
	not_on runc
	for flag in SECCOMP_FILTER_FLAG_LOG SECCOMP_FILTER_FLAG_SPEC_ALLOW SECCOMP_FILTER_FLAG_TSYNC; do
		seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "flags": ["'$flag'"], "syscalls": [{ "names": ["reboot"], "action": "SCMP_ACT_ERRNO" }] }'
		inside 'grep Seccomp: /proc/self/status'
		[[ $output == *2 ]]
	done
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "flags": ["SECCOMP_FILTER_FLAG_LUCK"] }'
	fails_with 'SECCOMP_FILTER_FLAG_LUCK|flag'
}

@test "a system call that libseccomp doesn't know is skipped with a debug line" {
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["no_such_call", "mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO" }] }'
	inside '! mkdir /tmp/x 2>/dev/null'
	only_runlet
	[[ $output != *no_such_call* ]]
	run runtime --debug run --bundle "$BUNDLE" "$ID"
	[[ $output == *no_such_call* ]]
}

@test "unknown words are refused with their place" {
	seccomp '{ "defaultAction": "SCMP_ACT_LUCK" }'
	fails_with 'SCMP_ACT_LUCK|action'
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_PDP11"] }'
	fails_with 'PDP11|arch'
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 0, "value": 1, "op": "SCMP_CMP_LUCK" }] }] }'
	fails_with 'SCMP_CMP_LUCK|op'
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 6, "value": 1, "op": "SCMP_CMP_EQ" }] }] }'
	fails_with '.'
}

@test "startContainer hooks run before the filter is loaded" {
	not_on runc
	printf '#!/bin/sh\nmkdir /tmp/by-hook\n' >"$ROOTFS/bin/hook"
	chmod 755 "$ROOTFS/bin/hook"
	config_set '.hooks.startContainer = [{ path: "/bin/hook" }]'
	seccomp '{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_KILL_PROCESS" }] }'
	inside '[ -d /tmp/by-hook ]'
}

@test "no seccomp object: no filter" {
	inside 'grep Seccomp: /proc/self/status'
	[[ $output == *0 ]]
}
