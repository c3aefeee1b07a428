# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The configuration: kconfiglib behind the make targets menuconfig, olddefconfig, savedefconfig, …

The tree of options is Config.uk plus a generated part: the application's menu, and for each library the `select`
of what its DEPS name, so that a dependency is written down once, in Makefile.uk.
"""
import difflib
import os
import random
import re
import sys

import makefile_uk
import tree
from makefile_uk import BuildError

ASSIGNMENT = re.compile(r"\s*(?:CONFIG_([A-Z0-9_]+)=(.*?)|# CONFIG_([A-Z0-9_]+) is not set)\s*$")


def write_if_changed(path, text, mode=""):
    """Leaves the time stamp of a file that would not change, so that nothing is rebuilt for it. mode "b": bytes."""
    encoding = None if mode else "utf-8"
    try:
        with open(path, "r" + mode, encoding=encoding) as file:
            if file.read() == text:
                return False
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path + ".tmp", "w" + mode, encoding=encoding) as file:
        file.write(text)
    os.replace(path + ".tmp", path)
    return True


def conditions(lib):
    """The options named by `depends on` in a Config.uk: a library that waits for another does not switch it on."""
    if not os.path.exists(lib.kconfig):
        return set()
    with open(lib.kconfig, encoding="utf-8") as file:
        lines = [line for line in file if line.strip().startswith("depends on")]
    return set(re.findall(r"[A-Z0-9_]+", " ".join(lines)))


def has_tests_with(lib, other):
    """Whether tests of lib are there only where the other library is: then they do not switch it on."""
    with open(lib.makefile, encoding="utf-8") as file:
        return f"TESTS-$(CONFIG_{other.symbol})" in file.read()


def own_conditions(lib):
    """What the library's own option depends on, each condition in brackets: a default elsewhere would pass them by."""
    found, inside = [], False
    if os.path.exists(lib.kconfig):
        with open(lib.kconfig, encoding="utf-8") as file:
            for line in file:
                words = line.split()
                if words[:1] in (["config"], ["choice"], ["if"], ["menuconfig"]):
                    inside = words[1:] == [lib.symbol]
                elif inside and words[:2] == ["depends", "on"]:
                    found.append("(" + " ".join(words[2:]) + ")")
    return found


def kconfig_text(libs, tree_dir):
    """The generated root of the options."""
    app = next(lib for lib in libs.values() if lib.kind == "app")
    lines = ['mainmenu "Tessera configuration"', f'source "{tree_dir}/Config.uk"', f'menu "Application: {app.name}"']
    if os.path.exists(app.kconfig):
        lines.append(f'source "{os.path.abspath(app.kconfig)}"')
    lines.append("endmenu")
    outside = [lib for lib in libs.values() if lib.kind == "lib" and not lib.makefile.startswith("lib/")]
    if outside:
        lines += ['menu "External libraries"']
        lines += [f'source "{os.path.abspath(lib.kconfig)}"' for lib in outside] + ["endmenu"]
    lines += [f"config {app.symbol}", "\tbool", "\tdefault y", "\tselect CORE_BOOT"]
    for lib in libs.values():
        found = makefile_uk.parse(lib.makefile)
        lines += [f"config {lib.symbol}", "\tbool"]
        if lib.kind in ("lib", "driver") and "libc" not in found.get("PROVIDES", []):
            lines.append("\tdefault y if " + " && ".join(["ALL_LIBRARIES"] + own_conditions(lib)))
        wants = conditions(lib)
        for dep in sorted(set(found.get("DEPS", []) + found.get("API_DEPS", []))):
            if dep in libs and libs[dep].symbol in wants:
                continue
            if dep in libs:
                lines.append(f"\tselect {libs[dep].symbol}")
            elif "/" in dep:
                raise BuildError(f"{lib.makefile}: DEPS name {dep}, and there is no such library; "
                                 "`make libs` lists them")
        if "TESTS" in found:
            for dep in sorted(set(found.get("TEST_DEPS", [])) & set(libs)):
                if not has_tests_with(lib, libs[dep]):
                    lines.append(f"\tselect {libs[dep].symbol} if CORE_TEST")
    return "\n".join(lines) + "\n"


class Configuration:
    """A loaded tree of options with a .config in out."""

    def __init__(self, libs, out, tree_dir):
        import kconfiglib                        # here, so that errors before it need no package
        self.lib, self.libs, self.out = kconfiglib, libs, out
        self.path = os.path.join(out, ".config")
        os.environ.update(srctree=tree_dir, KCONFIG_CONFIG=self.path, CONFIG_="CONFIG_")
        top = os.path.join(out, "Kconfig")
        write_if_changed(top, kconfig_text(libs, tree_dir))
        try:
            self.kconf = kconfiglib.Kconfig(os.path.abspath(top), warn_to_stderr=False)
        except kconfiglib.KconfigError as error:
            raise BuildError(str(error).strip().replace("\n", " ")) from None
        for warning in self.kconf.warnings:
            raise BuildError(warning.replace("\n", " ").replace("warning: ", ""))

    def load(self, path, strict=True):
        """Takes the values of a file; a name that does not exist or a value that cannot hold is an error."""
        given = {}
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                match = ASSIGNMENT.match(line)
                if match:
                    name, value = (match[1], match[2]) if match[1] else (match[3], "n")
                    given[name] = (number, value)
                elif line.strip() and not line.startswith("#"):
                    raise BuildError(f"{path}:{number}: not an assignment: write CONFIG_NAME=value or "
                                     "# CONFIG_NAME is not set")
        if strict:
            for name, (number, _) in given.items():
                self.known(name, f"{path}:{number}")
        self.kconf.load_config(path)
        if strict:
            for name, (number, value) in given.items():
                self.held(name, value, f"{path}:{number}")

    def known(self, name, where):
        symbol = self.kconf.syms.get(name)
        if symbol is None or not symbol.nodes:
            near = difflib.get_close_matches(name, [s.name for s in self.kconf.unique_defined_syms], 1, 0.6)
            hint = f"did you mean CONFIG_{near[0]}? " if near else ""
            raise BuildError(f"{where}: unknown option CONFIG_{name}; {hint}`make listnewconfig` lists the options, "
                             "`make olddefconfig` drops unknown ones from a .config")
        return symbol

    def held(self, name, value, where):
        """An option that was set but is off since something it needs is missing."""
        symbol, value = self.kconf.syms[name], value.strip('"')
        if value in ("n", "") or symbol.str_value == value or symbol.visibility and symbol.choice:
            return
        if symbol.orig_type in (self.lib.INT, self.lib.HEX) and symbol.visibility:
            raise BuildError(f"{where}: CONFIG_{name}={value} is outside its range; it would be {symbol.str_value}")
        if symbol.visibility == 0:
            needs = self.lib.expr_str(symbol.direct_dep)
            missing = sorted({s.name for s in self.lib.expr_items(symbol.direct_dep)
                              if isinstance(s, self.lib.Symbol) and s.str_value == "n" and s.name != "n"})
            mend = f"set CONFIG_{missing[0]}=y too, or remove the line" if missing else "remove the line"
            raise BuildError(f"{where}: CONFIG_{name}={value} cannot hold: it depends on {needs}; {mend}")
        raise BuildError(f"{where}: CONFIG_{name}={value} is not a value it can take; it would be "
                         f"{symbol.str_value or 'empty'}")

    def ready(self):
        """Loads .config, made from the application's defconfig if there is none yet."""
        if os.path.exists(self.path):
            self.load(self.path)
        else:
            self.defconfig()

    def defconfig(self):
        app = next(lib for lib in self.libs.values() if lib.kind == "app")
        path = os.path.join(app.dir, "defconfig")
        if os.path.exists(path):
            self.load(path)
        self.save()

    def platforms(self):
        return [lib for lib in self.libs.values() if lib.kind == "plat" and self.value(lib.symbol) == "y"]

    def value(self, name):
        symbol = self.kconf.syms.get(name)
        return symbol.str_value if symbol else "n"

    def save(self):
        self.check()
        os.makedirs(self.out, exist_ok=True)
        text = re.sub(r"^#\n# [^\n]*\n#\n", "", self.kconf._config_contents("# Tessera configuration\n"))
        write_if_changed(self.path, text)

    def check(self):
        """What no single option can say."""
        if not self.platforms():
            names = ", ".join(lib.symbol for lib in self.libs.values() if lib.kind == "plat")
            raise BuildError(f"{self.path}: no platform is selected: enable one of {names} (make menuconfig)")

    def minimal(self):
        """The lines of savedefconfig."""
        return self.kconf._min_config_contents("")


def set_all(conf, choose):
    """Gives every bool outside choices and every choice what choose(items) picks, until nothing changes."""
    fixed = {"TARGET_HOSTED", "ALL_LIBRARIES"}
    for symbol in conf.kconf.unique_defined_syms:
        if symbol.orig_type == conf.lib.BOOL and symbol.name not in fixed and symbol.choice is None:
            symbol.set_value(choose([0, 2]))
    for choice in conf.kconf.unique_choices:
        members = [s for s in choice.syms if s.visibility and s.name not in fixed]
        if members:
            choose([s for s in members]).set_value(2)


def random_config(conf, seed):
    rng = random.Random(seed)
    set_all(conf, rng.choice)
    toolchain = ("TOOLCHAIN_CLANG", "TOOLCHAIN_UBSAN")     # a matter of what is installed, not of the system
    for name in toolchain:
        if name in conf.kconf.syms:
            conf.kconf.syms[name].unset_value()
    some_platform(conf)


def command(conf, name, words):
    """Runs one configuration target. Returns nothing; raises BuildError."""
    if name == "menuconfig":
        conf.ready()
        import menuconfig
        menuconfig.menuconfig(conf.kconf)
        return
    if name == "olddefconfig":
        conf.load(conf.path, strict=False) if os.path.exists(conf.path) else conf.defconfig()
    elif name == "defconfig":
        conf.defconfig()
    elif name == "savedefconfig":
        conf.ready()
        write_if_changed(os.path.join(conf.out, "defconfig"), conf.minimal())
        print(f"wrote {conf.out}/defconfig")
        return
    elif name in ("allnoconfig", "allyesconfig"):
        set_all(conf, (lambda items: items[0]) if name == "allnoconfig" else (lambda items: items[-1]))
        reset_choices(conf)
        some_platform(conf)
    elif name == "randconfig":
        seed = dict(w.split("=", 1) for w in words if "=" in w).get("SEED") or str(random.randrange(1 << 32))
        print(f"SEED={seed}")
        random_config(conf, seed)
    elif name == "listnewconfig":
        list_new(conf)
        return
    elif name == "diffconfig":
        diff(conf)
        return
    elif name == "setconfig":
        set_options(conf, words)
    conf.save()


def reset_choices(conf):
    """all*config leave choices at their defaults, as everywhere in the Kconfig world."""
    for choice in conf.kconf.unique_choices:
        choice.unset_value()
        for symbol in choice.syms:
            symbol.unset_value()


def some_platform(conf):
    """A configuration without any platform builds nothing: then all that boot."""
    if not conf.platforms():
        for lib in conf.libs.values():
            if lib.kind == "plat" and "y" not in makefile_uk.parse(lib.makefile).get("HOSTED", []):
                conf.kconf.syms[lib.symbol].set_value(2)


def list_new(conf):
    """Options that .config does not mention yet, with their defaults; all of them without a .config."""
    if os.path.exists(conf.path):
        conf.load(conf.path, strict=False)
    new = [s for s in conf.kconf.unique_defined_syms if s.visibility and s.user_value is None
           and not (s.choice and s.choice.user_selection)]
    for symbol in new:
        print(symbol.config_string.strip() or f"# CONFIG_{symbol.name} is not set")


def diff(conf):
    """What .config says differently from the application's defconfig."""
    conf.ready()
    now = {s.name: s.str_value for s in conf.kconf.unique_defined_syms}
    fresh = Configuration(conf.libs, conf.out, os.environ["srctree"])
    app = next(lib for lib in conf.libs.values() if lib.kind == "app")
    path = os.path.join(app.dir, "defconfig")
    if os.path.exists(path):
        fresh.load(path)
    for symbol in fresh.kconf.unique_defined_syms:
        if symbol.str_value != now[symbol.name]:
            print(f" {symbol.name} {symbol.str_value or '(empty)'} -> {now[symbol.name] or '(empty)'}")


def set_options(conf, words):
    conf.ready()
    if not words:
        raise BuildError("setconfig: nothing to set: write make setconfig NAME=value, with the = and no blanks")
    for word in words:
        name, _, value = word.partition("=")
        name = name.removeprefix("CONFIG_")
        symbol = conf.known(name, "setconfig")
        if not symbol.set_value(value):
            kind = conf.lib.TYPE_TO_STR[symbol.orig_type]
            raise BuildError(f"setconfig: {name}={value}: not a value of its type ({kind})")
    for word in words:
        name, _, value = word.partition("=")
        conf.held(name.removeprefix("CONFIG_"), value, "setconfig")


def main(argv):
    """kconf.py COMMAND TREE OUT APPDIR APPNAME EXTLIBS [WORDS…]"""
    name, tree_dir, out, app_dir, app_name, ext = argv[:6]
    try:
        libs = tree.libraries(app_dir, app_name, [d for d in ext.split(":") if d])
        command(Configuration(libs, out, tree_dir), name, argv[6:])
    except BuildError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
