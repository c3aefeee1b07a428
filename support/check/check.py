# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""The static gate: `check.py [RULE…]` runs all rules or those named; `check.py api|docs|format` writes instead.

Each finding is one line `file:line: rule: what is wrong and the mend`. At the end stand the figures, with their
marks, and the number of findings; the status is 0 only if there are none.
"""
import os
import sys
import time

import api
import compiling
import layers
import options
import scripts
import shape
from house import House


class Gate:
    def __init__(self):
        self.house, self.findings, self.figures, self.rule = House(), [], [], ""

    def report(self, path, line, text):
        self.findings.append((path, line, self.rule, text))

    def figure(self, name, value, mark=None):
        self.figures.append((name, value, mark))

    def includes(self):
        before = len(self.findings)
        total = layers.includes(self.house, self.report)
        bad = [text for _, _, _, text in self.findings[before:]]
        circular = sum(text.startswith("includes itself") for text in bad)
        self.figure("includes", total)
        self.figure("  undeclared", len(bad) - circular, 0)
        self.figure("  circular", circular, 0)

    def rules(self):
        house, report, figure = self.house, self.report, self.figure
        return {
            "files": lambda: shape.files(house, report, figure),
            "functions": lambda: shape.functions(house, report, figure),
            "libraries": lambda: shape.libraries(house, report, figure),
            "typedef": lambda: shape.tables(house, report),
            "layers": lambda: layers.dependencies(house, report),
            "includes": self.includes,
            "names": lambda: layers.names(house, report),
            "options": lambda: options.complete(house, report, figure),
            "configuration": lambda: options.current(house, report),
            "documented": lambda: api.documentation(house, report, figure),
            "api": lambda: api.snapshot(house, report, figure),
            "python": lambda: scripts.python(house, report, figure),
            "shell": lambda: scripts.shell(house, report, figure),
            "layout": lambda: compiling.layout(house, report, figure),
            "compile": lambda: compiling.compile_all(house, report, figure),
        }

    def run(self, wanted):
        rules = self.rules()
        for name in wanted or rules:
            if name not in rules:
                sys.exit(f"check: no rule {name}; there are {' '.join(rules)}")
            self.rule = name
            if sys.stderr.isatty():
                print(f"\r\033[Kcheck: {name}", end="", file=sys.stderr, flush=True)
            rules[name]()
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr)
        for path, line, rule, text in sorted(set(self.findings)):
            print(f"{path}:{line}: {rule}: {text}")

    def table(self):
        width = max((len(name) for name, _, _ in self.figures), default=0)
        for name, value, mark in self.figures:
            shown = "" if mark is None else f"   mark {mark}" if isinstance(mark, str) else f"   mark <= {mark}"
            missed = isinstance(mark, (int, float)) and value > mark
            print(f"  {name:<{width}}  {value!s:>7}{shown}{'   OFF THE MARK' if missed else ''}")
        return sum(isinstance(mark, (int, float)) and value > mark for _, value, mark in self.figures)


def main(words):
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
    writers = {"write-api": api.write, "write-docs": options.write, "format": compiling.reformat}
    if words and words[0] in writers:
        return writers[words[0]](House())
    began, gate = time.monotonic(), Gate()
    gate.run(words)
    off = gate.table()
    count = len(set(gate.findings))
    print(f"check: {count} findings, {off} figures off the mark, {time.monotonic() - began:.1f} s")
    return 1 if count or off else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
