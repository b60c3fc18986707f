# nerdctl.bats - runlet as the runtime of nerdctl: containerd's client with Docker's command line.
# needs: containerd ctr nerdctl script /usr/lib/cni/bridge

load engines

setup_file() {
	make_image
	start_containerd || { cat "$ENGINES_DIR/containerd.log"; return 1; }
	mkdir -p /etc/nerdctl
	printf '%s\n' 'cni_path = "/usr/lib/cni"' 'cgroup_manager = "cgroupfs"' "data_root = \"$ENGINES_DIR/data/nerdctl\"" \
		>/etc/nerdctl/nerdctl.toml
	nerdctl load -i "$ENGINES_DIR/bb.tar"
}

# --runtime takes the path of the binary.
nerdctl_run() { nerdctl run --runtime "$RUNTIME" --cgroup-parent "/$ENGINES_NAME/nerdctl" --net "${NET:-none}" "$@"; }

teardown() { nerdctl ps -aq | xargs -r nerdctl rm -f >/dev/null; }

@test "nerdctl: run prints what the program prints and ends with its status" {
	run -7 nerdctl_run --rm bb sh -c 'echo out; exit 7'
	[[ $output == *out* ]]
	[ -z "$(nerdctl ps -aq)" ]
	[ -z "$("$RUNTIME" --root /run/containerd/runc/default list --quiet)" ]
}

@test "nerdctl: run -t has a terminal" {
	on_terminal "nerdctl run --runtime $RUNTIME --cgroup-parent /$ENGINES_NAME/nerdctl --net none --rm -it bb \
		timeout 20 sh -c 'tty; until stty size | grep \"33 99\"; do sleep 0.1; done'"
	grep -q /dev/pts/0 screen
	grep -q '33 99' screen
}

@test "nerdctl: run -d, exec, logs, pause, kill, stop" {
	nerdctl_run -d --name n1 bb sh -c 'trap "exit 3" HUP; echo ready; while :; do sleep 0.1; done'
	"$RUNTIME" --root /run/containerd/runc/default list --quiet | grep .
	poll 10 eval 'nerdctl logs n1 | grep -q ready'
	run nerdctl exec -u app -w /data -e Y=z n1 sh -c 'id -u; pwd; echo $Y; exit 5'
	[[ ${lines[*]} == "1000 /data z"*"exit code 5"* ]]
	run nerdctl exec n1 no-such-program
	[ "$status" -ne 0 ]
	[[ $output == *no-such-program* ]]
	nerdctl pause n1
	nerdctl unpause n1
	nerdctl kill -s HUP n1
	poll 10 eval '[ "$(nerdctl inspect -f "{{.State.Status}}" n1)" = exited ]'
	[ "$(nerdctl inspect -f '{{.State.ExitCode}}' n1)" = 3 ]
}

@test "nerdctl: limits are in the kernel's files, and update changes them" {
	nerdctl_run -d --name n2 --memory 64m --pids-limit 50 bb sleep 1000
	pid=$(nerdctl inspect -f '{{.State.Pid}}' n2)
	[ "$(cgroup_file "$pid" memory memory.limit_in_bytes memory.max)" = 67108864 ]
	[ "$(cgroup_file "$pid" pids pids.max pids.max)" = 50 ]
	nerdctl update --memory 32m n2
	[ "$(cgroup_file "$pid" memory memory.limit_in_bytes memory.max)" = 33554432 ]
}

@test "nerdctl: volumes, a read-only root and tmpfs" {
	mkdir data
	echo host >data/file
	run -0 nerdctl_run --rm -v "$PWD/data:/mnt" bb sh -c 'cat /mnt/file; echo new >/mnt/new'
	[[ $output == *host* ]]
	[ "$(cat data/new)" = new ]
	run -0 nerdctl_run --rm --read-only --tmpfs /scratch bb sh -c 'echo x >/scratch/x && ! echo x >/x'
}

@test "nerdctl: a network by CNI, made by a hook" {
	NET=bridge nerdctl_run -d --name n3 bb sleep 1000
	nerdctl exec n3 ip -4 addr show eth0 | grep -q 'inet 10\.'
}

@test "nerdctl: a program that is missing or can't be executed is named" {
	run nerdctl_run --rm bb no-such-program
	[ "$status" -ne 0 ]
	[[ $output == *no-such-program*"executable file not found"* ]]
	run nerdctl_run --rm bb /data/plain
	[ "$status" -ne 0 ]
	[[ $output == */data/plain*"permission denied"* ]]
}
