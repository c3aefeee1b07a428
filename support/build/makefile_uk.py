# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Reads Makefile.uk: what a library or an application says about itself.

The file is a declarative subset of make. A statement is `VAR = words`, `VAR += words`, or, to apply only when an
option is set, `VAR-$(CONFIG_X) += words`; `#` begins a comment and a backslash continues a line. Values may refer
to $(ORIGIN), $(VERSION) and $(CONFIG_X). Anything else is an error with file and line.
"""
import re

VARIABLES = {
    "DESC": "one line that says what the library is for",
    "DEPS": "libraries used in sources only: names (mem/heap) or classes (libc); they are switched on with this one",
    "API_DEPS": "libraries that the public headers need too: users of this library get their headers as well",
    "TEST_DEPS": "libraries that only the tests use (core/test need not be named); those that TESTS-$(CONFIG_X) waits "
                 "for are not switched on",
    "HIDES": "libraries whose headers users of this one must not see, since it brings its own of the same name",
    "SRCS": "sources relative to the folder (.c, .S), or $(ORIGIN)/… in the third-party source; wildcards allowed",
    "TESTS": "sources of tests: part of images in which CONFIG_CORE_TEST is set",
    "FUZZ": "sources of fuzz targets, one function uk_fuzz_NAME(data, size) each, used by `make fuzz`",
    "INCLUDES": "private include folders besides the library's own",
    "API_INCLUDES": "public include folders besides include/",
    "API_ISYSTEM": "public include folders that are searched last, and without warnings",
    "CFLAGS": "private compiler flags; CFLAGS[pattern] gives them to the sources that match only",
    "API_CFLAGS": "compiler flags for this library and all its users; of a hosted platform: for everything",
    "OPTIMIZE": "`speed`: compiled for speed even where the configuration optimises for size",
    "INIT": "start-up: LEVEL:init or LEVEL:init:fini, int init(void) and void fini(void)",
    "PROVIDES": "classes this is a provider of: CLASS, or CLASS:symbol with the table of operations",
    "ABI": "posix, libc or vendor: the globals belong to that interface and need no prefix",
    "PREFIX": "prefixes of globals allowed besides uk_<name>_",
    "REGS": "`general`: no vector or floating-point registers",
    "ORIGIN": "third-party source: debian PACKAGE VERSION FILE SHA256",
    "PATCHES": "patches for it, each beginning with its reason",
    "LICENSE": "SPDX expression of what is linked (BSD-3-Clause)",
    "ARCHIVE": "`y`: big third-party part, built once for one configuration and shared between applications",
    "HOST": "`no`: not part of the hosted test platform",
    "PLAT": "a driver's platform: linked into that platform's image only",
    "LDSCRIPT": "platforms: the linker script",
    "LDFLAGS": "platforms: flags for the link",
    "HOSTED": "platforms: `y` for an ordinary program on the build machine's C library",
}

LEVELS = "EARLY CONSOLE MEM IRQ TIME SCHED BUS DEV FS NET APP".split()

STATEMENT = re.compile(r"([A-Z_]+)(\[[^\]]+\])?(-\$\((CONFIG_[A-Z0-9_]+)\))?\s*(\+?=)\s*(.*)$")
REFERENCE = re.compile(r"\$\(([^)]*)\)")


class BuildError(Exception):
    """What went wrong, in one line that names the place and the mend."""


def logical_lines(path):
    """Yields (number, text) with comments removed and continued lines joined."""
    number, text = 0, ""
    with open(path, encoding="utf-8") as file:
        for at, line in enumerate(file, 1):
            line = re.sub(r"(^|\s)#.*", "", line.rstrip("\n"))
            number = number or at
            if line.endswith("\\"):
                text += line[:-1] + " "
                continue
            text += line
            if text.strip():
                yield number, text.strip()
            number, text = 0, ""


def parse(path, config=None, values=None):
    """The statements of a file as {variable: [words]}; CFLAGS[pattern] keeps its pattern in the name.

    config maps CONFIG_X to its value ('y', '42'…); None takes every conditional statement, which is what a
    look at the whole tree wants. values gives $(ORIGIN) and $(VERSION); where it lacks one the reference stays.
    """
    found, values = {}, values or {}
    for number, text in logical_lines(path):
        match = STATEMENT.match(text)
        if not match:
            raise BuildError(f"{path}:{number}: not a statement: write VAR = words, VAR += words or "
                             "VAR-$(CONFIG_X) += words")
        name, pattern, _, option, operator, value = match.groups()
        if name not in VARIABLES:
            raise BuildError(f"{path}:{number}: unknown variable {name}; known are {' '.join(sorted(VARIABLES))}")
        if pattern and name != "CFLAGS":
            raise BuildError(f"{path}:{number}: only CFLAGS takes a [pattern], {name} does not")

        def expand(ref):
            key = ref.group(1)
            if key.startswith("CONFIG_"):
                return "" if config is None else config.get(key, "")
            if key in values:
                return values[key]
            if key in ("ORIGIN", "VERSION"):
                return ref.group(0)
            raise BuildError(f"{path}:{number}: unknown reference $({key}): use $(ORIGIN), $(VERSION) or $(CONFIG_X)")

        words = REFERENCE.sub(expand, value).split()
        key = name + (pattern or "")
        if option and config is not None and config.get(option, "n") == "n":
            words = []
        if operator == "=" and not option:
            found[key] = words
        else:
            found.setdefault(key, []).extend(words)
    return found


def validate(path, found):
    """Checks the words whose form is fixed, so that a slip is told where it was made."""
    for entry in found.get("INIT", []):
        parts = entry.split(":")
        if parts[0] not in LEVELS or len(parts) not in (2, 3):
            raise BuildError(f"{path}: INIT {entry}: write LEVEL:init or LEVEL:init:fini, "
                             f"LEVEL one of {' '.join(LEVELS)}")
    for name, allowed in (("ABI", ("posix", "libc", "vendor")), ("REGS", ("general",)), ("OPTIMIZE", ("speed",)),
                          ("ARCHIVE", ("y",)), ("HOST", ("no",)), ("HOSTED", ("y",))):
        for word in found.get(name, []):
            if word not in allowed:
                raise BuildError(f"{path}: {name} = {word}: must be {' or '.join(allowed)}")
    if "ORIGIN" in found and (len(found["ORIGIN"]) != 5 or found["ORIGIN"][0] != "debian"):
        raise BuildError(f"{path}: ORIGIN must be: debian PACKAGE VERSION FILE SHA256")
