#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The licence of every part that is linked into the images of a configuration, and where its text is."""
import glob
import os
import subprocess
import sys

import built
import linkmap

NAMES = ("COPYING*", "LICENSE*", "LICENCE*", "COPYRIGHT*", "debian/copyright")
TELLING = ("Permission is hereby granted", "Redistribution and use in source", "GNU LESSER GENERAL PUBLIC",
           "public domain")


def text_in(folder):
    """The file of a third-party source that has its licence: by name, else by what it says."""
    for pattern in NAMES:
        found = sorted(path for path in glob.glob(os.path.join(folder, pattern)) if os.path.isfile(path))
        if found:
            return found[0]
    for path in sorted(glob.glob(os.path.join(folder, "**"), recursive=True)):
        if os.path.isfile(path) and os.path.getsize(path) < 1 << 18:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
            if any(words in text for words in TELLING):
                return path
    return "?"


def of_library(lib, version):
    """(part, licence, where it comes from, file of the text) of one library."""
    if not lib.get("origin"):
        where = "LICENSE" if not os.path.isabs(lib["dir"]) else lib["dir"]
        return lib["name"], lib["license"], "this tree %s" % version, where
    _, package, number = lib["origin"][:3]
    return lib["name"], lib["license"], "Debian %s %s" % (package, number), text_in(lib["origin_dir"])


def of_compiler(build):
    """libgcc, when a part of it was linked into an image."""
    for image in build["images"].values():
        if os.path.exists(image["map"]):
            pieces = linkmap.read(image["map"])
            if any("libgcc.a" in piece.file for piece in pieces):
                run = subprocess.run(["gcc", "-dumpversion"], stdout=subprocess.PIPE, text=True, check=False)
                number = run.stdout.strip()
                text = "/usr/share/doc/gcc-%s-base/copyright" % number
                return [("libgcc", "GPL-3.0-or-later WITH GCC-exception-3.1", "gcc " + number, text)]
    return []


def main(args):
    """licenses.py BUILD.JSON"""
    try:
        build = built.load(args[0])
        parts = [of_library(lib, build["version"]) for lib in sorted(build["libs"], key=lambda lib: lib["name"])]
        parts += of_compiler(build)
    except built.ReportError as e:
        print("error: %s" % e, file=sys.stderr)
        return 1
    widths = [max(len(part[i]) for part in parts) for i in range(3)]
    for part in parts:
        print("  ".join(["%-*s" % (width, word) for width, word in zip(widths, part)] + [built.short(part[3])]))
    kinds = sorted({part[1] for part in parts})
    print("\n%d parts, %s: %s" % (len(parts), "one licence" if len(kinds) == 1 else "%d licences" % len(kinds),
                                  "; ".join(kinds)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
