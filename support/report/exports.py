#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Checks that every global of a library carries the library's name.

A library owns uk_<name>_… and what its Makefile.uk lists in PREFIX; one that says ABI = posix, libc or vendor
provides an interface that was named elsewhere and is exempt, as is the application. Platforms and architectures own
the contract's uk_plat_… and uk_arch_…, a platform the linker's entry _start, too. A weak definition is exempt as
well: it is the default for another library's function.
"""
import sys

import built


CONTRACT = {"plat": ["uk_plat_", "_start"], "arch": ["uk_arch_"]}


def allowed(lib):
    return tuple([built.uk_prefix(lib["name"])] + lib["prefix"] + CONTRACT.get(lib["kind"], []))


def check(build):
    """Returns one line for each global without its prefix, sorted; none is the good answer."""
    owner = {}
    for lib in build["libs"]:
        if lib["kind"] != "app" and not lib.get("abi"):
            owner.update((obj, lib) for obj in lib["objs"] if obj.endswith(".o"))
    errors = []
    for file, symbol, kind in built.nm(build, owner, "-g", "--defined-only"):
        lib = owner.get(file)
        if lib is None or kind in "VWvw" or symbol.startswith(allowed(lib) + ("__odr_asan.",)):
            continue
        prefix = built.uk_prefix(lib["name"])
        if symbol == prefix[:-1]:
            continue
        errors.append("%s: error: the global `%s` of %s does not begin with %s: make it static, rename it, or list its "
                      "prefix in PREFIX of %s/Makefile.uk" % (built.source_of(lib, file), symbol, lib["name"], prefix,
                                                             lib["dir"]))
    return sorted(errors)


def main(args):
    """exports.py BUILD.JSON: status 1 when a global has a foreign name."""
    try:
        errors = check(built.load(args[0]))
    except built.ReportError as e:
        errors = ["error: %s" % e]
    for line in errors:
        print(line, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
