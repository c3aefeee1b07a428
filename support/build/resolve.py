# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""From the configuration to the libraries in it, in the order of their dependencies, with sources and paths."""
import glob
import os

import makefile_uk
from makefile_uk import BuildError, LEVELS


class Image:
    """All that is known of the images of one configuration. Libraries stand in `libs` after what they depend on."""

    def __init__(self, libs, config, origin_of, version):
        self.config, self.version = config, version
        on = {f"CONFIG_{name}": value for name, value in config.items()}
        self.all = libs
        chosen = [lib for lib in libs.values() if config.get(lib.symbol, "n") == "y"]
        for lib in chosen:
            lib.found = makefile_uk.parse(lib.makefile, on, {"VERSION": version})
            makefile_uk.validate(lib.makefile, lib.found)
        self.hosted = any(lib.is_true("HOSTED", "y") for lib in chosen)
        if self.hosted:
            chosen = [lib for lib in chosen if not lib.is_true("HOST", "no")]
        for lib in chosen:
            lib.origin = origin_of(lib) if "ORIGIN" in lib.found else ""
            if lib.origin:
                lib.found = makefile_uk.parse(lib.makefile, on, {"VERSION": version, "ORIGIN": lib.origin})
        self.chosen = {lib.name: lib for lib in chosen}
        self.testing = config.get("CORE_TEST", "n") == "y"
        self.providers = {}
        for lib in chosen:
            for word in lib.words("PROVIDES"):
                self.providers.setdefault(word.split(":")[0], []).append(lib)
        self.app = next(lib for lib in chosen if lib.kind == "app")
        self.arch = next(lib for lib in chosen if lib.kind == "arch")
        self.isa = self.arch.name.split("/")[1]
        self.plats = [lib for lib in chosen if lib.kind == "plat"]
        self.libs = self.ordered()
        for lib in self.libs:
            lib.sources = self.sources(lib, "SRCS")
            lib.tests = self.sources(lib, "TESTS") if self.testing else []

    def named(self, lib, word):
        """The libraries that a word of DEPS means; one that the hosted platform leaves out means none."""
        if word in self.chosen:
            return [self.chosen[word]]
        if word in self.providers:
            return self.providers[word]
        if "/" in word and word in self.all or self.hosted:
            return []
        could = sorted(other.symbol for other in self.all.values()
                       if any(p.split(":")[0] == word for p in makefile_uk.parse(other.makefile).get("PROVIDES", [])))
        raise BuildError(f"{lib.makefile}: {lib.name} needs a provider of `{word}`: enable "
                         + (" or ".join(could) if could else "one (no library of the tree provides it)"))

    def direct(self, lib, variables=("DEPS", "API_DEPS")):
        found = {}
        for variable in variables:
            for word in lib.words(variable):
                for dep in self.named(lib, word):
                    if dep is not lib:
                        found.setdefault(dep, f"{variable} of {lib.name}")
        return found

    def ordered(self):
        """Every library after its dependencies, by name where that leaves a choice; a cycle is an error."""
        done, path = {}, []

        def visit(lib):
            if lib in path:
                cycle = " -> ".join(other.name for other in path[path.index(lib):] + [lib])
                raise BuildError(f"{lib.makefile}: the dependencies run in a circle: {cycle}")
            if lib in done:
                return
            path.append(lib)
            for dep in sorted(self.direct(lib), key=lambda other: other.name):
                visit(dep)
            path.pop()
            done[lib] = True

        visit(self.arch)
        for lib in sorted(self.chosen.values(), key=lambda other: (other.kind == "app", other.name)):
            visit(lib)
        return list(done)

    def visible(self, lib, tests=False):
        """Whose public headers a source of lib sees: its own, its dependencies' and what those hand on."""
        seen, todo = {}, [lib] + sorted(self.direct(lib), key=lambda other: other.name)
        if tests:
            todo += sorted(self.direct(lib, ("TEST_DEPS",)), key=lambda other: other.name)
            todo += [self.chosen["core/test"]] if "core/test" in self.chosen else []
        while todo:
            other = todo.pop(0)
            if other not in seen:
                seen[other] = True
                todo += sorted(self.direct(other, ("API_DEPS",)), key=lambda dep: dep.name)
        hidden = {word for other in seen for word in other.words("HIDES")}
        return [other for other in seen if other.name not in hidden or other is lib]

    def sources(self, lib, variable):
        """Paths of the sources, wildcards expanded in a fixed order; one that is missing is an error."""
        found = []
        for word in lib.words(variable):
            path = word if os.path.isabs(word) else os.path.join(lib.dir, word)
            paths = sorted(glob.glob(path)) if any(c in path for c in "*?[") else [path]
            if not paths or not os.path.exists(paths[0]):
                raise BuildError(f"{lib.makefile}: {variable}: no such file: {path}")
            found += [p for p in paths if p not in found]
        return found

    def in_image(self, lib, plat):
        """Whether the image of a platform has this library."""
        if lib.kind == "plat":
            return lib is plat
        wanted = lib.words("PLAT")
        return not wanted or plat.name.split("/")[1] in wanted

    def init_table(self, plat):
        """(level number, level, library, init, fini) of one image, in the order of start-up."""
        entries = []
        for at, lib in enumerate(self.libs):
            if self.in_image(lib, plat):
                for entry in lib.words("INIT"):
                    level, init, fini = (entry.split(":") + [""])[:3]
                    entries.append((LEVELS.index(level), at, level, lib, init, fini))
        return [entry[:1] + entry[2:] for entry in sorted(entries, key=lambda entry: entry[:2])]
