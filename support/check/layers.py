# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Who may use whom: includes, dependencies and names across the layers (docs/design.md)."""
import os
import re

import house as tree_house

RANK = {"arch": 0, "core": 1, "sched": 2, "mem": 2, "dev": 3, "drivers": 4, "fs": 4, "net": 4,
        "posix": 5, "libc": 5, "abi": 5, "app": 6, "obs": 9}
DRIVER_USES = {"dev", "net", "mem", "sched", "core", "arch", "drivers"}
PLAT_USES = {"arch", "core", "mem", "dev", "drivers", "plat"}


def area(name):
    return name.split("/")[0]


def allowed(user, used):
    """Whether a library of area `user` may depend on one of area `used`."""
    if user == used or user == "obs":
        return True
    if used == "obs" or used == "app":
        return False
    if user == "plat":
        return used in PLAT_USES
    if user == "drivers":
        return used in DRIVER_USES
    if used in ("plat", "drivers"):
        return False
    return user not in RANK or used not in RANK or RANK[user] > RANK[used] or RANK[user] == RANK[used] != 4


def dependencies(house, report):
    """Declared dependencies exist, go down, and have no cycle."""
    for lib in house.libs.values():
        for name in lib.words("DEPS") + lib.words("API_DEPS"):
            used = house.named([name])
            if not used:
                report(lib.makefile, 1, f"DEPS name {name}: there is no such library or class; see `make libs`")
            for other in used:
                if not allowed(area(lib.name), area(other)) and not lib.is_true("HOSTED", "y") \
                        and not tied(lib, other):
                    report(lib.makefile, 1, f"{lib.name} may not use {other}: the layers go down only; move the "
                                            "common part to a lower layer")
    for cycle in cycles({lib.name: house.named(lib.words("DEPS") + lib.words("API_DEPS")) - {lib.name}
                         for lib in house.libs.values()}):
        report(house.libs[cycle[0]].makefile, 1, "the dependencies go round: " + " -> ".join(cycle + cycle[:1])
               + "; move what both need into a library of its own")


def tied(lib, other):
    """A driver for one platform may use that platform's own header."""
    return other == "plat/" + lib.word("PLAT", "?")


def cycles(graph):
    """One cycle for each group of nodes that reach each other."""
    found, state, stack = [], {}, []

    def visit(node):
        state[node] = "open"
        stack.append(node)
        for following in sorted(graph.get(node, ())):
            if state.get(following) == "open":
                found.append(stack[stack.index(following):])
            elif following not in state:
                visit(following)
        stack.pop()
        state[node] = "done"

    for node in sorted(graph):
        if node not in state:
            visit(node)
    return found


def includes(house, report):
    """Each include is of a header that the library may use; no header includes itself in the end."""
    graph, total = {}, 0
    for path in house.c_files():
        for line, kind, name in house.source(path).includes():
            total += 1
            target = quoted(house, path, name) if kind == '"' else angled(house, path, name)
            if target.startswith("!"):
                report(path, line, target[1:])
            elif target:
                graph.setdefault(path, set()).add(target)
    headers = {path: targets for path, targets in graph.items() if path.endswith(".h")}
    for cycle in cycles(headers):
        report(cycle[0], 1, "includes itself through " + " -> ".join(cycle[1:] + cycle[:1])
               + "; move the common part into a header of its own")
    return total


def quoted(house, path, name):
    lib = house.owner(path)
    target = os.path.normpath(os.path.join(os.path.dirname(path), name))
    private = [os.path.join(lib.dir, d, name) for d in ["."] + lib.words("INCLUDES")] if lib else []
    found = next((os.path.normpath(p) for p in [target] + private if os.path.exists(p)), "")
    if found and house.owner(found) not in (lib, None):
        return f'!includes "{name}" of another library; include its public header with <> and name it in DEPS'
    return found


def angled(house, path, name):
    lib = house.owner(path)
    if name in tree_house.FREESTANDING or name.startswith("uk/bind/"):
        return ""
    if tree_house.is_config(name):
        if lib and name == tree_house.own_config(lib):
            return ""
        return f"!reads <{name}>: a library sees its own options only; ask its owner by a function"
    usable = house.usable(path)
    owners = house.offered.get(name, [])
    for owner, target in owners:
        if owner is None or owner.kind == "arch" or owner.name in usable or owner is lib:
            return target
    if house.takes_foreign_headers(usable) or lib and lib.words("PLAT") or private(house, lib, name):
        return ""
    if not owners:
        if lib and lib.kind in ("arch", "plat") and name in ("cpuid.h", "immintrin.h"):
            return ""
        return f"!<{name}> is offered by no library that {lib.name if lib else 'plat/include'} may use"
    names = " or ".join(sorted(owner.name for owner, _ in owners))
    variable = "API_DEPS" if lib and f"{lib.dir}/include/" in path else "DEPS"
    return f"!<{name}> belongs to {names}: add it to {variable} in {lib.makefile if lib else 'no library'}"


def private(house, lib, name):
    """A header in a private include folder of the library, also in one outside the tree."""
    return lib is not None and any("$(" in d or os.path.exists(os.path.join(lib.dir, d, name))
                                   for d in lib.words("INCLUDES"))


def names(house, report):
    """lib/ names no platform and no architecture; boot names no provider."""
    plats = {lib.name.split("/")[1] for lib in house.libs.values() if lib.kind == "plat"} - {"linux", "host"}
    arches = {lib.name.split("/")[1] for lib in house.libs.values() if lib.kind == "arch"}
    words = plats | arches | {"aarch64", "arm64", "i386"}
    machine = re.compile(r"(?<![A-Za-z0-9])(%s)(?![A-Za-z0-9])|PLAT_LINUX|PLAT_HOST"
                         % "|".join(sorted(words | {word.upper() for word in words})))
    providers = {word.split("/")[1] for lib in house.libs.values() if lib.words("PROVIDES")
                 for word in [lib.name] if lib.kind == "lib"}
    provider = re.compile(r"(?<![A-Za-z0-9])(%s)(?![A-Za-z0-9])" % "|".join(sorted(providers) or ["!"]))
    for path in house.c_files() + [p for p in house.files if p.endswith(".S") and p.startswith("lib/")]:
        if path.startswith("lib/"):
            named(house, path, report, machine)
        if path.startswith(("lib/core/boot/", "plat/")) and not house.is_test(path):
            boot_names(house, path, report, provider)


def named(house, path, report, machine):
    source = house.source(path)
    if path.endswith(".S"):
        report(path, 1, "assembly in lib/: it belongs into arch/ or plat/")
        return
    if house.is_test(path):
        return
    lines = source.code.split("\n")
    for line, name, rest in source.directives:
        if name in ("if", "ifdef", "ifndef", "elif", "define") and machine.search(rest):
            report(path, line, f"names {machine.search(rest).group()}: lib/ knows no platform and no architecture")
    for number, line in enumerate(lines, 1):
        if machine.search(line):
            report(path, number, f"names {machine.search(line).group()}: lib/ knows no platform and no architecture")
    for match in re.finditer(r"\b(?:__asm__|asm)\b[^(;]*\(\s*\"(.)", source.text):
        number = source.line(match.start())
        if match.group(1) != '"' and source.code[match.start()] in "_a":
            report(path, number, "an instruction in lib/: it belongs into arch/")


def boot_names(house, path, report, provider):
    source = house.source(path)
    own = house.owner(path)
    for number, line in enumerate(source.code.split("\n"), 1):
        found = provider.search(line)
        if found and not (own and found.group(1) in own.name):
            report(path, number, f"names the provider {found.group(1)}: a new provider must need no edit here; use its "
                                 "class, a linker set or the init table")
