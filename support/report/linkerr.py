#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Says in one line each what the linker complained about: who uses the symbol, where it would come from, the mend.

Input is what GNU ld printed. Undefined symbols and symbols with two definitions are explained; every other line
is handed on as it is. A definition is searched in the sources of the whole tree, switched on or not.
"""
import glob
import os
import re
import sys

import built

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "build"))

LINKER = re.compile(r"^(?:\S*/)?(?:[\w-]+-)?ld(?:\.\w+)?: ")
INSIDE = re.compile(r"^(.*): in function [`'](.+)':$")
UNDEFINED = re.compile(r"^(.*?):? ?undefined reference to [`'](.+)'$")
MULTIPLE = re.compile(r"^(.*): multiple definition of [`'](.+)'; (.*): first defined here$")
NOISE = re.compile(r"warning: |NOTE: |collect2: |ld returned \d|linker command failed|more undefined references to"
                   r"|: note: |^\s*\d* \||: In function |^lto-wrapper: |^make")
PLACE = re.compile(r"^(?P<file>[^:()<>]+\.\w+):(?P<line>\d+)(?::\(.*)?$")
OBJECT = re.compile(r"^(?P<file>[^:]+\.(?:o|a\(.*\)))(?: \(symbol from plugin\))?(?::|$)")


def place_of(text):
    """Source:line, where the linker could tell it."""
    found = PLACE.match(text)
    return "%s:%s" % (built.short(found["file"]), found["line"]) if found and "ltrans" not in text else None


def object_of(text):
    found = OBJECT.match(text)
    return found["file"].split("(")[0] if found else None


class Complaints:
    """What the linker said: {symbol: [(object, place)]} for undefined and for multiple ones, and the rest."""

    def __init__(self, text):
        self.undefined, self.multiple, self.rest = {}, {}, []
        current = None
        for line in text.splitlines():
            line = LINKER.sub("", line)
            if inside := INSIDE.match(line):
                current = object_of(inside[1])
            elif found := UNDEFINED.match(line):
                current = object_of(found[1]) or current
                self.undefined.setdefault(found[2], []).append((current, place_of(found[1])))
            elif found := MULTIPLE.match(line):
                places = self.multiple.setdefault(found[2], [])
                places.append((object_of(found[3]), place_of(found[3].split(":", 1)[-1])))
                places.append((object_of(found[1]) or current, place_of(found[1])))
            elif line.strip() and not NOISE.search(line):
                self.rest.append(line)


class Tree:
    """The libraries of the tree, switched on or not, and the search for definitions in their sources."""

    def __init__(self, build):
        import makefile_uk
        import tree
        self.parse = makefile_uk.parse
        ext = [path for path in os.environ.get("EXTLIBS", "").split(":") if path]
        self.libs = tree.libraries(build["app"]["dir"], os.path.basename(build["app"]["dir"]), ext)
        self.texts = {}

    def sources(self, lib):
        """{path: text} of a library, its unpacked third-party source included."""
        if lib.name not in self.texts:
            roots = [lib.dir] + self.origin(lib)
            paths = [path for root in roots for path in glob.glob(root + "/**/*.[cS]", recursive=True)]
            self.texts[lib.name] = {}
            for path in sorted(paths):
                if "/test/" not in path.replace(lib.dir, "", 1):
                    with open(path, encoding="utf-8", errors="replace") as file:
                        self.texts[lib.name][path] = file.read()
        return self.texts[lib.name]

    def origin(self, lib):
        found = self.parse(lib.makefile)
        if "ORIGIN" not in found:
            return []
        import fetch
        try:
            origin = fetch.Origin(found["ORIGIN"])
            patches = [os.path.join(lib.dir, word) for word in found.get("PATCHES", [])]
            return [os.path.join(fetch.cache_dir(), "src", fetch.source_key(origin, patches))]
        except fetch.FetchError:
            return []

    def definitions(self, symbol):
        """[(library, path:line)] of global definitions of a symbol anywhere in the tree."""
        name = re.escape(symbol)
        pattern = re.compile(
            r"^(?!static\b|extern\b|typedef\b|return\b|#)(?:[A-Za-z_][\w \t*]*[ \t*])?%s\s*"
            r"(?:\((?:[^;{}()]|\([^;{}()]*\))*\)[\w\s]*\{|\[[^;]*;|=[^=]|;)"
            r"|^_DEFUN\s*\(\s*%s\b|^%s:|^\s*ENTRY\(%s\)|\balias\s*\(\s*\"%s\"" % ((name,) * 5), re.MULTILINE)
        found = []
        for lib in self.libs.values():
            for path, text in self.sources(lib).items() if lib.kind != "app" else ():
                match = pattern.search(text) if symbol in text else None
                if match:
                    found.append((lib, path, text.count("\n", 0, match.start()) + 1))
        return found


class Explainer:
    """Turns complaints into lines for one image."""

    def __init__(self, build, plat):
        self.build, self.plat = build, plat
        self.libs = {lib["name"]: lib for lib in build["libs"]}
        self.owner = {os.path.normpath(obj): lib for lib in build["libs"] for obj in lib["objs"]}
        self.tree = Tree(build)

    def lib_of(self, obj):
        return self.owner.get(os.path.normpath(obj)) if obj else None

    def called(self, lib):
        """How a library is spoken of."""
        if lib is None:
            return "the build's own code"
        return "app " + self.build["app"]["name"].removeprefix("app/") if lib["kind"] == "app" else lib["name"]

    def real(self, place):
        """A place in the user's terms: debug information calls a folder outside the tree by the application's name."""
        name = self.build["app"]["name"] + "/"
        if place and place.startswith(name) and not os.path.exists(place.split(":")[0]):
            return os.path.join(self.build["app"]["dir"], place[len(name):])
        return place

    def users(self, symbol, flags):
        """Objects of the image that nm says use (or define) a symbol: what the linker cannot tell after LTO."""
        objects = self.build["images"].get(self.plat, {}).get("objects", self.owner)
        objects = [obj for obj in objects if os.path.exists(obj)]
        return [(file, None) for file, name, _ in built.nm(self.build, objects, *flags) if name == symbol]

    def undefined(self, symbol, uses):
        known = [use for use in uses if self.lib_of(use[0])] or self.users(symbol, ["-u"]) or uses
        obj, place = known[0]
        user = self.lib_of(obj)
        place = self.real(place) or (built.source_of(user, obj) if user else obj) or "link"
        others = len({use[0] for use in known}) - 1
        more = " and %d more" % others if others else ""
        return "%s: error: `%s` is used by %s%s, but %s" % (place, symbol, self.called(user), more,
                                                            self.mend(symbol, user))

    def mend(self, symbol, user):
        """Why the symbol is not there and what brings it."""
        found = self.tree.definitions(symbol)
        for lib, path, line in found:
            if lib.name in self.libs:
                return self.left_out(lib, path, line)
        if found and all(lib.kind == "plat" for lib, _, _ in found):
            return "only %s has it (%s:%d): provide it for %s too, or do not use it there" % (
                found[0][0].name, built.short(found[0][1]), found[0][2], self.plat)
        if found:
            ways = dict.fromkeys(self.enable(lib, user) for lib, _, _ in found)
            return "nothing that is enabled defines it: " + " or ".join(ways)
        return "no library of the tree defines it: " + self.other_libc(user)

    def enable(self, lib, user):
        """What switches a library on for its user."""
        symbols = self.switches(lib)
        if user and user["kind"] != "app" and symbols == [lib.symbol] and not self.is_libc(lib):
            return "add %s to DEPS in %s/Makefile.uk" % (lib.name, user["dir"])
        return "enable %s (%s)" % (symbols[-1], self.setconfig(" ".join(symbol + "=y" for symbol in symbols)))

    def switches(self, lib):
        """The options to set: the library's own, and before it the library that it depends on, if that is off.

        One that is switched on by itself (default y) needs the other only.
        """
        with open(lib.kconfig, encoding="utf-8") as file:
            own = re.search(r"^config %s\n((?:[ \t]+.*\n)*)" % lib.symbol, file.read(), re.M)
        on = re.search(r"^\s+depends on (\w+)$", own[1] if own else "", re.M)
        wanted = [other for other in self.tree.libs.values() if on and other.symbol == on[1]]
        if not wanted or wanted[0].name in self.libs:
            return [lib.symbol]
        by_itself = re.search(r"^\s+default y$", own[1], re.M)
        return [wanted[0].symbol] + ([] if by_itself else [lib.symbol])

    def is_libc(self, lib):
        return "libc" in self.tree.parse(lib.makefile).get("PROVIDES", [])

    def setconfig(self, setting):
        app = self.build["app"]["name"].removeprefix("app/")
        name = app if os.path.isdir("apps/" + app) else self.build["app"]["dir"]
        return "make setconfig %s%s" % ("APP=%s " % name if app != "hello" else "", setting)

    def left_out(self, lib, path, line):
        """The library is part of the configuration, but this source or line is not part of the image."""
        here = "%s:%d" % (built.short(path), line)
        plats = self.tree.parse(lib.makefile).get("PLAT", [])
        if lib.kind == "plat" or plats and self.plat not in plats:
            return "only the image for %s has it (%s): provide it for %s too, or do not use it there" % (
                " ".join(plats) or lib.name.split("/")[-1], here, self.plat)
        if path not in self.libs[lib.name]["srcs"]:
            option = self.option_of(lib, path)
            return "%s, which defines it, is left out: %s" % (
                here, "enable %s (%s)" % (option, self.setconfig(option + "=y")) if option
                else "add it to SRCS in %s" % lib.makefile)
        return "%s, which defines it, is compiled without it: look for the option around that line" % here

    def option_of(self, lib, path):
        """The option that SRCS-$(CONFIG_X) ties a source to."""
        name = os.path.relpath(path, lib.dir)
        pattern = r"^SRCS-\$\(CONFIG_(\w+)\)[^\n]*?[ =]%s(?:\s|$)" % re.escape(name)
        with open(lib.makefile, encoding="utf-8") as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
        return found and found[1]

    def other_libc(self, user):
        """The last thing to suggest: a C library that is not chosen and whose source nobody has looked into yet."""
        unseen = {self.switches(lib)[0] for lib in self.tree.libs.values()
                  if any(not os.path.isdir(path) for path in self.tree.origin(lib))}
        others = [lib.symbol for lib in self.tree.libs.values()
                  if lib.symbol in unseen and self.is_libc(lib) and lib.name not in self.libs]
        text = "check its spelling, or define it in %s" % self.called(user)
        if others:
            text += "; if it belongs to the C library, choose %s (%s)" % (others[0], self.setconfig(others[0] + "=y"))
        return text

    def multiple(self, symbol, places):
        """Two providers of one symbol."""
        places = list(dict.fromkeys(place for place in places if self.lib_of(place[0]))) or \
            self.users(symbol, ["-g", "--defined-only"])
        libs = list({self.called(self.lib_of(obj)): self.lib_of(obj) for obj, _ in places}.values())
        where = [self.real(place) or built.source_of(self.lib_of(obj) or {}, obj) for obj, place in places]
        apps = [at for (obj, _), at in zip(places, where) if (self.lib_of(obj) or {}).get("kind") == "app"]
        head = "%s: error: `%s` is defined twice" % ((apps or where or ["link"])[-1], symbol)
        names = " and ".join("%s (%s)" % (self.called(self.lib_of(obj)), at) for (obj, _), at in zip(places, where))
        if len(libs) < 2:
            return "%s: %s: make one of them static or rename it" % (head, names or "see V=1")
        optional = [lib for lib in libs if lib and lib["kind"] in ("lib", "driver")]
        if len(optional) < 2:
            own = next((lib for lib in libs if lib and lib["kind"] == "app"), libs[-1])
            return "%s: %s: rename it in %s or make it static" % (head, names, self.called(own))
        mends = " or ".join(self.setconfig(lib["symbol"] + "=n") for lib in optional)
        return "%s: %s: keep one (%s)" % (head, names, mends)

    def explain(self, complaints):
        lines = [self.multiple(symbol, places) for symbol, places in complaints.multiple.items()]
        lines += [self.undefined(symbol, uses) for symbol, uses in complaints.undefined.items()]
        return lines + complaints.rest


def main(args):
    """linkerr.py BUILD.JSON OUT/APP_PLAT-ISA.dbg.err"""
    with open(args[1], encoding="utf-8", errors="replace") as file:
        text = file.read()
    match = re.search(r"_([a-z0-9]+)-\w+(?:\.dbg)?\.err$", args[1])
    try:
        lines = Explainer(built.load(args[0]), match[1] if match else None).explain(Complaints(text))
    except (built.ReportError, OSError, ValueError) as e:
        lines = [text.rstrip(), "error: %s" % e]
    print("\n".join(lines or [text.rstrip()]), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
