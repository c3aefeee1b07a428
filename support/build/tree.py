# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Finds the libraries of the tree, of EXTLIBS and the application, by their folders alone.

The name of a library is its folder's path without `lib/`; its option is that name in capitals. A new library is
a new folder: nothing else lists it.
"""
import glob
import os

from makefile_uk import BuildError


class Library:
    """One folder with a Makefile.uk. `found` holds its statements once somebody has parsed it."""

    def __init__(self, name, folder, kind):
        self.name, self.dir, self.kind = name, folder, kind
        self.symbol = name.upper().replace("/", "_").replace("-", "_").replace(".", "_")
        self.id = name.replace("/", "_").replace("-", "_").replace(".", "_")
        self.makefile = os.path.join(folder, "Makefile.uk")
        self.kconfig = os.path.join(folder, "Config.uk")
        self.found = {}

    def words(self, variable):
        return self.found.get(variable, [])

    def word(self, variable, default=""):
        return " ".join(self.found.get(variable, [])) or default

    def is_true(self, variable, value):
        return value in self.words(variable)


PLACES = (("lib/*/*", "lib"), ("arch/*", "arch"), ("plat/*", "plat"), ("drivers/*/*", "driver"))


def libraries(app_dir, app_name, ext_dirs=()):
    """All libraries there are, {name: Library}, the application last."""
    found = {}

    def add(name, folder, kind):
        if name in found:
            raise BuildError(f"{folder}: a library named {name} is already in {found[name].dir}; rename one")
        found[name] = Library(name, folder, kind)

    for pattern, kind in PLACES:
        for path in sorted(glob.glob(pattern + "/Makefile.uk")):
            folder = os.path.dirname(path)
            add(folder.removeprefix("lib/"), folder, kind)
    for ext in ext_dirs:
        ext = ext.rstrip("/")
        paths = [ext + "/Makefile.uk"] if os.path.exists(ext + "/Makefile.uk") else \
            sorted(glob.glob(glob.escape(ext) + "/*/*/Makefile.uk"))
        if not paths:
            raise BuildError(f"EXTLIBS: no Makefile.uk in {ext} nor in its folders two levels down")
        for path in paths:
            folder = os.path.dirname(path)
            name = "ext/" + os.path.basename(folder) if folder == ext else os.path.relpath(folder, ext)
            add(name, folder, "lib")
    if not os.path.exists(os.path.join(app_dir, "Makefile.uk")):
        raise BuildError(f"{app_dir}: no Makefile.uk there: APP= takes a name from apps/ or the path of a folder; "
                         f"`make new-app NAME={app_name}` makes one")
    add("app/" + app_name, app_dir, "app")
    return found
