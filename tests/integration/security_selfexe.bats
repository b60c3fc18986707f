# Class 5: the host's runtime overwritten through /proc/PID/exe.
#
# CVE-2019-5736 (runc, crun, youki, LXC).

load helpers
load security

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

# A copy of the runtime is what can be lost here.
own_runtime() {
	[ "$RUNTIME" != "$BATS_TEST_TMPDIR/runlet" ] || return 0
	cp "$RUNTIME" runlet
	RUNTIME=$BATS_TEST_TMPDIR/runlet
	before=$(sha256sum <"$RUNTIME"; stat -c '%i %Y %Z %s' "$RUNTIME")
}

# overwriter_start: container $ID opens and writes to the executable of all that comes.
overwriter_start() {
	cp "$(test_program attack)" "$ROOTFS/attack"
	cp --remove-destination "$(test_program exit7)" "$ROOTFS/exit7"
	printf '#!/proc/self/exe\n' >"$ROOTFS/evil"
	chmod 755 "$ROOTFS/evil"
	own_runtime
	config_set "${1:-.}"
	config_args /attack overwrite
	create
	start
	wait_for 5 grep -q ready out
}
runtime_unchanged() {
	sort out | uniq -c
	[ "$(sha256sum <"$RUNTIME"; stat -c '%i %Y %Z %s' "$RUNTIME")" = "$before" ]
	# Its own programs are its own business.
	! grep WROTE out | grep -v -e attack -e exit7 || return 1
}

# Without the right to ptrace nothing can be opened; with it, as "docker run --cap-add SYS_PTRACE" gives it, all can.
CAN_PTRACE='.process.capabilities |= map_values(. + ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_ADMIN"])'

@test "a process that writes to the executable of each exec never gets the runtime's (CVE-2019-5736)" {
	for filter in . "$CAN_PTRACE"; do
		overwriter_start "$filter"
		for round in $(seq 30); do
			# The program itself is the attacker's to overwrite.
			run runtime exec "$ID" /exit7 </dev/null
			[ "$status" -ne 124 ]
		done
		[ "$filter" = . ] || grep -q opened out
		runtime_unchanged
		runtime delete --force "$ID"
	done
}

@test "containers that join the pid namespace of one that writes to executables (CVE-2019-5736)" {
	overwriter_start "$CAN_PTRACE"
	pid=$(init_pid)
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	config_namespace_path pid "/proc/$pid/ns/pid"
	config_args /exit7
	for round in $(seq 30); do
		run runtime run --bundle "$BUNDLE" "$ID-b" </dev/null
		[ "$status" -eq 7 ] || { show; return 1; }
	done
	grep -q opened out
	runtime_unchanged
	runtime delete --force "$ID"
}

@test "exec of #!/proc/self/exe, and of a link to it, beside a process that writes to executables (CVE-2019-5736)" {
	only_runlet
	overwriter_start "$CAN_PTRACE"
	ln -s /proc/self/exe "$ROOTFS/link"
	for round in $(seq 10); do
		run timeout -k 2 20 "$RUNTIME" --root "$ROOT" exec "$ID" /evil </dev/null
		[ "$status" -ne 124 ] && [ "$status" -ne 0 ]
		run timeout -k 2 20 "$RUNTIME" --root "$ROOT" exec "$ID" /link </dev/null
		[ "$status" -ne 124 ] && [ "$status" -ne 0 ]
	done
	runtime_unchanged
	runtime delete --force "$ID"
}

@test "a container with the host's pids that writes to executables: starts beside it, also with a user namespace" {
	only_runlet
	own_runtime
	# The machine's other processes are not to be attacked.
	mv runlet "rl$$"
	RUNTIME=$BATS_TEST_TMPDIR/rl$$
	before=$(sha256sum <"$RUNTIME"; stat -c '%i %Y %Z %s' "$RUNTIME")
	cp "$(test_program attack)" "$ROOTFS/attack"
	world_readable
	config_no_namespace pid
	config_args /attack overwrite "rl$$"
	# Without CAP_SYS_PTRACE, which is the right to do it to every process of the host.
	runtime run --detach --bundle "$BUNDLE" "$ID-a" </dev/null >out 2>&1
	# Root of the host has all capabilities in the user namespaces that it made, however few it has outside.
	for filter in . '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_set "$filter"
		for round in $(seq 30); do
			run_bundle
			[ "$status" -eq 0 ] || { show; return 1; }
		done
	done
	! grep WROTE out || return 1
	[ "$(sha256sum <"$RUNTIME"; stat -c '%i %Y %Z %s' "$RUNTIME")" = "$before" ]
	runtime delete --force "$ID-a"
}

@test "init's program and its plan are sealed: no process in the container can write to them" {
	only_runlet
	config_args sleep 1000
	create
	pid=$(init_pid)
	[[ $(readlink "/proc/$pid/exe") == /memfd:* ]]
	for fd in exe fd/*; do
		for file in /proc/"$pid"/$fd; do
			[[ $(readlink "$file") == /memfd:* ]] || continue
			run bash -c 'echo evil >>"$1"' sh "$file"
			[ "$status" -ne 0 ]
		done
	done
	start
	runtime delete --force "$ID"
}
