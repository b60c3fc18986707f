# Machines with systemd for systemd.bats: this one, where systemd runs here, else Debian's systemd as PID 1 of a container
# that the runtime under test makes, one on this machine's cgroups and one on a bare cgroup v2 tree (no controllers).
#
# The guest's root is made once, by debootstrap, and kept: RUNLET_TEST_CACHE, default /var/tmp/runlet-test-cache.

GUEST_PACKAGES=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,util-linux
GUEST_CACHE=${RUNLET_TEST_CACHE:-/var/tmp/runlet-test-cache}
GUEST_ROOT=$GUEST_CACHE/systemd-bookworm
GUEST_UID=4217

is_real_systemd() { [ -d /run/systemd/system ]; }

guest_root_make() {
	[ ! -e "$GUEST_ROOT/.done" ] || return 0
	command -v debootstrap >/dev/null || { echo 'no systemd here, and no debootstrap to make a guest with one'; return 1; }
	rm -rf "$GUEST_ROOT"
	timeout 900 debootstrap --variant=minbase --include="$GUEST_PACKAGES" bookworm "$GUEST_ROOT" \
		>"$GUEST_CACHE/debootstrap.log" 2>&1 || { echo "debootstrap: $(tail -n 1 "$GUEST_CACHE/debootstrap.log")"; return 1; }
	rm -rf "$GUEST_ROOT"/var/cache/apt/archives/*.deb
	echo "rootless:x:$GUEST_UID:$GUEST_UID::/:/bin/sh" >>"$GUEST_ROOT/etc/passwd"
	echo "rootless:x:$GUEST_UID:" >>"$GUEST_ROOT/etc/group"
	echo 'rootless:*:19000:0:99999:7:::' >>"$GUEST_ROOT/etc/shadow"
	: >"$GUEST_ROOT/.done"
}

# guest_config MODE: a bundle whose program is systemd.  The root is shared, so it is read-only.
guest_config() {
	local dir=$BATS_FILE_TMPDIR/guest-$1 caps
	mkdir -p "$dir"
	caps=$(grep -m 1 -q '^CapBnd:.*[fF]$' /proc/self/status; json_list CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER \
		CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_NET_RAW CAP_SYS_CHROOT \
		CAP_SYS_PTRACE CAP_SYS_ADMIN CAP_SYS_BOOT CAP_SYS_NICE CAP_MKNOD CAP_AUDIT_WRITE CAP_SETFCAP)
	jq --arg root "$GUEST_ROOT" --arg run "$BATS_RUN_TMPDIR" --arg bin "$(dirname "$(realpath "$RUNTIME")")" --argjson caps "$caps" \
		--arg group "/runlet-systemd-$1-$$" '
		def tmpfs(path): { destination: path, type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "mode=755"] };
		def bound(path): { destination: path, type: "none", source: path, options: ["rbind"] };
		.root = { path: $root, readonly: true }
		| .process.args = ["/lib/systemd/systemd"] | .process.terminal = false
		| .process.env = ["container=runlet", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
		| .process.noNewPrivileges = false | del(.process.rlimits)
		| .process.capabilities = { bounding: $caps, effective: $caps, permitted: $caps }
		| .linux.cgroupsPath = $group | .linux.maskedPaths = [] | .linux.readonlyPaths = []
		| .linux.resources = { devices: [{ allow: true, access: "rwm" }] }
		| .linux.namespaces = (["pid", "mount", "uts", "ipc", "network", "cgroup"] | map({ type: . }))
		| .mounts = [
			{ destination: "/proc", type: "proc", source: "proc" },
			{ destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"] },
			{ destination: "/dev/pts", type: "devpts", source: "devpts", options: ["newinstance", "ptmxmode=0666", "mode=0620"] },
			{ destination: "/dev/shm", type: "tmpfs", source: "shm", options: ["mode=1777"] },
			{ destination: "/sys", type: "sysfs", source: "sysfs" },
			{ destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup" },
			tmpfs("/run"), tmpfs("/tmp"), tmpfs("/var/log"), tmpfs("/var/lib"), tmpfs("/var/tmp"),
			bound($run), bound($bin)]' "$TESTS_DIR/config.json" >"$dir/config.json"
}

# guest_runtime MODE ARGUMENT...: the runtime that the guest is a container of, with the cgroups that the guest is to see.
guest_runtime() {
	local state=$BATS_FILE_TMPDIR/guest-$1/state wrapper=()
	[ "$1" = v1 ] || wrapper=(unshare -m sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' v2)
	shift
	"${wrapper[@]}" "$RUNTIME" --root "$state" "$@"
}

# guest_boot MODE: guest_in MODE works after it, or GUEST_MODE.skip says why not.
guest_boot() {
	local dir=$BATS_FILE_TMPDIR/guest-$1
	guest_config "$1"
	guest_runtime "$1" run --bundle "$dir" --detach guest </dev/null >"$dir/log" 2>&1 3>&- || {
		echo "no guest: $(tail -n 1 "$dir/log")"
		return 1
	}
	jq -r .pid "$dir/state/guest/state.json" >"$dir/pid"
	wait_for 30 guest_is_up "$1" || { echo 'the systemd of the guest does not come up'; return 1; }
}
guest_is_up() { [[ $(guest_in "$1" systemctl is-system-running 2>&1) =~ ^(running|degraded)$ ]]; }

# What the runtime is linked with, and the guest has not.
guest_libraries() {
	local library
	mkdir -p "$BATS_FILE_TMPDIR/lib"
	for library in $(ldd "$RUNTIME" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p'); do
		[ -e "$GUEST_ROOT/usr/lib/$(gcc -print-multiarch 2>/dev/null || uname -m)/${library##*/}" ] ||
			cp "$library" "$BATS_FILE_TMPDIR/lib/"
	done
}

guests_start() {
	local mode
	! is_real_systemd || return 0
	mkdir -p "$GUEST_CACHE"
	exec 9>"$GUEST_CACHE/lock"
	flock 9
	guest_root_make >"$BATS_FILE_TMPDIR/skip" || return 0
	exec 9>&-
	guest_libraries
	for mode in v1 v2; do
		guest_boot $mode >"$BATS_FILE_TMPDIR/skip-$mode" || true
	done
}

guests_end() {
	local mode
	for mode in v1 v2; do
		[ ! -e "$BATS_FILE_TMPDIR/guest-$mode/state/guest" ] ||
			guest_runtime "$mode" delete --force guest >&2 || true
	done
}

# guest_in MODE COMMAND...: a process of the guest: in its namespaces and its cgroups.
guest_in() {
	local pid
	pid=$(<"$BATS_FILE_TMPDIR/guest-$1/pid")
	shift
	sh -c '
		pid=$1
		shift
		while IFS=: read -r _ names path; do
			names=${names#name=}
			for dir in "/sys/fs/cgroup/${names:-unified}$path" "/proc/$pid/root/sys/fs/cgroup$path"; do
				[ ! -e "$dir/cgroup.procs" ] || { echo 0 >"$dir/cgroup.procs"; break; }
			done
		done <"/proc/$pid/cgroup" 2>/dev/null
		exec nsenter -t "$pid" -m -u -i -n -p -C -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			LD_LIBRARY_PATH="'"$BATS_FILE_TMPDIR/lib"'" UBSAN_OPTIONS=print_stacktrace=1 "$@"' sh "$pid" "$@"
}

# use_guest MODE: where this test's `runtime` and `on` run from here on.
use_guest() {
	GUEST_MODE=$1
	if is_real_systemd; then
		if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]; then
			[ "$1" = v2 ] || skip "this machine has cgroup v2"
		else
			[ "$1" = v1 ] || skip "this machine has cgroup v1"
		fi
		return 0
	fi
	[ ! -s "$BATS_FILE_TMPDIR/skip" ] || skip "$(<"$BATS_FILE_TMPDIR/skip")"
	[ ! -s "$BATS_FILE_TMPDIR/skip-$1" ] || skip "$(<"$BATS_FILE_TMPDIR/skip-$1")"
}

# on COMMAND...: on the machine with systemd.
on() {
	if is_real_systemd; then "$@"; else guest_in "$GUEST_MODE" "$@"; fi
}

runtime() { on timeout --foreground -k 5 60 "$RUNTIME" --systemd-cgroup --root "$ROOT" "$@"; }

# unit_has PROPERTY VALUE [UNIT]
unit_property() { on systemctl show --property "$1" --value "${2:-$UNIT}"; }
unit_is_gone() { [ "$(unit_property LoadState "${1:-$UNIT}")" = not-found ]; }

# The unit's directory in a hierarchy, as seen there.
unit_dir() {
	local mount=/sys/fs/cgroup
	[ "$GUEST_MODE" = v2 ] || mount+=/$1
	echo "$mount$(unit_property ControlGroup)"
}
limit_of() { on cat "$(unit_dir "$1")/$2"; }
