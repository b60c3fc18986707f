# spec, plan and features: what runlet writes and says without running anything.

load helpers

@test "spec writes a config.json that runs" {
	rm "$BUNDLE/config.json"
	cd "$BUNDLE"
	run -0 "$RUNTIME" spec
	jq -e '.ociVersion and .process.args == ["sh"] and .root.path == "rootfs"' config.json
	config_set '.process.terminal = false | .process.args = ["echo", "ran"]'
	run_bundle
	show
	[ "$status" -eq 0 ]
	[[ $output == *ran* ]]
}

@test "spec --bundle writes there, and never over a config.json" {
	rm "$BUNDLE/config.json"
	run -0 "$RUNTIME" spec --bundle "$BUNDLE"
	[ -s "$BUNDLE/config.json" ]
	echo keep >"$BUNDLE/config.json"
	run "$RUNTIME" spec -b "$BUNDLE"
	show
	[ "$status" -ne 0 ]
	[[ $output == *config.json* ]]
	[ "$(cat "$BUNDLE/config.json")" = keep ]
	run "$RUNTIME" spec --bundle /nonexistent/bundle
	[ "$status" -ne 0 ]
}

@test "spec: the default has the namespaces, the masks and few capabilities" {
	rm "$BUNDLE/config.json"
	"$RUNTIME" spec -b "$BUNDLE"
	cd "$BUNDLE"
	jq -e '[.linux.namespaces[].type] | contains(["pid", "network", "ipc", "uts", "mount"])' config.json
	jq -e '.linux.maskedPaths | contains(["/proc/kcore"])' config.json
	jq -e '.linux.readonlyPaths | contains(["/proc/sys"])' config.json
	jq -e '.process.capabilities.bounding | length <= 14' config.json
	jq -e '(.process.capabilities.inheritable // []) == []' config.json
	jq -e '.process.noNewPrivileges == true' config.json
	jq -e '[.mounts[].destination] | contains(["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys"])' config.json
}

@test "spec: every key of the default is one of the spec's, and the mode is that of a plain file" {
	rm "$BUNDLE/config.json"
	(umask 022 && "$RUNTIME" spec -b "$BUNDLE")
	jq -e 'keys - ["ociVersion", "process", "root", "hostname", "domainname", "mounts", "hooks", "linux", "annotations"] == []' "$BUNDLE/config.json"
}

@test "spec --rootless: a user namespace with the caller's ids, no network namespace" {
	rm "$BUNDLE/config.json"
	setpriv --reuid 1234 --regid 2345 --clear-groups "$RUNTIME" spec --rootless --bundle "$BUNDLE" 2>/dev/null || {
		world_readable
		chmod 777 "$BUNDLE"
		cp "$RUNTIME" "$BATS_TEST_TMPDIR/runtime"
		chmod 755 "$BATS_TEST_TMPDIR/runtime"
		setpriv --reuid 1234 --regid 2345 --clear-groups "$BATS_TEST_TMPDIR/runtime" spec --rootless --bundle "$BUNDLE"
	}
	cd "$BUNDLE"
	jq -e '[.linux.namespaces[].type] | (contains(["user"]) and (contains(["network"]) | not))' config.json
	jq -e '.linux.uidMappings == [{ containerID: 0, hostID: 1234, size: 1 }]' config.json
	jq -e '.linux.gidMappings == [{ containerID: 0, hostID: 2345, size: 1 }]' config.json
}

@test "plan: text for people, one line an op, with the config's places" {
	only_runlet
	run -0 runtime plan --bundle "$BUNDLE"
	show
	[ "${#lines[@]}" -ge 30 ]
	[[ $output == *"mounts[0]"* ]]
	[[ $output == *"/proc"* ]]
	[[ $output == *pivot* ]]
	[[ $output == */bin/true* ]]
}

@test "plan --format json is one JSON document" {
	only_runlet
	run -0 runtime plan --bundle "$BUNDLE" --format json
	jq -e . <<<"$output" >/dev/null
	jq -e '[.. | objects | select(has("kind") or has("op"))] | length >= 30' <<<"$output"
	run runtime plan --bundle "$BUNDLE" --format yaml
	[ "$status" -ne 0 ]
}

@test "plan is the same each time, and changes nothing" {
	only_runlet
	before=$(find "$BATS_TEST_TMPDIR" -printf '%p %T@ %s\n' | sort; leftovers)
	first=$(runtime plan --bundle "$BUNDLE" --format json)
	second=$(runtime plan --bundle "$BUNDLE" --format json)
	after=$(find "$BATS_TEST_TMPDIR" -printf '%p %T@ %s\n' | sort; leftovers)
	[ -n "$first" ]
	[ "$first" = "$second" ]
	[ "$before" = "$after" ]
	[ ! -e "$ROOT" ]
}

@test "plan makes no system call that changes anything" {
	only_runlet
	strace -f -o trace "$RUNTIME" --root "$ROOT" plan --bundle "$BUNDLE" >/dev/null
	! grep -E '\b(mount|unshare|setns|clone3?|fork|vfork|mkdir|mkdirat|mknod|unlink|unlinkat|bpf|open_tree|fsopen|move_mount)\(' trace || false
	! grep -E 'open(at2?)?\(.*O_(WRONLY|RDWR|CREAT)' trace | grep -v '/dev/null' || false
}

@test "plan: an error names the place" {
	only_runlet
	config_set '.linux.namespaces += [{ type: "galaxy" }]'
	run runtime plan --bundle "$BUNDLE"
	show
	[ "$status" -eq 1 ]
	[[ $output =~ config\.json:[0-9]+:[0-9]+:\ linux\.namespaces\[6\] ]]
}

@test "plan: the default bundle is the current directory" {
	only_runlet
	cd "$BUNDLE"
	run -0 "$RUNTIME" plan
	[ "${#lines[@]}" -ge 30 ]
}

@test "what plan prints is what create does: the mounts, in order" {
	only_runlet
	config_mount '{ "destination": "/extra", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m"] }'
	run -0 runtime plan --bundle "$BUNDLE"
	planned=$(grep -o '/extra' <<<"$output" | head -1)
	[ -n "$planned" ]
	inside 'grep -c " /extra " /proc/self/mountinfo'
	[ "$output" = 1 ]
}

@test "features: the document of the spec" {
	not_on crun
	run -0 "$RUNTIME" features
	jq -e '.ociVersionMin and .ociVersionMax' <<<"$output"
	jq -e '.hooks | sort == ["createContainer", "createRuntime", "poststart", "poststop", "prestart", "startContainer"]' <<<"$output"
	jq -e '.linux.namespaces | contains(["pid", "network", "mount", "ipc", "uts", "user", "cgroup"])' <<<"$output"
	jq -e '.linux.capabilities | contains(["CAP_CHOWN", "CAP_SYS_ADMIN"])' <<<"$output"
	jq -e '.linux.cgroup | has("v1") and has("v2") and has("systemd")' <<<"$output"
	jq -e '.linux.seccomp.enabled == true' <<<"$output"
	jq -e '.linux.seccomp.operators | length == 7' <<<"$output"
	jq -e '.linux.apparmor | has("enabled")' <<<"$output"
	jq -e '.linux.selinux | has("enabled")' <<<"$output"
}

@test "features is true to what is built" {
	only_runlet
	run -0 "$RUNTIME" features
	jq -e '.ociVersionMax | startswith("1.3")' <<<"$output"
	jq -e '.linux.namespaces | index("time") != null' <<<"$output"
	jq -e '.linux.seccomp.actions | (index("SCMP_ACT_NOTIFY") != null and index("SCMP_ACT_ERRNO") != null)' <<<"$output"
	jq -e '.linux.seccomp.archs | length >= 3' <<<"$output"
	jq -e '(.linux.intelRdt.enabled // false) == false' <<<"$output"
	jq -e '.linux.mountExtensions.idmap.enabled' <<<"$output"
	jq -e '.linux.netDevices.enabled' <<<"$output"
	jq -e '.mountOptions | (index("idmap") != null and index("rro") != null and index("tmpcopyup") != null)' <<<"$output"
	jq -e '.linux.cgroup.v1 == true and .linux.cgroup.v2 == true' <<<"$output"
}

@test "features: what it lists as a flag or an action is accepted" {
	only_runlet
	run -0 "$RUNTIME" features
	features=$output
	for action in $(jq -r '.linux.seccomp.actions[]' <<<"$features"); do
		config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["reboot"], action: $a }] }
			| if $a == "SCMP_ACT_NOTIFY" then .linux.seccomp.listenerPath = "/agent" else . end' --arg a "$action"
		runtime plan --bundle "$BUNDLE" >/dev/null || { echo "$action"; return 1; }
	done
	for flag in $(jq -r '.linux.seccomp.supportedFlags[]?' <<<"$features"); do
		config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", flags: [$a] }' --arg a "$flag"
		runtime plan --bundle "$BUNDLE" >/dev/null || { echo "$flag"; return 1; }
	done
	config_set 'del(.linux.seccomp)'
	for arch in $(jq -r '.linux.seccomp.archs[]' <<<"$features"); do
		config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", architectures: [$a], syscalls: [{ names: ["reboot"], action: "SCMP_ACT_ERRNO" }] }' --arg a "$arch"
		# Some can't share a filter with this machine's own, but none is unknown.
		run runtime plan --bundle "$BUNDLE"
		[ "$status" -eq 0 ] || [[ $output == *"can't share a filter"* ]] || { echo "$arch: $output"; return 1; }
	done
}

@test "features and --version need no root and no state directory" {
	only_runlet
	world_readable
	cp "$RUNTIME" runtime
	chmod 755 runtime
	run -0 setpriv --reuid 1234 --regid 2345 --clear-groups ./runtime features
	jq -e .linux <<<"$output" >/dev/null
	run -0 setpriv --reuid 1234 --regid 2345 --clear-groups ./runtime --version
}
