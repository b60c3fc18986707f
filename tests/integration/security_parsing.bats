# Class 8: lengths, numbers and texts: what of config.json, of options and of the image's files is longer, odder or
# deeper than a parser expects.
#
# CVE-2021-43784 (runc), CVE-2026-30892 (crun), and without an id: crun 1.28's overflows in chains of symlinks and in
# maps of several lines.

load helpers
load security

@test "control characters of config.json reach neither the terminal nor the log's lines" {
	only_runlet
	config_bind "/no"$'\e[31m\xc2\x9b31m\x7f\nrunlet: info: all is well' /mnt bind
	run_bundle
	show | cat -v
	[ "$status" -ne 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *'/no\u001b[31m\u009b31m\u007f\nrunlet: info'* ]]
	for format in text json; do
		run runtime --log "$BATS_TEST_TMPDIR/log.$format" --log-format $format run --bundle "$BUNDLE" "$ID"
		[ "$(wc -l <log.$format)" -eq 1 ]
		! grep -q $'[\e\x7f]' log.$format || false
	done
	[[ $(jq -r .msg log.json) == *$'/no\e[31m\xc2\x9b31m\x7f\nrunlet: info: all is well'* ]]
}

# Every property of config.json that is a text, from the list that the unit tests hold against the schema: a
# program of jq that sets it, with what its object requires beside it.
FIELDS=$TESTS_DIR/../unit/spec_properties.txt
text_fields() {
	sed -nE 's/^([^#|]+) \| ((list of |map of )?(string|word)[^|]*).*/\1 \2/p' "$FIELDS" | sed 's/ \(list\|map\) .*/ \1/; s/ \(string\|word\).*/ text/'
}
# The required siblings of fields in lists: "mounts[].uidMappings[] containerID integer".
requirements() { sed -nE 's/^([^#|]+)\.([A-Za-z0-9]+) \| (integer|string|boolean|list)[^|]* required.*/\1 \2 \3/p' "$FIELDS"; }

# odd_configs JSON-OF-TEXTS: prints for each field and text a line: FIELD TAB config.json.
odd_configs() {
	jq -nrc --slurpfile base "$TESTS_DIR/config.json" --argjson texts "$1" --rawfile fields <(text_fields) --rawfile required <(requirements) '
		def path_of: gsub("\\[\\]"; "/0") | gsub("\\{\\}"; "/odd.key") | gsub("\\."; "/") | gsub("odd/key"; "odd.key")
			| split("/") | map(if . == "0" then 0 else . end);
		def value: if . == "integer" then 1 elif . == "boolean" then true elif . == "list" then ["read"] else "/tmp" end;
		[$required | split("\n")[] | select(. != "") | split(" ")] as $rules
		| $fields | split("\n")[] | select(. != "") | split(" ") as [$field, $kind]
		| $texts[] as $text
		| ($field | path_of) as $path
		| reduce ($rules[] | select(.[0] as $object | $field | startswith($object + "."))) as $rule
			($base[0]; ($rule[0] | path_of) as $at
				| (try getpath($at) catch null) as $object
				| if ($object == null or ($object | type) == "object") and ($object | .[$rule[1]]?) == null
				  then setpath($at + [$rule[1]]; $rule[2] | value) else . end)
		| setpath($path; if $kind == "list" then [$text] elif $kind == "map" then { ($text[0:200]): $text } else $text end)
		| "\($field)\t\(tojson)"'
}

@test "odd texts in every field of the schema: the compiler of plans neither crashes nor prints them raw" {
	only_runlet
	long=$(head -c 5000 /dev/zero | tr '\0' x)
	texts=$(jq -nc --arg l "$long" '["", $l, "%s%n%99999d%p", "../../../../../../..", "a\u0000b", "\u001b[31m\u0007\u009b\r\n", "INVALID\u00e9",
		"SURROGATE", ($l * 20), "\ud7ff\uffff"]')
	odd_configs "$texts" | sed $'s/INVALID/\xff\xfe\xc0\xaf/; s/SURROGATE/\\\\ud800/' >configs
	count=0
	while IFS=$'\t' read -r field config; do
		printf '%s\n' "$config" >"$BUNDLE/config.json"
		code=0
		"$RUNTIME" plan --bundle "$BUNDLE" >plan.out 2>plan.err || code=$?
		[ $code -le 1 ] || { echo "$field: $code: $(cut -c1-300 plan.err)"; cut -c1-600 "$BUNDLE/config.json"; return 1; }
		if [ $code -eq 1 ]; then
			! LC_ALL=C grep $'[\x01-\x08\x0b-\x1f\x7f]' plan.err | cat -v | grep . || { echo "$field: raw"; return 1; }
			grep -qE 'config.json:[0-9]+:[0-9]+: ' plan.err || { echo "$field: no place: $(cut -c1-300 plan.err)"; return 1; }
			[ "$(wc -c <plan.err)" -lt 9000 ] || { echo "$field: $(wc -c <plan.err) bytes of error"; return 1; }
		fi
		count=$((count + 1))
	done <configs
	echo "$count configs"
	[ $count -gt 600 ]
}

@test "odd texts in every field of the schema: started, they reach nothing of the host, and errors name the place" {
	only_runlet
	victim_make
	long=$(head -c 3000 /dev/zero | tr '\0' y)
	texts=$(jq -nc --arg v "$VICTIM/dir/new" --arg l "$long" '["../../../../../../../../.." + $v + "%s%n\u001b[31m", $l]')
	# The bundle, its rootfs and the program are the caller's own choice.
	odd_configs "$texts" >configs
	count=0
	while IFS=$'\t' read -r field config; do
		printf '%s\n' "$config" >"$BUNDLE/config.json"
		run_bundle
		[[ $status -le 1 || $status -eq 127 || $status -eq 126 ]] || { echo "$field: $status"; show; return 1; }
		! grep -q $'\e' <<<"$output" || { echo "$field: raw"; return 1; }
		[[ $status -eq 0 || $output == *config.json:* || $output == *"${field##*.}"* || $output == *'executable file not found'* ||
			$output == *"${field%%[.[]*}"* ]] || { echo "$field: names nothing: $output" | cut -c1-400; return 1; }
		[ ! -e "$ROOT/$ID" ] || { echo "$field: state is left"; return 1; }
		count=$((count + 1))
	done <configs
	echo "$count starts"
	[ $count -gt 120 ]
	victim_untouched
	nothing_left
}

@test "chains and circles of symlinks, names and paths at and beyond their limits (crun 1.28)" {
	only_runlet
	victim_make
	bundle_works
	for n in $(seq 60); do ln -s "chain$((n + 1))" "$ROOTFS/chain$n"; done
	mkdir "$ROOTFS/chain61"
	ln -s circle2 "$ROOTFS/circle1"
	ln -s circle1 "$ROOTFS/circle2"
	ln -s self/self/self "$ROOTFS/self"
	ln -s "$(printf 'up/../%.0s' $(seq 600))x" "$ROOTFS/long"
	name=$(printf 'n%.0s' $(seq 255))
	for target in /chain1 /chain30 /chain1/new /circle1 /circle1/new /self /long /long/new "/$name" "/${name}n" "/$(printf "$name/%.0s" $(seq 15))" \
		"/$(printf "$name/%.0s" $(seq 17))"; do
		cp "$TESTS_DIR/config.json" "$BUNDLE/config.json"
		config_mount "$(jq -n --arg d "$target" '{ destination: $d, type: "tmpfs", source: "tmpfs" }')"
		config_set '.linux.maskedPaths += [$d] | .linux.readonlyPaths += [$d]' --arg d "$target"
		config_args true
		run_bundle
		echo "${target:0:40}: $status ${output:0:200}"
		[[ $status -eq 0 || $status -eq 1 && $output == *config.json:*mounts* ]]
		victim_untouched
		nothing_left
	done
}

@test "lengths around 16 bits: mounts, maps and texts are neither cut nor mixed up (CVE-2021-43784)" {
	only_runlet
	bundle_works
	for size in 65535 65536 65537 131073; do
		text=$(head -c $size /dev/zero | tr '\0' m)
		jq --rawfile t <(printf %s "$text") '.annotations.long = $t | .process.env += ["LONG=" + $t, "AFTER=it"] | .process.args = ["sh", "-c", "echo ${#LONG} $AFTER"]' \
			"$TESTS_DIR/config.json" >"$BUNDLE/config.json"
		run_bundle
		[[ $output == "$size it" || $output == *'rgument list too long'* ]] || { echo "$size: ${output:0:300}"; return 1; }
		jq --rawfile t <(printf %s "$text") '.mounts += [{ destination: "/x", type: "tmpfs", source: "tmpfs", options: ["size=4k", $t, "mode=777"] }]' \
			"$TESTS_DIR/config.json" >"$BUNDLE/config.json"
		fails_with 'config.json:[0-9]+:[0-9]+: mounts\[6\]'
		jq --rawfile t <(printf %s "/$text") '.mounts += [{ destination: $t, type: "tmpfs", source: "tmpfs" }]' "$TESTS_DIR/config.json" >"$BUNDLE/config.json"
		fails_with 'config.json:[0-9]+:[0-9]+: mounts\[6\]'
	done
}

@test "ids, paths and numbers of the command line that are too long or odd: errors, no crash" {
	only_runlet
	long=$(head -c 100000 /dev/zero | tr '\0' x)
	odd=("$long" '' '..' '.' 'a/b' '../x' $'a\nb' $'\e[31m' '%s%n%n' $'\xff\xfe' '-')
	for word in "${odd[@]}"; do
		for command in state delete start kill exec pause resume ps events update; do
			run timeout -k 2 20 "$RUNTIME" --root "$ROOT" "$command" -- "$word" 1
			[[ $status -eq 1 || $status -eq 255 || $status -eq 2 || $status -eq 0 ]] || { echo "$command ${word:0:20}: $status"; return 1; }
			! grep -q $'\e' <<<"$output" || { echo "$command: raw"; return 1; }
			[ "${#output}" -lt 9000 ] || { echo "$command ${word:0:20}: ${#output} characters"; return 1; }
		done
	done
	nothing_left
}
