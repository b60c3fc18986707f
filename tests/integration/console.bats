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

# The pid of this test's foreground `run`.
run_pid() { pgrep -f "^$RUNTIME --root $ROOT run "; }

# Starts `run` on a terminal of its own; what that shows is in `screen`, and it can be typed at fd 8.
person_start() {
	mkfifo keys
	{
		code=0
		"$(test_program ptyrun)" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$@" "$ID" <keys >screen 2>&1 || code=$?
		echo "$code" >ended.new
		mv ended.new ended
	} 3>&- &
	TEST_PIDS+=($!)
	exec 8>keys
}
# person_ends STATUS
person_ends() {
	wait_for 5 test -e ended
	cat screen
	[ "$(cat ended)" = "$1" ]
}

@test "foreground run: the size of the caller's terminal, and its changes" {
	config_set '.process.terminal = true'
	config_args sh -c 'stty size; trap "stty size; exit 6" WINCH; echo ready; while :; do sleep 0.05; done'
	person_start
	wait_for 5 grep -q ready screen
	grep -q '^40 100' screen
	kill -USR1 "$(pgrep -f "ptyrun $RUNTIME --root $ROOT")"
	person_ends 6
	grep -q '^50 120' screen
	grep -q 'modes same' screen
}

@test "foreground run: keys go to the program alone, ^C among them" {
	config_set '.process.terminal = true'
	config_args sh -c 'trap "echo interrupted; exit 3" INT; echo ready; while :; do sleep 0.05; done'
	person_start
	wait_for 5 grep -q ready screen
	printf '\003' >&8
	person_ends 3
	grep -q interrupted screen
	grep -q 'modes same' screen
}

@test "foreground run: the terminal is as before when the container was killed" {
	config_set '.process.terminal = true'
	config_args sh -c 'echo ready; exec sleep 1000'
	person_start
	wait_for 5 grep -q ready screen
	runtime kill "$ID" KILL
	person_ends 137
	grep -q 'modes same' screen
}

@test "foreground run: the terminal is as before when runlet gets TERM, HUP, USR1 before the program runs" {
	only_runlet
	config_set '.process.terminal = true
		| .hooks = { poststart: [{ path: "/bin/sh", args: ["sh", "-c", "echo >\($dir)/hook; sleep 1"] }] }' \
		--arg dir "$BATS_TEST_TMPDIR"
	for signal in TERM HUP USR1; do
		config_args sh -c "trap 'exit 5' $signal; while :; do sleep 0.05; done"
		rm -f hook ended keys
		person_start
		wait_for 5 test -e hook
		kill "-$signal" "$(run_pid)"
		person_ends 5
		grep -q 'modes same' screen
		exec 8>&-
	done
}

@test "foreground run: the terminal is as before when the program can't be executed" {
	config_set '.process.terminal = true'
	config_args /nonexistent
	person_start
	wait_for 5 test -e ended
	cat screen
	[ "$(cat ended)" -ne 0 ]
	grep -q 'modes same' screen
	echo garbage >"$ROOTFS/garbage"
	chmod +x "$ROOTFS/garbage"
	config_args /garbage
	rm -f ended keys
	person_start
	wait_for 5 test -e ended
	cat screen
	[ "$(cat ended)" -ne 0 ]
	grep -q 'modes same' screen
	nothing_left
}

@test "foreground run: a large output arrives whole, also when its reader is slow" {
	only_runlet
	config_set '.process.terminal = true'
	config_args sh -c 'head -c 3000000 /dev/zero | tr "\0" x; exit 2'
	run bash -c '"$@" </dev/null | { sleep 0.5; wc -c; }; echo "status ${PIPESTATUS[0]}"' sh \
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "${lines[0]}" = 3000000 ]
	[ "${lines[1]}" = "status 2" ]
}

@test "foreground run: a reader that goes away does not end the program" {
	only_runlet
	config_set '.process.terminal = true'
	config_args sh -c 'head -c 300000 /dev/zero | tr "\0" x; echo done >/tmp/done; exit 2'
	run bash -c '"$@" </dev/null | head -c 1; echo " status ${PIPESTATUS[0]}"' sh \
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$output" = "x status 2" ]
	[ -e "$ROOTFS/tmp/done" ]
}

@test "foreground run: a reader that never reads does not keep signals from the program, nor runlet from its end" {
	only_runlet
	config_set '.process.terminal = true'
	config_args sh -c 'trap "exit 4" TERM; echo $$ >/tmp/ready; (while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done) & wait; wait'
	mkfifo stuck
	sleep 1000 3>&- <stuck &
	TEST_PIDS+=($!)
	{ timeout 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" </dev/null >stuck 3>&- && echo 0 >ended || echo $? >ended; } &
	TEST_PIDS+=($!)
	wait_for 5 test -e "$ROOTFS/tmp/ready"
	sleep 0.3
	kill -TERM "$(run_pid)"
	wait_for 5 has_status stopped
	[ ! -e ended ]
	# The end of the output waits for its reader, until runlet is told that nobody needs it.
	kill -TERM "$(run_pid)"
	wait_for 5 test -e ended
	[ "$(cat ended)" = 4 ]
}

@test "foreground run: the end of its input is the end of the program's, in a line and after one" {
	only_runlet
	config_set '.process.terminal = true'
	config_args sh -c 'stty -echo; cat; echo end'
	for text in 'one\ntwo' 'one\ntwo\n' ''; do
		run bash -c '(sleep 0.3; printf "$1") | { shift; timeout 20 "$@"; }' sh "$text" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
		show
		[ "$status" -eq 0 ]
		[ "$output" = "$(printf "$text"; echo end)" ]
	done
}

@test "a foreground run passes signals on" {
	not_on crun
	config_args sh -c 'for s in HUP INT QUIT USR1 USR2 TERM ALRM CONT WINCH TSTP TTIN TTOU 34 40 64; do trap "echo got $s" $s; done
		echo ready; while :; do sleep 0.05; done'
	"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1 3>&- &
	TEST_PIDS+=($!)
	wait_for 5 grep -q ready out
	for signal in HUP INT QUIT USR1 USR2 TERM ALRM CONT TSTP TTIN TTOU 34 40 64; do
		kill "-$signal" "$(run_pid)"
		wait_for 5 grep -qx "got $signal" out
	done
	kill -CHLD "$(run_pid)"
	kill -URG "$(run_pid)"
	kill -PIPE "$(run_pid)"
	sleep 0.1
	[ "$(state .status)" = running ]
	runtime kill "$ID" KILL
}

@test "a foreground run takes in orphans of a container without a pid namespace, unless told not to" {
	only_runlet
	config_no_namespace pid
	config_args sh -c '(sh -c "echo \$\$ >/tmp/orphan; while [ ! -e /tmp/end ]; do sleep 0.05; done" &); while [ ! -e /tmp/stop ]; do sleep 0.05; done'
	for option in '' --no-subreaper; do
		rm -f "$ROOTFS"/tmp/*
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" $option "$ID" </dev/null >out 2>&1 3>&- &
		TEST_PIDS+=($!)
		wait_for 5 test -s "$ROOTFS/tmp/orphan"
		orphan=$(cat "$ROOTFS/tmp/orphan")
		if [ -z "$option" ]; then
			wait_for 5 grep -q "^PPid:.$(run_pid)\$" "/proc/$orphan/status"
		else
			sleep 0.1
			! grep -q "^PPid:.$(run_pid)\$" "/proc/$orphan/status" || false
		fi
		touch "$ROOTFS/tmp/end"
		wait_for 5 test ! -e "/proc/$orphan"
		touch "$ROOTFS/tmp/stop"
		wait_for 5 test ! -e "$ROOT/$ID"
	done
}
