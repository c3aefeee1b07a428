# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""What the build wrote down about an image (build.json), and what nm says about its objects."""
import json
import os
import subprocess


class ReportError(Exception):
    """One line: what is wrong and what mends it."""


def load(path):
    """build.json; a missing one means that nothing was configured yet."""
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f)
    except FileNotFoundError as e:
        raise ReportError("%s: there is no build yet: run `make` first" % path) from e


def platforms(build, wanted):
    """The platforms asked for, or all of the configuration."""
    for plat in wanted:
        if plat not in build["images"]:
            raise ReportError("no platform %s in this configuration: it has %s" % (plat, " ".join(build["images"])))
    return wanted or build["platforms"]


def image_file(build, plat, kind):
    """Path of the `image`, its `debug` twin or its linker `map`; they must have been built."""
    path = build["images"][plat][kind]
    if not os.path.exists(path):
        raise ReportError("%s: not built yet: run `make` first" % path)
    return path


def uk_prefix(name):
    """What the globals of a library begin with: mem/tlsf has uk_tlsf_."""
    return "uk_%s_" % name.rsplit("/", 1)[-1].replace("-", "_").replace(".", "_")


def short(path):
    """A path as the user would type it."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def nm_command(build):
    """An nm that reads objects for link-time optimisation, too: binutils' has the plug-in of gcc."""
    import shutil
    return "llvm-nm" if "clang" in build.get("cc", "") and shutil.which("llvm-nm") else "nm"


def nm(build, files, *flags):
    """Symbols of objects, one run of nm: yields (file, symbol, type letter)."""
    if not files:
        return
    command = [nm_command(build), "-A", "-P"] + list(flags) + list(files)
    try:
        out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    except FileNotFoundError as e:
        raise ReportError("missing tool %s: run ./tessera, which installs it" % command[0]) from e
    for line in out.splitlines():
        file, found, rest = line.partition(": ")
        words = rest.split()
        if found and len(words) >= 2:
            yield file.split("[")[0], words[0], words[1]


def source_of(lib, obj):
    """The source file that an object of a library was compiled from, as far as its name tells."""
    stem = os.path.splitext(os.path.basename(obj))[0]
    for source in lib.get("srcs", []) + lib.get("tests", []):
        name = os.path.basename(source)
        if stem in (name, os.path.splitext(name)[0]):
            return source
    return obj
