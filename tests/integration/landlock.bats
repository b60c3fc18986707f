# linux.landlock (docs/landlock.md): what a program may do with files, TCP ports and processes outside of its sandbox.

load helpers

setup() {
	bundle_make
	only_runlet
	has_landlock 1
}

# has_landlock ABI: the kernel's Landlock has that version at least.
has_landlock() {
	local abi
	abi=$("$RUNTIME" features | jq .linux.landlock.kernelABI)
	[ "$abi" -ge "$1" ] || skip "the kernel's Landlock has ABI $abi, not $1 (0: none, or off)"
}

# landlock RULESET [PATH-RULES [MORE]]: JSON.
landlock() {
	config_set '.linux.landlock = ({ ruleset: $r, rules: { pathBeneath: $p } } + $m)' \
		--argjson r "$1" --argjson p "${2:-[]}" --argjson m "${3:-null}"
}
# Only what is beneath /tmp, and the null device, may be written to.
only_tmp() {
	landlock '{ "handledAccessFS": ["write_file", "make_reg", "remove_file"] }' \
		'[{ "allowedAccess": ["write_file", "make_reg", "remove_file"], "paths": ["/tmp"] },
		  { "allowedAccess": ["write_file"], "paths": ["/dev/null"] }]'
}
# Exits with 0 when /tmp can be written to, and /var and /root can't.
WRITES='echo >/tmp/f && rm /tmp/f || exit 10; (echo >/var/f) 2>/dev/null && exit 11; (echo >/root/f) 2>/dev/null && exit 12; exit 0'
writable_before() { inside 'echo >/var/f && echo >/root/f && echo >/tmp/f && rm /var/f /root/f /tmp/f'; }

@test "a write that was possible is EACCES, but beneath an allowed path" {
	writable_before
	only_tmp
	inside "$WRITES"
	config_args sh -c 'echo >/var/f'
	run_bundle
	[ "$status" -eq 1 ]
	[[ $output == *"/var/f: Permission denied"* ]]
}

@test "create and start; each exec is as restricted, with a process file too" {
	writable_before
	only_tmp
	start_sleeper
	for round in 1 2; do
		run runtime exec "$ID" sh -c "$WRITES"
		show
		[ "$status" -eq 0 ]
	done
	jq '.process | .args = ["sh", "-c", $s] | .noNewPrivileges = false' --arg s "$WRITES" "$BUNDLE/config.json" >process.json
	runtime exec --process process.json "$ID"
	jq '.landlock = { ruleset: { handledAccessFS: ["execute"] } } | .linux = { landlock: null }' process.json >other.json
	runtime exec --process other.json "$ID"
	runtime exec --cap CAP_SYS_ADMIN --cap CAP_DAC_OVERRIDE "$ID" sh -c "$WRITES"
	runtime exec --detach --pid-file pid "$ID" sh -c "$WRITES; echo done >/tmp/done"
	runtime delete --force "$ID"
}

@test "without noNewPrivileges, for root and for a user, with a user namespace, with seccomp" {
	writable_before
	only_tmp
	config_set '.process.noNewPrivileges = false'
	inside "$WRITES"
	config_set '.process.user = { uid: 1000, gid: 1000 }'
	inside "$WRITES"
	config_set '.linux.seccomp = $s' --argjson s "$(cat "$TESTS_DIR/seccomp-docker.json")"
	inside "$WRITES"
	config_set '.process.user = { uid: 0, gid: 0 } | .linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 0, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	inside "$WRITES"
	start_sleeper
	runtime exec "$ID" sh -c "$WRITES"
	runtime delete --force "$ID"
}

@test "a seccomp filter that allows no call of Landlock's, and next to nothing else" {
	landlock '{ "handledAccessFS": ["execute"] }' '[{ "allowedAccess": ["execute"], "paths": ["/exit7"] }]'
	cp "$(test_program exit7)" "$ROOTFS/exit7"
	config_args /exit7
	config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_KILL_PROCESS", syscalls: [
		{ names: ["execve", "exit", "exit_group"], action: "SCMP_ACT_ALLOW" }] }'
	for nnp in true false; do
		config_set '.process.noNewPrivileges = $n' --argjson n $nnp
		run_bundle
		show
		[ "$status" -eq 7 ]
	done
}

@test "execute: a program that isn't allowed is refused with the reason; its interpreter counts" {
	landlock '{ "handledAccessFS": ["execute"] }' '[{ "allowedAccess": ["execute"], "paths": ["/usr"] }]'
	config_args sh -c true
	run_bundle
	show
	[ "$status" -ne 0 ]
	[[ $output == *"/bin/sh: permission denied (linux.landlock handles execute"* ]]
	printf '#!/bin/sh\nexit 9\n' >"$ROOTFS/usr/bin/script"
	chmod 755 "$ROOTFS/usr/bin/script"
	config_args /usr/bin/script
	run_bundle
	[ "$status" -ne 0 ]
	landlock '{ "handledAccessFS": ["execute"] }' '[{ "allowedAccess": ["execute"], "paths": ["/usr", "/bin/busybox"] }]'
	run_bundle
	show
	[ "$status" -eq 9 ]
}

@test "every right for files can be handled, and given back for all that the program needs" {
	has_landlock 5
	landlock "$(runtime features | jq '{ handledAccessFS: .linux.landlock.accessFS }')" \
		"$(runtime features | jq '[{ allowedAccess: .linux.landlock.accessFS, paths: ["/"] }]')"
	inside 'mkdir /tmp/d && echo x >/tmp/d/f && mv /tmp/d/f /tmp/f && ln -s f /tmp/l && mkfifo /tmp/p && rm -r /tmp/*'
	landlock "$(runtime features | jq '{ handledAccessFS: .linux.landlock.accessFS }')" \
		'[{ "allowedAccess": ["execute", "read_file"], "paths": ["/bin", "/proc", "/sys"] }]'
	inside '(ls /) 2>/tmp/x && exit 1; (mkdir /tmp/d) && exit 2; cat </bin/sh >/tmp/y && exit 3; exit 0'
}

@test "a missing path, a file with a directory's rights: refused, with the line of config.json" {
	landlock '{ "handledAccessFS": ["read_dir"] }' '[{ "allowedAccess": ["read_dir"], "paths": ["/tmp", "/none"] }]'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.landlock.rules.pathBeneath\[0\].paths\[1\]: open /none: No such file'
	[[ $output =~ config.json:([0-9]+): ]]
	sed -n "${BASH_REMATCH[1]}p" "$BUNDLE/config.json" | grep -F '"/none"'
	config_set '.linux.landlock.rules.pathBeneath[0].paths = ["/etc/passwd"]'
	fails_with 'pathBeneath\[0\].paths\[0\]: /etc/passwd is no directory'
	config_set '.linux.landlock.rules.pathBeneath[0].paths = ["tmp"]'
	fails_with 'pathBeneath\[0\].paths\[0\]: want an absolute path'
	config_set '.linux.landlock.rules.pathBeneath[0] = { allowedAccess: ["read_file"], paths: ["/tmp"] }'
	fails_with 'allowedAccess: read_file is not in ruleset.handledAccessFS'
	config_set '.linux.landlock.ruleset.handledAccessFS = ["list"]'
	fails_with 'want a Landlock access right for files \(execute, .*ioctl_dev\), got "list"'
	create && return 1
	nothing_left
}

@test "a misspelt key is refused, as it would leave a door open" {
	landlock '{ "handledAccessFS": ["write_file"], "handledAccessNETWORK": ["bind_tcp"] }'
	fails_with 'config.json:[0-9]+:[0-9]+: linux.landlock.ruleset.handledAccessNETWORK: unknown key'
}

@test "links of the image lead nowhere but inside the root" {
	mkdir outside "$ROOTFS/inner"
	echo host >outside/file
	ln -s /inner "$ROOTFS/absolute"
	ln -s ../../../../../inner "$ROOTFS/usr/relative"
	for path in /absolute /usr/relative /usr/../absolute/. /../inner; do
		landlock '{ "handledAccessFS": ["write_file", "make_reg"] }' \
			"[{ \"allowedAccess\": [\"write_file\", \"make_reg\"], \"paths\": [\"$path\"] }]"
		inside 'echo >/inner/f || exit 1; (echo >/tmp/f) && exit 2; exit 0'
	done
	# What only the host has is not there.
	for target in "$BATS_TEST_TMPDIR/outside" "../../../../../../../../..$BATS_TEST_TMPDIR/outside"; do
		ln -sfn "$target" "$ROOTFS/escape"
		config_set '.linux.landlock.rules.pathBeneath[0].paths = ["/escape"]'
		fails_with 'open /escape: No such file'
	done
	ln -s loop "$ROOTFS/loop"
	config_set '.linux.landlock.rules.pathBeneath[0].paths = ["/loop"]'
	fails_with 'open /loop: a chain of symlinks'
}

@test "magic links of procfs are not followed, nor those that an image puts in their way" {
	landlock '{ "handledAccessFS": ["write_file"] }' '[{ "allowedAccess": ["write_file"], "paths": ["/tmp"] }]'
	ln -s /proc/self/root "$ROOTFS/magic"
	for path in /proc/self/root /proc/1/root/tmp /proc/self/cwd /proc/self/exe /proc/self/fd/0 /dev/stdin /magic /magic/tmp \
		/proc/1/ns/mnt /proc/thread-self/fd/3; do
		config_set '.linux.landlock.rules.pathBeneath[0].paths = [$p]' --arg p "$path"
		fails_with 'linux.landlock.rules.pathBeneath\[0\].paths\[0\]: open .*: (a chain of symlinks, or a link of procfs|No such file)'
	done
}

@test "a device or a fifo at a path is not opened for it" {
	mkfifo "$ROOTFS/pipe"
	landlock '{ "handledAccessFS": ["write_file"] }' '[{ "allowedAccess": ["write_file"], "paths": ["/pipe", "/dev/zero", "/tmp"] }]'
	inside 'echo >/dev/zero; (echo >/dev/full) && exit 1; exit 0'
}

@test "mounts: a rule is for what is mounted there" {
	mkdir volume
	config_bind "$BATS_TEST_TMPDIR/volume" /mnt bind
	landlock '{ "handledAccessFS": ["write_file", "make_reg"] }' \
		'[{ "allowedAccess": ["write_file", "make_reg"], "paths": ["/mnt"] }]'
	inside 'echo x >/mnt/f || exit 1; (echo >/var/f) && exit 2; exit 0'
	[ "$(cat volume/f)" = x ]
}

# What makes exec a door: its rules are made when the container's processes have had their way with the paths.
@test "a container that swaps the path of a rule gives the next exec nothing" {
	mkdir "$ROOTFS/data" "$ROOTFS/secret"
	echo kept >"$ROOTFS/secret/file"
	landlock '{ "handledAccessFS": ["write_file", "truncate"] }' \
		'[{ "allowedAccess": ["write_file", "truncate"], "paths": ["/data"] }]'
	start_sleeper
	runtime exec "$ID" sh -c 'touch /data/f; (echo bad >/secret/file) && exit 1; echo ok >/data/f'
	for swap in 'ln -s secret /data' 'mkdir /data' 'mv /secret /data && ln -s data /secret' 'true'; do
		runtime exec "$ID" sh -c "mv /data /moved && $swap"
		run runtime exec "$ID" sh -c 'echo bad >/secret/file'
		show
		[ "$status" -ne 0 ]
		[[ $output == *"warning: linux.landlock: /data is not the file any more"* ]]
		[ "$(cat "$ROOTFS"/secret/file)" = kept ]
		# The same file in another place; its name is what the rule of the next one is found by.
		run runtime exec "$ID" sh -c 'echo bad >/moved/f'
		[ "$status" -ne 0 ]
		runtime exec "$ID" sh -c '[ ! -L /secret ] || { rm /secret; mv /data /secret; }; rm -rf /data; mv /moved /data'
		runtime exec "$ID" sh -c 'echo ok >/data/f'
	done
	runtime delete --force "$ID"
}

@test "a container that swaps the path of a rule all the time" {
	mkdir "$ROOTFS/data" "$ROOTFS/secret"
	echo kept >"$ROOTFS/secret/file"
	landlock '{ "handledAccessFS": ["write_file", "truncate"] }' \
		'[{ "allowedAccess": ["write_file", "truncate"], "paths": ["/data"] }]'
	config_args sh -c 'while :; do mv /data /real; ln -s secret /data; rm /data; mv /real /data; done'
	create
	start
	written=0 refused=0
	for round in $(seq 40); do
		# Both happen: the rule, and its absence.
		run runtime exec "$ID" sh -c '(echo bad >/secret/file); echo ok 2>/dev/null >/data/f || echo ok >/real/f'
		[[ $output == *"/secret/file: Permission denied"* ]]
		case $status in 0) ((++written)) ;; *) ((++refused)) ;; esac
		[ "$(cat "$ROOTFS/secret/file")" = kept ]
	done
	echo "the rule held $written times and was left out $refused times"
	[ $((written + refused)) -eq 40 ]
	runtime delete --force "$ID"
}

@test "exec into a container whose record of the paths is gone is refused" {
	only_tmp
	start_sleeper
	size=$(stat -c %s "$ROOT/$ID/exec.recipe")
	truncate -s $((size - 16)) "$ROOT/$ID/exec.recipe"
	run runtime exec "$ID" true
	show
	[ "$status" -ne 0 ]
	[[ $output == *"no record of what its linux.landlock is about"* ]]
	truncate -s $((size - 20)) "$ROOT/$ID/exec.recipe"
	run runtime exec "$ID" true
	[ "$status" -ne 0 ]
	runtime delete --force "$ID"
}

@test "mounting, tracing: what Landlock takes away besides, from a container with the capabilities too" {
	config_all_caps
	config_set '.process.noNewPrivileges = false'
	inside 'mount -t tmpfs none /mnt'
	only_tmp
	inside '! mount -t tmpfs none /mnt && ! umount /dev/shm'
}

@test "TCP ports" {
	has_landlock 4
	landlock '{ "handledAccessNet": ["bind_tcp", "connect_tcp"] }' '[]' \
		'{ "rules": { "netPort": [{ "allowedAccess": ["bind_tcp"], "ports": [8080] }] } }'
	inside 'nc -l -p 8081 </dev/null 2>&1 | grep -q "Permission denied" || exit 1
		timeout 1 nc -l -p 8080 </dev/null 2>&1 | grep "Permission denied" && exit 2
		nc 127.0.0.1 8080 </dev/null 2>&1 | grep -q "Permission denied" || exit 3; exit 0'
	start_sleeper
	runtime exec "$ID" sh -c 'nc -l -p 8081 </dev/null 2>&1 | grep -q "Permission denied"'
	runtime delete --force "$ID"
}

@test "scopes: no signals to other processes of the container from a new sandbox" {
	has_landlock 6
	landlock '{ "scoped": ["signal", "abstract_unix_socket"] }'
	start_sleeper
	runtime exec "$ID" sh -c 'sleep 100 & kill -0 $! && kill $! && ! kill -0 1'
	runtime kill "$ID" 0
	runtime delete --force "$ID"
}

@test "hooks of startContainer are not restricted; the terminal works" {
	only_tmp
	config_set '.hooks.startContainer = [{ path: "/bin/sh", args: ["sh", "-c", "echo hook >/var/hook"] }]'
	inside '[ "$(cat /var/hook)" = hook ] || exit 1; (echo >/var/hook) && exit 2; exit 0'
	config_set 'del(.hooks) | .process.terminal = true'
	config_args sh -c 'echo seen; tty; (echo >/var/hook) || exit 3'
	run "$(test_program ptyrun)" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[[ $output == *seen* ]]
	[ "$(cat "$ROOTFS/var/hook")" = hook ]
}

@test "the kernel without Landlock: refused, or a warning where best effort is asked for" {
	command -v strace >/dev/null || skip "needs strace"
	only_tmp
	config_args true
	for error in ENOSYS:'this kernel has no Landlock' EOPNOTSUPP:'this kernel was booted without Landlock'; do
		config_set 'del(.linux.landlock.disableBestEffort)'
		run strace -o /dev/null -e trace=landlock_create_ruleset -e inject=landlock_create_ruleset:error=${error%%:*} \
			"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
		show
		[ "$status" -ne 0 ]
		[[ $output =~ config.json:[0-9]+:[0-9]+:\ linux.landlock:\ ${error#*:} ]]
		config_set '.linux.landlock.disableBestEffort = false'
		run strace -o /dev/null -e trace=landlock_create_ruleset -e inject=landlock_create_ruleset:error=${error%%:*} \
			"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
		show
		[ "$status" -eq 0 ]
		[[ $output == *"linux.landlock is not enforced: ${error#*:}"* ]]
	done
	nothing_left
}

@test "an older Landlock: the right, the version that it needs, and the kernel's" {
	command -v strace >/dev/null || skip "needs strace"
	landlock '{ "handledAccessFS": ["write_file", "truncate"], "scoped": ["signal"] }'
	config_args sh -c 'echo >/var/f'
	run strace -o /dev/null -e trace=landlock_create_ruleset -e inject=landlock_create_ruleset:retval=2 \
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output =~ config.json:[0-9]+:[0-9]+:\ linux.landlock.ruleset.handledAccessFS:\ truncate\ needs\ ABI\ 3.*has\ ABI\ 2 ]]
	config_set '.linux.landlock.disableBestEffort = false'
	run strace -o /dev/null -e trace=landlock_create_ruleset -e inject=landlock_create_ruleset:retval=2 \
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 1 ]
	[[ $output == *"truncate is not enforced"*"signal is not enforced"*"Permission denied"* ]]
}

@test "a call that fails is named, and nothing stays; exec as well" {
	command -v strace >/dev/null || skip "needs strace"
	only_tmp
	config_args sleep 1000
	for call in landlock_add_rule landlock_restrict_self; do
		run strace -f -o /dev/null -e trace=$call -e inject=$call:error=ENOMEM \
			"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
		show
		[ "$status" -ne 0 ]
		[[ $output =~ config.json:[0-9]+:[0-9]+:\ linux.landlock.*$call.*Cannot\ allocate\ memory ]]
		nothing_left
	done
	start_sleeper
	for call in landlock_add_rule landlock_restrict_self; do
		run strace -f -o /dev/null -e trace=$call -e inject=$call:error=ENOMEM \
			"$RUNTIME" --root "$ROOT" exec "$ID" touch /tmp/mark
		show
		[ "$status" -ne 0 ]
		[[ $output == *"$call"*"Cannot allocate memory"* ]]
		[ ! -e "$ROOTFS/tmp/mark" ]
	done
	runtime delete --force "$ID"
}

@test "rootless: a user namespace of an ordinary user, exec too" {
	only_tmp
	world_readable
	mkdir run
	chown -R 1000:1000 "$BUNDLE" run
	config_args sh -c "$WRITES"
	config_set 'del(.hostname, .linux.resources) | .process.noNewPrivileges = false
		| .linux.namespaces = [{ type: "user" }, { type: "mount" }, { type: "pid" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 1000, size: 1 }] | .linux.gidMappings = .linux.uidMappings
		| .mounts |= map(select(.destination == "/proc" or .destination == "/dev"))'
	chown 1000:1000 "$BUNDLE/config.json"
	cp "$RUNTIME" runlet
	as_user=(setpriv --reuid 1000 --regid 1000 --clear-groups env XDG_RUNTIME_DIR="$PWD/run" ./runlet --cgroup-manager disabled)
	run "${as_user[@]}" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	config_args sleep 1000
	"${as_user[@]}" run --detach --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1
	run "${as_user[@]}" exec "$ID" sh -c "$WRITES"
	show
	"${as_user[@]}" delete --force "$ID"
	[ "$status" -eq 0 ]
}

@test "plan and features tell of it" {
	only_tmp
	run runtime plan --bundle "$BUNDLE"
	[[ $output == *"landlock handled_fs=write_file,remove_file,make_reg "* ]]
	[[ $output == *"landlock_path path=/tmp allowed=write_file,remove_file,make_reg"*"landlock_enforce"*"exec args"* ]]
	runtime plan --format json --bundle "$BUNDLE" | jq -e '.ops[] | select(.op == "landlock_path" and .path == "/dev/null") | .allowed == ["write_file"]'
	runtime features | jq -e '.linux.landlock | .enabled and (.accessFS | length == 16) and (.accessNet | length == 2) and (.scoped | length == 2)'
}

@test "a container without it asks the kernel nothing" {
	command -v strace >/dev/null || skip "needs strace"
	config_args true
	strace -f -o trace -e trace=landlock_create_ruleset "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	run ! grep landlock trace
}
