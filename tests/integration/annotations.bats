# The annotations of crun that podman and CRI-O use.

load helpers

setup() {
	not_on runc
	bundle_make
}

annotate() { config_set '.annotations[$key] = $value' --arg key "$1" --arg value "$2"; }
hook() { printf '{ "path": "/bin/sh", "args": ["sh", "-c", "%s"] }' "$1"; }
out=hooks.out
err=hooks.err

@test "run.oci.keep_original_groups: the caller's groups stay" {
	annotate run.oci.keep_original_groups 1
	config_args sh -c 'grep ^Groups /proc/self/status'
	run setpriv --groups 1234,5678 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output == Groups:*1234*5678* ]]
	config_set 'del(.annotations)'
	run setpriv --groups 1234,5678 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[[ $output != *1234* ]]
}

@test "run.oci.keep_original_groups in a new user namespace, and with groups that are asked for" {
	world_readable
	annotate run.oci.keep_original_groups 1
	config_set '.linux.namespaces += [{ type: "user" }] | .process.user.additionalGids = [7]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	config_args sh -c 'grep ^Groups /proc/self/status'
	run setpriv --groups 100007 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[[ $output == Groups:*7* ]]
	run setpriv --groups 1234 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[[ $output == Groups:*65534* ]]
}

@test "run.oci.hooks.stdout and stderr: what hooks print is appended to files, made when missing" {
	echo before >$out
	annotate run.oci.hooks.stdout "$PWD/$out"
	annotate run.oci.hooks.stderr "$PWD/$err"
	config_set ".hooks = { createRuntime: [$(hook 'echo runtime; echo problem >&2')], poststart: [$(hook 'echo poststart')],
		poststop: [$(hook 'echo poststop')] }"
	config_args true
	run_bundle
	show
	[ "$status" -eq 0 ]
	[[ $output != *problem* && $output != *poststart* ]]
	[ "$(cat $out)" = before$'\n'runtime$'\n'poststart$'\n'poststop ]
	[ "$(cat $err)" = problem ]
	[ "$(stat -c %a $err)" -le 700 ]
	nothing_left
}

@test "run.oci.hooks.stdout and stderr: also those of hooks in the container" {
	annotate run.oci.hooks.stdout "$PWD/$out"
	annotate run.oci.hooks.stderr "$PWD/$err"
	config_set ".hooks = { createContainer: [$(hook 'echo container'), $(hook 'echo again >&2')],
		startContainer: [$(hook 'echo start; echo late >&2')] }"
	config_args true
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ "$(cat $out)" = container$'\n'start ]
	[ "$(cat $err)" = again$'\n'late ]
	rm $out $err
	config_args sleep 1000
	create
	[ "$(cat $out)" = container ]
	start
	[ "$(cat $out)" = container$'\n'start ]
	# Nothing of it is the program's.
	! readlink "/proc/$(init_pid)/fd"/* | grep hooks || false
	runtime delete --force "$ID"
}

@test "run.oci.hooks.stdout alone: errors still become part of the message" {
	only_runlet
	annotate run.oci.hooks.stdout "$PWD/$out"
	config_set ".hooks = { createRuntime: [$(hook 'echo said; echo reason >&2; exit 1')] }"
	fails_with 'createRuntime.*exit status 1: reason'
	[ "$(cat $out)" = said ]
	config_set ".hooks = { createContainer: [$(hook 'echo said; echo inner >&2; exit 1')] }"
	fails_with 'createContainer.*exit status 1: inner'
}

@test "run.oci.hooks.stdout: a path that can't be opened, or is no absolute one" {
	only_runlet
	config_set ".hooks = { createRuntime: [$(hook true)] }"
	bundle_works
	annotate run.oci.hooks.stdout /nonexistent/out
	fails_with 'createRuntime\[0\].*open /nonexistent/out for the output of hooks'
	config_set ".hooks = { createContainer: [$(hook true)] }"
	fails_with 'config.json:[0-9]+:[0-9]+: annotations.*run.oci.hooks.stdout.*open /nonexistent/out'
	annotate run.oci.hooks.stdout out
	fails_with 'config.json:[0-9]+:[0-9]+: annotations.*run.oci.hooks.stdout.*absolute path'
	mkfifo fifo
	annotate run.oci.hooks.stdout "$PWD/fifo"
	fails_with 'open .*/fifo'
}

@test "run.oci.mount_context_type: a word that SELinux doesn't know" {
	only_runlet
	bundle_works
	annotate run.oci.mount_context_type nonsense
	fails_with 'config.json:[0-9]+:[0-9]+: annotations.*mount_context_type.*rootcontext'
	annotate run.oci.mount_context_type rootcontext
	bundle_works
}

@test "org.criu.config is refused while there is no checkpoint" {
	only_runlet
	bundle_works
	annotate org.criu.config /etc/criu/x.conf
	fails_with 'annotations.*org.criu.config.*no checkpoint'
}

@test "an annotation of crun that runlet knows nothing of is warned about" {
	only_runlet
	annotate run.oci.handler krun
	annotate org.example.key value
	inside 'echo ran'
	[[ $output == *"run.oci.handler"*ran ]]
	[[ $output != *org.example* ]]
}

@test "features lists each annotation that changes what runlet does as potentially unsafe" {
	only_runlet
	list=$(runtime features | jq -r '.potentiallyUnsafeConfigAnnotations[]')
	for name in run.oci.delegate-cgroup run.oci.hooks.stderr run.oci.hooks.stdout run.oci.keep_original_groups run.oci.mount_context_type \
		run.oci.pidfd_receiver run.oci.systemd.subgroup; do
		grep -qx "$name" <<<"$list"
	done
	! grep -q criu <<<"$list" || false
}

# v2_setup: the runtime sees a v2 host; V2_DIR is the container's cgroup there.
v2_setup() {
	only_runlet
	[ -e "$V2_TREE/cgroup.controllers" ] || skip "no v2 tree"
	use_v2
	V2_DIR=$V2_TREE/$ID
}

@test "run.oci.delegate-cgroup: the program's cgroup is one below, which it may manage" {
	v2_setup
	world_readable
	annotate run.oci.delegate-cgroup payload
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	config_args sh -c 'cat /proc/self/cgroup >/tmp/cgroup; exec sleep 1000'
	chmod 1777 "$ROOTFS/tmp"
	create
	grep -qx "$(init_pid)" "$V2_DIR/payload/cgroup.procs"
	start
	wait_for 5 test -s "$ROOTFS/tmp/cgroup"
	# Its namespace's root is the container's own cgroup, with the limits.
	grep -qx '0::/payload' "$ROOTFS/tmp/cgroup"
	[ "$(stat -c %u "$V2_DIR/payload" "$V2_DIR/payload/cgroup.procs" "$V2_DIR/payload/cgroup.subtree_control" | sort -u)" = 100000 ]
	[ "$(stat -c %u "$V2_DIR" "$V2_DIR/cgroup.procs" | sort -u)" = 0 ]
	run -0 runtime exec "$ID" cat /proc/self/cgroup
	show
	runtime kill --all "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
	[ ! -e "$V2_DIR" ]
	config_args true
	run_bundle
	show
	[ "$status" -eq 0 ]
	nothing_left
}

@test "run.oci.delegate-cgroup: names that are none, and hosts that can't" {
	v2_setup
	bundle_works
	for name in '' . .. a/b /a ../a; do
		annotate run.oci.delegate-cgroup "$name"
		fails_with 'config.json:[0-9]+:[0-9]+: annotations.*delegate-cgroup.*name of a directory'
	done
	annotate run.oci.delegate-cgroup cgroup.procs
	fails_with 'mkdir .*/cgroup.procs: File exists'
	annotate run.oci.delegate-cgroup payload
	[ "$V2_TREE" = $CGROUPFS ] || {
		RUNTIME_WRAPPER=(timeout --foreground -k 5 60)
		fails_with 'annotations.*delegate-cgroup.*cgroup v2'
	}
}

@test "exec into a container that has passed controllers on to cgroups of its own" {
	v2_setup
	grep -q . "$V2_TREE/cgroup.controllers" || skip "the v2 tree has no controller"
	start_sleeper
	run -0 runtime exec "$ID" cat /proc/self/cgroup
	mkdir -p "$V2_DIR/own/deep"
	echo "$(init_pid)" >"$V2_DIR/own/deep/cgroup.procs"
	controller=$(cut -d' ' -f1 "$V2_TREE/cgroup.controllers")
	before=$(cat "$V2_TREE/cgroup.subtree_control")
	echo "+$controller" >"$V2_TREE/cgroup.subtree_control" || skip "the tree's controllers are taken"
	echo "+$controller" >"$V2_DIR/cgroup.subtree_control"
	# Nothing can enter the container's cgroup itself any more.
	sleep 1000 3>&- &
	TEST_PIDS+=($!)
	! echo $! 2>/dev/null >"$V2_DIR/cgroup.procs" || false
	run runtime exec "$ID" cat /proc/self/cgroup
	show
	[ "$status" -eq 0 ]
	grep -qE '^0::/(own/deep|\.\./own/deep)$' <<<"$output"
	runtime delete --force "$ID"
	grep -qw "$controller" <<<"$before" || echo "-$controller" 2>/dev/null >"$V2_TREE/cgroup.subtree_control" || true
}
