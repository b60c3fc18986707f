# Class 10: annotations as a side channel: what they change is listed, what they can't change stays as it is.
#
# CVE-2024-3154 (CRI-O; runc withdrew GHSA-c5pj-mqfh-rvc3), CVE-2026-94603 (podman).  annotations.bats and systemd.bats
# have what each of them does.

load helpers
load security

annotate() { config_set '.annotations[$k] = $v' --arg k "$1" --arg v "$2"; }

@test "each annotation that the source knows is in the features' list of potentially unsafe ones (CVE-2024-3154)" {
	only_runlet
	[ -d "$TOP_DIR/src" ] || skip "needs the source"
	list=$(runtime features | jq -r '.potentiallyUnsafeConfigAnnotations[]')
	names=$(grep -rhoE '"(run\.oci\.|runlet\.|org\.systemd\.|io\.)[A-Za-z_.-]+"' "$TOP_DIR"/src/spec/annotations.c "$TOP_DIR"/src/plan | tr -d '"' |
		grep -v -e '^io\.[a-z.]*\(weight\|max\|latency\|stat\|pressure\)$' | sort -u)
	echo "$names"
	[ "$(wc -l <<<"$names")" -ge 8 ]
	for name in $names; do
		grep -qx -- "$name" <<<"$list" || { echo "not listed: $name"; return 1; }
	done
}

@test "properties of systemd units without systemd's driver change nothing (CVE-2024-3154)" {
	only_runlet
	victim_make
	annotate org.systemd.property.ExecStartPre "[('/bin/sh', ['sh', '-c', 'echo pwned >$BATS_TEST_TMPDIR/pwned'], false)]"
	annotate org.systemd.property.TimeoutStopUSec 'uint64 1'
	annotate org.systemd.property.CollectMode "'inactive'"
	config_args echo ran
	run_bundle
	show
	[[ $status -eq 0 && $output == *ran* || $status -eq 1 && $output == *org.systemd.property* ]]
	[ ! -e pwned ]
	victim_untouched
	nothing_left
}

@test "annotations nobody knows, odd names and texts: no effect, no control characters (CVE-2026-94603)" {
	only_runlet
	victim_make
	for name in 'run.oci.' 'run.oci.handler' 'io.podman.annotations.privileged' 'io.kubernetes.cri-o.Devices' \
		'org.systemd.property.' $'run.oci.hooks.stdout\n' $'\e[31mred' '%s%n' '../../etc/passwd' ''; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		annotate "$name" "$VICTIM/file"
		config_args grep -c '^Seccomp:.0' /proc/self/status
		run_bundle
		echo "$name: $status $output" | cat -v
		[ "$status" -le 1 ]
		! grep -q $'\e' <<<"$output" || false
		victim_untouched
		nothing_left
	done
}

@test "a container's own annotations, and those of its image's files, are not read at exec, kill and delete (CVE-2026-94603)" {
	only_runlet
	victim_make
	start_sleeper
	annotate run.oci.hooks.stdout "$VICTIM/file"
	annotate run.oci.keep_original_groups 1
	config_set '.hooks.poststop = [{ path: "/bin/sh", args: ["sh", "-c", $s] }]' --arg s "echo pwned >$BATS_TEST_TMPDIR/pwned"
	cp "$BUNDLE/config.json" "$ROOTFS/config.json"
	run -0 runtime exec "$ID" id -G </dev/null
	[ "$output" = 0 ]
	runtime kill "$ID" KILL
	wait_for 5 has_status stopped
	runtime delete "$ID"
	[ ! -e pwned ]
	victim_untouched
}
