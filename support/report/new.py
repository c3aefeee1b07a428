#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Writes the skeleton of an application or a library: it builds, passes its own test and the static gate."""
import os
import re
import shutil
import subprocess
import sys

import built
import skeleton

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "build"))

WORD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*$")
CONFIG = "Config.uk"


def areas():
    """Areas of lib/ that the root of the options lists. A C library is a choice of its own, so not one of them."""
    with open(CONFIG, encoding="utf-8") as file:
        return [area for area in re.findall(r'osource "lib/(\w+)/\*/Config.uk"', file.read()) if area != "libc"]


def taken(prefix, ident):
    """The library that already owns uk_NAME_ or the header uk/NAME.h, if there is one."""
    import glob
    import tree
    for pattern, _ in tree.PLACES:
        for path in sorted(glob.glob(pattern + "/Makefile.uk")):
            folder = os.path.dirname(path)
            if built.uk_prefix(folder) == prefix or os.path.exists("%s/include/uk/%s.h" % (folder, ident)):
                return folder
    return None


def plan_library(name):
    """(folder, {path: text}) of a new library, or ReportError for a name that does not do."""
    area, slash, word = name.partition("/")
    if not slash or area not in areas() or not WORD.match(word):
        raise built.ReportError("%s: a library is called AREA/NAME, area one of %s, name of small letters, digits and "
                                "`-`: make new-lib NAME=core/example" % (name or "NAME= is missing", " ".join(areas())))
    folder = "lib/" + name
    if os.path.exists(folder):
        raise built.ReportError("%s: there is already a library of this name" % folder)
    ident = word.replace("-", "_")
    owner = taken(built.uk_prefix(name), ident)
    if owner:
        raise built.ReportError("%s: its globals would begin with uk_%s_ like those of %s: choose another name"
                                % (name, ident, owner))
    return folder, skeleton.library(area, word, ident)


def plan_app(name):
    """(folder, {path: text}) of a new application: a name for apps/, or the path of a folder anywhere."""
    outside = name.startswith(("/", "./", "../"))
    folder = os.path.abspath(name) if outside else "apps/" + name
    word = os.path.basename(folder) if outside else name
    if not WORD.match(word):
        raise built.ReportError("%s: an application's name has small letters, digits and `-` and begins with a letter: "
                                "make new-app NAME=example, or NAME=/path/to/example outside the tree"
                                % (name or "NAME= is missing"))
    if os.path.exists(folder):
        raise built.ReportError("%s: there is already something of this name" % folder)
    return folder, skeleton.application(word, word.upper().replace("-", "_"), name)


def write(folder, files):
    """All files or none: written beside the folder, then renamed."""
    work = "%s.new" % folder
    shutil.rmtree(work, ignore_errors=True)
    try:
        for path, text in files.items():
            full = os.path.join(work, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
            if path.endswith(".sh"):
                os.chmod(full, 0o755)
        os.rename(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def record():
    """The committed lists of prototypes and options get the new part's."""
    for what in ("write-api", "write-docs"):
        subprocess.run([sys.executable, "-B", "support/check/check.py", what], stdout=subprocess.DEVNULL, check=False)


def main(args):
    """new.py new-app|new-lib NAME"""
    kind, name = args[0], args[1] if len(args) > 1 else ""
    try:
        folder, files = (plan_app if kind == "new-app" else plan_library)(name)
        write(folder, files)
    except built.ReportError as e:
        print("error: %s" % e, file=sys.stderr)
        return 1
    except OSError as e:
        print("error: %s: %s" % (e.filename, e.strerror), file=sys.stderr)
        return 1
    for path in files:
        print("wrote %s" % os.path.join(folder, path))
    if not os.path.isabs(folder):
        record()
    print(skeleton.advice(kind, name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
