#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# What the build promises: the same bytes wherever and whenever, rebuilding only what an option can change, applications
# and libraries outside the tree, skeletons that build and pass, the configuration targets.
set -u

. tests/tap.sh

top=$(pwd)
out=$TAP_DIR/o
app=$TAP_DIR/greeter
image=$out/greeter_kvm-x86_64

mk() {
	make --no-print-directory APP="$app" O="$out" "$@"
}

# The README's application, outside of the tree.
mkdir "$app"
printf 'DESC = greets\nDEPS = libc\nSRCS = main.c\n' >"$app/Makefile.uk"
printf '#include <stdio.h>\nint main(int argc, char **argv) { return puts(argv[argc - 1]) < 0; }\n' >"$app/main.c"

tap_ok "an application outside the tree builds" mk
tap_has "a step is one line with a count" "] CC lib/core/boot/boot.c" "$TAP_OUT"
tap_has "the last step has the last number" "] STRIP greeter_kvm-x86_64" "$TAP_OUT"
tap_lacks "no command is shown" "-ffunction-sections" "$TAP_OUT"
tap_ok "the image is there, and the one with symbols" test -s "$image" -a -s "$image.dbg"
tap_ok "nothing to do" mk
tap_lacks "does nothing" "[" "$TAP_OUT"
tap_ok "V=1 shows the commands" mk -B V=1
tap_has "with their flags" "-ffunction-sections" "$TAP_OUT"
if command -v qemu-system-x86_64 >/dev/null; then
	tap_ok "it runs" mk run PLAT=kvm ARGS='"Hello, Ada"'
	tap_has "and greets" "Hello, Ada" "$TAP_OUT"
fi

# The same bytes: another folder, another tree, another user, another time, another order of jobs.
sum() {
	sha256sum <"$1"
}
before=$(sum "$image")
mkdir "$TAP_DIR/elsewhere"
for part in apps arch drivers lib plat support Config.uk Makefile; do
	[ ! -e "$top/$part" ] || cp -r "$top/$part" "$TAP_DIR/elsewhere/"
done
cp -r "$app" "$TAP_DIR/elsewhere/greeter"
cd "$TAP_DIR/elsewhere" || exit 1
tap_ok "another copy of the tree builds it" env USER=somebody HOME="$TAP_DIR" TZ=Asia/Tokyo LANG=de_DE.UTF-8 \
    TESSERA_CACHE="$TAP_DIR/cache" make -j1 --no-print-directory APP=./greeter O=out
tap_is "to the same bytes" "$before" "$(sum out/greeter_kvm-x86_64)"
tap_is "with symbols, too" "$(sum "$image.dbg")" "$(sum out/greeter_kvm-x86_64.dbg)"
sleep 1.1
tap_ok "clean" make --no-print-directory APP=./greeter O=out clean
tap_ok "a clean build later" make --no-print-directory APP=./greeter O=out
tap_is "gives the same bytes" "$before" "$(sum out/greeter_kvm-x86_64)"

# Skeletons, in the copy.
tap_ok "new-lib writes a library" make --no-print-directory new-lib NAME=core/sample
tap_ok "new-app writes an application" make --no-print-directory new-app NAME=sample
tap_ok "the application builds" make --no-print-directory APP=sample
tap_fails "a name that is taken is refused" make --no-print-directory new-lib NAME=core/sample
tap_has "with the reason" "already" "$TAP_OUT"
tap_fails "a bad name is refused" make --no-print-directory new-app NAME=Bad/Name
tap_ok "the library's test builds" make --no-print-directory APP=tests O=out.tests
if command -v qemu-system-x86_64 >/dev/null; then
	tap_ok "the application runs" make --no-print-directory APP=sample run
	tap_ok "and the library's test passes" make --no-print-directory APP=tests O=out.tests run \
	    PARAMS="test.match='sample.*'"
	tap_has "as a test of its own" "ok 1 - sample." "$TAP_OUT"
fi
mkdir -p docs
cp "$top"/docs/*.txt docs/ && cp "$top/CHANGES.md" "$top/.clang-format" .
for rule in files functions libraries layers includes names options documented layout; do
	make --no-print-directory check RULE=$rule >"$TAP_OUT" 2>&1
	tap_lacks "the static gate ($rule) has nothing against the skeletons" "/sample/" "$TAP_OUT"
done
cd "$top" || exit 1

# Only what can change is built anew.
mk >"$TAP_OUT" 2>&1
tap_ok "an option of one library" mk setconfig CORE_BOOT_BANNER=n
tap_ok "is built in" mk
tap_has "its library is compiled" "CC lib/core/boot/boot.c" "$TAP_OUT"
tap_lacks "and no other" "CC lib/core/print" "$TAP_OUT"
tap_lacks "not the application either" "greeter/main.c" "$TAP_OUT"
tap_ok "set back" mk setconfig CORE_BOOT_BANNER=y
tap_ok "it builds" mk
tap_is "to the bytes of before" "$before" "$(sum "$image")"
echo '/* a comment */' >>"$app/main.c"
tap_ok "a changed source" mk
tap_is "is compiled alone" 1 "$(grep -c '\] CC ' "$TAP_OUT")"

# A library outside the tree.
ext=$TAP_DIR/ext/core/outside
mkdir -p "$ext/include/uk"
printf 'DESC = outside\nSRCS = outside.c\n' >"$ext/Makefile.uk"
printf 'config CORE_OUTSIDE\n\tbool "Outside"\n\thelp\n\t  A library outside the tree.\n' >"$ext/Config.uk"
printf '#pragma once\n/* The answer. Context: any. */\nint uk_outside_answer(void);\n' >"$ext/include/uk/outside.h"
printf '#include <uk/outside.h>\n\nint uk_outside_answer(void)\n{\n\treturn 42;\n}\n' >"$ext/outside.c"
printf 'DESC = greets\nDEPS = libc core/outside\nSRCS = main.c\n' >"$app/Makefile.uk"
printf '#include <uk/outside.h>\nint main(void)\n{\n\treturn uk_outside_answer() - 42;\n}\n' >"$app/main.c"
tap_fails "a library outside the tree is not known" mk
tap_ok "but with EXTLIBS" mk EXTLIBS="$TAP_DIR/ext"
tap_has "it is compiled" "outside.c" "$TAP_OUT"
tap_ok "a folder that is a library itself does, too" mk O="$out.2" EXTLIBS="$ext" libs
tap_ok "libs lists it" mk EXTLIBS="$TAP_DIR/ext" libs
tap_has "by its name" "core/outside" "$TAP_OUT"

# The configuration targets.
sound() {
	make --no-print-directory APP=hello O="$out.3" "$@"
}
tap_ok "defconfig" sound defconfig
tap_ok "savedefconfig" sound savedefconfig
tap_is "of the defaults is what the application says" "$(grep -v '^#' apps/hello/defconfig 2>/dev/null)" \
    "$(cat "$out.3/defconfig")"
tap_ok "setconfig" sound setconfig TOOLCHAIN_LTO=y
tap_ok "diffconfig" sound diffconfig
tap_has "shows what was set" "TOOLCHAIN_LTO n -> y" "$TAP_OUT"
tap_ok "listnewconfig" sound listnewconfig
sed '/TOOLCHAIN_UBSAN/d' "$out.3/.config" >"$TAP_DIR/config" && cp "$TAP_DIR/config" "$out.3/.config"
echo 'CONFIG_GONE=y' >>"$out.3/.config"
tap_ok "listnewconfig after an update" sound listnewconfig
tap_has "lists the new option" "CONFIG_TOOLCHAIN_UBSAN" "$TAP_OUT"
tap_ok "olddefconfig" sound olddefconfig
tap_lacks "drops what is gone" "CONFIG_GONE" "$out.3/.config"
tap_has "adds what is new" "CONFIG_TOOLCHAIN_UBSAN" "$out.3/.config"
tap_has "keeps what was set" "CONFIG_TOOLCHAIN_LTO=y" "$out.3/.config"
tap_ok "randconfig" sound randconfig SEED=7
cp "$out.3/.config" "$TAP_DIR/seed7"
tap_ok "with the same seed" sound randconfig SEED=7
tap_ok "is the same" cmp "$out.3/.config" "$TAP_DIR/seed7"
tap_ok "boot-order" sound defconfig boot-order
tap_ok "help" make --no-print-directory help
for goal in menuconfig size graph info licenses run debug test bench sweep check fresh new-app new-lib fuzz soak \
    crash posix; do
	tap_has "help names $goal" "$goal" "$TAP_OUT"
done
tap_ok "a configuration and its build in one call" sound setconfig TOOLCHAIN_LTO=n TOOLCHAIN_OPTIMIZE_SPEED=y all
tap_has "the build saw it" "-O2" "$out.3/build.mk"
tap_ok "clean and build in one call" sound clean all
tap_ok "goals of the configuration in one call" make --no-print-directory -j8 APP=hello O="$out.4" \
    defconfig setconfig CORE_LOCK_CPUS=3
tap_ok "they ran in their order" grep -q '^CONFIG_CORE_LOCK_CPUS=3$' "$out.4/.config"
tap_ok "a folder's build can be removed" sound clean
tap_ok "without the configuration" test -e "$out.3/.config"
tap_done
