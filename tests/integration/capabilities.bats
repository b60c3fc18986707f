# Capabilities: the five sets, with and without a user.

load helpers

caps_of_program() { config_args grep ^Cap /proc/self/status; run_bundle; show; [ "$status" -eq 0 ]; }
cap() { sed -n "s/^Cap$1:[[:space:]]*//p" <<<"$output"; }

@test "the sets are what config.json says, for root" {
	config_caps CAP_KILL CAP_CHOWN
	caps_of_program
	[ "$(cap Bnd)" = 0000000000000021 ]
	[ "$(cap Prm)" = 0000000000000021 ]
	[ "$(cap Eff)" = 0000000000000021 ]
	[ "$(cap Inh)" = 0000000000000000 ]
	[ "$(cap Amb)" = 0000000000000000 ]
}

@test "no capabilities object: none at all" {
	config_set 'del(.process.capabilities)'
	caps_of_program
	[ "$(cap Eff)" = 0000000000000000 ]
	[ "$(cap Prm)" = 0000000000000000 ]
	[ "$(cap Bnd)" = 0000000000000000 ] || [ "$RUNTIME_NAME" = runc ]
}

@test "empty sets: none, and the bounding set is empty" {
	config_set '.process.capabilities = { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] }'
	caps_of_program
	for set in Inh Prm Eff Bnd Amb; do
		[ "$(cap $set)" = 0000000000000000 ]
	done
}

@test "inheritable and ambient sets, only when asked for" {
	config_set '["CAP_KILL", "CAP_NET_BIND_SERVICE"] as $c
		| .process.capabilities = { bounding: $c, effective: $c, permitted: $c, inheritable: $c, ambient: ["CAP_KILL"] }'
	caps_of_program
	[ "$(cap Inh)" = 0000000000000420 ]
	[ "$(cap Amb)" = 0000000000000020 ]
}

@test "a user other than root has no effective capabilities without the ambient set" {
	config_caps CAP_KILL CAP_CHOWN
	config_set '.process.user = { uid: 1000, gid: 1000 }'
	caps_of_program
	[ "$(cap Eff)" = 0000000000000000 ]
	[ "$(cap Prm)" = 0000000000000000 ]
	[ "$(cap Bnd)" = 0000000000000021 ]
}

@test "ambient capabilities reach the program of another user" {
	config_set '["CAP_NET_BIND_SERVICE"] as $c
		| .process.capabilities = { bounding: $c, effective: $c, permitted: $c, inheritable: $c, ambient: $c }
		| .process.user = { uid: 1000, gid: 1000 }'
	caps_of_program
	[ "$(cap Eff)" = 0000000000000400 ]
	[ "$(cap Amb)" = 0000000000000400 ]
}

@test "an unknown capability is a warning that names it, and the container starts" {
	not_on crun
	config_caps CAP_KILL CAP_FROBNICATE
	config_args echo started
	run_bundle
	show
	[ "$status" -eq 0 ]
	[[ $output == *started* ]]
	[[ $output == *CAP_FROBNICATE* ]]
}

@test "every capability of the kernel by its name" {
	only_runlet
	run -0 runtime features
	jq -c '.linux.capabilities' <<<"$output" >names
	[ "$(jq length names)" -ge 41 ]
	config_set '.process.capabilities = { bounding: $c }' --argjson c "$(cat names)"
	caps_of_program
	# What the caller itself lacks can't be given.
	[ "$(cap Bnd)" = "$(awk '/^CapBnd/ { print $2 }' /proc/self/status)" ]
}

@test "capabilities are dropped from the bounding set, so that a set-user-id file gives none back" {
	config_set '.process.capabilities = { bounding: ["CAP_KILL"] } | .process.noNewPrivileges = false | .process.user = { uid: 1000, gid: 1000 }'
	cp --remove-destination "$ROOTFS/bin/busybox" "$ROOTFS/bin/suid"
	cp "$(command -v busybox)" "$BATS_TEST_TMPDIR/b" && mv "$BATS_TEST_TMPDIR/b" "$ROOTFS/bin/grep-suid"
	rm "$ROOTFS/bin/grep"
	mv "$ROOTFS/bin/grep-suid" "$ROOTFS/bin/grep"
	chmod 4755 "$ROOTFS/bin/grep"
	caps_of_program
	[ "$(cap Eff)" = 0000000000000020 ] || [ "$(cap Eff)" = 0000000000000000 ]
}

@test "in a user namespace" {
	world_readable
	config_caps CAP_SYS_ADMIN CAP_KILL
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	caps_of_program
	[ "$(cap Eff)" = 0000000000200020 ]
	[ "$(cap Bnd)" = 0000000000200020 ]
}
