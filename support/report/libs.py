#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Lists every library of the tree with what it is for, by area; `*` marks those of the configuration."""
import os
import re
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "build"))

import built
import makefile_uk
import tree


def chosen(config):
    """Symbols that a .config sets to y; none when there is no .config yet."""
    try:
        with open(config, encoding="utf-8") as file:
            return set(re.findall(r"^CONFIG_(\w+)=y$", file.read(), re.MULTILINE))
    except FileNotFoundError:
        return set()


def main(out, app_dir, ext):
    """libs.py OUT APPDIR EXTLIBS"""
    try:
        libs = tree.libraries(app_dir, os.path.basename(app_dir), [path for path in ext.split(":") if path])
        found = {lib: makefile_uk.parse(lib.makefile) for lib in libs.values() if lib.kind != "app"}
    except makefile_uk.BuildError as e:
        print("error: %s" % e, file=sys.stderr)
        return 1
    on, area, width = chosen(os.path.join(out, ".config")), None, max([len(lib.name) for lib in found] or [0])
    for lib, words in sorted(found.items(), key=lambda item: item[0].name):
        if lib.name.rpartition("/")[0] != area:
            area = lib.name.rpartition("/")[0]
            print("\n%s" % area if area else "")
        provides = " ".join(word.split(":")[0] for word in words.get("PROVIDES", []))
        print("%s %-*s  %s%s" % ("*" if lib.symbol in on else " ", width, lib.name, " ".join(words.get("DESC", [])),
                                 " [provides %s]" % provides if provides else ""))
    print("\n%d libraries, %d in the configuration %s/.config" % (
        len(found), sum(lib.symbol in on for lib in found), built.short(out)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
