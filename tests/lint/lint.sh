# lint.sh - what the lint scripts share.  Sourced by them with `set -eu` on.
#
# Each script checks the tree in $1, or else in $srcdir (automake sets it), or else the one that it stands in; it names
# each breach as FILE:LINE: and fails when there is any.
root=${1:-${srcdir:-$(dirname "$0")/../..}}
cd "$root"

# Our C and assembler sources, one a line.
sources() {
	find src include tests -type f \( -name '*.c' -o -name '*.h' -o -name '*.S' \) ! -path 'tests/*/build*' | LC_ALL=C sort
}

# Reads breaches on standard input, prints them, and fails when there is one.
report() {
	awk '{ print; count++ } END { exit count > 0 }'
}
