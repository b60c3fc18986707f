# buildah.bats - runlet runs the RUN lines of a build.
# needs: buildah

load engines

setup_file() {
	make_image
	mkdir -p /etc/containers
	printf '[storage]\ndriver = "vfs"\nrunroot = "/run/containers"\ngraphroot = "%s/data/buildah"\n' "$ENGINES_DIR" \
		>/etc/containers/storage.conf
	buildah pull -q "docker-archive:$ENGINES_DIR/bb.tar"
}

@test "buildah: run in a working container" {
	container=$(buildah from bb:latest)
	run -0 buildah run --runtime "$RUNTIME" --isolation oci --network none "$container" sh -c 'echo hi; id -u'
	[[ $output == *hi* ]]
	run buildah run --runtime "$RUNTIME" --isolation oci --network none "$container" sh -c 'exit 7'
	[ "$status" -ne 0 ]
	buildah rm "$container"
}

@test "buildah: bud executes RUN lines as the user and in the directory of the file" {
	printf '%s\n' 'FROM bb:latest' 'USER app' 'WORKDIR /home/app/work' 'RUN id -u >/tmp/user; pwd >/tmp/directory' >Containerfile
	buildah bud --runtime "$RUNTIME" --isolation oci --network none -q -t built .
	container=$(buildah from built)
	root=$(buildah mount "$container")
	[ "$(cat "$root/tmp/user")" = 1000 ]
	[ "$(cat "$root/tmp/directory")" = /home/app/work ]
	buildah rm "$container"
}
