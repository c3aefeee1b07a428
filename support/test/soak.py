#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Long random stress: the tests of every library again and again, in machines of random size and kind."""

import sys

import campaign
import tapread
from campaign import expect, trials
from jobs import OUT, boot, build

SETTINGS = ["ALL_LIBRARIES=y", "PLAT_KVM=y", "PLAT_LINUX=y"]
MEMORY = ("96M", "128M", "200M", "256M", "1G", "3G")


def prepare(log):
    build(f"{OUT}/tests", "tests", log, SETTINGS)


def check(status, text):
    bad = [c for c in tapread.read(text, status) if c.state == "failed"]
    expect(not bad, "; ".join(f"{c.name}: {c.remark}" for c in bad[:3]))


def tests_in_guests(log, seconds, seed):
    """All tests in QEMU."""
    prepare(log)

    def trial(rng):
        options = [f"--mem={rng.choice(MEMORY)}", f"--machine={rng.choice(['microvm', 'q35'])}", "--accel=tcg"]
        check(*boot(f"{OUT}/tests", "tests", "kvm", log, options, 300))

    return trials("tests in guests", seconds, seed, log, trial)


def tests_as_processes(log, seconds, seed):
    """All tests as a process."""
    prepare(log)

    def trial(rng):
        check(*boot(f"{OUT}/tests", "tests", "linux", log, [f"--mem={rng.choice(MEMORY)}"], 300))

    return trials("tests as processes", seconds, seed, log, trial)


def targets(plats):
    return [t for t, plat in ((tests_in_guests, "kvm"), (tests_as_processes, "linux")) if plat in plats]


if __name__ == "__main__":
    sys.exit(campaign.main("soak", targets, 600))
