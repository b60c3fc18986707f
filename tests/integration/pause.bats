# pause, resume, and what can be done with a paused container.

load helpers

# The directory by which the container is frozen: v1's freezer where there is one, else the v2 tree.
freezer_dir() {
	local dir
	dir=$(sed -n "s|^[0-9]*:freezer:|$CGROUPFS/freezer|p" "/proc/$1/cgroup")
	[ -n "$dir" ] || dir=$(sed -n "s|^0::|$(v2_root)|p" "/proc/$1/cgroup")
	echo "$dir"
}
v2_root() { echo "$V2_TREE"; }
freeze_dir() { if [ -e "$1/freezer.state" ]; then echo FROZEN >"$1/freezer.state"; else echo 1 >"$1/cgroup.freeze"; fi; }
thaw_dir() { if [ -e "$1/freezer.state" ]; then echo THAWED >"$1/freezer.state"; else echo 0 >"$1/cgroup.freeze"; fi; }
dir_is_frozen() { grep -qsx FROZEN "$1/freezer.state" || grep -qsx 'frozen 1' "$1/cgroup.events"; }

# A container that writes a dot each 10 ms.
start_ticker() {
	config_set '.root.readonly = false'
	config_args sh -c 'while :; do printf . >>/ticks; usleep 10000; done'
	create
	start
	wait_for 5 test -s "$ROOTFS/ticks"
}
ticks() { stat -c %s "$ROOTFS/ticks"; }
ticks_more_than() { [ "$(ticks)" -gt "$1" ]; }

@test "pause stops the processes, resume lets them go on" {
	start_ticker
	runtime pause "$ID"
	[ "$(state .status)" = paused ]
	dir_is_frozen "$(freezer_dir "$(init_pid)")"
	before=$(ticks)
	sleep 0.3
	[ "$(ticks)" = "$before" ]
	runtime list | grep -q "^$ID .* paused "
	runtime resume "$ID"
	[ "$(state .status)" = running ]
	! dir_is_frozen "$(freezer_dir "$(init_pid)")" || false
	wait_for 5 ticks_more_than "$before"
	runtime delete --force "$ID"
	nothing_left
}

@test "a created container can be paused, is created again after resume, and can't be started in between" {
	config_args sleep 1000
	create
	runtime pause "$ID"
	[ "$(state .status)" = paused ]
	run runtime start "$ID"
	show
	[ "$status" -ne 0 ]
	runtime resume "$ID"
	[ "$(state .status)" = created ]
	start
	[ "$(state .status)" = running ]
	runtime delete --force "$ID"
}

@test "pause twice and resume twice are errors that say why" {
	start_sleeper
	run runtime resume "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"not paused"* ]]
	runtime pause "$ID"
	run runtime pause "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"not running"* ]]
	[ "$(state .status)" = paused ]
	runtime resume "$ID"
	run runtime resume "$ID"
	[ "$status" -ne 0 ]
	stop
	for command in pause resume; do
		run runtime $command "$ID"
		show
		[ "$status" -ne 0 ]
		[[ $output == *"not running"* || $output == *"not paused"* ]]
	done
	runtime delete "$ID"
	for command in pause resume; do
		run runtime $command "$ID"
		[ "$status" -ne 0 ]
		[[ $output == *"does not exist"* ]]
	done
}

@test "a paused container takes TERM when it is resumed" {
	config_args sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
	create
	start
	sleep 0.2
	runtime pause "$ID"
	runtime kill "$ID" TERM
	sleep 0.2
	[ "$(state .status)" = paused ]
	runtime resume "$ID"
	wait_for 5 has_status stopped
	runtime delete "$ID"
}

@test "a paused container can be killed" {
	start_sleeper
	runtime pause "$ID"
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
	nothing_left
}

@test "kill --all of a paused container: TERM leaves it paused, KILL ends it" {
	only_runlet
	config_args sh -c 'sleep 1000 & sleep 1000'
	create
	start
	runtime pause "$ID"
	runtime kill --all "$ID" TERM
	[ "$(state .status)" = paused ]
	runtime kill --all "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
	nothing_left
}

@test "delete refuses a paused container, and with --force removes it" {
	start_sleeper
	runtime pause "$ID"
	run runtime delete "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *paused* ]]
	runtime delete --force "$ID"
	nothing_left
}

@test "a paused container without a pid namespace is killed and deleted with all of its processes" {
	config_no_namespace pid
	config_args sh -c 'sleep 1000 & sleep 1000'
	create
	start
	runtime pause "$ID"
	runtime delete --force "$ID"
	nothing_left
}

@test "somebody else froze it: the status tells, and resume works" {
	start_sleeper
	dir=$(freezer_dir "$(init_pid)")
	freeze_dir "$dir"
	wait_for 5 has_status paused
	runtime resume "$ID"
	[ "$(state .status)" = running ]
	runtime delete --force "$ID"
}

@test "a cgroup above is frozen: resume names it" {
	only_runlet
	config_set '.linux.cgroupsPath = $p' --arg p "/$ID-parent/$ID"
	start_sleeper
	dir=$(freezer_dir "$(init_pid)")
	freeze_dir "${dir%/*}"
	wait_for 5 has_status paused
	run runtime resume "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"${dir%/*} above it is frozen"* ]]
	thaw_dir "${dir%/*}"
	wait_for 5 has_status running
	runtime delete --force "$ID"
	nothing_left
}

@test "processes in cgroups below are paused too, and one that is frozen there doesn't pause the container" {
	config_args sh -c 'sleep 1000 & sleep 1001'
	create
	start
	dir=$(freezer_dir "$(init_pid)")
	wait_for 5 eval '[ "$(grep -c . "$dir/cgroup.procs")" = 2 ]'
	child=$(grep -vx "$(init_pid)" "$dir/cgroup.procs")
	mkdir -p "$dir/a/b"
	echo "$child" >"$dir/a/b/cgroup.procs"
	freeze_dir "$dir/a/b"
	sleep 0.1
	[ "$(state .status)" = running ]
	thaw_dir "$dir/a/b"
	runtime pause "$ID"
	dir_is_frozen "$dir/a/b"
	runtime resume "$ID"
	! dir_is_frozen "$dir/a/b" || false
	runtime delete --force "$ID"
	nothing_left
}

@test "pause while processes fork in a loop, twenty times" {
	config_args sh -c 'f() { while :; do (:) ; done; }; f & f & f'
	create
	start
	dir=$(freezer_dir "$(init_pid)")
	for round in $(seq 20); do
		runtime pause "$ID"
		dir_is_frozen "$dir"
		runtime resume "$ID"
	done
	runtime pause "$ID"
	runtime delete --force "$ID"
	nothing_left
}

@test "a v2 host: pause, resume, kill and delete" {
	only_runlet
	[ -d "$CGROUPFS/unified" ] || skip "this host is one already"
	use_v2
	start_sleeper
	pid=$(init_pid)
	runtime pause "$ID"
	grep -qx 'frozen 1' "$CGROUPFS/unified/$ID/cgroup.events"
	[ "$(state .status)" = paused ]
	runtime resume "$ID"
	grep -qx 'frozen 0' "$CGROUPFS/unified/$ID/cgroup.events"
	runtime pause "$ID"
	runtime kill "$ID" KILL
	wait_for 5 has_ended "$pid"
	runtime delete "$ID"
	start_sleeper
	runtime pause "$ID"
	runtime delete --force "$ID"
	nothing_left
}

# A start that waits for a hook of the container, which has been frozen meanwhile.
start_and_freeze() {
	config_set '.hooks.startContainer = [{ path: "/bin/sleep", args: ["sleep", "1"] }]'
	config_args sleep 1000
	create
	dir=$(freezer_dir "$(init_pid)")
	start >start.out 2>&1 &
	start_pid=$!
	wait_for 5 eval '[ "$(grep -c . "$dir/cgroup.procs")" = 2 ]'
	freeze_dir "$dir"
	sleep 1.2
	has_status paused
	! has_ended $start_pid || { cat start.out; return 1; }
}

@test "frozen while start waits for it: resume lets start end" {
	only_runlet
	start_and_freeze
	runtime resume "$ID"
	wait_for 5 has_ended $start_pid
	wait $start_pid
	[ "$(state .status)" = running ]
	runtime delete --force "$ID"
	nothing_left
}

@test "frozen while start waits for it: delete --force ends both" {
	only_runlet
	start_and_freeze
	runtime delete --force "$ID"
	wait_for 5 has_ended $start_pid
	! wait $start_pid || false
	nothing_left
}

@test "kill --all reaches every process while they fork" {
	config_args sh -c 'f() { while :; do (sleep 0.01) & sleep 0.005; done; }; f & f & f'
	config_no_namespace pid
	create
	start
	sleep 0.3
	runtime kill --all "$ID" KILL
	wait_for 5 has_status stopped
	dir=$(find $CGROUPFS -type d -name "$ID" | head -n 1)
	wait_for 5 eval '[ ! -s "$dir/cgroup.procs" ]'
	runtime delete "$ID"
	nothing_left
}

@test "a freezer that can't be written: the error names it" {
	only_runlet
	start_sleeper
	dir=$(freezer_dir "$(init_pid)")
	[ -e "$dir/freezer.state" ] || skip "played through v1's freezer.state"
	RUNTIME_WRAPPER+=(unshare -m sh -c "mount --bind '$dir' '$dir' && mount -o remount,ro,bind '$dir' && exec \"\$@\"" sh)
	run runtime pause "$ID"
	show
	[ "$status" -ne 0 ]
	[[ $output == *"freeze $dir: Read-only file system"* ]]
	[ "$(state .status)" = running ]
	RUNTIME_WRAPPER=(timeout --foreground -k 5 60)
	runtime delete --force "$ID"
	nothing_left
}
