# cri.bats - runlet as what a Kubernetes RuntimeClass names: containerd's CRI plugin, driven by crictl as the kubelet drives it.
#
# With ENGINES_CRI=crio in the environment it is CRI-O, which needs crio, pinns and skopeo.
# needs: containerd ctr crictl /usr/lib/cni/bridge

load engines

# "pause:latest": what holds a pod's namespaces, from the same layer.
make_pause_image() {
	local image=$ENGINES_DIR/image
	jq '.config.Entrypoint = ["/bin/sleep", "1000000"] | .config.Cmd = null' "$image/config.json" >"$image/pause.json"
	jq -n '[ { Config: "pause.json", RepoTags: [ "pause:latest" ], Layers: [ "layer.tar" ] } ]' >"$image/manifest.json"
	tar -C "$image" -cf "$ENGINES_DIR/pause.tar" manifest.json pause.json layer.tar
}

# The host's own default runtime stays; a pod gets runlet by the name of the handler.  Nobody may lower the OOM score here.
start_containerd_cri() {
	start_containerd "$(cat <<-EOF
		[plugins."io.containerd.grpc.v1.cri"]
		sandbox_image = "docker.io/library/pause:latest"
		restrict_oom_score_adj = true
		[plugins."io.containerd.grpc.v1.cri".cni]
		bin_dir = "/usr/lib/cni"
		conf_dir = "/etc/cni/net.d"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
		runtime_type = "io.containerd.runc.v2"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runlet]
		runtime_type = "io.containerd.runc.v2"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runlet.options]
		BinaryName = "$RUNTIME"
	EOF
	)"
	ctr -n k8s.io images import "$ENGINES_DIR/bb.tar"
	ctr -n k8s.io images import "$ENGINES_DIR/pause.tar"
}

start_crio() {
	local root=$ENGINES_DIR/data/crio
	cat >"$ENGINES_DIR/crio.conf" <<-EOF
		[crio]
		root = "$root"
		runroot = "/run/containers"
		storage_driver = "vfs"
		log_dir = "$ENGINES_DIR/data/logs"
		[crio.api]
		listen = "/run/crio.sock"
		[crio.runtime]
		cgroup_manager = "cgroupfs"
		conmon_cgroup = "pod"
		default_runtime = "runc"
		[crio.runtime.runtimes.runc]
		runtime_path = "$(command -v runc)"
		monitor_path = "$(command -v conmon)"
		monitor_cgroup = "pod"
		[crio.runtime.runtimes.runlet]
		runtime_path = "$RUNTIME"
		runtime_type = "oci"
		runtime_root = "/run/runlet"
		monitor_path = "$(command -v conmon)"
		monitor_cgroup = "pod"
		[crio.image]
		pause_image = "docker.io/library/pause:latest"
		pause_command = "/bin/sleep 1000000"
		[crio.network]
		network_dir = "/etc/cni/net.d"
		plugin_dirs = ["/usr/lib/cni"]
	EOF
	for image in bb pause; do
		skopeo copy -q "docker-archive:$ENGINES_DIR/$image.tar" "containers-storage:[vfs@$root+/run/containers]docker.io/library/$image:latest"
	done
	daemon crio crio --config "$ENGINES_DIR/crio.conf" --config-dir ''
}

setup_file() {
	make_image
	make_pause_image
	mkdir -p /etc/cni/net.d
	cat >/etc/cni/net.d/10-bridge.conflist <<-EOF
		{ "cniVersion": "0.4.0", "name": "pods", "plugins": [ { "type": "bridge", "bridge": "cni0", "isGateway": true,
		  "ipam": { "type": "host-local", "subnet": "10.88.7.0/24", "dataDir": "/run/cni-ipam" } } ] }
	EOF
	if [ "${ENGINES_CRI:-containerd}" = crio ]; then
		start_crio
		endpoint=unix:///run/crio.sock
		export STATE=/run/runlet
	else
		start_containerd_cri
		endpoint=unix:///run/containerd/containerd.sock
		export STATE=/run/containerd/runc/k8s.io
	fi
	printf '%s\n' "runtime-endpoint: $endpoint" "image-endpoint: $endpoint" 'timeout: 60' >/etc/crictl.yaml
	poll 20 eval 'crictl images 2>/dev/null | grep -c library/ | grep -qx 2' || { cat "$ENGINES_DIR"/*.log; return 1; }
	poll 20 eval '[ "$(crictl info | jq -r ".status.conditions[] | select(.type == \"NetworkReady\").status")" = true ]'
}

# pod NAME [JQ-FILTER]: the configuration of a pod, in pod.json; as the kubelet has it, each container has its own processes.
pod() {
	jq -n --arg name "$1" --arg parent "/$ENGINES_NAME/cri" '{ metadata: { name: $name, namespace: "default", uid: $name, attempt: 1 },
		hostname: $name, log_directory: env.PWD,
		linux: { cgroup_parent: $parent, security_context: { namespace_options: { pid: 1 } } } } | '"${2:-.}" >pod.json
}

# container NAME JQ-FILTER COMMAND...: the configuration of a container, in NAME.json.
container() {
	local name=$1 filter=$2
	shift 2
	jq -n --arg name "$name" '{ metadata: { name: $name }, image: { image: "docker.io/library/bb:latest" }, command: $ARGS.positional,
		log_path: ($name + ".log"), linux: { security_context: { namespace_options: { pid: 1 } } } } | '"$filter" --args -- "$@" >"$name.json"
}

# containerd's CRI plugin asks runlet to create when it starts, CRI-O when it creates.
create_and_start() {
	local id
	id=$(crictl create "$1" "$2.json" pod.json) && crictl start "$id"
}

# What a failed test left must not fail the next one.
teardown() { crictl rmp -fa >/dev/null 2>&1 || :; }

@test "cri: the default runtime is not runlet: pods ask for it by its handler" {
	[ "$STATE" != /run/runlet ] || skip "CRI-O doesn't tell"
	[ "$(crictl info | jq -r '.config.containerd.runtimes.runlet.options.BinaryName')" = "$RUNTIME" ]
	[ "$(crictl info | jq -r '.config.containerd.defaultRuntimeName')" = runc ]
}

@test "cri: a pod with a network, and a container in it: logs, exec, stop and remove" {
	pod pod1
	pod=$(crictl runp --runtime runlet pod.json)
	[ "$(crictl inspectp "$pod" | jq -r '
		.info.runtimeHandler // .info.runtimeSpec.annotations["io.kubernetes.cri-o.RuntimeHandler"]')" = runlet ]
	[[ $(crictl inspectp "$pod" | jq -r .status.network.ip) == 10.88.7.* ]]
	container c1 . sh -c 'hostname; ip -4 addr show eth0; trap "exit 4" TERM; echo ready; while :; do sleep 0.1; done'
	id=$(crictl create "$pod" c1.json pod.json)
	[ "$(crictl inspect "$id" | jq -r .status.state)" = CONTAINER_CREATED ]
	crictl start "$id"
	poll 10 grep -q ready c1.log
	grep -q 'pod1$' c1.log
	grep -q 'inet 10.88.7' c1.log
	"$RUNTIME" --root "$STATE" list --quiet >list
	grep -q "$id" list
	# CRI-O has no process for the pod itself, where it needs none.
	[ "$STATE" = /run/runlet ] || grep -q "$pod" list
	[ "$(crictl exec -s "$id" sh -c 'echo $0 in; hostname' | xargs)" = "sh in pod1" ]
	run crictl exec "$id" sh -c 'exit 5'
	[[ $output == *"exit code 5"* ]]
	run crictl exec -s "$id" no-such-program
	[ "$status" -ne 0 ]
	[[ $output == *no-such-program* ]]
	crictl stop -t 5 "$id"
	[ "$(crictl inspect "$id" | jq -r '.status.state, .status.exitCode' | xargs)" = "CONTAINER_EXITED 4" ]
	crictl rm "$id"
	crictl stopp "$pod"
	crictl rmp "$pod"
	[ -z "$("$RUNTIME" --root "$STATE" list --quiet)" ]
}

@test "cri: exec -it has a terminal" {
	pod pod2
	container c1 . sleep 1000
	id=$(crictl run --no-pull --runtime runlet c1.json pod.json)
	on_terminal "crictl exec -it $id timeout 20 sh -c 'tty; until stty size | grep \"33 99\"; do sleep 0.1; done'"
	grep -q /dev/pts/0 screen
	grep -q '33 99' screen
}

@test "cri: two containers of a pod share its network and IPC" {
	pod pod3
	container c1 . sleep 1111
	container c2 . sleep 2222
	one=$(crictl run --no-pull --runtime runlet c1.json pod.json)
	pod=$(crictl pods -q)
	two=$(crictl create "$pod" c2.json pod.json)
	crictl start "$two"
	for space in net ipc; do
		[ "$(crictl exec -s "$one" readlink "/proc/self/ns/$space")" = "$(crictl exec -s "$two" readlink "/proc/self/ns/$space")" ]
	done
}

@test "cri: two containers of a pod that shares its processes" {
	# CRI-O makes a process for the pod then, with an OOM score that takes CAP_SYS_RESOURCE.
	[ "$STATE" != /run/runlet ] || sh -c 'echo -998 >/proc/self/oom_score_adj' || skip "this host forbids a lower OOM score"
	shared='.linux.security_context.namespace_options = { pid: 0 }'
	pod pod8 "$shared"
	container c1 "$shared" sleep 1111
	container c2 "$shared" sleep 2222
	one=$(crictl run --no-pull --runtime runlet c1.json pod.json)
	two=$(crictl create "$(crictl pods -q)" c2.json pod.json)
	crictl start "$two"
	crictl exec -s "$one" ps | grep -q 'sleep 2222'
}

@test "cri: a pod in the host's namespaces" {
	pod pod4 'del(.hostname) | .linux.security_context.namespace_options = { network: 2, pid: 2, ipc: 2 }'
	container c1 '.linux.security_context.namespace_options = { network: 2, pid: 2, ipc: 2 }' sleep 1000
	id=$(crictl run --no-pull --runtime runlet c1.json pod.json)
	[ "$(crictl exec -s "$id" readlink /proc/self/ns/net)" = "$(readlink /proc/self/ns/net)" ]
	[ "$(crictl exec -s "$id" readlink /proc/self/ns/pid)" = "$(readlink /proc/self/ns/pid)" ]
}

@test "cri: limits are in the kernel's files, update changes them, stats count" {
	pod pod5
	container c1 '.linux.resources = { memory_limit_in_bytes: 67108864, cpu_quota: 50000, cpu_period: 100000, cpu_shares: 512 }' sleep 1000
	id=$(crictl run --no-pull --runtime runlet c1.json pod.json)
	pid=$(crictl inspect "$id" | jq .info.pid)
	[ "$(cgroup_file "$pid" memory memory.limit_in_bytes memory.max)" = 67108864 ]
	crictl update --memory 33554432 --cpu-quota 20000 "$id"
	[ "$(cgroup_file "$pid" memory memory.limit_in_bytes memory.max)" = 33554432 ]
	poll 15 eval '[ "$(crictl stats -o json | jq ".stats | length")" = 1 ]'
}

@test "cri: security context: user, groups, capabilities, read-only root, masked paths, seccomp, mounts" {
	mkdir data
	echo host >data/file
	pod pod6
	container c1 '.linux.security_context = { namespace_options: { pid: 1 }, run_as_user: { value: 1000 }, run_as_group: { value: 1000 }, supplemental_groups: [ 77 ],
		readonly_rootfs: true, no_new_privs: true, capabilities: { drop_capabilities: [ "ALL" ] }, masked_paths: [ "/proc/version" ],
		readonly_paths: [ "/proc/sys" ], seccomp: { profile_type: 0 } }
		| .mounts = [ { host_path: (env.PWD + "/data"), container_path: "/mnt", readonly: true } ]' sleep 1000
	id=$(crictl run --no-pull --runtime runlet c1.json pod.json)
	[ "$(crictl exec -s "$id" id -u)" = 1000 ]
	[[ $(crictl exec -s "$id" id -G) == *77* ]]
	crictl exec -s "$id" cat /proc/1/status >text
	grep -q '^CapBnd:.0000000000000000' text
	grep -q '^NoNewPrivs:.1' text
	# CRI-O may have been built without it.
	[ "$STATE" = /run/runlet ] || grep -q '^Seccomp:.2' text
	[ -z "$(crictl exec -s "$id" cat /proc/version)" ]
	[ "$(crictl exec -s "$id" cat /mnt/file)" = host ]
	run crictl exec -s "$id" touch /tmp/x /mnt/x
	[[ $output == *"/tmp/x: Read-only"* ]]
	[[ $output == *"/mnt/x: Read-only"* ]]
}

@test "cri: a start that fails names the program, and leaves nothing" {
	pod pod7
	pod=$(crictl runp --runtime runlet pod.json)
	container c1 . no-such-program
	run create_and_start "$pod" c1
	[ "$status" -ne 0 ]
	[[ $output == *"no-such-program"*"executable file not found"* ]]
	container c2 . /data/plain
	run create_and_start "$pod" c2
	[ "$status" -ne 0 ]
	[[ $output == *"/data/plain"*"permission denied"* ]]
	crictl rmp -f "$pod"
	[ -z "$("$RUNTIME" --root "$STATE" list --quiet)" ]
}
