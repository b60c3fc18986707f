# What every bats file here shares: a bundle of its own for each test, short ways to say "run this inside", and the
# check after each test that the runtime left nothing behind.
#
# RUNTIME   the runtime under test; default: the built runlet (RUNLET, or build/runlet at the top of the tree)
# TEST_BIN  where the helper programs (recvtty, exit7) are; compiled on the spot when it is unset

bats_require_minimum_version 1.5.0

TESTS_DIR=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
TOP_DIR=${TESTS_DIR%/tests/integration}
RUNTIME=${RUNTIME:-${RUNLET:-$TOP_DIR/build/runlet}}
[[ $RUNTIME == */* ]] || RUNTIME=$(command -v "$RUNTIME")
RUNTIME_NAME=${RUNTIME##*/}
CGROUPFS=/sys/fs/cgroup
# The host's v2 tree; V2_TREE does not exist on a host that has none.
V2_TREE=$CGROUPFS/unified
[ ! -e $CGROUPFS/cgroup.controllers ] || V2_TREE=$CGROUPFS
export LC_ALL=C

setup() { bundle_make; }
teardown() { bundle_end; }

# The rootfs that all tests of a file share by hard links.
rootfs_template() {
	local template=$BATS_FILE_TMPDIR/template applet
	if [ ! -d "$template" ]; then
		mkdir -p "$template.new"/{bin,dev,etc,proc,sys,tmp,root,mnt,usr/bin,var}
		cp "$(command -v busybox)" "$template.new/bin/busybox"
		for applet in $(busybox --list); do
			[ "$applet" = busybox ] || ln "$template.new/bin/busybox" "$template.new/bin/$applet"
		done
		echo 'root:x:0:0:root:/root:/bin/sh' >"$template.new/etc/passwd"
		echo 'app:x:1000:1000:app:/home/app:/bin/sh' >>"$template.new/etc/passwd"
		echo 'root:x:0:' >"$template.new/etc/group"
		chmod 1777 "$template.new/tmp"
		mv "$template.new" "$template"
	fi
	echo "$template"
}

# BUNDLE, ROOTFS, ROOT (the state directory) and ID of this test.
bundle_make() {
	[ "$(id -u)" = 0 ] || [ -n "${IS_ROOTLESS:-}" ] || skip "needs root"
	BUNDLE=$BATS_TEST_TMPDIR/bundle
	ROOTFS=$BUNDLE/rootfs
	ROOT=$BATS_TEST_TMPDIR/state
	ID=rt$$t${BATS_TEST_NUMBER}z
	mkdir -p "$BUNDLE"
	cp -al "$(rootfs_template)" "$ROOTFS"
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	cd "$BATS_TEST_TMPDIR" || return
}

# Ends what the test started, then fails when anything of it is still there.
bundle_end() {
	local id left pid
	[ -n "${BUNDLE:-}" ] || return 0
	cd /
	for pid in "${TEST_PIDS[@]}"; do
		kill -KILL "$pid" 2>/dev/null || true
	done
	# A test deletes what it creates: what is found here is deleted too, so that one failure stays one failure.
	for id in "$ROOT"/*; do
		[ -d "$id" ] && runtime delete --force "${id##*/}" >/dev/null 2>&1
	done
	for mountpoint in "${TEST_MOUNTS[@]}"; do
		umount -l "$mountpoint" 2>/dev/null || true
	done
	for attempt in 1 2 3 4 5 6 7 8 9 10; do
		left=$(leftovers)
		[ -n "$left" ] || break
		sleep 0.2
	done
	[ -z "$left" ] && return 0
	echo "# left behind:" "$left" >&2
	leftovers_remove
	return 1
}

# The processes of this test's containers: those whose "/" is a directory of this test (the fourth field of mountinfo),
# and those with its state directory on their command line.
test_processes() {
	local entry
	for entry in $(grep -slE "^[^ ]+ [^ ]+ [^ ]+ $BATS_TEST_TMPDIR/[^ ]* / " /proc/[0-9]*/mountinfo) \
		$(grep -slF -- "$ROOT" /proc/[0-9]*/cmdline); do
		entry=${entry#/proc/}
		entry=${entry%%/*}
		[ -e "/proc/$entry/exe" ] && echo "$entry"
	done
	return 0
}
test_cgroups() {
	# crun writes to where the v2 tree would be, though it is unmounted for it here.
	[ "$RUNTIME_NAME" != crun ] || rmdir "$CGROUPFS/unified/$ID"* 2>/dev/null
	find $CGROUPFS -mindepth 1 -depth -type d -name "*$ID*" 2>/dev/null
}
test_mountpoints() { awk -v dir="$BATS_TEST_TMPDIR/" 'index($5 "/", dir) == 1 { print $5 }' /proc/self/mountinfo; }

# One line for each thing of this test that still exists: mounts, processes, cgroups, state.
leftovers() {
	local entry
	test_mountpoints | sed 's/^/mount /'
	for entry in $(test_processes); do
		echo "process $entry: $(tr '\0' ' ' <"/proc/$entry/cmdline" 2>/dev/null)"
	done
	test_cgroups
	for entry in "$ROOT"/*; do
		[ -d "$entry" ] && echo "$entry"
	done
	return 0
}

# After a failed check: frees the machine of what this test left (only things that bear this test's own unique names).
leftovers_remove() {
	local dir pids
	pids=$(test_processes)
	[ -z "$pids" ] || kill -KILL $pids 2>/dev/null
	for dir in $(test_cgroups); do
		[ "$(cat "$dir/freezer.state" 2>/dev/null)" != FROZEN ] || echo THAWED >"$dir/freezer.state"
		[ ! -e "$dir/cgroup.freeze" ] || echo 0 >"$dir/cgroup.freeze"
		xargs -r kill -KILL <"$dir/cgroup.procs" 2>/dev/null
	done
	sleep 0.2
	test_cgroups | xargs -r rmdir 2>/dev/null
	test_mountpoints | sort -r | xargs -r umount -l 2>/dev/null
	return 0
}

# Remembered for the end of the test.
TEST_PIDS=()
TEST_MOUNTS=()

# The runtime with this test's state directory; RUNTIME_WRAPPER goes in front (strace, unshare ...).  None may hang.
RUNTIME_WRAPPER=(timeout --foreground -k 5 60)
runtime() { "${RUNTIME_WRAPPER[@]}" "$RUNTIME" --root "$ROOT" "$@"; }

# What only runlet promises: the others are not asked.
only_runlet() { case $RUNTIME_NAME in runc | crun | youki) skip "only runlet promises this" ;; esac; }
not_on() { case " $* " in *" $RUNTIME_NAME "*) skip "known to differ on $RUNTIME_NAME" ;; esac; }

# config_set FILTER [JQ-OPTION...]: changes config.json.
config_set() {
	local filter=$1
	shift
	jq "$@" "$filter" "$BUNDLE/config.json" >"$BUNDLE/config.new" && mv "$BUNDLE/config.new" "$BUNDLE/config.json"
}

# json_list WORD...: a JSON array of strings (jq's own --args takes words like -c for options).
json_list() {
	local word list=''
	for word; do
		word=${word//\\/\\\\}
		word=${word//\"/\\\"}
		word=${word//$'\n'/\\n}
		word=${word//$'\t'/\\t}
		list+="${list:+, }\"$word\""
	done
	echo "[$list]"
}

# config_args WORD...: the program and its arguments.
config_args() { config_set '.process.args = $list' --argjson list "$(json_list "$@")"; }

# config_caps NAME...: these capabilities in the bounding, effective and permitted sets.
config_caps() {
	config_set '.process.capabilities = { bounding: $list, effective: $list, permitted: $list }' --argjson list "$(json_list "$@")"
}
config_all_caps() {
	config_caps CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP \
		CAP_NET_ADMIN CAP_SYS_ADMIN CAP_SYS_CHROOT CAP_MKNOD CAP_SYS_NICE CAP_SYS_PTRACE
}

# config_mount JSON: one more mount.
config_mount() { config_set '.mounts += [$mount]' --argjson mount "$1"; }
# config_bind SOURCE DESTINATION OPTION...
config_bind() {
	local source=$1 destination=$2
	shift 2
	config_set '.mounts += [{ type: "none", source: $s, destination: $d, options: $list }]' \
		--arg s "$source" --arg d "$destination" --argjson list "$(json_list "$@")"
}
# config_no_namespace TYPE: inherits it.  config_namespace_path TYPE PATH: joins it.
config_no_namespace() { config_set '.linux.namespaces |= map(select(.type != $t))' --arg t "$1"; }
config_namespace_path() {
	config_set '.linux.namespaces |= (map(select(.type != $t)) + [{ type: $t, path: $p }])' --arg t "$1" --arg p "$2"
}

# Runs the bundle to its end: status and output are set, as by bats' run.
run_bundle() { run runtime run --bundle "$BUNDLE" "$@" "$ID"; }

# A container that has come to its end, or that could not be made, is gone without a `delete`.
nothing_left() {
	local left
	left=$(leftovers)
	[ -z "$left" ] || { echo "left behind: $left"; return 1; }
}

# inside SCRIPT: runs a shell script as the container's program; it must end with status 0.
inside() {
	config_args sh -c "$1"
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ ! -e "$ROOT/$ID" ]
}

# Before a test of what must not happen: the bundle runs as it is, so that doing nothing at all is not enough.
bundle_works() { inside 'exit 0'; }

# fails_with REGEX [OPTION...]: the bundle must not start, the error must match, and nothing may stay.
fails_with() {
	local pattern=$1
	shift
	run_bundle "$@"
	show
	[ "$status" -ne 0 ]
	[[ $output =~ $pattern ]]
	nothing_left
}

# Seen in the report of a failed test only.
show() { printf 'status %s\n%s\n' "$status" "$output"; }

create() { runtime create --bundle "$BUNDLE" "$@" "$ID" </dev/null >"$BATS_TEST_TMPDIR/out" 2>&1 || { cat "$BATS_TEST_TMPDIR/out"; return 1; }; }
start() { runtime start "$ID"; }
state() { runtime state "${2:-$ID}" | jq -r "${1:-.}"; }
init_pid() { state .pid; }
# A container whose program sleeps.
start_sleeper() {
	config_args sleep 1000
	create
	start
}

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
	local tries=$(($1 * 20))
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo "not in time: $*"; return 1; }
		sleep 0.05
	done
}
# True for a process that is gone, or that only waits for its parent to read its status.
has_ended() { ! grep -qs '^State:.[^ZX]' "/proc/$1/status"; }
has_status() { [ "$(state .status)" = "$1" ]; }
stop() { runtime kill "$ID" KILL && wait_for 5 has_status stopped; }

# Lets every user reach the bundle: mapped root is nobody special on the host.
world_readable() {
	local dir=$BATS_TEST_TMPDIR
	while [ "$dir" != "${TMPDIR:-/tmp}" ] && [ "$dir" != / ]; do
		chmod a+rx "$dir"
		dir=${dir%/*}
	done
}

# test_mount MOUNT-ARGUMENT... TARGET: a host mount that goes away with the test.
test_mount() {
	mount "$@"
	TEST_MOUNTS=("$(realpath "${!#}")" "${TEST_MOUNTS[@]}")
}

# test_program NAME: path of a helper program of this directory.
test_program() {
	local name=$1 out=$BATS_RUN_TMPDIR/$1
	if [ -n "${TEST_BIN:-}" ] && [ -x "$TEST_BIN/$name" ]; then
		echo "$TEST_BIN/$name"
		return
	fi
	if [ ! -x "$out" ]; then
		case $name in
		attack | notify | racer | trycall) ${CC:-cc} -O2 -static -D_GNU_SOURCE -o "$out.$$" "$TESTS_DIR/$name.c" ;;
		exit7) ${CC:-cc} -O2 -static -nostdlib -ffreestanding -fno-stack-protector -o "$out.$$" "$TESTS_DIR/$name.c" ;;
		*) ${CC:-cc} -O2 -D_GNU_SOURCE -o "$out.$$" "$TESTS_DIR/$name.c" ;;
		esac
		mv "$out.$$" "$out"
	fi
	echo "$out"
}

# use_v2: from here on the runtime sees a host with cgroup v2 only (its own mount namespace, a cgroup2 at /sys/fs/cgroup).
use_v2() {
	[ "$V2_TREE" != $CGROUPFS ] || return 0
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60 unshare -m sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' v2)
}

# use_device NAME: DEVICE is "MAJOR MINOR" of a character device that this machine's root can open and that no container
# may use by default; the container gets it as NAME.
use_device() {
	local file
	for file in /dev/fuse /dev/loop-control /dev/hwrng /dev/btrfs-control /dev/kmsg; do
		(: <"$file") 2>/dev/null || continue
		DEVICE=$(stat -c '%Hr %Lr' "$file")
		config_set '.linux.devices += [{ path: $path, type: "c", major: $major, minor: $minor, fileMode: 438 }]' \
			--arg path "$1" --argjson major "${DEVICE% *}" --argjson minor "${DEVICE#* }"
		return
	done
	skip "no device to try it with"
}
# device_rule ACCESS: a rule that allows this device, and it alone.
device_rule() { echo '{ "allow": true, "type": "c", "major": '"${DEVICE% *}"', "minor": '"${DEVICE#* }"', "access": "'"$1"'" }'; }

# The directory of the container in a v1 hierarchy, by /proc/PID/cgroup; $1: a controller.
v1_dir() {
	local path
	path=$(sed -n "s/^[0-9]*:\([^:]*,\)\?$1\(,[^:]*\)\?:\(.*\)/\3/p" "/proc/$(init_pid)/cgroup")
	echo "$CGROUPFS/$1$path"
}
v1_value() { cat "$(v1_dir "$1")/$2"; }
has_v1() { [ -d "$CGROUPFS/$1" ] || skip "no v1 controller $1"; }
