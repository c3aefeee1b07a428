# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# A test in POSIX sh that prints TAP: `. tests/tap.sh` at the top of a script that make test starts in the root of the
# tree, then any of the functions below, then tap_done.
#
#	tap_is NAME WANTED GOT               equal strings
#	tap_has NAME TEXT FILE               the file contains the text
#	tap_lacks NAME TEXT FILE             and this one does not
#	tap_status NAME STATUS COMMAND…      the command's exit status; its output goes to $TAP_OUT
#	tap_ok NAME COMMAND…                 status 0
#	tap_fails NAME COMMAND…              any status but 0
#	tap_skip NAME REASON                 not tried here, and why
#	tap_require_tool TOOL…               skip the whole script unless they are installed
#
# $TAP_DIR is a scratch folder that vanishes at the end; $TAP_OUT holds what the last command printed.

TAP_DIR=$(mktemp -d "${TMPDIR:-/tmp}/tessera-test.XXXXXX") || exit 1
TAP_OUT=$TAP_DIR/out
tap_count=0
tap_failed=0
: >"$TAP_OUT"

tap_cleanup() { rm -rf "$TAP_DIR"; }
trap tap_cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# tap_report STATUS NAME REMARK: one result line; of a failure also the end of the last command's output
tap_report() {
	tap_count=$((tap_count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_count - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $2 # $3"
		tail -n 20 "$TAP_OUT" | sed 's/^/# /'
	fi
}

tap_is() {
	[ "$2" = "$3" ]
	tap_report $? "$1" "wanted '$2', got '$3'"
}

tap_has() {
	grep -qF -e "$2" -- "$3"
	tap_report $? "$1" "no '$2' in the output"
}

tap_lacks() {
	! grep -qF -e "$2" -- "$3"
	tap_report $? "$1" "'$2' in the output"
}

tap_status() {
	tap_name=$1 tap_wanted=$2
	shift 2
	"$@" >"$TAP_OUT" 2>&1 </dev/null
	tap_got=$?
	[ "$tap_got" = "$tap_wanted" ]
	tap_report $? "$tap_name" "status $tap_got, wanted $tap_wanted"
}

tap_ok() {
	tap_name=$1
	shift
	tap_status "$tap_name" 0 "$@"
}

tap_fails() {
	tap_name=$1
	shift
	"$@" >"$TAP_OUT" 2>&1 </dev/null
	[ $? != 0 ]
	tap_report $? "$tap_name" "status 0, wanted a failure"
}

tap_skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

tap_require_tool() {
	for tap_tool in "$@"; do
		if ! command -v "$tap_tool" >/dev/null 2>&1; then
			echo "1..0 # SKIP $tap_tool is not installed"
			exit 0
		fi
	done
}

tap_done() {
	echo "1..$tap_count"
	[ $tap_failed = 0 ]
	exit
}
