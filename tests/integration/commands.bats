# The commands and their options: names, output and exit codes (issue 2, "Commands").

load helpers

@test "--root is where the state is kept, mode 0700" {
	start_sleeper
	[ -d "$ROOT/$ID" ]
	[ "$(($(stat -c 0%a "$ROOT/$ID") & 077))" -eq 0 ] || [ "$(stat -c %a "$ROOT")" = 700 ]
	runtime delete --force "$ID"
	[ ! -e "$ROOT/$ID" ]
}

@test "--root: the directory itself is 0700" {
	start_sleeper
	[ "$(stat -c %a "$ROOT")" = 700 ]
	runtime delete --force "$ID"
}

@test "--root may be relative, and --root=DIR works" {
	config_args sleep 1000
	"$RUNTIME" --root=state create --bundle "$BUNDLE" "$ID" >out 2>&1 </dev/null
	[ -d "$ROOT/$ID" ]
	"$RUNTIME" --root state delete --force "$ID"
	[ ! -e "$ROOT/$ID" ]
}

@test "without --root the state is in /run/runlet" {
	only_runlet
	config_args sleep 1000
	XDG_RUNTIME_DIR= "$RUNTIME" create --bundle "$BUNDLE" "$ID" >out 2>&1 </dev/null
	found=$(ls -d "/run/runlet/$ID")
	"$RUNTIME" delete --force "$ID"
	[ -n "$found" ]
	[ "$(stat -c %a /run/runlet)" = 700 ]
}

@test "--log gets the errors, and the exit status is 1" {
	rm "$BUNDLE/config.json"
	run runtime --log "$BATS_TEST_TMPDIR/log" create --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 1 ]
	grep -q 'config.json' "$BATS_TEST_TMPDIR/log"
}

@test "--log-format json writes level, msg and time, one object a line" {
	rm "$BUNDLE/config.json"
	run runtime --log "$BATS_TEST_TMPDIR/log" --log-format json create --bundle "$BUNDLE" "$ID"
	[ "$status" -eq 1 ]
	cat "$BATS_TEST_TMPDIR/log"
	jq -es 'last | .level == "error" and (.msg | contains("config.json")) and (.time | length > 10)' "$BATS_TEST_TMPDIR/log"
}

@test "--log-format json carries a stable error code" {
	only_runlet
	run runtime --log "$BATS_TEST_TMPDIR/log" --log-format json state "$ID"
	[ "$status" -ne 0 ]
	cat "$BATS_TEST_TMPDIR/log"
	jq -es 'last | .level == "error" and (.code | type == "string") and (.msg | contains("does not exist"))' \
		"$BATS_TEST_TMPDIR/log"
}

@test "--log-format json keeps a message of quotes and control characters valid" {
	only_runlet
	run runtime --log "$BATS_TEST_TMPDIR/log" --log-format json create --bundle $'/no"such\n\\bundle' "$ID"
	[ "$status" -ne 0 ]
	jq -es 'last | .msg | contains("no\"such")' "$BATS_TEST_TMPDIR/log"
}

@test "--log-format refuses another word" {
	run runtime --log-format yaml list
	show
	[ "$status" -ne 0 ]
	[[ $output == *yaml* || $output == *log-format* ]]
}

@test "--log-level and --debug say more" {
	only_runlet
	inside true
	runtime --log quiet.log --log-level error run --bundle "$BUNDLE" "$ID"
	runtime --log level.log --log-level debug run --bundle "$BUNDLE" "$ID"
	runtime --log debug.log --debug run --bundle "$BUNDLE" "$ID"
	[ ! -s quiet.log ]
	[ -s level.log ]
	[ -s debug.log ]
}

@test "--log-level refuses another word" {
	only_runlet
	run runtime --log-level loud list
	[ "$status" -ne 0 ]
	[[ $output == *loud* ]]
}

@test "--systemd-cgroup without systemd is a clear error" {
	[ ! -d /run/systemd/system ] || skip "systemd runs here"
	run runtime --systemd-cgroup run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *systemd* ]]
	nothing_left
}

@test "--cgroup-manager cgroupfs makes a cgroup" {
	only_runlet
	config_args sleep 1000
	runtime --cgroup-manager cgroupfs create --bundle "$BUNDLE" "$ID" >out 2>&1 </dev/null
	grep "$ID" "/proc/$(init_pid)/cgroup"
	runtime delete --force "$ID"
}

@test "--cgroup-manager disabled leaves the process in the caller's cgroup" {
	only_runlet
	config_no_namespace cgroup
	config_set 'del(.linux.resources)'
	config_args sleep 1000
	runtime --cgroup-manager disabled create --bundle "$BUNDLE" "$ID" >out 2>&1 </dev/null
	diff "/proc/$(init_pid)/cgroup" /proc/self/cgroup
	runtime delete --force "$ID"
}

@test "--cgroup-manager systemd without systemd, and an unknown word, are clear errors" {
	only_runlet
	[ ! -d /run/systemd/system ] || skip "systemd runs here"
	run runtime --cgroup-manager systemd run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *systemd* ]]
	run runtime --cgroup-manager upstart list
	show
	[ "$status" -ne 0 ]
	[[ $output == *upstart* ]]
}

@test "--rootless takes true, false and auto, and nothing else" {
	config_args sh -c 'exit 3'
	for word in false auto; do
		run runtime --rootless "$word" run --bundle "$BUNDLE" "$ID"
		show
		[ "$status" -eq 3 ]
		run runtime --rootless="$word" run --bundle "$BUNDLE" "$ID"
		[ "$status" -eq 3 ]
	done
	runtime --rootless true --version
	only_runlet
	run runtime --rootless perhaps list
	[ "$status" -ne 0 ]
}

@test "--version prints name, commit and spec version, as engines parse them" {
	for option in --version -v; do
		run -0 "$RUNTIME" $option
		[[ ${lines[0]} =~ ^$RUNTIME_NAME\ version\ [0-9]+\.[0-9]+\.[0-9]+ ]]
		[[ $output =~ $'\n'commit:\  ]]
		[[ $output =~ $'\n'spec:\ 1\.[0-9]+\.[0-9]+ ]]
	done
}

@test "--version names the libraries" {
	only_runlet
	run -0 "$RUNTIME" --version
	[[ $output == *seccomp* ]]
}

@test "--help and -h list the commands and the global options" {
	for option in --help -h; do
		run -0 "$RUNTIME" $option
		for word in create start run state kill delete list spec features --root --log --log-format --debug --systemd-cgroup \
			--rootless --version; do
			[[ $output == *"$word"* ]] || { echo "no $word"; return 1; }
		done
	done
}

@test "--help of each command lists its options" {
	only_runlet
	help_has() {
		local command=$1 word
		shift
		run -0 "$RUNTIME" "$command" --help
		for word; do
			[[ $output == *"$word"* ]] || { echo "no $word in help of $command"; return 1; }
		done
	}
	help_has create --bundle --config --console-socket --pidfd-socket --pid-file --no-pivot --no-new-keyring --preserve-fds
	help_has run --bundle --config --console-socket --pid-file --no-pivot --no-new-keyring --pidfd-socket --preserve-fds --detach --keep --no-subreaper
	help_has start ID
	help_has state ID
	help_has kill --all --regex
	help_has delete --force --regex
	help_has list --format --quiet
	help_has spec --bundle --file --rootless
	help_has plan --bundle --format
	help_has features
}

@test "an unknown command, an unknown option, a missing and a surplus argument are named" {
	run "$RUNTIME" frobnicate
	show
	[ "$status" -ne 0 ]
	[[ $output == *frobnicate* ]]
	run "$RUNTIME" --frobnicate list
	[ "$status" -ne 0 ]
	[[ $output == *frobnicate* ]]
	run runtime create --frobnicate "$ID"
	[ "$status" -ne 0 ]
	[[ $output == *frobnicate* ]]
	for command in create start run state kill delete; do
		run runtime $command
		show
		[ "$status" -ne 0 ]
		[ -n "$output" ]
	done
	run runtime state one two
	[ "$status" -ne 0 ]
	run runtime list --format
	[ "$status" -ne 0 ]
	[ -n "$output" ]
}

@test "create: the bundle is the current directory by default" {
	config_args sleep 1000
	cd "$BUNDLE"
	runtime create "$ID" >../out 2>&1 </dev/null
	[ "$(state .bundle)" = "$BUNDLE" ]
	runtime delete --force "$ID"
}

@test "create -b DIR, --bundle=DIR, and options after which the id follows" {
	config_args sleep 1000
	runtime create -b bundle "$ID" >out 2>&1 </dev/null
	[ "$(state .bundle)" = "$BUNDLE" ]
	runtime delete --force "$ID"
	runtime create --bundle=bundle "$ID" >out 2>&1 </dev/null
	runtime delete --force "$ID"
}

@test "create --config takes another file" {
	only_runlet
	config_args sh -c 'exit 5'
	mv "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/other.json"
	run runtime run --bundle "$BUNDLE" --config "$BATS_TEST_TMPDIR/other.json" "$ID"
	show
	[ "$status" -eq 5 ]
	run runtime run -b "$BUNDLE" -f "$BATS_TEST_TMPDIR/other.json" "$ID"
	[ "$status" -eq 5 ]
}

@test "create --pid-file: relative to the caller, not to the bundle, without a newline" {
	config_args sleep 1000
	create --pid-file pid
	[ "$(cat pid)" = "$(init_pid)" ]
	[ "$(wc -c <pid)" -eq "$(printf %s "$(init_pid)" | wc -c)" ]
	[ ! -e "$BUNDLE/pid" ]
	runtime delete --force "$ID"
}

@test "run --pid-file: absolute" {
	config_args sleep 1000
	runtime run --detach --bundle "$BUNDLE" --pid-file "$BATS_TEST_TMPDIR/pid" "$ID" >out 2>&1 </dev/null
	[ "$(cat pid)" = "$(init_pid)" ]
	runtime delete --force "$ID"
}

@test "--pid-file in a missing directory: an error, and nothing is left" {
	config_args sleep 1000
	run create --pid-file /nonexistent/dir/pid
	show
	[ "$status" -ne 0 ]
	[[ $output == *"/nonexistent/dir"* ]]
	nothing_left
}

@test "--no-pivot runs the container by MS_MOVE" {
	config_args sh -c 'ls / | grep -c busybox; cat /etc/passwd | head -1; exit 4'
	run_bundle --no-pivot
	show
	[ "$status" -eq 4 ]
	[[ $output == *"root:x:0:0"* ]]
}

@test "--no-new-keyring keeps the caller's session keyring" {
	config_set '.linux.maskedPaths = []'
	config_args cat /proc/keys
	run runtime run --bundle "$BUNDLE" "$ID-new"
	show
	[ "$status" -eq 0 ]
	[[ $output =~ keyring\ +(_ses\.)?$ID-new: ]]
	run runtime run --no-new-keyring --bundle "$BUNDLE" "$ID-old"
	show
	[ "$status" -eq 0 ]
	[[ $output != *"$ID-old:"* ]]
}

@test "--preserve-fds N passes fds 3 .. 3+N-1 and no more" {
	echo three >three
	echo four >four
	echo five >five
	config_args sh -c 'cat <&3; cat <&4; [ ! -e /proc/self/fd/5 ] && echo no five'
	exec 6<three 7<four 8<five
	run bash -c '"$@" 3<&6 4<&7 5<&8 6<&- 7<&- 8<&-' sh "$RUNTIME" --root "$ROOT" run --preserve-fds 2 --bundle "$BUNDLE" "$ID"
	exec 6<&- 7<&- 8<&-
	show
	[ "$status" -eq 0 ]
	[ "$output" = $'three\nfour\nno five' ]
}

@test "--preserve-fds: what isn't a number, and fds that aren't open, are errors" {
	only_runlet
	run runtime run --preserve-fds 1x --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *1x* ]]
	run runtime run --preserve-fds 99999999999 --bundle "$BUNDLE" "$ID"
	[ "$status" -ne 0 ]
	nothing_left
}

@test "run: the exit status is the program's, and the container is gone" {
	for code in 0 1 42 255; do
		config_args sh -c "exit $code"
		run_bundle
		show
		[ "$status" -eq $code ]
		nothing_left
	done
}

@test "run: a program ended by a signal gives 128 + the signal" {
	# PID 1 of a namespace can't kill itself by a signal without a handler, so the host does it.
	for signal in 9 6; do
		config_args sleep 1000
		(
			wait_for 10 has_status running 2>/dev/null
			kill -$signal "$(init_pid)"
			sleep 0.3
			kill -9 "$(init_pid)" 2>/dev/null
		) >/dev/null 2>&1 3>&- &
		killer=$!
		run_bundle
		show
		[ "$signal" != 9 ] || [ "$status" -eq 137 ]
		[ "$status" -gt 128 ]
		wait $killer || true
	done
	config_no_namespace pid
	config_args sh -c 'kill -TERM $$'
	run_bundle
	[ "$status" -eq 143 ]
}

@test "run: stdin, stdout and stderr are passed through" {
	config_args sh -c 'cat; echo err >&2'
	run --separate-stderr bash -c 'echo hello | "$@"' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[ "$status" -eq 0 ]
	[ "$output" = hello ]
	[ "$stderr" = err ]
}

@test "run: signals are passed on to the program" {
	config_args sh -c 'trap "exit 33" TERM; trap "exit 34" INT; echo ready; while :; do sleep 0.05; done'
	"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" >out 2>&1 &
	pid=$!
	wait_for 10 grep -q ready out
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 33 ]
}

@test "run --detach returns while the program runs; delete ends it" {
	config_args sleep 1000
	runtime run -d --bundle "$BUNDLE" "$ID" >out 2>&1 </dev/null
	[ "$(state .status)" = running ]
	runtime delete -f "$ID"
	run runtime state "$ID"
	[ "$status" -ne 0 ]
}

@test "run --keep leaves a stopped container that delete removes" {
	not_on crun
	config_args sh -c 'exit 9'
	run_bundle --keep
	[ "$status" -eq 9 ]
	[ "$(state .status)" = stopped ]
	runtime delete "$ID"
	nothing_left
}

@test "state: runc's fields, in runc's order" {
	config_set '.annotations = { "org.example.a": "b" }'
	start_sleeper
	run -0 runtime state "$ID"
	show
	[ "$(jq -r 'keys_unsorted | .[:9] | join(" ")' <<<"$output")" = \
		"ociVersion id pid status bundle rootfs created annotations owner" ] || [ "$RUNTIME_NAME" != "${RUNTIME_NAME#crun}" ]
	[ "$(jq -r .id <<<"$output")" = "$ID" ]
	[ "$(jq -r .status <<<"$output")" = running ]
	[ "$(jq -r .bundle <<<"$output")" = "$BUNDLE" ]
	[ "$(jq -r .rootfs <<<"$output")" = "$ROOTFS" ] || [ "$RUNTIME_NAME" = crun ]
	[ "$(jq -r '.annotations["org.example.a"]' <<<"$output")" = b ]
	[[ $(jq -r .created <<<"$output") =~ ^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]+Z$ ]]
	[[ $(jq -r .ociVersion <<<"$output") =~ ^1\. ]]
	[ "$(tr '\0' ' ' <"/proc/$(jq -r .pid <<<"$output")/cmdline")" = "sleep 1000 " ]
	runtime delete --force "$ID"
}

@test "state: no annotations, no such key; a stopped container has pid 0" {
	start_sleeper
	[ "$(state 'has("annotations")')" = false ] || [ "$RUNTIME_NAME" = crun ]
	stop
	[ "$(state .pid)" = 0 ]
	[ "$(state .status)" = stopped ]
	runtime delete "$ID"
}

@test "state: a stopped container of a foreground run tells its exit status" {
	only_runlet
	config_args sh -c 'exit 9'
	run_bundle --keep
	runtime state "$ID"
	runtime state "$ID" | jq -e '[to_entries[] | select(.key | test("exit"; "i")) | .value] == [9]'
	runtime delete "$ID"
}

@test "state, start, kill and delete of an unknown id: does not exist" {
	mkdir -p "$ROOT"
	for command in state start kill delete; do
		run runtime $command "$ID"
		show
		[ "$status" -ne 0 ]
		[[ $output == *"does not exist"* ]]
	done
	run runtime delete --force "$ID"
	show
	[ "$status" -eq 0 ]
}

@test "unknown ids where the state directory itself does not exist" {
	run runtime state "$ID"
	[ "$status" -ne 0 ]
	[[ $output == *"does not exist"* ]]
	run -0 runtime delete --force "$ID"
}

@test "kill: TERM by default; names with and without SIG, numbers, real-time signals" {
	config_args sh -c 'for s in TERM USR1 USR2 HUP WINCH 37; do trap "echo got $s" $s; done; echo ready; while :; do sleep 0.05; done'
	create
	start
	log=$BATS_TEST_TMPDIR/out
	wait_for 5 grep -q ready "$log"
	got() { wait_for 5 grep -qx "got $1" "$log"; }
	runtime kill "$ID"
	got TERM
	runtime kill "$ID" USR1
	got USR1
	runtime kill "$ID" SIGUSR2
	got USR2
	runtime kill "$ID" 1
	got HUP
	runtime kill "$ID" winch
	got WINCH
	runtime kill "$ID" 37
	got 37
	runtime delete --force "$ID"
}

@test "kill: real-time signals by name" {
	only_runlet
	config_args sh -c 'trap "echo got 37" 37; trap "echo got 64" 64; echo ready; while :; do sleep 0.05; done'
	create
	start
	log=$BATS_TEST_TMPDIR/out
	wait_for 5 grep -q ready "$log"
	runtime kill "$ID" SIGRTMIN+3
	wait_for 5 grep -qx "got 37" "$log"
	runtime kill "$ID" RTMAX
	wait_for 5 grep -qx "got 64" "$log"
	runtime delete --force "$ID"
}

@test "kill: an unknown signal is named, and nothing is sent" {
	start_sleeper
	for word in FROB SIGFROB 65 99999 -1 1x ""; do
		run runtime kill "$ID" "$word"
		show
		[ "$status" -ne 0 ] || [ "$RUNTIME_NAME" = crun ] || [ "$RUNTIME_NAME" = runc ]
	done
	run runtime kill "$ID" FROB
	[ "$status" -ne 0 ]
	[[ $output == *FROB* ]]
	[ "$(state .status)" = running ]
	runtime delete --force "$ID"
}

@test "kill uses a pidfd" {
	only_runlet
	start_sleeper
	strace -f -o trace -e trace=kill,pidfd_open,pidfd_send_signal "$RUNTIME" --root "$ROOT" kill "$ID" KILL
	cat trace
	grep -q pidfd_send_signal trace
	! grep -q 'kill(' trace || false
	wait_for 5 has_status stopped
	runtime delete "$ID"
}

@test "kill of a stopped container: container not running; with --all it is fine" {
	start_sleeper
	stop
	run runtime kill "$ID" TERM
	show
	[ "$status" -ne 0 ]
	[[ $output == *"container not running"* || $output == *"process already finished"* || $RUNTIME_NAME == crun ]]
	run runtime kill --all "$ID" KILL
	show
	[ "$status" -eq 0 ]
	runtime delete "$ID"
}

@test "kill --all reaches every process of the container" {
	config_no_namespace pid
	config_args sh -c 'sleep 1001 & sleep 1002 & echo ready; wait'
	create
	start
	wait_for 5 grep -q ready out
	pid=$(init_pid)
	children=$(cat "/proc/$pid/task/$pid/children")
	[ "$(wc -w <<<"$children")" -eq 2 ]
	runtime kill --all "$ID" KILL
	for child in $pid $children; do
		wait_for 5 has_ended "$child"
	done
	runtime delete "$ID"
}

@test "kill -a, the short form" {
	start_sleeper
	runtime kill -a "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
}

@test "kill of a created container ends it" {
	config_args sleep 1000
	create
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
}

@test "kill TERM of a created container without a pid namespace ends it" {
	only_runlet
	config_no_namespace pid
	config_args sleep 1000
	create
	runtime kill "$ID" TERM
	wait_for 5 has_status stopped
	runtime delete "$ID"
}

@test "delete of a running container is refused, and it goes on running" {
	start_sleeper
	run runtime delete "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *running* || $output == *"not stopped"* ]]
	[ "$(state .status)" = running ]
	runtime delete --force "$ID"
}

@test "delete of a created container works" {
	not_on crun
	config_args sleep 1000
	create
	pid=$(init_pid)
	runtime delete "$ID"
	wait_for 5 has_ended "$pid"
	nothing_left
}

@test "delete --force of a created and of a running container" {
	config_args sleep 1000
	create
	runtime delete --force "$ID"
	nothing_left
	start_sleeper
	runtime delete -f "$ID"
	nothing_left
}

@test "delete --force ends processes that the program left in a shared pid namespace" {
	config_no_namespace pid
	config_args sh -c 'sleep 1003 & echo ready; exit 0'
	create
	start
	wait_for 5 grep -q ready out
	wait_for 5 has_status stopped
	runtime delete --force "$ID"
	nothing_left
}

@test "list: the table has runc's columns, sorted by id" {
	config_args sleep 1000
	mkdir -p "$ROOT"
	for name in "$ID-b" "$ID-a"; do
		runtime create --bundle "$BUNDLE" "$name" >out 2>&1 </dev/null
	done
	run -0 runtime list
	show
	[[ ${lines[0]} =~ ^ID\ +PID\ +STATUS\ +BUNDLE\ +CREATED\ +OWNER ]] || [ "$RUNTIME_NAME" = crun ]
	[[ ${lines[1]} =~ ^$ID-a\ +[0-9]+\ +created\ +$BUNDLE\ +20.*Z\ +root ]]
	[[ ${lines[2]} =~ ^$ID-b\ +[0-9]+\ +created ]]
	run -0 runtime list --quiet
	[ "$output" = "$ID-a"$'\n'"$ID-b" ]
	run -0 runtime list -q
	[ "$output" = "$ID-a"$'\n'"$ID-b" ]
	run -0 runtime list --format table
	[[ $output == ID* || $output == NAME* ]]
	run -0 runtime list --format json
	[ "$(jq -r '.[] | .id + " " + .status + " " + .bundle' <<<"$output")" = \
		"$ID-a created $BUNDLE"$'\n'"$ID-b created $BUNDLE" ]
	run -0 runtime list -f json
	[ "$(jq length <<<"$output")" = 2 ]
	runtime delete --force "$ID-a"
	runtime delete --force "$ID-b"
}

@test "list of no container: the header alone, and an empty JSON list" {
	mkdir -p "$ROOT"
	run -0 runtime list
	[ "${#lines[@]}" -eq 1 ]
	run -0 runtime list --format json
	[ "$(jq length <<<"$output")" = 0 ]
	run -0 runtime list --quiet
	[ -z "$output" ]
}

@test "list: a --root that does not exist, and an unknown format, are errors" {
	not_on runc crun
	run runtime list
	show
	[ "$status" -ne 0 ]
	[[ $output == *"$ROOT"* ]]
	mkdir -p "$ROOT"
	run runtime list --format xml
	[ "$status" -ne 0 ]
}

@test "create: ids by runc's rule" {
	config_args sleep 1000
	for name in "$ID" "$ID-a" "${ID}_B.c" "$ID+d" "1$ID" "-$ID"; do
		runtime create --bundle "$BUNDLE" -- "$name" >out 2>&1 </dev/null || { cat out; return 1; }
		runtime delete --force -- "$name"
	done
	for name in "" . .. "$ID/x" "../$ID" "/$ID" "a $ID" "$ID"$'\n' "ä$ID" "$ID:x" "$ID@" "*"; do
		run runtime create --bundle "$BUNDLE" -- "$name"
		show
		[ "$status" -ne 0 ]
		[ -n "$output" ]
	done
	nothing_left
}

@test "create: a taken id is a clear error, and the container lives on" {
	start_sleeper
	pid=$(init_pid)
	run create
	show
	[ "$status" -eq 1 ]
	[[ $output == *"$ID"* && $output == *exist* || $output == *exists* ]]
	[ "$(state .status) $(init_pid)" = "running $pid" ]
	runtime delete --force "$ID"
}

@test "start of a running and of a stopped container are errors" {
	start_sleeper
	run runtime start "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *running* || $output == *started* ]]
	stop
	run runtime start "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *stopped* ]]
	runtime delete "$ID"
}

@test "process may be absent at create; start then fails" {
	only_runlet
	config_set 'del(.process)'
	create
	[ "$(state .status)" = created ]
	run runtime start "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *process* ]]
	runtime delete --force "$ID"
}

@test "of two creates of one id at the same moment one wins" {
	not_on runc crun
	config_args sleep 1000
	runtime create --bundle "$BUNDLE" "$ID" >one 2>&1 </dev/null &
	first=$!
	runtime create --bundle "$BUNDLE" "$ID" >two 2>&1 </dev/null &
	second=$!
	wins=0
	wait $first && wins=$((wins + 1))
	wait $second && wins=$((wins + 1))
	cat one two
	[ "$wins" -eq 1 ]
	[ "$(state .status)" = created ]
	runtime delete --force "$ID"
	nothing_left
}

@test "of two deletes at the same moment none hangs and nothing stays" {
	start_sleeper
	timeout -k 2 20 "$RUNTIME" --root "$ROOT" delete --force "$ID" &
	first=$!
	timeout -k 2 20 "$RUNTIME" --root "$ROOT" delete --force "$ID" &
	wait $first
	wait $!
	nothing_left
}

@test "a state file cut short is a clear error" {
	only_runlet
	start_sleeper
	file=$(grep -rlF "$BUNDLE" "$ROOT/$ID" | head -1)
	cp "$file" whole
	truncate -s 20 "$file"
	run runtime state "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"$ID"* ]]
	cp whole "$file"
	runtime delete --force "$ID"
	nothing_left
}

@test "control characters in paths and keys reach no terminal: list, state, plan, trace" {
	only_runlet
	local evil=$'evil\e[2Jx\x7f\u009b'
	mv "$BUNDLE" "$evil"
	BUNDLE=$PWD/$evil
	config_set '.annotations[$key] = $key | .linux.sysctl = { ("kernel.shm_rmid_forced"): "1" }
		| .mounts += [{ type: "tmpfs", source: "tmpfs", destination: ("/tmp/" + $key) }]' --arg key "$evil"
	config_args sleep 1000
	runtime --trace t.json create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	runtime trace t.json >>out
	runtime list >>out
	runtime state "$ID" >>out
	runtime list --format json >>out
	runtime plan --bundle "$BUNDLE" >>out
	[ "$(state .bundle)" = "$BUNDLE" ]
	[ "$(state '.annotations | keys[0]')" = "$evil" ]
	grep -q 'u001b\[2Jx' out
	! LC_ALL=C grep -aP '\x1b|\x7f|\xc2\x9b' out || false
	runtime delete --force "$ID"
}
