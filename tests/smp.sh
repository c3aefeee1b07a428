#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Several CPUs and CPUs that lack things, on kvm: the tests of libraries in an image made for four CPUs, with fewer and
# as many, and those of the platform alone, which then starts the other CPUs itself. Emulated, each CPU by a thread.
. tests/tap.sh
tap_require_tool qemu-system-x86_64

O=build/test/smp
tool="support/run/run.py --accel=tcg --mem=256M --timeout=120"
full=$O/full/tests_kvm-x86_64
alone=$O/alone/tests_kvm-x86_64

# build FOLDER LINE…: the tests with this configuration
build() {
	mkdir -p "$O/$1"
	out=$1
	shift
	printf '%s\n' "# CONFIG_PLAT_LINUX is not set" CONFIG_CORE_LOCK=y CONFIG_CORE_LOCK_CPUS=4 "$@" >"$O/$out/.config"
	make --no-print-directory O="$O/$out" APP=tests all
}

# smp NAME CPUS OPTIONS IMAGE: the image's own tests pass, and nothing of them was skipped for want of CPUs
smp() {
	name=$1 cpus=$2
	shift 2
	tap_ok "$name: passes" $tool --cpus="$cpus" "$@"
	tap_lacks "$name: no table of the firmware was refused" "firmware's tables" "$TAP_OUT"
}

tap_ok "the tests build for four CPUs" build full CONFIG_ALL_LIBRARIES=y
tap_ok "the platform's alone, too" build alone "# CONFIG_ALL_LIBRARIES is not set"

for machine in microvm q35; do
	for cpus in 1 2 4; do
		smp "$machine, $cpus CPUs, threads" $cpus --machine=$machine --params='test.match=thread*' $full
		smp "$machine, $cpus CPUs, platform alone" $cpus --machine=$machine $alone
		if [ $cpus = 1 ]; then
			tap_has "$machine: one CPU is one CPU" "kicks_wake # SKIP one CPU" "$TAP_OUT"
		else
			tap_lacks "$machine: there are $cpus CPUs" "SKIP one CPU" "$TAP_OUT"
		fi
	done
done
smp "more CPUs than the image is made for" 6 $alone
smp "microvm with ACPI" 4 --qemu-args='-M microvm,acpi=on' $alone
tap_lacks "microvm with ACPI: there are 4 CPUs" "SKIP one CPU" "$TAP_OUT"
smp "everything on 4 CPUs" 4 $full

for model in qemu64 max core2duo "qemu64,-nx" "max,-fsgsbase,-xsave,-rdrand" "max,-x2apic,-tsc-deadline"; do
	smp "$model" 2 --machine=q35 --qemu-args="-cpu $model" $alone
	tap_lacks "$model: there are 2 CPUs" "SKIP one CPU" "$TAP_OUT"
	smp "$model, threads" 2 --machine=q35 --qemu-args="-cpu $model" --params='test.match=thread*' $full
done
for machine in q35 "microvm,acpi=off,pit=on,pic=on"; do
	smp "$machine without a local APIC" 1 --qemu-args="-M $machine -cpu qemu64,-apic" $alone
	smp "$machine without a local APIC, threads" 1 --qemu-args="-M $machine -cpu qemu64,-apic" \
	    --params='test.match=thread*' $full
done

# The key of the console lists threads, in the middle of whatever runs.
(sleep 1; printf 'a\034b'; sleep 5) | $tool --cpus=2 --params='test.match=thread*' $full >"$TAP_OUT" 2>&1
tap_has "Ctrl-\\ lists threads" "threads, scheduler" "$TAP_OUT"

for cpus in 0 -1 x 1.5; do
	tap_status "CPUS=$cpus is refused" 2 support/run/run.py --cpus=$cpus $alone
	tap_has "CPUS=$cpus: and named" "error: CPUS=$cpus" "$TAP_OUT"
done
tap_done
