#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# make check finds what it is for: a small clean tree passes each rule, and each bad sample is found with file and line.
# Everything happens in scratch folders; the checkout is only read.
set -u

. tests/tap.sh
tap_require_tool clang-format gcc clang

top=$(pwd)
tree=$TAP_DIR/tree
text=$TAP_DIR/text
spdx='SPDX-License-Identifier: BSD-3-Clause'
head="/* $spdx
 * Copyright: The Tessera Authors */
"

# put FILE: standard input becomes the file, in the scratch tree.
put() {
	mkdir -p "$tree/$(dirname "$1")" && cat >"$tree/$1"
}

check() {
	/usr/bin/python3 -B "$tree/support/check/check.py" "$@"
}

# bad NAME RULE PATH WANTED: with the text of standard input in PATH, RULE finds WANTED there (a pattern behind PATH:)
bad() {
	file=$tree/$3
	[ ! -e "$file" ] || cp "$file" "$TAP_DIR/saved"
	put "$3"
	check "$2" >"$TAP_OUT" 2>&1
	status=$?
	grep -q "^$3:$4" "$TAP_OUT" && [ $status = 1 ]
	tap_report $? "$1" "no finding '$3:$4'"
	if [ -e "$TAP_DIR/saved" ]; then mv "$TAP_DIR/saved" "$file"; else rm "$file"; fi
}

# good NAME RULE PATH: with the text of standard input in PATH, RULE finds nothing
good() {
	put "$3"
	tap_ok "$1" check "$2"
	rm "$tree/$3"
}

# repeat N LINE
repeat() {
	awk -v n="$1" -v line="$2" 'BEGIN { while (n--) print line }'
}

# The clean tree: core/sample with everything a library needs, mem/pool as a provider, app/one on top.
mkdir -p "$tree/support"
cp -r support/check "$tree/support/"
ln -s "$top/support/build" "$tree/support/build"
cp .clang-format "$tree/"
put lib/core/sample/Makefile.uk <<END
# $spdx
# Copyright: The Tessera Authors
DESC = a sample
SRCS = sample.c
TESTS = test/test_sample.c
END
put lib/core/sample/Config.uk <<END
# $spdx
# Copyright: The Tessera Authors
config CORE_SAMPLE
	bool "Sample"
	help
	  For the test of the checks.
END
put lib/core/sample/include/uk/sample.h <<END
$head
#pragma once

/* Adds one. Context: any. */
int uk_sample_add(int x);
END
put lib/core/sample/sample.c <<END
$head
#include <uk/sample.h>

int uk_sample_add(int x)
{
	return x + 1;
}
END
put lib/core/sample/test/test_sample.c <<END
$head
int uk_sample_test;
END
put lib/mem/pool/Makefile.uk <<END
# $spdx
# Copyright: The Tessera Authors
DESC = a provider
DEPS = core/sample
PROVIDES = heap:uk_pool_ops
TESTS = test.c
END
put lib/mem/pool/Config.uk <<END
# $spdx
# Copyright: The Tessera Authors
config MEM_POOL
	bool "Pool"
	help
	  A provider.
END
put lib/mem/pool/include/uk/pool.h <<END
$head
#pragma once
END
put apps/one/Makefile.uk <<END
# $spdx
# Copyright: The Tessera Authors
DESC = an application
DEPS = core/sample
SRCS = main.c
END
put apps/one/main.c <<END
$head
#include <uk/sample.h>

int main(void)
{
	return uk_sample_add(-1);
}
END
for folder in lib/core/sample lib/mem/pool apps/one docs; do
	echo 'A sample.' | put $folder/README.md
done
put CHANGES.md </dev/null
check write-api >"$TAP_OUT"
check write-docs >"$TAP_OUT"
for rule in files functions libraries typedef layers includes names options configuration documented api python shell \
    layout; do
	tap_ok "a clean tree passes $rule" check $rule
done

src=lib/core/sample/bad.c
hdr=lib/core/sample/include/uk/bad.h
bare=lib/core/bare/Makefile.uk

# Files.
echo 'int a;' >"$text"
bad "a file without licence" files $src '1: files: no licence' <"$text"
{ echo "$head"; repeat 600 'extern int a;'; } >"$text"
bad "a file of over 600 lines" files $src '[0-9]*: files: 60[0-9] lines' <"$text"
echo "$head" >"$text"
bad "a header without a guard" files $hdr '1: files: no include guard' <"$text"
printf '%s\nint a; \n' "$head" >"$text"
bad "blanks at the end" files $src '4: files: blanks' <"$text"
{ echo "# $spdx"; printf '#%0200d\n' 1; } >"$text"
bad "a long line" files support/x.py '2: files: 201 columns' <"$text"

{ echo "# $spdx"; echo "URL = http"://mirror.example/; } >"$text"
bad "a host's name" files support/x.mk '2: files: names a host' <"$text"

# Functions.
{ printf '%s\nint f(int x)\n{\n' "$head"; repeat 100 '	x++;'; printf '	return x;\n}\n'; } >"$text"
bad "a function of over 100 lines" functions $src '4: functions: f has 104 lines' <"$text"
bad "nesting of four" functions $src '4: functions: f nests 4 deep' <<END
$head
int f(int x)
{
	for (;;)
		while (x)
			if (x) {
				do {
					x++;
				} while (x);
			}
}
END
bad "an #if in a body without a reason" functions $src '6: functions: #if' <<END
$head
int f(int x)
{
#if 1
	return x;
#endif
}
END
good "a chain of else if does not nest" functions $src <<END
$head
int f(int x)
{
	for (;;) {
		if (x == 1)
			x++;
		else if (x == 2)
			x++;
		else if (x == 3)
			x++;
		else if (x == 4)
			x++;
	}
}
END
bad "a typedef of a struct" typedef $src '4: typedef' <<END
$head
typedef struct a b;
END

# Libraries.
printf '# %s\nDESC = bare\n' "$spdx" >"$text"
bad "a library without README" libraries $bare '1: libraries: .* README' <"$text"
printf '# %s\nDESC = bare\n' "$spdx" >"$text"
bad "a library without a test" libraries $bare '1: libraries: .* no test' <"$text"
printf '# %s\nDESC = bare\n' "$spdx" >"$text"
bad "a library without Config.uk" libraries $bare '1: libraries: .* Config.uk' <"$text"
printf '# %s\n' "$spdx" >"$text"
bad "a library without DESC" libraries $bare '1: libraries: no DESC' <"$text"
printf '# %s\nSOURCES = a.c\n' "$spdx" >"$text"
bad "an unknown variable" libraries $bare '2: libraries: unknown variable SOURCE' <"$text"

# Layers.
echo 'DEPS = core/nothing' >"$text"
bad "a dependency on nothing" layers $bare '1: layers: DEPS name core/nothing' <"$text"
echo 'DEPS = mem/pool' >"$text"
bad "a dependency upwards" layers $bare '1: layers: core/bare may not use mem/pool' <"$text"
echo 'DEPS = mem/pool' >"$text"
bad "a circle of dependencies" layers lib/core/sample/Makefile.uk \
    '1: layers: the dependencies go round' <"$text"

# Includes.
bad "an include that is not declared" includes apps/one/main.c '4: .*<uk/pool.h> belongs to mem/pool: add it' <<END
$head
#include <uk/pool.h>
END
bad "a public header needs API_DEPS" includes lib/mem/pool/include/uk/pool.h '4: .*: add it to API_DEPS' <<END
$head
#include <uk/sample.h>
END
bad "another library's private file" includes apps/one/main.c '4: includes: includes .*of another library' <<END
$head
#include "../../lib/core/sample/sample.c"
END
bad "another library's options" includes apps/one/main.c '4: includes: reads <core/sample/config.h>' <<END
$head
#include <core/sample/config.h>
END
bad "a header of the build machine" includes apps/one/main.c '4: includes: <stdio.h> is offered by no library' <<END
$head
#include <stdio.h>
END
bad "a header that includes itself" includes $hdr '1: includes: includes itself' <<END
$head
#pragma once
#include <uk/bad.h>
END

# Names.
echo 'DESC = p' | put plat/kvm/Makefile.uk
echo 'DESC = a' | put arch/x86_64/Makefile.uk
bad "lib/ names a platform" names $src '4: names: names kvm' <<END
$head
int uk_kvm_thing;
END
bad "lib/ names an architecture" names $src '4: names: names x86_64' <<END
$head
#ifdef __x86_64__
#endif
END
bad "an instruction in lib/" names $src '6: names: an instruction' <<END
$head
void f(void)
{
	__asm__ volatile("hlt");
}
END
bad "boot names a provider" names lib/core/boot/boot.c '4: names: names the provider pool' <<END
$head
int uk_pool_init(void);
END
rm "$tree/plat/kvm/Makefile.uk" "$tree/arch/x86_64/Makefile.uk"

# Options.
bad "an option without help" options lib/core/sample/Config.uk '1: options: CORE_SAMPLE has no help' <<END
config CORE_SAMPLE
	bool "Sample"
END
bad "an option with another's name" options lib/core/sample/Config.uk '5: options: MEM_X: options of core/sample' <<END
config CORE_SAMPLE
	bool "Sample"
	help
	  Help.
config MEM_X
	bool "X"
	help
	  Help.
END
echo nothing >"$text"
bad "a stale reference of the options" configuration docs/configuration.md '1: configuration: is not what' <"$text"

# The public interface.
bad "a prototype without documentation" documented $hdr '6: documented: uk_bad_f' <<END
$head
#pragma once

int uk_bad_f(int x);
END
bad "a recorded prototype that is gone" api docs/api.txt '1: api: 0 prototypes new and 1 gone' <<END
$(cat "$tree/docs/api.txt")
lib/core/sample/include/uk/sample.h: int uk_gone(void)
END
changed="$head
#pragma once

/* Adds one. Context: any. */
long uk_sample_add(long x);"
sample=lib/core/sample/include/uk/sample.h
echo "$changed" >"$text"
bad "a changed prototype" api $sample '1: api: .int uk_sample_add(int x). was' <"$text"
echo "$changed" | put $sample
tap_fails "make api refuses a silent change" check write-api
echo 'uk_sample_add takes and returns long.' | put CHANGES.md
tap_ok "make api takes one that CHANGES.md names" check write-api
tap_ok "and then the snapshot is current" check api

# Scripts, layout, the tool itself.
printf 'def f(:\n' >"$text"
bad "python that does not parse" python support/x.py '1: python' <"$text"
printf 'if true; then\n' >"$text"
bad "a shell script that does not parse" shell x.sh '1: shell' <"$text"
printf '%s\nint f( void ) { return 0; }\n' "$head" >"$text"
bad "a layout of one's own" layout $src '4: layout: not laid out' <"$text"
tap_fails "a rule that does not exist" check nonsense

# What compilers find needs the real build: a copy of the tree with one bad library.
tree=$TAP_DIR/copy
mkdir "$tree"
for part in apps arch docs drivers lib plat support Config.uk Makefile .clang-format CHANGES.md; do
	[ ! -e "$top/$part" ] || cp -r "$top/$part" "$tree/"
done
put lib/core/text/include/uk/bad.h <<END
$head
#pragma once

/* Needs a header of its own. */
size_t uk_text_bad(void);
END
source=$(cd "$tree" && find lib/core/text -maxdepth 1 -name '*.c' | head -n 1)
printf '\nint uk_text_worse(int x)\n{\n\tint y;\n\treturn x;\n}\n' >>"$tree/$source"
check compile >"$TAP_OUT" 2>&1
tap_has "a header that does not compile alone" "text/include/uk/bad.h:7: compile: does not" "$TAP_OUT"
tap_has "a warning of gcc" "compile: gcc: no previous prototype for" "$TAP_OUT"
tap_has "a warning of clang" "compile: clang: no previous prototype for" "$TAP_OUT"
tap_done
