# load.bats - many containers through Docker and podman, some at once, and nothing that they leave.
#
# It prints how long each took.
# takes minutes
# needs: dockerd docker containerd ctr podman conmon

load engines

setup_file() {
	make_image
	start_docker
	configure_podman
	# podman builds its pause image at the first pod; what is there only once doesn't count as left.
	docker run --rm bb true
	podman run --cgroup-parent "/$ENGINES_NAME/podman" --rm bb true
}

# What containers leave would be seen in one of these: counts of processes, mounts, cgroups, states and the daemons' fds.
left() {
	local daemon
	# An engine's own cgroup, above those of its containers, stays where others live in it when its maker goes.
	echo "processes $(ps -e -o comm= | grep -cE 'shim|conmon|runlet|sleep|busybox')"
	echo "mounts $(wc -l </proc/self/mountinfo)"
	echo "cgroups $(find /sys/fs/cgroup/{,*/}"$ENGINES_NAME" -mindepth 2 -type d 2>/dev/null | wc -l)"
	echo "states $(find /run -name state.json -path '*run*' | wc -l)"
	for daemon in dockerd containerd; do
		echo "$daemon-fds $(find "/proc/$(pgrep -xo "$daemon")/fd" -mindepth 1 ! -lname 'socket:*' ! -lname '*inotify' | wc -l)"
	done
}

# no_more_than FILE: nothing has come to what FILE says.
no_more_than() {
	left | sort >now
	join "$1" now | awk '$3 > $2 { print; more = 1 } END { exit more }'
}

# What the daemons do a moment after the client's return is waited for.
nothing_more_than() {
	poll 30 no_more_than "$1" >/dev/null && return
	no_more_than "$1"
	find /sys/fs/cgroup/{,*/}"$ENGINES_NAME" -type d 2>/dev/null
	return 1
}

# tell WHAT COUNT SECONDS: a figure for who reads the output.
tell() { echo "# $1: $2 in $3 s" >&3; }

lane() {
	local i failures=0
	for i in $(seq 100); do
		[ "$(docker run --rm bb echo "$1 $i" 2>"error$1")" = "$1 $i" ] || { failures=$((failures + 1)); cat "error$1"; }
	done
	return "$failures"
}

@test "load: 300 docker run --rm in three lanes" {
	left | sort >before
	start=$SECONDS
	for i in 1 2 3; do
		lane "$i" 3>&- &
		lanes[i]=$!
	done
	wait "${lanes[1]}"
	wait "${lanes[2]}"
	wait "${lanes[3]}"
	tell "docker run --rm, three lanes" 300 $((SECONDS - start))
	[ -z "$(docker ps -aq)" ]
	nothing_more_than before
}

@test "load: 200 podman exec" {
	left | sort >before
	podman run --cgroup-parent "/$ENGINES_NAME/podman" -d --name many bb sleep 10000
	start=$SECONDS
	for i in $(seq 200); do
		[ "$(podman exec many echo "$i")" = "$i" ]
	done
	tell "podman exec" 200 $((SECONDS - start))
	# No process of an exec is left in the container: there are its own and ps.
	[ "$(podman exec many ps -o comm | tail -n +2 | wc -l)" = 2 ]
	podman rm -f -t 0 many
	nothing_more_than before
}

@test "load: 200 docker exec, in four lanes" {
	left | sort >before
	docker run -d --name many bb sleep 10000
	start=$SECONDS
	for lane in 1 2 3 4; do
		(for i in $(seq 50); do [ "$(docker exec many echo "$i")" = "$i" ] || exit 1; done) 3>&- &
		lanes[lane]=$!
	done
	for lane in 1 2 3 4; do
		wait "${lanes[lane]}"
	done
	tell "docker exec, four lanes" 200 $((SECONDS - start))
	docker rm -f many
	nothing_more_than before
}

@test "load: a pod of 20 containers" {
	left | sort >before
	# No image of a registry for the pod's own process.
	podman pod create --name p --cgroup-parent "/$ENGINES_NAME/podman" --network none --infra-image bb:latest \
		--infra-command 'sleep 10000'
	start=$SECONDS
	for i in $(seq 20); do
		podman run -d --pod p --name "p$i" bb sleep 10000
	done
	tell "podman run in one pod" 20 $((SECONDS - start))
	# And the pod's own.
	[ "$(podman ps -q --filter pod=p | wc -l)" = 21 ]
	spaces=$(for i in $(seq 20); do podman exec "p$i" readlink /proc/self/ns/ipc; done | sort -u | wc -l)
	[ "$spaces" = 1 ]
	podman pod rm -f -t 0 p
	[ -z "$(podman ps -aq)" ]
	nothing_more_than before
}
