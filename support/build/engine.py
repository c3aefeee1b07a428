# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The build engine: reads the configuration and every Makefile.uk in it, and writes what make needs.

    engine.py TREE OUT APPDIR APPNAME EXTLIBS CACHE VERSION

Written to OUT, each file only if it changed, build.mk last:
    .config               from the application's defconfig, if there is none
    include/AREA/NAME/config.h   a library's own options
    include/uk/bind/CLASS.h      which provider a class is bound to
    gen/init_PLAT.c       the initialisation table of an image
    flags/NAME            the flags of a library, which its objects depend on
    note_PLAT.bin         what `make info` reads out of an image
    build.json            all of it, for tools
    build.mk              the rules
The variables of Makefile.uk are documented in makefile_uk.py, the targets in main.mk.
"""
import hashlib
import json
import os
import sys

import kconf
import makefile_uk
import tree
from flags import Toolchain
from kconf import write_if_changed
from makefile_uk import BuildError
from resolve import Image

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "..", "report"))


# What every platform and every architecture provides under one name.
CONTRACT = {"plat": ["uk_plat_"], "arch": ["uk_arch_"]}


def config_header(lib, symbols):
    """A library's options as C: all of them, so that a misspelt one does not compile."""
    lines = ["/* Generated from Config.uk. */", "#pragma once"]
    for name, kind, value in symbols:
        if name == lib.symbol or name.startswith(lib.symbol + "_"):
            if kind == "bool":
                value = "1" if value == "y" else "0"
            elif kind == "string":
                value = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
            elif kind == "hex" and not value.startswith("0x"):
                value = "0x" + (value or "0")
            lines.append(f"#define CONFIG_{name} {value or 0}")
    return "\n".join(lines) + "\n"


def owners(libs, symbols):
    """Which library each option belongs to: the one with the longest name that begins it."""
    ordered = sorted(libs, key=lambda lib: -len(lib.symbol))
    found = {lib: [] for lib in libs}
    for entry in symbols:
        for lib in ordered:
            if entry[0] == lib.symbol or entry[0].startswith(lib.symbol + "_"):
                found[lib].append(entry)
                break
    return found


def bindings(image):
    """{class: symbol or None} for every class that a library of the tree provides with a table of operations."""
    classes = {}
    for lib in image.all.values():
        for word in makefile_uk.parse(lib.makefile).get("PROVIDES", []):
            if ":" in word:
                classes.setdefault(word.split(":")[0], [])
    for name in classes:
        for lib in image.providers.get(name, []):
            classes[name] += [w.split(":")[1] for w in lib.words("PROVIDES") if w.startswith(name + ":")]
    return {name: found[0] if len(found) == 1 else None for name, found in classes.items()}


def binding_header(name, symbol):
    if symbol:
        text = f"#define UK_BIND_{name.upper()} {symbol}\n"
    else:
        text = f"/* None or several: UK_BIND_{name.upper()} is not defined, calls go through the table. */\n"
    return f"/* Generated: the only provider of the class `{name}`, if there is only one. */\n#pragma once\n{text}"


def init_source(entries, app):
    """The initialisation table and the application's name as C."""
    lines = ["/* Generated from INIT of each Makefile.uk: see `make boot-order`. */", "#include <uk/boot.h>"]
    for _, _, _, init, fini in entries:
        lines.append(f"int {init}(void);")
        lines += [f"void {fini}(void);"] if fini else []
    lines.append("const struct uk_init uk_boot_table[] = {")
    for level, name, lib, init, fini in entries:
        lines.append(f'\t{{{level}, "{lib.name}", {init}, {fini or "0"}}}, /* {name} */')
    lines += ["\t{0, 0, 0, 0},", "};", f"const unsigned uk_boot_count = {len(entries)};"]
    lines.append(f'const char uk_boot_app[] = "{app}";')
    return "\n".join(lines) + "\n"


class Emitter:
    """Collects the rules of build.mk and the description in build.json."""

    def __init__(self, image, tools, out, cache):
        self.image, self.tools, self.out, self.cache = image, tools, out, cache
        self.rules, self.steps, self.objects, self.archives = [], 0, {}, {}
        self.folders, self.commands = set(), []
        with open("support/build/rules.mk", "rb") as file:
            self.recipes = "rules.mk " + hashlib.sha256(file.read()).hexdigest()

    def object_path(self, base, lib, source):
        for prefix, name in ((lib.origin + "/", "origin/") if lib.origin else ("\0", ""), (lib.dir + "/", "")):
            if source.startswith(prefix):
                return f"{base}/{name}{os.path.splitext(source[len(prefix):])[0]}.o"
        return f"{base}/{os.path.splitext(source.lstrip('/').replace('../', ''))[0]}.o"

    def folder_of(self, lib):
        return {"app": "app/", "lib": "lib/"}.get(lib.kind, "") + lib.name.removeprefix("app/")

    def label(self, lib, source):
        """How a source is called on the screen, the same wherever the tree lies."""
        return source.replace(self.cache + "/src/", "") if source.startswith(self.cache) else source

    def compile(self, lib, source, base, suffix=""):
        """One object: its rule, and its command for compile_commands.json. Returns the object's path."""
        obj = self.object_path(base, lib, source)
        self.steps += 1
        extra = self.tools.file(lib, source)
        seed = [f"-frandom-seed={self.label(lib, source)}"] if self.tools.lto else []
        own = " ".join(extra + seed).replace(",", "$(comma)")
        self.folders.add(os.path.dirname(obj))
        self.rules.append(f"{obj}: {source} {self.out}/flags/{lib.id}{suffix}\n"
                          f"\t$(call cc,{self.steps},{self.label(lib, source)},$(flags_{lib.id}{suffix}) {own})")
        self.commands.append((lib.id + suffix, extra, source, obj))
        return obj

    def library(self, lib):
        """Flags, objects and, for a big third-party part, the archive of a library."""
        flags = self.tools.library(lib)
        self.flag_file(lib.id, flags, lib)
        if lib.is_true("ARCHIVE", "y"):
            self.objects[lib] = []
            self.archives[lib] = self.archive(lib, flags)
        else:
            base = f"{self.out}/obj/{self.folder_of(lib)}"
            self.objects[lib] = [self.compile(lib, source, base) for source in lib.sources]
        if lib.tests:
            self.flag_file(lib.id + ".test", self.tools.library(lib, tests=True), lib)
            base = f"{self.out}/obj/{self.folder_of(lib)}"
            self.objects[lib] += [self.compile(lib, source, base, ".test") for source in lib.tests]

    def flag_file(self, name, flags, lib):
        """What the objects depend on: the command in the first line, then flags of single files, then the recipes."""
        self.rules.append(f"flags_{name} := {' '.join(flags)}")
        lines = [" ".join([self.tools.cc] + flags)]
        lines += [f"{key} {' '.join(words)}" for key, words in sorted(lib.found.items()) if key.startswith("CFLAGS[")]
        write_if_changed(f"{self.out}/flags/{name}", "\n".join(lines + [self.recipes]) + "\n")

    def archive(self, lib, flags):
        """A makefile of its own for a library whose objects applications share; it runs if the archive is missing."""
        key = archive_key(self.image, self.tools, lib, flags, self.out)
        base = f"{self.cache}/obj/{lib.id}-{key}"
        inner = Emitter(self.image, self.tools, self.out, self.cache)
        objects = [inner.compile(lib, source, base) for source in lib.sources]
        total, path = len(objects) + 1, f"{base}/lib{lib.id}.a"
        text = [f"STEPS := {total}", f"CC := {self.tools.cc}", "include support/build/rules.mk",
                f"flags_{lib.id} := {' '.join(flags)}",
                f"{path}: {' '.join(objects)}\n\t$(call say,{total},AR,{lib.name})\n\t$(Q)rm -f $@.tmp && "
                f"$(file >$@.list,$^)ar Dqcs $@.tmp @$@.list && mv $@.tmp $@"]
        text += [rule.replace(f" {self.out}/flags/{lib.id}\n", "\n") for rule in inner.rules]
        write_if_changed(f"{self.out}/archive-{lib.id}.mk", "\n".join(text) + "\n")
        self.steps += 1
        folders = " ".join(sorted(inner.folders | {base}))
        self.rules.append(f"{path}:\n\t$(call say,{self.steps},LIB,{lib.name}: built once for this configuration)\n"
                          f"\t$(Q)mkdir -p {folders}\n"
                          f"\t+$(Q)flock {base}/.lock $(MAKE) --no-print-directory -r "
                          f"-f {self.out}/archive-{lib.id}.mk {path}")
        self.commands += inner.commands
        return path

    def image_rules(self, plat):
        """The link, the stripped image and its table of initialisation for one platform."""
        image, out = self.image, self.out
        name = plat.name.split("/")[1]
        stem = f"{out}/{image.app.name.removeprefix('app/')}_{name}-{image.isa}"
        table = f"{out}/gen/init_{name}.c"
        boot = image.chosen["core/boot"]
        write_if_changed(table, init_source(image.init_table(plat), image.app.name.removeprefix("app/")))
        libs = [lib for lib in reversed(image.libs) if image.in_image(lib, plat)]
        init = self.compile(boot, table, f"{out}/obj/gen")
        objects = [obj for lib in libs for obj in self.objects[lib]] + [init, "$(EMBED_OBJECT)"]
        archives = [self.archives[lib] for lib in libs if lib in self.archives]
        script = f"{plat.dir}/{plat.word('LDSCRIPT')}" if "LDSCRIPT" in plat.found else ""
        tail = "" if image.hosted else "-lgcc"
        self.steps += 2
        self.rules.append(
            f"link_flags_{name} := {' '.join(self.tools.link(plat))}\n"
            f"link_libs_{name} := {tail}\n"
            f"{stem}.dbg: {' '.join(objects + archives)} {script} {out}/flags/link_{name}\n"
            f"\t$(call say,{self.steps - 1},LD,{os.path.basename(stem)})\n\t$(call link,{name})\n"
            f"{stem}: {stem}.dbg {out}/note_{name}.bin {out}/exports.ok\n"
            f"\t$(call say,{self.steps},STRIP,{os.path.basename(stem)})\n"
            f"\t$(call strip_image,{out}/note_{name}.bin)\n"
            f"IMAGE_{name} := {stem}\nIMAGES += {stem}")
        write_if_changed(f"{out}/flags/link_{name}", " ".join(self.tools.link(plat) + objects + archives) + "\n")
        return name, {"image": stem, "debug": stem + ".dbg", "map": stem + ".map",
                      "objects": [o for o in objects if not o.startswith("$")] + archives}

    def emit(self, inputs):
        """Writes everything. inputs: the files that the rules were made from."""
        image, out = self.image, self.out
        for lib in reversed(image.libs):         # the order of the link, so that step numbers rise
            self.library(lib)
        images = dict(self.image_rules(plat) for plat in image.plats)
        every = [obj for objs in self.objects.values() for obj in objs] + list(self.archives.values())
        for folder in sorted(self.folders):
            os.makedirs(folder, exist_ok=True)
        describe(self, images)
        head = [f"# Generated by engine.py; change a Makefile.uk or the configuration instead.",
                f"CC := {self.tools.cc}", f"STEPS := {self.steps}", f"PLATFORMS := {' '.join(images)}",
                f"OBJECTS := {' '.join(every)}", "IMAGES :=",
                f"{out}/build.mk: {' '.join(sorted(inputs))}", *[f"{path}:" for path in sorted(inputs)],
                f"{out}/exports.ok: $(OBJECTS)\n\t$(call check_exports)"]
        tail = ["-include $(patsubst %.o,%.d,$(filter %.o,$(OBJECTS)))"]
        write_if_changed(f"{out}/build.mk", "\n".join(head + self.rules + tail) + "\n")
        os.utime(f"{out}/build.mk")


def archive_key(image, tools, lib, flags, out):
    """A hash of all that goes into a shared archive: compiler, flags, own files, visible headers, their options.

    Bindings are left out, so that another heap or scheduler does not build a C library again: the sources of an
    archive must not include <uk/bind/…>.
    """
    kept = [flag.replace(out, "") for flag in flags if "prefix-map" not in flag]     # checkouts share an archive
    digest = hashlib.sha256("\0".join([tools.version()] + kept).encode())
    for other in image.visible(lib):
        folders = [other.dir] if other is lib else [other.dir + "/include"] + \
            [tools.folder(other, w) for w in other.words("API_INCLUDES") if not os.path.isabs(w)]
        folders += [f"{out}/include/{other.name}"]
        hash_folders(digest, folders)
    hash_folders(digest, [image.arch.dir + "/include", "plat/include"])
    return digest.hexdigest()[:16]


def hash_folders(digest, folders):
    """Adds names and contents of all files below the folders, in a fixed order."""
    for folder in folders:
        for path, subdirs, files in os.walk(folder):
            subdirs.sort()
            for file in sorted(files):
                with open(os.path.join(path, file), "rb") as data:
                    digest.update(file.encode() + b"\0" + data.read())


def describe(emitter, images):
    """build.json and compile_commands.json: what tools need to know."""
    image, tools = emitter.image, emitter.tools
    libs = [{"name": lib.name, "dir": lib.dir, "symbol": lib.symbol, "kind": lib.kind, "deps": lib.words("DEPS"),
             "api_deps": lib.words("API_DEPS"), "abi": lib.word("ABI"),
             "prefix": lib.words("PREFIX") + CONTRACT.get(lib.kind, []), "srcs": lib.sources,
             "tests": lib.tests, "fuzz": image.sources(lib, "FUZZ"), "desc": lib.word("DESC"),
             "objs": emitter.objects[lib] + ([emitter.archives[lib]] if lib in emitter.archives else []),
             "license": lib.word("LICENSE", "BSD-3-Clause"), "origin": lib.words("ORIGIN"), "origin_dir": lib.origin,
             "init": lib.words("INIT"), "provides": lib.words("PROVIDES"),
             "visible": [other.name for other in image.visible(lib)],
             "why": {dep.name: why for dep, why in image.direct(lib).items()}} for lib in image.libs]
    orders = {}
    for plat in image.plats:
        table = image.init_table(plat)
        orders[plat.name.split("/")[1]] = [(level, lib.name, init, fini) for _, level, lib, init, fini in table]
    data = {"app": {"name": image.app.name, "dir": image.app.dir}, "version": image.version, "arch": image.isa,
            "platforms": list(images), "images": images, "libs": libs, "init": orders, "hosted": image.hosted,
            "cc": tools.cc}
    write_if_changed(f"{emitter.out}/build.json", json.dumps(data, indent=1) + "\n")
    commands = []
    for name, extra, source, obj in emitter.commands:
        with open(f"{emitter.out}/flags/{name}", encoding="utf-8") as file:
            words = [file.readline().strip(), *extra, "-c", source, "-o", obj]
        commands.append({"directory": os.getcwd(), "file": source, "output": obj, "command": " ".join(words)})
    write_if_changed(f"{emitter.out}/compile_commands.json", json.dumps(commands, indent=1) + "\n")


def origin_of(cache):
    """Where a library's third-party source lies, fetched if it is not there yet."""
    def find(lib):
        import fetch
        patches = [os.path.join(lib.dir, word) for word in lib.words("PATCHES")]
        return fetch.ensure(lib.words("ORIGIN"), patches, cache, where=lib.makefile)
    return find


def write_notes(image, conf, out):
    import note
    config = conf.minimal().split("\n")
    for plat in image.plats:
        name, libs = plat.name.split("/")[1], [lib.name for lib in image.libs if image.in_image(lib, plat)]
        data = note.make_note({"version": image.version, "app": image.app.name, "plat": name, "isa": image.isa,
                               "config": config, "libs": libs})
        write_if_changed(f"{out}/note_{name}.bin", data, "b")


def main(tree_dir, out, app_dir, app_name, ext, cache, version):
    libs = tree.libraries(app_dir, app_name, [d for d in ext.split(":") if d])
    conf = kconf.Configuration(libs, out, tree_dir)
    conf.ready()
    conf.check()
    kinds = {conf.lib.BOOL: "bool", conf.lib.STRING: "string", conf.lib.INT: "int", conf.lib.HEX: "hex"}
    symbols = [(s.name, kinds.get(s.orig_type, "bool"), s.str_value) for s in conf.kconf.unique_defined_syms]
    image = Image(libs, {name: value for name, _, value in symbols}, origin_of(cache), version)
    for lib, own in owners(image.libs, symbols).items():
        write_if_changed(f"{out}/include/{lib.name}/config.h", config_header(lib, own))
    for name, symbol in bindings(image).items():
        write_if_changed(f"{out}/include/uk/bind/{name}.h", binding_header(name, symbol))
    write_notes(image, conf, out)
    tools = Toolchain(image, out, cache)
    tools.builtin = "" if image.hosted else tools.builtin_headers()
    inputs = [conf.path] + [p for lib in libs.values() for p in (lib.makefile, lib.kconfig) if os.path.exists(p)]
    inputs += ["Config.uk", "support/build/Config.uk"]
    Emitter(image, tools, out, cache).emit([p for p in inputs if os.path.exists(p)])


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BuildError as error:
        sys.exit(f"error: {error}")
