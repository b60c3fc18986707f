# A hostile image: links in the place of every mount target, swapped devices, and what a program could reach of the host.

load helpers

# The host's files that nothing in here may touch.
victim_make() {
	VICTIM=$BATS_TEST_TMPDIR/victim
	mkdir -p "$VICTIM/dir"
	echo untouched >"$VICTIM/file"
	touch -d '2001-01-01' "$VICTIM/file" "$VICTIM/dir" "$VICTIM"
	VICTIM_BEFORE=$(find "$VICTIM" -printf '%p %y %m %u %T@ %s\n' | sort)
}
victim_untouched() {
	local now
	now=$(find "$VICTIM" -printf '%p %y %m %u %T@ %s\n' | sort)
	[ "$now" = "$VICTIM_BEFORE" ] || { diff <(echo "$VICTIM_BEFORE") <(echo "$now"); return 1; }
	grep -q "$VICTIM" /proc/self/mountinfo && return 1
	[ "$(cat "$VICTIM/file")" = untouched ]
}

# target_is_link TARGET LINK: runs the default bundle with a symlink in the rootfs.  It may start or fail cleanly, but the
# link must not lead out of the rootfs.
target_is_link() {
	rm -rf "$ROOTFS$1"
	mkdir -p "$(dirname "$ROOTFS$1")"
	ln -s "$2" "$ROOTFS$1"
	config_args sh -c 'echo started'
	run_bundle
	echo "$1 -> $2: status $status: $output"
	[[ $status -eq 0 && $output == *started* || $status -eq 1 && -n $output ]]
	victim_untouched
	nothing_left
}

# Every shape of link for one target, in fresh copies of the rootfs.
all_links() {
	local target=$1 link up=../../../../../../../../../../..
	victim_make
	for link in "$VICTIM/dir" "$up$VICTIM/dir" "$VICTIM/missing" "$up$VICTIM/missing/deeper" "$VICTIM/file" / .. /proc/1/root"$VICTIM/dir" \
		/proc/self/cwd "$(basename "$target")"; do
		rm -rf "$ROOTFS"
		cp -al "$(rootfs_template)" "$ROOTFS"
		target_is_link "$target" "$link"
	done
}

@test "symlinks at /proc" { all_links /proc; }
@test "symlinks at /sys" { all_links /sys; }
@test "symlinks at /dev (CVE-2026-41579)" {
	not_on runc crun
	all_links /dev
}

# Below /dev the targets lie in a tmpfs of the runtime's own unless the image's /dev is used.
image_dev() { config_set '.mounts |= map(select(.destination != "/dev"))'; }

@test "symlinks at /dev/pts, with the image's own /dev" {
	image_dev
	all_links /dev/pts
}
@test "symlinks at /dev/shm and /dev/mqueue, with the image's own /dev" {
	image_dev
	all_links /dev/shm
	rm -rf "$ROOTFS"
	all_links /dev/mqueue
}
@test "symlinks at the default devices, with the image's own /dev" {
	image_dev
	all_links /dev/null
}
@test "symlinks at /dev/console, /dev/ptmx and /dev/fd, with the image's own /dev" {
	image_dev
	victim_make
	for target in /dev/console /dev/ptmx /dev/fd /dev/stdin /dev/core; do
		for link in "$VICTIM/file" "$VICTIM/missing" "../../../../../../../../..$VICTIM/file"; do
			target_is_link $target "$link"
		done
	done
}
@test "symlinks at /sys/fs/cgroup" {
	not_on runc crun
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"] }'
	config_set '.mounts |= map(select(.destination != "/sys"))'
	all_links /sys/fs/cgroup
}
@test "symlinks at a volume's target" {
	mkdir source
	echo volume >source/file
	config_bind "$BATS_TEST_TMPDIR/source" /volume bind
	all_links /volume
}
@test "symlinks in the middle of a volume's target" {
	mkdir source
	config_bind "$BATS_TEST_TMPDIR/source" /outer/inner/volume bind
	all_links /outer
	rm -rf "$ROOTFS"
	all_links /outer/inner
}
@test "symlinks at a file's target" {
	echo content >afile
	config_bind "$BATS_TEST_TMPDIR/afile" /etc/hosts bind
	all_links /etc/hosts
}
@test "symlinks at a tmpfs with tmpcopyup" {
	config_mount '{ "destination": "/copied", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"] }'
	all_links /copied
}
@test "symlinks at the cwd that is to be made" {
	config_set '.process.cwd = "/cwd/below"'
	all_links /cwd
}
@test "symlinks at masked and read-only paths" {
	config_set '.linux.maskedPaths += ["/masked"] | .linux.readonlyPaths += ["/fixed"]'
	all_links /masked
	rm -rf "$ROOTFS"
	all_links /fixed
}
@test "symlinks at a device of linux.devices" {
	config_set '.linux.devices = [{ path: "/odd/device", type: "c", major: 1, minor: 3, fileMode: 438 }]'
	all_links /odd
	rm -rf "$ROOTFS"
	all_links /odd/device
}

@test "a dangling symlink of the image above a mount target: the target is made inside the container" {
	not_on crun
	mkdir source
	echo volume >source/file
	ln -s /data/volumes "$ROOTFS/store"
	config_bind "$BATS_TEST_TMPDIR/source" /store/one bind
	inside 'cat /store/one/file; cat /data/volumes/one/file'
	[ "$output" = $'volume\nvolume' ]
}

@test "a link in the image works for a target as it does inside: /var/run -> /run" {
	mkdir -p "$ROOTFS/run" source
	echo volume >source/file
	ln -s /run "$ROOTFS/var/run"
	config_bind "$BATS_TEST_TMPDIR/source" /var/run/data bind
	inside 'cat /run/data/file'
	[ "$output" = volume ]
}

@test "a masked path is masked by the real null device, though /dev/null of the image is a link (CVE-2025-31133)" {
	bundle_works
	image_dev
	victim_make
	mkdir -p "$ROOTFS/dev"
	rm -f "$ROOTFS/dev/null"
	ln -s "$VICTIM/file" "$ROOTFS/dev/null"
	echo secret >"$ROOTFS/secret"
	config_set '.linux.maskedPaths += ["/secret"]'
	config_args sh -c 'cat /secret; [ -c /secret ] && stat -c %t:%T /secret'
	run_bundle
	show
	[[ $output != *secret* ]] || [[ $status -ne 0 && $output != secret* ]]
	[[ $output != *untouched* ]]
	victim_untouched
	nothing_left
}

@test "a masked path, where /dev/null of the image is a link to procfs" {
	# The peers of this age really write the host's file.
	not_on runc crun
	bundle_works
	image_dev
	mkdir -p "$ROOTFS/dev"
	ln -s /proc/sys/vm/stat_interval "$ROOTFS/dev/null"
	echo secret >"$ROOTFS/secret"
	config_set '.linux.maskedPaths += ["/secret"]'
	before=$(cat /proc/sys/vm/stat_interval)
	config_args sh -c 'echo 77 >/secret; cat /secret'
	run_bundle
	show
	after=$(cat /proc/sys/vm/stat_interval)
	echo "$before" >/proc/sys/vm/stat_interval
	[ "$after" = "$before" ]
	[[ $output != *secret* || $status -ne 0 ]]
}

@test "the standard streams are not reopened on a file that the image put at /dev/null (CVE-2026-88265)" {
	bundle_works
	victim_make
	mkdir -p "$BATS_TEST_TMPDIR/dev"/{pts,shm,mqueue}
	ln "$VICTIM/file" "$BATS_TEST_TMPDIR/dev/null"
	VICTIM_BEFORE=$(find "$VICTIM" -printf '%p %y %m %u %T@ %s\n' | sort)
	config_set '(.mounts[] | select(.destination == "/dev")) |= { destination: "/dev", type: "none", source: $s, options: ["bind"] }
		| .process.user = { uid: 1000, gid: 1000 }' --arg s "$BATS_TEST_TMPDIR/dev"
	config_args sh -c 'echo written; echo written >&2'
	run bash -c '"$@" </dev/null >/dev/null 2>/dev/null' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	victim_untouched
	nothing_left
}

@test "/proc that is a tmpfs in the image's place: labels and sysctls go to the real procfs (CVE-2019-16884)" {
	bundle_works
	mkdir -p fakeproc/self/attr fakeproc/sys/net/ipv4 fakeproc/sys/kernel
	touch fakeproc/self/attr/exec fakeproc/sys/kernel/msgmax
	config_set '.mounts |= map(select(.destination != "/proc")) | .linux.sysctl = { "kernel.msgmax": "4321" }
		| del(.linux.maskedPaths, .linux.readonlyPaths)'
	config_bind "$BATS_TEST_TMPDIR/fakeproc" /proc bind
	config_args true
	run_bundle
	show
	[ ! -s fakeproc/sys/kernel/msgmax ]
	[ ! -s fakeproc/self/attr/exec ]
	nothing_left
}

@test "a mount over a file of /proc is refused, but for the known exceptions" {
	echo content >afile
	for target in /proc/sys/kernel/core_pattern /proc/self/attr/exec /proc/1/status; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_bind "$BATS_TEST_TMPDIR/afile" $target bind
		run_bundle
		show
		[ "$status" -ne 0 ] || [ "$RUNTIME_NAME" = crun ]
		nothing_left
	done
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_bind "$BATS_TEST_TMPDIR/afile" /proc/uptime bind
	inside 'cat /proc/uptime'
	[ "$output" = content ]
}

@test "the program has no fds but 0, 1 and 2" {
	config_args sh -c 'for f in /proc/self/fd/*; do echo "${f##*/} $(readlink $f)"; done'
	create
	start
	wait_for 5 has_status stopped
	cat out
	[ "$(grep -cE '^[0-9]+ .' out)" -le 3 ]
	! grep -E '^[3-9][0-9]* /' out | grep -v '/proc/' || false
	runtime delete "$ID"
}

@test "while created, init holds no fd that shows a directory of the host" {
	config_args sleep 1000
	create
	ls -l "/proc/$(init_pid)/fd"
	# The descriptors that wait for start may be there, and the container's own root; a directory of the host may not.
	for fd in /proc/"$(init_pid)"/fd/*; do
		[ -d "$fd" ] || continue
		echo "a directory: $fd $(readlink "$fd") $(stat -Lc %d:%i "$fd"): $(ls "$fd/." | head -5 | tr '\n' ' ')"
		[ "$(stat -Lc %d:%i "$fd")" = "$(stat -c %d:%i "$ROOTFS")" ] || [ "$RUNTIME_NAME" = runc ]
	done
	runtime delete --force "$ID"
}

@test "cwd = /proc/self/fd/N does not reach the host (CVE-2024-21626)" {
	bundle_works
	for n in 3 4 5 6 7 8 9 10 11 12; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_set '.process.cwd = $c' --arg c "/proc/self/fd/$n"
		config_args sh -c 'cat ../../../../../../../../../etc/hostname; ls -d ../../../../work 2>/dev/null; pwd'
		mkdir -p "$ROOTFS/etc"
		echo in-the-container >"$ROOTFS/etc/hostname"
		run_bundle
		echo "$n: $status $output"
		[[ $status -ne 0 || $output == in-the-container* ]]
		[[ $output != *work* ]]
		nothing_left
	done
}

@test "cwd through a link of the image to /proc/self/fd/N" {
	bundle_works
	for n in 3 5 7 8; do
		rm -f "$ROOTFS/way"
		ln -s "/proc/self/fd/$n/" "$ROOTFS/way"
		config_set '.process.cwd = "/way"'
		config_args sh -c 'ls -d ../../../work ../../../../../../work 2>/dev/null; pwd'
		run_bundle
		echo "$n: $status $output"
		[[ $output != */work* ]]
		nothing_left
	done
}

@test "the executable of PID 1 before start is not the host's runtime, and can't be written (CVE-2019-5736)" {
	only_runlet
	config_args sleep 1000
	create
	pid=$(init_pid)
	readlink "/proc/$pid/exe"
	[[ $(readlink "/proc/$pid/exe") != "$(realpath "$RUNTIME")" ]]
	! cmp -s "/proc/$pid/exe" "$RUNTIME" || false
	[ "$(stat -Lc %d:%i "/proc/$pid/exe")" != "$(stat -Lc %d:%i "$RUNTIME")" ]
	exec 7<"/proc/$pid/exe"
	start
	runtime delete --force "$ID"
	run bash -c 'echo evil >/proc/self/fd/7'
	exec 7<&-
	[ "$status" -ne 0 ]
	"$RUNTIME" --version
}

@test "#!/proc/self/exe as the program reaches a sealed copy, never the host's runtime" {
	before=$(sha256sum <"$RUNTIME")
	printf '#!/proc/self/exe\n' >"$ROOTFS/evil"
	chmod 755 "$ROOTFS/evil"
	config_args /evil
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 124 ]
	[ "$(sha256sum <"$RUNTIME")" = "$before" ]
	runtime delete --force "$ID"
}

@test "a library of the image is not loaded by the runtime's own init" {
	mkdir -p "$ROOTFS/lib" "$ROOTFS/lib64"
	echo 'not a library' >"$ROOTFS/evil.so"
	config_set '.process.env += ["LD_PRELOAD=/evil.so", "LD_LIBRARY_PATH=/"]'
	echo /evil.so >"$ROOTFS/etc/ld.so.preload"
	inside 'echo ran'
	[[ $output == *ran* ]]
	[[ $output != *"cannot be preloaded"* ]]
}

@test "the environment of the waiting init holds nothing of the host" {
	only_runlet
	config_args sleep 1000
	SECRET_OF_THE_HOST=1 create
	! tr '\0' '\n' <"/proc/$(init_pid)/environ" | grep SECRET || false
	[ ! -s "/proc/$(init_pid)/environ" ]
	! tr '\0' '\n' <"/proc/$(init_pid)/cmdline" | grep "$BATS_TEST_TMPDIR" || false
	runtime delete --force "$ID"
}

@test "the waiting init can't be traced from the container's user" {
	only_runlet
	config_no_namespace pid
	config_set '.process.user = { uid: 1000, gid: 1000 } | .process.capabilities = {}'
	config_args sleep 1000
	create
	run setpriv --reuid 1000 --regid 1000 --clear-groups cat "/proc/$(init_pid)/maps"
	show
	[ "$status" -ne 0 ]
	run setpriv --reuid 1000 --regid 1000 --clear-groups ls "/proc/$(init_pid)/fd"
	[ "$status" -ne 0 ]
	runtime delete --force "$ID"
}

@test "the state directory's sockets and files can't be reached by other users" {
	config_args sleep 1000
	create
	[ "$(stat -c %a "$ROOT")" = 700 ] || [ "$(stat -c %a "$ROOT/$ID")" = 700 ] || [ "$RUNTIME_NAME" = runc ]
	run setpriv --reuid 1000 --regid 1000 --clear-groups find "$ROOT" -type f -readable
	[ -z "$(grep -v 'ermission' <<<"$output")" ] || [ "$RUNTIME_NAME" = runc ]
	runtime delete --force "$ID"
}

@test "a state directory that is a symlink to somebody else's is not followed for a container" {
	only_runlet
	bundle_works
	mkdir -p "$ROOT" elsewhere
	ln -s "$BATS_TEST_TMPDIR/elsewhere" "$ROOT/$ID"
	config_args true
	run_bundle
	show
	[ "$status" -ne 0 ]
	[ -z "$(ls -A elsewhere)" ]
	rm "$ROOT/$ID"
}

@test "inheritable capabilities stay empty unless asked for (CVE-2022-29162)" {
	config_args grep CapInh /proc/self/status
	run_bundle
	[[ $output == *0000000000000000 ]]
}

@test "the cgroup tree of the host is not writable without a cgroup namespace (CVE-2023-25809)" {
	not_on runc crun
	config_no_namespace cgroup
	config_all_caps
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev"] }'
	inside 'for d in /sys/fs/cgroup/*; do ! mkdir $d/evil 2>/dev/null || exit 9; ! echo 1 2>/dev/null >$d/notify_on_release || exit 8; done'
}

@test "the user of a hostile /etc/passwd: a numeric name is not looked up (CVE-2016-3697)" {
	echo '1000:x:0:0:root:/root:/bin/sh' >"$ROOTFS/etc/passwd.new"
	mv "$ROOTFS/etc/passwd.new" "$ROOTFS/etc/passwd"
	config_set '.process.user = { uid: 1000, gid: 1000 }'
	inside 'grep ^Uid /proc/self/status'
	[[ $output == *1000*1000*1000*1000 ]]
}

@test "a hostile /etc/passwd: a link to the host, a fifo, a huge line are no hang and no leak" {
	# runc waits for the fifo.
	not_on runc crun
	victim_make
	rm "$ROOTFS/etc/passwd"
	ln -s "$VICTIM/file" "$ROOTFS/etc/passwd"
	config_args sh -c 'echo "$HOME"'
	run_bundle
	victim_untouched
	rm "$ROOTFS/etc/passwd"
	mkfifo "$ROOTFS/etc/passwd"
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 124 ] || [ "$RUNTIME_NAME" != runlet ]
	runtime delete --force "$ID"
	rm "$ROOTFS/etc/passwd"
	head -c 3000000 /dev/zero | tr '\0' x >"$ROOTFS/etc/passwd"
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[ "$status" -eq 0 ]
}

@test "a race of links at a mount target never reaches the host (CVE-2021-30465)" {
	bundle_works
	victim_make
	mkdir -p shared/real source
	config_bind "$BATS_TEST_TMPDIR/shared" /shared bind
	config_bind "$BATS_TEST_TMPDIR/source" /shared/target/inner bind
	(
		set +e
		cd shared
		while :; do
			rm -rf target
			mkdir target
			rm -rf target
			ln -s "$VICTIM/dir" target
		done
	) >/dev/null 2>&1 3>&- &
	racer=$!
	TEST_PIDS+=($racer)
	config_args true
	for round in 1 2 3 4 5 6 7 8 9 10; do
		run_bundle
	done
	kill $racer
	victim_untouched
	nothing_left
}

# --- what a container can reach of another that joins its namespaces ---

# attacker_start JQ-FILTER: container $ID-a runs the racer; its namespaces are at /proc/$ATTACKER/ns.
attacker_start() {
	local rootfs=$BATS_TEST_TMPDIR/attacker/rootfs
	mkdir -p "$rootfs"/{proc,dev,sys}
	cp "$(test_program racer)" "$rootfs/racer"
	world_readable
	config_all_caps
	jq "$1 | .process.args = [\"/racer\"]" "$BUNDLE/config.json" >attacker/config.json
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	timeout -k 5 60 "$RUNTIME" --root "$ROOT" run --detach --bundle attacker "$ID-a" </dev/null >racer.out 2>&1
	ATTACKER=$(state .pid "$ID-a")
	wait_for 5 grep -q ready racer.out
}
# The program of the victim is the attacker's equal, and may be reached; what runs before it may not.
attacker_got_nothing() {
	runtime delete --force "$ID-a"
	sed 's/ [0-9]* / N /' racer.out | sort | uniq -c
	! grep '^reached' racer.out | grep -qv ' true ' || false
}

@test "a process of a joined user and pid namespace never reaches init's root, cwd or fds (CVE-2016-9962)" {
	not_on runc
	attacker_start '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	for type in pid network:net ipc uts cgroup user; do
		config_namespace_path "${type%:*}" "/proc/$ATTACKER/ns/${type#*:}"
	done
	config_set 'del(.hostname)'
	config_args true
	for round in $(seq 20); do
		run_bundle
		[ "$status" -eq 0 ] || { show; return 1; }
	done
	attacker_got_nothing
}

@test "a process of a joined pid namespace never reaches init's root, cwd or fds" {
	# With CAP_SYS_PTRACE in the host's user namespace every process may be traced; that is what it is for.
	attacker_start '.process.capabilities |= map_values(. - ["CAP_SYS_PTRACE"])'
	config_namespace_path pid "/proc/$ATTACKER/ns/pid"
	config_all_caps
	config_args true
	for round in $(seq 20); do
		run_bundle
		[ "$status" -eq 0 ] || { show; return 1; }
	done
	attacker_got_nothing
}

@test "exec: the container's own processes never reach init's root, cwd or fds, with a user namespace (CVE-2016-9962)" {
	not_on runc
	attacker_start '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	cp "$(test_program exit7)" attacker/rootfs/true
	for round in $(seq 40); do
		run runtime exec "$ID-a" /true </dev/null
		[ "$status" -eq 7 ] || { show; return 1; }
	done
	attacker_got_nothing
}

@test "exec: the container's own processes never reach init's root, cwd or fds" {
	# With CAP_SYS_PTRACE in the host's user namespace every process may be traced; that is what it is for.
	attacker_start '.process.capabilities |= map_values(. - ["CAP_SYS_PTRACE"])'
	cp "$(test_program exit7)" attacker/rootfs/true
	for round in $(seq 40); do
		run runtime exec "$ID-a" /true </dev/null
		[ "$status" -eq 7 ] || { show; return 1; }
	done
	attacker_got_nothing
}

@test "exec: a first process without privileges that made itself a mount namespace gets no program of its own run" {
	# runc runs it, with all that was asked for.
	not_on runc crun
	unshare -U true || skip "no user namespaces"
	config_set '.process.user = { uid: 1000, gid: 1000 } | .process.capabilities = {}'
	config_mount '{ "destination": "/evil", "type": "tmpfs", "source": "tmpfs", "options": ["mode=1777"] }'
	config_args sh -c 'mkdir /evil/bin; cp /bin/busybox /evil/bin/busybox
		printf "#!/evil/bin/busybox sh\n/evil/bin/busybox grep CapEff /proc/self/status; echo pwned\n" >/evil/bin/id; chmod 755 /evil/bin/id
		while [ ! -e /evil/go ]; do sleep 0.1; done
		exec unshare -U -r -m sh -c "mount --bind /evil/bin /bin; : >/evil/ready; exec /evil/bin/busybox sleep 1000"'
	world_readable
	create
	start
	pid=$(init_pid)
	run -0 runtime exec --user 0 "$ID" id -u
	[ "$output" = 0 ]
	run -0 runtime exec "$ID" touch /evil/go
	wait_for 5 test -e "/proc/$pid/root/evil/ready"
	run runtime exec --user 0 --cap CAP_SYS_ADMIN "$ID" id
	show
	[ "$status" -eq 255 ]
	[[ $output == *"has entered a user namespace that isn't the container's"* ]]
	runtime delete --force "$ID"
}

@test "exec: a container that puts links and files of its own over /proc, the cwd and the program gains nothing" {
	bundle_works
	config_set '.root.readonly = false'
	config_all_caps
	mkdir -p host-secret "$ROOTFS/fake/self/attr" "$ROOTFS/dev2"
	echo secret >host-secret/file
	config_args sh -c 'umount /proc; mount --bind /fake /proc; ln -s ../../../../../../../../../../.. /up; ln -s /proc/self/fd/5 /leak
		ln -sf /up/etc/shadow /etc/passwd; touch /tmp/ready; exec sleep 1000'
	create
	start
	ready() { runtime exec "$ID" test -e /tmp/ready </dev/null; }
	wait_for 5 ready
	run runtime exec "$ID" sh -c 'echo $HOME; ls /proc /up' </dev/null
	show
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = / ]
	[[ $output != *lost+found* ]]
	for cwd in /leak /up/tmp /proc/self/fd/3; do
		run runtime exec --cwd "$cwd" "$ID" pwd </dev/null
		show
		[ "$status" -eq 255 ] || [[ $output == /* ]]
	done
	# A label must not go to a file of the container's making: here it is refused before, and without a real /proc too.
	run runtime exec --apparmor profile "$ID" true </dev/null
	[ "$status" -eq 255 ]
	runtime delete --force "$ID"
}

@test "another user's entry in a state directory that all can write to is no container" {
	only_runlet
	mkdir -p "$ROOT/$ID"
	chmod 1777 "$ROOT"
	cat >"$ROOT/$ID/state.json" <<-END
		{ "ociVersion": "1.0.2", "id": "$ID", "bundle": "/tmp", "rootfs": "/none", "created": "", "status": "stopped",
		  "hasMountNs": true, "poststop": [{ "path": "/bin/sh", "args": ["sh", "-c", "touch $BATS_TEST_TMPDIR/pwned"] }] }
	END
	chown -R 1000 "$ROOT/$ID"
	for command in "delete --force" delete state start kill; do
		run runtime $command "$ID"
		show
		[ "$status" -ne 0 ]
		[[ $output == *"belongs to uid 1000"* ]]
	done
	[ ! -e pwned ]
	chown -R 0 "$ROOT/$ID"
	runtime delete "$ID"
	[ -e pwned ]
	chmod 777 "$ROOT"
	run_bundle
	[ "$status" -ne 0 ]
	[[ $output == *"all users can write"* ]]
}

@test "control characters of config.json reach neither the terminal nor the log's lines" {
	only_runlet
	config_bind "/no"$'\e[31m\xc2\x9b31m\x7f\nrunlet: info: all is well' /mnt bind
	run_bundle
	show | cat -v
	[ "$status" -ne 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *'/no\u001b[31m\u009b31m\u007f\nrunlet: info'* ]]
	for format in text json; do
		run runtime --log "$BATS_TEST_TMPDIR/log.$format" --log-format $format run --bundle "$BUNDLE" "$ID"
		[ "$(wc -l <log.$format)" -eq 1 ]
		! grep -q $'[\e\x7f]' log.$format || false
	done
	[[ $(jq -r .msg log.json) == *$'/no\e[31m\xc2\x9b31m\x7f\nrunlet: info: all is well'* ]]
}

@test "a namespace of the host that is named by its path isn't changed by sysctls or hostname" {
	not_on crun
	for change in 'network net .linux.sysctl["net.ipv4.ip_default_ttl"]="77"' 'ipc ipc .linux.sysctl["kernel.msgmax"]="7777"' \
		'uts uts .hostname="changed"' 'uts uts .domainname="changed"'; do
		read -r type file filter <<<"$change"
		[ "$RUNTIME_NAME" != runc ] || [ $type = network ] || continue
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_set 'del(.hostname) | .mounts |= map(select(.type != "sysfs" and .type != "mqueue")) | .linux.maskedPaths = []'
		config_set "$filter"
		config_namespace_path $type /proc/self/ns/$file
		fails_with 'host|own'
	done
	[ "$(cat /proc/sys/net/ipv4/ip_default_ttl)" != 77 ]
	[ "$(cat /proc/sys/kernel/msgmax)" != 7777 ]
	[ "$(hostname)" != changed ]
}

@test "/etc/passwd that is a device is not opened" {
	only_runlet
	# A watchdog or a tape drive notices an open.
	rm "$ROOTFS/etc/passwd"
	mknod "$ROOTFS/etc/passwd" c 5 2
	config_set '.process.env = ["PATH=/bin"]'
	config_args sh -c 'echo "$HOME"'
	strace -f -qq -e trace=open,openat,openat2 -o trace "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" >out
	[ "$(cat out)" = / ]
	grep etc/passwd trace
	! grep etc/passwd trace | grep -v O_PATH || false
}

@test "creates and deletes of one id at once leave one container or none, and never a process without a state" {
	only_runlet
	config_args sleep 1000
	# By pid: a bare wait would also wait for the clock of bats' own timeout.
	local jobs round
	for round in $(seq 30); do
		runtime create --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>out.1 &
		jobs=$!
		runtime create --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>out.2 &
		jobs="$jobs $!"
		runtime delete --force "$ID" 2>out.3 &
		wait $jobs $! || true
		! cat out.1 out.2 out.3 | grep -v -e 'already exists' -e 'deleted while' -e 'killed by signal 9' -e '^$' || return 1
		runtime delete --force "$ID" 2>>out.3 &
		jobs=$!
		runtime delete --force "$ID"
		wait $jobs
		nothing_left
	done
}

@test "the id 4294967295 is refused: setresuid takes it for \"stay what you are\", which is root" {
	not_on crun
	for filter in '.uid = 4294967295' '.gid = 4294967295' '.additionalGids = [5, 4294967295]'; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_set ".process.user |= ({ uid: 1000, gid: 1000 } | $filter)"
		config_args cat /proc/self/status
		fails_with '4294967295|4294967294|nvalid argument|in range'
		[[ $output != *Uid:* ]]
	done
}

@test "a volume whose directory and symlink are swapped all the time: 100 starts touch nothing of the host" {
	only_runlet
	victim_make
	mkdir shared source
	touch afile
	"$(test_program racer)" "$BATS_TEST_TMPDIR/shared" "$VICTIM/dir" >/dev/null 3>&- &
	TEST_PIDS+=($!)
	racer=$!
	wait_for 5 test -e shared/b
	config_bind "$BATS_TEST_TMPDIR/shared" /shared bind
	config_bind "$BATS_TEST_TMPDIR/source" /shared/a/inner/deep bind
	config_bind "$BATS_TEST_TMPDIR/afile" /shared/a/newfile bind
	config_mount '{ "destination": "/shared/b/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"] }'
	config_set '.linux.devices = [{ path: "/shared/a/null", type: "c", major: 1, minor: 3 }] | .process.cwd = "/shared/a/cwd"
		| .linux.maskedPaths += ["/shared/a/inner", "/shared/b/file"] | .linux.readonlyPaths += ["/shared/a"]'
	config_args true
	good=0
	for round in $(seq 100); do
		run_bundle
		[ "$status" -ne 0 ] || good=$((good + 1))
	done
	kill -KILL $racer
	echo "$good of 100 started; the last said: $output"
	[ $good -gt 0 ]
	victim_untouched
	nothing_left
}

@test "a session keyring that another container prepared under this one's id isn't joined" {
	not_on runc crun
	cp "$(test_program racer)" "$ROOTFS/racer"
	config_args /racer "_ses.$ID"
	timeout -k 5 60 "$RUNTIME" --root "$ROOT" run --detach --bundle "$BUNDLE" "$ID-a" </dev/null >keyring.a 2>&1
	wait_for 5 grep -q keyring keyring.a
	config_args /racer ''
	run_bundle
	show
	[ "$status" -eq 0 ]
	[[ $output == *"keyring "[1-9]* ]]
	[[ $output != *"$(grep keyring keyring.a)"* ]]
	runtime delete --force "$ID-a"
}
