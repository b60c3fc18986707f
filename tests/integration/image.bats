# spec --image-config: from an image's configuration and its unpacked root to a container.

load helpers

# A root with users and groups, and the configuration of its image; config.json is what the tests write.
setup_image() {
	only_runlet
	rm "$BUNDLE/config.json"
	IMAGE=$BATS_TEST_TMPDIR/image.json
	# The template is hard-linked: files are replaced, not written.
	rm "$ROOTFS/etc/passwd" "$ROOTFS/etc/group"
	printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' '# a comment' 'app:x:100:101:app:/home/app:/bin/sh' >"$ROOTFS/etc/passwd"
	printf '%s\n' 'root:x:0:root' 'app:x:101:' 'wheel:x:10:root,app' 'video:x:27:app,other' >"$ROOTFS/etc/group"
	jq -n --arg arch "$(goarch)" '{ architecture: $arch, os: "linux", config: { Env: ["FOO=bar"],
		Entrypoint: ["/bin/sh", "-c"], Cmd: ["echo from cmd"] }, rootfs: { type: "layers", diff_ids: [] } }' >"$IMAGE"
}

goarch() {
	case $(uname -m) in
	x86_64) echo amd64 ;;
	aarch64) echo arm64 ;;
	*) uname -m ;;
	esac
}

image_set() { jq "$1" "$IMAGE" >"$IMAGE.new" && mv "$IMAGE.new" "$IMAGE"; }
spec_image() {
	rm -f "$BUNDLE/config.json"
	"${RUNTIME_WRAPPER[@]}" "$RUNTIME" spec --bundle "$BUNDLE" --image-config "$IMAGE" "$@"
}
# runs OPTION... [-- ARGUMENT...]: written and run to its end, with status 0 and without a warning.
runs() {
	run -0 spec_image "$@"
	[ -z "$output" ]
	run_bundle
	show
	[ "$status" -eq 0 ]
}
# refuses REGEX OPTION...: an error, and nothing is written.
refuses() {
	local pattern=$1
	shift
	run spec_image "$@"
	show
	[ "$status" -ne 0 ] && [[ $output =~ $pattern ]] && [ ! -e "$BUNDLE/config.json" ]
}
field() { jq -c "$1" "$BUNDLE/config.json"; }

@test "image: Entrypoint and Cmd, arguments, --entrypoint" {
	setup_image
	runs
	[ "$output" = "from cmd" ]
	runs -- 'echo from arguments'
	[ "$output" = "from arguments" ]
	runs --entrypoint /bin/echo -- -n x
	[ "$output" = x ]
	runs --entrypoint /bin/true
	[ "$(field .process.args)" = '["/bin/true"]' ]
	runs --entrypoint= -- /bin/echo alone
	[ "$output" = alone ]
	refuses 'no program to run: --entrypoint is empty' --entrypoint=
	image_set '.config = null'
	refuses 'no program to run: the image has neither Entrypoint nor Cmd'
	runs -- /bin/echo bare
	[ "$output" = bare ]
}

@test "image: environment, working directory, hostname, root" {
	setup_image
	image_set '.config.WorkingDir = "/work" | .config.Env += ["B=1"]'
	runs --env FOO=other --env 'NEW=a=b' -- 'echo $FOO $B $NEW $PWD $PATH; hostname; touch /new && echo written'
	[ "$output" = "other 1 a=b /work /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"$'\nrunlet\nwritten' ]
	runs --workdir /tmp --hostname box --read-only --env PATH=/bin -- 'echo $PATH $PWD; hostname; touch /other 2>/dev/null || echo refused'
	[ "$output" = $'/bin /tmp\nbox\nrefused' ]
	[ "$(field .process.terminal)" = false ]
	run -0 spec_image --terminal
	[ "$(field .process.terminal)" = true ]
	[ "$(field '.process.env | index("TERM=xterm") != null')" = true ]
}

@test "image: the user by name and by number, with the groups of the root" {
	setup_image
	local script='echo $(id -u) $(id -g) $(id -G) $HOME'
	image_set '.config.User = "app"'
	runs -- "$script"
	[ "$output" = "100 101 101 10 27 /home/app" ]
	runs --user 100 -- "$script"
	[ "$output" = "100 101 101 10 27 /home/app" ]
	runs --user app:wheel -- "$script"
	[ "$output" = "100 10 10 /home/app" ]
	runs --user 5000:27 -- "$script"
	[ "$output" = "5000 27 27 /" ]
	runs --user 5000 -- "$script"
	[ "$output" = "5000 0 0 /" ]
	image_set 'del(.config.User)'
	runs -- "$script"
	[ "$output" = "0 0 0 10 /root" ]
}

@test "image: a user that isn't there, or isn't one" {
	setup_image
	image_set '.config.User = "nobody"'
	refuses 'image.json:[0-9]+:[0-9]+: config.User: no user "nobody" in the root.s /etc/passwd'
	refuses 'spec: --user: no user "ghost"' --user ghost
	refuses 'spec: --user: no group "ghosts" in the root.s /etc/group' --user app:ghosts
	for user in '' : app: :app a:b:c 4294967295 99999999999999999999 1:4294967295; do
		refuses 'want USER or USER:GROUP' --user "$user"
	done
	image_set '.config.User = "a:b:c"'
	refuses 'image.json:[0-9]+:[0-9]+: config.User: want USER or USER:GROUP, names or numbers, got "a:b:c"'
}

@test "image: without passwd and group numbers do, names don't" {
	setup_image
	rm "$ROOTFS/etc/passwd" "$ROOTFS/etc/group"
	runs --user 7:8 -- 'id -u; id -g'
	[ "$output" = $'7\n8' ]
	refuses 'no user "app" in the root.s /etc/passwd' --user app
	refuses 'no group "app" in the root.s /etc/group' --user 7:app
	mv "$ROOTFS" "$ROOTFS.away"
	refuses 'open the image.s root rootfs: No such file or directory' --user app
	run -0 spec_image --user 7
	[[ $output == *"the bundle has no rootfs yet: whether user 7 has groups in it isn't known"* ]]
	run -0 spec_image --user 7:8
	[ -z "$output" ]
}

@test "image: the root's files are hostile" {
	setup_image
	echo 'app:x:666:666::/:/bin/sh' >"$BATS_TEST_TMPDIR/passwd"
	rm "$ROOTFS/etc/passwd"
	# An absolute symlink stays inside the root, where this path doesn't exist.
	ln -s "$BATS_TEST_TMPDIR/passwd" "$ROOTFS/etc/passwd"
	refuses 'no user "app"' --user app
	ln -sf ../../../../../../../../../../../../../../../etc/real "$ROOTFS/etc/passwd"
	echo 'app:x:55:56::/:/bin/sh' >"$ROOTFS/etc/real"
	run -0 spec_image --user app
	[ "$(field '[.process.user.uid, .process.user.gid]')" = '[55,56]' ]
	ln -sf passwd "$ROOTFS/etc/passwd"
	refuses 'open rootfs/etc/passwd: Too many levels of symbolic links' --user app
	rm "$ROOTFS/etc/passwd"
	mkfifo "$ROOTFS/etc/passwd"
	refuses 'rootfs/etc/passwd: not a regular file' --user app
	rm "$ROOTFS/etc/passwd"
	mknod "$ROOTFS/etc/passwd" c 1 5
	refuses 'rootfs/etc/passwd: not a regular file' --user app
	rm "$ROOTFS/etc/passwd"
	mkdir "$ROOTFS/etc/passwd"
	refuses 'rootfs/etc/passwd: not a regular file'
	rmdir "$ROOTFS/etc/passwd"
	truncate -s 5G "$ROOTFS/etc/passwd"
	refuses 'rootfs/etc/passwd: larger than 1048576 bytes' --user app
	rm -r "$ROOTFS/etc"
	ln -s "$BATS_TEST_TMPDIR" "$ROOTFS/etc"
	refuses 'no user "app"' --user app
}

@test "image: its volumes keep what the image has there, options fill them" {
	setup_image
	mkdir -p "$ROOTFS/data" "$BATS_TEST_TMPDIR/host"
	echo seeded >"$ROOTFS/data/file"
	chown 100:101 "$ROOTFS/data"
	chmod 750 "$ROOTFS/data"
	echo from-host >"$BATS_TEST_TMPDIR/host/file"
	image_set '.config.User = "app" | .config.Volumes = { "/data": {}, "/data//": {}, "/x/../empty": {} }'
	runs -- 'cat /data/file; stat -c "%u:%g %a" /data; echo new >/data/new; ls -d /empty'
	[ "$output" = $'seeded\n100:101 750\n/empty' ]
	[ ! -e "$ROOTFS/data/new" ]
	runs --volume "$BATS_TEST_TMPDIR/host:/data/:ro" -- 'cat /data/file; touch /data/new 2>/dev/null || echo refused'
	[ "$output" = $'from-host\nrefused' ]
	cd "$BATS_TEST_TMPDIR"
	runs --user 0 --volume ./host:/data -- 'echo written >/data/file'
	[ "$(cat host/file)" = written ]
	runs --tmpfs /data:size=64k,mode=1777 -- 'ls -A /data; stat -c %a /data; grep " /data " /proc/mounts'
	[[ $output == $'1777\n'*noexec*size=64k* ]]
	# An owner that is asked for stays.
	runs --tmpfs /data:tmpcopyup,uid=7,gid=8 -- 'cat /data/file; stat -c "%u:%g" /data'
	[[ $output == *7:8 ]]
}

@test "image: what lies above is mounted first" {
	setup_image
	mkdir -p "$BATS_TEST_TMPDIR/outer/inner" "$BATS_TEST_TMPDIR/other"
	touch "$BATS_TEST_TMPDIR/other/seen"
	runs --volume "$BATS_TEST_TMPDIR/other:/a/inner" --volume "$BATS_TEST_TMPDIR/outer:/a" -- 'ls /a/inner'
	[ "$output" = seen ]
}

@test "image: volumes and tmpfs that are none" {
	setup_image
	refuses '--volume: want a source that starts with /, ./ or ../' --volume name:/data
	refuses '--volume: want SOURCE:DESTINATION\[:OPTION,...\], got "/data"' --volume /data
	refuses '--volume: want SOURCE:DESTINATION\[:OPTION,...\], got "/a:/b:ro:x"' --volume /a:/b:ro:x
	refuses '--volume: want an absolute destination below /' --volume /a:b
	refuses '--volume: want an absolute destination below /' --volume /a:/b/..
	for options in z ro, ro,Z size=1m; do
		refuses '--volume: want ro, rw, rro,' --volume "/a:/b:$options"
	done
	refuses '--tmpfs: want an absolute destination' --tmpfs run
	refuses '--tmpfs: want DESTINATION\[:OPTION,...\], got "/run:"' --tmpfs /run:
	refuses '--tmpfs: /b is a destination already' --volume /a:/b --tmpfs /b/.
	image_set '.config.Volumes = { "data": {} }'
	refuses 'image.json:[0-9]+:[0-9]+: config.Volumes.data: want an absolute path below /, got "data"'
	image_set '.config.Volumes = { "/": {} }'
	refuses 'config.Volumes\["/"\]: want an absolute path below /'
	image_set '.config.Volumes = (reduce range(1025) as $i ({}; .["/v\($i)"] = {}))'
	refuses 'config.Volumes: want at most 1024 volumes, got 1025'
}

@test "image: memory, cpus, capabilities, network" {
	setup_image
	run -0 spec_image --memory 100m --cpus 1.5 --cap CAP_CHOWN --network host
	[ "$(field '.linux.resources.memory, .linux.resources.cpu' | tr -d '\n')" = '{"limit":104857600}{"quota":150000,"period":100000}' ]
	[ "$(field '[.process.capabilities[] | index("CAP_CHOWN") != null] | all')" = true ]
	[ "$(field '[.linux.namespaces[].type] | index("network")')" = null ]
	run_bundle
	[ "$output" = "from cmd" ]
	runs --memory 64m --cpus 0.5 --cap CAP_CHOWN --network none -- 'grep CapEff /proc/self/status; ls /sys/class/net'
	[[ $output == *00000000200004?1*lo* ]]
	for memory in '' 1x -1 0 1.2.3; do
		refuses '--memory: want a size such as 512m' --memory "$memory"
	done
	for cpus in '' 0 0.001 1x .5 1. -1 1e3 8193; do
		refuses '--cpus: want a number of CPUs' --cpus "$cpus"
	done
	refuses '--cap: want a capability.s name' --cap CHOWN
	refuses '--network: want none.host' --network bridge
}

@test "image: what else is wrong on the command line" {
	setup_image
	for variable in FOO =x ''; do
		refuses 'spec: --env: want NAME=VALUE' --env "$variable"
	done
	refuses '--workdir: want an absolute path, got "tmp"' --workdir tmp
	refuses '--hostname: want a name' --hostname=
	refuses 'spec: --env: not UTF-8' --env $'A=\xff'
	refuses 'spec: arguments: not UTF-8' -- $'\xff'
	refuses 'spec: the program.s name is empty' --entrypoint= -- ''
	IMAGE=$BATS_TEST_TMPDIR/missing
	refuses 'open the image configuration .*/missing: No such file or directory'
	for option in --env=A=b --user=1 --terminal --read-only --network=host --memory=1m --tmpfs=/x; do
		run "$RUNTIME" spec --bundle "$BUNDLE" "$option"
		show
		[ "$status" -ne 0 ]
		[[ $output == *"spec: ${option%%=*}: only with --image-config"* ]]
	done
	run "$RUNTIME" spec --bundle "$BUNDLE" -- sh
	[[ $output == *'only with --image-config'* ]]
	[ ! -e "$BUNDLE/config.json" ]
}

@test "image: configurations that are none, with line and column" {
	setup_image
	local good
	good=$(cat "$IMAGE")
	broken() {
		printf '%s' "$2" >"$IMAGE"
		refuses "$1"
	}
	broken 'image.json: the file is empty' ''
	broken 'image.json:1:2: ' '{'
	broken 'image.json:2:[0-9]+: ' $'{\n"os": }'
	broken 'image.json:1:1: not an image configuration: "os" is missing' '{"ociVersion":"1.0.0"}'
	broken 'image.json:1:1: not an image configuration: "architecture" is missing' '{"os":"linux"}'
	broken 'image.json:1:7: os: want a string' '{"os":1}'
	broken 'image.json:2:9: config.Env\[1\]: want NAME=VALUE, got "A"' $'{"os":"linux","architecture":"amd64","config":{"Env":["B=",\n        "A"]}}'
	broken 'config.Env\[0\]: want NAME=VALUE' '{"os":"linux","architecture":"amd64","config":{"Env":["=A"]}}'
	broken 'config.Cmd: want a list of strings' '{"os":"linux","architecture":"amd64","config":{"Cmd":"sh"}}'
	broken 'config.Labels.a: want a string' '{"os":"linux","architecture":"amd64","config":{"Labels":{"a":1}}}'
	broken 'config.Labels."".: the key must not be empty' '{"os":"linux","architecture":"amd64","config":{"Labels":{"":"x"}}}'
	broken 'config.WorkingDir: want an absolute path, got "w"' '{"os":"linux","architecture":"amd64","config":{"WorkingDir":"w"}}'
	broken 'config.Entrypoint\[0\]: want a program' '{"os":"linux","architecture":"amd64","config":{"Entrypoint":[""]}}'
	broken 'manifests: an index of images' '{"schemaVersion":2,"manifests":[{"digest":"sha256:x"}]}'
	broken 'config.digest: want sha256: and 64 hex digits' '{"schemaVersion":2,"config":{"digest":"sha256:../../etc/shadow"}}'
	head -c 5000000 /dev/zero >"$IMAGE"
	refuses 'image.json: larger than 4194304 bytes'
	echo "$good" >"$IMAGE"
	run -0 spec_image
}

@test "image: the annotations, and labels that would be orders" {
	setup_image
	image_set '. + { author: "me", created: "2026-01-02T03:04:05Z", variant: "v3", "os.version": "6", "os.features": ["a", "b"] } |
		.config += { StopSignal: "SIGQUIT", ExposedPorts: { "80/tcp": {}, "53/udp": {} },
		Labels: { plain: "label", "org.opencontainers.image.author": "you", "run.oci.hooks.stdout": "/etc/x",
		"org.systemd.property.ExecStopPost": "x", "runlet.oom.group": "1" } }'
	run -0 spec_image
	show
	[[ $output == *'config.Labels["run.oci.hooks.stdout"]: left out'* ]]
	[[ $output == *'config.Labels["org.systemd.property.ExecStopPost"]: left out'* ]]
	[[ $output == *'config.Labels["runlet.oom.group"]: left out'* ]]
	jq -e --arg arch "$(goarch)" '.annotations == { "org.opencontainers.image.os": "linux", "org.opencontainers.image.architecture": $arch,
		"org.opencontainers.image.variant": "v3", "org.opencontainers.image.os.version": "6",
		"org.opencontainers.image.os.features": "a,b", "org.opencontainers.image.created": "2026-01-02T03:04:05Z",
		"org.opencontainers.image.stopSignal": "SIGQUIT", "org.opencontainers.image.exposedPorts": "80/tcp,53/udp",
		"plain": "label", "org.opencontainers.image.author": "you" }' "$BUNDLE/config.json"
	run_bundle
	[ "$status" -eq 0 ]
}

@test "image: every annotation that features calls unsafe is left out of the labels" {
	setup_image
	for name in $("$RUNTIME" features | jq -r '.potentiallyUnsafeConfigAnnotations[]'); do
		image_set ".config.Labels = { \"${name}\": \"1\" }"
		run -0 spec_image
		show
		[[ $output == *"$name"*'left out'* ]]
		[ "$(field ".annotations | has(\"$name\")")" = false ]
	done
}

@test "image: another platform is a warning" {
	setup_image
	image_set '.architecture = "s390x"'
	run -0 spec_image
	[[ $output == *"warning: the image is for s390x, this machine is $(uname -m)"* ]]
	image_set '.os = "windows"'
	run -0 spec_image
	[[ $output == *'warning: the image is for windows, not for linux'* ]]
}

@test "image: a manifest leads to the configuration beside it; standard input" {
	setup_image
	local blobs=$BATS_TEST_TMPDIR/blobs digest
	mkdir "$blobs"
	digest=$(sha256sum "$IMAGE" | cut -d' ' -f1)
	cp "$IMAGE" "$blobs/$digest"
	local config=$IMAGE
	IMAGE=$blobs/manifest
	echo "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"x\",\"digest\":\"sha256:$digest\",\"size\":1},\"layers\":[]}" >"$IMAGE"
	runs
	[ "$output" = "from cmd" ]
	cp "$IMAGE" "$blobs/$digest"
	refuses "$digest:1:[0-9]+: config.digest: a manifest again"
	ln -sf "$config" "$blobs/$digest"
	refuses "open the configuration that the manifest names, .*$digest: Too many levels"
	rm "$blobs/$digest"
	mkfifo "$blobs/$digest"
	refuses "$digest: not a regular file"
	rm "$blobs/$digest"
	refuses "open the configuration that the manifest names, .*$digest: No such file"
	rm -f "$BUNDLE/config.json"
	run "$RUNTIME" spec --bundle "$BUNDLE" --image-config - <"$IMAGE"
	show
	[[ $output == *"standard input:1:"*": config.digest: a manifest, whose configuration can't be found"* ]]
	run -0 "$RUNTIME" spec --bundle "$BUNDLE" --image-config - <"$config"
	run_bundle
	[ "$output" = "from cmd" ]
}

@test "image: --rootless maps one id for root, and leaves the maps to the runtime for others" {
	setup_image
	run -0 spec_image --rootless --memory 64m
	[[ $output == *"root's additional groups are left out"* ]]
	[ "$(field '.process.user, (.linux | has("uidMappings")), .linux.resources' | tr -d '\n')" = '{"uid":0,"gid":0}true{"memory":{"limit":67108864}}' ]
	run -0 spec_image --rootless --user app
	[ -z "$output" ]
	[ "$(field '.process.user.uid, (.linux | has("uidMappings"))' | tr -d '\n')" = 100false ]
	run -0 spec_image --rootless --network none
	[ "$(field '[.linux.namespaces[].type] | index("network") != null')" = true ]
}

@test "image: with skopeo and umoci, as README says" {
	setup_image
	command -v skopeo >/dev/null || skip "skopeo is not installed"
	command -v umoci >/dev/null || skip "umoci is not installed"
	cd "$BATS_TEST_TMPDIR"
	# What a registry would have: one layer, with a user and a volume.
	umoci init --layout source
	umoci new --image source:latest
	umoci insert --image source:latest "$ROOTFS" /
	umoci config --image source:latest --config.entrypoint /bin/sh --config.entrypoint -c --config.cmd 'id -un; echo $GREETING; pwd' \
		--config.user app --config.env GREETING=hello --config.workingdir /srv/work --config.volume /data \
		--architecture "$(goarch)" --os linux
	rm -rf "$BUNDLE"
	skopeo copy -q oci:source:latest oci:image:latest
	mkdir "$BUNDLE"
	umoci raw unpack --image image:latest "$BUNDLE/rootfs"
	skopeo inspect --config oci:image:latest >image.json
	run -0 "$RUNTIME" spec --bundle "$BUNDLE" --image-config image.json
	show
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ "$output" = $'app\nhello\n/srv/work' ]
	# The manifest of the layout does as well.
	rm "$BUNDLE/config.json"
	local manifest
	manifest=$(jq -r '.manifests[0].digest' image/index.json)
	run -0 "$RUNTIME" spec --bundle "$BUNDLE" --image-config "image/blobs/sha256/${manifest#sha256:}"
	run_bundle
	[ "$output" = $'app\nhello\n/srv/work' ]
}
