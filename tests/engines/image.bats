# image.bats - what README.md says of an image without an engine is run as it stands there, but for the registry; and the same
# image with each option that changes what the image asks for.
# needs: skopeo umoci

load engines

setup_file() {
	make_image
	local image=$ENGINES_DIR/image
	jq '.config = { User: "app", Env: [ "PATH=/bin", "GREETING=hi" ], Entrypoint: [ "/bin/echo" ], Cmd: [ "from", "image" ],
		WorkingDir: "/home/app/made", Volumes: { "/data": {} }, StopSignal: "SIGINT", Labels: { "a.label": "x" } }' \
		"$image/config.json" >"$image/full.json"
	jq -n '[ { Config: "full.json", RepoTags: [ "full:latest" ], Layers: [ "layer.tar" ] } ]' >"$image/manifest.json"
	tar -C "$image" -cf "$ENGINES_DIR/full.tar" manifest.json full.json layer.tar
	mkdir "$ENGINES_DIR/bin"
	ln -s "$RUNTIME" "$ENGINES_DIR/bin/runlet"
	export PATH=$ENGINES_DIR/bin:$PATH
	cd "$ENGINES_DIR/data" || return
	skopeo copy -q "docker-archive:$ENGINES_DIR/full.tar" oci:image:latest
	mkdir bundle && umoci raw unpack --image image:latest bundle/rootfs
	skopeo inspect --config oci:image:latest >image.json
}

# with OPTION... [-- ARG...]: the image, so configured, is run; its cgroups below ours.
with() {
	cd "$ENGINES_DIR/data" || return
	rm -f bundle/config.json
	runlet spec --bundle bundle --image-config image.json "$@" || return
	jq --arg path "/$ENGINES_NAME/image" '.linux.cgroupsPath = $path' bundle/config.json >config.new && mv config.new bundle/config.json
	runlet run --bundle bundle image
}

@test "image: README's five lines" {
	sed -n '/^An image, without an engine:/,/^`runlet spec` takes/s/^    //p' "$BATS_TEST_DIRNAME/../../README.md" >script
	[ "$(wc -l <script)" = 5 ]
	sed -i "s,docker://docker.io/library/alpine,docker-archive:$ENGINES_DIR/bb.tar," script
	run -0 bash -e script
	[ "${lines[-1]}" = hello ]
}

@test "image: Entrypoint and Cmd; arguments replace Cmd, --entrypoint both" {
	[ "$(with)" = "from image" ]
	[ "$(with -- other words)" = "other words" ]
	[ "$(with --entrypoint id -- -u)" = 1000 ]
	run with --entrypoint ''
	[ "$status" -ne 0 ]
}

@test "image: Env, WorkingDir, User and the options for them" {
	[ "$(with --entrypoint sh -- -c 'echo $GREETING; pwd; id -u; id -g' | xargs)" = "hi /home/app/made 1000 1000" ]
	[ "$(with --entrypoint sh --env GREETING=ho --env MORE=x --workdir /tmp --user root -- -c 'echo $GREETING $MORE; pwd; id -u' |
		xargs)" = "ho x /tmp 0" ]
	[ "$(with --entrypoint id --user 77:78 -- -g)" = 78 ]
	run with --user nobody-there
	[ "$status" -ne 0 ]
	[[ $output == *nobody-there* ]]
}

@test "image: Volumes start with what the image has; --volume and --tmpfs" {
	[ "$(with --entrypoint sh -- -c 'cat /data/file; grep -c " /data tmpfs" /proc/mounts' | xargs)" = "from-image 1" ]
	mkdir "$ENGINES_DIR/kept"
	chmod 777 "$ENGINES_DIR/kept"
	with --entrypoint sh --volume "$ENGINES_DIR/kept:/data" -- -c 'echo new >/data/new'
	[ "$(cat "$ENGINES_DIR/kept/new")" = new ]
	run with --entrypoint sh --volume "$ENGINES_DIR/kept:/data:ro" -- -c 'echo x >/data/new'
	[ "$status" -ne 0 ]
	[[ $output == *"Read-only"* ]]
	[ "$(with --entrypoint sh --tmpfs /data:size=64k -- -c 'ls /data; df -k /data | tail -n 1' | awk '{ print $2 }')" = 64 ]
}

@test "image: --hostname, --read-only, --memory, --cpus" {
	[ "$(with --entrypoint hostname --hostname box)" = box ]
	run with --entrypoint sh --user root --read-only -- -c 'echo x >/x'
	[ "$status" -ne 0 ]
	[[ $output == *"Read-only"* ]]
	with --memory 64m --cpus 0.5 >/dev/null
	[ "$(jq -c '.linux.resources | [ .memory.limit, .cpu.quota / .cpu.period ]' bundle/config.json)" = '[67108864,0.5]' ]
}

@test "image: Labels and StopSignal are annotations" {
	with >/dev/null
	[ "$(jq -r '.annotations["a.label"], .annotations["org.opencontainers.image.stopSignal"]' "$ENGINES_DIR/data/bundle/config.json" |
		xargs)" = "x SIGINT" ]
}

@test "image: umoci's own config.json runs too" {
	umoci unpack --image "$ENGINES_DIR/data/image:latest" own
	jq --arg path "/$ENGINES_NAME/own" '.linux.cgroupsPath = $path | .process.terminal = false' own/config.json >new && mv new own/config.json
	[ "$(runlet run --bundle own own)" = "from image" ]
}
