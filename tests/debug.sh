#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Looking at threads from outside: the list that SIGQUIT and Ctrl-\ ask for, and gdb's own `info threads` and `bt`.
. tests/tap.sh
tap_require_tool qemu-system-x86_64
tap_require_tool gdb
tap_require_tool gdbserver

O=build/test/spinning
tool="support/run/run.py --accel=tcg"

tap_ok "the application builds" make --no-print-directory O=$O APP=tests/spinning defconfig all

# Whether the list of threads in file $2 is there, for platform $1.
check_list()
{
	for text in 'spinner .* cpu 0' 'sleeper .*waiting' 'main .*waiting' 'never_stop (' 'sleep_for_ever (' \
	    'main ('; do
		tap_ok "$1: the list has $text" grep -q "$text" "$2"
	done
}

list=$(mktemp)
$tool --plat=linux --timeout=4 $O/spinning_linux-x86_64 >"$list" 2>&1 </dev/null &
run=$!
sleep 1
child=$(grep -lx spinning_linux- /proc/[0-9]*/comm 2>/dev/null | head -n 1 | cut -d / -f 3) # 15 characters of its name
[ -z "$child" ] || kill -QUIT "$child"
wait $run
check_list linux "$list"
(sleep 3; printf '\034'; sleep 2) | $tool --plat=kvm --timeout=6 $O/spinning_kvm-x86_64 >"$list" 2>&1
check_list kvm "$list"

for plat in linux kvm; do
	timeout 60 $tool --plat=$plat --debug --gdb-args='-batch -ex "break spin_for_ever" -ex continue
	    -ex "info threads" -ex "thread apply all bt" -ex kill' $O/spinning_$plat-x86_64 >"$list" 2>&1 </dev/null
	tap_ok "$plat: gdb stops in the thread" grep -q 'Thread [0-9]* "spinner" hit Breakpoint' "$list"
	tap_ok "$plat: gdb knows the one that runs" grep -q '"spinner" (running, CPU 0) *spin_for_ever' "$list"
	tap_ok "$plat: gdb knows the one that waits" grep -q '"sleeper" (waiting, CPU 0)' "$list"
	tap_ok "$plat: gdb walks the stack of the one that waits" grep -q '^#[0-9]* .* in sleep_for_ever (' "$list"
	tap_ok "$plat: gdb walks the stack of the boot thread" grep -q '^#[0-9]* .* in main (' "$list"
done
rm -f "$list"
tap_done
