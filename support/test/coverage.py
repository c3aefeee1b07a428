# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Line coverage of the libraries by their own tests, from gcov's JSON."""

import collections
import gzip
import json
import os
import subprocess
import tempfile

import tapread
from jobs import Failure, boot

MARK = 85  # per cent of the lines of all libraries
SETTINGS = ["TARGET_HOSTED=y", "ALL_LIBRARIES=y", "PLAT_HOST_COVERAGE=y"]


def data_files(out):
    return [os.path.join(d, f) for d, _, files in os.walk(out) for f in files if f.endswith(".gcda")]


def forget(out):
    for path in data_files(out):
        os.unlink(path)


def counted(path):
    """Only what we wrote, and not the tests themselves."""
    path = os.path.normpath(path)
    return path.startswith("lib/") and "/test/" not in path and path.endswith(".c")


def lines(out):
    """{source: {line: times executed}}"""
    found = collections.defaultdict(lambda: collections.defaultdict(int))
    files = [os.path.abspath(p) for p in data_files(out)]
    if not files:
        raise Failure("coverage", "the test program left no coverage data")
    with tempfile.TemporaryDirectory() as scratch:
        command = ["gcov", "--json-format", "--hash-filenames", *files]
        subprocess.run(command, cwd=scratch, capture_output=True, check=True)
        for name in os.listdir(scratch):
            with gzip.open(os.path.join(scratch, name), "rt") as f:
                for source in json.load(f)["files"]:
                    if counted(source["file"]):
                        for line in source["lines"]:
                            found[os.path.normpath(source["file"])][line["line_number"]] += line["count"]
    return found


def table(found):
    """(lines for the screen, per cent in all): files below the mark, worst first."""
    rows = [(sum(1 for n in f.values() if n), len(f), name) for name, f in found.items() if f]
    hit, total = sum(r[0] for r in rows), sum(r[1] for r in rows)
    below = sorted((100 * r[0] / r[1], r) for r in rows if 100 * r[0] < MARK * r[1])
    text = [f"  {percent:5.1f} %  {r[0]:5}/{r[1]:<5} {r[2]}" for percent, r in below]
    return text, 100 * hit / max(total, 1), total


def work(images, log):
    """Job: build for coverage, run, count."""
    out = images.ready("cover", SETTINGS, log)
    forget(out)
    status, text = boot(out, "tests", "host", log, seconds=180)
    cases = [c for c in tapread.read(text, status) if c.state == "failed"]
    below, percent, total = table(lines(out))
    if total == 0:
        raise Failure("coverage", "no library line was counted")
    summary = f"{percent:.1f} % of {total} library lines"
    log("\n".join([summary, f"files below {MARK} %:", *below]) + "\n")
    print(f"\n        {summary}" + "".join(f"\n      {row}" for row in below), end=" ")
    good = percent >= MARK
    return cases + [tapread.passed("coverage") if good else tapread.failed("coverage", f"{summary}, wanted {MARK} %")]
