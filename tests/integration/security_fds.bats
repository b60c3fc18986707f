# Class 4: descriptors and working directories of the host that reach the container, and what a process in there can
# take from one that joins it.
#
# CVE-2024-21626 (runc; youki has it as GHSA-xr7r-f8xq-vfvv), CVE-2016-9962 (runc), CVE-2016-8649 (LXC).

load helpers
load security

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

# A cwd, and a program's path, behind each number that a descriptor may have: init has a dozen.
LEAKS=$(seq -s' ' 0 31)

@test "cwd = /proc/self/fd/N for create and start, for every N (CVE-2024-21626)" {
	victim_make
	for n in $LEAKS; do
		config_set '.process.cwd = $c' --arg c "/proc/self/fd/$n"
		config_args sh -c 'ls ../../../../../../../../../work; pwd'
		create || { grep "cwd /proc/self/fd/$n" out; nothing_left; continue; }
		start
		wait_for 5 has_status stopped
		cat out
		! grep -q shared out || false
		runtime delete "$ID"
	done
	victim_untouched
}

@test "exec with --cwd, a process file's cwd and a program at /proc/self/fd/N, for every N (CVE-2024-21626)" {
	start_sleeper
	victim_make
	for n in $LEAKS; do
		run runtime exec --cwd "/proc/self/fd/$n" "$ID" ls ../../../../../../../../work </dev/null
		[ "$status" -ne 0 ]
		[[ $output == *"cwd /proc/self/fd/$n"* || $output == *"ls: "* ]]
		jq '.process | .cwd = $c | .args = ["ls", "../../../../../../../work"]' --arg c "/proc/self/fd/$n/../.." "$BUNDLE/config.json" >process.json
		run runtime exec --process process.json "$ID" </dev/null
		[ "$status" -ne 0 ]
		[[ $output == *"/proc/self/fd/$n"* || $output == *"ls: "* ]]
		run runtime exec "$ID" "/proc/self/fd/$n/bin/sh" -c 'echo reached' </dev/null
		[ "$status" -ne 0 ]
		[[ $output != *reached* ]]
		[[ $output == *"/proc/self/fd/$n/bin/sh"* ]]
	done
	runtime delete --force "$ID"
	victim_untouched
}

@test "the program of a container at /proc/self/fd/N is none of the host's, for every N" {
	only_runlet
	bundle_works
	for n in $LEAKS; do
		config_args "/proc/self/fd/$n/../../../../../../../bin/cat" /etc/hostname
		fails_with "/proc/self/fd/$n/"
	done
}

# The descriptors of a program that runlet was given, beyond its standard streams.
no_fds() { show; grep -q '^fd 2 ' <<<"$output" && ! grep -v '^fd [012] ' <<<"$output" || return 1; }

@test "what the caller has open, and would inherit, reaches neither run, nor start, nor exec, nor hooks (CVE-2024-21626)" {
	only_runlet
	cp "$(test_program attack)" "$ROOTFS/attack"
	hook='ls -l /proc/self/fd | sed -n "s/.* \([0-9]* -> \)/\1/p" | grep -v "^[0-2] -> \|/proc/" >>'$BATS_TEST_TMPDIR/hookfds
	config_set '.hooks = { createRuntime: [$h], createContainer: [$h], poststart: [$h], poststop: [$h] }' \
		--argjson h "$(jq -n --arg s "$hook || true" '{ path: "/bin/sh", args: ["sh", "-c", $s] }')"
	config_args /attack fds
	leaky() { "$@" 7</ 8<"$TESTS_DIR" 9<>/dev/null 19</etc 3>&-; }
	run leaky runtime run --bundle "$BUNDLE" "$ID"
	[ "$status" -eq 0 ]
	no_fds
	leaky runtime create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	leaky runtime start "$ID"
	wait_for 5 has_status stopped
	run cat out
	no_fds
	leaky runtime delete "$ID"
	config_args sleep 1000
	create
	start
	run leaky runtime exec "$ID" /attack fds </dev/null
	no_fds
	runtime delete --force "$ID"
	cat hookfds
	[ ! -s hookfds ]
}

@test "no descriptor of the waiting init leads beyond the container's root" {
	only_runlet
	config_args sleep 1000
	create
	pid=$(init_pid)
	for fd in /proc/"$pid"/fd/*; do
		echo "${fd##*/} $(readlink "$fd")"
		[ "${fd##*/}" -gt 2 ] || continue
		case $(readlink "$fd") in
		socket:* | /memfd:* | anon_inode:* | pipe:*) ;;
		*) [ "$(stat -Lc %d:%i "$fd")" = "$(stat -c %d:%i "$ROOTFS")" ] || return 1 ;;
		esac
	done
	[ "$(stat -Lc %d:%i "/proc/$pid/cwd/.")" = "$(stat -c %d:%i "$ROOTFS")" ]
	[ "$(stat -Lc %d:%i "/proc/$pid/root/.")" = "$(stat -c %d:%i "$ROOTFS")" ]
	runtime delete --force "$ID"
}

@test "standard input is a directory of the host, and the cwd or the program is beneath it: refused by name (CVE-2024-21626)" {
	only_runlet
	victim_make
	config_args sh -c 'echo reached >dir/new; cat file; pwd'
	for cwd in /proc/self/fd/0 /proc/self/fd/0/dir /dev/stdin /proc/1/fd/0 /link; do
		[ $cwd != /link ] || ln -s /proc/self/fd/0 "$ROOTFS/link"
		config_set '.process.cwd = $c' --arg c $cwd
		run runtime run --bundle "$BUNDLE" "$ID" <"$VICTIM"
		show
		[ "$status" -eq 1 ]
		[[ $output == *"cwd $cwd"* ]]
		nothing_left
	done
	config_set '.process.cwd = "/"'
	start_sleeper
	for cwd in /proc/self/fd/0 /proc/self/fd/0/dir /dev/stdin /link; do
		run runtime exec --cwd $cwd "$ID" sh -c 'echo reached >dir/new; cat file; pwd' <"$VICTIM"
		show
		[ "$status" -ne 0 ]
		[[ $output == *"cwd $cwd"* ]]
	done
	runtime delete --force "$ID"
	victim_untouched
}

# close_range(2) is made a lie for one of the two processes that call it, so that the other one's call must do.
@test "each of the two times that descriptors are closed is enough: runlet before init's exec, init before the program's" {
	only_runlet
	[ "$(readelf -h "$RUNTIME" | awk '$1 == "Type:" { print $2 }')" = DYN ] || skip "runlet is not position-independent"
	attack=$(test_program attack)
	cp "$attack" "$ROOTFS/attack"
	config_args /attack fds
	leaky() { "$@" 7</ 8<"$TESTS_DIR" 9<>/dev/null 19</etc 3>&-; }
	for who in runlet init both; do
		RUNTIME_WRAPPER=(timeout --foreground -k 5 60 "$attack" unclosed $who)
		run leaky runtime run --bundle "$BUNDLE" "$ID"
		[ "$status" -eq 0 ]
		# Without both there is nothing that closes them: this is what the attack sees then.
		[ $who != both ] || { grep '^fd 7 ' <<<"$output"; continue; }
		no_fds
	done
}

# The program itself is the tracer's equal, and may be traced from its execve(2) on; what runs before it may not.
@test "exec into a container that traces every process: nobody is held before the program runs (CVE-2016-9962, CVE-2019-5736)" {
	only_runlet
	victim_make
	cp "$(test_program exit7)" "$(test_program attack)" "$ROOTFS/"
	world_readable
	user='.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	cp "$BUNDLE/config.json" default.json
	for filter in '.process.capabilities |= map_values(. - ["CAP_SYS_PTRACE"])' \
		"$user | .process.capabilities |= map_values(. + [\"CAP_SYS_PTRACE\", \"CAP_SYS_ADMIN\"])"; do
		cp default.json "$BUNDLE/config.json"
		config_set "$filter"
		config_args /attack trace
		create
		start
		wait_for 5 grep -q ready out
		for round in $(seq 60); do
			run runtime exec "$ID" /exit7 </dev/null
			[ "$status" -eq 7 ] || { show; return 1; }
		done
		runtime delete --force "$ID"
		sort out | uniq -c
		! grep "HELD BEFORE EXEC" out || false
	done
	victim_untouched
}
