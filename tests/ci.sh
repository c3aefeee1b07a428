#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# .ci/run: the gate, then the tests, the counts as its last line, and a status that no failure escapes. ./tessera is a
# stand-in in a scratch folder.
set -u

. tests/tap.sh

mkdir -p "$TAP_DIR/tree/.ci"
cp .ci/run "$TAP_DIR/tree/.ci/"
cat >"$TAP_DIR/tree/tessera" <<'END'
#!/bin/sh
echo "$*" >>log
case $1 in
check) exit "$(cat check)" ;;
test)
	cat counts
	exit "$(cat ended)" ;;
esac
END
chmod +x "$TAP_DIR/tree/tessera"
cd "$TAP_DIR/tree" || exit 1

# outcome CHECK TEST COUNTS: what the gate and the tests end with
outcome() {
	rm -f log
	echo "$1" >check
	echo "$2" >ended
	echo "$3" >counts
}

outcome 0 0 "12 passed, 0 failed, 3 skipped"
tap_ok "all is well" .ci/run
tap_is "the counts are the last line" "12 passed, 0 failed, 3 skipped" "$(tail -n 1 "$TAP_OUT")"
tap_is "the gate first, then exactly the README's command" "check test " "$(tr '\n' ' ' <log)"
outcome 1 0 "12 passed, 0 failed, 3 skipped"
tap_fails "the gate fails" .ci/run
tap_has "the tests run all the same" test log
outcome 0 1 "11 passed, 1 failed, 3 skipped"
tap_fails "a test fails" .ci/run
tap_is "the counts are the last line then, too" "11 passed, 1 failed, 3 skipped" "$(tail -n 1 "$TAP_OUT")"
outcome 0 0 "something else"
tap_fails "tests that end without counts" .ci/run
outcome 0 124 ""
tap_fails "out of time" .ci/run
tap_has "is said" "not finished" "$TAP_OUT"
tap_is "and still ends with counts" "0 passed, 1 failed, 0 skipped" "$(tail -n 1 "$TAP_OUT")"
tap_done
