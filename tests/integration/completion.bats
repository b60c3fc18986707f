# completion.bats - what bash, fish and zsh complete, and that `make install` puts everything in its place.

load helpers

# "runlet", as a shell finds it.
setup() {
	only_runlet
	cd "$BATS_TEST_TMPDIR" || return
	mkdir bin
	ln -s "$RUNTIME" "$BATS_TEST_TMPDIR/bin/runlet"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	completions=$BATS_TEST_DIRNAME/../../completions
}

# in_bash WORD...: what completes the last one.
in_bash() {
	bash -c '. "$0"; COMP_WORDS=(runlet "$@"); COMP_CWORD=$#; _runlet; echo "${COMPREPLY[@]}"' "$completions/runlet" "$@"
}

@test "completion: bash: commands, options and words of options" {
	[[ $(in_bash st) == "start state" ]]
	[[ $(in_bash --log-f) == --log-format ]]
	[[ $(in_bash --log-format '') == *json* ]]
	[[ $(in_bash --root /tmp exec --us) == --user ]]
	[[ $(in_bash list --) == *--quiet* ]]
}

@test "completion: bash: the names of containers" {
	mkdir "$BATS_TEST_TMPDIR/fake"
	printf '#!/bin/sh\n[ "$1" != list ] || { echo one; echo two; exit; }\nexec %s "$@"\n' "$RUNTIME" >"$BATS_TEST_TMPDIR/fake/runlet"
	chmod +x "$BATS_TEST_TMPDIR/fake/runlet"
	PATH=$BATS_TEST_TMPDIR/fake:$PATH
	[[ $(in_bash kill t) == two ]]
	if command -v fish >/dev/null; then
		[ "$(in_fish 'runlet kill t')" = two ]
	fi
}

# in_fish LINE: what completes it, without the descriptions.
in_fish() {
	fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$completions/runlet.fish" "$1" | cut -f1 | xargs
}

@test "completion: fish: commands, options and words of options" {
	command -v fish >/dev/null || skip "fish is not installed"
	[ "$(in_fish 'runlet st')" = "start state" ]
	[ "$(in_fish 'runlet --log-f')" = --log-format ]
	[[ $(in_fish 'runlet --log-format ') == *json* ]]
	# The directory is no command.
	[ "$(in_fish 'runlet --root /tmp exec --us')" = --user ]
	[[ $(in_fish 'runlet list --') == *--quiet* ]]
	[[ $(in_fish 'runlet list --') != *--user* ]]
	[[ $(in_fish 'runlet --bun') != *--bundle* ]]
	# Every apostrophe of a help text is quoted.
	[ -z "$(runlet completion fish | fish --no-config 2>&1)" ]
}

@test "completion: zsh completes from the first key on" {
	command -v zsh >/dev/null || skip "zsh is not installed"
	cat >script <<-'EOS'
		zmodload zsh/zpty
		zpty z "TERM=dumb zsh -f -i"
		zpty -w z "PS1=; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; bindkey '^I' complete-word; echo READ''Y"
		zpty -r -m z out '*READY*'
		zpty -w -n z $'runlet lis\t'
		zpty -r -m z out '*list *'
		zpty -w -n z $'--qui\t'
		zpty -r -m z out '*--quiet *'
		zpty -d z
		echo completed
	EOS
	[ "$(timeout 30 zsh -f script "$completions")" = completed ]
}

@test "completion: another shell is refused by name" {
	run runtime completion tcsh
	[ "$status" -eq 1 ]
	[[ $output == *'"tcsh"'* ]]
}

@test "make install: program, manual, documents and completions are below DESTDIR" {
	build=${RUNTIME%/*}
	[ -e "$build/Makefile" ] || skip "no build directory"
	make -C "$build" -s install DESTDIR="$PWD/image" prefix=/usr >log 2>&1 || { cat log; return 1; }
	cmp image/usr/bin/runlet "$RUNTIME"
	[ -s image/usr/share/man/man8/runlet.8 ]
	for name in bash-completion/completions/runlet zsh/site-functions/_runlet fish/vendor_completions.d/runlet.fish; do
		[ -s "image/usr/share/$name" ]
	done
	for document in "$BATS_TEST_DIRNAME"/../../docs/*.md README.md; do
		[ -s "image/usr/share/doc/runlet/${document##*/}" ]
	done
	[ -z "$(find image ! -type d ! -path 'image/usr/*')" ]
}
