#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""libFuzzer over every fuzz target of the tree (FUZZ in a Makefile.uk), with address and undefined-behaviour
sanitizers.

The libraries are those of the hosted test program; they are compiled once more with clang's instrumentation, and
each target is linked with them, the hosted platform and a main of two lines."""

import argparse
import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import jobs
import tapread
from jobs import OUT, Failure, Job, configure, execute, make

DIR = f"{OUT}/fuzz"
SETTINGS = ["TARGET_HOSTED=y", "ALL_LIBRARIES=y", "TOOLCHAIN_CLANG=y"]
INSTRUMENT = "-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -O1 -g".split()
COMPILERS = 2


def runtime():
    """libFuzzer without its main, since the hosted platform has one."""
    folder = subprocess.run(["clang", "-print-resource-dir"], capture_output=True, text=True, check=True).stdout.strip()
    path = os.path.join(folder, "lib/linux/libclang_rt.fuzzer_no_main-x86_64.a")
    if not os.path.exists(path):
        raise Failure("fuzzing", f"{path} is missing: apt-get install libclang-rt-14-dev")
    return path


def newer(target, source):
    try:
        return os.path.getmtime(target) > os.path.getmtime(source)
    except OSError:
        return False


def compile_one(entry):
    """(object, error) of one source with the instrumentation."""
    words = shlex.split(entry["command"])
    obj = entry["object"]
    words[words.index("-o") + 1] = obj
    os.makedirs(os.path.dirname(obj), exist_ok=True)
    end = subprocess.run([*words, *INSTRUMENT, *entry.get("more", [])], capture_output=True, text=True, check=False)
    return obj, end.stderr if end.returncode else ""


def object_of(source):
    return os.path.join(DIR, "instrumented", re.sub(r"[^A-Za-z0-9.]", "_", source) + ".o")


def compile_all(entries):
    """The objects of all sources."""
    with concurrent.futures.ThreadPoolExecutor(COMPILERS) as pool:
        done = list(pool.map(compile_one, entries))
    errors = [e for _, e in done if e]
    if errors:
        raise Failure("builds", jobs.first_error(errors[0]))
    return [o for o, _ in done]


def library_entries(app_dir):
    """The compilations of the hosted program without the application and the tests."""
    with open(f"{DIR}/compile_commands.json", encoding="utf-8") as f:
        entries = json.load(f)
    keep = [e for e in entries if "/test/" not in e["file"] and not e["file"].startswith(app_dir)]
    return [{**e, "object": object_of(e["file"])} for e in keep]


def fuzz_targets():
    """[(name, source, flags)] of every FUZZ in the configuration."""
    with open(f"{DIR}/build.json", encoding="utf-8") as f:
        build = json.load(f)
    found = []
    for lib in build["libs"]:
        for source in lib.get("fuzz", []):
            stem = f"{DIR}/flags/" + re.sub(r"[^A-Za-z0-9]", "_", lib["name"])
            flags = next((p for p in (stem + ".test", stem) if os.path.exists(p)), None)
            name = os.path.splitext(os.path.basename(source))[0].removeprefix("fuzz_")
            with open(flags, encoding="utf-8") as f:
                found.append((name, source, f.read().strip()))
    return found, build["app"]["dir"]


def prepare(match, log):
    """Build every target whose name contains match. {name: program}"""
    configure(DIR, "tests", SETTINGS, log)
    make([f"O={DIR}", "APP=tests", "boot-order"], log)
    found, app_dir = fuzz_targets()
    found = [t for t in found if match in t[0]]
    if not found:
        raise Failure("fuzzing", f"no fuzz target is called {match!r}")
    shared = compile_all(library_entries(app_dir))
    own = [{"command": f"{flags} -c {source} -o x", "object": object_of(source)} for _, source, flags in found]
    mains = [{"command": "clang -c support/test/fuzz_main.c -o x", "object": f"{DIR}/instrumented/main_{name}.o",
              "more": [f"-DTARGET=uk_fuzz_{name}"]} for name, _, _ in found]
    programs = {}
    for (name, _, _), fuzz_obj, main_obj in zip(found, compile_all(own), compile_all(mains)):
        programs[name] = f"{DIR}/fuzz_{name}"
        words = ["clang++" if shutil.which("clang++") else "clang", "-fsanitize=address,undefined", *shared, fuzz_obj, main_obj, runtime(), "-lm", "-o", programs[name]]
        status, text = execute(words, log, 120)
        if status:
            raise Failure("builds", f"fuzz target {name}: {jobs.first_error(text)}")
    return programs


def attack(name, program, seconds, log):
    """One target for its time."""
    corpus = f"{DIR}/corpus/{name}"
    os.makedirs(corpus, exist_ok=True)
    options = f"-max_total_time={max(1, int(seconds))} -timeout=10 -rss_limit_mb=2048 -artifact_prefix={DIR}/found-{name}- {corpus}"
    env = jobs.clean_environment(FUZZ_ARGS=options, ASAN_OPTIONS="detect_leaks=0:handle_abort=1")
    status, text = execute([program], log, seconds + 60, env)
    runs = re.findall(r"Done (\d+) runs", text)
    if status == 0 and runs:
        return tapread.passed(f"fuzz {name}: {runs[-1]} inputs")
    found = re.findall(r"Test unit written to (\S+)", text)
    what = next((line for line in text.splitlines() if "ERROR:" in line or "SUMMARY:" in line or "panic" in line.lower()),
                jobs.first_error(text))
    return tapread.failed(f"fuzz {name}", f"{what}{'; input: ' + found[-1] if found else ''}; status {status}")


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
