# containerd.bats - runlet under containerd's runc shim, driven by ctr.
# needs: containerd ctr script

load engines

setup_file() {
	make_image
	start_containerd || { cat "$ENGINES_DIR/containerd.log"; return 1; }
	ctr images import --base-name docker.io/library/bb "$ENGINES_DIR/bb.tar"
}

# ctr with what every container here has: the runtime and a cgroup of ours.
ctr_run() {
	ctr run --runc-binary "$RUNTIME" --cgroup "/$ENGINES_NAME/${CTR_ID:-c}" "$@"
}
image=docker.io/library/bb:latest

# What a failed test left must not fail the next one.
teardown() {
	local task
	for task in $(ctr tasks ls -q); do ctr tasks rm -f "$task"; done
	for task in $(ctr containers ls -q); do ctr containers rm "$task"; done
}

@test "containerd: run prints what the program prints and ends with its status" {
	run -7 ctr_run --rm "$image" c1 sh -c 'echo out; exit 7'
	[ "$output" = out ]
	[ -z "$(ctr containers ls -q)" ]
}

@test "containerd: run -t has a terminal" {
	on_terminal "ctr run --runc-binary $RUNTIME --cgroup /$ENGINES_NAME/t --rm -t $image c2 \
		timeout 20 sh -c 'tty; until stty size | grep \"33 99\"; do sleep 0.1; done'"
	grep -q /dev/pts/0 screen
	grep -q '33 99' screen
}

@test "containerd: exec, with its output and status" {
	CTR_ID=c3 ctr_run -d "$image" c3 sleep 1000
	run -5 ctr tasks exec --exec-id e1 c3 sh -c 'echo hi; exit 5'
	[ "$output" = hi ]
	[ "$(ctr tasks ps c3 | tail -n +2 | wc -l)" = 1 ]
	run ctr tasks exec --exec-id e2 c3 no-such-program
	[ "$status" -ne 0 ]
	[[ $output == *no-such-program* ]]
	ctr tasks kill -s KILL c3
	poll 10 eval 'ctr tasks ls | grep -q "c3.*STOPPED"'
	ctr tasks rm c3 || [ $? = 137 ]
	ctr containers rm c3
}

@test "containerd: pause, resume, limits and metrics" {
	CTR_ID=c4 ctr_run -d --memory-limit 67108864 "$image" c4 sleep 1000
	pid=$(ctr tasks ls | awk '$1 == "c4" { print $2 }')
	[ "$(cgroup_file "$pid" memory memory.limit_in_bytes memory.max)" = 67108864 ]
	ctr tasks pause c4
	ctr tasks ls | grep -q 'c4.*PAUSED'
	ctr tasks resume c4
	poll 15 eval 'ctr tasks metrics c4 | grep -q memory'
	ctr tasks kill -s KILL c4
	poll 10 eval 'ctr tasks ls | grep -q "c4.*STOPPED"'
	ctr tasks rm c4 || [ $? = 137 ]
	ctr containers rm c4
}

@test "containerd: volumes" {
	mkdir data
	echo host >data/file
	run -0 ctr_run --rm --mount "type=bind,src=$PWD/data,dst=/mnt,options=rbind:rw" "$image" c5 \
		sh -c 'cat /mnt/file; echo new >/mnt/new'
	[ "$output" = host ]
	[ "$(cat data/new)" = new ]
}

@test "containerd: a start that fails names the program and leaves nothing" {
	run ctr_run --rm "$image" c6 no-such-program
	[ "$status" -ne 0 ]
	[[ $output == *no-such-program* ]]
	[ -z "$(ctr tasks ls -q)" ]
	nothing_left /run/containerd/runc/default
}
