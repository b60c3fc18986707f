# Class 6: privileges that a program gets and the config did not give: capabilities of exec, users by name and number.
# More of exec is in security_exec.bats and exec.bats.
#
# CVE-2016-3697, CVE-2022-29162 (runc), CVE-2022-27650, CVE-2026-30892 (crun), CVE-2025-27612 (youki), CVE-2026-46680
# (containerd).

load helpers
load security

@test "inheritable capabilities stay empty unless asked for (CVE-2022-29162)" {
	config_args grep CapInh /proc/self/status
	run_bundle
	[[ $output == *0000000000000000 ]]
}

@test "the user of a hostile /etc/passwd: a numeric name is not looked up (CVE-2016-3697)" {
	echo '1000:x:0:0:root:/root:/bin/sh' >"$ROOTFS/etc/passwd.new"
	mv "$ROOTFS/etc/passwd.new" "$ROOTFS/etc/passwd"
	config_set '.process.user = { uid: 1000, gid: 1000 }'
	inside 'grep ^Uid /proc/self/status'
	[[ $output == *1000*1000*1000*1000 ]]
}

@test "a hostile /etc/passwd: a link to the host, a fifo, a huge line are no hang and no leak" {
	# runc waits for the fifo.
	not_on runc crun
	victim_make
	rm "$ROOTFS/etc/passwd"
	ln -s "$VICTIM/file" "$ROOTFS/etc/passwd"
	config_args sh -c 'echo "$HOME"'
	run_bundle
	victim_untouched
	rm "$ROOTFS/etc/passwd"
	mkfifo "$ROOTFS/etc/passwd"
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	show
	[ "$status" -ne 124 ] || [ "$RUNTIME_NAME" != runlet ]
	runtime delete --force "$ID"
	rm "$ROOTFS/etc/passwd"
	head -c 3000000 /dev/zero | tr '\0' x >"$ROOTFS/etc/passwd"
	run timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
	[ "$status" -eq 0 ]
}

@test "/etc/passwd that is a device is not opened" {
	only_runlet
	# A watchdog or a tape drive notices an open.
	rm "$ROOTFS/etc/passwd"
	mknod "$ROOTFS/etc/passwd" c 5 2
	config_set '.process.env = ["PATH=/bin"]'
	config_args sh -c 'echo "$HOME"'
	strace -f -qq -e trace=open,openat,openat2 -o trace "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" >out
	[ "$(cat out)" = / ]
	grep etc/passwd trace
	! grep etc/passwd trace | grep -v O_PATH || false
}

@test "the id 4294967295 is refused: setresuid takes it for \"stay what you are\", which is root" {
	not_on crun
	for filter in '.uid = 4294967295' '.gid = 4294967295' '.additionalGids = [5, 4294967295]'; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_set ".process.user |= ({ uid: 1000, gid: 1000 } | $filter)"
		config_args cat /proc/self/status
		fails_with '4294967295|4294967294|nvalid argument|in range'
		[[ $output != *Uid:* ]]
	done
}

@test "exec: a first process without privileges that made itself a mount namespace gets no program of its own run" {
	# runc runs it, with all that was asked for.
	not_on runc crun
	unshare -U true || skip "no user namespaces"
	config_set '.process.user = { uid: 1000, gid: 1000 } | .process.capabilities = {}'
	config_mount '{ "destination": "/evil", "type": "tmpfs", "source": "tmpfs", "options": ["mode=1777"] }'
	config_args sh -c 'mkdir /evil/bin; cp /bin/busybox /evil/bin/busybox
		printf "#!/evil/bin/busybox sh\n/evil/bin/busybox grep CapEff /proc/self/status; echo pwned\n" >/evil/bin/id; chmod 755 /evil/bin/id
		while [ ! -e /evil/go ]; do sleep 0.1; done
		exec unshare -U -r -m sh -c "mount --bind /evil/bin /bin; : >/evil/ready; exec /evil/bin/busybox sleep 1000"'
	world_readable
	create
	start
	pid=$(init_pid)
	run -0 runtime exec --user 0 "$ID" id -u
	[ "$output" = 0 ]
	run -0 runtime exec "$ID" touch /evil/go
	wait_for 5 test -e "/proc/$pid/root/evil/ready"
	run runtime exec --user 0 --cap CAP_SYS_ADMIN "$ID" id
	show
	[ "$status" -eq 255 ]
	[[ $output == *"has entered a user namespace that isn't the container's"* ]]
	runtime delete --force "$ID"
}

@test "exec: a container that puts links and files of its own over /proc, the cwd and the program gains nothing" {
	bundle_works
	config_set '.root.readonly = false'
	config_all_caps
	mkdir -p host-secret "$ROOTFS/fake/self/attr" "$ROOTFS/dev2"
	echo secret >host-secret/file
	config_args sh -c 'umount /proc; mount --bind /fake /proc; ln -s ../../../../../../../../../../.. /up; ln -s /proc/self/fd/5 /leak
		ln -sf /up/etc/shadow /etc/passwd; touch /tmp/ready; exec sleep 1000'
	create
	start
	ready() { runtime exec "$ID" test -e /tmp/ready </dev/null; }
	wait_for 5 ready
	run runtime exec "$ID" sh -c 'echo $HOME; ls /proc /up' </dev/null
	show
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = / ]
	[[ $output != *lost+found* ]]
	for cwd in /leak /up/tmp /proc/self/fd/3; do
		run runtime exec --cwd "$cwd" "$ID" pwd </dev/null
		show
		[ "$status" -eq 255 ] || [[ $output == /* ]]
	done
	# A label must not go to a file of the container's making: here it is refused before, and without a real /proc too.
	run runtime exec --apparmor profile "$ID" true </dev/null
	[ "$status" -eq 255 ]
	runtime delete --force "$ID"
}

# sets: the capability sets of a status file on standard input, without leading zeros.
sets() { sed -n 's/^Cap\(...\):\t0*\(.*\)$/\1=\2/p' | tr '\n' ' '; }

@test "exec: capabilities are the container's, none inheritable, none ambient (CVE-2022-29162, CVE-2022-27650, CVE-2025-27612)" {
	start_sleeper
	run -0 runtime exec "$ID" cat /proc/self/status </dev/null
	[ "$(sets <<<"$output")" = 'Inh= Prm=20000420 Eff=20000420 Bnd=20000420 Amb= ' ]
	run -0 runtime exec --cap CAP_NET_RAW "$ID" cat /proc/self/status </dev/null
	[ "$(sets <<<"$output")" = 'Inh= Prm=20002420 Eff=20002420 Bnd=20002420 Amb= ' ]
	run -0 runtime exec --user 1000 --cap CAP_NET_RAW "$ID" cat /proc/self/status </dev/null
	[[ "$(sets <<<"$output")" == 'Inh= Prm= Eff= '*'Amb= ' ]]
	jq '.process | .args = ["cat", "/proc/self/status"] | del(.capabilities)' "$BUNDLE/config.json" >process.json
	run -0 runtime exec --process process.json "$ID" </dev/null
	[ "$(sets <<<"$output")" = 'Inh= Prm=20000420 Eff=20000420 Bnd=20000420 Amb= ' ]
	runtime delete --force "$ID"
}

@test "exec: a file with inheritable capabilities gives a user nothing (CVE-2022-29162)" {
	command -v setcap >/dev/null || skip "needs setcap"
	cp "$ROOTFS/bin/busybox" "$ROOTFS/bin/cat.new"
	rm "$ROOTFS/bin/cat"
	mv "$ROOTFS/bin/cat.new" "$ROOTFS/bin/cat"
	chmod 755 "$ROOTFS/bin/cat"
	setcap cap_net_bind_service,cap_kill+i "$ROOTFS/bin/cat"
	config_set '.process.noNewPrivileges = false'
	start_sleeper
	for option in '' '--cap CAP_NET_RAW'; do
		run -0 runtime exec --user 1000:1000 $option "$ID" cat /proc/self/status </dev/null
		[[ "$(sets <<<"$output")" == 'Inh= Prm= Eff= '*'Amb= ' ]]
	done
	runtime delete --force "$ID"
}

@test "exec --user: whole numbers in range, and nothing else (CVE-2026-30892, CVE-2016-3697, CVE-2026-46680)" {
	only_runlet
	printf '%s\n' '1:x:0:0:root:/root:/bin/sh' '1000:x:0:0::/:/bin/sh' '4294967296:x:0:0::/:/bin/sh' >"$ROOTFS/etc/passwd.new"
	mv "$ROOTFS/etc/passwd.new" "$ROOTFS/etc/passwd"
	config_set '.process.user = { uid: 500, gid: 600 }'
	start_sleeper
	while read -r user ids; do
		run runtime exec --user "$user" "$ID" sh -c 'echo $(id -u):$(id -g)' </dev/null
		echo "$user: $status $output"
		[ "$status" -eq 0 ]
		[ "$output" = "$ids" ]
	done <<-END
		1 1:600
		1:2 1:2
		0:0 0:0
		1000 1000:600
		4294967294:4294967294 4294967294:4294967294
	END
	for user in '' : 1: :1 -1 +1 ' 1' '1 ' 1x x1 0x1 1e3 1.0 1:2:3 1:x 1:-1 4294967295 4294967296 1:4294967295 18446744073709551616 \
		99999999999999999999999 root root:root $'1\n' '1,2' ٣; do
		run runtime exec --user "$user" "$ID" id </dev/null
		echo "'$user': $status $output"
		[ "$status" -eq 255 ]
		[[ $output != *uid=* ]]
		[[ $output == *--user* ]]
	done
	runtime delete --force "$ID"
}

@test "ids of config.json out of range, negative, with a fraction or as text are refused by place (CVE-2026-46680, CVE-2026-30892)" {
	only_runlet
	for key in uid gid; do
		for value in -1 4294967296 1.5 1e99 '"1"' '"root"' '""' true '[]' '{}' 99999999999999999999999999; do
			sed "s/\"$key\": 0/\"$key\": $value/" "$TESTS_DIR/config.json" >"$BUNDLE/config.json"
			fails_with "config.json:5:[0-9]+: process.user.$key"
		done
	done
}
