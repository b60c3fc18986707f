# Each system call of runlet and init fails in turn, and the process that makes it is killed in turn: an error that says
# what failed, or a container as it should be; nothing is left (sweep.c; CONTRIBUTING.md says how to look at a finding).

load ../integration/helpers

setup() {
	only_runlet
	[ -z "${SWEEP_ELSEWHERE-}" ] || skip "the sweep of the build by gcc is run beside the other tests (scripts/test)"
}
teardown() { :; }

sweep() {
	run "$TEST_BIN/../fault/sweep" "$1"
	show
	[ "$status" -eq 0 ]
	echo "# ${lines[-1]}" >&3
}

@test "run: each call fails" { sweep run; }
@test "create: each call fails" { sweep create; }
@test "start: each call fails" { sweep start; }
@test "delete: each call fails" { sweep delete; }
@test "kill: each call fails" { sweep kill; }
@test "exec: each call fails" { sweep exec; }
@test "update: each call fails" { sweep update; }
@test "pause: each call fails" { sweep pause; }
@test "resume: each call fails" { sweep resume; }
@test "run --detach: each call fails" { sweep detach; }
@test "a rich config: each call of run fails" { sweep rich; }
@test "a rich config: each call of start fails" { sweep rich-start; }
@test "a rich config: each call of delete fails" { sweep rich-delete; }
@test "a rich config: each call of exec fails" { sweep rich-exec; }
@test "a user namespace: each call of run fails" { sweep userns; }
@test "a user namespace: each call of exec fails" { sweep userns-exec; }
@test "a terminal: each call of create fails" { sweep terminal; }
@test "joined namespaces: each call of run fails" { sweep joined; }
@test "the host's mounts and namespaces: each call of run fails" { sweep shared; }
@test "v2: each call of run fails" { sweep v2; }
@test "v2: each call of delete fails" { sweep v2-delete; }
@test "v2: each call of exec fails" { sweep v2-exec; }
