#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Mistakes in a configuration, in an application, in a library, in the machine: one clear line that names the place and
# the mend, a status that is not 0, and nothing left behind that a second make would trust.
set -u

. tests/tap.sh

app=$TAP_DIR/probe
out=$TAP_DIR/o

# The probe as it should be.
sound() {
	rm -rf "$app" "$out"
	mkdir -p "$app"
	printf 'DESC = a probe\nDEPS = libc\nSRCS = main.c\n' >"$app/Makefile.uk"
	: >"$app/Config.uk"
	printf '#include <stdio.h>\n\nint main(void)\n{\n\treturn puts("probe") < 0;\n}\n' >"$app/main.c"
}

mk() {
	make --no-print-directory APP="$app" O="$out" "$@"
}

# error NAME TEXT COMMAND…: fails, and says so in one line with the text; a second try fails as well
error() {
	name=$1 text=$2
	shift 2
	tap_fails "$name" "$@"
	grep -v '^make' "$TAP_OUT" | grep -F -e "$text" >"$TAP_DIR/line"
	tap_is "$name: one line says it" 1 "$(wc -l <"$TAP_DIR/line")"
	tap_lacks "$name: no traceback" Traceback "$TAP_OUT"
	tap_fails "$name: again" "$@"
}

# The configuration.
sound
echo 'CONFIG_MEM_TLFS=y' >"$app/defconfig"
error "a wrong option name in a defconfig" \
    "$app/defconfig:1: unknown option CONFIG_MEM_TLFS; did you mean CONFIG_MEM_TLSF" mk
printf '\nCONFIG_CORE_BOOT=maybe\n' >"$app/defconfig"
error "a value that an option cannot have" "$app/defconfig:2: CONFIG_CORE_BOOT=maybe" mk
echo 'CONFIG_MEM_TLSF_QUICK=y' >"$app/defconfig"
error "an option whose dependencies are not met" "$app/defconfig:1: CONFIG_MEM_TLSF_QUICK=y cannot hold" mk
tap_has "it names what is missing" "MEM_" "$TAP_DIR/line"
echo 'MEM_TLSF=y' >"$app/defconfig"
error "a line that is no assignment" "$app/defconfig:1: not an assignment" mk
printf 'CONFIG_PLAT_KVM=n\nCONFIG_PLAT_LINUX=n\n' >"$app/defconfig"
error "no platform" "no platform is selected" mk
sound
error "setconfig of an unknown option" "unknown option CONFIG_NONSENSE" mk setconfig NONSENSE=y
error "setconfig of a value of another type" "not a value of its type" mk setconfig PLAT_KVM=7
tap_ok "and then the default configuration builds" mk
error "libraries that are not there, after a build" "EXTLIBS: no Makefile.uk in /nonesuch" mk EXTLIBS=/nonesuch
tap_fails "files to embed that are not there" mk EMBED=/nonesuch
tap_has "are named" "EMBED=/nonesuch: not a folder" "$TAP_OUT"
tap_ok "and then it builds without them" mk

# The application.
error "an application that does not exist" "no Makefile.uk there" make --no-print-directory APP=nonesuch O="$out.2"
error "a folder without Makefile.uk" "no Makefile.uk there" make --no-print-directory APP=/tmp O="$out.2"
sound
echo 'SOURCES = main.c' >>"$app/Makefile.uk"
error "an unknown variable" "$app/Makefile.uk:4: unknown variable SOURCES" mk
sound
echo 'ifdef X' >>"$app/Makefile.uk"
error "a statement of make's own language" "$app/Makefile.uk:4: not a statement" mk
sound
echo 'DEPS += core/nonesuch' >>"$app/Makefile.uk"
error "a library that does not exist" "core/nonesuch" mk
sound
echo 'SRCS += gone.c' >>"$app/Makefile.uk"
error "a source that does not exist" "no such file: $app/gone.c" mk
sound
printf 'int x = "a";\nbroken\n' >>"$app/main.c"
tap_fails "a source that does not compile" mk
tap_has "the compiler's message names the line" "main.c:7:" "$TAP_OUT"
tap_fails "a second make does not trust it" mk
sound
tap_ok "mended, it builds" mk
printf '#include <uk/page.h>\n' >>"$app/main.c"
tap_fails "a header of a library that is not declared" mk
tap_has "is not found" "uk/page.h: No such file" "$TAP_OUT"
sound
error "an EXTLIBS folder without libraries" "EXTLIBS: no Makefile.uk in $TAP_DIR/empty" mk EXTLIBS="$TAP_DIR/empty"
mkdir -p "$TAP_DIR/ext/core/log"
: >"$TAP_DIR/ext/core/log/Makefile.uk"
error "a library of a name that is taken" "a library named core/log is already in lib/core/log" \
    mk EXTLIBS="$TAP_DIR/ext"

# The machine: a PATH with everything but one tool.
without() {
	rm -rf "$TAP_DIR/path"
	mkdir "$TAP_DIR/path"
	for folder in /usr/bin /bin /usr/sbin; do
		ln -s "$folder"/* "$TAP_DIR/path/" 2>/dev/null
	done
	rm -f "$TAP_DIR/path/$1" "$TAP_DIR/path/x86_64-linux-gnu-$1"
}
sound
tap_ok "the probe is configured" mk defconfig
without gcc
error "no compiler" "gcc" env PATH="$TAP_DIR/path" make --no-print-directory APP="$app" O="$out"
tap_has "the mend is named" "./tessera" "$TAP_OUT"
tap_ok "with the tool it builds" mk
without qemu-system-x86_64
error "no qemu" "qemu-system-x86" env PATH="$TAP_DIR/path" make --no-print-directory APP="$app" O="$out" PLAT=kvm run
tap_ok "a folder that cannot be written is prepared" mkdir -p "$TAP_DIR/file"
: >"$TAP_DIR/file/o"
tap_fails "O= is a file" make --no-print-directory APP="$app" O="$TAP_DIR/file/o"
tap_lacks "no traceback then" Traceback "$TAP_OUT"
tap_done
