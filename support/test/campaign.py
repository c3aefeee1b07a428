# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""What soak and crash have in common: trials with a random seed each, until the time is over or one fails."""

import argparse
import os
import random
import sys
import time

import jobs
import tapread


class Wrong(Exception):
    """A trial that went wrong, in words."""


def trials(name, seconds, seed, log, trial):
    """Run trial(rng, number) again and again with seeds counted up from seed. One case: how many, or what failed."""
    start, number = time.monotonic(), 0
    while number == 0 or time.monotonic() - start < seconds:
        try:
            trial(random.Random(seed + number))
        except Wrong as e:
            log(f"trial {number} of {name} (seed {seed + number}): {e}\n")
            return [tapread.failed(name, f"seed {seed + number}: {e}")]
        number += 1
    log(f"{name}: {number} trials\n")
    return [tapread.passed(f"{name}: {number} trials")]


def expect(condition, text):
    if not condition:
        raise Wrong(text)


def main(name, targets, default_seconds):
    """The command of a campaign: every target in turn for its time, with seeds that differ from day to day."""
    p = argparse.ArgumentParser(description=f"make {name}: {name} campaign")
    p.add_argument("--match", default="", help="a part of a target's name")
    p.add_argument("--time", type=float, default=default_seconds, help="seconds for each target")
    p.add_argument("--seed", type=int, default=int(time.time()), help="first seed: a failure prints its own")
    o = p.parse_args()
    os.chdir(jobs.ROOT)
    chosen = [t for t in targets(["kvm", "linux", "host"]) if o.match in t.__name__]
    if not chosen:
        sys.exit(f"error: T={o.match}: unknown; one of " + " ".join(t.__name__ for t in targets(["kvm", "linux"])))
    bad = 0
    for target in chosen:
        print(f"{target.__name__.replace('_', ' ')} for {o.time:g} s … ", end="", flush=True)
        job = jobs.Job(f"{name}/{target.__name__}", lambda log, t=target: t(log, o.time, o.seed))
        job.run()
        for case in job.cases:
            print(f"{case.state}: {case.name} {case.remark}", flush=True)
        bad += job.count("failed")
    return 1 if bad else 0
