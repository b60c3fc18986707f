# Many containers at once with the systemd manager; tests/integration/systemd.bats has the rest.

load ../integration/helpers

COUNT=200

setup() {
	[ -d /run/systemd/system ] || skip "systemd isn't the init of this machine"
	bundle_make
}
units() { systemctl list-units --all --plain --no-legend "runlet-$ID-*"; }
no_units() { [ -z "$(units)" ]; }

@test "200 creates at once: each works or says why not, and nothing is left" {
	config_set '.linux.resources = { pids: { limit: 9 } }'
	config_args sleep 1000
	local n pids=() failed=0
	for ((n = 0; n < COUNT; n++)); do
		timeout -k 5 900 "$RUNTIME" --root "$ROOT" --systemd-cgroup create --bundle "$BUNDLE" "$ID-$n" </dev/null >"$n.out" 2>&1 3>&- &
		pids[n]=$!
	done
	for ((n = 0; n < COUNT; n++)); do
		if ! wait "${pids[n]}"; then
			failed=$((failed + 1))
			[ "$(wc -l <"$n.out")" = 1 ]
			grep -E '^runlet: .*(systemd|StartTransientUnit|D-Bus)' "$n.out"
			[ ! -e "$ROOT/$ID-$n" ]
		fi
	done
	[ "$(runtime list --format json | jq 'map(select(.status == "created")) | length')" = $((COUNT - failed)) ]
	[ "$(cat "$CGROUPFS/system.slice/runlet-$ID-"*.scope/pids.max | grep -cx 9)" = $((COUNT - failed)) ]
	cat ./*.out
	echo "# $failed of $COUNT failed" >&3
	[ "$failed" -lt $((COUNT / 2)) ]
	ls "$ROOT" | RUNTIME="$RUNTIME" ROOT="$ROOT" xargs -P 8 -I '{}' timeout 300 "$RUNTIME" --root "$ROOT" delete --force '{}'
	wait_for 60 no_units
	nothing_left
}
