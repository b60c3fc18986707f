# docker.bats - runlet as Docker's runtime: what a user sees of run, exec, kill, limits, volumes and failing starts.
# needs: dockerd docker containerd ctr script

load engines

setup_file() {
	make_image
	start_docker
}

pid_of() { docker inspect -f '{{.State.Pid}}' "$1"; }

@test "docker: runlet is the default runtime, and info names it" {
	[ "$(docker info -f '{{.DefaultRuntime}}')" = runlet ]
}

@test "docker: run prints what the program prints and ends with its status" {
	run -7 docker run --rm bb sh -c 'echo out; echo err >&2; exit 7'
	[[ $output == *out* ]]
	[[ $output == *err* ]]
	[ "$(docker ps -aq | wc -l)" = 0 ]
}

@test "docker: the program is PID 1 with the image's environment, and others' descriptors are closed" {
	run -0 docker run --rm -e X=y --hostname box bb sh -c 'echo $$ $X; hostname; ls /proc/self/fd | wc -l'
	[ "${lines[0]}" = "1 y" ]
	[ "${lines[1]}" = box ]
	[ "${lines[2]}" = 4 ]
}

@test "docker: run -i reads standard input to its end" {
	[ "$(echo hello | docker run --rm -i bb cat)" = hello ]
}

@test "docker: run -t has a terminal of the right size" {
	# Docker sets the size after the program has started.
	on_terminal "docker run --rm -it bb timeout 20 sh -c 'tty; until stty size | grep \"33 99\"; do sleep 0.1; done'"
	grep -q /dev/pts/0 screen
	grep -q '33 99' screen
}

@test "docker: exec has the container's namespaces, its own status, user, directory and environment" {
	docker run -d --name exec1 bb sleep 1000
	run -5 docker exec -u app -w /data -e Y=z exec1 sh -c 'id -u; pwd; echo $Y; exit 5'
	[ "${lines[*]}" = "1000 /data z" ]
	[ "$(echo hi | docker exec -i exec1 cat)" = hi ]
	run docker exec exec1 nothing-there
	[[ $status -eq 126 || $status -eq 127 ]]
	[[ $output == *nothing-there* ]]
	on_terminal "docker exec -it exec1 timeout 20 sh -c 'until stty size | grep \"33 99\"; do sleep 0.1; done'"
	grep -q '33 99' screen
	docker rm -f exec1
}

@test "docker: kill sends a signal, stop ends what doesn't listen with 137" {
	docker run -d --name kill1 bb sh -c 'trap "echo got; exit 3" HUP; echo ready; while :; do sleep 0.1; done'
	poll 10 eval 'docker logs kill1 | grep -q ready'
	docker kill -s HUP kill1
	[ "$(docker wait kill1)" = 3 ]
	docker rm kill1
	docker run -d --name stop1 bb sleep 1000
	docker stop -t 1 stop1
	[ "$(docker inspect -f '{{.State.ExitCode}}' stop1)" = 137 ]
	docker rm stop1
}

@test "docker: pause and unpause" {
	docker run -d --name pause1 bb sleep 1000
	docker pause pause1
	[ "$(docker inspect -f '{{.State.Status}}' pause1)" = paused ]
	docker unpause pause1
	docker rm -f pause1
}

@test "docker: limits are in the kernel's files, and update changes them" {
	docker run -d --name limit1 --memory 64m --pids-limit 50 --cpus 0.5 bb sleep 1000
	pid=$(pid_of limit1)
	[ "$(cgroup_file "$pid" memory memory.limit_in_bytes memory.max)" = 67108864 ]
	[ "$(cgroup_file "$pid" pids pids.max pids.max)" = 50 ]
	docker update --memory 32m --memory-swap 64m --pids-limit 40 limit1
	[ "$(cgroup_file "$pid" memory memory.limit_in_bytes memory.max)" = 33554432 ]
	[ "$(cgroup_file "$pid" pids pids.max pids.max)" = 40 ]
	docker rm -f limit1
}

@test "docker: volumes, bind mounts and tmpfs; a read-only root" {
	mkdir data
	echo host >data/file
	run -0 docker run --rm -v "$PWD/data:/mnt" bb sh -c 'cat /mnt/file; echo new >/mnt/new'
	[ "$output" = host ]
	[ "$(cat data/new)" = new ]
	run docker run --rm -v "$PWD/data:/mnt:ro" bb sh -c 'echo x >/mnt/new'
	[ "$status" -ne 0 ]
	run -0 docker run --rm -v named:/data bb cat /data/file
	[ "$output" = from-image ]
	run docker run --rm --read-only --tmpfs /scratch bb sh -c 'echo x >/scratch/x && ! echo x >/x'
	[ "$status" -eq 0 ]
}

@test "docker: a program that is missing ends with 127, one that can't be executed with 126, and is named" {
	run -127 docker run --rm bb no-such-program
	[[ $output == *no-such-program* ]]
	run -126 docker run --rm bb /data/plain
	[[ $output == */data/plain* ]]
}

@test "docker: a script without an interpreter fails by name, and leaves nothing, however often" {
	printf 'echo hi\n' >script
	chmod 755 script
	for _ in 1 2 3 4 5; do
		run docker run --rm -v "$PWD/script:/script" bb /script
		[ "$status" -ne 0 ]
		[[ $output == *"/script: exec format error"* ]]
	done
	[ -z "$(docker ps -aq)" ]
	ctr -n moby tasks ls -q >tasks
	[ ! -s tasks ]
}

@test "docker: a bind mount over a file that is none is refused with the path" {
	mkdir data
	run docker run --rm -v "$PWD/data:/data/file" bb true
	[ "$status" -ne 0 ]
	[[ $output == *data/file* ]]
}

@test "docker: containers are gone when they are removed" {
	nothing_left /run/docker/runtime-runlet
	nothing_left /var/run/docker/runtime-runlet
}
