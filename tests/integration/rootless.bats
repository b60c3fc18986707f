# Containers of an ordinary user, with and without ids of its own to map, and inside another user namespace.

load helpers

# Two users for this file: one with subordinate ids, one without.
setup_file() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	local name
	for name in useradd userdel newuidmap newgidmap setpriv; do
		command -v $name >/dev/null || skip "needs $name"
	done
	export WITH_IDS=rltw$$ WITHOUT_IDS=rlto$$
	useradd --no-create-home --home-dir /nonexistent "$WITH_IDS"
	useradd --no-create-home --home-dir /nonexistent "$WITHOUT_IDS"
	sed -i "/^$WITHOUT_IDS:/d" /etc/subuid /etc/subgid
	grep -q "^$WITH_IDS:" /etc/subuid || usermod --add-subuids 700000-765535 --add-subgids 700000-765535 "$WITH_IDS"
}
teardown_file() {
	[ -z "${WITH_IDS:-}" ] || userdel "$WITH_IDS" || true
	[ -z "${WITHOUT_IDS:-}" ] || userdel "$WITHOUT_IDS" || true
}

setup() {
	only_runlet
	bundle_make
	world_readable
	cp "$RUNTIME" runlet
	chmod 755 runlet
	as_me "$WITH_IDS"
}

# as_me USER: the bundle, the runtime directory, and user() are this user's from here on.
as_me() {
	ME=$1
	MY_ID=$(id -u "$ME")
	mkdir -p run
	chmod 700 run
	# A copy: what the tests of a file share belongs to root.
	[ ! -d "$BUNDLE/rootfs.own" ] || rm -r "$BUNDLE/rootfs.own"
	cp -r "$(rootfs_template)" "$BUNDLE/rootfs.own"
	rm -r "$ROOTFS"
	mv "$BUNDLE/rootfs.own" "$ROOTFS"
	chown -R "$ME:$ME" run "$BUNDLE"
	rm "$BUNDLE/config.json"
	user spec --rootless --bundle "$BUNDLE"
	config_set '.process.terminal = false | .root.readonly = false'
}
USER_PREFIX=()
user_env() {
	"${USER_PREFIX[@]}" setpriv --reuid "$ME" --regid "$ME" --init-groups env -i PATH="${USER_PATH:-/usr/bin:/bin:/usr/sbin:/sbin}" \
		XDG_RUNTIME_DIR="$BATS_TEST_TMPDIR/run" HOME=/nonexistent timeout --foreground -k 5 60 "$@"
}
user() { user_env "$BATS_TEST_TMPDIR/runlet" "$@"; }

# user_inside SCRIPT: as inside(), but by the user.
user_inside() {
	config_args sh -c "$1"
	run user run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ ! -e "run/runlet/$ID" ]
}
user_fails_with() {
	run user run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output =~ $1 ]]
	[ ! -e "run/runlet/$ID" ]
	nothing_left
}
squeeze() { sed 's/  */ /g; s/^ //'; }

@test "what spec --rootless writes runs: root inside, the user outside" {
	user_inside 'id -u; id -g; cat /proc/self/uid_map; touch /made'
	[ "${lines[0]} ${lines[1]}" = "0 0" ]
	[ "$(squeeze <<<"${lines[2]}")" = "0 $MY_ID 1" ]
	[ "$(stat -c %u "$ROOTFS/made")" = "$MY_ID" ]
}

@test "create, start, state, kill and delete; the state is in XDG_RUNTIME_DIR" {
	config_args sleep 1000
	user create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	[ -d "run/runlet/$ID" ]
	user start "$ID"
	[ "$(user state "$ID" | jq -r .status)" = running ]
	pid=$(user state "$ID" | jq .pid)
	[ "$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")" = "$MY_ID" ]
	run -0 user exec "$ID" sh -c 'id -u; readlink /proc/self/ns/user'
	[ "$output" = "0
$(readlink "/proc/$pid/ns/user")" ]
	user list | grep -q "$ID"
	user kill "$ID" KILL
	stopped() { [ "$(user state "$ID" | jq -r .status)" = stopped ]; }
	wait_for 5 stopped
	user delete "$ID"
	[ ! -e "run/runlet/$ID" ]
	nothing_left
}

@test "another user neither sees nor ends the container" {
	config_args sleep 1000
	user create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	ME=$WITHOUT_IDS
	run user_env "$BATS_TEST_TMPDIR/runlet" --root "$BATS_TEST_TMPDIR/run/runlet" kill "$ID" KILL
	show
	[ "$status" -ne 0 ]
	ME=$WITH_IDS
	[ "$(user state "$ID" | jq -r .status)" = created ]
	user delete --force "$ID"
}

@test "subordinate ids are mapped by newuidmap and newgidmap, and groups can be set" {
	first=$(awk -F: -v me="$ME" '$1 == me { print $2; exit }' /etc/subuid)
	first_gid=$(awk -F: -v me="$ME" '$1 == me { print $2; exit }' /etc/subgid)
	config_set '.linux.uidMappings += [{ containerID: 1, hostID: $u, size: 65536 }]
		| .linux.gidMappings += [{ containerID: 1, hostID: $g, size: 65536 }] | .process.user.additionalGids = [5, 100]' \
		--argjson u "$first" --argjson g "$first_gid"
	config_all_caps
	user_inside 'id -G; cat /proc/self/uid_map; cat /proc/self/setgroups; touch /one; chown 1000:1000 /one; stat -c %u:%g /one'
	[ "${lines[0]}" = "0 5 100" ]
	[ "$(squeeze <<<"${lines[2]}")" = "1 $first 65536" ]
	[ "${lines[3]} ${lines[4]}" = "allow 1000:1000" ]
	[ "$(stat -c %u "$ROOTFS/one")" = $((first + 999)) ]
}

@test "a user namespace without mappings: the user's own id and its subordinate ones" {
	first=$(awk -F: -v me="$ME" '$1 == me { print $2; exit }' /etc/subuid)
	config_set 'del(.linux.uidMappings, .linux.gidMappings)'
	run -0 user plan --bundle "$BUNDLE"
	[[ $output == *"uid_map 0 $MY_ID 1"*"uid_map 1 $first 65536"* ]]
	user_inside 'cat /proc/self/uid_map; cat /proc/self/setgroups'
	[ "$(squeeze <<<"${lines[0]}")" = "0 $MY_ID 1" ]
	[ "$(squeeze <<<"${lines[1]}")" = "1 $first 65536" ]
	[ "${lines[2]}" = allow ]
}

@test "a user namespace without mappings, of a user without subordinate ids: its own id alone" {
	as_me "$WITHOUT_IDS"
	config_set 'del(.linux.uidMappings, .linux.gidMappings)'
	user_inside 'cat /proc/self/uid_map /proc/self/setgroups'
	[ "$(squeeze <<<"${lines[0]}")" = "0 $MY_ID 1" ]
	[ "${lines[1]}" = deny ]
}

@test "ids that weren't given to the user are refused by newuidmap, whose words are passed on" {
	config_set '.linux.uidMappings += [{ containerID: 1, hostID: 3000000, size: 10 }]
		| .linux.gidMappings += [{ containerID: 1, hostID: 3000000, size: 10 }]'
	user_fails_with 'newuidmap.*3000000'
	as_me "$WITHOUT_IDS"
	config_set '.linux.uidMappings += [{ containerID: 1, hostID: 100000, size: 10 }]'
	user_fails_with 'newuidmap'
}

@test "without newuidmap the error says that it is needed" {
	config_set 'del(.linux.uidMappings, .linux.gidMappings)'
	mkdir bin
	ln -s "$(command -v env)" "$(command -v timeout)" bin/
	USER_PATH=$BATS_TEST_TMPDIR/bin user_fails_with 'newuidmap is needed'
}

@test "additional groups that can't be had are refused before anything is made" {
	as_me "$WITHOUT_IDS"
	config_set '.process.user.additionalGids = [0]'
	user_fails_with 'additionalGids.*one group'
}

@test "an id of the program that isn't mapped is refused" {
	config_set '.process.user.uid = 7'
	user_fails_with 'process.user.uid: 7 is not mapped'
}

@test "a file system option with a group that isn't mapped says which" {
	config_set '(.mounts[] | select(.type == "devpts") | .options) += ["gid=5"]'
	user_fails_with 'mounts\[2\].options: gid=5: the id is not in linux.gidMappings'
}

@test "limits without a delegated cgroup are an error, and none are fine" {
	user_inside true
	config_set '.linux.resources.memory.limit = 100000000'
	user_fails_with 'config.json:[0-9]+:[0-9]+: linux.resources.memory'
	config_set 'del(.linux.resources.memory) | .linux.resources.pids.limit = 10'
	user_fails_with 'linux.resources.pids'
}

@test "limits in a delegated cgroup" {
	[ -d "$CGROUPFS/pids" ] || skip "no cgroup v1"
	mkdir "$CGROUPFS/pids/$ID"
	chown -R "$ME:" "$CGROUPFS/pids/$ID"
	config_set '.linux.resources = { pids: { limit: 33 } } | .linux.cgroupsPath = $p' --arg p "/$ID/inner"
	config_args sleep 1000
	user create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	[ "$(cat "$CGROUPFS/pids/$ID/inner/pids.max")" = 33 ]
	user delete --force "$ID"
	[ ! -e "$CGROUPFS/pids/$ID/inner" ]
	rmdir "$CGROUPFS/pids/$ID"
}

@test "without a user namespace it is a clear error" {
	config_set '.linux.namespaces |= map(select(.type != "user")) | del(.linux.uidMappings, .linux.gidMappings)'
	user_fails_with 'ermi|user namespace'
}

@test "a user namespace of the user's own is joined, with offsets for a new time namespace" {
	user_env unshare -Ur sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	TEST_PIDS+=($!)
	wait_for 5 grep -q ready holder.out
	holder=$(pgrep -u "$ME" -x sleep)
	TEST_PIDS+=($holder)
	config_set '(.linux.namespaces[] | select(.type == "user")).path = $p | .linux.namespaces += [{ type: "time" }]
		| .linux.timeOffsets = { monotonic: { secs: 300, nanosecs: 0 } }' --arg p "/proc/$holder/ns/user"
	user_inside 'readlink /proc/self/ns/user; id -u; cat /proc/self/timens_offsets'
	[ "${lines[0]} ${lines[1]}" = "$(readlink "/proc/$holder/ns/user") 0" ]
	[ "$(squeeze <<<"${lines[2]}")" = "monotonic 300 0" ]
	kill "$holder"
}

@test "the user namespace of somebody else can't be joined" {
	unshare --user sh -c 'echo ready; exec sleep 1000' >holder.out 2>&1 &
	holder=$!
	TEST_PIDS+=($holder)
	wait_for 5 grep -q ready holder.out
	config_set '(.linux.namespaces[] | select(.type == "user")).path = $p' --arg p "/proc/$holder/ns/user"
	user_fails_with "/proc/$holder/ns/user"
}

@test "inside another user namespace, with one of its own and without" {
	config_args sh -c 'id -u; cat /proc/self/uid_map'
	config_set '.linux.uidMappings[0].hostID = 0 | .linux.gidMappings[0].hostID = 0'
	run user_env unshare -Urm "$BATS_TEST_TMPDIR/runlet" --root "$BATS_TEST_TMPDIR/run/inner" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$(squeeze <<<"${lines[1]}")" = "0 0 1" ]
	config_set '.linux.namespaces |= map(select(.type != "user")) | del(.linux.uidMappings, .linux.gidMappings)'
	run user_env unshare -Urmpf --mount-proc "$BATS_TEST_TMPDIR/runlet" --root "$BATS_TEST_TMPDIR/run/inner" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$(squeeze <<<"${lines[1]}")" = "0 $MY_ID 1" ]
}

@test "inside another user namespace, ids that it doesn't have are refused with a hint" {
	config_args true
	run user_env unshare -Urm "$BATS_TEST_TMPDIR/runlet" --root "$BATS_TEST_TMPDIR/run/inner" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *uid_map*hostIDs* ]]
}

@test "inside a container with a masked /proc: the error says why proc can't be mounted, and the ways out" {
	# A whole procfs that a test beside this one has mounted elsewhere would do for the kernel.
	USER_PREFIX=(unshare -m sh -c 'sed -n "s/^[^ ]* [^ ]* [^ ]* [^ ]* \([^ ]*\) .* - proc .*/\1/p" /proc/self/mountinfo |
		grep -vx /proc | xargs -r umount -l; exec "$@"' sh)
	config_set '.linux.uidMappings[0].hostID = 0 | .linux.gidMappings[0].hostID = 0'
	config_args true
	run user_env unshare -Urmpf --mount-proc sh -c '
		mount --bind /dev/null /proc/kallsyms && exec "$@"' sh \
		"$BATS_TEST_TMPDIR/runlet" --root "$BATS_TEST_TMPDIR/run/inner" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"mounts[0]"*"/proc"*"outer container masks"*"bind /proc"* ]]
	# One of the ways: the outer /proc.
	config_set '.mounts[0] = { destination: "/proc", type: "none", source: "/proc", options: ["rbind"] }
		| .linux.namespaces |= map(select(.type != "pid")) | del(.linux.maskedPaths, .linux.readonlyPaths)'
	run user_env unshare -Urmpf --mount-proc sh -c '
		mount --bind /dev/null /proc/kallsyms && exec "$@"' sh \
		"$BATS_TEST_TMPDIR/runlet" --root "$BATS_TEST_TMPDIR/run/inner" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
}

@test "mounts whose flags are locked keep them: ro, nosuid, nodev and noexec of the host" {
	mkdir locked "$ROOTFS/data"
	test_mount -t tmpfs -o mode=755,nosuid,nodev,noexec,noatime tmpfs locked
	mkdir locked/dir
	mount -o remount,ro "$BATS_TEST_TMPDIR/locked"
	config_bind "$BATS_TEST_TMPDIR/locked" /data bind ro
	user_inside 'grep " /data " /proc/self/mountinfo'
	[[ $output == *" ro,nosuid,nodev,noexec,noatime"* ]]
	config_set '.mounts[-1].options = ["bind", "rw", "suid", "dev", "exec", "relatime"]'
	user_inside 'grep " /data " /proc/self/mountinfo'
	[[ $output == *" ro,nosuid,nodev,noexec,noatime"* ]]
	config_set '.mounts[-1].options = ["rbind", "rro", "rnosuid"]'
	user_inside 'grep " /data " /proc/self/mountinfo'
	[[ $output == *" ro,nosuid,nodev,noexec,noatime"* ]]
}

@test "a map without id 0: the program has the ids and no more" {
	config_set '.process.user = { uid: 1000, gid: 1000 } | .linux.uidMappings[0].containerID = 1000 | .linux.gidMappings[0].containerID = 1000'
	user_inside 'id -u; id -g; grep CapEff /proc/self/status; touch /mine; stat -c %u:%g /mine'
	[ "${lines[0]} ${lines[1]} ${lines[3]}" = "1000 1000 1000:1000" ]
	[[ ${lines[2]} == *0000000000000000 ]]
}

@test "oomScoreAdj that may not be lowered is left alone; a capability that isn't there is no harm" {
	config_set '.process.oomScoreAdj = -500'
	user_inside 'cat /proc/self/oom_score_adj'
	[ "$output" -gt -500 ]
}

@test "spec --image-config --rootless: an image's user is one of the ids that the caller was given" {
	rm "$BUNDLE/config.json"
	printf '%s\n' 'video:x:27:app' >>"$ROOTFS/etc/group"
	echo '{ "os": "linux", "architecture": "any", "config": { "User": "app", "Entrypoint": ["/bin/sh", "-c"], "Volumes": { "/data": {} },
		"Cmd": ["echo $(id -u) $(id -g) $(id -G); ls -d /data"] } }' >image.json
	chmod 644 image.json
	user spec --rootless --bundle "$BUNDLE" --image-config image.json 2>/dev/null
	run user run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$output" = $'1000 1000 1000 27\n/data' ]
	# Root needs no more than the caller's own id.
	as_me "$WITHOUT_IDS"
	rm "$BUNDLE/config.json"
	user spec --rootless --bundle "$BUNDLE" --image-config image.json --user 0 2>/dev/null
	run user run --bundle "$BUNDLE" "$ID"
	show
	[ "$output" = $'0 0 0\n/data' ]
}
