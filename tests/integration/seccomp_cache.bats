# The compiled seccomp filters that runlet keeps: used only when they are this profile's, nobody else's, and undamaged.

load helpers

CACHE_NAME=.seccomp:cache

seccomp_of() { config_set '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: $number }] }' --argjson number "$1"; }
entries() { find "$ROOT/$CACHE_NAME" -type f; }
inode() { stat -c %i "$(entries)"; }
# Fails when the filter in force isn't the one of seccomp_of 28 (ENOSPC).
filter_is_right() {
	inside 'mkdir /tmp/x 2>&1 || true'
	[[ $output == *"No space left"* ]]
}
# The number of times that libseccomp is opened by a run.
library_loads() {
	local count
	strace -f -qq -e trace=openat,open -o "$BATS_TEST_TMPDIR/trace" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 || true
	count=$(grep -c 'libseccomp' "$BATS_TEST_TMPDIR/trace") || true
	echo "$count"
}

setup() {
	only_runlet
	bundle_make
	CACHE=$ROOT/$CACHE_NAME
	seccomp_of 28
}

# The number of filters that a run compiles.
compilations() {
	"$RUNTIME" --root "$ROOT" --trace "$BATS_TEST_TMPDIR/steps" run --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 || true
	grep -c '"compile the seccomp filter"' "$BATS_TEST_TMPDIR/steps" || true
}

@test "the second run of a profile compiles nothing, and is held by the same filter" {
	config_args true
	[ "$(compilations)" = 1 ]
	[ "$(entries | wc -l)" = 1 ]
	[ "$(compilations)" = 0 ]
	filter_is_right
	[ "$(stat -c %a "$CACHE")" = 700 ]
	[ "$(stat -c %a "$(entries)")" = 600 ]
}

@test "it is no container: list, delete and state don't know it, and its name is free for nobody" {
	filter_is_right
	run runtime list --quiet
	[ -z "$output" ]
	run runtime delete --force "$CACHE_NAME"
	[ "$status" -ne 0 ]
	[[ $output == *"invalid container id"* ]]
	run runtime create --bundle "$BUNDLE" "$CACHE_NAME"
	[ "$status" -ne 0 ]
	[[ $output == *"invalid container id"* ]]
	[ "$(entries | wc -l)" = 1 ]
}

@test "any other word of the profile is another filter" {
	filter_is_right
	seccomp_of 30
	inside 'mkdir /tmp/x 2>&1 || true'
	[[ $output == *"Read-only file system"* ]]
	seccomp_of 28
	config_set '.linux.seccomp.syscalls[0].action = "SCMP_ACT_LOG" | del(.linux.seccomp.syscalls[0].errnoRet)'
	inside 'mkdir /tmp/x && rmdir /tmp/x'
	seccomp_of 28
	config_set '.linux.seccomp.syscalls[0].names = ["chroot"]'
	inside 'mkdir /tmp/x && rmdir /tmp/x'
	seccomp_of 28
	config_set '.linux.seccomp.syscalls[0].args = [{ index: 0, value: 12345, op: "SCMP_CMP_EQ" }]'
	inside 'mkdir /tmp/x && rmdir /tmp/x'
	config_set '.linux.seccomp.syscalls[0].args[0].op = "SCMP_CMP_NE"'
	inside 'mkdir /tmp/x 2>&1 || true'
	[[ $output == *"No space left"* ]]
	[ "$(entries | wc -l)" = 6 ]
}

@test "the white space and order of keys don't matter, noNewPrivileges neither" {
	filter_is_right
	config_set '.linux.seccomp |= (to_entries | reverse | from_entries) | .process.noNewPrivileges = false'
	jq --tab . "$BUNDLE/config.json" >"$BUNDLE/config.new" && mv "$BUNDLE/config.new" "$BUNDLE/config.json"
	filter_is_right
	[ "$(entries | wc -l)" = 1 ]
}

@test "a damaged filter is ignored and replaced, whatever is wrong with it" {
	local file size before
	filter_is_right
	file=$(entries)
	size=$(stat -c %s "$file")
	cp "$file" "$BATS_TEST_TMPDIR/good"
	damage() {
		before=$(inode)
		"$@"
		filter_is_right
		[ "$(inode)" != "$before" ]
		cmp "$file" "$BATS_TEST_TMPDIR/good"
	}
	damage truncate -s 0 "$file"
	damage truncate -s 100 "$file"
	damage truncate -s $((size - 1)) "$file"
	damage truncate -s $((size + 1)) "$file"
	damage truncate -s 10M "$file"
	for offset in 0 9 16 20 24 40 200 $((size - 5)); do
		damage dd if=/dev/urandom of="$file" bs=1 count=3 seek="$offset" conv=notrunc status=none
	done
	damage dd if=/dev/urandom of="$file" bs="$size" count=1 status=none
}

@test "a file with another owner or mode, a link, a pipe or a directory in its place is not read" {
	local file
	filter_is_right
	file=$(entries)
	chmod 644 "$file"
	filter_is_right
	[ "$(stat -c %a "$file")" = 600 ]
	chown 1000 "$file"
	filter_is_right
	[ "$(stat -c %u "$file")" = 0 ]
	ln "$file" "$BATS_TEST_TMPDIR/second"
	filter_is_right
	[ "$(stat -c %h "$file")" = 1 ]
	mv "$file" "$BATS_TEST_TMPDIR/elsewhere"
	ln -s "$BATS_TEST_TMPDIR/elsewhere" "$file"
	filter_is_right
	[ ! -L "$file" ]
	rm "$file"
	mkfifo "$file"
	filter_is_right
	[ -f "$file" ]
	rm "$file"
	mkdir "$file"
	filter_is_right
	[ -d "$file" ]
	rmdir "$file"
}

@test "a directory that somebody else may write to, or that is a link, is not used" {
	filter_is_right
	chmod 777 "$CACHE"
	rm "$CACHE"/*
	filter_is_right
	[ -z "$(entries)" ]
	chmod 700 "$CACHE"
	chown 1000 "$CACHE"
	filter_is_right
	[ -z "$(entries)" ]
	rmdir "$CACHE"
	mkdir -m 700 "$BATS_TEST_TMPDIR/elsewhere"
	ln -s "$BATS_TEST_TMPDIR/elsewhere" "$CACHE"
	filter_is_right
	[ -z "$(ls -A "$BATS_TEST_TMPDIR/elsewhere")" ]
	rm "$CACHE"
	touch "$CACHE"
	filter_is_right
	[ ! -s "$CACHE" ]
}

@test "the filter of one profile under the name of another's is not used" {
	local mine other
	filter_is_right
	mine=$(entries)
	mv "$mine" "$BATS_TEST_TMPDIR/mine"
	seccomp_of 30
	inside 'mkdir /tmp/x 2>&1 || true'
	other=$(entries)
	cp -p "$BATS_TEST_TMPDIR/mine" "$other"
	inside 'mkdir /tmp/x 2>&1 || true'
	[[ $output == *"Read-only file system"* ]]
	cmp -s "$other" "$BATS_TEST_TMPDIR/mine" && false
	seccomp_of 28
	filter_is_right
}

@test "the second run of a profile doesn't load libseccomp" {
	command -v strace >/dev/null || skip "needs strace"
	ldd "$RUNTIME" 2>&1 | grep -q libc.so || skip "static: nothing is loaded"
	config_args true
	[ "$(library_loads)" -gt 0 ]
	[ "$(library_loads)" = 0 ]
}

@test "another libseccomp, another runlet: another filter" {
	local before copy
	command -v strace >/dev/null || skip "needs strace"
	ldd "$RUNTIME" 2>&1 | grep -q libc.so || skip "static: nothing is loaded"
	copy=$BATS_TEST_TMPDIR/lib
	mkdir "$copy"
	cp -L "$(ldconfig -p | awk '$1 == "libseccomp.so.2" { print $NF; exit }')" "$copy/libseccomp.so.2"
	export LD_LIBRARY_PATH=$copy
	config_args true
	[ "$(library_loads)" -gt 0 ]
	before=$(inode)
	[ "$(library_loads)" = 0 ]
	touch -d '2001-01-01' "$copy/libseccomp.so.2"
	[ "$(library_loads)" -gt 0 ]
	[ "$(inode)" != "$before" ]
	unset LD_LIBRARY_PATH
	filter_is_right
	[ "$(entries | wc -l)" = 2 ]
	cp "$RUNTIME" "$BATS_TEST_TMPDIR/runlet2"
	RUNTIME=$BATS_TEST_TMPDIR/runlet2 filter_is_right
	[ "$(entries | wc -l)" = 3 ]
}

@test "the number of filters is bounded, and what a killed runlet left half-written goes" {
	filter_is_right
	for i in $(seq 80); do
		touch -d '2001-01-01' "$CACHE/old$i"
	done
	touch -d '2001-01-01' "$CACHE/new.99999"
	seccomp_of 30
	inside 'mkdir /tmp/x 2>&1 || true'
	[ "$(entries | wc -l)" = 64 ]
	[ ! -e "$CACHE/new.99999" ]
	# Those that were just made stay.
	[ "$(find "$CACHE" -type f ! -name 'old*' | wc -l)" = 2 ]
}

@test "a state directory that can't be written to costs the cache, nothing else" {
	mkdir -p "$ROOT"
	touch "$CACHE"
	filter_is_right
	rm "$CACHE"
}

@test "plan needs no state directory" {
	run runtime plan --bundle "$BUNDLE"
	[ "$status" -eq 0 ]
	[[ $output == *seccomp* ]]
	[ ! -e "$CACHE" ]
}

@test "twenty at a time: none gets half a filter" {
	local failed=0
	config_args sh -c 'mkdir /tmp/x 2>&1 | grep -q "No space left"'
	for i in $(seq 20); do
		"$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID-$i" &
	done
	for job in $(jobs -p); do
		wait "$job" || failed=$((failed + 1))
	done
	[ "$failed" = 0 ]
	[ "$(entries | wc -l)" = 1 ]
}
