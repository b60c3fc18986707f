# Class 7: cgroups of the host that a container can write to, or that exec can be led to.
#
# CVE-2023-25809 (runc), and without an id: runc 1.5.2 (exec --cgroup took a sibling for a child), crun 1.29.

load helpers
load security

@test "the cgroup tree of the host is not writable without a cgroup namespace (CVE-2023-25809)" {
	not_on runc crun
	config_no_namespace cgroup
	config_all_caps
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev"] }'
	inside 'for d in /sys/fs/cgroup/*; do ! mkdir $d/evil 2>/dev/null || exit 9; ! echo 1 2>/dev/null >$d/notify_on_release || exit 8; done'
}

@test "the cgroup tree without a cgroup namespace on a cgroup v2 host: nothing in it can be written (CVE-2023-25809)" {
	only_runlet
	[ -e "$V2_TREE/cgroup.controllers" ] || skip "no v2 tree"
	use_v2
	config_no_namespace cgroup
	config_all_caps
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev"] }'
	inside 'cd /sys/fs/cgroup || exit 7; ! mkdir evil 2>/dev/null || exit 9; ! echo 1 2>/dev/null >cgroup.procs || exit 8; echo held'
	[ "$output" = held ]
}

@test "the cgroup tree without a cgroup namespace, in a user namespace: read-only too (CVE-2023-25809)" {
	only_runlet
	world_readable
	chmod -R a+rX "$ROOTFS"
	config_no_namespace cgroup
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev"] }'
	inside 'for d in /sys/fs/cgroup/*; do ! mkdir $d/evil 2>/dev/null || exit 9; ! echo 1 2>/dev/null >$d/notify_on_release || exit 8; done
		mount -o remount,rw /sys/fs/cgroup 2>/dev/null; ! mkdir /sys/fs/cgroup/evil 2>/dev/null || exit 7; echo held'
	[[ $output == *held* ]]
}

@test "cgroupsPath that climbs makes no cgroup outside its place" {
	only_runlet
	bundle_works
	mkdir -p "$BATS_TEST_TMPDIR/out"
	for path in "../$ID-out" "/../../../../../../..$BATS_TEST_TMPDIR/out/$ID" "/a/../../$ID-out" "$ID/../../../../..$BATS_TEST_TMPDIR/out/$ID" ".." "/.."; do
		config_set '.linux.cgroupsPath = $p' --arg p "$path"
		config_args true
		run_bundle
		echo "$path: $status $output"
		[[ $status -eq 0 || $output == *cgroupsPath* ]]
		[ -z "$(ls -A out)" ]
		nothing_left
	done
}

@test "exec --cgroup into a sibling whose name begins with the container's is refused (runc 1.5.2)" {
	only_runlet
	start_sleeper
	local dir siblings=()
	for dir in $(test_cgroups); do
		[ "${dir##*/}" = "$ID" ] || continue
		mkdir "$dir-sibling"
		siblings+=("$dir-sibling")
	done
	for path in "../$ID-sibling" "/../$ID-sibling" "-sibling" "./../$ID-sibling/." "x/../../$ID-sibling"; do
		run runtime exec --cgroup "$path" "$ID" true </dev/null
		echo "$path: $status $output"
		[ "$status" -eq 255 ]
		[[ $output == *--cgroup* ]]
	done
	runtime delete --force "$ID"
	rmdir "${siblings[@]}"
}

@test "exec --cgroup with odd paths: a clear error" {
	only_runlet
	[ -e "$V2_TREE/cgroup.controllers" ] || skip "no v2 tree"
	start_sleeper
	for path in 'a//b' '/proc/1/root' "$(printf 'x%.0s' $(seq 300))" $'a\nb' '%s%n'; do
		run runtime exec --cgroup "$path" "$ID" true </dev/null
		echo "$path: $status $output"
		[ "$status" -eq 255 ]
		[[ $output == *--cgroup* ]]
	done
	runtime delete --force "$ID"
}
