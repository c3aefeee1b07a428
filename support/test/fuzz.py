#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""libFuzzer over every fuzz target of the tree (FUZZ in a Makefile.uk), with address and undefined-behaviour
sanitizers: the objects of the hosted test program, instrumented, without its main but with libFuzzer's."""

import argparse
import json
import os
import re
import shlex
import shutil
import sys

import jobs
import tapread
from jobs import OUT, Failure, Job, configure, execute, make

DIR = f"{OUT}/fuzz"
SETTINGS = ["TARGET_HOSTED=y", "ALL_LIBRARIES=y", "TOOLCHAIN_CLANG=y", "PLAT_HOST_SANITIZE=y", "PLAT_HOST_FUZZ=y"]
LINK = ["-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all", "-pthread", "-Wl,--gc-sections",
        # instrumentation keeps functions that nothing calls, and some name symbols of the images' linker scripts
        "-Wl,--unresolved-symbols=ignore-in-object-files"]


def flags_of(lib):
    """The words that compile a library's tests, compiler first."""
    stem = f"{DIR}/flags/" + re.sub(r"[^A-Za-z0-9]", "_", lib["name"])
    for path in (stem + ".test", stem):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                return shlex.split(f.readline())
    raise Failure("fuzzing", f"{stem}: no such file: has the build engine changed where flags are kept?")


def fuzz_targets(described, match):
    """[(name, source, flags)] of every FUZZ in the configuration."""
    found = []
    for lib in described["libs"]:
        for source in lib.get("fuzz", []):
            name = os.path.splitext(os.path.basename(source))[0].removeprefix("fuzz_")
            if match in name:
                found.append((name, source, flags_of(lib)))
    if not found:
        raise Failure("fuzzing", f"no fuzz target is called {match!r}")
    return found


def run_or_fail(words, what, log):
    status, text = execute(words, log, 120)
    if status:
        raise Failure("builds", f"fuzz target {what}: {jobs.first_error(text)}")


def link(name, source, flags, shared, log):
    """The program of one target."""
    stem = f"{DIR}/fuzz_{name}"
    run_or_fail([*flags, "-c", source, "-o", stem + ".o"], name, log)
    entry = ["clang", "-O1", f"-DTARGET=uk_fuzz_{name}", "-c", "support/test/fuzz_entry.c", "-o", stem + "_entry.o"]
    run_or_fail(entry, name, log)
    run_or_fail(["clang", *LINK, stem + ".o", stem + "_entry.o", *shared, "-lm", "-o", stem], name, log)
    return stem


def prepare(match, log):
    """Build every target whose name contains match. {name: program}"""
    where = [f"O={DIR}", "APP=tests"]
    configure(DIR, "tests", SETTINGS, log)
    make([*where, "boot-order"], log)  # writes build.json
    with open(f"{DIR}/build.json", encoding="utf-8") as f:
        described = json.load(f)
    shared = [o for o in described["images"]["host"]["objects"] if "/obj/app/" not in o]
    make([*where, *shared], log)
    return {t[0]: link(*t, shared, log) for t in fuzz_targets(described, match)}


def attack(name, program, seconds, log):
    """One target for its time, from the inputs that earlier runs found worth keeping."""
    corpus = f"{DIR}/corpus/{name}"
    os.makedirs(corpus, exist_ok=True)
    words = [program, f"-max_total_time={max(1, int(seconds))}", "-timeout=10", "-rss_limit_mb=2048",
             f"-artifact_prefix={DIR}/found-{name}-", corpus]
    status, text = execute(words, log, seconds + 90, jobs.clean_environment(ASAN_OPTIONS="detect_leaks=0"))
    runs = re.findall(r"Done (\d+) runs", text)
    if status == 0 and runs:
        return tapread.passed(f"fuzz {name}: {runs[-1]} inputs")
    found = re.findall(r"Test unit written to (\S+)", text)
    told = [line for line in text.splitlines() if re.search(r"ERROR:|panic:|runtime error", line)]
    return tapread.failed(f"fuzz {name}", f"{told[0] if told else jobs.first_error(text)}"
                          f"{'; input: ' + found[-1] if found else ''}; status {status}")


def every(match, seconds, log):
    """Job: all targets."""
    if not shutil.which("clang"):
        return [tapread.skipped("fuzz", "clang is not installed")]
    return [attack(name, program, seconds, log) for name, program in prepare(match, log).items()]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--match", default="", help="a part of a target's name")
    p.add_argument("--time", type=float, default=600, help="seconds for each target")
    o = p.parse_args()
    os.chdir(jobs.ROOT)
    print(f"fuzzing for {o.time:g} s each; log: build/test/logs/fuzz-campaign.log", flush=True)
    job = Job("fuzz/campaign", lambda log: every(o.match, o.time, log))
    job.run()
    for case in job.cases:
        print(f"{case.state}: {case.name} {case.remark}")
    return 1 if job.count("failed") else 0


if __name__ == "__main__":
    sys.exit(main())
