#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# hello through `make run` and `make debug` on each platform: words, parameters, statuses, memory, debugger.
. tests/tap.sh
tap_require_tool qemu-system-x86_64

O=build/test/boot
tool=support/run/run.py

run() { make --no-print-directory O=$O APP=hello PLAT="$plat" ACCEL=tcg run "$@"; }

tap_ok "hello builds for both platforms" make --no-print-directory O=$O APP=hello defconfig all
for plat in kvm linux; do
	image=$O/hello_$plat-x86_64
	tap_ok "$plat: make run succeeds" run ARGS="'two words' it\\'s"
	tap_has "$plat: greets" "Hello, world!" "$TAP_OUT"
	tap_has "$plat: an argument with a space is one" "two words" "$TAP_OUT"
	tap_has "$plat: a quote survives" "it's" "$TAP_OUT"
	tap_has "$plat: the status is told" "status 0" "$TAP_OUT"
	tap_has "$plat: the banner names the platform" "hello on $plat" "$TAP_OUT"
	tap_ok "$plat: PARAMS=help succeeds" run PARAMS=help
	tap_has "$plat: help lists banner" "banner" "$TAP_OUT"
	tap_lacks "$plat: help does not start the application" "Hello" "$TAP_OUT"
	tap_ok "$plat: banner=off" run PARAMS=banner=off
	tap_lacks "$plat: no banner then" "Tessera 0" "$TAP_OUT"
	tap_status "$plat: an unknown parameter is status 64" 64 $tool --accel=tcg --params=no.such=1 $image
	tap_has "$plat: and is named" "no.such" "$TAP_OUT"
	tap_fails "$plat: make fails then, too" run PARAMS=no.such=1
	tap_ok "$plat: the environment is accepted" run ENV="A=1 B='x y'"
	tap_ok "$plat: files are accepted" run FILES=support/run
	tap_ok "$plat: a dry run prints a command" run DRY=1
	tap_lacks "$plat: and does not start it" "Hello" "$TAP_OUT"
	if command -v gdb >/dev/null 2>&1; then
		tap_ok "$plat: make debug stops at main" \
		    make --no-print-directory O=$O APP=hello PLAT=$plat ACCEL=tcg debug \
			GDB_ARGS='-batch -ex bt -ex "info line"'
		tap_has "$plat: with symbols and lines" "main.c" "$TAP_OUT"
	else
		tap_skip "$plat: make debug" "gdb is not installed"
	fi
done

plat=kvm
image=$O/hello_kvm-x86_64
tap_ok "q35 boots it" run MACHINE=q35
tap_has "q35: greets" "Hello, world!" "$TAP_OUT"
for mem in 1152k 2M 64M 2G 5G; do
	tap_ok "boots with MEM=$mem" run MEM=$mem
done
tap_ok "boots on a plain CPU" $tool --accel=tcg --qemu-args='-cpu qemu64' $image
tap_ok "boots with two CPUs" run CPUS=2
tap_ok "ends by ACPI or reset without the exit device" sh -c "
	timeout 20 qemu-system-x86_64 -M q35 -accel tcg -m 64M -nodefaults -display none -no-reboot -serial stdio \
		-kernel $image | grep -q 'Hello, world!'"

tap_ok "runs in the background" run DETACH=1 NAME=boot-test
tap_ok "its log can be followed" make --no-print-directory logs NAME=boot-test FOLLOW=1
tap_has "the log has its console" "Hello, world!" "$TAP_OUT"
tap_ok "ps lists it" make --no-print-directory ps
tap_has "with its status" "status 0" "$TAP_OUT"
tap_ok "stop of one that has ended is no error" make --no-print-directory stop NAME=boot-test
rm -rf build/run/boot-test
tap_done
