# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The texts of the skeletons that new.py writes. Words in @…@ are filled in."""

MARK = "# SPDX-License-Identifier: BSD-3-Clause\n# Copyright: The Tessera Authors\n"
C_MARK = "/* SPDX-License-Identifier: BSD-3-Clause\n * Copyright: The Tessera Authors */\n\n"

APP_MAKEFILE = MARK + """DESC = greets the world
DEPS = libc
SRCS = main.c
"""

APP_CONFIG = MARK + """
config APP_@SYMBOL@_WHOM
	string "Whom to greet"
	default "world"
	help
	  Greeted when there are no arguments.
"""

APP_DEFCONFIG = """CONFIG_PLAT_KVM=y
CONFIG_PLAT_LINUX=y
"""

APP_MAIN = C_MARK + """/* Greets each argument, or the one that was configured. */

#include <stdio.h>

#include <app/@name@/config.h>

int main(int argc, char **argv)
{
	if (argc < 2)
		printf("Hello, %s!\\n", CONFIG_APP_@SYMBOL@_WHOM);
	for (int i = 1; i < argc; i++)
		printf("Hello, %s!\\n", argv[i]);
	return 0;
}
"""

APP_README = """# @name@

Greets the world, or each of its arguments: replace this by what your application does.

    make run APP=@path@ ARGS='one two'      as a virtual machine
    make run APP=@path@ PLAT=linux          as a process: the quick way while you write it
    make menuconfig APP=@path@              the parts of the system that it is linked with

`main.c` is the program, `Makefile.uk` lists its sources and the libraries it needs, `Config.uk` its own options,
`defconfig` what it changes of the system's. `test/test_@name@.sh` runs it and looks at its output.
"""

APP_TEST = """#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# Starts the application as a process and looks at what it prints. Run from the root of the tree.
. tests/tap.sh
# shellcheck disable=SC2034  # make reads it
APP=$(cd "$(dirname "$0")/.." && pwd)

run() { make --no-print-directory run APP="$APP" PLAT=linux QUIET=1 "$@"; }

tap_ok "it builds" make --no-print-directory APP="$APP"
tap_ok "it runs" run
tap_has "it greets the world" "Hello, world!" "$TAP_OUT"
tap_ok "it takes arguments" run ARGS='one two'
tap_has "it greets its first argument" "Hello, one!" "$TAP_OUT"
tap_has "it greets its second argument" "Hello, two!" "$TAP_OUT"
tap_done
"""

LIB_MAKEFILE = MARK + """DESC = an example: replace this by what the library is for
DEPS = core/cstd
SRCS = @word@.c
TESTS = test/test_@ident@.c
"""

LIB_CONFIG = MARK + """
config @SYMBOL@
	bool "@word@: an example"
	help
	  Replace this by what the library does for an application, and what it costs.

if @SYMBOL@

config @SYMBOL@_LIMIT
	int "Largest value"
	default 1000
	help
	  The largest value that the example counts to.

endif
"""

LIB_HEADER = C_MARK + """/* An example: replace this by what the library does. */
#pragma once

/* Stores the successor of value in *next. Returns 0, or -ERANGE when that would exceed CONFIG_@SYMBOL@_LIMIT;
 * *next stays as it was then. May be called in any context. */
int uk_@ident@_next(unsigned value, unsigned *next);
"""

LIB_SOURCE = C_MARK + """#include <errno.h>

#include <uk/@ident@.h>
#include <@area@/@word@/config.h>

int uk_@ident@_next(unsigned value, unsigned *next)
{
	if (value >= CONFIG_@SYMBOL@_LIMIT)
		return -ERANGE;
	*next = value + 1;
	return 0;
}
"""

LIB_TEST = C_MARK + """#include <errno.h>

#include <uk/@ident@.h>
#include <uk/test.h>

#include <@area@/@word@/config.h>

UK_TEST(@ident@, counts)
{
	unsigned next = 0;

	UK_CHECK_EQ(uk_@ident@_next(41, &next), 0);
	UK_CHECK_EQ(next, 42);
}

UK_TEST(@ident@, stops_at_the_limit)
{
	unsigned next = 7;

	UK_CHECK_EQ(uk_@ident@_next(CONFIG_@SYMBOL@_LIMIT, &next), -ERANGE);
	UK_CHECK_EQ(next, 7);
}
"""

LIB_README = """# @area@/@word@

**Purpose.** An example: replace this by what the library is for.

**Contract.** `uk_@ident@_next()` counts by one and refuses to exceed its limit. May be called in any context.

**Invariants.** A call that fails changes nothing.
"""


def filled(files, **words):
    """{path: text} with the words in @…@ replaced in both."""
    def fill(text):
        for key, value in words.items():
            text = text.replace("@%s@" % key, value)
        return text
    return {fill(path): fill(text) for path, text in files.items()}


def application(name, symbol, path):
    return filled({"Makefile.uk": APP_MAKEFILE, "Config.uk": APP_CONFIG, "defconfig": APP_DEFCONFIG, "main.c": APP_MAIN,
                   "README.md": APP_README, "test/test_@name@.sh": APP_TEST}, name=name, SYMBOL=symbol, path=path)


def library(area, word, ident):
    symbol = "%s_%s" % (area.upper(), ident.upper())
    return filled({"Makefile.uk": LIB_MAKEFILE, "Config.uk": LIB_CONFIG, "README.md": LIB_README,
                   "include/uk/@ident@.h": LIB_HEADER, "@word@.c": LIB_SOURCE, "test/test_@ident@.c": LIB_TEST},
                  area=area, word=word, ident=ident, SYMBOL=symbol)


def advice(kind, name):
    """What to type next."""
    if kind == "new-app":
        return "next: make run APP=%s PLAT=linux" % name
    suite = name.split("/")[1].replace("-", "_")
    return "next: make test T=%s; an application uses it with DEPS = … %s" % (suite, name)
