# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""What compilers say: every source without warnings under gcc and clang, every public header alone, the layout.

The flags are the build's own: it is asked for compile_commands.json of one configuration with everything in it,
and of each application's own configuration for what the first one leaves out.
"""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess

from house import WARNINGS

OUT = "build/check"
DROPPED = re.compile(r"-fsanitize|-flto|-fno-fat-lto|-Werror$|-g0?$|-fprofile|--coverage|-ffile-prefix-map")
GCC_ONLY = re.compile(r"-fno-tree-|-fno-ipa-|-mindirect")
MESSAGE = re.compile(r"(.*?):(\d+):(?:\d+:)? (?:fatal )?(?:error|warning): (.*)")
JOBS = os.cpu_count() or 1


def run(command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def make(*words):
    env = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(["make", "-s", "--no-print-directory", *words], capture_output=True, text=True, env=env,
                          check=False)


def configurations(house):
    """Configures and resolves; yields (name, commands, error) for each configuration, the fullest first."""
    apps = [lib.name.removeprefix("app/") for lib in house.libs.values() if lib.kind == "app"]
    first = [("hello", "all", "allyesconfig")] if "hello" in apps else []
    for app, name, goal in first + [(app, app, "defconfig") for app in apps]:
        out = f"{OUT}/{name}"
        where = [f"APP={app}", f"O={out}"]
        done = make(*where, goal)
        if done.returncode == 0:
            done = make(*where, "fetch")
        path = f"{out}/compile_commands.json"
        if done.returncode or not os.path.exists(path):
            yield name, [], (done.stderr or done.stdout).strip().split("\n")[0]
            continue
        with open(path, encoding="utf-8") as file:
            yield name, json.load(file), None


def collect(house, report):
    """{source in the tree: flags of its compilation}, and whether each configuration could be made."""
    found, whole = {}, True
    for name, commands, error in configurations(house):
        if error:
            whole = False
            report(f"apps/{name}/defconfig" if name != "all" else "Config.uk", 1, f"cannot be configured: {error}")
        for entry in commands:
            path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), ".")
            if path not in found and not path.startswith(("..", "build/")):
                found[path] = flags_of(shlex.split(entry["command"]))
    return found, whole


def flags_of(words):
    """The flags that matter for reading a source."""
    out, skip = [], 0
    for word in words:
        if skip:
            skip = 0
        elif word in ("-c", "-o"):
            skip = word == "-o"
        elif not DROPPED.match(word) and not word.endswith((".c", ".S", "gcc", "clang")):
            out.append(word)
    return out


class Compiler:
    """One of the two compilers, with its own freestanding headers."""

    def __init__(self, name):
        self.name = name
        query = ["gcc", "-print-file-name=include"] if name == "gcc" else ["clang", "-print-resource-dir"]
        self.headers = run(query).stdout.strip() + ("" if name == "gcc" else "/include")

    def command(self, flags):
        own = [self.headers if re.search(r"/lib/(gcc|clang|llvm)[-/]", word) and word.endswith("include") else word
               for word in flags]
        if self.name == "clang":
            own = [word for word in own if not GCC_ONLY.match(word)]
        extra = ["-Wno-unknown-warning-option", "-Wno-unused-command-line-argument"] if self.name == "clang" else []
        return [self.name, "-fsyntax-only", "-fdiagnostics-color=never", *own, *WARNINGS, *extra]


def compile_all(house, report, figure):
    flags, whole = collect(house, report)
    compilers = [Compiler("gcc"), Compiler("clang")]
    jobs = []
    for path, words in sorted(flags.items()):
        jobs += [(path, c.command(words) + [path]) for c in compilers if path.endswith(".c")]
    for header in house.headers():
        words = header_flags(house, header, flags)
        if words is not None:
            jobs.append((header, compilers[0].command(words) + ["-Wno-unused-function", "-x", "c", "-include",
                                                               os.path.abspath(header), "/dev/null"]))
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        results = list(pool.map(lambda job: (job, run(job[1])), jobs))
    said, warned, alone = set(), set(), 0
    for (path, command), result in results:
        messages = [m for m in map(MESSAGE.match, result.stderr.split("\n")) if m]
        if result.returncode and not messages:
            report(path, 1, f"{command[0]}: {result.stderr.strip()[:200]}")
        header = path.endswith(".h")
        alone += header and not result.returncode
        for m in messages:
            place = os.path.relpath(m.group(1), ".")
            place = path if place.startswith("..") else place
            warned.add(place)
            if (place, m.group(2), m.group(3)) not in said:
                said.add((place, m.group(2), m.group(3)))
                who = "does not compile alone" if header else command[0]
                report(place, int(m.group(2)), f"{who}: {m.group(3)}")
    if whole:
        uncompiled(house, report, flags)
    headers = sum(path.endswith(".h") for path, _ in jobs)
    figure("sources compiled by gcc and clang", sum(p.endswith(".c") for p in flags))
    figure("  files with warnings", len(warned), 0)
    figure("public headers that do not compile alone", headers - alone, 0)


def header_flags(house, header, flags):
    """A header compiles with the flags of a source of its library, or of any library if it is everybody's."""
    lib = house.owner(header)
    if lib is None:
        return next((words for path, words in sorted(flags.items()) if path.startswith("lib/core/")), None)
    for path, words in sorted(flags.items()):
        if path.startswith(lib.dir + "/") and not house.is_test(path):
            return words
    users = [path for path in flags if house.owner(path) and lib.name in house.usable(path) and not house.is_test(path)]
    return flags[min(users)] if users else None


def uncompiled(house, report, flags):
    """Sources named in a Makefile.uk that no configuration compiles."""
    for lib in house.libs.values():
        for word in lib.words("SRCS") + lib.words("TESTS"):
            path = os.path.join(lib.dir, word)
            if "$" not in path and not any(c in path for c in "*?[") and path not in flags \
                    and not lib.is_true("HOSTED", "y"):
                report(lib.makefile, 1, f"{word} is compiled in no configuration that `make check` looks at")


def layout(house, report, figure):
    """clang-format changes nothing."""
    paths = house.c_files()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        parts = [paths[i::JOBS] for i in range(JOBS) if paths[i::JOBS]]
        outputs = pool.map(lambda part: run(["clang-format", "--dry-run", "-Werror", *part]), parts)
    bad = {}
    for result in outputs:
        for match in filter(None, map(MESSAGE.match, result.stderr.split("\n"))):
            bad.setdefault(os.path.relpath(match.group(1), "."), int(match.group(2)))
    for path, line in sorted(bad.items()):
        report(path, line, "not laid out as .clang-format says: make format")
    figure("files that clang-format would change", len(bad), 0)


def reformat(house):
    """make format"""
    result = run(["clang-format", "-i", *house.c_files()])
    print(result.stderr, end="")
    return result.returncode


