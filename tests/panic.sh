#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Every way to break ends at once with status 99, says what happened, and its backtrace has names; memory that runs out
# is an error and not an end.
. tests/tap.sh
tap_require_tool qemu-system-x86_64

O=build/test/broken
tool="support/run/run.py --accel=tcg --timeout=30"

tap_ok "the broken application builds" make --no-print-directory O=$O APP=tests/broken defconfig all
for plat in kvm linux; do
	image=$O/broken_$plat-x86_64
	while read -r way text; do
		tap_status "$plat: $way is a panic" 99 $tool --args="$way" $image
		tap_has "$plat: $way is named" "$text" "$TAP_OUT"
		case $way in
		data) ;; # the place of this panic is in data
		*) tap_has "$plat: the backtrace of $way has names" "break_$way (" "$TAP_OUT" ;;
		esac
	done <<-END
		bug broken on purpose, number 42
		assert assertion failed: zero == 1
		null page fault
		text page fault
		data page fault
		stack page fault
		instruction invalid
		divide divide
		wild panic:
	END
	tap_status "$plat: exit(42) is status 42" 42 $tool --args=status $image
	tap_status "$plat: abort is a panic" 99 $tool --args=abort $image
	tap_status "$plat: a usage error is status 2" 2 $tool --args=nonsense $image
	for mem in 4M 64M; do
		tap_ok "$plat: all of $mem can be taken, given back and taken again" \
		    $tool --mem=$mem --args=memory $image
	done
done
tap_done
