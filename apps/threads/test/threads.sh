#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# The programs come to right results with every scheduler, on one CPU and on several, and refuse what makes no sense.
. tests/tap.sh
tap_require_tool qemu-system-x86_64

O=build/test/threads
tool="support/run/run.py --accel=tcg --mem=64M --timeout=60"

tap_ok "threads builds with all schedulers" make --no-print-directory O=$O APP=threads defconfig \
    setconfig PLAT_LINUX=y SCHED_COOP=y SCHED_FAIR=y SCHED_EDF=y all
for sched in coop rr fair edf; do
	for cpus in 1 2 4; do
		tap_ok "linux, $cpus CPUs: right with $sched" \
		    $tool --cpus=$cpus --params=sched=$sched $O/threads_linux-x86_64
	done
	tap_ok "kvm, 2 CPUs: right with $sched" $tool --cpus=2 --params=sched=$sched \
	    --args='sort 100000' $O/threads_kvm-x86_64
done
tap_ok "kvm, one CPU: all three" $tool $O/threads_kvm-x86_64
for args in nonsense 'sort 0' 'sort -1' 'philosophers 1' 'sort 10 99999' 'pipeline x'; do
	tap_status "status 2 for '$args'" 2 $tool --args="$args" $O/threads_linux-x86_64
done
tap_status "an unknown scheduler is refused" 64 $tool --params=sched=nonsense $O/threads_linux-x86_64
tap_has "the known ones are named" "built in:" "$TAP_OUT"
tap_done
