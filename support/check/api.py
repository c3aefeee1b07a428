# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The public interface: every prototype documented, and none changed without a word in CHANGES.md.

docs/api.txt holds one line for each public function and object, `header: prototype`. `make api` writes it, and
refuses to forget or change a prototype whose name is not in CHANGES.md.
"""
import os
import re
import sys

from shape import percent
from source import spaced

SNAPSHOT = "docs/api.txt"
CHANGES = "CHANGES.md"


def public(house):
    """Yields (path, name, line, text, documented) for what public headers declare."""
    for path in house.headers():
        source = house.source(path)
        found = [(d.name, d.first, d.text) for d in source.declarations]
        found += [(f.name, f.first, prototype(f)) for f in source.functions]
        found = [entry for entry in found if not re.fullmatch(r"[A-Z0-9_]+", entry[0])]
        headed = len(found) == 1 and len(source.comments) > 1     # the file's own comment is about the only thing in it
        for name, line, text in found:
            yield path, name, line, text, headed or source.documented(line)


def prototype(function):
    return re.sub(r"^static inline |^inline ", "", spaced(function.heading))


def documentation(house, report, figure):
    total = good = 0
    for path, name, line, _, documented in public(house):
        total, good = total + 1, good + documented
        if not documented:
            report(path, line, f"{name} is not documented: say what it does, units, ownership, errors, context")
    figure("public functions and objects", total)
    figure("  documented", percent(good, total), "100 %")


def current(house):
    """The snapshot of the tree as it is: {line: name}; a library's name stands for its include folder."""
    lines = {}
    for path, name, _, text, _ in public(house):
        lines[f"{path}: {text}"] = name
    return lines


def recorded():
    if not os.path.exists(SNAPSHOT):
        return []
    with open(SNAPSHOT, encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line and not line.startswith("#")]


def unannounced(lines):
    """Recorded lines that are no more, as [(line, name)], unless CHANGES.md names their function."""
    said = ""
    if os.path.exists(CHANGES):
        with open(CHANGES, encoding="utf-8") as file:
            said = file.read()
    words = set(re.findall(r"\w+", said))
    gone = [(line, name_of(line)) for line in recorded() if line not in lines]
    return [(line, name) for line, name in gone if name not in words]


def name_of(line):
    """The function or object that a line of the snapshot is about."""
    text = line.split(": ", 1)[1]
    match = re.search(r"(\w+)\(", text) or re.search(r"(\w+)(?:\[[^\]]*\])*$", text)
    return match.group(1) if match else text


def snapshot(house, report, figure):
    lines, old = current(house), set(recorded())
    for line, name in unannounced(lines):
        path, text = line.split(": ", 1)
        report(path if os.path.exists(path) else SNAPSHOT, 1,
               f"`{text}` was changed or removed: name {name} in {CHANGES} and say what users do, then `make api`")
    new = [line for line in lines if line not in old]
    dropped = [line for line in old if line not in lines]
    if new or dropped:
        report(SNAPSHOT, 1, f"{len(new)} prototypes new and {len(dropped)} gone since it was written: run `make api`")
    figure("public interface against its snapshot", len(new) + len(dropped), 0)


def write(house):
    """make api"""
    lines = current(house)
    bad = unannounced(lines)
    for line, name in bad:
        print(f"{SNAPSHOT}: `{line.split(': ', 1)[1]}` was changed or removed: name {name} in {CHANGES} first",
              file=sys.stderr)
    if bad:
        return 1
    old = set(recorded())
    os.makedirs(os.path.dirname(SNAPSHOT), exist_ok=True)
    with open(SNAPSHOT, "w", encoding="utf-8") as file:
        file.write("# The public interface: header, prototype. Written by `make api`; `make check` compares.\n")
        file.write("".join(line + "\n" for line in sorted(lines)))
    print(f"{SNAPSHOT}: {len(lines)} prototypes, {len(set(lines) - old)} new, {len(old - set(lines))} gone or changed")
    return 0
