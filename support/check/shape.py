# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Size and shape: functions, nesting, files, #if in bodies, licence lines, what each library must bring."""
import os
import re

FUNCTION_MEDIAN, FUNCTION_P95, FUNCTION_MAX, NESTING_MAX = 12, 50, 100, 3
FILE_MAX, COLUMN_MAX, IF_PER_KLOC, README_MAX = 600, 120, 2.0, 80
LICENSED = (".c", ".h", ".S", ".py", ".sh", ".mk", ".ld", ".lds", "Makefile.uk", "Config.uk", "Makefile")
HOST = re.compile(r"(https?|ftp)://[a-z0-9-]+\.[a-z]")
SPDX = "SPDX-License-Identifier: BSD-3-Clause"


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))] if values else 0


def functions(house, report, figure):
    lengths, inside, lines = [], 0, 0
    for path in house.c_files():
        source = house.source(path)
        if source.broken:
            report(path, source.broken, "brackets that do not match across #if branches: make them match")
        for function in source.functions:
            if not house.is_test(path):
                lengths.append(function.lines)
            if function.lines > FUNCTION_MAX:
                report(path, function.first, f"{function.name} has {function.lines} lines (at most {FUNCTION_MAX}): "
                                             "split it")
            if function.depth > NESTING_MAX:
                report(path, function.first, f"{function.name} nests {function.depth} deep (at most {NESTING_MAX}): "
                                             "return early or split it")
        conditionals = source.conditionals_in_bodies()
        inside, lines = inside + len(conditionals), lines + source.text.count("\n")
        for line in conditionals:
            if not source.commented(line):
                report(path, line, "#if in a function body without its reason: use if (UK_ENABLED(X)), or say why not")
    density = 1000 * inside / lines if lines else 0
    figure("functions", len(lengths))
    figure("function length, median", percentile(lengths, 0.5), FUNCTION_MEDIAN)
    figure("function length, 95th percentile", percentile(lengths, 0.95), FUNCTION_P95)
    figure("function length, longest", max(lengths, default=0), FUNCTION_MAX)
    figure("#if in bodies per 1000 lines", round(density, 2), IF_PER_KLOC)


def files(house, report, figure):
    longest = 0
    for path in house.files:
        licensed = path.endswith(LICENSED) or path in ("tessera", ".ci/run")
        if not licensed:
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read().split("\n")
        longest = max(longest, len(lines) - 1)
        if len(lines) - 1 > FILE_MAX:
            report(path, len(lines) - 1, f"{len(lines) - 1} lines (at most {FILE_MAX}): split the file by subject")
        if not any(SPDX in line for line in lines[:3]):
            report(path, 1, f"no licence: begin with `{SPDX}` and the copyright line")
        if path.endswith(".h") and not any("#pragma once" in line or "#include_next" in line for line in lines):
            report(path, 1, "no include guard: write #pragma once, or say in a comment why there is no `#pragma once`")
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > COLUMN_MAX and not path.endswith((".c", ".h")):
                report(path, number, f"{len(line.expandtabs(8))} columns (at most {COLUMN_MAX})")
            if HOST.search(line) and not path.endswith((".c", ".h")):
                report(path, number, "names a host: addresses come from the machine's own configuration")
            if line != line.rstrip():
                report(path, number, "blanks at the end of the line")
    figure("longest file", longest, FILE_MAX)


def libraries(house, report, figure):
    """Each library has README.md and a test that is built, and Makefile.uk says what it is."""
    readme = tested = 0
    for error in house.makefile_errors:
        path, line, text = (re.match(r"(.*?):(\d+): (.*)", error) or re.match(r"(.*?):()(.*)", error)).groups()
        report(path, int(line or 1), text.strip())
    for lib in house.libs.values():
        page = os.path.join(lib.dir, "README.md")
        if not os.path.exists(page):
            report(lib.makefile, 1, f"{lib.name} has no README.md: purpose, contract, invariants on one page at most")
        else:
            readme += 1
            with open(page, encoding="utf-8") as file:
                length = file.read().count("\n")
            if length > README_MAX:
                report(page, length, f"{length} lines (at most {README_MAX}: a page)")
        if not lib.words("DESC"):
            report(lib.makefile, 1, "no DESC: one line for `make libs`")
        if not os.path.exists(lib.kconfig) and lib.kind != "app":
            report(lib.makefile, 1, f"{lib.name} has no Config.uk")
        if lib.kind == "app" or is_tested(house, lib):
            tested += 1
        else:
            report(lib.makefile, 1, f"{lib.name} has no test: write test/test_{lib.name.split('/')[-1]}.c and name it "
                                    "in TESTS")
    figure("libraries and applications", len(house.libs))
    figure("  with README", f"{percent(readme, len(house.libs))}", "100 %")
    figure("  libraries with tests", f"{percent(tested, len(house.libs))}", "100 %")


def is_tested(house, lib):
    """By its own tests; a provider also by those of the library whose operations it implements, a third-party part by
    those of the library around it."""
    others = house.named(lib.words("API_DEPS")) if lib.words("PROVIDES") else []
    if lib.words("ORIGIN"):
        others = set(others) | {user.name for user in house.libs.values()
                                if lib.name in user.words("DEPS") + user.words("API_DEPS")}
    return any(house.libs[name].words("TESTS") for name in [lib.name, *others])


def percent(part, whole):
    return f"{100 * part // whole if whole else 100} %"


def tables(house, report):
    """Structs have no typedef."""
    for path in house.c_files():
        owner = house.owner(path)
        if owner and owner.words("ABI"):
            continue
        source = house.source(path)
        for match in re.finditer(r"\btypedef\s+(struct|union|enum)\b", source.code):
            report(path, source.line(match.start()), f"typedef of a {match.group(1)}: write the tag where it is used")
