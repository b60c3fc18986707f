# podman.bats - runlet under podman and conmon.
# needs: podman conmon script

load engines

setup_file() {
	make_image
	configure_podman
}

podman_run() { podman run --cgroup-parent "/$ENGINES_NAME/podman" "$@"; }

@test "podman: run prints what the program prints and ends with its status" {
	run -7 podman_run --rm bb sh -c 'echo out; exit 7'
	[ "$output" = out ]
	[ -z "$(podman ps -aq)" ]
}

@test "podman: run -t has a terminal" {
	on_terminal "podman run --cgroup-parent /$ENGINES_NAME/podman --rm -it bb sh -c 'tty; stty size'"
	grep -q /dev/pts/0 screen
	grep -q '33 99' screen
}

@test "podman: exec, with its output, status, user and directory" {
	podman_run -d --name e1 bb sleep 1000
	run -5 podman exec -u app -w /data -e Y=z e1 sh -c 'id -u; pwd; echo $Y; exit 5'
	[ "${lines[*]}" = "1000 /data z" ]
	run -127 podman exec e1 no-such-program
	[[ $output == *no-such-program* ]]
	run -126 podman exec e1 /data/plain
	podman rm -f -t 0 e1
}

@test "podman: kill, stop, pause and unpause" {
	podman_run -d --name k1 bb sh -c 'trap "exit 3" HUP; echo ready; while :; do sleep 0.1; done'
	poll 10 eval 'podman logs k1 | grep -q ready'
	podman pause k1
	[ "$(podman inspect -f '{{.State.Status}}' k1)" = paused ]
	podman unpause k1
	podman kill -s HUP k1
	[ "$(podman wait k1)" = 3 ]
	podman rm k1
}

@test "podman: limits are in the kernel's files" {
	podman_run -d --name l1 --memory 64m --pids-limit 50 bb sleep 1000
	pid=$(podman inspect -f '{{.State.Pid}}' l1)
	[ "$(cgroup_file "$pid" memory memory.limit_in_bytes memory.max)" = 67108864 ]
	[ "$(cgroup_file "$pid" pids pids.max pids.max)" = 50 ]
	podman rm -f -t 0 l1
}

@test "podman: volumes, a read-only root and tmpfs" {
	mkdir data
	echo host >data/file
	run -0 podman_run --rm -v "$PWD/data:/mnt" bb sh -c 'cat /mnt/file; echo new >/mnt/new'
	[ "$output" = host ]
	[ "$(cat data/new)" = new ]
	run -0 podman_run --rm --read-only --tmpfs /scratch bb sh -c 'echo x >/scratch/x && ! echo x >/x'
}

@test "podman: a program that is missing ends with 127, one that can't be executed with 126, and is named" {
	run -127 podman_run --rm bb no-such-program
	[[ $output == *no-such-program* ]]
	run -126 podman_run --rm bb /data/plain
	[[ $output == */data/plain* ]]
}
