#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# The reports on the tree and on an image, link errors in one line, skeletons. Built for the linux platform, in a
# folder of its own.
. tests/tap.sh

out=$TAP_DIR/build
app=$TAP_DIR/probe
mk() { make --no-print-directory O="$out" "$@"; }
build() { mk APP="$app" "$@"; }
image=$out/probe_linux-x86_64

# An application outside the tree, in which mistakes are made.
mkdir -p "$app"
cat >"$app/Makefile.uk" <<-END
	DESC = a probe
	DEPS = libc
	SRCS = main.c
END
printf '# CONFIG_PLAT_KVM is not set\nCONFIG_PLAT_LINUX=y\n' >"$app/defconfig"
printf 'config APP_PROBE_NUMBER\n\tint "a number"\n\tdefault 1\n\thelp\n\t  A number.\n' >"$app/Config.uk"
program() { printf '#include <stdio.h>\n%s\nint main(void)\n{\n\t%s\n\treturn 0;\n}\n' "$1" "$2" >"$app/main.c"; }
# A function of its own that link-time optimisation does not move into its caller.
program 'static __attribute__((noinline, noipa)) int probe(int n) { return printf("%d\\n", n); }' 'probe(1);'
tap_ok "the probe builds" build

# Every byte of the image is on one line of the table.
tap_ok "size" build size PLAT=linux
sums() { awk -F, -v c="$1" 'NR > 1 && $1 != "total" { s += $c } END { print s }' "$image.size.csv"; }
total() { awk -F, -v c="$1" '$1 == "total" { print $c }' "$image.size.csv"; }
tap_is "the lines sum up to the file" "$(wc -c <"$image")" "$(sums 5)"
tap_is "and so does the total" "$(wc -c <"$image")" "$(total 5)"
tap_is "text and data are what is in the file" "$(sums 5)" "$(($(sums 2) + $(sums 3)))"
bss=$(readelf -SW "$image" | awk '/ NOBITS / { sub(/.*NOBITS/, ""); print "0x" $3 }')
wanted=0
for size in $bss; do wanted=$((wanted + size)); done
tap_is "bss is that of the image" "$wanted" "$(total 4)"
largest() { grep -v '^[("]' "$image.size.csv" | sed '1d;/^total/d' | cut -d, -f5; }
tap_is "largest first" "$(largest | sort -rn)" "$(largest)"
tap_has "libraries are on it" "core/boot," "$image.size.csv"
tap_lacks "nothing is unattributed" "link-time" "$image.size.csv"
tap_fails "a platform that is not configured is an error" build size PLAT=nowhere

tap_ok "the same with link-time optimisation" mk APP="$app" O="$out.lto" setconfig TOOLCHAIN_LTO=y
tap_ok "size after link-time optimisation" mk APP="$app" O="$out.lto" size PLAT=linux
lto=$out.lto/probe_linux-x86_64
tap_is "it is the file, too" "$(wc -c <"$lto")" "$(awk -F, '$1 == "total" { print $5 }' "$lto.size.csv")"
tap_has "the application has its line" "app/probe," "$lto.size.csv"
tap_has "a library has its line" "core/boot," "$lto.size.csv"

tap_ok "info" mk info IMAGE="$image"
tap_has "info knows the application" "application   probe" "$TAP_OUT"
tap_has "the platform" "platform      linux-x86_64" "$TAP_OUT"
tap_has "the version" "version       $(sed -n 's/^VERSION := //p' support/build/main.mk)" "$TAP_OUT"
tap_has "a library" "  core/boot" "$TAP_OUT"
tap_ok "info on the optimised one" mk info IMAGE="$lto"
tap_has "an option that was changed" "CONFIG_TOOLCHAIN_LTO=y" "$TAP_OUT"
tap_fails "info on what is no image" mk info IMAGE=/bin/sh
tap_has "it says so" "not an image of this system" "$TAP_OUT"
tap_fails "info on nothing" mk info IMAGE=/nonexistent
tap_fails "info without IMAGE=" mk info
head -c 3000 "$image" >"$TAP_DIR/cut"
tap_fails "info on a part of an image" mk info IMAGE="$TAP_DIR/cut"
tap_lacks "is told in a line" "Traceback" "$TAP_OUT"

tap_ok "libs" build libs
tap_has "libs marks what is chosen" "* core/boot" "$TAP_OUT"
tap_ok "licenses" build licenses
tap_has "licenses has every part" "app/probe" "$TAP_OUT"
tap_has "and its licence" "BSD-3-Clause" "$TAP_OUT"

tap_ok "graph" build graph PLAT=linux
tap_has "an edge has its reason" '"app/probe" -> "libc/nolibc" [label="printf"' "$image.graph.dot"
if command -v dot >/dev/null; then
	tap_has "the picture is drawn" "</svg>" "$image.graph.svg"
else
	tap_skip "the picture is drawn" "graphviz is not installed"
fi
rm -f "$image.graph.svg"
mkdir "$TAP_DIR/bin"
for tool in nm gcc-nm python3; do ln -s "$(command -v $tool)" "$TAP_DIR/bin/$tool"; done
tap_ok "without graphviz" env PATH="$TAP_DIR/bin" /usr/bin/python3 -B support/report/graph.py "$out/build.json"
tap_has "it says what is missing" "Debian package graphviz" "$TAP_OUT"

# Link errors in one line.
one_line() { grep -c 'error:' "$TAP_OUT"; }
program 'int nonesuch(void);' 'nonesuch();'
tap_fails "an undefined symbol" build
tap_has "names the symbol and the user" '`nonesuch` is used by app probe' "$TAP_OUT"
tap_has "and the file" "$app/main.c:5: error:" "$TAP_OUT"
tap_is "in one line" 1 "$(one_line)"
tap_fails "a second make does not trust what is left" build
program 'int uk_bitmap_count(void);' 'uk_bitmap_count();'
tap_fails "a symbol of a library that is switched off" build
tap_has "names the option" "enable CORE_BITMAP (make setconfig APP=" "$TAP_OUT"
tap_ok "the mend is carried out" build setconfig CORE_BITMAP=y
tap_ok "and mends it" build
program 'int uk_boot_start(void); int uk_boot_start(void) { return 1; }' ''
tap_fails "two definitions of a symbol" build
tap_has "names the file to mend" "rename it in app probe" "$TAP_OUT"
tap_has "begins with the place to mend" "$app/main.c:2: error: \`uk_boot_start\` is defined twice" "$TAP_OUT"
tap_has "names both providers" "app probe (" "$TAP_OUT"
tap_has "the second provider" "core/boot (lib/core/boot/boot.c" "$TAP_OUT"
tap_is "in one line again" 1 "$(one_line)"
program "" 'printf("probe\\n");'
tap_ok "the mended probe builds" build

# A library with a global that is not its own.
lib=$TAP_DIR/ext/core/stray
mkdir -p "$lib/include/uk"
printf 'DESC = a stray\nSRCS = stray.c\n' >"$lib/Makefile.uk"
printf 'config CORE_STRAY\n\tbool "stray"\n\thelp\n\t  A stray.\n' >"$lib/Config.uk"
printf 'int stray;\nint uk_stray_ok;\n' >"$lib/stray.c"
tap_ok "a library outside the tree" build EXTLIBS="$TAP_DIR/ext" setconfig CORE_STRAY=y
tap_fails "a global without its library's prefix" build EXTLIBS="$TAP_DIR/ext"
tap_has "is named with file and mend" '`stray` of core/stray does not begin with uk_stray_' "$TAP_OUT"
tap_lacks "a proper one is not" "uk_stray_ok" "$TAP_OUT"
printf 'static int stray;\nint uk_stray_ok = sizeof(stray);\n' >"$lib/stray.c"
tap_ok "mended it builds" build EXTLIBS="$TAP_DIR/ext"
tap_done
