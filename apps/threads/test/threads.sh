#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# The programs of apps/threads on both platforms, one and several CPUs, under every scheduler; refused words.
. tests/tap.sh
tap_require_tool qemu-system-x86_64

O=build/test/threads
tool="support/run/run.py --accel=tcg"

mk() { make --no-print-directory O=$O APP=threads "$@"; }

# boot PLAT CPUS PARAMS ARGS
boot() {
	timeout 100 $tool --plat="$1" --cpus="$2" --mem=128M --params="banner=off $3" --args="$4" \
		"$O/threads_$1-x86_64"
}

# right NAME: that all three programs have said so
right() {
	for program in philosophers pipeline sort; do
		tap_has "$1: $program" "$program: right" "$TAP_OUT"
	done
}

tap_ok "configured" mk defconfig
tap_ok "with every scheduler" mk setconfig SCHED_COOP=y SCHED_FAIR=y SCHED_EDF=y
tap_ok "builds" mk all
for sched in rr coop fair edf; do
	for cpus in 1 2 4; do
		tap_ok "linux, $sched, $cpus CPUs" boot linux $cpus sched=$sched ''
		right "linux, $sched, $cpus CPUs"
		tap_has "linux, $sched: the sort used $cpus CPUs" "by $cpus threads" "$TAP_OUT"
	done
	for cpus in 1 2; do
		tap_ok "kvm, $sched, $cpus CPUs" boot kvm $cpus sched=$sched ''
		right "kvm, $sched, $cpus CPUs"
		tap_has "kvm, $sched: the sort used $cpus CPUs" "by $cpus threads" "$TAP_OUT"
	done
done

tap_ok "the smallest dinner" boot linux 2 '' 'philosophers 2 100'
tap_ok "the largest" boot linux 4 '' 'philosophers 64 20'
tap_ok "one number through the pipeline" boot linux 2 '' 'pipeline 1'
tap_ok "more threads than numbers" boot linux 2 '' 'sort 3 64'
tap_ok "threads that do not divide the numbers" boot linux 4 '' 'sort 100003 7'
for words in dinner 'philosophers 1' 'philosophers 65' 'philosophers x' 'philosophers 5 0' 'pipeline 3 3' \
    'pipeline -1' 'sort 10 65' 'sort 10 2 3' 'sort 0' 'sort 99999999999999999999'; do
	tap_status "refused: $words" 2 boot linux 1 '' "$words"
	tap_has "with the usage: $words" "usage: threads" "$TAP_OUT"
done
tap_status "memory that is not there is an error" 1 boot linux 1 '' 'sort 100000000'
tap_has "which says so" "not enough memory" "$TAP_OUT"
tap_status "an unknown scheduler is status 64" 64 boot linux 1 sched=nix ''
tap_has "which names those that there are" "built in:" "$TAP_OUT"
tap_done
