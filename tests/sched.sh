#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Every scheduler from the command line, under the tests of threads and locks, on one CPU and on several; the policies
# themselves under a million random operations each.
. tests/tap.sh
tap_require_tool qemu-system-x86_64

O=build/test/sched
tool=support/run/run.py

# boot CPUS PARAMS: as an image for several CPUs starts on so many
boot() {
	case $image in
	*linux*) timeout 60 $tool --quiet --mem=256M --params="cpus=$1 $2" "$image" ;;
	*) timeout 60 $tool --quiet --mem=256M --cpus="$1" --params="$2" "$image" ;;
	esac
}

tap_ok "every scheduler is configured" make --no-print-directory O=$O APP=tests defconfig
tap_ok "on several CPUs, two platforms" make --no-print-directory O=$O APP=tests setconfig \
	CORE_LOCK_CPUS=4 PLAT_LINUX=y PLAT_KVM=y
tap_ok "the tests build" make --no-print-directory O=$O APP=tests all
for plat in linux kvm; do
	image=$O/tests_$plat-x86_64
	many='1 2'
	[ $plat = linux ] || many=2 # emulated, it takes its time
	for sched in coop rr fair edf; do
		for cpus in $many; do
			tap_ok "$plat: sched=$sched, $cpus CPUs: threads" boot $cpus "sched=$sched test.match=thread.*"
			tap_ok "$plat: sched=$sched, $cpus CPUs: locks" boot $cpus "sched=$sched test.match=*_threads.*"
		done
		tap_ok "$plat: sched=$sched: CPUs" boot 4 "sched=$sched test.match=cpus.*"
	done
	tap_status "$plat: an unknown scheduler is status 64" 64 boot 1 sched=nix
	tap_has "$plat: and is named" "unknown scheduler nix" "$TAP_OUT"
	tap_has "$plat: with those that exist" " fair" "$TAP_OUT"
done

image=$O/tests_linux-x86_64
for seed in 1 2 3; do
	tap_ok "a million operations on each policy, seed $seed" boot 1 \
		"sched.test.steps=1000000 sched.test.seed=$seed test.match=policies.*"
done
tap_done
