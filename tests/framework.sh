#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# The unit test framework itself: a case that should fail does, says where, and the rest go on.
. tests/tap.sh

O=build/test/failing
image=$O/failing_linux-x86_64
run() { support/run/run.py "$@" $image; }

tap_ok "the failing tests build" make --no-print-directory O=$O APP=tests/failing defconfig all

tap_status "failures make the status 1" 1 run --params="test.match=self_*"
cp "$TAP_OUT" "$TAP_DIR/all"
tap_has "the plan counts elements" "1..15" "$TAP_DIR/all"
while read -r text; do
	tap_has "prints: $text" "$text" "$TAP_DIR/all"
done <<-'END'
	self_failing.check # main.c:10: 1 == 2
	# main.c:11: 3 == 4 (3, 4 = 0x3, 0x4)
	# main.c:12: "left" == "right" ('left', 'right')
	# main.c:13: "left" == NULL ('left', '(null)')
	self_failing.require # main.c:18: 1 == 2
	self_failing.bug # panic: app/failing/main.c:24: unexpected
	self_failing.trap # panic: page fault
	self_failing.no_crash # no panic, expected: expected text
	self_failing.other_crash # panic: app/failing/main.c:40: other text
	self_failing.second_element[0]
	self_failing.second_element[1] # main.c:47: *it != 2
	self_failing.second_element[2]
	self_setup.must_not_run # fixture: setup failed
	self_teardown.runs # main.c:74: !"teardown was here"
	self_passing.skip # SKIP for a reason
	self_passing.crash
END
tap_lacks "a failed UK_REQUIRE ends the case" "reached" "$TAP_DIR/all"
tap_lacks "nothing runs after a failed setup" "ran\"" "$TAP_DIR/all"
tap_is "failures are counted" 10 "$(grep -c '^not ok' "$TAP_DIR/all")"
tap_is "the others pass" 5 "$(grep -c '^ok' "$TAP_DIR/all")"

tap_status "what passes has status 0" 0 run --params='test.match=self_passing.*'
tap_has "a pattern selects" "1..3" "$TAP_OUT"
tap_status "nothing selected is a failure" 1 run --params='test.match=nothing'
tap_has "and is told" "no case matches" "$TAP_OUT"
tap_done
