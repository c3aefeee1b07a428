#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""`make posix [T=pattern] [PLAT=linux|kvm]`: the programs of the Open POSIX Test Suite, an image each.

    posix.py [--match PATTERN] [--plat PLAT] [--sample N] [--jobs N] [--list FILE] [--out DIR]

The suite is Debian's source package, fetched as every third-party source is. The libraries are built once, then each
program is compiled with an application's flags and linked with the same objects. support/test/posix.txt says which
programs do not pass and why, and which functions are not tried: a program that fails and is not there is an error, and
so is one that is there and passes. What a program itself calls unsupported or untested is skipped in its own words."""

import argparse
import concurrent.futures
import csv
import dataclasses
import fnmatch
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time

import jobs

sys.path[1:1] = [os.path.join(jobs.ROOT, "support", name) for name in ("report", "bench")]
import fetch
import plot

ORIGIN = "debian posixtestsuite 1.5.2-8 posixtestsuite_1.5.2.orig.tar.gz " \
    "15a2185672127cba851d35ec9d538ff6148defdbb75f99c7e9c50aeba0f94757"
LIST = "support/test/posix.txt"
SETTINGS = ["LIBC_NEWLIB=y", "SCHED_RR=y", "SCHED_RR_DEFAULT=y"]
LIBRARIES = "libc posix/thread posix/signal posix/time"
PROGRAM = re.compile(r"\d+(-\d+)?\.(c|sh)$")  # the others are parts of programs
CORE = re.compile(r"^\S*/(\S+-core-buildonly)\.test (\S+)", re.M)  # a script runs that program with an argument
SECONDS = {"linux": 40, "kvm": 90}
SAMPLE = {"linux": 0, "kvm": 60}  # how many programs of an ordinary run, 0 for all
TAIL = 2000  # characters of output that the log keeps
STATES = {0: "pass", 1: "fail", 2: "unresolved", 4: "unsupported", 5: "untested"}
COLUMNS = ("pass", "fail", "unresolved", "unsupported", "untested", "crash", "hang", "build")

# Declarations of what is not there, so that programs that only mention it compile; calling it does not link.
MISSING = {
    "sys/mman.h": "enum { PROT_READ = 1, PROT_WRITE = 2, MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANONYMOUS = 32 };\n"
                  "#define MAP_FAILED ((void *)-1)\n"
                  "void *mmap(void *, size_t, int, int, int, off_t);\nint munmap(void *, size_t);\n"
                  "int mprotect(void *, size_t, int);\nint shm_open(const char *, int, mode_t);\n"
                  "int shm_unlink(const char *);\n",
    "features.h": "",
    "sys/ipc.h": "enum { IPC_PRIVATE = 0, IPC_CREAT = 512, IPC_RMID = 0 };\n",
    "sys/shm.h": "#include <sys/ipc.h>\nint shmget(key_t, size_t, int);\nvoid *shmat(int, const void *, int);\n"
                 "int shmdt(const void *);\nint shmctl(int, int, void *);\n",
}


@dataclasses.dataclass
class Program:
    """One program of the suite and what became of it. listed: why it does not pass, of posix.txt; chance: or may."""

    name: str
    source: str
    argument: str = ""
    listed: str = ""
    chance: bool = False
    state: str = ""
    seconds: float = 0.0
    said: str = ""

    @property
    def function(self):
        return self.name.split("/")[0]

    def verdict(self):
        """passed, failed or skipped, and why."""
        if self.state == "pass":
            return ("failed", f"passes, though {LIST} says: {self.listed}") if self.listed and not self.chance \
                else ("passed", "")
        if self.listed:
            return "skipped", self.listed
        return "skipped" if self.state in ("unsupported", "untested") else "failed", f"{self.state}: {last(self.said)}"


def last(text):
    """The last line with words: why, in the program's own."""
    lines = [line.strip() for line in text.splitlines() if re.search(r"[a-z]", line) and "Tessera" not in line]
    missing = ", ".join(dict.fromkeys(re.findall(r"undefined reference to `(\w+)'", text)))
    telling = [line for line in lines if line.startswith("panic") or " error: " in line]
    return ("there is no " + missing if missing else (telling + lines[-1:] + ["says nothing"])[0])[-160:]


class Reasons:
    """posix.txt: `NAME REASON` for programs that do not pass, `NAME? REASON` for those that do by chance, `FUNCTION/
    REASON` for what is not tried. All may be patterns. Every line must match something: those that did are in used."""

    def __init__(self, path):
        self.path, self.lines, self.used = path, [], set()
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                name, _, reason = line.strip().partition(" ")
                if name and not name.startswith("#"):
                    if not reason.strip():
                        sys.exit(f"error: {path}:{number}: no reason for {name}")
                    self.lines.append((number, name, reason.strip()))

    def why(self, name):
        """(reason, whether by chance) of the first line for a program, or for a function with a slash behind it."""
        for number, pattern, reason in self.lines:
            chance = pattern.endswith("?")
            if pattern.endswith("/") == name.endswith("/") and fnmatch.fnmatchcase(name, pattern.rstrip("?")):
                self.used.add(number)
                return reason, chance
        return "", False

    def stale(self):
        return [f"{self.path}:{number}: {name} is no program of the suite"
                for number, name, _ in self.lines if number not in self.used]


def source_of(path):
    """(source, argument) of the program that a file of the suite is, or None."""
    if not PROGRAM.match(os.path.basename(path)) or "/templates/" in path:
        return None
    if path.endswith(".c"):
        return path, ""
    with open(path, encoding="utf-8", errors="replace") as file:
        core = CORE.search(file.read())
    return (f"{os.path.dirname(path)}/{core[1]}.c", core[2]) if core else None


def programs(suite, reasons):
    """(every program that is tried, {function that is not: why}), in order."""
    found, left = [], {}
    for folder in sorted(glob.glob(f"{suite}/conformance/*/*/")):
        function = os.path.basename(folder[:-1])
        why, _ = reasons.why(function + "/")
        if why:
            left[function] = why
            continue
        for path in glob.glob(folder + "**", recursive=True):
            source = source_of(path)
            if source:
                name = f"{function}/{os.path.splitext(os.path.relpath(path, folder))[0]}"
                found.append(Program(name, *source, *reasons.why(name)))
    return sorted(found, key=lambda p: [int(w) if w.isdigit() else w for w in re.split(r"(\d+)", p.name)]), left


def sample(every, count):
    """Some of the programs: one each of count functions, or of all functions if they are fewer, never a listed one."""
    functions = {}
    for program in every:
        if not program.listed:
            functions.setdefault(program.function, []).append(program)
    names = sorted(functions)
    count = min(count, len(names))
    picked = [functions[names[n * len(names) // count]] for n in range(count)]
    return [group[n % len(group)] for n, group in enumerate(picked)]


class Builder:
    """The libraries, built once for a platform, and the commands that make a program of a source."""

    def __init__(self, out, plat, suite, log):
        self.out, self.plat, self.suite = out, plat, suite
        self.prepare(log)
        with open(f"{out}/build.json", encoding="utf-8") as file:
            built = json.load(file)
        with open(f"{out}/compile_commands.json", encoding="utf-8") as file:
            main = next(c for c in json.load(file) if c["file"].endswith("/program/main.c"))
        words = shlex.split(main["command"])
        self.cc = [w for w in words[:words.index("-c")] if not w.startswith(("-W", "-std=", "-pedantic"))]
        with open(f"{out}/build.mk", encoding="utf-8") as file:
            lines = dict(line.rstrip("\n").split(" := ", 1) for line in file if " := " in line)
        objects = [o for o in built["images"][plat]["objects"] if o != main["output"]]
        self.ld = [built["cc"], *shlex.split(lines[f"link_flags_{plat}"]), *[o for o in objects if o.endswith(".o")]]
        self.rest = [
            "-Wl,--start-group", *[o for o in objects if o.endswith(".a")],
            *shlex.split(lines[f"link_libs_{plat}"]), "-Wl,--end-group", "-Wl,--strip-debug"]

    def prepare(self, log):
        """An application that names the libraries, and the declarations of what is missing."""
        for path, text in {
                "program/Config.uk": "", "program/main.c": "int main(void)\n{\n\treturn 0;\n}\n",
                "program/Makefile.uk": f"DESC = a program of the POSIX test suite\nDEPS = {LIBRARIES}\nSRCS = main.c\n",
                **{f"include/missing/{name}": "#pragma once\n#include <sys/types.h>\n" + text
                   for name, text in MISSING.items()}}.items():
            path = f"{self.out}/{path}"
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
        plats = [f"PLAT_{name.upper()}={'y' if name == self.plat else 'n'}" for name in ("linux", "kvm")]
        jobs.build(self.out, f"{self.out}/program", log, [*SETTINGS, *plats])
        os.makedirs(f"{self.out}/images", exist_ok=True)

    def make(self, program):
        """(path of the image, "") or ("", what the tools said)."""
        stem = f"{self.out}/images/{program.name.replace('/', '_')}"
        own = ["-std=gnu99", "-w", "-D_XOPEN_SOURCE=600", "-D_DEFAULT_SOURCE",
               "-idirafter", f"{self.out}/include/missing", f"-I{self.suite}/include",
               f"-I{os.path.dirname(program.source)}"]
        for command in ([*self.cc, *own, "-c", program.source, "-o", stem + ".o"],
                        [*self.ld, stem + ".o", *self.rest, "-o", stem]):
            end = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
            if end.returncode:
                return "", end.stderr
        os.unlink(stem + ".o")
        return stem, ""


class Run:
    """Makes and runs programs, several at a time; many do little but sleep, so compiling has a limit of its own."""

    def __init__(self, builder, workers):
        self.builder, self.workers = builder, workers
        self.compilers = threading.Semaphore(os.cpu_count() or 1)

    def command(self, image, argument):
        if self.builder.plat == "linux":
            return [image, "--", argument] if argument else [image]
        return [os.path.join(jobs.ROOT, "support/run/run.py"), "--quiet", f"--plat={self.builder.plat}", "--mem=128M",
                f"--timeout={SECONDS[self.builder.plat]}", f"--args={argument}", image]

    def one(self, program):
        with self.compilers:
            image, program.said = self.builder.make(program)
        if not image:  # a file without main() is only to be compiled
            program.state = "pass" if "undefined reference to `main'" in program.said else "build"
            return program
        start = time.monotonic()
        command = self.command(image, program.argument)
        status, program.said = jobs.execute(command, lambda text: None, SECONDS[self.builder.plat])
        program.seconds = time.monotonic() - start
        program.state = "hang" if status == 124 else STATES.get(status, "crash")
        if program.verdict()[0] != "failed":
            os.unlink(image)
        return program

    def all(self, chosen, log):
        """Run them all, with a line for each failure and the progress between."""
        shown = sys.stdout.isatty()
        with concurrent.futures.ThreadPoolExecutor(self.workers) as pool:
            for done, program in enumerate(concurrent.futures.as_completed(
                    [pool.submit(self.one, p) for p in chosen]), 1):
                program = program.result()
                verdict, why = program.verdict()
                log.write(f"== {program.name}: {program.state} in {program.seconds:.1f} s: {verdict} {why}\n"
                          f"{program.said[-TAIL:]}\n")
                log.flush()
                if verdict == "failed":
                    print(f"{chr(13) * shown}failed: {program.name}: {why}", flush=True)
                if shown:
                    print(f"\r[{done}/{len(chosen)}] {program.name:50.50}", end="", flush=True)
                elif done % 100 == 0:
                    print(f"[{done}/{len(chosen)}] {len(chosen) - done} left", flush=True)
        print("\r" + " " * 72 + "\r" if shown else "", end="")


def table(chosen, left):
    """A line for each function: how many programs ended how, and the reasons for what did not pass."""
    rows = [["function", *COLUMNS, "reason"]]
    for function in sorted({p.function for p in chosen}):
        own = [p for p in chosen if p.function == function]
        reasons = dict.fromkeys(p.verdict()[1] for p in own if p.listed or p.verdict()[0] == "failed")
        counts = [sum(p.state == state for p in own) for state in COLUMNS]
        rows.append([function, *[str(n or ".") for n in counts], "; ".join(reasons)])
    totals = [sum(p.state == state for p in chosen) for state in COLUMNS]
    rows.append(["all", *map(str, totals), ""])
    rows += [[function, *[""] * len(COLUMNS), f"not tried: {why}"] for function, why in left.items()]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]) - 1)]
    return "\n".join("  ".join([row[0].ljust(widths[0]), *[c.rjust(w) for c, w in zip(row[1:-1], widths[1:])], row[-1]])
                     .rstrip() for row in rows)


def save(stem, chosen, left):
    """The CSV and the picture. Returns a complaint or None."""
    with open(stem + ".csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["program", "outcome", "verdict", "seconds", "reason"])
        out.writerows([p.name, p.state, p.verdict()[0], f"{p.seconds:.2f}", p.verdict()[1]] for p in chosen)
        out.writerows([function + "/", "not tried", "skipped", "", why] for function, why in left.items())
    groups = {}
    for p in chosen:
        groups.setdefault(p.function.split("_")[0] if not p.function.startswith("sig") else "sig", []).append(p)
    series = ("passed", "skipped", "failed")
    rows = []
    for name, own in sorted(groups.items()):
        counts = [sum(p.verdict()[0] == s for p in own) for s in series]
        rows.append((name, counts, [str(n) for n in counts]))
    return plot.bars(stem, "POSIX test suite", "programs", rows, series)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--match", default="", help="a part of the names FUNCTION/NUMBER, or a pattern for all of it")
    p.add_argument("--plat", default="linux", choices=sorted(SECONDS))
    p.add_argument("--sample", type=int, help="so many programs, spread over the functions; 0: all")
    p.add_argument("--jobs", type=int, default=4 * (os.cpu_count() or 1), help="programs at a time")
    p.add_argument("--list", default=LIST, help="which programs do not pass, and why")
    p.add_argument("--out", default="build/posix")
    o = p.parse_args()
    os.chdir(jobs.ROOT)
    reasons = Reasons(o.list)
    try:
        suite = fetch.ensure(ORIGIN)
    except fetch.FetchError as e:
        sys.exit(f"error: {e}")
    every, left = programs(suite, reasons)
    chosen = [p for p in every if not o.match or o.match in p.name or fnmatch.fnmatchcase(p.name, o.match)]
    if not chosen:
        sys.exit(f"error: T={o.match}: no program of the suite; names are like pthread_join/1-1")
    count = o.sample if o.sample is not None else 0 if o.match else SAMPLE[o.plat]
    chosen = sample(chosen, count) if count else chosen
    left = {} if o.match or count else left
    return finish(o, suite, chosen, left, reasons.stale())


def finish(o, suite, chosen, left, stale):
    """Build, run, report. 1 if something failed."""
    out = os.path.abspath(f"{o.out}/{o.plat}")
    shutil.rmtree(f"{out}/images", ignore_errors=True)
    os.makedirs(out, exist_ok=True)
    with open(f"{out}/posix.log", "w", encoding="utf-8") as log:
        try:
            builder = Builder(out, o.plat, suite, log.write)
        except jobs.Failure as e:
            sys.exit(f"error: {e.remark}")
        Run(builder, max(1, o.jobs)).all(chosen, log)
    for line in stale:
        print(f"failed: {line}")
    complaint = save(f"{out}/posix", chosen, left)
    print(table(chosen, left))
    print(complaint or f"wrote {o.out}/{o.plat}/posix.csv, .svg, .png; all output in posix.log")
    verdicts = [p.verdict()[0] for p in chosen] + ["failed"] * len(stale)
    print(", ".join(f"{verdicts.count(v)} {v}" for v in ("passed", "failed", "skipped")))
    return 1 if "failed" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
