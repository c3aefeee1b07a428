#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""`make test`: runs all jobs this machine can run, one after the other, and counts.

    test.py [--match PATTERN] [--plat kvm,linux,host] [--list]

PATTERN (a glob, or a part of a name) picks jobs by their names; if no job has such a name, it picks cases by
"suite.name" inside every image. Logs: build/test/logs/. Ends with `N passed, N failed, N skipped`; the status is 0
only when nothing failed and something passed."""

import argparse
import collections
import fcntl
import fnmatch
import os
import signal
import sys
import time

import jobs
import tiers

STATES = ("passed", "failed", "skipped")


def picked(every, pattern):
    """Jobs whose names match, with or without wildcards around."""
    globs = (pattern, f"*{pattern}*")
    return [j for j in every if any(fnmatch.fnmatchcase(j.name, g) for g in globs)]


def select(plats, pattern):
    """The jobs to run."""
    if not pattern:
        return tiers.every_job(plats, None)
    found = picked(tiers.every_job(plats, None), pattern)
    if found:
        return found
    glob = pattern if any(c in pattern for c in "*?[.") else f"*{pattern}*"
    return [j for j in tiers.every_job(plats, glob) if j.match]


def summary(job):
    """What a job came to, on one line."""
    parts = [f"{job.count(s)} {s}" for s in STATES if job.count(s)]
    return ", ".join(parts) or "nothing"


def report(job):
    """Everything that did not pass, below the job's line."""
    for case in job.cases:
        if case.state == "failed":
            print(f"    FAILED {case.name}: {case.remark}")
    if job.count("failed"):
        print(f"    log: {job.path()}", flush=True)


def run_all(todo):
    start = time.monotonic()
    for number, job in enumerate(todo, 1):
        print(f"[{number}/{len(todo)}] {job.name} … ", end="", flush=True)
        job.run()
        so_far = time.monotonic() - start
        print(f"{summary(job)} ({job.seconds:.1f} s; {len(todo) - number} left, {so_far:.0f} s so far)", flush=True)
        report(job)


def recap(done):
    """What was skipped and what failed, together at the end."""
    reasons = collections.Counter((c.remark or "no reason given", c.name if c.state == "skipped" else "") for j in done
                                  for c in j.cases if c.state == "skipped")
    if reasons:
        print("skipped:")
        for (reason, name), times in sorted(reasons.items()):
            print(f"    {name}: {reason}" + (f" ({times} times)" if times > 1 else ""))
    bad = [(j, c) for j in done for c in j.cases if c.state == "failed"]
    if bad:
        print("failed:")
        for job, case in bad:
            print(f"    {job.name}: {case.name}: {case.remark}")


def alone():
    """Wait until no other run of this program works in the same tree; the lock lasts as long as this process."""
    os.makedirs(jobs.OUT, exist_ok=True)
    lock = open(os.path.join(jobs.OUT, ".lock"), "w", encoding="utf-8")  # pylint: disable=consider-using-with
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("waiting for another `make test` in this tree", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--match", default="")
    p.add_argument("--plat", default="kvm,linux,host")
    p.add_argument("--list", action="store_true")
    o = p.parse_args()
    os.chdir(jobs.ROOT)
    plats = [x for x in o.plat.replace(",", " ").split() if x]
    unknown = set(plats) - {"kvm", "linux", "host"}
    if unknown:
        sys.exit(f"error: PLAT={' '.join(sorted(unknown))}: unknown platform; one of kvm linux host")
    todo = select(plats, o.match)
    if not todo:
        sys.exit(f"error: T={o.match}: no test has such a name; `make test LIST=1` lists them")
    if o.list:
        print("\n".join(j.name for j in todo))
        return 0
    lock = alone()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what it started is ended, too
    try:
        run_all(todo)
    except KeyboardInterrupt:
        print("\ninterrupted")
    lock.close()
    done = [j for j in todo if j.cases]
    recap(done)
    counts = {s: sum(j.count(s) for j in done) for s in STATES}
    print(", ".join(f"{counts[s]} {s}" for s in STATES))
    return 0 if len(done) == len(todo) and counts["failed"] == 0 and counts["passed"] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
