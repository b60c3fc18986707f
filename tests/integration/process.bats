# process: arguments, environment, directory, identity, limits, scheduling, labels, keyring, sockets.

load helpers

@test "args: passed as they are" {
	config_args printf '%s|' a 'b c' '' 'd"e' "f'g" '$HOME' $'h\ni' 'ünï' '\x'
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ "$output" = $'a|b c||d"e|f\'g|$HOME|h\ni|ünï|\\x|' ]
}

@test "args: the program is found by the PATH of the container's env" {
	mkdir -p "$ROOTFS/opt/tools"
	printf '#!/bin/sh\necho tool "$0"\n' >"$ROOTFS/opt/tools/mytool"
	chmod 755 "$ROOTFS/opt/tools/mytool"
	config_set '.process.env = ["PATH=/nonexistent:/opt/tools:/bin"] | .process.args = ["mytool"]'
	PATH=$PATH run_bundle
	show
	[ "$status" -eq 0 ]
	[ "$output" = "tool /opt/tools/mytool" ]
}

@test "args: a path with a slash is not searched, and is relative to cwd" {
	mkdir -p "$ROOTFS/work"
	printf '#!/bin/sh\npwd\n' >"$ROOTFS/work/tool"
	chmod 755 "$ROOTFS/work/tool"
	config_set '.process.cwd = "/work" | .process.args = ["./tool"]'
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ "$output" = /work ]
}

@test "args: argv[0] may differ from a name in PATH only by what is found" {
	config_args sh -c 'tr "\0" "," </proc/self/cmdline; echo'
	run_bundle
	[ "$status" -eq 0 ]
	config_args cat /proc/self/cmdline
	run runtime run --bundle "$BUNDLE" "$ID"
	[[ $output == cat* ]]
}

@test "env: exactly what config.json says, and HOME" {
	config_set '.process.env = ["PATH=/bin", "A=1", "EMPTY=", "B=two words", "C=a=b"] | .process.args = ["/bin/env"]'
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ "$(sort <<<"$output")" = $'A=1\nB=two words\nC=a=b\nEMPTY=\nHOME=/root\nPATH=/bin' ]
}

@test "env: HOME by the container's /etc/passwd, / for an unknown uid, and the given one" {
	config_args sh -c 'echo "$HOME"'
	config_set '.process.user = { uid: 1000, gid: 1000 }'
	run_bundle
	[ "$output" = /home/app ]
	config_set '.process.user.uid = 4321'
	run_bundle
	[ "$output" = / ]
	config_set '.process.env += ["HOME=/given"]'
	run_bundle
	[ "$output" = /given ]
}

@test "env: an empty HOME is filled in" {
	not_on runc crun
	config_args sh -c 'echo "$HOME"'
	config_set '.process.env += ["HOME="]'
	run_bundle
	[ "$output" = /root ]
}

@test "env: an entry without = is refused or passed on, never a crash" {
	bundle_works
	config_set '.process.env += ["NOEQUALS"]'
	config_args true
	run_bundle
	show
	[ "$status" -le 1 ]
}

@test "cwd: the directory, and it is made when missing" {
	config_set '.process.cwd = "/usr/bin"'
	inside pwd
	[ "$output" = /usr/bin ]
	config_set '.process.cwd = "/made/for/me"'
	inside 'pwd; stat -c %a /made /made/for/me'
	[ "$output" = $'/made/for/me\n755\n755' ]
}

@test "cwd: a relative one is refused" {
	config_set '.process.cwd = "usr/bin"'
	fails_with 'cwd|[Cc]wd'
}

@test "cwd: a file is refused" {
	config_set '.process.cwd = "/etc/passwd"'
	fails_with '/etc/passwd'
}

@test "cwd: one that only the user of the container may enter" {
	mkdir -p "$ROOTFS/private"
	chown 1000:1000 "$ROOTFS/private"
	chmod 700 "$ROOTFS/private"
	config_set '.process.cwd = "/private" | .process.user = { uid: 1000, gid: 1000 } | .process.capabilities = {}'
	inside pwd
	[ "$output" = /private ]
}

@test "user: uid, gid and additional groups" {
	config_set '.process.user = { uid: 1000, gid: 1001, additionalGids: [5, 20, 2000000000] }'
	inside 'id -u; id -g; grep -E "^(Uid|Gid|Groups)" /proc/self/status'
	[ "${lines[0]} ${lines[1]}" = "1000 1001" ]
	[[ $output =~ Uid:$'\t'1000$'\t'1000$'\t'1000$'\t'1000 ]]
	[[ $output =~ Gid:$'\t'1001$'\t'1001$'\t'1001$'\t'1001 ]]
	[[ $output =~ Groups:$'\t'5\ 20\ ([0-9]+\ )?2000000000 ]]
}

@test "user: no additional groups means none of the caller's" {
	inside 'grep ^Groups /proc/self/status'
	[[ $output =~ Groups:$'\t'\ *(0\ *)?$ ]]
}

@test "user: the largest uid" {
	config_set '.process.user = { uid: 4294967294, gid: 4294967294 }'
	not_on runc
	inside 'id -u; id -g'
	[ "$output" = $'4294967294\n4294967294' ]
}

@test "umask: 0022 when unset, whatever the caller's, and what is asked for" {
	umask 077
	inside 'umask'
	[ "$output" = 0022 ]
	config_set '.process.user.umask = 7'
	inside 'umask; touch /tmp/file; stat -c %a /tmp/file'
	[ "$output" = $'0007\n660' ]
	config_set '.process.user.umask = 0'
	inside 'umask'
	[ "$output" = 0000 ]
}

@test "rlimits: soft and hard" {
	config_set '.process.rlimits = [
		{ type: "RLIMIT_NOFILE", soft: 300, hard: 400 }, { type: "RLIMIT_CORE", soft: 0, hard: 0 },
		{ type: "RLIMIT_STACK", soft: 1048576, hard: 2097152 }, { type: "RLIMIT_CPU", soft: 100, hard: 200 },
		{ type: "RLIMIT_NPROC", soft: 50, hard: 60 }, { type: "RLIMIT_FSIZE", soft: 1000000, hard: 2000000 },
		{ type: "RLIMIT_MEMLOCK", soft: 4096, hard: 8192 }, { type: "RLIMIT_NICE", soft: 0, hard: 0 },
		{ type: "RLIMIT_SIGPENDING", soft: 20, hard: 30 }, { type: "RLIMIT_MSGQUEUE", soft: 1000, hard: 2000 },
		{ type: "RLIMIT_DATA", soft: 100000000, hard: 200000000 }, { type: "RLIMIT_LOCKS", soft: 7, hard: 9 },
		{ type: "RLIMIT_RTPRIO", soft: 0, hard: 0 }]'
	inside 'sed "s/  */ /g" /proc/self/limits'
	[[ $output == *"Max open files 300 400"* ]]
	[[ $output == *"Max core file size 0 0"* ]]
	[[ $output == *"Max stack size 1048576 2097152"* ]]
	[[ $output == *"Max cpu time 100 200"* ]]
	[[ $output == *"Max processes 50 60"* ]]
	[[ $output == *"Max file size 1000000 2000000"* ]]
	[[ $output == *"Max locked memory 4096 8192"* ]]
	[[ $output == *"Max pending signals 20 30"* ]]
	[[ $output == *"Max msgqueue size 1000 2000"* ]]
	[[ $output == *"Max data size 100000000 200000000"* ]]
	[[ $output == *"Max file locks 7 9"* ]]
}

@test "rlimits: an unknown type, a type twice, and soft above hard are refused" {
	config_set '.process.rlimits = [{ type: "RLIMIT_LUCK", soft: 1, hard: 1 }]'
	fails_with 'RLIMIT_LUCK|rlimit'
	config_set '.process.rlimits = [{ type: "RLIMIT_CORE", soft: 2, hard: 1 }]'
	fails_with '.'
	only_runlet
	config_set '.process.rlimits = [{ type: "RLIMIT_CORE", soft: 0, hard: 0 }, { type: "RLIMIT_CORE", soft: 0, hard: 0 }]'
	fails_with 'process\.rlimits\[1\].*RLIMIT_CORE'
}

@test "rlimits: raising without CAP_SYS_RESOURCE is a clear error" {
	grep -q '^CapEff:.*1fffffffff' /proc/self/status && skip "this machine may raise limits"
	hard=$(ulimit -Hn)
	[ "$hard" != unlimited ] || skip "no hard limit"
	config_set '.process.rlimits = [{ type: "RLIMIT_NOFILE", soft: 1, hard: $n }]' --argjson n $((hard + 1))
	fails_with 'not permitted'
	[ "$RUNTIME_NAME" != runlet ] || [[ $output == *RLIMIT_NOFILE* && $output == *rlimits* ]]
}

@test "noNewPrivileges: on and off" {
	inside 'grep NoNewPrivs /proc/self/status'
	[[ $output == *1 ]]
	config_set '.process.noNewPrivileges = false'
	inside 'grep NoNewPrivs /proc/self/status'
	[[ $output == *0 ]]
	config_set 'del(.process.noNewPrivileges)'
	inside 'grep NoNewPrivs /proc/self/status'
	[[ $output == *0 ]]
}

@test "oomScoreAdj: set, and inherited when unset" {
	config_set '.process.oomScoreAdj = 500'
	inside 'cat /proc/self/oom_score_adj'
	[ "$output" = 500 ]
	config_set 'del(.process.oomScoreAdj)'
	inside 'cat /proc/self/oom_score_adj'
	[ "$output" = "$(cat /proc/self/oom_score_adj)" ]
}

@test "oomScoreAdj: lowering without CAP_SYS_RESOURCE, and a number out of range, are clear errors" {
	not_on crun
	config_set '.process.oomScoreAdj = 5000'
	fails_with 'oom|5000'
	grep -q '^CapEff:.*1fffffffff' /proc/self/status && skip "this machine may lower it"
	config_set '.process.oomScoreAdj = -500'
	fails_with 'oom'
}

@test "scheduler: policy, nice and flags" {
	only_runlet
	config_set '.process.scheduler = { policy: "SCHED_BATCH", nice: 5 }'
	inside 'set -- $(sed "s/.*) //" /proc/self/stat); echo "nice ${17} policy ${39}"'
	[ "$output" = "nice 5 policy 3" ]
	config_set '.process.scheduler = { policy: "SCHED_IDLE" }'
	inside 'set -- $(sed "s/.*) //" /proc/self/stat); echo "policy ${39}"'
	[ "$output" = "policy 5" ]
	config_set '.process.scheduler = { policy: "SCHED_OTHER", nice: 3, flags: ["SCHED_FLAG_RESET_ON_FORK"] }'
	inside 'set -- $(sed "s/.*) //" /proc/1/stat); echo "nice ${17} policy ${39}"'
	[ "$output" = "nice 3 policy 0" ]
}

@test "scheduler: real-time policies" {
	only_runlet
	config_set '.process.scheduler = { policy: "SCHED_RR", priority: 7 }'
	config_args sh -c 'set -- $(sed "s/.*) //" /proc/self/stat); echo "rt ${38} policy ${39}"'
	run_bundle
	show
	# Where the cgroup has no real-time budget the kernel refuses: then the error must say what failed.
	[[ $status -eq 0 && $output == "rt 7 policy 2" || $status -ne 0 && $output == *scheduler* ]]
	nothing_left
}

@test "scheduler: an unknown policy and an unknown flag are refused" {
	only_runlet
	config_set '.process.scheduler = { policy: "SCHED_LUCK" }'
	fails_with 'process\.scheduler\.policy.*SCHED_LUCK'
	config_set '.process.scheduler = { policy: "SCHED_OTHER", flags: ["SCHED_FLAG_LUCK"] }'
	fails_with 'SCHED_FLAG_LUCK'
}

@test "ioPriority: class and priority" {
	only_runlet
	config_set '.process.ioPriority = { class: "IOPRIO_CLASS_BE", priority: 6 }'
	inside 'ionice -p 1'
	[[ $output == *best-effort*6* ]]
	config_set '.process.ioPriority = { class: "IOPRIO_CLASS_IDLE" }'
	inside 'ionice -p 1'
	[[ $output == *idle* ]]
	config_set '.process.ioPriority = { class: "IOPRIO_CLASS_LUCK", priority: 1 }'
	fails_with 'IOPRIO_CLASS_LUCK'
	config_set '.process.ioPriority = { class: "IOPRIO_CLASS_BE", priority: 9 }'
	fails_with 'ioPriority|priority'
}

@test "personality: LINUX32 changes what uname says" {
	not_on runc
	[ "$(uname -m)" = x86_64 ] || skip "x86_64 only"
	config_set '.linux.personality = { domain: "LINUX32" }'
	inside 'uname -m'
	[[ $output == i?86 ]]
	config_set '.linux.personality = { domain: "LINUX" }'
	inside 'uname -m'
	[ "$output" = x86_64 ]
	config_set '.linux.personality = { domain: "MULTICS" }'
	fails_with 'MULTICS|personality'
}

@test "sysctl: those of the container's namespaces, with dots and with slashes" {
	config_set '.linux.sysctl = { "net.ipv4.ip_forward": "1", "kernel.msgmax": "4242", "net/ipv4/conf/lo/forwarding": "1", "fs.mqueue.msg_max": "12" }'
	[ "$RUNTIME_NAME" = runlet ] || config_set 'del(.linux.sysctl["net/ipv4/conf/lo/forwarding"])'
	before=$(cat /proc/sys/kernel/msgmax)
	inside 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax /proc/sys/fs/mqueue/msg_max'
	[ "$output" = $'1\n4242\n12' ]
	[ "$(cat /proc/sys/kernel/msgmax)" = "$before" ]
}

@test "sysctl: refused without the namespace, and outside every namespace" {
	config_set '.linux.sysctl = { "vm.swappiness": "1" }'
	fails_with 'vm.swappiness|vm/swappiness'
	config_set '.linux.sysctl = { "net.ipv4.ip_forward": "1" }'
	config_no_namespace network
	fails_with 'net.ipv4.ip_forward|net/ipv4/ip_forward'
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_set '.linux.sysctl = { "kernel.shmmax": "1000000" }'
	config_no_namespace ipc
	fails_with 'shmmax'
}

@test "sysctl: a name that leaves /proc/sys, and a value that writes a second line, do no harm" {
	config_set '.linux.sysctl = { "net/../kernel/core_pattern": "/tmp/evil" }'
	before=$(cat /proc/sys/kernel/core_pattern)
	fails_with '.'
	[ "$(cat /proc/sys/kernel/core_pattern)" = "$before" ]
	config_set '.linux.sysctl = { "net.ipv4.does_not_exist": "1" }'
	fails_with 'does_not_exist'
}

@test "sysctl: works with a /proc that the config mounts read-only" {
	config_set '.mounts[0].options = ["ro"] | .linux.sysctl = { "kernel.msgmax": "4243" }'
	not_on crun runc
	inside 'cat /proc/sys/kernel/msgmax'
	[ "$output" = 4243 ]
}

@test "the session keyring is the container's own" {
	config_set '.linux.maskedPaths = []'
	inside 'cat /proc/keys'
	[[ $output =~ keyring\ +(_ses\.)?$ID: ]]
}

@test "keyring: out of quota is one warning, and the container starts" {
	only_runlet
	world_readable
	# Each new session keyring counts against the user; strace answers EDQUOT in its place.
	config_args echo started
	run strace -f -o /dev/null -e inject=keyctl:error=EDQUOT "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output == *started* ]]
	[ "$(grep -ci 'keyring' <<<"$output")" -eq 1 ]
}

@test "apparmor: asked for and absent is a clear error; an empty value is not asking" {
	[ ! -d /sys/kernel/security/apparmor ] || skip "AppArmor is on here"
	config_set '.process.apparmorProfile = "my-profile"'
	fails_with '[Aa]pp[Aa]rmor'
	config_set '.process.apparmorProfile = ""'
	inside true
}

@test "selinux: asked for and absent is a clear error; an empty value is not asking" {
	only_runlet
	[ ! -d /sys/fs/selinux ] || skip "SELinux is on here"
	config_set '.process.selinuxLabel = "system_u:system_r:container_t:s0"'
	fails_with '[Ss][Ee][Ll]inux'
	config_set '.process.selinuxLabel = ""'
	inside true
}

@test "selinux: mountLabel asked for and absent" {
	only_runlet
	[ ! -d /sys/fs/selinux ] || skip "SELinux is on here"
	config_set '.linux.mountLabel = "system_u:object_r:container_file_t:s0"'
	fails_with 'mountLabel|[Ss][Ee][Ll]inux'
	config_set '.linux.mountLabel = ""'
	inside true
}

@test "LISTEN_FDS: sockets of the caller reach the program, with LISTEN_PID 1" {
	echo payload >payload
	config_args sh -c 'echo "$LISTEN_FDS $LISTEN_PID"; cat <&3; [ ! -e /proc/self/fd/4 ] && echo no four'
	run bash -c 'exec 3<payload; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$output" = $'1 1\npayload\nno four' ]
}

@test "LISTEN_FDS and --preserve-fds together" {
	not_on crun
	echo one >one
	echo two >two
	config_args sh -c 'cat <&3; cat <&4; [ ! -e /proc/self/fd/5 ] && echo no five'
	run bash -c 'exec 3<one 4<two; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"' sh "$RUNTIME" --root "$ROOT" run --preserve-fds 1 --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$output" = $'one\ntwo\nno five' ]
}

@test "NOTIFY_SOCKET: the program's READY=1 reaches the host's socket" {
	notify=$(test_program notify)
	cp "$notify" "$ROOTFS/bin/notify" 2>/dev/null
	"$notify" listen "$BATS_TEST_TMPDIR/notify.sock" >notified &
	TEST_PIDS+=($!)
	wait_for 5 test -S notify.sock
	config_args sh -c 'echo "$NOTIFY_SOCKET"; notify send "$NOTIFY_SOCKET" READY=1; exec sleep 1000'
	NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify.sock timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --detach --bundle "$BUNDLE" "$ID" >out 2>&1 </dev/null
	cat out
	wait_for 5 grep -q READY=1 notified
	runtime delete --force "$ID"
}

@test "preserved fds: nothing else of the caller is open in the program" {
	config_args sh -c 'ls /proc/self/fd'
	run bash -c 'exec 7</etc/passwd 8</ 9<.; exec "$@"' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$output" = $'0\n1\n2\n3' ]
}
