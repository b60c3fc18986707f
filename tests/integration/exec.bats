# exec: one more program in a container: what it gets, what it may not get, and what is left when it fails.

load helpers.bash

# in_container ARGUMENT...: exec with its options, the container's id, and a program.
in_container() { run runtime exec "$@" </dev/null; show; }

@test "exec: the program runs in the container's namespaces, root and cgroups, and its exit status is passed on" {
	start_sleeper
	in_container "$ID" sh -c 'ls -l /proc/self/ns && ls / && exit 7'
	[ "$status" -eq 7 ]
	for ns in ipc mnt net pid uts cgroup; do
		[[ $output == *" $ns -> $(readlink "/proc/$(init_pid)/ns/$ns")"* ]]
	done
	[[ $output == *bin*etc*proc* ]]
	in_container "$ID" sh -c 'cat /proc/self/cgroup'
	[ -n "$output" ]
	[ -z "$(grep -v ':/$' <<<"$output")" ]
	runtime delete --force "$ID"
}

@test "exec: a program ended by a signal gives 128 and the signal's number" {
	start_sleeper
	in_container "$ID" sh -c 'kill -TERM $$'
	[ "$status" -eq 143 ]
	runtime delete --force "$ID"
}

@test "exec: options end at the container's id, and -- is not needed" {
	start_sleeper
	in_container "$ID" echo -e -- --tty
	[ "$status" -eq 0 ]
	[ "$output" = "-- --tty" ]
	runtime delete --force "$ID"
}

@test "exec: 255 and the words that engines look for when the program can't be executed" {
	start_sleeper
	in_container "$ID" no-such-program
	[ "$status" -eq 255 ]
	[[ $output == *'exec: "no-such-program": executable file not found in $PATH'* ]]
	in_container "$ID" /etc
	[ "$status" -eq 255 ]
	[[ $output == *"permission denied"* ]]
	in_container "$ID" /etc/passwd
	[ "$status" -eq 255 ]
	[[ $output == *"permission denied"* ]]
	in_container "$ID" /nowhere/program
	[ "$status" -eq 255 ]
	[[ $output == *"no such file or directory"* ]]
	runtime delete --force "$ID"
}
