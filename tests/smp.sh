#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Several CPUs and CPUs that lack things, on kvm: the tests of libraries in an image made for four CPUs, with fewer and
# as many, and those of the platform alone, which then starts the other CPUs itself. Emulated, each CPU by a thread.
. tests/tap.sh
tap_require_tool qemu-system-x86_64

O=build/test/smp
tool="support/run/run.py --accel=tcg --mem=256M --timeout=120"
image=$O/tests_kvm-x86_64

build() {
	mkdir -p $O
	printf '%s\n' "# CONFIG_PLAT_LINUX is not set" CONFIG_CORE_LOCK_CPUS=4 CONFIG_ALL_LIBRARIES=y >$O/.config
	make --no-print-directory O=$O APP=tests all
}

# smp NAME CPUS PATTERN OPTIONS: the tests of the image pass
smp() {
	name=$1 cpus=$2 match=$3
	shift 3
	tap_ok "$name: $match pass" $tool --cpus="$cpus" --params="test.match='$match' $params" "$@" $image
	tap_lacks "$name: no table of the firmware is refused" "firmware's tables" "$TAP_OUT"
}

# alone NAME CPUS OPTIONS: the platform's own tests, which start the other CPUs themselves since the scheduler uses one
alone() {
	name=$1 cpus=$2
	shift 2
	params=cpus=1
	smp "$name" "$cpus" 'kvm*' "$@"
	params=
	if [ "$cpus" = 1 ]; then
		tap_has "$name: one CPU is one CPU" "kicks_wake # SKIP one CPU" "$TAP_OUT"
	else
		tap_lacks "$name: the other CPUs are used" "kicks_wake # SKIP" "$TAP_OUT"
	fi
}
params=

tap_ok "the tests build for four CPUs" build

for machine in microvm q35; do
	for cpus in 1 2 4; do
		smp "$machine, $cpus CPUs" $cpus 'thread*' --machine=$machine
		alone "$machine, $cpus CPUs" $cpus --machine=$machine
	done
done
alone "more CPUs than the image is made for" 6
alone "microvm with ACPI" 4 --qemu-args='-M microvm,acpi=on'
smp "4 CPUs" 4 '*'

for model in qemu64 max core2duo "max,-fsgsbase,-xsave,-rdrand" "max,-x2apic,-tsc-deadline"; do
	alone "$model" 2 --machine=q35 --qemu-args="-cpu $model"
	smp "$model" 2 'thread*' --machine=q35 --qemu-args="-cpu $model"
done
for machine in q35 microvm; do
	options="-cpu qemu64,-apic"
	[ $machine = q35 ] || options="$options -M microvm,pit=on,pic=on"
	alone "$machine without a local APIC" 1 --machine=$machine --qemu-args="$options"
	smp "$machine without a local APIC" 1 'thread*' --machine=$machine --qemu-args="$options"
done

# The key of the console lists threads, in the middle of whatever runs.
(sleep 1; printf 'a\034b'; sleep 5) | $tool --cpus=2 --params='test.match=thread*' $image >"$TAP_OUT" 2>&1
tap_has "Ctrl-\\ lists threads" "threads, scheduler" "$TAP_OUT"

for cpus in 0 -1 x 1.5; do
	tap_status "CPUS=$cpus is refused" 2 support/run/run.py --cpus=$cpus $image
	tap_has "CPUS=$cpus: and named" "error: CPUS=$cpus" "$TAP_OUT"
done
tap_done
