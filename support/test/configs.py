# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors
"""Configurations at the edges and at random: each builds, boots and passes the tests of what it contains, and
nothing of a deselected library is in its image."""

import functools
import glob
import os
import re
import subprocess

import tapread
from jobs import OUT, Job, boot, build

SEEDS = range(1, 11)
PLATFORMS = ("kvm", "linux")


def options(out):
    """{name: value} of a .config; what is not set is absent."""
    with open(os.path.join(out, ".config"), encoding="utf-8") as f:
        return dict(re.findall(r"^CONFIG_([A-Z0-9_]+)=(.*)$", f.read(), re.M))


def library_symbol(folder):
    """CONFIG name of the library in a folder lib/area/name."""
    return re.sub(r"[^A-Z0-9]", "_", folder.removeprefix("lib/").upper())


def deselected(out):
    """Folders of the libraries that the configuration leaves out."""
    chosen = options(out)
    folders = [os.path.dirname(p) for p in sorted(glob.glob("lib/*/*/Makefile.uk"))]
    return [d for d in folders if chosen.get(library_symbol(d)) != "y"]


def own_prefix(folder):
    """What the globals of a library begin with."""
    return "uk_" + re.sub(r"[^a-z0-9]", "_", os.path.basename(folder)) + "_"


def strangers(out, app, plat):
    """Traces of deselected libraries in an image: their objects in the linker's map, their symbols in the image."""
    stem = os.path.join(out, f"{app}_{plat}-x86_64")
    with open(stem + ".map", encoding="utf-8", errors="replace") as f:
        text = f.read()
    names = subprocess.run(["nm", "--defined-only", "--extern-only", "-P", stem + ".dbg"], capture_output=True,
                           text=True, check=True).stdout
    symbols = [line.split(" ", 1)[0] for line in names.splitlines()]
    gone = deselected(out)
    kept = {own_prefix(d) for d in map(os.path.dirname, glob.glob("lib/*/*/Makefile.uk")) if d not in gone}
    found = [d for d in gone if f"/obj/{d}/" in text]
    for folder in gone:
        prefix = own_prefix(folder)
        found += [s for s in symbols if s.startswith(prefix) and not any(s.startswith(k) for k in kept)]
    return found


def work(out, app, base, settings, plats, log):
    """Job: one configuration."""
    build(out, app, log, settings, base)
    cases = [tapread.passed("builds")]
    chosen = options(out)
    for plat in (p for p in PLATFORMS if p in plats and chosen.get("PLAT_" + p.upper()) == "y"):
        status, text = boot(out, app, plat, log, ["--accel=tcg", "--mem=1G"], 120)
        if app == "tests":
            bad = [c for c in tapread.read(text, status) if c.state == "failed"]
            cases += bad or [tapread.passed(f"tests pass on {plat}")]
        else:
            good, name = status == 0 and "Hello" in text, f"boots on {plat}"
            cases.append(tapread.passed(name) if good else tapread.failed(name, f"status {status}"))
        found = strangers(out, app, plat)
        cases.append(tapread.failed(f"only selected libraries on {plat}", " ".join(found[:5])) if found else
                     tapread.passed(f"only selected libraries on {plat}"))
    return cases


def job(name, app, base, plats, settings=()):
    out = f"{OUT}/config-{name}"
    return Job(f"tier2/config {name} of {app}", functools.partial(work, out, app, base, list(settings), plats))


def jobs(plats):
    both = ["PLAT_KVM=y", "PLAT_LINUX=y"]
    if not {"kvm", "linux"} & set(plats):
        return []
    found = [job("nothing", "hello", ["allnoconfig"], plats, both), job("least", "tests", ["allnoconfig"], plats, both),
             job("all", "tests", ["allyesconfig"], plats)]
    return found + [job(f"random-{n}", "tests", ["randconfig", f"SEED={n}"], plats) for n in SEEDS]
