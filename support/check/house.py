# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The tree as the checks see it: its files, its libraries, who may include what."""
import functools
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "build"))

import makefile_uk                                                     # noqa: E402
import tree                                                            # noqa: E402
from flags import WARNINGS                                             # noqa: E402, F401
from source import Source                                              # noqa: E402

SKIPPED = {"./build", "__pycache__"}
FREESTANDING = {"float.h", "iso646.h", "limits.h", "stdalign.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h",
                "stdnoreturn.h", "stdatomic.h"}
PARTS = ("lib/", "plat/", "arch/", "drivers/", "apps/")


def walk():
    """All files of the tree, build outputs and hidden folders (but .ci) left out."""
    for folder, folders, files in os.walk("."):
        folders[:] = sorted(f for f in folders if (f == ".ci" or not f.startswith("."))
                            and not SKIPPED & {f, f"{folder}/{f}"}
                            and not os.path.exists(f"{folder}/{f}/build.mk"))         # what O= made
        for name in sorted(files):
            yield os.path.relpath(os.path.join(folder, name), ".")


class House:
    """Everything is found by folders, as in the build; paths are relative to the root of the tree."""

    def __init__(self):
        self.files = [path for path in walk() if os.path.isfile(path)]
        self.makefile_errors = []
        self.libs = {}
        for path in self.files:
            if path.endswith("/Makefile.uk") and path.startswith(PARTS):
                self._add(os.path.dirname(path))
        self.folders = sorted(((lib.dir + "/", lib) for lib in self.libs.values()), key=lambda pair: -len(pair[0]))
        self.classes = {}
        for lib in self.libs.values():
            for word in lib.words("PROVIDES"):
                self.classes.setdefault(word.split(":")[0], []).append(lib.name)

    def _add(self, folder):
        top = folder.split("/")[0]
        kind = {"lib": "lib", "plat": "plat", "arch": "arch", "drivers": "driver", "apps": "app"}[top]
        name = "app/" + folder.split("/", 1)[1] if kind == "app" else folder.removeprefix("lib/")
        lib = tree.Library(name, folder, kind)
        try:
            lib.found = makefile_uk.parse(lib.makefile)
            makefile_uk.validate(lib.makefile, lib.found)
        except makefile_uk.BuildError as error:
            self.makefile_errors.append(str(error))
        self.libs[name] = lib

    def c_files(self):
        """C sources and headers of the system, tests included."""
        return [p for p in self.files if p.endswith((".c", ".h")) and p.startswith(PARTS)]

    def headers(self):
        return [p for p in self.c_files() if p.endswith(".h") and "/include/" in p]

    @functools.lru_cache(None)
    def source(self, path):
        return Source(path)

    def owner(self, path):
        """The library whose folder the file is in, or None (plat/include)."""
        return next((lib for folder, lib in self.folders if path.startswith(folder)), None)

    def is_test(self, path):
        owner = self.owner(path)
        return "/test/" in path or owner is not None and os.path.relpath(path, owner.dir) in owner.words("TESTS")

    def named(self, names):
        """The libraries that names and classes stand for."""
        return {lib for name in names for lib in ([name] if name in self.libs else self.classes.get(name, []))}

    def closure(self, names):
        """names and what their public headers need."""
        found, queue = set(), list(self.named(names))
        while queue:
            name = queue.pop()
            if name not in found:
                found.add(name)
                queue += self.named(self.libs[name].words("API_DEPS"))
        return found

    def usable(self, path):
        """The names of the libraries whose public headers this file may include."""
        lib = self.owner(path)
        if lib is None:
            return self.closure(["core/base", "core/cstd"] + ["core/test"] * self.is_test(path))
        names = [lib.name] + lib.words("API_DEPS")
        if f"{lib.dir}/include/" not in path:
            names += lib.words("DEPS")
        if self.is_test(path):
            names += lib.words("TEST_DEPS") + ["core/test"]
        if path in self.programs:
            names += ["libc"]
        return self.closure(names)

    @functools.cached_property
    def programs(self):
        """Fuzz targets: ordinary programs on the build machine."""
        return {os.path.join(lib.dir, word) for lib in self.libs.values() for word in lib.words("FUZZ")}

    @functools.cached_property
    def offered(self):
        """{name as in #include <name>: [(library or None, path)]} for the tree's own public headers."""
        index = {}
        for path in self.c_files():
            if not path.endswith(".h"):
                continue
            lib = self.owner(path)
            roots = ["plat/include"] if lib is None else \
                [os.path.normpath(os.path.join(lib.dir, d)) for d in ["include"] + lib.words("API_INCLUDES")
                 + lib.words("API_ISYSTEM") if not d.startswith("$")]
            for root in roots:
                if path.startswith(root + "/"):
                    index.setdefault(path[len(root) + 1:], []).append((lib, path))
        return index

    def takes_foreign_headers(self, names):
        """Whether one of the libraries brings headers that are not in the tree."""
        return any(lib.words("ORIGIN") or lib.is_true("HOSTED", "y") or "vendor" in lib.words("ABI")
                   or any("$(" in w for w in lib.words("API_INCLUDES") + lib.words("API_ISYSTEM"))
                   for lib in map(self.libs.get, names))


def own_config(lib):
    return lib.name + "/config.h"


def is_config(name):
    return re.match(r"[a-z0-9_-]+(/[a-z0-9_-]+)+/config\.h$", name) is not None
