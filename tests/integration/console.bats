# Terminals: the console socket, the size, the foreground pty.

load helpers

# Starts the engine's side; what the program writes to the terminal is in `terminal`.
receiver_start() {
	mkfifo keys
	"$(test_program recvtty)" "$BATS_TEST_TMPDIR/console.sock" <keys >terminal 2>receiver.err &
	TEST_PIDS+=($!)
	exec 8>keys
	wait_for 5 test -S console.sock
}

@test "terminal with a console socket: fds 0, 1, 2 are the controlling terminal" {
	receiver_start
	config_set '.process.terminal = true'
	config_args sh -c 'for n in 0 1 2; do readlink /proc/self/fd/$n; done; tty; cat /proc/self/stat | cut -d" " -f7; echo end; exec sleep 1000'
	create --console-socket "$BATS_TEST_TMPDIR/console.sock"
	start
	wait_for 5 grep -q end terminal
	cat terminal
	[ "$(grep -c '^/dev/\(pts/0\|console\)' terminal)" -ge 4 ]
	! grep -qx '0.*' <(sed -n 5p terminal) || false
	runtime delete --force "$ID"
}

@test "console socket: relative path" {
	not_on runc
	receiver_start
	config_set '.process.terminal = true'
	config_args sh -c 'echo end; exec sleep 1000'
	create --console-socket console.sock
	start
	wait_for 5 grep -q end terminal
	runtime delete --force "$ID"
}

@test "console: what the engine types reaches the program, and ^C is a signal" {
	receiver_start
	config_set '.process.terminal = true'
	config_args sh -c 'read word; echo "got $word"; trap "echo interrupted; exit" INT; echo ready; while :; do sleep 0.05; done'
	create --console-socket "$BATS_TEST_TMPDIR/console.sock"
	start
	echo hello >&8
	wait_for 5 grep -q 'got hello' terminal
	wait_for 5 grep -q ready terminal
	printf '\003' >&8
	wait_for 5 grep -q interrupted terminal
	wait_for 5 has_status stopped
	runtime delete --force "$ID"
}

@test "consoleSize" {
	receiver_start
	config_set '.process.terminal = true | .process.consoleSize = { height: 25, width: 91 }'
	config_args sh -c 'stty size; exec sleep 1000'
	create --console-socket "$BATS_TEST_TMPDIR/console.sock"
	start
	wait_for 5 grep -q '25 91' terminal
	runtime delete --force "$ID"
}

@test "/dev/console is the terminal" {
	receiver_start
	config_set '.process.terminal = true'
	config_args sh -c 'stat -c %t:%T /dev/console; echo over the console >/dev/console; exec sleep 1000'
	create --console-socket "$BATS_TEST_TMPDIR/console.sock"
	start
	wait_for 5 grep -q 'over the console' terminal
	grep -q '^88:' terminal
	runtime delete --force "$ID"
}

@test "the terminal belongs to the user of the container" {
	receiver_start
	config_set '.process.terminal = true | .process.user = { uid: 1000, gid: 1000 }'
	config_args sh -c 'stat -c "owner %u" $(tty); exec sleep 1000'
	create --console-socket "$BATS_TEST_TMPDIR/console.sock"
	start
	wait_for 5 grep -q 'owner 1000' terminal
	runtime delete --force "$ID"
}

@test "terminal in a user namespace" {
	world_readable
	receiver_start
	config_set '.process.terminal = true | .linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	config_args sh -c 'tty; echo end; exec sleep 1000'
	create --console-socket "$BATS_TEST_TMPDIR/console.sock"
	start
	wait_for 5 grep -q end terminal
	runtime delete --force "$ID"
}

@test "create with a terminal and no console socket is refused, and the other way round" {
	config_set '.process.terminal = true'
	config_args sleep 1000
	run create
	show
	[ "$status" -eq 1 ]
	[[ $output == *console* || $output == *terminal* || $output == *tty* ]]
	nothing_left
	receiver_start
	config_set '.process.terminal = false'
	run create --console-socket "$BATS_TEST_TMPDIR/console.sock"
	show
	[ "$status" -eq 1 ] || [ "$RUNTIME_NAME" = crun ]
	runtime delete --force "$ID"
}

@test "a console socket that does not exist, or is no socket, is named" {
	config_set '.process.terminal = true'
	run create --console-socket /nonexistent/console.sock
	show
	[ "$status" -eq 1 ]
	[[ $output == *console* ]]
	nothing_left
	echo no >plain
	run create --console-socket "$BATS_TEST_TMPDIR/plain"
	show
	[ "$status" -eq 1 ]
	nothing_left
}

@test "a console socket path longer than a socket address" {
	only_runlet
	long=$BATS_TEST_TMPDIR/$(printf 'd%.0s' {1..90})
	mkdir "$long"
	receiver_start
	mv console.sock "$long/console.sock"
	config_set '.process.terminal = true'
	config_args sh -c 'echo end; exec sleep 1000'
	run create --console-socket "$long/console.sock"
	show
	[ "$status" -eq 0 ]
	start
	wait_for 5 grep -q end terminal
	runtime delete --force "$ID"
}

@test "foreground run with a terminal: output without carriage returns (ONLCR is cleared)" {
	config_set '.process.terminal = true'
	config_args sh -c 'tty; echo one; echo two; exit 3'
	run script -qec "stty -onlcr; $RUNTIME --root $ROOT run --bundle $BUNDLE $ID; echo status \$?" /dev/null
	show
	[[ $output == *$'one\ntwo'* ]]
	[[ $output == *"status 3"* ]]
	nothing_left
}

@test "foreground run with a terminal: input reaches the program" {
	config_set '.process.terminal = true'
	config_args sh -c 'read word; echo "got $word"'
	run bash -c "echo typed | timeout 20 script -qec '$RUNTIME --root $ROOT run --bundle $BUNDLE $ID' /dev/null"
	show
	[[ $output == *"got typed"* ]]
	nothing_left
}

@test "foreground run with a terminal, whose standard input is no terminal" {
	bundle_works
	config_set '.process.terminal = true'
	config_args sh -c 'echo out; exit 4'
	run bash -c 'timeout 20 "$@" </dev/null' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 4 ] || [ "$status" -eq 1 ]
	[ "$status" -ne 124 ]
	nothing_left
}

@test "without a terminal the program has no controlling terminal, and can't push characters into the caller's" {
	config_args sh -c 'cut -d" " -f7 /proc/self/stat; [ ! -e /dev/console ] || ls -l /dev/console; exec 3<>/dev/tty 2>/dev/null || echo none'
	run script -qec "$RUNTIME --root $ROOT run --bundle $BUNDLE $ID" /dev/null
	show
	[[ $output == 0* ]]
	[[ $output != *"pts/"* ]]
}
