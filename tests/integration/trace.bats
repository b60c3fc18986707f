# --trace FILE and `runlet trace FILE`.

load helpers

setup() { only_runlet; bundle_make; }

# steps FILE [FILTER] - what the file has, one line a step: PROCESS NAME ORIGIN.
steps() { jq -r '.traceEvents[] | select(.ph == "X") | '"${2:-.}"' | "\(.cat) \(.name) \(.args.origin // "")"' "$1"; }

# The form that Perfetto reads: every step with its times, in microseconds; a name for every process.
valid_trace() {
	jq -e '.displayTimeUnit == "ns" and (.traceEvents | length > 1)
		and all(.traceEvents[]; (.pid | type) == "number" and .tid == .pid and (.name | type) == "string")
		and all(.traceEvents[] | select(.ph == "X"); .ts > 0 and .dur >= 0 and (.args.length_ns / 1000 - .dur | fabs) < 0.001
			and (.args.start_ns / 1000 - .ts | fabs) < 0.01 and (.cat | IN("runtime", "init", "program")))
		and ([.traceEvents[] | select(.ph == "X") | .pid] | unique) == ([.traceEvents[] | select(.name == "process_name") | .pid] | unique)' \
		"$1" || { cat "$1"; return 1; }
}

# begins_in_order FILE - each step of init begins when the one before it has ended, and lies inside the command.
begins_in_order() {
	jq -e '[.traceEvents[] | select(.ph == "X")] as $all | ($all | max_by(.args.length_ns).args) as $whole
		| [$all[] | select(.cat == "init") | .args] as $init
		| all(range(1; $init | length); $init[.].start_ns >= $init[. - 1].start_ns + $init[. - 1].length_ns)
		and all($all[].args; .start_ns >= $whole.start_ns and .start_ns + .length_ns <= $whole.start_ns + $whole.length_ns)' "$1"
}

@test "--trace of run: the steps of runlet and the operations of init, with their origins" {
	config_set '.process.args = ["true"] | .hooks.prestart = [{ path: "/bin/true" }]'
	run -0 runtime --trace t.json run --bundle "$BUNDLE" "$ID"
	[ -z "$output" ]
	valid_trace t.json
	begins_in_order t.json
	steps t.json >out
	for line in "runtime run" "runtime parse the config" "runtime probe the host" "runtime plan" "runtime check the plan" \
		"runtime claim the name" "runtime flatten the plan" "runtime clone and execute init" "runtime make the cgroups" \
		"runtime write the limits" "runtime write the state" "runtime wait for init" "runtime hook" "runtime remove the cgroups" \
		"runtime remove the state" "program wait for the program" "init mount_fs mounts\[0\]" "init credentials process.user" \
		"init pivot" "init exec process.args"; do
		grep -q "^$line" out || { echo "missing: $line"; cat out; false; }
	done
	[ "$(jq -r '.traceEvents[] | select(.name == "hook").args.object' t.json)" = /bin/true ]
	[ "$(jq -r '.traceEvents[] | select(.args.origin == "mounts[0]").args.object' t.json)" != null ]
	# Arguments and the environment may be secrets, and a trace is for showing around.
	! grep -q 'PATH=' t.json || false
	nothing_left
}

@test "--trace of create and of start are two files on one clock; each has its own operations" {
	config_args sleep 1000
	runtime --trace create.json create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	runtime --trace start.json start "$ID"
	for file in create.json start.json; do
		valid_trace "$file"
		begins_in_order "$file"
	done
	steps create.json | grep '^init mount_fs mounts\[0\]'
	! steps create.json | grep '^init exec' || false
	steps start.json | grep '^init exec process.args'
	! steps start.json | grep '^init mount_fs' || false
	[ "$(jq '[.traceEvents[] | select(.cat == "init") | .pid] | unique == ['"$(init_pid)"']' start.json)" = true ]
	local created started
	created=$(jq '.traceEvents[] | select(.name == "create" or .name == "start").args | .start_ns + .length_ns' create.json)
	started=$(jq '.traceEvents[] | select(.name == "create" or .name == "start").args.start_ns' start.json)
	[ "$created" -lt "$started" ]
	runtime delete --force "$ID"
}

@test "a start without --trace after a traced create, and the other way round" {
	config_args sleep 1000
	runtime --trace create.json create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	start
	has_status running
	runtime delete --force "$ID"
	create
	# Connects to init as well, and says nothing.
	has_status created
	runtime --trace start.json start "$ID"
	steps start.json | grep '^init exec process.args'
	has_status running
	runtime delete --force "$ID"
}

@test "--trace of exec, state, update, pause, kill, delete, list" {
	start_sleeper
	for command in "exec $ID true" "state $ID" "update --pids-limit 100 $ID" "pause $ID" "resume $ID" "ps $ID" list "kill $ID KILL" \
		"delete --force $ID"; do
		# shellcheck disable=SC2086
		runtime --trace t.json $command >out
		valid_trace t.json
		begins_in_order t.json
		steps t.json | grep -x "runtime ${command%% *} "
		runtime trace t.json
	done
	nothing_left
}

@test "--trace in user namespaces, and behind a seccomp filter that forbids to ask for the time" {
	config_set '.process.args = ["true"] | .linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	world_readable
	runtime --trace t.json run --bundle "$BUNDLE" "$ID"
	valid_trace t.json
	steps t.json | grep '^init exec process.args'
	steps t.json | grep '^runtime write the id maps'
	config_set 'del(.linux.uidMappings, .linux.gidMappings) | .linux.namespaces |= map(select(.type != "user"))
		| .linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["clock_gettime"], action: "SCMP_ACT_KILL_PROCESS" }] }
		| .process.args = ["sh", "-c", ":"]'
	runtime --trace t.json run --bundle "$BUNDLE" "$ID"
	valid_trace t.json
	steps t.json | grep '^init seccomp linux.seccomp'
	steps t.json | grep '^runtime compile the seccomp filter'
	runtime --trace t.json run --bundle "$BUNDLE" "$ID"
	! steps t.json | grep 'compile the seccomp filter' || false
}

@test "a command that fails leaves its trace, up to the operation that failed" {
	config_args /nonexistent
	run ! runtime --trace t.json run --bundle "$BUNDLE" "$ID"
	valid_trace t.json
	[ "$(steps t.json | grep '^init' | tail -1)" = "init find_program process.args[0]" ]
	config_set '.process.args = ["true"] | .mounts += [{ type: "nosuchfs", source: "x", destination: "/mnt" }]'
	run ! runtime --trace t.json create --bundle "$BUNDLE" "$ID"
	valid_trace t.json
	[[ $(steps t.json | grep '^init' | tail -1) == "init mount_fs mounts["* ]]
	nothing_left
}

@test "a FILE that can't be written is an error before anything is done" {
	config_args sleep 1000
	for file in /nonexistent/t.json "$BUNDLE" ""; do
		run ! runtime --trace "$file" create --bundle "$BUNDLE" "$ID"
		[[ $output == *"open the trace file $file: "* ]]
		run ! runtime state "$ID"
	done
	[ ! -e "$ROOT/$ID" ]
	run ! runtime --trace
	[[ $output == *"--trace"* ]]
	# Without a command nothing is emptied.
	echo precious >precious
	run ! runtime --trace precious nosuchcommand
	[ "$(cat precious)" = precious ]
	nothing_left
}

@test "a trace that can't be written at the end is a warning: the command is done" {
	config_args sleep 1000
	runtime --trace /dev/full create --bundle "$BUNDLE" "$ID" </dev/null >out 2>&1
	grep 'warning: write the trace file /dev/full: No space left on device' out
	has_status created
	runtime delete --force "$ID"
}

@test "without --trace neither runlet nor init asks for anything more" {
	config_args true
	runtime run --bundle "$BUNDLE" "$ID"
	strace -f -qq -o calls -- "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	local runlet
	runlet=$(awk 'NR == 1 { print $1 }' calls)
	# Deadlines are runlet's own.
	! grep -v "^$runlet " calls | grep clock_gettime || false
	! grep runlet-trace calls || false
	strace -f -qq -o calls -- "$RUNTIME" --root "$ROOT" --trace t.json run --bundle "$BUNDLE" "$ID"
	grep runlet-trace calls
	grep -v "^$runlet " calls | grep clock_gettime
}

@test "trace prints the ten dearest steps, the dearest first" {
	config_set '.process.args = ["sleep", "0.5"] | .hooks.prestart = [{ path: "/bin/sleep", args: ["sleep", "0.2"] }]'
	runtime --trace t.json run --bundle "$BUNDLE" "$ID"
	run -0 runtime trace t.json
	show
	[ "${#lines[@]}" = 12 ]
	[[ ${lines[0]} =~ ^" "+MS" "+SHARE" "+PROCESS" "+STEP" "+ORIGIN" "+OBJECT$ ]]
	# The hook, and init that waits for it; not what the program took.
	[[ ${lines[1]}${lines[2]} =~ "hook".*"/bin/sleep" ]]
	[[ $output != *"wait for the program"* ]]
	[[ ${lines[11]} =~ ^10\ of\ [0-9]+\ steps\;\ [0-9]+\.[0-9]+\ ms ]]
	runtime trace --format json t.json >json
	jq -e '(.steps | length == 10) and (.steps | map(.ns)) == (.steps | map(.ns) | sort | reverse) and .totalNs > 200000000
		and .totalNs < 500000000 and .lost == 0 and any(.steps[]; .name == "hook" and .process == "runlet" and .perMille > 300)' json
}

@test "trace refuses what is no trace, with the place" {
	fails_trace() { # TEXT MESSAGE
		printf '%s' "$1" >file
		run ! runtime trace file
		[[ $output == *"$2"* ]] || { echo "$1"; show; false; }
	}
	fails_trace '' 'file: the file is empty'
	fails_trace 'x' 'file:1:1: '
	fails_trace '[]' 'file:1:1: '
	fails_trace '{}' 'file:1:1: required key "traceEvents" is missing'
	fails_trace '{"traceEvents":[]}' 'required key "otherData" is missing'
	fails_trace '{"traceEvents":[],"otherData":{"runtime":"other"}}' 'otherData.runtime: want runlet (runlet), got "other"'
	fails_trace '{"traceEvents":[],"otherData":{"runtime":"runlet"}}' 'no step'
	fails_trace '{"traceEvents":[{"name":"a","ph":"B","pid":1,"args":{}}],"otherData":{"runtime":"runlet"}}' \
		'file:1:34: traceEvents[0].ph: want a phase that runlet writes (X, M), got "B"'
	fails_trace '{"traceEvents":[{"name":"a","ph":"X","pid":1,"args":{}}],"otherData":{"runtime":"runlet"}}' \
		'traceEvents[0].args: without start_ns and length_ns'
	fails_trace '{"traceEvents":[{"name":"a","ph":"X","pid":1,"args":{"start_ns":-1,"length_ns":1}}],"otherData":{"runtime":"runlet"}}' \
		'traceEvents[0].args.start_ns'
	run ! runtime trace nosuchfile
	[[ $output == *"open the trace file nosuchfile: No such file or directory"* ]]
	run ! runtime trace .
	[[ $output == *"not a regular file"* ]]
	mkfifo fifo
	run ! timeout 10 "$RUNTIME" trace fifo
	[[ $output == *"not a regular file"* ]]
	run ! runtime trace
	[[ $output == *"missing argument: want FILE"* ]]
}

@test "control characters of a trace reach no terminal" {
	printf '{"traceEvents":[{"name":"a\\u001b[2J","ph":"X","cat":"init","pid":1,"args":{"origin":"\\u009b","object":"\\u0007","start_ns":1,"length_ns":5}}],"otherData":{"runtime":"runlet"}}' >file
	runtime trace file >out
	runtime trace --format json file >>out
	grep 'init' out
	! LC_ALL=C grep -aP '\x1b|\x07|\xc2\x9b' out || false
}
