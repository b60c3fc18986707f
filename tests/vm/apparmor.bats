# AppArmor, which needs a kernel that has it on.

load ../integration/helpers

setup() {
	[ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ] || skip "AppArmor is off"
	command -v apparmor_parser >/dev/null || skip "no apparmor_parser"
	bundle_make
	echo "profile runlet-test-$$ flags=(attach_disconnected) { file, capability, mount, signal, deny /forbidden r, }
		profile runlet-test-$$-silent flags=(attach_disconnected) { file, capability, mount, }" |
		apparmor_parser --skip-cache -a
}
teardown() {
	bundle_end
	echo -n "runlet-test-$$" >/sys/kernel/security/apparmor/.remove 2>/dev/null || true
	echo -n "runlet-test-$$-silent" >/sys/kernel/security/apparmor/.remove 2>/dev/null || true
}

@test "process.apparmorProfile confines the program and what it starts" {
	config_set '.process.apparmorProfile = $p' --arg p "runlet-test-$$"
	echo secret >"$ROOTFS/forbidden"
	inside 'cat /proc/self/attr/current; ! cat /forbidden || exit 2; sh -c "cat /proc/self/attr/current"'
	[ "${lines[0]}" = "runlet-test-$$ (enforce)" ]
	[ "${lines[-1]}" = "runlet-test-$$ (enforce)" ]
	[[ $output == *"/forbidden': Permission denied"* ]]
	[[ $output != *secret* ]]
	config_set 'del(.process.apparmorProfile)'
	inside 'cat /proc/self/attr/current /forbidden'
	[[ $output == *secret* ]]
	[[ $output != *runlet-test* ]]
}

@test "it works without noNewPrivileges, in a user namespace and with seccomp" {
	config_set '.process.apparmorProfile = $p | .process.noNewPrivileges = false' --arg p "runlet-test-$$"
	inside 'cat /proc/self/attr/current'
	[ "$output" = "runlet-test-$$ (enforce)" ]
	world_readable
	config_set '.linux.namespaces += [{ type: "user" }] | .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }]
		| .linux.gidMappings = .linux.uidMappings'
	inside 'cat /proc/self/attr/current'
	[ "$output" = "runlet-test-$$ (enforce)" ]
	config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["mkdir"], action: "SCMP_ACT_ERRNO" }] }'
	inside 'cat /proc/self/attr/current; ! mkdir /tmp/a 2>/dev/null'
	[ "$output" = "runlet-test-$$ (enforce)" ]
}

@test "a profile that is not loaded is named, and nothing stays" {
	config_set '.process.apparmorProfile = "runlet-no-such-profile"'
	fails_with 'exec runlet-no-such-profile.*no such profile is loaded'
	config_set '.process.apparmorProfile = "unconfined"'
	inside 'cat /proc/self/attr/current'
	[ "$output" = unconfined ]
}

@test "exec has the container's profile, and one of its own" {
	config_set '.process.apparmorProfile = $p' --arg p "runlet-test-$$"
	start_sleeper
	run runtime exec "$ID" cat /proc/self/attr/current
	show
	[ "$output" = "runlet-test-$$ (enforce)" ]
	run runtime exec --apparmor unconfined "$ID" cat /proc/self/attr/current
	show
	[ "$output" = unconfined ]
	run runtime exec --apparmor runlet-no-such-profile "$ID" true
	show
	[ "$status" -ne 0 ]
	[[ $output == *"exec runlet-no-such-profile"*"no such profile is loaded"* ]]
	runtime delete --force "$ID"
}

@test "a profile that lets nobody send signals: kill says so, delete --force ends the container all the same" {
	config_set '.process.apparmorProfile = $p' --arg p "runlet-test-$$-silent"
	start_sleeper
	run runtime kill "$ID" TERM
	show
	[ "$status" -ne 0 ]
	[[ $output == *"Permission denied"* ]]
	runtime delete --force "$ID"
	nothing_left
}

@test "features says that AppArmor is on" {
	runtime features | jq -e '.linux.apparmor.enabled'
}
