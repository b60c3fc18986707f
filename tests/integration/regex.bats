# kill --regex and delete --regex, as crun has them.

load helpers

setup() {
	not_on runc
	bundle_make
}

# Three that sleep: ID-web1, ID-web2, ID-db.
make_three() {
	config_args sleep 1000
	for name in web1 web2 db; do
		runtime create --bundle "$BUNDLE" "$ID-$name" </dev/null >/dev/null 2>&1
		runtime start "$ID-$name"
	done
}
status_is() { [ "$(state .status "$ID-$1")" = "$2" ]; }
delete_three() { runtime delete --force --regex "^$ID-"; }

@test "kill --regex: all that match, and no others" {
	make_three
	runtime kill --regex "^$ID-web[0-9]+\$" KILL
	wait_for 5 status_is web1 stopped
	wait_for 5 status_is web2 stopped
	status_is db running
	# Those that have stopped are no error; the expression may match anywhere.
	runtime kill -r -- "-(db|web)" 9
	wait_for 5 status_is db stopped
	delete_three
	nothing_left
}

@test "delete --regex: one that runs is a failure that does not keep it from the others" {
	only_runlet
	make_three
	runtime kill "$ID-web1" KILL
	wait_for 5 status_is web1 stopped
	run runtime delete --regex "$ID-web."
	show
	[ "$status" -eq 1 ]
	[[ $output == *"$ID-web2"*"not stopped"* ]]
	[ ! -e "$ROOT/$ID-web1" ]
	status_is web2 running
	run -0 runtime delete --regex --force "$ID-"
	nothing_left
}

@test "--regex without a match is no error; a broken expression is" {
	only_runlet
	make_three
	run -0 runtime kill --regex 'nosuch' KILL
	run -0 runtime delete --force --regex 'nosuch'
	run runtime kill --regex 'x(' KILL
	show
	[ "$status" -eq 1 ]
	[[ $output == *'--regex: "x("'* ]]
	run runtime delete --force --regex '*['
	show
	[ "$status" -eq 1 ]
	# Without --regex a pattern is an id like any other.
	run runtime delete --force '.*'
	[ "$status" -eq 1 ]
	status_is db running
	delete_three
}

@test "--regex: an empty state directory, and none at all" {
	only_runlet
	run -0 runtime kill --regex . KILL
	mkdir -p "$ROOT"
	run -0 runtime delete --regex .
}

@test "spec --file: another name, never over a file that is there" {
	mkdir made
	run -0 runtime spec --bundle made --file other.json
	jq -e .ociVersion made/other.json
	[ ! -e made/config.json ]
	only_runlet
	run runtime spec --bundle made -f other.json
	show
	[ "$status" -eq 1 ]
	[[ $output == *"File other.json exists"* ]]
	run -0 runtime spec --file "$PWD/absolute.json"
	jq -e .process absolute.json
	run runtime spec --file nosuch/x.json
	[ "$status" -eq 1 ]
	[[ $output == *"nosuch/x.json"* ]]
}
