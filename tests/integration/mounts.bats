# Mounts: types, every option word of the spec's table, targets.

load helpers

# The mountinfo line of a mount point, from the container's output: "OPTIONS|OPTIONAL FIELDS|SUPER OPTIONS".
mount_line() {
	awk -v point="$1" '$5 == point { fields = ""; i = 7; while ($i != "-") fields = fields " " $(i++)
		line = $6 "|" fields "|" $(i + 3) } END { print line }' <<<"$output"
}

# check_words TYPE SOURCE: the table on standard input has the lines "WORD | OPTIONS | HAS | HAS NOT".  Mounts each in one
# container and compares with what the kernel shows.  With a SOURCE the mount below it, /sub, is checked as well.
check_words() {
	local type=$1 source=$2 sub=$3 table bad=0 word options has has_not point line pattern
	table=$(cat)
	while IFS='|' read -r word options has has_not; do
		word=${word// /}
		config_set '.mounts += [{ destination: ("/w/" + $word), type: $type, source: $source, options: ($options | split(" ") | map(select(. != ""))) }]' \
			--arg word "$word" --arg type "$type" --arg source "$source" --arg options "$options"
	done <<<"$table"
	config_args cat /proc/self/mountinfo
	run_bundle
	[ "$status" -eq 0 ] || { show; return 1; }
	while IFS='|' read -r word options has has_not; do
		word=${word// /}
		for point in "/w/$word" ${sub:+"/w/$word/$sub"}; do
			line=$(mount_line "$point")
			[ -n "$line" ] || { echo "$word: nothing at $point"; bad=1; continue; }
			for pattern in $has; do
				[[ ,${line//[|:]/,}, =~ [,\ ]$pattern[,\ ] ]] || { echo "$word: no $pattern at $point: $line"; bad=1; }
			done
			for pattern in $has_not; do
				[[ ! ,${line//[|:]/,}, =~ [,\ ]$pattern[,\ ] ]] || { echo "$word: $pattern at $point: $line"; bad=1; }
			done
		done
	done <<<"$table"
	return $bad
}

@test "option words of a new mount: the kernel shows what was asked for" {
	check_words tmpfs tmpfs <<-'END'
		async         | sync async                     |             | sync
		atime         | noatime atime                  |             | noatime
		dev           | nodev dev                      |             | nodev
		diratime      | nodiratime diratime            |             | nodiratime
		dirsync       | dirsync                        | dirsync     |
		exec          | noexec exec                    |             | noexec
		loud          | silent loud                    | rw          |
		noatime       | noatime                        | noatime     | relatime
		nodev         | nodev                          | nodev       |
		nodiratime    | nodiratime                     | nodiratime  |
		noexec        | noexec                         | noexec      |
		nomand        | nomand                         |             | mand
		norelatime    | norelatime                     |             | noatime
		nostrictatime | strictatime nostrictatime      |             | noatime
		nosuid        | nosuid                         | nosuid      |
		relatime      | relatime                       | relatime    |
		ro            | ro                             | ro          |
		rw            | ro rw                          | rw          | ro
		silent        | silent                         | rw          |
		strictatime   | strictatime                    |             | relatime noatime
		suid          | nosuid suid                    |             | nosuid
		sync          | sync                           | sync        |
	END
}

@test "option words of a new mount: nosymfollow, symfollow" {
	not_on crun
	check_words tmpfs tmpfs <<-'END'
		nosymfollow   | nosymfollow                    | nosymfollow |
		symfollow     | nosymfollow symfollow          |             | nosymfollow
	END
}

@test "option words of a new mount: defaults, iversion, lazytime, mand and their opposites" {
	not_on crun runc
	check_words tmpfs tmpfs <<-'END'
		defaults      | defaults                       | rw relatime | nosuid nodev noexec
		iversion      | iversion                       | rw          |
		lazytime      | lazytime                       | lazytime    |
		mand          | mand                           | rw          |
		noiversion    | iversion noiversion            | rw          |
		nolazytime    | lazytime nolazytime            |             | lazytime
	END
}

@test "option words of propagation" {
	mkdir source
	test_mount -t tmpfs none source
	mkdir source/sub
	test_mount -t tmpfs none source/sub
	check_words bind "$BATS_TEST_TMPDIR/source" sub <<-'END'
		rprivate    | rbind rprivate    |            | shared master unbindable
		rshared     | rbind rshared     | shared     | unbindable
		rslave      | rbind rslave      |            | shared unbindable
		runbindable | rbind runbindable | unbindable | shared master
	END
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	check_words tmpfs tmpfs <<-'END'
		private     | private           |            | shared master unbindable
		shared      | shared            | shared     | unbindable
		slave       | slave             |            | shared unbindable
		unbindable  | unbindable        | unbindable | shared master
	END
}

@test "slave: a mount of a shared source is its slave" {
	mkdir source
	test_mount -t tmpfs none source
	mount --make-shared source
	check_words bind "$BATS_TEST_TMPDIR/source" <<-'END'
		rslave      | rbind rslave      | master     | shared unbindable
		slave       | bind slave        | master     | shared unbindable
		shared      | bind shared       | shared     | unbindable
		private     | bind private      |            | shared master unbindable
	END
}

@test "option words: bind takes one mount, rbind the whole tree" {
	mkdir source
	test_mount -t tmpfs none source
	mkdir source/sub
	test_mount -t tmpfs none source/sub
	touch source/top source/sub/below
	config_bind "$BATS_TEST_TMPDIR/source" /one bind
	config_bind "$BATS_TEST_TMPDIR/source" /tree rbind
	inside 'ls -A /one /one/sub /tree/sub | tr "\n" " "; grep -c " /one/sub " /proc/self/mountinfo; grep -c " /tree/sub " /proc/self/mountinfo'
}

@test "option words of a bind mount" {
	mkdir source
	check_words none "$BATS_TEST_TMPDIR/source" <<-'END'
		ro          | bind ro                  | ro              |
		nosuid      | bind nosuid nodev noexec | nosuid nodev noexec |
		noatime     | bind noatime             | noatime         |
		nodiratime  | bind nodiratime          | nodiratime      |
		plain       | bind                     | rw              | nosuid nodev noexec ro
		strictatime | bind strictatime         |                 | relatime noatime
	END
}

@test "bind mounts keep the source's flags where nothing else is asked" {
	mkdir source
	test_mount -t tmpfs -o nosuid,nodev,noexec,ro none source
	check_words none "$BATS_TEST_TMPDIR/source" <<-'END'
		plain       | bind                     | nosuid nodev noexec ro |
	END
}

@test "recursive option words set the flag on the whole tree" {
	not_on crun
	mkdir source
	test_mount -t tmpfs none source
	mkdir source/sub
	test_mount -t tmpfs none source/sub
	check_words none "$BATS_TEST_TMPDIR/source" sub <<-'END'
		rro           | rbind rro           | ro          |
		rnosuid       | rbind rnosuid       | nosuid      |
		rnodev        | rbind rnodev        | nodev       |
		rnoexec       | rbind rnoexec       | noexec      |
		rnodiratime   | rbind rnodiratime   | nodiratime  |
		rnoatime      | rbind rnoatime      | noatime     | relatime
		rstrictatime  | rbind rstrictatime  |             | relatime noatime
		rrelatime     | rbind rrelatime     | relatime    | noatime
		rnosymfollow  | rbind rnosymfollow  | nosymfollow |
	END
}

@test "recursive option words clear the flag on the whole tree" {
	not_on crun
	mkdir source
	test_mount -t tmpfs none source
	mkdir source/sub
	test_mount -t tmpfs none source/sub
	for mount in source/sub source; do
		mount -o remount,bind,ro,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow "$BATS_TEST_TMPDIR/$mount"
	done
	check_words none "$BATS_TEST_TMPDIR/source" sub <<-'END'
		rrw           | rbind rrw           | nosuid nodev noexec nodiratime nosymfollow |
		rsuid         | rbind rsuid         | ro          | nosuid
		rdev          | rbind rdev          | ro          | nodev
		rexec         | rbind rexec         | ro          | noexec
		rdiratime     | rbind rdiratime     | ro          | nodiratime
		rsymfollow    | rbind rsymfollow    | ro          | nosymfollow
	END
}

@test "recursive option words for access times" {
	not_on crun runc
	mkdir source
	test_mount -t tmpfs none source
	mkdir source/sub
	test_mount -t tmpfs none source/sub
	for mount in source/sub source; do
		mount -o remount,bind,noatime "$BATS_TEST_TMPDIR/$mount"
	done
	check_words none "$BATS_TEST_TMPDIR/source" sub <<-'END'
		ratime        | rbind ratime        |             | noatime
		rrelatime     | rbind rrelatime     | relatime    | noatime
		rstrictatime  | rbind rstrictatime  |             | relatime noatime
	END
}

@test "rrw clears ro on the whole tree; rnorelatime and rnostrictatime are known" {
	not_on crun
	mkdir source
	test_mount -t tmpfs none source
	mkdir source/sub
	test_mount -t tmpfs none source/sub
	mount -o remount,bind,ro "$BATS_TEST_TMPDIR/source"
	mount -o remount,bind,ro "$BATS_TEST_TMPDIR/source/sub"
	config_bind "$BATS_TEST_TMPDIR/source" /tree rbind rrw
	config_bind "$BATS_TEST_TMPDIR/source" /other rbind rnorelatime
	config_bind "$BATS_TEST_TMPDIR/source" /third rbind rstrictatime rnostrictatime
	inside 'touch /tree/a /tree/sub/a && ! touch /other/b 2>/dev/null; grep " /third" /proc/self/mountinfo'
	[[ $output != *noatime* ]]
}

@test "rro: nothing in the tree can be written, though ro alone covers the top only" {
	not_on crun
	mkdir source
	test_mount -t tmpfs none source
	mkdir source/sub
	test_mount -t tmpfs none source/sub
	config_bind "$BATS_TEST_TMPDIR/source" /rro rbind rro
	config_bind "$BATS_TEST_TMPDIR/source" /ro rbind ro
	inside '! touch /rro/a 2>/dev/null || exit 2; ! touch /rro/sub/a 2>/dev/null || exit 3; ! touch /ro/a 2>/dev/null || exit 4; touch /ro/sub/a || exit 5'
}

@test "tmpcopyup: what the image has is in the tmpfs, with modes, owners and links" {
	mkdir -p "$ROOTFS/data/dir"
	echo content >"$ROOTFS/data/dir/file"
	chmod 640 "$ROOTFS/data/dir/file"
	chown 12:34 "$ROOTFS/data/dir/file"
	chmod 750 "$ROOTFS/data/dir"
	ln -s dir/file "$ROOTFS/data/link"
	config_all_caps
	config_mount '{ "destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"] }'
	inside 'cat /data/link; stat -c "%a %u %g" /data/dir/file /data/dir; readlink /data/link; echo new >/data/dir/file; grep -c " /data .* - tmpfs" /proc/self/mountinfo'
	[ "$output" = $'content\n640 12 34\n750 0 0\ndir/file\n1' ]
	[ "$(cat "$ROOTFS/data/dir/file")" = content ]
}

@test "remount changes an earlier mount" {
	config_mount '{ "destination": "/again", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m"] }'
	config_mount '{ "destination": "/again", "type": "tmpfs", "source": "tmpfs", "options": ["remount", "ro", "nosuid"] }'
	inside 'grep " /again " /proc/self/mountinfo; ! touch /again/a 2>/dev/null'
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *ro* ]]
}

@test "bind with remount changes the flags of a bind mount" {
	mkdir source
	config_bind "$BATS_TEST_TMPDIR/source" /again bind
	config_bind "$BATS_TEST_TMPDIR/source" /again bind remount ro nodev
	inside 'grep " /again " /proc/self/mountinfo; ! touch /again/a 2>/dev/null'
	[[ $output == *ro* && $output == *nodev* ]]
	touch source/still-writable
}

@test "every word of the spec's table is known: each alone is accepted or refused by the kernel, never passed on as data" {
	only_runlet
	run -0 runtime features
	for word in async atime bind defaults dev diratime dirsync exec idmap iversion lazytime loud mand noatime nodev nodiratime noexec \
		noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow private ratime rbind rdev rdiratime relatime \
		remount rexec ridmap rnoatime rnodiratime rnoexec rnorelatime rnostrictatime rnosuid rnosymfollow ro rprivate rrelatime rro rrw \
		rshared rslave rstrictatime rsuid rsymfollow runbindable rw shared silent slave strictatime suid symfollow sync \
		tmpcopyup unbindable rnodev; do
		jq -e --arg word $word '.mountOptions | index($word) != null' <<<"$output" >/dev/null || { echo "no $word"; return 1; }
	done
}

@test "an unknown option goes to the file system, whose refusal is reported with the mount" {
	config_mount '{ "destination": "/a", "type": "tmpfs", "source": "tmpfs", "options": ["frobnicate=1"] }'
	fails_with '/a|mounts\[6\]'
}

@test "the kernel's own message about a bad option is in the error" {
	only_runlet
	config_mount '{ "destination": "/a", "type": "tmpfs", "source": "tmpfs", "options": ["frobnicate=1"] }'
	fails_with 'mounts\[6\].*frobnicate'
}

@test "file system data: size and mode of a tmpfs" {
	config_mount '{ "destination": "/a", "type": "tmpfs", "source": "tmpfs", "options": ["size=64k", "mode=1750", "uid=5", "gid=6"] }'
	inside 'stat -c "%a %u %g" /a; df -k /a | tail -1 | { read -r fs size rest; echo $size; }'
	[ "$output" = $'1750 5 6\n64' ]
}

@test "data with a comma in one option word" {
	config_mount '{ "destination": "/a", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "size=64k,mode=700"] }'
	inside 'stat -c %a /a'
	[ "$output" = 700 ]
}

@test "tmpfs without a mode gets the mode of the directory that it covers" {
	not_on crun
	mkdir "$ROOTFS/a"
	chmod 1733 "$ROOTFS/a"
	config_mount '{ "destination": "/a", "type": "tmpfs", "source": "tmpfs" }'
	inside 'stat -c %a /a'
	[ "$output" = 1733 ]
}

@test "proc, sysfs, mqueue, devpts" {
	inside 'stat -f -c %t /proc /sys /dev/mqueue /dev/pts /dev/shm; cat /proc/1/comm; ls /dev/pts; ls /dev/mqueue; stat -c %a /dev/shm'
	[ "${lines[0]}" = 9fa0 ]
	[ "${lines[1]}" = 62656572 ]
	[ "${lines[2]}" = 19800202 ]
	[ "${lines[3]}" = 1cd1 ]
	[ "${lines[4]}" = 1021994 ]
	[[ $output == *ptmx* ]]
	[ "${lines[-1]}" = 1777 ]
}

@test "the modes of the roots of proc and sysfs stay as the kernel makes them" {
	inside 'stat -c %a /proc /sys'
	[ "$output" = $'555\n555' ]
}

@test "missing targets are made: a directory for a directory, an empty file for a file, parents 0755" {
	mkdir source
	echo content >file
	config_bind "$BATS_TEST_TMPDIR/source" /new/deep/dir bind
	config_bind "$BATS_TEST_TMPDIR/file" /other/deep/file bind
	config_mount '{ "destination": "/third/tmp", "type": "tmpfs", "source": "tmpfs" }'
	inside 'cat /other/deep/file; [ -d /new/deep/dir ]; umask 0; stat -c %a /new /new/deep /other/deep /third'
	[ "$output" = $'content\n755\n755\n755\n755' ]
	[ -f "$ROOTFS/other/deep/file" ]
	[ ! -s "$ROOTFS/other/deep/file" ]
}

@test "a file, a fifo, a socket, a device and a symlink's target as bind sources" {
	echo content >file
	mkfifo fifo
	ln -s file link
	config_bind "$BATS_TEST_TMPDIR/file" /a/file bind ro
	config_bind "$BATS_TEST_TMPDIR/fifo" /a/fifo bind
	config_bind "$BATS_TEST_TMPDIR/link" /a/link bind
	config_bind /dev/null /a/null bind
	inside 'cat /a/file /a/link; [ -p /a/fifo ] && [ -c /a/null ]; ! echo x 2>/dev/null >/a/file'
	[ "$output" = $'content\ncontent' ]
}

@test "a bind source relative to the bundle" {
	mkdir "$BUNDLE/data"
	echo here >"$BUNDLE/data/file"
	config_bind data /a bind
	inside 'cat /a/file'
	[ "$output" = here ]
}

@test "a relative destination is below the root" {
	mkdir source
	echo here >source/file
	config_bind "$BATS_TEST_TMPDIR/source" relative/place bind
	run runtime run --bundle "$BUNDLE" "$ID"
	config_args cat /relative/place/file
	run_bundle
	show
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = here ]
}

@test "a destination with dots stays below the root" {
	mkdir source
	echo here >source/file
	config_bind "$BATS_TEST_TMPDIR/source" /a/../../../../../b bind
	inside 'cat /b/file'
	[ "$output" = here ]
}

@test "mounts are made in the order of the list" {
	mkdir source
	config_mount '{ "destination": "/a", "type": "tmpfs", "source": "tmpfs" }'
	config_bind "$BATS_TEST_TMPDIR/source" /a/inner bind
	inside 'grep -c " /a/inner " /proc/self/mountinfo; grep -c " /a " /proc/self/mountinfo'
	[ "$output" = $'1\n1' ]
}

@test "the same destination twice: the later one is on top" {
	mkdir one two
	echo one >one/file
	echo two >two/file
	config_bind "$BATS_TEST_TMPDIR/one" /a bind
	config_bind "$BATS_TEST_TMPDIR/two" /a bind
	inside 'cat /a/file'
	[ "$output" = two ]
}

@test "a missing bind source is named, and a file over a directory is refused" {
	config_bind /nonexistent/source /a bind
	fails_with '/nonexistent/source'
	cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
	echo file >file
	mkdir "$ROOTFS/dir"
	config_bind "$BATS_TEST_TMPDIR/file" /dir bind
	fails_with '/dir'
}

@test "an unknown file system is named" {
	config_mount '{ "destination": "/a", "type": "nosuchfs", "source": "none" }'
	fails_with 'nosuchfs|/a'
}

@test "an error in a mount names the place in config.json" {
	only_runlet
	config_bind /nonexistent/source /a bind
	fails_with 'config\.json:[0-9]+:[0-9]+: mounts\[6\]'
}

@test "many mounts" {
	mkdir source
	config_set '.mounts += [range(300) | { destination: "/m/\(.)", type: "none", source: $s, options: ["bind", "ro"] }]' \
		--arg s "$BATS_TEST_TMPDIR/source"
	inside 'grep -c " /m/" /proc/self/mountinfo'
	[ "$output" = 300 ]
}

@test "many mounts with few fds" {
	only_runlet
	mkdir source
	config_set '.mounts += [range(300) | { destination: "/m/\(.)", type: "none", source: $s, options: ["bind", "ro"] }] | .process.rlimits = []' \
		--arg s "$BATS_TEST_TMPDIR/source"
	config_args grep -c ' /m/' /proc/self/mountinfo
	run bash -c 'ulimit -n 100; exec "$@"' sh "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -eq 0 ]
	[ "$output" = 300 ]
}

@test "tmpcopyup keeps the set-group-id bit of a directory" {
	not_on runc crun
	mkdir -p "$ROOTFS/data/dir"
	chown 0:34 "$ROOTFS/data/dir"
	chmod 2750 "$ROOTFS/data/dir"
	config_mount '{ "destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"] }'
	inside 'stat -c "%a %g" /data/dir'
	[ "$output" = "2750 34" ]
}

@test "maskedPaths: files are empty, directories are empty and read-only, missing ones are fine" {
	mkdir -p "$ROOTFS/secret/dir"
	echo secret >"$ROOTFS/secret/file"
	echo secret >"$ROOTFS/secret/dir/file"
	config_set '.linux.maskedPaths += ["/secret/file", "/secret/dir", "/no/such/path"]'
	config_all_caps
	inside '[ -z "$(cat /secret/file)" ] || exit 2; [ -z "$(ls -A /secret/dir)" ] || exit 3; ! touch /secret/dir/a 2>/dev/null || exit 4; [ -z "$(cat /proc/timer_list 2>/dev/null)" ] || exit 5; ls /secret'
	[ "$(cat "$ROOTFS/secret/file")" = secret ]
}

@test "maskedPaths: the same path twice is harmless" {
	mkdir -p "$ROOTFS/secret/dir"
	config_set '.linux.maskedPaths += ["/secret/dir", "/secret/dir", "/proc/kcore", "/proc/kcore"]'
	inside '[ -z "$(ls -A /secret/dir)" ]'
}

@test "readonlyPaths: read-only, with their flags, and missing ones are fine" {
	mkdir -p "$ROOTFS/fixed/dir"
	echo keep >"$ROOTFS/fixed/dir/file"
	config_set '.linux.readonlyPaths += ["/fixed/dir", "/fixed/file", "/no/such/path"]'
	echo keep >"$ROOTFS/fixed/file"
	config_all_caps
	inside '! touch /fixed/dir/a 2>/dev/null || exit 2; ! echo x 2>/dev/null >/fixed/file || exit 3; cat /fixed/dir/file; ! echo 1 2>/dev/null >/proc/sys/kernel/hostname || exit 4; touch /fixed/ok'
}

@test "readonlyPaths keep the flags of the mount that they are on" {
	config_mount '{ "destination": "/a", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev", "noexec"] }'
	config_set '.linux.readonlyPaths += ["/a"]'
	inside 'grep " /a " /proc/self/mountinfo | tail -1'
	[[ $output == *ro,nosuid,nodev,noexec* ]]
}

@test "cgroup mount: the v1 tree, read-only without a cgroup namespace" {
	not_on runc crun
	[ -d $CGROUPFS/pids ] || skip "no v1 hierarchies"
	config_no_namespace cgroup
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime"] }'
	config_all_caps
	inside 'ls /sys/fs/cgroup; cat /sys/fs/cgroup/pids/cgroup.procs | head -1; grep " /sys/fs/cgroup/" /proc/self/mountinfo; ! mkdir /sys/fs/cgroup/pids/sub 2>/dev/null || exit 9'
	for controller in memory cpu cpuset pids devices freezer systemd; do
		[[ $output == *"$controller"* ]]
	done
	! grep ' /sys/fs/cgroup/' <<<"$output" | grep -v ' ro,' || false
}

@test "cgroup mount: with a cgroup namespace the container sees its own cgroup as the root" {
	[ -d $CGROUPFS/pids ] || skip "no v1 hierarchies"
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"] }'
	inside 'cat /sys/fs/cgroup/pids/cgroup.procs; ls -d /sys/fs/cgroup/*/ | wc -l'
	[ "${lines[0]}" = 1 ] || [[ $output == *1* ]]
	[ "${lines[-1]}" -ge 8 ]
}

@test "cgroup mount: v2" {
	use_v2
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"] }'
	inside 'cat /sys/fs/cgroup/cgroup.procs; grep " /sys/fs/cgroup " /proc/self/mountinfo'
	[[ $output == *cgroup2* ]]
	[[ $output == *" ro,"* ]]
}

@test "cgroup mount: a type of cgroup2 on the hybrid host" {
	only_runlet
	config_mount '{ "destination": "/sys/fs/cgroup", "type": "cgroup2", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "ro"] }'
	inside 'grep " /sys/fs/cgroup " /proc/self/mountinfo; cat /sys/fs/cgroup/cgroup.procs >/dev/null'
	[[ $output == *cgroup2* ]]
}

@test "a mount in a user namespace" {
	world_readable
	mkdir source
	chmod 755 source
	echo mapped >source/file
	config_bind "$BATS_TEST_TMPDIR/source" /volume bind ro
	config_mount '{ "destination": "/scratch", "type": "tmpfs", "source": "tmpfs" }'
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	mkdir "$ROOTFS"/volume "$ROOTFS"/scratch "$ROOTFS"/dev/{pts,shm,mqueue} 2>/dev/null || true
	inside 'cat /volume/file; touch /scratch/a; stat -c "%u %g" /scratch/a; [ -c /dev/null ] && echo x >/dev/null && echo null'
	[ "$output" = $'mapped\n0 0\nnull' ]
}

@test "bind of a source that only root can reach, in a user namespace" {
	only_runlet
	world_readable
	mkdir -p private/source
	chmod 700 private
	echo reached >private/source/file
	config_bind "$BATS_TEST_TMPDIR/private/source" /volume bind
	mkdir "$ROOTFS"/volume "$ROOTFS"/dev/{pts,shm,mqueue} 2>/dev/null || true
	config_set '.linux.namespaces += [{ type: "user" }]
		| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings'
	inside 'cat /volume/file'
	[ "$output" = reached ]
}
