# What the security_*.bats files share: a sentinel of the host that no attack may change, links in the place of mount
# targets, racers, and a hostile container whose namespaces others join.  Loaded after helpers.bash.

# The host's files that nothing in here may touch, and what they are like now.
victim_make() {
	VICTIM=$BATS_TEST_TMPDIR/victim
	mkdir -p "$VICTIM/dir/below"
	echo untouched >"$VICTIM/file"
	echo untouched >"$VICTIM/dir/below/file"
	chmod 640 "$VICTIM/file"
	touch -d '2001-01-01' "$VICTIM/dir/below" "$VICTIM/file" "$VICTIM/dir" "$VICTIM"
	victim_seen
}
victim_seen() { VICTIM_BEFORE=$(victim_facts); }
# Names, kinds, modes, owners, times of change, contents; and the host's own nodes and settings that attacks aim at.
victim_facts() {
	find "$VICTIM" -printf '%p %y %m %U %G %T@ %C@ %s %l\n' | sort
	find "$VICTIM" -type f -exec sha256sum {} + | sort
	stat -c '%n %F %a %u %g %t:%T' /dev /dev/null /dev/zero /dev/full /dev/tty /dev/ptmx /dev/pts/ptmx /proc /sys 2>&1
	head -n1 /proc/sys/kernel/{core_pattern,hostname,sysrq,msgmax} /proc/sys/vm/stat_interval /proc/sys/net/ipv4/ip_forward 2>&1 || true
}
victim_untouched() {
	local now
	now=$(victim_facts)
	[ "$now" = "$VICTIM_BEFORE" ] || { diff <(echo "$VICTIM_BEFORE") <(echo "$now"); return 1; }
	! grep "$VICTIM" /proc/self/mountinfo || return 1
}

# A link's shapes: to a directory, to nothing, to a file, absolute, climbing, through /proc, and to itself.
link_shapes() {
	local target=$1 up=../../../../../../../../../../..
	printf '%s\n' "$VICTIM/dir" "$up$VICTIM/dir" "$VICTIM/missing" "$up$VICTIM/missing/deeper" "$VICTIM/file" / .. \
		/proc/1/root"$VICTIM/dir" /proc/self/cwd "$(basename "$target")"
}

# target_is_link TARGET LINK: runs the default bundle with a symlink in the rootfs.  It may start or fail cleanly, naming
# the target, but the link must not lead out of the rootfs.
target_is_link() {
	rm -rf "$ROOTFS$1"
	mkdir -p "$(dirname "$ROOTFS$1")"
	ln -s "$2" "$ROOTFS$1"
	run_bundle
	echo "$1 -> $2: status $status: $output"
	[[ $status -eq 0 && $output == *started* || $status -eq 1 && $output == *"${NAMED:-$1}"* ]]
	victim_untouched
	nothing_left
}

# Every shape of link for one target, in fresh copies of the rootfs.
all_links() {
	local target=$1 link
	victim_make
	config_args sh -c 'echo started'
	while read -r link; do
		rm -rf "$ROOTFS"
		cp -al "$(rootfs_template)" "$ROOTFS"
		target_is_link "$target" "$link"
	done < <(link_shapes "$target")
}

# Below /dev the targets lie in a tmpfs of the runtime's own unless the image's /dev is used.
image_dev() { config_set '.mounts |= map(select(.destination != "/dev"))'; }

# swapper_start DIRECTORY...: from here on each is now itself, now a symlink to the victim's directory.
swapper_start() {
	"$(test_program attack)" swap "$VICTIM/dir" "$@" >swapper.out 2>&1 3>&- &
	SWAPPER=$!
	TEST_PIDS+=($SWAPPER)
	wait_for 5 grep -q ready swapper.out
}
# runs_while_swapped SECONDS: as many starts as that time has, and on until one went well, for 30 s at the most; GOOD of them
# went well, the others named what they failed at.
runs_while_swapped() {
	local end=$((SECONDS + $1)) limit=$((SECONDS + 30))
	GOOD=0 ROUNDS=0
	while [ $SECONDS -lt $end ] || { [ $GOOD = 0 ] && [ $SECONDS -lt $limit ]; }; do
		run_bundle
		ROUNDS=$((ROUNDS + 1))
		[ "$status" -ne 0 ] || GOOD=$((GOOD + 1))
		[ "$status" -eq 0 ] || [[ $output =~ config.json:|/dev/ ]] || { show; return 1; }
	done
	kill -KILL $SWAPPER
	echo "$GOOD of $ROUNDS started; the last said: $output"
	victim_untouched
	nothing_left
}

# A terminal's other end, as an engine has it; what the program writes to it is in `terminal`.
receiver_start() {
	rm -f console.sock keys
	mkfifo keys
	"$(test_program recvtty)" "$BATS_TEST_TMPDIR/console.sock" <keys >terminal 2>receiver.err 3>&- &
	TEST_PIDS+=($!)
	exec 8>keys
	wait_for 5 test -S console.sock
}

# attacker_start JQ-FILTER: container $ID-a runs the racer; its namespaces are at /proc/$ATTACKER/ns.
attacker_start() {
	local rootfs=$BATS_TEST_TMPDIR/attacker/rootfs
	mkdir -p "$rootfs"/{proc,dev,sys}
	cp "$(test_program racer)" "$rootfs/racer"
	world_readable
	config_all_caps
	jq "$1 | .process.args = [\"/racer\"]" "$BUNDLE/config.json" >attacker/config.json
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	timeout -k 5 60 "$RUNTIME" --root "$ROOT" run --detach --bundle attacker "$ID-a" </dev/null >racer.out 2>&1
	ATTACKER=$(state .pid "$ID-a")
	wait_for 5 grep -q ready racer.out
}
# The program of the victim is the attacker's equal, and may be reached; what runs before it may not.
attacker_got_nothing() {
	runtime delete --force "$ID-a"
	sed 's/ [0-9]* / N /' racer.out | sort | uniq -c
	! grep '^reached' racer.out | grep -qv ' true ' || false
}
