#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# A sample of `make posix`: a program of every second or third function of the POSIX test suite, and what the tool says
# of a list that is not exact.
. tests/tap.sh

O=build/test/posix
posix="support/test/posix.py --out=$O"
if $posix --match=raise/1-1 2>&1 | grep "error: cannot fetch"; then
	echo "1..0 # SKIP the POSIX test suite cannot be fetched"
	exit 0
fi

tap_ok "60 programs pass" $posix --sample=60
tap_has "none of them failed" " passed, 0 failed, " "$TAP_OUT"
tap_ok "there is a table of them" test -s $O/linux/posix.csv

grep '/ ' support/test/posix.txt >"$TAP_DIR/short"
tap_status "a program that fails and is not listed" 1 $posix --list="$TAP_DIR/short" --match=sigset/8-1
tap_has "it is named" "failed: sigset/8-1: fail: Test FAILED" "$TAP_OUT"
echo 'raise/1-1 passes' | cat "$TAP_DIR/short" - >"$TAP_DIR/long"
tap_status "a listed program that passes" 1 $posix --list="$TAP_DIR/long" --match=raise/1-1
tap_has "it is named, too" "failed: raise/1-1: passes, though" "$TAP_OUT"
echo 'raise/99-1 is not there' | cat "$TAP_DIR/short" - >"$TAP_DIR/stale"
tap_status "a listed program that is not there" 1 $posix --list="$TAP_DIR/stale" --match=raise/1-1
tap_has "its line is named" "raise/99-1 is no program" "$TAP_OUT"
echo 'raise/1-1' >"$TAP_DIR/bare"
tap_status "a line without a reason" 1 $posix --list="$TAP_DIR/bare"
tap_has "its line, too" "bare:1: no reason" "$TAP_OUT"
tap_status "no such program" 1 $posix --match=nothing
tap_done
