# The states of a container, and what a program finds when it starts.

load helpers

@test "create, start, exit, delete: created, running, stopped, gone" {
	config_args sh -c 'echo ran >/tmp/ran; exec sleep 1000'
	create --pid-file pid
	[ "$(state .status)" = created ]
	[ "$(cat pid)" = "$(init_pid)" ]
	sleep 0.2
	[ ! -e "$ROOTFS/tmp/ran" ]
	pid=$(init_pid)
	start
	wait_for 5 test -e "$ROOTFS/tmp/ran"
	[ "$(state .status)" = running ]
	[ "$(init_pid)" = "$pid" ]
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
	run runtime state "$ID"
	[ "$status" -ne 0 ]
	nothing_left
}

@test "a program that ends at once is stopped, and delete works without force" {
	config_args true
	create
	start
	wait_for 5 has_status stopped
	[ "$(state .pid)" = 0 ]
	runtime delete "$ID"
	nothing_left
}

@test "an id can be used again after delete" {
	for round in 1 2 3; do
		config_args sh -c "exit $round"
		create
		start
		wait_for 5 has_status stopped
		runtime delete "$ID"
	done
	nothing_left
}

@test "a stopped container whose init was killed from outside can be deleted" {
	start_sleeper
	kill -KILL "$(init_pid)"
	wait_for 5 has_status stopped
	runtime delete "$ID"
	nothing_left
}

@test "a created container whose init was killed is stopped; start fails" {
	config_args sleep 1000
	create
	kill -KILL "$(init_pid)"
	wait_for 5 has_status stopped
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" start "$ID"
	show
	[ "$status" -ne 0 ]
	[ "$status" -ne 124 ]
	runtime delete "$ID"
	nothing_left
}

@test "a pid that another process got is not taken for the container" {
	only_runlet
	config_no_namespace pid
	start_sleeper
	pid=$(init_pid)
	stop
	wait_for 5 has_ended "$pid"
	sleep 1000 &
	other=$!
	TEST_PIDS+=($other)
	# As if the number had come round: the state says the pid of a stranger.
	for file in $(grep -rlE "\"?pid\"?[: ]+$pid\b" "$ROOT/$ID"); do
		sed -i "s/\b$pid\b/$other/" "$file"
	done
	[ "$(state .status)" = stopped ]
	runtime delete --force "$ID"
	kill -0 $other
}

@test "start reports that the program could not be executed, as far as create did not" {
	only_runlet
	config_args /late
	cp "$ROOTFS/bin/true" "$ROOTFS/late"
	create
	echo garbage >"$ROOTFS/late.new"
	chmod +x "$ROOTFS/late.new"
	mv "$ROOTFS/late.new" "$ROOTFS/late"
	run runtime start "$ID"
	show
	[ "$status" -eq 1 ]
	[[ $output == *"/late"* && ${output,,} == *"exec format error"* ]]
	[[ $output =~ config.json:[0-9]+:[0-9]+:\ process.args ]]
	wait_for 5 has_status stopped
	runtime delete "$ID"
	nothing_left
}

# An engine deletes at once what didn't start, and only what has stopped: containerd left a dying one behind for ever.
@test "start: when it fails, the container has stopped" {
	only_runlet
	printf 'echo no interpreter\n' >"$ROOTFS/script"
	chmod +x "$ROOTFS/script"
	config_args /script
	# The kernel takes them away when init dies, which thereby takes a while.
	config_set '.mounts += [range(300) | { destination: "/many/\(.)", type: "tmpfs", source: "tmpfs" }]'
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		create
		pid=$(state .pid)
		! "$RUNTIME" --root "$ROOT" start "$ID" 2>/dev/null || return 1
		# By bash itself: another program would give it the time to die.
		read -r line <"/proc/$pid/stat" || line=
		[[ -z $line || ${line##*) } == [ZX]* ]]
		runtime delete "$ID"
	done
	nothing_left
}

# What create could not see yet: the program is swapped for something that can't be executed.
break_late() {
	echo garbage >"$ROOTFS/late.new"
	chmod +x "$ROOTFS/late.new"
	mv "$ROOTFS/late.new" "$ROOTFS/late"
}

@test "start: the place in the configuration: --config, and one that is gone, broken or a fifo by now" {
	only_runlet
	config_args /late
	jq . "$BUNDLE/config.json" >other.json
	for now in same gone broken fifo; do
		rm -f "$ROOTFS/late"
		cp "$ROOTFS/bin/true" "$ROOTFS/late"
		jq . "$BUNDLE/config.json" >other.json
		runtime create --bundle "$BUNDLE" --config other.json "$ID" </dev/null >/dev/null 2>&1
		break_late
		case $now in
		gone) rm other.json ;;
		broken) echo '{ "process": [' >other.json ;;
		fifo) rm other.json; mkfifo other.json ;;
		esac
		run timeout 10 "$RUNTIME" --root "$ROOT" start "$ID"
		show
		[ "$status" -eq 1 ]
		[[ ${output,,} == *"process.args: "*"exec format error"* ]]
		[ $now != same ] || [[ $output =~ other.json:[0-9]+:[0-9]+:\ process.args ]]
		runtime delete "$ID"
		rm -f other.json
	done
}

@test "start: a startContainer hook that fails is named with its place" {
	only_runlet
	config_set '.hooks = { startContainer: [{ path: "/bin/true" }, { path: "/bin/false" }] }'
	config_args true
	create
	run runtime start "$ID"
	show
	[ "$status" -eq 1 ]
	[[ $output =~ config.json:[0-9]+:[0-9]+:\ hooks.startContainer\[1\] ]]
	runtime delete "$ID"
}

@test "create with closed standard fds" {
	config_args sh -c 'for n in 0 1 2; do readlink /proc/self/fd/$n >&2; done; exec sleep 1000'
	"$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" <&- >&- 2>&-
	start
	[ "$(state .status)" = running ]
	runtime delete --force "$ID"
}

@test "SIGPIPE and the other signals are as in a fresh process" {
	config_args grep -E '^Sig(Ign|Blk|Cgt)' /proc/self/status
	run bash -c 'trap "" PIPE USR1; "$@"' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output =~ SigBlk:$'\t'0000000000000000 ]]
	[[ $output =~ SigIgn:$'\t'0000000000000000 ]] || [[ $RUNTIME_NAME == *runc || $RUNTIME_NAME == crun ]]
}

@test "a pipeline in the container ends by SIGPIPE" {
	inside 'yes | head -1'
	[ "$output" = y ]
}

@test "the caller's environment does not leak into the program" {
	config_args env
	SECRET_OF_THE_HOST=1 run_bundle
	show
	[ "$status" -eq 0 ]
	[[ $output != *SECRET_OF_THE_HOST* ]]
	[[ $output == *TERM=xterm* ]]
}

@test "the program is the leader of its own session" {
	inside 'set -- $(cat /proc/self/stat); cat /proc/1/stat | { read -r pid name state ppid group session rest; echo "$pid $group $session"; }'
	[ "$output" = "1 1 1" ]
}

@test "the created container waits without using the processor, and needs no runlet process" {
	config_args sleep 1000
	create
	pid=$(init_pid)
	before=$(awk '{ print $14 + $15 }' "/proc/$pid/stat")
	sleep 0.5
	[ "$(awk '{ print $14 + $15 }' "/proc/$pid/stat")" -le $((before + 1)) ]
	echo "$ROOT" >pattern
	grep -slF -f pattern /proc/[0-9]*/cmdline && return 1
	runtime delete --force "$ID"
}

@test "the waiting init holds at most 300 KiB of private memory" {
	only_runlet
	config_args sleep 1000
	create
	pid=$(init_pid)
	private=$(awk '/^Private_(Clean|Dirty)/ { sum += $2 } END { print sum + 0 }' "/proc/$pid/smaps_rollup")
	echo "private: $private KiB"
	[ "$private" -gt 0 ]
	[ "$private" -le 300 ]
	runtime delete --force "$ID"
}

@test "annotations are in the state of a created container" {
	config_set '.annotations = { "org.example.key": "a \"value\" \\ of ünicode\n" }'
	config_args sleep 1000
	create
	[ "$(state '.annotations["org.example.key"]')" = $'a "value" \\ of ünicode' ]
	runtime delete --force "$ID"
}

@test "a standard error that nobody reads ends no run halfway" {
	only_runlet
	config_args sh -c 'echo ran >/tmp/ran'
	# The reader takes the first of many lines, before anything is made, and is gone.
	"$RUNTIME" --root "$ROOT" --debug run --bundle "$BUNDLE" "$ID" 2> >(exec head -n 1 >/dev/null)
	[ -e "$BUNDLE/rootfs/tmp/ran" ]
	nothing_left
}
