# The kernel, or a seccomp wrapper around runlet, answers with an error: the container works by the older way, or the
# error is clear and nothing is left.

load ../integration/helpers

setup() {
	command -v strace >/dev/null || skip "needs strace"
	only_runlet
	bundle_make
	config_args sh -c 'echo ran; exit 7'
}

all_gone() { [ -z "$(leftovers)" ]; }

# -D: strace stays behind, and the status is runlet's.
run_with() {
	run timeout 30 strace -D -f -o /dev/null "$@" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	echo "$*: status $status: $output"
}

# falls_back ERROR CALL...: all of these fail in runlet and in init, and the container runs all the same.
falls_back() {
	local error=$1 calls
	shift
	calls=$(IFS=,; echo "$*")
	run_with -e trace="$calls" -e inject="$calls:error=$error"
	[ "$status" -eq 7 ]
	[[ $output == *ran* ]]
	wait_for 5 all_gone
}

# clear_error CALL ERROR [WHEN]: the container runs, or the message says what failed; nothing is left.
clear_error() {
	run_with -e trace="$1" -e inject="$1:error=$2${3:+:when=$3}"
	if [ "$status" -ne 7 ]; then
		[ "$status" -eq 1 ]
		[[ $output == *runlet:* ]]
	fi
	wait_for 5 all_gone || { leftovers; leftovers_remove; return 1; }
}

@test "no openat2: paths in the root are walked component by component" { falls_back ENOSYS openat2; }
@test "no openat2 by a seccomp wrapper that answers EPERM" { falls_back EPERM openat2; }
@test "no open_tree" { falls_back ENOSYS open_tree; }
@test "no fsopen, fsconfig, fsmount" { falls_back ENOSYS fsopen fsconfig fsmount; }
@test "no mount_setattr" { falls_back ENOSYS mount_setattr; }
@test "no mount API of Linux 5.2 at all, as on an older kernel" {
	falls_back ENOSYS open_tree fsopen fsconfig fsmount fspick move_mount mount_setattr
}
@test "no clone3" { falls_back ENOSYS clone3; }
@test "no close_range" { falls_back ENOSYS close_range; }
@test "no faccessat2" { falls_back ENOSYS faccessat2; }
@test "no keyctl" { falls_back ENOSYS keyctl; }
@test "no statx, getrandom, membarrier, rseq" { falls_back ENOSYS statx getrandom membarrier rseq; }
@test "everything newer than Linux 4.18 is missing" {
	falls_back ENOSYS openat2 open_tree fsopen fsconfig fsmount fspick move_mount mount_setattr clone3 close_range faccessat2 \
		pidfd_open statx epoll_pwait2
}

@test "older kernel: volumes, read-only root, masks and propagation work as well" {
	mkdir -p source "$ROOTFS/secret"
	echo volume >source/file
	config_bind "$BATS_TEST_TMPDIR/source" /volume rbind ro
	config_set '.root.readonly = true | .linux.maskedPaths += ["/secret"] | .linux.rootfsPropagation = "rslave"'
	mkdir "$ROOTFS/volume"
	config_args sh -c 'cat /volume/file; ! touch /volume/x 2>/dev/null || exit 2; ! touch /x 2>/dev/null || exit 3; [ -z "$(ls /secret)" ] || exit 4; exit 7'
	calls=openat2,open_tree,fsopen,fsconfig,fsmount,fspick,move_mount,mount_setattr
	run_with -e trace=$calls -e inject=$calls:error=ENOSYS
	[ "$status" -eq 7 ]
	[[ $output == *volume* ]]
}

@test "older kernel: recursive read-only is refused, never weakened" {
	mkdir source
	config_bind "$BATS_TEST_TMPDIR/source" /volume rbind rro
	run_with -e trace=mount_setattr -e inject=mount_setattr:error=ENOSYS
	[ "$status" -eq 1 ]
	[[ $output == *mounts*6* ]]
	wait_for 5 all_gone
}

@test "older kernel: a hostile /proc link stays in the root without openat2" {
	bundle_works
	mkdir -p victim
	rmdir "$ROOTFS/proc"
	ln -s "$BATS_TEST_TMPDIR/victim" "$ROOTFS/proc"
	run_with -e trace=openat2 -e inject=openat2:error=ENOSYS
	[ "$status" -eq 7 ] || [ "$status" -eq 1 ]
	[ -z "$(ls -A victim)" ]
	! grep -q victim /proc/self/mountinfo || false
	wait_for 5 all_gone
}

@test "older kernel: kill and delete without pidfds" {
	config_args sleep 1000
	for call in pidfd_open pidfd_send_signal; do
		create
		start
		run timeout 30 strace -f -o /dev/null -e inject=$call:error=ENOSYS "$RUNTIME" --root "$ROOT" kill "$ID" KILL
		show
		[ "$status" -eq 0 ] || [[ $output == *"Function not implemented"* ]]
		run timeout 30 strace -f -o /dev/null -e inject=$call:error=ENOSYS "$RUNTIME" --root "$ROOT" delete --force "$ID"
		show
		[ "$status" -eq 0 ] || [[ $output == *"Function not implemented"* ]]
		runtime delete --force "$ID"
	done
}

@test "delete without force spares a running container that it can't look at" {
	config_args sleep 1000
	create
	start
	for error in EMFILE ENOMEM ENOSYS; do
		run timeout 30 strace -o /dev/null -e inject=pidfd_open:error=$error "$RUNTIME" --root "$ROOT" delete "$ID"
		show
		[ "$status" -eq 1 ]
	done
	[ "$(state .status)" = running ]
	runtime delete --force "$ID"
}

@test "memfd_create fails: the init program is executed another way, or the error says memfd" {
	for error in ENOSYS EPERM EACCES; do
		run_with -e trace=memfd_create -e inject=memfd_create:error=$error
		[ "$status" -eq 7 ] || [[ $status -eq 1 && $output == *memfd* ]]
		wait_for 5 all_gone
	done
}

@test "an exec of memfds that the kernel forbids (vm.memfd_noexec): works, or a clear error" {
	run_with -e trace=execveat -e inject=execveat:error=EACCES
	[ "$status" -eq 1 ]
	[[ $output == *execveat* ]]
	wait_for 5 all_gone
	[ -w /proc/sys/vm/memfd_noexec ] || return 0
	# The setting belongs to the pid namespace; 2 refuses executable memfds altogether.
	run unshare --pid --fork --mount-proc sh -c 'echo 2 >/proc/sys/vm/memfd_noexec && exec "$@"' sh \
		timeout -k 2 30 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 7 ]
	wait_for 5 all_gone
}

@test "EINTR and EAGAIN of a path lookup are tried again" {
	run_with -e trace=openat2 -e inject=openat2:error=EAGAIN:when=1..3
	[ "$status" -eq 7 ]
	run_with -e trace=openat2 -e inject=openat2:error=EAGAIN
	[ "$status" -eq 1 ] || [ "$status" -eq 7 ]
	wait_for 5 all_gone
}

@test "each call of the mounts fails with EIO: a clear error, and nothing is left" {
	for call in fsopen fsmount move_mount open_tree mount_setattr mkdirat mknodat symlinkat pivot_root umount2 mount; do
		clear_error $call EIO 1
	done
}

@test "each call of the identity fails with EPERM: a clear error, and nothing is left" {
	for call in setsid sethostname setgroups setresgid setresuid capset unshare chdir fchdir; do
		clear_error $call EPERM 1
	done
}

@test "out of memory, files and processes: a clear error, and nothing is left" {
	clear_error clone3 ENOMEM
	clear_error clone3 EAGAIN
	clear_error socketpair EMFILE
	clear_error memfd_create EMFILE
	clear_error fsopen EMFILE 2
	clear_error open_tree EMFILE 1
	clear_error socket ENFILE
	clear_error sendmsg ENOBUFS 1
	clear_error recvmsg ENOMEM 1
}

@test "each write of runlet fails with ENOSPC: a clear error, and nothing is left" {
	config_args true
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do
		run timeout 30 strace -o /dev/null -e trace=write -e inject=write:error=ENOSPC:when=$n \
			"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
		echo "$n: $status: $output"
		[ "$status" -le 1 ]
		[ "$status" -eq 0 ] || [[ $output == *runlet:* ]]
		wait_for 5 all_gone || { leftovers; return 1; }
	done
}

@test "each mkdir and rename of runlet fails: a clear error, and nothing is left" {
	config_args true
	for call in mkdirat renameat2 flock bind listen; do
		for n in 1 2 3 5 11; do
			run timeout 30 strace -o /dev/null -e trace=$call -e inject=$call:error=ENOSPC:when=$n \
				"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
			echo "$call $n: $status: $output"
			[ "$status" -le 1 ]
			[ "$status" -eq 0 ] || [[ $output == *runlet:* ]]
			# Where it could not be locked at its end, it is said, and delete has something to do.
			[[ $output != *"flock"* ]] || runtime delete --force "$ID"
			wait_for 5 all_gone || { leftovers; return 1; }
		done
	done
}

@test "few fds: a clear error, and nothing is left" {
	config_args true
	config_set '.process.rlimits = []'
	for limit in 4 6 8 10 12 16 20 24 28; do
		run bash -c 'ulimit -n $1; shift; exec 3>&- 4>&- timeout 30 "$@"' sh $limit "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
		echo "$limit: $status: $output"
		[ "$status" -eq 0 ] || [ -n "$output" ]
		[ "$status" -ne 124 ]
		wait_for 5 all_gone || { leftovers; return 1; }
	done
}

@test "a small stack and little address space" {
	config_args true
	run bash -c 'ulimit -s 256; exec timeout 30 "$@"' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	run bash -c 'ulimit -v 40000; exec timeout 30 "$@"' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ] || [ -n "$output" ]
	wait_for 5 all_gone
}
