# What the tests of all engines use.

# poll SECONDS COMMAND...: until it succeeds.
poll() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# An image "bb:latest" with a static busybox, as an archive that every engine can load.
make_image() {
	local root=$ENGINES_DIR/rootfs image=$ENGINES_DIR/image
	[ ! -e "$image" ] || return 0
	mkdir -p "$image" "$root"/{bin,etc,proc,sys,dev,root,run,tmp,home/app,data}
	chmod 1777 "$root/tmp"
	cp "$(command -v busybox)" "$root/bin/busybox"
	(cd "$root/bin" && ./busybox --list | grep -vx busybox | xargs -n 1 ln -s busybox)
	printf '%s\n' root:x:0:0:root:/root:/bin/sh app:x:1000:1000:app:/home/app:/bin/sh >"$root/etc/passwd"
	printf '%s\n' root:x:0: app:x:1000: >"$root/etc/group"
	echo from-image >"$root/data/file"
	printf 'not a program\n' >"$root/data/plain"
	tar -C "$root" -cf "$image/layer.tar" .
	cat >"$image/config.json" <<-EOF
		{ "architecture": "$(dpkg --print-architecture)", "os": "linux",
		  "config": { "Env": [ "PATH=/bin" ], "Cmd": [ "sh" ] },
		  "rootfs": { "type": "layers", "diff_ids": [ "sha256:$(sha256sum "$image/layer.tar" | cut -d' ' -f1)" ] } }
	EOF
	echo '[ { "Config": "config.json", "RepoTags": [ "bb:latest" ], "Layers": [ "layer.tar" ] } ]' >"$image/manifest.json"
	tar -C "$image" -cf "$ENGINES_DIR/bb.tar" manifest.json config.json layer.tar
}

bats_require_minimum_version 1.5.0

# daemon NAME COMMAND...: starts it in the background; its output goes to NAME.log.  It must not keep bats' pipes open.
daemon() {
	local name=$1
	shift
	(
		for fd in /proc/self/fd/*; do
			fd=${fd##*/}
			[ "$fd" -le 2 ] || eval "exec $fd>&-"
		done
		exec setsid "$@" >"$ENGINES_DIR/$name.log" 2>&1 </dev/null
	) &
}

# start_containerd [CONFIGURATION]: with the CRI plugin only where a configuration for it is given.
start_containerd() {
	cat >"$ENGINES_DIR/containerd.toml" <<-EOF
		version = 2
		root = "$ENGINES_DIR/data/containerd"
		state = "/run/containerd"
		disabled_plugins = [$([ $# -gt 0 ] || echo '"io.containerd.grpc.v1.cri"')]
		${1-}
	EOF
	daemon containerd containerd -c "$ENGINES_DIR/containerd.toml" -l warn
	poll 20 ctr version >/dev/null 2>&1
}

# dockerd with runlet as its default runtime, and the image in it; its own runtimes' names are as ever.
start_docker() {
	start_containerd
	echo '{ "runtimes": { "runlet": { "path": "'"$RUNTIME"'" } }, "default-runtime": "runlet" }' >"$ENGINES_DIR/daemon.json"
	export DOCKER_HOST=unix:///run/docker-test.sock
	daemon dockerd dockerd --config-file "$ENGINES_DIR/daemon.json" -H "$DOCKER_HOST" \
		--containerd /run/containerd/containerd.sock --data-root "$ENGINES_DIR/data/docker" --exec-root /run/docker \
		--pidfile /run/docker.pid --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$ENGINES_NAME/docker" \
		--storage-driver vfs --bridge none --iptables=false --ip6tables=false
	poll 40 docker version >/dev/null 2>&1 || { cat "$ENGINES_DIR/dockerd.log"; return 1; }
	docker load -qi "$ENGINES_DIR/bb.tar"
}

# podman's configuration with runlet as the runtime, and the image in its store.
configure_podman() {
	mkdir -p /etc/containers
	cat >/etc/containers/containers.conf <<-EOF
		[engine]
		runtime = "runlet"
		runtime_supports_json = ["runlet"]
		runtime_supports_nocgroups = ["runlet"]
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		[engine.runtimes]
		runlet = ["$RUNTIME"]
		[containers]
		netns = "none"
	EOF
	printf '[storage]\ndriver = "vfs"\nrunroot = "/run/containers"\ngraphroot = "%s/data/podman"\n' "$ENGINES_DIR" \
		>/etc/containers/storage.conf
	podman load -qi "$ENGINES_DIR/bb.tar"
}

# A command on a new terminal of 33 rows and 99 columns; what it shows is in the file `screen` without CR.
on_terminal() {
	local status=0
	script -qefc "stty rows 33 cols 99; $1" typescript >/dev/null </dev/null || status=$?
	tr -d '\r\0' <typescript >screen
	return "$status"
}

setup() { cd "$BATS_TEST_TMPDIR" || exit; }

# The cgroup file of a process: CONTROLLER V1-FILE V2-FILE.
cgroup_file() {
	local pid=$1 path
	if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
		path=$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
		cat "/sys/fs/cgroup$path/$4"
	else
		path=$(awk -F: -v c="$2" '("," $2 ",") ~ ("," c ",") { print $3 }' "/proc/$pid/cgroup")
		cat "/sys/fs/cgroup/$2$path/$3"
	fi
}

# Nothing of the runtime is left: no state, no process, no cgroup of a container.
nothing_left() {
	[ -z "$(find "$1" -mindepth 1 -maxdepth 2 -name state.json 2>/dev/null)" ]
}
